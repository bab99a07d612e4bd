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
from bulletins.charts import Picture
from bulletins.layout import lay_out
from huanyu.types import Bulletin

FOLDER = Path(__file__).parent / "templates"


def render(bulletin: Bulletin) -> bytes:
    """The bulletin as UTF-8 HTML."""
    sheet = lay_out(bulletin)
    pictures = [_drawn(part.picture) if part.picture else None for part in sheet.blocks]
    return _template().render(sheet=sheet, charts=pictures).encode()


def _drawn(picture: Picture) -> tuple[Markup, Markup]:
    """The chart for a screen and for a phone; vl-convert escapes labels."""
    wide, narrow = charts.svg(picture), charts.svg(picture, charts.NARROW)
    return Markup(wide.decode()), Markup(narrow.decode())  # noqa: S704


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
