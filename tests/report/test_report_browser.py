"""The page in a browser: nothing is loaded or run that is not the page's own, and it can be searched, walked through
with the keyboard, and printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.report.build import report_of
from auditplan.io.report.page import write_page
from auditplan.io.workbook.written import Written
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan

pytestmark = pytest.mark.slow
LANES, AUDIT_BARS = "#chart tbody tr:not([hidden])", ".bar:not(.out)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The Chromium of the system; .ci/run installs it."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program is not None, "Chromium is not installed; .ci/run does it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def file(body: Body, plan: Plan, written: Written, tmp_path: Path) -> Path:
    """The page."""
    path = tmp_path / "plan.html"
    write_page(report_of(body, plan, written, "en"), path)
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    """The page, opened; at the end nothing was said on the console and nothing else asked for."""
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: said.append(request.url))
    opened.goto(file.as_uri())
    yield opened
    assert said == [file.as_uri()]
    opened.close()


def test_nothing_hostile_runs_and_everything_fits(page: Any) -> None:
    assert "audit plan" in page.title()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert page.locator("#chart tbody tr").count() == 3
    assert page.locator("h1").inner_text().startswith("Body </script>")


def test_a_bar_tells_all_when_the_mouse_is_on_it(page: Any) -> None:
    assert page.locator("#tip").is_hidden()
    page.locator("#chart tbody tr").nth(0).locator(".bar rect").first.hover()
    assert "Li Wei · lead" in page.locator("#tip").inner_text()
    assert page.locator(".bar.same").count() == 3, "the whole team's, and the journey"
    page.mouse.move(5, 5)
    assert page.locator("#tip").is_hidden()


def test_the_keyboard_goes_along_and_across(page: Any) -> None:
    page.locator(".bar[tabindex='0']").focus()
    assert "Li Wei" in page.locator("#tip").inner_text()
    page.keyboard.press("ArrowDown")
    assert "Wu" in page.locator("#tip").inner_text()
    page.keyboard.press("ArrowLeft")
    assert "Journey" in page.locator("#tip").inner_text()
    page.keyboard.press("End")
    assert "A2" in page.locator("#tip").inner_text()
    page.keyboard.press("ArrowUp")
    assert "A1" in page.locator("#tip").inner_text()
    assert page.locator(".bar[tabindex='0']").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()


def test_filters_by_name_client_type_and_region(page: Any) -> None:
    def shown() -> tuple[int, int, int, int]:
        """Lanes, bars, rows left out and rows changed."""
        page.wait_for_timeout(50)
        rows = [page.locator(f"#{name} tr[data-find]:not([hidden])").count() for name in ("unplaced", "changes")]
        return page.locator(LANES).count(), page.locator(f"{LANES} {AUDIT_BARS}").count(), *rows

    assert shown() == (3, 5, 1, 1)
    page.fill("#find", "li wei")
    assert shown() == (1, 1, 0, 0)
    assert page.locator("#load tbody tr:not([hidden])").count() == 2, "theirs, and all together"
    page.fill("#find", "FIRST")
    assert shown() == (2, 3, 1, 1)
    page.fill("#find", "")
    page.select_option("#kind", "recertification")
    assert shown() == (1, 2, 0, 0)
    assert page.locator("#count").inner_text() == "2 of 5 shown"
    page.select_option("#kind", "")
    page.select_option("#region", "North")
    assert shown() == (2, 3, 1, 1)
    page.click("button[type=reset]")
    assert shown() == (3, 5, 1, 1)
    assert page.locator("#count").inner_text() == ""


def test_the_chart_can_be_wider_than_the_window(page: Any) -> None:
    def width() -> float:
        """Of the chart."""
        return float(page.evaluate("document.querySelector('.gantt').getBoundingClientRect().width"))

    before = width()
    page.click("#wider")
    assert width() > before * 1.4
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    page.click("#narrower")
    page.click("#narrower")
    assert width() == pytest.approx(before)


def test_without_scripts_everything_can_be_read(browser: Any, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(file.as_uri())
    assert opened.locator("#controls").is_hidden()
    assert "Li Wei" in opened.locator(".bar title").first.text_content()
    assert opened.locator("#unplaced tbody tr").is_visible()
    context.close()


def test_on_paper_days_stand_over_what_happens_on_them(
    body: Body, plan: Plan, written: Written, tmp_path: Path
) -> None:
    """Chromium prints what it has laid out for the screen, and once did not move the head of a chart of many pages."""
    more = tuple(replace(body.auditors[2], id=f"idle {number}") for number in range(60))
    crowd = replace(body, auditors=(*body.auditors, *more))
    file, target = tmp_path / "plan.html", tmp_path / "plan.pdf"
    write_page(report_of(crowd, plan, written, "en"), file)
    program = shutil.which("chromium") or "chromium"
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([*command, f"--print-to-pdf={target}", file.as_uri()], check=True, capture_output=True, timeout=120)
    told = subprocess.run(["pdftotext", "-bbox", str(target), "-"], check=True, capture_output=True, timeout=60)
    sheet = next(part for part in told.stdout.decode().split("<page ") if ">Auditor<" in part)
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</word>', sheet)
    words = [(float(left), float(top), word) for left, top, word in found]
    line = next(top for _, top, word in words if word == "31")
    days = {word: left for left, top, word in words if abs(top - line) < 1}
    bar = next(left for left, top, word in sorted(words, key=lambda each: each[1]) if word == "First" and top > line)
    assert {str(day) for day in range(1, 32)} <= set(days)
    step = (days["31"] - days["11"]) / 20
    assert days["8"] - step < bar < days["8"] + step, "A1 begins on the 8th"
    assert days["31"] > 3 * days["1"], "the head is as wide as the chart"
