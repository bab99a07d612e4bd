"""政府信息公开申请: its states, the day by which it must be answered, and the table of a year.

Pure: a request, its consultations and a calendar in; days, cards and counts out. Articles are those of 政府信息公开条例.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from cases.calendar import WorkCalendar
from huanyu.errors import IllegalMove
from huanyu.info_rows import InfoTable
from huanyu.info_rows import OutcomeRow
from huanyu.types import Consultation
from huanyu.types import InfoDispute
from huanyu.types import InfoRequest

OPEN: Final = "open"
AMENDING: Final = "amending"
ANSWERED: Final = "answered"
VOID: Final = "void"
LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {OPEN: "办理中", AMENDING: "待补正", ANSWERED: "已答复", VOID: "作废"}
)
GOING: Final = (OPEN, AMENDING)
#: act -> states in which it may be done
ALLOWED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "amend": (OPEN,),
        "amended": (AMENDING,),
        "consult": (OPEN,),
        "heard": GOING,
        "ask_extension": (OPEN,),
        "decide_extension": (OPEN,),
        "tell_extension": (OPEN,),
        "answer": GOING,
        "void": GOING,
        "reopen": (ANSWERED,),
        "dispute": (*GOING, ANSWERED),  # over an answer, or over none
        "ruled": (*GOING, ANSWERED),
    }
)
#: What is done to a request, as its history calls it.
STEPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "received": "登记",
        "amend": "告知补正",
        "amended": "收到补正",
        "consult": "征求意见",
        "heard": "征求意见结束",
        "ask_extension": "申请延期",
        "decide_extension": "延期批复",
        "tell_extension": "延期已告知申请人",
        "answer": "答复",
        "void": "作废",
        "reopen": "更正答复登记",
        "dispute": "被申请复议、被起诉",
        "ruled": "复议、诉讼有结果",
        "read": "查看申请人信息",
    }
)
CARDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "yellow": "快到期",
        "red": "已超期",
        "unamended": "逾期未补正",
        "untold": "延期未告知",
        "unheard": "征求意见到期",
    }
)
NUMERALS: Final = "一二三四五六七八九十"
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a request stands on a day."""

    due: date | None  #: the last day to answer; None while the applicant puts it right, and for a void one
    left: int  #: working days from that day to `due`, negative once it is over
    stands: bool  #: others are asked and still have time to answer, which does not count
    unheard_by: date | None  #: of those who did not answer in their time, the last day the latest of them had
    provisional: bool  #: the holiday notice of that year is not known yet
    card: str  #: of CARDS, "" for none

    @property
    def late(self) -> bool:
        """Whether it was, or is, not answered in time."""
        return self.due is not None and self.left < 0


def check(act: str, one: InfoRequest) -> None:
    """Raise IllegalMove where this cannot be done to the request as it stands."""
    if one.state not in ALLOWED[act]:
        raise IllegalMove(f"这件申请{LABEL[one.state]}，不能{STEPS[act]}", number=one.number)


def stopped(
    calendar: WorkCalendar, consulted: Iterable[Consultation], begin: date, today: date
) -> frozenset[date]:
    """Working days after `begin` that do not count (article 33): from the day after asking to the day of the view.

    Who has not answered by the last day (articles 32, 34) stops nothing any more until a view is noted.
    """
    found: set[date] = set()
    for one in consulted:
        last = min(today, one.due_on) if one.ended_on is None else one.ended_on
        day = max(one.asked_on, begin) + ONE_DAY
        while day <= last:
            if calendar.is_workday(day):
                found.add(day)
            day += ONE_DAY
    return frozenset(found)


def due(
    calendar: WorkCalendar, table: InfoTable, one: InfoRequest, consulted: Sequence[Consultation], today: date
) -> date:
    """The last day to answer (article 33); a consultation under way is reckoned as though it ended today."""
    days = table.answer_days + (one.extend_days if one.extension == "agreed" else 0)
    off = stopped(calendar, consulted, one.begins_on, today)
    return calendar.add_workdays(one.begins_on, days + len(off))


def standing(
    calendar: WorkCalendar, table: InfoTable, one: InfoRequest, consulted: Sequence[Consultation], today: date
) -> Standing:
    """How the request stands on that day; one that was answered, as it stood when it was."""
    if one.state in {AMENDING, VOID}:
        waited = one.state == AMENDING and one.amend_until is not None and today > one.amend_until
        return Standing(
            due=None,
            left=0,
            stands=False,
            unheard_by=None,
            provisional=False,
            card="unamended" if waited else "",
        )
    day = one.answered_on or today
    last = due(calendar, table, one, consulted, day)
    waiting = [each for each in consulted if each.ended_on is None] if one.state == OPEN else []
    unheard = [each.due_on for each in waiting if today > each.due_on]
    stands = len(unheard) < len(waiting)
    left = calendar.workdays_after(day, last) if day <= last else -max(1, calendar.workdays_after(last, day))
    return Standing(
        due=last,
        left=left,
        stands=stands,
        unheard_by=max(unheard, default=None),
        provisional=not calendar.published(last.year),
        card=_card(table, one, left, stands, bool(unheard)),
    )


