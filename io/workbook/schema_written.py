"""The sheets that the planner writes: the second half of the schema."""

from __future__ import annotations

from auditplan.io.workbook import words
from auditplan.io.workbook.columns import Kind, Sheet
from auditplan.io.workbook.columns import make_column as _c

SCHEDULE = Sheet(
    key="schedule",
    en="Schedule",
    zh="排程",
    written=True,
    identity=("audit",),
    columns=(
        _c("audit", "Audit", "任务号", Kind.REFERENCE, refers=("audits",), required=True),
        _c("client", "Client", "客户", width=26),
        _c("type", "Type", "类型", Kind.CHOICE, choices=words.AUDIT_TYPES),
        _c("standards", "Standards", "标准", Kind.STANDARDS, width=26),
        _c("region", "Region", "区域"),
        _c("city", "City", "城市"),
        _c("start", "Start", "开始日期", Kind.DATE, required=True, width=12),
        _c("start_part", "Start part", "开始时段", Kind.CHOICE, choices=words.PARTS, width=9),
        _c("end", "End", "结束日期", Kind.DATE, width=12),
        _c("end_part", "End part", "结束时段", Kind.CHOICE, choices=words.PARTS, width=9),
        _c("days", "Days", "人日", Kind.DAYS, width=8),
        _c("lead", "Lead", "组长", Kind.REFERENCE, refers=("auditors",)),
        _c("team", "Team", "组员", Kind.REFERENCES, refers=("auditors",), width=24),
        _c("experts", "Experts", "技术专家", Kind.REFERENCES, refers=("auditors",)),
        _c("trainees", "Trainees", "实习", Kind.REFERENCES, refers=("auditors",)),
        _c("travel_cost", "Travel cost", "差旅费", Kind.MONEY, width=12),
        _c("due", "Due", "截止", Kind.DATE, width=12),
        _c("slack", "Slack (days)", "余量（天）", Kind.COUNT, width=10),
        _c("status", "Status", "状态", Kind.CHOICE, choices=words.AUDIT_STATUSES, width=10),
        _c("lock", "Lock", "锁定", Kind.CHOICE, choices=words.LOCKS, width=9),
        _c("why", "Why", "理由", width=60),
    ),
)
ASSIGNMENTS = Sheet(
    key="assignments",
    en="Assignments",
    zh="派工",
    written=True,
    columns=(
        _c("auditor", "Auditor", "审核员"),
        _c("name", "Name", "姓名"),
        _c("audit", "Audit", "任务号"),
        _c("client", "Client", "客户", width=26),
        _c("role", "Role", "角色", Kind.CHOICE, choices=words.ROLES),
        _c("start", "Start", "开始", width=15),
        _c("end", "End", "结束", width=15),
        _c("days", "Days", "人日", Kind.DAYS, width=8),
        _c("covers", "Covers", "覆盖", width=36),
        _c("travel_out", "Travel out", "去程", width=30),
        _c("travel_back", "Travel back", "返程", width=30),
        _c("nights", "Nights", "住宿晚数", Kind.COUNT, width=9),
    ),
)
UNPLACED = Sheet(
    key="unplaced",
    en="Unplaced",
    zh="未排",
    written=True,
    columns=(
        _c("audit", "Audit", "任务号"),
        _c("client", "Client", "客户", width=26),
        _c("type", "Type", "类型", Kind.CHOICE, choices=words.AUDIT_TYPES),
        _c("due", "Due", "截止", Kind.DATE, width=12),
        _c("reason", "Reason", "原因", width=60),
        _c("fix", "Smallest fix", "最小改动", width=44),
        _c("consequence", "Consequence", "后果", width=44),
    ),
)
CALENDAR = Sheet(key="calendar", en="Calendar", zh="日历", written=True, columns=())
WORKLOAD = Sheet(
    key="workload",
    en="Workload",
    zh="工作量",
    written=True,
    columns=(
        _c("auditor", "Auditor", "审核员"),
        _c("name", "Name", "姓名"),
        _c("capacity", "Capacity", "可用人日", Kind.DAYS),
        _c("audit_days", "Audit days", "审核人日", Kind.DAYS),
        _c("travel_days", "Travel days", "差旅天数", Kind.DAYS),
        _c("leave", "Leave", "请假天数", Kind.DAYS),
        _c("use", "Use %", "利用率", Kind.PERCENT),
        _c("target", "Target", "目标人日", Kind.DAYS),
        _c("deviation", "Deviation", "偏差", Kind.NUMBER),
        _c("nights", "Nights", "住宿晚数", Kind.COUNT),
        _c("cost", "Cost", "费用", Kind.MONEY),
    ),
)
SUMMARY = Sheet(key="summary", en="Summary", zh="概览", written=True, columns=())
CHANGES = Sheet(
    key="changes",
    en="Changes",
    zh="变更",
    written=True,
    columns=(
        _c("audit", "Audit", "任务号"),
        _c("what", "What", "变更内容", width=20),
        _c("old", "Old", "原值", width=30),
        _c("new", "New", "新值", width=30),
        _c("told", "Tell", "须通知", width=40),
    ),
)
PROBLEMS = Sheet(
    key="problems",
    en="Problems",
    zh="问题",
    written=True,
    columns=(
        _c("severity", "Severity", "严重程度", Kind.CHOICE, choices=words.SEVERITIES, width=10),
        _c("sheet", "Sheet", "工作表"),
        _c("cell", "Cell", "单元格", width=9),
        _c("value", "Value", "内容", width=24),
        _c("problem", "Problem", "问题", width=60),
        _c("proposal", "Proposal", "建议", width=60),
    ),
)
