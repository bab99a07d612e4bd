"""What comes by itself: figures that change on an open page, and who else is at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from time import monotonic
from time import sleep
from typing import Any

import httpx
import made_desk
import pytest
from made_console import Console
from made_console import running
from made_desk import MadeDesk
from test_browser import come_in
from test_browser import has_session

from console.live import MOST_OF_ONE
from console.live import RETRY
from console.live import Listener
from console.live import Live
from flow import inbox
from flow import presence

OpenPage = Callable[..., Any]
PATIENCE = 120.0  # seconds
STREAM = {"Accept": "text/event-stream"}
#: Asks the page for a sign of life at once, as coming back to its window does.
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and data of each event of a stream."""
    name = ""
    for line in lines:
        kind, _, value = line.partition(": ")
        if kind == "event":
            name = value
        elif kind == "data":
            yield name, json.loads(value)


def beat(client: httpx.Client, page: str, **more: str) -> httpx.Response:
    return client.post("/presence", data={"page": page, "opened": made_desk.NOW.isoformat(), **more})


def names(console: Console, page: str) -> list[str]:
    return [one.name for one in console.desk.store.presence.beside(page, 0, made_desk.NOW - presence.KEPT)]


def wait_until_noted(console: Console, page: str, *told: str) -> None:
    """What the process has heard is written a moment later."""
    over = monotonic() + PATIENCE
    while sorted(names(console, page)) != sorted(told):
        assert monotonic() < over, names(console, page)
        sleep(0.05)


def test_an_open_page_is_told_when_a_figure_changes_and_its_session_is_not_prolonged(
    console: Console,
) -> None:
    first = console.made.unsure[0]
    with console.sign_in("reviewer") as page, console.sign_in("press") as press:
        with page.stream("GET", "/live?today=1", headers=STREAM) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            told = events(stream.iter_lines())
            _, before = next(told)
            assert before["inbox"] == page.get("/inbox/counts").json()["inbox"]
            assert f"<strong>{before['today']['/posts?view=unsure']}</strong>" in page.get("/").text
            assert press.post(f"/inbox/unsure/{first}", data={"act": "no"}).status_code == 303
            name, after = next(told)
            assert (name, int(after["inbox"])) == ("counts", int(before["inbox"]) - 1)
            idle = timedelta(minutes=console.desk.config.settings.idle_minutes)
            console.clock.at += idle + timedelta(seconds=1)
            assert [name for name, _ in told] == ["over"]
        assert page.get("/").status_code == 303


def test_when_the_desk_stops_the_streams_end(template: tuple[Path, MadeDesk], tmp_path: Path) -> None:
    folder, made = template
    with ExitStack() as after:
        with running(Path(copytree(folder, tmp_path / "desk")), made) as console:
            page = after.enter_context(console.sign_in("press"))
            told = events(after.enter_context(page.stream("GET", "/live", headers=STREAM)).iter_lines())
            assert next(told)[0] == "counts"
        assert list(told) == []  # not "over": the browser comes back


def test_a_stream_that_begins_as_the_database_goes_away_says_only_when_to_come_back(console: Console) -> None:
    desk = console.desk
    user, folder = desk.store.people.users()[0], desk.config.data_dir
    live, listener = Live(desk, lambda: made_desk.NOW), Listener("", user.id, today=True)

    async def told() -> list[str]:
        return [one async for one in live.stream(listener, user)]

    away = folder.rename(folder.with_name("away"))
    desk.store._database.engine.dispose()
    try:
        with ThreadPoolExecutor(
            1
        ) as apart:  # the browser of other tests has a loop of its own in this thread
            assert apart.submit(asyncio.run, told()).result() == [f"retry: {RETRY}\n\n"]
    finally:
        away.rename(folder)


def test_one_person_takes_only_so_many_streams_and_gives_them_back(console: Console) -> None:
    with console.sign_in("press") as press:
        with ExitStack() as open_pages:
            told = []
            for _ in range(MOST_OF_ONE):
                stream = open_pages.enter_context(press.stream("GET", "/live", headers=STREAM))
                told.append(events(stream.iter_lines()))  # let go of, it would close the stream
                assert next(told[-1])[0] == "counts"
            with press.stream("GET", "/live", headers=STREAM) as refused:
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
            assert press.get("/cases").status_code == 200
        # The server learns of a closed connection between two requests.
        assert any(status(press) == 200 for _ in range(40))


def status(client: httpx.Client) -> int:
    with client.stream("GET", "/live", headers=STREAM) as stream:
        return stream.status_code


