"""作废 and 突发: what is not to go out after all stays in, and an incident is told under its own reviews."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import composing
from flow import discards
from flow import press
from flow.press import Order
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import MessageState
from huanyu.types import Picture
from publisher.stages import Said
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.photos import png

S = MessageState


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as found:
        yield found


TOLD = {"name": "预警解除", "body": "全市空气质量好转，预警自今日12时起解除。"}


def drop(office, message, user=None, reason="不用发了"):
    return discards.discard(office.desk, user or office.press, message.id, message.version, reason, NOW)


def notice(office, **more):
    """A press text on the site and on Weibo, by channel."""
    order = Order(product="notice", told=TOLD, accounts=("site", "weibo"), at=NOW, **more)
    made = press.write(office.desk, office.press, order, NOW)
    return {one.channel: one for one in map(office.desk.store.outbox.get, made)}


def test_what_was_to_follow_a_text_goes_with_it(office):
    case = office.case("assigned")
    said = Said(done="3月10日9时执法人员到现场检查，已取样送检")
    made = composing.propose_stage(office.desk, office.press, case.id, "progress", said, NOW)
    first, *others = map(office.desk.store.outbox.get, made)
    assert first.channel == "site"
    assert drop(office, first).state is S.CANCELLED
    assert [one.channel for one in others] == ["weibo"]  # it would have waited for the page for ever
    assert office.desk.store.outbox.get(others[0].id).state is S.CANCELLED
    assert "作废：不用发了" in office.desk.store.outbox.get(first.id).note


def test_only_its_own_office_drops_a_text_and_only_with_a_reason(office):
    made = notice(office)["site"]
    with pytest.raises(NotAllowed):
        drop(office, made, user=office.reviewer)
    with pytest.raises(BadInput, match="理由"):
        drop(office, made, reason="  ")
    assert office.desk.store.outbox.get(made.id).state is S.DRAFT


def test_a_text_that_changed_meanwhile_is_not_dropped_unread(office):
    made = notice(office)["site"]
    office.desk.store.outbox.move(made, S.DRAFT, note="改", text="改过的文稿", actor="xuanjiao", now=NOW)
    with pytest.raises(Conflict):
        drop(office, made)


def test_the_result_people_wait_for_is_not_dropped(office):
    _, messages = office.replying()
    with pytest.raises(IllegalMove, match="群众在等"):
        drop(office, messages["site"])


def test_an_incident_goes_through_its_own_reviews_and_nothing_else_calls_itself_one(office):
    assert {one.content_class for one in notice(office, incident=True).values()} == {"incident"}
    assert {one.content_class for one in notice(office).values()} == {"press"}
    order = Order(product="policy", told={}, accounts=("site",), at=NOW, incident=True)
    with pytest.raises(BadInput, match="突发信息请用"):
        press.write(office.desk, office.press, order, NOW)


def test_weibo_gets_the_one_picture_it_takes_and_the_site_all(office):
    one = Picture(
        digest="", name="现场.png", media="image/png", caption="监测站", credit="岳明 摄", body=png()
    )
    made = notice(office, pictures=(one, one))
    counts = {channel: len(office.desk.store.composing.pictures(kept.id)) for channel, kept in made.items()}
    assert counts == {"site": 2, "weibo": 1}
