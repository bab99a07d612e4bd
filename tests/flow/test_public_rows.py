"""Keys of the field page, numbers of what was said in a chat, originals that go: the same on either database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from flow import cycle
from flow import public_progress
from flow import public_ratings
from flow import public_reports
from flow import talking
from flow.case_files import Upload
from flow.public_reports import Handed
from huanyu.errors import IllegalMove
from huanyu.types import Spoken
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office


def test_a_key_of_the_field_page_counts_once_for_its_owner(office: Office) -> None:
    keys, key = office.desk.store.sendings, "0123456789abcdef" * 2
    assert [keys.new(office.press, key, NOW) for _ in range(3)] == [True, False, False]
    assert keys.new(office.reviewer, key, NOW)
    with pytest.raises(ZeroDivisionError), office.desk.store.together():
        assert keys.new(office.press, "1" * 32, NOW)
        raise ZeroDivisionError
    assert keys.new(office.press, "1" * 32, NOW), "what failed used nothing up"


def test_a_number_of_a_chat_is_one_report_however_often_it_is_vouched_for(office: Office) -> None:
    desk = office.desk
    said = Spoken(platform="wechat", account="wechat", sender="湖畔行人", mark="1", text=PAINT, at=NOW)
    hit = re.search(r"编号 (\S+)，查询码 (\w{8})", talking.hear(desk, said, NOW))
    assert hit is not None
    number, code = hit.groups()
    cycle.turn(desk, NOW + timedelta(minutes=11), names=("talks", "understand", "open", "route"))
    found = public_progress.find(desk, number, code)
    assert found is not None
    assert (found.id, found.number) == (0, number)
    with pytest.raises(IllegalMove):
        public_ratings.rate(desk, number, code, "满意", "", NOW)
    assert desk.store.public.of_post(found.post_id) is None, "nothing is kept of a rating that cannot be"
    made = [
        desk.store.public.vouch(found.post_id, code, True, "反映人", NOW, number=number) for _ in range(2)
    ]
    assert {one.number for one in made} == {number}
    again = public_progress.find(desk, number.lower(), code.lower())
    assert again is not None
    assert again.id == made[0].id
    assert desk.store.public.expire(NOW, NOW) == 0


def test_the_office_is_told_on_the_case_of_a_recording_and_a_position_and_a_unit_is_not(
    office: Office,
) -> None:
    desk = office.desk
    voice = (Upload(name="录音.webm", body=b"\x1aE\xdf\xa3....webm....A_OPUS" + b"." * 200),)
    handed = Handed(
        token="a" * 32, text=PAINT, place="湖滨路", position="36.45,115.98,12", voice=voice, consent=True
    )
    looked = public_reports.look(desk, handed, NOW)
    assert not looked.problems
    report = public_reports.take(desk, handed, looked.files, NOW).report
    plain = public_reports.take(desk, replace(handed, token="b" * 32, position="", voice=()), (), NOW).report
    both = [report.post_id, plain.post_id]
    assert public_reports.beside(desk, office.press, both) == {report.post_id: "录音 1 段、手机位置"}
    assert public_reports.beside(desk, office.handler("chiping"), both) == {}
    assert public_reports.beside(desk, office.press, []) == {}


def test_what_two_people_say_of_one_matter_in_chats_is_one_case_that_either_number_finds(
    office: Office,
) -> None:
    desk, told = office.desk, []
    for platform, sender in (("wechat", "湖畔行人"), ("telegram", "55501")):
        said = Spoken(platform=platform, account=platform, sender=sender, mark="1", text=PAINT, at=NOW)
        hit = re.search(r"编号 (\S+)，查询码 (\w{8})", talking.hear(desk, said, NOW))
        assert hit is not None
        told.append(hit.groups())
    cycle.turn(desk, NOW + timedelta(minutes=11), names=("talks", "understand", "open", "route"))
    (case,) = desk.store.cases.listing()
    assert case.posts == 2
    numbers = {found.case_number for one in told if (found := public_progress.look(desk, *one))}
    assert numbers == {case.number}
