"""The courses of a body's certificates: each by its own profile, with what took place of it."""

from __future__ import annotations

from datetime import date

from auditplan.planner.cycle.course import Step, course
from auditplan.planner.cycle.evidence import Evidence
from auditplan.planner.cycle.profiles import Profile, Profiles
from auditplan.planner.domain import Body, Certificate, CertificateStatus
from auditplan.planner.rulebook import RuleBook


class Courses:
    """Answers what the cycle of a certificate asks for."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Indexes the body; no course is worked out yet."""
        self.profiles = Profiles(rules)
        self._evidence = Evidence(body)
        self._regions = {client.id: client.region for client in body.clients}
        self._countries = {place.region: place.country for place in reversed(body.places) if place.country}
        self._default = body.settings.country

    def of(self, certificate: Certificate) -> tuple[Step, ...]:
        """The steps of a certificate's present cycle; none for one that is withdrawn."""
        if certificate.status is CertificateStatus.WITHDRAWN:
            return ()
        country = self._countries.get(self._regions.get(certificate.client, ""), "") or self._default

        def profile_on(day: date) -> Profile:
            """The profile of what falls due about a day."""
            return self.profiles.of(certificate, country, day)

        return course(certificate, profile_on, self._evidence.of(certificate))
