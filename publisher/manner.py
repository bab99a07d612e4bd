"""Sentences that read as rude, as secret or as empty where no list of words has them: learnt, not listed.

Pure; one linear model over groups of one to three characters for each kind (publisher/data/manner.npz, made by
`huanyu manner` from sentences written for it: hashes and weights, no words). Must not know what the lists found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from publisher.bystanders import is_ours
from publisher.grams import codes
from publisher.grams import hashes
from publisher.phrases import quoted

FILE: Final = "manner.npz"
KINDS: Final = ("tone", "secrecy", "robotic")
WHOLE: Final = "robotic"  #: judged by the whole text; the others sentence by sentence
LONGEST: Final = 150  #: characters of a text that may be empty as a whole
BUCKETS: Final = 1 << 16
_ORDERS: Final = (1, 2, 3)
_SHORTEST: Final = 4  # characters that make a sentence
_SENTENCE: Final = re.compile(r"[^。!?;\n]+[。!?;]*")
_STOP: Final = re.compile(r"[,。!;]")
#: What the reader asked told again, what will be answered or was passed on, a kind word on a suggestion.
_PLAIN: Final = re.compile(
    r"(?!.*[你!?~])(?:.{0,8}您(?:还|也|又)?(?:问|咨询|询问|想了解|想知道|关心|反映|提)[^,。]{2,24}"
    r"|您的(?:建议|意见|想法|提议)[^,。]{1,10}"
    r"|[^。]{0,24}(?:再|会|将|已|可|结果|进展)[^。]{0,16}(?:答复|回复|告诉|告知|转去|转交|转给|领取|查询|公布)(?:您|大家|去)?)。"
)
#: The heading of a case that names nobody, as 典型案例 have it: 某企业未批先建案.
_HEADING: Final = re.compile(
    r"(?:[一二三四五六七八九十]+、|案例[一二三四五六七八九十\d]*:?)?某[^,。!?;:]{3,30}案"
)
#: An apology, a kind word, a question that an answer to everybody asks itself.
_CIVIL: Final = re.compile(
    r"[^你~!?]{0,40}(?:歉意|致歉|谅解)[。,].{0,12}|(?:我们|我局)?(?:十分|非常|完全)?理解您的?[^,。你!?]{1,8}。"
    r"|(?:请问)?[^您你我。?!]{2,14}(?:怎么办|从哪里?来|有什么不同|是什么)[?？]|[^您你我。?!]{1,8}为什么(?:会|要)?[^您你我。?!就还]{1,8}[?？]"
    r"|[^您你我。!]{1,10}(?:呢|多少|几家|几时|何时|哪里|哪家|吗)[?？]"
)
#: A fine that was decided is public (行政处罚法 第四十八条); one that is only thought of is not.
_FINED: Final = re.compile(
    r"(?!.*(?:内部|初步|拟|商量|透个?底|透露|尚未|还没|未下|口头|估计|打算|会上|领导)).*(?:罚款|处罚)[^。;]{0,14}\d[\d.]*万?元.*"
)
#: That nobody is told who wrote, or when one will come, betrays neither.
_KEPT: Final = re.compile(
    r"(?!.*(?:[人者](?:就|正|应|可能)?[是为系住]|领导|会上|内部|书记|局长|名单|暂|请勿|不要|别|要求|统一|口径|\d))"
    r".*(?:不会|不得|严禁|没有|绝不|从不|不)[^,。;]{0,8}(?:提供|告知|告诉|透露|泄露|转给|通知)[^,。;]{0,10}(?:企业|单位|个人|任何|他人|厂|店|对方).*"
)
_LINK: Final = re.compile(r"(?:https?://|www\.)[!-~]+")  # its letters are chance and tell no manner
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_QUOTATION: Final = re.compile(r"“[^”]*”")

Buckets = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Manner:
    """Weights, kinds × buckets, the constant of each kind, and how sure one must be."""

    weights: NDArray[np.float32]
    constants: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    eager: NDArray[np.float32]  #: the same in a text of this desk's own subject, of which it was taught most

    def margin(self, kind: str, text: str, *, own: bool = False) -> float:
        """How far over the threshold of a kind a text is; below zero it is none. `own`: of this desk's subject."""
        row = KINDS.index(kind)
        held = buckets(text)
        score = self.weights[row, held].sum() / np.sqrt(max(1, len(held))) + self.constants[row]
        return float(score - (self.eager if own else self.thresholds)[row])


@lru_cache(maxsize=1)
def manner() -> Manner:
    """The shipped one, read when first asked for."""
    file = resources.files("publisher") / "data" / FILE
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
        names = ("weights", "constants", "thresholds", "eager")
        weights, constants, thresholds, eager = (kept[name].astype(np.float32) for name in names)
    return Manner(weights, constants, thresholds, eager)


def sentences(text: str) -> Iterator[re.Match[str]]:
    """Every sentence of a folded text that has words enough to have a manner."""
    return (found for found in _SENTENCE.finditer(text) if len(_HAN.findall(found[0])) >= _SHORTEST)


def buckets(text: str) -> Buckets:
    """The features of a text: which buckets its groups of characters fall into, each once."""
    coded = codes(re.sub(r"\s", "", _LINK.sub("", text)))
    found = [hashes(coded, order) % BUCKETS for order in _ORDERS]
    return np.unique(np.concatenate(found)).astype(np.int64)


def improper(text: str, judge: Manner | None = None) -> Iterator[tuple[str, int, int]]:
    """(kind, start, end) of each sentence of a folded text that is rude or tells a secret."""
    judge = judge or manner()
    own = is_ours(text)
    for found in sentences(own_words(text)):
        for kind in KINDS:
            if kind == WHOLE or _is_civil(kind, found[0].strip()):
                continue
            if kind == "secrecy" and _HEADING.fullmatch(found[0].strip()):
                continue
            if judge.margin(kind, found[0], own=own) > 0:
                yield kind, *found.span()


def _is_civil(kind: str, said: str) -> bool:
    if kind == "secrecy":
        return bool(_FINED.fullmatch(said) or _KEPT.fullmatch(said))
    return bool(_PLAIN.fullmatch(said) or _CIVIL.fullmatch(said))


def empty(text: str, judge: Manner | None = None) -> bool:
    """Whether a folded text without facts reads like all the answers that say nothing."""
    said = bool(_STOP.search(text))  # a title says nothing, and need not
    return said and len(text) <= LONGEST and (judge or manner()).margin(WHOLE, text) > 0


def own_words(text: str) -> str:
    """The text with what it quotes of the complaint blanked out, place by place."""
    return _QUOTATION.sub(
        lambda found: " " * len(found[0]) if quoted(text, found.start() + 1) else found[0], text
    )
