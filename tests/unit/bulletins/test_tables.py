"""How tables are measured: nothing squeezed, nothing torn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import tables
from bulletins.tables import Cell

WORDS = st.text(alphabet="环境A1/：", max_size=60)


def made(head, *rows):
    return tables.table(head, [[tables.cell(text) for text in row] for row in rows])


@given(
    st.integers(1, 7).flatmap(
        lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=1, max_size=5)
    )
)
def test_widths_always_fill_the_page(rows):
    found = made([f"栏{place}" for place in range(len(rows[0]))], *rows)
    assert all(width > 0 for width in found.widths)
    assert abs(sum(found.widths) - 1000) <= len(found.widths)


def test_a_case_number_stays_on_one_line_beside_a_long_text():
    found = made(("编号", "事项", "时限"), ("HY2026-000181", "夜间施工噪声扰民" * 6, "3月5日 01:30"))
    assert found.keep == (True, False, True)
    assert found.widths[0] / 1000 * 442 - 9 > tables.width("HY2026-000181") * found.size / 2


def test_a_long_address_is_shortened_in_print_and_whole_in_the_link():
    address = "https://hb.example.cn/" + "r/" * 140
    cell = tables.cell(address)
    assert len(cell.text) <= 42
    assert cell.href == address


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "https://a b", "http://", "ftp://x/y", "冠县", "https://[bad"]
)
def test_what_is_no_web_address_is_no_link(text):
    assert tables.cell(text) == Cell(text)


def test_a_short_table_stays_whole_and_a_long_one_may_run_over():
    row = ("冠县", "3")
    assert made(("区域", "条数"), *[row] * 6).whole
    assert not made(("区域", "条数"), *[row] * 40).whole


def test_a_row_higher_than_half_a_page_may_be_cut():
    assert made(("编号", "事项"), ("1", "噪声" * 900)).tall
    assert not made(("编号", "事项"), ("1", "噪声" * 30)).tall


def test_only_wide_tables_become_cards_on_a_phone():
    assert not made(("区域", "条数"), ("冠县", "3")).cards
    assert made(("编号", "事项", "单位"), ("HY2026-000181", "夜间施工噪声扰民" * 3, "市城市管理局")).cards


def test_the_matter_heads_the_card_and_not_its_number():
    assert made(("编号", "事项", "单位"), ("1", "噪声", "城管")).lead == 1
    assert made(("编号", "时限"), ("1", "3月5日")).lead == 0


def test_columns_of_numbers_are_told_from_columns_of_words():
    found = made(("类别", "本月", "增减", "环比", "占比"), ("噪声", "88条", "−3", "+11.7%", "2.1个百分点"))
    assert found.numeric == (False, True, True, True, True)


def test_a_length_of_time_has_room_for_the_blanks_some_machines_set_round_digits():
    long = (
        "3月2日 15:40",
        "已超10天11小时",
        "夜间施工噪声扰民" * 3,
        "东昌府区综合行政执法局",
        "HY2026-000181",
    )
    found = made(("最近时限", "距时限", "事项", "承办单位", "编号"), long)
    for place in (0, 1):
        joints = long[place].count("天") * 2 + long[place].count("月") * 2 + 2
        room = (found.widths[place] / 1000 * 442 - 9) / (found.size / 2)
        assert room >= tables.width(long[place]) + 0.2 * joints - 0.5
