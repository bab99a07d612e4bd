"""A file somebody hands in: every row kept once, reporters sealed apart, bad rows kept with their reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import cycle
from flow import intake
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything

NAME, PHONE = "欧阳不存在", "13800000017"
FILE = f"""工单编号,反映内容,受理时间,来电人,联系电话
LC0001,{PAINT},2026-03-10 08:30,{NAME},{PHONE}
LC0002,{RIVER},2026-03-10 08:40,,
LC0003,,2026-03-10 08:50,某乙,13800000018
LC0004,只有三列,2026-03-10
"""


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        yield opened


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
