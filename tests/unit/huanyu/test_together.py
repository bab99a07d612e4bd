"""Tables that are put together: a bureau that changes one of them keeps what belongs to the others."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

from huanyu import together
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.handling_rows import LocalLawRow

WHOLE = load_bureau(SHIPPED)


def own(folder: Path, *names: str) -> Path:
    """A bureau's folder that holds these of the shipped tables, as saving them on /tables writes them."""
    for name in names:
        shutil.copy(SHIPPED / f"{name}.toml", folder / f"{name}.toml")
    return folder


def outside(bureau: object) -> int:
    return sum(place.level == "elsewhere" for place in bureau.places)  # type: ignore[attr-defined]


def sources(bureau: object) -> dict[str, str]:
    return {row.id: row.source for row in bureau.routes}  # type: ignore[attr-defined]


def test_a_saved_table_of_places_keeps_the_outside_and_the_ordinances(tmp_path: Path) -> None:
    saved = load_bureau(own(tmp_path, "places"))
    assert outside(saved) == outside(WHOLE) > 0
    assert sources(saved) == sources(WHOLE)


def test_saved_rules_name_each_ordinance_once() -> None:
    told = tomllib.loads((SHIPPED / "local_law.toml").read_text(encoding="utf-8"))
    laws = [LocalLawRow(**row) for row in told["law"]]
    assert together.routes(WHOLE.routes, laws) == WHOLE.routes
    twice = [laws[0], laws[0].model_copy(update={"source": "另一条例第一条"})]
    named = {row.id: row.source for row in together.routes(WHOLE.routes, twice)}
    assert named[laws[0].rule] == f"{sources(WHOLE)[laws[0].rule]}；另一条例第一条"


def test_another_city_has_nothing_of_the_shipped_one() -> None:
    other = load_bureau(SHIPPED / "bureaus" / "cixi")
    assert outside(other) < outside(WHOLE)
    assert not any("聊城" in source for source in sources(other).values())


def test_a_bureau_that_says_no_mark_numbers_its_papers_as_usual(tmp_path: Path) -> None:
    text = (SHIPPED / "bureau.toml").read_text(encoding="utf-8")
    (tmp_path / "bureau.toml").write_text(re.sub(r"(?m)^paper_mark.*$", "", text), encoding="utf-8")
    assert [row.mark for row in load_bureau(tmp_path).forms] == [row.mark for row in WHOLE.forms]
    own(tmp_path, "forms")
    bare = [row.mark for row in load_bureau(tmp_path).forms]
    assert not any(mark.startswith("聊环") for mark in bare), "papers of one's own are numbered as they say"
