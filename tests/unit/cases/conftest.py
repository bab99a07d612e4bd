"""The shipped tables of the case work, read once per module; tests change copies only."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from cases.calendar import WorkCalendar
from huanyu.bureau import BureauRow
from huanyu.bureau import Calendar
from huanyu.bureau import ClockRow
from huanyu.bureau import LadderRow
from huanyu.bureau import LevelRow
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow

settings.register_profile("unhurried", deadline=None)  # how fast the machine is says nothing of the calendar
settings.load_profile("unhurried")
CONFIG = Path(__file__).parents[3] / "config"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONFIG / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def routes() -> tuple[RouteRow, ...]:
    return tuple(RouteRow(**row) for row in _read("routes")["route"])


@pytest.fixture(scope="module")
def units() -> tuple[UnitRow, ...]:
    return tuple(UnitRow(**row) for row in _read("units")["unit"])


@pytest.fixture(scope="module")
def clock_rows() -> tuple[ClockRow, ...]:
    return tuple(ClockRow(**row) for row in _read("clocks")["clock"])


@pytest.fixture(scope="module")
def ladder_rows() -> tuple[LadderRow, ...]:
    return tuple(LadderRow(**row) for row in _read("escalation")["step"])


@pytest.fixture(scope="module")
def level_rows() -> tuple[LevelRow, ...]:
    return tuple(LevelRow(**row) for row in _read("levels")["level"])


@pytest.fixture(scope="module")
def bureau() -> BureauRow:
    return BureauRow(**_read("bureau"))


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return WorkCalendar(Calendar(**_read("calendar")))
