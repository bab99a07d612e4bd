"""报道和活动台账 on both databases: the figures of the documents come out of records, and a list is taken in once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import python_calamine

from flow import press_contacts
from flow import press_log
from flow.press_contacts import Told
from huanyu.cells import sheet
from huanyu.cells import workbook
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from publisher.amounts import Amount
from tests.flow.office import NOW
from tests.flow.office import Office

HEAD = (
    "类别",
    "日期",
    "名称",
    "媒体",
    "数量",
    "到会媒体",
    "案例",
    "学校",
    "班级（个）",
    "发现问题",
    "内容",
    "新增关注",
)
#: 聊环函〔2018〕228号 and 慈环保建〔2017〕6号, as a press office would have written them down.
ROWS: tuple[tuple[str, ...], ...] = (
    ("新闻发布会", "2017-02-16", "第一次新闻发布会", "", "", "十余", "", "", "", "", "", ""),
    ("新闻发布会", "2017年4月21日", "第二次新闻发布会", "", "", "", "", "", "", "", "", ""),
    ("新闻发布会", "2017/10/28", "第三次新闻发布会", "", "", "", "", "", "", "", "", ""),
    ("典型案例", "2017-05-08", "第一批环境违法典型案例", "", "", "", "5", "", "", "", "", ""),
    ("典型案例", "2017-09-11", "第二批环境违法典型案例", "", "", "", "", "", "", "", "", ""),
    ("绿色学校创建", "2017-06-05", "省级绿色学校", "", "9所", "", "", "", "", "", "", ""),
    ("绿色社区创建", "2017-06-05", "省级绿色社区", "", "1", "", "", "", "", "", "", ""),
    ("环境教育基地创建", "2017-06-05", "环境教育基地", "", "2", "", "", "", "", "", "", ""),
    ("水课堂", "2017-11-30", "节水课", "", "", "", "", "57", "169", "", "", ""),
    ("专项检查", "2018-05-10", "强化督查（4月10日至5月10日）", "", "16103", "", "", "", "", "1806", "", ""),
    ("外宣报道", "2017-12-20", "全年对外报道", "", "29次", "", "", "", "", "", "", ""),
    ("公众号推送", "2017-12-20", "微信公众号", "", "70", "", "", "", "", "", "142", "2000余"),
    ("宣传活动", "2017-12-20", "宣传活动", "", "20余", "", "", "", "", "", "", ""),
)
SAID = (
    "外宣报道29次、推送70期、内容142条、新增关注2000余人、发布会3场、到会媒体10余家、典型案例2批、案例5件、"
    "宣传活动20余次、水课堂1次、学校57所、班级169个、绿色学校9所、绿色社区1个、环境教育基地2个"
)


def listed(folder: Path, *rows: tuple[str, ...], name: str = "台账.csv") -> Path:
    path = folder / name
    path.write_bytes(sheet([HEAD, *rows]))
    return path


def test_the_figures_of_the_documents_come_out_of_their_records(office: Office, tmp_path: Path) -> None:
    done = press_log.take_in(office.desk, office.press, listed(tmp_path, *ROWS), NOW)
    assert (done.new, done.known, done.bad) == (13, 0, ())
    again = press_log.take_in(office.desk, office.press, listed(tmp_path, *ROWS), NOW)
    assert (again.new, again.known) == (0, 13)
    found = press_log.year(office.desk, 2017, NOW)
    assert found.sentence == SAID
    assert found.faults == ()
    lines = {line.name: line for line in found.lines}
    assert [month + 1 for month, one in enumerate(lines["发布会"].months) if one.value] == [2, 4, 10]
    later = {line.name: line for line in press_log.year(office.desk, 2018, NOW).lines}
    assert later["检查"].total.told("家次") == "16103家次"
    assert later["发现问题"].total.told("个") == "1806个"
    assert press_log.growth(later["检查"]) == "增加16103家次（上年同期0家次）"
    assert press_log.growth(lines["发布会"]) == ""
    about = lines["宣传活动"]
    assert press_log.growth(replace(about, before=Amount(5))) == "增加约15次（上年同期5次）"
    assert press_log.growth(replace(about, before=Amount(20))) == "基本持平（上年同期20次）"


def test_a_bad_row_is_told_by_row_and_column_and_the_others_are_taken(office: Office, tmp_path: Path) -> None:
    bad = ("媒体报道", "2026-02-30", "巡河", *("",) * 9)
    path = listed(
        tmp_path, ("媒体报道", "2026-03-01", "清河行动", "聊城日报", *("",) * 8), bad, ("讲课", *("",) * 11)
    )
    done = press_log.take_in(office.desk, office.press, path, NOW)
    assert done.new == 1
    assert [place for place, _ in done.bad] == ["第 3 行", "第 4 行"]
    assert done.bad[0][1] == "“日期”应写成 2026-03-05，不是“2026-02-30”；媒体报道要写明媒体"
    assert "没有“讲课”这一类" in done.bad[1][1]
    press_log.take_in(office.desk, office.press, path, NOW)
    kept = office.desk.store.rejects.heads(press_log.SOURCE)
    assert [(one.where, one.reason) for one in reversed(kept)] == [
        (f"台账.csv {place}", told) for place, told in done.bad
    ], "kept once, however often the list comes"
    assert "巡河" in office.desk.store.rejects.get(kept[1].id).payload.decode()
    path = tmp_path / "错.csv"
    path.write_bytes(sheet([("标题", "媒体"), ("甲", "乙")]))
    with pytest.raises(BadInput, match="表头里没有“类别”“日期”列"):
        press_log.take_in(office.desk, office.press, path, NOW)


def test_a_sheet_that_is_no_log_is_told_beside_one_that_is(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    other = [("标题", "媒体"), ("徒骇河水清了", "聊城日报")]
    path.write_bytes(workbook({"1月": [HEAD, ROWS[0]], "2月": other}))
    done = press_log.take_in(office.desk, office.press, path, NOW)
    assert (done.new, [told for _, told in done.bad]) == (1, ["表头里没有“类别”“日期”列"])
    assert "2月" in done.bad[0][0]


def test_the_workbook_holds_the_figures_and_a_list_that_can_be_taken_in_again(
    office: Office, tmp_path: Path
) -> None:
    press_log.take_in(office.desk, office.press, listed(tmp_path, *ROWS), NOW)
    path = tmp_path / "2017.xlsx"
    path.write_bytes(press_log.as_workbook(office.desk, office.press, 2017, NOW))
    book = python_calamine.CalamineWorkbook.from_path(path)
    figures = book.get_sheet_by_name("2017年统计").to_python()
    told = {row[1]: (row[2], row[15]) for row in figures[1:]}
    assert (told["发布会"], told["推送"], told["宣传活动"]) == (("场", 3), ("期", 70), ("次", "20余"))
    rows = book.get_sheet_by_name("台账").to_python()
    again = tmp_path / "又一遍.xlsx"
    again.write_bytes(workbook({"台账": [tuple(str(cell) for cell in row) for row in rows]}))
    done = press_log.take_in(office.desk, office.press, again, NOW)
    assert (done.new, done.known, done.bad) == (0, 12, ())


def test_a_row_with_another_number_is_told_and_what_was_starred_is_known(
    office: Office, tmp_path: Path
) -> None:
    desk, press = office.desk, office.press
    school = ("水课堂", "2026-03-02", "节水课", "", "", "", "", "3", *("",) * 4)
    other = ("水课堂", "2026-03-02", "节水课", "", "", "", "", "2", *("",) * 4)
    done = press_log.take_in(desk, press, listed(tmp_path, school, other, school), NOW)
    assert (done.new, done.known) == (1, 1)
    assert [place for place, told in done.bad if "这张表前面已有" in told] == ["第 3 行"]
    done = press_log.take_in(desk, press, listed(tmp_path, other), NOW)
    assert (done.new, done.known, "台账里已有" in done.bad[0][1]) == (0, 0, True)
    told = {"kind": "coverage", "day": "2026-03-05", "title": "联系人电话13906350001", "outlet": "聊城日报"}
    press_log.entry(desk, press, told, {}, NOW)
    starred = ("媒体报道", "2026-03-05", "联系人电话139****0001", "聊城日报", *("",) * 8)
    done = press_log.take_in(desk, press, listed(tmp_path, starred), NOW)
    assert (done.new, done.known, done.bad) == (0, 1, ())


def test_a_record_is_put_right_or_struck_and_counts_once(office: Office) -> None:
    told = {"kind": "coverage", "day": "2026-03-05", "title": "徒骇河水清了", "outlet": "聊城日报"}
    one = press_log.entry(office.desk, office.press, told, {}, NOW)
    with pytest.raises(Conflict, match="已经有相同的一条"):
        press_log.entry(office.desk, office.press, told, {}, NOW)
    with pytest.raises(BadInput, match="还没有到"):
        press_log.entry(office.desk, office.press, {**told, "day": "2026-03-11"}, {}, NOW)
    with pytest.raises(NotAllowed):
        press_log.entry(office.desk, office.leader, told, {}, NOW)
    press_log.change(office.desk, office.press, one.id, 1, {**told, "outlet": "聊城晚报"}, {"报道": "2"}, NOW)
    with pytest.raises(Conflict):
        press_log.strike(office.desk, office.press, one.id, 1, "重复", NOW)
    found = press_log.year(office.desk, 2026, NOW)
    assert found.sentence == "报道2条"
    assert {name: one.value for name, one in found.parts["coverage", "报道"].items()} == {"聊城晚报": 2}
    press_log.strike(office.desk, office.press, one.id, 2, "重复", NOW)
    assert press_log.year(office.desk, 2026, NOW).sentence == ""
    assert [each.struck_why for each in press_log.listing(office.desk, office.press, 2026)] == ["重复"]


def test_a_contacts_telephone_is_sealed_and_each_look_is_written_down(office: Office) -> None:
    told = Told(name="闻笔", outlet="聊城日报", kind="驻点记者", phone="0635-8000123")
    one = press_contacts.add(office.desk, office.press, told, NOW)
    assert one.reachable
    with office.desk.store._database.read() as tx:
        rows = tx.exec_driver_sql("SELECT * FROM press_contacts").all()
    assert "8000123" not in str(rows)
    assert press_contacts.reach(office.desk, office.press, one.id, NOW) == ("0635-8000123", "")
    with pytest.raises(NotAllowed):
        press_contacts.reach(office.desk, office.leader, one.id, NOW)
    looks = [line for line in office.desk.store.audit.listing(limit=5) if line.action == "press.contact_read"]
    assert [list(line.ids) for line in looks] == [[one.id]]
    left = replace(told, phone="", valid_to=NOW.date().replace(day=9))
    press_contacts.change(office.desk, office.press, one.id, 1, left, NOW)
    assert press_contacts.listing(office.desk, office.leader, NOW) == []
    assert [each.name for each in press_contacts.listing(office.desk, office.leader, NOW, former=True)] == [
        "闻笔"
    ]
    assert press_contacts.reach(office.desk, office.press, one.id, NOW)[0] == "0635-8000123"
    by_mail = replace(left, mail="wenbi@example.org")
    press_contacts.change(office.desk, office.press, one.id, 2, by_mail, NOW)
    both = ("0635-8000123", "wenbi@example.org")
    assert press_contacts.reach(office.desk, office.press, one.id, NOW) == both
    gone = press_contacts.change(office.desk, office.press, one.id, 3, replace(left, forget=True), NOW)
    assert (gone.reachable, press_contacts.reach(office.desk, office.press, one.id, NOW)) == (False, ("", ""))
    with pytest.raises(BadInput, match="请选择种类"):
        press_contacts.add(office.desk, office.press, replace(told, kind="主编"), NOW)
