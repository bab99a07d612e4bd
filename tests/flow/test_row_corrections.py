"""Kept rows of every kind of table, put right one by one and taken in; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path

import pytest

from flow import grid
from flow import inspection_import
from flow import press_log
from flow import ranking_import
from flow import row_corrections
from huanyu.cells import workbook
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.store import RejectHead
from huanyu.types import Reject
from tests.flow import test_grid_list as grids
from tests.flow import test_inspections as letters
from tests.flow import test_press_log as presses
from tests.flow import test_rankings as ranked
from tests.flow.office import NOW
from tests.flow.office import Office

Prepare = Callable[[Office, Path], None]


def kept(office: Office, source: str) -> RejectHead:
    """The bad row that came first."""
    return office.desk.store.rejects.heads(source=source)[-1]


def a_grid(office: Office, folder: Path) -> None:
    bad = ("S2", "T1", "三级子网格", "许营镇第二网格", "后王", "", "秦月白", "13900000003", "明年")
    top = ("C", "", "一级网格", "全市网格", "", "", "", "", "")
    grid.take_in(office.desk, office.press, grids.listed(folder, top, *grids.few(), bad), NOW)


def a_log(office: Office, folder: Path) -> None:
    bad = ("媒体报道", "2026-02-30", "巡河", "聊城日报", *("",) * 8)
    press_log.take_in(office.desk, office.press, presses.listed(folder, bad), NOW)


def a_ranking(office: Office, folder: Path) -> None:
    path = folder / "空气.xlsx"
    path.write_bytes(workbook({"3月": [ranked.HEAD, *ranked.AIR]}))
    ranking_import.take_in(office.desk, office.press, "air", 2026, "3", path, ranked.APRIL)


def a_letter(office: Office, folder: Path) -> None:
    bad = (2, "X3LC20260304002", "许营镇一家具厂喷漆异味，夜间更重。", "月球县", "大气", "", "")
    path = letters.listed(folder, letters.ROWS[0], bad)
    inspection_import.take_in(office.desk, office.press, letters.SHEET, path, NOW)


KINDS: Mapping[str, tuple[str, Prepare, Mapping[str, str], Mapping[str, str]]] = {
    "grid": (grid.SOURCE, a_grid, {"离岗日期": "后年"}, {"离岗日期": "2026-12-31"}),
    "press": (press_log.SOURCE, a_log, {"日期": "二月"}, {"日期": "2026-02-28"}),
    "ranking": (
        ranking_import.SOURCE,
        a_ranking,
        {ranked.HEAD[1]: "四一"},
        {ranked.HEAD[1]: "40"},
    ),
    "letter": (inspection_import.SOURCE, a_letter, {"行政区域": "火星县"}, {"行政区域": "高新区"}),
}
NOWS = {"ranking": ranked.APRIL}


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_row_is_put_right_and_taken_in_once(office: Office, tmp_path: Path, kind: str) -> None:
    source, prepare, wrong, right = KINDS[kind]
    now = NOWS.get(kind, NOW)
    prepare(office, tmp_path)
    store = office.desk.store
    row = kept(office, source)
    many = len(store.rejects.heads(source=source))
    assert right.keys() <= row_corrections.cells(office.press, store.rejects.get(row.id)).keys()
    with pytest.raises(BadInput):
        row_corrections.correct(office.desk, office.press, row.id, wrong, now)
    assert store.rejects.head(row.id).resolved_at is None, "what does not do changes nothing"
    assert row_corrections.correct(office.desk, office.press, row.id, right, now)
    assert len(store.rejects.heads(source=source)) == many - 1
    (told,) = [one for one in store.audit.listing(limit=50) if one.action == "reject.correct"]
    assert (told.actor, told.ids) == (office.press.name, (row.id,))
    with pytest.raises(Conflict):
        row_corrections.correct(office.desk, office.press, row.id, right, now)


def test_who_is_on_duty_in_a_grid_stays_when_a_row_adds_one(office: Office, tmp_path: Path) -> None:
    a_grid(office, tmp_path)
    row = kept(office, grid.SOURCE)
    with pytest.raises(BadInput, match="已是另一个网格“许营镇第一网格”"):
        told = {"网格编码": "S1", "离岗日期": ""}
        row_corrections.correct(office.desk, office.press, row.id, told, NOW)
    row_corrections.correct(office.desk, office.press, row.id, {"离岗日期": ""}, NOW)
    assert [one.name for one in office.desk.store.grids.members(["S2"])] == ["贺兰青", "秦月白"]


def test_a_place_joins_the_table_that_counts_and_changes_no_figure_there(
    office: Office, tmp_path: Path
) -> None:
    a_ranking(office, tmp_path)
    head, now = ranked.HEAD[1], ranked.APRIL
    rows = {one.reason: one for one in office.desk.store.rejects.heads(source=ranking_import.SOURCE)}
    row = next(one for why, one in rows.items() if "四十" in why)
    with pytest.raises(BadInput, match="已有别的数字"):
        told = {ranked.HEAD[0]: "临清市", head: "41"}
        row_corrections.correct(office.desk, office.press, row.id, told, now)
    row_corrections.correct(office.desk, office.press, row.id, {head: "40"}, now)
    sheet_now = office.desk.store.rankings.sheets(limit=1)[0]
    assert (len(sheet_now.rows), sheet_now.left, sheet_now.name) == (4, 5, "空气.xlsx")


def test_a_letter_put_right_is_a_case_of_its_batch(office: Office, tmp_path: Path) -> None:
    a_letter(office, tmp_path)
    row = kept(office, inspection_import.SOURCE)
    row_corrections.correct(office.desk, office.press, row.id, {"行政区域": "高新区"}, NOW)
    (batch,) = office.desk.store.inspections.batches()
    item = office.desk.store.inspections.items([batch.id])[-1]
    assert (item.number, item.place) == ("X3LC20260304002", 2)
    assert office.desk.store.cases.get(item.case_id).external_number == item.number


def test_rows_of_old_lists_and_of_nobody_knows_what_are_not_put_right_here(
    office: Office, tmp_path: Path
) -> None:
    store = office.desk.store
    odd = [
        Reject(source="别的表", where="表 第 2 行", reason="错", payload=b'{"a": "b"}', at=NOW),
        Reject(source=ranking_import.SOURCE, where="表 第 2 行", reason="错", payload=b'{"a": "b"}', at=NOW),
        Reject(source=press_log.SOURCE, where="表 第 2 行", reason="错", payload=b"<html>", at=NOW),
    ]
    store.posts.add_rejects(odd, now=NOW)
    for head in store.rejects.heads():
        assert row_corrections.cells(office.press, store.rejects.get(head.id)) == {}
        with pytest.raises(BadInput, match="不能在这里改"):
            row_corrections.correct(office.desk, office.press, head.id, {}, NOW)


def test_who_may_not_read_such_rows_puts_none_right(office: Office, tmp_path: Path) -> None:
    a_log(office, tmp_path)
    row = kept(office, press_log.SOURCE)
    item = office.desk.store.rejects.get(row.id)
    assert row_corrections.cells(office.leader, item) == {}
    with pytest.raises(NotAllowed):
        row_corrections.correct(office.desk, office.leader, row.id, {"日期": "2026-02-28"}, NOW)


def test_a_cell_is_not_longer_than_a_text_may_be(office: Office, tmp_path: Path) -> None:
    a_log(office, tmp_path)
    row = kept(office, press_log.SOURCE)
    told = {"名称": "河" * (row_corrections.LONGEST + 1)}
    with pytest.raises(BadInput, match="“名称”最多"):
        row_corrections.correct(office.desk, office.press, row.id, told, NOW)
