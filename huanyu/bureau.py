"""The bureau as data: one frozen model per table under config/.

Rows that state a law, a limit, a department or a district carry `source`, `valid_from`, `valid_to`.
Reading the files is the business of `huanyu.config`; nothing here opens one.
"""

from __future__ import annotations

from datetime import date
from datetime import time
from typing import Annotated
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import field_validator
from pydantic import model_validator

from huanyu.after_rows import AfterRow
from huanyu.api_rows import ApiTable
from huanyu.dated import Dated as Dated
from huanyu.dated import Table as Table
from huanyu.entry_rows import EntryTable
from huanyu.entry_rows import MailboxTable
from huanyu.finding_rows import BasisRow
from huanyu.finding_rows import MeasureRow
from huanyu.finding_rows import QualityTable
from huanyu.form_rows import FormRow
from huanyu.handling_rows import Calendar as Calendar
from huanyu.handling_rows import ClockRow as ClockRow
from huanyu.handling_rows import HintRow as HintRow
from huanyu.handling_rows import LadderRow as LadderRow
from huanyu.handling_rows import LevelRow as LevelRow
from huanyu.handling_rows import RouteRow as RouteRow
from huanyu.handling_rows import UnitRow as UnitRow
from huanyu.incident_rows import IncidentTable
from huanyu.info_rows import InfoTable
from huanyu.intake_rows import ChannelRow as ChannelRow
from huanyu.intake_rows import ItemTypeRow as ItemTypeRow
from huanyu.intake_rows import ReasonRow as ReasonRow
from huanyu.occasion_rows import OccasionRow
from huanyu.press_rows import ColumnRow
from huanyu.press_rows import PressTable
from huanyu.public_rows import PublicTable
from huanyu.publishing_rows import PublishingTable
from huanyu.ranking_rows import RankingTable
from huanyu.retention_rows import RetentionRow
from huanyu.review_rows import ChainRow
from huanyu.reward_rows import RewardTable
from huanyu.rule_rows import CampaignRow
from huanyu.rule_rows import MediaRow
from huanyu.rule_rows import RegulationRow
from huanyu.sample_rows import SampleRow
from huanyu.series import SeriesRow
from huanyu.site_rows import SiteRules
from huanyu.supervision_rows import SupervisionTable
from huanyu.talk_rows import TalkTable
from huanyu.types import SourceKind


class BureauRow(Table):
    """Who we are (bureau.toml)."""

    key: str = ""  #: of the tables as they are shipped: `init` and `demo` are told it
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
    paper_mark: str = ""  #: before the mark of every form, as in 聊环督〔2026〕1号
    bulletin_mark: str = "内部资料 注意保存"
    bulletin_time: time = time(8, 30)
    bulletin_to: tuple[str, ...] = ()  #: 报 / 送 / 发
    signatory: str = ""
    records_from: date | None = None  #: no comparison with a period that began before: records have gaps
    official: tuple[str, ...] = ()  #: who answers for authorities on platforms: their words are no complaints
    sample: SampleRow = SampleRow()
    link_days: int = Field(
        default=10, ge=1, le=60
    )  #: one-time links of units that do not log in work so long
    unsent_hours: int = Field(default=2, ge=1, le=72)  #: a slip that has not left by then is stuck
    grant_days: int = Field(default=15, ge=1, le=90)  #: the longest leave to read who reported a case
    shift_kinds: tuple[str, ...] = ("值班", "带班", "备班")


class PlaceRow(Dated):
    """A gazetteer entry (places.toml).

    Level `elsewhere` lists other cities, `no_place` words that merely contain a place name, `product` what makes
    a dish or brand of the place name before it (莘县香瓜).
    """

    name: str
    code: str
    level: Literal[
        "city", "county", "zone", "township", "village", "river", "road", "landmark",
        "elsewhere", "no_place", "product",
    ]  # fmt: skip
    unit: str  #: county code, or 经开区 | 高新区 | 度假区
    aliases: tuple[str, ...] = ()  #: short names, old names; "许营?" counts only with context
    needs_context: bool = False  #: the bare name is an ordinary word or exists in many cities
    built_up: bool | None = None  #: all of it inside / outside 城市建成区; None = both, or not known
    villages: tuple[str, ...] = ()  #: of this township; they always need context

    @property
    def is_area(self) -> bool:
        """Whether cases are counted and shared out by it: a county, a zone, or a township that answers to none.

        A city of counties has these as its areas; one without counties has its townships, whose `unit` is their code.
        """
        return self.level in {"county", "zone"} or (self.level == "township" and self.unit == self.code)


