"""An entry: what somebody typed into the form of 登记, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta

from flow import case_files
from flow.desk import Desk
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.intake_rows import AskedRow
from huanyu.intake_rows import ChannelRow
from huanyu.intake_rows import ItemTypeRow
from huanyu.kinds import LEAVES

SHORTEST = 5  #: characters of what was told
LONG_AGO = timedelta(days=3 * 366)  #: whoever was told before has a year to correct: no limit would run by it
FIRST_YEAR = 1949


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a person typed into the form."""

    token: str  #: made with the form; the same form sent twice is one item
    type: str
    channel: str
    text: str
    learned_at: datetime
    place: str = ""
    area: str = ""
    kinds: tuple[str, ...] = ()
    urgent: bool = False
    fast: bool = False  #: 环境投诉“110”
    external_number: str = ""
    ordered_to: str = ""  #: the unit that the order names
    happened_at: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    reporter: Mapping[str, str] = field(default_factory=dict, hash=False)  #: name, phone … as typed
    hide: str = ""  #: nicknames and names in the text that nobody need see
    redact: bool = False  #: nor other people's telephones and names
    form: str = ""  #: key in entries.toml of the form it was taken down with
    files: tuple[case_files.Upload, ...] = ()


def types(desk: Desk, now: datetime) -> tuple[ItemTypeRow, ...]:
    """The types of item in force, in the order of the table."""
    return tuple(row for row in desk.bureau.item_types if row.valid_on(now.date()))


def channels(desk: Desk, now: datetime) -> tuple[ChannelRow, ...]:
    """The ways an item comes in, in the order of the table."""
    return tuple(row for row in desk.bureau.channels if row.valid_on(now.date()))


def tidied(entry: Entry) -> Entry:
    """Without control characters: inside a name they would keep it from being found and hidden."""
    return replace(
        entry,
        text=tidy("内容", entry.text),
        place=tidy("地点", entry.place),
        external_number=tidy("编号", entry.external_number),
        hide=tidy("隐去的称呼", entry.hide),
        fields={key: tidy("填写的内容", value) for key, value in entry.fields.items()},
        reporter={key: tidy("反映人信息", value) for key, value in entry.reporter.items()},
    )


def checked(desk: Desk, entry: Entry, now: datetime) -> ItemTypeRow:
    """The type of the item; raises BadInput with everything that is wrong at once."""
    kind = next((row for row in types(desk, now) if row.key == entry.type), None)
    channel = next((row for row in channels(desk, now) if row.key == entry.channel), None)
    if kind is None or channel is None:
        raise BadInput("请选择事项类型和来件渠道")
    told, number = entry.text.strip(), entry.external_number.strip()
    problems = [
        (f"内容太短，至少写 {SHORTEST} 个字", len(told) < SHORTEST),
        ("收到时间晚于现在", entry.learned_at > now),
        ("收到时间在三年以前，请核对年份", entry.learned_at < now - LONG_AGO),
        ("发生时间晚于现在", entry.happened_at is not None and entry.happened_at > now),
        (
            "发生时间太早，请核对年份",
            entry.happened_at is not None and entry.happened_at.year < FIRST_YEAR,
        ),
        ("请填写地点", kind.place_needed and not entry.place.strip()),
        ("没有这个辖区", entry.area != "" and entry.area not in desk.bureau.areas()),
        ("没有这个污染类型", not set(entry.kinds) <= set(LEAVES)),
        (f"“{channel.name}”的来件要填转来单位的编号", channel.number_needed and not number),
        (
            f"编号 {number} 不是“{channel.name}”的编号格式",
            bool(number and channel.number) and re.fullmatch(channel.number, number) is None,
        ),
        *(
            (f"请填写{asked.name}", asked.needed and not entry.fields.get(asked.key, "").strip())
            for asked in asked_of(desk, entry, kind)
        ),
        *((told, bool(told)) for told in _misread(entry, asked_of(desk, entry, kind))),
    ]
    if wrong := [told for told, is_wrong in problems if is_wrong]:
        raise BadInput("；".join(wrong))
    return kind


def asked_of(desk: Desk, entry: Entry, kind: ItemTypeRow) -> tuple[AskedRow, ...]:
    """What is asked besides: by the type of item, and by the form it is taken down with."""
    form = next((row for row in desk.bureau.entries.form if row.key == entry.form), None)
    return (*kind.fields, *(form.fields if form else ()))


def _misread(entry: Entry, rows: Sequence[AskedRow]) -> Iterator[str]:
    """Fields that are not what they should be: no date, no number, a day before the item came."""
    for asked in rows:
        value = entry.fields.get(asked.key, "").strip()
        fault = asked.fault(value)
        if not fault and asked.kind == "date" and value:
            early = date.fromisoformat(value) < local(entry.learned_at).date()
            fault = f"“{asked.name}”早于收到时间，请核对" if early else ""
        if fault:
            yield fault
