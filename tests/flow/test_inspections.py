"""督察信访件 from the list to the disclosure: rows in, cases with their own day, figures that add up; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import timedelta
from pathlib import Path

import pytest

from flow import inspection_import
from flow import inspection_papers
from flow import inspections
from flow import recusing
from flow.inspection_import import Sheet
from flow.inspections import Amendment
from huanyu.cells import sheet
from huanyu.cells import workbook
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import colleague

CAMPAIGN = "第三轮省生态环境保护督察"
HEAD = ("序号", "受理编号", "交办问题基本情况", "行政区域", "污染类型", "责任单位", "重点关注")
ROWS = (
    (1, "*X3LC20260304001", "柳园街道振兴路某饭店油烟直排，夜间气味刺鼻。", "东昌府区", "大气", "", ""),
    (2, "X3LC20260304002", "许营镇一家具厂夜间机器噪声扰民，电话13806350000。",
     "东昌府区、高新区、市直部门", "大气、噪声", "", "否"),
    (3, "X3LC20260304003", "振兴街道徒骇河排口排出黑水，气味很大。", "茌平县", "", "", ""),
)  # fmt: skip
SHEET = Sheet(campaign=CAMPAIGN, level="省", number=1, received_on=NOW.date(), told_items=3, told_focus=1)


def listed(folder: Path, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD, name: str = "list") -> Path:
    path = folder / f"{name}.xlsx"
    path.write_bytes(workbook({"第1批": [head, *rows]}))  # type: ignore[list-item]
    return path


def test_a_batch_becomes_cases_with_its_own_day(office: Office, tmp_path: Path) -> None:
    desk = office.desk
    done = inspection_import.take_in(desk, office.press, SHEET, listed(tmp_path, *ROWS), NOW)
    assert (done.new, done.known, done.bad) == (3, 0, ())
    assert done.batch.due == NOW.date() + timedelta(days=10)
    found = inspections.whole(desk, office.press, done.batch.id, NOW)
    assert [(one.item.focus, one.fact.areas, one.fact.matters) for one in found.letters] == [
        (True, ("东昌府区",), ("大气",)),
        (False, ("东昌府区", "高新区", "市直部门"), ("大气", "噪声")),
        (False, ("茌平区",), ("水",)),
    ]
    assert "13806350000" not in found.letters[1].item.problem
    case = found.letters[0].case
    assert (case.type, case.external_number, case.area) == ("inspection", "X3LC20260304001", "371502")
    assert case.fields["due"] == done.batch.due.isoformat()
    assert found.disclosure.faults == ()
    assert (
        "第1批信访举报件3件（重点关注1件），其中东昌府区2件、茌平区1件、高新区1件、市直部门1件"
        in found.disclosure.text
    )
    assert "各处合计5件，重复计数2件，实为3件" in found.disclosure.note
    again = inspection_import.take_in(desk, office.press, SHEET, listed(tmp_path, *ROWS), NOW)
    assert (again.new, again.known) == (0, 3)


def test_bad_rows_are_told_by_row_and_column_and_kept_until_they_are_good(
    office: Office, tmp_path: Path
) -> None:
    desk = office.desk
    bad = (
        (2, "X3LC2026", "许营镇一家具厂喷漆异味。", "月球县", "大气", "", ""),
        (3, "X3LC20260304003", "臭", "茌平区", "灰尘", "", "也许"),
    )
    done = inspection_import.take_in(desk, office.press, SHEET, listed(tmp_path, ROWS[0], *bad), NOW)
    assert done.new == 1
    assert [told for _, told in done.bad] == [
        "“受理编号”列X3LC2026 不是 X3LC20240802005 这样的编号；“行政区域”列不认识 月球县",
        "“交办问题基本情况”列太短，至少 5 个字；“污染类型”列不认识 灰尘；“重点关注”列请写“是”或“否”，不是 也许",
    ]
    assert [where for where, _ in done.bad] == ["工作表“第1批”第 3 行", "工作表“第1批”第 4 行"]
    kept = desk.store.rejects.heads(source=inspection_import.SOURCE)
    assert {one.where for one in kept} == {
        f"{CAMPAIGN}第1批 受理编号 {number}" for number in ("X3LC2026", "X3LC20260304003")
    }
    found = inspections.whole(desk, office.press, done.batch.id, NOW)
    assert found.disclosure.text == ""
    assert "交办单写明3件，已登记1件" in found.disclosure.faults
    later = inspection_import.take_in(
        desk, office.press, SHEET, listed(tmp_path, *ROWS[1:], name="more"), NOW
    )
    assert (later.new, later.bad) == (2, ())
    kept = desk.store.rejects.heads(source=inspection_import.SOURCE)
    assert [one.where for one in kept] == [f"{CAMPAIGN}第1批 受理编号 X3LC2026"]
    assert inspections.whole(desk, office.press, done.batch.id, NOW).disclosure.faults == ()


def test_a_list_may_be_a_csv_file_and_needs_its_columns(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        sheet([("受理编号", "信访内容", "辖区"), ("X3LC20260304009", "某村焚烧秸秆，浓烟很大。", "冠县")])
    )
    one = replace(SHEET, told_items=1, told_focus=0)
    assert inspection_import.take_in(office.desk, office.press, one, path, NOW).new == 1
    path.write_bytes(sheet([("受理编号", "信访内容"), ("X3LC20260304010", "某村焚烧秸秆，浓烟很大。")]))
    with pytest.raises(BadInput, match="表头里没有“行政区域”列"):
        inspection_import.take_in(office.desk, office.press, replace(one, number=2), path, NOW)
    assert [batch.number for batch in office.desk.store.inspections.batches()] == [1]


REFUSED = (
    (replace(SHEET, campaign="第九轮"), "没有这一轮督察"),
    (replace(SHEET, received_on=NOW.date() + timedelta(days=1)), "收到日期晚于今天"),
    (replace(SHEET, told_items=1, told_focus=2), "重点关注的件数多于总件数"),
    (replace(SHEET, due=date(2026, 1, 1)), "办结日期早于收到日期"),
)


def test_a_sheet_that_cannot_be_is_refused(office: Office, tmp_path: Path) -> None:
    path = listed(tmp_path, *ROWS)
    for one, told in REFUSED:
        with pytest.raises(BadInput, match=told):
            inspection_import.take_in(office.desk, office.press, one, path, NOW)
    assert office.desk.store.inspections.batches() == []


def test_the_same_batch_with_another_day_or_in_a_second_batch_is_refused(
    office: Office, tmp_path: Path
) -> None:
    desk, path = office.desk, listed(tmp_path, *ROWS)
    inspection_import.take_in(desk, office.press, SHEET, path, NOW)
    with pytest.raises(Conflict, match="第1批已经登记"):
        inspection_import.take_in(
            desk, office.press, replace(SHEET, due=NOW.date() + timedelta(days=3)), path, NOW
        )
    again = inspection_import.take_in(desk, office.press, replace(SHEET, told_items=4), path, NOW)
    assert (again.batch.told_items, again.new) == (4, 0), "a slip of the sheet's count is put right"
    second = inspection_import.take_in(desk, office.press, replace(SHEET, number=2), path, NOW)
    assert [told for _, told in second.bad] == [
        f"受理编号 X3LC2026030400{at} 已在{CAMPAIGN}第1批登记" for at in (1, 2, 3)
    ]


def test_what_a_list_says_is_put_right_with_a_reason(office: Office, tmp_path: Path) -> None:
    desk = office.desk
    done = inspection_import.take_in(desk, office.press, SHEET, listed(tmp_path, *ROWS), NOW)
    item = inspections.whole(desk, office.press, done.batch.id, NOW).letters[1].item
    said = Amendment(
        focus=False,
        areas=("高新区",),
        matters=("噪声",),
        units="高新区分局",
        problem=item.problem,
        accountable="约谈1人",
    )
    changed = inspections.amend(desk, office.press, item.batch_id, item.id, 1, said, "核对交办单", NOW)
    assert (changed.areas, changed.units, changed.accountable, changed.version) == (
        ("高新区",),
        ("高新区分局",),
        "约谈1人",
        2,
    )
    with pytest.raises(Conflict):
        inspections.amend(desk, office.press, item.batch_id, item.id, 1, said, "再改", NOW)
    with pytest.raises(BadInput, match="没有这个行政区域：月球"):
        inspections.amend(
            desk, office.press, item.batch_id, item.id, 2, replace(said, areas=("月球",)), "改", NOW
        )
    with pytest.raises(NotAllowed):
        inspections.amend(desk, office.leader, item.batch_id, item.id, 2, said, "改", NOW)


def test_a_unit_does_not_see_batches(office: Office) -> None:
    with pytest.raises(NotAllowed):
        inspections.listing(office.desk, colleague(office.desk, "handler", "handler", "zhifa"), NOW)


def test_what_is_public_names_nobody_who_reported(office: Office, tmp_path: Path) -> None:
    head = (*HEAD, "举报人")
    row = (1, "X3LC20260304001", "水城夜行称\x0b柳园街道振兴路某饭店油烟直排。", "东昌府区", "大气", "", "")
    one = replace(SHEET, told_items=1, told_focus=0)
    path = tmp_path / "list.csv"
    path.write_bytes(sheet([head, (*map(str, row), "水城夜行")]))
    done = inspection_import.take_in(office.desk, office.press, one, path, NOW)
    found = inspections.whole(office.desk, office.press, done.batch.id, NOW)
    assert found.letters[0].item.problem == "**称 柳园街道振兴路某饭店油烟直排。"
    for form in ("docx", "pdf", "xlsx"):
        name, body = inspection_papers.file(office.desk, office.press, done.batch.id, form, NOW)  # type: ignore[arg-type]
        assert name.endswith(form)
        assert len(body) > 1000


def test_who_stays_away_from_a_letter_sees_no_public_table(office: Office, tmp_path: Path) -> None:
    done = inspection_import.take_in(office.desk, office.press, SHEET, listed(tmp_path, *ROWS), NOW)
    case = inspections.whole(office.desk, office.press, done.batch.id, NOW).letters[0].case
    kind = next(row.key for row in office.desk.bureau.reasons if row.act == "recuse")
    recusing.recuse(office.desk, office.press, case.id, office.leader.name, "与当事人是亲属", NOW, kind)
    with pytest.raises(NotAllowed, match="回避"):
        inspection_papers.file(office.desk, office.leader, done.batch.id, "xlsx", NOW)
    assert inspection_papers.file(office.desk, office.press, done.batch.id, "xlsx", NOW)[1]


def test_a_sheet_that_is_no_list_is_told_and_the_others_are_taken(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        workbook({"第1批": [HEAD, *ROWS], "补充": [("编号", "备注"), ("X3LC20260304004", "补")]})
    )  # type: ignore[list-item]
    done = inspection_import.take_in(office.desk, office.press, SHEET, path, NOW)
    assert done.new == 3
    ((where, told),) = done.bad
    assert "补充" in where
    assert "表头里没有" in told


def test_a_row_without_a_number_is_not_overtaken_by_another_lists_row(office: Office, tmp_path: Path) -> None:
    first = (1, "", "许营镇一家具厂喷漆异味很大。", "东昌府区", "大气", "", "")
    second = (1, "", "振兴街道某饭店油烟直排。", "东昌府区", "大气", "", "")
    for row in (first, second):
        inspection_import.take_in(office.desk, office.press, SHEET, listed(tmp_path, row), NOW)
    assert len(office.desk.store.rejects.heads(source=inspection_import.SOURCE)) == 2
