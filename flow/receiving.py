"""接口来件: another system hands in items one by one or by the hundred; each becomes an item once, or says why not.

What cannot be taken is kept sealed among what nobody could read, and can be taken later. Reporters are sealed apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Any
from typing import Final
from typing import Literal

import cases.intake
from crawler import import_values
from crawler import imports
from crawler.import_columns import ASIDE
from crawler.import_columns import Meaning
from crawler.import_table import Row
from crawler.import_table import as_text
from crawler.import_table import packed
from crawler.import_table import writable
from flow import entries
from flow import incoming
from flow import registering
from flow import tokens
from flow.desk import Desk
from flow.entries import Entry
from flow.incoming import ItemIn
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.intake_rows import ChannelRow
from huanyu.redact import mask
from huanyu.store.registry import Entered
from huanyu.types import Reject
from huanyu.types import Token

SOURCE: Final = "接口"  #: under which what could not be taken is listed
CALLBACK: Final = "item"  #: what a kept item is read again by
HOW: Final = "接口来件"
#: Headings under which exports tell where something is; 地址 alone may be the reporter's.
PLACES: Final = (
    *(
        "place",
        "地点",
        "具体地点",
        "详细地点",
        "事发地点",
        "事发地址",
        "事发位置",
        "发生地点",
        "问题地点",
        "案发地点",
    ),
    *("污染地点", "诉求地点", "反映地点", "位置", "具体位置"),
)
#: In headings of columns that tell who reported: what they tell.
TELLS: Final = {
    "phone": ("电话", "手机", "号码", "phone", "tel", "mobile"),
    "address": ("住址", "家庭", "address"),
}
NAMES: Final = ("姓名", "名字", "人", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one item."""

    index: int  #: its place in the request, from 0
    number: str  #: as the sender calls it
    result: Literal["new", "joined", "known", "changed", "bad"]  #: joined: a further one of a known matter
    case_number: str = ""
    public_id: str = ""
    state: str = ""
    told: str = ""  #: why it was not taken


@dataclass(frozen=True, slots=True)
class Read:
    """An item that was understood."""

    entry: Entry
    raw: str  #: the cells nobody claims, without those that tell who reported


def receive(desk: Desk, token: Token, channel: str, items: Sequence[Any], now: datetime) -> list[Outcome]:
    """Take each item by itself; raises NotAllowed where the token is not for this channel."""
    row = demand_channel(desk, token, channel, now)
    by = tokens.actor(token)
    found = [take(desk, row, one, index, by, now) for index, one in enumerate(items)]
    bad = [_reject(token.name, row, one, items[one.index], now) for one in found if one.result == "bad"]
    desk.store.posts.add_rejects(bad, now=now, actor=by)
    settled = [_where(token.name, row, one) for one in found if one.result != "bad" and one.number]
    desk.store.rejects.overtaken(SOURCE, settled, actor=by, now=now)
    return found


def take(desk: Desk, channel: ChannelRow, said: Any, index: int, by: str, now: datetime) -> Outcome:
    """One item: kept, found again, or what is wrong with it."""
    number = _number(said)
    try:
        read = entry_of(desk, channel, incoming.read(ItemIn, said), now)
        number = read.entry.external_number
        entered = _enter(desk, read, by, now)
    except (BadInput, Conflict) as problem:
        return Outcome(index=index, number=number, result="bad", told=mask(str(problem.args[0])))
    return outcome(index, number, entered)


def outcome(index: int, number: str, entered: Entered) -> Outcome:
    """What is told of an item that was taken."""
    case = entered.case
    return Outcome(
        index=index,
        number=number,
        result=entered.result,
        case_number=case.number,
        public_id=case.public_id,
        state=case.state,
    )


def again(desk: Desk, payload: bytes, by: str, now: datetime, at: datetime) -> Outcome:
    """A kept item once more, by today's tables, as of the moment it was handed in."""
    kept = json.loads(payload)
    row = channel_of(desk, kept["channel"], now)
    said = kept["item"]
    if isinstance(said, dict) and not said.get("learned_at"):
        said = {**said, "learned_at": at.isoformat()} if not _tells_when(said) else said
    return take(desk, row, said, 0, by, now)


def demand_channel(desk: Desk, token: Token, channel: str, now: datetime) -> ChannelRow:
    """The channel, if the token may hand items in by it; "" means its only one. Raises NotAllowed or BadInput."""
    if not channel and len(token.channels) != 1:
        raise BadInput(f"请写明 channel：{'、'.join(token.channels)}")
    key = channel or token.channels[0]
    if key not in token.channels:
        raise NotAllowed(f"这个令牌不能用来件渠道 {mask(key[:40])}", code="channel_forbidden")
    return channel_of(desk, key, now)


def channel_of(desk: Desk, key: str, now: datetime) -> ChannelRow:
    """The channel that is in force; raises BadInput."""
    row = next((one for one in entries.channels(desk, now) if one.key == key), None)
    if row is None:
        raise BadInput(f"来件渠道 {key} 现已停用")
    return row


