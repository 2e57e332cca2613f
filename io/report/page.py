"""The page itself: one file without anything from elsewhere, in which no text of the book can become a command."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

from auditplan.io.files import whole_file
from auditplan.io.messages import catalogue
from auditplan.io.report.view import Report
from auditplan.io.workbook.output.context import TYPE_COLOURS

_FILES = ("page.html.j2", "page.css.j2", "page.js.j2")
_WIDE = 240
"""Half days that fit on a screen side by side; more are scrolled."""
_PREFIX = "report-"


def page_of(report: Report) -> str:
    """The page as HTML. The same report gives the same page."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    room = resources.files("auditplan.io.report")
    sources = {name: (room / name).read_text(encoding="utf-8") for name in _FILES}
    # Everything is escaped, whatever a template is called.
    environment = Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["name"] = _class_name
    texts = SimpleNamespace(
        **{
            code.removeprefix(_PREFIX).replace("-", "_"): text
            for code, text in catalogue(report.language).items()
            if code.startswith(_PREFIX) and isinstance(text, str)
        }
    )
    colours = {_class_name(kind.value): colour for kind, colour in TYPE_COLOURS.items()}
    wide = report.chart.slots * 6 if report.chart.slots > _WIDE else 0
    style = environment.get_template("page.css.j2").render(colours=colours, wide=wide)
    script = environment.get_template("page.js.j2").render()
    return environment.get_template("page.html.j2").render(
        report=report,
        say=texts,
        style=_plain(style),
        script=_plain(script),
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; "
        "form-action 'none'",
    )


def write_page(report: Report, path: Path) -> None:
    """Writes the page as a whole or not at all. Raises OSError."""
    content = page_of(report).encode("utf-8")
    with whole_file(path) as temporary:
        temporary.write_bytes(content)


def _class_name(kind: str) -> str:
    """The class of a kind: one word."""
    return "k-" + kind.replace(" ", "-")


def _plain(text: str) -> object:
    """Our own style or script, which is not to be escaped: nothing of the book stands in it."""
    from markupsafe import Markup

    return Markup(text)


def _hash(text: str) -> str:
    """A style or script as the page's policy names it (CSP 3, 2.3.1): any other one is not run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
