"""What a backup file holds, and how it is written and read: one sealed stream, no readable copy of it anywhere.

A gzipped tar inside huanyu.sealing: first what must be known before anything can be filled in, then the key of the
store, the database, the files of the desk, and last the sums of all of it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from typing import Any
from typing import Final
from typing import cast

from huanyu.errors import BadInput
from huanyu.sealing import Opener
from huanyu.sealing import Sealer
from huanyu.store.snapshots import Outline

ABOUT: Final = "about.json"
SUMS: Final = "sums.json"
STORE_KEY: Final = "store.key"
FILES: Final = "files/"  #: of the data folder, by their paths there
SETTINGS: Final = "settings/"  #: huanyu.toml and the bureau's own tables
FORMAT: Final = 1
SUFFIX: Final = ".hyb"
LEVEL: Final = 3  # of gzip: texts shrink to a fifth at the speed of a disk
BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class About:
    """The first thing in the file."""

    format: int
    version: str
    taken_at: datetime
    outline: Outline


@dataclass(slots=True)
class Writer:
    """Puts one thing after another into a backup; whole only after `close`."""

    out: IO[bytes]
    key: str
    sums: dict[str, str] = field(default_factory=dict)
    _sealer: Sealer = field(init=False)
    _packed: gzip.GzipFile = field(init=False)
    _tar: tarfile.TarFile = field(init=False)

    def __post_init__(self) -> None:
        self._sealer = Sealer(self.out, self.key)
        self._packed = gzip.GzipFile("", "wb", LEVEL, self._sealer, mtime=0)
        self._tar = tarfile.open(mode="w|", fileobj=self._packed, format=tarfile.PAX_FORMAT)  # noqa: SIM115 closed below

    def about(self, about: About) -> None:
        """Begin."""
        told = asdict(about) | {"taken_at": about.taken_at.isoformat()}
        self.add_bytes(ABOUT, json.dumps(told, ensure_ascii=False).encode())

    def add_bytes(self, name: str, data: bytes) -> None:
        self.add(name, len(data), BytesIO(data))

    def add(self, name: str, size: int, source: IO[bytes]) -> None:
        """Add `size` bytes under a name."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        summed = _Summed(source)
        self._tar.addfile(info, summed)
        self.sums[name] = summed.digest.hexdigest()

    def close(self) -> None:
        """Add the sums, and the end that shows if it is missing."""
        self.add_bytes(SUMS, json.dumps(self.sums).encode())
        self._tar.close()
        self._packed.close()
        self._sealer.close()


def parts(source: IO[bytes], key: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Everything in the file, one after the other, each to be read before the next is asked for.

    Raises BadInput for another key, and for whatever was changed or is missing: at the latest at the end, so nothing
    that was read may be believed before this has ended.
    """
    found: dict[str, str] = {}
    try:
        with (
            gzip.GzipFile(fileobj=cast(IO[bytes], Opener(source, key)), mode="rb") as packed,
            tarfile.open(mode="r|", fileobj=packed) as tar,
        ):
            for info in tar:
                member = tar.extractfile(info)
                if member is None or info.name in found or SUMS in found:
                    raise BadInput("备份文件的内容不对")
                summed = _Summed(member)
                if info.name == SUMS:
                    _compare(found, json.loads(summed.read()))
                else:
                    yield info.name, summed
                summed.drain()
                found[info.name] = summed.digest.hexdigest()
            while packed.read(BLOCK):
                continue
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, ValueError) as problem:
        raise BadInput("备份文件的内容不对") from problem
    if SUMS not in found:
        raise BadInput("备份文件没有结尾")


def about_of(data: bytes) -> About:
    """Read the first part; raises BadInput for another format."""
    told: dict[str, Any] = json.loads(data)
    if told.get("format") != FORMAT:
        raise BadInput(f"不认识的备份格式 {told.get('format')}, 请先升级程序")
    outline = told["outline"]
    outline["tables"] = {name: tuple(columns) for name, columns in outline["tables"].items()}
    return About(FORMAT, told["version"], datetime.fromisoformat(told["taken_at"]), Outline(**outline))


def within(name: str, prefix: str) -> PurePosixPath:
    """The path behind a prefix; raises BadInput for one that would lead out of its folder."""
    path = PurePosixPath(name.removeprefix(prefix))
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name or ":" in name:
        raise BadInput(f"备份里的文件名不对: {name}")
    return path


def _compare(found: dict[str, str], told: dict[str, str]) -> None:
    if found != told:
        wrong = sorted(name for name in found.keys() | told.keys() if found.get(name) != told.get(name))
        raise BadInput(f"备份里的内容与清单不符: {'、'.join(wrong[:5])}")


class _Summed(BytesIO):
    """A stream read once, from the front, with its sum."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        data = self._source.read(-1 if size is None else size)
        self.digest.update(data)
        return data

    def drain(self) -> None:
        """What nobody read counts, too."""
        while self.read(BLOCK):
            continue
