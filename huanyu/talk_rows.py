"""How the desk talks on WeChat and Telegram (talk.toml): which accounts listen, how much is taken, the approved texts.

Knows neither messages nor people; what a text may be filled in with is bound here, so that no answer says more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter
from types import MappingProxyType
from typing import Final
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table

Says = Literal["welcome", "help", "received", "added", "progress", "unknown", "slow", "not_taken"]
#: What each text may be filled in with.
BLANKS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "welcome": frozenset(),
        "help": frozenset(),
        "received": frozenset({"number", "code"}),
        "added": frozenset({"number"}),
        "progress": frozenset({"number", "stage", "day"}),
        "unknown": frozenset(),
        "slow": frozenset(),
        "not_taken": frozenset(),
    }
)


class TextRow(Dated):
    """A text that somebody approved; nothing else is ever answered."""

    key: Says
    text: str = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _blanks_known(self) -> Self:
        try:
            blanks = {name for _, name, _, _ in Formatter().parse(self.text) if name is not None}
        except ValueError as problem:
            raise ValueError("花括号没有成对") from problem
        allowed = BLANKS[self.key]
        if wrong := sorted(blanks - allowed):
            raise ValueError(f"不能填入 {{{wrong[0]}}}，可以用的是 {'、'.join(sorted(allowed)) or '没有'}")
        if self.key == "received" and blanks != allowed:
            raise ValueError("要写出 {number} 和 {code}，否则反映人查不了进度")
        return self


class TalkTable(Table):
    """Who listens where, and how much of it."""

    wechat: str = ""  #: key in accounts.toml of the official account whose messages are taken; "" = none
    telegram: str = ""  #: key in accounts.toml of the bot that speaks with colleagues; "" = none
    citizen_intake: bool = False  #: the bot takes reports of anybody, too
    wechat_channel: str = "wechat"  #: in channels.toml
    telegram_channel: str = "telegram"
    gather_minutes: int = Field(default=10, ge=1, le=120)  #: what one person says so near is one item …
    longest_minutes: int = Field(default=60, ge=1, le=720)  #: … but no longer than this
    messages_per_hour: int = Field(default=30, ge=1, le=600)  #: of one person
    lookups_per_hour: int = Field(default=10, ge=1, le=100)  #: of one person
    most_waiting: int = Field(default=2000, ge=1, le=100_000)  #: reports not taken up yet, of everybody
    window_seconds: int = Field(default=300, ge=10, le=3600)  #: how far a signature's time may be off
    media_tries: int = Field(default=6, ge=1, le=20)  #: until a picture that cannot be fetched is given up
    code_minutes: int = Field(default=10, ge=1, le=60)  #: how long a code that binds a chat is good
    poll_seconds: int = Field(default=5, ge=1, le=50)  #: how long the bot waits for news in one call
    text: tuple[TextRow, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.longest_minutes < self.gather_minutes:
            raise ValueError("longest_minutes 不能小于 gather_minutes")
        missing = sorted(set(BLANKS) - {row.key for row in self.text})
        if self.text and missing:
            raise ValueError(f"缺少 [[text]] {'、'.join(missing)}")
        return self

    def said(self, key: Says, on: date, **blanks: str) -> str:
        """The approved text in force; "" = silence."""
        row = next((row for row in self.text if row.key == key and row.valid_on(on)), None)
        return row.text.format(**blanks) if row else ""
