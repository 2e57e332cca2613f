"""The words of the workbook's closed lists, in both languages. The first word of a language is written, all
are read (after folding: letter case, spaces and full-width forms do not matter)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from auditplan.planner.cycle.profiles import serves
from auditplan.planner.domain import (
    Audit,
    AuditMode,
    AuditStatus,
    AuditType,
    CertificateStatus,
    Complexity,
    Employment,
    HolidayKind,
    Lock,
    Part,
    Role,
    RuleKind,
)
from auditplan.planner.problems import Severity


@dataclass(frozen=True, slots=True)
class Word:
    """How a member of a closed list is spelled."""

    en: str
    zh: str
    also: tuple[str, ...] = ()

    def written(self, language: str) -> str:
        """The spelling that is written in a language."""
        spelling: str = getattr(self, language)
        return spelling


Words = Mapping[Enum, Word]

ROLES: Words = {
    Role.LEAD: Word("lead", "组长", ("审核组长", "审查组长", "主任审核员", "lead auditor")),
    Role.AUDITOR: Word("auditor", "审核员", ("审查员", "组员", "reviewer")),
    Role.EXPERT: Word("expert", "技术专家", ("专家", "technical expert")),
    Role.TRAINEE: Word("trainee", "实习", ("实习审核员", "实习审查员")),
    Role.DECISION: Word("decision", "评定", ("评定人员", "认证决定", "decision maker")),
}
SERVICE_ROLES: Words = {
    **ROLES,
    Role.AUDITOR: Word("auditor", "审查员"),
    Role.TRAINEE: Word("trainee", "实习审查员"),
}
"""How roles are called in the certification of services, where nobody audits a management system."""
EMPLOYMENTS: Words = {
    Employment.FULL_TIME: Word("full-time", "专职", ("full time",)),
    Employment.PART_TIME: Word("part-time", "兼职", ("part time",)),
    Employment.CONTRACT: Word("contract", "外聘", ("contractor",)),
}
AUDIT_TYPES: Words = {
    AuditType.DOCUMENT_REVIEW: Word("document review", "文件审核", ("文件审查", "文审")),
    AuditType.STAGE_1: Word("stage 1", "一阶段", ("第一阶段", "stage one")),
    AuditType.STAGE_2: Word("stage 2", "二阶段", ("第二阶段", "stage two")),
    AuditType.INITIAL: Word("initial", "初审", ("初次审核", "初次认证", "现场审查", "初次审查", "initial audit")),
    AuditType.SURVEILLANCE: Word("surveillance", "监督", ("监督审核", "监督审查", "年度监督")),
    AuditType.RECERTIFICATION: Word("recertification", "再认证", ("换证", "复评", "再认证审核", "再认证审查")),
    AuditType.SPECIAL: Word("special", "特殊", ("特殊审核", "特殊审查", "special audit")),
    AuditType.SPOT_CHECK: Word("spot check", "飞行检查", ("飞检", "突击检查")),
    AuditType.FOLLOW_UP: Word("follow-up", "整改验证", ("follow up", "跟踪验证")),
    AuditType.DECISION: Word("decision", "评定", ("认证决定", "认证评定")),
}
SERVICE_TYPES: Words = {
    **AUDIT_TYPES,
    AuditType.DOCUMENT_REVIEW: Word("document review", "文件审查"),
    AuditType.INITIAL: Word("initial", "现场审查"),
    AuditType.SURVEILLANCE: Word("surveillance", "监督审查"),
    AuditType.RECERTIFICATION: Word("recertification", "再认证审查"),
    AuditType.SPECIAL: Word("special", "特殊审查"),
}
"""The same in the certification of services (GB/T 27922)."""
AUDIT_MODES: Words = {
    AuditMode.ON_SITE: Word("on-site", "现场", ("on site", "onsite", "FS01", "现场审核", "现场审查")),
    AuditMode.REMOTE: Word("remote", "远程", ("FS02", "远程审核")),
    AuditMode.MIXED: Word("mixed", "混合", ("FS03", "hybrid", "现场+远程")),
    AuditMode.DESK: Word("desk", "文审", ("文件审核", "文件审查")),
}
AUDIT_STATUSES: Words = {
    AuditStatus.OPEN: Word("open", "待排", ("未排",)),
    AuditStatus.PROPOSED: Word("proposed", "拟定", ("拟排",)),
    AuditStatus.CONFIRMED: Word("confirmed", "已确认", ("确认",)),
    AuditStatus.DONE: Word("done", "已完成", ("完成",)),
    AuditStatus.CANCELLED: Word("cancelled", "已取消", ("canceled", "取消")),
}
CERTIFICATE_STATUSES: Words = {
    CertificateStatus.VALID: Word("valid", "有效"),
    CertificateStatus.SUSPENDED: Word("suspended", "暂停"),
    CertificateStatus.WITHDRAWN: Word("withdrawn", "撤销", ("注销",)),
}
COMPLEXITIES: Words = {
    Complexity.HIGH: Word("high", "高"),
    Complexity.MEDIUM: Word("medium", "中"),
    Complexity.LOW: Word("low", "低"),
    Complexity.LIMITED: Word("limited", "有限"),
}
PARTS: Words = {
    Part.AM: Word("AM", "上午", ("morning",)),
    Part.PM: Word("PM", "下午", ("afternoon",)),
}
LOCKS: Words = {
    Lock.DATE: Word("date", "日期"),
    Lock.LEAD: Word("lead", "组长"),
    Lock.TEAM: Word("team", "组员"),
    Lock.ALL: Word("all", "全部"),
    Lock.DATE | Lock.LEAD: Word("date + lead", "日期＋组长", ("date, lead", "date/lead", "日期、组长", "日期和组长")),
    Lock.DATE | Lock.TEAM: Word("date + team", "日期＋组员", ("date, team", "date/team", "日期、组员", "日期和组员")),
    Lock.LEAD | Lock.TEAM: Word("lead + team", "组长＋组员", ("lead, team", "lead/team", "组长、组员", "组长和组员")),
}
HOLIDAY_KINDS: Words = {
    HolidayKind.OFF: Word("off", "放假", ("休", "休息", "holiday")),
    HolidayKind.WORK: Word("work", "上班", ("班", "调休上班", "working")),
}
RULE_KINDS: Words = {
    RuleKind.HARD: Word("hard", "硬"),
    RuleKind.SOFT: Word("soft", "软"),
}
SEVERITIES: Words = {
    Severity.ERROR: Word("error", "错误"),
    Severity.WARNING: Word("warning", "警告"),
    Severity.NOTICE: Word("notice", "提示"),
}
YES = Word("yes", "是", ("y", "true", "1", "√", "✓", "✔"))
NO = Word("no", "否", ("n", "false", "0", "×", "✗", "✘", "x"))
CONSULTANCY = Word("consultancy", "咨询", ("consulting",))
OBJECTION = Word("objection", "客户异议", ("异议", "客户拒绝", "client objection"))
TOTALS = ("合计", "总计", "小计", "total", "subtotal")
WEEKDAYS: tuple[Word, ...] = (
    Word("Mon", "周一", ("Monday", "星期一", "礼拜一")),
    Word("Tue", "周二", ("Tuesday", "星期二", "礼拜二", "Tues")),
    Word("Wed", "周三", ("Wednesday", "星期三", "礼拜三")),
    Word("Thu", "周四", ("Thursday", "星期四", "礼拜四", "Thur", "Thurs")),
    Word("Fri", "周五", ("Friday", "星期五", "礼拜五")),
    Word("Sat", "周六", ("Saturday", "星期六", "礼拜六")),
    Word("Sun", "周日", ("Sunday", "星期日", "星期天", "周天", "礼拜天")),
)
"""ISO order: Monday first."""


def type_word(audit: Audit) -> Word:
    """What an audit is called."""
    return (SERVICE_TYPES if is_service(audit) else AUDIT_TYPES)[audit.type]


def role_word(audit: Audit, role: Role) -> Word:
    """What somebody is called in the team of an audit."""
    return (SERVICE_ROLES if is_service(audit) else ROLES)[role]


def is_service(audit: Audit) -> bool:
    """Whether an audit evaluates a service only, which Chinese has words of its own for (审查, not 审核)."""
    return bool(audit.standards) and all(serves((standard,)) for standard in audit.standards)
