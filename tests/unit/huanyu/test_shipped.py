"""The tables that are shipped: each bureau is whole with its own and the shared ones, and no code names its city."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cases.facts import is_elsewhere
from classify.places import Gazetteer
from huanyu import shipped
from huanyu.bureau import Bureau
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import ConfigError

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("huanyu", "crawler", "classify", "cases", "publisher", "bulletins", "flow", "console")
#: What a program of one city would say: the city, its counties, zones and townships by their full names.
NAMED = frozenset({"city", "county", "zone", "township"})
#: Zones that every city has.
ORDINARY = frozenset({"经开区", "高新区", "度假区"})


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bureau]:
    return {key: bureau(key, tmp_path_factory.mktemp(key)) for key in shipped.bureaus()}


def bureau(key: str, folder: Path) -> Bureau:
    for path in shipped.tables(key).values():
        shutil.copyfile(path, folder / path.name)
    return load_bureau(folder)


def test_a_bureau_that_is_not_shipped_is_told_so() -> None:
    with pytest.raises(ConfigError, match=r"没有自带 elsewhere 的各表, 可选: liaocheng、cixi"):
        shipped.tables("elsewhere")


def test_what_is_national_stands_in_one_place() -> None:
    own = {path.name for path in (shipped.BUREAUS / "cixi").glob("*.toml")}
    shared = {path.name for path in SHIPPED.glob("*.toml")} - own
    assert {"routes.toml", "clocks.toml", "bases.toml", "words.toml", "calendar.toml", "hints.toml"} <= shared
    assert {"forms.toml", "reasons.toml", "measures.toml", "elsewhere.toml", "levels.toml"} <= shared


def test_a_city_without_counties_has_its_townships_as_areas(both: dict[str, Bureau]) -> None:
    areas = both["cixi"].areas()
    assert len([code for code in areas if code.isdecimal()]) == 18
    assert areas["330282110"] == "匡堰镇"
    assert len(both["liaocheng"].areas()) == 11


def test_every_rule_finds_its_department_in_both(both: dict[str, Bureau]) -> None:
    routes = [{row.id: (row.department, row.assist) for row in one.routes} for one in both.values()]
    assert routes[0] == routes[1]
    assert not [row.id for row in both["cixi"].routes if "聊城" in row.source]
    assert [row.id for row in both["liaocheng"].routes if "聊城" in row.source]


def test_papers_are_numbered_under_the_bureaus_own_mark(both: dict[str, Bureau]) -> None:
    marks = {key: {row.key: row.mark for row in one.forms} for key, one in both.items()}
    assert marks["liaocheng"]["supervision_letter"] == "聊环督"
    assert marks["cixi"]["supervision_letter"] == "慈环督"


@pytest.mark.parametrize(
    ("key", "text", "unit"),
    [
        ("cixi", "匡堰镇一家企业夜里往河里偷排", "330282110"),
        ("cixi", "周巷天元村有家小厂冒黑烟", "330282121"),
        ("cixi", "庵东镇海星村夜里有怪味", "前湾新区"),
        ("liaocheng", "许营镇小李庄偷排黑水", "高新区"),
    ],
)
def test_each_knows_its_own(both: dict[str, Bureau], key: str, text: str, unit: str) -> None:
    assert {one.unit for one in gazetteer(both[key]).find(text)} == {unit}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("liaocheng", "匡堰镇一家企业夜里往河里偷排"),
        ("liaocheng", "慈溪观海卫镇锦堂村养猪场臭"),
        ("cixi", "许营镇小李庄偷排黑水"),
        ("cixi", "聊城莘县古云镇化工味"),
        ("cixi", "余姚泗门镇电镀厂排水"),
    ],
)
def test_each_sees_that_the_other_is_out_of_town(both: dict[str, Bureau], key: str, text: str) -> None:
    """A township's full name is enough; the city need not stand before it."""
    where = gazetteer(both[key]).survey(text)
    assert (where.places, where.out_of_town) == ((), True)


