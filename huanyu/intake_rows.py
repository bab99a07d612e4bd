"""Tables of what comes in by hand and why something is done: item types, channels, reasons.

Knows neither cases nor files; `huanyu.bureau` gathers these rows with the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from types import MappingProxyType
from typing import Final
from typing import Literal

from pydantic import Field
from pydantic import field_validator

from huanyu.dated import Dated
from huanyu.dated import Table
from huanyu.types import PostType
from huanyu.types import SourceKind

_NUMBER = re.compile(r"[<>≤≥]?\d+(\.\d+)?", re.ASCII)  # "<0.05" is what a report says, too


def _number(value: str) -> None:
    if not _NUMBER.fullmatch(value):
        raise ValueError(value)


#: kind of a value -> what it is called, what reads it or raises ValueError, an example
_KINDS: Final[Mapping[str, tuple[str, Callable[[str], object] | None, str]]] = MappingProxyType(
    {
        "line": ("", None, ""),
        "date": ("日期", date.fromisoformat, "2026-06-30"),
        "moment": ("时间", datetime.fromisoformat, "2026-06-30T08:00"),
        "number": ("数字", _number, "85.6"),
    }
)
Act = Literal["return", "refuse", "transfer", "pause", "extend", "close", "reopen", "recuse"]


class AskedRow(Table):
    """One more thing a type of item asks for."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    needed: bool = False
    kind: Literal["line", "date", "moment", "number"] = "line"
    help: str = ""
    choices: tuple[str, ...] = ()  #: nothing else will do

    def fault(self, value: str) -> str:
        """What is wrong with a value, in Chinese; "" for one that will do, and for none."""
        if value and self.choices and value not in self.choices:
            return f"“{self.name}”请选择：{'、'.join(self.choices)}"
        told, reads, example = _KINDS[self.kind]
        if not value or reads is None:
            return ""
        try:
            reads(value)
        except ValueError:
            return f"“{self.name}”不是{told}，例如 {example}"
        return ""


class ItemTypeRow(Dated):
    """What an item is to the bureau (item_types.toml); the page offers them in this order."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    says: PostType = PostType.COMPLAINT  #: what the text counts as in figures
    place_needed: bool = False
    fields: tuple[AskedRow, ...] = ()
    restricted: bool = False  #: only the leaders, the unit that has it and who answers for it see it
    hint: str = ""


class ChannelRow(Dated):
    """A way an item comes in (channels.toml)."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    kind: SourceKind  #: under which it is counted
    type: str = "complaint"  #: key in item_types.toml it mostly is
    number: str = ""  #: pattern of the number its desk gives; "" = any
    number_needed: bool = False
    answers_in: Literal["phone", "letter", "thread", "desk", "none"] = "phone"

    @field_validator("number")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as problem:
            raise ValueError(f"不是正则表达式: {problem}") from problem
        return pattern


class ReasonRow(Dated):
    """Why something is done to a case (reasons.toml)."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    act: Act
    name: str = Field(min_length=1)
    words: bool = True  #: a sentence of one's own is needed besides