def _card(table: InfoTable, one: InfoRequest, left: int, stands: bool, unheard: bool) -> str:
    if one.state != OPEN:
        return ""
    if left < 0:
        return "red"
    if left <= table.yellow_days and not stands:
        return "yellow"
    return "untold" if untold(one) else "unheard" if unheard else ""


def untold(one: InfoRequest) -> bool:
    """Whether more time was agreed to and the applicant does not know (article 33)."""
    return one.extension == "agreed" and one.extension_told_on is None


def outcomes(table: InfoTable, one: InfoRequest, today: date) -> tuple[OutcomeRow, ...]:
    """The kinds of answers the request may get on that day, in the order of the table."""
    rows = (row for row in table.outcome if row.valid_on(today))
    if one.state == OPEN:
        return tuple(row for row in rows if not row.only_amending)
    over = one.amend_until is not None and today > one.amend_until
    return tuple(row for row in rows if row.while_amending or (row.only_amending and over))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the yearly table: a count for each sort of applicant, and all of them."""

    name: str
    depth: int  #: 0 一、 1 （一） 2 1.
    counts: tuple[int, ...]  #: empty where the line is a heading

    @property
    def total(self) -> int | None:
        return sum(self.counts) if self.counts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One way to dispute answers in the yearly table: a count for each result, and for those without one."""

    group: str
    name: str
    counts: tuple[int, ...]  #: as the table lists results, 尚未审结 last

    @property
    def total(self) -> int:
        return sum(self.counts)


PENDING: Final = "尚未审结"


def disputes(table: InfoTable, found: Iterable[InfoDispute], of: int) -> tuple[Dispute, ...]:
    """政府信息公开行政复议、行政诉讼情况 of a year: decided in it, or not decided by its end."""
    first, last = date(of, 1, 1), date(of, 12, 31)
    seen = [one for one in found if one.began_on <= last and (one.ended_on is None or one.ended_on >= first)]
    ruled = [one for one in seen if one.ended_on is not None and one.ended_on <= last]
    waiting = [one for one in seen if one.ended_on is None or one.ended_on > last]
    return tuple(
        Dispute(
            group=row.group,
            name=row.name,
            counts=(
                *(
                    sum((one.kind, one.ruling) == (row.key, each.key) for one in ruled)
                    for each in table.ruling
                ),
                sum(one.kind == row.key for one in waiting),
            ),
        )
        for row in table.dispute
    )


def year(table: InfoTable, found: Collection[InfoRequest], of: int) -> tuple[Line, ...]:
    """收到和处理政府信息公开申请情况 of a year (article 50): new, carried over, by kind of answer, carried on."""
    first, last = date(of, 1, 1), date(of, 12, 31)
    counted = [one for one in found if one.state != VOID and one.received_on <= last]
    ended = [one for one in counted if one.answered_on is not None and first <= one.answered_on <= last]
    new = [one for one in counted if one.received_on >= first]
    going = [one for one in counted if one.answered_on is None or one.answered_on > last]
    before = [
        one
        for one in counted
        if one.received_on < first and (one.answered_on is None or one.answered_on >= first)
    ]
    return (
        _line(table, "一、本年新收政府信息公开申请数量", 0, new),
        _line(table, "二、上年结转政府信息公开申请数量", 0, before),
        *_results(table, ended),
        _line(table, "四、结转下年度继续办理", 0, going),
    )


def _results(table: InfoTable, ended: Sequence[InfoRequest]) -> Iterable[Line]:
    groups = tuple(dict.fromkeys(row.group for row in table.outcome))
    yield Line(name="三、本年度办理结果", depth=0, counts=())
    for at, group in enumerate(groups):
        rows = [row for row in table.outcome if row.group == group]
        keys = {row.key for row in rows}
        yield _line(table, f"（{NUMERALS[at]}）{group}", 1, [one for one in ended if one.outcome in keys])
        if len(rows) > 1 and group not in table.one_line:
            for number, row in enumerate(rows, start=1):
                mine = [one for one in ended if one.outcome == row.key]
                yield _line(table, f"{number}.{row.name}", 2, mine)
    yield _line(table, f"（{NUMERALS[len(groups)]}）总计", 1, ended)


def _line(table: InfoTable, name: str, depth: int, found: Sequence[InfoRequest]) -> Line:
    kinds = [row.key for row in table.applicant]
    return Line(
        name=name,
        depth=depth,
        counts=tuple(sum(one.applicant_kind == key for one in found) for key in kinds),
    )
