"""快速登记: drafts, what is known while one types, the item with its number and code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flow import cycle
from flow import entering
from flow import public_progress
from flow import registering
from flow.entries import Entry
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from tests.flow.office import NOW
from tests.flow.office import Office

TOKEN = "0123456789abcdef" * 2
CALL = Entry(
    token=TOKEN,
    type="complaint",
    channel="phone_12369",
    text="振兴路的烧烤店油烟直往楼上灌，我是13812345678的机主贺兰青",
    learned_at=NOW - timedelta(minutes=5),
    place="柳园街道振兴路",
    fields={"callback": "可以回电", "consent": "已告知用途，对方同意"},
    reporter={"name": "贺兰青", "phone": "13812345678"},
    form="phone",
)
CHAT = replace(
    CALL,
    channel="group",
    form="group",
    redact=True,
    text="柳树下 上午 10:23\n振兴路那家又冒黑烟了，找刘姐13987654321",
    fields={"relation": "网友转来"},
    reporter={},
)


def test_a_call_is_filed_with_a_number_and_a_code_by_which_its_progress_is_told(office: Office) -> None:
    found = entering.file(office.desk, office.press, CALL, NOW)
    assert "贺兰青" not in found.post.text
    assert "13812345678" not in found.post.text
    assert found.case.fields["callback"] == "可以回电"
    progress = public_progress.look(office.desk, found.report.number, found.code.lower())
    assert progress is not None
    assert progress.case_number == found.case.number
    assert public_progress.look(office.desk, found.report.number, "2222-2222-2222") is None


def test_the_same_form_sent_twice_is_one_item_and_one_number(office: Office) -> None:
    first = entering.file(office.desk, office.press, CALL, NOW)
    again = entering.file(office.desk, office.press, CALL, NOW + timedelta(seconds=9))
    assert (again.case.id, again.report.number, again.code) == (
        first.case.id,
        first.report.number,
        first.code,
    )
    assert entering.receipt(office.desk, office.leader, first.post.id).code == first.code


def test_a_second_witness_has_a_number_of_their_own(office: Office) -> None:
    first = entering.file(office.desk, office.press, CALL, NOW)
    other = replace(CALL, token="f" * 32, text="振兴路烧烤店的油烟把我家窗户都熏黑了", reporter={})
    second = entering.file(office.desk, office.press, other, NOW, into=first.case.number)
    assert second.case.id == first.case.id
    assert second.report.number != first.report.number


def test_what_a_form_needs_or_offers_is_demanded(office: Office) -> None:
    with pytest.raises(BadInput, match="请填写可否回电"):
        entering.file(
            office.desk, office.press, replace(CALL, fields={"consent": "已告知用途，对方同意"}), NOW
        )
    with pytest.raises(BadInput, match="请选择：可以回电"):
        entering.file(
            office.desk, office.press, replace(CALL, fields={**CALL.fields, "callback": "随便"}), NOW
        )


def test_of_a_chat_names_and_telephones_are_out_before_it_is_kept_and_sealed_beside_it(
    office: Office,
) -> None:
    row = entering.form_of(office.desk, "group", NOW)
    entry = entering.proposed(CHAT, row)
    assert entry.hide == "柳树下"
    found = entering.file(office.desk, office.press, entry, NOW)
    assert "柳树下" not in found.post.text
    assert "13987654321" not in found.post.text
    (sealed,) = office.desk.store.people.read_reporter(found.case.id, "press", "核实", NOW)
    assert "13987654321" in sealed


def test_while_one_types_places_near_cases_and_urgency_are_told_and_nothing_is_kept(office: Office) -> None:
    known = entering.file(office.desk, office.press, CALL, NOW)
    before = office.desk.store.cases.count()
    half = Entry(
        token="",
        type="complaint",
        channel="phone_12369",
        text="柳园街道振兴路烧烤店油烟往楼上灌",
        learned_at=NOW,
    )
    seen = entering.glance(office.desk, office.press, half, NOW)
    assert [one.matter.number for one in seen.near] == [known.case.number]
    assert seen.places[0][0].startswith("柳园街道")
    begun = entering.glance(office.desk, office.press, replace(half, text="闻到臭味", place="柳园"), NOW)
    assert ("柳园街道", "371502") in [(spot, unit) for spot, unit, _ in begun.places]
    assert entering.glance(office.desk, office.press, replace(half, text="喂"), NOW) == entering.NOTHING
    assert office.desk.store.cases.count() == before


def test_a_draft_is_its_owners_alone_and_gone_once_it_is_filed(office: Office) -> None:
    desk = office.desk
    entering.save(desk, office.press, TOKEN, "phone", {"text": CALL.text, "r_phone": "13812345678"}, NOW)
    entering.save(desk, office.press, TOKEN, "phone", {"text": "又填了一些"}, NOW + timedelta(minutes=1))
    assert desk.store.drafts.get(TOKEN, "press").typed == {"text": "又填了一些"}
    with pytest.raises(NotFound):
        desk.store.drafts.get(TOKEN, office.leader.name)
    with pytest.raises(Conflict):
        entering.save(desk, office.leader, TOKEN, "phone", {"text": "别人的"}, NOW)
    entering.file(desk, office.press, CALL, NOW)
    assert desk.store.drafts.of("press") == []


def test_drafts_nobody_goes_on_with_are_forgotten(office: Office) -> None:
    days = timedelta(days=office.desk.bureau.entries.draft_days)
    entering.save(office.desk, office.press, TOKEN, "phone", {"text": "断线了"}, NOW)
    assert cycle.run(office.desk, "expire", NOW + days) == 0
    assert cycle.run(office.desk, "expire", NOW + days + timedelta(seconds=1)) == 1
    assert office.desk.store.drafts.of("press") == []


def test_who_may_not_register_may_neither_look_nor_keep(office: Office) -> None:
    with pytest.raises(NotAllowed):
        entering.glance(office.desk, office.reviewer, CALL, NOW)
    with pytest.raises(NotAllowed):
        entering.file(office.desk, office.reviewer, CALL, NOW)
    with pytest.raises(NotAllowed):
        entering.save(office.desk, office.reviewer, TOKEN, "phone", {"text": "x"}, NOW)


def test_a_receipt_is_of_what_was_taken_down_only(office: Office) -> None:
    case = registering.register(office.desk, office.press, replace(CALL, form="", fields={}), NOW)
    (post,) = office.desk.store.cases.posts(case.id)
    with pytest.raises(NotFound):
        entering.receipt(office.desk, office.press, post.id)
