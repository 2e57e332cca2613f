"""The audits that a change is about, as typed: `all`, or `type=surveillance, standard=ISO 9001, region=North`."""

from __future__ import annotations

import re

from auditplan.io.workbook import words
from auditplan.io.workbook.read_references import References, resolve
from auditplan.io.workbook.read_spelling import fold, nearest, tidy
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.io.workbook.values_lists import split_standards
from auditplan.io.workbook.words_scenarios import ALL, FILTER_KEYS
from auditplan.planner.domain import AuditType
from auditplan.planner.scenarios.selection import EVERYTHING, Filter

_PARTS = re.compile(r"[,;、\r\n]+")
_KEYS = {fold(name): key for key, word in FILTER_KEYS.items() for name in (word.en, word.zh, *word.also)}
_TYPES = {fold(name): kind for kind, word in words.AUDIT_TYPES.items() for name in (word.en, word.zh, *word.also)}


def read_filter(text: str, regions: References) -> Filter:
    """The filter that a text names; blank means all. A part without `=` goes on with the key before it. Raises
    UnfitValueError."""
    if not text or fold(text) in {fold(word) for word in ALL}:
        return EVERYTHING
    found: dict[str, list[object]] = {}
    key = ""
    for part in _PARTS.split(tidy(text)):
        name, equals, value = part.partition("=")
        if equals:
            key = _key(name)
        elif not part.strip():
            continue
        elif not key:
            raise UnfitValueError("scenario-filter", given=part.strip())
        values = found.setdefault(key, [])
        values += [one for one in _values(key, (value if equals else part).strip(), regions) if one not in values]
    return Filter(**{name: tuple(values) for name, values in found.items()})  # type: ignore[arg-type]


def _key(name: str) -> str:
    """The field that a name means."""
    key = _KEYS.get(fold(name))
    if key is None:
        raise UnfitValueError("scenario-filter-key", given=name.strip())
    return key


def _values(key: str, text: str, regions: References) -> list[object]:
    """What one part asks for."""
    if not text:
        raise UnfitValueError("scenario-blank")
    if key == "types":
        return [_type(text)]
    if key == "standards":
        return list(split_standards(text))
    return [resolve(text, [regions])] if key == "regions" else [text]


def _type(text: str) -> AuditType:
    """A type of audit."""
    kind = _TYPES.get(fold(text))
    if isinstance(kind, AuditType):
        return kind
    near = nearest(text, [name for word in words.AUDIT_TYPES.values() for name in (word.en, word.zh)], 0.2)
    raise UnfitValueError("scenario-type", given=text, near=near or "surveillance")
