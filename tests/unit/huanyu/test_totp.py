"""Codes by the clock: the vectors of the standards, the drift that is borne, and sheets nobody misreads."""

from __future__ import annotations

from base64 import b32encode
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from huanyu import totp

SECRET = b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B
NOW = datetime(2026, 3, 5, 2, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert totp.code_at(SECRET, totp.step_of(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize(("number", "code"), [*enumerate(("755224", "287082", "359152", "969429", "338314"))])
def test_codes_are_those_of_rfc_4226(number: int, code: str) -> None:
    assert totp.code_at(SECRET, number) == code


@pytest.mark.parametrize(
    ("away", "known"), [(-61, False), (-30, True), (0, True), (30, True), (60, False), (3600, False)]
)
def test_a_clock_may_be_one_period_off(away: int, known: bool) -> None:
    typed = totp.code_at(SECRET, totp.step_of(NOW + timedelta(seconds=away)))
    found = totp.matching(SECRET, typed, NOW)
    assert (found is not None) is known
    assert not known or found == totp.step_of(NOW + timedelta(seconds=away))


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "abcdef", "２８７０８２", "287 082"])
def test_what_is_typed_may_have_gaps_and_nothing_else(typed: str) -> None:
    at = datetime.fromtimestamp(59, UTC)
    assert (totp.matching(SECRET, typed, at) is not None) is (typed == "287 082")


def test_an_app_is_told_whose_code_it_is() -> None:
    parts = urlsplit(totp.address(SECRET, "xuanjiao", "聊城舆情台"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    told = parse_qs(parts.query)
    assert (told["secret"], told["issuer"], told["period"]) == ([SECRET], ["聊城舆情台"], ["30"])


def test_secrets_and_sheets_are_never_the_same() -> None:
    assert len({totp.new_secret() for _ in range(50)}) == 50
    sheet = totp.new_recovery_codes()
    assert len(set(sheet)) == totp.RECOVERY
    assert all(totp.plain(totp.shown(code).upper()) == code for code in sheet)
    assert not set("".join(sheet)) & set("01oli")
