"""The record a public text is held against: what is written of its case, and what the program composed of that."""

from __future__ import annotations

import publisher.draft
from flow.desk import Desk
from huanyu.bureau import Bureau
from huanyu.money import yuan
from huanyu.types import Case
from huanyu.types import Message
from publisher.facts import day
from publisher.facts import when
from publisher.locks import Record

#: Levels of the gazetteer whose names are places and nothing else.
LEVELS = frozenset({"county", "zone", "township", "river", "landmark"})
CORRECTING = frozenset({"correction", "withdrawal"})  # what was wrong stands in them beside what is right


def locked(desk: Desk, message: Message) -> Record | None:
    """The record of a reply; None where there is none to hold it against."""
    if message.purpose != "reply" or message.case_id is None or message.stage in CORRECTING:
        return None
    case = desk.store.cases.get(message.case_id)
    texts = [*_case_texts(case, desk.bureau), *_result_texts(case, desk.bureau)]
    if message.stage not in {"", "result"}:  # a person added to the record what the first version says
        texts += [version.text for version in desk.store.outbox.texts(message.id)[:1]] or [message.text]
    return Record(
        texts=tuple(filter(None, texts)),
        enterprises=tuple(row.name for row in desk.bureau.enterprises),
        places=tuple(_places(desk.bureau)),
        city=desk.bureau.bureau.city,
        hidden=_hidden(case),
    )


def _case_texts(case: Case, bureau: Bureau) -> list[str]:
    unit, row = bureau.unit(case.unit), bureau.bureau
    phones = [one.phone for one in bureau.units]
    known = [
        case.number,
        case.place,
        case.title,
        bureau.area_name(case.area),
        row.name,
        row.city,
        row.phone,
        row.hotline,
    ]
    known += [unit.name, unit.short] if unit else []
    known += [day(clock.due, year=True) for clock in case.clocks if not clock.provisional]
    return [*known, *phones, day(case.learned_at, year=True), day(case.opened_at, year=True), *case.assist]


def _result_texts(case: Case, bureau: Bureau) -> list[str]:
    result = case.result
    if result is None:
        return []
    composed = publisher.draft.reply(case, bureau)
    told = [
        result.found,
        result.measure,
        result.basis,
        result.next_step,
        result.finding,
        result.public_answer,
    ]
    told += [f"{yuan(cents)}元" for cents in (result.fine_cents, result.damages_cents) if cents is not None]
    told += [f"{by.year}年{by.month}月{by.day}日"] if (by := result.rectify_by) else []
    told += [when(result.visited_at), day(result.visited_at, year=True)]
    told += [result.polluter] if result.polluter_public else []
    told += [day(result.recorded_at, year=True)] if result.recorded_at else []
    return [*told, *(one.text for one in composed), *(one.title for one in composed)]


def _places(bureau: Bureau) -> list[str]:
    return [
        row.name
        for row in bureau.places
        if row.level in LEVELS and not row.needs_context and len(row.name) > 2
    ]


def _hidden(case: Case) -> tuple[str, ...]:
    result = case.result
    return (result.polluter,) if result and result.polluter and not result.polluter_public else ()
