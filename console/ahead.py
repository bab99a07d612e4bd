"""What the first looks at a new server process would pay for, each of them and side by side, done once and ahead of them.

Jinja compiles a template when it is first asked for: twenty people who open a page at once would each wait until all of
them have compiled it. What fails is left to the page that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from threading import Thread
from typing import Final

import structlog
from jinja2 import Environment
from jinja2 import TemplateError

from console.view import TEMPLATES

log = structlog.get_logger()

#: Templates that begin like these come first, in this order: what most people open first.
FIRST: Final = ("base", "macros", "case", "today", "post", "inbox")
PATIENCE: Final = 5.0  #: seconds that a server which ends waits for the template at hand


@contextmanager
def begun() -> Iterator[None]:
    """`templates` beside what is done inside, which does not wait for it; with the end of that it ends, too."""
    over = Event()
    thread = Thread(target=templates, args=(TEMPLATES.env, over), name="ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE)


def templates(env: Environment, over: Event) -> None:
    """Compile all that there are; one that cannot be is left out."""
    for name in in_order(env):
        if over.is_set():
            return
        try:
            env.get_template(name)
        except (TemplateError, OSError) as problem:
            log.warning("template_not_ready", template=name, error=type(problem).__name__)


def in_order(env: Environment) -> list[str]:
    """The names of all templates, those of FIRST first."""
    rank = {start: place for place, start in enumerate(FIRST)}
    return sorted(
        env.list_templates(extensions=["html"]),
        key=lambda name: min((rank[start] for start in FIRST if name.startswith(start)), default=len(FIRST)),
    )
