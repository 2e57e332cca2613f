"""A demonstration body: clients, certificates, the quarter's audits, conflicts, history, and four traps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from auditplan.planner.demo.cycles import with_cycles
from auditplan.planner.demo.fixing import fix_some
from auditplan.planner.demo.sizes import SIZES, Size
from auditplan.planner.demo.staff import (
    CODE_WEIGHTS,
    leave,
    qualifications,
    ranked_codes,
    staff,
)
from auditplan.planner.demo.traps import with_traps
from auditplan.planner.demo.words import WORDINGS, Wording
from auditplan.planner.domain import (
    Audit,
    AuditMode,
    AuditType,
    Body,
    Certificate,
    Client,
    Complexity,
    Conflict,
    HistoryEntry,
    Place,
    Role,
    RuleSetting,
    ScenarioChange,
    Settings,
    Unavailability,
)

FIRST, LAST, TODAY = date(2027, 1, 4), date(2027, 3, 31), date(2026, 11, 23)
"""The quarter that is planned, and the day on which it is."""
SPRING = date(2027, 2, 6)
"""Spring Festival of 2027."""


def demo_body(size: str, language: str = "en", seed: int = 1) -> Body:
    """An invented body of a size ("small", "medium", "large") in a language ("en", "zh"); the same seed gives the
    same body. Raises KeyError for an unknown size or language."""
    return _Maker(SIZES[size], WORDINGS[language], language, Random(f"{size}/{seed}")).body()


def traps(body: Body) -> dict[str, str]:
    """The audits that are traps: id → "lead", "lapse", "conflict" or "window"."""
    return {audit.id: audit.id.removeprefix("TRAP-").lower() for audit in body.audits if audit.id.startswith("TRAP-")}


class _Maker:
    """Makes one body."""

    def __init__(self, size: Size, wording: Wording, language: str, random: Random) -> None:
        """Draws the people first, since everything else refers to them."""
        self._size, self._wording, self._random = size, wording, random
        self._cities = wording.cities[: size.regions]
        self._people = staff(random, size, wording, self._cities)
        self._rows = qualifications(random, self._people, wording, LAST)
        self._settings = Settings(
            plan_from=FIRST,
            plan_to=LAST,
            today=TODAY,
            organisation=wording.organisation,
            organiser_email="planning@example.com",
            time_zone="Asia/Shanghai" if language == "zh" else "Europe/Berlin",
            country=wording.country,
            currency=wording.currency,
            language=language,
        )
        self._clients: list[Client] = []
        self._certificates: list[Certificate] = []
        self._audits: list[Audit] = []

    def body(self) -> Body:
        """The finished body."""
        places = tuple(Place(region=city, city=city) for city in self._cities)
        self._make_clients()
        self._make_audits()
        body = Body(
            settings=self._settings,
            auditors=tuple(self._people),
            qualifications=tuple(self._rows),
            places=places,
            clients=tuple(self._clients),
            certificates=tuple(self._certificates),
            audits=tuple(self._audits),
            unavailable=(*leave(self._random, self._people, self._wording, FIRST, LAST), *self._shutdowns()),
            conflicts=tuple(self._conflicts()),
            history=tuple(self._history()),
            rules=(
                RuleSetting(rule="rotation", value=Decimal(6), source=self._wording.practice),
                RuleSetting(rule="due margin", value=Decimal(7), weight=Decimal(3), source=self._wording.practice),
            ),
            scenarios=tuple(
                ScenarioChange(scenario=name, change=change, target=target.format(who=self._people[0].id), value=value)
                for name, change, target, value in self._wording.scenarios
            ),
        )
        return with_traps(fix_some(with_cycles(body), self._random, self._size.fixed), self._wording, self._cities)

    def _make_clients(self) -> None:
        """Clients with one or two certificates each, places by a skewed law."""
        weights = [1 / (1 + rank) ** 0.9 for rank in range(len(self._cities))]
        while len(self._certificates) < self._size.certificates:
            number = len(self._clients) + 1
            city = self._random.choices(self._cities, weights)[0]
            client = self._client(number, city)
            self._clients.append(client)
            for _ in range(self._random.choice((1, 1, 2))):
                if len(self._certificates) < self._size.certificates:
                    self._certificates.append(self._certificate(client))

    def _client(self, number: int, city: str) -> Client:
        """One client."""
        random, wording = self._random, self._wording
        head, second = random.choice(wording.firm_heads), random.choice(wording.firm_heads).lower()
        name = wording.firm.format(city=city, head=head, second=second, tail=random.choice(wording.firm_tails))
        return Client(
            id=f"C{number:05d}",
            name=name,
            region=city,
            address=wording.street.format(city=city, number=random.randrange(1, 400)),
            contact=random.choice(wording.surnames),
            email=f"client{number:05d}@example.org",
            personnel=round(random.lognormvariate(4.2, 1.0)) + 5,
            preferred_months=frozenset({random.choice((1, 2, 3))}) if random.random() < 0.15 else frozenset(),
            avoid_weekdays=frozenset({random.choice((1, 5))}) if random.random() < 0.1 else frozenset(),
            holidays_worked=random.random() > 0.2,
        )

    def _certificate(self, client: Client) -> Certificate:
        """One certificate, somewhere in its three years."""
        random = self._random
        decided = FIRST - timedelta(days=random.randrange(30, 1060))
        quality, environment, safety, service = self._wording.standards
        draw = random.random()
        standards: tuple[str, ...] = (quality,)
        if draw < 0.13:
            standards = (service,)
        elif draw < 0.27:
            standards = (quality, environment, safety)
        elif draw < 0.38:
            standards = (quality, environment)
        elif draw < 0.48:
            standards = (environment,)
        elif draw < 0.55:
            standards = (safety,)
        codes = () if service in standards else (self._code(),)
        return Certificate(
            id=f"{client.id[1:]}-{len(self._certificates) + 1:05d}",
            client=client.id,
            standards=standards,
            codes=codes,
            decision_date=decided,
            issue_date=decided + timedelta(days=3),
            expiry_date=date(decided.year + 3, decided.month, min(decided.day, 28)) - timedelta(days=1),
            complexity=random.choice((Complexity.HIGH, Complexity.MEDIUM, Complexity.LOW)),
            stars=random.choice((3, 4, 5)) if service in standards else None,
        )

    def _code(self) -> str:
        """A code by a skewed law, now and then with sub-codes."""
        code = self._random.choices(ranked_codes(), CODE_WEIGHTS)[0]
        return f"{code}.0{self._random.randrange(1, 6)}" if self._random.random() < 0.15 else code

    def _make_audits(self) -> None:
        """The quarter's visits: surveillances and recertifications of certificates, and new clients' stages."""
        picked = self._random.sample(self._certificates, self._size.visits)
        target = Decimal(self._size.needed)
        for certificate in picked:
            if len(self._audits) >= self._size.visits:
                break
            draw = self._random.random()
            if draw < 0.62:
                self._surveillance(certificate)
            elif draw < 0.78:
                self._recertification(certificate)
            elif draw < 0.93 and len(self._audits) < self._size.visits - 1:
                self._stages(certificate)
            else:
                self._other(certificate)
        self._scale(target)

    def _scale(self, target: Decimal) -> None:
        """Days scaled so that their sum is what the table says, each still a multiple of a half."""
        total = sum((audit.days for audit in self._audits), Decimal(0))
        for index, audit in enumerate(self._audits):
            days = max(Decimal("0.5"), Decimal(round(audit.days * target / total * 2)) / 2)
            self._audits[index] = replace(audit, days=days)

    def _add(self, kind: AuditType, certificate: Certificate, days: str, **more: object) -> Audit:
        """One row of the pipeline."""
        number = len(self._audits) + 1
        earliest, due = self._window()
        fields: dict[str, object] = {
            "id": f"T{number:05d}",
            "client": certificate.client,
            "type": kind,
            "standards": certificate.standards,
            "codes": certificate.codes,
            "days": Decimal(days),
            "earliest": earliest,
            "due": due,
            "priority": self._random.choice((2, 3, 3, 3, 4)),
        }
        fields.update(more)
        audit = Audit(**fields)  # type: ignore[arg-type]
        self._audits.append(audit)
        return audit

    def _window(self) -> tuple[date, date]:
        """Earliest and Due: a window about the median, some of it behind or beyond the quarter."""
        length = max(12, round(self._random.gauss(self._size.window, self._size.window / 4)))
        if self._random.random() < self._size.overdue:
            due = FIRST - timedelta(days=self._random.randrange(1, 40))
            return due - timedelta(days=length), due
        due = FIRST + timedelta(days=self._random.randrange(25, (LAST - FIRST).days + 25))
        earliest = max(FIRST, due - timedelta(days=length))
        return (earliest - timedelta(days=10), due) if due < FIRST + timedelta(days=30) else (earliest, due)

    def _surveillance(self, certificate: Certificate) -> None:
        """A yearly surveillance; more days where standards are integrated."""
        base = 1.5 + 0.75 * len(certificate.standards)
        mode = self._random.choices((AuditMode.ON_SITE, AuditMode.REMOTE, AuditMode.MIXED), (88, 6, 6))[0]
        self._add(AuditType.SURVEILLANCE, certificate, f"{base:.2f}", mode=mode, target=self._target())

    def _target(self) -> date | None:
        """A day to be close to, for one in five."""
        if self._random.random() > 0.2:
            return None
        return FIRST + timedelta(days=self._random.randrange((LAST - FIRST).days))

    def _recertification(self, certificate: Certificate) -> None:
        """A recertification, twice a surveillance."""
        base = 3.2 + 1.4 * len(certificate.standards)
        trainees = 1 if self._random.random() < 0.1 else 0
        self._add(AuditType.RECERTIFICATION, certificate, f"{base:.2f}", smallest_team=1, trainees=trainees)

    def _stages(self, certificate: Certificate) -> None:
        """Stage 1 and stage 2 of a new client, or the service chain of document review and visit."""
        start = FIRST + timedelta(days=self._random.randrange(0, 25))
        due = start + timedelta(days=self._random.randrange(55, 75))
        first = AuditType.STAGE_1
        second = AuditType.STAGE_2
        mode = AuditMode.ON_SITE
        if certificate.standards[0].startswith("GB/T 27922"):
            first, second, mode = AuditType.DOCUMENT_REVIEW, AuditType.INITIAL, AuditMode.DESK
        one = self._add(first, certificate, "1.9", earliest=start, due=start + timedelta(days=28), mode=mode)
        self._add(
            second,
            certificate,
            "5.0",
            earliest=start + timedelta(days=7),
            due=min(due, LAST),
            after=one.id,
            gap_from=5,
            gap_to=60,
            same_team_as=one.id if self._random.random() < 0.5 else "",
        )

    def _other(self, certificate: Certificate) -> None:
        """Spot checks, follow-ups, special visits and decisions."""
        kind = self._random.choice((AuditType.SPOT_CHECK, AuditType.FOLLOW_UP, AuditType.SPECIAL, AuditType.DECISION))
        if kind is AuditType.DECISION:
            before = next((audit for audit in reversed(self._audits) if audit.due < date(2027, 3, 10)), None)
            if before is not None:
                self._decide(before)
                return
            kind = AuditType.FOLLOW_UP
        days = "1.0" if kind is AuditType.FOLLOW_UP else "1.5"
        self._add(kind, certificate, days, unannounced=kind is AuditType.SPOT_CHECK)

    def _decide(self, before: Audit) -> None:
        """The decision on an audit, at a desk, by others."""
        self._add(
            AuditType.DECISION,
            next(row for row in self._certificates if row.client == before.client),
            "0.5",
            client=before.client,
            standards=before.standards,
            codes=(),
            mode=AuditMode.DESK,
            after=before.id,
            gap_from=3,
            gap_to=45,
            earliest=before.earliest,
            due=LAST,
            largest_team=1,
        )

    def _shutdowns(self) -> list[Unavailability]:
        """Clients that close around Spring Festival."""
        rows = []
        for client in sorted({audit.client for audit in self._audits}):
            if self._random.random() < 0.12:
                start = SPRING - timedelta(days=self._random.randrange(3, 12))
                until = SPRING + timedelta(days=self._random.randrange(9, 20))
                rows.append(Unavailability(client=client, start=start, until=until, reason=self._wording.shutdown))
        return rows

    def _conflicts(self) -> list[Conflict]:
        """Consultancies with an end, objections, and some for ever."""
        rows = []
        clients = sorted({audit.client for audit in self._audits})
        for _ in range(max(3, len(self._people) // 2)):
            person, client = self._random.choice(self._people), self._random.choice(clients)
            if self._random.random() < 0.5:
                until = FIRST - timedelta(days=self._random.randrange(200, 900))
                reason = self._wording.consultancy
                rows.append(Conflict(auditor=person.id, client=client, reason=reason, consultancy=True, until=until))
            else:
                reason = self._wording.objection
                rows.append(Conflict(auditor=person.id, client=client, reason=reason, objection=True))
        return rows

    def _history(self) -> list[HistoryEntry]:
        """Who led the clients' last audits."""
        leads = {row.auditor for row in self._rows if row.role is Role.LEAD}
        pool = sorted(leads)
        rows = []
        for audit in self._audits:
            if audit.type in {AuditType.SURVEILLANCE, AuditType.RECERTIFICATION}:
                person = self._random.choice(pool)
                for year in range(self._random.choice((1, 2, 2, 3))):
                    day = audit.due - timedelta(days=365 * (year + 1) + self._random.randrange(20))
                    entry = HistoryEntry(
                        client=audit.client, auditor=person, day=day, standard=audit.standards[0], role=Role.LEAD
                    )
                    rows.append(entry)
        return rows
