"""Tries and paces are one count, whichever process asks."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from datetime import datetime
from threading import Thread

import pytest

from console import throttle
from console.shared import Shared
from console.shared import count_for
from console.shared import counted_by
from console.throttle import Throttle
from huanyu.clock import SHANGHAI
from huanyu.errors import HuanyuError

NOW = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)


@contextmanager
def asking(shared: Shared) -> Iterator[Shared]:
    """The other end of a pipe at which `shared` is counted."""
    ours, theirs = multiprocessing.Pipe()
    counter = Thread(target=count_for, args=(ours, shared))
    counter.start()
    try:
        yield counted_by(theirs, "code", 1)
    finally:
        theirs.close()
        counter.join(10)
        assert not counter.is_alive(), "who has nobody to count for stops counting"


@pytest.mark.parametrize(("kind", "most"), [("tries", throttle.TRIES), ("codes", throttle.TRIES)])
def test_tries_at_one_process_count_at_the_other(kind: str, most: int) -> None:
    with ExitStack() as stack:
        doors = [Throttle(getattr(stack.enter_context(asking(shared)), kind)) for shared in [Shared()] * 2]
        admitted = [doors[number % 2].admit("press", "a", NOW) for number in range(most + 3)]
        assert admitted == [True] * most + [False] * 3
        doors[1].take_back("press", "a", NOW)
        assert doors[0].admit("press", "a", NOW)
        assert not doors[1].admit("press", "a", NOW)


def test_a_name_rests_after_fewer_codes_than_passwords_from_everywhere() -> None:
    with asking(Shared()) as far:
        passed = [far.codes.admit("press", str(number), NOW) for number in range(throttle.CEILING)]
        assert sum(passed) == throttle.CODES
        assert all(far.tries.admit("press", str(number), NOW) for number in range(throttle.CEILING))


def test_a_token_has_one_pace_at_all_processes() -> None:
    with ExitStack() as stack:
        ends = [stack.enter_context(asking(shared)) for shared in [Shared()] * 2]
        waits = [ends[number % 2].pace.wait(7, 60, 4, NOW) for number in range(6)]
        assert waits == [0, 0, 0, 0, 1, 1]
        assert (ends[0].setup_code, ends[0].side_by_side) == ("code", 1)


def test_who_has_nobody_left_to_ask_refuses_instead_of_letting_in() -> None:
    ours, theirs = multiprocessing.Pipe()
    far = counted_by(theirs, "", 1)
    ours.close()
    with pytest.raises(HuanyuError, match="正在停止"):
        far.tries.admit("press", "a", NOW)
