"""A file somebody hands in: every row kept once, reporters sealed apart, bad rows kept with their reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import links
from flow import cycle
from flow import intake
from huanyu.errors import NotAllowed
from huanyu.types import RawPost
from huanyu.types import SourceKind
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import colleague
from tests.flow.office import everything

NAME, PHONE = "欧阳不存在", "13800000017"
FILE = f"""工单编号,反映内容,受理时间,来电人,联系电话
LC0001,{PAINT},2026-03-10 08:30,{NAME},{PHONE}
LC0002,{RIVER},2026-03-10 08:40,,
LC0003,,2026-03-10 08:50,某乙,13800000018
LC0004,只有三列,2026-03-10
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "12345导出.csv"
    path.write_text(FILE, encoding="gb18030")
    return path


def hand_in(office: Office, export: Path) -> intake.Imported:
    source = office.desk.bureau.source("hotline-12345")
    return intake.import_file(office.desk, export, source, NOW)


def test_every_row_is_kept_the_unreadable_ones_with_their_line(office, export):
    done = hand_in(office, export)
    assert (done.new, done.seen) == (2, 0)
    assert [reject.where for reject in done.rejects] == ["12345导出.csv 第 4 行", "12345导出.csv 第 5 行"]
    assert len(office.desk.store.posts.rejects()) == 2


def test_a_reporter_is_read_with_a_reason_only_and_found_through_the_case(office, export):
    hand_in(office, export)
    cycle.turn(office.desk, NOW, ("understand", "open", "route"))
    people = office.desk.store.people
    known, unknown = office.case(one=PAINT), office.case(one=RIVER)
    (identity,) = people.read_reporter(known.id, "press", "核实现场位置", NOW)
    assert NAME in identity
    assert PHONE in identity
    assert not people.has_reporter(unknown.id)
    assert [look.actor for look in people.identity_reads(known.id)] == ["press"]


def test_a_second_import_adds_nothing_at_all(office, export):
    hand_in(office, export)
    before = everything(office.desk)
    done = hand_in(office, export)
    assert (done.new, done.seen) == (0, 2)
    assert everything(office.desk) == before
    assert len(before["identities"]) == 1


def test_an_identity_stands_nowhere_in_plain_text(office, export, store_url, tmp_path):
    hand_in(office, export)
    cycle.turn(office.desk, NOW, ("understand", "open", "route"))
    assert all(
        NAME not in row and PHONE not in row for rows in everything(office.desk).values() for row in rows
    )
    if store_url.startswith("sqlite"):
        files = [path for path in tmp_path.iterdir() if path.name.startswith("huanyu.db")]
        stored = b"".join(path.read_bytes() for path in files)
        assert RIVER.encode() in stored  # the bytes looked through are the database's
        assert NAME.encode() not in stored
        assert PHONE.encode() not in stored


def test_an_import_cut_off_in_the_middle_is_finished_by_the_next(office, export, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 1)
    lines = FILE.splitlines(keepends=True)
    export.write_text("".join(lines[:2]), encoding="gb18030")  # what the first process got through
    hand_in(office, export)
    export.write_text(FILE, encoding="gb18030")
    assert hand_in(office, export).new == 1
    assert len(everything(office.desk)["identities"]) == 1


WEIBO_PAGE = "https://m.weibo.cn/status/5123456789012345"
MONITOR = f"""标题,摘要,原文链接,来源类型,发布时间
喷漆房扰民,{PAINT},https://weibo.com/1234567890/5123456789012345?from=page,微博,2026-03-10 08:30
河水发黑,{RIVER},https://bbs.example.org/thread-7-1-1.html,论坛,2026-03-10 08:40
"""


def known_from_weibo() -> RawPost:
    return RawPost(
        source="weibo-mentions",
        kind=SourceKind.WEIBO,
        native_id="5123456789012345",
        identity="weibo/5123456789012345",
        link=links.canonical(WEIBO_PAGE),
        url=WEIBO_PAGE,
        text=PAINT,
        fetched_at=NOW,
    )


def test_what_the_desk_has_from_elsewhere_is_kept_in_its_own_kind_and_reported(office, tmp_path):
    store = office.desk.store
    store.posts.add([known_from_weibo()], now=NOW)
    path = tmp_path / "监测平台.csv"
    path.write_text(MONITOR, encoding="utf-8")
    source = office.desk.bureau.source("import")
    seen_before = intake.preview(office.desk, path, source, {}, NOW)
    done = intake.import_file(office.desk, path, source, NOW)
    assert (seen_before.new, seen_before.same) == (done.new, done.same) == (2, 1)
    posts = {post.native_id: post for post, _ in store.posts.iterate()}
    mention = posts.pop("5123456789012345")
    assert [post.kind for post in posts.values()] == [SourceKind.PLATFORM, SourceKind.PLATFORM]
    assert {post.text: post.same_as for post in posts.values()} == {PAINT: mention.id, RIVER: None}
    again = intake.preview(office.desk, path, source, {}, NOW)
    assert (again.new, again.seen, again.same) == (0, 2, 0)


