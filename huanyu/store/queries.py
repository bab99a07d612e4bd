"""The named queries behind a bulletin's figures: each tells which rows count, for any day, as of any moment.

`Figure.query` names one of QUERIES, so whoever doubts a number can ask again.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import CompoundSelect
from sqlalchemy import Select
from sqlalchemy import Subquery
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import union_all

from huanyu.clock import SHANGHAI
from huanyu.store.belonging import before
from huanyu.store.belonging import first_before
from huanyu.store.clockwork import LATER
from huanyu.store.clockwork import RECTIFY
from huanyu.store.ledger_queries import ledger_done
from huanyu.store.ledger_queries import ledger_open
from huanyu.store.spans import Ids as Ids
from huanyu.store.spans import Span as Span
from huanyu.store.states import ANSWERED
from huanyu.store.states import ASSIGNED
from huanyu.store.states import OVER
from huanyu.store.states import PENDING
from huanyu.store.states import RETURNED
from huanyu.store.tables import bulletins
from huanyu.store.tables import case_events
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.store.tables import outbox
from huanyu.store.tables import posts
from huanyu.store.tables import samples
from huanyu.store.tables import verdicts
from huanyu.types import MessageState
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types.circulation import CORRECTION

REPOST = "repost"  # posts.same_why of what comparing found
EVER = datetime(2000, 1, 1, tzinfo=SHANGHAI)  # before any desk
REOPENED = "reopened"  # case_events.action of a recurrence
#: 信访投诉: what came to the office itself
PETITIONS = (SourceKind.HOTLINE, SourceKind.LETTER, SourceKind.REPORT)


#: Parts of cases (拆分) are counted nowhere: the whole is.
PARTS: Ids = select(cases.c.id).where(cases.c.parent_id.is_not(None))


def posts_new(span: Span) -> Ids:
    """Posts said in the period; of those found later only what was found by then."""
    return select(posts.c.id).where(span.within(posts.c.said_at), span.known(posts.c.stored_at))


def complaints_new(span: Span, kind: SourceKind | None = None) -> Ids:
    """Complaints among them, of one kind of source or of all."""
    query = (
        posts_new(span)
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(verdicts.c.is_complaint, span.known(verdicts.c.judged_at))
    )
    query = query.where(~repeats(span))
    return query if kind is None else query.where(posts.c.kind == kind)


def repeats(span: Span) -> ColumnElement[bool]:
    """Posts that only repeat an earlier one; found by comparing, they count until somebody compared."""
    noted = or_(posts.c.same_why != REPOST, span.known(posts.c.compared_at))
    return and_(posts.c.same_as.is_not(None), noted)


def reposts_new(span: Span) -> Ids:
    """Complaints of the period that repeat one we have: told apart, counted nowhere else."""
    return (
        posts_new(span)
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(verdicts.c.is_complaint, span.known(verdicts.c.judged_at), repeats(span))
    )


def complaints_of(span: Span, kinds: Sequence[SourceKind]) -> Ids:
    """Complaints that came in by any of several ways of one office."""
    return complaints_new(span).where(posts.c.kind.in_(kinds))


def praise_new(span: Span) -> Ids:
    """What people said of the environment in the period that is kind; a good meal is `other` and none of ours."""
    return (
        posts_new(span)
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(
            verdicts.c.sentiment == Sentiment.POSITIVE,
            verdicts.c.type == PostType.OPINION,
            ~verdicts.c.is_complaint,
            span.known(verdicts.c.judged_at),
            ~repeats(span),
        )
    )


def cases_opened(span: Span) -> Ids:
    """Cases opened in the period."""
    return select(cases.c.id).where(span.within(cases.c.opened_at), cases.c.parent_id.is_(None))


def cases_earlier(span: Span) -> Ids:
    """Cases opened in the period about posts said before it."""
    return (
        cases_opened(span)
        .select_from(cases)
        .join(posts, posts.c.id == opening_post(span))
        .where(posts.c.said_at < span.start)
    )


def opening_post(span: Span) -> ColumnElement[int]:
    """The first post of a case of the enclosing query, as it was when we looked."""
    first = cases.c.first_post_id
    return first if span.seen is None else func.coalesce(first_before(span.seen), first)


def cases_appended(span: Span) -> Ids:
    """Posts that joined a case as further witnesses."""
    told = _witnesses(span)
    return select(told.c.post_id.label("id"))


def _witnesses(span: Span) -> Subquery:
    """Further posts of the period and their cases, as they belonged together when we looked."""
    told = select(case_posts.c.post_id, case_posts.c.case_id).where(
        span.within(case_posts.c.at), case_posts.c.first.is_(False)
    )
    if span.seen is None:
        return told.subquery()
    old = before(span.seen)
    stayed = told.where(case_posts.c.post_id.not_in(select(old.c.post_id)))
    moved = select(old.c.post_id, old.c.case_id).where(span.within(old.c.at), old.c.first.is_(False))
    return union_all(stayed, moved).subquery()


def cases_reaching(span: Span, state: str) -> Ids:
    """Cases that reached a state in the period."""
    return (
        select(case_events.c.case_id.label("id"))
        .where(case_events.c.state == state, case_events.c.moved, span.within(case_events.c.at))
        .where(case_events.c.case_id.not_in(PARTS))
        .distinct()
    )


def cases_told_again(span: Span) -> Ids:
    """Cases that further posts joined in the period."""
    told = _witnesses(span)
    return select(told.c.case_id.label("id")).distinct()


def cases_reopened(span: Span) -> Ids:
    """复发: cases that were over or answered and are complained about again."""
    return (
        select(case_events.c.case_id.label("id"))
        .where(
            case_events.c.state == PENDING,  # what is taken up again begins anew; the index knows states
            case_events.c.action == REOPENED,
            span.within(case_events.c.at),
        )
        .distinct()
    )


def answered_again(span: Span) -> Ids:
    """Recurrences of cases that had an answer: it did not settle the matter."""
    before = case_events.alias()
    had = (
        before.c.case_id == case_events.c.case_id,
        before.c.state == ANSWERED,
        before.c.id < case_events.c.id,
    )
    return cases_reopened(span).where(select(before.c.id).where(*had).exists())


def cases_told(span: Span) -> Ids:
    """Cases whose people had an answer by the period's end that was given since a unit last got the case."""
    begun = case_events.alias()
    since = (
        begun.c.case_id == case_events.c.case_id,
        begun.c.id > case_events.c.id,
        begun.c.moved,
        begun.c.state.in_((PENDING, ASSIGNED)),
        span.before(begun.c.at),
    )
    return cases_reaching(Span(EVER, span.end, span.seen), ANSWERED).where(
        ~select(begun.c.id).where(*since).exists()
    )


