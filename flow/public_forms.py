"""Forms that strangers fill in without a session: signed with their moment, so that no form is made up or kept for ever.

Pure; the key is handed in. A form sent twice is one report, and its code is the same again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from typing import Final

_SHAPE: Final = re.compile(r"(?P<nonce>[0-9a-f]{32})\.(?P<at>[0-9]{1,12})\.(?P<sign>[0-9a-f]{64})")
NONCE: Final = 32  # hexadecimal digits
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
GROUPS, GROUP = 3, 4  # 59 bits


class Form(StrEnum):
    """How a form that came back stands."""

    GOOD = "good"
    EARLY = "early"  #: nobody writes so fast
    LATE = "late"
    FORGED = "forged"


def issue(key: str, nonce: str, now: datetime) -> str:
    """The hidden field of a new form; `nonce` is 32 random hexadecimal digits."""
    said = f"{nonce}.{int(now.timestamp())}"
    return f"{said}.{_mac(key, 'form', said)}"


def look(key: str, token: str, now: datetime, least: timedelta, most: timedelta) -> Form:
    """Whether we made this form, and when."""
    found = _SHAPE.fullmatch(token)
    if found is None:
        return Form.FORGED
    said = f"{found['nonce']}.{found['at']}"
    if not hmac.compare_digest(found["sign"], _mac(key, "form", said)):
        return Form.FORGED
    age = now.timestamp() - int(found["at"])
    if age < least.total_seconds():
        return Form.EARLY
    return Form.LATE if age > most.total_seconds() else Form.GOOD


def mark_of(key: str, token: str) -> str:
    """Since when a form is open, to stand in an address, which is logged: no form can be made of it, nor its code."""
    nonce, at, _ = token.split(".")
    said = f"{_mac(key, 'mark', nonce)[:NONCE]}.{at}"
    return f"{said}.{_mac(key, 'wait', said)}"


def age(key: str, mark: str, now: datetime) -> timedelta | None:
    """How long the form of this mark is open; None where it is no mark of ours."""
    found = _SHAPE.fullmatch(mark)
    if found is None or not hmac.compare_digest(
        found["sign"], _mac(key, "wait", f"{found['nonce']}.{found['at']}")
    ):
        return None
    return timedelta(seconds=now.timestamp() - int(found["at"]))


def nonce_of(token: str) -> str:
    """What tells one form from another."""
    return token.partition(".")[0]


def code_of(key: str, nonce: str) -> str:
    """The 校验码 of the report that comes of a form: K7MP-3QTX-9DWB. Nobody without the key can tell it."""
    number = int(_mac(key, "code", nonce), 16)
    letters = []
    for _ in range(GROUPS * GROUP):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def tidy_code(typed: str) -> str:
    """A code as somebody typed it, as it was printed: small letters and blanks do no harm."""
    letters = "".join(one for one in typed.upper() if one in LETTERS)[: GROUPS * GROUP + 1]
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def tidy_talk_code(typed: str) -> str:
    """The 查询码 that a chat platform was answered with, as it was sent: eight letters and digits."""
    return "".join(one for one in typed.upper() if one.isascii() and one.isalnum())[:40]


def tidy_number(typed: str) -> str:
    """A number as somebody typed it."""
    return "".join(one for one in typed.upper() if one.isascii() and (one.isalnum() or one == "-"))[:20]


def _mac(key: str, purpose: str, said: str) -> str:
    told = f"huanyu public {purpose}\n{said}".encode()
    return hmac.new(key.encode(), told, hashlib.sha256).hexdigest()
