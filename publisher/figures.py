"""Dates that no calendar has, weekdays that do not fit, numbers in the unit of something else.

Pure; works on folded text. Must not know the record: figures that differ from it are publisher.locks' business.
"""

from __future__ import annotations

import re
from calendar import month_name
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from publisher.laws import number

Wrong = tuple[int, int, str, str]  #: start, end, reason, suggestion

LEAP: Final = 2024  # a year in which every day of the calendar occurs
_DATE: Final = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?<![\d.])(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
    r"(?:[(,]?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])[)]?)?"
)
_DOTTED: Final = re.compile(r"(?<![\d.\-/])20\d\d[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?![\d.\-/])")
_WRITTEN: Final = re.compile(
    r"(?<![一二三四五六七八九十个第])(?P<month>十[一二]?|[一二三四五六七八九])月(?P<day>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
)
_CLOCK: Final = re.compile(
    r"(?<![\d.:])(?:(?P<hour>\d{1,2})[时点](?:(?P<minute>\d{1,2})分(?!贝|钟|米|之))?(?![\d间])"
    r"|(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:]))"
)
WAN: Final = 10_000
_CAPITAL_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = {"拾": 10, "佰": 100, "仟": 1000}
_CAPITALS: Final = re.compile(
    r"(?<![\d.])(?P<figure>\d[\d,]*(?:\.\d+)?)(?P<wan>万)?元?[(,]?"
    r"(?:大写|人民币|[:为 ]){0,4}(?P<capitals>[零壹贰叁肆伍陆柒捌玖拾佰仟万]{2,})[元圆](?:整|[,)。])"
)
_WEEKDAYS: Final = "一二三四五六日"
_NUMBER: Final = r"\d[\d.]*"
_UNITS: Final = tuple(
    (re.compile(pattern), reason, suggestion)
    for pattern, reason, suggestion in (
        (r"(?<!厂)(?<!炉)(?<!口)(?<!司)(?<!业)(?<!机组)"
         r"(?:PM ?2\.5|PM ?10|细颗粒物|(?<![囱筒口炉气])二氧化[硫氮]|臭氧)[^。;,]{0,12}?(?:均值|浓度)"
         rf"[^。;,]{{0,6}}?{_NUMBER} ?(?:毫克|mg)(?:/|每)?(?:立方米|m)",
         "环境空气浓度的单位是微克/立方米", "核对单位"),
        (rf"(?:PM ?2\.5|PM ?10|细颗粒物|二氧化硫|颗粒物|臭氧|烟尘|非甲烷总烃|油烟)"
         rf"[^。;,]{{0,16}}?{_NUMBER} ?(?:分贝|dB|毫克/升|mg/L|吨/立方米|%浓度)",
         "废气浓度不用这个单位", "核对单位"),
        (rf"(?:噪声|噪音|声级|昼间|夜间)[^。;,]{{0,12}}?{_NUMBER} ?(?:毫克|微克|mg|μg|ug|吨|立方米|千克|℃|度(?![假过])|ppm)",
         "噪声的单位是分贝", "分贝"),
        (rf"(?:化学需氧量|COD|氨氮|总磷|总氮|BOD)[^。;,]{{0,14}}?{_NUMBER} ?(?:分贝|dB|毫克/立方米|微克/立方米"
         rf"|mg/m3|mg/m³|吨/升)",
         "废水浓度的单位是毫克/升", "毫克/升"),
        (rf"(?:臭气浓度)[^。;,]{{0,10}}?{_NUMBER} ?(?:毫克|微克|mg|分贝|dB)", "臭气浓度是无量纲的", "删去单位"),
        (r"(?:优良率|优良天数(?:比例|比率|占比)|达标率|合格率|处理率|办结率|满意率|覆盖率|收集率|回访率"
         r"|(?<!完成)(?<!增长)(?<!负荷)(?<!增速)(?<!效)(?<!汇)(?<!倍)(?<!超标)(?<!回报)(?<!利用)率(?![^。;,]{0,3}[提增升加])|占比)"
         r"[^。;,]{0,6}?(?:1[0-9][1-9]|1[1-9]0|[2-9]\d\d|100(?=\.\d*[1-9]))(?:\.\d+)?%",
         "比例超过了百分之百", "核对数字"),
        (r"(?:pH|PH|ph)(?:值)?[^。;,\d]{0,4}(?:1[5-9]|[2-9]\d)(?:\.\d{1,2})?(?![\d.\-~])", "pH 值在 0 至 14 之间", "核对数字"),
        (r"(?:下降|减少|降低|削减)(?:了)?(?:1[0-9][1-9]|1[1-9]0|[2-9]\d\d)(?:\.\d+)?%", "不会下降超过百分之百", "核对数字"),
        (r"(?:下降|减少|降低|缩短)(?:了)?[\d一二三四五六七八九十两.]+倍", "减少不用倍数", "改为百分比"),
    )
)  # fmt: skip


def wrong(text: str) -> Iterator[Wrong]:
    """Every date and figure of a folded text that cannot be right."""
    for match in (*_DATE.finditer(text), *_DOTTED.finditer(text)):
        if not 1 <= int(match["month"]) <= 12 or not 1 <= int(match["day"]) <= _days(match):
            yield *match.span(), "没有这一天", "核对日期"
        elif match.re is _DATE and match["year"] and match["weekday"] and not _fits(match):
            yield *match.span(), "日期与星期对不上", "核对日期"
    for match in _WRITTEN.finditer(text):
        month, day = number(match["month"]), number(match["day"])
        if not 1 <= month <= len(month_name) - 1 or not 1 <= day <= monthrange(LEAP, month)[1]:
            yield *match.span(), "没有这一天", "核对日期"
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["hour"] or match["h"]), int(match["minute"] or match["m"] or 0)
        if _is_clock(text, match) and (hour > 24 or minute > 59):
            yield *match.span(), "没有这个时刻", "核对时间"
    yield from _sums(text)
    for pattern, reason, suggestion in _UNITS:
        for match in pattern.finditer(text):
            yield *match.span(), reason, suggestion


def _sums(text: str) -> Iterator[Wrong]:
    """An amount of money and the same in capitals that are not the same: 2万元(贰拾万元整)."""
    for match in _CAPITALS.finditer(text):
        told = Decimal(match["figure"].replace(",", "")) * (WAN if match["wan"] else 1)
        if told != capitals(match["capitals"]):
            yield *match.span(), "大小写的金额不一致", "核对金额"


def capitals(written: str) -> int:
    """An amount in capitals, in yuan: 贰拾万 → 200000, 壹仟伍佰 → 1500."""
    total = section = digit = 0
    for char in written:
        if char == "万":
            total, section, digit = (total + section + digit) * WAN, 0, 0
        elif char in _PLACES:
            section, digit = section + (digit or 1) * _PLACES[char], 0
        else:
            digit = _CAPITAL_DIGITS.index(char)
    return total + section + digit


def _days(match: re.Match[str]) -> int:
    year = match.groupdict().get("year")
    return monthrange(int(year) if year else LEAP, int(match["month"]))[1]


def _fits(match: re.Match[str]) -> bool:
    day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    return _WEEKDAYS[day.weekday()] == match["weekday"].replace("天", "日")


def _is_clock(text: str, match: re.Match[str]) -> bool:
    """第25点 and 1:100 are no times of day."""
    before = text[max(0, match.start() - 2) : match.start()]
    return bool(re.search(r"[日号午晚间晨,至到\-~于]$", before)) and not before.endswith("第")
