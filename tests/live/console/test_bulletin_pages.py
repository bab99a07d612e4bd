"""The pages of the bulletins: archive, paper, sources of each figure, check, comparison, statistics, open data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from typing import Any

import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from test_browser import has_session

from console.sessions import COOKIE
from console.sessions import digest
from flow import circulation
from huanyu.clock import SHANGHAI

OpenPage = Callable[..., Any]
PAGES = (
    "/bulletins",
    "/bulletins?text=油烟&series=daily&year=2026",
    "/bulletins?text=%25&year=abc",
    "/bulletins/1",
    "/bulletins/1/verify",
    "/bulletins/1/sources?figure=complaints_weibo",
    "/bulletins/1/sources?figure=cases_opened",
    "/bulletins/compare?left=1&right=2",
    "/bulletins/statistics",
    "/bulletins/statistics?year=2025",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_a_phone_and_a_desk(reading_console: Console, open_page: OpenPage, path: str) -> None:
    for width in (390, 1440):
        page = open_page(width=width)
        has_session(page, reading_console, "press")
        assert page.goto(f"{reading_console.url}{path}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_press_officer_signs_corrects_checks_and_withdraws(console: Console, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/bulletins/1")
    page.get_by_role("button", name="签发并印发").click()
    page.get_by_text("已签发").wait_for()
    page.get_by_text("更正一个数字").click()
    page.get_by_label("哪个数字").select_option("cases_opened")
    page.get_by_label("正确的数字").fill("99")
    page.get_by_label("更正原因").fill("前一晚有几件没有录入")
    page.get_by_role("button", name="签发更正").click()
    page.get_by_text("期更正 1").wait_for()
    page.get_by_role("link", name="核对数字").click()
    page.get_by_text("核对通过").wait_for()
    page.go_back()
    page.get_by_text("撤回本期").click()
    page.get_by_label("撤回原因").fill("误把外地的一件编了进来")
    page.get_by_role("button", name="撤回", exact=True).click()
    page.get_by_text("本期已撤回").wait_for()
    standing = console.desk.store.archive.standing(1)
    assert (standing.signed.actor, standing.withdrawn.actor) == (NAMES["press"], NAMES["press"])
    assert [one.correct for one in standing.corrections] == [99]


def test_a_figure_leads_to_its_cases_and_a_sentence_to_its_figures(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/bulletins/1")
    page.locator("details.cited > summary").first.click()
    page.locator("details.cited").first.get_by_role("link", name="新立投诉").first.click()
    made = reading_console.desk.store.bulletins.get(1).bulletin
    opened = next(one for one in made.figures if one.key == "cases_opened")
    page.get_by_role("heading", name="新立投诉").wait_for()
    assert page.locator("a.list-group-item").count() == opened.value > 0


def test_who_opened_it_and_when_is_written_down_once(console: Console) -> None:
    with console.sign_in("leader") as client:
        for path in ("/bulletins/2/paper.pdf", "/bulletins/2", "/bulletins/2/paper.html"):
            assert client.get(path).status_code == 200
    opened = console.desk.store.archive.standing(2).opened
    assert [(one.reader, one.at) for one in opened] == [(NAMES["leader"], console.clock())]


def test_a_delivery_that_failed_stands_on_the_archive_and_on_today(console: Console) -> None:
    desk, now = console.desk, console.clock()
    press = made_desk.user(desk, NAMES["press"])
    circulation.sign(desk, press, 1, now)
    message = next(one for one in desk.store.outbox.listing(purpose="bulletin") if one.channel == "mail")
    taken = desk.store.outbox.claim(message, now=now)
    later = now + timedelta(minutes=5)
    desk.store.outbox.settle(
        taken,
        message.state,
        receipt=None,
        note="邮件服务器中断，尚未发出",
        due_at=later,
        case_to=None,
        now=now,
    )
    with console.sign_in("press") as client:
        assert "简报未送到" in client.get("/").text
        for path in ("/bulletins", "/bulletins/1"):
            told = client.get(path).text
            assert "邮件服务器中断，尚未发出" in told
            assert "等待再试" in told


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/bulletins/99", 404, "没有这一期简报"),
        ("/bulletins/99/verify", 404, "没有这一期简报"),
        ("/bulletins/1/sources?figure=nothing", 404, "没有刊载这个数字"),
        ("/bulletins/1/sources", 422, "格式不对"),
        ("/bulletins/compare?left=1&right=99", 404, "没有这一期简报"),
        ("/bulletins/statistics?year=1", 422, "没有 1 年的统计"),
        ("/bulletins/open-data/2026-03.csv", 422, "还没有结束"),
        ("/bulletins/open-data/2026-13.csv", 422, "月份应写成"),
        ("/bulletins/open-data/sometime.json", 422, "月份应写成"),
    ],
)
def test_what_is_not_there_is_told(reading_console: Console, path: str, status: int, told: str) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.get(path)
    assert (answer.status_code, told in answer.text) == (status, True)


def test_the_open_data_of_a_month_is_one_table_in_two_forms(console: Console) -> None:
    console.clock.at = datetime(2026, 4, 2, 9, 0, tzinfo=SHANGHAI)
    token = made_desk.session_of(NAMES["press"])
    until = console.clock.at + timedelta(hours=1)
    person = made_desk.user(console.desk, NAMES["press"])
    console.desk.store.people.start_session(person.id, digest(f"{token}-april"), until, now=console.clock())
    with console.visitor() as client:
        client.cookies.set(COOKIE, f"{token}-april")
        table = client.get("/bulletins/open-data/2026-03.csv")
        tree = client.get("/bulletins/open-data/2026-03.json").json()
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    counts = [one for group in tree["groups"] for one in group["counts"]]
    assert len(rows) == len(counts) > 10
    published = [one["value"] for one in counts if one["value"] is not None]
    assert not {1, 2} & set(published)
    assert any(one["value"] is None for one in counts)
    texts = [post.text[:12] for post, _ in console.desk.store.posts.iterate()]
    told = table.text + json.dumps(tree, ensure_ascii=False)
    assert not [text for text in texts if text in told], "no words of anybody"
