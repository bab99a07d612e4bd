"""The day's topics in the paper: a table whose every number is a figure with the posts behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sample

from bulletins.compile import differences
from bulletins.compile import paper
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import Topic


def topic(first: int, posts: int, heat: float, title: str = "许营镇 恶臭异味") -> Topic:
    return Topic(
        title=f"{title} — {posts} 条, 2 个来源",
        heat=heat,
        terms=(),
        posts=tuple(range(first, first + posts)),
        cases=(),
        sources=("bbs_a", "weibo_at"),
        kinds=("air.odour",),
        place="许营镇",
        enterprise="",
        area="高新区",
        before=3.0,
        posts_before=(1,),
        first_at=sample.START,
        last_at=sample.END,
    )


def hot(figures):
    return next(part for part in sample.bulletin(figures).sections if part.heading == "重点事项")


def test_topics_stand_in_a_table_behind_the_new_matters():
    section = hot(replace(sample.FIGURES, topics=(topic(100, 7, 19.5), topic(200, 2, 8.0))))
    assert section.items
    assert section.table == (
        ("许营镇 恶臭异味", "19.5", "7条", "1条"),
        ("许营镇 恶臭异味", "8.0", "2条", "1条"),
    )


def test_a_topic_is_a_figure_with_the_ids_of_its_posts_and_can_be_counted_again():
    figures = replace(sample.FIGURES, topics=(topic(100, 7, 19.5),))
    made = sample.bulletin(figures)
    (posts,) = [figure for figure in made.figures if figure.key == "topic:100"]
    (heat,) = [figure for figure in made.figures if figure.key == "heat:100"]
    assert (posts.value, posts.previous, posts.ids) == (7, 1, tuple(range(100, 107)))
    assert heat.value == 195
    assert differences(made, figures) == []
    cooler = replace(figures, topics=(topic(100, 6, 15.5),))
    assert len(differences(made, cooler)) == 2
    assert len(differences(made, replace(figures, topics=()))) == 2


def test_only_the_ten_hottest_are_printed():
    section = hot(replace(sample.FIGURES, topics=tuple(topic(100 * at, 2, 5.0) for at in range(1, 14))))
    assert len(section.table) == 10


def test_a_day_without_topics_has_no_table():
    assert hot(sample.FIGURES).table == ()
    assert hot(replace(sample.quiet(), topics=(topic(100, 2, 5.0),))).table


def issue(span, first, counts, new_cases=()):
    figures = replace(
        sample.FIGURES,
        span=span,
        first_day=first,
        counts=counts,
        new_cases=new_cases,
        topics=(topic(100, 7, 19.5),),
    )
    usual = load_bureau(SHIPPED).series({"week": "weekly", "month": "monthly"}[span])
    series = usual.model_copy(update={"template": "{重点事项}"})
    return paper(series, figures, 1, 1, sample.BUREAU, sample.NAMES, sample.ISSUED, areas=sample.AREAS)


@pytest.mark.parametrize(
    ("span", "now", "before"), [("week", "本周", "上周"), ("month", "本月", "此前同长时段")]
)
def test_a_longer_period_without_new_matters_tells_its_topics_by_its_own_name(span, now, before):
    made = issue(span, date(2026, 3, 2), sample.counts(cases_opened=(0, 0)))
    (section,) = made.sections
    told = "".join(sentence.text for sentence in section.sentences)
    assert told.startswith(f"{now}新立事项0件。")
    assert f"{now}热点" in told
    assert (section.table_head[-1], section.table[0][-1]) == (before, "1条")


def test_topics_are_not_compared_with_days_of_which_there_are_no_records():
    made = issue("week", date(2026, 3, 2), sample.counts(cases_opened=(9, None)))
    assert made.sections[0].table[0][-1] == "—"
    (figure,) = [figure for figure in made.figures if figure.key == "topic:100"]
    assert figure.previous is None
