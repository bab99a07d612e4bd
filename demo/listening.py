"""While the demo's console is open somebody may write to the stand-ins, and what is done on it goes its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from threading import Thread

import structlog

from flow import bot
from flow import cycle
from flow.desk import Desk
from huanyu.clock import now

log = structlog.get_logger()

#: What a message needs to become a case and a colleague to hear of it, and what is done on the console to go its way:
#: a result becomes a draft, a reply that is approved is posted and read back. Nothing is called in or reminded of.
STEPS = (
    *(
        "talks",
        "understand",
        "open",
        "route",
        "reroute",
        "revisits",
        "hand_over_watch",
        "fixed_texts",
        "draft",
    ),
    *("sweep", "read_back", "chat_notices", "deliver", "look"),
)
PAUSE = 2.0  # seconds between two looks


@contextmanager
def listening(desk: Desk) -> Iterator[None]:
    """Listen as long as this lasts."""
    ending = Event()
    thread = Thread(target=_listen, args=(desk, ending), name="demo", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _listen(desk: Desk, ending: Event) -> None:
    heard = 0
    while not ending.is_set():
        try:
            heard = bot.attend(desk, now(), heard)
            cycle.turn(desk, now(), STEPS)
        except Exception:
            log.exception("demo_listening")  # the worker loop: what was said is still there in a moment
        ending.wait(PAUSE)
