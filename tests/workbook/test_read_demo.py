"""Whole invented bodies, written by the template and read back: every object comes back as it was."""

from __future__ import annotations

import time
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.workbook.read import read_book
from auditplan.io.workbook.template import write_template
from auditplan.planner.demo import demo_body

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_small_body_comes_back_as_it_was(language: str, tmp_path: Path) -> None:
    body = demo_body("small", language=language, seed=1)
    path = tmp_path / "demo.xlsx"
    write_template(path, language, body)
    reading = read_book(path, today=TODAY)
    assert not reading.stopping, reading.problems
    assert reading.body is not None
    assert reading.language == language
    for part in fields(body):
        if part.name != "settings":
            assert getattr(reading.body, part.name) == getattr(body, part.name), part.name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_template_has_no_error(language: str, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    write_template(path, language)
    assert not read_book(path, today=TODAY).stopping


@pytest.mark.slow
def test_a_large_book_is_read_in_seconds(chinese: dict[str, Any], write_book: Any) -> None:
    """As many rows as the largest bodies have, on one core; a factor of two for a busy machine."""
    chinese["客户"] = [["客户", "名称", "区域", "地址", "有效人数"]]
    chinese["客户"] += [[f"C{at}", f"公司{at}", "华东", f"路{at}号", at] for at in range(14_000)]
    chinese["证书"] = [["证书号", "客户", "标准", "专业代码", "评定日期", "到期日", "上次类型", "复杂程度"]]
    chinese["证书"] += [
        [f"Z{at}", f"C{at % 14_000}", "GB/T 27922/ISO 9001", "17；19.05", "2024-05-01", "2027-04-30", "监督", "高"]
        for at in range(19_000)
    ]
    chinese["历史"] = [["客户", "审核员", "标准", "角色", "日期"]]
    chinese["历史"] += [[f"C{at}", "A1", "ISO 9001", "组长", "2025-05-01"] for at in range(14_000)]
    chinese["审核任务"] = [["任务号", "客户", "类型", "标准", "专业代码", "人日", "最早", "截止"]]
    chinese["审核任务"] += [
        [f"T{at}", f"C{at}", "监督", "GB/T 27922", "17", 2, "2027-01-04", "2027-02-26"] for at in range(2_300)
    ]
    path = write_book(chinese)
    began = time.process_time()
    reading = read_book(path, today=TODAY)
    assert time.process_time() - began < 10
    assert reading.problems == ()
