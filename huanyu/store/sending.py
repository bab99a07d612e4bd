"""The way out: what is due, the claim before a call leaves, its end, and looks for what may be out.

A claim is compare-and-set under the account's row, so that two workers never call twice for one message, nor at
once for one account. Whoever settles says whose claim it was; what was settled meanwhile is a Conflict.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import String
from sqlalchemy import and_
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.review_rows import ChainRow
from huanyu.store import accounts
from huanyu.store import clockwork
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import load_one
from huanyu.store.casework import advance
from huanyu.store.casework import note_event
from huanyu.store.gate import Gate
from huanyu.store.gate import claimed_by_now
from huanyu.store.gate import not_held
from huanyu.store.holding import not_waiting_for_line
from huanyu.store.outgoing import CORRECTING
from huanyu.store.outgoing import label
from huanyu.store.outgoing import messages
from huanyu.store.rows import noun
from huanyu.store.rows import nouns
from huanyu.store.session import Database
from huanyu.store.states import REPLYING
from huanyu.store.tables import APPROVED
from huanyu.store.tables import SENDING
from huanyu.store.tables import UNKNOWN
from huanyu.store.tables import account_states
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt

SKEW = timedelta(minutes=2)  # between the clocks of two machines
OUT = (MessageState.SENT, MessageState.REHEARSED)
#: The mail that tells a person of a message whose fate nobody knows is added under this and the message's number.
DOUBT = "doubt:"
#: The same for one that the platform refused.
FAILED = "refused:"

#: what a case's history calls each state a message reaches
ACTION: Mapping[MessageState, str] = MappingProxyType(
    {
        MessageState.DRAFT: "edited",
        MessageState.RETURNED: "sent_back",
        MessageState.APPROVED: "approved",
        MessageState.HANDED: "handed_over",
        MessageState.SENT: "sent",
        MessageState.REHEARSED: "rehearsed",
        MessageState.REFUSED: "refused_by_platform",
        MessageState.UNKNOWN: "delivery_unknown",
        MessageState.CANCELLED: "cancelled",
    }
)
#: What the history says where nobody wrote a note.
TOLD: Mapping[str, str] = MappingProxyType(
    {
        "edited": "文稿已修改",
        "approved": "审核通过",
        "postponed": "稍后再发",
        "handed_over": "已交由人工发布",
        "sent": "已发出",
        "rehearsed": "已演练",
        "delivery_unknown": "结果不明",
    }
)


NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})


class Sending:
    """What the delivery asks of the outbox and writes on it."""

    def __init__(
        self, database: Database, trail: Trail, gate: Gate, meets: Mapping[str, Collection[str]] = NOTHING
    ) -> None:
        """`meets`: for each act (已受理, a reply …) the rows of clocks.toml whose limits it meets."""
        self._database = database
        self._trail = trail
        self._gate = gate
        self._meets = meets

    def take_in(self, chains: Sequence[ChainRow], meets: Mapping[str, Collection[str]]) -> None:
        """Go by these reviews and acts from now on."""
        self._gate.take_in(chains)
        self._meets = meets

    def due(self, now: datetime, limit: int, live: bool = False, held: Collection[str] = ()) -> list[Message]:
        """Approved messages whose time has come and whose predecessor is out, oldest first.

        Those of an account that rests, or has a call in flight, are left out. `live`: a predecessor that was only
        rehearsed is not out, its page does not exist. `held`: classes that stay back; they take nobody's place.
        """
        return self._where(
            APPROVED,
            outbox.c.approved_version == outbox.c.version,
            or_(outbox.c.due_at <= now, _put_off_by_another_clock(now)),
            not_held(held),
            not_waiting_for_line(),
            or_(outbox.c.after == "", _predecessor_is_out((MessageState.SENT,) if live else OUT)),
            outbox.c.account.not_in(_resting(now)),
            outbox.c.account.not_in(_calling()),
            limit=limit,
        )

    def claim(
        self,
        message: Message,
        now: datetime,
        actor: str = SYSTEM,
        worker: str = "",
        room: Sequence[tuple[datetime, int]] = (),
    ) -> Message | None:
        """Write "sending" before the call leaves; None when it may not.

        That is: somebody else has it, it was changed, its votes or its rule do not hold any more, its account
        rests or has a call in flight, or as many messages as `room` allows have left since its moments.
        """
        with self._database.write() as tx:
            resting = accounts.lock(tx, message.account)["held_until"]
            if (resting is not None and resting > now) or _has_call(tx, message.account):
                return None
            if not accounts.has_room(tx, message.account, room, now):
                return None
            if not self._gate.passes(tx, message, now):  # the votes are asked again, in this transaction
                return None
            mine = and_(outbox.c.id == message.id, APPROVED, outbox.c.version == message.version)
            pinned = outbox.c.approved_version == outbox.c.version
            values = {"state": MessageState.SENDING, "claimed_at": now, "claimed_by": worker}
            taken = tx.execute(
                update(outbox).where(mine, pinned).values(**values, attempts=outbox.c.attempts + 1)
            )
            if not taken.rowcount:
                return None
            facts = [message.version, worker]
            self._trail.record(tx, "outbox.sending", "message", [message.id], facts, actor, now)
            return load(tx, outbox.c.id == message.id)

    def postpone(self, message: Message, due_at: datetime, note: str, now: datetime) -> bool:
        """Plan an approved message for later; whether it was still as it was read."""
        with self._database.write() as tx:
            mine = and_(outbox.c.id == message.id, APPROVED, outbox.c.version == message.version)
            moved = update(outbox).where(mine, outbox.c.due_at == message.due_at)
            values = {"due_at": due_at, "note": note, "claimed_at": claimed_by_now(now)}
            if not tx.execute(moved.values(values)).rowcount:
                return False
            self._trail.record(tx, "outbox.planned", "message", [message.id], due_at.isoformat(), SYSTEM, now)
            return True

    def settle(
        self,
        message: Message,
        state: MessageState,
        receipt: Receipt | None,
        note: str,
        due_at: datetime | None,
        case_to: str | None,
        now: datetime,
        actor: str = SYSTEM,
        look_at: datetime | None = None,
        hold: datetime | None = None,
    ) -> Message:
        """What became of a message that left; `case_to` moves its case along if that waits for the reply.

        `look_at`: when an unknown one is looked for; `hold`: until when its account rests. Raises Conflict when
        the message was settled by somebody else.
        """
        with self._database.write() as tx:
            accounts.lock(
                tx, message.account
            )  # first, as a claim does: two who wait for each other wait for ever
            values: dict[str, Any] = {"state": state, "note": note, "claimed_by": ""}
            if state is MessageState.UNKNOWN:
                values["look_at"] = look_at
            if message.state is MessageState.SENDING:
                values["looks"] = 0
                accounts.learn(tx, message.account, state, hold, note, now)
            if state in {MessageState.DRAFT, MessageState.RETURNED}:
                values["approved_version"] = None
            if due_at is not None:
                values["due_at"] = due_at
            compare_and_set(tx, message, values | _receipt(receipt, state, now))
            action = "postponed" if state is MessageState.APPROVED else ACTION.get(state, state.value)
            tell_case(tx, message, action, note, actor, now)
            self._meet(tx, message, state, now)
            _answer(tx, message, case_to, note, actor, now)
            facts = [receipt.platform_id if receipt else None, note]
            self._trail.record(tx, f"outbox.{state.value}", "message", [message.id], facts, actor, now)
            return load(tx, outbox.c.id == message.id)

    def _meet(self, tx: Connection, message: Message, state: MessageState, now: datetime) -> None:
        """The public has been told something: limits that ask for no more than that are met."""
        if state is not MessageState.SENT or message.purpose != "reply" or message.case_id is None:
            return
        act = message.stage if message.stage in self._meets else "reply"
        if message.stage not in CORRECTING:
            clockwork.meet(tx, message.case_id, act, now, rules=self._meets.get(act, ()))

    def in_flight(self, before: datetime | None = None) -> list[Message]:
        """Messages claimed, at or before `before`, and never settled: they may be out."""
        return self._where(SENDING, *([outbox.c.claimed_at <= before] if before is not None else []))

    def next_moment(self, after: datetime) -> datetime | None:
        """The first moment after `after` at which anything falls due; None when nothing waits for a time."""
        times = (
            select(func.min(outbox.c.due_at)).where(APPROVED, outbox.c.due_at > after),
            select(func.min(outbox.c.look_at)).where(UNKNOWN, outbox.c.look_at > after),
            select(func.min(account_states.c.held_until)).where(
                account_states.c.held_until > after,
                account_states.c.account.in_(select(outbox.c.account).where(APPROVED)),
            ),
        )
        with self._database.read() as tx:
            found = [tx.scalar(query) for query in times]
        return min((moment for moment in found if moment is not None), default=None)

    def to_look_for(self, now: datetime, limit: int) -> list[Message]:
        """Unknown messages whose next look is due, the one that waits longest first."""
        query = select(outbox).where(UNKNOWN, outbox.c.look_at <= now)
        with self._database.read() as tx:
            return messages(tx, query.order_by(outbox.c.look_at, outbox.c.id).limit(limit))

    def is_anothers(self, message: Message, platform_id: str) -> bool:
        """Whether this is what the platform calls another message of the account, that is no version of this one."""
        named = (outbox.c.account == message.account, outbox.c.platform_id == platform_id)
        other = and_(outbox.c.id != message.id, outbox.c.state == MessageState.SENT, outbox.c.about.is_(None))
        if not platform_id or message.about is not None:
            return False
        with self._database.read() as tx:
            return tx.execute(select(outbox.c.id).where(*named, other).limit(1)).first() is not None

    def begin_look(self, message: Message, next_at: datetime | None, now: datetime) -> Message | None:
        """Write that an unknown message is looked for now, and when next; None when somebody else does so."""
        return self._look(message, message.looks + 1, next_at, now)

    def put_off_look(self, message: Message, next_at: datetime, now: datetime) -> Message | None:
        """The platform could not be read: that look did not count."""
        return self._look(message, max(0, message.looks - 1), next_at, now)

    def untold(self, before: datetime, without: Collection[str], limit: int) -> list[Message]:
        """Unknown messages that need a person and of which nobody was told yet.

        They cannot be looked for, or left at or before `before` and were not found since.
        """
        mail = outbox.alias("mail")
        key = DOUBT + cast(outbox.c.id, String) + ":" + cast(outbox.c.attempts, String)
        told = select(mail.c.id).where(mail.c.key == key).exists()
        late = or_(outbox.c.look_at.is_(None), outbox.c.claimed_at <= before)
        return self._where(UNKNOWN, late, outbox.c.purpose.not_in(list(without)), ~told, limit=limit)

    def failed(self, since: datetime, without: Collection[str], limit: int) -> list[Message]:
        """Messages that will not leave by themselves any more, refused since then, of which nobody was told yet."""
        mail = outbox.alias("mail")
        key = FAILED + cast(outbox.c.id, String) + ":" + cast(outbox.c.attempts, String)
        told = select(mail.c.id).where(mail.c.key == key).exists()
        mine = (outbox.c.state == MessageState.REFUSED, outbox.c.claimed_at > since)
        return self._where(*mine, outbox.c.purpose.not_in(list(without)), ~told, limit=limit)

    def _look(self, message: Message, looks: int, next_at: datetime | None, now: datetime) -> Message | None:
        same = and_(outbox.c.id == message.id, UNKNOWN, outbox.c.looks == message.looks)
        with self._database.write() as tx:
            if not tx.execute(update(outbox).where(same).values(looks=looks, look_at=next_at)).rowcount:
                return None
            self._trail.record(tx, "outbox.look", "message", [message.id], looks, SYSTEM, now)
            return load(tx, outbox.c.id == message.id)

    def _where(
        self, *where: ColumnElement[bool], limit: int | None = None, newest: bool = False, all_: bool = False
    ) -> list[Message]:
        """Without what is broken, unless `all_` are wanted: then that is raised."""
        order = outbox.c.id.desc() if newest else outbox.c.id
        query = select(outbox).where(*where).order_by(order).limit(limit)
        with self._database.read() as tx:
            return [*nouns(Message, tx.execute(query).mappings())] if all_ else messages(tx, query)


def load(tx: Connection, *where: ColumnElement[bool], **ids: object) -> Message:
    """One message; raises NotFound."""
    row = tx.execute(select(outbox).where(*where)).mappings().first()
    if row is None:
        raise NotFound("没有这条消息", **ids)
    return noun(Message, row)


def compare_and_set(tx: Connection, message: Message, values: dict[str, Any]) -> None:
    """Change a message that is still as it was read; raises Conflict."""
    same = and_(
        outbox.c.id == message.id,
        outbox.c.state == message.state,
        outbox.c.version == message.version,
        outbox.c.attempts == message.attempts,
        outbox.c.claimed_by == message.claimed_by,
    )
    if not tx.execute(update(outbox).where(same).values(**values)).rowcount:
        raise Conflict("这条消息刚被他人处理过, 请刷新后再试", message=message.key)


def tell_case(tx: Connection, message: Message, action: str, note: str, actor: str, now: datetime) -> None:
    """Tell the case's history; notices and replies are told apart."""
    if message.case_id is None:
        return
    told = f"notice_{action}" if message.purpose == "notice" else action
    state = tx.execute(select(cases.c.state).where(cases.c.id == message.case_id)).scalar_one()
    sentence = f"{label(message.channel)}：{note or TOLD.get(action, action)}"
    note_event(tx, message.case_id, state, told, sentence, actor, now)


