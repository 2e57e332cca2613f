"""What clients are told of their audits: when, what and by whom; nothing that is the body's own business."""

from __future__ import annotations

from auditplan.io.calendars.days import day_parts, worked_slots
from auditplan.io.calendars.entries import Entry
from auditplan.io.calendars.texts import Texts, clean, one_line
from auditplan.planner.domain import Audit, AuditMode, AuditStatus, AuditType
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Placement, Plan

CLIENT = "client"
"""The kind of a client's entry."""
_CHINESE = frozenset({"zh", "zh-cn", "zh_cn", "中文", "汉语", "普通话", "chinese", "mandarin"})
_ENGLISH = frozenset({"en", "en-gb", "en-us", "english", "英文", "英语"})


def client_entries(facts: Facts, plan: Plan, language: str) -> tuple[Entry, ...]:
    """An entry for the client of every audit that takes place with the client and is announced, in the client's
    language where it is one of ours."""
    texts = {spoken: Texts(facts, spoken) for spoken in ("en", "zh")}
    found = []
    for placement in plan.placements:
        audit = facts.lookup.audits[placement.audit]
        if tells_client(audit):
            spoken = language_of(facts.lookup.clients[audit.client].language) or language
            found.append(_entry(facts, texts[spoken], audit, placement))
    return tuple(found)


def tells_client(audit: Audit) -> bool:
    """Whether the client takes part in an audit and may know of it: not work at a desk, not a decision, not an
    unannounced audit."""
    return not audit.unannounced and audit.mode is not AuditMode.DESK and audit.type is not AuditType.DECISION


def language_of(text: str) -> str:
    """The language of ours that a text means; "" for another."""
    folded = text.strip().casefold()
    return "zh" if folded in _CHINESE else "en" if folded in _ENGLISH else ""


def client_summary(facts: Facts, texts: Texts, audit: Audit) -> str:
    """Who comes, and what for."""
    organisation = one_line(facts.body.settings.organisation)
    kind = texts.kind(audit)
    return texts.say("client-summary", organisation=organisation, type=kind) if organisation else kind


def _entry(facts: Facts, texts: Texts, audit: Audit, placement: Placement) -> Entry:
    """The entry of a client."""
    return Entry(
        key=(audit.id, audit.client, CLIENT),
        parts=day_parts(worked_slots(facts, audit, placement)),
        summary=client_summary(facts, texts, audit),
        description=_description(texts, audit, placement),
        location=texts.location(audit),
        category=texts.kind(audit),
        confirmed=placement.status in {AuditStatus.CONFIRMED, AuditStatus.DONE},
        region=facts.geography.site(audit).region,
        place=texts.place(audit),
        role=CLIENT,
    )


def _description(texts: Texts, audit: Audit, placement: Placement) -> str:
    """What a client must know (ISO/IEC 17021-1, 9.2.3: dates, standards and the members of the team)."""
    lines = [
        texts.say("standards", standards=texts.listed(audit.standards)),
        *texts.members(placement, covers=False),
        texts.say("place", place=texts.location(audit)),
        texts.say("opening", when=texts.moment(placement.start, begin=True)),
        texts.say("closing", when=texts.moment(placement.end, begin=False)),
    ]
    return clean("\n".join(lines))
