"""Claims of several workers: one call at a time for each account, room in its quotas, rests, looks for what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.types import AccountState
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import Receipt

OUT = Receipt(platform_id="p1")
MINUTE = timedelta(minutes=1)
DONE = {"receipt": None, "note": "", "due_at": None, "case_to": None}


def notice(store, number, now, account="mail"):
    draft = Draft(channel="mail", account=account, purpose="notice", text="转办", recipient="a@example.org")
    found = store.outbox.add(draft, f"n:{number}", MessageState.APPROVED, "系统", now=now)
    return store.outbox.get(found)


def test_an_account_has_one_call_in_flight_whoever_asks(store, now):
    first, second = notice(store, 1, now), notice(store, 2, now)
    other = notice(store, 3, now, account="second")
    taken = store.outbox.claim(first, now, worker="a:1:ff")
    assert taken.claimed_by == "a:1:ff"
    assert store.outbox.claim(second, now, worker="b:2:ff") is None
    assert [one.id for one in store.outbox.due(now, 10)] == [other.id]
    assert store.outbox.claim(other, now, worker="b:2:ff") is not None
    store.outbox.settle(taken, MessageState.SENT, **(DONE | {"receipt": OUT}), now=now)
    assert store.outbox.claim(second, now, worker="b:2:ff") is not None


def test_only_the_claim_that_is_on_the_row_is_settled(store, now):
    taken = store.outbox.claim(notice(store, 1, now), now, worker="a:1:ff")
    with pytest.raises(Conflict):
        store.outbox.settle(replace(taken, claimed_by="b:2:ff"), MessageState.SENT, **DONE, now=now)
    swept = store.outbox.settle(taken, MessageState.UNKNOWN, **DONE, now=now)
    assert (swept.claimed_by, swept.claimed_at) == ("", now)
    with pytest.raises(Conflict):
        store.outbox.settle(taken, MessageState.SENT, **DONE, now=now)


def test_a_claim_finds_no_room_where_the_quota_is_full(store, now):
    first, second = notice(store, 1, now), notice(store, 2, now)
    room = ((now - MINUTE, 1),)
    taken = store.outbox.claim(first, now, room=room)
    store.outbox.settle(taken, MessageState.UNKNOWN, **DONE, now=now)
    assert store.outbox.claim(second, now, room=room) is None, "an unknown one may be out: it counts"
    later = now + 2 * MINUTE
    assert store.outbox.claim(second, later, room=((later - MINUTE, 1),)) is not None
    assert store.accounts.departures(now - MINUTE, {"mail": 5}) == {"mail": [later, now]}
    assert store.accounts.departures(now - MINUTE, {"mail": 1}) == {"mail": [later]}


def test_an_account_that_rests_lets_nothing_out_until_it_is_lifted(store, now):
    message = notice(store, 1, now)
    store.accounts.hold("mail", now + 60 * MINUTE, "平台要求暂停", now)
    assert store.outbox.due(now, 10) == []
    assert store.outbox.claim(message, now) is None
    assert store.outbox.next_moment(now) == now + 60 * MINUTE
    assert store.accounts.lift("mail", now, actor="shenlan")
    assert not store.accounts.lift("mail", now)
    assert store.outbox.claim(message, now) is not None


def test_what_an_outage_put_off_is_due_again_with_the_first_success_oldest_first(store, now):
    first, second = notice(store, 1, now), notice(store, 2, now)
    late = {"due_at": now + timedelta(hours=6)}
    for message in (first, second):
        taken = store.outbox.claim(message, now)
        store.outbox.settle(taken, MessageState.APPROVED, **(DONE | late), now=now)
    assert store.accounts.state("mail").failures == 2
    third = notice(store, 3, now)
    assert [one.id for one in store.outbox.due(now, 10)] == [third.id]
    store.outbox.settle(store.outbox.claim(third, now), MessageState.SENT, **DONE, now=now)
    assert [one.id for one in store.outbox.due(now, 10)] == [first.id, second.id]
    assert store.accounts.state("mail").failures == 0


def test_a_planned_message_waits_for_its_time_and_a_changed_one_is_left_alone(store, now):
    message = notice(store, 1, now)
    assert store.outbox.postpone(message, now + MINUTE, "不刷屏，排到09:31发出", now=now)
    assert not store.outbox.postpone(message, now + 2 * MINUTE, "", now=now)
    assert store.outbox.due(now, 10) == []
    assert store.accounts.waiting(("mail",), now) == {"mail": [now + MINUTE]}
    (due,) = store.outbox.due(now + MINUTE, 10)
    assert due.attempts == 0


def test_two_workers_look_for_an_unknown_message_once(store, now):
    taken = store.outbox.claim(notice(store, 1, now), now)
    unknown = store.outbox.settle(taken, MessageState.UNKNOWN, **DONE, now=now, look_at=now)
    assert [one.id for one in store.outbox.to_look_for(now, 10)] == [unknown.id]
    mine = store.outbox.begin_look(unknown, now + MINUTE, now)
    assert (mine.looks, mine.look_at) == (1, now + MINUTE)
    assert store.outbox.begin_look(unknown, now + MINUTE, now) is None
    assert store.outbox.to_look_for(now, 10) == []
    again = store.outbox.put_off_look(mine, now + 5 * MINUTE, now)
    assert (again.looks, again.look_at) == (0, now + 5 * MINUTE)


def test_a_person_is_told_once_of_what_nobody_can_look_for_and_of_what_was_not_found(store, now):
    blind = store.outbox.claim(notice(store, 1, now), now)
    store.outbox.settle(blind, MessageState.UNKNOWN, **DONE, now=now)
    seen = store.outbox.claim(notice(store, 2, now), now)
    store.outbox.settle(seen, MessageState.UNKNOWN, **DONE, now=now, look_at=now + MINUTE)
    assert [one.id for one in store.outbox.untold(now - MINUTE, (), 10)] == [blind.id]
    assert [one.id for one in store.outbox.untold(now, (), 10)] == [blind.id, seen.id]
    assert store.outbox.untold(now, ("notice",), 10) == []
    draft = Draft(
        channel="mail", account="mail", purpose="internal", text="请核实", recipient="a@example.org"
    )
    store.outbox.add(draft, f"doubt:{blind.id}:1", MessageState.APPROVED, "系统", now=now)
    assert [one.id for one in store.outbox.untold(now, (), 10)] == [seen.id]


def test_a_look_at_an_account_leaves_what_deliveries_learned(store, now):
    store.accounts.hold("mail", now + MINUTE, "平台要求暂停", now)
    store.accounts.save(AccountState(account="mail", state="expiring", note="快到期", checked_at=now), now)
    kept = store.accounts.state("mail")
    assert (kept.state, kept.held_until, kept.held_for) == ("expiring", now + MINUTE, "平台要求暂停")
    assert store.accounts.state("never") == AccountState(account="never")
    assert set(store.accounts.states()) == {"mail"}


def test_traffic_counts_what_waits_and_what_is_in_doubt(store, now):
    taken = store.outbox.claim(notice(store, 1, now), now)
    store.outbox.settle(taken, MessageState.UNKNOWN, **DONE, now=now)
    sent = store.outbox.claim(notice(store, 2, now), now)
    store.outbox.settle(sent, MessageState.SENT, **(DONE | {"receipt": OUT}), now=now)
    notice(store, 3, now)
    found = store.accounts.traffic(now)["mail"]
    assert (found.waiting, found.doubtful, found.oldest, found.last_published) == (1, 1, now, now)


def test_what_lies_before_a_person_to_post_counts_against_the_quota(store, now):
    first, second = notice(store, 1, now), notice(store, 2, now)
    store.outbox.settle(store.outbox.claim(first, now), MessageState.HANDED, **DONE, now=now)
    assert store.accounts.departures(now - MINUTE, {"mail": 5}) == {"mail": [now]}
    assert store.outbox.claim(second, now, room=((now - MINUTE, 1),)) is None


def test_what_left_by_a_clock_far_ahead_does_not_stop_the_account_until_then(store, now):
    first, second, third = (notice(store, number, now) for number in range(3))
    ahead = now + timedelta(days=1)
    store.outbox.settle(
        store.outbox.claim(first, ahead), MessageState.SENT, **(DONE | {"receipt": OUT}), now=ahead
    )
    room = ((now - MINUTE, 1),)
    taken = store.outbox.claim(second, now, room=room)
    assert taken is not None
    store.outbox.settle(taken, MessageState.SENT, **(DONE | {"receipt": OUT}), now=now)
    slow = now - 5 * MINUTE  # another machine's clock, a little behind: what just left still counts
    assert store.outbox.claim(third, slow, room=((slow - MINUTE, 1),)) is None


def test_while_all_accounts_are_stopped_nothing_is_claimed(store, now):
    message = notice(store, 1, now)
    store.settings.put("kill_switch", "on", now)
    assert store.outbox.claim(message, now) is None
    store.settings.put("kill_switch", "off", now)
    assert store.outbox.claim(message, now) is not None


def test_an_account_that_answers_again_begins_with_the_oldest(store, now):
    first, second = notice(store, 1, now), notice(store, 2, now)
    late = {"due_at": now + timedelta(hours=6), "hold": now + timedelta(hours=1)}
    store.outbox.settle(store.outbox.claim(first, now), MessageState.APPROVED, **(DONE | late), now=now)
    assert store.outbox.due(now, 10) == []
    store.accounts.wake("mail", now)
    assert [one.id for one in store.outbox.due(now, 10)] == [first.id, second.id]
    assert store.accounts.state("mail").failures == 1, "it has not shown yet that it takes anything"


def test_one_post_on_the_platform_is_one_message(store, now):
    first, second = notice(store, 1, now), notice(store, 2, now)
    store.outbox.settle(
        store.outbox.claim(first, now), MessageState.SENT, **(DONE | {"receipt": OUT}), now=now
    )
    assert store.outbox.is_anothers(second, "p1")
    assert not store.outbox.is_anothers(first, "p1")
    assert not store.outbox.is_anothers(second, "p2")
    assert not store.outbox.is_anothers(second, "")


def test_a_refusal_is_told_once_and_not_for_ever(store, now):
    taken = store.outbox.claim(notice(store, 1, now), now)
    refused = store.outbox.settle(taken, MessageState.REFUSED, **DONE, now=now)
    assert [one.id for one in store.outbox.failed(now - MINUTE, (), 10)] == [refused.id]
    assert store.outbox.failed(now, (), 10) == [], "long ago"
    assert store.outbox.failed(now - MINUTE, ("notice",), 10) == []
    draft = Draft(channel="mail", account="mail", purpose="internal", text="被拒", recipient="a@example.org")
    store.outbox.add(draft, f"refused:{refused.id}:1", MessageState.APPROVED, "系统", now=now)
    assert store.outbox.failed(now - MINUTE, (), 10) == []
