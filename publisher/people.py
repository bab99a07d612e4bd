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
#: How far from even odds a place must be: none of 292 clean texts it had not learnt from held such a place.
SURE: Final = -0.5
#: Named like a person, and hardly anybody is named so: 梅峰河. 江 and 泉 do end given names.
_WATER: Final = re.compile(r"..[河湖港]")
#: A name somebody gave themselves begins like another's: “蓝天卫士”.
_NICKNAME: Final = re.compile(
    r"[“\"‘「『][\u4e00-\u9fff]{4,8}(?<!先生)(?<!女士)(?<!同学)[”\"’」』](?=网友|网民|(?:公益)?志愿|[的,。])"
)
#: Levels of `publisher.grams` between never, hardly, now and then, often, everywhere.
_USUAL: Final = (0.01, 2.5, 4.0, 5.5)
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
    taken: list[tuple[int, int]] = []
    for score, start, end in sure:
        if score <= SURE:
            break
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
    for start, end in sorted(taken):
        if _WATER.fullmatch(text, start, end) or _NICKNAME.match(text, max(0, start - 1)):
            continue
        if not bystanders.is_official(text, start, end):
            yield bystanders.kind_of(text, start, end), start, end


def possible(text: str, surnames: Collection[str] = BEGINNINGS) -> Iterator[tuple[int, int]]:
    """Every place where a surname begins two or three characters that are no word of the list."""
    for start, char in enumerate(text):
        if char in surnames:
            for length in LENGTHS:
                said = text[start : start + length]
                if len(said) == length and _HAN.fullmatch(said) and said[:2] not in NOT_NAMES:
                    yield start, start + length


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
    yield from _strange(text, start, end, likely)


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
