"""The schema of the workbook: every sheet and column, once, in both languages.

Reading, checking, the template and the sheets written are all driven by it. The names are the contract of
the workbook with coordinators and scripts.
"""

from __future__ import annotations

from auditplan.io.workbook import words
from auditplan.io.workbook.columns import Column as Column
from auditplan.io.workbook.columns import Kind as Kind
from auditplan.io.workbook.columns import Sheet as Sheet
from auditplan.io.workbook.columns import make_column as _c
from auditplan.io.workbook.schema_written import ASSIGNMENTS as ASSIGNMENTS
from auditplan.io.workbook.schema_written import CALENDAR as CALENDAR
from auditplan.io.workbook.schema_written import CHANGES as CHANGES
from auditplan.io.workbook.schema_written import PROBLEMS as PROBLEMS
from auditplan.io.workbook.schema_written import SCHEDULE as SCHEDULE
from auditplan.io.workbook.schema_written import SUMMARY as SUMMARY
from auditplan.io.workbook.schema_written import UNPLACED as UNPLACED
from auditplan.io.workbook.schema_written import WORKLOAD as WORKLOAD

SETTINGS_KEYS: tuple[Column, ...] = (
    _c("plan_from", "Plan from", "计划开始", Kind.DATE),
    _c("plan_to", "Plan to", "计划结束", Kind.DATE),
    _c("today", "Today", "今天", Kind.DATE),
    _c("organisation", "Organisation", "机构"),
    _c("organiser_email", "Organiser email", "组织者邮箱", Kind.EMAIL),
    _c("time_zone", "Time zone", "时区"),
    _c("country", "Country", "国家"),
    _c("day_starts", "Day starts", "上班", Kind.TIME),
    _c("lunch_starts", "Lunch starts", "午休开始", Kind.TIME),
    _c("lunch_ends", "Lunch ends", "午休结束", Kind.TIME),
    _c("day_ends", "Day ends", "下班", Kind.TIME),
    _c("currency", "Currency", "币种"),
    _c("language", "Language", "语言"),
    _c("longest_span", "Longest span", "最长连续天数", Kind.DAYS, limits=(0.5, 60)),
    _c("across_weekends", "Across weekends", "可跨周末", Kind.YES_NO),
    _c("freeze_days", "Freeze days", "冻结天数", Kind.COUNT, limits=(0, 366)),
    _c("cost_per_km", "Cost per km", "每公里费用", Kind.MONEY, limits=(0, 1e6)),
    _c("night_away", "Night away", "住宿费", Kind.MONEY, limits=(0, 1e6)),
    _c("cost_per_change", "Cost per change", "改动费用", Kind.MONEY, limits=(0, 1e9)),
    _c("full_time_member", "Full-time member in every team", "每组至少一名专职", Kind.YES_NO),
    _c("reminder", "Reminder (hours before)", "提前提醒（小时）", Kind.COUNT, limits=(0, 8784)),
)
"""The rows of the Settings sheet: a column each, keyed by the field of `Settings`."""

