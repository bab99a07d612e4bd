"""What the outcome of a call means for a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest

from huanyu.clock import SHANGHAI
from huanyu.errors import ChannelError
from huanyu.errors import IllegalMove
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Message
from huanyu.types import MessageState as S
from huanyu.types import Receipt
from publisher import outbox

NOW = datetime(2026, 3, 12, 10, tzinfo=SHANGHAI)
SENDING = Message(
    id=1,
    key="reply:1:weibo:1",
    state=S.SENDING,
    channel="weibo",
    account="weibo",
    purpose="reply",
    title="",
    text="办理结果",
    case_id=1,
    reply_to="",
    recipient="",
    link="",
    after="site",
    author="chengban",
    created_at=NOW,
    due_at=NOW,
    attempts=1,
    version=1,
)


def test_a_receipt_is_sent_and_kept() -> None:
    receipt = Receipt(platform_id="42")
    settled = outbox.after(receipt, SENDING, NOW)
    assert (settled.state, settled.receipt) == (S.SENT, receipt)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Refused("x"), S.REFUSED),
        (Unknown("x"), S.UNKNOWN),
        (ChannelError("x"), S.UNKNOWN),
        (None, S.REHEARSED),
    ],
)
def test_every_outcome_has_its_state(outcome: ChannelError | None, state: S) -> None:
    assert outbox.after(outcome, SENDING, NOW).state is state


def test_every_settlement_is_an_arrow_of_the_table() -> None:
    for outcome in (Receipt(platform_id="1"), Refused("x"), Unknown("x"), Unavailable("x"), None):
        outbox.check(S.SENDING, outbox.after(outcome, SENDING, NOW).state)


def test_unavailable_waits_longer_each_time() -> None:
    waits = [
        outbox.after(Unavailable("忙"), replace(SENDING, attempts=attempt), NOW).due_at - NOW
        for attempt in range(1, outbox.MAX_ATTEMPTS)
    ]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)


def test_the_platforms_own_waiting_time_is_honoured() -> None:
    settled = outbox.after(Unavailable("忙", retry_after=7200), SENDING, NOW)
    assert settled.due_at == NOW + timedelta(hours=2)


def test_attempts_are_bounded_and_then_a_person_looks() -> None:
    tired = replace(SENDING, attempts=outbox.MAX_ATTEMPTS)
    settled = outbox.after(Unavailable("忙"), tired, NOW)
    assert settled.state is S.REFUSED
    assert "人工" in settled.note


def test_unknown_never_goes_out_again() -> None:
    reachable, frontier = set[S](), {S.UNKNOWN}
    while frontier:
        state = frontier.pop()
        reachable.add(state)
        if state is not S.REFUSED:  # a person's finding that it is not out opens the way again
            frontier |= outbox.ALLOWED[state] - reachable
    assert S.SENDING not in reachable


def test_not_found_on_reading_back_proves_nothing() -> None:
    assert outbox.after_read_back(None, NOW).state is S.UNKNOWN
    assert outbox.after_read_back(Receipt(platform_id="1"), NOW).state is S.SENT


def test_what_is_sent_stays_sent() -> None:
    for state in S:
        with pytest.raises(IllegalMove):
            outbox.check(S.SENT, state)


def test_only_an_approved_message_is_ever_sent() -> None:
    assert [state for state, to in outbox.ALLOWED.items() if S.SENDING in to] == [S.APPROVED]


def test_the_table_and_its_labels_know_every_state() -> None:
    assert set(outbox.ALLOWED) == set(S) == set(outbox.LABEL)


def test_while_nothing_of_the_account_gets_through_no_text_is_burnt() -> None:
    for attempts in (outbox.MAX_ATTEMPTS, 10 * outbox.MAX_ATTEMPTS):
        settled = outbox.after(Unavailable("断网"), replace(SENDING, attempts=attempts), NOW, is_down=True)
        assert (settled.state, settled.due_at) == (S.APPROVED, NOW + outbox.BACKOFF[-1])
