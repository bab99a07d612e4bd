"""拟答复 on the page of a case: stages from the record, an answer by hand, a second answer to the unhappy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import made_afterwards
import pytest
from made_console import Console
from made_desk import FOUND
from made_desk import HANDLER
from made_desk import MEASURE
from made_desk import NOW
from made_desk import PEOPLE
from made_desk import user
from test_browser import has_session

from flow import findings
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Result

OpenPage = Callable[..., Any]
DONE = "3月5日9时执法人员到现场检查，已对排气筒取样送检"
BY_HAND = "3月5日10时，执法人员到现场核查，反映的问题确实存在，已责令立即整改，明天由专人上门说明。"


def replies(console: Console, case_id: int, stage: str) -> list[Message]:
    found = console.desk.store.outbox.listing(purpose="reply", case_id=case_id)
    return [one for one in found if one.stage == stage]


def on_weibo(console: Console) -> Case:
    """A case that somebody told of on Weibo and a unit works on."""
    signed = console.desk.store.cases.listing(states={"signed"}, limit=100)
    return next(case for case in signed if case.source_kind == "weibo" and case.first_native_id.isdecimal())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_progress_is_proposed_from_the_record_and_stands_there_as_it_will_be_read(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    case, page = on_weibo(console), open_page(java_script_enabled=scripts)
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{case.id}")
    page.get_by_text("告知进展").click()
    page.get_by_label("已经做了什么").fill(DONE)
    page.get_by_label("接下来").fill("检测结果出来后公布")
    with page.expect_navigation():
        page.locator("form", has=page.get_by_label("已经做了什么")).get_by_role("button").click()
    page.get_by_role("heading", name=f"{case.number}办理进展").first.wait_for()
    shown = page.locator(".look").inner_text()
    assert DONE in shown
    assert console.desk.bureau.unit(case.unit).phone in shown
    made = replies(console, case.id, "progress")
    assert {one.channel for one in made} == {"site", "weibo"}
    assert {one.state for one in made} == {MessageState.DRAFT}
    page.get_by_role("navigation", name="同一稿发往各账号").get_by_role("link", name="微博").click()
    page.get_by_text("答复", exact=True).first.wait_for()
    assert next(one.reply_to for one in made if one.channel == "weibo") == case.first_native_id


def test_what_says_nothing_is_refused_and_given_back(console: Console) -> None:
    case = on_weibo(console)
    with console.sign_in("press") as press:
        form = {"stage": "progress", "done": "我们正在处理", "then": "尽快答复"}
        answer = press.post(f"/cases/{case.id}/stage", data=form)
    assert answer.status_code == 422
    for told in ("正在处理”不是进展", "我们正在处理", "尽快答复"):
        assert told in answer.text
    assert replies(console, case.id, "progress") == []


def test_another_department_is_named_with_its_telephone_once_it_was_passed_on(console: Console) -> None:
    case = on_weibo(console)
    form = {"stage": "not_ours", "office": "市城市管理局", "forwarded": "1"}
    with console.sign_in("press") as press:
        assert "办公电话" in press.post(f"/cases/{case.id}/stage", data=form).text
        answer = press.post(f"/cases/{case.id}/stage", data=form | {"phone": "0635-8000112"})
        assert answer.status_code == 303
        page = press.get(f"/cases/{case.id}").text
    made = replies(console, case.id, "not_ours")
    assert all("0635-8000112" in one.text or one.link in one.text for one in made)
    assert "已经拟过" in page  # and is not offered a second time
    assert 'id="f-office"' not in page


def test_a_stage_that_cannot_be_told_says_why(console: Console) -> None:
    with console.sign_in("press") as press:
        page = press.get(f"/cases/{console.made.undispatched}").text
    case = console.desk.store.cases.get(console.made.undispatched)
    assert "拟答复" in page
    assert "还没有承办单位，不能告知已转办" in page or case.unit
    with console.sign_in("assessor") as assessor:
        assert "拟答复" not in assessor.get(f"/cases/{console.made.mine}").text


def test_a_result_can_be_told_in_ones_own_words(console: Console, open_page: OpenPage) -> None:
    desk, handler = console.desk, user(console.desk, HANDLER[0])
    case = desk.store.cases.get(console.made.mine)
    result = Result(finding="属实", visited_at=NOW, found=FOUND, measure=MEASURE)
    findings.record_result(desk, handler, case.id, case.version, result, NOW)
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{case.id}")
    page.get_by_text("自拟答复").click()
    page.get_by_label("答复全文").fill(BY_HAND)
    with page.expect_navigation():
        page.locator("form", has=page.get_by_label("答复全文")).get_by_role("button").click()
    page.locator(".look", has_text="专人上门说明").wait_for()
    assert desk.store.cases.get(case.id).state == "replying"
    written = {one.channel: one for one in replies(console, case.id, "result")}
    assert written["site"].text == BY_HAND
    assert written["site"].author == PEOPLE["press"][0]


def test_the_unhappy_are_answered_again_by_whoever_took_over(console: Console, open_page: OpenPage) -> None:
    desk, after = console.desk, made_afterwards.fill(console.desk, console.made.rehearsed)
    desk.store.moves.move(
        desk.store.cases.get(after.case), "answered", action="answered", note="已答复", now=NOW
    )
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{after.case}")
    page.get_by_text("请先由一人接手，再写答复").wait_for()
    assert page.get_by_label("再次答复").count() == 0
    with page.expect_navigation():
        page.get_by_role("button", name="由我接手").click()
    page.get_by_label("再次答复").fill(BY_HAND)
    with page.expect_navigation():
        page.locator("form", has=page.get_by_label("再次答复")).get_by_role("button").click()
    page.locator(".look", has_text="专人上门说明").wait_for()
    made = replies(console, after.case, "progress")
    assert made
    assert all(one.channel == "site" or one.reply_to for one in made)  # nobody else is told
    assert desk.store.cases.get(after.case).state == "answered"
