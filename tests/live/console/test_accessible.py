"""Every page of the matrix, looked at in Chromium: labels, headings, focus, targets, contrast in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from matrix import pages

from console.sessions import COOKIE
from tests.live.lacking import LACKS
from tests.live.lacking import lacking

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

OpenPage = Callable[..., Any]
Look = Callable[[str, str], list[str]]
#: Who looks at a page: the first of these who may.
LOOKERS = ("press", "admin", "reviewer", "leader", "handler", "assessor")
#: Page -> who looks at which of its addresses; `more` are faces of a page that the matrix does not ask for.
ADDRESSES = {
    name: [
        (next(role for role in LOOKERS if role in entry.allowed), entry.ask)
        for (method, _), entry in lines.items()
        if method == "GET"
    ]
    for name, lines in pages().items()
} | {
    "more": [
        *(("press", path) for path in (
            "/inbox?only=unsure", "/search?q=气味", "/cases?view=all", "/cases/{undispatched}",
            "/outbox?view=all&purpose=", "/outbox/{unknown}", "/sources/old-forum", "/posts/{pictured}",
            "/posts/{pictured}/raw", "/topics?period=month", "/cases/{mine}/papers/new?kind=transfer_slip",
        )),
        *(("handler", path) for path in ("/", "/cases", "/cases/{mine}", "/cases/{theirs}")),
        *(("reviewer", path) for path in ("/outbox/{draft}", "/outbox/{rehearsed}", "/cases/{replying}")),
        ("admin", "/nowhere"),
    ],
}  # fmt: skip
#: Width, height and colours in which each page is looked at, without being loaded again.
VIEWS = ((1440, 900, "light"), (390, 844, "dark"))


def shown(page: Any, address: str) -> bool:
    """Go there; a file, or figures for a program, is no page."""
    try:
        return page.goto(address).headers["content-type"].startswith("text/html")
    except playwright.Error as no_page:
        if "Download is starting" in str(no_page) or "ERR_ABORTED" in str(no_page):
            return False
        raise


@pytest.fixture(scope="module")
def look(browser: Any, reading_console: Console) -> Iterator[Look]:
    """Go to an address as somebody who is logged in, and be told what the page there lacks."""
    contexts, notes = {role: browser.new_context() for role in LOOKERS}, []
    for role, context in contexts.items():
        token = made_desk.session_of(NAMES[role])
        context.add_cookies([{"name": COOKIE, "value": token, "url": reading_console.url}])
        page = context.new_page()
        page.on("console", lambda message: notes.append(message.text))
        page.on("pageerror", lambda problem: notes.append(f"script error: {problem}"))

    def looked(role: str, path: str) -> list[str]:
        notes.clear()
        page = contexts[role].pages[0]
        address = reading_console.url + path.format_map(vars(reading_console.made))
        if not shown(page, address):
            return []  # what Chromium says of its own viewer of pictures is not ours
        return lacking(page, VIEWS) + [
            one for one in notes if "Security Policy" in one or "script error" in one
        ]

    yield looked
    for context in contexts.values():
        context.close()


#: A page with one fault of each kind, and what is to be told of each.
FAULTY = """<html lang="en"><title></title><main><h2>题</h2><h4>小</h4><img src="x"><iframe></iframe><svg></svg>
<input placeholder="无名"><label for="nothing">空</label><p id="a"></p><p id="a"></p><table><tr><td>1</td></tr></table>
<ul><div>二</div></ul><div style="display:flex; flex-direction:row-reverse; justify-content:start"><a href="#1">先
</a><a href="#2">后</a></div><div style="display:flex; flex-direction:column-reverse"><a href="#3">上</a><a href="#4"
tabindex="2">下</a></div><button style="outline:none; padding:0; border:0">不显</button><a href="#5"
style="display:inline-block; font-size:8px">小</a></main>"""
TOLD = """no language | no title | 0 h1 | id twice | label of nothing | heading jumps | picture without alt
| frame without title | drawing neither | no name | table without heads | table without title | list of other things
| order of its own | focus goes up | focus goes back | focus not shown | target"""


def test_each_fault_is_told(open_page: OpenPage) -> None:
    page = open_page()
    page.set_content(FAULTY)
    page.keyboard.press("Shift")
    told = page.evaluate(LACKS, True)
    assert [one for one in TOLD.split("|") if not any(line.startswith(one.strip()) for line in told)] == []


@pytest.mark.parametrize("name", [name for name, addresses in ADDRESSES.items() if addresses])
def test_a_page_lacks_nothing_for_keyboard_ear_and_eye(look: Look, name: str) -> None:
    wrong = [(role, path, one) for role, path in ADDRESSES[name] for one in look(role, path)]
    assert not wrong


def test_the_page_of_the_log_in_lacks_nothing_either(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{reading_console.url}/login")
    assert not lacking(page, VIEWS)