def _answer(tx: Connection, message: Message, to: str | None, note: str, actor: str, now: datetime) -> None:
    if to is None or message.case_id is None:
        return
    tx.execute(select(cases.c.id).where(cases.c.id == message.case_id).with_for_update(key_share=True))
    case = load_one(tx, cases.c.id == message.case_id, case=message.case_id)
    # A reply of an earlier round says nothing about this one.
    this_round = select(cases.c.replies).where(cases.c.id == message.case_id).scalar_subquery()
    current = tx.scalar(select(outbox.c.round == this_round).where(outbox.c.id == message.id))
    if case.state == REPLYING and current:
        advance(tx, case, to, to, note, actor, now)


def _receipt(receipt: Receipt | None, state: MessageState, now: datetime) -> dict[str, Any]:
    # Our clock, as in the case's history: a platform's may run ahead or behind.
    values: dict[str, Any] = {"sent_at": now} if state in OUT else {}
    if receipt is not None:
        values |= {"platform_id": receipt.platform_id, "platform_url": receipt.url}
    return values


def _has_call(tx: Connection, account: str) -> bool:
    calling = select(outbox.c.id).where(SENDING, outbox.c.account == account).limit(1)
    return tx.execute(calling).first() is not None


def _resting(now: datetime) -> Any:
    return select(account_states.c.account).where(account_states.c.held_until > now)