def test_signs_of_life_do_not_prolong_a_session(console: Console) -> None:
    half = timedelta(minutes=console.desk.config.settings.idle_minutes) * 0.6
    page = presence.of_case(console.made.mine)
    with console.sign_in("press") as press:
        assert press.get("/cases").status_code == 200
        console.clock.at += half
        assert beat(press, page).status_code == 200
        console.clock.at += half
        assert beat(press, page).status_code == 303


def test_only_who_may_see_a_page_learns_who_is_there(console: Console) -> None:
    made, case = console.made, presence.of_case(console.made.theirs)
    message = presence.of_message(console.desk.store.outbox.listing(case_id=made.theirs)[0].id)
    with console.sign_in("press") as press, console.sign_in("handler") as handler:
        for page in (case, message, "bulletin-daily/2026-03-05"):
            assert beat(press, page, editing="1").json() == {"others": []}
            refused = beat(handler, page)
            assert refused.status_code == 403
            assert "宣晓敏" not in refused.text
        own = presence.of_case(made.mine)
        beat(press, own, editing="1")
        assert beat(handler, own).json() == {"others": [["宣晓敏 正在编辑", True]]}
        assert "宣晓敏 正在编辑" in handler.get(f"/cases/{made.mine}").text
        for page in (
            "case-0",
            "case-999999999",
            "bulletin-nosuch/2026-03-05",
            "post-1",
            "bulletin-daily/\x01",
        ):
            assert beat(press, page).status_code == 404
        assert press.post("/presence", data={"page": own, "opened": "gestern"}).status_code == 422


@pytest.mark.parametrize("kind", ["case", "message", "bulletin"])
def test_without_scripts_the_page_itself_says_who_opened_it(console: Console, kind: str) -> None:
    series = "daily"
    where = {
        "case": f"/cases/{console.made.mine}",
        "message": f"/outbox/{console.made.other_draft}",
        "bulletin": f"/bulletins/draft?series={series}&day=2026-03-05",
    }[kind]
    with console.sign_in("leader") as leader, console.sign_in("press") as press:
        assert leader.get(where).status_code == 200
        assert "高志远 也打开着这一页" in press.get(where).text
        console.clock.at += timedelta(minutes=2)
        assert "高志远 2 分钟前打开" in press.get(where).text


def test_two_people_at_one_case_learn_of_each_other(console: Console, open_page: OpenPage) -> None:
    key = presence.of_case(console.made.mine)
    press, handler = open_page(), open_page()
    come_in(press, console, "press")
    has_session(handler, console, "handler")
    handler.goto(f"{console.url}/cases/{console.made.mine}")
    press.goto(f"{console.url}/cases/{console.made.mine}")
    press.locator(".presence").get_by_text("程立群 也打开着这一页").wait_for()
    with handler.expect_response(lambda answer: answer.url.endswith("/presence")):
        handler.locator("#main textarea:visible").first.fill("现场查看，")
    press.evaluate(LOOK_AGAIN)
    press.locator(".presence .writes").get_by_text("程立群 正在编辑").wait_for()
    wait_until_noted(console, key, "宣晓敏", "程立群")
    handler.goto(f"{console.url}/cases")
    while True:  # the word of the closed page and this question go different ways
        with press.expect_response(lambda answer: answer.url.endswith("/presence")) as asked:
            press.evaluate(LOOK_AGAIN)
        if asked.value.json() == {"others": []}:
            break
    press.locator(".presence:empty").wait_for(state="attached")
    wait_until_noted(console, key, "宣晓敏")


def test_an_open_page_notes_what_is_new_and_moves_nothing(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, console, "press")
    badge, waits = (
        page.locator("#inbox-count"),
        len(inbox.queue(console.desk, made_desk.user(console.desk, made_desk.PEOPLE["press"][0]))),
    )
    badge.filter(has_text=str(waits)).wait_for()
    top = "document.querySelector('.cards').nextElementSibling.getBoundingClientRect().top"
    before = page.evaluate(top)
    with console.sign_in("press") as other:
        other.post(f"/inbox/unsure/{console.made.unsure[0]}", data={"act": "no"})
        badge.filter(has_text=str(waits - 1)).wait_for()
        assert page.locator("#live-news").inner_text() == ""  # less is no news
        other.post(f"/inbox/unsure/{console.made.unsure[0]}", data={"act": "undo"})
    page.get_by_role("status").get_by_text("有新的事项，刷新可见").wait_for()
    assert badge.inner_text() == str(waits)
    assert page.evaluate(top) == before
