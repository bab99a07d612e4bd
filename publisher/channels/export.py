"""Copy for newspapers and broadcasters: one folder for each message, with a Word file, scripts to read aloud, pictures.

Written whole or not at all; the same message gives the same folder. Somebody of the office carries it over.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from huanyu import clock
from huanyu.bureau import BureauRow
from huanyu.errors import BadInput
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.types import Message
from huanyu.types import Picture
from huanyu.types import Receipt
from publisher import broadcast
from publisher import pictures
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits
from publisher.press_copy import Copy
from publisher.press_copy import document
from publisher.scope import LABEL

LIMITS: Final = Limits(length=0, per_minute=0, source="ours")
PICTURES: Final = 20
COPY: Final = "新闻稿.docx"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\s]+')  # Windows takes none of them in a name


class ExportChannel:
    """A folder from which the office passes copy on."""

    abilities: Final = Abilities(read_back=True, idempotent=True, pictures=PICTURES)
    limits: Final = LIMITS

    def __init__(self, folder: Path, bureau: BureauRow) -> None:
        self._folder, self._bureau = folder, bureau

    def send(self, message: Message) -> Receipt:
        """Write the message's folder; again changes nothing."""
        files = self.files(message)
        try:
            self._write(self._folder / folder_name(message), files)
        except OSError as problem:
            raise Unavailable(f"供稿目录写不进去：{problem.strerror or problem}") from problem
        missing = [limit for limit in broadcast.LENGTHS if script_name(limit) not in files]
        note = f"首句太长，未生成{'、'.join(f'{limit}秒' for limit in missing)}口播稿" if missing else ""
        return Receipt(platform_id=folder_name(message), note=note)

    def read_back(self, message: Message) -> Receipt | None:
        """The folder, which is there as a whole or not at all."""
        name = folder_name(message)
        there = (self._folder / name / COPY).exists()
        return Receipt(platform_id=name, note="回读确认已写出") if there else None

    def files(self, message: Message) -> Mapping[str, bytes]:
        """Every file of the folder; raises Refused for a picture that cannot go out."""
        if not message.title.strip() or not message.text.strip():
            raise Refused("报台供稿要有标题和正文")
        try:
            shown = [pictures.cleaned(picture) for picture in message.pictures]
            copy = document(self._copy(message, shown))
        except BadInput as problem:
            raise Refused(str(problem)) from problem
        scripts = {
            script_name(limit): broadcast.script(message.title, told, limit).encode("utf-8-sig")
            for limit in broadcast.LENGTHS
            if (told := broadcast.excerpt(message.text, limit, f"{LABEL}。" if message.generated else ""))
        }
        return {COPY: copy, **scripts, **_named(shown)}

    def _copy(self, message: Message, shown: list[Picture]) -> Copy:
        return Copy(
            title=message.title,
            text=message.text,
            source=self._bureau.name,
            contact=f"{self._bureau.office} {self._bureau.phone}",
            at=message.created_at,
            pictures=shown,
        )

    def _write(self, folder: Path, files: Mapping[str, bytes]) -> None:
        if folder.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(dir=self._folder, prefix="."))
        try:
            for name, body in files.items():
                _put(made / name, body)
            made.chmod(0o755)  # temporary folders are private, copy for the press is not
            made.rename(folder)
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            if not folder.exists():  # two workers: the other one was first with the same
                raise


def folder_name(message: Message) -> str:
    """20260312-17-2-标题: the day, the message, its version, and what a person looks for."""
    title = _UNSAFE.sub("", message.title)[:30]
    day = clock.local(message.created_at).strftime("%Y%m%d")
    return f"{day}-{message.id}-{message.version}-{title}"


def script_name(limit: int) -> str:
    """口播30秒.txt"""
    return f"口播{limit}秒.txt"


def _named(shown: list[Picture]) -> dict[str, bytes]:
    """Pictures beside the Word file, in its order and as large as they were: newspapers want the originals."""
    return {f"图{number}{Path(one.name).suffix}": one.body for number, one in enumerate(shown, 1)}


def _put(path: Path, body: bytes) -> None:
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
