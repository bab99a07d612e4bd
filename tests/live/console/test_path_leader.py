"""A day of a leader: more time granted, an incident declared and its line set, its message released, the wall's screen."""

from __future__ import annotations

from collections.abc import Callable

import made_desk
from made_console import NAMES
from made_console import Console
from walk import Walk

from flow import cycle
from flow import incidents
from flow import limits
from flow import outgoing
from flow import press
from flow import rights
from flow import staff
from flow.press import Order
from huanyu.types import MessageState
from huanyu.types import User

StartDay = Callable[[str], Walk]
TITLE = "徒骇河水质监测情况"
BODY = "市生态环境局已在徒骇河沿线布设监测点位，水质情况每日公布。"
LINE = "事故已得到控制，周边水质正在监测，后续由市政府统一发布。"


def test_a_day_of_a_leader(start_day: StartDay) -> None:
    walk = start_day("leader")
    asked_for(walk.console)
    incident, message = proposed(walk.console), written(walk.console)
    walk.page.reload()
    walk.picture("leader-today")
    granted(walk)
    declared(walk, incident)
    released(walk, message)
    watched(walk)


def person(console: Console, role: str) -> User:
    return rights.present(console.desk, made_desk.user(console.desk, NAMES[role]), console.clock())


def asked_for(console: Console) -> None:
    """The unit asks for a day more."""
    desk, now, case_id = console.desk, console.clock(), console.made.mine
    cycle.turn(desk, now, ("recalendar", "plan_cards"))
    version = desk.store.cases.get(case_id).version
    limits.ask(desk, person(console, "handler"), case_id, version, "handling", 1, "等检测报告", now)


def proposed(console: Console) -> int:
    """A unit takes a case for an incident."""
    desk, case_id = console.desk, console.made.theirs
    version = desk.store.cases.get(case_id).version
    handler = person(console, "other_handler")
    return incidents.propose(desk, handler, case_id, version, "河面大片死鱼，上游罐车侧翻", console.clock())


def written(console: Console) -> int:
    """The press office has written of it, and two reviewers have agreed."""
    desk, now = console.desk, console.clock()
    staff.add(desk, None, staff.NewUser("fushen", "傅慎之", "reviewer"), "", now)
    told = {"name": TITLE, "body": BODY}
    order = Order(product="notice", told=told, accounts=["site"], at=now, incident=True)
    (number,) = press.write(desk, person(console, "press"), order, now)
    for name in (NAMES["reviewer"], "fushen"):
        version = desk.store.outbox.get(number).version
        outgoing.approve(desk, made_desk.user(desk, name), number, version, now)
    return number


def granted(walk: Walk) -> None:
    """More time is a yes or no in the inbox."""
    page = walk.page
    walk.menu("收件箱")
    page.get_by_role("navigation", name="事项", exact=True).get_by_role("link", name="批延期").click()
    page.locator("article.item").get_by_text("等检测报告").wait_for()
    walk.picture("leader-inbox")
    walk.press("1", "批准")
    page.get_by_text("延期已批准").wait_for()


def declared(walk: Walk, incident: int) -> None:
    """The incident gets its degree, then what may be said of it; from then on advertising stands still."""
    page = walk.page
    walk.menu("突发事件")
    page.locator(f'a[href="/incidents/{incident}"]').first.click()
    page.get_by_label("等级").select_option("重大")
    walk.picture("leader-declare")
    page.get_by_role("button", name="认定为突发环境事件").click()
    page.get_by_label("对外说什么").fill(LINE)
    page.get_by_role("button", name="定下口径").click()
    page.get_by_text("处置中", exact=True).first.wait_for()
    page.get_by_role("link", name="突发冻结：宣传暂停").wait_for()
    assert walk.console.desk.store.incidents.get(incident).line == LINE


def released(walk: Walk, number: int) -> None:
    """The last yes to an incident's text is a leader's."""
    page, outbox = walk.page, walk.console.desk.store.outbox
    walk.menu("回复与发布")
    page.get_by_role("link", name=TITLE).click()
    walk.sees(TITLE)
    page.locator(".confirm").get_by_role("checkbox").check()
    walk.picture("leader-message")
    page.get_by_role("button", name="终审通过").click()
    page.get_by_text("待发布").first.wait_for()
    assert outbox.get(number).state is MessageState.APPROVED


def watched(walk: Walk) -> None:
    """The screen of the wall tells counts, and nobody's name."""
    page = walk.page
    if walk.mode == "desk":
        page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"{walk.console.url}/screen")
    page.get_by_role("heading", name="环境舆情").first.wait_for()
    assert "程立群" not in page.locator("body").inner_text()
    walk.picture("leader-screen")
