"""What is said in a recording: written down by a person, found again, never written over unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import case_files
from flow.case_files import Upload
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import CaseFile
from tests import photos
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work

CALL = Upload(name="来电录音.mp3", body=b"ID3\x04" + bytes(200), caption="3月10日来电")
SAID = "来电人：酒厂东墙半夜排白汽，呛嗓子。\r\n接听人：几点钟？"


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


def recorded(office: Office) -> CaseFile:
    """A call kept with a case."""
    case = office.case()
    (file_id,) = case_files.add(office.desk, office.press, case.id, [CALL], NOW)
    return office.desk.store.case_files.get(file_id)[1]


def write(office: Office, file: CaseFile, said: str, seen: str | None = None) -> CaseFile:
    start = case_files.mark(file) if seen is None else seen
    case_files.transcribe(office.desk, office.press, file.case_id, file.id, said, start, NOW)
    return office.desk.store.case_files.get(file.id)[1]


def test_what_is_said_is_kept_with_who_wrote_it_and_is_found(office: Office) -> None:
    kept = write(office, recorded(office), SAID)
    assert (kept.transcript, kept.transcribed_by) == (SAID.replace("\r\n", "\n"), office.press.name)
    assert kept.transcribed_at == NOW
    found = office.desk.store.cases.listing(text="东墙半夜", limit=10)
    assert [case.id for case in found] == [kept.case_id]
    assert office.desk.store.cases.listing(text="东墙半夜", deep=False, limit=10) == []
    line = office.desk.store.audit.listing(limit=1)[0]
    assert (line.action, list(line.ids)) == ("case.transcript", [kept.case_id])


def test_words_somebody_else_wrote_meanwhile_are_not_written_over(office: Office) -> None:
    before = recorded(office)
    write(office, before, "先写的")
    with pytest.raises(Conflict, match="刚被他人改过"):
        write(office, before, "后写的")
    with pytest.raises(Conflict, match="刚被他人改过"):
        office.desk.store.case_files.transcribe(before, "后写的", "press", NOW)
    assert office.desk.store.case_files.get(before.id)[1].transcript == "先写的"


def test_only_a_recording_has_words_and_not_without_end(office: Office) -> None:
    call = recorded(office)
    with pytest.raises(BadInput, match="至多 20000 字"):
        write(office, call, "啊" * 20_001)
    photo = Upload(name="照片.jpg", body=photos.jpeg())
    (file_id,) = case_files.add(office.desk, office.press, call.case_id, [photo], NOW)
    with pytest.raises(BadInput, match="不是录音或视频"):
        write(office, office.desk.store.case_files.get(file_id)[1], "你好")


def test_another_unit_writes_nothing(office: Office) -> None:
    call = recorded(office)
    stranger = office.handler("zhifa" if office.case().unit != "zhifa" else "dongchangfu")
    with pytest.raises(NotAllowed):
        case_files.transcribe(
            office.desk, stranger, call.case_id, call.id, "你好", case_files.mark(call), NOW
        )
