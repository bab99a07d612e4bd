"""What stands on the screen beside a decision that waits: the texts, the reasons, the choices. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from cases.clocks import UNIT_LABEL
from cases.level import LEVELS
from console import previews
from console.view import TYPES
from flow import alike
from flow import grading
from flow import permits
from flow import reading
from flow import rerouting
from flow import resting
from flow import reviewing
from flow.checks import checked
from flow.desk import Desk
from flow.inbox import MOST
from flow.inbox import Waiting
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import User

Parts = dict[str, Any]

SAID = 3  #: posts of a case that are shown


def of(desk: Desk, user: User, one: Waiting, now: datetime) -> Parts:
    """What the template of this sort reads; raises NotFound where it is gone."""
    full = permits.may(user, "see_posts")
    return {"full": full, **_PARTS[one.sort](desk, user, one.id, now)}


def _post(desk: Desk, user: User, post_id: int, now: datetime) -> Parts:
    post = reading.post(desk, user, post_id)
    verdict = desk.store.posts.verdict(post_id)
    return {
        "post": post,
        "verdict": verdict,
        "source": desk.bureau.source(post.source),
        "pictures": desk.store.evidence.of_post(post_id),
        "like_posts": alike.posts(desk, user, post, verdict) if verdict else (),
        "like_cases": alike.cases_of(desk, user, post, verdict, now) if verdict else (),
        "exact": {key: name for key, name in TYPES.items() if key not in ("complaint", "other")},
    }


def _sample(desk: Desk, _user: User, sample_id: int, _now: datetime) -> Parts:
    sample = next(one for one in desk.store.samples.waiting(limit=MOST) if one.id == sample_id)
    post = desk.store.posts.get(sample.post_id)
    return {"sample": sample, "post": post, "source": desk.bureau.source(post.source)}


def _suggestion(desk: Desk, user: User, suggestion_id: int, _now: datetime) -> Parts:
    found = next(one for one in desk.store.cases.suggestions(MOST) if one.id == suggestion_id)
    post = reading.post(desk, user, found.post_id)
    case = desk.store.cases.get(found.case_id)
    permits.demand_case(user, case)
    verdict = desk.store.posts.verdict(found.post_id)
    return {"suggestion": found, "post": post, "verdict": verdict, **_about(desk, case)}


def _dispatch(desk: Desk, user: User, case_id: int, now: datetime) -> Parts:
    case = _case(desk, user, case_id)
    history = desk.store.cases.history(case_id)
    return {
        **_about(desk, case),
        "likely": alike.units(desk, case, now),
        "units": desk.units(now.date()),
        "came_back": next((one.note for one in reversed(history) if one.action == "returned"), ""),
    }


def _route(desk: Desk, user: User, case_id: int, _now: datetime) -> Parts:
    case = _case(desk, user, case_id)
    proposal = rerouting.open_proposal(desk, case_id)
    unit = desk.bureau.unit(proposal.unit) if proposal else None
    return {**_about(desk, case), "proposal": proposal, "proposed_unit": unit}


def _level(desk: Desk, user: User, case_id: int, now: datetime) -> Parts:
    case = _case(desk, user, case_id)
    reasons = grading.proposal(desk, case, now).reasons
    lowers = permits.may_on(user, "lower_level", case)
    ranks = list(LEVELS)
    other = [
        one for one in ranks if one != case.level and (lowers or ranks.index(one) > ranks.index(case.level))
    ]
    return {**_about(desk, case), "reasons": reasons, "other_levels": other}


def _of_case(desk: Desk, user: User, case_id: int, _now: datetime) -> Parts:
    return _about(desk, _case(desk, user, case_id))


def _extension(desk: Desk, user: User, extension_id: int, _now: datetime) -> Parts:
    asked = desk.store.extensions.get(extension_id)
    return {**_about(desk, _case(desk, user, asked.case_id)), "asked": asked, "clock_units": UNIT_LABEL}


def _pause(desk: Desk, user: User, case_id: int, _now: datetime) -> Parts:
    case = _case(desk, user, case_id)
    asked = next((event for event, one in resting.pauses_asked(desk, user) if one.id == case_id), None)
    if asked is None:
        raise NotFound("没有等待答复的暂停申请", case=case_id)
    return {**_about(desk, case), "asked": asked, "why": asked.note.removeprefix("申请暂停：")}


def _draft(desk: Desk, user: User, message_id: int, _now: datetime) -> Parts:
    message = desk.store.composing.with_pictures(desk.store.outbox.get(message_id))
    case = desk.store.cases.get(message.case_id) if message.case_id is not None else None
    permits.demand_message(user, case)
    account, found = desk.bureau.account(message.account), checked(desk, message)
    posts = desk.store.cases.posts(case.id) if case is not None else []
    return {
        "message": message,
        "case": case,
        "account": account,
        "findings": found.all,
        "look": previews.preview(message, account, found.text),
        "parent": previews.parent(message, case, posts),
        "review": reviewing.of(desk, user, message, case),
    }


def _case(desk: Desk, user: User, case_id: int) -> Case:
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    return case


def _about(desk: Desk, case: Case) -> Parts:
    posts = desk.store.cases.posts(case.id)
    return {
        "case": case,
        "posts": posts[:SAID],
        "more_posts": len(posts) - SAID,
        "case_verdict": desk.store.posts.verdict(posts[0].id) if posts else None,
        "unit": desk.bureau.unit(case.unit),
        "area": desk.bureau.area_name(case.area),
    }


_PARTS: Mapping[str, Callable[[Desk, User, int, datetime], Parts]] = MappingProxyType(
    {
        "level": _level,
        "dispatch": _dispatch,
        "route": _route,
        "sign": _of_case,
        "result": _of_case,
        "extension": _extension,
        "pause": _pause,
        "draft": _draft,
        "suggestion": _suggestion,
        "unsure": _post,
        "sample": _sample,
    }
)
