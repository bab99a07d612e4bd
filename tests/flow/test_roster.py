"""Who keeps the roster, who is on duty, and that a deputy may do what the absent person may, and no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flow import permits
from flow import rights
from flow import roster
from flow import rostering
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.store import Store
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import colleague

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    return Desk(Config.load(tmp_path / "huanyu.toml"), store)


@pytest.fixture
def press(desk: Desk) -> User:
    return colleague(desk, "xuan", "press")


@pytest.fixture
def li(desk: Desk) -> User:
    return colleague(desk, "lilan", "handler", "zhifa")


@pytest.fixture
def zhou(desk: Desk) -> User:
    return colleague(desk, "zhouli", "handler", "zhifa")


def test_duty_of_a_unit_is_its_own(desk: Desk, press: User, li: User) -> None:
    roster.add_shift(desk, press, "zhifa", "lilan", NOW, TOMORROW, "值班", NOW)
    assert rostering.on_duty(desk, "zhifa", NOW) == (li,)
    assert rostering.on_duty(desk, "zhifa", TOMORROW) == ()
    assert rostering.on_duty(desk, "sthj", NOW) == ()


def test_who_is_away_is_replaced_by_the_deputy(desk: Desk, press: User, li: User, zhou: User) -> None:
    roster.add_shift(desk, press, "zhifa", "lilan", NOW, TOMORROW, "值班", NOW)
    roster.add_absence(desk, li, "lilan", NOW, TOMORROW, "zhouli", NOW)
    assert rostering.on_duty(desk, "zhifa", NOW) == (zhou,)
    roster.add_absence(desk, zhou, "zhouli", NOW, TOMORROW, "lilan", NOW)
    assert rostering.on_duty(desk, "zhifa", NOW) == ()


def test_a_locked_out_person_has_no_duty(desk: Desk, press: User, li: User) -> None:
    roster.add_shift(desk, press, "zhifa", "lilan", NOW, TOMORROW, "值班", NOW)
    desk.store.people.set_active(li.id, False, actor="管理员", now=NOW)
    assert rostering.on_duty(desk, "zhifa", NOW) == ()


def test_a_deputy_has_the_cells_of_the_absent_person_for_that_time_only(desk: Desk) -> None:
    head = colleague(desk, "zhang", "head", "zhifa")
    second = colleague(desk, "fu", "handler", "zhifa")
    assert not permits.may(rights.present(desk, second, NOW), "edit_roster")
    roster.add_absence(desk, head, "zhang", NOW, TOMORROW, "fu", NOW)
    deputy = rights.present(desk, second, NOW)
    assert permits.may(deputy, "edit_roster")
    assert roster.may_edit(deputy, "zhifa")
    assert not roster.may_edit(deputy, "sthj")
    assert not permits.may(deputy, "close")
    assert not permits.may(rights.present(desk, second, TOMORROW), "edit_roster")


@pytest.mark.parametrize(
    ("from_hours", "to_hours", "told"), [(2, 1, "晚于开始"), (-9, -1, "已经过去"), (0, 9000, "最长")]
)
def test_a_shift_needs_a_sound_span(
    desk: Desk, press: User, li: User, from_hours: int, to_hours: int, told: str
) -> None:
    begins, ends = NOW + timedelta(hours=from_hours), NOW + timedelta(hours=to_hours)
    with pytest.raises(BadInput, match=told):
        roster.add_shift(desk, press, "zhifa", li.name, begins, ends, "值班", NOW)


def test_a_head_keeps_only_the_roster_of_the_own_unit(desk: Desk, li: User) -> None:
    head = colleague(desk, "zhang", "head", "zhifa")
    roster.add_shift(desk, head, "zhifa", "lilan", NOW, TOMORROW, "值班", NOW)
    with pytest.raises(NotAllowed):
        roster.add_shift(desk, head, "bangongshi", "lilan", NOW, TOMORROW, "值班", NOW)
    with pytest.raises(NotAllowed):
        roster.add_shift(desk, li, "zhifa", "lilan", TOMORROW, TOMORROW + timedelta(hours=1), "值班", NOW)


def test_a_deputy_is_of_the_same_unit_and_somebody_else(desk: Desk, press: User, li: User) -> None:
    for deputy, told in (("lilan", "本人"), ("xuan", "同一单位")):
        with pytest.raises(BadInput, match=told):
            roster.add_absence(desk, li, "lilan", NOW, TOMORROW, deputy, NOW)


def test_nobody_else_names_the_deputy_of_a_leader(desk: Desk, press: User) -> None:
    colleague(desk, "gao", "leader")
    with pytest.raises(NotAllowed):
        roster.add_absence(desk, press, "gao", NOW, TOMORROW, "xuan", NOW)


@pytest.mark.parametrize("apart", ["admin", "assessor"])
def test_who_watches_over_the_others_stands_in_for_none_of_them(desk: Desk, press: User, apart: str) -> None:
    colleague(desk, "pinggu", apart)
    with pytest.raises(BadInput, match="互相代理"):
        roster.add_absence(desk, press, "xuan", NOW, TOMORROW, "pinggu", NOW)
