"""Numbers as reports write them: 29, 20余, 近200, 十余; the value for sums and the word for what is only about.

Pure. 约数 stay 约数: a sum with one in it is one, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from huanyu.errors import BadInput
from huanyu.text import normalise

LARGEST: Final = 10**9
_WRITTEN: Final = re.compile(r"(近|约|超|逾)?(\d{1,10}|[一二三四五六七八九十百]{1,5})(余|多)?")
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and how it is only about it."""

    value: int
    before: str = ""  #: 近, 约, 超, 逾
    after: str = ""  #: 余, 多

    @property
    def is_about(self) -> bool:
        return bool(self.before or self.after)

    def told(self, unit: str = "") -> str:
        """As it is printed: 近200家."""
        return f"{self.before}{self.value}{self.after}{unit}"


def read(written: str) -> Amount:
    """The number of "20余" or "1,739"; raises BadInput where it is none."""
    plain = normalise(written).replace(",", "").replace("，", "").strip()
    found = _WRITTEN.fullmatch(plain)
    if found is None or (found[1] and found[3]):
        raise BadInput(f"“{written.strip()}”不是数字，应写成 29、20余 或 近200")
    value = int(found[2]) if found[2].isdecimal() else _chinese(found[2])
    if value is None or value > LARGEST:
        raise BadInput(f"“{written.strip()}”不是数字，应写成 29、20余 或 近200")
    return Amount(value, found[1] or "", found[3] or "")


def total(amounts: Iterable[Amount]) -> Amount:
    """Their sum: about as its parts are about, where these differ 约."""
    found = list(amounts)
    value = sum(one.value for one in found)
    kinds = {(one.before, one.after) for one in found if one.is_about}
    if not kinds:
        return Amount(value)
    if len(kinds) == 1:
        return Amount(value, *kinds.pop())
    return Amount(value, "约")


def _chinese(written: str) -> int | None:
    """Up to 九百九十九; None for what is no number."""
    head, hundred, rest = written.rpartition("百")
    if hundred and head not in _DIGITS:
        return None
    tens, ten, ones = rest.rpartition("十")
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    if hundred and ones and not ten:  # 一百五 is 150 to some and 105 to others
        return None
    value = _DIGITS[head] * 100 if hundred else 0
    if ten:
        value += (_DIGITS[tens] if tens else 1) * 10
    return value + (_DIGITS[ones] if ones else 0)
