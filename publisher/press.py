"""Texts of our own choosing: 典型案例, 政策解读, 排名, 空气质量, slogans, broadcasts, from what a person typed.

Pure. Nothing is filled in that nobody wrote; a figure stands with its date and source or not at all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from decimal import InvalidOperation
from importlib import resources
from string import Formatter
from typing import Final
from typing import Literal

from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.bureau import Table
from huanyu.errors import BadInput
from huanyu.text import normalise
from huanyu.types import Draft
from publisher.channels import weibo
from publisher.locks import named_enterprises

#: Accounts that carry texts of our own choosing; export is what newspapers and broadcasters take.
CHANNELS: Final = ("site", "weibo", "wechat", "telegram", "mail", "export")
UNLINKED: Final = ("site", "export")  # every other one links to the page, which must be there first
PER_MINUTE: Final = 240  # characters read aloud; broadcasters' rule of thumb


class FieldRow(Table):
    """One thing that is asked."""

    key: str
    label: str
    kind: Literal["line", "long", "number", "date"] = "line"
    need: bool = True


class ProductRow(Table):
    """One kind of text (publisher/data/press.toml)."""

    key: str
    name: str
    title: str
    lines: tuple[str, ...]
    short: str
    fields: tuple[FieldRow, ...]
    limit: int = 0  #: characters of the whole; 0 = none


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text in every form an account may need."""

    title: str
    text: str
    short: str

    @property
    def minutes(self) -> float:
        """How long it takes to read aloud."""
        return round(spoken(self.text) / PER_MINUTE, 1)


def _load() -> Mapping[str, ProductRow]:
    text = (resources.files("publisher") / "data" / "press.toml").read_text(encoding="utf-8")
    rows = (ProductRow(**row) for row in tomllib.loads(text)["product"])
    return {row.key: row for row in rows}


PRODUCTS: Final[Mapping[str, ProductRow]] = _load()


def piece(product: ProductRow, told: Mapping[str, str], bureau: BureauRow, day: date) -> Piece:
    """The text of what a person told; raises BadInput naming every field that is missing or wrong."""
    values = {field.key: normalise(told.get(field.key, "")).strip() for field in product.fields}
    if problems := [*_problems(product, values)]:
        raise BadInput("；".join(problems))
    shown = {field.key: _shown(field, values[field.key]) for field in product.fields}
    shown |= {"bureau": bureau.name, "hotline": bureau.hotline, "date": _day(day)}
    lines = [line.format(**shown) for line in product.lines if _is_told(line, shown)]
    return Piece(
        title=product.title.format(**shown), text="\n".join(lines), short=product.short.format(**shown)
    )


def drafts(
    made: Piece, accounts: Iterable[AccountRow], link: str, *, generated: bool = False
) -> tuple[Draft, ...]:
    """One draft for each account, in its own length; raises BadInput where Weibo's does not fit."""
    return tuple(_draft(made, account, link, generated) for account in accounts)


def usable(accounts: Sequence[AccountRow]) -> list[AccountRow]:
    """Accounts that press texts may go to, the site before those that link to it; a mailbox only with contacts."""
    able = [row for row in accounts if row.enabled and row.channel in CHANNELS]
    able = [row for row in able if row.channel != "mail" or row.contacts]
    return sorted(able, key=lambda row: CHANNELS.index(row.channel))


def spoken(text: str) -> int:
    """Characters that are read aloud."""
    return len(re.sub(r"[^\w%.]|_", "", text))


def _draft(made: Piece, account: AccountRow, link: str, generated: bool) -> Draft:
    text = made.text
    if account.channel == "weibo":
        text = f"{made.short}{link}"
        if weibo.length(text) > weibo.LIMITS.length:
            raise BadInput(
                f"微博文字连网址 {weibo.length(text)} 字，超过 {weibo.LIMITS.length} 字，请缩短标题或内容"
            )
    return Draft(
        channel=account.channel,
        account=account.key,
        purpose="press",
        content_class="press",
        title=made.title,
        text=text,
        recipient=account.chat_id if account.channel == "telegram" else "",
        link=link,
        after="site" if link and account.channel not in UNLINKED else "",
        generated=generated,
    )


def _problems(product: ProductRow, values: Mapping[str, str]) -> Iterable[str]:
    for field in product.fields:
        value = values[field.key]
        if not value:
            if field.need:
                yield f"请填写“{field.label}”"
        elif field.kind == "number" and not _is_number(value):
            yield f"“{field.label}”应为数字，不是“{value}”"
        elif field.kind == "date" and not _is_date(value):
            yield f"“{field.label}”应写成 2026-03-05，不是“{value}”"
    if product.limit and spoken("".join(values.values())) > product.limit:
        yield f"{product.name}不能超过 {product.limit} 字"
    if product.key == "cases" and not values["decision"] and (named := named_enterprises(values["cases"])):
        yield f"点名“{named[0]}”的，须写明处罚决定已公开的网址或文号（政府信息公开条例第十五条）"


def _is_told(line: str, shown: Mapping[str, str]) -> bool:
    names = [name for _, name, _, _ in Formatter().parse(line) if name]
    return all(shown[name] for name in names)


def _shown(field: FieldRow, value: str) -> str:
    return _day(date.fromisoformat(value)) if field.kind == "date" and value else value


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite() and Decimal(value) >= 0
    except InvalidOperation:
        return False


def _is_date(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False
