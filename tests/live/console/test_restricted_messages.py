"""Whoever may not see a case finds its messages on no page: every list of the console is read with everybody's eyes."""

from __future__ import annotations

import re

import made_afterwards
import pytest
from made_console import Console
from matrix import merged
from sqlalchemy import text

from huanyu.types import MessageState

VIEWS = ("mine", "draft", "returned", "due", "doubt", "out", "all")
#: Every page that needs no number in its address, and the parts of the outbox.
LISTS = sorted(
    {entry.ask for (method, route), entry in merged().items() if method == "GET" and "{" not in route}
    | {
        f"/outbox?view={view}&purpose={purpose}"
        for view in VIEWS
        for purpose in ("reply", "notice", "internal", "")
    }
)


@pytest.mark.parametrize("role", ["press", "reviewer", "admin", "handler"])
def test_no_list_leads_to_a_message_of_a_case_that_is_for_few(console: Console, role: str) -> None:
    desk = console.desk
    made_afterwards.fill(desk, console.made.rehearsed)
    with desk.store._database.write() as tx:
        tx.execute(text("UPDATE cases SET restricted = 1"))
        tx.execute(text("UPDATE cases SET unit = 'elsewhere'"))
    messages = [one for one in desk.store.outbox.listing(limit=5000) if one.case_id is not None]
    titles = {one.title for one in messages if one.title and one.purpose == "reply"}
    assert {one.state for one in messages} >= {MessageState.DRAFT, MessageState.SENT, MessageState.UNKNOWN}
    with console.sign_in(role) as client:
        pages = {path: client.get(path).text for path in LISTS}
        opened = {client.get(f"/outbox/{one.id}").status_code for one in messages}
    known = {one.id for one in messages}
    leading = {
        path: known & {int(one) for one in re.findall(r"/outbox/(\d+)", page)} for path, page in pages.items()
    }
    assert {path for path, ids in leading.items() if ids} == set()
    assert {path for path, page in pages.items() if any(title in page for title in titles)} == set()
    assert opened == {403}


def test_the_leaders_see_them_all(console: Console) -> None:
    desk = console.desk
    with desk.store._database.write() as tx:
        tx.execute(text("UPDATE cases SET restricted = 1"))
    with console.sign_in("leader") as client:
        told = client.get("/outbox?view=all&purpose=").text
        assert client.get(f"/outbox/{console.made.draft}").status_code == 200
    assert f"/outbox/{console.made.draft}" in told
