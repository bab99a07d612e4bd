"""Every figure of a bulletin is a query that can be asked again."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest

from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.errors import NotFound
from huanyu.types import CaseAction
from huanyu.types import MessageState
from huanyu.types import Receipt
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import SourceState
from tests.agreed import approve

SOURCES = (
    SourceRow(key="weibo_mentions", name="微博@我", spider="weibo", kind=SourceKind.WEIBO),
    SourceRow(key="dongchang_forum", name="东昌论坛", spider="discuz", kind=SourceKind.FORUM),
    SourceRow(key="old_news", name="旧新闻源", spider="feed", kind=SourceKind.NEWS, enabled=False),
    SourceRow(key="hotline_export", name="热线导出", spider="import", kind=SourceKind.HOTLINE),
)


def value(figures, key):
    return {figure.key: figure.value for figure in figures.counts}[key]


@pytest.fixture
def evening(now):
    return now.replace(hour=22)


def test_an_empty_day_has_all_figures_at_zero(store, now):
    figures = store.figures.day(now.date(), SOURCES, now)
    keys = {figure.key for figure in figures.counts}
    assert {"posts_new", "complaints_new", "complaints_weibo", "cases_overdue", "bulletins_year"} <= keys
    assert {figure.value for figure in figures.counts} == {0}
    assert [row.count for row in figures.trend] == [0] * 14
    assert figures.new_cases == figures.open_cases == ()
    assert figures.period_to - figures.period_from == timedelta(days=1)


def test_a_day_is_cut_at_midnight_in_shanghai(store, make, now):
    midnight = datetime(2026, 3, 10, tzinfo=SHANGHAI)
    for native_id, moment in (("1", midnight - timedelta(microseconds=1)), ("2", midnight)):
        make.post(native_id, posted_at=moment)
    assert store.figures.recompute("posts_new", midnight.date()) == 1
    assert store.figures.recompute("posts_new", midnight.date() - timedelta(days=1)) == 1


def test_the_figures_of_a_busy_day(store, make, now, evening):
    make.post("talk", complaint=False)
    make.post("forum", kind=SourceKind.FORUM, source="dongchang_forum")
    case = make.case("1")
    store.cases.apply(make.plan(make.post("2"), CaseAction.APPEND, case_id=case.id), now)
    answered, (site, _) = make.replying("3")
    message = approve(store, site, now)
    receipt = Receipt(platform_id="1", url="https://sthj.example.org/r/1.html")
    store.outbox.settle(
        store.outbox.claim(message, now),
        MessageState.SENT,
        receipt=receipt,
        note="",
        due_at=None,
        case_to="answered",
        now=now,
    )
    closed = make.assigned("4")
    store.moves.move(closed, "closed", action="closed", note="", now=now)
    store.bulletins.reserve("daily", now.date(), now)

    figures = store.figures.day(now.date(), SOURCES, evening)
    told = {figure.key: figure.value for figure in figures.counts if figure.value}
    assert told == {
        "posts_new": 6,
        "complaints_new": 5,
        "complaints_weibo": 4,
        "complaints_forum": 1,
        "cases_opened": 3,
        "cases_appended": 1,
        "cases_answered": 1,
        "cases_closed": 1,
        "cases_open": 2,
        "year_cases": 3,
        "year_answered": 1,
        "replies_sent": 1,
        "bulletins_year": 1,
        "cases_told_again": 1,
        "weibo_received": 4,
        "bulletins_issued": 1,
    }
    assert {row.key: row.count for row in figures.by_kind} == {"air.odour": 5, "air.industrial": 5}
    assert {row.key: row.count for row in figures.by_source} == {"weibo": 4, "forum": 1}
    assert {row.key: row.count for row in figures.by_state} == {"answered": 1, "pending": 1}
    assert [row.key for row in figures.by_area] == ["371502"]
    assert figures.by_sentiment[0].key == Sentiment.NEGATIVE.value
    assert figures.trend[-1].count == 3  # cases opened: sources that may overlap are never added
    assert [line.case_id for line in figures.answered] == [answered.id]
    assert figures.answered[0].answered_url == receipt.url
    assert [line.case_id for line in figures.unanswered] == [case.id]
    assert [(line.key, line.posts, line.complaints, line.state) for line in figures.sources] == [
        ("weibo_mentions", 5, 4, "silent"),
        ("dongchang_forum", 1, 1, "silent"),
        ("old_news", 0, 0, "paused"),
        ("hotline_export", 0, 0, "ok"),
    ]


def test_every_figure_can_be_asked_again_and_lists_its_rows(store, make, now, evening):
    make.replying("1")
    make.case("2")
    for figure in store.figures.day(now.date(), SOURCES, evening).counts:
        assert store.figures.recompute(figure.query, now.date(), evening) == figure.value
        assert store.figures.recompute(figure.query, now.date()) == figure.value
        assert len(figure.ids) == figure.value
        assert figure.previous == store.figures.recompute(figure.query, now.date() - timedelta(days=1))
    with pytest.raises(NotFound):
        store.figures.recompute("no_such_figure", now.date())


def test_what_comes_later_does_not_change_the_figures_as_they_were_known(store, make, now, evening):
    case = make.case("1")
    before = store.figures.day(now.date(), SOURCES, evening)
    later = now + timedelta(days=2)
    store.posts.add([make.raw("late", fetched_at=later)], later)
    store.moves.move(case, "refused", action="refused", note="", now=later)
    for figure in before.counts:
        assert store.figures.recompute(figure.query, now.date(), evening) == figure.value
    assert store.figures.recompute("posts_new", now.date()) == value(before, "posts_new") + 1


def test_a_limit_met_in_time_is_never_overdue_and_one_missed_counts_until_it_is_met(store, make, now):
    case = make.assigned("1")  # to be signed for within a day, first answered within two
    days = [now.date() + timedelta(days=back) for back in range(4)]
    signed = store.moves.move(case, "signed", action="signed", note="", now=now + timedelta(hours=1))
    assert [store.figures.recompute("cases_overdue", day) for day in days] == [0, 0, 1, 1]
    at_last = now + timedelta(days=3)
    store.moves.move(signed, "answered", action="answered", note="", now=at_last)
    assert [store.figures.recompute("cases_overdue", day) for day in days] == [0, 0, 1, 0]


def test_a_limit_that_ends_later_today_is_not_overdue_yet(store, make, now):
    make.assigned("1")
    tomorrow = (now + timedelta(days=1)).replace(hour=9, minute=0)
    figures = store.figures.day(tomorrow.date(), SOURCES, tomorrow)
    assert value(figures, "cases_overdue") == 0
    figures = store.figures.day(tomorrow.date(), SOURCES, tomorrow + timedelta(hours=1))
    assert [line.due for line in figures.overdue] == [now + timedelta(days=1)]


def test_a_dry_run_is_no_reply(store, make, now, evening):
    _, (site, _) = make.replying()
    message = approve(store, site, now)
    store.outbox.settle(
        store.outbox.claim(message, now),
        MessageState.REHEARSED,
        receipt=None,
        note="",
        due_at=None,
        case_to=None,
        now=now,
    )
    assert value(store.figures.day(now.date(), SOURCES, evening), "replies_sent") == 0


def test_a_list_shows_no_personal_data(store, make, now, evening):
    text = "我叫孙小满, 电话13800000000, 许营镇夜里刺鼻气味" + "很难闻" * 200
    post_id = make.post("1", text=text, author="孙小满")
    store.cases.apply(make.plan(post_id), now)
    (line,) = store.figures.day(now.date(), SOURCES, evening).new_cases
    assert "13800000000" not in line.quote
    assert "孙小满" not in line.quote
    assert "刺鼻气味" in line.quote
    assert len(line.quote) <= 120


def test_a_dead_source_is_told_with_its_sentence(store, now):
    state = SourceState(source="dongchang_forum", state="failing", since=now, sentence="连接不上, 已两小时")
    store.sources.save_state(state, now)
    line = store.figures.day(now.date(), SOURCES, now).sources[1]
    assert (line.state, line.sentence) == ("failing", "连接不上, 已两小时")


def test_the_head_of_the_audit_chain_goes_along(store, make, now):
    make.case()
    head = store.audit.seal(now)
    assert store.figures.day(now.date(), SOURCES, now).audit_head == head


def test_ids_are_listed_only_while_they_are_few(store, make, now, evening):
    store.posts.add([make.raw(str(n)) for n in range(201)], now)
    (figure,) = [one for one in store.figures.day(now.date(), (), evening).counts if one.key == "posts_new"]
    assert (figure.value, figure.ids) == (201, ())


def test_what_comes_in_the_very_moment_of_the_look_is_not_seen_then_nor_later(store, make, now, evening):
    make.case("1")
    store.bulletins.reserve("daily", now.date(), evening)
    before = store.figures.day(now.date(), SOURCES, evening)
    (late,) = store.posts.add([make.raw("late", posted_at=now, fetched_at=evening)], evening).new
    store.posts.save_verdicts([(late, make.verdict())], evening)
    store.cases.apply(make.plan(late), evening)
    assert store.figures.day(now.date(), SOURCES, evening) == before
    assert value(before, "bulletins_year") == 1


def test_a_case_opened_today_about_an_older_post_is_counted_as_such(store, make, now, evening):
    make.case("1")
    old = make.post("2", posted_at=now - timedelta(days=3))
    store.cases.apply(make.plan(old), now)
    figures = store.figures.day(now.date(), SOURCES, evening)
    assert (value(figures, "cases_opened"), value(figures, "cases_earlier")) == (2, 1)
    assert value(figures, "complaints_new") == 1


def test_a_citizens_thread_is_never_given_as_the_answers_address(store, make, now, evening):
    _, (site, weibo) = make.replying()
    for message_id, url in ((site, ""), (weibo, "https://weibo.example.org/1234567890/1")):
        message = approve(store, message_id, now)
        receipt = Receipt(platform_id="1", url=url) if url else None
        state = MessageState.SENT if url else MessageState.REHEARSED
        store.outbox.settle(
            store.outbox.claim(message, now),
            state,
            receipt=receipt,
            note="",
            due_at=None,
            case_to="answered" if url else None,
            now=now,
        )
    (line,) = store.figures.day(now.date(), SOURCES, evening).answered
    assert "1234567890" not in line.answered_url
