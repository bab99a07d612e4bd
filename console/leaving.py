"""Leaving when told to: what was opened is closed and children are ended, as when Ctrl-C is pressed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ENDS: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
OURS: Final = 128  # as a shell tells of a process that a signal ended


@contextmanager
def on_signal() -> Iterator[None]:
    """Within it a signal to end is an exit from the middle of what runs; further ones do not disturb that."""
    if threading.current_thread() is not threading.main_thread():  # no other may set a handler
        yield
        return
    before = {one: signal.signal(one, _leave) for one in ENDS}
    try:
        yield
    finally:
        for one, was in before.items():
            signal.signal(one, was)


def _leave(number: int, _frame: FrameType | None) -> None:
    for one in ENDS:
        signal.signal(one, signal.SIG_IGN)
    raise SystemExit(OURS + number)
