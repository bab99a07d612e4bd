"""Counts of a period by source, kind, place, mood, level: rows of tables, each of which can be asked for again.

Cases are counted under what they are filed as; posts under what the reader or a person called them.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import String
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from huanyu.bureau import SourceRow
from huanyu.store.openings import LEVEL
from huanyu.store.queries import Ids
from huanyu.store.queries import Span
from huanyu.store.queries import bulletins_issued
from huanyu.store.queries import cases_opened
from huanyu.store.queries import complaints_new
from huanyu.store.queries import opening_post
from huanyu.store.queries import posts_new
from huanyu.store.tables import bulletins
from huanyu.store.tables import case_events
from huanyu.store.tables import cases
from huanyu.store.tables import posts
from huanyu.store.tables import source_states
from huanyu.store.tables import verdicts
from huanyu.store.tables import visits
from huanyu.types import Row
from huanyu.types import Search
from huanyu.types import SourceLine

TREND = 14  # days

#: states of a source in which it was not seen, and what a reader is told of them
UNSEEN: Mapping[str, str] = MappingProxyType(
    {
        "wall": "遇验证墙",
        "login_needed": "需登录",
        "robots_closed": "站点不许抓取",
        "silent": "没有新内容",
        "failing": "读取失败",
    }
)
PARTLY = "partly"

Cells = Mapping[str, Mapping[str, Sequence[int]]]


def narrowed(query: Ids, about: str, search: Search | None) -> Ids:
    """The rows of a query over posts or cases that a saved search is about."""
    if search is None or not about:
        return query
    found = query.subquery()
    wanted = posts_about(search) if about == "post" else _cases_about(search)
    return select(found.c.id).where(found.c.id.in_(wanted))


def posts_about(search: Search) -> Ids:
    """Posts a saved search picks."""
    query = select(posts.c.id).join(verdicts, verdicts.c.post_id == posts.c.id)
    return _about(query, search, verdicts, [posts.c.title, posts.c.text])


def _cases_about(search: Search) -> Ids:
    query = select(cases.c.id).join(posts, posts.c.id == cases.c.first_post_id)
    return _about(query, search, cases, [cases.c.title, cases.c.place, posts.c.text])


def _about(query: Ids, search: Search, filed: Any, texts: Sequence[Any]) -> Ids:
    if search.kinds:  # kinds are a JSON list: "noise.social" stands in it between quotation marks
        listed = cast(filed.c.kinds, String)
        leaf = (listed.contains(f'"{kind}"', autoescape=True) for kind in search.kinds)
        family = (listed.contains(f'"{kind}.', autoescape=True) for kind in search.kinds)
        query = query.where(or_(*leaf, *family))
    if search.areas:
        query = query.where(filed.c.area.in_(search.areas))
    if search.words:
        said = (text.icontains(word, autoescape=True) for text in texts for word in search.words)
        query = query.where(or_(*said))
    return query


def rows(counted: Mapping[str, int]) -> tuple[Row, ...]:
    """Counts, largest first; equals in the order of their keys, so that one period gives one bulletin."""
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Row(label=key, count=count, key=key) for key, count in ordered if count)


def complaints(tx: Connection, span: Span, search: Search | None) -> dict[str, Counter[str]]:
    """Complaints by kind of source, by kind of problem (one may have several) and by place, grouped by the database."""
    wanted = narrowed(complaints_new(span), "post", search)
    columns = (posts.c.kind, verdicts.c.kinds, verdicts.c.area)
    query = (
        select(*columns, func.count(posts.c.id).label("n"))
        .join(verdicts, verdicts.c.post_id == posts.c.id)
        .where(posts.c.id.in_(wanted))
        .group_by(*columns)
    )
    found: dict[str, Counter[str]] = {"source": Counter(), "kind": Counter(), "area": Counter()}
    for row in tx.execute(query):
        found["source"][row.kind.value] += row.n
        found["area"][row.area] += row.n
        for kind in row.kinds:
            found["kind"][kind] += row.n
    return found


def moods(tx: Connection, span: Span, search: Search | None) -> Counter[str]:
    """Judged posts of the period by mood."""
    query = (
        select(verdicts.c.sentiment, func.count(verdicts.c.post_id).label("n"))
        .where(
            verdicts.c.post_id.in_(narrowed(posts_new(span), "post", search)),
            span.known(verdicts.c.judged_at),
        )
        .group_by(verdicts.c.sentiment)
    )
    return Counter({row.sentiment.value: row.n for row in tx.execute(query)})


def cells(tx: Connection, span: Span, search: Search | None) -> Cells:
    """Ids of the cases opened in the period by what they are filed as, and of the bulletins issued by series."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    opened = narrowed(cases_opened(span), "case", search)
    levels, before = _levels(tx, span, opened), _put_right(tx, span, opened)
    query = (
        select(cases.c.id, cases.c.kinds, cases.c.area, posts.c.kind)
        .select_from(cases)
        .join(posts, posts.c.id == opening_post(span))
        .where(cases.c.id.in_(opened))
        .order_by(cases.c.id)
    )
    for row in tx.execute(query):
        filed = {"kinds": row.kinds, "area": row.area} | before.get(row.id, {})
        for kind in filed["kinds"]:
            found["case_kind"][kind].append(row.id)
        found["case_area"][filed["area"]].append(row.id)
        found["case_source"][row.kind.value].append(row.id)
        found["case_level"][levels.get(row.id, LEVEL)].append(row.id)
    issued = select(bulletins.c.id, bulletins.c.series).where(bulletins.c.id.in_(bulletins_issued(span)))
    for bulletin_id, series in tx.execute(issued.order_by(bulletins.c.id)):
        found["issued"][series].append(bulletin_id)
    return found


