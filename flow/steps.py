"""What the clock does: each step asks the store, asks one organ, and saves; each may be run again at any time."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import TypeVar

import structlog

import cases.clocks
import cases.facts
import cases.forms
import cases.intake
import cases.level
import cases.lifecycle
import cases.routing
from cases.candidates import Candidates
from classify import similar
from classify.similar import likeness
from flow.batch import each
from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import OpenMatter
from huanyu.types import Post
from huanyu.types import PostType
from huanyu.types import Route
from huanyu.types import Sentiment
from huanyu.types import Verdict

log = structlog.get_logger()

SYSTEM = "系统"
BATCH = 200  # posts per transaction: a kill loses at most this much work, never a row
MEMORY = timedelta(days=90)  # how far back a new complaint may belong to an old case

Signed = TypeVar("Signed", Verdict, OpenMatter)

#: What is written on a text that the reader cannot read: a person looks.
UNREADABLE = Verdict(
    type=PostType.OTHER,
    complaint=0.5,
    kinds=(),
    sentiment=Sentiment.NEUTRAL,
    urgent=False,
    unsure=True,
    is_complaint=False,
    places=(),
    out_of_town=False,
    signature=b"",
    why=(),
    tokens="",
    model="unreadable",
)


def understand(desk: Desk, now: datetime) -> int:
    """Give every new post its verdict."""
    posts = desk.store.posts.without_verdict(BATCH)
    if not posts:
        return 0
    return desk.store.posts.save_verdicts(verdicts_of(desk, posts), now=now)


def verdicts_of(desk: Desk, posts: Sequence[Post]) -> list[tuple[int, Verdict]]:
    """A verdict for each; a text that breaks the reader goes to a person and holds up nobody else."""
    try:
        found = desk.reader.read([whole_text(post) for post in posts], [post.kind for post in posts])
    except Exception:
        if len(posts) > 1:
            return [pair for post in posts for pair in verdicts_of(desk, [post])]
        log.exception("unreadable_text", post=posts[0].id)
        found = [UNREADABLE]
    ours = official_names(desk)
    return [(post.id, _as_said(post, verdict, ours)) for post, verdict in zip(posts, found, strict=True)]


def _as_said(post: Post, verdict: Verdict, ours: Collection[str]) -> Verdict:
    """An authority's answer repeats the complaint it answers: it is none itself, and no question to anybody."""
    if cases.intake.is_official(post.author, ours):
        return replace(verdict, is_complaint=False, unsure=False)
    return verdict


def whole_text(post: Post) -> str:
    """Title and text as one, without saying the title twice."""
    if not post.title or post.text.startswith(post.title):
        return post.text
    return f"{post.title}\n{post.text}"


def open_cases(desk: Desk, now: datetime) -> int:
    """Make every complaint a case, or a witness of one."""
    waiting = desk.store.posts.complaints_without_case(BATCH)
    if not waiting:
        return 0
    verdicts = {post.id: _comparable(verdict, whole_text(post)) for post, verdict in waiting}
    matters = [_comparable(one, one.text) for one in desk.store.cases.open_matters(since=now - MEMORY)]
    known = Candidates(matters, complaints=len(waiting))
    parted = desk.store.cases.separated(verdicts)
    ours = official_names(desk)

    def open_one(post: Post) -> None:
        near = known.near(cases.intake.complaint_of(post, verdicts[post.id], now))
        never = parted.get(post.id, frozenset())  # a person said so
        allowed = [matter for matter in near if matter.case_id not in never]
        plan = cases.intake.plan(post, verdicts[post.id], allowed, likeness, now, official=ours)
        case_id = desk.store.cases.apply(plan, now=now)
        if case_id is not None:
            matter = desk.store.cases.matter(case_id)
            known.put(_comparable(matter, matter.text))
            if plan.action is CaseAction.APPEND:
                tighten(desk, case_id, post, now)

    return each("open", [post for post, _ in waiting], open_one)


def _comparable(one: Signed, text: str) -> Signed:
    """With the signature of today: verdicts given before an upgrade keep theirs until they are given anew."""
    made = similar.current(one.signature, text)
    return one if made is one.signature else replace(one, signature=made)


def official_names(desk: Desk) -> frozenset[str]:
    """Accounts that speak for authorities: their posts are answers, never complaints."""
    row = desk.bureau.bureau
    return frozenset({row.account_name, *row.official, *(account.name for account in desk.bureau.accounts)})


def tighten(desk: Desk, case_id: int, post: Post, now: datetime) -> None:
    """A further witness may tell of something graver: then the case is graded anew and its limits set by that."""
    case = desk.store.cases.get(case_id)
    if not case.unit or not cases.lifecycle.is_open(case.state):
        return
    found = cases.level.grade(signs_of(desk, case, [whole_text(post)]), desk.levels(now.date()))
    raise_to(desk, case, found.level, "；".join(found.reasons), now)


def raise_to(desk: Desk, case: Case, level: str, why: str, now: datetime) -> Case:
    """The case at a graver level, with the limits that go with it; at a lower one it stays as it is."""
    if cases.level.higher(case.level, level) == case.level:
        return case
    graded = desk.store.cases.grade(case, level, why, now=now)
    if not graded.unit:  # its limits are set when it is routed
        return graded
    rows = desk.clocks(graded.learned_at.date())
    limits = cases.clocks.due(graded, rows, desk.calendar, assigned_at=now)
    told = f"新的反映使本件升为{level}，时限重新计算"
    slip = notice(desk, graded, route_of(graded), limits, now)
    return desk.store.cases.tighten(graded, limits, slip, told, now=now)


