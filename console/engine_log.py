"""What the engine of the jobs says while the database is away: one traceback a try, where the store has told already."""

from __future__ import annotations

import logging
from typing import Final

from huanyu.store import trouble

#: A job whose state the engine could not write down is told of by asyncio, once nobody asks for its task.
ENGINE: Final = ("procrastinate", "asyncio")


class UnlessAway(logging.Filter):
    """Lets everything pass but the engine's own account of a database that cannot be reached."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is worth a line."""
        if not record.name.startswith(ENGINE):
            return True
        problem = record.exc_info[1] if record.exc_info else None
        return not (trouble.of(problem) or (problem is not None and trouble.of(problem.__cause__)))


def configure() -> None:
    """For a process that works off jobs, once its log is configured."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(UnlessAway())
