"""登记: one call makes post, verdict, case and sealed reporter; looked at before, kept once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flow import case_files
from flow import cycle
from flow import findings
from flow import life
from flow import registering
from flow.entries import Entry
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.store.tables import counters
from huanyu.types import SourceKind
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import found
from tests.flow.office import raw
from tests.photos import jpeg

TEXT = "柳园街道振兴路的烧烤店没装油烟净化器，油烟直往楼上灌，我叫贺兰青，电话13812345678，群里老秦也说了"
CALL = Entry(
    token="0123456789abcdef" * 2,
    type="complaint",
    channel="group",
    text=TEXT,
    learned_at=NOW - timedelta(hours=5),
    place="柳园街道振兴路",
    reporter={"name": "贺兰青", "phone": "13812345678", "handle": "北窗的风"},
    hide="老秦",
)
SCREENSHOT = jpeg()


def test_a_call_becomes_a_case_whose_clocks_count_from_when_it_was_received(office: Office) -> None:
    case = registering.register(office.desk, office.press, CALL, NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    routed = office.desk.store.cases.get(case.id)
    assert (case.number, case.channel, case.type) == ("HY2026-000001", "group", "complaint")
    assert routed.unit
    assert routed.learned_at == CALL.learned_at
    assert {clock.due for clock in routed.clocks if clock.name == "first_response"} == {
        CALL.learned_at + timedelta(hours=48)
    }


def test_the_reporter_is_sealed_and_stands_nowhere_in_the_text(office: Office) -> None:
    case = registering.register(office.desk, office.press, CALL, NOW)
    (post,) = office.desk.store.cases.posts(case.id)
    assert "贺兰青" not in post.text + post.author
    assert "老秦" not in post.text
    assert post.entered_by == "press"
    (told,) = office.desk.store.people.read_reporter(case.id, "press", "回访", NOW)
    assert "贺兰青" in told
    assert "北窗的风" in told
    assert "群里老秦也说了" in told  # as it was told, for whoever may read it


def test_the_telephone_and_address_that_were_given_stand_nowhere_in_the_text(office: Office) -> None:
    text = "烧烤店油烟往楼上灌，请打１３８１２３４５６７８，我住振兴路3号楼2单元501，店里电话是0635-8123456"
    reporter = {"phone": "138-1234-5678", "address": "振兴路3号楼2单元501"}
    case = registering.register(office.desk, office.press, replace(CALL, text=text, reporter=reporter), NOW)
    (post,) = office.desk.store.cases.posts(case.id)
    assert "１３８" not in post.text
    assert "2单元501" not in post.text
    assert "0635-8123456" in post.text  # of the shop complained about
    (told,) = office.desk.store.people.read_reporter(case.id, "press", "回访", NOW)
    assert "我住振兴路3号楼2单元501" in told


def test_the_same_form_sent_twice_is_one_case(office: Office) -> None:
    first = registering.register(office.desk, office.press, CALL, NOW)
    again = registering.register(office.desk, office.press, CALL, NOW)
    assert again.id == first.id
    assert office.desk.store.cases.count() == 1


def test_a_look_keeps_nothing_and_shows_the_case_it_resembles(office: Office) -> None:
    first = registering.register(office.desk, office.press, CALL, NOW)
    other = replace(CALL, token="f" * 32, hide="", reporter={})
    looked = registering.look(office.desk, office.press, other, NOW)
    assert [one.matter.case_id for one in looked.near] == [first.id]
    assert "13812345678" not in looked.masked
    assert office.desk.store.cases.count() == 1


def test_what_is_the_same_is_added_to_the_known_case(office: Office) -> None:
    first = registering.register(office.desk, office.press, CALL, NOW)
    other = replace(CALL, token="f" * 32)
    grown = registering.register(office.desk, office.press, other, NOW, into=first.number)
    assert (grown.id, grown.posts) == (first.id, 2)


def test_one_order_of_a_channel_is_one_case(office: Office) -> None:
    order = replace(CALL, channel="desk_12345", external_number="LC2026-0307-118")
    first = registering.register(office.desk, office.press, order, NOW)
    assert office.desk.store.registry.numbered(["desk_12345"], "LC2026-0307-118") == first.number
    again = replace(order, token="e" * 32)
    assert registering.look(office.desk, office.press, again, NOW).order == first.number
    assert registering.register(office.desk, office.press, again, NOW).id == first.id


def test_files_are_kept_by_what_they_are_not_by_their_name(office: Office) -> None:
    shot = case_files.Upload(name="../截图.exe", body=SCREENSHOT)
    case = registering.register(office.desk, office.press, replace(CALL, files=(shot,)), NOW)
    (kept,) = case_files.of_case(office.desk, office.press, case)
    assert (kept.name, kept.media) == ("截图.jpg", "image/jpeg")
    unit = office.handler("zhifa")
    given = life.dispatch(office.desk, office.press, case.id, case.version, unit.unit, NOW)
    assert case_files.of_case(office.desk, unit, given) == []  # it may show who reported
    with pytest.raises(NotAllowed):
        case_files.fetch(office.desk, unit, case.id, kept.id, clean=False)
    wrong = replace(CALL, token="d" * 32, files=(case_files.Upload(name="a.jpg", body=b"MZ\x90"),))
    with pytest.raises(BadInput, match="的内容不是"):
        registering.register(office.desk, office.press, wrong, NOW)
    assert office.desk.store.cases.count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": "短"}, "太短"),
        ({"learned_at": NOW + timedelta(minutes=1)}, "晚于现在"),
        ({"place": ""}, "地点"),
        ({"channel": "desk_12345"}, "编号"),
        ({"type": "grid"}, "网格"),
        ({"area": "nowhere"}, "辖区"),
        ({"kinds": ("nothing",)}, "污染类型"),
        ({"type": "nothing"}, "事项类型"),
        ({"type": "alarm", "fields": {"value": "超了"}}, "“监测数值”不是数字"),
        ({"type": "alarm", "fields": {"at": "昨晚"}}, "“监测时间”不是时间"),
        (
            {"type": "alarm"},
            "请填写站点或排口；请填写监测因子；请填写监测数值；请填写标准限值；请填写监测时间",
        ),
        ({"type": "proposal", "fields": {"due": "6月底"}}, "“交办要求的答复日期”不是日期，例如"),
        ({"type": "proposal", "fields": {"due": "2026-02-01"}}, "早于收到时间"),
    ],
)
def test_a_form_that_lacks_something_is_told_what_and_keeps_nothing(
    office: Office, change: dict[str, object], told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        registering.register(office.desk, office.press, replace(CALL, **change), NOW)
    assert office.desk.store.cases.count() == 0


def test_an_alarm_keeps_point_substance_value_limit_and_time(office: Office) -> None:
    told = {
        "station": "鲁化北排口",
        "factor": "非甲烷总烃",
        "value": "85.6",
        "unit": "mg/m³",
        "limit": "60",
        "standard": "DB37/2801.6",
        "at": "2026-03-10T08:00",
    }
    alarm = replace(
        CALL, type="alarm", channel="monitor", fields=told, reporter={}, text="北排口连续三小时超标"
    )
    case = registering.register(office.desk, office.press, alarm, NOW)
    assert office.desk.store.cases.get(case.id).fields == told


def test_the_day_on_the_letter_is_the_limit_of_a_proposal(office: Office) -> None:
    letter = replace(
        CALL,
        type="proposal",
        channel="proposal",
        external_number="第094号",
        fields={"session": "市政协十四届三次会议", "due": "2026-06-30"},
    )
    case = registering.register(office.desk, office.press, letter, NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    limits = {clock.name: clock for clock in office.desk.store.cases.get(case.id).clocks}
    assert limits["handling"].due == NOW.replace(month=6, day=30, hour=17, minute=30)


def test_only_the_office_registers(office: Office) -> None:
    with pytest.raises(NotAllowed):
        registering.register(office.desk, office.reviewer, CALL, NOW)


def test_a_matter_of_conduct_is_seen_by_the_leader_and_by_nobody_else_of_the_office(office: Office) -> None:
    conduct = replace(CALL, type="conduct", place="")
    case = registering.register(office.desk, office.press, conduct, NOW)
    assert office.desk.store.cases.get(case.id).restricted


def test_a_question_is_a_case_and_no_complaint(office: Office) -> None:
    asked = replace(CALL, type="question", channel="office_phone")
    case = registering.register(office.desk, office.press, asked, NOW)
    (post,) = office.desk.store.cases.posts(case.id)
    verdict = office.desk.store.posts.verdict(post.id)
    assert verdict is not None
    assert (verdict.type, verdict.is_complaint) == ("question", False)


def test_numbers_without_gaps_pass_the_check(office: Office) -> None:
    registering.register(office.desk, office.press, CALL, NOW)
    assert office.desk.store.registry.gaps() == []


def test_a_number_that_was_never_given_is_told(office: Office) -> None:
    registering.register(office.desk, office.press, CALL, NOW)
    with office.desk.store._database.write() as tx:
        tx.execute(counters.update().where(counters.c.name == "case:2026").values(last=3))
    (told,) = office.desk.store.registry.gaps()
    assert "000002、000003" in told


def test_an_order_that_is_a_case_already_opens_no_second_one_under_another_post(office: Office) -> None:
    order = replace(CALL, channel="desk_12345", external_number="LC-1")
    registering.register(office.desk, office.press, order, NOW)
    parted = replace(order, token="c" * 32, external_number=" LC-1 ")
    assert registering.register(office.desk, office.press, parted, NOW).number == "HY2026-000001"


ODD = "\x00\x0b"


def test_control_characters_from_a_pasted_form_are_left_out(office: Office) -> None:
    odd = replace(
        CALL,
        text=f"{ODD}{TEXT}{ODD}",
        place=f"柳园街道{ODD}振兴路",
        channel="desk_12345",
        external_number=f"LC-{ODD}9",
        type="grid",
        fields={"grid": f"三{ODD}网格"},
        reporter={"name": f"贺{ODD}兰青"},
    )
    registering.look(office.desk, office.press, odd, NOW)
    case = registering.register(office.desk, office.press, odd, NOW)
    assert (case.external_number, case.fields["grid"]) == ("LC-9", "三网格")
    assert not set(ODD) & set(case.first_text + case.place)
    assert "贺兰青" not in case.first_text


@pytest.mark.parametrize(
    ("name", "year"), [("learned_at", 1), ("learned_at", 1996), ("happened_at", 1), ("happened_at", 202)]
)
def test_a_year_that_is_a_slip_of_the_pen_is_told(office: Office, name: str, year: int) -> None:
    with pytest.raises(BadInput, match="年份"):
        registering.register(office.desk, office.press, replace(CALL, **{name: NOW.replace(year=year)}), NOW)


def test_an_order_that_came_in_a_file_is_not_registered_again_by_hand(office: Office) -> None:
    desk = office.desk
    order = replace(raw(1, TEXTS[0]), source="hotline-12345", kind=SourceKind.HOTLINE, native_id="LC-77")
    unnumbered = replace(order, native_id="0" * 32, text=TEXTS[1])
    desk.store.posts.add([order, unnumbered], now=NOW)
    cycle.run(desk, "understand", NOW)
    office.judge()
    cycle.turn(desk, NOW, ("open",))
    numbers = {one.external_number for one in desk.store.cases.listing(limit=9)}
    assert numbers == {"LC-77", ""}
    typed = replace(CALL, channel="desk_12345", external_number="LC-77")
    known = office.case(one=TEXTS[0]).number
    assert registering.look(desk, office.press, typed, NOW).order == known
    with pytest.raises(Conflict, match=known):
        registering.register(desk, office.press, typed, NOW)
    other = replace(CALL, channel="petition", external_number="LC-77")
    assert registering.register(desk, office.press, other, NOW).number != known


def test_the_place_that_was_typed_stands_everywhere_and_the_zone_of_the_text_still_counts(
    office: Office,
) -> None:
    finer = "许营镇赵庄村西头养猪场北侧水沟"
    text = "许营镇有人夜里往水沟里排黑水，气味很大，请来看看"
    case = registering.register(
        office.desk, office.press, replace(CALL, text=text, place=finer, hide=""), NOW
    )
    assert case.place == finer
    assert case.title.startswith(finer)
    cycle.run(office.desk, "route", NOW)
    routed = office.desk.store.cases.get(case.id)
    assert (routed.place, routed.unit, routed.edited) == (finer, "gaoxinqu", ("place",))
    slip = next(one for one in office.desk.store.outbox.listing(case_id=case.id) if one.purpose == "notice")
    assert finer in slip.text
    signed = life.sign(office.desk, office.handler(routed.unit), case.id, routed.version, NOW)
    findings.record_result(office.desk, office.handler(routed.unit), case.id, signed.version, found(NOW), NOW)
    cycle.run(office.desk, "draft", NOW)
    replies = office.desk.store.outbox.listing(case_id=case.id, purpose="reply")
    assert any(finer in one.text for one in replies)


def test_a_place_the_gazetteer_does_not_know_leaves_the_way_to_what_the_text_names(office: Office) -> None:
    text = "许营镇赵庄有人夜里往水沟里排黑水，气味很大，请来看看"
    case = registering.register(
        office.desk, office.press, replace(CALL, text=text, place="村西头养猪场北侧", hide=""), NOW
    )
    cycle.run(office.desk, "route", NOW)
    routed = office.desk.store.cases.get(case.id)
    assert (routed.place, routed.unit, routed.edited) == ("村西头养猪场北侧", "gaoxinqu", ())


def test_what_stands_behind_coordinates_somebody_typed_is_masked_as_well(office: Office) -> None:
    typed = replace(CALL, place="北纬36.45 打电话13906350266", reporter={})
    case = registering.register(office.desk, office.press, typed, NOW)
    assert case.place == "北纬36.45 打电话139****0266"
    assert "北纬" not in case.title
