"""Samples of sites (IAF MD 1): sizes, the central function, the longest unseen, and a quarter at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, sqrt

import pytest

from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Certificate,
    CertificateStatus,
    Place,
    Qualification,
    Role,
    SiteRow,
)
from auditplan.planner.planning import make_plan
from auditplan.planner.sampling import draw, sample_size
from auditplan.solver.solution import Budget

Make = Callable[..., Certificate]
MakeBody = Callable[..., Body]
SITES = tuple(
    SiteRow(client="K", site=f"P{number}", last_audited=date(2020, 1, 1) + timedelta(days=number * 40))
    for number in range(15)
)
CENTRAL = SiteRow(client="K", site="HQ", central=True, last_audited=date(2026, 1, 1))


def test_iaf_md1_a_surveillance_of_15_sites_samples_3() -> None:
    """0.6 √15 = 2.32, up to 3."""
    assert sample_size(AuditType.SURVEILLANCE, 15) == 3


@pytest.mark.parametrize(
    ("kind", "factor"),
    [(AuditType.INITIAL, 1.0), (AuditType.SURVEILLANCE, 0.6), (AuditType.RECERTIFICATION, 0.8)],
)
def test_iaf_md1_sizes_are_rounded_up(kind: AuditType, factor: float) -> None:
    for sites in range(1, 400):
        assert sample_size(kind, sites) == min(sites, ceil(round(factor * sqrt(sites), 9)))


@pytest.mark.parametrize(("kind", "size"), [(AuditType.SURVEILLANCE, 5), (AuditType.RECERTIFICATION, 15)])
def test_iaf_md1_without_sampling_all_or_30_percent_a_year(kind: AuditType, size: int) -> None:
    assert sample_size(kind, 15, sampling=False) == size


def test_the_central_function_is_always_visited_and_counts_besides() -> None:
    for kind in (AuditType.INITIAL, AuditType.SURVEILLANCE, AuditType.RECERTIFICATION):
        sample = draw(kind, (*SITES, CENTRAL), "A1")
        assert sample.central == (CENTRAL,)
        assert len(sample.sites) == sample_size(kind, 15) + 1


@pytest.mark.parametrize("seed", range(20))
def test_the_longest_unseen_go_first_and_a_quarter_is_drawn(seed: int) -> None:
    sample = draw(AuditType.RECERTIFICATION, SITES, str(seed))
    assert sample.longest == SITES[:3]
    assert len(sample.drawn) == 1
    assert not set(sample.drawn) & set(sample.longest)
    assert draw(AuditType.RECERTIFICATION, SITES, str(seed)) == sample


def test_every_site_may_be_drawn() -> None:
    drawn = {draw(AuditType.SURVEILLANCE, SITES, str(seed)).drawn[0].site for seed in range(300)}
    assert len(drawn) == 13


def test_a_site_that_nobody_has_seen_goes_before_all() -> None:
    new = SiteRow(client="K", site="new")
    assert draw(AuditType.SURVEILLANCE, (*SITES, new), "1").longest[0] == new


def test_few_sites_are_all_visited() -> None:
    sample = draw(AuditType.INITIAL, SITES[:1], "1")
    assert sample.sites == SITES[:1]


def _places(number: int) -> tuple[SiteRow, ...]:
    """So many sites of the client K1, and its centre in a city of its own."""
    centre = SiteRow(client="K1", site="HQ", region="North", city="C", central=True)
    return (
        centre,
        *(SiteRow(client="K1", site=f"P{place}", region="North", city=f"C{place}") for place in range(number)),
    )


def test_sampled_sites_become_visits_beside_the_central_one(certificate: Make, body: MakeBody) -> None:
    made = run_pipeline(body(certificate(initial_days=Decimal(24)), sites=_places(15)))
    central, *others = made.added
    assert [audit.id for audit in others][:2] == ["A1-S1-2029@P0", "A1-S1-2029@P1"]
    assert [audit.city for audit in (central, *others)][:3] == ["C", "C0", "C1"]
    assert (central.days, [audit.days for audit in others]) == (Decimal(2), [Decimal(2)] * 3)
    assert {(audit.earliest, audit.due) for audit in made.added} == {(central.earliest, central.due)}
    assert "sites-sampled" in {problem.code for problem in made.problems}
    again = run_pipeline(made.body)
    assert (again.added, again.changed, again.kept) == ((), (), ())


def test_a_second_central_function_is_visited_too(certificate: Make, body: MakeBody) -> None:
    second = SiteRow(client="K1", site="HQ2", region="North", city="C", central=True)
    made = run_pipeline(body(certificate(initial_days=Decimal(24)), sites=(*_places(4), second)))
    assert [audit.id for audit in made.added] == ["A1-S1-2029", "A1-S1-2029@HQ2", "A1-S1-2029@P0", made.added[3].id]


def test_the_rows_of_sites_follow_their_visit(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate(initial_days=Decimal(24)), sites=_places(4)))
    moved = certificate(initial_days=Decimal(30), decision_date=date(2026, 2, 20), expiry_date=date(2029, 2, 19))
    made = run_pipeline(replace(first.body, certificates=(moved,)))
    assert {(row.due, row.days) for row in made.changed} == {
        (date(2027, 2, 20), Decimal(3)),
        (date(2027, 2, 20), Decimal(4)),
    }
    gone = run_pipeline(replace(made.body, certificates=(certificate(status=CertificateStatus.WITHDRAWN),)))
    assert {row.status for row in gone.body.audits} == {AuditStatus.CANCELLED}
    back = run_pipeline(replace(gone.body, certificates=(moved,)))
    assert back.body == made.body


def test_a_site_that_its_visit_left_behind_stays_in_sight(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate(initial_days=Decimal(24)), sites=_places(4)))
    done = {"status": AuditStatus.DONE, "start": date(2027, 2, 1), "lead": "Li"}
    audits = tuple(replace(row, **done) if row.id == "A1-S1-2029" else row for row in first.body.audits)  # type: ignore[arg-type]
    settings = replace(
        first.body.settings, plan_from=date(2027, 4, 1), plan_to=date(2027, 6, 30), today=date(2027, 3, 20)
    )
    made = run_pipeline(replace(first.body, audits=audits, settings=settings))
    assert {(row.due, row.priority) for row in made.changed} == {(date(2027, 6, 30), 2)}
    assert run_pipeline(made.body).changed == ()


def test_a_site_seen_this_year_is_not_the_longest_unseen_next_year(certificate: Make, body: MakeBody) -> None:
    """Four sites, two a year (0.6 √4 up): one by turn and one at random."""
    first = run_pipeline(body(certificate(initial_days=Decimal(24)), sites=_places(4)))
    visited = [row.id.partition("@")[2] for row in first.added if "@" in row.id]
    audits = tuple(replace(row, status=AuditStatus.DONE, start=date(2027, 2, 1), lead="Li") for row in first.added)
    settings = replace(
        first.body.settings, plan_from=date(2028, 1, 3), plan_to=date(2028, 12, 31), today=date(2027, 12, 1)
    )
    second = run_pipeline(replace(first.body, audits=audits, settings=settings))
    turn = next(row.id.partition("@")[2] for row in second.added if "S2-2029@" in row.id)
    assert turn not in visited


@pytest.mark.parametrize(("computed", "ids"), [(True, ["T1", "T1@P0", "T1@P1", "T1@P2"]), (False, ["T1"])])
def test_a_typed_initial_with_blank_days_is_split_into_its_sites(
    computed: bool, ids: list[str], body: MakeBody
) -> None:
    """√5 up: 3 of 5 sites; 8 days in four parts. Typed days are the coordinator's: IAF MD 1 is only told."""
    typed = Audit(
        id="T1",
        client="K1",
        type=AuditType.INITIAL,
        standards=("ISO 9001",),
        days=Decimal(8),
        due=date(2027, 3, 1),
        computed=computed,
    )
    made = run_pipeline(body(audits=(typed,), sites=_places(5)))
    assert len(made.body.audits) == len(ids)
    assert made.body.audits[0].days == (2 if computed else 8)
    assert [problem.code for problem in made.problems if problem.code.startswith("sites")] == [
        "sites-sampled" if computed else "sites-typed"
    ]
    if computed:
        assert {row.days for row in made.added} == {Decimal(2)}
        again = run_pipeline(replace(made.body, audits=(typed, *made.added)))
        assert (again.added, again.changed) == ((), ())


