"""Names of private people in an outgoing text, told by how they stand in their sentence: learnt, not listed.

Pure; one linear model over the characters of a possible name and those around it (publisher/data/people.npz, made by
`huanyu manner` from texts written for it with ever other names put in: hashes and weights, no words). One thing it
looks at is how often the characters were seen together (the counts of `publisher.spelling`): a name is no word. Must
not know what the rules of `huanyu.names` and `bystanders` found.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from huanyu.names import GIVEN
from huanyu.names import NOT_NAMES
from huanyu.names import SURNAMES
from huanyu.names import Hit
from publisher import bystanders
from publisher.grams import codes
from publisher.spelling import speller

FILE: Final = "people.npz"
BUCKETS: Final = 1 << 16
LENGTHS: Final = (3, 2)  #: characters of a name
AROUND: Final = 12  #: characters on either side that are looked at
#: Surnames too rare, or too common as words, for the rules.
_MORE: Final = "栗仲牛鹿谷耿贡池解项花米窦木薄霍隗危厉修区暨柏乌鞠阚蔚丛嵇濮辛湛"
#: Surnames the list of `huanyu.names` has not: few people bear them.
FEW: Final = (
    "路房查冀卓宣乐古游钮甄封惠巫班伊鄂胥闻郦瞿茹艾易容牟苟丘阳初綦逄亢郜幸党简柯饶边鲍冷蓝盛曲曾常文"
    "章伍费席卫植景桂强车辜吉刁晋畅廉奚穆燕郎谈姬郁商蒙揭迟宇敖鄢稽练冼衣楚宗谌银仝佀阙郏"
    "邴扈訾邰酆蹇璩禚慕慎禹尉麦寿祖衡皮檀仪仉咸昝雍索雒逢楼战展井宿仰苍冶计么"
)
#: Surnames that are mostly something else: 万, 高, 成 begin ten words for each name.
_WORDS: Final = "万方高成于时应单连向解明"
BEGINNINGS: Final = frozenset(SURNAMES + _MORE + FEW + _WORDS)
_LIKELY: Final = frozenset(GIVEN)
#: How far from even odds a place must be: of 667 official posts it had not learnt from 11 held such a place.
SURE: Final = 0.5
#: Named like a person, and hardly anybody is named so: 梅峰河. 江 and 泉 do end given names.
_WATER: Final = re.compile(r"..[河湖港]")
_WET: Final = 1.0  #: how sure it must be that such a one is a person all the same
#: Whom everybody knows, of the past or of books: no private people.
_KNOWN_TO_ALL: Final = re.compile(
    "孔繁森|焦裕禄|雷锋|钱学森|竺可桢|袁隆平|季羡林|傅斯年|张自忠|顾炎武|周敦颐|范仲淹|王之涣"
    "|欧阳修|白居易|苏东坡|苏轼|陶渊明|李白|杜甫|王维|孟浩然|陆游|辛弃疾|李清照|柳宗元|韩愈"
    "|王安石|曾巩|朱自清|鲁迅|老舍|巴金|冰心|孙犁|徐志摩|钟南山|邓稼先|钱三强|于敏|屠呦呦"
    "|黄大年|南仁东|王进喜|时传祥|孟泰|张秉贵|史来贺|谷文昌|杨善洲|廖俊波|黄文秀|张桂梅|董存瑞"
    "|黄继光|邱少云|刘胡兰|江姐|傅以渐|武训|成无己|虞世南|严子陵|杨贤江|戚继光|郑和|林则徐|岳飞"
    "|文天祥|诸葛亮|曹操|刘备|关羽|张飞|宋江|武松|鲁智深|李逵|孙悟空|唐僧|贾宝玉|林黛玉|曹植"
    "|鲁班|张衡|祖冲之|李时珍|华佗|张仲景|孙思邈|徐霞客|马可波罗"
    "|汪曾祺|史铁生|朱熹|莫言|余秋雨|余光中|林语堂|梁启超|梁思成|胡适|沈从文|张爱玲|钱钟书|杨绛"
    "|丰子恺|费孝通|梁实秋|郁达夫|茅盾|艾青|郭沫若|叶圣陶|王阳明|黄宗羲|席慕蓉|舒婷|毕淑敏|路遥"
    "|贾平凹|陈忠实|王小波|余华|刘慈欣|王羲之|颜真卿|柳公权|郑板桥|龚自珍|曹雪芹|罗贯中|吴承恩"
    "|施耐庵|蒲松龄|司马迁|贾思勰|徐光启|沈括|宋应星|蔡伦|扁鹊|刘禹锡|杜牧|王勃|李商隐|杨万里"
    "|范成大|曹雪芹|秦始皇|张骞"
)
#: A name somebody gave themselves begins like another's: “蓝天卫士”.
_NICKNAME: Final = re.compile(
    r"[“\"‘「『][\u4e00-\u9fff]{4,8}(?<!先生)(?<!女士)(?<!同学)[”\"’」』](?=网友|网民|(?:公益)?志愿|[的,。])"
)
#: Levels of `publisher.grams` between never, hardly, now and then, often, everywhere.
_USUAL: Final = (0.01, 2.5, 4.0, 5.5)
#: What somebody is called by behind the surname alone, which is fine.
_ADDRESSED: Final = re.compile(
    "先生|女士|小姐|阿姨|师傅|大爷|大妈|大娘|大姐|大哥|大叔|大伯|奶奶|爷爷|老师|同学|医生"
    "|某某|某|老太|老汉|局长|书记|主任|科长|队长|经理|总"
)
#: Sorts of words before a name, and behind it.
_BEFORE: Final = {
    "edge": re.compile(r"(?:^|[^\u4e00-\u9fff、0-9])$"),
    "row": re.compile(r"[\u4e00-\u9fff]{2,3}[、和]$"),
    "office": re.compile(
        r"(?:[局科队所站镇区市校院部厅处组会][长员]|书记|主任|经理|记者|人员|专家|教授|负责人|同志|代表)$"
    ),
    "trade": re.compile(
        r"(?:渔民|农民|[居村市网牧]民|[店车业户屋房摊货厂场]主|老板|司机|师傅|住户|商户|[农养]\w户|邻居|房[东客]|租户|教师|[工职]人|[职员]工"
        r"|当事人|行为人|嫌疑人|目击者|证人|知情人|[举投信反来求诉]\w人|群众|乡亲|家长|隔壁|对门|楼[上下]|老人|大[爷妈娘姐哥叔]|阿姨|爱人|[丈妻儿女]\w)$"
    ),
    "of": re.compile(r"的$"),
    "does": re.compile(r"[经对与同向为据由接到是系将给按找问让请叫把被替和跟像]$"),
}
_AFTER: Final = {
    "edge": re.compile(r"^(?:$|[^\u4e00-\u9fff])"),
    "says": re.compile(r"^(?:说|称|讲|告诉|反映|举报|投诉|表示|承认|介绍|回忆|证实|认为|提出|提供|发现)"),
    "polite": re.compile(r"^(?:先生|女士|同志|老人|大[爷妈娘]|阿姨|师傅|夫妇|一家|等|本人)"),
    "of": re.compile(r"^(?:的|家)"),
    "does": re.compile(
        r"^[在与和向对把将被因已曾也又就从给用拿来去主同不没未要想带正却再便还都愿答写拍骑开烧倒]"
    ),
}
_HAN: Final = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """A weight for each bucket, and the constant; above `SURE` a place is a private person's name."""

    weights: NDArray[np.float32]
    constant: float

    def score(self, text: str, start: int, end: int) -> float:
        """How sure it is that a private person's name stands there."""
        held = buckets(text, start, end)
        return float(self.weights[held].sum() / np.sqrt(len(held)) + self.constant)


