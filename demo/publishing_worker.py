"""A worker of `huanyu bench publish`: delivers in simulated time until it is killed or told to stop.

It is started by forking a server that has imported everything, so that hundreds of lives fit into one run.
"""

from __future__ import annotations

import logging
from ctypes import c_double
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Protocol

import structlog

from flow import cycle
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config

STEPS = ("sweep", "read_back", "accounts", "deliver")
POLL = 0.005  # seconds between two looks at the clock
STOP = 0.0  #: what the clock shows when the run is over


class Clock(Protocol):
    """The simulated moment, shared by all processes of a run."""

    value: float


class Idle(Protocol):
    """For each worker the moment at which it last found nothing to do."""

    def __setitem__(self, place: int, moment: float) -> None: ...


def live(settings: Path, place: int, clock: Clock, idle: Idle) -> None:
    """Work whenever the clock has moved, until nothing is left to do at that moment."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    desk = Desk.open(Config.load(settings))
    cut_off = True  # the life before may have ended in the middle of a call
    while (moment := clock.value) != STOP:
        now = datetime.fromtimestamp(moment, SHANGHAI)
        if sum(cycle.turn(desk, now, STEPS).values()) or cut_off:
            cut_off = False
            continue
        idle[place] = moment
        while clock.value == moment:
            sleep(POLL)
    desk.close()


SHARED = c_double
