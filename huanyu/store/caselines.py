"""Cases and a few kind words as a bulletin lists them: masked, shortened, in the states they had at the period's end."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import select

from huanyu import redact
from huanyu.store.caseload import load
from huanyu.store.caseload import select_cases
from huanyu.store.clockwork import LATER
from huanyu.store.rows import chunks
from huanyu.store.states import stands_still
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts
from huanyu.text import shorten
from huanyu.types import Case
from huanyu.types import CaseLine
from huanyu.types import MessageState
from huanyu.types import Said

FOR_FEW = "（限定范围办理）"  # in the place of the title of a case about an official's conduct
QUOTE = 120  # characters of a citizen's words in a list


class Lines:
    """Case lines of one look at the store; each is made once."""

    def __init__(self, tx: Connection, states: Mapping[int, str], moment: datetime) -> None:
        self._tx = tx
        self._states = states
        self._moment = moment
        self._made: dict[int, CaseLine] = {}

    def of(self, ids: Iterable[int]) -> tuple[CaseLine, ...]:
        """Lines of these cases, by number."""
        wanted = sorted(ids)
        for batch in chunks(case_id for case_id in wanted if case_id not in self._made):
            answers = _answers(self._tx, batch)
            for case in load(self._tx, select_cases().where(cases.c.id.in_(batch))):
                self._made[case.id] = self._line(case, answers.get(case.id, ""))
        return tuple(self._made[case_id] for case_id in wanted)

    def _line(self, case: Case, answered_url: str) -> CaseLine:
        state = self._states.get(case.id, case.state)
        return CaseLine(
            case_id=case.id,
            number=case.number,
            title=FOR_FEW if case.restricted else redact.mask(case.title),
            kinds=case.kinds,
            area=case.area,
            source_kind=case.source_kind,
            quote=""
            if case.restricted
            else shorten(redact.mask(case.first_text, [case.first_author]), QUOTE),
            url="" if case.restricted else case.first_url,
            posts=case.posts,
            state=state,
            unit=case.unit,
            opened_at=case.opened_at,
            due=_due(case, state, self._moment),
            urgent=case.urgent,
            answered_url=answered_url,
            level=case.level,
            signed_at=case.signed_at,
        )


def _due(case: Case, state: str, moment: datetime) -> datetime | None:
    """The limit that ends first of those that ran in `state`, at that moment."""
    answered = case.answered_at is not None and case.answered_at < moment
    owed = (clock for clock in case.clocks if not clock.owed_by and clock.name not in LATER)
    return min((clock.due for clock in owed if not stands_still(clock.name, state, answered)), default=None)


def _answers(tx: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Where the reply to each case can be read: our own page before any platform's, never a citizen's thread."""
    query = (
        select(outbox.c.case_id, outbox.c.platform_url, outbox.c.link, outbox.c.channel, outbox.c.reply_to)
        .where(outbox.c.case_id.in_(ids), outbox.c.purpose == "reply", outbox.c.state == MessageState.SENT)
        .order_by(outbox.c.id)
    )
    found: dict[int, str] = {}
    for row in tx.execute(query):
        if row.channel == "site" or row.case_id not in found:
            found[row.case_id] = row.link if row.reply_to else row.platform_url or row.link
    return found


def sayings(tx: Connection, ids: Sequence[int]) -> tuple[Said, ...]:
    """A few masked words of each of these posts, in the order they were said."""
    query = (
        select(posts.c.id, posts.c.kind, posts.c.text, posts.c.author, verdicts.c.area)
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(posts.c.id.in_(ids))
        .order_by(posts.c.said_at, posts.c.id)
    )
    return tuple(
        Said(
            post_id=row.id,
            source_kind=row.kind.value,
            area=row.area,
            quote=shorten(redact.mask(row.text, [row.author]), QUOTE),
        )
        for row in tx.execute(query)
    )
