"""Votes: who agreed to which version, and that nothing public leaves without them, whichever way it is tried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import NotAllowed
from huanyu.store.tables import outbox
from huanyu.store.tables import users
from huanyu.types import Draft
from huanyu.types import MessageState
from tests.agreed import approve
from tests.agreed import hire

S = MessageState


@pytest.fixture
def draft(store, make):
    """A Weibo reply that waits for its first step."""
    hire(store)
    _, (_, weibo) = make.replying()
    return store.outbox.get(weibo)


def vote(store, message, step, actor, now, **more):
    shown = {"account": message.account, "parent": message.reply_to} if step == "final" else {}
    return store.approvals.vote(message, step, actor, now, **(shown | more))


def set_user(store, name, **values):
    with store._database.write() as tx:
        tx.execute(update(users).where(users.c.name == name).values(**values))


def is_out(store, message, now):
    """Whether the delivery would send it."""
    return store.outbox.claim(store.outbox.get(message.id), now) is not None


def press(store, now, content_class="press", key="press:1"):
    """A press item that waits for its reviews."""
    hire(store)
    text = Draft(
        channel="weibo", account="weibo", purpose="press", content_class=content_class, text="六五环境日"
    )
    return store.outbox.get(store.outbox.add(text, key, S.DRAFT, "wangfang", now))


def test_the_last_vote_lets_it_go_and_names_everybody(store, draft, now):
    half = vote(store, draft, "first", "shenlan", now)
    assert (half.state, half.approved_version) == (S.DRAFT, None)
    done = vote(store, draft, "final", "zhaoqing", now, override="反映人书面同意")
    assert (done.state, done.approved_version, done.reviewer) == (S.APPROVED, 1, "zhaoqing")
    votes = store.approvals.votes(draft.id)
    assert [(one.step, one.actor, one.role, one.version) for one in votes] == [
        ("first", "shenlan", "press", 1),
        ("final", "zhaoqing", "reviewer", 1),
    ]
    assert (votes[1].account, votes[1].parent, votes[1].override) == ("weibo", "1", "反映人书面同意")
    told = [event.action for event in store.cases.history(draft.case_id)]
    assert told[-2:] == ["voted", "approved"]


def test_nobody_takes_two_steps_even_under_a_new_role(store, draft, now):
    half = vote(store, draft, "first", "shenlan", now)
    set_user(store, "shenlan", role="leader")
    with pytest.raises(NotAllowed, match="不同的人"):
        vote(store, half, "final", "shenlan", now)
    assert not is_out(store, draft, now)


def test_the_role_of_this_moment_counts_not_that_of_the_screen(store, draft, now):
    half = vote(store, draft, "first", "shenlan", now)
    set_user(store, "zhaoqing", role="assessor")
    with pytest.raises(NotAllowed):
        vote(store, half, "final", "zhaoqing", now)
    set_user(store, "lujing", active=False)
    with pytest.raises(NotAllowed):
        vote(store, half, "final", "lujing", now)


def test_steps_are_neither_skipped_nor_taken_twice(store, draft, now):
    with pytest.raises(Conflict):
        vote(store, draft, "final", "zhaoqing", now)
    vote(store, draft, "first", "shenlan", now)
    with pytest.raises(Conflict):
        vote(store, draft, "first", "wenqing", now)
    with pytest.raises(Conflict):
        vote(store, draft, "second", "wenqing", now)


def test_an_edit_between_two_steps_voids_what_was_voted(store, draft, now):
    half = vote(store, draft, "first", "shenlan", now)
    edited = store.outbox.move(half, S.DRAFT, note="改", text="改过的答复", actor="wangfang", now=now)
    with pytest.raises(Conflict):  # the screen still shows the old text
        vote(store, half, "final", "zhaoqing", now)
    with pytest.raises(Conflict):  # the new one has no first vote
        vote(store, edited, "final", "zhaoqing", now)
    assert store.approvals.on_current([edited]) == {draft.id: []}
    assert not is_out(store, draft, now)


def test_whoever_wrote_a_version_agrees_to_none(store, draft, now):
    edited = store.outbox.move(draft, S.DRAFT, note="改", text="改过的答复", actor="shenlan", now=now)
    again = store.outbox.move(edited, S.DRAFT, note="改", text="再改的答复", actor="wangfang", now=now)
    with pytest.raises(NotAllowed, match="自己"):
        vote(store, again, "first", "shenlan", now)


def test_the_last_step_must_name_the_account_and_the_post(store, draft, now):
    half = vote(store, draft, "first", "shenlan", now)
    for wrong in ({"account": "weibo2"}, {"parent": "2"}, {"account": ""}):
        with pytest.raises(NotAllowed, match="不一致"):
            vote(store, half, "final", "zhaoqing", now, **wrong)
    assert store.outbox.get(draft.id).state is S.DRAFT
    assert len(store.approvals.votes(draft.id)) == 1


def test_an_incident_needs_a_leader_and_three_people(store, now):
    one = press(store, now, "incident")
    one = vote(store, one, "first", "shenlan", now)
    one = vote(store, one, "second", "zhaoqing", now)
    with pytest.raises(NotAllowed):
        vote(store, one, "final", "lujing", now)
    assert vote(store, one, "final", "fangwei", now).state is S.APPROVED
    assert is_out(store, one, now)


@pytest.mark.parametrize(
    "change", [{"active": False}, {"role": "handler"}, {"role": "press"}], ids=["left", "handler", "press"]
)
def test_a_vote_whose_owner_lost_the_right_before_it_leaves_does_not_count(store, draft, now, change):
    approve(store, draft.id, now)
    set_user(store, "zhaoqing", **change)
    assert not is_out(store, draft, now)
    back = store.outbox.get(draft.id)
    assert (back.state, back.version, back.approved_version) == (S.DRAFT, 2, None)
    assert "失效" in back.note
    assert (back.text, back.author) == (draft.text, draft.author)
    assert store.approvals.on_current([back]) == {draft.id: []}
    assert [text.version for text in store.outbox.texts(draft.id)] == [1, 2]


def test_a_promotion_before_it_leaves_changes_nothing(store, draft, now):
    approve(store, draft.id, now)
    set_user(store, "shenlan", role="reviewer")
    assert is_out(store, draft, now)


@pytest.mark.parametrize("purpose", ["reply", "press"])
def test_no_move_puts_a_public_text_past_its_votes(store, make, now, purpose):
    message = press(store, now) if purpose == "press" else store.outbox.get(make.replying()[1][0])
    with pytest.raises(NotAllowed):
        store.outbox.move(message, S.APPROVED, note="", actor="fangwei", now=now)
    with pytest.raises(NotAllowed):
        store.outbox.move(message, S.APPROVED, note="", text="新", actor="fangwei", now=now)
    for state in (S.RETURNED, S.CANCELLED):  # nor by a detour
        moved = store.outbox.move(message, state, note="", actor="fangwei", now=now)
        with pytest.raises(HuanyuError):
            store.approvals.release(moved, "", "", "fangwei", now)
        message = store.outbox.move(moved, S.DRAFT, note="", actor="fangwei", now=now)
    assert not is_out(store, message, now)


@pytest.mark.parametrize(
    "draft",
    [
        Draft(channel="weibo", account="weibo", purpose="reply", text="未审"),
        Draft(channel="weibo", account="weibo", purpose="press", content_class="incident", text="未审"),
        Draft(channel="weibo", account="weibo", purpose="notice", text="未审"),
        Draft(channel="mail", account="mail", purpose="notice", text="未审", rule_id=1),
    ],
    ids=["reply", "incident", "as a notice", "under a rule"],
)
def test_nothing_public_is_put_in_approved(store, now, draft):
    with pytest.raises(NotAllowed):
        store.outbox.add(draft, "k", S.APPROVED, "wangfang", now)


def test_a_row_that_says_approved_without_votes_does_not_leave(store, draft, now):
    with store._database.write() as tx:  # somebody at the database itself, or a bug of ours
        forced = {"state": S.APPROVED, "approved_version": 1, "reviewer": "fangwei"}
        tx.execute(update(outbox).where(outbox.c.id == draft.id).values(**forced))
    assert not is_out(store, draft, now)
    back = store.outbox.get(draft.id)
    assert back.state is S.DRAFT
    assert "初审还没有完成" in back.note


def test_an_account_changed_after_the_last_step_stops_it(store, draft, now):
    approve(store, draft.id, now)
    with store._database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.id == draft.id).values(reply_to="999"))
    assert not is_out(store, draft, now)


def settled(store, draft, state, now):
    taken = store.outbox.claim(store.outbox.get(draft.id), now)
    return store.outbox.settle(taken, state, receipt=None, note="", due_at=None, case_to=None, now=now)


@pytest.mark.parametrize("state", [S.REHEARSED, S.REFUSED])
def test_a_release_needs_votes_that_still_stand(store, draft, now, state):
    approve(store, draft.id, now)
    over = settled(store, draft, state, now)
    set_user(store, "zhaoqing", active=False)
    with pytest.raises(NotAllowed, match="失效"):
        store.approvals.release(over, "重新放行", "", "fangwei", now)
    set_user(store, "zhaoqing", active=True)
    released = store.approvals.release(over, "重新放行", "", "fangwei", now)
    assert (released.state, released.approved_version) == (S.APPROVED, 1)
    with pytest.raises(Conflict):
        store.approvals.release(over, "重新放行", "", "fangwei", now)


def test_another_time_leaves_the_votes_as_they_are(store, draft, now):
    approved = approve(store, draft.id, now)
    later = now.replace(hour=15)
    planned = store.approvals.schedule(approved, later, "定时", "shenlan", now)
    assert (planned.state, planned.due_at, planned.version) == (S.APPROVED, later, 1)
    assert is_out(store, draft, later)
    with pytest.raises(Conflict):
        store.approvals.schedule(replace(approved, version=2), later, "定时", "shenlan", now)


def test_a_store_that_was_told_no_chains_lets_nothing_public_out(store_url, store_key, store, draft, now):
    approve(store, draft.id, now)
    with type(store).open(store_url, store_key) as bare:
        assert bare.outbox.claim(bare.outbox.get(draft.id), now) is None
