"""Standing rules: fixed texts that two people signed, and the messages that go out under them.

What such a text may say, and for which case it is due, is decided by flow.fixed_texts and publisher.fixed.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import queued
from huanyu.store.caseload import select_cases
from huanyu.store.casework import note_event
from huanyu.store.gate import rule_of
from huanyu.store.gate import used_today
from huanyu.store.outgoing import label
from huanyu.store.outgoing import put
from huanyu.store.outgoing import stop
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import posts
from huanyu.store.tables import standing_rules
from huanyu.store.tables import users
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import SourceKind
from huanyu.types import StandingRule


class StandingRules:
    """Rules from the first signature to their end."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(
        self,
        name: str,
        stage: str,
        accounts: Sequence[str],
        template: str,
        per_day: int,
        valid_until: datetime,
        first: str,
        now: datetime,
    ) -> StandingRule:
        """A rule with its first signature; it lets nothing out before the second."""
        values = {"name": name, "stage": stage, "accounts": tuple(accounts), "template": template}
        terms = {"per_day": per_day, "valid_until": valid_until, "first": first, "first_at": now}
        with self._database.write() as tx:
            statement = insert(standing_rules).values(**values, **terms)
            found = tx.execute(statement.returning(standing_rules.c.id)).scalar_one()
            facts = [name, stage, list(accounts), template, per_day, valid_until.isoformat()]
            self._trail.record(tx, "standing.add", "standing_rule", [found], facts, first, now)
            return _rule(tx, found)

    def sign(self, rule_id: int, actor: str, roles: Sequence[str], now: datetime) -> StandingRule:
        """The second signature, by another person in one of `roles`; raises NotAllowed or Conflict."""
        free = (
            standing_rules.c.id == rule_id,
            standing_rules.c.second == "",
            standing_rules.c.revoked_at.is_(None),
        )
        with self._database.write() as tx:
            rule = _rule(tx, rule_id)
            if rule.first == actor:
                raise NotAllowed("常设规则须由另一人会签", user=actor)
            _demand_roles(tx, (rule.first, actor), roles)
            signed = update(standing_rules).where(*free).values(second=actor, second_at=now)
            if not tx.execute(signed).rowcount:
                raise Conflict("这条规则已经会签或撤销，请刷新", rule=rule_id)
            self._trail.record(tx, "standing.sign", "standing_rule", [rule_id], rule.template, actor, now)
            return _rule(tx, rule_id)

    def revoke(self, rule_id: int, reason: str, actor: str, now: datetime) -> StandingRule:
        """Take a rule back, at once; what waits under it is not sent. Raises Conflict when it was taken back.

        What lies before a person to post goes back to review; what a worker would send does so when it is claimed.
        """
        mine = (standing_rules.c.id == rule_id, standing_rules.c.revoked_at.is_(None))
        with self._database.write() as tx:
            values = {"revoked_by": actor, "revoked_at": now, "reason": reason}
            if not tx.execute(update(standing_rules).where(*mine).values(**values)).rowcount:
                raise Conflict("这条规则已经撤销", rule=rule_id)
            handed = (outbox.c.rule_id == rule_id, outbox.c.state == MessageState.HANDED)
            for row in tx.execute(select(outbox).where(*handed).with_for_update()).all():
                stop(tx, row, False, "常设规则已撤销，请勿人工发布，须逐条审核", now)
            self._trail.record(tx, "standing.revoke", "standing_rule", [rule_id], reason, actor, now)
            return _rule(tx, rule_id)

    def listing(self) -> list[StandingRule]:
        """Every rule, newest first."""
        query = select(standing_rules).order_by(standing_rules.c.id.desc())
        with self._database.read() as tx:
            return [noun(StandingRule, row) for row in tx.execute(query).mappings()]

    def used(self, rule: StandingRule, now: datetime) -> int:
        """How many texts left under the rule today."""
        with self._database.read() as tx:
            return used_today(tx, rule.id, now)

    def composed(self, rule: StandingRule, now: datetime) -> int:
        """How many texts were composed under the rule today, whether they left or not."""
        midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        mine = (outbox.c.rule_id == rule.id, outbox.c.created_at >= midnight)
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(outbox).where(*mine)) or 0)

    def waiting(
        self, stage: str, states: Collection[str], kinds: Collection[str], since: datetime, limit: int
    ) -> list[Case]:
        """Cases routed since then, in one of the states, from one of the kinds of sources, without a text of this stage."""
        told = select(outbox.c.id).where(outbox.c.case_id == cases.c.id, outbox.c.stage == stage)
        mine = (
            cases.c.state.in_(sorted(states)),
            cases.c.routed_at >= since,
            posts.c.kind.in_([SourceKind(kind) for kind in kinds]),
            ~told.exists(),
        )
        with self._database.read() as tx:
            return queued(tx, select_cases().where(*mine).order_by(cases.c.id).limit(limit))

    def put(self, rule: StandingRule, draft: Draft, is_clean: bool, now: datetime) -> int | None:
        """One fixed text for one case, approved under its rule; None where the case has one of this stage.

        A text that the checks stop, and one whose rule is no longer in force, becomes a draft for people.
        """
        with self._database.write() as tx:
            current = rule_of(tx, rule.id)
            may_go = is_clean and current is not None and current == rule and rule.in_force(now)
            state = MessageState.APPROVED if may_go else MessageState.DRAFT
            found = put(tx, draft, f"fixed:{draft.case_id}:{draft.stage}", state, SYSTEM, now)
            if found is None or draft.case_id is None:
                return None
            if not may_go:
                tx.execute(update(outbox).where(outbox.c.id == found).values(rule_id=None))
            case_state = tx.scalar(select(cases.c.state).where(cases.c.id == draft.case_id))
            note = (
                f"{label(draft.channel)}：按常设规则“{rule.name}”{'拟发' if may_go else '拟稿，待人工审核'}"
            )
            note_event(tx, draft.case_id, str(case_state), "fixed_text", note, SYSTEM, now)
            facts = [rule.id, draft.text, state]
            self._trail.record(tx, "standing.put", "message", [found], facts, SYSTEM, now)
            return found


def _rule(tx: Connection, rule_id: int) -> StandingRule:
    found = rule_of(tx, rule_id)
    if found is None:
        raise NotFound("没有这条常设规则", rule=rule_id)
    return found


def _demand_roles(tx: Connection, names: Sequence[str], roles: Sequence[str]) -> None:
    """Both who sign work here, in one of the roles, at the moment of the second signature."""
    able = (users.c.name.in_(names), users.c.active, users.c.role.in_(roles))
    if len(set(tx.scalars(select(users.c.name).where(*able)))) < len(set(names)):
        raise NotAllowed("会签人已停用或没有会签权限", users=names)
