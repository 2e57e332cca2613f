"""The words of the Scenarios sheet and of `--set`, in both languages: changes, filters, and what a value may be."""

from __future__ import annotations

from auditplan.io.workbook.words import Word
from auditplan.planner.scenarios import changes

CHANGES: dict[type[changes.Change], Word] = {
    changes.AddAuditors: Word("add auditors", "增加审核员", ("add auditor", "增加人员")),
    changes.RemoveAuditor: Word("remove auditor", "减少审核员", ("remove auditors", "减少人员")),
    changes.AddQualification: Word("add qualification", "增加资质", ("add qualifications",)),
    changes.Absence: Word("unavailable", "不可用", ("absent", "请假")),
    changes.Demand: Word("demand", "业务量", ("需求",)),
    changes.WidenWindows: Word("widen windows", "放宽窗口", ("widen window",)),
    changes.RemoteShare: Word("remote share", "远程比例"),
    changes.TeamSize: Word("team size", "组员人数", ("组人数",)),
    changes.RuleChange: Word("rule", "规则"),
    changes.NewPeriod: Word("period", "计划期"),
}
LIKE = ("like", "同", "类似")
"""Before the auditor whom new people are like."""
ALL = ("all", "全部", "所有")
FILTER_KEYS: dict[str, Word] = {
    "types": Word("type", "类型"),
    "standards": Word("standard", "标准", ("standards",)),
    "regions": Word("region", "区域", ("地区",)),
    "codes": Word("code", "专业代码", ("codes", "代码")),
}
ON = ("on", "yes", "启用", "开", "是")
OFF = ("off", "no", "停用", "关", "否")
