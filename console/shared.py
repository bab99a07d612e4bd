"""What the server processes of one console have in common: tries and paces, counted by the process that started them.

Each of them asks over a pipe of its own, one question at a time; there is no address that anybody else could ask at.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from console.api.pace import Pace
from console.api.pace import Pacing
from console.throttle import CODES
from console.throttle import SIDE_BY_SIDE
from console.throttle import Counting
from console.throttle import Tries
from huanyu.errors import HuanyuError

Pipe = Connection  #: of pickles, between a process and the one it was started by


@dataclass(frozen=True, slots=True)
class Shared:
    """Of one console, however many processes serve it."""

    setup_code: str = ""  #: lets the first user in; "" once there is one
    side_by_side: int = SIDE_BY_SIDE  #: passwords that one process looks at at a time
    tries: Counting = field(default_factory=Tries)
    codes: Counting = field(default_factory=partial(Tries, CODES))
    pace: Pacing = field(default_factory=Pace)


def count_for(talk: Pipe, shared: Shared) -> None:
    """Answer what the process at the other end asks, until it is gone."""
    acts: dict[str, Callable[..., object]] = {
        "tries.admit": shared.tries.admit,
        "tries.take_back": shared.tries.take_back,
        "codes.admit": shared.codes.admit,
        "codes.take_back": shared.codes.take_back,
        "pace.wait": shared.pace.wait,
    }
    with suppress(EOFError, OSError):
        while True:
            act, given = talk.recv()
            talk.send(acts[act](*given))


def counted_by(talk: Pipe, setup_code: str, side_by_side: int) -> Shared:
    """The same in another process, which asks at this end."""
    line = Line(talk)
    return Shared(setup_code, side_by_side, FarTries(line, "tries"), FarTries(line, "codes"), FarPace(line))


class Line:
    """One question at a time; raises HuanyuError when nobody is left to answer."""

    def __init__(self, talk: Pipe) -> None:
        self._talk = talk
        self._lock = Lock()

    def ask(self, act: str, *given: object) -> Any:
        try:
            with self._lock:
                self._talk.send((act, given))
                return self._talk.recv()
        except (EOFError, OSError) as problem:
            raise HuanyuError("舆情台正在停止, 请稍后再试") from problem


@dataclass(frozen=True, slots=True)
class FarTries:
    """Tries that another process counts."""

    line: Line
    kind: str

    def admit(self, name: str, address: str, now: datetime) -> bool:
        return bool(self.line.ask(f"{self.kind}.admit", name, address, now))

    def take_back(self, name: str, address: str, now: datetime) -> None:
        self.line.ask(f"{self.kind}.take_back", name, address, now)


@dataclass(frozen=True, slots=True)
class FarPace:
    """Requests that another process counts."""

    line: Line

    def wait(self, who: Hashable, per_minute: float, burst: int, now: datetime) -> int:
        return int(self.line.ask("pace.wait", who, per_minute, burst, now))
