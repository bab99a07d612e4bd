"""A kept row of a handed-in table, put right by a person and taken in as its import would: no second import of the file.

What was typed and does not do changes nothing; the row as it came stays sealed where it is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from crawler import imports
from crawler.import_table import Row
from crawler.import_table import packed
from crawler.import_table import unpacked
from crawler.import_table import writable
from flow import enterprise_import
from flow import grid
from flow import inspection_import
from flow import permits
from flow import press_log
from flow import ranking_import
from flow import replay
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.store import RejectHead
from huanyu.store import StoredReject
from huanyu.types import User

LONGEST: Final = 20_000  #: characters of a cell


@dataclass(frozen=True, slots=True)
class Kind:
    """What a list of kept rows needs to have one taken in."""

    permit: str
    needs: frozenset[str]  #: what must be known of the row beside its cells
    take: Callable[[Desk, User, Row, StoredReject, datetime], bool]  #: False where all it says is known
    reader: str = "read_handed_in"  #: who may read such rows: most may name people
    of_a_file: bool = False  #: it goes into a table of the bureau, not into the database


def _grid(desk: Desk, user: User, row: Row, item: StoredReject, now: datetime) -> bool:
    return grid.take_row(desk, user, row, item.meta["file"], now)


def _press(desk: Desk, user: User, row: Row, _item: StoredReject, now: datetime) -> bool:
    return press_log.take_row(desk, user, row, now)


def _ranking(desk: Desk, user: User, row: Row, item: StoredReject, now: datetime) -> bool:
    return ranking_import.take_row(desk, user, row, item.meta, now)


def _letter(desk: Desk, user: User, row: Row, item: StoredReject, now: datetime) -> bool:
    return inspection_import.take_row(desk, user, row, int(item.meta["batch"]), now)


def _enterprise(desk: Desk, user: User, row: Row, item: StoredReject, now: datetime) -> bool:
    return enterprise_import.take_row(desk, user, row, item.meta["file"], now)


def _post(desk: Desk, user: User, row: Row, item: StoredReject, now: datetime) -> bool:
    source = desk.bureau.source(item.source)
    if source is None:
        raise BadInput("这个来源已不在各表中")
    told = replace(item, payload=packed(row.cells).encode("utf-8", "replace"), meta={})
    answer, reporters = replay.read_row(desk, told, source)
    if not answer.posts:
        raise BadInput(answer.problem or answer.rejects[0].reason)
    added = desk.store.posts.add(answer.posts, now, user.name, reporters)
    return bool(added.new)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        grid.SOURCE: Kind("take_grid", frozenset({"file"}), _grid),
        press_log.SOURCE: Kind("keep_press", frozenset(), _press),
        ranking_import.SOURCE: Kind(
            "keep_rankings", frozenset({"file", "ranking", "year", "part"}), _ranking
        ),
        enterprise_import.SOURCE: Kind(
            "edit_rules", frozenset({"file"}), _enterprise, "edit_rules", of_a_file=True
        ),
        inspection_import.SOURCE: Kind("keep_inspections", frozenset({"batch"}), _letter),
    }
)
POSTS: Final = Kind("import", frozenset(), _post)


def cells(user: User, item: StoredReject) -> Mapping[str, str]:
    """The row's cells by heading, to be put right; empty where nobody, or not this person, can."""
    kind = _kind_of(item)
    if kind is None or not kind.needs <= item.meta.keys():
        return {}
    if not all(permits.may(user, one) for one in (kind.reader, "replay", kind.permit)):
        return {}
    return unpacked(item.payload)


def may_read(user: User, head: RejectHead) -> bool:
    """Whether the person may read a kept row of a handed-in table."""
    return permits.may(user, reader_of(head))


def reader_of(head: RejectHead) -> str:
    """What whoever reads a kept row of a handed-in table must be permitted."""
    kind = _kind_of(head)
    return kind.reader if kind else "read_handed_in"


def names_people(head: RejectHead) -> bool:
    """Whether a list whose rows may name people has the row."""
    kind = _kind_of(head)
    return kind is not None and kind.reader == "read_handed_in"


def correct(desk: Desk, user: User, reject_id: int, typed: Mapping[str, str], now: datetime) -> bool:
    """Take the row in with the cells as typed; False where all it says was known before.

    Raises NotAllowed, BadInput naming what is wrong still, and Conflict where somebody has dealt with the row.
    """
    permits.demand(user, "replay")
    item = desk.store.rejects.get(reject_id)
    kind = _kind_of(item)
    permits.demand(user, kind.reader if kind else "read_handed_in")
    there = unpacked(item.payload)
    if kind is None or not there or not kind.needs <= item.meta.keys():
        raise BadInput("这一项不能在这里改，请在原表里改好再导入一遍")
    permits.demand(user, kind.permit)
    told = {name: _cell(name, typed.get(name, value)) for name, value in there.items()}
    changed = [name for name, value in there.items() if told[name] != value]
    row = Row(item.where.removeprefix(str(item.meta.get("file", ""))).strip(), "", told)
    if (
        kind.of_a_file
    ):  # whoever saves a table has its lock before the database; a row taken twice changes nothing
        replay.demand(desk, reject_id)
        is_new = kind.take(desk, user, row, item, now)
        desk.store.rejects.correct(reject_id, changed, user.name, now)
        return is_new
    with desk.store.in_line():  # a row joins what is there: of two at once the second must see the first
        desk.store.rejects.correct(reject_id, changed, user.name, now)
        return kind.take(desk, user, row, item, now)


def _kind_of(item: StoredReject | RejectHead) -> Kind | None:
    if item.callback == imports.CALLBACK:
        return POSTS
    return KINDS.get(item.source) if not item.callback else None


def _cell(name: str, value: str) -> str:
    found = writable(value.replace("\r\n", "\n"))
    if len(found) > LONGEST:
        raise BadInput(f"“{name}”最多 {LONGEST} 字")
    return found