def test_sites_typed_as_rows_of_their_own_are_not_doubled(body: MakeBody) -> None:
    values = {"client": "K1", "type": AuditType.INITIAL, "standards": ("ISO 9001",), "due": date(2027, 3, 1)}
    rows = tuple(
        Audit(id=name, days=Decimal(2), city=city, region="North", computed=True, **values)  # type: ignore[arg-type]
        for name, city in (("T1", ""), ("T2", "C0"))
    )
    assert run_pipeline(body(audits=rows, sites=_places(5))).added == ()


def test_a_decision_follows_all_sites_and_keeps_away_from_their_teams(certificate: Make, body: MakeBody) -> None:
    expiring = certificate(
        decision_date=date(2024, 5, 15),
        expiry_date=date(2027, 5, 14),
        initial_days=Decimal(24),
        last_audit=date(2026, 4, 20),
        last_type=AuditType.SURVEILLANCE,
    )
    base = body(expiring, sites=_places(4))
    decider = Qualification(auditor="Wu", standard="ISO 9001", role=Role.DECISION)
    made = run_pipeline(replace(base, qualifications=(*base.qualifications, decider)))
    rows = {audit.id: audit for audit in made.added}
    decision = rows.pop("A1-R-2027-D")
    assert {row.due for row in rows.values()} == {date(2027, 3, 15)}
    assert (decision.earliest, decision.due) == (date(2027, 3, 29), date(2027, 5, 14))
    assert [row.not_team_of for row in rows.values()] == ["", "A1-R-2027-D", "A1-R-2027-D"]
    again = run_pipeline(made.body)
    assert (again.added, again.changed, again.body) == ((), (), made.body)


@pytest.mark.parametrize("people", [1, 3])
def test_sites_are_visited_one_after_the_other_or_side_by_side(people: int, certificate: Make, body: MakeBody) -> None:
    """One auditor goes from site to site; several share the sites in the same days."""
    names = ("Li", "Wu", "Xu")[:people]
    cities = ("上海", "杭州", "南京", "苏州")
    sites = [SiteRow(client="K1", site=city, region="East", city=city, central=city == "上海") for city in cities]
    base = body(
        certificate(initial_days=Decimal(15)),
        sites=tuple(sites),
        places=(
            Place(region="North", latitude=39.9, longitude=116.4, country="CN"),
            *(Place(region="East", city=city, country="CN") for city in cities),
        ),
        auditors=tuple(Auditor(id=name, name=name, region="North") for name in names),
        qualifications=tuple(Qualification(auditor=name, standard="ISO 9001", role=Role.LEAD) for name in names),
    )
    made = run_pipeline(base)
    plan = make_plan(made.body, Budget(effort=2)).plan
    assert len(plan.placements) == len(made.added) == 3
    days = sorted(placement.start.day for placement in plan.placements)
    assert (days[-1] - days[0]).days <= (14 if people == 1 else 7)
