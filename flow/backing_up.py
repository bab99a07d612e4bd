"""Backups: made while the desk goes on working, sealed, tried out at once, thinned, and missed where they are missing.

The database is read as of one moment; the files of the data folder afterwards, so that none of them is older than the
row that speaks of it. What platforms let us in by (secrets.toml) is not in a backup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Final

import structlog

from cases.forms import ACCOUNT
from flow import alarms
from flow import backup_check
from flow import packing
from flow import permits
from flow.backup_file import SUFFIX
from flow.before_upgrade import DOUBTED
from flow.desk import Desk
from flow.packing import CUT_OFF
from huanyu.clock import local
from huanyu.errors import FactorNeeded
from huanyu.errors import HuanyuError
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.backups import DONE
from huanyu.store.backups import FAILED
from huanyu.store.backups import RUNNING
from huanyu.store.backups import Backup
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import User

log = structlog.get_logger()

SKEW: Final = timedelta(minutes=2)  # between the clocks of two machines
TRIES: Final = 3  # a day
PAUSE: Final = timedelta(minutes=30)  # between two tries
TOO_OLD: Final = timedelta(hours=36)  # a desk whose last backup is older has missed one
WANTED: Final = "backup/wanted"  #: setting: who wants one, and since when


def make(
    desk: Desk, now: datetime, actor: str = SYSTEM, to: Path | None = None, key: str = ""
) -> Backup | None:
    """Make a backup and try it out; None where another process makes this one. Raises HuanyuError, OSError."""
    begun, folder = monotonic(), to or desk.config.backup_dir
    path = folder / f"huanyu-{local(now):%Y%m%dT%H%M%S}{SUFFIX}"
    row = desk.store.backups.begin(key or f"manual/{now.isoformat()}", str(path), now, actor)
    if row is None:
        return None
    try:
        outline = packing.write(desk.config, desk.store.snapshot, path, now)
        size, digest = path.stat().st_size, packing.digest_of(path)
        done = now + timedelta(seconds=monotonic() - begun)
        desk.store.backups.finish(row.id, size, digest, outline.head, sum(outline.rows.values()), done)
    except (HuanyuError, OSError) as problem:
        desk.store.backups.fail(row.id, _told(problem), now + timedelta(seconds=monotonic() - begun))
        log.error("backup_failed", backup=row.id, problem=type(problem).__name__)
        raise
    return verify(desk, row.id, now + timedelta(seconds=monotonic() - begun))


def verify(desk: Desk, backup_id: int, now: datetime, actor: str = SYSTEM) -> Backup:
    """Restore one into an empty place, read its audit chain, and note what came of it."""
    row = desk.store.backups.get(backup_id)
    try:
        found = backup_check.check(desk.config, Path(row.path), desk.config.backup_key)
        note = "；".join(found.problems[:3])
    except (HuanyuError, OSError) as problem:
        note = _told(problem)
    desk.store.backups.verified(backup_id, note and f"验证未通过：{note}", now, actor)
    log.info("backup_verified", backup=backup_id, good=not note)
    return desk.store.backups.get(backup_id)


def tend(desk: Desk, now: datetime) -> int:
    """Make what is due or asked for, thin out old ones, tell the press office of one that is missing; how many made."""
    actor, asked = _asked(desk, WANTED)
    key = f"manual/{asked}" if asked else due(desk, now)
    made = 0
    if key is not None:
        try:
            made = int(make(desk, now, actor=actor, key=key) is not None)
        except (HuanyuError, OSError) as problem:
            log.warning("backup_not_made", problem=type(problem).__name__)
        _done(desk, WANTED, now)
        thin(desk, now)
    actor, asked = _asked(desk, DOUBTED)
    if asked:
        verify(desk, int(asked), now, actor)
        _done(desk, DOUBTED, now)
    tell(desk, now)
    return made


def ask(desk: Desk, user: User, now: datetime) -> None:
    """立即备份: whoever tends the desk makes one within a minute; minutes may pass, so nobody waits at the page."""
    permits.demand_to_write(user, "tend_backups")
    desk.store.settings.put(WANTED, f"{user.name} {now.isoformat()}", now, user.name)


def ask_to_verify(desk: Desk, user: User, backup_id: int, now: datetime) -> None:
    """验证: the same for a look whether one can be restored."""
    permits.demand_to_write(user, "tend_backups")
    desk.store.settings.put(DOUBTED, f"{user.name} {desk.store.backups.get(backup_id).id}", now, user.name)


def take_out(desk: Desk, user: User, backup_id: int, now: datetime) -> Path:
    """下载: the file, for whoever has a second factor, whatever the mode of the desk; raises NotFound."""
    permits.demand_to_write(user, "tend_backups")
    if not user.second_factor:
        raise FactorNeeded("下载备份须先启用动态码（第二重验证）", user=user.name)
    row = desk.store.backups.get(backup_id)
    path = Path(row.path)
    if row.state != DONE or row.dropped_at or not path.is_file():
        raise NotFound("这份备份的文件不在了", backup=backup_id)
    desk.store.backups.taken_out(backup_id, user.name, now)
    return path


def is_wanted(desk: Desk) -> bool:
    """Whether somebody has asked for one that is not made yet."""
    return bool(_asked(desk, WANTED)[1])


def _asked(desk: Desk, name: str) -> tuple[str, str]:
    actor, _, what = (desk.store.settings.get(name) or "").partition(" ")
    return actor or SYSTEM, what


def _done(desk: Desk, name: str, now: datetime) -> None:
    if desk.store.settings.get(name):
        desk.store.settings.put(name, "", now)


def due(desk: Desk, now: datetime) -> str | None:
    """The key of the backup to be made now; None where there is nothing to make."""
    hour, here = desk.config.settings.backup_hour, local(now)
    if hour < 0:
        return None
    planned = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if planned > here:
        planned -= timedelta(days=1)
    # what a clock that has been put back since calls tomorrow's is none of today's
    tried = [one for one in desk.store.backups.listing() if planned <= one.begun_at <= now + SKEW]
    if any(one.state == DONE or is_running(one, now) for one in tried):
        return None
    failed = [one for one in tried if one.key.startswith("daily/")]
    if len(failed) >= TRIES or any(now - one.begun_at < PAUSE for one in failed):
        return None
    return f"daily/{planned:%Y-%m-%d}/{len(failed) + 1}"


def is_running(one: Backup, now: datetime) -> bool:
    """Whether somebody is at it; what has run too long was cut off."""
    return one.state == RUNNING and abs(now - one.begun_at) < CUT_OFF


def thin(desk: Desk, now: datetime) -> int:
    """Remove files of which there are newer ones enough; returns how many."""
    rows = [one for one in desk.store.backups.listing(1000) if one.state == DONE and not one.dropped_at]
    mine = [one for one in rows if Path(one.path).parent == desk.config.backup_dir]
    settings = desk.config.settings
    kept = keep([one.begun_at for one in mine], settings.backup_keep_days, settings.backup_keep_weeks)
    gone = [one for one in mine if one.begun_at not in kept]
    for one in gone:
        Path(one.path).unlink(missing_ok=True)
        desk.store.backups.dropped(one.id, now)
    return len(gone)


def keep(moments: Sequence[datetime], days: int, weeks: int) -> set[datetime]:
    """Of these, the newest of each of the last `days` days and `weeks` weeks that have any at all.

    Counted by what there is: where nothing was made for a month, nothing is removed for its age.
    """
    newest = sorted(moments, reverse=True)
    by_day: dict[str, datetime] = {}
    by_week: dict[tuple[int, int], datetime] = {}
    for moment in newest:
        here = local(moment)
        by_day.setdefault(f"{here:%Y-%m-%d}", moment)
        by_week.setdefault(here.isocalendar()[:2], moment)
    return {*list(by_day.values())[:days], *list(by_week.values())[:weeks]}


def warnings(desk: Desk, now: datetime) -> list[str]:
    """What is to be said of the backups, in Chinese."""
    rows, settings = desk.store.backups.listing(), desk.config.settings
    good = next((one for one in rows if one.state == DONE and one.verified_at and not one.dropped_at), None)
    told = []
    if good is None:
        told.append("还没有一份验证通过的备份")
    elif now - good.begun_at > TOO_OLD:
        hours = int((now - good.begun_at).total_seconds() // 3600)
        told.append(f"最近一份验证通过的备份已是 {hours} 小时以前的")
    elif not Path(good.path).is_file():
        told.append(f"最近一份备份的文件不见了：{good.path}")
    if rows and rows[0].state == FAILED:
        told.append(f"最近一次备份没有成功：{rows[0].note}")
    if rows and rows[0].state == DONE and not rows[0].verified_at:
        told.append(f"最近一份备份{rows[0].note or '还没有验证'}")
    if settings.backup_hour < 0:
        told.append("backup_hour 是 -1，不会自动备份")
    return told


def advice(desk: Desk) -> list[str]:
    """What could be better kept, in Chinese; nothing is wrong yet."""
    told = []
    if _on_one_disk(desk):
        told.append("备份与数据在同一块盘上，盘坏了两样都没有：请把 backup_dir 设到另一块盘，或定期拷走")
    return told


def tell(desk: Desk, now: datetime) -> bool:
    """Mail the press office, once a day, that a backup failed or is too old; whether a mail was written."""
    rows, office = desk.store.backups.listing(), alarms.press_office(desk)
    if office is None or desk.config.settings.backup_hour < 0 or not rows:
        return False
    bad = warnings(desk, now)
    tried_out = rows[0].state != FAILED or sum(one.state == FAILED for one in rows[:TRIES]) == TRIES
    if not bad or any(is_running(one, now) for one in rows) or not tried_out:
        return False
    draft = Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=alarms.INTERNAL,
        title="【备份告警】舆情台没有可用的新备份",
        text=f"{office.name}：\n\n"
        + "\n".join(f"{one}。" for one in bad)
        + "\n怎么办：请管理员打开下面的页面查看原因（磁盘是否已满、备份文件夹是否可写），再点“立即备份”。",
        recipient=office.mail,
        link=f"{desk.config.settings.console_url.rstrip('/')}/backups",
    )
    key = f"backup:{local(now):%Y-%m-%d}"
    return desk.store.outbox.add(draft, key, MessageState.APPROVED, SYSTEM, now) is not None


def _on_one_disk(desk: Desk) -> bool:
    """Whether a broken disk takes both; of a folder that is not there yet nothing is said."""
    if not desk.config.backup_dir.is_dir():
        return False
    return desk.config.backup_dir.stat().st_dev == desk.config.data_dir.stat().st_dev


def _told(problem: HuanyuError | OSError) -> str:
    if isinstance(problem, OSError):
        return f"{problem.strerror or type(problem).__name__}（{problem.filename or '文件'}）"
    return str(problem.args[0])
