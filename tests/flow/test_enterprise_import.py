"""企业名录 from a file to the table: added, completed, bad rows kept and put right; undone as any change."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flow import enterprise_import
from flow import enterprises
from flow import row_corrections
from flow import tables
from huanyu import toml_text
from huanyu.cells import sheet
from huanyu.cells import workbook
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import colleague

HEAD = (
    *("序号", "企业名称", "所在县（市、区）", "简称", "行业类别", "名录类别"),
    *("统一社会信用代码", "排污许可证编号"),
)
CODE = "91371500MA3C0000XY"
ROWS = (
    ("1", "东阿清源造纸有限公司", "东阿县", "清源造纸", "造纸", "水环境、大气环境", CODE, f"{CODE}001P"),
    ("2", "鲁西化工集团有限公司", "高新区", "", "化工", "大气环境", "", ""),
    ("3", "茌平蓝天热电有限公司", "茌平县", "", "热电", "大气环境", "", ""),
    ("4", "茌平蓝天热电有限公司", "茌平区", "", "热电", "土壤污染", "", ""),
)
BAD = (
    ("5", "月球化工有限公司", "月球县", "", "", "", "", ""),
    ("6", "厂", "东阿县", "", "", "", "123", ""),
)


@pytest.fixture
def admin(office: Office) -> User:
    return colleague(office.desk, "keeper", "admin")


def listed(folder: Path, *rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> Path:
    path = folder / "2026年环境监管重点单位名录.xlsx"
    path.write_bytes(workbook({"名录": [head, *rows]}))
    return path


def row_of(office: Office, name: str) -> tables.Row:
    return next(
        one
        for one in tables.rows("enterprises", tables.current(office.desk, "enterprises"))
        if one["name"] == name
    )


def test_new_enterprises_are_added_and_known_ones_completed(
    office: Office, admin: User, tmp_path: Path
) -> None:
    desk = office.desk
    before = len(desk.bureau.enterprises)
    path = listed(tmp_path, *ROWS)
    done = enterprise_import.take_in(desk, admin, path, NOW)
    assert (done.added, done.changed, done.bad) == (2, 1, ())
    assert len(desk.bureau.enterprises) == before + 2
    assert row_of(office, "东阿清源造纸有限公司") == {
        "name": "东阿清源造纸有限公司",
        "aliases": ["清源造纸"],
        "code": "371524",
        "unit": "371524",
        "kind": "造纸",
        "lists": ["水环境", "大气环境"],
        "credit": CODE,
        "permit": f"{CODE}001P",
        "source": "2026年环境监管重点单位名录",
    }
    known = row_of(office, "鲁西化工")
    assert "鲁西化工集团有限公司" in known["aliases"]
    assert (known["unit"], known["lists"]) == ("高新区", ["大气环境"])
    assert row_of(office, "茌平蓝天热电有限公司")["lists"] == ["大气环境", "土壤污染"]
    again = enterprise_import.take_in(desk, admin, path, NOW)
    assert (again.added, again.changed, again.same) == (0, 0, 3)
    assert enterprises.profile(desk, office.press, "东阿清源造纸有限公司", NOW).row.credit == CODE


def test_what_a_list_changed_is_taken_back_as_any_change(office: Office, admin: User, tmp_path: Path) -> None:
    desk = office.desk
    before = tables.current(desk, "enterprises")
    enterprise_import.take_in(desk, admin, listed(tmp_path, *ROWS), NOW)
    (change,) = tables.Journal(desk.config).all()
    tables.undo(desk, admin, change.number, NOW)
    assert tables.current(desk, "enterprises") == before


def test_bad_rows_are_kept_and_put_right_by_whoever_keeps_the_tables(
    office: Office, admin: User, tmp_path: Path
) -> None:
    desk = office.desk
    done = enterprise_import.take_in(desk, admin, listed(tmp_path, ROWS[0], *BAD), NOW)
    assert [told for _, told in done.bad] == [
        "“所在县（市、区）”列不认识“月球县”",
        "“企业名称”列至少 3 个字；“统一社会信用代码”列的“123”不是 18 位代码",
    ]
    row = desk.store.rejects.heads(source=enterprise_import.SOURCE)[-1]
    assert not row_corrections.cells(office.press, desk.store.rejects.get(row.id))
    told = {"所在县（市、区）": "冠县"}
    with pytest.raises(NotAllowed):
        row_corrections.correct(desk, office.press, row.id, told, NOW)
    assert row_corrections.correct(desk, admin, row.id, told, NOW)
    assert row_of(office, "月球化工有限公司")["code"] == "371525"
    with pytest.raises(Conflict):
        row_corrections.correct(desk, admin, row.id, told, NOW)
    assert len(desk.store.rejects.heads(source=enterprise_import.SOURCE)) == 1


def test_an_enterprise_told_twice_otherwise_is_taken_once(
    office: Office, admin: User, tmp_path: Path
) -> None:
    other = ("5", "茌平蓝天热电有限公司", "茌平区", "", "造纸", "", "", "")
    done = enterprise_import.take_in(office.desk, admin, listed(tmp_path, ROWS[2], other), NOW)
    assert (done.added, [told for _, told in done.bad]) == (
        1,
        ["“茌平蓝天热电有限公司”在前面已有一行，内容不同"],
    )


OTHER = "91371500MA3C0000XX"


def test_a_group_is_found_by_its_short_name_and_no_company_takes_what_another_is(
    office: Office, admin: User, tmp_path: Path
) -> None:
    before = len(office.desk.bureau.enterprises)
    rows = (
        ("1", "信发集团有限公司", "茌平区", "", "", "", "", ""),
        ("2", "鲁西化工集团有限公司", "高新区", "", "", "", CODE, ""),
        ("3", "鲁西化工股份有限公司", "高新区", "", "", "", OTHER, ""),
    )
    path = listed(tmp_path, *rows)
    done = enterprise_import.take_in(office.desk, admin, path, NOW)
    assert (done.added, done.changed) == (1, 2)
    assert len(office.desk.bureau.enterprises) == before + 1
    assert "信发集团有限公司" in row_of(office, "信发集团")["aliases"]
    assert row_of(office, "鲁西化工")["credit"] == CODE
    assert row_of(office, "鲁西化工股份有限公司")["credit"] == OTHER
    again = enterprise_import.take_in(office.desk, admin, path, NOW)
    assert (again.added, again.changed, again.same) == (0, 0, 3)


def test_an_enterprise_that_is_listed_under_two_of_its_names_keeps_what_both_say(
    office: Office, admin: User, tmp_path: Path
) -> None:
    rows = (
        ("1", "信发集团", "茌平区", "信发甲厂", "", "", CODE, ""),
        ("2", "信发铝业", "茌平区", "信发乙厂", "", "", "", ""),
    )
    enterprise_import.take_in(office.desk, admin, listed(tmp_path, *rows), NOW)
    found = row_of(office, "信发集团")
    assert {"信发铝业", "信发甲厂", "信发乙厂"} <= set(found["aliases"])
    assert found["credit"] == CODE


def test_a_row_that_the_table_cannot_have_spoils_no_other(
    office: Office, admin: User, tmp_path: Path
) -> None:
    desk, table = office.desk, "enterprises"
    ended = toml_text.edited(tables.current(desk, table), "enterprise", 0, {"valid_to": date(2025, 1, 1)})
    tables.save(desk, admin, tables.judge(desk, admin, table, ended), NOW)
    closed = desk.bureau.enterprises[0].name
    rows = (
        ("1", closed, "经开区", "", "", "", "", ""),
        ("2", "东阿清源造纸有限公司", "东阿县", "清", "", "", "", ""),
        ROWS[2],
    )
    done = enterprise_import.take_in(desk, admin, listed(tmp_path, *rows), NOW)
    assert (done.added, [told for _, told in done.bad]) == (
        1,
        [
            f"“{closed}”在各表中已经停用，要恢复的请先改“企业”表",
            "“别名、简称”列的每一个至少 2 个字",
        ],
    )


def test_a_place_may_be_a_township_or_its_number(office: Office, admin: User, tmp_path: Path) -> None:
    head = ("单位名称", "行政区划代码")
    enterprise_import.take_in(
        office.desk, admin, listed(tmp_path, ("北城机械有限公司", "371502008"), head=head), NOW
    )
    found = row_of(office, "北城机械有限公司")
    assert (found["code"], found["unit"]) == ("371502008", "经开区")


def test_a_file_that_is_no_list_and_who_may_not_are_refused(
    office: Office, admin: User, tmp_path: Path
) -> None:
    path = tmp_path / "错.csv"
    path.write_bytes(sheet([("企业名称", "电话"), ("甲厂", "乙")]))
    with pytest.raises(BadInput, match="表头里没有“所在县（市、区）”列"):
        enterprise_import.take_in(office.desk, admin, path, NOW)
    with pytest.raises(NotAllowed):
        enterprise_import.take_in(office.desk, office.press, path, NOW)


def test_a_change_somebody_saves_meanwhile_is_not_taken_back(
    office: Office, admin: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, judge = office.desk, tables.judge
    path = listed(tmp_path, ROWS[0])

    def late(*args: Any, **more: Any) -> tables.Judged:
        """The list is judged when a colleague has just saved."""
        monkeypatch.setattr(tables, "judge", judge)
        enterprise_import.take_in(desk, admin, listed(tmp_path, ROWS[2]), NOW)
        return judge(*args, **more)

    monkeypatch.setattr(tables, "judge", late)
    with pytest.raises(Conflict, match="请再导入一遍"):
        enterprise_import.take_in(desk, admin, path, NOW)
    assert row_of(office, ROWS[2][1])["lists"] == ["大气环境"]
    assert enterprise_import.take_in(desk, admin, listed(tmp_path, ROWS[0]), NOW).added == 1
