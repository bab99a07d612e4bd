"""A long stream under one key: sealed in chunks, so that neither a change nor a missing end goes unseen.

The STREAM construction: every chunk has its number and whether it is the last one in its nonce (Hoang, Reyhanitabar,
Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015). AES-256-GCM, the key
drawn from a passphrase by scrypt with a salt of the file's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from huanyu.errors import BadInput
from huanyu.errors import ConfigError

MAGIC: Final = b"HUANYU-SEALED-1\n"
SALT: Final = 16
PREFIX: Final = 7  # of the 12 bytes of a nonce; 4 count the chunks, 1 marks the last
TAG: Final = 16
CHUNK: Final = 1 << 20
LEAST_KEY: Final = 12  # characters: what is shorter is guessed from a stolen file


class Sealer:
    """Writes bytes sealed; nothing is whole until `close`."""

    def __init__(self, out: IO[bytes], key: str) -> None:
        """Write the head; raises ConfigError for a key that is too short."""
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._head = MAGIC + salt + self._prefix
        self._cipher = _cipher(key, salt)
        self._out = out
        self._kept = bytearray()
        self._number = 0
        out.write(self._head)

    def write(self, data: bytes) -> int:
        """Take bytes in, and write out the chunks that are full and surely not the last one."""
        self._kept += data
        while len(self._kept) > CHUNK:
            self._put(bytes(self._kept[:CHUNK]), last=False)
            del self._kept[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing: whatever is kept back goes with `close`."""

    def close(self) -> None:
        """Write the last chunk, which says that it is the last."""
        self._put(bytes(self._kept), last=True)
        self._kept.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), chunk, self._head))
        self._number += 1


class Opener:
    """Reads what a Sealer wrote; raises BadInput for what was changed, exchanged or cut off."""

    def __init__(self, source: IO[bytes], key: str) -> None:
        """Read the head; raises BadInput where it is no sealed file, ConfigError for a key that is too short."""
        self._head = source.read(len(MAGIC) + SALT + PREFIX)
        if len(self._head) != len(MAGIC) + SALT + PREFIX or not self._head.startswith(MAGIC):
            raise BadInput("这不是舆情台的备份文件")
        salt = self._head[len(MAGIC) : len(MAGIC) + SALT]
        self._prefix = self._head[len(MAGIC) + SALT :]
        self._chunks = self._opened(source, _cipher(key, salt))
        self._kept = b""

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer only at the end."""
        parts, missing = [], size
        while missing:
            if not self._kept:
                self._kept = next(self._chunks, b"")
                if not self._kept:
                    break
            taken = self._kept if size < 0 else self._kept[:missing]
            self._kept = self._kept[len(taken) :]
            missing -= len(taken)
            parts.append(taken)
        return b"".join(parts)

    def _opened(self, source: IO[bytes], cipher: AESGCM) -> Iterator[bytes]:
        number, chunk = 0, source.read(CHUNK + TAG)
        while True:
            following = source.read(CHUNK + TAG)
            yield self._plain(cipher, chunk, number, last=not following)
            if not following:
                return
            number, chunk = number + 1, following

    def _plain(self, cipher: AESGCM, chunk: bytes, number: int, *, last: bool) -> bytes:
        try:
            return cipher.decrypt(_nonce(self._prefix, number, last), chunk, self._head)
        except (InvalidTag, ValueError) as problem:
            told = (
                "备份密钥不对, 或文件开头已损坏"
                if number == 0
                else f"备份文件在约 {number} MB 处损坏或被截断"
            )
            raise BadInput(told) from problem


def _cipher(key: str, salt: bytes) -> AESGCM:
    if len(key) < LEAST_KEY:
        raise ConfigError(f"备份密钥至少要 {LEAST_KEY} 个字符")
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << 15, r=8, p=1).derive(key.encode()))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
