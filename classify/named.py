"""What texts name besides places: enterprises, times, sorts of contact data, hashtags, accounts.

Reads a whole batch in one go; keeps no contact data, only which sorts of it stand there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import accumulate
from itertools import chain
from typing import Final

from ahocorasick_rs import AhoCorasick
from ahocorasick_rs import MatchKind

from classify import enterprises
from classify import times
from classify.place_names import BREAK
from huanyu import fold
from huanyu import personal
from huanyu import redact
from huanyu.types import Named

Places = dict[str, list[tuple[int, int]]]  #: where the words of each sort stand
Told = dict[int, dict[str, None]]  #: what each text, by its number, names: in order, each once

MOST: Final = 8  #: of one sort, of one text
NOTHING: Final = Named()

_HANDLE: Final = (
    "微信 薇信 威信 徽信 V信 v信 WeChat Wechat wechat weixin wxid 绿泡泡 扣扣 企鹅"
    " 加V 加v +V +v QQ qq Qq Q群 vx VX Vx wx WX"
)
_HOME: Final = "号楼 号院 单元 栋 幢 家住 家在 我家 住在 住址 住于 居住 住所 家庭地址 户籍地 现住"
_SORT: Final = (
    dict.fromkeys(times.WORDS, "time")
    | dict.fromkeys(times.CLOCKS, "clock")
    | dict.fromkeys(enterprises.ENDINGS, "ending")
    | dict.fromkeys(_HANDLE.split(), "handle")
    | dict.fromkeys(_HOME.split(), "home")
    | dict.fromkeys(("@", "[at]", "(at)", "艾特"), "at")
)
_SORTS: Final = tuple(_SORT.values())
_WORDS: Final = AhoCorasick(tuple(_SORT), matchkind=MatchKind.LeftmostLongest)

_HASHTAG = re.compile(f"#([^#@\n{BREAK}]{{1,40}})#")
_OPEN_HASHTAG = re.compile(rf"#([\w·]{{2,30}})(?=[\s{BREAK}]|$)")
_ACCOUNT = re.compile(r"@([\w\-·]{2,30})(?![\w.])")
_MAIL = re.compile(r"\s?[A-Za-z0-9]")  #: after the @ of a mail address
_DIGIT = "[0-9０-９〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_NUMBER = re.compile(rf"{_DIGIT}(?:[^0-9A-Za-z\u4e00-\u9fff{BREAK}]{{0,3}}{_DIGIT}){{6}}")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领] ?[A-Za-z][ ·•・.\\-]{0,2}[A-Za-z0-9]{4}"
)
_DOOR = re.compile(
    "[0-9]-[0-9]{1,2}-[0-9]{3}|[村庄屯巷弄里同](?:第|[0-9一二三四五六七八九十]{1,4}[组队排])?[0-9]{1,4}号"
)
_SOON = re.compile(f"[^。！？!?\n{BREAK}]{{0,30}}?(?:{_DIGIT}|[A-Za-z])")


def read(text: str, known: Sequence[tuple[str, str]] = ()) -> Named:
    """Everything a text names; `known` are enterprises of the table found in it: as written, and their names."""
    return read_all([text], [known])[0]


def read_all(texts: Sequence[str], known: Sequence[Sequence[tuple[str, str]]]) -> list[Named]:
    """`read` of each text, with one pass over all of them."""
    joined = BREAK.join(text.replace(BREAK, " ") for text in texts)
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    words = _words(joined)
    when = times.times(joined, (start for start, _ in words["time"]), (start for start, _ in words["clock"]))
    firms = _of_each(enterprises.written(joined, words["ending"]), starts)
    contacts = _contacts(texts, joined, words, starts)
    told = (
        _of_each(when, starts),
        _of_each(_hashtags(joined), starts),
        _of_each(_accounts(joined, words), starts),
    )
    some = {*firms, *contacts, *chain.from_iterable(told)}
    return [
        Named(
            enterprises=_enterprises(dict(known[number]), firms.get(number, ())),
            times=tuple(told[0].get(number, ()))[:MOST],
            contacts=contacts.get(number, ()),
            hashtags=tuple(told[1].get(number, ()))[:MOST],
            mentions=tuple(told[2].get(number, ()))[:MOST],
        )
        if number in some or known[number]
        else NOTHING
        for number in range(len(texts))
    ]


def _words(joined: str) -> Places:
    found: Places = {sort: [] for sort in _SORTS}
    for index, start, end in _WORDS.find_matches_as_indexes(joined):
        found[_SORTS[index]].append((start, end))
    return found


def _of_each(found: Iterable[tuple[int, str]], starts: Sequence[int]) -> Told:
    told: Told = {}
    for at, words in found:
        told.setdefault(bisect_right(starts, at) - 1, {})[words] = None
    return told


def _enterprises(known: dict[str, str], written: Collection[str]) -> tuple[str, ...]:
    if not (known or written):
        return ()
    others = [name for name in written if not any(words in name or name in words for words in known)]
    return tuple(dict.fromkeys([*known.values(), *others]))[:MOST]


def _hashtags(joined: str) -> Iterable[tuple[int, str]]:
    if "#" not in joined:
        return []
    closed = [(found.start(), found[1].strip()) for found in _HASHTAG.finditer(joined)]
    rest = _HASHTAG.sub(lambda found: " " * len(found[0]), joined)
    loose = [(found.start(), found[1]) for found in _OPEN_HASHTAG.finditer(rest)]
    return [(at, tag) for at, tag in closed + loose if tag]


def _accounts(joined: str, words: Places) -> Iterable[tuple[int, str]]:
    for at, _ in words["at"]:
        found = _ACCOUNT.match(joined, at)
        if found and not _is_latin(joined[at - 1 : at]):
            yield at, found[1]


def _is_latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "._%+-") and char != ""


def _contacts(
    texts: Sequence[str], joined: str, words: Places, starts: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """The sorts of contact data; the recognisers are thorough and slow, so only texts with a sign are shown to them."""

    def showing(*shapes: re.Pattern[str]) -> set[int]:
        return {bisect_right(starts, found.start()) - 1 for one in shapes for found in one.finditer(joined)}

    def cued(sort: str, by: re.Pattern[str] = _SOON) -> set[int]:
        return {bisect_right(starts, start) - 1 for start, end in words[sort] if by.match(joined, end)}

    kinds: dict[int, set[str]] = {}
    for number in showing(_NUMBER):
        for form in (texts[number], texts[number].translate(fold.NUMERALS)):
            hits = chain(personal.runs(form), personal.phones(form), personal.landlines(form))
            kinds.setdefault(number, set()).update(kind for kind, _, _ in hits)
    for number in cued("handle") | cued("at", _MAIL) | showing(_PLATE):
        hits = chain(personal.marks(texts[number]), personal.plates(texts[number]))
        kinds.setdefault(number, set()).update(kind for kind, _, _ in hits)
    for number in cued("home") | showing(_DOOR):
        kinds.setdefault(number, set()).update(kind for kind, _, _ in personal.homes(texts[number]))
    return {
        number: tuple(kind for kind in redact.KINDS if kind in found)
        for number, found in kinds.items()
        if found
    }
