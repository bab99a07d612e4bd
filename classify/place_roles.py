"""The part a place name plays in its sentence: where something happens, or where somebody is from, heading, comparing.

Judges one mention by the words around it; knows no table of places.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from classify.place_names import Hit


class Role(StrEnum):
    """What a mention of a place is worth."""

    SCENE = "scene"
    ASIDE = "aside"  #: direction, distance, place left, home town: counts while nothing better is named
    NATIVE = "native"  #: where somebody is from (冠县人): as little as ASIDE, and no frame for other names
    NOT = "not"  #: denied, compared with, a brand or a dish: never where it happens


_BEFORE = 14  #: characters looked at before a name
_AFTER = 24  #: and after it

_DENIED = re.compile(
    "(?:(?<!是)(?<!要)(?<!还)不是|并非|而非|(?<!在)不在|不属于?|不归|别当是?|不像|不如|不比|好过|强过|比起"
    "|(?<![对无相之攀])比|学学|(?<![好想图])像|人家)(?:我们|咱们?|人家|隔壁)?$"
)
_ORIGIN = re.compile(
    "(?:老家|娘家|(?<!大)(?<!人)家(?=是)|家乡|籍贯|祖籍|故乡|原籍|户口|母校)(?:就?[是在]|位于|[:：])?"
    "[^，。！？、,.!?\n]{0,2}省?的?$"
    "|(?:同学|老乡|朋友|战友|工友|客户)们?都在$"
    "|来自$|(?<![距远撤脱逃分])(?:距离?|离)(?:着|开了?)?(?:我们|咱们?)?$|距离$"
    "|(?:原(?:来|本|先)?|以前|过去|曾经?|之前|早先)(?:也?[是在归]|属于?|隶属于?)$"
)
_FROM = re.compile("(?:从|由|自打?|原在)$")
_LEFT = re.compile(
    "[^。！？!?\n]{0,14}?(?:搬|迁|嫁|转移|挪|调到|来到|来的|回到|拉来|拉到|运来|运到|过来|跑到)"
)
_TOWARDS = re.compile("(?:[往向朝]|去往|通往|开往|驶往|发往|前往|去|到|至)$")
_WAY = re.compile(
    "(?:县城|市区|那边)?(?:走|开|拐|的?[^，。！？,!?]{0,6}(?:国道|省道|高速|公路|路上|那条路|班车))"
)
_BESIDE = re.compile("[和与跟同]$")
_APART = re.compile("(?:县城|市区)?(?:就|只|仅)?(?:隔|一[河路]之隔|相距|挨着)")
_HEADING = re.compile("(?:县城|市区|那边)?(?:方向|的车牌|车牌)")
_SENT = re.compile(
    "的[^，。！？,!?\n]{0,8}?(?:车|垃圾|废料|废渣|废酸|渣土|污泥)[^，。！？,!?\n]{0,10}?(?:往|[倒卸][在到进]|[拉运跑开]到|来|倾倒)"
)
_NATIVE = re.compile(
    "人(?![民社大武流行口才防居工医间家])|籍(?!贯)|老乡"
    "|的?老?(?:媳妇|女婿|亲戚|朋友(?!圈)|网友|同学|姑娘|小伙|大哥|大姐|姐妹|闺女|客户)"
    "|(?:土生土长|长大|出生|生活过|待过|[上读念][过的]|读书|念书)"
)
_SELF = re.compile("(?:我|俺|本人|咱|作为|一个)是?(?:个|一个)?$|(?:^|[，。！？、,!? \n])是$")
_OF = re.compile("的(?:[，。！？、,.!?~ \n]|$)")
_ACCOUNT_SIZE = 30
_ACCOUNT = re.compile(rf"@[\w\-·]{{1,{_ACCOUNT_SIZE}}}")
#: Only words that end so, or a home town, make of what follows less than a scene.
LEADING = frozenset("开是非在于属归当像如比过强起学家们咱壁自离着了距从由打往向朝去到至和与跟同我俺人个为")
TRAILING = frozenset("人籍老的媳女亲朋网同姑小大姐闺客土长出生待上读念县市那方车")
_HOME = re.compile("老家|娘家|家乡|故乡|家是|籍|户口|母校")
_OFFICE = re.compile(
    "环保|环境|发布|城管|公安|交警|政府|政务|市长|书记|住建|水利|日报|晚报|电视|广播|新闻|传媒|网|在线|1\\d{4}"
    "|热线|消防|执法|检察|法院|人民|信访|街道|社区"
)


class Products(NamedTuple):
    """What makes a brand or dish of the name before it (莘县香瓜)."""

    pattern: re.Pattern[str]
    begin: frozenset[str]  #: the characters with which a match may begin


def products(words: Collection[str]) -> Products:
    """Brands and dishes, unless they are grown, made or sold there."""
    told = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    made_there = (
        "种植|基地|大?棚|市场|加工|厂|园|产业|小镇|合作社|节|街|摊|店|馆|铺|皮|秧|村|养殖|作?坊|渣|房"
        "|地|田|开园|采摘|丰收|上市|滞销"
    )
    pattern = re.compile(f"的?(?:{told})(?!{made_there})" if told else "(?!)")
    return Products(pattern, frozenset("的").union(word[:1] for word in words) if told else frozenset())


def role(text: str, hit: Hit, product: Products, accounts: Sequence[tuple[int, int]] = ()) -> Role:
    """What this mention is worth by the words before and after it, and by the account whose name it stands in."""
    after = text[hit.end : hit.end + 1]
    if after in product.begin and _is_wide(hit) and product.pattern.match(text, hit.end):
        return Role.NOT
    before = text[max(0, hit.start - _BEFORE) : hit.start]
    led = before[-1:] in LEADING or tells_of_home(text, hit)
    if led and _DENIED.search(before):
        return Role.NOT
    trailed = after in TRAILING
    if not (led or trailed or accounts):
        return Role.SCENE
    if any(start <= hit.start < end for start, end in accounts) or (trailed and _NATIVE.match(text, hit.end)):
        return Role.NATIVE
    if (trailed and (_HEADING.match(text, hit.end) or _SENT.match(text, hit.end))) or (
        led and _is_aside(before, text[hit.end : hit.end + _AFTER])
    ):
        return Role.ASIDE
    return Role.SCENE


def tells_of_home(text: str, hit: Hit) -> bool:
    """Whether somebody's home town may be told of; else only a name beside LEADING or TRAILING is weighed."""
    return _HOME.search(text, max(0, hit.start - _BEFORE), hit.start) is not None


def _is_aside(before: str, after: str) -> bool:
    return bool(
        _ORIGIN.search(before)
        or (_FROM.search(before) and _LEFT.match(after))
        or (_TOWARDS.search(before) and _WAY.match(after))
        or (_BESIDE.search(before) and _APART.match(after))
        or (_OF.match(after) and _SELF.search(before))
    )


def _is_wide(hit: Hit) -> bool:
    """Dishes and brands are named after counties; 新城街道阿胶社区 is no dish."""
    return hit.forms[0].row.level in {"city", "county", "elsewhere"}


def private_accounts(text: str) -> list[tuple[int, int]]:
    """Where accounts are addressed that are no authority or paper: their names tell nothing of the scene."""
    if "@" not in text:
        return []
    return [found.span() for found in _ACCOUNT.finditer(text) if not _OFFICE.search(found[0])]


def within_account(text: str, hit: Hit) -> bool:
    """Whether a mention stands in the name of such an account."""
    at = text.rfind("@", max(0, hit.start - _ACCOUNT_SIZE), hit.start)
    found = _ACCOUNT.match(text, at) if at >= 0 else None
    return found is not None and hit.start < found.end() and not _OFFICE.search(found[0])
