"""备份: an admin sees what is missing, asks for one, has it tried out, and takes it away only with a second factor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flow import backing_up
from flow import factors
from flow import setting_aside
from huanyu import clock
from huanyu.errors import FactorNeeded
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store.sources import PAUSED


def test_one_is_asked_for_made_shown_tried_out_and_guarded(console) -> None:
    desk, now = console.desk, console.clock()
    with console.sign_in("admin") as admin:
        page = admin.get("/backups")
        assert page.status_code == 200
        assert "还没有一份验证通过的备份" in page.text
        assert admin.post("/backups").status_code in {200, 303}
        assert "已安排" in admin.get("/backups").text
        assert backing_up.tend(desk, now) == 1
        assert backing_up.tend(desk, now) == 0, "it was asked for once"
        (made, *_) = desk.store.backups.listing()
        assert (made.actor, made.state, bool(made.verified_at)) == ("guanli", "done", True)
        shown = admin.get("/backups").text
        assert "备份正常" in shown and "通过" in shown
        refused = admin.post(f"/backups/{made.id}/download")
        assert (refused.status_code, "动态码" in refused.text) == (403, True)
        Path(made.path).write_bytes(Path(made.path).read_bytes()[:-3])
        admin.post(f"/backups/{made.id}/verify")
        backing_up.tend(desk, now)
        assert "验证未通过" in admin.get("/backups").text


def test_the_file_is_handed_to_an_admin_with_a_second_factor_and_to_nobody_else(console) -> None:
    desk, now = console.desk, console.clock()
    made = backing_up.make(desk, now)
    people = {one.role: factors.present(desk, one, now) for one in desk.store.people.users()}
    with pytest.raises(FactorNeeded):
        backing_up.take_out(desk, replace(people["admin"], second_factor=False), made.id, now)
    proven = replace(people["admin"], second_factor=True)
    assert backing_up.take_out(desk, proven, made.id, now).is_file()
    assert desk.store.audit.listing(limit=1)[0].action == "backup.download"
    with pytest.raises(NotAllowed):
        backing_up.take_out(desk, replace(people["leader"], second_factor=True), made.id, now)
    Path(made.path).unlink()
    with pytest.raises(NotFound):
        backing_up.take_out(desk, proven, made.id, now)
    assert any("不见了" in one for one in backing_up.warnings(desk, now + timedelta(hours=1)))


def test_settings_and_rows_that_cannot_be_read_are_told_apart(console) -> None:
    settings = console.desk.store.settings
    settings.put(f"{PAUSED}weibo", "[1, 2", clock.now())
    settings.put(f"{setting_aside.PREFIX}cases/7", f"{clock.now().isoformat()} KeyError", clock.now())
    with console.sign_in("admin") as admin:
        told = admin.get("/backups").text
    assert "有 1 项设置读不出" in told and "按“暂停”办" in told
    assert "数据库里有 1 行读不出" in told and "办件 7 号" in told
