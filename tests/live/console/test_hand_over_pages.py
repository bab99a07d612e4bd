"""One-time links on a phone without scripts, the reporter behind a reason, prints with their mark, the roster."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from made_console import NAMES
from made_console import Console
from made_desk import FOUND
from made_desk import MEASURE
from made_desk import NOW
from test_browser import NAMELESS
from test_browser import has_session

from flow import identities
from flow import link_making
from huanyu.store.audit import SYSTEM
from huanyu.types import Case
from tests.live.lacking import FAINT
from tests.photos import jpeg

OpenPage = Callable[..., Any]
#: A print that takes two pages.
LONGER = """() => {
  for (let line = 0; line < 60; line++) {
    const more = document.createElement("p");
    more.textContent = "测试长件";
    document.querySelector("main").append(more);
  }
}"""
REPORTER = '{"姓名": "钱守田", "电话": "13900001111"}'


def outside_case(console: Console) -> Case:
    """A case of a unit that does not log in, not signed for yet."""
    outside = {unit.key for unit in console.desk.bureau.units if not unit.login}
    found = console.desk.store.cases.listing(states={"assigned"}, limit=500)
    return next(case for case in found if case.unit in outside)


def address_of(console: Console, case: Case) -> str:
    given = next(one for one in console.desk.store.hand_overs.of_case(case.id) if one.ended_at is None)
    press = console.desk.store.people.user(NAMES["press"])
    assert press is not None
    made = link_making.make(console.desk, press[0], case.id, given.id, NOW)
    return made[made.index("/l/") :]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_unit_signs_and_reports_on_a_phone_without_logging_in(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    case = outside_case(console)
    page = open_page(width=390, height=844, java_script_enabled=scripts)
    page.goto(console.url + address_of(console, case))
    if scripts:
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(FAINT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="签收").click()
    page.get_by_text("已签收。").wait_for()
    page.get_by_label("属实", exact=True).check()
    page.get_by_label("现场检查时间").fill(f"{NOW:%Y-%m-%dT%H:%M}")
    page.get_by_label("查明情况").fill(FOUND)
    page.get_by_text("监测数据", exact=True).click()
    first = page.get_by_role("group", name="第 1 项")
    for label, value in (("项目", "化学需氧量"), ("测得", "198"), ("单位", "mg/L"), ("限值", "80")):
        first.get_by_label(label, exact=True).fill(value)
    first.get_by_label("限值出处").fill("GB 3544-2008")
    first.get_by_label("超标").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("处理措施").fill(MEASURE)
    photo = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("文件 1", exact=True).set_input_files(photo)
    page.get_by_role("button", name="提交结果").click()
    page.get_by_text("已反馈，谢谢").wait_for()
    kept = console.desk.store.cases.get(case.id)
    assert kept.result is not None
    assert kept.result.found == FOUND
    (value,) = console.desk.store.findings.measurements(kept.result.id)
    assert (value.item, value.value, value.limit_value, value.exceeded) == ("化学需氧量", "198", "80", True)
    assert [one.name for one in console.desk.store.case_files.of_case(case.id)] == ["现场.jpg"]


def test_what_was_typed_is_given_back_where_it_lacks_something(console: Console) -> None:
    address = address_of(console, outside_case(console))
    with console.visitor() as client:
        form = {
            "finding": "属实",
            "visited_at": "2026-03-05T09:00",
            "found": "有",
            "measure": "责令改正并清理",
        }
        answer = client.post(f"{address}/report", data=form)
    assert answer.status_code == 422
    assert "查明情况" in answer.text
    assert "责令改正并清理" in answer.text


def test_a_link_that_opens_nothing_takes_no_file(console: Console) -> None:
    with console.visitor() as client:
        answer = client.post(f"/l/{'A' * 22}/report", files={"file0": ("a.jpg", jpeg(), "image/jpeg")})
    assert answer.status_code == 404
    assert "链接不存在" in answer.text


def test_a_stranger_cannot_pour_files_or_endless_words_into_a_link(console: Console) -> None:
    address = address_of(console, outside_case(console))
    form = {"content-type": "application/x-www-form-urlencoded"}
    with console.visitor() as client:
        files = {"file0": ("a.jpg", jpeg(), "image/jpeg")}
        assert (
            client.post(f"{address}/send-back", data={"reason": "不属本镇"}, files=files).status_code == 400
        )
        told = client.post(f"{address}/send-back", content=iter([b"reason=x"]), headers=form)
        assert told.status_code == 411
        assert client.post(f"{address}/opinion", data={"opinion": "字" * 200_000}).status_code == 413
        for act in ("send-back", "opinion", "report"):
            assert client.post(f"/l/{'A' * 22}/{act}", data={"reason": "字" * 200_000}).status_code == 404
        assert client.get(address).status_code == 200


def test_a_link_goes_nowhere_and_is_not_kept_by_the_browser(console: Console) -> None:
    with console.visitor() as client:
        answer = client.get(address_of(console, outside_case(console)))
    assert answer.status_code == 200
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


def test_guessing_links_is_slow_and_a_good_one_does_not_count(console: Console) -> None:
    good = address_of(console, outside_case(console))
    with console.visitor() as client:
        for _ in range(8):
            assert client.get(good).status_code == 200
        tries = [client.get(f"/l/{'A' * 21}{letter}").status_code for letter in "BCDEFGH"]
        assert tries == [404] * 5 + [429] * 2


def test_the_office_makes_a_link_on_the_case_page_and_closes_it(
    console: Console, open_page: OpenPage
) -> None:
    case = outside_case(console)
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{case.id}")
    page.get_by_role("button", name="生成一次性链接").click()  # open, since nothing has arrived
    address = page.get_by_label("链接").input_value()
    path = re.search(r"/l/[A-Za-z0-9_-]{22}$", address)
    assert path
    with console.visitor() as client:
        assert client.get(path.group()).status_code == 200
        page.goto(f"{console.url}/cases/{case.id}")
        page.get_by_role("button", name="收回链接").click()
        page.locator("#hand-overs").wait_for()
        assert client.get(path.group()).status_code == 404


def test_the_reporter_is_shown_after_a_reason_and_who_looked_stands_on_the_case(
    console: Console, open_page: OpenPage
) -> None:
    case_id = console.made.mine
    console.desk.store.people.save_reporter(REPORTER, now=NOW, case_id=case_id)
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{case_id}")
    page.get_by_role("link", name="举报人信息").click()
    assert page.get_by_text("钱守田").count() == 0
    page.get_by_label("为什么要看").fill("电话核实具体地点")
    page.get_by_role("button", name="查看", exact=True).click()
    page.get_by_text("钱守田").wait_for()
    page.get_by_text("13900001111").wait_for()
    page.goto(f"{console.url}/cases/{case_id}")
    console.desk.store.people.read_reporter(case_id, actor=SYSTEM, reason="发布前核查", now=NOW)
    page.reload()
    page.get_by_text("举报人信息被查看 1 次").click()
    page.get_by_text("电话核实具体地点").wait_for()
    page.get_by_role("link", name="举报人信息").click()
    page.get_by_text("比对过 1 次").wait_for()
    looks = identities.looks(console.desk, case_id)
    assert [one.actor for one in looks.people] == [NAMES["press"]]


def test_a_handler_reads_the_reporter_only_with_leave_and_only_while_it_lasts(console: Console) -> None:
    case = console.desk.store.cases.get(console.made.mine)
    console.desk.store.people.save_reporter(REPORTER, now=NOW, case_id=case.id)
    reason = {"reason": "上门核实点位"}
    with console.sign_in("handler") as handler, console.sign_in("press") as press:
        assert handler.post(f"/cases/{case.id}/reporter", data=reason).status_code == 403
        leave = {"unit": case.unit, "days": "2", "reason": "须当面核实排口位置"}
        assert press.post(f"/cases/{case.id}/grants", data=leave).status_code == 303
        assert "钱守田" in handler.post(f"/cases/{case.id}/reporter", data=reason).text
        assert "钱守田" not in handler.get(f"/cases/{case.id}").text
        (given,) = console.desk.store.grants.of_case(case.id)
        assert press.post(f"/cases/{case.id}/grants/{given.id}/revoke").status_code == 303
        assert handler.post(f"/cases/{case.id}/reporter", data=reason).status_code == 403
    assert [one.actor for one in console.desk.store.people.identity_reads(case.id)] == [NAMES["handler"]]


def test_a_print_carries_who_when_and_a_code_on_every_page(
    console: Console, open_page: OpenPage, tmp_path: Path
) -> None:
    case = console.desk.store.cases.get(console.made.mine)
    console.desk.store.people.save_reporter(REPORTER, now=NOW, case_id=case.id)
    page = open_page()
    has_session(page, console, "handler")
    page.goto(f"{console.url}/cases/{case.id}")
    page.get_by_text("打印", exact=True).click()
    with page.expect_popup() as opening:
        page.get_by_role("button", name="打印（隐去个人信息）").click()
    printed = opening.value
    printed.locator("h1").wait_for()
    (kept,) = console.desk.store.prints.of_case(case.id)
    assert (kept.form, kept.actor) == ("redacted", NAMES["handler"])
    printed.evaluate(LONGER)
    printed.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "print.pdf") as paper:
        pages = [one.get_textpage().get_text_bounded() for one in paper]
    assert len(pages) > 1
    assert all(kept.mark in text for text in pages)
    assert "钱守田" not in "".join(pages)
    assert console.desk.store.people.identity_reads(case.id) == []


def test_a_full_print_is_a_look_at_the_reporter_too(console: Console) -> None:
    case_id = console.made.mine
    console.desk.store.people.save_reporter(REPORTER, now=NOW, case_id=case_id)
    with console.sign_in("press") as press, console.sign_in("leader") as leader:
        form = {"form": "full", "reason": "移交纪检部门"}
        told = press.post(f"/cases/{case_id}/print", data=form).text
        (kept,) = console.desk.store.prints.of_case(case_id)
        assert "钱守田" in told
        assert kept.mark in told
        found = leader.get("/prints", params={"mark": kept.mark.lower()}).text
        assert "移交纪检部门" in found
    assert [one.reason for one in console.desk.store.people.identity_reads(case_id)] == ["打印：移交纪检部门"]


def test_the_roster_says_who_has_duty_and_who_stands_in(console: Console, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    has_session(page, console, "press")
    page.goto(f"{console.url}/roster?unit=zhifa")
    page.get_by_text("现在没有人当班").wait_for()
    page.locator("#f-name").select_option(NAMES["leader"])
    page.locator("#f-shift-from").fill("2026-03-05T08:00")
    page.locator("#f-shift-to").fill("2026-03-06T08:00")
    page.get_by_role("button", name="排上").click()
    page.get_by_text("现在当班：高志远").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(NAMELESS) == []
    with console.sign_in("leader") as leader:
        away = {"name": NAMES["leader"], "deputy": NAMES["press"]}
        away |= {"from_at": "2026-03-05T08:00", "to_at": "2026-03-07T08:00"}
        assert leader.post("/absences", data=away).status_code == 303
    page.goto(f"{console.url}/roster?unit=zhifa")
    page.get_by_text("现在当班：宣晓敏").wait_for()


def test_a_hand_over_that_reached_nobody_stands_on_the_first_page(console: Console) -> None:
    with console.sign_in("press") as press:
        assert "转办未送达" in press.get("/").text
        listed = press.get("/hand-overs").text
    assert "没有送到" in listed
