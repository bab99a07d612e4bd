"""A forum: the program brings the text as far as a person, who posts it and tells where (ADR 0014)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import cycle
from flow import outgoing
from flow import switches
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import Platforms
from tests.flow.office import configure
from tests.flow.office import opened
from tests.flow.office import staffed

BASE = "https://bbs.example.org"
FORUM = f"""
[[account]]
key = "forum"
channel = "discuz"
name = "本地论坛"
base_url = "{BASE}"
verified = true
"""
FLOOR = f"{BASE}/forum.php?mod=redirect&goto=findpost&ptid=7&pid=99"
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with ExitStack() as running:
        platforms = Platforms(
            running.enter_context(WeiboPlatform()),
            running.enter_context(TelegramPlatform()),
            running.enter_context(SmtpPlatform()),
        )
        settings = configure(tmp_path, store_url, platforms)
        with (tmp_path / "config" / "accounts.toml").open("a", encoding="utf-8") as accounts:
            accounts.write(FORUM)
        desk = opened(settings)
        running.callback(desk.close)
        made = staffed(desk, platforms)
        made.fill(TEXTS[:1])
        yield made


@pytest.fixture
def approved(office: Office) -> Message:
    """The floor of one thread, through its reviews."""
    case, messages = office.replying()
    draft = Draft(
        channel="discuz",
        account="forum",
        purpose="reply",
        title="办理结果",
        text=messages["site"].text,
        case_id=case.id,
        reply_to="7/88",
        link=messages["site"].link,
        content_class="petition",
        stage="result",
    )
    number = office.desk.store.outbox.add(
        draft, f"reply:{case.id}:discuz:1", MessageState.DRAFT, "shenlan", NOW
    )
    assert number is not None
    return office.sign_off(office.desk.store.outbox.get(number))


@pytest.fixture
def handed(office: Office, approved: Message) -> Message:
    cycle.run(office.desk, "deliver", NOW)
    return office.desk.store.outbox.get(approved.id)


def test_it_is_handed_over_with_text_and_page(handed: Message, approved: Message) -> None:
    assert handed.state is MessageState.HANDED
    assert handed.text == approved.text
    assert f"{BASE}/forum.php?mod=redirect&goto=findpost&ptid=7&pid=88" in handed.note


def test_it_is_neither_sent_again_nor_looked_for(office: Office, handed: Message) -> None:
    for name in ("deliver", "read_back", "sweep"):
        cycle.run(office.desk, name, LATER)
    again = office.desk.store.outbox.get(handed.id)
    assert (again.state, again.attempts) == (MessageState.HANDED, handed.attempts)


def test_nothing_is_handed_over_while_the_accounts_are_stopped(office: Office, approved: Message) -> None:
    switches.kill_switch(office.desk, office.leader, True, NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert office.desk.store.outbox.get(approved.id).state is MessageState.APPROVED


def test_the_address_that_the_person_tells_is_the_receipt_and_another_is_not_believed(
    office: Office, handed: Message
) -> None:
    with pytest.raises(NotAllowed):
        outgoing.posted(office.desk, office.handler("any"), handed.id, handed.version, FLOOR, LATER)
    with pytest.raises(BadInput, match="另一个帖子"):
        outgoing.posted(
            office.desk, office.press, handed.id, handed.version, f"{BASE}/thread-8-1-1.html", LATER
        )
    assert office.desk.store.outbox.get(handed.id).state is MessageState.HANDED

    done = outgoing.posted(office.desk, office.press, handed.id, handed.version, FLOOR, LATER)
    assert (done.state, done.platform_id, done.platform_url) == (MessageState.SENT, "99", FLOOR)
    assert office.press.full_name in done.note
    with pytest.raises(IllegalMove):
        outgoing.posted(office.desk, office.press, handed.id, handed.version, FLOOR, LATER)
