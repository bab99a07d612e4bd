"""Named things in complaints: the estate, firm, farm or shop two texts may both speak of.

No word cutting and no list of names: where a name begins is found by comparing two texts backwards from an ending.
Knows neither cases nor kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LEAST: Final = 2  #: characters of a name without its ending: 金鼎|小区
LONGEST: Final = 8
TELLING: Final = 3  #: characters that are a name even where the other text leaves the ending away: 鲁聚源那边

# What a firm does stands before its ending and names nobody; some names end with it: 鲁聚源化工.
_TRADE: Final = (
    "化工|化肥|农药|医药|制药|助剂|家具|纸品|造纸|纸业|轴承|铸造|锻造|镀锌|电镀|塑料|塑胶|颗粒|造粒|再生资源|再生|橡胶|水泥|商混|混凝土"
    "|砂石|石料|建材|饲料|食品|屠宰|养殖|牧业|养猪|养鸡|养鸭|养牛|畜牧|纺织|印染|钢铁|铝业|板材|木业|热电|热力|环保|科技|实业|加工|喷漆|喷涂|面粉|粮油|服装|机械|五金|汽修|改造"
)
_FIRM: Final = "化工|轴承|纸品|纸业|家具|牧业|食品|药业|商混|铝业|木业|热电|热力"
_KIND_OF_PLACE: Final = (
    "小区|花园|家园|公寓|嘉园|雅园|雅苑|嘉苑|佳苑|佳园|锦苑|莲城|名苑|花苑|新苑|云庭|华庭|华府|公馆|名邸|新城|新村|公司|集团|作坊|酒店|饭店|酒楼|大排档"
    "|烧烤店?|火锅店?|超市|市场|夜市|商场|商业广场|广场|实验学校|学校|中学|小学|幼儿园|医院|工地|项目|搅拌站|商混站|垃圾站|中转站"
    "|污水处理厂|污水厂|猪场|鸡场|鸭场|牛场|料场|灰场|煤场|砖窑|砖厂|纸厂|(?:量贩)?(?i:KTV)|厂|场|馆"
)
_ENDING: Final = re.compile(f"(?:{_TRADE})*(?:{_KIND_OF_PLACE})|(?:{_FIRM})")
# An estate needs no ending: 澜岸云庭7号楼, 澜岸云庭北侧工地.
_BESIDE: Final = re.compile(
    r"(?=\d+号楼|[一二三四五六]期|业主|[东南西北][侧边]|附近|旁边|楼[顶下前后]|门口|后[墙面]|对面)"
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]+$")
# Before an ending these words only point ("我们小区", "楼下饭店", "建筑工地") and name nothing.
_POINTING: Final = re.compile(
    "(?:我们?|你们?|他们?|咱们?|俺们?|这|那|哪|某|本|该|各|每|几|两|一|二|三|个|家|座|处|片|的|了|在|和|与|到|从|往|是|有|被|把|去|住|做|搞|叫"
    "|旁边?|边|附近|周[围边]|对面|楼[下上]|隔壁|门口|[前后上下里外]面|居民|住宅|投诉|举报|反映|建筑|施工|建设|在建|路过|关于|晚上|夜里|半夜|天天"
    "|拆迁|装修|农贸|菜|建材|批发|大型|小型|大|小|新建|新开|不知名|无名|无证|老旧|高档|整个|全|回迁|安置|商住|私人|露天|废旧?|旧|黑|私|第"
    "|最近|近|离|就|影响|村[东西南北头里口]?|[东西南北][头边侧面]?|路边|路口|镇上|街上|市里|县里|家住)*"
)
_ADMINISTRATIVE: Final = re.compile(
    "^(?:.*(?:(?<!城)市|[区县镇乡路街]|街道|大道)|(?:.*省|山东)?.城市)"
)  # "许营镇养殖场" may be any of several
_SUFFIX: Final = re.compile("(?:街道|[市区县镇乡村])$")
# What a name ends with beside its ending, or an estate it belongs to: 蓝天|木业有限|公司, 盛世|嘉园旁边|工地.
_TAIL: Final = re.compile(
    f"(?:{_TRADE}|{_FIRM}|{_KIND_OF_PLACE}|有限|责任|股份|[东南西北]?[侧边面]|旁边?|附近|对面|门口|[东西南北正后]门|[一二三四五六]期|[里内]的?)+$"
)
# Words of complaints, mined from thousands of letters: what stands before an ending and names nothing.
_COMMON: Final = re.compile(
    "^.*(?:我们|停车|物业|全体|影响|开发|建设|一个|要求|广大|垃圾|管理|导致|部分|其[他它]|来水|现在|违反|投资|很多|所有|工程|发现|住宅|一名"
    "|地产|房产|这个|[公私]立|安置|生活|公共|服务|处理|购物|经营|由于|[公民]办|作为|进入|整个|经过|置业|居民|规范|违法|政府|通知|未经|建筑|目前"
    "|对于|麻将|造成|公交|占用|发展|体育|[这那哪]些|施工|农贸|不是|因为|水务|普通|属于|维护|配套|他们|什么|[大中小]型|培训|焚烧|治理|符合|[一两二三几多]家"
    "|[多几两]个|走过|但是|希望|咨询|不顾|娱乐|进出|告知|多数|而且|别墅|就在|住在|有些|一些|许多|整治|综合|改造|侵害|电力|没有|都是|一所|居住|同一"
    "|禁止|[相有]关|成立|解决|高层|召开|污染|并且|利用|所以|众多|当时|还有|采石|运输|批发|包装|生产|重点|百货|收费|一位|问题|进行|贸易|房屋|供电|以及"
    "|损害|填埋|教育|按照|宿舍|扩建|电信|违建|联系|印刷|如果|虽然|商务|楼盘|通过|根据|供水|大量|还是|回复|公示|考虑|修建|活动|还在|开办|就是|位于|督促"
    "|扰民|保障|设备|保洁|物管|项目|同时|面对|某些|引起|强制|个别|规划|技术|物流|国家|开设|少数|需要|整栋|拆除|旅游|周边|自己|反对|垄断|餐饮|为了|百姓"
    "|加快|无视|黑心|非法|装饰|听到|农村|组织|恢复|违规|允许|取得|交付|出现|专业|危害|身为|用于|询问|各大|无牌|正常|严重|来到|本栋|移动|运动|篮球|足球"
    "|羽毛球|游泳|图书|博物|电影|健身|工业|商业|企业|集团|社会|环境|环卫|生态|中转|加油|充电|变电|分钟|小时|特别|气味|刺鼻|清洁|绿色|臭气|广播|电视|[上下]游|搅拌|今年|去年|以前|之前|原来|美化|废弃|森林|情况|电脑|请问|湿地|河道|学校|堆放|交汇处?|开始|多次|单位|材料|内河)[一后与和]*"
    "|^.*[靠了在各该是的得到每也就把被让给向对从及等其此着过都还没不们我本]"
)
#: Before a name stands one of these, or no character at all; a tail both texts share after others is a trade:
#: 丽华|毛巾厂, 美达|毛巾厂.
_BOUNDARY: Final = frozenset(
    "市区县镇乡路街道村庄省的在是到与和跟及找家个这那有叫对去从报映诉段过给被由把向往离住于为让座处旁边名位"
)
_MAKES: Final = re.compile(f"厂|公司|集团|作坊|(?<![市广商机])场$|站$|窑|(?:{_FIRM})$")
#: These take the name of their township: 沙镇|中学 is one school.
_PUBLIC: Final = frozenset({"中学", "小学", "幼儿园", "医院", "广场", "市场"})
#: Every county has one of each: they name nothing while the county is not known.
_EVERYWHERE: Final = re.compile(
    "(?:实验|中心|文化|城市|国际|世纪|第?[一二三四五六七八九十]+|人民|中医|中心幼儿|机关|希望|污水处理)$"
)

# A street or stream: long, so it asks and never joins. 马路, 公路 and 进河 name none.
_LINE: Final = re.compile(
    "(?<=[^马公铁水网道半走修思线上套出退顺让同过铺问赶进到入往下在的了这那条小大沿环][河路街])"
    "|(?<=胡同)|(?<=大道)|(?<=大街)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """What stands before an ending that may belong to a name; the ending is empty beside an estate's bare name."""

    before: str
    ending: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A name both texts use."""

    name: str
    sure: bool  #: long enough, or with an ending in both texts
    everywhere: bool = False  #: 实验小学: many places have one
    firm: bool = False  #: it makes what is complained of; an estate or a school is only where it is noticed


# A complaint is compared with every known matter: each text is searched once, not thousands of times.
@lru_cache(maxsize=20_000)
def mentions(text: str) -> tuple[Mention, ...]:
    """Everything in a text that may be a named firm, estate or school."""
    found = [_mention(text, match.start(), match[0]) for match in _ENDING.finditer(text)]
    found += [_mention(text, match.start(), "") for match in _BESIDE.finditer(text)]
    return tuple(one for one in dict.fromkeys(found) if len(one.before) >= LEAST)


@lru_cache(maxsize=20_000)
def keys(text: str) -> frozenset[str]:
    """Pairs of characters, one of which another text must have to share a name with this one."""
    return frozenset(pair for mention in mentions(text) for pair in _pairs(mention))


def _stems(places: Iterable[str]) -> tuple[str, ...]:
    """Names of places, whole and without what they are: they are no part of another name."""
    return tuple(stem for place in places for stem in _stems_of(place))


@lru_cache(maxsize=20_000)
def _stems_of(place: str) -> tuple[str, ...]:
    return tuple(stem for stem in (place, _SUFFIX.sub("", place)) if len(stem) >= LEAST)


def shared(one: str, other: str, places: Iterable[str] = ()) -> Shared | None:
    """The best name that stands in both texts; names of `places` are no part of it."""
    both = [(mention, other) for mention in mentions(one) if _may_agree(mention, other)]
    both += [(mention, one) for mention in mentions(other) if _may_agree(mention, one)]
    if not both:
        return None
    stems = _stems(places)
    found = [_agreeing(mention, text, stems) for mention, text in both]
    return max((name for name in found if name), key=lambda name: (name.sure, len(name.name)), default=None)


def differing(one: str, other: str, places: Iterable[str] = ()) -> bool:
    """Whether both texts name something with the same ending, and never the same: 金鼎小区, 银河小区."""
    stems = _stems(places)
    mine, theirs = _named(one, stems), _named(other, stems)
    endings = mine.keys() & theirs.keys()
    return bool(endings) and not any(mine[ending] & theirs[ending] for ending in endings)


def besides(one: str, other: str, places: Iterable[str] = ()) -> bool:
    """Whether one of them names, besides what both name, a further thing of that sort: 除了宏顺塑料厂，佳友塑料厂."""
    stems = _stems(places)
    mine, theirs = _named(one, stems), _named(other, stems)
    return any(mine[ending] != theirs[ending] for ending in mine.keys() & theirs.keys())


def shared_line(one: str, other: str, places: Iterable[str] = ()) -> str:
    """The street or stream that both texts name and that is none of `places`, or ""."""
    known = tuple(places)
    return next(
        (name for name in lines(one) if name in other and not any(name in place for place in known)), ""
    )


@lru_cache(maxsize=20_000)
def lines(text: str) -> tuple[str, ...]:
    """Everything in a text that may be a street or stream."""
    found = (_line(text, match.start()) for match in _LINE.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name))


def _line(text: str, end: int) -> str:
    """Two characters and the ending: 元仓河, 枣乡街, 状元胡同."""
    ending = 2 if text[end - 2 : end] in {"胡同", "大道", "大街"} else 1
    name = text[max(0, end - ending - LEAST) : end]
    return name if len(name) == ending + LEAST and _HAN.fullmatch(name) else ""


def _mention(text: str, at: int, ending: str) -> Mention:
    run = _HAN.search(text[max(0, at - LONGEST) : at])
    return Mention(run[0] if run else "", ending)


def _may_agree(mention: Mention, other: str) -> bool:
    """Whether the other text has the shortest tail of it: without that it has no longer one either."""
    return mention.before[-LEAST:] in other


def _agreeing(mention: Mention, other: str, stems: Sequence[str]) -> Shared | None:
    """The longest tail of what stands before the ending that the other text has too."""
    sizes = range(len(mention.before), LEAST - 1, -1)
    tail = next((mention.before[-size:] for size in sizes if mention.before[-size:] in other), "")
    if len(_name(tail, mention.ending, stems)) < LEAST:
        return None
    name = _trimmed(tail, stems) or tail
    followed = bool(mention.ending) and any(
        _ENDING.match(other, found.end()) for found in re.finditer(re.escape(name), other)
    )
    if (
        not mention.ending and len(name) <= TELLING
    ):  # 马路|对面, 卧室|旁边: only a longer word is an estate's name
        return None
    everywhere = _EVERYWHERE.search(name) is not None
    sure = (followed or len(name) >= TELLING) and (
        _whole(name, mention.before, stems) or _whole(name, other, stems)
    )
    return Shared(name + mention.ending, sure, everywhere, bool(_MAKES.search(mention.ending)))


def _whole(name: str, text: str, stems: Sequence[str]) -> bool:
    """Whether a name begins where a word may begin: not in the middle of a longer one."""
    before = text[: max(0, text.rfind(name))]
    return not _HAN.match(before[-1:]) or before[-1:] in _BOUNDARY or before.endswith(tuple(stems))


def _pairs(mention: Mention) -> Iterator[str]:
    """The last two characters of every name that may be shared: places before it only make it shorter."""
    for size in range(LEAST, len(mention.before) + 1):
        tail = mention.before[-size:]
        name = _name(tail, mention.ending, ())
        if len(name) >= LEAST and (mention.ending or len(_trimmed(tail, ())) > TELLING):
            yield name[-LEAST:]
        elif mention.ending in _PUBLIC:
            yield tail[-LEAST:]


def _named(text: str, stems: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """For each ending the last two characters of the names before it."""
    return _names_in(text, tuple(stem for stem in stems if stem in text))


@lru_cache(maxsize=20_000)
def _names_in(text: str, stems: Sequence[str]) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for mention in mentions(text):
        name = _name(mention.before, mention.ending, stems)
        if mention.ending and len(name) >= LEAST:
            found[mention.ending] = found.get(mention.ending, frozenset()) | {name[-LEAST:]}
    return found


def _name(words: str, ending: str, stems: Sequence[str]) -> str:
    """What of the words before an ending is a name."""
    return _name_in(words, ending, tuple(stem for stem in stems if stem in words))


@lru_cache(maxsize=50_000)
def _name_in(words: str, ending: str, stems: Sequence[str]) -> str:
    bare = _TAIL.sub("", words)
    name = _trimmed(words if ending == "小区" and not bare else bare, stems)  # 新城小区
    return (
        next((stem for stem in stems if words.endswith(stem)), "") if not name and ending in _PUBLIC else name
    )


@lru_cache(maxsize=50_000)
def _trimmed(words: str, stems: Sequence[str]) -> str:
    """What is left of a name without places before it and without words that only point."""
    for stem in stems:
        words = words.rpartition(stem)[2]
    words = _COMMON.sub("", _ADMINISTRATIVE.sub("", words))
    left = _POINTING.sub("", words, count=1)
    return (
        words[-LEAST:] if 0 < len(left) < LEAST <= len(words) else left
    )  # 和谐 begins with a word that points