def _calling() -> Any:
    other = outbox.alias("calling")
    return select(other.c.account).where(other.c.state == MessageState.SENDING)


def _put_off_by_another_clock(now: datetime) -> ColumnElement[bool]:
    """Tried in the future, and to be tried again after that: by a clock that has been put back since, so it is due.

    What a person set for a moment before that try stays where it is. Whoever puts it off anew has to bring the try
    down to now (`claimed_by_now`): else it would be due again at once, and put off again, for ever.
    """
    return and_(outbox.c.claimed_at > now + SKEW, outbox.c.due_at >= outbox.c.claimed_at)


def _predecessor_is_out(states: Sequence[MessageState]) -> ColumnElement[bool]:
    """Whether the message of the same case, purpose and round on the channel `after` has gone out.

    Stages before the result have no round: there the page that was written together with this text counts.
    """
    other = outbox.alias("predecessor")
    # A 更正 of a text of our own choosing belongs to no case: what was written with it counts there too.
    together = other.c.created_at == outbox.c.created_at
    without_case = and_(other.c.case_id.is_(None), outbox.c.case_id.is_(None), together)
    return (
        select(other.c.id)
        .where(
            or_(other.c.case_id == outbox.c.case_id, without_case),
            other.c.purpose == outbox.c.purpose,
            other.c.round == outbox.c.round,
            or_(outbox.c.round != 0, together),
            other.c.channel == outbox.c.after,
            other.c.state.in_(states),
        )
        .exists()
    )
