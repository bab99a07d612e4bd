"""Logs: English, structured, on standard error, without personal data or secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC
from datetime import datetime
from types import MappingProxyType
from typing import Any

import structlog
from structlog.typing import EventDict
from structlog.typing import Processor

from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import HuanyuError


def stamp(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """The time in Shanghai, whatever zone the machine is set to."""
    event["timestamp"] = f"{now():%Y-%m-%d %H:%M:%S}"
    return event


#: The last steps of an event by `log_format`. A traceback never shows the values of variables.
WAYS: Mapping[str, tuple[Processor, ...]] = MappingProxyType(
    {
        "text": (
            stamp,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ),
        "json": (
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ),
    }
)


class Lasting(structlog.PrintLogger):
    """Prints events, and goes on where there is no room for them: a thread must not end of what it wanted to tell."""

    def msg(self, message: str) -> None:
        """Print it, or lose it."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


class _Lines(logging.Formatter):
    """A library's record as one JSON line like ours."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {"event": record.getMessage(), "logger": record.name}
        told |= {
            "level": record.levelname.lower(),
            "timestamp": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return structlog.processors.JSONRenderer(ensure_ascii=False)(None, "", told)  # type: ignore[return-value]


def configure(level: int = logging.INFO, way: str = "") -> None:
    """Print events of `level` and above; libraries speak only when something is wrong.

    httpx tells every address at INFO, and a Telegram address contains the bot's token. A traceback is printed
    without the values of variables, which structlog would show: among them are people's texts and our tokens.
    """
    way = way or wanted()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    if way == "json":
        for handler in logging.getLogger().handlers:
            if getattr(handler, "stream", None) is sys.stderr:
                handler.setFormatter(_Lines())
    logging.getLogger("telegram").setLevel(
        logging.CRITICAL + 1
    )  # it prints what people wrote where it cannot read it
    # the store tells once that the database is away; pool and engine would tell of every try
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            *WAYS[way],
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: Lasting(sys.stderr),
    )


def wanted() -> str:
    """How the settings want logs written; what is wrong with them is told by whoever needs them."""
    try:
        return Config.load().settings.log_format
    except (HuanyuError, OSError):
        return "text"
