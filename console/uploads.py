"""Files that wait between upload and import: in the data folder, of one person, gone when done or after a day.

Knows files and people; what is in a file is read by `crawler.imports`.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import AsyncIterator
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from typing import BinaryIO

from fastapi import Depends
from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from console.sessions import SignedIn
from crawler.import_columns import Chosen
from crawler.import_files import LARGEST
from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.types import User

AROUND = 1 << 16  # bytes of a form around its file
FIELDS = 500  # of a form; a file has at most 200 columns
LASTS = timedelta(days=1)
MOST = 5  # files of one person that wait
TOKEN = re.compile(r"[0-9a-f]{32}")
UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
STATE = "state.json"
BUSY = ".busy"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file, where it belongs, and what the person has said about its columns."""

    token: str
    path: Path
    source: str
    chosen: Chosen | None  #: None = nothing said yet


def bounded(permit: str) -> Callable[[Request, SignedIn], AsyncIterator[FormData]]:
    """The form of somebody who may do this; one that is too large is refused before it is read."""

    async def form_of(request: Request, user: SignedIn) -> AsyncIterator[FormData]:
        permits.demand(user, permit)
        size = request.headers.get("content-length", "")
        if not size.isdecimal():
            raise HTTPException(411)
        if int(size) > LARGEST + AROUND:
            raise HTTPException(413)
        async with request.form(max_files=1, max_fields=FIELDS) as form:
            yield form

    return form_of


BoundedForm = Annotated[FormData, Depends(bounded("import"))]
TableForm = Annotated[FormData, Depends(bounded("edit_rules"))]  #: a list for a table of the bureau
RowForm = Annotated[FormData, Depends(bounded("replay"))]  #: a kept row, put right


def keep(desk: Desk, user: User, name: str, file: BinaryIO, source: str, now: datetime) -> Waiting:
    """Put an uploaded file aside until it is imported."""
    token = secrets.token_hex(16)
    folder = place(desk, user, token)
    sweep(desk, user, now)
    folder.mkdir(mode=0o700, parents=True)
    path = folder / plain(name)
    with path.open("xb") as kept:
        shutil.copyfileobj(file, kept)
    waiting = Waiting(token, path, source, None)
    remember(waiting)
    return waiting


def remember(waiting: Waiting) -> None:
    """Keep what the person has said."""
    told = {"source": waiting.source, "name": waiting.path.name, "chosen": waiting.chosen}
    (waiting.path.parent / STATE).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def find(desk: Desk, user: User, token: str) -> Waiting:
    """The person's own file; raises NotFound."""
    folder = place(desk, user, token)
    try:
        told = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise NotFound("这个文件已经导入或取消，请重新选择文件") from problem
    return Waiting(token, folder / told["name"], told["source"], told["chosen"])


@contextmanager
def claimed(desk: Desk, user: User, token: str) -> Iterator[Waiting]:
    """The file for the one request that imports it; afterwards it is gone, unless its import failed."""
    folder = place(desk, user, token)
    busy = folder.with_name(folder.name + BUSY)
    waiting = find(desk, user, token)
    try:
        folder.rename(busy)
    except FileNotFoundError as problem:
        raise NotFound("这个文件正在导入，或者已经导入") from problem
    try:
        yield Waiting(token, busy / waiting.path.name, waiting.source, waiting.chosen)
    except Exception:
        busy.rename(folder)
        raise
    shutil.rmtree(busy)


def drop(desk: Desk, user: User, token: str) -> None:
    """Forget the file; doing it twice changes nothing."""
    shutil.rmtree(place(desk, user, token), ignore_errors=True)


def sweep(desk: Desk, user: User, now: datetime) -> None:
    """Remove what anybody left for a day, and all but the latest of this person's files."""
    waiting = sorted(root(desk).glob("*-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    mine = [folder for folder in waiting if folder.name.startswith(f"{user.id}-") and folder.suffix != BUSY]
    old = [folder for folder in waiting if now.timestamp() - folder.stat().st_mtime > LASTS.total_seconds()]
    for folder in {*old, *mine[MOST - 1 :]}:
        shutil.rmtree(folder, ignore_errors=True)


def root(desk: Desk) -> Path:
    return desk.config.data_dir / "imports"


def place(desk: Desk, user: User, token: str) -> Path:
    if not TOKEN.fullmatch(token):
        raise NotFound("没有这个文件")
    return root(desk) / f"{user.id}-{token}"


def plain(name: str) -> str:
    """The file's own name, as it will stand before the number of a row."""
    last = UNSAFE.sub("_", re.split(r"[/\\]", name)[-1]).lstrip(". ")[-80:]
    if not last or last == STATE:
        raise BadInput("请先选择文件")
    return last
