"""A difference is explained only by changes that account for all of it; a sentence rests on what is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bulletins import verify
from bulletins.verify import Since
from huanyu.clock import SHANGHAI
from huanyu.types import Bulletin
from huanyu.types import Figure
from huanyu.types import LateChange
from huanyu.types import PaperCorrection
from huanyu.types import Section
from huanyu.types import Sentence

AT = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)


def figure(key: str = "complaints_weibo", value: int = 5, **more: object) -> Figure:
    return Figure(key=key, value=value, unit="条", label=key, query=key, **more)


def change(post: int = 7, was: bool = True, now: bool = False, **more: object) -> LateChange:
    values = {
        "post_id": post,
        "at": AT,
        "actor": "press",
        "source": "weibo-mentions",
        "source_kind": "weibo",
        "area": "371502",
        "was_complaint": was,
        "is_complaint": now,
        "kinds_before": ("noise.social",),
        "kinds": (),
        "sentiment_before": "",
        "sentiment": "",
    }
    return LateChange(**(values | more))


def correction(correct: int) -> PaperCorrection:
    return PaperCorrection(
        number=1,
        at=AT,
        actor="press",
        figure="complaints_weibo",
        label="微博",
        unit="条",
        printed=5,
        correct=correct,
        why="漏计。",
    )


def paper(*figures: Figure, sections: tuple[Section, ...] = ()) -> Bulletin:
    return Bulletin(
        series="daily",
        series_name="每日舆情",
        year=2026,
        number=1,
        total=1,
        day=AT.date(),
        title="3月5日环保舆情",
        bureau="聊城市生态环境局",
        office="宣教科",
        mark="内部资料",
        issued_at=AT,
        sections=sections,
        figures=figures,
    )


def state(printed: Figure, now: Figure | None, since: Since) -> str:
    (check,) = verify.figures(paper(printed), [now] if now else [], since)
    return check.state


def test_what_is_counted_again_alike_is_the_same_whatever_was_changed_since():
    assert state(figure(), figure(), Since()) == verify.SAME
    assert state(figure(), figure(), Since(labels=(change(),))) == verify.SAME


@pytest.mark.parametrize(
    ("now", "changes", "told"),
    [
        (4, (change(),), "explained"),
        (3, (change(7), change(8)), "explained"),
        (6, (change(was=False, now=True),), "explained"),
        (3, (change(),), "differs"),
        (6, (change(),), "differs"),
        (4, (change(source_kind="forum"),), "differs"),
        (4, (), "differs"),
        (4, (change(was=True, now=True),), "differs"),
    ],
)
def test_only_changes_that_account_for_all_of_it_explain_a_difference(now, changes, told):
    assert state(figure(), figure(value=now), Since(labels=changes)) == told


@pytest.mark.parametrize(
    ("key", "now"),
    [
        ("complaints_new", 4),
        ("weibo_received", 4),
        ("kind:noise.social", 4),
        ("area:371502", 4),
        ("source:weibo", 4),
        ("source_complaints:weibo-mentions", 4),
    ],
)
def test_a_changed_label_bears_on_every_figure_that_counted_the_post(key, now):
    since = Since(labels=(change(),))
    assert state(figure(key), figure(key, now), since) == verify.EXPLAINED


def test_a_kind_that_was_put_right_moves_from_one_line_to_the_other():
    since = Since(labels=(change(was=True, now=True, kinds=("noise.construction",)),))
    assert state(figure("kind:noise.social"), figure("kind:noise.social", 4), since) == verify.EXPLAINED
    gained = state(figure("kind:noise.construction"), figure("kind:noise.construction", 6), since)
    assert gained == verify.EXPLAINED
    assert state(figure("area:371502"), figure("area:371502", 4), since) == verify.DIFFERS


def test_the_same_count_of_other_rows_is_not_the_same():
    printed, now = figure(value=1, ids=(1,)), figure(value=1, ids=(2,))
    assert state(printed, now, Since()) == verify.DIFFERS
    since = Since(labels=(change(1), change(2, was=False, now=True)))
    assert state(printed, now, since) == verify.EXPLAINED


def test_a_changed_comparison_is_explained_by_changes_of_its_own_period_only():
    printed, now = figure(previous=3), figure(previous=2)
    assert state(printed, now, Since(labels=(change(),))) == verify.DIFFERS
    assert state(printed, now, Since(labels_before=(change(),))) == verify.EXPLAINED
    assert state(printed, now, Since(labels_year_before=(change(),))) == verify.DIFFERS


def test_a_comparison_is_explained_by_changes_that_add_up_and_by_no_others():
    since = Since(labels_before=(change(7),), labels_year_before=(change(8), change(9)))
    printed = figure(previous=3, year_before=6)
    assert state(printed, figure(previous=2, year_before=4), since) == verify.EXPLAINED
    assert state(printed, figure(previous=1, year_before=4), since) == verify.DIFFERS
    assert state(printed, figure(previous=2, year_before=5), since) == verify.DIFFERS
    assert state(printed, figure(previous=None, year_before=4), since) == verify.DIFFERS


def test_a_signed_correction_of_the_number_does_not_explain_what_it_is_compared_with():
    since = Since(corrections=(correction(6),))
    assert state(figure(previous=3), figure(value=6, previous=9), since) == verify.DIFFERS


def test_a_posts_taken_out_of_its_case_explains_what_no_longer_counts_it():
    printed, now = figure("cases_appended", 2, ids=(1, 2)), figure("cases_appended", 1, ids=(1,))
    assert state(printed, now, Since(separated=frozenset({2}))) == verify.EXPLAINED
    assert state(printed, now, Since(separated=frozenset({9}))) == verify.DIFFERS


def test_a_signed_correction_explains_exactly_the_number_it_names():
    since = Since(corrections=(correction(6),))
    assert state(figure(), figure(value=6), since) == verify.EXPLAINED
    assert state(figure(), figure(value=7), since) == verify.DIFFERS


def test_a_figure_that_nothing_counts_any_more_is_a_difference():
    assert state(figure(), None, Since(labels=(change(),))) == verify.DIFFERS


@pytest.mark.parametrize(
    ("now", "told"),
    [(2, "differs"), (3, "explained"), (4, "explained"), (5, "same"), (6, "explained"), (7, "differs")],
)
def test_of_a_bulletin_about_part_of_the_posts_not_every_change_bears_on_it(now, told):
    changes = (change(7), change(8), change(9, was=False, now=True))
    assert state(figure(), figure(value=now), Since(labels=changes, narrowed=True)) == told


def test_a_line_of_a_table_that_nothing_falls_under_any_more_counts_zero():
    since = Since(labels=(change(),))
    assert state(figure("kind:noise.social", 1), None, since) == verify.EXPLAINED
    assert state(figure("kind:noise.social", 1), None, Since()) == verify.DIFFERS
    assert state(figure("kind:noise.social", 0), None, Since()) == verify.SAME


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        (Sentence(text="新立3件。"), "有数字而无出处"),
        (Sentence(text="新立3件。", figures=("nowhere",)), "出处不存在：nowhere"),
        (Sentence(text="有一件。", cases=(9,)), "出处不存在：案件 9"),
    ],
)
def test_a_sentence_that_rests_on_nothing_is_told(sentence, why):
    made = paper(figure(), sections=(Section(heading="概况", sentences=(sentence,)),))
    (found,) = verify.unsupported(made, known_cases={1})
    assert (found.text, found.why) == (sentence.text, why)


def test_sentences_with_sources_and_words_of_a_person_are_fine():
    lines = (
        Sentence(text="微博5条。", figures=("complaints_weibo",)),
        Sentence(text="第1件已办。", cases=(1,)),
        Sentence(text="各来源口径不同。"),
        Sentence(text="建议3日内答复。", author="宣晓敏"),
    )
    made = paper(figure(), sections=(Section(heading="概况", sentences=lines),))
    assert verify.unsupported(made, known_cases={1}) == ()


def test_a_table_of_numbers_without_a_source_is_told():
    bare = Section(heading="表", table_head=("来源", "条数"), table=(("微博", "5"),))
    made = paper(figure(), sections=(bare,))
    assert [one.why for one in verify.unsupported(made, set())] == ["表中有数字而无出处"]
    backed = replace(bare, sentences=(Sentence(text="见下表。", figures=("complaints_weibo",)),))
    assert verify.unsupported(paper(figure(), sections=(backed,)), set()) == ()
