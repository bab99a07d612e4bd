"""What a station signs and how it is checked: HMAC-SHA256 over the time and the body, good for a short while.

Pure; a request told twice within that while is told apart by what it says, not here.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC
from datetime import datetime
from datetime import timedelta

SHAPE = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)
SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)

MISSING = "signature_missing"
STALE = "signature_stale"
WRONG = "signature_wrong"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body told at `timestamp`, seconds since 1970."""
    told = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()


def fault(secret: str, timestamp: str, body: bytes, signature: str, now: datetime, window: timedelta) -> str:
    """What is wrong with a signature; "" where it is right. Takes as long for a wrong one as for a right one."""
    if not (timestamp and signature):
        return MISSING
    if not SECONDS.fullmatch(timestamp) or not SHAPE.fullmatch(signature):
        return WRONG
    right = hmac.compare_digest(sign(secret, timestamp, body), signature)
    if not right:
        return WRONG
    said = datetime.fromtimestamp(int(timestamp), UTC)
    return "" if abs(now - said) <= window else STALE
