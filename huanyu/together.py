"""Tables that all bureaus share, put together with what is one city's own.

Reading the tables is the business of `huanyu.config`; here only whose places they are is looked up.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from huanyu.bureau import BureauRow
from huanyu.bureau import PlaceRow
from huanyu.form_rows import FormRow
from huanyu.handling_rows import LocalLawRow
from huanyu.handling_rows import RouteRow

#: The shipped ones are of the shipped places: a folder with places of its own has its own of these, or none.
OF_THE_PLACES = frozenset({"enterprises", "elsewhere", "local_law", "columns", "regulations"})
GROUP = "各市"  #: what a group of other places is called beside the province itself
NOT_OURS = frozenset({"elsewhere", "no_place", "product"})


def holds(folder: Path, name: str, shipped: Path) -> bool:
    """Whether there is such a table for `folder`: what is of the shipped places is not of another city's.

    A bureau of the shipped city that has changed a place keeps the rest of what is of its places.
    """
    own = folder / "places.toml"
    if name not in OF_THE_PLACES or (folder / f"{name}.toml").is_file() or not own.is_file():
        return True
    if name == "enterprises":
        return False
    city, others = _city(own.read_text(encoding="utf-8-sig", errors="replace"))
    at_home = city != "" and city == _city((shipped / "places.toml").read_text(encoding="utf-8-sig"))[0]
    return at_home and not (name == "elsewhere" and others)


@lru_cache(maxsize=16)
def _city(text: str) -> tuple[str, bool]:
    """Of a table of places: the code of its city, and whether it lists other cities itself."""
    try:
        rows = [row for row in tomllib.loads(text).get("place", ()) if isinstance(row, dict)]
    except tomllib.TOMLDecodeError:
        return "", False  # whoever reads the table says what is wrong
    code = next((str(row.get("code", "")) for row in rows if row.get("level") == "city"), "")
    return code, any(row.get("level") == "elsewhere" for row in rows)


def put(tables: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The tables as the bureau has them, by name."""
    kept = {name: rows for name, rows in tables.items() if name not in {"elsewhere", "local_law"}}
    return {
        **kept,
        "places": places(tables["places"], tables["elsewhere"]),
        "routes": routes(tables["routes"], tables["local_law"]),
        "forms": forms(tables["forms"], _mark(tables["bureau"], folder)),
    }


def _mark(bureau: BureauRow, folder: Path) -> str:
    """Before the mark of each paper: as the bureau writes it, else as is usual, where the papers are the shared ones."""
    return bureau.paper_mark or ("" if (folder / "forms.toml").is_file() else f"{bureau.city[:1]}环")


def places(own: Sequence[PlaceRow], elsewhere: Sequence[PlaceRow]) -> tuple[PlaceRow, ...]:
    """A city's own places, then those of all others without the names that are its own."""
    ours = {
        name.removesuffix("?")
        for row in own
        if row.level not in NOT_OURS
        for name in (row.name, *row.aliases)
    }
    cities = {name for row in own if row.level == "city" for name in (row.name, *row.aliases)}
    others = (_beside_home(row) if cities & {row.name, *row.aliases} else row for row in elsewhere)
    left = (row.model_copy(update={"aliases": _without(row.aliases, ours)}) for row in others)
    return (*own, *(row for row in left if row.aliases))


def _beside_home(row: PlaceRow) -> PlaceRow:
    """The group a city itself is listed in, without the name of its province: 山东省厅 is no other city's."""
    rest = tuple(name for name in row.aliases if not row.name.startswith(name.removesuffix("?")))
    return row.model_copy(update={"name": f"{row.name.removesuffix(GROUP)}{GROUP}", "aliases": rest})


def routes(rules: Sequence[RouteRow], laws: Sequence[LocalLawRow]) -> tuple[RouteRow, ...]:
    """The shared rules, each naming the ordinance it rests on in this city after its own source."""
    local: dict[str, list[str]] = defaultdict(list)
    for law in laws:
        local[law.rule].append(law.source)
    return tuple(
        row.model_copy(update={"source": "；".join((row.source, *new))})
        if (new := [one for one in local.get(row.id, ()) if one not in row.source])
        else row
        for row in rules
    )


def forms(rows: Sequence[FormRow], mark: str) -> tuple[FormRow, ...]:
    """The shared papers, numbered under the bureau's own mark; one that has it already keeps its own."""
    return tuple(
        row if row.mark.startswith(mark) else row.model_copy(update={"mark": f"{mark}{row.mark}"})
        for row in rows
    )


def _without(names: Sequence[str], ours: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.removesuffix("?") not in ours)
