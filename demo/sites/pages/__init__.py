"""HTML of the pretended sites: files beside this one, filled by `string.Template`."""

from __future__ import annotations

from pathlib import Path
from string import Template

from demo.sites.server import Reply
from demo.sites.server import html

FOLDER = Path(__file__).resolve().parent


def fill(template: str, /, **values: object) -> str:
    """The template file with its $names replaced; values are HTML already."""
    return Template((FOLDER / template).read_text(encoding="utf-8")).substitute(values)


def show(template: str, /, **values: object) -> Reply:
    """The same as a reply in UTF-8."""
    return html(fill(template, **values))