def states_at(span: Span, *among: ColumnElement[bool]) -> Select[Any]:
    """(id, state) of every case as it stood at the period's end, from its history; `among` narrows its lines."""
    last = (
        select(func.max(case_events.c.id))
        .where(span.before(case_events.c.at), case_events.c.case_id.not_in(PARTS), *among)
        .group_by(case_events.c.case_id)
    )
    return select(case_events.c.case_id.label("id"), case_events.c.state).where(case_events.c.id.in_(last))


def cases_open(span: Span) -> Ids:
    """Cases not over at the period's end."""
    at = states_at(span, case_events.c.case_id.in_(_perhaps_open(span))).subquery()
    return select(at.c.id).where(at.c.state.not_in(sorted(OVER)))


def _perhaps_open(span: Span) -> CompoundSelect[Any]:
    """Cases that are open now, or were over only later: nobody need go through the history of all others."""
    later = (case_events.c.state.in_(sorted(OVER)), case_events.c.at >= span.moment)
    return union_all(
        select(cases.c.id).where(cases.c.state.not_in(sorted(OVER))),
        select(case_events.c.case_id).where(*later),
    )


def cases_overdue(span: Span) -> Ids:
    """Cases with a limit that had run out by the period's end without being met.

    What an assisting unit owes, and what follows an answer or a result, is no limit of the open matter.
    """
    return _overrun(span).where(clocks.c.owed_by == "", clocks.c.name.not_in(sorted(LATER)))


def rechecks_overdue(span: Span) -> Ids:
    """Cases whose pollution was to be put right and which nobody has looked at again in time, closed ones too."""
    return _overrun(span).where(clocks.c.name == RECTIFY)


def _overrun(span: Span) -> Ids:
    return (
        select(clocks.c.case_id.label("id"))
        .where(
            span.before(clocks.c.started_at),
            clocks.c.id.in_(_ran_on(span)),
            clocks.c.case_id.not_in(PARTS),
        )
        .distinct()
    )


