"""What of a case fills the fields of an official form; a fact nobody recorded stays empty and is typed by a person.

Pure. The reporter is never among them: texts are masked, and the author's name fills secret fields only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cases.clocks import REEXAMINE
from cases.clocks import REVERIFY
from cases.forms import SOURCE_LABEL
from huanyu.bureau import BureauRow
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.form_rows import FormRow
from huanyu.kinds import label
from huanyu.redact import mask
from huanyu.text import shorten
from huanyu.text import without_position
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Event
from huanyu.types import Extension
from huanyu.types import Message
from huanyu.types import Vote

#: How `life.transfer` writes into the history where a matter went, why, and how its reporter was told.
TRANSFER: Final = re.compile(r"移送(?P<to>.+?)：(?P<why>.*)；告知反映人：.*", re.DOTALL)
#: How `reexamining` writes into the history what a petitioner asked for and what was decided on it.
ASKED_AGAIN: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2}) 反映人请求(?P<stage>复查|复核)：(?P<why>.*)", re.DOTALL
)
DECIDED_AGAIN: Final = re.compile(r"(?P<stage>复查|复核)意见：(?P<outcome>[^；]+)；.*", re.DOTALL)
BLANK: Final = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
ENDS: Final = "。！？…；.!?;~～"  # of a sentence, closing marks after it aside
CLOSING: Final = '”’）》】」』")]'
QUOTE: Final = 400  # characters of the citizen's text
UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "working_days": "个工作日",
        "calendar_days": "日",
        "days": "日",
        "hours": "小时",
        "office_hours": "个办公小时",
        "office_minutes": "个办公分钟",
    }
)
DECISIONS: Final[Mapping[str, str]] = MappingProxyType({"agreed": "同意", "refused": "不同意"})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a form is filled from."""

    case: Case
    bureau: BureauRow
    unit: UnitRow | None
    now: datetime
    units: Mapping[str, str]  #: names by key
    people: Mapping[str, str]  #: full names by log-in name
    objection: Clock | None = None  #: until when the unit may send it back
    extension: Extension | None = None  #: the latest
    returned: Assignment | None = None  #: the latest hand-over that came back
    reply: Message | None = None
    votes: tuple[Vote, ...] = ()  #: of the reply
    checked: str = ""  #: what the checks say of the reply
    history: tuple[Event, ...] = ()  #: of the case


def filled(form: FormRow, about: About) -> dict[str, str]:
    """Each field with what the case says, else with what the table says."""
    told = {}
    for row in form.fields:
        found = SOURCES[row.source](about) if row.source in SOURCES else ""
        told[row.key] = found or row.value
    return told


def summary(case: Case) -> str:
    """The complaint without personal data: masked whole, then cut."""
    names = (case.first_author,) if case.first_author else ()
    told = shorten(mask(" ".join(case.first_text.split()), names=names), QUOTE).rstrip("，、,")
    return told if not told or told.rstrip(CLOSING)[-1:] in {*ENDS, ""} else f"{told}。"


def matter(case: Case) -> str:
    """The case as a letter names it: “于集镇施工噪声问题”, without the blank of a title."""
    told = BLANK.sub("", case.title)
    return told if told.endswith("问题") else f"{told}问题"


def _due(about: About, name: str) -> Clock | None:
    return next((clock for clock in about.case.clocks if clock.name == name), None)


def _limit(about: About, name: str) -> str:
    clock = _due(about, name)
    return f"{_moment(clock.due)}前{'（暂定）' if clock.provisional else ''}" if clock else ""


def _overdue(about: About) -> str:
    clock = _due(about, "handling")
    if clock is None or about.now <= clock.due:
        return ""
    days = (local(about.now).date() - local(clock.due).date()).days
    return (
        f"办结时限为{_day(clock.due)}，已超期{days}天"
        if days
        else f"办结时限为{_moment(clock.due)}，已经超期"
    )


def _asked(about: About, tell: Callable[[Extension], str]) -> str:
    return tell(about.extension) if about.extension else ""


def _back(about: About, tell: Callable[[Assignment], str]) -> str:
    return tell(about.returned) if about.returned else ""


def _reply(about: About, tell: Callable[[Message], str]) -> str:
    return tell(about.reply) if about.reply else ""


def _vote(about: About, step: str) -> str:
    found = [vote for vote in about.votes if vote.step == step]
    return f"{about.people.get(found[-1].actor, found[-1].actor)}，{_moment(found[-1].at)}" if found else ""


def _noted(about: About, action: str) -> str:
    """What was written when this was last done to the case, without personal data."""
    notes = [event.note for event in about.history if event.action == action]
    names = (about.case.first_author,) if about.case.first_author else ()
    return mask(notes[-1], names=names) if notes else ""


def _transfer(about: About, part: str) -> str:
    found = TRANSFER.fullmatch(_noted(about, "transferred"))
    return found[part] if found else ""


def _appeal(about: About, part: str) -> str:
    """What of the latest request for 复查 or 复核: its stage, day or reason."""
    found = ASKED_AGAIN.fullmatch(_noted(about, "appealed"))
    return found[part] if found else ""