def route_of(case: Case) -> Route:
    """The way a case was given to its unit."""
    return Route(unit=case.unit, department=case.department, assist=case.assist, rule=case.rule, why=case.why)


def route(desk: Desk, now: datetime) -> int:
    """Grade every new case and send it to its unit with its limits; what no rule matches stays on a visible list."""

    def route_one(case: Case) -> None:
        graded = grade(desk, case, now)
        hand_over(desk, graded, find_route(desk, graded, now), now)

    return each("route", desk.store.cases.unrouted(BATCH), route_one)


def grade(desk: Desk, case: Case, now: datetime) -> Case:
    """The case at the level its signs give; a machine only ever raises it."""
    found = cases.level.grade(signs_of(desk, case), desk.levels(now.date()))
    level = cases.level.higher(case.level, found.level)
    if level == case.level:
        return case
    return desk.store.cases.grade(case, level, "；".join(found.reasons), now=now)


def signs_of(desk: Desk, case: Case, said: Sequence[str] = ()) -> cases.level.Signs:
    """What a case is graded by: what was said (every post of it, unless only some count) and how far it went."""
    posts = desk.store.cases.posts(case.id)
    return cases.level.Signs(
        text="\n".join(said or [whole_text(post) for post in posts]),
        kinds=case.kinds,
        urgent=case.urgent,
        posts=case.posts,
        reach=sum((post.likes or 0) + (post.reposts or 0) + (post.comments or 0) for post in posts),
    )


def find_route(desk: Desk, case: Case, now: datetime) -> Route:
    """The unit for a case by the rules of today."""
    facts = facts_of(desk, case, now)
    return cases.routing.route(facts, desk.bureau.routes, desk.units(now.date()), now.date())


def facts_of(desk: Desk, case: Case, now: datetime) -> cases.facts.Facts:
    """What routing may look at: all that was said, and the places read in the first post.

    When a post was written says nothing about the hour of the nuisance: the words of the text do.
    """
    posts = desk.store.cases.posts(case.id)
    verdict = desk.store.posts.verdict(posts[0].id) if posts else None
    facts = cases.facts.Facts(
        text="\n".join(whole_text(post) for post in posts) or case.first_text,
        kinds=case.kinds,
        area=case.area,
        type=str(verdict.type) if verdict else "",
        level=case.level,
    )
    if posts and not any(desk.store.posts.corrections(posts[0].id)):  # else a person named the kinds
        facts = cases.facts.hinted(facts, desk.bureau.hints)
    rows = [row for row in desk.bureau.places if row.valid_on(now.date())]
    return cases.facts.located(facts, verdict.places if verdict else (), rows)


def hand_over(desk: Desk, case: Case, found: Route, now: datetime, actor: str = SYSTEM) -> Case:
    """Give the case to the unit found, with its limits and the hand-over slip."""
    rows = desk.clocks(case.learned_at.date())
    limits = cases.clocks.due(case, rows, desk.calendar, assigned_at=now)
    slip = notice(desk, case, found, limits, now)
    return desk.store.cases.assign(case, found, clocks=limits, notice=slip, actor=actor, now=now)


def notice(desk: Desk, case: Case, found: Route, limits: tuple[Clock, ...], now: datetime) -> Draft | None:
    """The hand-over slip of a case; None where its unit has no mailbox."""
    unit = desk.bureau.unit(found.unit)
    if unit is None:
        return None
    return cases.forms.notice(
        case,
        unit,
        found,
        limits,
        desk.bureau.bureau,
        desk.config.settings.console_url,
        now,
        objection=cases.clocks.objection(case, desk.clocks(now.date()), desk.calendar, now),
    )


def remind(desk: Desk, now: datetime) -> int:
    """Yellow and red cards, and a daily word about what nobody signed for; each goes out once, in office hours."""
    given = 0

    def remind_one(case: Case) -> None:
        nonlocal given
        given += sum(_remind(desk, case, clock, told, now) for clock in case.clocks)

    told = desk.store.cases.reminded()  # asked once: the same cards are due again every minute
    running = desk.store.cases.with_clocks(now=now)
    each("remind", [one for one in running if cases.clocks.may_remind(one, now, desk.calendar)], remind_one)
    return given


def _remind(desk: Desk, case: Case, clock: Clock, told: set[tuple[int, str, str]], now: datetime) -> bool:
    stage = cases.clocks.stage(clock, now, desk.calendar)
    if stage is None or not cases.clocks.runs(clock, case):
        return False
    once = f"{stage}:{now:%Y-%m-%d}" if clock.name == "sign" else stage
    if (case.id, clock.name, once) in told:
        return False
    # A case that was sent back is the press office's: its unit gets no more letters.
    unit = None if case.state == "returned" else desk.bureau.unit(case.unit)
    card = cases.forms.reminder(
        case,
        unit,
        clock,
        stage,
        desk.bureau.bureau,
        desk.config.settings.console_url,
        now,
    )
    return desk.store.cases.remind(case, clock.name, once, card.note, notice=card.draft, now=now)