def _ran_on(span: Span) -> CompoundSelect[Any]:
    """Limits that were due before the period's end and ran then, or still do: each half has its index."""
    late = clocks.c.due < span.moment
    return union_all(
        select(clocks.c.id).where(late, clocks.c.ended_at.is_(None)),
        select(clocks.c.id).where(late, clocks.c.ended_at.is_not(None), clocks.c.ended_at >= span.moment),
    )


def year_cases(span: Span) -> Ids:
    """Cases opened since 1 January."""
    return cases_opened(span.year_to_date())


def year_answered(span: Span) -> Ids:
    """Cases answered since 1 January; one answered twice counts once."""
    return cases_reaching(span.year_to_date(), ANSWERED)


def replies_sent(span: Span) -> Ids:
    """Replies that really left; a dry run is no reply."""
    return select(outbox.c.id).where(
        outbox.c.purpose == "reply", outbox.c.state == MessageState.SENT, span.within(outbox.c.sent_at)
    )


def bulletins_year(span: Span) -> Ids:
    """Numbers given to bulletins of days of this year up to the period, the present one included."""
    first = date(span.start.year, 1, 1)
    days = bulletins.c.day >= first, bulletins.c.day <= span.start.date()
    query = select(bulletins.c.id).where(*days, bulletins.c.series != CORRECTION)
    # Not `known`: the present one takes its number in the very moment of the look.
    return query if span.seen is None else query.where(bulletins.c.reserved_at <= span.seen)


def samples_judged(span: Span) -> Ids:
    """Drawn posts that a person judged in the period."""
    return select(samples.c.post_id.label("id")).where(span.within(samples.c.judged_at))


def samples_missed(span: Span) -> Ids:
    """Those of them that are complaints, though they had been called none."""
    return samples_judged(span).where(samples.c.type == PostType.COMPLAINT.value)


def bulletins_issued(span: Span) -> Ids:
    """Issues of every series whose period ended, or which were signed, in the period; the one being made too."""
    days = bulletins.c.day >= span.start.date(), bulletins.c.day < span.end.date()
    query = select(bulletins.c.id).where(*days, bulletins.c.series != CORRECTION)
    return query if span.seen is None else query.where(bulletins.c.reserved_at <= span.seen)


#: key -> (query, unit): every figure there is
QUERIES: Mapping[str, tuple[Callable[[Span], Ids], str]] = MappingProxyType(
    {
        "posts_new": (posts_new, "条"),
        "complaints_new": (complaints_new, "条"),
        **{f"complaints_{kind.value}": (partial(complaints_new, kind=kind), "条") for kind in SourceKind},
        "cases_opened": (cases_opened, "件"),
        "cases_earlier": (cases_earlier, "件"),
        "cases_appended": (cases_appended, "条"),
        "cases_answered": (partial(cases_reaching, state=ANSWERED), "件"),
        "cases_returned": (partial(cases_reaching, state=RETURNED), "件"),
        "cases_told_again": (cases_told_again, "件"),
        "cases_reopened": (cases_reopened, "件"),
        "answered_again": (answered_again, "件"),
        "reposts_new": (reposts_new, "条"),
        "praise_new": (praise_new, "条"),
        "weibo_received": (partial(complaints_of, kinds=(SourceKind.WEIBO,)), "起"),
        "platform_received": (partial(complaints_of, kinds=(SourceKind.PLATFORM,)), "件"),
        "petitions_received": (partial(complaints_of, kinds=PETITIONS), "件"),
        "bulletins_issued": (bulletins_issued, "期"),
        "cases_closed": (partial(cases_reaching, state="closed"), "件"),
        "cases_open": (cases_open, "件"),
        "cases_overdue": (cases_overdue, "件"),
        "rechecks_overdue": (rechecks_overdue, "件"),
        "year_cases": (year_cases, "件"),
        "year_answered": (year_answered, "件"),
        "replies_sent": (replies_sent, "条"),
        "bulletins_year": (bulletins_year, "期"),
        "samples_judged": (samples_judged, "条"),
        "samples_missed": (samples_missed, "条"),
        "ledger_entered": (partial(ledger_done, action="entered"), "条"),
        "ledger_told": (partial(ledger_done, action="told"), "次"),
        "ledger_sent_back": (partial(ledger_done, action="sent_back"), "次"),
        "ledger_cancelled": (partial(ledger_done, action="cancelled"), "条"),
        "ledger_open": (ledger_open, "条"),
    }
)
