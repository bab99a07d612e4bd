"""登记: what somebody tells by telephone, in a letter or a group becomes an item with a number, once looked at.

The person's word is the verdict; the reader only helps to find place and kind. Who reported is sealed apart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

import cases.intake
import cases.lifecycle
from cases.candidates import Candidates
from cases.sameness import Likening
from cases.sameness import liken
from classify.similar import likeness
from flow import case_files
from flow import hiding
from flow import permits
from flow import steps
from flow.desk import Desk
from flow.entries import Entry
from flow.entries import asked_of
from flow.entries import checked
from flow.entries import tidied
from flow.known import MEMORY
from huanyu.errors import IllegalMove
from huanyu.intake_rows import ChannelRow
from huanyu.intake_rows import ItemTypeRow
from huanyu.redact import Span
from huanyu.redact import mask
from huanyu.store.nouns import Added
from huanyu.store.registry import Item
from huanyu.store.relabel import BY_PERSON
from huanyu.text import position_in
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Place
from huanyu.types import Post
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import User
from huanyu.types import Verdict

SOURCE = "register"  #: under which what is typed in stands among the posts
FAST = "fast"
LIKE = 0.5  #: from here a known case is shown beside what is typed
MOST = 6  #: of them
NOWHERE = "地点未写明"  #: of an item no person has read yet
SPOT = 40  #: characters of a place in lists, papers and replies


@dataclass(frozen=True, slots=True)
class Looked:
    """What is shown before anything is kept."""

    text: str  #: as it will be kept
    masked: str  #: as the unit will see it
    hidden: tuple[str, ...]  #: what of it the unit will not see
    near: tuple[Likening, ...]  #: known cases that may be the same, the likeliest first
    order: str | None  #: number of the case this very order is already
    kinds: tuple[str, ...]
    area: str
    place: str
    title: str


def look(desk: Desk, user: User, entry: Entry, now: datetime) -> Looked:
    """Check what was typed and show what it would become, and what is known that looks like it. Keeps nothing."""
    permits.demand(user, "register")
    entry = tidied(entry)
    checked(desk, entry, now)
    text = kept_text(entry)
    verdict = verdict_of(desk, entry, text)
    post = post_of(desk, entry, text, now)
    plan = _plan(entry, verdict, "")
    return Looked(
        text=text,
        masked=mask(text),
        hidden=tuple(dict.fromkeys(_said(entry.text, one) for one in hidden(entry))),
        near=near(desk, user, post, verdict, now),
        order=order(desk, entry),
        kinds=plan.kinds,
        area=plan.area,
        place=plan.place,
        title=plan.title,
    )


def register(desk: Desk, user: User, entry: Entry, now: datetime, into: str = "") -> Case:
    """Keep the item: a case of its own, or a further witness of the case `into`. Returns the case."""
    permits.demand(user, "register")
    target = _open_case(desk, user, into) if into.strip() else None
    item = item_of(desk, entry, user.name, now, target)
    with desk.store.together():
        case = desk.store.registry.enter(item, user.name, now).case
        if target is not None:
            steps.tighten(desk, case.id, desk.store.cases.posts(case.id)[-1], now)
    return case


def item_of(
    desk: Desk, entry: Entry, by: str, now: datetime, into: Case | None = None, how: str = "人工登记"
) -> Item:
    """What is kept of an entry; raises BadInput. `by` is a person or a system that hands items in."""
    entry = tidied(entry)
    kind = checked(desk, entry, now)
    text = kept_text(entry)
    verdict = verdict_of(desk, entry, text)
    return Item(
        raw=_raw(desk, entry, text, by, now),
        reporter=reporter_of(entry, text),
        verdict=verdict,
        plan=_plan(entry, verdict, how, into),
        facts=_facts(desk, entry, kind) | {"edited": _said_by_person(desk, entry)},
        files=case_files.handed_in(desk.bureau.quality, entry.files),
    )


def keep_words(desk: Desk, entry: Entry, channel: ChannelRow, by: str, now: datetime) -> Added:
    """Keep words that may be no complaint as a post, which is understood like any other; who told them is sealed."""
    raw = RawPost(
        source=SOURCE,
        kind=channel.kind,
        native_id=entry.token,
        url="",
        text=kept_text(entry).removeprefix(f"地点：{NOWHERE}\n"),
        posted_at=entry.learned_at,
        fetched_at=now,
        learned_at=entry.learned_at,
        entered_by=by,
    )
    sealed = {raw.native_id: reporter_of(entry, raw.text)}
    return desk.store.posts.add([raw], now=now, reporters=sealed)


def kept_text(entry: Entry) -> str:
    """The text that is kept: the place first, and without the names that nobody need see."""
    text = hiding.without(told := entry.text.strip(), hidden(replace(entry, text=told)))
    where = where_of(entry)
    named = where.removesuffix(position_in(where)).strip()  # papers and bulletins quote this text
    return f"地点：{named}\n{text}" if named and named not in text else text


def where_of(entry: Entry) -> str:
    """The place as it is kept: without who told of it, whose address it may be all the same."""
    told = entry.place.strip()
    who = {key: value for key, value in entry.reporter.items() if key != "address"}
    return hiding.without(told, hiding.hidden(told, entry.hide, who))


def hidden(entry: Entry) -> list[Span]:
    """Where the text says what nobody need see."""
    return hiding.hidden(entry.text, entry.hide, entry.reporter, entry.redact)


def order(desk: Desk, entry: Entry) -> str | None:
    """The number of the case that this very order of its channel is already; None for a new one."""
    number = entry.external_number.strip()
    kind = next(row.kind for row in desk.bureau.channels if row.key == entry.channel)
    return desk.store.registry.numbered((entry.channel, kind.value), number) if number else None


def native_id(entry: Entry) -> str:
    """By which an entry is known again: its channel's number, else the form it came with."""
    number = entry.external_number.strip()
    return f"{entry.channel}/{number}" if number else entry.token