def entry_of(desk: Desk, channel: ChannelRow, said: ItemIn, now: datetime) -> Read:
    """An item as what a person would have typed in; raises BadInput."""
    cells = {writable(name): writable(as_text(value)) for name, value in said.row.items()}
    meaning = Meaning()
    told = imports.fields(Row("", "", cells), meaning)
    title, text = said.title or told.get("title", ""), said.text or told.get("text", "")
    number = said.number or _row_number(told)
    kind = said.type or channel.type
    entry = Entry(
        token=_token(channel.key, said),
        type=kind,
        channel=channel.key,
        text=text if not title or title in text else f"{title}\n{text}".strip(),
        learned_at=said.learned_at or _moment(told, ("learned_at", "posted_at"), now) or now,
        place=_place(desk, said, cells, told.get("region", ""), text),
        area=_area(desk, said.area),
        kinds=said.kinds,
        urgent=said.urgent,
        external_number=number,
        ordered_to=told.get("ordered_to", ""),
        happened_at=said.happened_at or _moment(told, ("event_at",), now),
        fields=_fields(desk, kind, cells) | dict(said.fields),
        reporter=reporter_of(cells, meaning) | {key: value for key, value in said.reporter if value},
        hide="、".join(said.hide),
    )
    rest = {name: value for name, value in imports.visible(cells, meaning).items() if _is_rest(name, meaning)}
    return Read(entry, packed(rest) if rest else "")


def _enter(desk: Desk, read: Read, by: str, now: datetime) -> Entered:
    item = registering.item_of(desk, read.entry, by, now, how=HOW)
    if read.raw:
        raw = replace(item.raw, raw=read.raw.encode(), raw_type="application/json")
        item = replace(item, raw=raw)
    try:
        return desk.store.registry.enter(item, by, now)
    except Conflict:
        known = registering.order(desk, read.entry)
        if known is None:
            raise
        return Entered(desk.store.cases.by_number(known), "known")


def _reject(name: str, channel: ChannelRow, one: Outcome, said: Any, now: datetime) -> Reject:
    kept = json.dumps({"channel": channel.key, "item": said}, ensure_ascii=False)
    return Reject(
        source=SOURCE,
        where=_where(name, channel, one),
        reason=one.told,
        payload=kept.encode("utf-8", "replace"),
        at=now,
        callback=CALLBACK,
    )


def _where(name: str, channel: ChannelRow, one: Outcome) -> str:
    return f"{name} {channel.name} {mask(one.number) if one.number else f'第 {one.index + 1} 项'}"


def _number(said: Any) -> str:
    """What an item calls itself, whatever else is wrong with it."""
    if not isinstance(said, dict):
        return ""
    row, own, meaning = said.get("row"), said.get("number"), Meaning()
    cells = row if isinstance(row, dict) else {}
    theirs = (as_text(value) for name, value in cells.items() if meaning.of(str(name))[0] == "native_id")
    number = own if isinstance(own, str) and own else next(theirs, "")
    return writable(number)[:100]


def _row_number(told: Mapping[str, str]) -> str:
    number = told.get("native_id", "")
    return "" if import_values.is_damaged(number) else number


def _token(channel: str, said: ItemIn) -> str:
    """By which an item without a number is known again: all that it says."""
    return hashlib.sha256(f"{channel}\n{said.model_dump_json()}".encode()).hexdigest()[:32]


def _moment(told: Mapping[str, str], names: Sequence[str], now: datetime) -> datetime | None:
    cell = next((told[name] for name in names if told.get(name)), "")
    found = import_values.moment(cell, now)
    return min(found[0], now) if found else None


def _tells_when(said: Mapping[str, Any]) -> bool:
    row = said.get("row")
    return isinstance(row, dict) and any(
        Meaning().of(str(name))[0] in {"learned_at", "posted_at"} for name in row
    )


def _place(desk: Desk, said: ItemIn, cells: Mapping[str, str], region: str, text: str) -> str:
    """Where it is: as written, else as the text says, else the county of the export."""
    written = said.place.strip() or next((cells[name] for name in PLACES if cells.get(name, "").strip()), "")
    return written or cases.intake.spot_of(desk.reader.read([text])[0].places) or region


def _area(desk: Desk, said: str) -> str:
    """A county by its code or its name."""
    wanted, areas = said.strip(), desk.bureau.areas()
    return next((code for code, name in areas.items() if name == wanted), wanted)


def _fields(desk: Desk, kind: str, cells: Mapping[str, str]) -> dict[str, str]:
    """What the type of item asks for, by the headings of the export."""
    asked = next((row.fields for row in desk.bureau.item_types if row.key == kind), ())
    found = {one.key: cells.get(one.key) or cells.get(one.name) or "" for one in asked}
    return {key: value for key, value in found.items() if value.strip()}


def reporter_of(cells: Mapping[str, str], meaning: Meaning) -> dict[str, str]:
    """Who reported, by the export's own headings, and once more as what is hidden in the text."""
    told = {
        name: value for name, value in cells.items() if value.strip() and imports.hidden(name, value, meaning)
    }
    known: dict[str, str] = {}
    for name, value in told.items():
        key = next((key for key, words in TELLS.items() if any(word in name.lower() for word in words)), "")
        if not key and name.lower().endswith(NAMES):
            key = "name"
        if key:
            known.setdefault(key, value)
    return {**told, **known}


def _is_rest(name: str, meaning: Meaning) -> bool:
    """Whether nobody claims the column: its value stands nowhere else."""
    return meaning.of(name)[0] == ASIDE
