"""接口来件: every item once, whatever the network does; bad ones kept; reporters sealed. Both databases."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from console.api import examples
from flow import cycle
from flow import receiving
from flow import registering
from flow import replay
from flow import tokens
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotKnown
from huanyu.store.tables import audit
from huanyu.types import RawPost
from huanyu.types import SourceKind
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import everything
from tests.flow.outside import UNIT
from tests.flow.outside import issue
from tests.flow.test_registering import CALL

GRID = {
    "number": "WG-0001",
    "text": "柳园街道振兴路烧烤店油烟直往楼上灌，我叫贺兰青，电话13812345678",
    "place": "柳园街道振兴路",
    "fields": {"grid": "某街道第三网格"},
    "reporter": {"name": "贺兰青", "phone": "13812345678"},
}
HOTLINE = {
    "工单编号": "LC2026-0310-001",
    "诉求内容": "莘县古云镇化工厂半夜偷排废气，刺鼻的酸味，来电人鲁小满很着急",
    "事发地点": "莘县古云镇",
    "派单时间": "2026-03-10 09:12",
    "来电人": "鲁小满",
    "联系电话": "13698765432",
    "承办时限": "5 个工作日",
}


def test_a_batch_becomes_items_that_are_routed_like_any_other(office: Office) -> None:
    token = issue(office.desk, NOW).token
    found = receiving.receive(office.desk, token, "", json.loads(examples.ITEMS)["items"], NOW)
    assert [(one.result, one.number) for one in found] == [
        ("new", "WG-20260305-0017"),
        ("new", "WG-20260305-0018"),
    ]
    cycle.turn(office.desk, NOW, ("open", "route"))
    case = office.desk.store.cases.by_number(found[0].case_number)
    assert (case.type, case.channel, case.external_number) == ("grid", "grid", "WG-20260305-0017")
    assert case.fields == {"grid": "某街道第三网格"}
    assert case.unit
    assert case.learned_at == NOW


def test_the_same_number_is_the_same_item_however_often_it_is_sent(office: Office) -> None:
    token = issue(office.desk, NOW).token
    first = receiving.receive(office.desk, token, "grid", [GRID, GRID], NOW)
    again = receiving.receive(office.desk, token, "grid", [GRID], NOW)
    assert [one.result for one in (*first, *again)] == ["new", "known", "known"]
    assert len({one.public_id for one in (*first, *again)}) == 1
    assert office.desk.store.cases.count() == 1


def test_an_item_without_a_number_is_known_again_by_what_it_says(office: Office) -> None:
    token = issue(office.desk, NOW, channels=("group",)).token
    said = {"text": "许营镇赵庄西头喷漆房夜里开工", "place": "许营镇赵庄"}
    found = receiving.receive(office.desk, token, "", [said, said, {**said, "place": "许营镇李庄"}], NOW)
    assert [one.result for one in found] == ["new", "known", "new"]


def test_sent_by_several_at_once_it_is_one_item(office: Office) -> None:
    token = issue(office.desk, NOW).token
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(receiving.receive, office.desk, token, "grid", [GRID], NOW) for _ in range(8)]
        found = [job.result()[0] for job in jobs]
    assert sorted(one.result for one in found) == ["known"] * 7 + ["new"]
    assert office.desk.store.cases.count() == 1


def test_words_that_changed_are_kept_beside_the_old_ones_and_noted(office: Office) -> None:
    token = issue(office.desk, NOW).token
    receiving.receive(office.desk, token, "grid", [GRID], NOW)
    other = {**GRID, "text": "柳园街道振兴路烧烤店油烟更大了，还有噪音"}
    (found,) = receiving.receive(office.desk, token, "grid", [other], NOW)
    case = office.desk.store.cases.by_number(found.case_number)
    (post,) = office.desk.store.cases.posts(case.id)
    assert found.result == "changed"
    assert "噪音" in post.text
    assert len(office.desk.store.posts.versions(post.id)) == 1
    assert office.desk.store.cases.history(case.id)[-1].action == "amended"


def test_the_reporter_is_sealed_and_stands_nowhere_else(office: Office) -> None:
    token = issue(office.desk, NOW, channels=("grid", "desk_12345")).token
    (grid,) = receiving.receive(office.desk, token, "grid", [GRID], NOW)
    (order,) = receiving.receive(office.desk, token, "desk_12345", [{"row": HOTLINE}], NOW)
    rows = "\n".join(line for lines in everything(office.desk).values() for line in lines)
    for secret in ("贺兰青", "13812345678", "鲁小满", "13698765432"):
        assert secret not in rows
    for number, name in ((grid.case_number, "贺兰青"), (order.case_number, "13698765432")):
        case = office.desk.store.cases.by_number(number)
        (told,) = office.desk.store.people.read_reporter(case.id, "press", "回访", NOW)
        assert name in told


def test_a_row_as_exported_is_understood_and_its_other_columns_stay_with_the_original(office: Office) -> None:
    token = issue(office.desk, NOW, channels=("desk_12345",)).token
    (found,) = receiving.receive(office.desk, token, "", [{"row": HOTLINE}], NOW)
    case = office.desk.store.cases.by_number(found.case_number)
    (post,) = office.desk.store.cases.posts(case.id)
    assert found.number == case.external_number == "LC2026-0310-001"
    assert case.learned_at.strftime("%H:%M") == "09:12"
    assert case.type == "complaint"
    assert "古云镇" in case.place
    raw = (office.desk.store.posts.raw(post.id) or b"").decode()
    assert "5 个工作日" in raw
    assert "13698765432" not in raw


def test_an_order_that_came_in_a_file_or_by_hand_is_the_same_item(office: Office) -> None:
    token = issue(office.desk, NOW, channels=("desk_12345",)).token
    typed = replace(CALL, channel="desk_12345", external_number="LC2026-0001")
    case = registering.register(office.desk, office.press, typed, NOW)
    item = {"number": "LC2026-0001", "text": "柳园街道振兴路烧烤店油烟往楼上灌，住户不敢开窗"}
    (found,) = receiving.receive(office.desk, token, "", [item], NOW)
    assert (found.result, found.case_number) == ("changed", case.number)
    text = "冠县烟庄街道养殖场粪污直接排到村东沟里，苍蝇满天飞，臭气熏天"
    order = RawPost(
        source="hotline-12345",
        kind=SourceKind.HOTLINE,
        native_id="LC2026-0002",
        url="",
        text=text,
        fetched_at=NOW,
    )
    office.desk.store.posts.add([order], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    imported = office.case(one=text)
    (found,) = receiving.receive(office.desk, token, "", [{"number": "LC2026-0002", "text": text}], NOW)
    assert (found.result, found.case_number) == ("known", imported.number)


#: What is sent, and what is told of it.
WRONG = (
    (3, "应为对象"),
    ({**GRID, "text": "臭"}, "内容太短"),
    ({**GRID, "text": 7}, "text：应为文字"),
    ({**GRID, "colour": "黄"}, "colour：没有这一项"),
    ({**GRID, "fields": {}}, "请填写网格"),
    ({**GRID, "place": "", "text": "夜里有刺鼻的气味"}, "请填写地点"),
    ({**GRID, "area": "某某县"}, "没有这个辖区"),
    ({**GRID, "kinds": ["air.none"]}, "没有这个污染类型"),
    ({**GRID, "type": "nothing"}, "事项类型"),
    ({**GRID, "learned_at": "昨天"}, "learned_at：应为时间"),
    ({**GRID, "learned_at": "0001-01-01T00:00:00Z"}, "learned_at：应为时间"),
    ({**GRID, "learned_at": "2026-04-01T00:00:00"}, "收到时间晚于现在"),
    ({**GRID, "reporter": {"name": 5}}, "reporter.name：应为文字"),
    ({**GRID, "text": "长" * 10_001}, "最多 10000 字"),
    ({"number": "WG-9", "row": {"事件描述": "夜里有刺鼻气味", "来电时间": "12:30"}}, "没有日期"),
    ({"number": "WG-9", "row": {"事件描述": ["夜里"]}}, "row.事件描述"),
)


def test_bad_items_are_told_where_and_why_and_the_others_are_taken(office: Office) -> None:
    token = issue(office.desk, NOW).token
    items = [*(item for item, _ in WRONG), {**GRID, "number": "WG-0002"}]
    *bad, taken = receiving.receive(office.desk, token, "grid", items, NOW)
    assert taken.result == "new"
    assert [one.result for one in bad] == ["bad"] * len(WRONG)
    assert [(told, one.told) for one, (_, told) in zip(bad, WRONG, strict=True) if told not in one.told] == []
    assert not any("13812345678" in one.told for one in bad)
    kept = [json.loads(one.payload)["item"] for one in office.desk.store.posts.rejects()]
    assert [item for item, _ in WRONG if item not in kept] == []


def test_a_bad_item_sent_again_is_kept_once_and_settled_by_the_good_one(office: Office) -> None:
    token = issue(office.desk, NOW).token
    for _ in range(3):
        receiving.receive(office.desk, token, "grid", [{**GRID, "fields": {}}], NOW)
    assert len(office.desk.store.posts.rejects()) == 1
    receiving.receive(office.desk, token, "grid", [GRID], NOW)
    assert office.desk.store.posts.rejects() == []


def test_a_kept_item_is_read_again_by_todays_tables(office: Office) -> None:
    token = issue(office.desk, NOW).token
    item = {**GRID, "area": "新设的区"}
    receiving.receive(office.desk, token, "grid", [item], NOW)
    (kept,) = office.desk.store.posts.rejects()
    still = replay.replay(office.desk, office.press, kept.id, NOW)
    assert "没有这个辖区" in still.reason
    places = office.desk.bureau.places
    new = replace_area(places, "新设的区")
    office.desk.rules._take(
        office.desk.bureau.model_copy(update={"places": new})
    )  # as if its file had been saved
    done = replay.replay(office.desk, office.press, kept.id, NOW)
    assert (done.new, done.reason) == (1, "")
    assert office.desk.store.posts.rejects() == []
    with pytest.raises(Conflict):
        replay.replay(office.desk, office.press, kept.id, NOW)


def replace_area(places: tuple, name: str) -> tuple:
    """The places with one county under another name."""
    county = next(place for place in places if place.level == "county")
    return tuple(place.model_copy(update={"name": name}) if place is county else place for place in places)


def test_a_token_is_good_for_its_channels_its_scopes_and_its_time_only(office: Office) -> None:
    desk = office.desk
    issued = issue(desk, NOW, scopes=(tokens.ITEMS,), days=1)
    with pytest.raises(NotAllowed, match="来件渠道"):
        receiving.receive(desk, issued.token, "inspection", [GRID], NOW)
    with pytest.raises(NotAllowed, match="读取"):
        tokens.demand(desk, issued.token, tokens.CASES, NOW)
    assert tokens.holder(desk, issued.secret, NOW).id == issued.token.id
    with pytest.raises(NotKnown):
        tokens.holder(desk, issued.secret, issued.token.expires_at)
    tokens.revoke(desk, None, issued.token.id, NOW)
    for secret in (issued.secret, issued.secret[:-1], "", "hy_" + "x" * 43, "hy_" + "汉" * 43):
        with pytest.raises(NotKnown):
            tokens.holder(desk, secret, NOW)


def test_every_act_of_a_token_stands_in_the_trail_and_its_secret_nowhere(office: Office) -> None:
    desk = office.desk
    issued = issue(desk, NOW)
    for _ in range(3):
        tokens.holder(desk, issued.secret, NOW)
    receiving.receive(desk, issued.token, "", [GRID], NOW)
    tokens.revoke(desk, None, issued.token.id, NOW)
    with desk.store._database.read() as tx:
        lines = [(row.action, row.actor) for row in tx.execute(select(audit).order_by(audit.c.id))]
    told = [line for line in lines if line[0].startswith(("token", "case.register"))]
    assert told == [
        ("token.add", "命令行"),
        ("token.use", "系统"),
        ("case.register", "接口·市网格平台"),
        ("token.revoke", "命令行"),
    ]
    rows = "\n".join(line for lines in everything(desk).values() for line in lines)
    assert issued.secret not in rows
    assert issued.token.unit == UNIT


def test_a_name_is_free_again_once_its_token_is_revoked(office: Office) -> None:
    first = issue(office.desk, NOW)
    with pytest.raises(Conflict, match="市网格平台"):
        issue(office.desk, NOW)
    tokens.revoke(office.desk, None, first.token.id, NOW)
    assert issue(office.desk, NOW).token.id != first.token.id
