"""The screen on the wall: counts without names, by a log-in or by a key that opens nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from made_console import Console
from test_browser import has_session

OpenPage = Callable[..., Any]


def test_it_fits_a_wall_without_scrolling_and_refreshes_itself(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page(1920, 1080, java_script_enabled=False)
    has_session(page, reading_console, "leader")
    page.goto(f"{reading_console.url}/screen")
    assert page.locator('meta[http-equiv="refresh"]').get_attribute("content") == "60"
    assert page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]") == [
        1080,
        1920,
    ]
    cut = "every => every.filter(one => one.scrollHeight > one.clientHeight + 1).map(one => one.className)"
    assert page.locator("section").evaluate_all(cut) == []


def test_it_says_nobodys_name_and_no_text(reading_console: Console) -> None:
    with reading_console.sign_in("assessor") as assessor:
        told = assessor.get("/screen").text
    firms = [row.name for row in reading_console.desk.bureau.enterprises]
    texts = [case.first_text[:20] for case in reading_console.desk.store.cases.listing(limit=50)]
    people = [user.full_name for user in reading_console.desk.store.people.users()]
    assert texts
    assert people
    assert [one for one in (*firms, *texts, *people) if one in told] == []


def test_a_key_opens_the_screen_alone_until_it_is_ended(console: Console) -> None:
    with console.sign_in("admin") as admin, console.visitor() as wall:
        address = re.search(r"/screen/by-key/[\w-]+", admin.post("/screen/key", data={"sure": "1"}).text)[0]
        assert "环境舆情" in wall.get(address).text
        assert wall.get("/screen").status_code == 303
        assert wall.get("/cases").status_code == 303
        assert address.rpartition("/")[2] not in admin.get("/screen/key").text
        again = re.search(r"/screen/by-key/[\w-]+", admin.post("/screen/key", data={"sure": "1"}).text)[0]
        assert wall.get(address).status_code == 404
        assert wall.get(again).status_code == 200
        admin.post("/screen/key/end")
        assert wall.get(again).status_code == 404
        assert wall.get("/screen/by-key/x").status_code == 404
