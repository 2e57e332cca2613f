"""Samples of sites (IAF MD 1): sizes, the central function, the longest unseen, and a quarter at random."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, sqrt

import pytest

from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.domain import AuditType, Body, Certificate, SiteRow
from auditplan.planner.sampling import draw, sample_size

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


def test_sampled_sites_become_visits_beside_the_central_one(
    certificate: Callable[..., Certificate], body: Callable[..., Body]
) -> None:
    sites = tuple(SiteRow(client="K1", site=f"P{number}", region="North", city=f"C{number}") for number in range(15))
    made = run_pipeline(body(certificate(initial_days=Decimal(24)), sites=(*sites, SiteRow(client="K1", site="HQ"))))
    central, *others = made.added
    assert [audit.id for audit in others] == ["A1-S1-2029-V1", "A1-S1-2029-V2", "A1-S1-2029-V3"]
    assert [audit.city for audit in others][:2] == ["C0", "C1"]
    assert (central.days, {audit.days for audit in others}) == (Decimal(2), {Decimal(2)})
    assert {(audit.earliest, audit.due) for audit in made.added} == {(central.earliest, central.due)}
    assert "sites-sampled" in {problem.code for problem in made.problems}
    again = run_pipeline(made.body)
    assert (again.added, again.changed, again.kept) == ((), (), ())
