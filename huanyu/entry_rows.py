"""Forms for what a clerk takes down at once: a call, a letter, a clue of a chat group, a visit (entries.toml).

Knows neither items nor pages; `huanyu.references` holds the channels it names against channels.toml.
"""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Final
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import field_validator
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table
from huanyu.intake_rows import AskedRow

RECEIPT_CODE: Final = "{code}"  #: filled in as the mail leaves
#: What the text of a receipt must say, and what else it may.
RECEIPT_BLANKS: Final = (frozenset({"number", "code"}), frozenset({"page"}))
#: Keys of the questions that may be written beside the fields, in the order of a call.
STEPS: Final = ("what", "where", "when", "who")


class EntryFormRow(Dated):
    """One way of taking down, as one screen."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    hint: str = ""
    channels: tuple[str, ...] = Field(min_length=1)  #: keys in channels.toml, the usual one first
    received: str = "收到时间"  #: what the moment is called from which limits count
    number: str = ""  #: what the number is called that the item bears; "" = none is asked
    timed: bool = False  #: how long it takes is shown
    reporter: tuple[Literal["name", "phone", "handle", "address", "group"], ...] = (
        "name",
        "phone",
        "address",
    )
    redact: bool = False  #: other people's telephones and names leave the text before it is kept
    files: str = ""  #: what is attached; "" = nothing is asked for
    ask: dict[str, str] = Field(default_factory=dict)  #: what the clerk asks, by STEPS
    fields: tuple[AskedRow, ...] = ()

    @model_validator(mode="after")
    def _known_steps(self) -> Self:
        if strange := sorted(set(self.ask) - set(STEPS)):
            raise ValueError(f"ask 中的 {strange[0]} 不是 {'、'.join(STEPS)} 之一")
        return self


class MailboxTable(Table):
    """A folder of the bureau's mailbox whose mails become items ([source.mailbox]); its password is the source's secret."""

    host: str
    port: int = Field(default=993, ge=1, le=65535)
    tls: Literal["tls", "starttls", "none"] = "tls"
    user: str
    folder: str = "INBOX"
    since: date | None = None  #: mails that came before it are left alone
    ours: tuple[str, ...] = ()  #: further addresses we send from: what comes from them is no letter
    channel: str = "letter_mail"  #: in channels.toml
    most_mb: int = Field(default=30, ge=1, le=100)  #: of one mail; of a larger one the beginning is kept
    per_visit: int = Field(default=50, ge=1, le=500)  #: mails taken in one visit
    timeout: float = Field(default=20.0, gt=0, le=120)  #: seconds without a word from the server
    longest: float = Field(default=300.0, gt=0, le=1800)  #: seconds of a visit
    receipt: str = Field(
        default="", max_length=500
    )  #: the approved text that answers a letter; "" = nobody is answered

    @field_validator("receipt")
    @classmethod
    def _blanks_known(cls, text: str) -> str:
        try:
            blanks = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError as problem:
            raise ValueError("花括号没有成对") from problem
        needed, besides = RECEIPT_BLANKS
        if wrong := sorted(blanks - needed - besides):
            raise ValueError(f"不能填入 {{{wrong[0]}}}，可以用的是 {{number}}、{{code}}、{{page}}")
        if text and not needed <= blanks:
            raise ValueError("要写出 {number} 和 {code}，否则来信人查不了进度")
        return text


class EntryTable(Table):
    """Every form, and how long one that was begun is kept."""

    draft_days: int = Field(default=3, ge=1, le=30)
    form: tuple[EntryFormRow, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        keys = [row.key for row in self.form]
        if doubled := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"[[form]] {doubled[0]} 写了两次")
        return self
