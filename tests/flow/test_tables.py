"""Tables of the bureau changed by people: judged as the desk would read them, saved once, noted, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from flow import tables
from flow.desk import Desk
from flow.table_journal import FILE
from flow.table_journal import Journal
from flow.table_journal import warnings
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import colleague


@pytest.fixture
def admin(office: Office) -> User:
    return colleague(office.desk, "管理", "admin", "")


def there(desk: Desk, table: str) -> list[tables.Row]:
    return tables.rows(table, tables.current(desk, table))


def change(desk: Desk, admin: User, number: int, **changes: object) -> tables.Judged:
    seen = tables.mark_of(there(desk, "units")[number])
    return tables.changed(desk, admin, "units", number, seen, changes)


def test_a_changed_unit_counts_at_once_and_is_noted_with_before_and_after(office, admin):
    desk = office.desk
    key, old = desk.bureau.units[0].key, tables.current(desk, "units")
    judged = change(desk, admin, 0, phone="0635-8000099")
    assert desk.bureau.units[0].phone != "0635-8000099", "nothing is saved by looking"
    saved = tables.save(desk, admin, judged, NOW)
    assert desk.bureau.unit(key).phone == "0635-8000099"
    (noted,) = Journal(desk.config).all()
    assert noted == saved
    ((cell),) = noted.cells
    assert (cell.field, cell.before, cell.after) == ("phone", "0635-8000001", "0635-8000099")
    assert (noted.actor, noted.at, noted.edits) == (admin.name, NOW, (f"改 {key}",))
    assert [line for line in old.splitlines() if line.startswith("#")] == [
        line for line in tables.current(desk, "units").splitlines() if line.startswith("#")
    ], "comments stay"
    assert [row.ids for row in desk.store.audit.listing(limit=9) if row.action == "table.save"] == [
        ("units.toml", f"改 {key}")
    ]


def test_another_desk_over_the_same_files_takes_the_change_in_and_keeps_what_is_broken_out(office, admin):
    other = Desk(office.desk.config.model_copy(), office.desk.store)
    other.take_in()
    tables.save(office.desk, admin, change(office.desk, admin, 0, name="聊城市新支队"), NOW)
    assert other.bureau.units[0].name != "聊城市新支队"
    other.take_in()
    assert other.bureau.units[0].name == "聊城市新支队"
    path = other.config.table("units")
    path.write_text(path.read_text(encoding="utf-8") + "\n[[unit]]\nkey = 1\n", encoding="utf-8")
    other.take_in()
    assert other.bureau.units[0].name == "聊城市新支队"


def test_limits_and_office_hours_follow_their_tables(office, admin):
    desk = office.desk
    before = desk.calendar.digest
    seen = tables.mark_of(there(desk, "calendar")[0])
    judged = tables.changed(desk, admin, "calendar", 0, seen, {"holidays": [date(2026, 11, 30)]})
    tables.save(desk, admin, judged, NOW)
    assert desk.calendar.digest != before


def test_a_mistake_is_told_with_file_and_line_and_nothing_is_saved(office, admin):
    desk, old = office.desk, tables.current(office.desk, "units")
    judged = change(desk, admin, 1, area="999999")
    assert not judged.savable
    assert any("units.toml 第" in one and "999999" in one for one in judged.mistakes)
    assert not any("huanyu-tables" in one for one in judged.mistakes)
    with pytest.raises(BadInput):
        tables.save(desk, admin, judged, NOW)
    assert tables.current(desk, "units") == old
    assert Journal(desk.config).all() == ()


def test_the_second_to_change_the_same_row_is_told_of_another_row_is_not(office, admin):
    desk = office.desk
    marks = [tables.mark_of(row) for row in there(desk, "units")]
    tables.save(desk, admin, change(desk, admin, 0, phone="1"), NOW)
    with pytest.raises(Conflict, match="刚被他人改过"):
        tables.changed(desk, admin, "units", 0, marks[0], {"phone": "2"})
    tables.save(desk, admin, tables.changed(desk, admin, "units", 1, marks[1], {"phone": "3"}), NOW)
    assert [unit.phone for unit in desk.bureau.units[:2]] == ["1", "3"]


def test_of_two_judged_at_once_the_second_to_save_overwrites_nothing(office, admin):
    desk = office.desk
    one, two = change(desk, admin, 0, phone="1"), change(desk, admin, 1, phone="2")
    tables.save(desk, admin, one, NOW)
    with pytest.raises(Conflict):
        tables.save(desk, admin, two, NOW)
    assert desk.bureau.units[1].phone != "2"


def test_a_row_ends_and_is_never_deleted(office, admin):
    desk = office.desk
    rows = there(desk, "units")
    judged = tables.ended(desk, admin, "units", 3, tables.mark_of(rows[3]), NOW.date())
    tables.save(desk, admin, judged, NOW)
    assert desk.bureau.units[3].valid_to == NOW.date()
    with pytest.raises(BadInput, match="早于"):
        tables.ended(desk, admin, "units", 0, tables.mark_of(rows[0]), date(2001, 1, 1))
    text = tables.current(desk, "measures")
    head, _, tail = text.partition("[[measure]]")
    gone = tables.judge(
        desk, admin, "measures", head + tail.partition("[[measure]]")[1] + tail.partition("[[measure]]")[2]
    )
    assert "不能删去" in gone.mistakes[0]


def test_a_key_by_which_old_cases_know_a_row_stays(office, admin):
    with pytest.raises(BadInput, match="代号不能改"):
        change(office.desk, admin, 0, key="other")


def test_a_row_is_added_where_it_counts(office, admin):
    desk = office.desk
    row = {"key": "new_reason", "act": "return", "name": "试加", "source": "本局规定"}
    judged = tables.changed(desk, admin, "reasons", None, "", row, 0)
    assert judged.edits == ("增 new_reason",)
    tables.save(desk, admin, judged, NOW)
    assert desk.bureau.reasons[0].name == "试加"


def test_the_last_change_is_taken_back_once_and_the_taking_back_too(office, admin):
    desk, old = office.desk, tables.current(office.desk, "units")
    first = tables.save(desk, admin, change(desk, admin, 0, phone="1"), NOW)
    second = tables.save(desk, admin, change(desk, admin, 0, phone="2"), NOW)
    assert tables.undoable(desk, Journal(desk.config).all()) == {second.number}
    with pytest.raises(Conflict, match="又改过"):
        tables.undo(desk, admin, first.number, NOW)
    back = tables.undo(desk, admin, second.number, NOW)
    assert (back.undoes, desk.bureau.units[0].phone) == (second.number, "1")
    tables.undo(desk, admin, back.number, NOW)
    assert desk.bureau.units[0].phone == "2"
    assert tables.current(desk, "units") != old


def test_an_added_row_can_be_taken_back(office, admin):
    desk, old = office.desk, tables.current(office.desk, "measures")
    row = {"key": "new_one", "name": "试加", "source": "本局规定"}
    made = tables.save(desk, admin, tables.changed(desk, admin, "measures", None, "", row), NOW)
    tables.undo(desk, admin, made.number, NOW)
    assert tables.current(desk, "measures") == old


TORN = b'{"number":7,"at":"2026-03-10T10:00:00+08:00","act'


@pytest.mark.parametrize(
    ("spoilt", "lines"),
    [
        (TORN, (2,)),
        (TORN + b"\n", (2,)),
        (b"\0" * 400 + b"\n", (2,)),
        (b"\xff\xfe{}\n", (2,)),
        (b"[1, 2]\n\n{}\n" + TORN, (2, 4, 5)),
    ],
    ids=["cut-off", "cut-off-with-an-end", "nul-bytes", "no-text", "several"],
)
def test_a_line_that_cannot_be_read_spoils_neither_the_others_nor_the_next_save(office, admin, spoilt, lines):
    desk = office.desk
    first = tables.save(desk, admin, change(desk, admin, 0, phone="1"), NOW)
    with (desk.config.data_dir / FILE).open("ab") as file:
        file.write(spoilt)
    journal = Journal(desk.config)
    assert (journal.all(), journal.history().unread) == ((first,), lines)
    second = tables.save(desk, admin, change(desk, admin, 0, phone="2"), NOW)
    assert journal.all() == (second, first)
    assert second.number == (8 if TORN in spoilt else 2), "no number is given twice"
    told = list(warnings(desk.config))
    assert [f"第 {line} 行" in one for line, one in zip(lines, told, strict=True)] == [True] * len(lines)
    tables.undo(desk, admin, second.number, NOW)
    assert desk.bureau.units[0].phone == "1"


def test_a_cell_may_hold_any_end_of_line_but_its_own(office, admin):
    desk = office.desk
    odd = "一\u2028二\x85三\u2029四"
    saved = tables.save(desk, admin, change(desk, admin, 0, name=odd), NOW)
    assert Journal(desk.config).all() == (saved,)
    assert saved.cells[0].after == odd


def test_an_old_table_that_is_spoilt_is_said_not_put_back(office, admin):
    desk = office.desk
    saved = tables.save(desk, admin, change(desk, admin, 0, phone="1"), NOW)
    (desk.config.data_dir / "tables" / saved.kept).write_bytes(b"\xff\xfe")
    with pytest.raises(Conflict, match="已损坏"):
        tables.undo(desk, admin, saved.number, NOW)
    assert desk.bureau.units[0].phone == "1"


def test_only_the_administrator_changes_tables(office):
    press = colleague(office.desk, "宣传", "press", "")
    with pytest.raises(NotAllowed):
        change(office.desk, press, 0, phone="1")
    with pytest.raises(NotAllowed):
        tables.judge(office.desk, press, "units", "")
