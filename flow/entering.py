"""快速登记: a call, a letter, a clue of a chat group, a visit as one screen; drafts, what is known while one types, receipts.

What is filed is filed by `flow.registering`; here is what a clerk needs around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Final

import cases.intake
from cases.sameness import Likening
from flow import entries
from flow import hiding
from flow import permits
from flow import public_forms
from flow import registering
from flow.desk import Desk
from flow.entries import Entry
from huanyu.clock import local
from huanyu.entry_rows import EntryFormRow
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.intake_rows import ChannelRow
from huanyu.intake_rows import ItemTypeRow
from huanyu.redact import mask
from huanyu.store.nouns import EntryDraft
from huanyu.store.public_reports import PREFIX
from huanyu.types import Case
from huanyu.types import Post
from huanyu.types import PublicReport
from huanyu.types import User

LEAST: Final = 4  # characters from which there is something to look up
SHORTEST: Final = 2  # characters of a place from which names are offered
PLACES: Final = 4
MOST_TYPED: Final = 40_000  # characters of a draft, all fields together


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of what is typed so far."""

    near: tuple[Likening, ...]  #: known cases that may be the same, the likeliest first
    numbers: Mapping[int, str]  #: of these cases
    places: tuple[
        tuple[str, str, str], ...
    ]  #: spot, its area and the area's name, as the gazetteer reads them
    urgent: bool  #: the reader finds it urgent
    kinds: tuple[str, ...]
    hidden: tuple[str, ...]  #: what of it will not be kept in the text
    nicknames: tuple[str, ...]  #: who seems to speak in it


NOTHING: Final = Glance((), {}, (), False, (), (), ())


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the clerk tells whoever called."""

    report: PublicReport
    code: str
    case: Case
    post: Post


def forms(desk: Desk, now: datetime) -> tuple[EntryFormRow, ...]:
    """The forms in force, in the order of the table."""
    return tuple(row for row in desk.bureau.entries.form if row.valid_on(local(now).date()))


def form_of(desk: Desk, key: str, now: datetime) -> EntryFormRow:
    """The form of this key; raises NotFound."""
    found = next((row for row in forms(desk, now) if row.key == key), None)
    if found is None:
        raise NotFound("没有这种登记表")
    return found


def types(desk: Desk, now: datetime) -> tuple[ItemTypeRow, ...]:
    """Types of item that ask for nothing besides: the others have the whole form."""
    rows = entries.types(desk, now)
    return tuple(row for row in rows if not any(asked.needed for asked in row.fields))


def channels(desk: Desk, row: EntryFormRow, now: datetime) -> tuple[ChannelRow, ...]:
    """The ways this form offers, its usual one first."""
    known = {one.key: one for one in entries.channels(desk, now)}
    return tuple(known[key] for key in row.channels if key in known)


def glance(desk: Desk, user: User, entry: Entry, now: datetime) -> Glance:
    """What is known of an unfinished entry; nothing is checked, nothing is kept."""
    permits.demand(user, "register")
    entry = entries.tidied(entry)
    text = registering.kept_text(entry)
    if len(text.strip()) < LEAST:
        return NOTHING
    verdict = registering.verdict_of(desk, entry, text)
    near = registering.near(desk, user, registering.post_of(desk, entry, text, now), verdict, now)
    found = desk.reader.read([text])[0]
    spots = [(cases.intake.spot_of([one]), one.unit) for one in found.places]
    spots = list(dict.fromkeys((*_named(desk, entry.place), *spots)))[:PLACES]
    said = [entry.text[span.start : span.end] for span in registering.hidden(entry)]
    return Glance(
        near=near,
        numbers=desk.store.cases.numbers(one.matter.case_id for one in near),
        places=tuple((spot, unit, desk.bureau.area_name(unit)) for spot, unit in spots),
        urgent=found.urgent,
        kinds=verdict.kinds,
        hidden=tuple(dict.fromkeys(said)),
        nicknames=hiding.nicknames(entry.text),
    )


def file(desk: Desk, user: User, entry: Entry, now: datetime, into: str = "") -> Receipt:
    """Keep the item with its number and code, and forget its draft: all of it, or nothing."""
    permits.demand(user, "register")
    with desk.store.together():
        case = registering.register(desk, user, entry, now, into)
        post = next(one for one in desk.store.cases.posts(case.id) if _is_of(one, entry))
        told = any(value.strip() for value in entry.reporter.values())
        report = desk.store.public.vouch(post.id, code_of(desk, post), told, user.name, now)
        desk.store.drafts.remove(entry.token, user.name, now)
    return Receipt(report, code_of(desk, post), case, post)


def receipt(desk: Desk, user: User, post_id: int) -> Receipt:
    """The receipt once more, to be read out again or printed; raises NotFound for what was not taken down here."""
    permits.demand(user, "register")
    report = desk.store.public.of_post(post_id)
    case_id = desk.store.posts.case_of(post_id) if report is not None else None
    if report is None or case_id is None:
        raise NotFound("没有这份回执")
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    post = next((one for one in desk.store.cases.posts(case.id) if one.id == post_id), None)
    if post is None or post.source != registering.SOURCE or not report.number.startswith(PREFIX):
        raise NotFound("没有这份回执")
    return Receipt(report, code_of(desk, post), case, post)


def save(desk: Desk, user: User, token: str, form: str, typed: Mapping[str, str], now: datetime) -> None:
    """Keep what is typed so far; raises BadInput where it is too much."""
    permits.demand(user, "register")
    row = form_of(desk, form, now)
    if sum(map(len, typed.values())) > MOST_TYPED:
        raise BadInput("填写的内容太长，草稿没有存下")
    desk.store.drafts.save(token, row.key, typed, now, user.name, now)


def title(draft: EntryDraft) -> str:
    """By which its owner knows a draft again."""
    said = " ".join(part for name in ("place", "text") if (part := draft.typed.get(name, "").strip()))
    return mask(said)[:40] or "（还没有写内容）"


def forget(desk: Desk, now: datetime) -> int:
    """Drop drafts whose days are over."""
    return desk.store.drafts.expire(now - timedelta(days=desk.bureau.entries.draft_days), now)


def proposed(entry: Entry, row: EntryFormRow) -> Entry:
    """With the names that seem to speak in a copied chat, where nobody has said which to hide."""
    if not row.redact or entry.hide.strip():
        return entry
    return replace(entry, hide="、".join(hiding.nicknames(entry.text)))


def _named(desk: Desk, typed: str) -> list[tuple[str, str]]:
    """Places of the table whose names go on from what is typed."""
    said = typed.strip()
    if len(said) < SHORTEST:
        return []
    return [(row.name, row.unit) for row in desk.bureau.places if said in row.name and said != row.name]


def code_of(desk: Desk, post: Post) -> str:
    """The 校验码 of an item that somebody told us of; derived, kept nowhere."""
    return public_forms.code_of(desk.config.store_key, f"entry {post.native_id}")


def _is_of(post: Post, entry: Entry) -> bool:
    return post.source == registering.SOURCE and post.native_id == registering.native_id(entry)
