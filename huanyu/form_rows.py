"""Official forms as data: series, fields, who drafts and who signs (forms.toml).

Knows the shape of the table; the layout is drawn by `bulletins.official`, the fields are filled by `cases.paper_fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Final
from typing import Literal
from typing import Self

from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table

#: What `from` may name; each is filled by cases.paper_fields.
SOURCES: Final = frozenset(
    {
        "appeal.asked",
        "appeal.outcome",
        "appeal.stage",
        "appeal.why",
        "bureau.office",
        "case.assist",
        "case.author",
        "case.external",
        "case.kinds",
        "case.learned",
        "case.level",
        "case.matter",
        "case.number",
        "case.owner",
        "case.place",
        "case.source",
        "case.summary",
        "case.title",
        "extension.amount",
        "extension.asked",
        "extension.decision",
        "extension.new_due",
        "extension.old_due",
        "extension.reason",
        "extension.told",
        "limits.appeal",
        "limits.handling",
        "limits.objection",
        "limits.overdue",
        "office.name",
        "office.phone",
        "refusal.reason",
        "reply.account",
        "reply.checked",
        "reply.drafter",
        "reply.final",
        "reply.first",
        "reply.length",
        "reply.link",
        "reply.published",
        "reply.text",
        "return.given",
        "return.reason",
        "return.unit",
        "route.why",
        "supervision.demand",
        "today",
        "transfer.reason",
        "transfer.to",
        "unit.name",
    }
)
Role = Literal["press", "handler", "reviewer", "leader"]


class FieldRow(Table):
    """One field of a form."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    key: str = Field(pattern=r"^[a-z_]+$")
    label: str = Field(min_length=1)
    source: str = Field(default="", alias="from")  #: what of the case fills it, see cases.paper_fields
    value: str = ""  #: what stands there where nothing fills it
    kind: Literal["line", "long", "date"] = "line"
    need: bool = False
    secret: bool = False  #: left out of the redacted paper
    wide: bool = False  #: a line of its own in the table
    phone: bool = False  #: an office telephone; a mobile number is refused
    choices: tuple[str, ...] = ()
    help: str = ""

    @model_validator(mode="after")
    def _filled(self) -> Self:
        if self.source and self.source not in SOURCES:
            raise ValueError(f"from = {self.source!r} 不是办件的内容, 可用: {'、'.join(sorted(SOURCES))}")
        return self


class FormRow(Dated):
    """One kind of official paper."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=1)  #: 督办函
    mark: str = Field(min_length=1)  #: 聊环督, before 〔2026〕1号
    layout: Literal["letter", "slip"]
    title: str = Field(min_length=1)  #: may name fields in {}
    body: str = ""  #: of a letter: a paragraph per line; a line whose fields are all empty is left out
    drafters: tuple[Role, ...] = Field(min_length=1)
    signers: tuple[Role, ...] = Field(min_length=1)
    after: str = ""  #: what done to a case asks for this paper: supervised, transferred, refused, reexamined
    noted: str = ""  #: and only where the note of it holds these words: 复核意见
    report: Literal["", "初报", "续报", "处理结果报告"] = ""  #: of an incident, filed with the report
    ledger: Literal["", "验收报告", "销号表", "挂牌督办通知书"] = ""  #: filed with a step of the ledger
    ranking: Literal["", "排名通报", "约谈通知书"] = ""  #: filed when a ranking is issued, a 约谈 is called
    info: Literal["", "答复书"] = ""  #: drawn for a request for information, kept nowhere
    #: 签发人 stands under the letterhead; a paper that goes down has none (GB/T 9704-2012 7.2.6)
    names_signer: bool = True
    outline: str = ""  #: the field whose headings 一、（一） are checked
    fields: tuple[FieldRow, ...] = Field(min_length=1)

    @property
    def made_elsewhere(self) -> str:
        """The page and act that make such papers; "" where they are drafted for a case."""
        if self.ranking:
            return "排名页印发"
        if self.info:
            return "信息公开申请页拟制"
        return "突发环境事件页报送" if self.report else "台账页办理" if self.ledger else ""

    def field(self, key: str) -> FieldRow | None:
        return next((row for row in self.fields if row.key == key), None)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        keys = [row.key for row in self.fields]
        if len(set(keys)) < len(keys):
            raise ValueError("fields 中的 key 不能重复")
        if "handler" in self.drafters and any(row.secret for row in self.fields):
            raise ValueError("由经办拟稿的表单不能有 secret 项目")
        if secret := sorted({row.key for row in self.fields if row.secret} & set(self._names(self.title))):
            raise ValueError(f"标题人人看得到，不能用 secret 项目 {'、'.join(secret)}")
        named = {*self._names(self.title), *self._names(self.body), *filter(None, (self.outline,))}
        if unknown := sorted(named - set(keys)):
            raise ValueError(f"用到的 {'、'.join(unknown)} 不在 fields 中")
        return self

    @staticmethod
    def _names(template: str) -> Iterator[str]:
        try:
            yield from (name for _, name, _, _ in Formatter().parse(template) if name is not None)
        except ValueError as problem:
            raise ValueError(f"大括号没有配对: {template[:30]}") from problem
