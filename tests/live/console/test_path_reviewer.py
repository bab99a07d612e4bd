"""A day of a reviewer: one reply released at its last step, one sent back with a reason, a thin result returned."""

from __future__ import annotations

from collections.abc import Callable

import made_desk
from made_console import NAMES
from walk import Walk

from flow import outgoing
from huanyu.types import MessageState

StartDay = Callable[[str], Walk]
WHY = "请写明检查的时间和限期到哪一天"


def test_a_day_of_a_reviewer(start_day: StartDay) -> None:
    walk = start_day("reviewer")
    first_step(walk)
    walk.page.reload()
    walk.sees("今日")
    walk.picture("reviewer-today")
    released(walk)
    sent_back(walk)


def first_step(walk: Walk) -> None:
    """The press office has agreed to one reply; its last step is the reviewer's."""
    console = walk.console
    press, draft = (
        made_desk.user(console.desk, NAMES["press"]),
        console.desk.store.outbox.get(console.made.draft),
    )
    outgoing.approve(console.desk, press, draft.id, draft.version, console.clock())


def released(walk: Walk) -> None:
    """Account and parent are compared by hand before the last yes."""
    page, outbox, number = walk.page, walk.console.desk.store.outbox, walk.console.made.draft
    page.get_by_role("link", name="审核回复").click()
    page.locator(f'a[href="/outbox/{number}"]').first.click()
    walk.sees("将这样发布")
    page.get_by_text("核查通过").wait_for()
    for box in page.locator(".confirm").get_by_role("checkbox").all():
        box.check()
    walk.picture("reviewer-message", whole=True)
    page.get_by_role("button", name="终审通过").click()
    page.get_by_text("待发布").first.wait_for()
    assert outbox.get(number).state is MessageState.APPROVED


def sent_back(walk: Walk) -> None:
    """A reason is asked for, and stands on the page afterwards."""
    page, outbox, number = walk.page, walk.console.desk.store.outbox, walk.console.made.other_draft
    walk.menu("回复与发布")
    page.locator(f'a[href="/outbox/{number}"]').first.click()
    page.locator("summary", has_text="退回修改").click()
    page.get_by_label("理由", exact=True).fill(WHY)
    walk.picture("reviewer-back")
    page.get_by_role("button", name="退回", exact=True).click()
    page.get_by_text(WHY).first.wait_for()
    assert outbox.get(number).state is MessageState.RETURNED
