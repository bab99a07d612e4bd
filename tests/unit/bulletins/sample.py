"""A made-up but lifelike day of 聊城: twelve cases, six sources, one of them dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta

from bulletins.compile import paper
from huanyu.bureau import BureauRow
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import Bulletin
from huanyu.types import CaseLine
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Row
from huanyu.types import SourceLine

DAILY = load_bureau(SHIPPED).series("daily")
DAY = date(2026, 3, 5)
START = datetime(2026, 3, 5, tzinfo=SHANGHAI)
END = START + timedelta(days=1)
ISSUED = datetime(2026, 3, 6, 8, 30, tzinfo=SHANGHAI)
AREAS = (
    "371502", "371503", "371581", "371525", "371522", "371521", "371524", "371526", "经开区", "高新区", "度假区",
)  # fmt: skip
NAMES = {
    "371502": "东昌府区", "371503": "茌平区", "371581": "临清市", "371525": "冠县", "371522": "莘县",
    "371521": "阳谷县", "371524": "东阿县", "371526": "高唐县", "经开区": "经济技术开发区",
    "高新区": "高新技术产业开发区", "度假区": "江北水城旅游度假区",
    "noise.construction": "建筑施工噪声", "noise.social": "社会生活噪声", "air.odour": "恶臭异味",
    "air.dust": "扬尘/烟粉尘", "air.cooking": "餐饮油烟/烧烤", "air.industrial": "工业废气",
    "air.burning": "露天焚烧", "water.blackodour": "黑臭水体/河道", "water.industrial": "工业废水/偷排",
    "waste.construction": "建筑垃圾/渣土", "ecology": "生态破坏",
    "pending": "待受理", "assigned": "已转办", "signed": "已签收", "handled": "已办理",
    "replying": "答复审核中", "answered": "已答复",
    "branch_dcf": "东昌府区分局", "branch_cp": "茌平区分局", "branch_lq": "临清市分局", "kfq": "经开区环保办公室",
    "cg": "市城市管理局", "zj": "市住房城乡建设局", "water": "水生态环境科",
}  # fmt: skip
BUREAU = BureauRow(
    name="聊城市生态环境局",
    short_name="市生态环境局",
    office="宣教科",
    city="聊城市",
    city_code="371500",
    phone="0635-0000000",
    account_name="聊城环境",
    public_url="https://hb.example.cn",
    bulletin_to=(
        "报：市生态环境局党组成员",
        "送：市委宣传部、市委网信办、市政府办公室",
        "发：各县市区分局，机关各科室，局属各单位",
    ),
    signatory="张示例",
)  # fmt: skip
_POSTS = (
    ("东昌府区某工地凌晨施工噪声扰民", "noise.construction", "371502", "weibo", "cg", "assigned", 7, True,
     "已经连续三个晚上了，凌晨两点还在打桩，孩子根本睡不着，打12345说转给环保，环保说转给城管，到底谁来管？"),
    ("经开区化工气味刺鼻", "air.odour", "经开区", "weibo", "kfq", "signed", 5, True,
     "今晚风一转向，整个小区都是臭鸡蛋味，关窗也没用，@聊城环境 能不能来测一测，别等白天味道散了再来。"),
    ("茌平区一料堆未覆盖，大风天扬尘", "air.dust", "371503", "forum", "branch_cp", "assigned", 3, False,
     "路边几千方的料堆，网子早就破了，一刮风对面看不见人，车上全是灰。"),
    ("徒骇河支流水体发黑", "water.blackodour", "371502", "forum", "water", "signed", 2, False,
     "桥下的水又黑又臭，岸边还有死鱼，去年治过一回，今年开春又这样了。"),
    ("临清市夜市烧烤油烟直排", "air.cooking", "371581", "weibo", "cg", "assigned", 2, False,
     "一楼烧烤店的烟道就对着我家阳台，找过老板，留了我电话13800000000也没人回。"),
    ("冠县轧钢厂夜间冒黄烟", "air.industrial", "371525", "platform", "", "pending", 1, False,
     "晚上十一点以后烟囱冒黄烟，白天不冒，怀疑夜里关了治理设施。"),
    ("莘县村头焚烧秸秆", "air.burning", "371522", "weibo", "", "pending", 1, False,
     "村西头又在点麦茬，烟大得高速上都看不清。"),
    ("高唐县渣土车遗撒", "waste.construction", "371526", "news", "cg", "assigned", 1, False,
     "多名读者反映，渣土车夜间沿途遗撒，次日扬尘明显。"),
    ("阳谷县养殖场废水排入沟渠", "water.industrial", "371521", "platform", "branch_dcf", "handled", 1, False,
     "沟里的水发红发臭，浇地都不敢用。"),
    ("东阿县广场舞音响扰民", "noise.social", "371524", "forum", "cg", "assigned", 1, False,
     "每晚七点到十点半，音响开到最大，楼上写作业的孩子都堵着耳朵。"),
    ("度假区湖边乱倒垃圾", "ecology", "度假区", "weibo", "", "pending", 1, False,
     "湖边芦苇荡里成堆的建筑垃圾，好好的湿地糟蹋成这样。"),
    ("高新区企业夜间异味", "air.odour", "高新区", "weibo", "kfq", "replying", 4, False,
     "连着一周了，夜里十二点准时来味，投诉好几次都说现场没闻到。"),
)  # fmt: skip


def line(place: int) -> CaseLine:
    """Case number `place`, 1 to 12."""
    title, kind, area, source, unit, state, posts, urgent, quote = _POSTS[place - 1]
    return CaseLine(
        case_id=place,
        number=f"HY2026-{place + 180:06d}",
        title=title,
        kinds=(kind,),
        area=area,
        source_kind=source,
        quote=quote,
        url=f"https://weibo.example.cn/u/{place}?from=page&id=Qx{place}Ab3",
        posts=posts,
        state=state,
        unit=unit,
        opened_at=START + timedelta(hours=place),
        due=ISSUED + timedelta(hours=9 * place - 40),
        urgent=urgent,
        level="较大" if place == 2 else "一般",
    )


LINES = tuple(line(place) for place in range(1, 13))


def figure(key: str, value: int, previous: int | None, unit: str = "件") -> Figure:
    return Figure(key=key, value=value, previous=previous, unit=unit, label=key, query=key)


def counts(**changed: tuple[int, int | None]) -> tuple[Figure, ...]:
    """All counts the store gives; `changed` overrides value and previous of some."""
    usual = {
        "posts_new": (412, 388), "complaints_new": (29, 24), "cases_opened": (9, 7), "cases_earlier": (2, 1),
        "cases_appended": (14, 11),
        "cases_answered": (1, 3), "cases_closed": (1, 1), "cases_open": (12, 9), "cases_overdue": (3, 1),
        "rechecks_overdue": (2, 0),
        "year_cases": (192, 183), "year_answered": (160, 158), "replies_sent": (4, 0), "bulletins_year": (64, 63),
        "complaints_weibo": (16, 11), "complaints_forum": (7, 7), "complaints_news": (1, 0),
        "complaints_platform": (5, 6), "complaints_hotline": (0, 0),
        "cases_returned": (1, 0), "cases_told_again": (5, 4), "cases_reopened": (1, 1), "answered_again": (1, 0),
        "reposts_new": (2, 1), "praise_new": (1, 0), "weibo_received": (16, 11), "platform_received": (5, 6),
        "petitions_received": (0, 0), "bulletins_issued": (1, 1),
        "ledger_entered": (4, 6), "ledger_told": (9, 7), "ledger_sent_back": (1, 0),
        "ledger_cancelled": (2, 2), "ledger_open": (17, 15),
    }  # fmt: skip
    in_items = {"posts_new", "cases_appended", "replies_sent", "reposts_new", "praise_new"}
    in_steps = dict.fromkeys(("ledger_told", "ledger_sent_back"), "次")
    in_lines = dict.fromkeys(("ledger_entered", "ledger_cancelled", "ledger_open"), "条")
    units = (
        {"weibo_received": "起", "bulletins_issued": "期"}
        | in_steps
        | in_lines
        | dict.fromkeys(in_items, "条")
    )
    return tuple(
        figure(key, *pair, unit=units.get(key, "条" if key.startswith("complaints_") else "件"))
        for key, pair in (usual | changed).items()
    )


def rows(**values: int) -> tuple[Row, ...]:
    return tuple(Row(label=key, count=count, key=key) for key, count in values.items())


def source(
    key: str, name: str, kind: str, posts: int, complaints: int, state: str, sentence: str
) -> SourceLine:
    return SourceLine(
        key=key, name=name, kind=kind, posts=posts, complaints=complaints, state=state, sentence=sentence
    )


SOURCES = (
    source("weibo_at", "微博@聊城环境", "weibo", 96, 12, "ok", "正常，最近一次读取 08:20"),
    source("weibo_search", "微博关键词", "weibo", 183, 4, "slow", "正常，较平日偏慢"),
    source("bbs_a", "水城论坛", "forum", 74, 7, "ok", "正常"),
    source(
        "bbs_b", "东昌生活网", "forum", 0, 0, "failing", "自3月4日21时起连接失败，已重试18次，网站可能停用"
    ),
    source("news", "本地新闻", "news", 54, 1, "ok", "正常"),
    source("platform", "监测平台导入", "platform", 5, 5, "login_needed", "登录已过期，请重新导出"),
)
FIGURES = Figures(
    period_from=START,
    period_to=END,
    day=DAY,
    counts=counts(),
    by_source=rows(weibo=16, forum=7, news=1, platform=5),
    by_kind=rows(**{
        "noise.construction": 8, "air.odour": 9, "air.dust": 4, "water.blackodour": 2, "air.cooking": 2,
        "air.industrial": 2, "air.burning": 1, "waste.construction": 2, "water.industrial": 1, "noise.social": 1,
        "ecology": 1,
    }),
    by_area=rows(**{"371502": 3, "371503": 1, "371581": 1, "371525": 1, "371522": 1, "高新区": 1, "": 1}),
    by_sentiment=rows(negative=24, neutral=4, positive=1),
    by_state=rows(pending=3, assigned=5, signed=2, handled=1, replying=1),
    trend=tuple(
        Row(label=f"{START - timedelta(days=13 - back):%Y-%m-%d}", count=count)
        for back, count in enumerate((18, 22, 15, 9, 12, 25, 27, 21, 19, 16, 11, 20, 24, 29))
    ),
    new_cases=LINES[:9],
    open_cases=LINES,
    overdue=LINES[:3],
    answered=(replace(LINES[11], state="answered", answered_url="https://hb.example.cn/r/k3v9x2"),),
    sources=SOURCES,
    unanswered=LINES[:8],
    audit_head="9f2c4e7ab1d0835566f1c2e9a7b40d13c8e5f60912ab34cd56ef7890a1b2c3d4",
)  # fmt: skip


def quiet() -> Figures:
    """A day on which nothing at all happened."""
    return replace(
        FIGURES,
        counts=tuple(replace(count, value=0, previous=0) for count in FIGURES.counts),
        by_source=(), by_kind=(), by_area=(), by_sentiment=(), by_state=(), trend=(), new_cases=(),
        open_cases=(), overdue=(), answered=(), unanswered=(), sources=(),
    )  # fmt: skip


def one(quote: str = "楼下烧烤油烟太大", **changed: object) -> Figures:
    """A day with a single matter whose quote is `quote`."""
    only = replace(LINES[0], quote=quote, **changed)
    return replace(quiet(), counts=counts(), new_cases=(only,), open_cases=(only,), unanswered=(only,))


def bulletin(figures: Figures = FIGURES, late: bool = False) -> Bulletin:
    return paper(DAILY, figures, 65, 431, BUREAU, NAMES, ISSUED, late=late, areas=AREAS)
