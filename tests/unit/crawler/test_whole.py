"""A packed body that ends in the middle is told from one that came whole."""

from __future__ import annotations

import gzip

import pytest

from crawler.whole import is_cut

PAGE = ("徒骇河边的养殖场夜里往河里排水。" * 400).encode("gbk")
PACKED = gzip.compress(PAGE, mtime=0)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_part_of_a_packed_page_is_cut(share: float) -> None:
    assert is_cut(b"gzip", PACKED[: int(len(PACKED) * share)])


def test_a_page_without_its_checksum_is_cut() -> None:
    assert is_cut(b"x-gzip", PACKED[:-3])


def test_a_whole_page_is_whole_whatever_follows_it() -> None:
    assert not is_cut(b" GZIP", PACKED)
    assert not is_cut(b"gzip", PACKED + b"\r\n")


def test_a_body_that_unpacks_without_end_is_not_unpacked_to_it() -> None:
    assert not is_cut(b"gzip", gzip.compress(b"0" * (1 << 26))[:-3])


@pytest.mark.parametrize(
    ("encoding", "body"), [(b"", PAGE), (b"br", PACKED[:20]), (b"gzip", PAGE), (b"gzip", b"")]
)
def test_what_is_no_gzip_is_not_asked(encoding: bytes, body: bytes) -> None:
    assert not is_cut(encoding, body)
