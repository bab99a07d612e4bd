"""Who carries the commands of `huanyu bench cases` out: this process, or a child that is killed in the midst of one."""

from __future__ import annotations

import logging
import multiprocessing
import random
from collections.abc import Collection
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any
from typing import Protocol

import structlog

from demo.bench_cases_office import Office
from flow.desk import Desk
from huanyu.config import Config

QUICK = 0.02  #: seconds a command takes at first thought
LEARNS = 0.1  #: how fast that thought follows what commands took


class Killed(Exception):
    """The child was killed before it answered."""


class Hands(Protocol):
    """Carries out a command of `Office` by its name."""

    def call(self, name: str, now: datetime, *detail: Any) -> Any: ...

    def close(self) -> None: ...


class Here:
    """In this process."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def call(self, name: str, now: datetime, *detail: Any) -> Any:
        return getattr(self._office, name)(now, *detail)

    def close(self) -> None:
        """Nothing of its own is open."""


class Child:
    """In a child process; at chosen commands it is killed before it has answered, and another child goes on."""

    def __init__(self, settings: Path, seed: int, deadly: Collection[int]) -> None:
        self._settings, self._seed = settings, seed
        self._deadly = sorted(deadly)  #: numbers of commands from which on the next one is to be cut off
        self._dice = random.Random(seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._told, self._usual = 0, QUICK
        self._born()

    def call(self, name: str, now: datetime, *detail: Any) -> Any:
        """The answer; raises Killed where there was none, with a new child ready."""
        self._told += 1
        start = perf_counter()
        self._pipe.send((name, now, *detail))
        if self._is_its_turn() and not self._pipe.poll(self._dice.uniform(0, self._usual)):
            self._child.kill()
            self._child.join()
            self._pipe.close()
            self._deadly.pop(0)
            self._born()
            raise Killed
        answer = self._pipe.recv()
        self._usual += LEARNS * (perf_counter() - start - self._usual)
        return answer

    def close(self) -> None:
        """Let the child end by itself."""
        self._pipe.send(None)
        self._child.join()

    def _is_its_turn(self) -> bool:
        return bool(self._deadly) and self._told >= self._deadly[0]

    def _born(self) -> None:
        self._pipe, theirs = self._context.Pipe()
        self._child = self._context.Process(target=serve, args=(self._settings, self._seed, theirs))
        self._child.start()
        theirs.close()


def serve(settings: Path, seed: int, pipe: Connection) -> None:
    """Do as told until told nothing more."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    desk = Desk.open(Config.load(settings))
    office = Office(desk, seed)
    while (told := pipe.recv()) is not None:
        name, now, *detail = told
        pipe.send(getattr(office, name)(now, *detail))
    desk.close()