@lru_cache(maxsize=1)
def judge() -> Judge:
    """The shipped one, read when first asked for."""
    file = resources.files("publisher") / "data" / FILE
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
        return Judge(kept["weights"].astype(np.float32), float(kept["constant"]))


def private(text: str, by: Judge | None = None) -> Iterator[Hit]:
    """Each name of a private person in a folded text of this desk's subject, the surest reading of every place."""
    if not bystanders.is_ours(text):
        return
    asked = by or judge()
    sure = sorted(
        ((asked.score(text, start, end), start, end) for start, end in possible(text)), reverse=True
    )
    score_of = {(start, end): score for score, start, end in sure}
    taken: list[tuple[int, int]] = []
    for score, start, end in sure:
        if score <= SURE:
            break
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
    for start, end in sorted(taken):
        if score_of[start, end] < _WET and _WATER.fullmatch(text, start, end):
            continue
        if _KNOWN_TO_ALL.fullmatch(text, start, end) or _NICKNAME.match(text, max(0, start - 1)):
            continue
        if not bystanders.is_official(text, start, end):
            yield bystanders.kind_of(text, start, end), start, end


def possible(text: str, surnames: Collection[str] = BEGINNINGS) -> Iterator[tuple[int, int]]:
    """Every place where a surname begins two or three characters that are no word of the list."""
    for start, char in enumerate(text):
        if char in surnames:
            for length in LENGTHS:
                said = text[start : start + length]
                if len(said) == length and _HAN.fullmatch(said) and not _no_name(said):
                    yield start, start + length


