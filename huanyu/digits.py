"""Numbers of people told by how many digits they have and how these are set apart, whatever sets them apart.

For text in which every numeral is a digit (`huanyu.fold.numeral`). A run is read as a whole: its groups, and what
stands between them, tell a telephone from a row of measured values. Must not know who reads the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from huanyu.personal import Hit
from huanyu.personal import checks
from huanyu.personal import is_identity
from huanyu.personal import luhn

#: Spoken on the telephone and radio: 幺 is 1 already.
_SPOKEN: Final = str.maketrans("洞拐勾", "079")
_DIGIT: Final = "[0-9洞拐勾]"
_SAID: Final = "空格?|横杠?|杠|后面(?:的?是)?|中间(?:是)?|再|接着?|然后(?:是)?|[年月日]"
_BETWEEN: Final = rf"(?:{_SAID}|[^0-9A-Za-z\u4e00-\u9fff。;!?%°#])"
_RUN: Final = re.compile(
    rf"(?<![0-9A-Za-z.]){_DIGIT}(?:{_BETWEEN}{{0,4}}{_DIGIT}){{10,20}}(?:{_BETWEEN}{{0,2}}[Xx])?(?![0-9A-Za-z%])"
)
_GROUP: Final = re.compile(rf"{_DIGIT}+[Xx]?|[Xx]")
_MASK: Final = re.compile(r"\*\s?\*|[×○●]{2}")
#: How the digits of a mobile number are grouped where nothing but spaces tells that they belong together.
_PHONE_GROUPS: Final = re.compile(
    "344|38|443|434|335|353|3422|3224|32222|74|56|65|47|3332|3233|326|341111|44111|1222222|222221|1{11}|11"
)
#: Also stands between values, in times and in dates.
_WEAK: Final = re.compile(r"[,、:/年月日]|(?<!\.)\.(?!\.)")
_DISTRICT: Final = 6  #: digits of an identity number before the date of birth
_CARD_GROUP: Final = 4  #: the fewest digits of a group of a card; rows of measured values have fewer
_FIRM: Final = re.compile("344|38|335|1{11}")
_PHONE_CUE: Final = re.compile(
    r"(?:电话|手机|联系|号码|致电|拨|打|机主|回|留|来电|短信|微信)[^。;0-9]{0,12}$"
)
_PAPER: Final = re.compile(
    r"(?:编号|文号|许可证|信用代码|单号|流水号?|批号|序列号|案号|备案|缴[款费]码?|票据|通知书|编码|条码|回执|识别码|收据|项目代码|合同|订单"
    r"|联单|(?:执法|许可|排污)证号?|(?:投诉|举报|受理|办理|登记)编?号)[^,。;]{0,6}$"
)
_CALL_AFTER: Final = re.compile(r"[^。;0-9]{0,3}(?:拨|打|联系|致电)")
_CARD_CUE: Final = re.compile(
    r"(?:卡|银行|[账帐][号户]|存折|[工农建中交邮招]行|信用社|打款?[到至给]|退[到至回]|汇[到至入]|转[到至入][了]?|尾款|收款|户名|走的是)[^。;]{0,14}$"
)
_CARD_AFTER: Final = re.compile(r"[^。;0-9]{0,4}(?:户名|这张卡|开户|卡|[账帐]户)")


def numbers(text: str) -> Iterator[Hit]:
    """Mobile, identity and card numbers, each by the digits of its run."""
    for match in _RUN.finditer(text):
        if _MASK.search(match[0]):
            continue
        groups = [found[0] for found in _GROUP.finditer(match[0])]
        digits = "".join(groups).translate(_SPOKEN).upper()
        kind = _kind(digits, match, groups)
        if kind:
            yield kind, *match.span()


def _kind(digits: str, match: re.Match[str], groups: list[str]) -> str:
    before, after = match.string[: match.start()][-20:], match.string[match.end() :][:12]
    if _PAPER.search(before):
        return ""
    gaps = [gap.strip() for gap in _GROUP.split(match[0])[1:-1]]
    sizes = tuple(map(len, groups))
    weak = any(_WEAK.search(gap) for gap in gaps)
    if is_identity(digits):
        return "" if weak and not _is_split_identity(digits, sizes) else "id_number"
    if not digits.isdigit():
        return ""
    if len(digits) == len("13800000000") and _is_phone(digits, gaps, sizes):
        return "phone" if not weak or _PHONE_CUE.search(before) or _CALL_AFTER.match(after) else ""
    told = bool(_CARD_CUE.search(before) or _CARD_AFTER.match(after))
    return "bank_card" if _is_card(digits, gaps, sizes, told and not weak) else ""


def _is_phone(digits: str, gaps: list[str], sizes: tuple[int, ...]) -> bool:
    if digits[0] != "1" or digits[1] in "012":
        return False
    grouped = "".join(map(str, sizes))
    if any(_WEAK.search(gap) for gap in gaps):
        return len(set(gaps)) == 1 and bool(_FIRM.fullmatch(grouped))
    return bool(_PHONE_GROUPS.fullmatch(grouped))


def _is_split_identity(digits: str, sizes: tuple[int, ...]) -> bool:
    """Whether groups with "、" between are those of an identity number, not of measured values in a row."""
    if sizes[0] == _DISTRICT or set(sizes) == {1}:
        return True
    return len(digits) == len("371502198306124418") and (max(sizes) >= _CARD_GROUP or checks(digits))


def _is_card(digits: str, gaps: list[str], sizes: tuple[int, ...], told: bool) -> bool:
    """Cards have 16 to 19 digits; those of UnionPay begin with 62, the rest are told by their check digit or a word.

    Values of two or three digits in a row (62、65、58、… of noise) have as many, so in such groups the check digit
    must be right and nothing but blanks may set them apart.
    """
    if not 16 <= len(digits) <= 19 or any(re.search("[年月日]", gap) for gap in gaps):
        return False
    if len(set(gaps)) > 1:
        return False
    if set(sizes) != {1} and min(sizes[:-1], default=_CARD_GROUP) < _CARD_GROUP:
        return luhn(digits) and not any(_WEAK.search(gap) for gap in gaps)
    return told or digits.startswith("62") or (digits[0] in "3456" and luhn(digits))
