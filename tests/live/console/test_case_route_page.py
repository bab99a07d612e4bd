"""Who handles a case, put right on its page: facts edited, a proposed unit accepted or refused, a level confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from made_console import NAMES
from made_console import Console
from test_browser import has_session

from flow import cycle
from flow import rerouting
from flow.rerouting import Edit
from huanyu.types import Case

OpenPage = Callable[..., Any]


def proposed(console: Console) -> Case:
    """A signed case for which the rules name another unit now."""
    desk, now = console.desk, console.clock()
    case = desk.store.cases.get(console.made.mine)
    known = desk.store.people.user(NAMES["press"])
    assert known is not None
    said = Edit(kinds=("noise.social",), area=case.area, place=case.place, built_up=None, happened_at=None)
    rerouting.edit_facts(desk, known[0], case.id, case.version, said, "电话核实，是商铺喇叭", now)
    cycle.run(desk, "reroute", now)
    return desk.store.cases.get(case.id)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_press_office_puts_facts_right_and_the_history_tells_both(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    page, case_id = open_page(java_script_enabled=scripts), console.made.mine
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{case_id}")
    page.get_by_text("更正要素").click()
    page.get_by_label("主要类别").select_option("noise.social")
    page.get_by_label("地点", exact=True).fill("许营镇赵庄村西")
    page.get_by_label("更正的理由").fill("电话核实")
    page.get_by_role("button", name="更正", exact=True).click()
    page.get_by_text("理由：电话核实").wait_for()
    assert "许营镇赵庄村西" in page.locator(".history").inner_text()
    case = console.desk.store.cases.get(case_id)
    assert (case.kinds[0], case.place) == ("noise.social", "许营镇赵庄村西")
    assert set(case.edited) >= {"kinds", "place"}


def test_a_proposed_unit_waits_on_the_page_and_is_accepted(console: Console, open_page: OpenPage) -> None:
    case = proposed(console)
    wanted = rerouting.open_proposal(console.desk, case.id)
    assert wanted is not None
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/confirm")
    page.locator(f'a[href="/cases/{case.id}#reroute"]').first.click()
    page.get_by_role("button", name="同意改派").click()
    page.get_by_text("同意改派建议").first.wait_for()
    moved = console.desk.store.cases.get(case.id)
    assert (moved.unit, moved.state) == (wanted.unit, "assigned")
    assert page.locator("#reroute").count() == 0


def test_a_proposal_is_refused_with_a_reason(console: Console, open_page: OpenPage) -> None:
    case = proposed(console)
    page = open_page(width=390)
    has_session(page, console, "leader")
    page.goto(f"{console.url}/cases/{case.id}")
    page.get_by_label("仍由原单位办理的理由").fill("已到现场")
    page.get_by_role("button", name="不改派").click()
    page.get_by_text("不改派：已到现场").wait_for()
    assert console.desk.store.cases.get(case.id).unit == case.unit


def test_a_level_is_confirmed_from_the_list_and_lowered_by_a_leader_alone(
    console: Console, open_page: OpenPage
) -> None:
    store = console.desk.store
    case = store.moves.grade(store.cases.get(console.made.mine), "重大", "省台来电", now=console.clock())
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{case.id}")
    assert page.locator("#level").get_by_label("一般", exact=True).is_disabled()
    page.goto(f"{console.url}/confirm")
    row = page.locator("tr", has=page.get_by_role("link", name=case.title))
    row.get_by_role("button", name="确认重大").click()
    page.get_by_text("确认等级：重大").wait_for()
    assert store.cases.get(case.id).level_by
    has_session(page, console, "leader")
    page.goto(f"{console.url}/cases/{case.id}")
    page.get_by_text("调整等级").click()
    page.locator("#level").get_by_label("一般", exact=True).check()
    page.locator("#level").get_by_label("理由").fill("查无此事")
    page.get_by_role("button", name="确定等级").click()
    page.get_by_text("等级由重大降为一般：查无此事").wait_for()
    assert store.cases.get(case.id).level == "一般"


def test_who_may_not_decide_sees_the_proposal_without_buttons(console: Console) -> None:
    case = proposed(console)
    with console.sign_in("handler") as handler:
        told = handler.get(f"/cases/{case.id}").text
    assert "改派建议" in told
    assert "同意改派" not in told
    assert "更正要素" not in told
