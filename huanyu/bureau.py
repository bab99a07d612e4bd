"""The bureau as data: one frozen model per table under config/.

Rows that state a law, a limit, a department or a district carry `source`, `valid_from`, `valid_to`.
Reading the files is the business of `huanyu.config`; nothing here opens one.
"""

from __future__ import annotations

from datetime import date
from datetime import time
from typing import Any
from typing import Literal
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator

from huanyu import selecting
from huanyu.series import SeriesRow
from huanyu.types import SourceKind

#: What a declarative spider can take from a page: fields of RawPost, and `status`, which is not stored but tells
#: that there is something new behind an item: 已回复, the time of the last reply.
PostField = Literal[
    "native_id", "url", "title", "text", "author", "author_id", "posted_at", "region",
    "likes", "reposts", "comments", "views", "images", "status",
]  # fmt: skip


class Table(BaseModel):
    """A row of configuration: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Table):
    source: str = ""  #: law and article, official page, or "惯例, 待核实"
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the row is in force on `day`, both ends included."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class BureauRow(Table):
    """Who we are (bureau.toml)."""

    name: str  #: 聊城市生态环境局
    short_name: str  #: 市生态环境局
    office: str  #: 宣教科
    city: str  #: 聊城市
    city_code: str
    phone: str  #: supervision telephone that replies may print
    hotline: str = "12369"
    account_name: str  #: 聊城环境
    public_url: str  #: the bureau's own site; Weibo demands a link on it
    case_prefix: str = "HY"
    bulletin_mark: str = "内部资料 注意保存"
    bulletin_time: time = time(8, 30)
    bulletin_to: tuple[str, ...] = ()  #: 报 / 送 / 发
    signatory: str = ""
    records_from: date | None = None  #: no comparison with a period that began before: records have gaps
    official: tuple[str, ...] = ()  #: who answers for authorities on platforms: their words are no complaints


class PlaceRow(Dated):
    """A gazetteer entry (places.toml).

    Level `elsewhere` lists other cities, `no_place` words that merely contain a place name.
    """

    name: str
    code: str
    level: Literal[
        "city", "county", "zone", "township", "village", "river", "landmark", "elsewhere", "no_place"
    ]
    unit: str  #: county code, or 经开区 | 高新区 | 度假区
    aliases: tuple[str, ...] = ()  #: short names, old names; "许营?" counts only with context
    needs_context: bool = False  #: the bare name is an ordinary word or exists in many cities
    villages: tuple[str, ...] = ()  #: of this township; they always need context


class UnitRow(Dated):
    """Somebody a case can go to (units.toml)."""

    key: str
    name: str
    short: str
    kind: Literal["bureau", "section", "branch", "zone", "outside"]
    department: str  #: plain name used by routing: 生态环境, 城管, 住建 …
    area: str = ""  #: county code or zone name; "" = whole city
    mail: str = ""
    phone: str = ""  #: office telephone, may be printed
    login: bool = True
    parent: str = ""  #: key of the unit above, for escalation


class RouteRow(Dated):
    """One ordered rule; the first that matches decides (routes.toml)."""

    id: str
    kinds: tuple[
        str, ...
    ] = ()  #: any of them; a family such as "noise" covers its leaves; empty = every kind
    areas: tuple[str, ...] = ()
    built_up: bool | None = None  #: inside / outside 城市建成区; None = either
    night: bool | None = None  #: 22:00–06:00, 噪声法 88
    words: tuple[str, ...] = ()  #: any of them stands in the text
    not_words: tuple[str, ...] = ()
    department: str
    assist: tuple[str, ...] = ()
    why: str  #: Chinese, shown to the dispatcher
    to: Literal["area", "city"] = "area"  #: the county's unit of that department, or the city's


class ClockRow(Dated):
    """A limit (clocks.toml); the first row that fits counts for each `name`."""

    name: Literal["first_response", "press", "handling", "sign", "objection"]
    label: str
    amount: int = Field(gt=0)
    unit: Literal["hours", "calendar_days", "working_days"]
    levels: tuple[str, ...] = ()  #: 一般 较大 重大 特别重大; empty = all
    kinds: tuple[SourceKind, ...] = ()  #: source kinds; empty = all
    urgent: bool | None = None


class LevelRow(Dated):
    """A trigger for a level (levels.toml): every condition that is stated must hold."""

    id: str
    level: Literal["一般", "较大", "重大", "特别重大"]
    why: str  #: Chinese, shown to the person who confirms
    words: tuple[str, ...] = ()  #: any of them stands in the text
    and_words: tuple[str, ...] = ()  #: and any of these too
    not_words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  #: any of them; a family covers its leaves
    urgent: bool | None = None
    posts: int = 0  #: at least so many people said it
    reach: int = 0  #: at least so many likes, reposts and comments together


class Calendar(Table):
    """Office hours, and days that differ from the published holiday calendar (calendar.toml)."""

    opens: time = time(8, 30)
    noon: time = time(12, 0)
    afternoon: time = time(13, 30)
    closes: time = time(17, 30)
    workdays: tuple[date, ...] = ()  #: 调休上班
    holidays: tuple[date, ...] = ()
    published_until: int = 0  #: last year whose notice is loaded by hand here; 0 = the library's own


class FieldRule(Table):
    """Where one value stands: a CSS selector, an XPath or a path in JSON, the attribute, what to cut out of it.

    In TOML also short, as text: "a.title", "a.title@href", "./td[2]" (what begins with / ./ or ( is XPath).
    """

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


class PageRules(Table):
    """How a declarative spider reads one kind of page: the block of each item and the fields inside it."""

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


class SiteRules(Table):
    """A site without a spider of its own: a list page and, where `detail` or `article` says so, the page of each item."""

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


class SourceRow(Table):
    """A place to read (sources.toml)."""

    key: str
    name: str
    spider: Literal["weibo", "discuz", "tieba", "feed", "site", "import"]
    kind: SourceKind
    base_url: str = ""
    #: weibo: mentions | timeline | search | comments; discuz: "" | newest | rss; tieba: "" | search;
    #: feed: "" | summary
    mode: str = ""
    via: Literal["", "mobile", "desktop", "results"] = (
        ""  #: weibo pages: m.weibo.cn, weibo.com/ajax, s.weibo.com
    )
    keywords: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  #: weibo search: each keyword is asked with each of these
    accounts: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()  #: weibo comments: posts to watch, by number or address
    boards: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    rules: SiteRules | None = None
    columns: dict[str, str] = Field(
        default_factory=dict
    )  #: import: field of a post -> heading of this export
    secret: str = ""  #: name of the token or cookie among the secrets
    permission: str = ""  #: who allowed reading against a closed robots.txt, when, in which paper
    enabled: bool = True
    every: int = Field(default=600, ge=1)  #: seconds between two visits while there is news: the floor
    every_most: int = Field(default=21_600, ge=1)  #: seconds between two visits when nothing comes: the cap
    quiet_from: time | None = None  #: no visits from this time of day …
    quiet_to: time | None = None  #: … until this one, over midnight where it is earlier
    pace: float = Field(default=5.0, ge=0)  #: seconds between two requests to the site
    max_pages: int = Field(default=5, ge=1)
    encoding: str = ""
    expect_per_day: float | None = None

    @model_validator(mode="after")
    def _declared(self) -> Self:
        if self.spider != "site":
            if self.rules is not None:
                raise ValueError('rules 只用于 spider = "site" 的来源')
            return self
        if self.rules is None:
            raise ValueError("用 site 抓取的来源要写规则: [source.rules.list]")
        if not self.urls:
            raise ValueError("用 site 抓取的来源要在 urls 中写列表页的网址")
        if wrong := [url for url in self.urls if not url.startswith(("http://", "https://"))]:
            raise ValueError(f"urls 中的 {wrong[0]!r} 不是 http:// 或 https:// 开头的网址")
        return self


class AccountRow(Table):
    """An official account (accounts.toml)."""

    key: str
    channel: Literal["site", "weibo", "wechat", "telegram", "mail"]
    name: str
    base_url: str = ""
    user_id: str = ""  #: the account's own id, for reading back
    chat_id: str = ""  #: telegram
    secret: str = ""
    operator_ip: str = ""  #: weibo `rip`
    verified: bool = False  #: a person has ticked that this endpoint works as documented
    enabled: bool = True


class RecipientRow(Table):
    """Somebody who gets the bulletins (recipients.toml)."""

    key: str
    name: str  #: as it stands in the list of deliveries
    channel: Literal["mail", "console", "telegram"]
    address: str  #: mail address, log-in name, chat id
    series: tuple[str, ...] = ()  #: daily weekly …; empty = every one
    form: Literal["pdf", "docx", "link"] = "pdf"
    when: Literal["signed", "compiled"] = "signed"  #: compiled: at once, for the office's own eyes

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.address.strip():
            raise ValueError("address 不能为空")
        if self.channel == "mail" and "@" not in self.address:
            raise ValueError(f"address 应为邮箱地址, 不是 {self.address!r}")
        if self.channel == "telegram" and self.form != "link":
            raise ValueError('telegram 只发期号和链接, 请写 form = "link"')
        return self


class WordRow(Table):
    """A list used by the checks or the classifier (words.toml)."""

    id: str
    kind: str  #: secrecy typo tone robotic law_error allow urgent …
    words: tuple[str, ...]
    suggestion: str = ""
    reason: str = ""


class Bureau(Table):
    """Every table of one bureau."""

    bureau: BureauRow
    places: tuple[PlaceRow, ...]
    units: tuple[UnitRow, ...]
    routes: tuple[RouteRow, ...]
    clocks: tuple[ClockRow, ...]
    calendar: Calendar
    sources: tuple[SourceRow, ...]
    accounts: tuple[AccountRow, ...]
    words: tuple[WordRow, ...]
    levels: tuple[LevelRow, ...]
    bulletins: tuple[SeriesRow, ...] = ()
    recipients: tuple[RecipientRow, ...] = ()

    def unit(self, key: str) -> UnitRow | None:
        return next((unit for unit in self.units if unit.key == key), None)

    def source(self, key: str) -> SourceRow | None:
        return next((source for source in self.sources if source.key == key), None)

    def series(self, key: str) -> SeriesRow | None:
        return next((series for series in self.bulletins if series.key == key), None)

    def account(self, key: str) -> AccountRow | None:
        return next((account for account in self.accounts if account.key == key), None)

    def area_name(self, code: str) -> str:
        """Chinese name of a county code or zone; the code itself when unknown."""
        return self.areas().get(code, code)

    def areas(self) -> dict[str, str]:
        """County codes and zones with their names, in the table's order, which is the official one."""
        return {place.unit: place.name for place in self.places if place.level in {"county", "zone"}}
