"""A new table of routing rules: read as the desk would read it, judged, tried on the last cases, then saved.

What a rule means is the business of `cases.routing`; what is wrong with a table, of `cases.route_check`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import cases.route_check
import cases.routing
from flow import permits
from flow import rights
from flow.desk import Desk
from flow.routing import facts_of
from huanyu.bureau import Bureau
from huanyu.bureau import RouteRow
from huanyu.clock import local
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.types import Case
from huanyu.types import Route
from huanyu.types import User

TABLE: Final = "routes"
FILE: Final = f"{TABLE}.toml"
TRIED: Final = 200  #: cases that a new table is tried on
LONGEST: Final = 1_000_000  #: characters of a table; the shipped one has a tenth of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A case that the new rules give to somebody else, or for another reason."""

    case: Case
    before: Route
    after: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is to be said of a table before it is saved."""

    mistakes: tuple[str, ...] = ()  #: it cannot be read: nothing else is known
    problems: tuple[str, ...] = ()  #: conflicts, dead rules, departments nobody has
    edits: tuple[str, ...] = ()  #: rules that are new, gone or other than before
    moved: tuple[Moved, ...] = ()
    tried: int = 0  #: cases

    @property
    def savable(self) -> bool:
        return not self.mistakes and bool(self.edits)


def current(desk: Desk) -> str:
    """The table as it stands."""
    return desk.config.table(TABLE).read_text(encoding="utf-8-sig")


def mark(text: str) -> str:
    """Tells one text of the table from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def problems(bureau: Bureau) -> list[str]:
    """What is wrong with the rules of these tables."""
    known = cases.route_check.known_of(
        bureau.places,
        (row.name for row in bureau.campaigns),
        (row.key for row in bureau.item_types),
    )
    return cases.route_check.problems(bureau.routes, bureau.units, known)


def judge(desk: Desk, user: User, text: str, now: datetime) -> Judged:
    """What the desk would make of this text in the place of its table."""
    permits.demand(user, "edit_rules")
    try:
        bureau = _read(desk, text)
    except ConfigError as problem:
        return Judged(mistakes=tuple(str(problem).splitlines()))
    before, recent = desk.rules.rows, desk.store.cases.listing(limit=TRIED, seer=rights.seer(user))
    return Judged(
        problems=tuple(problems(bureau)),
        edits=tuple(edits(before, bureau.routes)),
        moved=tuple(_moved(desk, recent, before, bureau, now)),
        tried=len(recent),
    )


def save(desk: Desk, user: User, text: str, seen: str, now: datetime) -> tuple[str, ...]:
    """Put the text in the place of the table the person saw (`seen` is its mark); returns what was edited."""
    permits.demand(user, "edit_rules")
    folder = _folder(desk)
    judged = judge(desk, user, text, now)
    if judged.mistakes:
        raise BadInput("；".join(judged.mistakes))
    if not judged.edits and mark(current(desk)) == mark(text):
        raise BadInput("没有改动")

    def put() -> None:
        if mark(current(desk)) != seen:  # looked at inside the write: of two at once the second is told
            raise Conflict(f"{FILE} 刚被他人改过, 请重新比较后再保存")
        _keep(desk, now)
        _replace(folder / FILE, text)

    desk.store.rerouting.save_table(FILE, judged.edits, mark(text), put, user.name, now)
    return judged.edits


def edits(before: Sequence[RouteRow], after: Sequence[RouteRow]) -> Iterator[str]:
    """What has become of each rule, for the person who saves and for the audit trail."""
    old, new = ({row.id: row for row in rows} for rows in (before, after))
    yield from (f"增 {key}" for key in new if key not in old)
    yield from (f"删 {key}" for key in old if key not in new)
    yield from (f"改 {key}" for key, row in new.items() if key in old and old[key] != row)
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        yield "次序"


def may_save(desk: Desk) -> str:
    """Why the table cannot be saved here; "" where it can."""
    try:
        _folder(desk)
    except BadInput as problem:
        return str(problem.args[0])
    return ""


def _folder(desk: Desk) -> Path:
    """Where this bureau keeps tables of its own."""
    named = desk.config.settings.config_dir
    folder = desk.config.home / named if named else SHIPPED
    if not named or folder.resolve() == SHIPPED:
        raise BadInput("本局还没有自己的配置文件夹，请先在 huanyu.toml 中写 config_dir")
    return folder


def _read(desk: Desk, text: str) -> Bureau:
    """All tables with this text among them; raises ConfigError naming the line."""
    if len(text) > LONGEST:
        raise ConfigError(f"{FILE}: 太大，最多 {LONGEST} 字")
    with tempfile.TemporaryDirectory(prefix="huanyu-rules-") as name:
        folder = Path(name)
        own = desk.config.table(TABLE).parent
        for path in own.glob("*.toml"):
            shutil.copyfile(path, folder / path.name)
        (folder / FILE).write_text(text, encoding="utf-8")
        try:
            return load_bureau(folder)
        except ConfigError as problem:
            raise ConfigError(str(problem).replace(f"{folder}{os.sep}", "")) from problem


def _moved(
    desk: Desk, recent: Sequence[Case], before: Sequence[RouteRow], bureau: Bureau, now: datetime
) -> Iterator[Moved]:
    units, day = desk.units(now.date()), now.date()
    for case in recent:
        facts = facts_of(desk, case, now)
        old, new = (cases.routing.route(facts, rows, units, day) for rows in (before, bureau.routes))
        if (old.unit, old.department, old.assist) != (new.unit, new.department, new.assist):
            yield Moved(case=case, before=old, after=new)


def _keep(desk: Desk, now: datetime) -> None:
    """The table as it was, beside the other files of the desk."""
    folder = desk.config.data_dir / "tables"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(desk.config.table(TABLE), folder / f"{TABLE}-{local(now):%Y%m%d-%H%M%S}.toml")


def _replace(path: Path, text: str) -> None:
    """Whoever reads meanwhile sees the old table or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
