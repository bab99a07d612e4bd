"""Standing rules and switches: two people begin, one ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.store.tables import users
from huanyu.types import Draft
from huanyu.types import MessageState
from tests.agreed import hire

S = MessageState
ROLES = ("press", "reviewer", "leader")


@pytest.fixture
def rule(store, now):
    """A rule with one signature."""
    hire(store)
    return store.standing.add(
        "受理告知", "accepted", ("weibo",), "编号{number}", 2, now + timedelta(days=30), "shenlan", now
    )


def text(rule, case_id, **more):
    values = {
        "channel": "weibo",
        "account": "weibo",
        "purpose": "reply",
        "stage": "accepted",
        "text": "编号1",
    }
    return Draft(**(values | {"case_id": case_id, "rule_id": rule.id, "reply_to": "1"} | more))


def put(store, rule, draft, now, clean=True):
    return store.outbox.get(store.standing.put(rule, draft, clean, now))


def test_one_signature_lets_nothing_out(store, rule, make, now):
    assert not rule.in_force(now)
    with pytest.raises(NotAllowed, match="另一人"):
        store.standing.sign(rule.id, "shenlan", ROLES, now)
    message = put(store, rule, text(rule, make.case().id), now)
    assert (message.state, message.rule_id) == (S.DRAFT, None)
    assert store.outbox.claim(message, now) is None


def test_two_signatures_do(store, rule, make, now):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    assert signed.in_force(now)
    message = put(store, signed, text(signed, make.case().id), now)
    assert store.outbox.claim(message, now) is not None
    with pytest.raises(Conflict):
        store.standing.sign(rule.id, "lujing", ROLES, now)


def test_a_signer_who_left_before_the_second_signature_is_none(store, rule, now):
    with store._database.write() as tx:
        tx.execute(update(users).where(users.c.name == "shenlan").values(active=False))
    with pytest.raises(NotAllowed):
        store.standing.sign(rule.id, "fangwei", ROLES, now)


@pytest.mark.parametrize("end", ["revoked", "over"])
def test_what_waits_under_a_rule_that_ended_goes_to_people(store, rule, make, now, end):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    message = put(store, signed, text(signed, make.case().id), now)
    if end == "revoked":
        store.standing.revoke(rule.id, "文字要改", "wenqing", now)
        with pytest.raises(Conflict):
            store.standing.revoke(rule.id, "再撤一次", "shenlan", now)
    at = now if end == "revoked" else now + timedelta(days=31)
    assert store.outbox.claim(message, at) is None
    back = store.outbox.get(message.id)
    assert (back.state, back.version) == (S.DRAFT, 2)
    assert "逐条审核" in back.note


@pytest.mark.parametrize("change", [{"stage": "result"}, {"account": "weibo2"}])
def test_a_rule_lets_nothing_else_out(store, rule, make, now, change):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    message = put(store, signed, text(signed, make.case().id, **change), now)
    assert store.outbox.claim(message, now) is None
    assert store.outbox.get(message.id).state is S.DRAFT


def test_a_text_that_was_changed_is_no_longer_the_rules(store, rule, make, now):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    message = put(store, signed, text(signed, make.case().id), now)
    edited = store.outbox.move(message, S.DRAFT, note="", text="另写的话", actor="wenqing", now=now)
    with pytest.raises(NotAllowed):
        store.outbox.move(edited, S.APPROVED, note="", actor="fangwei", now=now)
    assert store.outbox.claim(edited, now) is None


def test_a_text_that_fails_its_checks_is_a_draft(store, rule, make, now):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    assert put(store, signed, text(signed, make.case().id), now, clean=False).state is S.DRAFT


def test_a_case_gets_each_fixed_text_once(store, rule, make, now):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    case = make.case()
    assert store.standing.put(signed, text(signed, case.id), True, now) is not None
    assert store.standing.put(signed, text(signed, case.id), True, now) is None


def test_more_than_the_day_holds_wait_for_the_next(store, rule, make, now):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    messages = [put(store, signed, text(signed, make.case(str(n)).id), now) for n in range(3)]
    for message in messages[:2]:
        taken = store.outbox.claim(message, now)
        store.outbox.settle(taken, S.SENT, receipt=None, note="", due_at=None, case_to=None, now=now)
    assert store.outbox.claim(messages[2], now) is None
    waiting = store.outbox.get(messages[2].id)
    assert (waiting.state, waiting.due_at.day) == (S.APPROVED, now.day + 1)
    assert "顺延" in waiting.note
    assert store.standing.used(signed, now) == 2
    assert store.outbox.claim(waiting, now + timedelta(days=1)) is not None


@pytest.mark.parametrize(
    ("name", "change"),
    [("shenlan", {"active": False}), ("fangwei", {"active": False}), ("fangwei", {"role": "handler"})],
)
def test_a_rule_whose_signer_left_or_lost_the_office_lets_nothing_out(store, rule, make, now, name, change):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    message = put(store, signed, text(signed, make.case().id), now)
    with store._database.write() as tx:
        tx.execute(update(users).where(users.c.name == name).values(**change))
    assert store.outbox.claim(message, now) is None
    back = store.outbox.get(message.id)
    assert (back.state, back.version) == (S.DRAFT, 2)
    assert "签署人" in back.note


def test_the_last_place_of_the_day_is_taken_once_by_two_workers_at_two_accounts(store, make, now):
    """Each holds the row of its own account only; the rule is one."""
    hire(store)
    rule = store.standing.add(
        "告知", "accepted", ("weibo", "forum"), "编号{number}", 1, now + timedelta(days=9), "shenlan", now
    )
    rule = store.standing.sign(rule.id, "fangwei", ROLES, now)
    messages = [
        put(store, rule, text(rule, make.case(str(number)).id, account=account), now)
        for number, account in enumerate(("weibo", "forum"))
    ]
    both = Barrier(2)

    def claim(message):
        both.wait()
        return store.outbox.claim(message, now)

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(claim, messages))
    assert [one is None for one in taken].count(False) == 1
    assert store.standing.used(rule, now) == 1


def test_what_a_person_was_to_post_goes_back_to_review_with_the_rule(store, rule, make, now):
    signed = store.standing.sign(rule.id, "fangwei", ROLES, now)
    message = put(store, signed, text(signed, make.case().id), now)
    taken = store.outbox.claim(message, now)
    store.outbox.settle(taken, S.HANDED, receipt=None, note="", due_at=None, case_to=None, now=now)
    store.standing.revoke(rule.id, "文字要改", "wenqing", now)
    back = store.outbox.get(message.id)
    assert (back.state, back.version, back.approved_version) == (S.DRAFT, 2, None)
    assert "请勿人工发布" in back.note


# --- switches -----------------------------------------------------------------------------------------------

LIVE = ("leader", "admin")


def test_live_mode_needs_two_people(store, now):
    hire(store)
    store.switches.sign_live("fangwei", LIVE, now)
    with pytest.raises(NotAllowed, match="另一人"):
        store.switches.sign_live("fangwei", LIVE, now)
    with pytest.raises(NotAllowed):
        store.switches.sign_live("shenlan", LIVE, now)
    assert [one.actor for one in store.switches.live(LIVE)] == ["fangwei"]
    store.switches.sign_live("handong", LIVE, now)
    assert len(store.switches.live(LIVE)) == 2
    store.switches.end_live("shenlan", now)
    assert store.switches.live(LIVE) == ()


def test_a_signature_ends_with_its_owners_right_and_makes_room(store, now):
    hire(store)
    for name in ("fangwei", "handong"):
        store.switches.sign_live(name, LIVE, now)
    with store._database.write() as tx:
        tx.execute(update(users).where(users.c.name == "handong").values(role="press"))
        tx.execute(update(users).where(users.c.name == "lujing").values(role="admin"))
    assert [one.actor for one in store.switches.live(LIVE)] == ["fangwei"]
    store.switches.sign_live("lujing", LIVE, now)
    assert {one.actor for one in store.switches.live(LIVE)} == {"fangwei", "lujing"}


def test_a_freeze_has_a_reason_and_one_end(store, now):
    assert store.switches.freeze() is None
    store.switches.set_freeze("莘县企业泄漏", "shenlan", now)
    found = store.switches.freeze()
    assert (found.reason, found.actor, found.at) == ("莘县企业泄漏", "shenlan", now)
    with pytest.raises(Conflict):
        store.switches.set_freeze("又一起", "wenqing", now)
    store.switches.lift_freeze("处置结束", "fangwei", now)
    with pytest.raises(Conflict):
        store.switches.lift_freeze("处置结束", "fangwei", now)
    assert store.switches.freeze() is None


def test_what_is_frozen_takes_nobodys_place(store, now):
    for n in range(3):
        one = Draft(channel="mail", account="mail", purpose="notice", text=f"{n}")
        store.outbox.add(one, f"n{n}", S.APPROVED, "系统", now)
    assert len(store.outbox.due(now, 5, held=frozenset({"press"}))) == 3
