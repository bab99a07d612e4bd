"""Topics from a real store: what counts, as known when, and the same in the paper as on the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import flow.topics
from bulletins.compile import differences
from flow import cycle
from flow import issues
from flow import morning
from huanyu.errors import BadInput
from huanyu.types import SourceKind
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import raw

TODAY = NOW.date()


@pytest.fixture(scope="module")
def filled(pattern_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A working day's posts and cases, made once."""
    with at_work(tmp_path_factory.mktemp("filled"), pattern_url) as opened:
        opened.fill()


@pytest.fixture
def office(filled: None, copied_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, copied_url) as opened:
        yield opened


def paint_topic(office: Office):
    (found,) = [one for one in flow.topics.topics(office.desk, TODAY, TODAY) if "许营镇" in one.title]
    return found


def test_two_witnesses_of_one_case_are_a_topic_with_their_ids(office):
    case = office.case("assigned")
    found = paint_topic(office)
    assert found.title.endswith("— 2 条, 1 个来源")
    assert found.cases == (case.id,)
    assert set(found.posts) == {post.id for post in office.desk.store.cases.posts(case.id)}


def test_the_heat_grows_with_what_the_platform_shows_but_not_in_the_paper(office):
    before = paint_topic(office)
    calm = flow.topics.of_days(office.desk, TODAY, TODAY, MORNING)
    first = replace(raw(0, PAINT), reposts=200, likes=30)
    office.desk.store.posts.add([first], now=NOW)
    after = paint_topic(office)
    assert {term.name: term.amount for term in after.terms}["reposts"] == 200
    assert after.heat > before.heat
    assert flow.topics.of_days(office.desk, TODAY, TODAY, MORNING) == calm


def test_an_author_who_writes_twice_is_one_voice_and_hotline_calls_are_each_their_own(office):
    again = replace(
        raw(90, PAINT + "，又开工了"), author=raw(0, PAINT).author, author_id=raw(0, PAINT).author_id
    )
    calls = [
        replace(raw(at, PAINT), source="hotline", kind=SourceKind.HOTLINE, author="", author_id="")
        for at in (91, 92)
    ]
    office.desk.store.posts.add([again, *calls], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    for post, verdict in office.desk.store.posts.listing(view="unsure", limit=100):
        pytest.fail(f"the classifier is not sure of {post.id} {verdict}")
    cycle.run(office.desk, "open", NOW)
    amounts = {term.name: term.amount for term in paint_topic(office).terms}
    assert (amounts["posts"], amounts["voices"], amounts["sources"]) == (5, 4, 2)


def test_the_paper_carries_the_topics_and_their_posts_and_can_be_asked_again(office):
    made = morning.compile_day(office.desk, TODAY, MORNING)
    section = next(part for part in made.bulletin.sections if part.heading == "重点事项")
    found = paint_topic(office)
    (row,) = [row for row in section.table if "许营镇" in row[0]]
    assert row[2] == "2条"
    (figure,) = [one for one in made.bulletin.figures if one.key == f"topic:{found.key}"]
    assert (figure.value, figure.ids) == (2, found.posts)
    office.desk.store.posts.add([replace(raw(0, PAINT), likes=999)], now=MORNING + timedelta(hours=1))
    assert differences(made.bulletin, issues.recount(office.desk, made.bulletin)) == []
    assert morning.verify(office.desk, made.id) == []


def test_what_came_in_later_is_not_in_the_paper(office):
    before = flow.topics.of_days(office.desk, TODAY, TODAY, MORNING)
    office.desk.store.posts.add([raw(95, PAINT)], now=MORNING + timedelta(hours=1))
    cycle.turn(office.desk, MORNING + timedelta(hours=1), ("understand", "open"))
    assert flow.topics.of_days(office.desk, TODAY, TODAY, MORNING) == before
    assert len(paint_topic(office).posts) == 3


@pytest.mark.parametrize("days", [-1, 400])
def test_a_period_that_is_none_is_told(office, days):
    with pytest.raises(BadInput):
        flow.topics.topics(office.desk, TODAY, TODAY + timedelta(days=days))