class EnterpriseRow(Dated):
    """An enterprise that posts name (enterprises.toml); it tells the place where a text names none."""

    name: str = Field(min_length=2)
    aliases: tuple[Annotated[str, Field(min_length=2)], ...] = ()  #: "时风?" counts only with context
    code: str  #: of its county or township
    unit: str = Field(min_length=1)  #: county code, or 经开区 | 高新区 | 度假区
    kind: str = ""  #: 行业, for the reader: 化工, 造纸, 热电 …
    lists: tuple[str, ...] = ()  #: of 环境监管重点单位: 水环境, 大气环境, 土壤污染 …
    credit: str = ""  #: 统一社会信用代码
    permit: str = ""  #: number of 排污许可证, or of 排污登记
    grid: str = ""  #: code of the grid it lies in
    spared: bool = False  #: 正面清单: looked at from afar first, not disturbed without cause

    @field_validator("code")
    @classmethod
    def _six_or_nine(cls, code: str) -> str:
        if not (code.isdecimal() and len(code) in {6, 9}):
            raise ValueError(f"{code!r} 不对, 应为所在县（市、区）的 6 位代码或乡镇街道的 9 位代码")
        return code


class SourceRow(Table):
    """A place to read (sources.toml)."""

    key: str
    name: str
    spider: Literal["weibo", "discuz", "tieba", "feed", "site", "import", "mailbox"]
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
    mailbox: MailboxTable | None = None
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
        if (self.spider == "mailbox") is not (self.mailbox is not None):
            raise ValueError('spider = "mailbox" 的来源要写 [source.mailbox]，别的来源不写')
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
    channel: Literal[
        "site", "weibo", "wechat", "telegram", "discuz", "mail", "export", "wecom", "dingtalk", "feishu"
    ]  # fmt: skip
    name: str
    base_url: str = ""
    user_id: str = ""  #: the account's own id, for reading back
    chat_id: str = ""  #: telegram
    app_id: str = ""  #: wechat
    cover: str = ""  #: wechat: picture of articles that bring none; a path inside data_dir
    mode: Literal["publish", "mass"] = "publish"  #: wechat: onto the account's page, or to every follower
    comments: bool = False  #: wechat: followers may comment on our articles
    auto_replies: tuple[str, ...] = ()  #: wechat: the only texts that the account may answer by itself
    push_url: str = (
        ""  #: wechat: the service that answers messages to the account; asked once an hour what it says
    )
    push_token: str = ""  #: name of the secret with which WeChat signs to that service
    push_key: str = ""  #: name of the secret with which WeChat seals what it sends us (EncodingAESKey)
    contacts: tuple[str, ...] = ()  #: mail: addresses of the press, each gets its own copy
    secret: str = ""
    operator_ip: str = ""  #: weibo `rip`
    verified: bool = False  #: a person has ticked that this endpoint works as documented
    enabled: bool = True


class RecipientRow(Table):
    """Somebody who gets the bulletins (recipients.toml)."""

    key: str
    name: str  #: as it stands in the list of deliveries
    channel: Literal["mail", "console", "telegram", "chat"]
    address: str  #: mail address, log-in name, chat id; chat: key of a robot in accounts.toml
    series: tuple[str, ...] = ()  #: daily weekly …; empty = every one
    form: Literal["pdf", "docx", "link"] = "pdf"
    when: Literal["signed", "compiled"] = "signed"  #: compiled: at once, for the office's own eyes

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.address.strip():
            raise ValueError("address 不能为空")
        if self.channel == "mail" and "@" not in self.address:
            raise ValueError(f"address 应为邮箱地址, 不是 {self.address!r}")
        if self.channel in {"telegram", "chat"} and self.form != "link":
            raise ValueError(f'{self.channel} 只发期号和链接, 请写 form = "link"')
        return self


