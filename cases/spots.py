"""Which village a complaint speaks of, and what it complains of: the two things that keep neighbours' matters apart.

Knows words only, no list of villages: a gazetteer has not every hamlet, and texts leave out half of a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_SIDES: Final = "东西南北前后大小上中下新老"
#: Before 村 or 庄 these characters belong to the sentence, not to a name: 我们村, 全村, 回到村里.
_SAID: Final = re.compile(
    ".*[我你他们俺咱这那哪本该各每全整某几两半个农乡同邻到在的了是有住回进出和与跟从往离及就也都县镇区市道]"
)
# 前杨村, 李庄北头, 毕屯: what follows decides whether 庄 and 屯 end a name; 村 always does.
_VILLAGE: Final = re.compile(
    "((?:(?!村)[\u4e00-\u9fff]){2,3})村(?!镇|民|干部|官|委|庄|村通|长)"
    "|(?<=[镇乡道])([\u4e00-\u9fff]{1,2}[庄屯寨堡])(?![镇乡])"
    "|([\u4e00-\u9fff]{1,2}[庄屯寨堡])(?=[东西南北村养有往那附旁]|$|[^\u4e00-\u9fff])"
)

#: What makes the nuisance. Two texts that name different ones are of different matters, however alike their words.
_CULPRITS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        name: re.compile(words)
        for name, words in {
            "鸡": "鸡",
            "鸭": "[鸭鹅]",
            "猪": "猪",
            "牛羊": "养[牛羊]|[牛羊][场圈棚粪]",
            "屠宰": "屠宰",
            "烧烤": "烧烤|烤串|烤羊|撸串",
            "火锅": "火锅",
            "餐馆": "饭店|酒店|餐馆|饭馆|餐厅|酒楼|后厨|大排档",
            "歌厅": "(?i:KTV)|歌厅|酒吧|练歌",
            "广场舞": "广场舞|跳舞|跳广场",
            "健身房": "健身房|瑜伽|琴行",
            "网吧": "网吧",
            "尾气": "尾气",
            "电线": "电线|电缆",
            "管道": "下水道|污水管|管道",
            "喇叭": "喇叭|叫卖|音响|广播",
            "工地": "工地|施工|打桩|混凝土|盖楼|塔吊",
            "大车": "渣土车|大车|货车|拉煤|遗撒|鸣笛",
            "摩托": "炸街|飙车|摩托|改装车",
            "秸秆": "秸秆|麦茬",
            "垃圾": "垃圾",
            "塑料": "塑料|造粒|颗粒厂",
            "橡胶": "橡胶|轮胎|胶皮",
            "漆": "漆|涂料|烤漆",
            "化工": "化工|农药厂|涂料|制药|药厂",
            "电镀": "电镀|镀锌|镀铬",
            "铸造": "铸造|冲天炉|锻造|翻砂",
            "轴承": "轴承|磨床",
            "板材": "板材|胶合板|木业|木材|家具",
            "水泥": "水泥|商混|搅拌站|预制",
            "砂石": "砂石|沙场|料场|石料|采石|灰场|煤场",
            "砖": "砖[厂窑]",
            "纸": "纸[业厂品箱]|造纸",
            "棉面": "轧花|棉|面粉|面粉厂",
            "锅炉": "锅炉|烟囱",
            "洗车": "洗车",
            "修车": "汽修|修车|修理厂",
            "设备": "泵房|水泵|换热站|风机|空调|冷却塔|变压器|配电",
            "焊接": "电焊|焊接|切割",
            "饲料": "饲料",
            "食品": "食品",
            "采砂": "采[砂沙]",
            "电鱼": "电鱼",
            "自来水": "自来水|水厂|水龙头|饮用水|喝的水",
            "跑道": "跑道",
        }.items()
    }
)
#: How the nuisance is felt.
_SENSES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "noise": re.compile("吵|噪|响|声|轰|嗡|鸣笛|打桩|睡不着|睡不了"),
        "smell": re.compile("味|臭|熏|呛|刺鼻|废气|[排放]气|酸雾|睁不开|腥|粪|苍蝇"),
        "water": re.compile(
            "[污废黑绿红脏]水|水[面是变]?[^，。]{0,3}[黑绿红臭]|排水|死鱼|粪[水便]|油花|废液|乳化液|[往向到][^，。]{0,4}[河沟渠塘]|翻白"
        ),
        "dust": re.compile("[灰尘沙]|粉末|满[天街路][都是]*土|的土"),
        "smoke": re.compile("[黑浓白油]烟|冒烟|烟囱|烟[大太]|焚烧|烧[秸塑垃]"),
        "waste": re.compile("垃圾|倾倒|倒[了过]?|[乱偷]?扔|堆"),
    }
)


@dataclass(frozen=True, slots=True)
class Village:
    """The end of a village's name, and the side that tells twins apart: 前|杨 and 后|杨."""

    core: str
    side: str = ""

    def may_be(self, other: Village) -> bool:
        """Whether both names may mean one village; 李庄 and 东李庄 may, 东李庄 and 西李庄 may not."""
        return self.core == other.core and (not self.side or not other.side or self.side == other.side)


@lru_cache(maxsize=20_000)
def villages(text: str) -> tuple[Village, ...]:
    """Villages a text names, in its order."""
    found = (_village(match[1] or "", match[2] or match[3] or "") for match in _VILLAGE.finditer(text))
    return tuple(dict.fromkeys(village for village in found if village))


def apart(one: str, other: str) -> bool:
    """Whether both texts name a village, and never the same."""
    mine, theirs = villages(one), villages(other)
    return bool(mine and theirs) and not together(one, other)


def together(one: str, other: str) -> str:
    """The village both texts name, or ""."""
    theirs = villages(other)
    shared = (mine for mine in villages(one) if any(mine.may_be(their) for their in theirs))
    return next((f"{mine.side}{mine.core}" for mine in shared), "")


@lru_cache(maxsize=20_000)
def culprits(text: str) -> frozenset[str]:
    """What makes the nuisance a text tells of."""
    return frozenset(name for name, words in _CULPRITS.items() if words.search(text))


@lru_cache(maxsize=20_000)
def senses(text: str) -> frozenset[str]:
    """How the nuisance a text tells of is felt: heard, smelt, seen."""
    return frozenset(name for name, words in _SENSES.items() if words.search(text))


def clash(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether both are known and have nothing in common."""
    return bool(mine and theirs) and not mine & theirs


def _village(before: str, whole: str) -> Village | None:
    """The last two characters that name it: 大高庄村 is 高庄, 前田村 is 田 on the front side."""
    name = _SAID.sub("", before or whole)
    if len(name) < 2:
        return None
    if len(name) > 2 or (before and name[0] in _SIDES):
        return Village(name[1:], name[0] if name[0] in _SIDES else "")
    return Village(name)
