"""What the program and its people do in `huanyu bench cases`, one command at a time, here or in a child process.

A command may be given again after a kill: what was done before is seen, and not done a second time.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flow import cycle
from flow import limits
from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Extension
from huanyu.types import Place
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Result
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import User
from huanyu.types import Verdict

KINDS = ("air.cooking", "noise.social", "noise.construction", "waste.household")
AREAS = ("371502", "371503", "371581", "371525")
ORDINARY = "一般"
#: level -> share of the cases, what is said, how often it was passed on
LEVELS: Mapping[str, tuple[float, str, int]] = MappingProxyType(
    {
        "特别重大": (0.002, "听说现场有人员伤亡", 0),
        "重大": (0.018, "饮用水里有怪味", 0),
        "较大": (0.05, "请来看看", 600),
        ORDINARY: (1.0, "请来看看", 0),
    }
)
TO = MappingProxyType(
    {"sign": "signed", "pause": "paused", "resume": "signed", "handle": "handled", "close": "closed"}
)
PAUSES = ("waiting_for_lab", "waiting_for_reporter", "plant_idle")
EXTENDS = ("complicated", "lab_needs_time")
WHY = "还在查"
DONE, BEFORE, NO, GRANTED = "done", "before", "no", "granted"
DUTY_UNIT, ON_DUTY = "zhifa", "值班员甲"
AFTER = timedelta(days=1)  #: the desk may need a moment more than the time that is simulated
NEWEST = 500  #: after a kill: so many of the newest cases are looked through for those of the last visit


@dataclass(frozen=True, slots=True)
class Said:
    """A complaint that comes: its number, its level by what it says, and when it was said."""

    number: int
    level: str
    at: datetime


def said(number: int, seed: int, at: datetime) -> Said:
    """The same number of the same run always tells the same."""
    left = random.Random(f"{seed}:{number}").random()
    for level, (share, _, _) in LEVELS.items():
        if left < share:
            return Said(number, level, at)
        left -= share
    return Said(number, ORDINARY, at)


class Office:
    """One desk, told what to do and when."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self._desk, self._seed = desk, seed

    def open(self, now: datetime, until: datetime) -> None:
        """Somebody has the duty all the time."""
        store = self._desk.store
        if store.people.any_user():
            return
        with store.together():
            person = store.people.add_user(ON_DUTY, ON_DUTY, "head", DUTY_UNIT, "", now)
            store.rosters.add_shift(DUTY_UNIT, person.id, now, until + AFTER, "night", "bench", now)

    def arrive(self, now: datetime, come: Collection[Said], fetched: datetime, last: int) -> dict[int, int]:
        """A visit brings complaints, each opens a case: number -> case. `last`: the newest case known before."""
        store = self._desk.store
        with store.together():
            store.posts.add([_raw(one, fetched) for one in come], now=now)
            unread = store.posts.without_verdict(len(come))
            store.posts.save_verdicts([(post.id, self._verdict(post.native_id)) for post in unread], now=now)
        found: dict[int, int] = {}
        with store.together():
            for post, verdict in store.posts.complaints_without_case(len(come)):
                case_id = store.cases.apply(_plan(post.id, post.native_id, verdict), now=now)
                found[int(post.native_id)] = case_id or 0
        if len(found) < len(come):  # the life before opened some of them
            newest = (case for case in store.cases.listing(limit=NEWEST) if case.id > last)
            found |= {int(case.first_native_id): case.id for case in newest}
        return {one.number: found[one.number] for one in come}

    def step(self, now: datetime, name: str) -> int:
        """Run a step of the flow until nothing is left to do."""
        return cycle.run(self._desk, name, now)

    def next_card(self, _now: datetime) -> datetime | None:
        """When the next card may be given."""
        return self._desk.store.limits.next_moment()

    def given_at(self, _now: datetime, case_ids: Iterable[int]) -> dict[int, datetime]:
        """Since when the units have these cases."""
        found = {case_id: self._desk.store.duties.of_case(case_id) for case_id in case_ids}
        return {case_id: held[0].given_at for case_id, held in found.items() if held}

    def act(self, now: datetime, what: str, case_id: int, detail: str = "") -> str:
        """A person does something to a case: done, done before, or it could not be done."""
        case = self._desk.store.cases.get(case_id)
        if what in TO:
            return self._move(case, what, detail, now)
        if what in ("contact", "press_held"):
            return self._meet(case, what, now)
        return self._ask(case, detail, now) if what == "ask" else self._decide(case, detail, now)

    def _move(self, case: Case, what: str, detail: str, now: datetime) -> str:
        to = TO[what]
        if case.state == to:
            return BEFORE
        more: dict[str, Any] = {"kind": detail} if what == "pause" else {}
        if what == "handle":
            more = {"result": Result(finding="属实", visited_at=now, found="现场有气味", measure="责令整改")}
        self._desk.store.moves.move(case, to, action=to, note="", now=now, **more)
        return DONE

    def _meet(self, case: Case, how: str, now: datetime) -> str:
        rules = self._desk.bureau.met_by()[how]
        met = self._desk.store.limits.meet(case, rules, how, "与反映人联系", now, "bench")
        return DONE if met else BEFORE

    def _ask(self, case: Case, kind: str, now: datetime) -> str:
        if self._asked(case):
            return BEFORE
        if case.state != "signed" or _due(case) < now:
            return NO
        person = User(id=9001, name="jingban", full_name="经办甲", role="handler", unit=case.unit)
        amount = 1 + case.id % 5
        limits.ask(self._desk, person, case.id, case.version, "handling", amount, WHY, now, kind)
        return DONE

    def _decide(self, case: Case, wish: str, now: datetime) -> str:
        asked = self._asked(case)[-1]
        if asked.decided_at is None:
            person = User(id=9002, name="juzhang", full_name="局长甲", role="leader", unit="sthj")
            agree = wish == GRANTED and case.state == "signed" and now <= _due(case)
            limits.decide(self._desk, person, asked.id, agree, "按规定办理", now)
            return f"{GRANTED if agree else NO}:{asked.amount}:{DONE}"
        return f"{GRANTED if asked.decision == 'agreed' else NO}:{asked.amount}:{BEFORE}"

    def _asked(self, case: Case) -> tuple[Extension, ...]:
        return self._desk.store.limits.agreed(case)[1]

    def _verdict(self, number: str) -> Verdict:
        dice = random.Random(f"{self._seed}:{number}:verdict")
        area = dice.choice(AREAS)
        return Verdict(
            type=PostType.COMPLAINT,
            complaint=0.9,
            kinds=(dice.choice(KINDS),),
            sentiment=Sentiment.NEGATIVE,
            urgent=False,
            unsure=False,
            is_complaint=True,
            places=(Place(name=area, code=area, level="county", unit=area),),
            out_of_town=False,
            signature=b"",
            why=(),
            tokens="",
            model="bench",
        )


def _due(case: Case) -> datetime:
    return next(clock.due for clock in case.clocks if clock.name == "handling")


def _raw(one: Said, fetched: datetime) -> RawPost:
    _, words, reposts = LEVELS[one.level]
    return RawPost(
        source="weibo-mentions",
        kind=SourceKind.WEIBO,
        native_id=str(one.number),
        url=f"https://example.org/{one.number}",
        text=f"编号{one.number}的反映: {words}",
        posted_at=max(one.at, fetched - timedelta(days=1)),
        fetched_at=fetched,
        reposts=reposts,
    )


def _plan(post_id: int, number: str, verdict: Verdict) -> CasePlan:
    return CasePlan(
        post_id=post_id,
        action=CaseAction.NEW,
        reason="",
        title=f"编号{number}的事项",
        kinds=verdict.kinds,
        area=verdict.places[0].unit,
    )
