"""What a unit reports: kept whole with values and files, sent back while it says nothing, answered from what may be public."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import case_files
from flow import cycle
from flow import findings
from flow import life
from flow.case_files import Upload
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Measurement
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import found
from tests.photos import CAMERA
from tests.photos import GPS
from tests.photos import jpeg

VALUE = Measurement(
    item="非甲烷总烃", value="212", unit="mg/m³", limit_value="50", limit_source="DB37/2801", exceeded=True
)
FULL = {
    "people": ("程立群", "易建东"),
    "measures": ("seal", "file_case"),
    "bases": ("air_voc",),
    "outcome": "立案处罚",
    "fine_cents": 2_000_000,
    "rectify_by": date(2026, 3, 20),
    "public_answer": "执法人员当晚到场，喷漆房没有治理设施，已查封并立案，罚款2万元，责令3月20日前整改。",
    "internal_report": "内部线索：业主为某某亲属",
    "measure": "",
    "basis": "",
}
PHOTO = Upload(name="..\\IMG_现场.JPG.exe", body=jpeg(), caption="喷漆房内", credit="程立群")


@pytest.fixture
def texts() -> tuple[str, ...]:
    return TEXTS[:1]


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


@pytest.fixture
def signed(office: Office) -> Iterator[tuple[Office, int, int]]:
    case = office.case("assigned")
    now = life.sign(office.desk, office.handler(case.unit), case.id, case.version, NOW)
    yield office, now.id, now.version


def test_a_full_report_is_kept_with_its_values_and_its_photo(signed):
    office, case_id, version = signed
    desk, handler = office.desk, office.handler(office.desk.store.cases.get(case_id).unit)
    case = findings.record_result(desk, handler, case_id, version, found(**FULL), NOW, [VALUE], [PHOTO])
    kept = case.result
    assert kept is not None
    assert (case.state, kept.measure, kept.basis) == (
        "handled",
        "查封、扣押、立案查处",
        "《大气污染防治法》第四十五条、第一百零八条",
    )
    assert (kept.fine_cents, kept.people, kept.measures, kept.rectify_by) == (
        2_000_000,
        FULL["people"],
        FULL["measures"],
        FULL["rectify_by"],
    )
    assert kept.reported_by_unit == case.unit
    assert desk.store.findings.measurements(kept.id) == [VALUE]
    (file,) = desk.store.case_files.of_case(case_id)
    assert (file.sha256, file.media, file.result_id) == (
        hashlib.sha256(PHOTO.body).hexdigest(),
        "image/jpeg",
        kept.id,
    )
    assert file.name == "IMG_现场.JPG.jpg"
    assert desk.store.audit.verify() == []


def test_the_original_stays_inside_and_the_copy_says_nothing(signed):
    office, case_id, _ = signed
    (file_id,) = case_files.add(office.desk, office.press, case_id, [PHOTO], NOW)
    _, original = case_files.fetch(office.desk, office.press, case_id, file_id, clean=False)
    _, clean = case_files.fetch(office.desk, office.press, case_id, file_id, clean=True)
    assert original == PHOTO.body
    assert CAMERA in original
    assert not any(secret in clean for secret in (CAMERA, GPS, b"Exif"))
    assert case_files.add(office.desk, office.press, case_id, [PHOTO], NOW) == []


def test_the_answer_is_drafted_from_what_was_written_for_the_public(signed):
    office, case_id, version = signed
    handler = office.handler(office.desk.store.cases.get(case_id).unit)
    findings.record_result(office.desk, handler, case_id, version, found(**FULL), NOW)
    cycle.run(office.desk, "draft", NOW)
    drafts = office.replies(office.case("replying"))
    assert "当晚到场" in drafts["site"].text
    for draft in drafts.values():
        assert FULL["internal_report"] not in draft.text
        assert found().found not in draft.text, (
            "where there is an answer for the public, the facts stay inside"
        )


@pytest.mark.parametrize(
    ("wrong", "values", "told"),
    [
        ({"found": "高度重视，已整改到位，情况属实，已妥善处理"}, (), "套话"),
        ({"measures": ("no_such",)}, (), "措施清单"),
        ({"bases": ("no_such",)}, (), "法律依据"),
        ({"outcome": "限期整改"}, (), "整改期限"),
        ({}, (replace(VALUE, limit_source=""),), "出处"),
        ({}, (replace(VALUE, at=datetime(1, 1, 1, tzinfo=SHANGHAI)),), "采样时间不对"),
        ({"people": tuple(f"检查员{number}" for number in range(21))}, (), "至多|最多"),
    ],
)
def test_what_says_nothing_is_sent_back_and_nothing_is_kept(signed, wrong, values, told):
    office, case_id, version = signed
    handler = office.handler(office.desk.store.cases.get(case_id).unit)
    with pytest.raises(BadInput, match=told):
        findings.record_result(office.desk, handler, case_id, version, found(**wrong), NOW, values, [PHOTO])
    assert office.desk.store.findings.of_case(case_id) == []
    assert office.desk.store.case_files.of_case(case_id) == []


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Upload(name="a.jpg", body=b"MZ\x90\x00 a program"), "内容不是"),
        (Upload(name="a.jpg", body=b"<html><script>"), "内容不是"),
        (Upload(name="b.jpg", body=jpeg()[:60]), "损坏"),
        (Upload(name="d.heic", body=b"\x00\x00\x00\x18ftypheic" + bytes(12) + GPS), "HEIC 照片请先转成 JPEG"),
        (Upload(name="e.avif", body=b"\x00\x00\x00\x18ftypavif" + bytes(12)), "内容不是"),
        (Upload(name="c.pdf", body=b"%PDF-1.7" + b"x" * (21 << 20)), "超过 20 MB"),
    ],
)
def test_a_file_is_known_by_its_bytes_and_refused_by_name(signed, one, told):
    office, case_id, _ = signed
    with pytest.raises(BadInput, match=told) as problem:
        case_files.add(office.desk, office.press, case_id, [PHOTO, one], NOW)
    assert one.name in str(problem.value)
    assert office.desk.store.case_files.of_case(case_id) == []


def test_another_units_handler_neither_adds_nor_opens_a_file(signed):
    office, case_id, _ = signed
    (file_id,) = case_files.add(office.desk, office.press, case_id, [PHOTO], NOW)
    stranger = office.handler("zhifa" if office.case().unit != "zhifa" else "dongchangfu")
    with pytest.raises(NotAllowed):
        case_files.add(office.desk, stranger, case_id, [PHOTO], NOW)
    with pytest.raises(NotAllowed):
        case_files.fetch(office.desk, stranger, case_id, file_id, clean=True)


def test_the_second_of_two_reports_meets_a_conflict_and_the_first_stays(signed):
    office, case_id, version = signed
    handler = office.handler(office.desk.store.cases.get(case_id).unit)
    first = findings.record_result(office.desk, handler, case_id, version, found(), NOW)
    with pytest.raises((Conflict, IllegalMove)):
        findings.record_result(office.desk, handler, case_id, version, found(**FULL), NOW, [VALUE], [PHOTO])
    assert office.desk.store.cases.get(case_id).result == first.result
    assert office.desk.store.case_files.of_case(case_id) == []


def test_a_result_that_is_put_right_leaves_the_earlier_one_on_record(signed):
    office, case_id, version = signed
    desk, handler = office.desk, office.handler(office.desk.store.cases.get(case_id).unit)
    findings.record_result(desk, handler, case_id, version, found(), NOW, [VALUE])
    cycle.run(desk, "draft", NOW)
    case = desk.store.cases.get(case_id)
    later = NOW + timedelta(minutes=5)
    findings.record_result(desk, handler, case_id, case.version, found(**FULL), later)
    earlier, latest = desk.store.findings.of_case(case_id)
    assert earlier.found == found().found
    assert desk.store.findings.measurements(earlier.id) == [VALUE]
    assert latest == desk.store.cases.get(case_id).result


def test_the_gravest_case_waits_for_a_person_before_anything_is_drafted(signed):
    office, case_id, _ = signed
    desk = office.desk
    graded = desk.store.moves.grade(desk.store.cases.get(case_id), "特别重大", "测试", NOW)
    handler = office.handler(graded.unit)
    case = findings.record_result(desk, handler, case_id, graded.version, found(), NOW)
    cycle.run(desk, "draft", NOW)
    assert (case.state, office.replies(case)) == ("reported", {})