SETTINGS = Sheet(
    key="settings",
    en="Settings",
    zh="设置",
    columns=(
        _c("setting", "Setting", "设置项", required=True, width=32),
        _c("value", "Value", "值", required=True, width=24),
    ),
    identity=("setting",),
)
AUDITORS = Sheet(
    key="auditors",
    en="Auditors",
    zh="审核员",
    required=True,
    identity=("id",),
    columns=(
        _c("id", "Auditor", "审核员", required=True),
        _c("name", "Name", "姓名"),
        _c("email", "Email", "邮箱", Kind.EMAIL, width=26),
        _c("employment", "Employment", "用工", Kind.CHOICE, choices=words.EMPLOYMENTS),
        _c("region", "Region", "区域", Kind.REFERENCE, required=True, refers=("regions",)),
        _c("city", "City", "城市"),
        _c("max_days", "Max days", "最多人日", Kind.DAYS, limits=(0, 366)),
        _c("max_days_per_week", "Max days per week", "每周最多人日", Kind.DAYS, limits=(0, 7)),
        _c("max_nights", "Max nights in a row", "连续出差上限", Kind.COUNT, limits=(0, 366)),
        _c("target_days", "Target days", "目标人日", Kind.DAYS, limits=(0, 366)),
        _c("working_days", "Working days", "工作日", Kind.WEEKDAYS),
        _c("cost_per_day", "Cost per day", "日费", Kind.MONEY, limits=(0, 1e6)),
        _c("languages", "Languages", "语言", Kind.LIST),
        _c("active_from", "Active from", "入职", Kind.DATE),
        _c("active_to", "Active to", "离职", Kind.DATE),
    ),
)
QUALIFICATIONS = Sheet(
    key="qualifications",
    en="Qualifications",
    zh="资质",
    required=True,
    columns=(
        _c("auditor", "Auditor", "审核员", Kind.REFERENCE, required=True, refers=("auditors",)),
        _c("standard", "Standard", "标准", Kind.STANDARD, required=True, width=20),
        _c("codes", "Codes", "专业代码", Kind.CODES, width=26),
        _c("role", "Role", "角色", Kind.CHOICE, required=True, choices=words.ROLES),
        _c("valid_from", "Valid from", "生效日", Kind.DATE),
        _c("valid_to", "Valid to", "失效日", Kind.DATE),
    ),
)
REGIONS = Sheet(
    key="regions",
    en="Regions",
    zh="区域",
    required=True,
    identity=("region", "city"),
    columns=(
        _c("region", "Region", "区域", required=True),
        _c("city", "City", "城市"),
        _c("latitude", "Latitude", "纬度", Kind.NUMBER, limits=(-90, 90)),
        _c("longitude", "Longitude", "经度", Kind.NUMBER, limits=(-180, 180)),
        _c("country", "Country", "国家"),
    ),
)
TRAVEL = Sheet(
    key="travel",
    en="Travel",
    zh="差旅",
    identity=("start", "end"),
    columns=(
        _c("start", "From", "出发", required=True),
        _c("end", "To", "到达", required=True),
        _c("hours", "Hours", "小时", Kind.NUMBER, limits=(0, 240)),
        _c("cost", "Cost", "费用", Kind.MONEY, limits=(0, 1e7)),
    ),
)
CLIENTS = Sheet(
    key="clients",
    en="Clients",
    zh="客户",
    required=True,
    identity=("id",),
    columns=(
        _c("id", "Client", "客户", required=True, width=18),
        _c("name", "Name", "名称", width=30),
        _c("region", "Region", "区域", Kind.REFERENCE, required=True, refers=("regions",)),
        _c("city", "City", "城市"),
        _c("address", "Address", "地址", width=32),
        _c("contact", "Contact", "联系人"),
        _c("email", "Email", "邮箱", Kind.EMAIL, width=26),
        _c("language", "Language", "语言"),
        _c("personnel", "Personnel", "有效人数", Kind.COUNT, limits=(0, 1e7)),
        _c("sites", "Sites", "场所数", Kind.COUNT, limits=(1, 1e5)),
        _c("preferred_months", "Preferred months", "偏好月份", Kind.MONTHS),
        _c("avoid_weekdays", "Avoid weekdays", "避开星期", Kind.WEEKDAYS),
        _c("holidays_worked", "Holidays worked", "可在调休日审核", Kind.YES_NO),
    ),
)
CERTIFICATES = Sheet(
    key="certificates",
    en="Certificates",
    zh="证书",
    identity=("id",),
    columns=(
        _c("id", "Certificate", "证书号", required=True, width=18),
        _c("client", "Client", "客户", Kind.REFERENCE, required=True, refers=("clients",), width=18),
        _c("standards", "Standards", "标准", Kind.STANDARDS, required=True, width=24),
        _c("codes", "Codes", "专业代码", Kind.CODES, width=18),
        _c("decision_date", "Decision date", "评定日期", Kind.DATE, required=True),
        _c("issue_date", "Issue date", "发证日期", Kind.DATE),
        _c("expiry_date", "Expiry date", "到期日", Kind.DATE, required=True),
        _c("last_audit", "Last audit", "上次审核日", Kind.DATE),
        _c("last_type", "Last type", "上次类型", Kind.CHOICE, choices=words.AUDIT_TYPES),
        _c("initial_days", "Initial days", "初审人日", Kind.DAYS, limits=(0, 1000)),
        _c("complexity", "Complexity", "复杂程度", Kind.CHOICE, choices=words.COMPLEXITIES),
        _c("stars", "Stars", "星级", Kind.COUNT, limits=(0, 5)),
        _c("score", "Score", "得分", Kind.NUMBER, limits=(0, 100)),
        _c("status", "Status", "状态", Kind.CHOICE, choices=words.CERTIFICATE_STATUSES),
        _c("profile", "Profile", "规则"),
    ),
)
AUDITS = Sheet(
    key="audits",
    en="Audits",
    zh="审核任务",
    required=True,
    identity=("id",),
    columns=(
        _c("id", "Audit", "任务号", required=True),
        _c("client", "Client", "客户", Kind.REFERENCE, required=True, refers=("clients",), width=18),
        _c("type", "Type", "类型", Kind.CHOICE, required=True, choices=words.AUDIT_TYPES),
        _c("standards", "Standards", "标准", Kind.STANDARDS, required=True, width=24),
        _c("codes", "Codes", "专业代码", Kind.CODES, width=18),
        _c("days", "Days", "人日", Kind.DAYS, required=True, limits=(0.5, 400)),
        _c("smallest_team", "Smallest team", "最少人数", Kind.COUNT, limits=(1, 50)),
        _c("largest_team", "Largest team", "最多人数", Kind.COUNT, limits=(1, 50)),
        _c("earliest", "Earliest", "最早", Kind.DATE),
        _c("due", "Due", "截止", Kind.DATE, required=True),
        _c("target", "Target", "目标日期", Kind.DATE),
        _c("mode", "Mode", "方式", Kind.CHOICE, choices=words.AUDIT_MODES),
        _c("region", "Region", "区域", Kind.REFERENCE, refers=("regions",)),
        _c("city", "City", "城市"),
        _c("after", "After", "前置任务", Kind.REFERENCE, refers=("audits",)),
        _c("gap_from", "Gap from", "最短间隔", Kind.COUNT, limits=(0, 3660)),
        _c("gap_to", "Gap to", "最长间隔", Kind.COUNT, limits=(0, 3660)),
        _c("same_team_as", "Same team as", "同组", Kind.REFERENCE, refers=("audits",)),
        _c("not_team_of", "Not the team of", "回避组", Kind.REFERENCE, refers=("audits",)),
        _c("experts", "Experts", "技术专家数", Kind.COUNT, limits=(0, 20)),
        _c("trainees", "Trainees", "实习人数", Kind.COUNT, limits=(0, 20)),
        _c("priority", "Priority", "优先级", Kind.COUNT, limits=(1, 5)),
        _c("unannounced", "Unannounced", "不通知客户", Kind.YES_NO),
        _c("lead", "Lead", "组长", Kind.REFERENCE, refers=("auditors",)),
        _c("team", "Team", "组员", Kind.REFERENCES, refers=("auditors",), width=20),
        _c("start", "Start", "开始日期", Kind.DATE),
        _c("status", "Status", "状态", Kind.CHOICE, choices=words.AUDIT_STATUSES),
        _c("generated", "Generated", "生成", width=30),
    ),
)
UNAVAILABLE = Sheet(
    key="unavailable",
    en="Unavailable",
    zh="不可用",
    columns=(
        _c("who", "Who", "对象", Kind.REFERENCE, required=True, refers=("auditors", "clients")),
        _c("start", "From", "开始", Kind.DATE, required=True),
        _c("until", "To", "结束", Kind.DATE),
        _c("part", "Part", "时段", Kind.CHOICE, choices=words.PARTS),
        _c("reason", "Reason", "原因", width=24),
    ),
)
HOLIDAYS = Sheet(
    key="holidays",
    en="Holidays",
    zh="节假日",
    identity=("day", "country"),
    columns=(
        _c("day", "Date", "日期", Kind.DATE, required=True),
        _c("kind", "Kind", "类型", Kind.CHOICE, required=True, choices=words.HOLIDAY_KINDS),
        _c("country", "Country", "国家"),
    ),
)
CONFLICTS = Sheet(
    key="conflicts",
    en="Conflicts",
    zh="回避",
    columns=(
        _c("auditor", "Auditor", "审核员", Kind.REFERENCE, required=True, refers=("auditors",)),
        _c("client", "Client", "客户", Kind.REFERENCE, required=True, refers=("clients",), width=18),
        _c("reason", "Reason", "原因", width=24),
        _c("start", "From", "起", Kind.DATE),
        _c("until", "Until", "止", Kind.DATE),
    ),
)
HISTORY = Sheet(
    key="history",
    en="History",
    zh="历史",
    columns=(
        _c("client", "Client", "客户", Kind.REFERENCE, required=True, refers=("clients",), width=18),
        _c("auditor", "Auditor", "审核员", Kind.REFERENCE, required=True, refers=("auditors",)),
        _c("standard", "Standard", "标准", Kind.STANDARD, width=20),
        _c("role", "Role", "角色", Kind.CHOICE, choices=words.ROLES),
        _c("day", "Date", "日期", Kind.DATE, required=True),
    ),
)
RULES = Sheet(
    key="rules",
    en="Rules",
    zh="规则",
    identity=("rule",),
    columns=(
        _c("rule", "Rule", "规则", required=True, width=36),
        _c("on", "On", "启用", Kind.YES_NO),
        _c("kind", "Kind", "性质", Kind.CHOICE, choices=words.RULE_KINDS),
        _c("value", "Value", "数值", Kind.NUMBER),
        _c("weight", "Weight", "权重", Kind.NUMBER, limits=(0, 1e9)),
        _c("source", "Source", "依据", width=90),
    ),
)
SCENARIOS = Sheet(
    key="scenarios",
    en="Scenarios",
    zh="情景",
    columns=(
        _c("scenario", "Scenario", "情景", required=True),
        _c("change", "Change", "变化", required=True, width=20),
        _c("target", "Target", "对象", width=24),
        _c("value", "Value", "数值", width=20),
        _c("note", "Note", "说明", width=32),
    ),
)
AUDIT_TIME = Sheet(
    key="audit_time",
    en="Audit time",
    zh="审核时间",
    columns=(
        _c("scheme", "Scheme", "体系", Kind.STANDARD, required=True, width=20),
        _c("complexity", "Complexity", "复杂程度", Kind.CHOICE, choices=words.COMPLEXITIES),
        _c("low", "From", "人数从", Kind.COUNT, required=True, limits=(0, 1e7)),
        _c("high", "To", "人数至", Kind.COUNT, required=True, limits=(0, 1e7)),
        _c("days", "Days", "人日", Kind.DAYS, required=True, limits=(0.5, 1000)),
    ),
)
SITES = Sheet(
    key="sites",
    en="Sites",
    zh="场所",
    identity=("client", "site"),
    columns=(
        _c("client", "Client", "客户", Kind.REFERENCE, required=True, refers=("clients",), width=18),
        _c("site", "Site", "场所", required=True, width=24),
        _c("region", "Region", "区域", Kind.REFERENCE, refers=("regions",)),
        _c("city", "City", "城市"),
        _c("central", "Central", "中心", Kind.YES_NO),
        _c("last_audited", "Last audited", "上次审核", Kind.DATE),
    ),
)

INPUT_SHEETS: tuple[Sheet, ...] = (
    SETTINGS,
    AUDITORS,
    QUALIFICATIONS,
    REGIONS,
    TRAVEL,
    CLIENTS,
    CERTIFICATES,
    SITES,
    AUDIT_TIME,
    AUDITS,
    UNAVAILABLE,
    HOLIDAYS,
    CONFLICTS,
    HISTORY,
    RULES,
    SCENARIOS,
)
OUTPUT_SHEETS: tuple[Sheet, ...] = (
    SCHEDULE,
    ASSIGNMENTS,
    UNPLACED,
    CALENDAR,
    WORKLOAD,
    SUMMARY,
    CHANGES,
    PROBLEMS,
)
SHEETS: dict[str, Sheet] = {sheet.key: sheet for sheet in (*INPUT_SHEETS, *OUTPUT_SHEETS)}
