"""Named things in complaints: the estate, firm, farm or shop two texts may both speak of.

No word cutting and no list of names: where a name begins is found by comparing two texts backwards from an ending.
Knows neither cases nor kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    "小区|花园|家园|公寓|嘉园|雅园|雅苑|嘉苑|名苑|花苑|新苑|云庭|华庭|华府|公馆|名邸|新城|新村|公司|集团|作坊|酒店|饭店|酒楼|大排档"
    "|烧烤店?|火锅店?|超市|市场|夜市|商场|商业广场|广场|实验学校|学校|中学|小学|幼儿园|医院|工地|项目|搅拌站|商混站|垃圾站|中转站"
    "|污水处理厂|污水厂|猪场|鸡场|鸭场|牛场|料场|灰场|煤场|砖窑|砖厂|纸厂|(?:量贩)?(?i:KTV)|厂|场|馆"
)
_ENDING: Final = re.compile(f"(?:{_TRADE})*(?:{_KIND_OF_PLACE})|(?:{_FIRM})")
# An estate needs no ending: 澜岸云庭7号楼, 澜岸云庭北侧工地.
_BESIDE: Final = re.compile(
    r"(?=\d+号楼|[一二三四五六]期|业主|[东南西北][侧边]|附近|旁边|楼顶|门口|后[墙面]|对面)"
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
    ".*(?:[市区县镇乡路街]|街道|大道)"
)  # "许营镇养殖场" may be any of several
_SUFFIX: Final = re.compile("(?:街道|[市区县镇乡村])$")
#: Every county has one of each: they name nothing while the county is not known.
_EVERYWHERE: Final = re.compile(
    "(?:实验|中心|第?[一二三四五六七八九十]+|人民|中医|中心幼儿|机关|希望|污水处理)$"
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


# A complaint is compared with every known matter: each text is searched once, not thousands of times.
@lru_cache(maxsize=20_000)
def mentions(text: str) -> tuple[Mention, ...]:
    """Everything in a text that may be a named firm, estate or school."""
    found = [_mention(text, match.start(), match[0]) for match in _ENDING.finditer(text)]
    found += [_mention(text, match.start(), "") for match in _BESIDE.finditer(text)]
    return tuple(one for one in dict.fromkeys(found) if len(one.before) >= LEAST)


def shared(one: str, other: str, places: Iterable[str] = ()) -> Shared | None:
    """The best name that stands in both texts; names of `places` are no part of it."""
    stems = [stem for place in places for stem in (place, _SUFFIX.sub("", place)) if len(stem) >= LEAST]
    found = [_agreeing(mention, other, stems) for mention in mentions(one)]
    found += [_agreeing(mention, one, stems) for mention in mentions(other)]
    return max((name for name in found if name), key=lambda name: (name.sure, len(name.name)), default=None)


def differing(one: str, other: str, places: Iterable[str] = ()) -> bool:
    """Whether both texts name something with the same ending, and never the same: 金鼎小区, 银河小区."""
    stems = [stem for place in places for stem in (place, _SUFFIX.sub("", place)) if len(stem) >= LEAST]
    mine, theirs = _named(one, stems), _named(other, stems)
    endings = mine.keys() & theirs.keys()
    return bool(endings) and not any(mine[ending] & theirs[ending] for ending in endings)


def shared_line(one: str, other: str, places: Iterable[str] = ()) -> str:
    """The street or stream that both texts name and that is none of `places`, or ""."""
    known = tuple(places)
    names = (_line(one, match.start()) for match in _LINE.finditer(one))
    return next(
        (name for name in names if name and name in other and not any(name in place for place in known)), ""
    )


def _line(text: str, end: int) -> str:
    """Two characters and the ending: 元仓河, 枣乡街, 状元胡同."""
    ending = 2 if text[end - 2 : end] in {"胡同", "大道", "大街"} else 1
    name = text[max(0, end - ending - LEAST) : end]
    return name if len(name) == ending + LEAST and _HAN.fullmatch(name) else ""


def _mention(text: str, at: int, ending: str) -> Mention:
    run = _HAN.search(text[max(0, at - LONGEST) : at])
    return Mention(run[0] if run else "", ending)


def _agreeing(mention: Mention, other: str, stems: Iterable[str]) -> Shared | None:
    """The longest tail of what stands before the ending that the other text has too."""
    sizes = range(len(mention.before), LEAST - 1, -1)
    tail = next((mention.before[-size:] for size in sizes if mention.before[-size:] in other), "")
    name = _trimmed(tail, stems)
    if len(name) < LEAST:
        return None
    followed = bool(mention.ending) and any(
        _ENDING.match(other, found.end()) for found in re.finditer(re.escape(name), other)
    )
    if (
        not mention.ending and len(name) <= TELLING
    ):  # 马路|对面, 卧室|旁边: only a longer word is an estate's name
        return None
    everywhere = _EVERYWHERE.search(name) is not None
    return Shared(name + mention.ending, followed or len(name) >= TELLING, everywhere)


def _named(text: str, stems: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each ending the last two characters of the names before it."""
    found: dict[str, frozenset[str]] = {}
    for mention in mentions(text):
        name = _trimmed(mention.before, stems)
        if mention.ending and len(name) >= LEAST:
            found[mention.ending] = found.get(mention.ending, frozenset()) | {name[-LEAST:]}
    return found


def _trimmed(words: str, stems: Iterable[str]) -> str:
    """What is left of a name without places before it and without words that only point."""
    for stem in stems:
        words = words.rpartition(stem)[2]
    words = _ADMINISTRATIVE.sub("", words)
    return _POINTING.sub("", words, count=1)
