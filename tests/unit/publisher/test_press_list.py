"""A press release for several contacts."""

from __future__ import annotations

import pytest

from huanyu.errors import BadInput
from huanyu.types import Draft
from publisher.press_list import addressed

DRAFT = Draft(
    channel="mail", account="mail", purpose="press", title="新闻通稿", text="正文。", content_class="press"
)


def test_each_contact_gets_a_message_of_their_own() -> None:
    made = addressed(DRAFT, ("Li@news.example.org", "wang@radio.example.org"))
    assert [draft.recipient for _, draft in made] == ["Li@news.example.org", "wang@radio.example.org"]
    assert len({suffix for suffix, _ in made}) == 2
    assert {draft.text for _, draft in made} == {DRAFT.text}


def test_nobody_gets_it_twice() -> None:
    assert len(addressed(DRAFT, ("a@example.org", " a@example.org", ""))) == 1


@pytest.mark.parametrize("contacts", [(), ("", " "), ("李记者",)])
def test_a_list_nobody_can_be_reached_by_says_so(contacts: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match="媒体联系人"):
        addressed(DRAFT, contacts)
