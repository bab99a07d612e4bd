"""Citations that cannot be right."""

from __future__ import annotations

from datetime import date

import pytest

from publisher import laws

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("依据《大气污染防治法》第一百二十九条", ()),
        ("依据《大气污染防治法》第一百三十条", ("第一百三十条",)),
        ("依据《中华人民共和国大气污染防治法》第81条、第130条", ("第130条",)),
        ("依据噪声法第九十一条", ("第九十一条",)),
        ("违反《山东省大气污染防治条例》第二百条", ()),
        ("依据《海洋环境保护法》第一百二十条", ()),
        ("依据《环境噪声污染防治法》", ("环境噪声污染防治法",)),
        ("依据《山东省信访条例》第六十条", ()),
        ("根据《信访条例》第十四条", ("信访条例",)),
        ("原《环境噪声污染防治法》已于2022年6月5日废止，按新法办理。", ()),
        ("依据《空气污染防治法》", ("空气污染防治法",)),
        ("依据《排污许可管理办法》", ()),
        ("依据《民法典》第二百九十四条", ()),
    ],
)
def test_what_is_wrong_with_a_citation(text: str, found: tuple[str, ...]) -> None:
    assert tuple(text[start:end] for start, end, _, _ in laws.problems(text, TODAY)) == found


def test_a_law_may_be_cited_while_it_was_in_force() -> None:
    assert list(laws.problems("依据《环境噪声污染防治法》", date(2020, 1, 1))) == []


def test_a_repealed_law_names_its_successor() -> None:
    ((*_, suggestion),) = laws.problems("依据《环境噪声污染防治法》", TODAY)
    assert suggestion == "噪声污染防治法"


@pytest.mark.parametrize(
    ("written", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("一百零八", 108), ("一百一十七", 117), ("90", 90)],
)
def test_chinese_numbers_are_read(written: str, value: int) -> None:
    assert laws.number(written) == value


def test_every_law_states_its_source() -> None:
    assert len(laws.LAWS) > 10
    assert all(row.source and row.valid_from for row in laws.LAWS)
    assert all(row.replaced_by for row in laws.LAWS if row.valid_to)