def _levels(tx: Connection, span: Span, opened: Ids) -> dict[int, str]:
    """The level each case had when we looked."""
    query = (
        select(case_events.c.case_id, case_events.c.level)
        .where(case_events.c.level != "", case_events.c.case_id.in_(opened), span.known(case_events.c.at))
        .order_by(case_events.c.id)
    )
    return {row.case_id: row.level for row in tx.execute(query)}


def _put_right(tx: Connection, span: Span, opened: Ids) -> dict[int, dict[str, Any]]:
    """What the cases that somebody has put right since we looked were filed as before."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    if span.seen is None:
        return found
    query = (
        select(case_events.c.case_id, case_events.c.changes)
        .where(case_events.c.at >= span.seen, case_events.c.case_id.in_(opened))
        .order_by(case_events.c.id)
    )
    for case_id, changes in tx.execute(query):
        for name, (was, _) in changes.items():
            found[case_id].setdefault(name, was)
    return found


def trend(tx: Connection, last: date, days: int, seen: Any, search: Search | None) -> tuple[Row, ...]:
    """Cases opened on each of so many days, oldest first; by month where the days are more than a hundred."""
    listed = [last - timedelta(days=back) for back in range(days - 1, -1, -1)]
    span = Span.of_days(listed[0], last, seen)
    # Cases, not posts: what two kinds of source both tell must not be added up (domain 194).
    opened = narrowed(cases_opened(span), "case", search)
    moments = tx.execute(select(cases.c.opened_at).where(cases.c.id.in_(opened))).scalars()
    cut = 7 if days > MONTHLY else 10  # characters of an ISO day: 2026-03 or 2026-03-09
    counted = Counter(moment.date().isoformat()[:cut] for moment in moments)
    keys = dict.fromkeys(day.isoformat()[:cut] for day in listed)
    return tuple(Row(label=key, count=counted[key], key=key) for key in keys)


MONTHLY = 100  # days; more bars than this say nothing


def sources(
    tx: Connection, span: Span, configured: Sequence[SourceRow], search: Search | None = None
) -> tuple[SourceLine, ...]:
    """What each configured source gave, and whether it was seen over the whole period."""
    seen = _per_source(tx, narrowed(posts_new(span), "post", search))
    told = _per_source(tx, narrowed(complaints_new(span), "post", search))
    states = {row.source: (row.state, row.sentence) for row in tx.execute(select(source_states))}
    over = _over(tx, span)
    lines = []
    for source in configured:
        state, sentence = states.get(source.key, _unread(source, seen[source.key]))
        if source.key in over:
            state, sentence = _seen_over(over[source.key], state, sentence)
        if not source.enabled:
            state, sentence = "paused", "已停用"
        lines.append(
            SourceLine(
                key=source.key,
                name=source.name,
                kind=source.kind.value,
                posts=seen[source.key],
                complaints=told[source.key],
                state=state,
                sentence=sentence,
            )
        )
    return tuple(lines)


def _over(tx: Connection, span: Span) -> dict[str, list[str]]:
    """The states each source's visits of the period found it in."""
    query = select(visits.c.source, visits.c.state).where(span.within(visits.c.at)).distinct()
    found: dict[str, list[str]] = defaultdict(list)
    for source, state in tx.execute(query.order_by(visits.c.source, visits.c.state)):
        found[source].append(state)
    return found


def _seen_over(states: Sequence[str], last: str, sentence: str) -> tuple[str, str]:
    """State and sentence of a period by all its visits, not by the last one alone."""
    closed = [state for state in states if state in UNSEEN]
    if not closed:
        return "ok", "正常"
    reasons = "、".join(UNSEEN[state] for state in closed)
    if len(closed) == len(states):
        return (last, sentence) if closed == [last] else (closed[0], f"一直未能读取：{reasons}")
    return PARTLY, f"有时未能读取：{reasons}"


def _per_source(tx: Connection, wanted: Ids) -> Counter[str]:
    counted = (
        select(posts.c.source, func.count(posts.c.id)).where(posts.c.id.in_(wanted)).group_by(posts.c.source)
    )
    return Counter(dict(tuple(row) for row in tx.execute(counted)))


def _unread(source: SourceRow, seen: int) -> tuple[str, str]:
    if source.spider == "import":
        return "ok", f"人工导入, 本期 {seen} 条"
    return "silent", "尚未读取过"


def named(values: Iterable[str]) -> tuple[Row, ...]:
    """Rows of a list of keys."""
    return rows(Counter(values))
