"""A press text from the form to its 更正: every account that carries it tells what was wrong, the page first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import corrections
from flow import cycle
from flow import press
from flow.press import Order
from huanyu.types import Message
from huanyu.types import MessageState
from tests.agreed import sign_off
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague

TOLD = {
    "batch": "2",
    "intro": "为推动企业守法经营，现公布第二批典型案例。",
    "cases": "一、2026年2月，执法人员检查发现一处喷漆工序未配套治理设施，责令改正。",
}


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as found:
        colleague(found.desk, "wenqing", "press")
        yield found


def signed(office: Office, made: list[int]) -> None:
    """Every step of each, by people who did not write it."""
    other = colleague(office.desk, "wenqing", "press")
    people = (other, office.reviewer, office.leader)
    for message_id in made:
        sign_off(office.desk, people, office.desk.store.outbox.get(message_id), NOW)


def out(office: Office, made: list[int], minutes: int) -> dict[str, Message]:
    """The same messages after some minutes of delivering, by channel."""
    for minute in range(minutes):
        cycle.run(office.desk, "deliver", NOW + timedelta(minutes=minute))
    return {one.channel: one for one in map(office.desk.store.outbox.get, made)}


def test_a_text_of_our_own_choosing_is_put_right_on_every_account(office: Office) -> None:
    order = Order(product="cases", told=TOLD, accounts=("site", "weibo"), at=NOW)
    made = press.write(office.desk, office.press, order, NOW)
    signed(office, made)
    assert {one.state for one in out(office, made, 2).values()} == {MessageState.SENT}
    entry = corrections.correct(
        office.desk, office.press, made[0], "2026年2月，执法人员", "2026年2月18日，执法人员", "漏写日期", NOW
    )
    slips = [one.id for one in office.desk.store.corrections.messages([entry.serial])[entry.serial]]
    signed(office, slips)
    told = out(office, slips, 30)
    assert {one.state for one in told.values()} == {MessageState.SENT}
