"""`huanyu manner`, the part of names: weights of publisher.people.

Taught by texts written for it (publisher/data/people.jsonl: where private people's names stand, and texts that name
none or only officials), each with other names put in, and by replies of offices and publicity, which name none.
Same data, same file out.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from huanyu import fold
from huanyu.names import GIVEN
from huanyu.names import SURNAMES
from publisher.bystanders import is_ours
from publisher.fitting import fitted
from publisher.people import BEGINNINGS
from publisher.people import BUCKETS
from publisher.people import FEW
from publisher.people import buckets
from publisher.people import possible

_SEED: Final = 5
_OTHERS: Final = 3  #: other names put into each text that has one
_COMMON: Final = 120  #: surnames that stand first in the list, four times as frequent in what is put in
_FIRST: Final = SURNAMES[:_COMMON] * 8 + SURNAMES * 2 + FEW  #: surnames, about as often as people bear them
_SECOND: Final = GIVEN[:150] * 4 + GIVEN * 2 + "大小二三四五保来满仓有发狗阿调央苗尧土石水火牛虎"
_LENGTHS: Final = (3, 3, 3, 2)
_KEPT: Final = 0.15  #: of the places in replies on other desks' subjects
_LONGEST: Final = 1_500  #: characters read of a reply
_PUT_IN: Final = 0.3  #: what a name put into a real text counts for, one written for this counting for one
_BEHIND: Final = 0.4  #: of the names put in, those behind the word for a person and not in its place
_TWICE: Final = 2  #: names put into each reply at most, of private people and of officials
#: Words for one private person: where such a word stands a name may stand, and behind most of them too.
_SOMEBODY: Final = re.compile(
    r"(?P<alone>您(?!好)|(?<![其吉])[他她](?!们|人))|(?:举报|投诉|反映|来电|信访|诉求|申请|当事|爆料)人|该?(?:业主|住户|居民|村民|市民|群众"
    r"|网友|租户|商户|店主|老板|车主|司机|养殖户|农户|家长)(?!区|楼|委|会|大会|小组|组|路线|服务|广场|们|家|代表|身份|点|自治|村|代)"
)
_BUILT: Final = re.compile(rf"[{SURNAMES}][{GIVEN}]{{1,2}}")  #: a surname before what given names are made of
#: Words of office behind which the name of whoever holds it may stand.
_OFFICE: Final = re.compile(
    r"(?:局长|主任|书记|队长|科长|所长|站长|镇长|区长|市长|校长|经理|负责人|记者|执法人员|工作人员|法定代表人)(?![\u4e00-\u9fff]?[、(])"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Two or three characters of a text, and whether they are a private person's name."""

    text: str
    start: int
    end: int
    name: bool


def run(
    written: Path, replies: Sequence[str], publicity: Sequence[str], out: Path, posts: Sequence[str] = ()
) -> int:
    """Learn and write the weights; returns how many places taught them."""
    dice = random.Random(_SEED)  # noqa: S311 which names are put in, nothing secret
    seen = [*_written(written, dice), *_nobody(replies, publicity, dice), *_posted(posts)]
    put_in = list(_put_in([*replies, *publicity], dice))
    places = [*seen, *put_in]
    counts = np.repeat((1.0, _PUT_IN), (len(seen), len(put_in)))
    wanted = np.array([one.name for one in places])
    learnt = fitted(_features(places), wanted, counts)
    with out.open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            weights=learnt[:-1].astype(np.float16),
            constant=np.float32(learnt[-1]),
        )
    return len(places)


def _features(places: Sequence[Place]) -> csr_matrix:
    """Places × (buckets and a constant), each place of length one beside its constant."""
    held = [[*buckets(one.text, one.start, one.end), BUCKETS] for one in places]
    lengths = np.array([len(row) for row in held])
    columns = np.concatenate(held)
    values = np.where(columns == BUCKETS, 1.0, np.repeat(1 / np.sqrt(lengths - 1), lengths))
    return csr_matrix(
        (values, columns, np.concatenate(([0], np.cumsum(lengths)))), shape=(len(places), BUCKETS + 1)
    )


def _written(file: Path, dice: random.Random) -> Iterator[Place]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = fold.plain(row["text"]).text
        names = {(start, end) for start, end in row["names"]}
        yield from (Place(text, *place, place in names) for place in possible(text))
        for _ in range(_OTHERS if names else 0):
            yield from _renamed(text, min(names), dice)


def _renamed(text: str, place: tuple[int, int], dice: random.Random) -> Iterator[Place]:
    start, end = place
    if text[start] not in BEGINNINGS:
        return
    name = _name(dice)
    other, last = text[:start] + name + text[end:], start + len(name)
    for one in possible(other):
        if one[0] < last and start < one[1]:
            yield Place(other, *one, one == (start, last))


def _posted(posts: Sequence[str]) -> Iterator[Place]:
    """What is no name in publicity as offices post it, which praises people by name: nothing built like one is taken."""
    for post in posts:
        text = fold.plain(post[:_LONGEST]).text
        built = {place for match in _BUILT.finditer(text) for place in range(*match.span())}
        yield from (Place(text, *one, False) for one in possible(text) if built.isdisjoint(range(*one)))


def _put_in(texts: Sequence[str], dice: random.Random) -> Iterator[Place]:
    """Names where a real text has a word for a private person, and behind words of office, where they may stand."""
    for one in texts:
        text = fold.plain(one[:_LONGEST]).text
        for match in _some(_SOMEBODY, text, dice):
            kept = not match["alone"] and dice.random() < _BEHIND
            yield from _named(text, match.end() if kept else match.start(), match.end(), dice, private=True)
        for match in _some(_OFFICE, text, dice):
            yield from _named(text, match.end(), match.end(), dice, private=False)


def _some(word: re.Pattern[str], text: str, dice: random.Random) -> list[re.Match[str]]:
    every = list(word.finditer(text))
    return dice.sample(every, min(_TWICE, len(every)))


def _named(text: str, start: int, end: int, dice: random.Random, *, private: bool) -> Iterator[Place]:
    name = _name(dice)
    other, last = text[:start] + name + text[end:], start + len(name)
    for one in possible(other):
        if one[0] < last and start < one[1]:
            yield Place(other, *one, private and one == (start, last))


def _name(dice: random.Random) -> str:
    return dice.choice(_FIRST) + "".join(dice.choice(_SECOND) for _ in range(dice.choice(_LENGTHS) - 1))


def _nobody(replies: Sequence[str], publicity: Sequence[str], dice: random.Random) -> Iterator[Place]:
    for reply in replies:
        text = fold.plain(reply[:_LONGEST]).text
        own = is_ours(text)
        yield from (Place(text, *one, False) for one in possible(text) if own or dice.random() < _KEPT)
    for post in publicity:
        text = fold.plain(post).text
        yield from (Place(text, *one, False) for one in possible(text))