def test_a_preview_stores_nothing_and_tells_what_the_import_then_does(office, export):
    before = everything(office.desk)
    source = office.desk.bureau.source("hotline-12345")
    found = intake.preview(office.desk, export, source, {}, NOW)
    assert everything(office.desk) == before
    done = hand_in(office, export)
    assert (found.new, found.seen, found.bad) == (done.new, done.seen, done.bad) == (2, 0, 2)
    assert found.rejects == done.rejects
    assert [post.native_id for post in found.posts] == ["LC0001", "LC0002"]
    assert NAME not in repr(found.columns) and PHONE not in repr(found.posts)


def test_a_saved_mapping_is_used_by_the_next_import_and_outranks_the_table(office, tmp_path):
    path = tmp_path / "表.csv"
    path.write_text(f"案由,经过,备注,内容\n喷漆,{PAINT},已回访,无\n", encoding="utf-8")
    source = office.desk.bureau.source("hotline-12345").model_copy(
        update={"columns": {"text": "案由 + 备注"}}
    )
    table = intake.preview(office.desk, path, source, intake.choices(office.desk, source), NOW)
    assert [post.text for post in table.posts] == ["喷漆\n已回访"]
    intake.save_choices(office.desk, source, {"text": ("经过",), "title": ("案由",)}, NOW, actor="press")
    intake.import_file(office.desk, path, source, NOW)
    ((post, _),) = office.desk.store.posts.iterate()
    assert (post.title, post.text) == ("喷漆", PAINT)
    assert office.desk.store.settings.get("import_columns:hotline-12345")
    assert not office.desk.store.settings.get("import_columns:import")


def test_a_preview_warns_of_ids_that_are_none(office, tmp_path):
    source = office.desk.bureau.source("hotline-12345")
    told = {}
    for number in ("1", "3.71502E+17", "LC2026"):
        path = tmp_path / "表.csv"
        path.write_text(f"编号,内容\n{number},{PAINT}\n", encoding="utf-8")
        told[number] = [
            note
            for note in intake.preview(office.desk, path, source, {}, NOW).notes
            if note.startswith("“编号”")
        ]
    assert [len(notes) for notes in told.values()] == [1, 1, 0]


def test_only_the_press_office_hands_in_files(office, export):
    source = office.desk.bureau.source("hotline-12345")
    for role in ("handler", "reviewer", "leader", "admin", "assessor"):
        with pytest.raises(NotAllowed):
            intake.hand_in(office.desk, colleague(office.desk, role, role), export, source, {}, NOW)
    assert office.desk.store.posts.count() == 0
    done = intake.hand_in(office.desk, colleague(office.desk, "press", "press"), export, source, {}, NOW)
    assert done.new == 2


def test_a_kept_row_names_nobody_in_plain_text(office, export):
    hand_in(office, export)
    assert all(
        "某乙" not in row and "13800000018" not in row
        for rows in everything(office.desk).values()
        for row in rows
    )


def test_a_row_that_stands_twice_is_told_alike_by_preview_and_import(office, tmp_path):
    path = tmp_path / "重复.csv"
    row = f"LC0001,{PAINT},2026-03-10 08:30\n"
    path.write_text(f"工单编号,反映内容,受理时间\n{row}{row}", encoding="utf-8")
    found = intake.preview(office.desk, path, office.desk.bureau.source("hotline-12345"), {}, NOW)
    done = hand_in(office, path)
    assert (found.new, found.seen) == (done.new, done.seen) == (1, 1)
    assert office.desk.store.posts.count() == 1


def test_an_order_goes_to_the_unit_it_names_by_an_old_name_as_it_is_called_today(office, tmp_path):
    path = tmp_path / "派单.csv"
    rows = f"JB2026030901,{RIVER},茌平县环保局,2026-03-10 08:20\nJB2026030902,{PAINT},市生态环境局,2026-03-10 08:25\n"
    path.write_text(f"工单编号,反映内容,承办单位,派单时间\n{rows}", encoding="utf-8")
    source = office.desk.bureau.source("hotline-12345")
    preview = intake.preview(office.desk, path, source, {}, NOW)
    assert [column.field for column in preview.columns] == ["native_id", "text", "ordered_to", "learned_at"]
    intake.import_file(office.desk, path, source, NOW)
    cycle.turn(office.desk, NOW, ("understand", "open", "route"))
    river, paint = office.case("assigned", RIVER), office.case("assigned", PAINT)
    assert (river.unit, river.rule) == ("chiping", "ordered")
    assert river.why.startswith(
        "派单写明由“茌平县环保局”承办，现为聊城市生态环境局茌平区分局（原名“茌平县环境保护局”，用至2018年）"
    )
    assert paint.rule != "ordered", "the bureau itself is where orders arrive: the rules say who handles it"


def test_an_order_that_names_another_unit_than_the_rules_says_so_and_stays_there(office, tmp_path):
    path = tmp_path / "派单.csv"
    path.write_text(f"工单编号,反映内容,承办单位\nJB2026030903,{RIVER},莘县分局\n", encoding="utf-8")
    intake.import_file(office.desk, path, office.desk.bureau.source("hotline-12345"), NOW)
    cycle.turn(office.desk, NOW, ("understand", "open", "route"))
    case = office.case("assigned", RIVER)
    assert case.unit == "shenxian"
    assert "按派单规则应由聊城市生态环境局茌平区分局承办，请核对" in case.why
    office.desk.store.rerouting.tables("other tables", NOW)
    cycle.run(office.desk, "reroute", NOW)
    assert office.case("assigned", RIVER).unit == "shenxian"