def _appealed_on(about: About) -> str:
    told = _appeal(about, "day")
    day = date.fromisoformat(told) if told else None
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _outcome(about: About) -> str:
    """What was decided on the latest request, once it is."""
    found = DECIDED_AGAIN.fullmatch(_noted(about, "reexamined"))
    return found["outcome"] if found and found["stage"] == _appeal(about, "stage") else ""


def _appeal_limit(about: About) -> str:
    """Until when the opinion on the latest request is due."""
    waits = [one for one in about.case.clocks if one.name in {REEXAMINE, REVERIFY}]
    return f"{_day(max(one.due for one in waits))}前" if waits else ""


def _told(one: Extension) -> str:
    return f"已告知，{one.told_how}，{_day(one.told_at)}" if one.told_at else ""


def _decision(about: About, one: Extension) -> str:
    who = about.people.get(one.decided_by, one.decided_by)
    at = _day(one.decided_at) if one.decided_at else ""
    return f"{DECISIONS.get(one.decision, one.decision)}。{who}，{at}" if one.decision else ""


def _day(moment: datetime) -> str:
    here = local(moment)
    return f"{here.year}年{here.month}月{here.day}日"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)}{local(moment):%H:%M}"


def _origin(case: Case) -> str:
    return SOURCE_LABEL.get(case.source_kind, case.source_kind or "其他")


#: What `from` in forms.toml may name.
SOURCES: Final[Mapping[str, Callable[[About], str]]] = MappingProxyType(
    {
        "today": lambda about: _day(about.now),
        "appeal.stage": lambda about: _appeal(about, "stage"),
        "appeal.asked": _appealed_on,
        "appeal.why": lambda about: _appeal(about, "why"),
        "appeal.outcome": _outcome,
        "limits.appeal": _appeal_limit,
        "case.number": lambda about: about.case.number,
        "case.title": lambda about: mask(about.case.title),
        "case.matter": lambda about: mask(matter(about.case)),
        "case.source": lambda about: _origin(about.case),
        "case.external": lambda about: about.case.external_number,
        "case.kinds": lambda about: "、".join(label(kind) for kind in about.case.kinds),
        "case.learned": lambda about: _moment(about.case.learned_at),
        "case.level": lambda about: about.case.level,
        "case.place": lambda about: mask(without_position(about.case.place)),
        "case.summary": lambda about: summary(about.case),
        "case.author": lambda about: about.case.first_author,
        "case.assist": lambda about: "、".join(about.units.get(one, one) for one in about.case.assist),
        "case.owner": lambda about: about.case.owner,
        "route.why": lambda about: about.case.why,
        "unit.name": lambda about: about.unit.name if about.unit else "",
        "office.name": lambda about: about.bureau.office,
        "office.phone": lambda about: about.bureau.phone,
        "bureau.office": lambda about: f"{about.bureau.name}办公室",
        "limits.handling": lambda about: _limit(about, "handling"),
        "limits.objection": lambda about: f"{_moment(about.objection.due)}前" if about.objection else "",
        "limits.overdue": _overdue,
        "refusal.reason": lambda about: _noted(about, "refused"),
        "supervision.demand": lambda about: _noted(about, "supervised").removeprefix("督办："),
        "transfer.to": lambda about: _transfer(about, "to"),
        "transfer.reason": lambda about: _transfer(about, "why") or about.case.why,
        "return.unit": lambda about: _back(about, lambda one: about.units.get(one.unit, one.unit)),
        "return.given": lambda about: _back(about, lambda one: _moment(one.given_at)),
        "return.reason": lambda about: _back(about, lambda one: one.reason),
        "extension.old_due": lambda about: _asked(about, lambda one: _moment(one.old_due)),
        "extension.new_due": lambda about: _asked(about, lambda one: _moment(one.new_due)),
        "extension.amount": lambda about: _asked(
            about, lambda one: f"{one.amount}{UNITS.get(one.unit, one.unit)}"
        ),
        "extension.asked": lambda about: _asked(about, lambda one: _day(one.asked_at)),
        "extension.reason": lambda about: _asked(about, lambda one: one.reason),
        "extension.decision": lambda about: _asked(about, lambda one: _decision(about, one)),
        "extension.told": lambda about: _asked(about, _told),
        "reply.text": lambda about: _reply(about, lambda one: one.text),
        "reply.length": lambda about: _reply(about, lambda one: str(len(one.text))),
        "reply.account": lambda about: _reply(about, lambda one: one.account),
        "reply.drafter": lambda about: _reply(about, lambda one: about.people.get(one.author, one.author)),
        "reply.checked": lambda about: about.checked,
        "reply.first": lambda about: _vote(about, "first"),
        "reply.final": lambda about: _vote(about, "final"),
        "reply.published": lambda about: _reply(
            about, lambda one: _moment(one.sent_at) if one.sent_at else ""
        ),
        "reply.link": lambda about: _reply(about, lambda one: one.platform_url),
    }
)
