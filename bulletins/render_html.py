"""The bulletin as one self-contained HTML page: no script, nothing loaded, readable on a phone, printable on A4.

Autoescaping is on for everything but the charts, which we draw ourselves.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined
from jinja2 import Template
from markupsafe import Markup

from bulletins import charts
from bulletins.layout import lay_out
from huanyu.types import Bulletin

FOLDER = Path(__file__).parent / "templates"


def render(bulletin: Bulletin) -> bytes:
    """The bulletin as UTF-8 HTML."""
    pictures = {
        part.chart: Markup(charts.svg(bulletin, part.chart).decode())  # noqa: S704 — vl-convert escapes labels
        for part in bulletin.sections
        if part.chart
    }
    return _template().render(sheet=lay_out(bulletin), charts=pictures).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("bulletin.html")
