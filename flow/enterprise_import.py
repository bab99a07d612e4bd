"""The list of enterprises (环境监管重点单位名录), taken into the bureau's table: new ones added, known ones completed.

An enterprise that the list does not name stays as it is. Bad rows are kept and told; whatever is saved can be undone as
any change of a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from typing import Final

from crawler import import_lists
from crawler.import_table import Row
from flow import permits
from flow import rejected_rows
from flow import tables
from flow.desk import Desk
from flow.inspections import parts
from huanyu import toml_text
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.text import normalise
from huanyu.types import User

TABLE: Final = "enterprises"
SOURCE: Final = "企业名录"  #: under which rows that could not be taken are listed
#: What a column holds -> headings that say so.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "name": ("企业名称", "单位名称", "排污单位名称", "企业详细名称", "企业", "名称"),
        "area": (
            *("所在县（市、区）", "县（市、区）", "所属县（市、区）", "县市区", "所在区县", "区县"),
            *("辖区", "行政区划代码", "行政区划", "乡镇（街道）", "镇（街道）"),
        ),
        "aliases": ("别名、简称", "简称", "别名"),
        "kind": ("行业", "行业类别", "行业名称"),
        "lists": ("名录类别", "重点单位类别", "重点排污单位类别", "监管类别", "类别"),
        "credit": ("统一社会信用代码", "社会信用代码", "信用代码"),
        "permit": ("排污许可证编号", "排污许可证号", "许可证编号", "排污登记编号", "登记编号"),
        "grid": ("网格编码", "所属网格编码"),
        "spared": ("正面清单", "是否正面清单", "监督执法正面清单"),
    }
)
NEEDED: Final = ("name", "area")
YES: Final = frozenset({"是", "√", "1", "列入", "y", "yes"})
NO: Final = frozenset({"", "否", "×", "0", "未列入", "n", "no", "-", "—"})
SHORTEST: Final = 3  #: characters of a name that can be found in a text
LEAST: Final = 2  #: characters of another name, as the table has it
CREDIT: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")  #: GB 32100—2015
LEGAL: Final = re.compile(r"(?:有限责任公司|有限公司)$")
FORMS: Final = ("股份", "集团")  #: what may stand before that and be left out in talk
Entry = dict[str, Any]  #: a row of the table, as TOML has it


@dataclass(frozen=True, slots=True)
class Known:
    """The enterprises of the table: what they are called -> the place of their row."""

    written: Mapping[str, int]  #: by name or alias
    plain: Mapping[str, int]  #: without 有限公司
    shorter: Mapping[str, int]  #: without anything that says only what sort of company it is
    closed: frozenset[str]  #: names of those that are none any more


@dataclass(frozen=True, slots=True)
class Against:
    """What a row is held against."""

    grids: frozenset[str]
    closed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a list."""

    added: int
    changed: int
    same: int
    bad: tuple[tuple[str, str], ...]  #: where, and what is wrong
    unread: tuple[tuple[str, str], ...]  #: sheets that are no such list, and why


def take_in(desk: Desk, user: User, path: Path, now: datetime) -> Taken:
    """A list of enterprises; bad rows are kept. Raises BadInput where the file as a whole will not do, Conflict."""
    permits.demand(user, "edit_rules")
    listed = import_lists.read(path, COLUMNS, NEEDED)
    against = _against(desk, now)
    bad: list[tuple[Row, str]] = []
    read: list[tuple[Row, Entry]] = []
    for row, cells in listed.rows:
        try:
            read.append((row, _read(desk, against, row, cells)))
        except BadInput as problem:
            bad.append((row, str(problem)))
    added, changed, same = _save(desk, user, _once(read, bad), path.stem, now)
    rejected_rows.keep(desk, SOURCE, path.name, bad, user, now)
    return Taken(
        added=added,
        changed=changed,
        same=same,
        bad=tuple((row.place, told) for row, told in bad),
        unread=listed.unread,
    )


