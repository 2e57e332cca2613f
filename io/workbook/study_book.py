"""Fresh workbooks of studies: plain tables and native charts with titles, axes and units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from auditplan.io.files import whole_file
from auditplan.io.messages import message
from auditplan.io.workbook.output.context import FONT, safe

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999", "#332288", "#000000")
"""Okabe and Ito's palette, in an order in which neighbours differ in lightness too; as many as there are types."""
HEADER = {
    **FONT,
    "bold": True,
    "bg_color": "#1F4E79",
    "font_color": "#FFFFFF",
    "border": 1,
    "text_wrap": True,
    "valign": "top",
}
NUMBER, PERCENT, WHOLE, SIGNED = "#,##0.0", "0 %", "#,##0", "+#,##0;-#,##0;0"
HEADER_HEIGHT = 40
"""Points: three lines of a wrapped header."""
_TEXT = {"align": "left", "indent": 1, "valign": "top"}
LINE, HIGHEST = 13.5, 400
"""Points: of a line, and of the highest row that Excel takes."""
LONG = 40
"""Characters from which on a text is wrapped."""


class StudyBook:
    """One workbook being written."""

    def __init__(self, book: Any, language: str) -> None:
        """Makes the formats that are used everywhere."""
        self.book, self.language = book, language
        self._header = book.add_format(HEADER)
        self._wrapped = book.add_format({**FONT, **_TEXT, "text_wrap": True})
        self._formats: dict[str, Any] = {}

    def text(self, code: str, **parameters: object) -> str:
        """A text of the catalogues."""
        return message(code, self.language, **parameters)

    def format(self, pattern: str) -> Any:
        """A number format."""
        if pattern not in self._formats:
            kind = (
                {"num_format": pattern, "valign": "top"} if pattern else _TEXT
            )  # text beside a number must not touch it
            self._formats[pattern] = self.book.add_format({**FONT, **kind})
        return self._formats[pattern]

    def page(self, code: str) -> Any:
        """A sheet whose name stands in the catalogues, set up for printing."""
        page = self.book.add_worksheet(self.text(code))
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        return page

    def table(
        self,
        code: str,
        headers: Sequence[str],
        rows: Sequence[Sequence[object]],
        patterns: Sequence[str],
        *,
        frozen: int = 1,
        widths: Sequence[int] = (),
    ) -> Any:
        """A sheet that is one table with a filter. patterns: the number format of each column ("": text)."""
        page = self.page(code)
        page.freeze_panes(1, frozen)
        page.repeat_rows(0)
        page.set_row(0, HEADER_HEIGHT)
        for column, header in enumerate(headers):
            page.set_column(column, column, widths[column] if column < len(widths) else 14)
            page.write_string(0, column, safe(header), self._header)
        for number, row in enumerate(rows, start=1):
            lines = max(map(_lines, row, [*widths, *[14] * len(row)]))
            if lines > 1:
                page.set_row(number, min(HIGHEST, LINE * lines))
            for column, value in enumerate(row):
                self._cell(page, number, column, value, patterns[column])
        if rows:
            page.autofilter(0, 0, len(rows), len(headers) - 1)
        return page

    def _cell(self, page: Any, row: int, column: int, value: object, pattern: str) -> None:
        """One cell; text is never a formula."""
        if value is None or value == "":
            page.write_blank(row, column, None, self.format(""))
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a date only
            page.write_datetime(row, column, moment, self.format(pattern or "yyyy-mm-dd"))
        elif isinstance(value, int | float):
            page.write_number(row, column, value, self.format(pattern or "General"))
        else:
            kept = self.format("") if len(str(value)) <= LONG else self._wrapped
            page.write_string(row, column, safe(str(value)), kept)

    def chart(self, kind: str, title: str, across: str, up: str, *, stacked: bool = False, pattern: str = WHOLE) -> Any:
        """A chart with a title and both axes named, units included. pattern: the number format of the upright axis."""
        options = {"type": kind, "subtype": "stacked"} if stacked else {"type": kind}
        chart = self.book.add_chart(options)
        font = {"size": 10, "bold": False}
        chart.set_title({"name": title, "name_font": {"size": 13}})
        chart.set_x_axis({"name": across, "name_font": font})
        chart.set_y_axis(
            {
                "name": up,
                "name_font": font,
                "num_format": pattern,
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 720, "height": 380})
        return chart


def _lines(value: object, width: int) -> int:
    """How many lines a cell takes in a column of so many characters; wide characters count twice."""
    if not isinstance(value, str) or len(value) <= LONG:
        return 1
    length = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in value)
    return -(-length // max(1, width - 4))


@contextmanager
def study_book(target: Path, language: str) -> Iterator[StudyBook]:
    """A workbook that takes the target's place when all is written, and leaves nothing otherwise. Raises OSError."""
    import xlsxwriter

    with whole_file(target) as temporary:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = xlsxwriter.Workbook(str(temporary), options)
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the same bytes every time
        yield StudyBook(book, language)
        book.close()


def add_series(chart: Any, page: Any, columns: Sequence[int], last: int, *, names: int = 0) -> None:
    """One series a column of a sheet's table, named by its header, over the rows 1 … last."""
    name = page.get_name()
    for place, column in enumerate(columns):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, names, last, names],
                "values": [name, 1, column, last, column],
                "fill": {"color": COLOURS[place % len(COLOURS)]},
                "border": {"color": COLOURS[place % len(COLOURS)]},
                "gap": 60,
            }
        )
