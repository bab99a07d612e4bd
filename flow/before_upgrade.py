"""The backup of a SQLite desk before its tables are changed: made and kept by whichever command finds an older schema.

A copy of the file would do for going back; a backup is sealed, holds the desk's files, too, and is restored, listed and
thinned out like every other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from filelock import FileLock

from flow import packing
from flow.backup_check import Stream
from flow.backup_file import SUFFIX
from huanyu.belonging import hand_over
from huanyu.clock import local
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.errors import HuanyuError
from huanyu.store import Store
from huanyu.store import schema
from huanyu.store import snapshots
from huanyu.store.audit import SYSTEM
from huanyu.store.session import Database
from huanyu.store.snapshots import Outline

log = structlog.get_logger()

KEY: Final = "upgrade/"  #: of the row of such a backup: upgrade/REVISION/file
DOUBTED: Final = "backup/doubted"  #: setting: who wants a backup verified, and which
LOCK: Final = "upgrade.lock"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup of the desk as the former program left it."""

    path: Path
    outline: Outline


@contextmanager
def kept(config: Config, now: datetime) -> Iterator[Kept | None]:
    """Make the backup where one is due, and let nobody else migrate meanwhile; None where there is nothing to keep.

    Raises ConfigError where it could not be made: then nothing has been changed.
    """
    if _outdated(config.database) is None:
        yield None
        return
    with FileLock(config.data_dir / LOCK, thread_local=False):
        hand_over(config.data_dir / LOCK)
        outline = _outdated(config.database)  # another process may have been first
        yield None if outline is None else _made(config, outline, now)


def note(store: Store, one: Kept, now: datetime) -> None:
    """List it with the other backups, to be tried out like them."""
    row = store.backups.begin(f"{KEY}{one.outline.revision}/{one.path.name}", str(one.path), now)
    if row is None:
        return
    size, digest = one.path.stat().st_size, packing.digest_of(one.path)
    store.backups.finish(row.id, size, digest, one.outline.head, sum(one.outline.rows.values()), now)
    store.settings.put(DOUBTED, f"{SYSTEM} {row.id}", now)


def _outdated(url: str) -> Outline | None:
    """What there is of a desk of an older schema; None where there is none, or on PostgreSQL."""
    file = snapshots.file_of(url)
    if file is None or not file.is_file() or not file.stat().st_size:
        return None
    with closing(Database(url, make=False)) as database:
        with database.read() as tx:
            revision = schema.revision(tx)
        known = {step.revision for step in schema.scripts().walk_revisions()}
        if revision == schema.scripts().get_current_head() or revision not in known:
            return None
        return snapshots.outlined(database)


def _made(config: Config, outline: Outline, now: datetime) -> Kept:
    """The backup: one that was made of the very same already, as where the upgrade was cut off, or a new one."""
    for path in sorted(config.backup_dir.glob(f"*-{outline.revision}{SUFFIX}"), reverse=True):
        if _about(config, path) == outline:
            return Kept(path, outline)
    path = config.backup_dir / f"huanyu-{local(now):%Y%m%dT%H%M%S}-{outline.revision}{SUFFIX}"
    try:
        with closing(Database(config.database, make=False)) as database:
            made = packing.write(config, partial(snapshots.taken, database), path, now)
    except (HuanyuError, OSError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else problem.args[0]
        raise ConfigError(
            f"升级前的备份没有做成 ({why}), 数据库没有改动: 请在 {config.backup_dir} 和 {config.data_dir}"
            " (备份时暂放一份数据库的副本) 腾出空间, 或在 huanyu.toml 把 backup_dir 设到另一块盘, 再启动"
        ) from problem
    log.warning("backed_up_before_upgrade", path=str(path), revision=outline.revision)
    return Kept(path, made)


def _about(config: Config, path: Path) -> Outline | None:
    """What a backup holds, None where it cannot be opened."""
    try:
        with path.open("rb") as source:
            return Stream(source, config.backup_key).about.outline
    except (BadInput, OSError):
        return None
