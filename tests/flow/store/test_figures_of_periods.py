"""Figures of weeks, months and years: comparisons, saved searches, reposts, tables; all as of a moment."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

import pytest

from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.periods import Period
from huanyu.types import CaseAction
from huanyu.types import PostType
from huanyu.types import Search
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Visited

LATER = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
NOON = time(12)
MARCH = Period.holding("month", date(2026, 3, 10))


def figure(figures, key):
    return next(one for one in (*figures.counts, *figures.cells) if one.key == key)


def at(make, moment):
    return type(make)(make.store, moment)


@pytest.fixture
def three_months(make):
    """Cases in March 2025, February 2026 and March 2026: one, two and three."""
    for count, moment in (
        (1, datetime(2025, 3, 31, 23, 59, tzinfo=SHANGHAI)),
        (2, datetime(2026, 2, 1, 0, 0, tzinfo=SHANGHAI)),
        (3, datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI)),
    ):
        for number in range(count):
            at(make, moment).case(f"{moment:%Y%m}-{number}")
    return make


def test_a_month_stands_beside_the_one_before_and_the_same_a_year_ago(store, three_months):
    figures = store.figures.period(MARCH, (), LATER)
    opened = figure(figures, "cases_opened")
    assert (opened.value, opened.previous, opened.year_before) == (3, 2, 1)
    kind = figure(figures, "case_kind:air.odour")
    assert (kind.value, kind.previous, kind.year_before, len(kind.ids)) == (3, 2, 1, 3)
    assert len(figures.trend) == 31
    assert (figures.first_day, figures.day) == (date(2026, 3, 1), date(2026, 3, 31))


def test_a_year_is_compared_with_the_year_before_only_and_drawn_by_month(store, three_months):
    figures = store.figures.period(Period.holding("year", date(2026, 1, 1)), (), LATER.replace(year=2027))
    opened = figure(figures, "cases_opened")
    assert (opened.value, opened.previous, opened.year_before) == (5, None, 1)
    assert [row.count for row in figures.trend][:3] == [0, 2, 3]
    assert len(figures.trend) == 12


def test_nothing_is_compared_with_a_time_before_the_records_are_complete(store, three_months):
    figures = store.figures.period(MARCH, (), LATER, complete_from=date(2026, 2, 1))
    opened = figure(figures, "cases_opened")
    assert (opened.value, opened.previous, opened.year_before) == (3, 2, None)


def test_what_comes_late_changes_no_figure_of_the_month_as_it_was_known(store, three_months, make):
    seen = datetime(2026, 4, 3, 8, 30, tzinfo=SHANGHAI)
    before = store.figures.period(MARCH, (), seen)
    late = at(make, seen + timedelta(days=5))
    late.post("late", posted_at=datetime(2026, 3, 15, tzinfo=SHANGHAI))
    case = store.cases.get(before.new_cases[0].case_id)
    store.moves.grade(case, "重大", "", late.now)
    after = store.figures.period(MARCH, (), seen)
    assert (after.counts, after.cells, after.trend) == (before.counts, before.cells, before.trend)
    today = store.figures.period(MARCH, (), LATER)
    assert figure(today, "complaints_weibo").value == figure(before, "complaints_weibo").value + 1
    assert figure(today, "case_level:重大").value == 1


def test_a_saved_search_narrows_every_figure(store, make, now):
    make.case("1")
    other = make.post("2", text="冠县养殖场粪污直排, 苍蝇满天飞")
    store.cases.apply(make.plan(other, title="冠县 养殖", kinds=("water.livestock",), area="371525"), now)
    month = Period.holding("month", now.date())
    for search, cases, posts in (
        (Search(id=1, name="水", kinds=("water",)), 1, 0),
        (Search(id=1, name="大气", kinds=("air",)), 1, 2),
        (Search(id=1, name="冠县", areas=("371525",)), 1, 0),
        (Search(id=1, name="粪污", words=("粪污", "没有的词")), 1, 1),
        (Search(id=1, name="都要", kinds=("air.odour",), words=("粪污",)), 0, 1),
        (Search(id=1, name="百分号", words=("%",)), 0, 0),
    ):
        figures = store.figures.period(month, (), LATER, search=search)
        found = figure(figures, "cases_opened").value, figure(figures, "complaints_weibo").value
        assert found == (cases, posts), search.name
        assert len(figures.new_cases) == cases


def test_named_cases_stand_in_the_place_of_the_new_ones(store, make, now):
    first, _ = make.case("1"), make.case("2")
    day = Period("free", now.date() + timedelta(days=3), now.date() + timedelta(days=3))
    figures = store.figures.period(day, (), LATER, named=(first.id,))
    assert [line.case_id for line in figures.new_cases] == [first.id]
    assert figure(figures, "cases_opened").value == 0


def test_a_repost_counts_once_and_is_told_apart(store, make, now):
    link = "news.example.org/a"
    make.post("1", kind=SourceKind.NEWS, link=link)
    make.post("2", kind=SourceKind.NEWS, link=link)
    third = make.post("3", kind=SourceKind.NEWS)
    evening = now.replace(hour=22)
    figures = store.figures.day(now.date(), (), evening)
    assert figure(figures, "posts_new").value == 3
    assert figure(figures, "complaints_news").value == 2
    assert figure(figures, "reposts_new").value == 1
    store.reposts.save({third: 1}, evening + timedelta(hours=1))
    assert figure(store.figures.day(now.date(), (), evening), "complaints_news").value == 2
    assert figure(store.figures.day(now.date(), (), LATER), "complaints_news").value == 1
    assert figure(store.figures.day(now.date(), (), LATER), "reposts_new").value == 2


def test_recurrences_and_returned_cases_are_counted_with_their_lines(store, make, now):
    sent_back = store.moves.move(make.assigned("1"), "returned", action="returned", note="不归我们", now=now)
    handled = make.handled("2")
    answered = store.moves.move(
        store.moves.move(handled, "replying", action="drafted", note="", now=now),
        "answered",
        action="sent",
        note="",
        now=now,
    )
    again = make.plan(make.post("3"), CaseAction.APPEND, case_id=answered.id, reopen=True)
    store.cases.apply(again, now)
    figures = store.figures.day(now.date(), (), now.replace(hour=22))
    assert [line.case_id for line in figures.returned] == [sent_back.id]
    assert [line.case_id for line in figures.reopened] == [answered.id]
    assert [line.case_id for line in figures.repeated] == [answered.id]
    assert figure(figures, "answered_again").value == 1


def test_kind_words_about_something_else_are_none_of_ours(store, make, now):
    (post,) = store.posts.add([make.raw("k", text="沙镇呱嗒一口下去满嘴油香，幸福")], now).new
    happy = make.verdict(False, sentiment=Sentiment.POSITIVE, type=PostType.OTHER)
    store.posts.save_verdicts([(post, happy)], now)
    assert figure(store.figures.day(now.date(), (), now.replace(hour=22)), "praise_new").value == 0


def test_kind_words_are_counted_and_quoted_without_personal_data(store, make, now):
    (post,) = store.posts.add(
        [make.raw("k", text="河清了，谢谢，我电话13800000000", author="孙小满")], now
    ).new
    happy = make.verdict(False, sentiment=Sentiment.POSITIVE, type=PostType.OPINION)
    store.posts.save_verdicts([(post, happy)], now)
    figures = store.figures.day(now.date(), (), now.replace(hour=22))
    assert figure(figures, "praise_new").ids == (post,)
    assert "13800000000" not in figures.praise[0].quote
    assert "河清了" in figures.praise[0].quote


def test_the_trend_stands_beside_that_of_the_period_before(store, three_months):
    figures = store.figures.period(MARCH, (), LATER)
    assert [(row.key, row.count) for row in figures.trend_before][:2] == [
        ("2026-02-01", 2),
        ("2026-02-02", 0),
    ]
    assert len(figures.trend_before) == 28
    year = store.figures.period(Period.holding("year", date(2026, 1, 1)), (), LATER.replace(year=2027))
    assert [row.count for row in year.trend_before] == [0, 0, 1, *[0] * 9]
    assert store.figures.period(Period.holding("day", MARCH.last), (), LATER).trend_before == ()
    alone = store.figures.period(MARCH, (), LATER, complete_from=date(2026, 3, 1))
    assert alone.trend_before == ()


def visit(store, at, state, source="weibo"):
    store.sources.add_visit(Visited(source=source, at=at, seconds=1.0, state=state, sentence=""), at)


def test_whether_a_source_was_seen_is_told_of_the_whole_period_and_not_of_its_last_hour(store, now):
    keys = ("closed", "now_and_then", "well", "off")
    sources = [
        SourceRow(key=key, name=key, spider="weibo", kind=SourceKind.WEIBO, enabled=key != "off")
        for key in keys
    ]
    first, last = MARCH.first, MARCH.last
    for key, states in zip(keys, ("wall wall", "ok wall silent ok", "ok slow", "wall ok"), strict=True):
        for days, state in enumerate(states.split()):
            visit(store, datetime.combine(first + timedelta(days=days), NOON, SHANGHAI), state, key)
    visit(store, datetime.combine(last + timedelta(days=1), NOON, SHANGHAI), "wall", "well")
    told = {line.key: line for line in store.figures.period(MARCH, sources, LATER).sources}
    assert [told[key].state for key in keys] == ["wall", "partly", "ok", "paused"]
    assert told["now_and_then"].sentence == "有时未能读取：没有新内容、遇验证墙"


def test_a_saved_search_picks_the_posts_of_topics(store, make):
    early = make.now.replace(hour=0)
    make.post("1", text="冠县养殖场粪污直排")
    make.post("2", text="别处的工地扬尘")
    whole = store.topics.posts(early, early + timedelta(days=1), LATER)
    picked = store.topics.posts(
        early, early + timedelta(days=1), LATER, Search(id=1, name="粪污", words=("粪污",))
    )
    assert (len(whole), len(picked)) == (2, 1)
