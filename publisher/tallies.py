"""Figures of one sentence that contradict each other: parts above their whole, rates and differences that do not come out.

Pure; works on folded text. Must not know the record: figures that differ from it are publisher.locks' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from publisher.spans import miscounted
from publisher.spans import misfits

Contradiction = tuple[int, int, str, str]  #: start, end, reason, suggestion

FEWEST: Final = 2  # more parts than these make a breakdown
_CHECK: Final = "核对数字"
_SENTENCE: Final = re.compile(r"[^。;!?\n]+")
_NUMBER: Final = r"(?<![\d.])\d{1,7}(?:\.\d{1,3})?"
_UNIT: Final = r"(?:家次|件次|人次|平方公里|[件条个家起人户处辆台天座艘所项份])"
_BREAKDOWN: Final = re.compile(rf"(?P<whole>{_NUMBER})(?P<unit>{_UNIT}),(?P<parts>(?:其中|已)[^。;]*)")
#: A second count of the same whole, and measures of which one firm may see several.
_STATE: Final = re.compile(r"^[,、]?(?:已|未|办|正在|尚)")
_MEASURE: Final = re.compile(r"立案|罚|停产|整改|查封|移送|责令|拆除|关停|取缔|问题|约谈")
_PART: Final = r"(?:^|[,、])(?:其中)?[:]?[\u4e00-\u9fffA-Z]{{1,6}}(?P<n>\d{{1,7}}){unit}(?=[,、和]|$)"
_RATE: Final = re.compile(
    rf"(?<![不未])(?P<verb>超标|不合格|合格|达标|属实|满意|检出|联网|接通|回访|整改|办结|查实|回复|完成|处理|销号)[了成]?(?P<done>\d{{1,7}})(?P<unit>{_UNIT}),(?P=verb)率(?:为|达到?)?"
    r"(?P<rate>\d{1,3}(?:\.(?P<places>\d{1,2}))?)%"
)
_SHARE: Final = re.compile(
    rf"(?P<done>\d{{1,7}})(?P<unit>{_UNIT}),(?:已)?(?:完成|占)[^,。;\d]{{0,8}}(?P<whole>\d{{1,7}})(?P=unit)的"
    r"(?P<rate>\d{1,3}(?:\.(?P<places>\d{1,2}))?)%"
)
_CHANGE: Final = re.compile(
    rf"(?:由|从)[^,。;\d]{{0,8}}(?P<before>{_NUMBER})(?P<unit>{_UNIT})?(?:增加|上升|提高|减少|下降|降低|降)(?:到|至)"
    rf"(?P<after>{_NUMBER})(?P<u>{_UNIT}),(?:净|共|累计)?(?:增加|上升|提高|减少|下降|降低)(?:了)?(?P<by>{_NUMBER})(?P=u)"
)
_COMPARED: Final = re.compile(
    rf"(?P<now>{_NUMBER})(?P<unit>{_UNIT}),(?:而)?(?:去年|上年)同期为?(?P<before>{_NUMBER})(?P=unit),"
    rf"同比(?P<way>增加|减少|上升|下降)(?:了)?(?P<by>{_NUMBER})(?P=unit)"
)
_LIMIT: Final = re.compile(
    rf"(?P<value>{_NUMBER})(?P<unit>分贝|毫克/升|mg/L|微克/立方米|毫克/立方米|mg/m3),?(?P<way>低于|小于|未超过|不超过|高于|超过|超出)"
    rf"[^,。;]{{0,14}}?(?P<limit>{_NUMBER})(?P=unit)的?(?:标准|排放|规定)?(?:限值|标准)"
)
#: Twenty-four, of them 21 合格 and 4 不合格.
_OPPOSED: Final = re.compile(
    rf"(?P<whole>{_NUMBER})(?P<unit>{_UNIT})[^。;\d]{{0,8}}[,:](?:其中)?(?:[^。;,\d]{{2,10}}(?=正常|符合))?(?P<w>正常|符合|合格|达标|办结|属实|满意|完成|通过|整改|销号|安装)(?:要求|标准)?(?:的|有)?(?P<a>\d{{1,7}})(?:{_UNIT})?[,、]"
    rf"(?:不|未|尚未|没有)(?P=w)(?:要求|标准)?(?:的|有)?(?P<b>\d{{1,7}})"
)
_COMPARED_RATE: Final = re.compile(
    rf"(?P<now>{_NUMBER})(?:{_UNIT}|微克/立方米|毫克/升|分贝|吨)?,?(?:较去年同期|同比)(?P<way>增加|上升|增长|提高|减少|下降|降低|改善)(?:了)?(?P<by>\d{{1,3}}(?:\.\d{{1,2}})?)%"
    rf"[,(](?:而)?(?:去年|上年)同期(?:[^。;,\d]{{0,6}})?(?P<before>{_NUMBER})"
)
#: 84 taken in, 86 of them settled.
_MORE: Final = re.compile(
    rf"(?:受理|收到|接到|检查|发现|排查|交办|抽查|采样|监测|走访)[^。;,\d]{{0,8}}(?P<whole>{_NUMBER})(?P<unit>{_UNIT})[^。;,\d]{{0,6}},(?:其中)?已?(?:经)?"
    rf"(?:办结|完成|整改(?:完成|到位)?|合格|达标|回复|属实|满意|销号)(?:了|的)?(?P<part>{_NUMBER})(?P=unit)"
)
ROUNDED: Final = 1.0  #: per cent that two rounded numbers may be apart
#: From 31 down to 28, a rise of 9.7 %.
_CHANGED_RATE: Final = re.compile(
    rf"(?:由|从)[^,。;\d]{{0,8}}(?P<before>{_NUMBER})[^,。;\d]{{0,8}}(?:升|降|增加|减少|提高|下降|上升)(?:到|至|为)(?P<now>{_NUMBER})[^,。;\d]{{0,8}},"
    r"(?:同比|环比)?(?P<way>增加|上升|增长|提高|减少|下降|降低|改善)(?:了)?(?P<by>\d{1,3}(?:\.\d{1,2})?)%"
)
_PERMITTED: Final = re.compile(
    rf"(?P<value>{_NUMBER}) ?(?P<unit>万吨|吨|万平方米|台|头|只|万元)[^。;\d]{{0,14}}"
    rf"(?:批复|许可|核定|核准|审批|备案)[^。;\d]{{0,10}}?(?P<limit>{_NUMBER}) ?(?P=unit),?[^。;\d,]{{0,8}}?"
    r"(?P<way>未超|没有超|不超|低于|小于|高于|超过|超出|超批复)"
)
_SPAN: Final = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?:起)?(?:至|到|-|~)(?P=m)月(?P<e>\d{1,2})日")


def contradictions(text: str) -> Iterator[Contradiction]:
    """Every figure of a folded text that another of the same sentence refutes."""
    for sentence in _SENTENCE.finditer(text):
        for start, end, reason in _within(sentence[0]):
            yield sentence.start() + start, sentence.start() + end, reason, _CHECK
    for start, end, reason in miscounted(text):
        yield start, end, reason, _CHECK


def _within(said: str) -> Iterator[tuple[int, int, str]]:
    yield from _breakdowns(said)
    yield from _rates(said)
    yield from _differences(said)
    yield from _limits(said)
    for match in _SPAN.finditer(said):
        if int(match["e"]) < int(match["d"]):
            yield *match.span(), "止日在起日之前"
    for match in _OPPOSED.finditer(said):
        if int(match["a"]) + int(match["b"]) != float(match["whole"]):
            yield *match.span(), "两项之和与总数对不上"
    for match in _MORE.finditer(said):
        if float(match["part"]) > float(match["whole"]):
            yield *match.span(), "部分大于总数"
    yield from misfits(said)


def _differences(said: str) -> Iterator[tuple[int, int, str]]:
    for match in _CHANGE.finditer(said):
        if not _same(abs(float(match["after"]) - float(match["before"])), float(match["by"])):
            yield *match.span(), "增减的数与前后两个数对不上"
    for match in _COMPARED.finditer(said):
        more = float(match["now"]) - float(match["before"])
        told = float(match["by"]) * (1 if match["way"] in {"增加", "上升"} else -1)
        if not _same(more, told):
            yield *match.span(), "同比增减与两年的数对不上"
    for match in (*_COMPARED_RATE.finditer(said), *_CHANGED_RATE.finditer(said)):
        if not _rate_fits(match):
            yield *match.span(), "同比与两年的数对不上"


def _limits(said: str) -> Iterator[tuple[int, int, str]]:
    for match in (*_LIMIT.finditer(said), *_PERMITTED.finditer(said)):
        over = float(match["value"]) > float(match["limit"])
        if over != match["way"].startswith(("高于", "超")):
            yield *match.span(), "与限值或许可比大小比反了"


def _rate_fits(match: re.Match[str]) -> bool:
    now, before = float(match["now"]), float(match["before"])
    sign = 1 if match["way"] in {"增加", "上升", "增长", "提高"} else -1
    return before > 0 and abs(100 * (now - before) / before - sign * float(match["by"])) <= ROUNDED


def _breakdowns(said: str) -> Iterator[tuple[int, int, str]]:
    """Parts in the unit of their whole that together are more; fewer may be an excerpt."""
    for match in _BREAKDOWN.finditer(said):
        found = list(re.finditer(_PART.format(unit=match["unit"]), match["parts"]))
        row: list[re.Match[str]] = []
        for part in found:
            if row and (part.start() != row[-1].end() or _changes(row[0][0], part[0])):
                break
            row.append(part)
        total = sum(int(part["n"]) for part in row)
        overlapping = any(_MEASURE.search(part[0]) for part in row)
        if len(row) > FEWEST and row[0].start() == 0 and not overlapping and total > float(match["whole"]):
            yield match.start(), match.start("parts") + row[-1].end(), "各项之和大于总数"


def _changes(first: str, this: str) -> bool:
    return bool(_STATE.search(this)) and not _STATE.search(first)


def _rates(said: str) -> Iterator[tuple[int, int, str]]:
    for match in _RATE.finditer(said):
        before = re.findall(rf"(\d{{1,7}}){match['unit']}", said[: match.start()])
        wholes = [int(one) for one in before if int(one) >= int(match["done"])]
        if wholes and not any(_comes_out(match, whole) for whole in wholes):
            yield *match.span(), "比率与前面的数对不上"
    for match in _SHARE.finditer(said):
        if not _comes_out(match, int(match["whole"])):
            yield *match.span(), "比率与前面的数对不上"


def _comes_out(match: re.Match[str], whole: int) -> bool:
    """Whether a rate is that of the two numbers, rounded or cut off at the places it has."""
    step = 10 ** -len(match["places"] or "")
    return whole > 0 and abs(100 * int(match["done"]) / whole - float(match["rate"])) < step


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6
