"""The grid's list and tree: what a row says, where a place lies, and what is only guessed is not told."""

from __future__ import annotations

from datetime import date

import pytest

from cases.grid import LEVELS
from cases.grid import Tree
from cases.grid import misplaced
from cases.grid import read
from cases.grid import tree
from huanyu.errors import BadInput
from huanyu.types import Grid

UNITS = {"市执法支队": "zhifa", "许营镇政府": "xuying"}
ROW = {"code": "0301", "parent": "03", "level": "三级网格", "name": "许营镇网格"}


def grid(code: str, name: str, *places: str, unit: str = "", until: date | None = None) -> Grid:
    parent = code[:-2]
    return Grid(
        code=code, parent=parent, level=len(code) // 2, name=name, places=places, unit=unit,
        valid_from=None, valid_to=until,
    )  # fmt: skip


CITY = (
    grid("01", "聊城市网格", unit="sthj"),
    grid("0101", "高新区", unit="gaoxin"),
    grid("0102", "莘县"),
    grid("010101", "许营镇网格", unit="xuying"),
    grid("010102", "柳林镇网格"),
    grid("010201", "柳林镇网格"),
    grid("01010101", "许营镇第一网格", "赵庄", "小李庄"),
    grid("01010102", "许营镇第二网格", "后王"),
    grid("01020101", "柳林镇第一网格", "赵庄"),
    grid("01010103", "许营镇第三网格", "周庄", until=date(2026, 1, 31)),
)
TREE = Tree(CITY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("高新区 许营镇赵庄西头", "01010101"),
        ("许营镇小李庄", "01010101"),
        ("许营镇卫生院对面", "010101"),
        ("许营镇赵庄和后王之间", "010101"),  # two of one township: the township
        ("莘县 柳林镇赵庄", "01020101"),
        ("莘县 柳林镇", "010201"),
        ("柳林镇赵庄村", "01020101"),  # two counties have a 柳林镇, one of them a 赵庄
        ("柳林镇", None),
        ("赵庄村东头", None),  # a village alone may lie anywhere
        ("莘县", "0102"),
        ("聊城市", None),  # the whole city is nobody's grid
        ("", None),
    ],
)
def test_where_a_place_lies(text: str, code: str | None) -> None:
    found = TREE.find(text)
    assert (found.code if found else None) == code


def test_the_nearest_grid_above_that_has_a_unit_answers() -> None:
    assert TREE.owner(TREE.by_code["01010101"]) == "xuying"
    assert TREE.owner(TREE.by_code["01020101"]) == "sthj"


def test_a_grid_is_there_as_long_as_it_is_in_force() -> None:
    assert "01010103" in tree(CITY, date(2026, 1, 31)).by_code
    assert "01010103" not in tree(CITY, date(2026, 2, 1)).by_code


def test_work_below_counts_above() -> None:
    first, town = TREE.by_code["01010101"], TREE.by_code["010101"]
    assert TREE.rolled([first, first, town]) == {"01010101": 2, "010101": 3, "0101": 3, "01": 3}


def test_a_row_is_a_grid_and_who_is_on_duty() -> None:
    more = {"places": "赵庄、小李庄", "unit": "许营镇政府", "member": "燕知秋", "phone": "13900000000"}
    days = {"from": "2026-01-01", "to": "2026年12月31日", "member_from": "2026/3/1"}
    found, member = read({**ROW, **more, **days}, UNITS)
    assert (found.level, found.places, found.unit) == (3, ("赵庄", "小李庄"), "xuying")
    assert (found.valid_from, found.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert member is not None
    assert (member.grid, member.name, member.role) == ("0301", "燕知秋", "网格员")
    assert (member.valid_from, member.valid_to) == (date(2026, 3, 1), None)


def test_a_row_without_a_person_is_a_grid() -> None:
    assert read(ROW, UNITS)[1] is None


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"code": ""}, "“网格编码”列空着"),
        ({"level": "五级网格"}, "“级别”列的“五级网格”应为一级网格、二级网格、三级网格、三级子网格"),
        ({"parent": ""}, "“上级编码”列空着"),
        ({"unit": "某某站"}, "“责任单位”列的“某某站”不在单位表中"),
        ({"from": "去年"}, "“生效日期”列的“去年”不是日期"),
        ({"from": "2026-02-30"}, "“生效日期”列的“2026-02-30”不是日期"),
        ({"from": "2026-02-03", "to": "2026-01-01"}, "“失效日期”早于“生效日期”"),
        ({"name": "", "to": "x"}, "“网格名称”列空着；“失效日期”列的“x”不是日期"),
    ],
)
def test_a_bad_row_is_told_by_its_columns(cells: dict[str, str], told: str) -> None:
    with pytest.raises(BadInput) as problem:
        read({**ROW, **cells}, UNITS)
    assert str(problem.value) == told


def test_a_grid_hangs_below_the_next_wider_one() -> None:
    known = {one.code: one for one in CITY}
    assert [misplaced(one, known) for one in CITY if misplaced(one, known)] == []
    assert misplaced(grid("990101", "某镇网格"), known) == "“上级编码”列的“9901”不在本表，也没有导入过"
    wrong = Grid(code="9", parent="01", level=4, name="x", places=(), unit="", valid_from=None, valid_to=None)
    assert misplaced(wrong, known) == "“级别”列是三级子网格，上级“聊城市网格”却是一级网格"
    assert len(LEVELS) == 4
