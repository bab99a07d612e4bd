"""How often a password may be guessed: per name and address, per name, and in how little memory."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from console import throttle
from console.throttle import Throttle
from console.throttle import Tries
from huanyu.clock import SHANGHAI

NOW = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)
LATER = NOW + throttle.REST


def tries(door: Throttle | Tries, name: str, addresses: list[str], now: datetime = NOW) -> int:
    """How many of these tries are let through."""
    return sum(door.admit(name, address, now) for address in addresses)


def test_a_name_rests_after_five_tries_from_one_address_and_nobody_else_does() -> None:
    door = Throttle()
    assert tries(door, "press", ["a"] * 30) == throttle.TRIES
    assert not door.admit("press", "a", LATER - timedelta(seconds=1))
    assert door.admit("press", "b", NOW), "a stranger's tries do not lock the person out"
    assert door.admit("leader", "a", NOW)
    assert door.admit("press", "a", LATER)


def test_a_name_rests_for_everybody_after_fifty_tries_from_everywhere() -> None:
    door = Throttle()
    assert tries(door, "press", [str(number) for number in range(200)]) == throttle.CEILING
    assert door.admit("leader", "0", NOW)
    assert door.admit("press", "new", LATER)


def test_a_right_password_is_no_try() -> None:
    door = Throttle()
    for _ in range(throttle.CEILING + 1):
        assert door.admit("press", "a", NOW)
        door.take_back("press", "a", NOW)
    assert tries(door, "press", ["a"] * 9) == throttle.TRIES


def test_a_try_that_was_never_counted_can_be_taken_back() -> None:
    door = Throttle()
    door.take_back("press", "a", NOW)
    assert tries(door, "press", ["a"] * 9) == throttle.TRIES


def test_a_flood_of_names_is_forgotten_oldest_first() -> None:
    door = Tries()
    tries(door, "press", ["a"] * 9)
    for number in range(throttle.MOST):
        door.admit(f"{number}" * 50, "flood", NOW)
        if number == throttle.MOST // 4:
            tries(door, "leader", ["a"] * 9)
    assert len(door._tries) <= throttle.MOST
    assert door.admit("press", "a", NOW)
    assert tries(door, "leader", ["a"] * 9) in {0, throttle.TRIES}
