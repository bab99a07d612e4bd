"""One-time codes by the clock (RFC 6238, over HMAC-SHA-1 as every authenticator app has it), and recovery codes.

Pure but for drawing secrets. Whether a code was taken before is the store's to say.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from base64 import b32decode
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote
from urllib.parse import urlencode

PERIOD = 30  # seconds a code lasts
DIGITS = 6
DRIFT = 1  # steps a telephone's clock may be ahead or behind
BYTES = 20  # of a secret: RFC 4226, 4, R6
RECOVERY = 10  # codes on the sheet
#: Without what is misread on paper: 0 and o, 1 and l and i.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 10  # of a recovery code: 49 bits


def new_secret() -> str:
    """A secret as an app takes it, in Base32."""
    return b32encode(secrets.token_bytes(BYTES)).decode()


def step_of(at: datetime) -> int:
    """The number of the period a moment is in."""
    return int(at.timestamp()) // PERIOD


def code_at(secret: str, step: int) -> str:
    """The code of one period (RFC 4226, 5.3)."""
    mac = hmac.new(b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    number = int(struct.unpack_from(">I", mac, at)[0]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching(secret: str, typed: str, at: datetime) -> int | None:
    """The step whose code was typed, the latest if several; None where it is none. Every step takes as long."""
    now = step_of(at)
    told = plain(typed).encode()
    found = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), told)
    ]
    return max(found, default=None)


def plain(typed: str) -> str:
    """What was typed, without the gaps that sheets and apps put between groups."""
    return "".join(typed.split()).replace("-", "").lower()


def address(secret: str, name: str, issuer: str) -> str:
    """What the QR code says (the otpauth scheme that apps share)."""
    told = urlencode(
        {"secret": secret, "issuer": issuer, "digits": DIGITS, "period": PERIOD}, quote_via=quote
    )
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{told}"


def grouped(secret: str) -> str:
    """A secret in groups of four, to be typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def new_recovery_codes() -> tuple[str, ...]:
    """A sheet of codes, each good for one log-in without the telephone."""
    return tuple("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(RECOVERY))


def shown(code: str) -> str:
    """A recovery code as it is printed: abcde-fghjk."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"
