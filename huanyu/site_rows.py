"""The rules by which a declarative spider reads a site: [source.rules] in sources.toml.

Knows the shape of the table, not how a page is read.
"""

from __future__ import annotations

from typing import Any
from typing import Literal
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator

from huanyu import selecting

_STRICT = ConfigDict(extra="forbid", frozen=True)

#: What a declarative spider can take from a page: fields of RawPost, and `status`, which is not stored but tells
#: that there is something new behind an item: 已回复, the time of the last reply.
PostField = Literal[
    "native_id", "url", "title", "text", "author", "author_id", "posted_at", "region",
    "likes", "reposts", "comments", "views", "images", "status",
]  # fmt: skip


class FieldRule(BaseModel):
    """Where one value stands: a CSS selector, an XPath or a path in JSON, the attribute, what to cut out of it.

    In TOML also short, as text: "a.title", "a.title@href", "./td[2]" (what begins with / ./ or ( is XPath).
    """

    model_config = _STRICT

    css: str = ""
    xpath: str = ""
    json_path: str = Field(default="", alias="json")  #: data.list: names and numbers, with dots between
    attr: str = ""  #: "" = the text
    match: str = ""  #: regular expression; its first group, or all of it, is the value
    form: str = ""  #: what is made of the value, which stands for {}: "/detail?id={}"

    @model_validator(mode="before")
    @classmethod
    def _short(cls, told: Any) -> Any:
        return selecting.from_short(told) if isinstance(told, str) else told

    @model_validator(mode="after")
    def _usable(self) -> Self:
        told = {"css": self.css, "xpath": self.xpath, "json": self.json_path}
        if fault := selecting.fault(told, self.match, self.form):
            raise ValueError(fault)
        return self

    @property
    def stated(self) -> bool:
        """Whether anything at all is written down."""
        return any((self.css, self.xpath, self.json_path, self.attr, self.match))

    def __str__(self) -> str:
        where = self.css or self.xpath or self.json_path
        return where + (f"@{self.attr}" if self.attr else "") or self.match


class PageRules(BaseModel):
    """How a declarative spider reads one kind of page: the block of each item and the fields inside it."""

    model_config = _STRICT

    item: FieldRule = FieldRule()  #: one block for each item; nothing = the whole page is one item
    fields: dict[PostField, FieldRule] = Field(default_factory=dict)
    drop: tuple[str, ...] = ()  #: CSS of what stands inside a text without belonging to it
    follow: FieldRule = FieldRule()  #: link of an item to its own page
    next: FieldRule = FieldRule()  #: link to the next page
    empty: FieldRule = FieldRule()  #: what an honest empty page shows, or it looks like a redesign

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for name, rule in self.fields.items():
            if not rule.stated:
                raise ValueError(f"fields.{name} 是空的, 要写 css、xpath、json、attr 或 match")
        for css in self.drop:
            if fault := selecting.css_fault(css):
                raise ValueError(f"drop: {fault}")
        rules = [*self.fields.values(), self.item, self.follow, self.next, self.empty]
        if any(rule.json_path for rule in rules) and any(rule.css or rule.xpath for rule in rules):
            raise ValueError("同一种页面的规则要么都用 json, 要么都用 css、xpath")
        return self

    @property
    def is_json(self) -> bool:
        """Whether these rules read JSON instead of HTML."""
        return any(rule.json_path for rule in (self.item, *self.fields.values()))


class SiteRules(BaseModel):
    """A site without a spider of its own: a list page and, where `detail` or `article` says so, the page of each item."""

    model_config = _STRICT

    list: PageRules
    detail: PageRules | None = (
        None  #: with `item`: its first block is the post, each further one an answer to it
    )
    article: bool = False  #: the page behind an item is a news article: body, time, author find themselves
    hosts: tuple[str, ...] = ()  #: other sites that links may lead to; a name covers its subdomains
    first_page: int = Field(default=1, ge=0)  #: number of the first page where an address has {page}
    look_back: int = Field(
        default=1, ge=1
    )  #: list pages read even without news: answers come to old questions

    @model_validator(mode="after")
    def _fit(self) -> Self:
        behind = self.article or self.detail is not None
        says = {"title", "text"} & self.list.fields.keys()
        faults = (
            (self.article and self.detail is not None, "detail 和 article 只能写一个"),
            (
                behind and not self.list.follow.stated,
                "写了 detail 或 article, 就要在 list 中写 follow (正文页的链接)",
            ),
            (self.list.follow.stated and not behind, "list 中写了 follow, 就要写 detail 或 article = true"),
            (not behind and not says, "list.fields 中至少要有 title 或 text"),
            (self.detail is not None and self.detail.follow.stated, "detail 中不能再写 follow"),
            (
                self.detail is not None and self.detail.next.stated and not self.detail.item.stated,
                "detail 中写了 next, 就要写 item (每一楼)",
            ),
        )
        if told := next((told for wrong, told in faults if wrong), ""):
            raise ValueError(told)
        return self
