"""Search: from any page, words of two characters, hits marked, and nothing that is not this person's to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from made_console import Console
from test_browser import come_in

OpenPage = Callable[..., Any]


def test_a_word_is_searched_from_any_page_with_the_keyboard(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    come_in(page, reading_console, "press")
    page.keyboard.press("/")
    page.keyboard.type("油烟")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="帖文", exact=True).wait_for()
    page.get_by_role("heading", name="案件", exact=True).wait_for()
    hits = page.locator(".excerpt mark").all_text_contents()
    assert hits
    assert set(hits) == {"油烟"}


def test_a_number_leads_to_its_case(reading_console: Console) -> None:
    case = reading_console.desk.store.cases.get(reading_console.made.mine)
    with reading_console.sign_in("handler") as client:
        assert f'href="/cases/{case.id}"' in client.get("/search", params={"q": case.number[-6:]}).text


def test_place_and_days_narrow_it(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        everything = client.get("/search", params={"q": "油烟"}).text.count("list-group-item-action")
        lately = client.get("/search", params={"q": "油烟", "first": "2026-03-03"}).text
        never = client.get("/search", params={"q": "油烟", "last": "2020-01-01"}).text
        broken = client.get("/search", params={"q": "油烟", "first": "昨天"})
    assert 0 < lately.count("list-group-item-action") < everything
    assert "没有找到" in never
    assert (broken.status_code, "日期应写成" in broken.text) == (422, True)


def test_who_reads_masked_texts_searches_no_reports(reading_console: Console) -> None:
    case = reading_console.desk.store.cases.get(reading_console.made.theirs)
    for role in ("handler", "assessor"):
        with reading_console.sign_in(role) as client:
            said = client.get("/search", params={"q": case.first_text[2:10]}).text
        assert "没有找到" in said
    with reading_console.sign_in("handler") as client:
        assert "没有找到" in client.get("/search", params={"q": case.number}).text
