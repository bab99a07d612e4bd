"""A sealed stream comes back as it was, or not at all: whatever is changed, exchanged or cut off is refused."""

from __future__ import annotations

import io

import pytest

from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.sealing import CHUNK
from huanyu.sealing import MAGIC
from huanyu.sealing import PREFIX
from huanyu.sealing import SALT
from huanyu.sealing import TAG
from huanyu.sealing import Opener
from huanyu.sealing import Sealer

KEY = "聊城的一把备份密钥, 十二个字以上"
HEAD = len(MAGIC) + SALT + PREFIX
WHOLE = CHUNK + TAG


def sealed(data: bytes, key: str = KEY) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, key)
    for start in range(0, len(data), 300_000):  # pieces that fit no chunk
        sealer.write(data[start : start + 300_000])
    sealer.close()
    return out.getvalue()


def opened(data: bytes, key: str = KEY) -> bytes:
    source = Opener(io.BytesIO(data), key)
    parts = []
    while part := source.read(70_001):
        parts.append(part)
    return b"".join(parts)


def text(size: int) -> bytes:
    return bytes(range(256)) * (size // 256) + b"z" * (size % 256)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_what_was_sealed_is_opened_whatever_its_length(size: int) -> None:
    closed = sealed(text(size))
    assert opened(closed) == text(size)
    assert text(64) not in closed


def test_two_seals_of_the_same_are_not_alike() -> None:
    assert sealed(b"same")[len(MAGIC) :] != sealed(b"same")[len(MAGIC) :]


@pytest.mark.parametrize("left", [0, 5, HEAD, HEAD + 3, HEAD + WHOLE, HEAD + 2 * WHOLE, HEAD + 2 * WHOLE + 9])
def test_a_missing_end_is_found_also_where_a_whole_chunk_ends(left: int) -> None:
    with pytest.raises(BadInput):
        opened(sealed(text(2 * CHUNK + 500))[:left])


@pytest.mark.parametrize("at", [len(MAGIC), HEAD - 1, HEAD, HEAD + WHOLE - 1, HEAD + WHOLE + 40, -1])
def test_a_single_changed_bit_is_found_wherever_it_is(at: int) -> None:
    changed = bytearray(sealed(text(CHUNK + 500)))
    changed[at] ^= 1
    with pytest.raises(BadInput):
        opened(bytes(changed))


def test_chunks_cannot_change_places_be_left_out_or_come_from_another_file() -> None:
    one, other = sealed(text(3 * CHUNK)), sealed(text(3 * CHUNK))
    first, second = one[HEAD : HEAD + WHOLE], one[HEAD + WHOLE : HEAD + 2 * WHOLE]
    for forged in (
        one[:HEAD] + second + first + one[HEAD + 2 * WHOLE :],
        one[:HEAD] + first + one[HEAD + 2 * WHOLE :],
        one[: HEAD + WHOLE] + other[HEAD + WHOLE :],
        one + first,
    ):
        with pytest.raises(BadInput):
            opened(forged)


def test_another_key_opens_nothing_and_a_short_one_seals_nothing() -> None:
    with pytest.raises(BadInput, match="密钥不对"):
        opened(sealed(b"secret"), KEY + "。")
    with pytest.raises(ConfigError, match="12"):
        sealed(b"secret", "short")


def test_what_is_no_backup_is_called_so() -> None:
    with pytest.raises(BadInput, match="不是"):
        opened(b"PK\x03\x04" + bytes(100))
