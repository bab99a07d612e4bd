"""The grid from its list to the case page: the whole tree of the documents, bad rows kept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flow import grid
from huanyu.bureau import EnterpriseRow
from huanyu.cells import sheet
from huanyu.cells import workbook
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import colleague

HEAD = ("网格编码", "上级编码", "级别", "网格名称", "覆盖地名", "责任单位", "网格员", "联系电话", "离岗日期")
COUNTIES, TOWNS, SMALL, PEOPLE = 11, 141, 4598, 961  # 聊环函〔2017〕323号


def rows() -> list[tuple[str, ...]]:
    """A tree as large as the documents say, with the people that they say."""
    found: list[tuple[str, ...]] = [("C", "", "一级网格", "全市网格", "", "", "", "", "")]
    found += [(f"C{n:02}", "C", "二级网格", f"{n}区网格", "", "", "", "", "") for n in range(COUNTIES)]
    found += [
        (
            f"T{n:03}",
            f"C{n % COUNTIES:02}",
            "三级网格",
            f"第{n}镇网格" if n else "许营镇网格",
            "",
            "",
            "",
            "",
            "",
        )
        for n in range(TOWNS)
    ]
    for n in range(SMALL):
        person = (f"网格员{n % PEOPLE}", f"1390000{n % PEOPLE:04}")
        place = "赵庄" if n == 0 else f"村{n}庄"
        found.append((f"S{n:04}", f"T{n % TOWNS:03}", "三级子网格", f"子网格{n}", place, "", *person, ""))
    return found


def listed(folder: Path, *lines: tuple[str, ...], name: str = "网格.csv") -> Path:
    path = folder / name
    path.write_bytes(sheet([HEAD, *lines]))
    return path


def test_the_whole_tree_is_taken_in_and_again_without_a_double(office: Office, tmp_path: Path) -> None:
    path = listed(tmp_path, *rows())
    done = grid.take_in(office.desk, office.press, path, NOW)
    assert (done.grids, done.people, done.bad) == (1 + COUNTIES + TOWNS + SMALL, SMALL, ())
    grid.take_in(office.desk, office.press, path, NOW)
    found = grid.view(office.desk, office.press, "", NOW)
    assert list(found.levels.values()) == [1, COUNTIES, TOWNS, SMALL]
    assert found.people == PEOPLE
    (city,) = found.lines
    assert (city.below, city.on_duty) == (COUNTIES + TOWNS + SMALL, PEOPLE)


def test_a_case_is_shown_where_it_lies_and_stays_where_it_is(office: Office, tmp_path: Path) -> None:
    small = [("C", "", "一级网格", "全市网格", "", "市执法支队", "", "", ""), *few()]
    grid.take_in(office.desk, office.press, listed(tmp_path, *small), NOW)
    office.fill()
    case = office.case()
    coarse = grid.suggestion(office.desk, case, NOW)
    assert coarse is not None and coarse.chain[0].code == "T1"
    case = replace(case, place="许营镇赵庄西头")
    found = grid.suggestion(office.desk, case, NOW)
    assert found is not None
    assert [one.code for one in found.chain] == ["S1", "T1", "C1", "C"]
    assert (found.unit, [one.name for one in found.on_duty]) == ("zhifa", ["燕知秋"])
    assert office.desk.store.cases.get(case.id).unit == case.unit
    firm = EnterpriseRow(name="许营甲厂", code="371502", unit="高新区", grid="T1")
    told = grid.suggestion(office.desk, replace(case, place=""), NOW, [firm])
    assert told is not None and told.chain[0].code == "T1"
    other = EnterpriseRow(name="许营乙厂", code="371502", unit="高新区", grid="S1")
    several = grid.suggestion(office.desk, case, NOW, [firm, other])
    assert several == found, "two enterprises in two grids say nothing"
    later = grid.suggestion(office.desk, case, NOW + timedelta(days=400))
    assert later is not None and later.on_duty == ()
    (county,) = grid.view(office.desk, office.press, "C", NOW).lines
    (town,) = grid.view(office.desk, office.press, "C1", NOW).lines
    assert (county.open, county.lately, town.open, town.lately) == (1, 1, 1, 1)
    assert [one.open for one in grid.view(office.desk, office.press, "T1", NOW).lines] == [0, 0]


def few() -> list[tuple[str, ...]]:
    return [
        ("C1", "C", "二级网格", "高新区网格", "", "", "", "", ""),
        ("T1", "C1", "三级网格", "许营镇网格", "", "", "", "", ""),
        ("S1", "T1", "三级子网格", "许营镇第一网格", "赵庄", "", "燕知秋", "13900000001", "2026-12-31"),
        ("S2", "T1", "三级子网格", "许营镇第二网格", "后王", "", "贺兰青", "13900000002", ""),
    ]


def test_bad_rows_are_kept_and_told_and_the_rest_is_taken(office: Office, tmp_path: Path) -> None:
    bad = [
        ("T9", "C7", "三级网格", "某镇网格", "", "", "", "", ""),
        ("S9", "T1", "三级子网格", "九网格", "", "某某站", "", "", "明年"),
        ("S1", "T1", "三级子网格", "另一个", "", "", "", "", ""),
    ]
    path = listed(tmp_path, ("C", "", "一级网格", "全市网格", "", "", "", "", ""), *few(), *bad)
    done = grid.take_in(office.desk, office.press, path, NOW)
    assert (done.grids, done.people) == (5, 2)
    assert dict(done.bad) == {
        "第 7 行": "“上级编码”列的“C7”不在本表，也没有导入过",
        "第 8 行": "“责任单位”列的“某某站”不在单位表中；“离岗日期”列的“明年”不是日期",
        "第 9 行": "“网格编码”列的“S1”前面已是另一个网格“许营镇第一网格”",
    }
    assert len(office.desk.store.rejects.heads(source=grid.SOURCE)) == 3


def test_a_workbook_is_read_as_well(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "网格.xlsx"
    city = ("C", "", "一级网格", "全市网格", "", "", "", "", "")
    path.write_bytes(workbook({"网格": [HEAD, city], "说明": [("网格名称", "备注"), ("全市网格", "无")]}))
    done = grid.take_in(office.desk, office.press, path, NOW)
    assert done.grids == 1
    assert [told for _, told in done.unread] == ["表头里没有“网格编码”“级别”列"]


def test_what_is_no_list_of_grids_is_refused(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "别的.csv"
    path.write_bytes(sheet([("内容", "时间"), ("油烟", "2026-03-05")]))
    with pytest.raises(BadInput, match="表头里没有“网格编码”“级别”“网格名称”列"):
        grid.take_in(office.desk, office.press, path, NOW)


def test_who_may_not_is_refused(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        grid.take_in(office.desk, colleague(office.desk, "shenhe", "reviewer"), listed(tmp_path, *few()), NOW)
    with pytest.raises(NotFound):
        grid.view(office.desk, office.press, "没有", NOW)
