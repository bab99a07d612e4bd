"""Ranks and rates: equals share a rank, few are not ranked, whoever adds up comes to the total."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import case_boards
from cases.boards import Board
from cases.boards import Spot
from cases.boards import plain
from cases.boards import read
from cases.case_boards import Past
from cases.ranks import Rule
from cases.ranks import Share
from cases.ranks import ends
from cases.ranks import improved
from cases.ranks import moved
from cases.ranks import ranks
from cases.ranks import rounded
from cases.ranks import sums
from cases.ranks import told
from huanyu.ranking_rows import FigureRow
from huanyu.ranking_rows import RankingRow

RULE = Rule()
NO_PAST = Past()
VALUES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.fractions(0, 100, max_denominator=40), min_size=1
)
SHARES = st.integers(0, 30).flatmap(
    lambda whole: st.integers(0, whole).map(lambda part: Share(tuple(range(part)), tuple(range(whole))))
)
FIGURES = (
    FigureRow(key="on_time", name="按时办结率", weight=60, needed=True),
    FigureRow(key="satisfied", name="满意率", weight=30),
    FigureRow(key="returned", name="退单率", weight=10),
)
ROW = RankingRow(
    key="handling",
    name="办理情况",
    title="关于{period}的通报",
    form="x",
    of="cases",
    levels=("county",),
    figures=FIGURES,
)
SPOTS = (
    Spot("371524", "东阿县", "county", "371524"),
    Spot("371525", "冠县", "county", "371525"),
    Spot("371526", "高唐县", "county", "371526"),
    Spot("371521", "阳谷县", "county", "371521"),
)


def share(part: int, whole: int) -> Share:
    return Share(tuple(range(part)), tuple(range(whole)))


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [("1/8", 2, "0.13"), ("-1/8", 2, "-0.13"), ("2", 1, "2.0"), ("-1/100", 1, "0.0"), ("5/2", 0, "3")],
)
def test_half_goes_up_as_by_hand(value: str, digits: int, shown: str) -> None:
    assert str(rounded(Fraction(value), digits)) == shown


@given(VALUES, st.integers(0, 2), st.booleans(), st.sampled_from(["printed", "exact"]))
def test_a_rank_is_one_more_than_those_better(
    values: dict[str, Fraction], digits: int, less: bool, ties: str
) -> None:
    shown = {key: rounded(one, digits) if ties == "printed" else one for key, one in values.items()}
    for key, rank in ranks(values, digits, less, Rule(ties=ties)).items():
        better = [one for one in shown.values() if (one < shown[key] if less else one > shown[key])]
        assert rank == len(better) + 1


@given(VALUES, st.booleans())
def test_where_no_rank_is_left_out_they_follow_on_each_other(values: dict[str, Fraction], less: bool) -> None:
    found = ranks(values, 1, less, Rule(after_ties="next"))
    assert sorted(set(found.values())) == list(range(1, len(set(found.values())) + 1))


@given(VALUES)
def test_the_order_they_came_in_changes_no_rank(values: dict[str, Fraction]) -> None:
    turned = dict(reversed(list(values.items())))
    assert ranks(values, 1, False, RULE) == ranks(turned, 1, False, RULE)


def test_equals_as_printed_share_a_rank_and_the_next_is_left_out() -> None:
    values = {
        "a": Fraction(98),
        "b": Fraction(98),
        "c": Fraction("90.04"),
        "d": Fraction("90.01"),
        "e": Fraction(3),
    }
    assert ranks(values, 1, False, RULE) == {"a": 1, "b": 1, "c": 3, "d": 3, "e": 5}
    assert ranks(values, 1, False, Rule(ties="exact")) == {"a": 1, "b": 1, "c": 3, "d": 4, "e": 5}
    assert ranks(values, 1, False, Rule(after_ties="next")) == {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}


@given(VALUES, st.integers(0, 5), st.integers(0, 5))
def test_nobody_is_named_at_both_ends_and_no_equal_is_left_out(
    values: dict[str, Fraction], best: int, worst: int
) -> None:
    ranked = ranks(values, 1, False, RULE)
    top, bottom = ends(ranked, best, worst)
    assert not set(top) & set(bottom)
    for named in (top, bottom):
        at = {ranked[key] for key in named}
        assert {key for key, rank in ranked.items() if rank in at} <= {*top, *bottom}


def test_few_are_told_as_few() -> None:
    assert told(share(9, 12), RULE) == "75.0%（9/12）"
    assert told(share(3, 4), RULE) == "3/4"
    assert told(share(0, 0), RULE) == "—"


def test_how_a_rank_has_moved() -> None:
    assert [moved(5, 3), moved(3, 5), moved(3, 3), moved(None, 3), moved(3, None)] == [
        *("上升2位", "下降2位", "持平"),
        *("—", "—"),
    ]


def test_a_figure_that_should_be_low_is_better_when_it_falls() -> None:
    assert improved(Fraction(50), Fraction(40), less_is_better=True) == 20
    assert improved(Fraction(50), Fraction(40), less_is_better=False) == -20
    assert improved(Fraction(0), Fraction(40), less_is_better=True) is None


@given(st.dictionaries(st.sampled_from(["on_time", "satisfied", "returned"]), SHARES))
def test_a_score_lies_between_none_and_all(shares: dict[str, Share]) -> None:
    value = case_boards.score(shares, FIGURES, RULE)
    due = shares.get("on_time", Share())
    assert (value is None) == (len(due.whole) < RULE.few)
    assert value is None or 0 <= value <= 100


def board(shares: dict[str, dict[str, Share]], past: Past = NO_PAST, beside: int = 2) -> Board:
    return case_boards.board(
        ROW, SPOTS, shares, {"市直单位承办": beside}, past, period="2026年11月", before="上月", rule=RULE
    )


def test_who_has_few_or_none_is_listed_and_not_ranked() -> None:
    found = board(
        {
            "371524": {"on_time": share(9, 10), "satisfied": share(5, 5)},
            "371525": {"on_time": share(4, 4)},
            "371526": {"on_time": share(10, 10), "satisfied": share(2, 4)},
        },
        Past(before={"371524": 1, "371526": 2}),
    )
    assert [(line.spot.name, line.rank, line.value, line.moved) for line in found.lines] == [
        ("高唐县", 1, "100.0", "上升1位"),  # four opinions are too few to count
        ("东阿县", 2, "93.3", "下降1位"),  # (60×0.9 + 30×1) / 90
        ("冠县", None, "—", "—"),
        ("阳谷县", None, "—", "—"),
    ]
    assert found.words[0] == "2026年11月，表列各单位合计按时办结率95.8%（23/24），满意率77.8%（7/9）。"
    assert "基数不足5件，只列件数、不排名的：冠县；没有办件，不排名的：阳谷县。" in found.words
    assert any("市直单位承办2件" in note for note in found.notes)


def test_the_sum_of_the_lines_is_the_citys_only_where_no_case_is_left_out() -> None:
    lines = {"371524": {"on_time": share(9, 10)}}
    assert board(lines, beside=0).words[0] == "2026年11月，全市按时办结率90.0%（9/10）。"
    assert board(lines).words[0] == "2026年11月，表列各单位合计按时办结率90.0%（9/10）。"


@given(
    st.dictionaries(st.sampled_from([one.key for one in SPOTS]), st.fixed_dictionaries({"on_time": SHARES}))
)
def test_the_city_is_the_sum_of_its_lines(shares: dict[str, dict[str, Share]]) -> None:
    found = board(shares)
    whole = sums([line.shares["on_time"] for line in found.lines])
    assert len(whole.whole) == sum(len(one["on_time"].whole) for one in shares.values())
    assert not whole.whole or f"按时办结率{told(whole, RULE)}" in found.words[0]


@given(
    st.dictionaries(st.sampled_from([one.key for one in SPOTS]), st.fixed_dictionaries({"on_time": SHARES}))
)
def test_what_is_kept_is_what_is_read(shares: dict[str, dict[str, Share]]) -> None:
    assert read(plain(board(shares))) == board(shares)
