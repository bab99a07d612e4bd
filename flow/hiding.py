"""What of a told text nobody need see: taken out before it is kept, while the words as told are sealed beside it.

Pure; what is hidden from units and the public later on is `huanyu.redact`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from huanyu.redact import Span
from huanyu.redact import spans

SHORTEST: Final = 5  # characters of an address
SHORTEST_PHONE: Final = 7
MOST_NAMES: Final = 30
NAMES: Final = re.compile(r"[、，,;；\s]+")
#: Found in any text, yet where something is, or by what it was done: without them nobody can look into it.
TELLING: Final = frozenset({"plate", "house_number"})
_DAY: Final = r"(?:(?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}日?\s*|昨天\s*|星期.\s*)?"
_CLOCK: Final = rf"{_DAY}(?:上午|下午|晚上|凌晨|中午)?\s*\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?"
#: Above a message, as chats are copied: 柳树下 上午 10:23
_ABOVE: Final = re.compile(rf"^\s*(?P<name>\S.{{0,19}}?)\s*[(（]?{_CLOCK}[)）]?\s*$", re.M)
#: Before a message: 柳树下：又冒烟了; 柳树下 13900000000：又冒烟了; 柳树下（8栋）：又冒烟了
_BEFORE: Final = re.compile(
    r"^\s*(?P<name>[^\s:：，。！？、(（]{2,16})\s*(?:[+\d][\d\- ]{6,15}\s*|[(（][^()（）\n]{1,12}[)）]\s*)?[:：]\s*\S",
    re.M,
)
_CALLED: Final = re.compile(r"@(?P<name>[^\s@:：，。！？、]{2,20})")
#: As somebody says of himself in a letter: 网名水城夜行, or calls another: @水城夜行; no mail address.
_HANDLE: Final = re.compile(
    r"(?:(?:网名|昵称|微信名|微信号|抖音号|QQ名)(?:是|叫|为|[:：])?\s*|(?<![\w.])@)(?P<name>[^\s@:：，。；！？、（）()“”]{2,16})"
)
#: What stands before a colon and is nobody.
_NOBODY: Final = re.compile(
    r"时间|地点|地址|内容|问题|诉求|反映|举报|情况|电话|说明|备注|来源|注意|通知|编号|位置|结果|原因|现象|http|[0-9]$"
)


def hidden(text: str, names: str, reporter: Mapping[str, str], whole: bool = False) -> list[Span]:
    """Where the text names who reported, says their telephone or address, or names whom the person marked.

    `names` are apart by 、 or blanks. `whole`: other people's telephones, numbers and names, too.
    """
    told = [name for name in NAMES.split(names) if name]
    own = [reporter.get(key, "") for key in ("name", "handle")]
    found = spans(text, [name for name in (*told, *own) if name])
    return [span for span in found if _is_hidden(text, span, reporter, whole)]


def without(text: str, found: list[Span]) -> str:
    """The text with ** in the place of each span."""
    for span in reversed(found):
        text = f"{text[: span.start]}**{text[span.end :]}"
    return text


def nicknames(text: str) -> tuple[str, ...]:
    """Who seems to speak, or is called, in the copied words of a chat; each once, in the order they come."""
    hits = [hit for pattern in (_ABOVE, _BEFORE, _CALLED) for hit in pattern.finditer(text)]
    found = (NAMES.sub("", hit["name"]) for hit in sorted(hits, key=lambda hit: hit.start("name")))
    named = (name for name in found if len(name) > 1 and not _NOBODY.search(name))
    return tuple(dict.fromkeys(named))[:MOST_NAMES]


def handles(text: str) -> tuple[str, ...]:
    """Handles a letter tells of, each once."""
    return tuple(dict.fromkeys(hit["name"] for hit in _HANDLE.finditer(text)))[:MOST_NAMES]


def _is_hidden(text: str, span: Span, reporter: Mapping[str, str], whole: bool) -> bool:
    if span.kind == "reporter_name" or (whole and span.kind not in TELLING):
        return True
    return _reaches(text[span.start : span.end], reporter)


def _reaches(said: str, reporter: Mapping[str, str]) -> bool:
    """Whether a piece of the text is the telephone or the address that was given."""
    phone, address = _digits(reporter.get("phone", "")), reporter.get("address", "").strip()
    is_phone = len(phone) >= SHORTEST_PHONE and phone in _digits(said)
    return is_phone or (bool(address) and len(said) >= SHORTEST and (said in address or address in said))


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())
