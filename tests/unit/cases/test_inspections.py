"""The disclosure of a batch of 督察信访件: whoever adds up what is printed comes to the total, or nothing is printed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.inspections import LABEL
from cases.inspections import Fact
from cases.inspections import Told
from cases.inspections import disclosure
from cases.inspections import standing
from cases.inspections import tally
from huanyu.clock import SHANGHAI

AREAS = (
    "东昌府区",
    "茌平区",
    "临清市",
    "冠县",
    "莘县",
    "阳谷县",
    "东阿县",
    "高唐县",
    "经开区",
    "高新区",
    "度假区",
    "市直部门",
)
MATTERS = ("大气", "水", "噪声", "固废", "土壤", "生态", "其他")
NOON = datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI)
COUNTED = re.compile(r"([^、，；。\d（）]+?)(\d+)件")


def letter(number: int, areas: tuple[str, ...], matters: tuple[str, ...] = ("大气",), **more: object) -> Fact:
    told = {"focus": False, "standing": "open", "handed_on": True, **more}
    return Fact(number=f"X3LC20260304{number:03d}", areas=areas, matters=matters, **told)


BATCH = (
    letter(1, ("东昌府区",), focus=True),
    letter(2, ("东昌府区", "高新区", "市直部门"), ("大气", "噪声")),
    letter(3, ("茌平区",), ("水",), standing="interim", finding="属实"),
    letter(4, ("冠县", "莘县"), ("固废",), standing="done", finding="不属实"),
)


def told(items: int, focus: int, batches: int = 1) -> Told:
    return Told(
        team="省生态环境保护督察组",
        number=2,
        received_on=date(2026, 3, 4),
        told_items=items,
        told_focus=focus,
        batches=batches,
        as_of=NOON,
    )


def test_a_batch_with_several_districts_foots_to_its_total() -> None:
    counted = tally(BATCH, AREAS, MATTERS)
    found = disclosure(counted, counted, told(4, 1))
    assert not found.faults
    assert found.text == (
        "3月4日，省生态环境保护督察组向我市交办第2批信访举报件4件（重点关注1件），"
        "其中东昌府区2件、茌平区1件、冠县1件、莘县1件、高新区1件、市直部门1件（其中2件同时涉及两个以上辖区或部门，见注）。"
        "本批信访举报件涉及环境问题5个，其中大气2个、水1个、噪声1个、固废1个。"
        "上述信访举报件已全部交办。"
        "截至3月5日12时，累计交办1批4件（重点关注1件），已办结1件、阶段性办结1件、未办结2件；"
        "已办结和阶段性办结的信访举报件中，属实1件、不属实1件。"
    )
    assert found.note == (
        "注：受理编号X3LC20260304002的信访举报件同时涉及东昌府区、高新区、市直部门；"
        "受理编号X3LC20260304004的信访举报件同时涉及冠县、莘县；"
        "在所涉各处分别计数，各处合计7件，重复计数3件，实为4件。"
    )


def test_no_footnote_where_nothing_counts_twice() -> None:
    counted = tally(BATCH[:1], AREAS, MATTERS)
    found = disclosure(counted, counted, told(1, 1))
    assert (found.note, "见注" in found.text) == ("", False)


@pytest.mark.parametrize(
    ("letters", "items", "focus", "expected"),
    [
        (BATCH, 5, 1, "交办单写明5件，已登记4件"),
        (BATCH, 4, 2, "交办单写明重点关注2件，已登记1件"),
        ((replace(BATCH[0], areas=()), *BATCH[1:]), 4, 1, "各辖区合计6件，与总数4件加重复计数3件不符"),
        ((replace(BATCH[0], matters=()),), 1, 1, "有信访件没有写明污染类型"),
        ((replace(BATCH[2], finding=""),), 1, 0, "已办结、阶段性办结1件中，1件没有写明是否属实"),
    ],
    ids=["items", "focus", "areas", "matters", "findings"],
)
def test_nothing_is_told_that_does_not_add_up(
    letters: tuple[Fact, ...], items: int, focus: int, expected: str
) -> None:
    counted = tally(letters, AREAS, MATTERS)
    found = disclosure(counted, counted, told(items, focus))
    assert (found.text, found.note) == ("", "")
    assert expected in found.faults


def test_what_is_not_handed_on_yet_is_said() -> None:
    counted = tally([replace(BATCH[0], handed_on=False), BATCH[2]], AREAS, MATTERS)
    assert "已交办1件，其余1件正在交办。" in disclosure(counted, counted, told(2, 1)).text
    counted = tally([replace(BATCH[0], handed_on=False)], AREAS, MATTERS)
    assert "上述信访举报件正在交办。" in disclosure(counted, counted, told(1, 1)).text


def names(of: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), min_size=1, max_size=4, unique=True).map(tuple)


@given(st.lists(st.tuples(names(AREAS), names(MATTERS), st.booleans()), min_size=1, max_size=30))
def test_what_is_printed_adds_up_whatever_the_letters_name(
    drawn: list[tuple[tuple[str, ...], tuple[str, ...], bool]],
) -> None:
    facts = [letter(at, areas, matters, focus=focus) for at, (areas, matters, focus) in enumerate(drawn)]
    counted = tally(facts, AREAS, MATTERS)
    found = disclosure(counted, counted, told(len(facts), sum(one.focus for one in facts)))
    printed = found.text.partition("），其中")[2].partition("。")[0].partition("（其中")[0]
    by_area = {name: int(many) for name, many in COUNTED.findall(printed)}
    repeats = re.search(r"重复计数(\d+)件", found.note)
    assert sum(by_area.values()) - (int(repeats[1]) if repeats else 0) == len(facts)
    assert by_area == {name: many for name in AREAS if (many := sum(name in one.areas for one in facts))}


def test_a_case_stands_as_its_state_says() -> None:
    assert [LABEL[standing(state)] for state in ("closed", "interim", "signed", "answered")] == [
        "已办结",
        "阶段性办结",
        "未办结",
        "未办结",
    ]
