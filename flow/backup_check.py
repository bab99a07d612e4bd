"""Is a backup good? It is filled into an empty place, opened as a desk would open it, and its audit chain is read."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flow import backup_file
from flow.backup_file import About
from huanyu.belonging import hand_over
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.store import Store
from huanyu.store import schema
from huanyu.store import snapshots
from huanyu.store.session import Database
from huanyu.store.snapshots import Outline

KIND = {snapshots.SQLITE: "SQLite", snapshots.POSTGRES: "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a backup holds, and what is wrong with it."""

    about: About
    store_key: str
    files: tuple[str, ...]  #: names of the desk's files in it
    problems: tuple[str, ...]  #: Chinese; none = it can be restored

    @property
    def rows(self) -> int:
        return sum(self.about.outline.rows.values())


class Stream:
    """The parts of a backup in their order, of which the next may be looked at before it is taken."""

    def __init__(self, source: IO[bytes], key: str) -> None:
        self._parts = backup_file.parts(source, key)
        self._next: tuple[str, IO[bytes]] | None = None
        self.about = backup_file.about_of(self._take(backup_file.ABOUT))
        self.store_key = self._take(backup_file.STORE_KEY).decode()

    def under(self, prefix: str) -> Iterator[tuple[str, IO[bytes]]]:
        """Those that come next and begin so."""
        while (found := self._peek()) is not None and found[0].startswith(prefix):
            self._next = None
            yield found

    def end(self) -> None:
        """Read whatever is left: only now is the file known to be whole."""
        self._next = None
        for name, _ in self._parts:
            raise BadInput(f"备份里有不认识的内容: {name}")

    def _peek(self) -> tuple[str, IO[bytes]] | None:
        if self._next is None:
            self._next = next(self._parts, None)
        return self._next

    def _take(self, name: str) -> bytes:
        found = self._peek()
        self._next = None
        if found is None or found[0] != name:
            raise BadInput("备份文件的内容不对")
        return found[1].read()


def check(config: Config, path: Path, key: str, known_head: str = "") -> Checked:
    """Restore `path` into a place of its own, and take that away again; raises BadInput for a damaged file.

    `known_head` is a head of the audit chain kept elsewhere, such as the one printed in a bulletin.
    """
    with path.open("rb") as source, _place(config) as work:
        stream = Stream(source, key)
        demand_same_kind(config, stream.about.outline)
        with _filled(config, stream, work) as url:
            files = [name for name, _ in stream.under(backup_file.FILES)]
            for _ in stream.under(backup_file.SETTINGS):
                continue
            stream.end()
            problems = _problems(url, stream, known_head)
    return Checked(stream.about, stream.store_key, tuple(files), tuple(problems))


def demand_same_kind(config: Config, outline: Outline) -> None:
    """Raise BadInput where the backup is of the other kind of database."""
    mine = snapshots.POSTGRES if config.database.startswith(snapshots.POSTGRES) else snapshots.SQLITE
    if outline.database != mine:
        raise BadInput(
            f"备份来自 {KIND[outline.database]}, 而 huanyu.toml 的 database 是 {KIND[mine]}: 请先改成相同的一种"
        )


@contextmanager
def workplace(data_dir: Path) -> Iterator[Path]:
    """A private folder in the data folder, gone afterwards: what lies there is readable, as the database beside it is."""
    work = data_dir / "backup-work" / secrets.token_hex(6)
    work.mkdir(mode=0o700, parents=True)
    hand_over(work.parent)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _place(config: Config) -> Iterator[Path]:
    with workplace(config.data_dir) as work:
        yield work


@contextmanager
def _filled(config: Config, stream: Stream, work: Path) -> Iterator[str]:
    if stream.about.outline.database == snapshots.SQLITE:
        target = work / "check.db"
        for _, source in stream.under(snapshots.WHOLE):
            snapshots.put_file(source, target)
        yield f"sqlite:///{target.as_posix()}"
        return
    with snapshots.aside(config.database) as url:
        database = Database(url)
        try:
            snapshots.fill(database, stream.about.outline, stream.under(snapshots.TABLES))
        finally:
            database.close()
        yield url


def _problems(url: str, stream: Stream, known_head: str) -> list[str]:
    outline = stream.about.outline
    problems = _miscounted(url, outline)
    with Store.open(url, stream.store_key) as store:
        problems += store.audit.verify(outline.head)
        if known_head:
            problems += store.audit.verify(known_head)
    return list(dict.fromkeys(problems))


def _miscounted(url: str, outline: Outline) -> list[str]:
    """Tables with other numbers of rows than were noted; a backup of an older schema may gain some by migrating."""
    if outline.revision != schema.scripts().get_current_head():
        return []
    database = Database(url)
    try:
        found = snapshots.counted(database, outline.rows)
    finally:
        database.close()
    return [
        f"表 {name} 应有 {rows} 行, 备份里有 {found[name]} 行"
        for name, rows in outline.rows.items()
        if found[name] != rows
    ]
