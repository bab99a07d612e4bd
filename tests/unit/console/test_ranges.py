"""Which part of a file a player asks for."""

from __future__ import annotations

import pytest

from console import ranges


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("", None),
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-7", (93, 100)),
        ("bytes=-700", (0, 100)),
        ("bytes=100-", (100, 100)),
        ("bytes=-0", (100, 100)),
        ("bytes=9-3", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_one_stretch_is_understood_and_anything_else_is_the_whole(asked, wanted):
    assert ranges.stretch(asked, 100) == wanted


def test_the_answer_says_which_part_it_is():
    body = bytes(range(100))
    part = ranges.answer(body, "bytes=10-19", {"Content-Type": "audio/wav"})
    assert (part.status_code, part.body, part.headers["content-range"]) == (
        206,
        body[10:20],
        "bytes 10-19/100",
    )
    whole = ranges.answer(body, "", {"Content-Type": "audio/wav"})
    assert (whole.status_code, whole.body, whole.headers["accept-ranges"]) == (200, body, "bytes")
    outside = ranges.answer(body, "bytes=100-", {})
    assert (outside.status_code, outside.headers["content-range"]) == (416, "bytes */100")
