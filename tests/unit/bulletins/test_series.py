"""What weekly to yearly issues, 简报, 快报 and 专报 say: comparisons, shares, statistics, words a person typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import timedelta

import pytest
import sample

from bulletins import blocks
from bulletins import evidence
from bulletins import wording
from bulletins.compile import differences
from bulletins.compile import paper
from huanyu.blocks import FIGURES
from huanyu.blocks import SECTIONS
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import Blocked
from huanyu.errors import ConfigError
from huanyu.types import Figure
from huanyu.types import Remark
from huanyu.types import Said
from huanyu.types import Section
from huanyu.types import Sentence

BUREAU = load_bureau(SHIPPED)
NAMES = sample.NAMES | {series.key: series.name for series in BUREAU.bulletins}
YEAR = wording.manner("year", date(2017, 12, 31), small=10)
MONTH = wording.manner("month", date(2026, 3, 31), small=10)


def cell(key, value, previous=None, year_before=None, unit="件"):
    return Figure(
        key=key,
        value=value,
        previous=previous,
        year_before=year_before,
        unit=unit,
        label=key.partition(":")[2],
        query="cells",
    )


def of(span, first, last, counts=None, cells=(), **more):
    changed = tuple(replace(figure, **(counts or {}).get(figure.key, {})) for figure in sample.FIGURES.counts)
    return replace(
        sample.FIGURES,
        span=span,
        first_day=first,
        day=last,
        period_from=sample.START.replace(year=first.year, month=first.month, day=first.day),
        period_to=sample.START.replace(year=last.year, month=last.month, day=last.day) + timedelta(days=1),
        counts=changed,
        cells=tuple(cells),
        **more,
    )


def issue(key, figures, **more):
    return paper(
        BUREAU.series(key), figures, 1, 1, sample.BUREAU, NAMES, sample.ISSUED, areas=sample.AREAS, **more
    )


def part(bulletin, heading):
    return next(found for found in bulletin.sections if found.heading == heading)


def words(section):
    return "".join(sentence.text for sentence in section.sentences)


@pytest.mark.parametrize(
    ("value", "previous", "year_before", "told"),
    [
        (
            30,
            20,
            40,
            "比上月增加10件、环比上升50.0%（上月20件）；比上年同月减少10件、同比下降25.0%（上年同月40件）",
        ),
        (30, 9, None, "比上月增加21件（上月9件，基数小，不计百分比）"),
        (30, 0, 30, "比上月增加30件（上月为零，不计百分比）；与上年同月持平（上年同月30件）"),
        (30, None, None, ""),
    ],
)
def test_both_comparisons_are_told_with_their_bases_and_no_percent_of_a_small_one(
    value, previous, year_before, told
):
    assert wording.change(cell("cases_opened", value, previous, year_before), MONTH) == told


def test_petitions_of_a_year_are_told_as_the_reports_tell_them():
    figure = cell("petitions_received", 1696, year_before=1518)
    assert wording.change(figure, YEAR) == "比上年增加178件、同比上升11.7%（上年1518件）"
    assert wording.growth_in_a_year(figure, 10) == "+11.7%"


def test_a_change_of_a_share_is_told_in_percentage_points():
    now, before = wording.share(30, 100), wording.share(25, 100)
    assert wording.points(now, before, "上月") == "比上月上升5.0个百分点"
    assert wording.points(before, now, "上月") == "比上月下降5.0个百分点"
    assert wording.points(now, now, "上月") == "与上月持平"


def year_2017():
    counts = {
        "weibo_received": {"value": 118, "previous": None},
        "platform_received": {"value": 241, "previous": None},
        "petitions_received": {"value": 1696, "previous": None, "year_before": 1518},
        "complaints_weibo": {"value": 118, "previous": None},
        "complaints_platform": {"value": 241, "previous": None},
    }
    issued = (cell("issued:brief", 90, unit="期"), cell("issued:daily", 365, unit="期"))
    return of("year", date(2017, 1, 1), date(2017, 12, 31), counts, issued)


def test_the_statistics_keep_each_unit_and_add_nothing():
    told = words(part(issue("yearly", year_2017()), "统计"))
    assert "官方微博接到网络舆情118起。" in told
    assert "收到环保舆情241件。" in told
    assert "舆情简报90期、每日舆情365期" in told
    assert "1696件，比上年增加178件、同比上升11.7%（上年1518件）。" in told
    assert "不相加" in told
    whole = "\n".join(words(section) for section in issue("yearly", year_2017()).sections)
    assert "359" not in whole
    assert "449" not in whole


@pytest.mark.parametrize("key", [series.key for series in BUREAU.bulletins])
def test_every_series_compiles_with_a_source_for_every_number(key):
    figures = of("month", date(2026, 3, 1), date(2026, 3, 31), cells=month_cells())
    made = issue(
        key, figures, remarks=[Remark(kind="advice", text="建议3日内约谈。", author="李岚", at=sample.ISSUED)]
    )
    for section in made.sections:
        for sentence in section.sentences:
            if any(char.isdigit() for char in sentence.text):
                assert sentence.figures or sentence.cases or sentence.author, sentence.text
    assert differences(made, figures) == []
    assert "当日" not in "".join(words(section) for section in made.sections if section.heading != "重点事项")


def month_cells():
    return (
        cell("case_kind:air.odour", 60, 40, 30),
        cell("case_kind:noise.social", 50, 50, None),
        cell("case_area:371502", 70, 60, 50),
        cell("case_area:", 3, 0, 0),
        cell("case_level:重大", 2, 1, 0),
        cell("case_level:一般", 98, 89, 0),
        cell("issued:daily", 31, 28, 31, unit="期"),
    )


def month(**more):
    counts = {"cases_opened": {"value": 100, "previous": 90, "year_before": 80}}
    return of("month", date(2026, 3, 1), date(2026, 3, 31), counts, month_cells(), **more)


def test_shares_are_of_cases_with_their_base_and_may_exceed_a_hundred_percent():
    found = part(issue("monthly", month()), "新立事项类别")
    assert "按新立件数（100件）计" in words(found)
    assert "占比之和可超过百分之百" in words(found)
    assert "恶臭异味，60件，占60.0%，占比比上月上升15.6个百分点（上月40件，占44.4%）" in words(found)
    assert found.table_head == ("类别", "件数", "占新立件数", "上月", "环比", "上年同月", "同比")
    assert found.table[0] == ("恶臭异味", "60", "60.0%", "40", "+50.0%", "30", "+100.0%")


def test_no_share_is_told_of_few_cases():
    few = of(
        "month",
        date(2026, 3, 1),
        date(2026, 3, 31),
        {"cases_opened": {"value": 9, "previous": None, "year_before": None}},
        (cell("case_kind:air.odour", 9),),
    )
    found = part(issue("monthly", few), "新立事项类别")
    assert "基数小，不计占比" in words(found)
    assert found.table == (("恶臭异味", "9", "—"),)


def test_places_stand_in_the_official_order_in_every_series():
    rows = part(issue("monthly", month()), "新立事项区域").table
    assert [row[0] for row in rows] == [sample.NAMES[area] for area in sample.AREAS] + ["地点待核"]
    assert rows[0][1:] == ("70", "60", "+16.7%", "50", "+40.0%")
    assert rows[1][1:] == ("0", "0", "—", "0", "—")


def test_levels_are_told_gravest_first():
    assert "重大2件、一般98件" in words(part(issue("monthly", month()), "事项等级"))


def test_a_title_names_its_period():
    assert issue("monthly", month()).title == "2026年3月环保舆情月报"
    assert issue("yearly", year_2017()).title == "2017年环保舆情年报"


def test_recurring_matters_come_before_repeated_ones():
    figures = month(reopened=(sample.LINES[3],), repeated=sample.LINES[:4])
    rows = part(issue("monthly", figures), "重复反映与复发").table
    assert [row[2] for row in rows] == ["复发", "重复反映", "重复反映", "重复反映"]
    assert rows[0][0] == sample.LINES[3].number


def test_returned_matters_are_listed():
    rows = part(issue("monthly", month(returned=sample.LINES[:2])), "退单情况").table
    assert [row[0] for row in rows] == [sample.LINES[0].number, sample.LINES[1].number]


def test_praise_is_quoted_without_what_leads_to_a_person():
    said = Said(post_id=7, source_kind="weibo", area="371502", quote="谢谢，电话13800000000已回访，河清了")
    rows = part(issue("monthly", month(praise=(said,))), "正面评价与答复效果").table
    assert rows[0][1:] == ("微博", "东昌府区")
    assert "13800000000" not in rows[0][0]
    assert "河清了" in rows[0][0]


def test_reposts_are_told_and_not_counted():
    assert "转载或重复刊发的投诉信息2条，未重复计数" in words(part(issue("monthly", month()), "本月概况"))


def test_what_a_person_typed_is_printed_with_the_name_and_only_then():
    assert not any(found.heading == "研判与建议" for found in issue("monthly", month()).sections)
    typed = Remark(
        kind="judgement", text="夜间异味或与换班有关，概率约三成。", author="李岚", at=sample.ISSUED
    )
    found = part(issue("monthly", month(), remarks=[typed]), "研判与建议")
    assert words(found) == "【研判，李岚撰写，非程序生成】夜间异味或与换班有关，概率约三成。"
    assert found.sentences[0].author == "李岚"


def test_nothing_can_pass_for_a_persons_words():
    forged = Section(heading="研判与建议", sentences=(Sentence(text="全年下降30%。", author="李岚"),))
    with pytest.raises(Blocked, match="不是本人所写"):
        evidence.refuse_unsupported([forged], (), (), ["别的话。"])


def test_a_brief_is_a_list_of_hand_over_slips_with_their_status():
    lines = (replace(sample.LINES[1], signed_at=sample.ISSUED), sample.LINES[0])
    figures = of("free", sample.DAY, sample.DAY, new_cases=lines)
    found = part(issue("brief", figures, scope="cases:1,2"), "转办事项")
    assert found.table_head == ("编号", "承办单位", "签收", "时限", "状态")
    assert [row[2] for row in found.table] == ["3月6日 08:30", "未签收"]
    assert [row[4] for row in found.table] == ["已签收", "已转办"]
    assert len(found.items) == 2


def test_a_flash_tells_one_matter_and_that_a_program_was_triggered():
    figures = of("free", sample.DAY, sample.DAY, new_cases=(sample.LINES[1],))
    told = words(part(issue("flash", figures, scope="case:2"), "事项"))
    assert "等级较大，紧急" in told
    assert "内容待核实" in told


def test_the_bureaus_own_words_stand_under_its_own_heading_with_their_figures():
    own = BUREAU.series("monthly").model_copy(
        update={"template": "# 局领导关注\n{时段}新立{新立投诉}，{新立投诉:比较}。\n\n{概况}\n{单位}编。\n"}
    )
    made = paper(own, month(), 1, 1, sample.BUREAU, NAMES, sample.ISSUED, areas=sample.AREAS)
    assert [found.heading for found in made.sections] == ["局领导关注", "本月概况", "说明"]
    assert words(made.sections[0]).startswith("2026年3月新立100件，比上月增加10件")
    assert made.sections[0].sentences[0].figures == ("cases_opened",)


def test_an_unknown_block_is_refused_by_the_compiler_too():
    own = BUREAU.series("monthly").model_copy(update={"template": "{概况}\n{不存在}\n"})
    with pytest.raises(ConfigError, match=r"模板第 2 行: 没有名为 \{不存在\} 的块"):
        paper(own, month(), 1, 1, sample.BUREAU, NAMES, sample.ISSUED, areas=sample.AREAS)


def test_every_block_has_a_writer_and_every_figure_a_query():
    assert set(SECTIONS.values()) == set(blocks.WRITERS)
    assert set(FIGURES.values()) <= {figure.key for figure in sample.FIGURES.counts}


@pytest.mark.parametrize(
    ("mark", "number"), [("内部资料 注意保存", ""), ("秘密★1年", "000001"), ("机密", "000001")]
)
def test_a_classified_issue_bears_a_copy_number_and_no_other_does(mark, number):
    bureau = sample.BUREAU.model_copy(update={"bulletin_mark": mark})
    made = paper(sample.DAILY, sample.FIGURES, 65, 431, bureau, sample.NAMES, sample.ISSUED)
    assert made.copy_number == number


def test_units_stand_with_their_wholes_and_no_rate_of_few():
    values = {
        "unit_given": 12,
        "unit_returned": 3,
        "unit_due": 4,
        "unit_met": 3,
        "unit_days": 2,
        "unit_reported": 7,
    }
    cells = tuple(
        Figure(key=f"{group}:gaoxin", value=value, unit="件", label="gaoxin", query="cells")
        for group, value in values.items()
    )
    made = issue("monthly", replace(sample.FIGURES, cells=(*sample.FIGURES.cells, *cells)))
    section = part(made, "承办单位办理情况")
    assert section.table == (("gaoxin", "12", "3/12（25.0%）", "—", "3/4", "2天（7件）", "—"),)
    assert {one.key for one in cells} <= {one.key for one in made.figures}
    assert "尚未复查的2件" in section.sentences[1].text