def _no_name(said: str) -> bool:
    return said[:2] in NOT_NAMES or bool(_ADDRESSED.fullmatch(said, 1))


def buckets(text: str, start: int, end: int) -> NDArray[np.int64]:
    """The features of a place: which buckets its characters and those around it fall into, each once."""
    return np.array(sorted({crc32(one.encode()) % BUCKETS for one in _features(text, start, end)}))


def _features(text: str, start: int, end: int) -> Iterator[str]:
    said, length = text[start:end], end - start
    left = text[max(0, start - AROUND) : start].rjust(AROUND, "^")
    right = text[end : end + AROUND].ljust(AROUND, "$")
    likely = "".join(str(int(char in _LIKELY)) for char in said[1:])
    yield from (f"length{length}", f"surname{said[0]}", f"likely{likely}")
    yield from (f"given{length}{place}{char}" for place, char in enumerate(said[1:]))
    yield from (f"left{left[-many:]}" for many in (2, 3, 4))
    yield from (f"right{right[:many]}" for many in (2, 3))
    yield from (f"left{length}{left[-1]}", f"right{length}{right[0]}")
    yield from (f"both{left[-1]}{right[0]}", f"both{left[-2:]}{right[0]}")
    yield from (f"before{left[at : at + 2]}" for at in range(AROUND - 1))
    yield from (f"after{right[at : at + 2]}" for at in range(AROUND - 1))
    yield f"title{bystanders.is_titled(text, start)}{bystanders.goes_on(text, end)}"
    word, begun = said in words(), length == 3 and said[:2] in words()
    yield from (f"word{length}{word}", f"begun{begun}", f"word{word}{begun}{right[0]}")
    yield from _strange(text, start, end, likely)
    yield from _part(text, start, end, likely)


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """Words of two and three characters that begin like a name."""
    told = (resources.files("publisher") / "data" / "words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in told.splitlines() if not line.startswith("#") for word in line.split())


def _part(text: str, start: int, end: int, likely: str) -> Iterator[str]:
    """What part a place plays in its sentence: what sort of word stands before it and what sort follows."""
    length, whole = end - start, seen(text)[1][start + 1]
    before, after = _sort(_BEFORE, text[max(0, start - 6) : start]), _sort(_AFTER, text[end : end + 4])
    yield from (f"part{length}{before}{after}", f"part{before}{likely}", f"part{after}{likely}")
    yield from (f"part{length}{before}{after}{likely}{whole}", f"part{before}{after}{whole}")


def _sort(sorts: Mapping[str, re.Pattern[str]], beside: str) -> str:
    """The first sort of word that stands beside a place."""
    return next((name for name, told in sorts.items() if told.search(beside)), "other")


def _strange(text: str, start: int, end: int, likely: str) -> Iterator[str]:
    """How usual the characters of a place are beside each other and beside their neighbours."""
    pairs, triples = seen(text)
    length = end - start
    first, last = pairs[start + 1], pairs[end - 1]  # surname and given name, the given name's own
    whole, before, after = triples[start + 1], triples[start], triples[end - 1]
    yield from (f"pairs{length}{first}{last}", f"whole{length}{whole}", f"joined{pairs[start]}{pairs[end]}")
    yield from (f"word{length}{whole}{likely}{first}", f"beyond{length}{before}{after}")
    yield f"strange{length}{whole}{after}{likely}"


@lru_cache(maxsize=4)
def seen(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How usual each pair and each triple is that begins one character before a place: 0 = never seen."""
    coded, grams = codes(f"^{text}$$"), speller().grams
    pairs, triples = (np.digitize(grams.levels(coded, order), _USUAL) for order in (2, 3))
    return tuple(map(int, pairs)), tuple(map(int, triples))
