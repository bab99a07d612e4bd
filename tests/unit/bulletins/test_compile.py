"""What the daily says, and that it says nothing without a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sample

from bulletins import evidence
from bulletins import wording
from bulletins.compile import case_ids
from bulletins.compile import differences
from bulletins.compile import figure_keys
from bulletins.compile import paper
from bulletins.layout import lay_out
from huanyu.errors import Blocked
from huanyu.errors import NotFound
from huanyu.types import Section
from huanyu.types import Sentence


def text_of(bulletin) -> str:
    said = [sentence.text for part in bulletin.sections for sentence in part.sentences]
    cells = [cell for part in bulletin.sections for row in part.table for cell in row]
    return "\n".join([*said, *cells])


def part(bulletin, heading):
    return next(found for found in bulletin.sections if found.heading == heading)


@pytest.mark.parametrize(
    ("value", "previous", "words"),
    [
        (26, 18, "比前一日增加8件、环比上升44.4%（前一日18件）"),
        (3, 4, "比前一日减少1件、环比下降25.0%（前一日4件）"),
        (5, 5, "与前一日持平（前一日5件）"),
        (5, 0, "比前一日增加5件（前一日为零，不计百分比）"),
        (0, 0, "与前一日持平（前一日0件）"),
        (0, 4, "比前一日减少4件、环比下降100.0%（前一日4件）"),
        (7, None, ""),
    ],
)
def test_change_is_told_with_its_base(value, previous, words):
    assert wording.change(sample.figure("cases_opened", value, previous)) == words


def test_growth_is_rounded_half_up():
    assert str(wording.percent(1696, 1518)) == "11.7"
    assert str(wording.percent(2001, 2000)) == "0.1"


def test_a_change_below_half_a_permille_still_names_the_difference():
    assert wording.change(sample.figure("cases_open", 10001, 10000)).startswith("比前一日增加1件")


@pytest.mark.parametrize(("hours", "words"), [(0, "不足1小时"), (5, "5小时"), (24, "1天"), (-76, "3天4小时")])
def test_a_span_is_told_in_days_and_hours(hours, words):
    assert wording.span(wording.timedelta(hours=hours)) == words


def test_every_sentence_with_a_digit_has_a_source():
    for found in sample.bulletin().sections:
        for sentence in found.sentences:
            if any(char.isdigit() for char in sentence.text):
                assert sentence.figures or sentence.cases, sentence.text


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence(text="全市投诉下降30%。"),
        Sentence(text="投诉5件。", figures=("invented",)),
        Sentence(text="投诉5件。", cases=(999,)),
        Sentence(text="投诉５件。"),
    ],
)
def test_an_unsupported_sentence_is_refused(sentence):
    with pytest.raises(Blocked, match="出处"):
        evidence.refuse_unsupported([Section(heading="概况", sentences=(sentence,))], (), ())


def test_a_table_of_numbers_without_source_is_refused():
    bare = Section(heading="区域", table_head=("区域", "数量"), table=(("冠县", "3"),))
    with pytest.raises(Blocked, match="区域"):
        evidence.refuse_unsupported([bare], (), ())


def test_a_sentence_without_numbers_needs_no_source():
    calm = Section(heading="概况", sentences=(Sentence(text="当日无事。"),))
    assert evidence.refuse_unsupported([calm], (), ()) is None


@pytest.mark.parametrize("key", ["cases_opened", "cases_overdue", "year_cases"])
def test_a_missing_figure_is_an_error_and_not_a_zero(key):
    fewer = tuple(count for count in sample.FIGURES.counts if count.key != key)
    with pytest.raises(NotFound, match=key):
        sample.bulletin(replace(sample.FIGURES, counts=fewer))


def test_no_sentence_or_table_adds_weibo_to_platform():
    counts = tuple(
        replace(count, value=value, previous=None) if (value := {"complaints_weibo": 118,
        "complaints_platform": 241, "complaints_new": 359, "posts_new": 359}.get(count.key)) else count
        for count in sample.FIGURES.counts
        if count.key not in {"complaints_forum", "complaints_news"}
    )  # fmt: skip
    trend = (replace(sample.FIGURES.trend[-1], count=359),)
    said = text_of(sample.bulletin(replace(sample.FIGURES, counts=counts, trend=trend)))
    assert "118条" in said
    assert "241条" in said
    assert "359" not in said


def test_places_stand_in_the_official_order_with_zeros():
    rows = part(sample.bulletin(), "投诉区域").table
    listed = [(row[0], row[1]) for row in rows] + [(row[2], row[3]) for row in rows]
    assert [name for name, _ in listed] == [sample.NAMES[area] for area in sample.AREAS] + ["地点待核"]
    assert dict(listed)["阳谷县"] == "0"
    assert dict(listed)["东昌府区"] == "3"


def test_a_place_outside_the_official_list_is_not_lost():
    rows = (*sample.FIGURES.by_area, sample.Row(label="999999", count=6))
    table = part(sample.bulletin(replace(sample.FIGURES, by_area=rows)), "投诉区域").table
    assert any("999999" in row and "6" in row for row in table)


def test_shares_of_a_multi_label_count_are_explained():
    assert "可大于" in part(sample.bulletin(), "投诉类别与情绪").sentences[0].text


def test_the_deadline_list_is_in_order_of_time_and_banded():
    table = part(sample.bulletin(), "限时答复清单").table
    assert [row[1] for row in table] == [
        "已超22小时", "已超13小时", "已超4小时", "24小时内", "24小时内", "24小时内", "48小时内", "48小时内",
    ]  # fmt: skip
    assert table[0][2].startswith("【紧急】")


def test_overdue_is_counted_by_unit():
    late = (*(replace(line, unit="cg") for line in sample.LINES[:2]), sample.LINES[2])
    table = part(sample.bulletin(replace(sample.FIGURES, overdue=late)), "超期情况").table
    assert [row[:2] for row in table] == [("市城市管理局", "2"), ("茌平区分局", "1")]
    assert table[0][2:] == ("22小时", "HY2026-000181、HY2026-000182")


def test_hot_matters_start_with_the_urgent_ones_and_are_masked():
    items = part(sample.bulletin(), "重点事项").items
    assert [line.urgent for line in items[:3]] == [True, True, False]
    assert "13800000000" not in "".join(line.quote for line in items)


def test_sources_that_were_not_seen_are_named():
    told = part(sample.bulletin(), "来源覆盖").sentences[0].text
    assert told == "本期未能读取：东昌生活网、监测平台导入。"


def test_seen_sources_are_said_to_be_seen():
    fine = tuple(replace(line, state="ok") for line in sample.SOURCES)
    bulletin = sample.bulletin(replace(sample.FIGURES, sources=fine))
    assert part(bulletin, "来源覆盖").sentences[0].text == "本期各信息来源均已读取。"
    assert "未见不等于没有" not in text_of(bulletin)


def test_an_empty_day_is_told_in_words():
    said = text_of(sample.bulletin(sample.quiet()))
    assert "当日未新立环境投诉" in said
    assert "当日没有新立事项" in said


def test_long_lists_say_how_much_they_leave_out():
    many = tuple(
        replace(sample.LINES[4], case_id=place, number=f"HY2026-{place:06d}") for place in range(1, 72)
    )
    found = part(sample.bulletin(replace(sample.FIGURES, open_cases=many)), "在办事项")
    assert len(found.table) == 20
    assert "其余51件见舆情台案件列表" in found.sentences[1].text


def test_a_late_issue_keeps_its_day_and_says_so():
    bulletin = sample.bulletin(late=True)
    assert bulletin.day == sample.DAY
    assert "补编" in bulletin.late_note
    assert sample.bulletin().late_note == ""


def test_every_printed_figure_can_be_recounted():
    bulletin = sample.bulletin()
    assert set(figure_keys(bulletin)) == {figure.key for figure in bulletin.figures}
    assert set(case_ids(bulletin)) == set(range(1, 13))
    assert differences(bulletin, sample.FIGURES) == []


def test_a_recount_finds_what_changed():
    changed = replace(sample.FIGURES, counts=sample.counts(cases_opened=(10, 7)), by_kind=())
    found = differences(sample.bulletin(), changed)
    assert any("刊载9件，复算10件" in line for line in found)
    assert any("恶臭异味" in line and "无法复算" in line for line in found)


def test_the_same_figures_give_the_same_bulletin():
    assert sample.bulletin() == sample.bulletin()


def test_figures_are_labelled_in_chinese():
    labels = {figure.key: figure.label for figure in sample.bulletin().figures}
    assert labels["cases_opened"] == "新立投诉"
    assert labels["complaints_weibo"] == "微博"
    assert labels["kind:air.odour"] == "恶臭异味"
    assert labels["state:pending"] == "待受理"
    assert labels["source_posts:bbs_b"] == "东昌生活网"


def test_what_is_said_of_the_end_of_the_day_does_not_depend_on_when_it_was_printed():
    printed = [
        paper(
            sample.DAILY,
            sample.FIGURES,
            65,
            431,
            sample.BUREAU,
            sample.NAMES,
            sample.ISSUED + delay,
            areas=sample.AREAS,
        )
        for delay in (timedelta(0), timedelta(days=9))
    ]
    first, second = (part(bulletin, "限时答复清单") for bulletin in printed)
    assert first == second
    assert first.sentences[0].text.startswith("截至当日24时")


def test_cases_from_earlier_posts_are_told_apart():
    said = text_of(sample.bulletin())
    assert "新立投诉中，2件源于此前发布" in said
    none = replace(sample.FIGURES, counts=sample.counts(cases_earlier=(0, 0)))
    assert "源于此前" not in text_of(sample.bulletin(none))


@pytest.mark.parametrize("heading", ["信息来源", "投诉类别与情绪", "投诉区域"])
def test_a_table_of_posts_says_that_it_counts_posts_and_not_cases(heading):
    assert "与新立件数口径不同" in part(sample.bulletin(), heading).sentences[0].text


def test_answered_cases_and_sent_replies_are_told_in_sentences_of_their_own():
    told = [one.text for one in part(sample.bulletin(), "当日概况").sentences]
    assert not any("公开答复" in text and "发出答复" in text for text in told)


def test_no_citizens_post_is_linked_and_a_news_page_is():
    quote = "看 https://weibo.com/1234567890/Qx1Ab3 和weibo.com/u/1234567890，臭"
    for kind, linked in (("weibo", False), ("forum", False), ("platform", False), ("news", True)):
        url = "https://weibo.com/1234567890/Qx1Ab3"
        bulletin = sample.bulletin(sample.one(quote, source_kind=kind, url=url, title=quote))
        (item,) = part(bulletin, "重点事项").items
        assert item.url == (url if linked else "")
        assert "1234567890" not in item.quote + item.title
        assert item.number in lay_out(bulletin).blocks[3].entries[0].facts
