"""Weigh an XLSX before it is opened: a small file may unfold to more than this machine has.

Knows the archive and its XML as far as sizes go; what the archive's own directory claims is not believed.
"""

from __future__ import annotations

import copy
import zipfile
import zlib
from array import array
from collections.abc import Sequence
from pathlib import Path
from xml.parsers import expat

from huanyu.errors import BadInput

MEMBERS = 2000  # files inside an XLSX; a plain export has a dozen
UNPACKED = 400 << 20
RATIO = 300  # a sheet of repeated cells packs 50 to 1, a bomb 1000 to 1 …
FREE = 20 << 20  # … and below this size nobody cares
WORKBOOK = "xl/workbook.xml"
OTHERS = frozenset({"xl/workbook.bin", "content.xml"})  # XLSB and ODS, which nobody here has weighed
BLOCK = 1 << 20
CELLS = 10_000_000  # the reader lays a sheet out as a full rectangle, whatever is empty
COPIED = 1 << 30  # characters, once every cell that shows a shared text has its own copy


class Unfolded:
    """What one part of a workbook unfolds to, followed tag by tag."""

    def __init__(self, shared: array[int]) -> None:
        self.shared = shared  #: length of each shared text
        self.rows = self.columns = self.copied = 0
        self._row = self._column = 0
        self._texts = self._showing = self._value = False
        self._digits = ""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity
        self.known = False  #: a sheet or the list of shared texts
        self._begun = False

    def feed(self, block: bytes) -> None:
        """Follow the next piece; raises ExpatError where it is no XML."""
        self._parser.Parse(block, False)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._begun:
            self._begun, self.known, self._texts = True, name in {"worksheet", "sst"}, name == "sst"
        elif self._texts:
            if name == "si":
                self.shared.append(0)
        elif name == "c":
            self._settle()
            self._cell(attributes)
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        self._value = name == "v"

    def _cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip("0123456789")
        self._column = column_number(letters) if letters else self._column + 1
        self._row = int(place[len(letters) :] or self._row) if place else self._row
        self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)
        self._showing = attributes.get("t") == "s"

    def _text(self, text: str) -> None:
        if self._texts:
            if self.shared:
                self.shared[-1] += len(text)
        elif self._showing and self._value:
            self._digits += text.strip()

    def _settle(self) -> None:
        """Count the copy that the cell just left has taken."""
        if self._digits.isascii() and self._digits.isdecimal() and len(self._digits) < 10:
            at = int(self._digits)
            self.copied += self.shared[at] if at < len(self.shared) else 0
        self._digits = ""

    def _entity(self, *_: object) -> None:
        raise ValueError("entity")


def weigh(path: Path) -> None:
    """Raise BadInput for an XLSX that would unfold to too much, or that is damaged."""
    damaged = f"{path.name}: 不是完整的 Excel 文件, 请在 Excel 中打开后另存为 .xlsx"
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda info: not info.filename.endswith("Strings.xml"))
            declared(path, members)
            look_through(path, archive, members)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
        zlib.error,
    ) as problem:
        raise BadInput(damaged) from problem


def declared(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse what the archive's own directory already gives away, before anything is unpacked."""
    if len(members) > MEMBERS:
        raise BadInput(f"{path.name}: 压缩包里有 {len(members)} 个文件, 不是正常的 Excel 文件, 没有打开")
    names = {info.filename for info in members}
    if WORKBOOK not in names or OTHERS & names:
        raise BadInput(f"{path.name}: 不是 Excel 表格, 请在 Excel 中打开后另存为 .xlsx")
    total = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    if total > UNPACKED or total > max(FREE, RATIO * packed):
        raise BadInput(f"{path.name}: 解压后有 {total >> 20} MB, 超过限度, 没有打开")


def look_through(path: Path, archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> None:
    """Unpack every member to nowhere, as far as it really goes, and add up what the reader would hold."""
    shared: array[int] = array("Q")
    unpacked = 0
    for info in members:
        part = Unfolded(shared)
        unpacked += follow(path, archive, info, part, UNPACKED - unpacked)
        if part.rows * part.columns > CELLS:
            raise BadInput(
                f"{path.name}: 表格一直铺到第 {part.rows} 行、第 {part.columns} 列, "
                "请在 Excel 中删去表格以外的格子, 或分成几个文件"
            )
        if part.copied > COPIED:
            raise BadInput(f"{path.name}: 表格展开后有 {part.copied >> 20} MB 文字, 超过限度, 没有打开")


def follow(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, part: Unfolded, left: int) -> int:
    """Unpack one member block by block; returns its true size."""
    honest = copy.copy(info)
    honest.file_size = UNPACKED + 1  # else reading stops where the directory says it ends
    most = min(left, max(FREE, RATIO * info.compress_size))
    size, readable = 0, True
    with archive.open(honest) as member:
        while block := member.read(BLOCK):
            size += len(block)
            if size > most:
                raise BadInput(f"{path.name}: 解压后超过 {size >> 20} MB, 与文件大小不相称, 没有打开")
            readable = readable and fed(part, block)
    return size


def fed(part: Unfolded, block: bytes) -> bool:
    """Whether the part goes on being XML; a sheet that stops being XML is a damaged file."""
    try:
        part.feed(block)
    except expat.ExpatError as problem:
        if part.known:
            raise ValueError(str(problem)) from problem
        return False
    return True


def column_number(letters: str) -> int:
    """A is 1, Z 26, AA 27."""
    found = 0
    for letter in letters[:4].upper():
        found = found * 26 + ord(letter) - 64
    return found
