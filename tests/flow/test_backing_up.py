"""When a backup is made, tried again, thinned out and missed; and the wheel folder's command line."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import backing_up
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from tests.fresh import STORE_KEY

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("HUANYU_SECRET_STORE_KEY", STORE_KEY)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "huanyu.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nbackup_keep_days = 2\nbackup_keep_weeks = 2\n')
    opened = Desk.open(Config.load(tmp_path / "huanyu.toml"))
    yield opened
    opened.close()


def mails(desk: Desk) -> list[str]:
    return [one.text for one in desk.store.outbox.listing() if one.key.startswith("backup:")]


def test_one_is_made_a_day_after_its_hour_and_by_one_process(desk):
    assert backing_up.due(desk, NOON) == "daily/2026-03-10/1"
    assert backing_up.due(desk, NOON.replace(hour=1)) == "daily/2026-03-09/1", "yesterday's is still missing"
    assert backing_up.tend(desk, NOON) == 1
    assert backing_up.tend(desk, NOON + HOUR) == 0
    assert backing_up.due(desk, NOON.replace(day=11, hour=1)) is None
    assert backing_up.due(desk, NOON.replace(day=11, hour=2)) == "daily/2026-03-11/1"
    assert desk.store.backups.begin("daily/2026-03-10/1", "elsewhere", NOON) is None


def test_one_that_fails_is_tried_three_times_and_then_a_mail_says_why(desk):
    """The folder cannot be made, because a file is in its place."""
    desk.config.backup_dir.write_text("in the way")
    for attempt in range(1, 6):
        assert backing_up.tend(desk, NOON + attempt * timedelta(minutes=31)) == 0
    rows = desk.store.backups.listing()
    assert [one.state for one in rows] == ["failed"] * backing_up.TRIES
    (mail,) = mails(desk)
    assert "最近一次备份没有成功" in mail and "立即备份" in mail
    assert backing_up.tell(desk, NOON + 5 * HOUR) is False, "one mail a day"
    desk.config.backup_dir.unlink()
    assert backing_up.tend(desk, NOON + timedelta(days=1)) == 1
    assert backing_up.warnings(desk, NOON + timedelta(days=1)) == []
    assert len(mails(desk)) == 1


def test_one_that_was_cut_off_holds_up_no_other_for_long(desk):
    desk.store.backups.begin("daily/2026-03-10/1", "killed", NOON)
    assert backing_up.due(desk, NOON + HOUR) is None, "somebody may be at it"
    assert backing_up.due(desk, NOON + backing_up.CUT_OFF) == "daily/2026-03-10/2"


def test_a_backup_that_is_too_old_is_missed(desk):
    backing_up.make(desk, NOON)
    assert backing_up.warnings(desk, NOON + backing_up.TOO_OLD) == []
    (told,) = backing_up.warnings(desk, NOON + backing_up.TOO_OLD + HOUR)
    assert "37 小时以前" in told
    assert backing_up.tell(desk, NOON + backing_up.TOO_OLD + HOUR)


def test_old_files_go_the_newest_of_each_day_and_week_stay():
    days = [NOON - timedelta(days=number) for number in range(30)]
    twice = [*days, NOON - HOUR]
    kept = backing_up.keep(twice, 3, 3)
    assert NOON - HOUR not in kept
    assert sorted(kept, reverse=True)[:3] == days[:3]
    assert {one.isocalendar()[1] for one in kept} == {NOON.isocalendar()[1] - back for back in range(3)}
    assert backing_up.keep(days[20:], 3, 0) == set(days[20:23]), "none goes for its age alone"


def test_thinning_removes_the_files_and_says_so(desk):
    for day in range(9):
        backing_up.make(desk, NOON + timedelta(days=day))
    gone = backing_up.thin(desk, NOON + timedelta(days=9))
    left = list(desk.config.backup_dir.glob("*.hyb"))
    assert gone == 9 - len(left)
    assert 2 <= len(left) <= 4
    rows = desk.store.backups.listing()
    assert sum(one.dropped_at is not None for one in rows) == gone
    assert backing_up.thin(desk, NOON + timedelta(days=9)) == 0


def test_the_wheel_folder_is_asked_for_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = runpy.run_path(str(ROOT / "run.py"))
    assert run["main"](["wheels"]) == 2
    assert run["main"](["--wheels", str(tmp_path / "nowhere"), "up"]) == 2
    assert run["main"](["--wheels", str(tmp_path)]) == 2
    assert "--wheels" in capsys.readouterr().err
    assert run["FROM"] == []
