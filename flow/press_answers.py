"""口径和答问: written, checked as what goes out is checked, approved by another person until a day, withdrawn, searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta

from flow import overriding
from flow import permits
from flow.checks import phones_of
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import Answer
from huanyu.types import AnswerEntry
from huanyu.types import Finding
from huanyu.types import User
from publisher import checks
from publisher import conferences

FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An entry as typed."""

    kind: str
    question: str
    answer: str
    unit: str = ""
    valid_until: date | None = None


def write(desk: Desk, user: User, said: Said, now: datetime) -> Answer:
    """A new entry, approved by nobody yet; raises BadInput."""
    permits.demand(user, "keep_press")
    return desk.store.press_answers.add(_entry(desk, said, now), user.name, now)


def rewrite(desk: Desk, user: User, answer_id: int, version: int, said: Said, now: datetime) -> Answer:
    """Other words or another day: whoever approved the former did not approve these. Raises BadInput or Conflict."""
    permits.demand(user, "keep_press")
    return desk.store.press_answers.rewrite(
        _seen(desk, answer_id, version), _entry(desk, said, now), user.name, now
    )


def approve(
    desk: Desk, user: User, answer_id: int, version: int, now: datetime, override: str = ""
) -> Answer:
    """May be said until its day; raises NotAllowed for its author, Blocked for what must not be said.

    `override`: why a leader lets it through against what the checks found.
    """
    permits.demand(user, "approve_press")
    one = _seen(desk, answer_id, version)
    if one.author == user.name:
        raise NotAllowed("口径须由起草以外的人批准", user=user.name)
    if one.state != "draft" or one.valid_until < local(now).date():
        raise Conflict("只有待批准、没有过期的口径可以批准", answer=one.id)
    why = overriding.reason(user, problems(desk, one, now), override, one.author)
    return desk.store.press_answers.approve(one, why, user.name, now)


def withdraw(desk: Desk, user: User, answer_id: int, version: int, why: str, now: datetime) -> Answer:
    """May be said no more, with a reason; raises Conflict."""
    permits.demand(user, "see_press")
    if not (permits.may(user, "keep_press") or permits.may(user, "approve_press")):
        permits.demand(user, "keep_press")
    return desk.store.press_answers.withdraw(_seen(desk, answer_id, version), reason_of(why), user.name, now)


def search(desk: Desk, user: User, words: str) -> list[Answer]:
    """The library, or what has all of these words."""
    permits.demand(user, "see_press")
    return desk.store.press_answers.search(words.split()[:5])


def problems(desk: Desk, one: AnswerEntry | Answer, now: datetime) -> tuple[Finding, ...]:
    """What `huanyu check` has against the words that will be said; how a question is asked is whoever asks it."""
    words, phones = desk.bureau.words, phones_of(desk.bureau)
    day = local(now).date()
    asked, answered = (checks.check(text, words, phones, day=day) for text in (one.question, one.answer))
    theirs = one.kind == "question"
    return (*(each for each in asked if not (theirs and each.kind == "tone")), *answered)


def _entry(desk: Desk, said: Said, now: datetime) -> AnswerEntry:
    today = local(now).date()
    question, answer = tidy("问题", said.question).strip(), tidy("答复", said.answer).strip()
    until = said.valid_until or today + timedelta(days=desk.bureau.press.answer_days)
    faults = [
        ("请选择口径或答问", said.kind not in conferences.KINDS),
        ("请填写问题或事由", not question),
        ("请填写口径或答复", not answer),
        ("没有这个单位", bool(said.unit) and desk.bureau.unit(said.unit) is None),
        ("有效期须在今天以后、一年以内", not today <= until <= today + FARTHEST),
    ]
    if wrong := [told for told, is_wrong in faults if is_wrong]:
        raise BadInput("；".join(wrong))
    return AnswerEntry(kind=said.kind, question=question, answer=answer, unit=said.unit, valid_until=until)


def _seen(desk: Desk, answer_id: int, version: int) -> Answer:
    one = desk.store.press_answers.get(answer_id)
    if one.version != version:
        raise Conflict("这一条刚被他人改过，请刷新后再试", answer=answer_id)
    return one
