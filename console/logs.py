"""Logs: English, structured, on standard error, without personal data or secrets."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Print events of `level` and above; libraries speak only when something is wrong.

    httpx tells every address at INFO, and a Telegram address contains the bot's token. A traceback is printed
    without the values of variables, which structlog would show: among them are people's texts and our tokens.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("telegram").setLevel(
        logging.CRITICAL + 1
    )  # it prints what people wrote where it cannot read it
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
