"""Putting an empty desk back to a backup, and what the desk then no longer knows.

A backup is tried out before anything is written. What may have left since it was taken is held, every log-in and token
is ended, and all accounts stay stopped until a person has looked: the desk before may have published meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from flow import alarms
from flow import backup_check
from flow import backup_file
from flow import permits
from flow import replies
from flow.backup_check import Checked
from flow.backup_check import Stream
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import ChannelError
from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.review_rows import STAFF
from huanyu.store import Store
from huanyu.store import snapshots
from huanyu.store.keys import Keys
from huanyu.store.restores import Restore
from huanyu.store.session import Database
from huanyu.types import Message
from huanyu.types import User

#: Purposes of what only tells colleagues to look: twice is no harm.
TOLD_TWICE = frozenset({alarms.INTERNAL, STAFF})
SIDE = (".restoring", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    taken_at: datetime
    rows: int
    held: int  #: messages that a person has to settle
    settings: tuple[str, ...]  #: files of the former settings, laid beside the data


def restore(config: Config, path: Path, key: str, now: datetime, known_head: str = "") -> Restored:
    """Fill this empty desk from a backup.

    Raises Conflict for a desk that is at work or has files in the way, BadInput for a damaged backup, ConfigError for
    a store key of another desk; nothing has been written then.
    """
    if busy := snapshots.at_work(config.database):
        raise Conflict(f"这个舆情台里已有数据 ({'、'.join(busy)}), 只能恢复到空的舆情台")
    found = backup_check.check(config, path, key, known_head)
    if found.problems:
        raise BadInput("备份没有通过检查, 什么都没有写: " + "; ".join(found.problems[:5]))
    _demand_room(config, found)
    _keep_key(config, found.store_key)
    with path.open("rb") as source:
        stream = Stream(source, key)
        held, settings = _fill(config, stream, now)
    return Restored(found.about.taken_at, found.rows, held, settings)


def is_doubtful(restored: Restore | None, message: Message) -> bool:
    """Whether the desk before may have sent this, and nobody has looked since."""
    if restored is None or restored.ended_at is not None or message.purpose in TOLD_TWICE:
        return False
    return message.doubted_at is None


def hold(desk: Desk, message: Message, now: datetime) -> bool:
    """Hold an approved message until the platform, or a person, has told that it is not out."""
    return desk.store.restores.doubt(message, now if can_find(desk, message.account) else None, now)


def end(desk: Desk, user: User, now: datetime) -> None:
    """结束恢复核对: from now on what is approved leaves without a look."""
    permits.demand(user, "end_restore")
    restored = desk.store.restores.latest()
    if restored is None or restored.ended_at is not None:
        raise Conflict("没有进行中的恢复核对")
    desk.store.restores.end(restored.id, user.name, now)


def can_find(desk: Desk, account: str) -> bool:
    """Whether an account's channel can find out by itself what was published there."""
    try:
        return replies.open_account(desk, account).abilities.read_back
    except ChannelError:
        return False


def _demand_room(config: Config, found: Checked) -> None:
    given = config.secret("store_key")
    if given and given != found.store_key:
        raise ConfigError("secrets.toml 里的 store_key 与备份的不同, 请改成原来的, 或删去这一行")
    names = [backup_file.within(name, backup_file.FILES) for name in found.files]
    if taken := [str(name) for name in names if (config.data_dir / name).exists()]:
        raise Conflict(f"数据文件夹 {config.data_dir} 里已有同名文件, 请清空后再恢复: {'、'.join(taken[:5])}")


def _keep_key(config: Config, store_key: str) -> None:
    """The key of the desk that was; one that an empty desk had made for itself is laid aside."""
    if config.secret("store_key"):
        return
    path = config.store_key_path
    if path.is_file() and path.read_text(encoding="utf-8").strip() != store_key:
        path.replace(path.with_name(f"{path.name}.unused"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(store_key, encoding="utf-8")


def _fill(config: Config, stream: Stream, now: datetime) -> tuple[int, tuple[str, ...]]:
    """The database last becomes the desk's: whoever is cut off before has an empty desk still."""
    target = snapshots.file_of(config.database)
    if target is None:
        return _fill_postgres(config, stream, now)
    beside = target.with_name(target.name + SIDE[0])
    beside.unlink(missing_ok=True)
    for _, source in stream.under(snapshots.WHOLE):
        snapshots.put_file(source, beside)
    settings = _write_files(config, stream)
    with Store.open(f"sqlite:///{beside.as_posix()}", stream.store_key) as store:
        held = _settle(config, store, stream, now)
    for suffix in SIDE[1:]:
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    beside.replace(target)
    return held, settings


def _fill_postgres(config: Config, stream: Stream, now: datetime) -> tuple[int, tuple[str, ...]]:
    """One transaction for everything, with the files before its end."""
    database = Database(config.database)
    try:
        with database.together():
            snapshots.empty(database)
            snapshots.fill(database, stream.about.outline, stream.under(snapshots.TABLES))
            settings = _write_files(config, stream)
            held = _settle(config, Store(database, Keys(stream.store_key)), stream, now)
    finally:
        database.close()
    return held, settings


def _settle(config: Config, store: Store, stream: Stream, now: datetime) -> int:
    desk = Desk(config, store)
    lookable = [row.key for row in config.bureau.accounts if can_find(desk, row.key)]
    held = store.restores.begin(stream.about.taken_at, stream.about.outline.head, lookable, now)
    store.audit.seal(now)
    return held


def _write_files(config: Config, stream: Stream) -> tuple[str, ...]:
    _lay(config.data_dir, stream.under(backup_file.FILES), backup_file.FILES)
    beside = config.data_dir / "restored-settings"
    settings = _lay(beside, stream.under(backup_file.SETTINGS), backup_file.SETTINGS)
    stream.end()
    return settings


def _lay(folder: Path, parts: Iterable[tuple[str, IO[bytes]]], prefix: str) -> tuple[str, ...]:
    laid = []
    for name, source in parts:
        target = folder / backup_file.within(name, prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        with target.open("wb") as file:
            shutil.copyfileobj(source, file)
        laid.append(str(target))
    return tuple(laid)
