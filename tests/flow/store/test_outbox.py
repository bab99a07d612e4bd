"""Messages: one state at a time, one owner at a time, out at most once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import CaseAction
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import Receipt
from tests.agreed import approve
from tests.flow.store.published import as_if
from tests.flow.store.published import draft

OUT = Receipt(platform_id="p1", url="https://sthj.example.org/r/1.html")


def send(store, message, now, state=MessageState.SENT, case_to="answered"):
    taken = store.outbox.claim(message, now)
    return store.outbox.settle(
        taken, state, receipt=OUT, note="已发出", due_at=None, case_to=case_to, now=now
    )


def test_drafts_and_case_move_together(store, make):
    case, ids = make.replying()
    assert case.state == "replying"
    assert [store.outbox.get(found).key for found in ids] == [
        f"reply:{case.id}:site:1",
        f"reply:{case.id}:weibo:1",
    ]
    assert store.cases.handled(5) == []
    assert store.cases.history(case.id)[-1].action == "drafted"


def test_drafting_from_an_old_view_leaves_no_draft(store, make, now):
    case = make.handled()
    store.outbox.add_drafts(case, make.drafts(case), to="replying", author="lilan", now=now)
    with pytest.raises(Conflict):
        store.outbox.add_drafts(case, make.drafts(case), to="replying", author="lilan", now=now)
    assert len(store.outbox.listing(purpose="reply")) == 2


def test_a_second_round_of_drafts_has_keys_of_its_own(store, make, now):
    case, _ = make.replying()
    again = store.moves.move(case, "handled", action="sent_back", note="重拟", actor="王芳", now=now)
    ids = store.outbox.add_drafts(again, make.drafts(case), to="replying", author="lilan", now=now)
    assert [store.outbox.get(found).key[-2:] for found in ids] == [":2", ":2"]


def test_a_key_is_used_once(store, now):
    draft = Draft(channel="mail", account="office", purpose="bulletin", text="附简报")
    first = store.outbox.add(draft, "bulletin:1:mail", MessageState.DRAFT, "系统", now)
    assert first is not None
    assert store.outbox.add(draft, "bulletin:1:mail", MessageState.DRAFT, "系统", now) is None
    assert store.outbox.by_key("bulletin:1:mail").id == first


def test_an_approval_pins_the_version_that_was_read(store, make, now):
    _, (site, _) = make.replying()
    approved = approve(store, site, now)
    assert (approved.approved_version, approved.reviewer, approved.state) == (
        1,
        "zhaoqing",
        MessageState.APPROVED,
    )


def test_a_new_text_voids_the_approval_and_has_a_new_author(store, make, now):
    _, (site, _) = make.replying()
    approved = approve(store, site, now)
    edited = store.outbox.move(
        approved, MessageState.DRAFT, note="修改", text="新的答复", actor="wangfang", now=now
    )
    assert (edited.version, edited.approved_version, edited.author) == (2, None, "wangfang")
    assert [(one.version, one.text) for one in store.outbox.texts(site)] == [
        (1, "您反映的问题已查处"),
        (2, "新的答复"),
    ]
    with pytest.raises(Conflict):
        store.approvals.vote(approved, "first", "shenlan", now)


def test_nobody_approves_in_the_same_breath_as_rewriting(store, make, now):
    _, (site, _) = make.replying()
    message = store.outbox.get(site)
    with pytest.raises(NotAllowed):
        store.outbox.move(message, MessageState.APPROVED, note="", text="改", actor="zhaoqing", now=now)
    assert store.outbox.get(site) == message


def test_of_two_editors_the_second_is_told(store, make, now):
    _, (site, _) = make.replying()
    seen = store.outbox.get(site)
    store.outbox.move(seen, MessageState.DRAFT, note="", text="甲的", actor="wangfang", now=now)
    with pytest.raises(Conflict):
        store.outbox.move(seen, MessageState.DRAFT, note="", text="乙的", actor="lilan", now=now)
    assert store.outbox.get(site).text == "甲的"


def test_a_follower_waits_until_its_predecessor_is_out(store, make, now):
    _, (site, weibo) = make.replying()
    for found in (site, weibo):
        approve(store, found, now)
    assert [message.channel for message in due_replies(store, now)] == ["site"]
    send(store, store.outbox.get(site), now)
    assert [message.channel for message in due_replies(store, now)] == ["weibo"]


def test_a_rehearsed_predecessor_is_enough(store, make, now):
    _, (site, weibo) = make.replying()
    for found in (site, weibo):
        approve(store, found, now)
    send(store, store.outbox.get(site), now, state=MessageState.REHEARSED, case_to=None)
    assert [message.channel for message in due_replies(store, now)] == ["weibo"]


def test_a_predecessor_of_an_earlier_round_does_not_count(store, make, now):
    case, (site, _) = make.replying()
    approve(store, site, now)
    send(store, store.outbox.get(site), now, case_to=None)
    again = store.moves.move(case, "handled", action="sent_back", note="", actor="王芳", now=now)
    _, second = store.outbox.add_drafts(again, make.drafts(case), to="replying", author="lilan", now=now)
    approve(store, second, now)
    assert due_replies(store, now) == []


def due_replies(store, now):
    return [message for message in store.outbox.due(now, 10) if message.purpose == "reply"]


def test_nothing_is_due_before_its_time(store, make, now):
    _, (site, _) = make.replying()
    approve(store, site, now)
    assert due_replies(store, now - timedelta(seconds=1)) == []
    assert len(due_replies(store, now)) == 1


def test_a_message_is_claimed_by_one(store, make, now):
    _, (site, _) = make.replying()
    approved = approve(store, site, now)
    taken = store.outbox.claim(approved, now)
    assert (taken.state, taken.attempts) == (MessageState.SENDING, 1)
    assert store.outbox.claim(approved, now) is None
    assert due_replies(store, now) == []


def test_what_was_changed_since_it_was_due_is_not_claimed(store, make, now):
    _, (site, _) = make.replying()
    approved = approve(store, site, now)
    store.outbox.move(approved, MessageState.CANCELLED, note="撤回", actor="王芳", now=now)
    assert store.outbox.claim(approved, now) is None


def test_sending_answers_the_case_in_the_same_write(store, make, now):
    case, (site, weibo) = make.replying()
    sent = send(store, approve(store, site, now), now)
    assert (sent.state, sent.platform_id, sent.platform_url, sent.sent_at) == (
        MessageState.SENT,
        "p1",
        OUT.url,
        now,
    )
    answered = store.cases.get(case.id)
    assert answered.state == "answered"
    assert [event.action for event in store.cases.history(case.id)][-2:] == ["sent", "answered"]
    send(store, approve(store, weibo, now), now)
    assert store.cases.get(case.id) == answered


def test_a_case_that_does_not_wait_for_the_reply_is_left_alone(store, make, now):
    case, (site, _) = make.replying()
    taken = store.outbox.claim(approve(store, site, now), now)
    store.moves.move(case, "signed", action="sent_back", note="事实不清", actor="王芳", now=now)
    store.outbox.settle(
        taken, MessageState.SENT, receipt=OUT, note="已发出", due_at=None, case_to="answered", now=now
    )
    assert store.cases.get(case.id).state == "signed"


def test_replies_are_withdrawn_when_the_case_goes_back_to_its_unit(store, make, now):
    case, (site, weibo) = make.replying()
    approved = approve(store, site, now)
    store.moves.move(case, "signed", action="sent_back", note="事实不清", actor="王芳", now=now)
    assert store.outbox.claim(approved, now) is None
    assert {store.outbox.get(one).state for one in (site, weibo)} == {MessageState.CANCELLED}


def test_a_reply_of_an_earlier_round_never_answers_the_present_one(store, make, now):
    case, (site, weibo) = make.replying()
    send(store, approve(store, site, now), now)
    old = store.outbox.claim(approve(store, weibo, now), now)  # in flight when the matter recurs
    again = make.plan(make.post("9"), action=CaseAction.APPEND, case_id=case.id, reopen=True)
    store.cases.apply(again, now)
    reopened = store.cases.get(case.id)
    for state in ("assigned", "signed", "handled"):
        reopened = store.moves.move(reopened, state, action=state, note="", now=now)
    store.outbox.add_drafts(reopened, make.drafts(reopened), to="replying", author="lilan", now=now)
    store.outbox.settle(
        old, MessageState.SENT, receipt=OUT, note="已发出", due_at=None, case_to="answered", now=now
    )
    assert store.cases.get(case.id).state == "replying"


def test_a_message_is_settled_once(store, make, now):
    _, (site, _) = make.replying()
    taken = store.outbox.claim(approve(store, site, now), now)
    settle = {"receipt": None, "note": "", "due_at": None, "case_to": None, "now": now}
    store.outbox.settle(taken, MessageState.UNKNOWN, **settle)
    with pytest.raises(Conflict):
        store.outbox.settle(taken, MessageState.SENT, **settle)


def test_a_postponed_message_comes_back_at_its_time(store, make, now):
    _, (site, _) = make.replying()
    taken = store.outbox.claim(approve(store, site, now), now)
    later = now + timedelta(minutes=5)
    store.outbox.settle(
        taken, MessageState.APPROVED, receipt=None, note="平台繁忙", due_at=later, case_to=None, now=now
    )
    assert due_replies(store, now) == []
    (back,) = due_replies(store, later)
    assert store.outbox.claim(back, later).attempts == 2


def test_messages_cut_off_in_flight_are_found_and_never_due(store, make, now):
    _, (site, _) = make.replying()
    store.outbox.claim(approve(store, site, now), now)
    assert store.outbox.in_flight(now - timedelta(seconds=1)) == []
    (cut,) = store.outbox.in_flight(now)
    assert cut.id == site
    assert due_replies(store, now + timedelta(days=9)) == []


def test_a_person_settles_an_unknown_message(store, make, now):
    case, (site, _) = make.replying()
    taken = store.outbox.claim(approve(store, site, now), now)
    common = {"note": "", "due_at": None, "now": now}
    unknown = store.outbox.settle(taken, MessageState.UNKNOWN, receipt=None, case_to=None, **common)
    with pytest.raises(Conflict):
        stale = replace(unknown, version=9)
        store.outbox.settle(stale, MessageState.RETURNED, receipt=None, case_to=None, **common)
    back = store.outbox.settle(unknown, MessageState.RETURNED, receipt=None, case_to=None, **common)
    assert (back.state, back.approved_version) == (MessageState.RETURNED, None)
    assert store.cases.get(case.id).state == "replying"


def test_lists_filter_by_state_purpose_and_case(store, make, now):
    case, (site, weibo) = make.replying()
    approve(store, site, now)
    listing = store.outbox.listing
    assert [message.id for message in listing(states=(MessageState.DRAFT,))] == [weibo]
    assert {message.id for message in listing(purpose="reply")} == {site, weibo}
    assert len(listing(case_id=case.id)) == 3
    assert [message.id for message in listing(limit=1, newest=True)] == [max(site, weibo)]
    assert [message.id for message in listing(purpose="reply", limit=1)] == [min(site, weibo)]
    with pytest.raises(NotFound):
        store.outbox.get(999)


def test_what_a_person_was_to_post_is_void_when_the_case_goes_back(store, make, now):
    case, (site, _) = make.replying()
    as_if(store, site, MessageState.HANDED, now, "")
    store.moves.move(case, "signed", action="sent_to_unit", note="补充", actor="wangfang", now=now)
    assert store.outbox.get(site).state is MessageState.CANCELLED


def test_a_stage_waits_for_its_own_page_not_for_an_earlier_one(store, make, now):
    case = make.assigned()
    first = [("a:site", draft("site", case.id, stage="progress"))]
    (page,) = store.composing.put_up(first, "lilan", now)
    as_if(store, page, MessageState.SENT, now)
    second = [
        ("b:site", draft("site", case.id, stage="progress")),
        ("b:weibo", draft("weibo", case.id, stage="progress", after="site")),
    ]
    later = now + timedelta(hours=1)
    site, weibo = store.composing.put_up(second, "lilan", later)
    for one in (site, weibo):
        approve(store, one, later)
    assert [one.id for one in store.outbox.due(later, 10) if one.purpose == "reply"] == [site]
    as_if(store, site, MessageState.SENT, later)
    assert [one.id for one in store.outbox.due(later, 10) if one.purpose == "reply"] == [weibo]


def test_two_accounts_of_one_channel_each_get_a_draft_of_their_own(store, make, now):
    case = make.handled("1")
    drafts = [
        Draft(channel="weibo", account=account, purpose="reply", text="已查处", case_id=case.id)
        for account in ("weibo", "weibo_county", "weibo_district")
    ]
    made = store.outbox.add_drafts(case, drafts, to="replying", author="lilan", now=now)
    listed = [store.outbox.get(one) for one in made]
    assert [one.account for one in listed] == ["weibo", "weibo_county", "weibo_district"]
    assert [one.key for one in listed] == [
        f"reply:{case.id}:weibo:1",
        f"reply:{case.id}:weibo.weibo_county:1",
        f"reply:{case.id}:weibo.weibo_district:1",
    ]
