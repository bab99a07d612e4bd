"""Carries out a plan for one complaint inside a transaction: new case, witness of one, question to a person, nothing."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import NotFound
from huanyu.store.casework import note_event
from huanyu.store.casework import reopening
from huanyu.store.changing import touched
from huanyu.store.counters import next_number
from huanyu.store.outgoing import withdraw
from huanyu.store.states import DONE
from huanyu.store.states import PENDING
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import posts
from huanyu.store.tables import suggestions
from huanyu.store.tables import verdicts
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import SourceKind

LEVEL = "一般"  # until somebody grades the case
LETTERS = "bcdfghjkmnprstz"  # no digits and no w, x, q, v: must not look like a telephone or a handle
TYPED = "register"  #: source of what a person typed in, whose number stands in the form
MADE_UP = re.compile(r"[0-9a-f]{32}")  #: the id of a row that came without a number
PUBLIC_ID = 28  # of them: 109 bits nobody guesses
_CASE = select(cases).where(cases.c.id == bindparam("case")).with_for_update(key_share=True)
_GROWN = update(cases).where(cases.c.id == bindparam("case"))
_POST = select(posts).where(posts.c.id == bindparam("post"))
_OPEN, _ATTACH = insert(cases).returning(cases.c.id), insert(case_posts)
_CLAIM = (
    update(verdicts)
    .where(verdicts.c.post_id == bindparam("post"), verdicts.c.planned_at.is_(None))
    .values(planned_at=bindparam("now"), plan_action=bindparam("action"), plan_reason=bindparam("because"))
)


def claim_post(tx: Connection, plan: CasePlan, now: datetime) -> bool:
    """Mark the post as planned; False when it was already. Raises NotFound for a post without verdict."""
    said = {"now": now, "action": plan.action.value, "because": plan.reason}
    taken = tx.execute(_CLAIM, said | {"post": plan.post_id})
    if taken.rowcount:
        return True
    if tx.scalar(select(verdicts.c.post_id).where(verdicts.c.post_id == plan.post_id)) is None:
        raise NotFound("这条信息还没有判定结果", post=plan.post_id)
    return False


def claim_again(tx: Connection, plan: CasePlan, now: datetime) -> None:
    """Mark the post as planned by a person, whatever was planned before: no machine looks at it any more."""
    values = {"planned_at": now, "plan_action": plan.action.value, "plan_reason": plan.reason}
    if not tx.execute(update(verdicts).where(verdicts.c.post_id == plan.post_id).values(values)).rowcount:
        raise NotFound("这条信息还没有判定结果", post=plan.post_id)


def carry_out(tx: Connection, plan: CasePlan, prefix: str, actor: str, now: datetime) -> int | None:
    """Do what the plan says; returns the case the post now belongs to, None when it belongs to none."""
    if plan.action is CaseAction.NEW:
        return _open(tx, plan, prefix, actor, now)
    if plan.action is CaseAction.APPEND:
        return _append(tx, plan, actor, now)
    if plan.action is CaseAction.SUGGEST:
        _suggest(tx, plan, now)
    return None


def case_of_post(tx: Connection, post_id: int) -> int | None:
    """The case the post belongs to already."""
    found = tx.scalar(select(case_posts.c.case_id).where(case_posts.c.post_id == post_id))
    return None if found is None else int(found)


def _open(tx: Connection, plan: CasePlan, prefix: str, actor: str, now: datetime) -> int:
    post = _post(tx, plan.post_id)
    year = local(now).year
    number = next_number(tx, f"case:{year}")
    values = {
        "number": f"{prefix}{year}-{number:06d}",
        "public_id": "".join(secrets.choice(LETTERS) for _ in range(PUBLIC_ID)),
        "state": PENDING,
        "title": plan.title,
        "kinds": plan.kinds,
        "area": plan.area,
        "place": plan.place,
        "urgent": plan.urgent,
        "level": LEVEL,
        "learned_at": _learned_at(post),
        "opened_at": now,
        "channel": post["kind"].value,
        "external_number": _order(tx, post),
        "assist": (),
        "first_post_id": plan.post_id,
        "last_post_at": post["said_at"],
    }
    case_id = tx.execute(_OPEN, values).scalar_one()
    _attach(tx, plan, case_id, True, now)
    note_event(tx, case_id, PENDING, "opened", plan.reason, actor, now, moved=True)
    return int(case_id)


def _append(tx: Connection, plan: CasePlan, actor: str, now: datetime) -> int:
    case = _living(tx, plan.case_id)
    post = _post(tx, plan.post_id)
    values = {
        "posts": case["posts"] + 1,
        "last_post_at": max(case["last_post_at"], post["said_at"]),
        "urgent": case["urgent"] or plan.urgent,
    }
    if case["routed_at"] is not None and case["state"] not in DONE:
        values |= touched("又有新的反映", now)
    tx.execute(_GROWN, values | {"case": case["id"]})
    _attach(tx, plan, case["id"], False, now)
    note_event(tx, case["id"], case["state"], "appended", plan.reason, actor, now)
    if plan.reopen and case["state"] in DONE:
        _reopen(tx, case, _learned_at(post), plan.reason, actor, now)
    return int(case["id"])


def _living(tx: Connection, case_id: int | None) -> RowMapping:
    """The case, or the one it was joined into since the plan was made."""
    case = tx.execute(_CASE, {"case": case_id}).mappings().first()
    if case is None:
        raise NotFound("没有这个案件", case=case_id)
    return case if case["joined_into"] is None else _living(tx, case["joined_into"])


def _reopen(
    tx: Connection, case: RowMapping, learned_at: datetime, reason: str, actor: str, now: datetime
) -> None:
    values = (
        reopening(tx, case["id"])
        | {
            "state": PENDING,
            "version": case["version"] + 1,
            "learned_at": learned_at,  # the new round's limits count from when the bureau learned of the recurrence
        }
    )
    tx.execute(update(cases).where(cases.c.id == case["id"]).values(**values))
    withdraw(tx, case["id"], "事项复发，上一轮答复作废")
    note_event(tx, case["id"], PENDING, "reopened", reason, actor, now, moved=True)


def _attach(tx: Connection, plan: CasePlan, case_id: int, first: bool, now: datetime) -> None:
    belongs = {"post_id": plan.post_id, "case_id": case_id, "at": now, "first": first}
    tx.execute(_ATTACH, belongs | {"score": plan.score, "reason": plan.reason})


def _suggest(tx: Connection, plan: CasePlan, now: datetime) -> None:
    tx.execute(
        insert(suggestions).values(
            post_id=plan.post_id, case_id=plan.case_id, score=plan.score, reason=plan.reason, at=now
        )
    )


def _order(tx: Connection, post: RowMapping) -> str:
    """The number of an order that another desk handed on; "" for what has none, or one that is a case already."""
    number = str(post["native_id"])
    if post["kind"] is not SourceKind.HOTLINE or post["source"] == TYPED or MADE_UP.fullmatch(number):
        return ""
    mine = (cases.c.channel == post["kind"].value, cases.c.external_number == number)
    known = tx.scalar(
        select(cases.c.id).where(*mine, cases.c.external_number != "", cases.c.parent_id.is_(None))
    )
    return "" if known is not None else number


def _learned_at(post: RowMapping) -> datetime:
    """When the bureau was told, which a desk that hands work orders on knows better than we do."""
    learned_at: datetime = post["learned_at"] or post["fetched_at"]
    return learned_at


def _post(tx: Connection, post_id: int) -> RowMapping:
    return tx.execute(_POST, {"post": post_id}).mappings().one()
