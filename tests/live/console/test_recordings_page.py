"""A recording of a case: played on its page, written down there, found by its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import made_papers
import pytest
from made_console import Console
from test_browser import has_session

OpenPage = Callable[..., Any]
SAID = "来电人：酒厂东墙半夜排白汽，呛嗓子。"


def test_a_call_is_played_from_any_moment(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, reading_console, "handler")
    page.goto(f"{reading_console.url}/cases/{reading_console.made.mine}#recordings")
    player = page.get_by_label("播放 3月5日来电")
    length = player.evaluate(
        "one => new Promise(done => { one.onloadedmetadata = () => done(one.duration); one.load(); one.preload = 'auto'; })"
    )
    assert length == pytest.approx(2, abs=0.1)
    at = player.evaluate(
        "one => new Promise(done => { one.onseeked = () => done(one.currentTime); one.currentTime = 1.5; })"
    )
    assert at == pytest.approx(1.5, abs=0.1)


def test_a_part_of_a_recording_is_sent_alone(reading_console: Console) -> None:
    path = f"/cases/{reading_console.made.mine}/files/{reading_console.made.recording}"
    body = made_papers.sound(2)
    with reading_console.sign_in("handler") as client:
        part = client.get(path, headers={"Range": "bytes=44-143"})
        assert (part.status_code, part.content) == (206, body[44:144])
        assert "sandbox" in part.headers["content-security-policy"]
        assert client.get(path).content == body
    with reading_console.sign_in("assessor") as client:
        assert client.get(path, headers={"Range": "bytes=0-1"}).status_code == 403


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_handler_writes_down_what_is_said_and_the_office_finds_it(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    handler = open_page(java_script_enabled=scripts)
    has_session(handler, console, "handler")
    handler.goto(f"{console.url}/cases/{console.made.mine}")
    handler.get_by_label("录音里说了什么").fill(SAID)
    handler.get_by_role("button", name="存录音文字").click()
    handler.locator("#recordings blockquote", has_text=SAID).wait_for()
    handler.get_by_text("程立群 写下").wait_for()
    press = open_page()
    has_session(press, console, "press")
    press.goto(f"{console.url}/search?q=东墙半夜")
    number = console.desk.store.cases.get(console.made.mine).number
    press.get_by_text(number).first.wait_for()
