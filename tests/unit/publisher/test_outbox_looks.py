"""Unknown messages and accounts at fault: when to look, what a look says, what burns no text."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from huanyu.clock import SHANGHAI
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import MessageState as S
from huanyu.types import Receipt
from publisher import outbox
from tests.unit.publisher.test_outbox import SENDING

NOW = datetime(2026, 3, 12, 10, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


def test_looks_grow_apart_over_two_days_and_end() -> None:
    distances = [outbox.next_look(looks, NOW) for looks in range(1, len(outbox.LOOKS) + 1)]
    assert distances == sorted(distances)  # type: ignore[type-var]
    assert distances[:4] == [NOW + minutes * MINUTE for minutes in (1, 5, 15, 60)]
    assert distances[-1] == NOW + timedelta(days=1)
    assert outbox.next_look(len(outbox.LOOKS) + 1, NOW) is None


def test_an_unknown_is_looked_for_at_once_where_the_channel_can_look() -> None:
    assert outbox.after(Unknown("x"), SENDING, NOW).look_at == SENDING.due_at
    assert outbox.after(Unknown("x"), SENDING, NOW, can_look=False).look_at is None


def test_the_name_a_platform_gave_is_kept_for_the_look() -> None:
    settled = outbox.after(Unknown("x", platform_id="publish:7"), SENDING, NOW)
    assert settled.receipt == Receipt(platform_id="publish:7")


def test_the_platforms_final_word_settles_an_unknown_as_refused() -> None:
    settled = outbox.after_read_back(Refused("原创审核不通过"), NOW)
    assert settled.state is S.REFUSED
    assert "原创审核不通过" in settled.note
    outbox.check(S.UNKNOWN, settled.state)


def test_an_account_at_fault_burns_no_text() -> None:
    settled = outbox.after(Refused("授权已过期", whole_account=True), SENDING, NOW)
    assert (settled.state, settled.due_at, settled.hold) == (S.APPROVED, NOW, NOW + outbox.ACCOUNT_REST)
    assert "稿件不变" in settled.note


def test_a_platform_that_asks_for_a_pause_gets_it_for_the_whole_account() -> None:
    assert outbox.after(Unavailable("慢一点", retry_after=300), SENDING, NOW).hold == NOW + 5 * MINUTE
    assert outbox.after(Unavailable("忙"), SENDING, NOW).hold is None


def test_an_account_rests_from_the_third_call_in_a_row_that_nobody_took() -> None:
    rests = [outbox.rest(failures, NOW) for failures in range(1, 8)]
    assert rests[:2] == [None, None]
    assert rests[2:] == [NOW + minutes * MINUTE for minutes in (1, 5, 15, 15, 15)]
