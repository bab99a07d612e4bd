"""督察信访件 counted and told: districts, kinds and standing of a batch, and the sentence that discloses it.

Values in, words out. One letter may name several districts: it counts in each, and the words say so, so that
whoever adds the districts up comes to the total. Nothing is told while the figures do not add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from types import MappingProxyType
from typing import Final

#: State of a case -> what a disclosure calls it; any other state is open.
STANDING: Final[Mapping[str, str]] = MappingProxyType({"closed": "done", "interim": "interim"})
LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {"done": "已办结", "interim": "阶段性办结", "open": "未办结"}
)
FINDINGS: Final = ("属实", "部分属实", "不属实", "未发现")
LETTERS: Final = "信访举报件"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One letter as it stands at a moment; areas and matters by their printed names."""

    number: str
    focus: bool
    areas: tuple[str, ...]
    matters: tuple[str, ...]
    standing: str  #: done | interim | open
    finding: str = ""  #: 属实 …
    handed_on: bool = False  #: somebody has it to handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of some letters."""

    total: int
    focus: int
    areas: Mapping[str, int]  #: in the official order, those with letters only
    matters: Mapping[str, int]
    standing: Mapping[str, int]  #: every key of LABEL
    findings: Mapping[str, int]  #: of those done or done for now
    handed_on: int
    shared: tuple[Fact, ...]  #: letters that name several areas

    @property
    def repeats(self) -> int:
        """By how many the areas together exceed the total."""
        return sum(len(one.areas) - 1 for one in self.shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the words need beside the counts."""

    team: str
    number: int
    received_on: date
    told_items: int
    told_focus: int
    batches: int  #: of the campaign so far, this one included
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The day's words, or why there are none yet."""

    text: str
    note: str  #: which letters count more than once; "" for none
    faults: tuple[str, ...]


def standing(state: str) -> str:
    """What a case in that state is to a disclosure."""
    return STANDING.get(state, "open")


def tally(facts: Iterable[Fact], areas: Sequence[str], matters: Sequence[str]) -> Tally:
    """The letters counted, areas and matters in the order given; names of neither list come last."""
    found = list(facts)
    settled = [one for one in found if one.standing != "open"]
    stands = Counter(one.standing for one in found)
    return Tally(
        total=len(found),
        focus=sum(one.focus for one in found),
        areas=_ordered(Counter(name for one in found for name in one.areas), areas),
        matters=_ordered(Counter(name for one in found for name in one.matters), matters),
        standing={key: stands[key] for key in LABEL},
        findings=_ordered(Counter(one.finding for one in settled if one.finding), FINDINGS),
        handed_on=sum(one.handed_on for one in found),
        shared=tuple(one for one in found if len(one.areas) > 1),
    )


def faults(of: Tally, so_far: Tally, told: Told) -> tuple[str, ...]:
    """Where the figures do not add up, in Chinese; nothing may be disclosed while there is one."""
    areas, settled = sum(of.areas.values()), so_far.total - so_far.standing["open"]
    wrong = [
        (f"交办单写明{told.told_items}件，已登记{of.total}件", told.told_items != of.total),
        (f"交办单写明重点关注{told.told_focus}件，已登记{of.focus}件", told.told_focus != of.focus),
        (
            f"各辖区合计{areas}件，与总数{of.total}件加重复计数{of.repeats}件不符",
            areas != of.total + of.repeats,
        ),
        ("有信访件没有写明污染类型", sum(of.matters.values()) < of.total),
        (f"累计{so_far.total}件，办理情况合计不符", sum(so_far.standing.values()) != so_far.total),
        (
            f"已办结、阶段性办结{settled}件中，{settled - sum(so_far.findings.values())}件没有写明是否属实",
            sum(so_far.findings.values()) != settled,
        ),
    ]
    return tuple(words for words, is_wrong in wrong if is_wrong)


def disclosure(of: Tally, so_far: Tally, told: Told) -> Disclosure:
    """The words for a batch and for the campaign so far; empty where the figures do not add up."""
    if wrong := faults(of, so_far, told):
        return Disclosure("", "", wrong)
    sentences = [_handed_over(of, told), _problems(of), _handed_on(of), _so_far(so_far, told)]
    return Disclosure("".join(sentences), _note(of), ())


def _handed_over(of: Tally, told: Told) -> str:
    where = "、".join(f"{name}{many}件" for name, many in of.areas.items())
    shared = f"（其中{len(of.shared)}件同时涉及两个以上辖区或部门，见注）" if of.shared else ""
    head = (
        f"{told.received_on.month}月{told.received_on.day}日，{told.team}向我市交办第{told.number}批{LETTERS}"
    )
    return f"{head}{of.total}件（重点关注{of.focus}件），其中{where}{shared}。"


def _problems(of: Tally) -> str:
    what = "、".join(f"{name}{many}个" for name, many in of.matters.items())
    return f"本批{LETTERS}涉及环境问题{sum(of.matters.values())}个，其中{what}。"


def _handed_on(of: Tally) -> str:
    if of.handed_on == of.total:
        return f"上述{LETTERS}已全部交办。"
    if not of.handed_on:
        return f"上述{LETTERS}正在交办。"
    return f"上述{LETTERS}已交办{of.handed_on}件，其余{of.total - of.handed_on}件正在交办。"


def _so_far(so_far: Tally, told: Told) -> str:
    when = f"{told.as_of.month}月{told.as_of.day}日{told.as_of.hour}时"
    stands = "、".join(f"{name}{so_far.standing[key]}件" for key, name in LABEL.items())
    head = f"截至{when}，累计交办{told.batches}批{so_far.total}件（重点关注{so_far.focus}件），{stands}"
    if not so_far.findings:
        return f"{head}。"
    found = "、".join(f"{name}{many}件" for name, many in so_far.findings.items())
    return f"{head}；已办结和阶段性办结的{LETTERS}中，{found}。"


def _note(of: Tally) -> str:
    if not of.shared:
        return ""
    named = "；".join(f"受理编号{one.number}的{LETTERS}同时涉及{'、'.join(one.areas)}" for one in of.shared)
    summed = sum(of.areas.values())
    counted = f"在所涉各处分别计数，各处合计{summed}件，重复计数{of.repeats}件，实为{of.total}件"
    return f"注：{named}；{counted}。"


def _ordered(counts: Counter[str], order: Sequence[str]) -> dict[str, int]:
    names = [*(name for name in order if name in counts), *sorted(set(counts) - set(order))]
    return {name: counts[name] for name in names}
