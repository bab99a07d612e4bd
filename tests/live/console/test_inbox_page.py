"""The inbox: one queue of decisions, worked through with at most three keys each, and without scripts as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import made_desk
import pytest
from made_console import Console
from test_browser import come_in
from test_browser import has_session

from flow import cycle
from flow import inbox
from flow import limits
from flow import resting
from flow import rights

OpenPage = Callable[..., Any]


def waiting(console: Console, role: str, only: str = "") -> list[str]:
    person = made_desk.user(console.desk, made_desk.PEOPLE[role][0])
    return [
        one.key
        for one in inbox.queue(console.desk, rights.present(console.desk, person, console.clock()), only)
    ]


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)


def test_posts_in_doubt_take_one_key_each_and_the_last_is_taken_back_with_another(
    console: Console, open_page: OpenPage
) -> None:
    page, (first, second, third, *_) = open_page(), console.made.unsure
    has_session(page, console, "press")
    page.goto(f"{console.url}/inbox?only=unsure")
    keys = Keys(page)
    keys.press("1")
    page.wait_for_url(f"**item=unsure-{second}*")
    keys.press("2")
    page.wait_for_url(f"**item=unsure-{third}*")
    assert keys.pressed == 2
    told = [console.desk.store.posts.verdict(one) for one in (first, second)]
    assert [(one.is_complaint, one.unsure) for one in told] == [(True, False), (False, False)]
    keys.press("u")
    page.wait_for_url(f"**item=unsure-{second}&done=*")
    page.get_by_text("已撤回判定").wait_for()
    again = console.desk.store.posts.verdict(second)
    assert again.unsure
    assert [one.post_id for one in console.desk.store.posts.corrections()] == [first]


def test_once_a_case_has_come_of_it_a_judgement_is_not_taken_back(console: Console) -> None:
    first = console.made.unsure[0]
    with console.sign_in("press") as client:
        assert client.post(f"/inbox/unsure/{first}", data={"act": "yes"}).status_code == 303
        cycle.run(console.desk, "open", console.clock() + timedelta(minutes=1))
        answer = client.post(f"/inbox/unsure/{first}", data={"act": "undo"})
    assert answer.status_code == 409
    assert "案件页办理" in answer.text
    assert not console.desk.store.posts.verdict(first).unsure


def test_nobody_takes_back_what_another_person_said(console: Console) -> None:
    first = console.made.unsure[0]
    with console.sign_in("press") as press, console.sign_in("reviewer") as reviewer:
        press.post(f"/inbox/unsure/{first}", data={"act": "no"})
        assert reviewer.post(f"/inbox/unsure/{first}", data={"act": "undo"}).status_code == 409


def test_every_sort_takes_at_most_three_keys(console: Console, open_page: OpenPage) -> None:
    """Dispatch, suggestion and post by the press office, the last review of a text by a reviewer."""
    page = open_page()
    come_in(page, console, "press")
    for sort in ("dispatch", "suggestion", "unsure", "draft"):
        before = waiting(console, "press", sort)
        page.goto(f"{console.url}/inbox?only={sort}")
        keys = Keys(page)
        if sort == "draft":
            keys.press("y")
        else:
            keys.press("1")
        page.locator(".done").wait_for()
        assert keys.pressed <= 3
        assert waiting(console, "press", sort) == before[1:]
    reviewer = open_page()
    come_in(reviewer, console, "reviewer")
    mine = waiting(console, "reviewer", "draft")
    last = mine[0]
    reviewer.goto(f"{console.url}/inbox?only=draft&item={last}")
    keys = Keys(reviewer)
    boxes = reviewer.locator(".confirm input[type=checkbox]").count()
    keys.press(*["1", "2"][:boxes], "y")
    reviewer.locator(".done").wait_for()
    assert keys.pressed <= 3
    assert last not in waiting(console, "reviewer", "draft")


def test_a_handler_signs_from_the_inbox_and_goes_on(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, console, "handler")
    page.get_by_role("link", name="收件箱").click()
    page.locator(".item").get_by_text(console.desk.store.cases.get(console.made.unsigned).number).wait_for()
    page.keyboard.press("1")
    page.get_by_text("已签收").wait_for()
    assert console.desk.store.cases.get(console.made.unsigned).state == "signed"


def test_more_time_and_a_pause_are_decided_with_one_key_or_a_reason(
    console: Console, open_page: OpenPage
) -> None:
    desk, now, case_id = console.desk, console.clock(), console.made.mine
    cycle.turn(desk, now, ("recalendar", "plan_cards"))
    handler = rights.present(desk, made_desk.user(desk, made_desk.HANDLER[0]), now)
    case = desk.store.cases.get(case_id)
    limits.ask(desk, handler, case_id, case.version, "handling", 1, "等检测报告", now)
    case = desk.store.cases.get(case_id)
    resting.ask_pause(desk, handler, case_id, case.version, "企业停产，无法采样", now)
    page = open_page()
    has_session(page, console, "leader")
    page.goto(f"{console.url}/inbox?only=extension")
    page.locator(".item").get_by_text("等检测报告").wait_for()
    page.keyboard.press("1")
    page.get_by_text("延期已批准").wait_for()
    page.goto(f"{console.url}/inbox?only=pause")
    page.locator(".item").get_by_text("企业停产，无法采样").wait_for()
    page.keyboard.press("2")
    page.get_by_label("理由").fill("先调阅在线监测数据")
    page.get_by_role("button", name="不同意，继续办理").click()
    page.get_by_text("未同意暂停").wait_for()
    assert desk.store.extensions.undecided(9) == []
    assert waiting(console, "leader", "pause") == []
    assert desk.store.cases.get(case_id).state != "paused"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_queue_is_walked_and_worked_with_the_mouse_too(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    has_session(page, console, "press")
    page.goto(f"{console.url}/inbox?only=unsure")
    first, second = waiting(console, "press", "unsure")[:2]
    page.get_by_role("link", name="下一件").click()
    assert page.url.endswith(f"item={second}")
    page.get_by_role("link", name="上一件").click()
    assert page.url.endswith(f"item={first}")
    page.get_by_role("button", name="不是投诉").click()
    page.locator(".done").get_by_text("已判为不是投诉").wait_for()
    assert waiting(console, "press", "unsure")[0] == second


def test_walking_and_help_need_no_mouse(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/inbox?only=unsure")
    second = waiting(reading_console, "press", "unsure")[1]
    page.keyboard.press("j")
    page.wait_for_url(f"**item={second}")
    page.keyboard.press("k")
    page.wait_for_url(lambda url: not url.endswith(second))
    page.keyboard.press("?")
    page.get_by_text("撤回刚才的判定").wait_for()
    assert page.locator("article mark").count() > 0, "the words that made the classifier decide"


def test_an_item_somebody_else_has_dealt_with_is_told_and_the_next_one_shown(
    reading_console: Console,
) -> None:
    with reading_console.sign_in("press") as client:
        told = client.get("/inbox?item=unsure-99999").text
    assert "已经有人办了" in told


def test_the_inbox_of_who_decides_nothing_is_empty(reading_console: Console) -> None:
    with reading_console.sign_in("assessor") as client:
        assert "没有等您定的事" in client.get("/inbox").text
        assert client.get("/inbox/counts").json() == {"inbox": "0"}