def test_a_code_of_the_others_is_elsewhere(both: dict[str, Bureau]) -> None:
    assert is_elsewhere("330282110", both["liaocheng"].places)
    assert is_elsewhere("371502", both["cixi"].places)
    assert is_elsewhere("330281", both["cixi"].places), "the neighbour under the same city"
    assert not is_elsewhere("330282110", both["cixi"].places)


@pytest.mark.parametrize(
    ("key", "text", "unit"),
    [
        ("liaocheng", "山东省厅督办高新区异味", "高新区"),
        ("cixi", "浙江省厅督办前湾新区异味", "前湾新区"),
        ("cixi", "浙江督办匡堰镇企业偷排", "330282110"),
    ],
)
def test_the_own_province_is_no_other_city(both: dict[str, Bureau], key: str, text: str, unit: str) -> None:
    where = gazetteer(both[key]).survey(text)
    assert ({one.unit for one in where.places}, where.out_of_town) == ({unit}, False)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("liaocheng", "浙江省厅督办高新区异味"),
        ("cixi", "山东省厅督办新浦镇异味"),
        ("liaocheng", "山东省济南市冒烟"),
    ],
)
def test_another_province_is_elsewhere(both: dict[str, Bureau], key: str, text: str) -> None:
    assert gazetteer(both[key]).out_of_town(text)


@pytest.mark.parametrize(
    "text", ["开发区桥头镇口饭店油烟", "高新区长河镇附近异味", "横河镇有人烧垃圾", "龙山镇口有人烧垃圾"]
)
def test_a_town_name_that_many_places_have_is_not_the_other_bureaus(
    both: dict[str, Bureau], text: str
) -> None:
    assert not gazetteer(both["liaocheng"]).out_of_town(text)


@pytest.mark.parametrize(
    ("key", "area", "away"),
    [
        ("liaocheng", "山东省聊城市", False),
        ("liaocheng", "山东省", False),
        ("liaocheng", "山东省济南市", True),
        ("liaocheng", "浙江省宁波市慈溪市", True),
        ("cixi", "浙江省慈溪市", False),
        ("cixi", "浙江省宁波市慈溪市", False),
        ("cixi", "浙江省", False),
        ("cixi", "浙江省余姚市", True),
        ("cixi", "山东省聊城市", True),
    ],
)
def test_what_is_filed_under_the_own_province_is_ours(
    both: dict[str, Bureau], key: str, area: str, away: bool
) -> None:
    assert is_elsewhere(area, both[key].places) is away


def gazetteer(one: Bureau) -> Gazetteer:
    return Gazetteer(one.places, date(2026, 3, 5), enterprises=one.enterprises)


def test_no_module_names_a_place_of_either_city(both: dict[str, Bureau]) -> None:
    """Texts of the program, templates and scripts; an example in a comment or a docstring may explain a rule."""
    rows = [row for one in both.values() for row in one.places if row.level in NAMED]
    names = {name for row in rows for name in (row.name, row.name.removesuffix("市"))} - ORDINARY
    pattern = re.compile("|".join(map(re.escape, sorted(names))) + "|0635|0574")
    found = [f"{where}: {said[0]}" for where, text in _texts() if (said := pattern.search(text))]
    assert found == []


def _texts() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            shown = path.relative_to(ROOT).as_posix()
            if path.suffix in {".html", ".js", ".css", ".txt"} and "data" not in path.parts:
                yield shown, path.read_text(encoding="utf-8")
            elif path.suffix == ".py":
                yield from _said(shown, ast.parse(path.read_text(encoding="utf-8")))


def _said(shown: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Strings of a module; docstrings only of commands, where they are the help."""
    explaining = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and not (isinstance(node, ast.FunctionDef) and shown.startswith("console/commands/"))
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield f"{shown}:{node.lineno}", node.value