class WordRow(Table):
    """A list used by the checks or the classifier (words.toml)."""

    id: str
    kind: str  #: secrecy typo tone robotic law_error allow urgent …
    words: tuple[str, ...]
    suggestion: str = ""
    reason: str = ""


class HeatRow(Table):
    """One term of a topic's heat (heat.toml)."""

    name: Literal["posts", "voices", "sources", "reposts", "comments", "likes", "views"]
    weight: float = Field(ge=0)
    shape: Literal["linear", "log"]
    unit: float = Field(default=1, gt=0)  #: what one step of a logarithmic term counts
    lasting: bool = True  #: False: the number goes on changing, so no bulletin rests on it
    why: str = ""


class Bureau(Table):
    """Every table of one bureau."""

    bureau: BureauRow
    places: tuple[PlaceRow, ...]
    enterprises: tuple[EnterpriseRow, ...] = ()
    units: tuple[UnitRow, ...]
    routes: tuple[RouteRow, ...]
    clocks: tuple[ClockRow, ...]
    escalation: tuple[LadderRow, ...] = ()
    calendar: Calendar
    sources: tuple[SourceRow, ...]
    accounts: tuple[AccountRow, ...]
    words: tuple[WordRow, ...]
    levels: tuple[LevelRow, ...]
    hints: tuple[HintRow, ...] = ()
    campaigns: tuple[CampaignRow, ...] = ()
    media: tuple[MediaRow, ...] = ()
    regulations: tuple[RegulationRow, ...] = ()
    heat: tuple[HeatRow, ...] = ()
    bulletins: tuple[SeriesRow, ...] = ()
    recipients: tuple[RecipientRow, ...] = ()
    afterwards: AfterRow = AfterRow()
    review: tuple[ChainRow, ...] = ()
    publishing: PublishingTable = PublishingTable()
    occasions: tuple[OccasionRow, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    bases: tuple[BasisRow, ...] = ()
    quality: QualityTable = QualityTable()
    forms: tuple[FormRow, ...] = ()
    item_types: tuple[ItemTypeRow, ...] = ()
    channels: tuple[ChannelRow, ...] = ()
    reasons: tuple[ReasonRow, ...] = ()
    retention: tuple[RetentionRow, ...] = ()
    incidents: IncidentTable = IncidentTable()
    supervision: SupervisionTable = SupervisionTable()
    info_requests: InfoTable = InfoTable()
    rankings: RankingTable = RankingTable()
    api: ApiTable = ApiTable()
    talk: TalkTable = TalkTable()
    entries: EntryTable = EntryTable()
    public: PublicTable = PublicTable()
    rewards: RewardTable = RewardTable()
    press: PressTable = PressTable()
    columns: tuple[ColumnRow, ...] = ()

    def unit(self, key: str) -> UnitRow | None:
        return next((unit for unit in self.units if unit.key == key), None)

    def source(self, key: str) -> SourceRow | None:
        return next((source for source in self.sources if source.key == key), None)

    def series(self, key: str) -> SeriesRow | None:
        return next((series for series in self.bulletins if series.key == key), None)

    def account(self, key: str) -> AccountRow | None:
        return next((account for account in self.accounts if account.key == key), None)

    def met_by(self) -> dict[str, frozenset[str]]:
        """For each act the limits it meets, by the ids of their rows."""
        acts = {act for row in self.clocks for act in row.met_by}
        return {act: frozenset(row.id for row in self.clocks if act in row.met_by) for act in sorted(acts)}

    def area_name(self, code: str) -> str:
        """Chinese name of an area; the code itself when unknown."""
        return self.areas().get(code, code)

    def areas(self) -> dict[str, str]:
        """Areas with their names, in the table's order, which is the official one."""
        return {place.unit: place.name for place in self.places if place.is_area}

    def areas_called(self) -> str:
        """What the areas are called: 县（市、区）, or 镇（街道） in a city without counties."""
        return "县（市、区）" if any(place.level == "county" for place in self.places) else "镇（街道）"
