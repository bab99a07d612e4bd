"""What a reply may take from the record, in the words the public may read.

Pure. The polluter is named only where the record says it is public (政府信息公开条例 15); personal data is starred out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any
from typing import Final

from huanyu import clock
from huanyu import kinds
from huanyu.bureau import Bureau
from huanyu.redact import mask
from huanyu.text import without_position
from huanyu.types import Case
from huanyu.types import Result
from publisher.channels import site

TEMPLATES: Final[Mapping[str, Any]] = tomllib.loads(
    (resources.files("publisher") / "data" / "replies.toml").read_text(encoding="utf-8")
)
POLLUTER: Final = "涉事单位"
_STOPS: Final = "。！？；"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The only words a reply may take from the record; "" is a fact nobody recorded."""

    number: str
    place: str
    kind: str
    unit: str
    phone: str
    hotline: str
    bureau: str
    link: str
    learned: str
    due: str = ""
    visited: str = ""
    recorded: str = ""
    finding: str = ""
    found: str = ""
    measure: str = ""
    basis: str = ""
    next: str = ""

    def fill(self, template: str, **more: str) -> str:
        values = {name: getattr(self, name) for name in self.__slots__}
        return template.format(**values | more)


def facts_of(case: Case, bureau: Bureau) -> Facts:
    """What is recorded of a case; the facts of its result are empty until there is one."""
    unit, result = bureau.unit(case.unit), case.result
    return Facts(
        number=case.number,
        place=mask(without_position(case.place)) or bureau.area_name(case.area),
        kind=kinds.label(case.kinds[0]).removesuffix("问题") if case.kinds else "环境",
        unit=unit.name if unit else bureau.bureau.name,
        phone=(unit.phone if unit else "") or bureau.bureau.phone,
        hotline=bureau.bureau.hotline,
        bureau=bureau.bureau.name,
        link=site.address(bureau.bureau, case.public_id),
        learned=day(case.learned_at),
        due=next((day(one.due) for one in case.clocks if one.name == "handling" and not one.provisional), ""),
        **(_of_result(result) if result else {}),
    )


def _of_result(result: Result) -> dict[str, str]:
    return {
        "visited": when(result.visited_at),
        "recorded": day(result.recorded_at or result.visited_at, year=True),
        "finding": result.finding,
        "found": public(result.public_answer or result.found, result),
        "measure": "" if result.public_answer else public(result.measure, result),  # the answer says it all
        "basis": public(result.basis, result).rstrip("。"),
        "next": public(result.next_step, result),
    }


def public(text: str, result: Result | None = None) -> str:
    """A recorded sentence as the public may read it: no undisclosed polluter, no personal data, one full stop."""
    text = " ".join(text.split())
    if result is not None and result.polluter and not result.polluter_public:
        text = text.replace(result.polluter, POLLUTER)
    text = mask(text)
    return text if not text or text[-1] in _STOPS else f"{text}。"


def when(moment: datetime) -> str:
    """3月12日9时30分"""
    local = clock.local(moment)
    return f"{local.month}月{local.day}日{local.hour}时{f'{local.minute}分' if local.minute else ''}"


def day(moment: datetime, *, year: bool = False) -> str:
    """3月12日, or 2026年3月12日"""
    local = clock.local(moment)
    return f"{local.year}年{local.month}月{local.day}日" if year else f"{local.month}月{local.day}日"


def sentences() -> tuple[str, ...]:
    """Every template there is: what they say is in every reply."""
    return tuple(_texts(TEMPLATES))


def _texts(table: Mapping[str, Any] | list[Any] | str) -> Iterator[str]:
    if isinstance(table, str):
        yield table
        return
    for part in table.values() if isinstance(table, Mapping) else table:
        yield from _texts(part)