def take_row(desk: Desk, user: User, row: Row, name: str, now: datetime) -> bool:
    """One kept row of the list `name`, put right; False where the table says all of it. Raises BadInput, Conflict."""
    permits.demand(user, "edit_rules")
    one = _read(desk, _against(desk, now), row, import_lists.cells(row, COLUMNS))
    added, changed, _ = _save(desk, user, [one], Path(name).stem, now)
    return bool(added + changed)


def _against(desk: Desk, now: datetime) -> Against:
    known = _known(tables.rows(TABLE, tables.current(desk, TABLE)), local(now).date())
    return Against(
        grids=frozenset(one.code for one in desk.store.grids.all()),
        closed=known.closed - known.written.keys(),
    )


def _read(desk: Desk, against: Against, row: Row, cells: Mapping[str, str]) -> Entry:
    """A row as the table would have it; raises BadInput naming every column that is wrong."""
    if row.problem:
        raise BadInput(row.problem)
    told = {field: normalise(cells.get(field, "")).strip() for field in COLUMNS}
    name, credit = "".join(told["name"].split()), told["credit"].upper()
    place = _place(desk, told["area"])
    aliases = [one for one in parts(told["aliases"]) if one != name]
    grid = told["grid"]
    problems = [
        (f"“企业名称”列至少 {SHORTEST} 个字", len(name) < SHORTEST),
        ("“所在县（市、区）”列没有填写", not told["area"]),
        (f"“所在县（市、区）”列不认识“{told['area'][:20]}”", bool(told["area"]) and place is None),
        (
            f"“统一社会信用代码”列的“{credit[:20]}”不是 18 位代码",
            bool(credit) and not CREDIT.fullmatch(credit),
        ),
        (f"“正面清单”列请写“是”或“否”，不是“{told['spared'][:20]}”", told["spared"].lower() not in YES | NO),
        (f"“网格编码”列的“{grid[:20]}”不在网格里", bool(grid) and grid not in against.grids),
        (f"“别名、简称”列的每一个至少 {LEAST} 个字", any(len(one) < LEAST for one in aliases)),
        (f"“{name}”在各表中已经停用，要恢复的请先改“企业”表", name in against.closed),
    ]
    if place is None or any(is_wrong for _, is_wrong in problems):
        raise BadInput("；".join(said for said, is_wrong in problems if is_wrong))
    found = {
        "name": name,
        "aliases": aliases,
        "code": place[0],
        "unit": place[1],
        "kind": told["kind"],
        "lists": list(parts(told["lists"])),
        "credit": credit,
        "permit": told["permit"],
        "grid": grid,
    }
    found = {field: value for field, value in found.items() if value}
    return found | ({"spared": told["spared"].lower() in YES} if told["spared"] else {})


def _place(desk: Desk, written: str) -> tuple[str, str] | None:
    """(code, area) of a county, zone or township, by its name or number; None where nobody knows it, or two have it."""
    wanted = "".join(written.split())
    rows = [
        row
        for row in desk.bureau.places
        if row.unit and (row.is_area or row.level == "township")
        if wanted in {row.name, *(one.rstrip("?") for one in row.aliases)}
        or (wanted == row.code and row.level != "zone")
    ]
    areas = [row for row in rows if row.is_area]
    found = {(row.code, row.unit) for row in areas or rows}
    return found.pop() if len(found) == 1 else None


def _once(read: Sequence[tuple[Row, Entry]], bad: list[tuple[Row, str]]) -> list[Entry]:
    """Each enterprise once, its lists together; of one told twice otherwise only the first is taken."""
    found: dict[str, Entry] = {}
    for row, one in read:
        former = found.get(one["name"])
        if former is None:
            found[one["name"]] = one
            continue
        lists = list(dict.fromkeys([*former.get("lists", []), *one.get("lists", [])]))
        if former | {"lists": lists} != former | one | {"lists": lists}:
            bad.append((row, f"“{one['name']}”在前面已有一行，内容不同"))
        elif lists:
            former["lists"] = lists
    return list(found.values())


