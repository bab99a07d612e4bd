"""Today's page: what waits for this very person, and everything inside its column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from made_console import Console
from test_browser import come_in
from test_reviews import approve
from test_reviews import weibo

OpenPage = Callable[..., Any]
#: Cells that reach over the edge of their card.
OUTSIDE = """() => [...document.querySelectorAll(".card td, .card th")].filter(cell =>
    cell.getBoundingClientRect().right > cell.closest(".card").getBoundingClientRect().right + 1
).map(cell => cell.textContent.trim())"""


def test_only_what_a_person_may_vote_on_is_theirs_and_the_rest_is_folded(
    console: Console, open_page: OpenPage
) -> None:
    one = weibo(console)
    with console.sign_in("press") as press:
        approve(press, one)
    page = open_page(java_script_enabled=False)
    come_in(page, console, "leader")
    mine = page.locator("section", has=page.get_by_role("heading", name="等您审核"))
    row = mine.locator(f'a[href="/outbox/{one.id}"]')
    assert row.is_visible()
    assert "等您终审" in row.inner_text()
    folded = mine.locator("details")
    other = folded.locator(f'a[href="/outbox/{console.made.other_draft}"]')
    assert not other.is_visible()  # its first step is not a leader's
    folded.locator("summary").click()
    assert "没有“初审”的权限" in other.inner_text()
    come_in(page, console, "press")
    assert page.locator(f'details a[href="/outbox/{one.id}"]').count() == 1
    assert "您已审过" in page.locator(f'details a[href="/outbox/{one.id}"]').text_content()


@pytest.mark.parametrize("width", [390, 768, 1024, 1280, 1440])
def test_no_table_leaves_its_card(reading_console: Console, open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    come_in(page, reading_console, "press")
    assert page.locator("td").count() > 0
    assert page.evaluate(OUTSIDE) == []


def test_the_way_back_after_the_kill_switch_never_leads_off_the_console(console: Console) -> None:
    with console.sign_in("leader") as leader:
        for back in ("//evil.example.org", "https://evil.example.org/", "javascript:alert(1)", "/\\evil"):
            answer = leader.post("/kill-switch", data={"on": "1", "back": back})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
        answer = leader.post("/kill-switch", data={"on": "0", "back": "/outbox/1"})
        assert answer.headers["location"] == "/outbox/1"
