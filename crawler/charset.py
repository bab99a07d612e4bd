"""Turn the bytes of a page into text although headers, meta tags and reality may disagree.

Knows bytes and claims only; what the text means is somebody else's business.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from resiliparse.parse.encoding import detect_encoding

META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.I)
XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_-]{2,20})""", re.I)
HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.I)
HEAD = 4096  # bytes searched for a claim; Discuz puts its meta tag in the first 200
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "hz": "hz"}
# A detector that says windows-1252 proves nothing: every byte string is valid there.
TRUSTED = frozenset({"gb18030", "gbk", "gb2312", "big5", "utf-16le", "utf-16be", "euc-tw", "hz"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and whether bytes had to be replaced."""

    text: str
    encoding: str
    damaged: bool = False


def decode(body: bytes, content_type: str = "", configured: str = "") -> Decoded:
    """Decode by evidence before claims.

    A byte order mark decides; then valid UTF-8 (a page of GBK is never valid UTF-8 by chance, whatever it claims);
    then what is configured for the source, the detector, the meta tag and the header, the first that fits
    without an error. Nothing fits: the one with the fewest replaced characters, marked damaged.
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            return Decoded(body.decode(name, "replace"), name)
    candidates = ["utf-8", *known(configured), *evidence(body, content_type)]
    for name in candidates:
        if (text := strictly(body, name)) is not None:
            return Decoded(text, name)
    return least_damaged(body, [*candidates, "gb18030"])


def evidence(body: bytes, content_type: str) -> list[str]:
    """What detector, meta tag, XML declaration and header say, in that order."""
    detected = str(detect_encoding(body))
    names = known(detected) if detected.lower() in TRUSTED else []
    for pattern in (META, XML):
        if match := pattern.search(body[:HEAD]):
            names += known(match[1].decode("ascii"))
    if header := HEADER.search(content_type):
        names += known(header[1])
    return names


def known(name: str) -> list[str]:
    """The codec of that name, GB2312 and GBK widened to their superset; nothing for nonsense."""
    wide = CHINESE.get(name.lower().strip(), name.strip())
    try:
        return [codecs.lookup(wide).name] if wide else []
    except LookupError:
        return []


def strictly(body: bytes, name: str) -> str | None:
    """Decode without an error, or None; a character cut in two at the very end is forgiven."""
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(body, final=False)
    except (UnicodeError, LookupError):
        return None


def least_damaged(body: bytes, names: list[str]) -> Decoded:
    tries = [Decoded(body.decode(name, "replace"), name, damaged=True) for name in dict.fromkeys(names)]
    return min(tries, key=lambda found: found.text.count("\N{REPLACEMENT CHARACTER}"))