def _save(
    desk: Desk, user: User, wanted: Sequence[Entry], source: str, now: datetime
) -> tuple[int, int, int]:
    """(added, changed, as they were); raises Conflict where somebody changed the table meanwhile."""
    before = tables.current(desk, TABLE)
    there = tables.rows(TABLE, before)
    new: list[Entry] = []
    told: dict[int, Entry] = {}
    changed = 0
    for one, at in zip(wanted, _places(there, wanted, local(now).date()), strict=True):
        if at is None:
            new.append({field: value for field, value in one.items() if value} | {"source": source})
        elif changes := _changes({**there[at], **told.get(at, {})}, one):  # it may stand there twice
            told[at] = told.get(at, {}) | changes
            changed += 1
    text = toml_text.edited_rows(before, "enterprise", told)
    for row in new:
        text = toml_text.added(text, "enterprise", row)
    if new or changed:
        judged = tables.judge(desk, user, TABLE, text)
        if judged.seen != tables.mark(before):  # what is judged would take the other change back
            raise Conflict("企业表刚被他人改过，名录没有取用，请再导入一遍")
        tables.save(desk, user, judged, now)
    return len(new), changed, len(wanted) - len(new) - changed


def _known(there: Sequence[Entry], day: date) -> Known:
    written: dict[str, int] = {}
    plain: dict[str, int] = {}
    shorter: dict[str, int] = {}
    last = {
        at: str(row.get("valid_to") or day) for at, row in enumerate(there)
    }  # a person may write it as a text
    rows = [(at, row) for at, row in enumerate(there) if last[at] >= day.isoformat()]
    written |= {row["name"]: at for at, row in rows}
    for at, row in rows:
        for name in row.get("aliases", ()):
            if not name.endswith("?"):
                written.setdefault(name, at)
        _, *cores = _cores(row["name"])
        plain.setdefault(LEGAL.sub("", row["name"]), at)
        for core in cores:
            shorter.setdefault(core, at)
    closed = frozenset(row["name"] for at, row in enumerate(there) if last[at] < day.isoformat())
    return Known(written, plain, shorter, closed)


def _cores(name: str) -> list[str]:
    """A name, and what is left of it without what says only what sort of company it is, the longest first."""
    found = [name]
    if (rest := LEGAL.sub("", name)) != name:
        found.append(rest)
        for form in FORMS:
            if (rest := rest.removesuffix(form)) != found[-1]:
                found.append(rest)
    return found


def _places(there: Sequence[Entry], wanted: Sequence[Entry], day: date) -> list[int | None]:
    """Where each of them stands in the table, None for a new one.

    A row is given once to those that are only called alike, and to none with another 统一社会信用代码: a company and
    the group it belongs to are two.
    """
    known = _known(there, day)
    found = [known.written.get(one["name"]) for one in wanted]
    given = {at for at in found if at is not None}
    for number, one in enumerate(wanted):
        at = _alike(known, one["name"]) if found[number] is None else None
        if at is None or at in given or not _may_be(there[at], one):
            continue
        found[number] = at
        given.add(at)
    return found


def _alike(known: Known, name: str) -> int | None:
    """The row of an enterprise that is called so in short, or in full."""
    found = [known.written.get(core) for core in _cores(name)]
    found += [known.shorter.get(name), known.plain.get(LEGAL.sub("", name))]
    return next((at for at in found if at is not None), None)


def _may_be(there: Entry, one: Entry) -> bool:
    codes = {code for code in (there.get("credit"), one.get("credit")) if code}
    return len(codes) < 2


def _changes(there: Entry, one: Entry) -> Entry:
    """What the list says beyond the table: the place only where it is another county's, for people know it better."""
    told = {field: value for field, value in one.items() if field not in {"name", "aliases", "code", "unit"}}
    if str(there.get("code", ""))[:6] != one["code"][:6]:
        told |= {"code": one["code"], "unit": one["unit"]}
    names = [*there.get("aliases", ()), one["name"], *one.get("aliases", ())]
    aliases = [name for name in dict.fromkeys(names) if name != there["name"]]
    if set(aliases) - set(there.get("aliases", ())):
        told["aliases"] = aliases
    return {field: value for field, value in told.items() if there.get(field, False) != value}
