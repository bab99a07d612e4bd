"""Tables that all bureaus share, put together with what is one city's own.

Reading the files is the business of `huanyu.config`.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from huanyu.bureau import PlaceRow
from huanyu.form_rows import FormRow
from huanyu.handling_rows import LocalLawRow
from huanyu.handling_rows import RouteRow

#: The shipped ones are of the shipped places: a folder with places of its own has its own of these, or none.
OF_THE_PLACES = frozenset({"enterprises", "elsewhere", "local_law"})
NOT_OURS = frozenset({"elsewhere", "no_place", "product"})


def holds(folder: Path, name: str) -> bool:
    """Whether there is such a table for `folder`: what is of the shipped places is not of another city's."""
    return (
        name not in OF_THE_PLACES
        or (folder / f"{name}.toml").is_file()
        or not (folder / "places.toml").is_file()
    )


def put(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables as the bureau has them, by name."""
    kept = {name: rows for name, rows in tables.items() if name not in {"elsewhere", "local_law"}}
    return {
        **kept,
        "places": places(tables["places"], tables["elsewhere"]),
        "routes": routes(tables["routes"], tables["local_law"]),
        "forms": forms(tables["forms"], tables["bureau"].paper_mark),
    }


def places(own: Sequence[PlaceRow], elsewhere: Sequence[PlaceRow]) -> tuple[PlaceRow, ...]:
    """A city's own places, then those of all others without the names that are its own."""
    ours = {
        name.removesuffix("?")
        for row in own
        if row.level not in NOT_OURS
        for name in (row.name, *row.aliases)
    }
    left = (row.model_copy(update={"aliases": _without(row.aliases, ours)}) for row in elsewhere)
    return (*own, *(row for row in left if row.aliases))


def routes(rules: Sequence[RouteRow], laws: Sequence[LocalLawRow]) -> tuple[RouteRow, ...]:
    """The shared rules, each naming the ordinance it rests on in this city after its own source."""
    local = {row.rule: row.source for row in laws}
    return tuple(
        row.model_copy(update={"source": f"{row.source}；{local[row.id]}"}) if row.id in local else row
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
