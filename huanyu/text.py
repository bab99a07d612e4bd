"""Chinese text made comparable: what is stored, and what is matched.

`normalise` keeps what a person reads (full-width punctuation, 〔〕, ①, ㎡, emoji); `fold` is for comparison only.
"""

from __future__ import annotations

import re
import unicodedata

import opencc

# NFKC would turn these into half-width or into bare digits and letters: 〔2018〕, （市、区）, ①, ㎡, ℃, …
_KEPT = (
    "\u00a0\u00b2\u00b3\u00b5\u2018-\u201f\u2024-\u2026\u2030\u2032\u2033\u2103\u2109\u2116\u2160-\u217f"
    "\u2460-\u24ff\u3000-\u303f\u3200-\u33ff\uff01-\uff02\uff08-\uff0c\uff1a-\uff1b\uff1f\uff3b-\uff3d\uff5b-\uff65"
)
_FOREIGN = re.compile(f"[^\\x00-\\x7f{_KEPT}]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
# ZWJ and variation selectors build emoji; anywhere else they only hide words from a search.
_STRAY_JOINER = re.compile("(?<![\U0001f000-\U0001faff\u2190-\u2bff\ufe0f\u200d#*0-9])[\u200d\ufe00-\ufe0f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_NEWLINES = re.compile(r" ?(?:\r\n|\r|\n|\u2028|\u2029) ?")
_EMPTY_LINES = re.compile(r"\n{3,}")
_PUNCTUATION = str.maketrans("，。！？；：（）【】〔〕［］“”‘’～、", ",.!?;:()[][][]\"\"''~,")
_SIMPLIFIER = opencc.OpenCC("t2s")
_HAN = "\u3400-\u9fff\uff08\uff09《》〔〕【】“”、。"  # what a Chinese sentence is made of
_MARKS = {",": "，", ";": "；", ":": "："}
_AFTER_HAN = re.compile(f"(?<=[{_HAN}])([,;:])(?: |$|(?=[{_HAN}\\w]))")
_BEFORE_HAN = re.compile(f"([,;:]) (?=[{_HAN}])")
_PAIR = re.compile(rf" ?\(([^()]*)\)(?: (?=[{_HAN}]))?")
_SOME_HAN = re.compile(f"[{_HAN}]")
_AROUND_QUOTES = re.compile(f"(?<=[{_HAN}]) (?=“)|(?<=”) (?=[{_HAN}])")


def normalise(text: str) -> str:
    """Bring a text into the form we store; doing it twice changes nothing.

    Full-width letters and digits become ASCII, invisible and control characters go, blanks shrink to one;
    Chinese punctuation, 〔〕 and enclosed numbers stay as written.
    """
    text = _CONTROL.sub("", text.replace("\x85", "\n"))
    text = _FOREIGN.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    text = _NEWLINES.sub("\n", _BLANKS.sub(" ", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()


def simplify(text: str) -> str:
    """Traditional characters to simplified, for matching only: names are never rewritten."""
    return str(_SIMPLIFIER.convert(text))


def prose(sentence: str) -> str:
    """A sentence the program wrote, with the punctuation a Chinese reader expects; never for what somebody else wrote."""
    sentence = _PAIR.sub(_bracketed, sentence)
    sentence = _AFTER_HAN.sub(lambda found: _MARKS[found[1]], sentence)
    sentence = _BEFORE_HAN.sub(lambda found: _MARKS[found[1]], sentence)
    return _AROUND_QUOTES.sub("", sentence)


def _bracketed(found: re.Match[str]) -> str:
    """A pair of brackets with Chinese in it or before it."""
    before = found.string[: found.start()][-1:]
    return f"（{found[1]}）" if _SOME_HAN.search(before + found[1]) else found[0]


#: Also as older records have them (北纬、东经 36.45，115.98), and starred out by a mask.
_COORDINATES = re.compile(r"[（(]?(?:北纬(?:、东经)?|东经)[:：为 ]{0,2}-?[\d.*]+.*$", re.S)
_PINNED = re.compile(r"[（(]?北纬-?\d{1,2}(?:\.\d{1,15})?，东经-?\d{1,3}(?:\.\d{1,15})?[）)]?$")


def without_position(place: str) -> str:
    """What a place is called, without the coordinates a telephone told with it: they may be somebody's home."""
    return _COORDINATES.sub("", place).strip()


def position_in(place: str) -> str:
    """The coordinates at the end of a place, exactly as a telephone told them; "" where there are none."""
    found = _PINNED.search(place)
    return found[0] if found else ""


def fold(text: str) -> str:
    """The form two texts are compared in: simplified, half-width, lower case, without blanks.

    〔2017〕, [2017] and ［2017］ are one; 台帐 and 台账 are one.
    """
    return fold_simple(simplify(normalise(text)))


def fold_simple(text: str) -> str:
    """`fold` of a text that is normalised and simplified already."""
    text = unicodedata.normalize("NFKC", text.translate(_PUNCTUATION))
    return re.sub(r"\s+", "", text).casefold().replace("台帐", "台账")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters on one line, with … where something was cut."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip("，、；： ") + "…"
