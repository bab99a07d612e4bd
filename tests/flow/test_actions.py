"""What people do: who may, on which rows, from which state, with what fields; a stale page overwrites nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import cases.intake
import cases.lifecycle
import flow.permits
from classify.similar import likeness
from flow import cycle
from flow import findings
from flow import life
from flow import matters
from flow import outgoing
from flow import replay
from flow import switches
from flow import teaching
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import CaseAction
from huanyu.types import MessageState
from huanyu.types import PostType
from huanyu.types import Reject
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything
from tests.flow.office import found
from tests.flow.office import raw

S = MessageState

#: action -> (role that may, whatever it is called with on a case or message that allows it)
ON_CASES = {
    "sign": ("handler", "assigned", lambda desk, user, case: life.sign(desk, user, *case, NOW)),
    "return": (
        "handler",
        "assigned",
        lambda desk, user, case: life.send_away(desk, user, *case, "不属本辖区", NOW),
    ),
    "refuse": (
        "press",
        "pending",
        lambda desk, user, case: life.refuse(desk, user, *case, "不属环境问题", NOW),
    ),
    "dispatch": (
        "press",
        "assigned",
        lambda desk, user, case: life.dispatch(desk, user, *case, "zhifa", NOW),
    ),
    "record_result": (
        "handler",
        "assigned",
        lambda desk, user, case: findings.record_result(desk, user, *case, found(), NOW),
    ),
    "close": ("press", "answered", lambda desk, user, case: life.close(desk, user, *case, "", NOW)),
}
ON_MESSAGES = {
    "edit_draft": (
        "press",
        S.DRAFT,
        lambda desk, user, one: outgoing.edit_draft(desk, user, *one, "新的文稿。", NOW),
    ),
    "review": ("press", S.DRAFT, lambda desk, user, one: outgoing.approve(desk, user, *one, NOW)),
    "send_back": (
        "reviewer",
        S.DRAFT,
        lambda desk, user, one: outgoing.send_back(desk, user, *one, "请补充", NOW),
    ),
    "settle_unknown": (
        "press",
        S.UNKNOWN,
        lambda desk, user, one: outgoing.settle_unknown(desk, user, *one, True, "", NOW),
    ),
}
PERMIT = {"send_back": "review"}


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """An office where nothing has come in yet."""
    with on_copy_of(sqlite_template, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def busy_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("busy")
    with on_copy_of(sqlite_template, folder) as opened:
        opened.fill()
        opened.replying()
    return folder / "huanyu.db"


@pytest.fixture
def busy(busy_template: Path, tmp_path: Path) -> Iterator[Office]:
    """Cases newly assigned; one with its reply in review."""
    with on_copy_of(busy_template, tmp_path) as opened:
        yield opened


def on_copy_of(database: Path, folder: Path) -> AbstractContextManager[Office]:
    path = shutil.copy(database, folder / "huanyu.db")
    return at_work(folder, f"sqlite:///{path.as_posix()}")


def person(office: Office, role: str, unit: str = "") -> User:
    return replace(office.press, name=f"another-{role}", role=role, unit=unit)


def in_state(office: Office, state: str) -> tuple[User, tuple[int, int]]:
    """A handler of the right unit and the case in that state, forced there if need be."""
    case = office.case(one=RIVER)
    if case.state != state:
        case = office.desk.store.moves.move(case, state, action="made", note="测试", now=NOW)
    return person(office, "handler", case.unit), (case.id, case.version)


def message_in(office: Office, state: S) -> tuple[int, int]:
    message = office.replies(office.case(one=PAINT))["weibo"]
    if state is S.UNKNOWN:
        store = office.desk.store.outbox
        message = store.claim(office.sign_off(message), now=NOW)
        message = store.settle(message, S.UNKNOWN, None, "中断", None, None, NOW)
    assert message.state is state
    return message.id, message.version


def refused(office: Office, error: type[HuanyuError], act, *args) -> None:
    """The action is refused and leaves every row as it was."""
    before = everything(office.desk)
    with pytest.raises(error):
        act(*args)
    assert everything(office.desk) == before


@pytest.mark.parametrize("action", list(ON_CASES))
def test_a_case_is_moved_by_those_who_may_and_nobody_else(busy, action):
    role, state, act = ON_CASES[action]
    handler, case = in_state(busy, state)
    for other in flow.permits.ROLES:
        if other not in flow.permits.PERMITS[action]:
            refused(busy, NotAllowed, act, busy.desk, person(busy, other, handler.unit), case)
    refused(busy, NotAllowed, act, busy.desk, replace(handler, role=role, active=False), case)
    act(busy.desk, replace(handler, role=role), case)


@pytest.mark.parametrize("action", list(ON_CASES))
def test_a_case_that_changed_since_the_page_was_opened_is_left_alone(busy, action):
    role, state, act = ON_CASES[action]
    handler, (case_id, version) = in_state(busy, state)
    refused(busy, Conflict, act, busy.desk, replace(handler, role=role), (case_id, version - 1))


@pytest.mark.parametrize("action", list(ON_CASES))
def test_a_case_takes_no_arrow_the_table_does_not_have(busy, action):
    role, _, act = ON_CASES[action]
    handler, case = in_state(busy, "transferred")
    refused(busy, IllegalMove, act, busy.desk, replace(handler, role=role), case)


@pytest.mark.parametrize("action", ["sign", "return", "record_result"])
def test_a_handler_sees_and_moves_only_the_cases_of_the_own_unit(busy, action):
    _, state, act = ON_CASES[action]
    handler, case = in_state(busy, state)
    refused(busy, NotAllowed, act, busy.desk, replace(handler, unit="bangongshi"), case)
    refused(busy, NotAllowed, act, busy.desk, replace(handler, unit=""), case)
    refused(busy, NotFound, act, busy.desk, handler, (9999, 1))


@pytest.mark.parametrize("action", list(ON_MESSAGES))
def test_a_message_is_moved_by_those_who_may_and_nobody_else(busy, action):
    role, state, act = ON_MESSAGES[action]
    one = message_in(busy, state)
    unit = busy.case(one=PAINT).unit
    for other in flow.permits.ROLES:
        if other not in flow.permits.PERMITS[PERMIT.get(action, action)]:
            refused(busy, NotAllowed, act, busy.desk, person(busy, other, unit), one)
    act(busy.desk, {"press": busy.press, "reviewer": busy.reviewer}[role], one)


@pytest.mark.parametrize("action", list(ON_MESSAGES))
def test_a_message_that_changed_since_the_page_was_opened_is_left_alone(busy, action):
    role, state, act = ON_MESSAGES[action]
    message_id, version = message_in(busy, state)
    refused(busy, Conflict, act, busy.desk, person(busy, role), (message_id, version + 1))


@pytest.mark.parametrize("action", list(ON_MESSAGES))
def test_a_sent_message_is_never_touched_again(busy, action):
    role, _, act = ON_MESSAGES[action]
    message_id, version = message_in(busy, S.UNKNOWN)
    outgoing.settle_unknown(busy.desk, busy.press, message_id, version, True, "", NOW)
    refused(busy, IllegalMove, act, busy.desk, person(busy, role), (message_id, version))


def test_a_handler_edits_the_reply_of_the_own_unit_only(busy):
    message_id, version = message_in(busy, S.DRAFT)
    unit = busy.case(one=PAINT).unit
    stranger = person(busy, "handler", "bangongshi")
    refused(
        busy, NotAllowed, outgoing.edit_draft, busy.desk, stranger, message_id, version, "新的文稿。", NOW
    )
    outgoing.edit_draft(busy.desk, replace(stranger, unit=unit), message_id, version, "新的文稿。", NOW)


def test_once_everybody_agreed_there_is_nothing_left_to_agree_to(busy):
    one = message_in(busy, S.DRAFT)
    busy.sign_off(busy.desk.store.outbox.get(one[0]))
    refused(busy, IllegalMove, outgoing.approve, busy.desk, busy.leader, *one, NOW)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"found": "已查处"}, "查明情况"),
        ({"found": "          　　"}, "查明情况"),
        ({"measure": " 无 "}, "措施"),
        ({"visited_at": NOW + timedelta(minutes=1)}, "晚于现在"),
        ({"visited_at": NOW - timedelta(days=1)}, "早于收件"),
        ({"finding": "基本属实"}, "结论"),
        ({"finding": ""}, "结论"),
    ],
)
def test_a_result_without_facts_is_refused_in_words(busy, wrong, told):
    handler, case = in_state(busy, "assigned")
    before = everything(busy.desk)
    with pytest.raises(BadInput, match=told):
        findings.record_result(busy.desk, handler, *case, found(**wrong), NOW)
    assert everything(busy.desk) == before


def test_a_result_carries_the_name_of_whoever_recorded_it(busy):
    handler, case = in_state(busy, "assigned")
    findings.record_result(busy.desk, handler, *case, found(recorded_by="somebody-else"), NOW)
    result = busy.case(one=RIVER).result
    assert (result.recorded_by, result.recorded_at) == (handler.name, NOW)


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_reasons_and_texts_may_not_be_empty(busy, blank):
    handler, case = in_state(busy, "assigned")
    one = message_in(busy, S.DRAFT)
    refused(busy, BadInput, life.send_away, busy.desk, handler, *case, blank, NOW)
    refused(busy, BadInput, outgoing.send_back, busy.desk, busy.reviewer, *one, blank, NOW)
    refused(busy, BadInput, outgoing.edit_draft, busy.desk, busy.press, *one, blank, NOW)
    refused(busy, BadInput, life.refuse, busy.desk, busy.press, *case, blank, NOW)


def test_a_case_goes_to_a_known_unit_only(busy):
    _, case = in_state(busy, "assigned")
    refused(busy, NotFound, life.dispatch, busy.desk, busy.press, *case, "nowhere", NOW)


def test_a_returned_case_is_dispatched_anew_with_a_new_slip(busy):
    handler, case = in_state(busy, "assigned")
    back = life.send_away(busy.desk, handler, *case, "不属本辖区", NOW)
    assert [one.id for one in busy.desk.store.cases.undispatched()] == [back.id]
    again = life.dispatch(busy.desk, busy.press, back.id, back.version, "zhifa", NOW)
    assert (again.state, again.unit) == ("assigned", "zhifa")
    slips = busy.desk.store.outbox.listing(purpose="notice", case_id=back.id)
    assert len({slip.key for slip in slips}) == len(slips) == 2
    refused(busy, NotAllowed, life.sign, busy.desk, handler, again.id, again.version, NOW)


def test_a_text_sent_back_is_rewritten_and_reviewed_again(busy):
    message_id, version = message_in(busy, S.DRAFT)
    outgoing.send_back(busy.desk, busy.reviewer, message_id, version, "请写明复查日期", NOW)
    refused(busy, IllegalMove, outgoing.approve, busy.desk, busy.reviewer, message_id, version, NOW)
    text = busy.desk.store.outbox.get(message_id).text + "复查日期另行公布。"
    edited = outgoing.edit_draft(busy.desk, busy.press, message_id, version, text, NOW)
    assert busy.sign_off(edited).state is S.APPROVED
    writers = [version.author for version in busy.desk.store.outbox.texts(message_id)]
    assert writers == [busy.case(one=PAINT).unit, "press"]


def test_an_unknown_message_found_by_a_person_answers_the_case(busy):
    one = message_in(busy, S.UNKNOWN)
    url = "https://weibo.example.org/7000000001/Qabc"
    done = outgoing.settle_unknown(busy.desk, busy.press, *one, True, url, NOW)
    assert (done.state, done.platform_url) == (S.SENT, url)
    assert busy.case(one=PAINT).state == "answered"


def test_an_unknown_message_that_is_not_out_goes_out_only_after_another_review(busy):
    message_id, version = message_in(busy, S.UNKNOWN)
    drafts = busy.replies(busy.case(one=PAINT))
    busy.approve({"site": drafts["site"]})
    outgoing.settle_unknown(busy.desk, busy.press, message_id, version, False, "", NOW)
    cycle.turn(busy.desk, NOW, ("sweep", "read_back", "deliver"))
    assert not busy.platforms.weibo.published
    edited = outgoing.edit_draft(busy.desk, busy.press, message_id, version, drafts["weibo"].text, NOW)
    cycle.run(busy.desk, "deliver", NOW)
    assert not busy.platforms.weibo.published
    busy.sign_off(edited)
    cycle.run(busy.desk, "deliver", NOW)
    assert [kept.text for kept in busy.platforms.weibo.published] == [drafts["weibo"].text]


def test_only_an_unknown_message_is_settled_by_hand(busy):
    one = message_in(busy, S.DRAFT)
    refused(busy, IllegalMove, outgoing.settle_unknown, busy.desk, busy.press, *one, True, "", NOW)


def test_a_label_is_corrected_by_the_press_office(office):
    office.fill()
    handler = person(office, "handler", "gaoxinqu")
    label = (PostType.QUESTION, ())
    refused(office, NotAllowed, teaching.correct_label, office.desk, handler, 1, *label, NOW)
    teaching.correct_label(office.desk, office.press, 1, *label, NOW)
    verdict = office.desk.store.posts.verdict(1)
    assert (verdict.type, verdict.is_complaint) == (PostType.QUESTION, False)


@pytest.mark.parametrize("join", [True, False])
def test_a_person_decides_once_whether_a_post_joins_a_case(office, join):
    office.fill((PAINT,))
    store, desk = office.desk.store, office.desk
    case = office.case()
    suggestion = suggest(office, case.id)
    handler = person(office, "handler", case.unit)
    refused(office, NotAllowed, matters.decide_suggestion, desk, handler, suggestion.id, join, NOW)
    decided = matters.decide_suggestion(desk, office.press, suggestion.id, join, NOW)
    assert (decided == case.id) is join
    assert store.posts.case_of(suggestion.post_id) == decided
    assert store.cases.count() == (1 if join else 2)
    refused(office, NotFound, matters.decide_suggestion, desk, office.press, suggestion.id, join, NOW)


def suggest(office: Office, case_id: int):
    """A complaint about the river that intake, for once, takes for a question about the case."""
    store = office.desk.store
    office.desk.store.posts.add([raw(77, RIVER)], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    ((post, verdict),) = store.posts.complaints_without_case(10)
    plan = cases.intake.plan(post, verdict, (), likeness, NOW)
    store.cases.apply(replace(plan, action=CaseAction.SUGGEST, case_id=case_id, score=0.8), now=NOW)
    (suggestion,) = store.cases.suggestions()
    return suggestion


def test_the_kill_switch_is_not_for_everybody(office):
    stranger = person(office, "handler", "zhifa")
    refused(office, NotAllowed, switches.kill_switch, office.desk, stranger, True, NOW)
    switches.kill_switch(office.desk, office.reviewer, True, NOW)
    assert office.desk.store.settings.get("kill_switch") == "on"


def test_a_kept_bad_item_is_taken_off_the_list_by_those_who_may(office):
    bad = Reject(source="import", where="表.csv 第 3 行", reason="内容为空", payload=b"3,,", at=NOW)
    office.desk.store.posts.add_rejects([bad], now=NOW)
    (kept,) = office.desk.store.posts.rejects()
    refused(office, NotAllowed, replay.resolve_reject, office.desk, office.reviewer, kept.id, NOW)
    replay.resolve_reject(office.desk, office.press, kept.id, NOW)
    assert not office.desk.store.posts.rejects()