def _said(text: str, span: Span) -> str:
    return text[span.start : span.end]


def verdict_of(desk: Desk, entry: Entry, text: str) -> Verdict:
    """What the person says, with place, signature and search words as the reader finds them."""
    says = next(row.says for row in desk.bureau.item_types if row.key == entry.type)
    read = desk.reader.read([text])[0]
    complaint = says is PostType.COMPLAINT
    return replace(
        read,
        type=says,
        complaint=1.0 if complaint else 0.0,
        is_complaint=complaint,
        kinds=entry.kinds or read.kinds,
        urgent=entry.urgent or entry.fast,
        unsure=False,
        out_of_town=False,
        places=_places(entry, read.places),
        model=BY_PERSON,
    )


def _places(entry: Entry, places: Sequence[Place]) -> tuple[Place, ...]:
    """The places read, those of the area the person chose first."""
    if not entry.area:
        return tuple(places)
    return tuple(sorted(places, key=lambda place: place.unit != entry.area))


def _plan(entry: Entry, verdict: Verdict, how: str, into: Case | None = None) -> CasePlan:
    where = "" if entry.place == NOWHERE else where_of(entry)
    pinned = position_in(where)
    named = where.removesuffix(pinned).strip()
    typed = mask(named)[:SPOT] + pinned  # what a person writes is finer than what the reader knows
    spot = typed or cases.intake.spot_of(verdict.places)
    area = entry.area or cases.intake.area_of(verdict.places)
    return CasePlan(
        post_id=0,  # the store fills it in
        action=CaseAction.NEW if into is None else CaseAction.APPEND,
        reason=how if into is None else f"{how}，并入同一事项",
        case_id=into.id if into else None,
        score=1.0 if into else 0.0,
        title=cases.intake.titled(typed, verdict.kinds)
        if named
        else cases.intake.title_of(verdict.kinds, verdict.places),
        kinds=verdict.kinds,
        area=area,
        place=spot,
        urgent=verdict.urgent,
    )


def _open_case(desk: Desk, user: User, number: str) -> Case:
    case = desk.store.cases.by_number(number.strip().upper())
    permits.demand_case(user, case)
    if case.joined_into is not None or not cases.lifecycle.is_open(case.state):
        told = cases.lifecycle.LABEL[case.state]
        raise IllegalMove(f"{case.number}{told}，不能并入；同一问题又发生的，请另立一件或重启该件")
    return case


def _raw(desk: Desk, entry: Entry, text: str, by: str, now: datetime) -> RawPost:
    channel = next(row for row in desk.bureau.channels if row.key == entry.channel)
    return RawPost(
        source=SOURCE,
        kind=channel.kind,
        native_id=native_id(entry),
        url="",
        text=text,
        posted_at=entry.learned_at,
        fetched_at=now,
        learned_at=entry.learned_at,
        event_at=entry.happened_at,
        entered_by=by,
        ordered_to=entry.ordered_to.strip(),
    )


def post_of(desk: Desk, entry: Entry, text: str, now: datetime) -> Post:
    channel = next(row for row in desk.bureau.channels if row.key == entry.channel)
    return Post(
        id=0,
        source=SOURCE,
        kind=channel.kind,
        native_id=entry.token,
        url="",
        title="",
        text=text,
        author="",
        posted_at=entry.learned_at,
        fetched_at=now,
    )


def near(desk: Desk, user: User, post: Post, verdict: Verdict, now: datetime) -> tuple[Likening, ...]:
    """Known matters that may be the same."""
    known = Candidates(desk.store.cases.open_matters(since=now - MEMORY), complaints=1)
    one = cases.intake.complaint_of(post, verdict, now)
    found = [liken(one, matter, likeness) for matter in known.near(one)]
    likely = sorted((each for each in found if each.score >= LIKE), key=lambda each: -each.score)
    seen = (each for each in likely if permits.may_see(user, desk.store.cases.get(each.matter.case_id)))
    return tuple(islice(seen, MOST))


def reporter_of(entry: Entry, text: str) -> str:
    """Who reported, as JSON, with the words as they were told where something was taken out; "" for nobody."""
    told = {key: value.strip() for key, value in entry.reporter.items() if value.strip()}
    original = entry.text.strip()
    if original not in text:
        told["original"] = original
    return json.dumps(told, ensure_ascii=False) if told else ""


def _said_by_person(desk: Desk, entry: Entry) -> tuple[str, ...]:
    """Facts that no machine changes; a place the gazetteer does not know leaves the way to what the text names."""
    where = entry.place.strip()
    known = bool(where) and bool(desk.gazetteer.find(f"{desk.bureau.area_name(entry.area)}{where}"))
    return ("place",) if known else ()


def _facts(desk: Desk, entry: Entry, kind: ItemTypeRow) -> dict[str, Any]:
    wanted = {asked.key for asked in asked_of(desk, entry, kind)}
    return {
        "type": entry.type,
        "channel": entry.channel,
        "external_number": entry.external_number.strip(),
        "fields": {key: value.strip() for key, value in entry.fields.items() if key in wanted},
        "lane": FAST if entry.fast else "",
        "happened_at": entry.happened_at,
        "restricted": kind.restricted,
    }
