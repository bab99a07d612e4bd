"""Who may ask for what: each module, named after its page of the console, has the lines of that page as MATRIX.

(method, route) -> how it is asked for and who may; `mine` is a case of the handler's unit. A POST carries version 999:
whoever is let in meets a conflict, so that the matrix changes nothing.
"""

from __future__ import annotations

import importlib
import pkgutil

from matrix.entry import Entry

Lines = dict[tuple[str, str], Entry]


def pages() -> dict[str, Lines]:
    """The lines of each page, by the name of its module."""
    names = [found.name for found in pkgutil.iter_modules(__path__) if found.name != "entry"]
    return {name: importlib.import_module(f"{__name__}.{name}").MATRIX for name in names}


def merged() -> Lines:
    """The lines of all pages."""
    return {key: entry for lines in pages().values() for key, entry in lines.items()}
