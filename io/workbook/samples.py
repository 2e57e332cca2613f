"""The books of `sample_inputs/`, made anew: `python -m auditplan.io.workbook.samples FOLDER`."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from auditplan.io.files import whole_file
from auditplan.io.workbook.template import write_template
from auditplan.planner.demo import demo_body


def write_samples(folder: Path) -> None:
    """Writes a small English body, a medium Chinese one, and a messy Chinese book that `check` reports on."""
    write_template(folder / "small_en.xlsx", "en", demo_body("small", "en"))
    write_template(folder / "medium_zh.xlsx", "zh", demo_body("medium", "zh"))
    write_messy(folder / "messy_zh.xlsx")


def write_messy(path: Path) -> None:
    """Writes a book as people really keep them: titles above headers, merged cells, dates as text, totals, slips."""
    import xlsxwriter

    with whole_file(path) as target:
        book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the same bytes every time
        for name, rows in _SHEETS.items():
            _page(book, name, rows)
        book.close()


def _page(book: Any, name: str, rows: list[list[object]]) -> None:
    """One sheet of the messy book."""
    page = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy年m月d日"})
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                page.write_datetime(row, column, cell, day)
            elif isinstance(cell, str) and cell.startswith("="):
                page.write_formula(row, column, cell, None, "#N/A" if "NA" in cell else "")
            elif cell is not None:
                page.write(row, column, cell)
    if name == "审核任务":
        page.merge_range(0, 0, 0, 8, rows[0][0])
        page.merge_range(1, 8, 1, 9, "组长")


_SHEETS: dict[str, list[list[object]]] = {
    "设置": [["设置项", "值"], ["计划开始", "2027年1月4日"], ["计划结束", "2027.3.31"], ["住宿费", "３５０"]],
    "区域": [["区域", "城市"], ["华东", "上海"], ["华东", "杭州"], ["华北", "北京"]],
    "审核员": [
        ["审核员", "姓名", "区域", "用工", "工作日", "入职日期"],
        ["S01", "王芳", "华东", "专职", "周一至周五", date(2020, 3, 1)],
        ["S02", "李伟", "华东", "兼职", "周一、周三", None],
        ["S03", "张敏", "华北", "专职", None, None],
        ["S03", "赵磊", "华北", "外聘", None, None],
    ],
    "资质": [
        ["审核员", "标准", "专业代码", "角色", "失效日"],
        ["王芳", "ISO9001：2015/14001", "17、19", "组长", "2027/12/31"],
        ["李伟", "ＩＳＯ 9001", "17；29", "审核员", "20280630"],
        ["张敏", "ISO 9001:2015", 3.1, "组长", "2028.5.31"],
        ["王芬", "ISO 9001:2015", "17", "审核员", None],
    ],
    "客户": [
        ["客户", "名称", "区域", "有效人数"],
        ["K1", "示例精密机械有限公司", "华东", "５５"],
        ["K2", "示例电子科技有限公司", "华北", "=NA()"],
        ["K3", "示例食品有限公司", "华东", 120],
    ],
    "审核任务": [
        ["2027年第一季度审核任务一览"],
        ["任务号", "客户", "类型", "标准", "专业代码", "人日", "最早", "截止", "组长"],
        ["R1", "K1", "监督", "ISO9001：2015/14001", "17", "２．５", "2027-01-11", "2027年3月10日", None],
        ["R2", "K2", "再认证", "ISO 9001:2015", "29", 4, "2027/1/18", "2027/3/20", "王方"],
        ["R3", "K3", "监督", "ISO 9001:2015", "17", 1.7, "20270111", "03/04/2027", None],
        ["R3", "K1", "一阶段", "ISO 9001", "17", 1, "2027.1.5", "2027.2.5", None],
        ["R5", "K1", "监査", "ISO 9001", "17", "=B99*2", "2027-02-01", "2027-03-15", None],
        ["合计", None, None, None, None, 9.2],
    ],
    "备忘": [["这张表本程序不认识，原样保留"]],
}


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]))
