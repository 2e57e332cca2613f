"""The closed lists of the trade: roles, kinds and states, as everybody in the field names them."""

from __future__ import annotations

from enum import Enum, Flag, auto


class Role(Enum):
    """What a person is qualified to be in a team."""

    LEAD = "lead"
    AUDITOR = "auditor"
    EXPERT = "expert"
    TRAINEE = "trainee"
    DECISION = "decision"


class Employment(Enum):
    """How a person works for the body."""

    FULL_TIME = "full-time"
    PART_TIME = "part-time"
    CONTRACT = "contract"


class AuditType(Enum):
    """The kind of an audit."""

    DOCUMENT_REVIEW = "document review"
    STAGE_1 = "stage 1"
    STAGE_2 = "stage 2"
    INITIAL = "initial"
    SURVEILLANCE = "surveillance"
    RECERTIFICATION = "recertification"
    SPECIAL = "special"
    SPOT_CHECK = "spot check"
    FOLLOW_UP = "follow-up"
    DECISION = "decision"


class AuditMode(Enum):
    """Where the work is done. Remote and desk work need no travel; mixed travels for the first half."""

    ON_SITE = "on-site"
    REMOTE = "remote"
    MIXED = "mixed"
    DESK = "desk"


class AuditStatus(Enum):
    """How firm an audit is."""

    OPEN = "open"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"


class CertificateStatus(Enum):
    """Whether a certificate stands."""

    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Complexity(Enum):
    """Complexity category of a client's activities (IAF MD 5)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    LIMITED = "limited"


class Part(Enum):
    """The half of a working day. A half day is one slot."""

    AM = "AM"
    PM = "PM"


class Lock(Flag):
    """What the coordinator keeps of a placed audit; parts can be put together."""

    DATE = auto()
    LEAD = auto()
    TEAM = auto()
    ALL = DATE | LEAD | TEAM


class HolidayKind(Enum):
    """Whether a day of the Holidays sheet is free or worked."""

    OFF = "off"
    WORK = "work"


class RuleKind(Enum):
    """Whether a rule may never be broken or only at a price."""

    HARD = "hard"
    SOFT = "soft"
