"""What a picture is, what is refused, and when it is asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler import evidence
from crawler.evidence import Wanted

ONE = Wanted(id=7, url="https://img.example.org/1.jpg")
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
GIF = b"GIF89a" + b"\0" * 40
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40


@pytest.mark.parametrize(
    ("body", "media"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (GIF, "image/gif"), (WEBP, "image/webp")],
)
def test_a_picture_is_kept_with_the_type_its_bytes_say(body: bytes, media: str) -> None:
    found = evidence.answered(ONE, 200, body)
    assert (found.id, found.state, found.media, found.body) == (7, "kept", media, body)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
        ("<!DOCTYPE html><html><title>登录</title>".encode(), "网页"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "不是 JPEG"),
        (b"BM" + b"\0" * 40, "不是 JPEG"),
        (b"%PDF-1.7", "不是 JPEG"),
        (b"", "空"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(body: bytes, word: str) -> None:
    found = evidence.answered(ONE, 200, body)
    assert found.state == "refused" and word in found.note and found.body == b""


def test_a_page_that_calls_itself_a_picture_later_on_is_still_no_picture() -> None:
    assert evidence.answered(ONE, 200, b"<html>" + JPEG).state == "refused"


@pytest.mark.parametrize("status", [404, 410])
def test_a_picture_that_is_gone_is_not_asked_for_again(status: int) -> None:
    found = evidence.answered(ONE, status, b"")
    assert (found.state, found.note) == ("refused", "图片已被删除")


def test_a_picture_of_more_than_five_megabytes_is_refused() -> None:
    body = JPEG.ljust(evidence.LARGEST + 1, b"\0")
    assert evidence.answered(ONE, 200, body).note == evidence.TOO_LARGE
    assert evidence.answered(ONE, 200, body[: evidence.LARGEST]).state == "kept"


def test_each_wait_is_longer_and_the_fifth_failure_is_the_last() -> None:
    waits = []
    for attempts in range(4):
        found = evidence.answered(Wanted(id=7, url=ONE.url, attempts=attempts), 503, b"")
        assert found.state == "wanted" and found.wait is not None
        waits.append(found.wait)
    assert waits == sorted(set(waits)) and sum(waits, timedelta()) > timedelta(days=3)
    last = evidence.answered(Wanted(id=7, url=ONE.url, attempts=4), 503, b"")
    assert last.state == "refused" and "5 次" in last.note and "HTTP 503" in last.note


def test_a_site_that_asks_for_a_longer_rest_gets_it() -> None:
    assert evidence.answered(ONE, 429, b"", timedelta(hours=20)).wait == timedelta(hours=20)
    assert evidence.answered(ONE, 429, b"", timedelta(minutes=1)).wait == timedelta(hours=1)
