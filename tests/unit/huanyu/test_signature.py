"""What a station signs: one right answer, and every other is refused in the same way."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanyu import signature

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
AT = str(int(NOW.timestamp()))
WINDOW = timedelta(seconds=300)
BODY = '{"point": "1号排口"}'.encode()


def fault(at: str = AT, body: bytes = BODY, signed: str = "", secret: str = "k", now: datetime = NOW) -> str:
    return signature.fault(secret, at, body, signed or signature.sign("k", AT, BODY), now, WINDOW)


def test_the_signature_is_the_documented_one() -> None:
    right = hmac.new(b"k", AT.encode() + b"." + BODY, hashlib.sha256).hexdigest()
    assert signature.sign("k", AT, BODY) == f"sha256={right}"
    assert fault() == ""


@pytest.mark.parametrize(
    ("apart", "told"), [(-301, "signature_stale"), (-300, ""), (300, ""), (301, "signature_stale")]
)
def test_it_is_good_for_a_short_while_before_and_after(apart: int, told: str) -> None:
    assert fault(now=NOW + timedelta(seconds=apart)) == told


def test_another_key_time_or_body_is_wrong() -> None:
    assert fault(secret="other") == signature.WRONG
    assert fault(at=str(int(AT) + 1)) == signature.WRONG
    assert fault(body=BODY + b" ") == signature.WRONG


@given(st.text(max_size=80), st.text(max_size=12), st.binary(max_size=20))
def test_nothing_but_the_right_signature_passes(signed: str, at: str, body: bytes) -> None:
    told = signature.fault("k", at, body, signed, NOW, WINDOW)
    assert told in {signature.MISSING, signature.WRONG}


@given(st.integers(0, 70), st.characters())
def test_one_character_changed_is_wrong(place: int, letter: str) -> None:
    right = signature.sign("k", AT, BODY)
    other = right[:place] + letter + right[place + 1 :]
    assert fault(signed=other) == ("" if other == right else signature.WRONG)


@given(st.from_regex(r"[0-9]{1,11}", fullmatch=True))
def test_no_timestamp_breaks_it(at: str) -> None:
    signed = signature.sign("k", at, BODY)
    assert fault(at=at, signed=signed) in {"", signature.STALE}
