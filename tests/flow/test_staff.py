"""Who may bring in, lock out and give passwords to colleagues, and what nobody can do to themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import staff
from flow.desk import Desk
from flow.staff import NewUser
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store import Store
from huanyu.types import User

NOW = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    return Desk(Config.load(tmp_path / "huanyu.toml"), store)


@pytest.fixture
def admin(desk: Desk) -> User:
    return staff.set_up(desk, "Guanli", "管丽娟", "h0", NOW)


@pytest.fixture
def press(desk: Desk, admin: User) -> User:
    return staff.add(desk, admin, NewUser("xuanjiao", "宣晓敏", "press", temporary=True), "h1", NOW)


def kept(desk: Desk, name: str) -> tuple[User, str]:
    found = desk.store.people.user(name)
    assert found is not None
    return found


def test_the_first_administrator_keeps_the_password_and_a_colleague_must_change_theirs(
    admin: User, press: User
) -> None:
    assert not admin.must_change
    assert press.must_change


def test_ones_own_change_is_kept_and_clears_the_mark(desk: Desk, press: User) -> None:
    for token in ("here", "elsewhere"):
        desk.store.people.start_session(press.id, token, NOW + timedelta(hours=1), NOW)
    staff.change_password(desk, press, "h2", "here", NOW)
    assert kept(desk, "xuanjiao") == (replace(press, must_change=False), "h2")
    assert desk.store.people.session("here", NOW) is not None
    assert desk.store.people.session("elsewhere", NOW) is None


@pytest.mark.parametrize("on_the_command_line", [True, False])
def test_a_given_password_must_be_changed(
    desk: Desk, admin: User, press: User, on_the_command_line: bool
) -> None:
    staff.change_password(desk, press, "h2", "", NOW)
    staff.set_password(desk, None if on_the_command_line else admin, " XuanJiao ", "h3", NOW)
    assert kept(desk, "xuanjiao") == (press, "h3")
    actor = desk.store.audit.listing(limit=1)[0].actor
    assert actor == ("命令行" if on_the_command_line else "guanli")


def test_a_colleague_is_locked_out_and_let_in_again(desk: Desk, admin: User, press: User) -> None:
    desk.store.people.start_session(press.id, "t", NOW + timedelta(hours=1), NOW)
    staff.set_active(desk, admin, "xuanjiao", False, NOW)
    assert not kept(desk, "xuanjiao")[0].active
    assert desk.store.people.session("t", NOW) is None
    staff.set_active(desk, admin, "xuanjiao", True, NOW)
    assert kept(desk, "xuanjiao")[0].active


def test_only_who_manages_people_does_any_of_it(desk: Desk, admin: User, press: User) -> None:
    before = desk.store.people.users()
    for attempt in (
        lambda: staff.add(desk, press, NewUser("li", "李岚", "admin"), "h", NOW),
        lambda: staff.set_active(desk, press, admin.name, False, NOW),
        lambda: staff.set_password(desk, press, admin.name, "h", NOW),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert desk.store.people.users() == before
    assert kept(desk, admin.name)[1] == "h0"


def test_nobody_locks_themselves_out_or_skips_the_old_password(desk: Desk, admin: User, press: User) -> None:
    with pytest.raises(BadInput, match="自己的账号"):
        staff.set_active(desk, admin, admin.name, False, NOW)
    with pytest.raises(BadInput, match="我的账号"):
        staff.set_password(desk, admin, admin.name, "h", NOW)


def test_the_last_administrator_stays_and_a_desk_without_one_can_still_lock_out(
    desk: Desk, admin: User, press: User
) -> None:
    with pytest.raises(BadInput, match="最后一位管理员"):
        staff.set_active(desk, None, admin.name, False, NOW)
    staff.add(desk, None, NewUser("lilan", "李岚", "admin"), "h", NOW)
    staff.set_active(desk, None, admin.name, False, NOW)
    assert not kept(desk, admin.name)[0].active
    staff.set_active(desk, None, press.name, False, NOW)
    with pytest.raises(BadInput, match="最后一位管理员"):
        staff.set_active(desk, None, "lilan", False, NOW)


def test_a_name_nobody_has_is_told(desk: Desk, admin: User) -> None:
    for attempt in (
        lambda: staff.set_active(desk, admin, "nobody", False, NOW),
        lambda: staff.set_password(desk, admin, "nobody", "h", NOW),
    ):
        with pytest.raises(NotFound, match="nobody"):
            attempt()
