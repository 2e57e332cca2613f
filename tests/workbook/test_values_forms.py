"""Every form of every kind of value, and every form that is refused."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from auditplan.io.workbook import words
from auditplan.io.workbook.read_cells import NO_VALUE, ErrorText, IsoDate, Percent, Serial
from auditplan.io.workbook.read_values import Setup, as_text, read_value
from auditplan.io.workbook.schema import Column, Kind
from auditplan.io.workbook.values_dates import DAY_FIRST, MONTH_FIRST, from_serial, order_of
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.io.workbook.values_lists import split_list, split_standards
from auditplan.planner.domain import Role


def read(value: Any, kind: Kind, setup: Setup | None = None, **more: Any) -> object:
    """A value read as a kind."""
    return read_value(value, Column(key="x", en="X", zh="某", kind=kind, **more), setup or Setup())


def code(value: Any, kind: Kind, setup: Setup | None = None, **more: Any) -> str:
    """The code of what is wrong with a value."""
    with pytest.raises(UnfitValueError) as caught:
        read(value, kind, setup, **more)
    return caught.value.code


@pytest.mark.parametrize(
    "value",
    [
        "2027-01-05",
        "2027/1/5",
        "2027.1.5",
        "2027年1月5日",
        "2027年1月5号",
        "20270105",
        "２０２７－０１－０５",
        " 2027-1-5 ",
        "2027-01-05 00:00:00",
        "5 Jan 2027",
        "5-January-2027",
        "Jan 5, 2027",
        "46392",
        46392.0,
        Serial(46392.0),
        Serial(46392.75),
        20270105.0,
        IsoDate("2027-01-05"),
        IsoDate("2027-01-05T00:00:00"),
    ],
)
def test_dates_in_every_form(value: Any) -> None:
    assert read(value, Kind.DATE) == date(2027, 1, 5)


def test_serials_of_books_that_count_from_1904() -> None:
    assert read(Serial(46392 - 1462), Kind.DATE, Setup(date1904=True)) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("03/04/2027", "read-date-ambiguous"),
        ("3.4.2027", "read-date-ambiguous"),
        ("5/1/27", "read-date-two-digit-year"),
        ("27-01-05", "read-date-two-digit-year"),
        ("2027-02-30", "read-date-impossible"),
        ("31/04/2027", "read-date-impossible"),
        ("20271301", "read-date-impossible"),
        ("13/13/2027", "read-date-impossible"),
        ("1989-12-31", "read-date-outside"),
        ("9999-12-31", "read-date-outside"),
        (Serial(0.0), "read-date-outside"),
        (2027.0, "read-date-outside"),
        (1e12, "read-date-unreadable"),
        (-5.0, "read-date-unreadable"),
        (True, "read-date-unreadable"),
        ("soon", "read-date-unreadable"),
        ("2027-01", "read-date-unreadable"),
        (NO_VALUE, "read-formula-without-value"),
        (ErrorText("#N/A"), "read-cell-error"),
    ],
)
def test_dates_that_are_refused(value: Any, expected: str) -> None:
    assert code(value, Kind.DATE) == expected


def test_an_ambiguous_date_names_both_readings() -> None:
    with pytest.raises(UnfitValueError) as caught:
        read("03/04/2027", Kind.DATE)
    assert set(caught.value.parameters.values()) == {"2027-04-03", "2027-03-04"}


def test_a_date_with_day_and_month_alike_is_not_ambiguous() -> None:
    assert read("05/05/2027", Kind.DATE) == date(2027, 5, 5)


@pytest.mark.parametrize(("order", "day"), [(DAY_FIRST, date(2027, 4, 3)), (MONTH_FIRST, date(2027, 3, 4))])
def test_the_column_settles_ambiguous_dates(order: str, day: date) -> None:
    assert read("03/04/2027", Kind.DATE, Setup(order=order)) == day


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2027", "25/04/2027"], DAY_FIRST),
        (["04/25/2027"], MONTH_FIRST),
        (["25/04/2027", "04/25/2027"], None),
        (["03/04/2027", "2027-04-25"], None),
    ],
)
def test_the_order_of_a_column(texts: list[str], order: str | None) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("17.01；19.05", ("17.01", "19.05")),
        ("a,b;c、d，e；f/g\nh", tuple("abcdefgh")),
        (" a ,, a ; b", ("a", "b")),
        ("", ()),
    ],
)
def test_lists(text: str, parts: tuple[str, ...]) -> None:
    assert split_list(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("GB/T 27922/ISO/IEC 27001", ("GB/T 27922", "ISO/IEC 27001")),
        ("ISO 9001/ISO 14001", ("ISO 9001", "ISO 14001")),
        ("ISO 9001/14001/45001", ("ISO 9001", "ISO 14001", "ISO 45001")),
        ("GB/T27922-2011", ("GB/T27922-2011",)),
        ("gb/t 19001-2016、SB/T 10401；RB/T 301", ("gb/t 19001-2016", "SB/T 10401", "RB/T 301")),
        ("ISO/TS 22163/ISO/TR 10013", ("ISO/TS 22163", "ISO/TR 10013")),
        ("ISO/IEC/TS 17021-2", ("ISO/IEC/TS 17021-2",)),
        ("GB/Z 12345，DB11/T 1234，T/CAS 108", ("GB/Z 12345", "DB11/T 1234", "T/CAS 108")),
        ("ＩＳＯ９００１：２０１５／ＧＢ／Ｔ２７９２２", ("ISO9001:2015", "GB/T27922")),
        ("ISO/IEC 27001", ("ISO/IEC 27001",)),
    ],
)
def test_standards_keep_the_stroke_in_their_names(text: str, parts: tuple[str, ...]) -> None:
    assert split_standards(text) == parts


@pytest.mark.parametrize(
    ("value", "number"), [(2.5, "2.5"), ("２．５", "2.5"), ("3", "3"), (0.5, "0.5"), ("1.50", "1.5")]
)
def test_days(value: Any, number: str) -> None:
    assert read(value, Kind.DAYS) == Decimal(number)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.3, "read-days-not-halves"),
        ("two", "read-number-unreadable"),
        (True, "read-number-unreadable"),
        (Serial(46000.0), "read-number-is-date"),
        (0.0, "read-number-outside"),
        (-1.0, "read-number-outside"),
        (1e300, "read-number-outside"),
        ("1e99", "read-number-outside"),
        ("-", "read-number-unreadable"),
        ("1,2", "read-number-unreadable"),
    ],
)
def test_days_that_are_refused(value: Any, expected: str) -> None:
    assert code(value, Kind.DAYS, limits=(0.5, 400)) == expected


def test_days_that_are_no_halves_name_both_neighbours() -> None:
    with pytest.raises(UnfitValueError) as caught:
        read(2.3, Kind.DAYS)
    assert caught.value.parameters == {"down": "2", "up": "2.5"}


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("1,200", Kind.COUNT, 1200),
        (12.0, Kind.COUNT, 12),
        ("￥1,200.50", Kind.MONEY, Decimal("1200.50")),
        (0.1, Kind.MONEY, Decimal("0.10")),
        ("350元", Kind.MONEY, Decimal("350.00")),
        ("20%", Kind.PERCENT, Decimal("0.2")),
        (Percent(0.2), Kind.PERCENT, Decimal("0.2")),
        ("-3.5", Kind.NUMBER, Decimal("-3.5")),
    ],
)
def test_numbers(value: Any, kind: Kind, expected: object) -> None:
    assert read(value, kind) == expected


@pytest.mark.parametrize("value", [1.5, "-1", -1.0])
def test_counts_are_whole_and_not_negative(value: Any) -> None:
    assert code(value, Kind.COUNT) == "read-number-not-whole"


@pytest.mark.parametrize("value", [3.1, 17.06, Serial(46000.0)])
def test_codes_that_excel_changed_are_refused(value: Any) -> None:
    assert code(value, Kind.CODES) in {"read-code-is-number", "read-code-is-date"}


def test_a_code_stored_as_a_number_asks_which_was_meant() -> None:
    with pytest.raises(UnfitValueError) as caught:
        read(3.1, Kind.CODES)
    assert caught.value.parameters == {"one": "3.1", "other": "3.10"}


@pytest.mark.parametrize(
    ("value", "codes"), [(17.0, ("17",)), ("03.10", ("03.10",)), ("17；19.05", ("17", "19.05")), ("*", ("*",))]
)
def test_codes(value: Any, codes: tuple[str, ...]) -> None:
    assert read(value, Kind.CODES) == codes


@pytest.mark.parametrize("value", ["yes", "Y", "TRUE", "1", "是", "√", True, 1.0])
def test_yes(value: Any) -> None:
    assert read(value, Kind.YES_NO) is True


@pytest.mark.parametrize("value", ["no", "N", "false", "0", "否", "×", False, 0.0])
def test_no(value: Any) -> None:
    assert read(value, Kind.YES_NO) is False


def test_neither_yes_nor_no() -> None:
    assert code("maybe", Kind.YES_NO) == "read-yes-no-unreadable"
    assert code(2.0, Kind.YES_NO) == "read-yes-no-unreadable"


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("Mon-Fri", {1, 2, 3, 4, 5}),
        ("Mon,Wed", {1, 3}),
        ("monday to thursday", {1, 2, 3, 4}),
        ("周一至周四", {1, 2, 3, 4}),
        ("周一、周三", {1, 3}),
        ("周一至四", {1, 2, 3, 4}),
        ("周一三五", {1, 3, 5}),
        ("星期六，星期天", {6, 7}),
        ("Sat-Mon", {6, 7, 1}),
        ("Ｍｏｎ～Ｗｅｄ", {1, 2, 3}),
    ],
)
def test_weekdays(value: str, days: set[int]) -> None:
    assert read(value, Kind.WEEKDAYS) == days


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("1,3", {1, 3}),
        ("3-5", {3, 4, 5}),
        ("三月", {3}),
        ("Mar", {3}),
        ("11-2", {11, 12, 1, 2}),
        ("3月至5月", {3, 4, 5}),
        ("十月、十一月", {10, 11}),
        ("March/June", {3, 6}),
        (4.0, {4}),
    ],
)
def test_months(value: Any, numbers: set[int]) -> None:
    assert read(value, Kind.MONTHS) == numbers


def test_weekdays_and_months_that_are_refused() -> None:
    assert code("Mon-Foo", Kind.WEEKDAYS) == "read-weekdays-unreadable"
    assert code(1.0, Kind.WEEKDAYS) == "read-weekdays-unreadable"
    assert code("13", Kind.MONTHS) == "read-months-unreadable"
    assert code(Serial(46000.0), Kind.MONTHS) == "read-months-is-date"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("09:00", time(9)),
        ("9：30", time(9, 30)),
        (0.375, time(9)),
        (Serial(0.5416666667), time(13)),
        ("下午1点30分", time(13, 30)),
        ("5:00 pm", time(17)),
        ("17:00:00", time(17)),
    ],
)
def test_times(value: Any, moment: time) -> None:
    assert read(value, Kind.TIME) == moment


@pytest.mark.parametrize("value", ["noon", "25:00", -1.0, 9.0, True, "9"])
def test_times_that_are_refused(value: Any) -> None:
    assert code(value, Kind.TIME) == "read-time-unreadable"


def test_e_mail_addresses() -> None:
    assert read(" li.na@example.com ", Kind.EMAIL) == "li.na@example.com"
    assert code("a@example.com; b@example.com", Kind.EMAIL) == "read-email-several"
    for bad in ("li.na", "a@b", "a b@example.com", "a@@example.com", "x@example..com", "=a@b.com\nBCC:c@d.com"):
        assert code(bad, Kind.EMAIL).startswith("read-email-")


@pytest.mark.parametrize("value", ["lead", "LEAD", "组长", "审核组长", "Lead  Auditor", "ｌｅａｄ"])
def test_choices(value: str) -> None:
    assert read(value, Kind.CHOICE, choices=words.ROLES) is Role.LEAD


def test_choices_that_are_refused() -> None:
    assert code("boss", Kind.CHOICE, choices=words.ROLES) == "read-choice-unknown"
    with pytest.raises(UnfitValueError) as caught:
        read("audtor", Kind.CHOICE, Setup(language="zh"), choices=words.ROLES)
    assert caught.value.code == "read-choice-unknown-near"
    assert caught.value.parameters["near"] == "审核员"


def test_several_standards_where_one_is_asked_for() -> None:
    assert read("GB/T 27922", Kind.STANDARD) == "GB/T 27922"
    assert code("ISO 9001, ISO 14001", Kind.STANDARD) == "read-standard-several"
    assert code("、", Kind.STANDARDS) == "read-list-empty"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12.5, "12.5"),
        (1e15, "1000000000000000"),
        (Serial(46392.0), "2027-01-05"),
        (Percent(0.2), "20%"),
        (True, "TRUE"),
        ("　Ａ１\u200b ", "A1"),
    ],
)
def test_what_a_cell_shows(value: Any, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("value", ["", "   ", "\u3000", "\u200b"])
def test_blanks_are_nothing(kind: Kind, value: str) -> None:
    assert read(value, kind, choices=words.ROLES) is None


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize("beyond", [0, 1])
def test_serial_numbers_at_the_end_of_time(date1904: bool, beyond: int) -> None:
    """The last day there is and those after it, by either epoch: unreadable or implausible, never an error of ours."""
    last = (date.max - (date(1904, 1, 1) if date1904 else date(1899, 12, 30))).days
    for number in (last + beyond, 2_958_465.0, 2_958_465.99):
        with pytest.raises(UnfitValueError):
            from_serial(number, date1904)
