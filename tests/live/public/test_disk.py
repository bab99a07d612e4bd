"""A disk that is full or read-only: whoever asked is told, what was taken in stays, nothing was promised that is not kept."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import made_public
import pytest
import structlog
from made_public import TEXT
from made_public import Public
from sqlalchemy import event

from console import logs
from console import sessions
from console.app import create_app
from console.up import beside
from console.up import listen
from flow import cycle
from flow import staff
from flow.desk import Desk
from huanyu.errors import StoreAway
from huanyu.types import RawPost
from huanyu.types import SourceKind
from tests.unit.publisher.test_picture_notes import shot

SIZE = "48m"
PAGE = 4096
PASSWORD = "许营镇-今夜-无风-84"


@dataclass(frozen=True)
class Disk:
    """Where the desk lies, and how that place fills up and gets room again."""

    folder: Path
    fill: Callable[[Desk], None]
    free: Callable[[Desk], None]
    exact: bool  #: not one row finds room


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """A small file system of its own, as only the owner of a machine can make one."""
    folder.mkdir()
    mount = shutil.which("mount")
    told = ("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder))
    if mount is None or subprocess.run([mount, *told], capture_output=True).returncode:
        pytest.skip("a file system of its own needs the right to mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Really full: the operating system refuses the next page (ENOSPC)."""
    with mounted(folder / "disk") as place:
        filler = place / "filler"

        def fill(desk: Desk) -> None:
            truncate(desk)
            with filler.open("wb", buffering=0) as out:
                try:
                    while True:
                        out.write(bytes(PAGE))
                except OSError:
                    pass

        yield Disk(place, fill, lambda _desk: filler.unlink(), exact=True)


@contextmanager
def few_pages(folder: Path) -> Iterator[Disk]:
    """Full by SQLite's own bound: the same answer of the library, wherever tests run."""
    bound = [0]

    def keep(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {bound[0] or 1 << 30}")  # type: ignore[attr-defined]

    def fill(desk: Desk) -> None:
        truncate(desk)
        engine = desk.store._database.engine
        if not bound[0]:
            event.listen(engine, "begin", keep)
        bound[0] = 1  # SQLite never goes below what is there

    def free(_desk: Desk) -> None:
        bound[0] = 0

    yield Disk(folder, fill, free, exact=False)


def truncate(desk: Desk) -> None:
    """Put the log back into the file: what is free inside of it is room, too."""
    path = desk.config.data_dir / "huanyu.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture(params=[small_disk, few_pages], ids=["enospc", "sqlite"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with request.param(tmp_path) as made:
        yield made


@contextmanager
def desk_on(folder: Path, pattern: Path) -> Iterator[tuple[Public, httpx.Client]]:
    """Both kinds of pages over a desk in `folder`."""
    with (
        made_public.running(folder / "desk", pattern=pattern) as public,
        listen("127.0.0.1", 0) as door,
        beside(create_app(public.desk, public.clock), door),
        httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=60) as colleague,
    ):
        staff.set_up(public.desk, "guanli", "管丽娟", sessions.hash_password(PASSWORD), public.clock())
        yield public, colleague


def test_what_finds_no_room_is_refused_in_words_and_taken_when_there_is_room(
    disk: Disk, pattern: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure(way="json")
    try:
        with desk_on(disk.folder, pattern) as (public, colleague), public.visitor() as citizen:
            desk = public.desk
            first = made_public.receipt_of(public.report(citizen).text)
            token, photo = public.token(citizen), ("现场.jpg", shot() + os.urandom(300_000), "image/jpeg")
            told = {"token": token, "text": f"{TEXT}，今晚又来了", "place": "花园路", "consent": "1"}
            disk.fill(desk)
            for _ in range(2):
                refused = citizen.post("/report", data=told, files=[("photos", photo)])
                assert refused.status_code == 503
                assert "还没有收到这份举报" in refused.text and told["text"] in refused.text
                assert "SP2026" not in refused.text
            late = colleague.post("/login", data=LOGIN, headers=SAME)
            if disk.exact:
                assert late.status_code == 503 and "<h1>磁盘已满</h1>" in late.text
                assert "刚才的操作没有保存" in late.text
            assert colleague.get("/login").status_code == citizen.get("/").status_code == 200
            with pytest.raises(StoreAway):
                desk.store.posts.add(crawled(), public.clock())
            disk.free(desk)
            second = made_public.receipt_of(
                citizen.post("/report", data=told, files=[("photos", photo)]).text
            )
            assert second[0] != first[0]
            assert colleague.post("/login", data=LOGIN, headers=SAME).status_code == 303
            cycle.turn(desk, public.clock())
            desk.store.posts.add(crawled(), public.clock())
            assert (
                sorted(post.source for post, _ in desk.store.posts.listing())
                == ["weibo"] * 40 + ["网页举报"] * 2
            )
            assert desk.store.audit.verify() == []
    finally:
        structlog.reset_defaults()
    out, err = capfd.readouterr()
    told = events(out + err, "database_unusable")
    assert 1 <= len(told) <= 3, told  # a small row may still find room in between
    assert {(one["why"], one["where"]) for one in told} == {("full", f"{disk.folder}/desk/data/huanyu.db")}
    assert events(out + err, "database_usable") and "Traceback" not in out + err


LOGIN = {"name": "guanli", "password": PASSWORD}
SAME = {"Sec-Fetch-Site": "same-origin"}


def crawled() -> list[RawPost]:
    return [
        RawPost(
            source="weibo",
            kind=SourceKind.WEIBO,
            native_id=str(number),
            url=f"https://weibo.example.org/{number}",
            text=f"许营镇夜里又有刺鼻气味, 第{number}次了" + "味" * 3000,
            author="湖畔行人",
            fetched_at=made_public.NOW,
            posted_at=made_public.NOW,
        )
        for number in range(40)
    ]


@contextmanager
def remounted(folder: Path, desk: Desk) -> Iterator[None]:
    """Read-only for everybody, as a kernel leaves a disk that failed."""
    desk.store._database.engine.dispose()  # a file open for writing keeps it from being mounted so
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)


def test_a_disk_that_turned_read_only_is_told_and_written_to_again_when_it_is_mended(
    tmp_path: Path, pattern: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure(way="json")
    try:
        with mounted(tmp_path / "disk") as place, desk_on(place, pattern) as (public, colleague):
            with public.visitor() as citizen, remounted(place, public.desk):
                refused = citizen.get("/report")
                told = {"token": token_of(refused), "text": TEXT, "place": "花园路", "consent": "1"}
                public.clock.on(seconds=5)
                refused = citizen.post("/report", data=told, files=[("photos", ("", b""))])
                assert refused.status_code == 503 and TEXT in refused.text and "SP2026" not in refused.text
                page = colleague.get("/login")
                assert page.status_code == 503 and "只读" in page.text
                with pytest.raises(StoreAway, match="只读"):
                    public.desk.store.posts.add(crawled(), public.clock())
            with public.visitor() as citizen:
                assert made_public.receipt_of(public.report(citizen).text)
            assert colleague.post("/login", data=LOGIN, headers=SAME).status_code == 303
            assert public.desk.store.audit.verify() == []
    finally:
        structlog.reset_defaults()
    out, err = capfd.readouterr()
    (told,) = events(out + err, "database_unusable")
    assert (told["why"], told["where"]) == ("read_only", f"{place}/desk/data/huanyu.db")


def events(text: str, name: str) -> list[dict[str, str]]:
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [one for one in found if one["event"] == name]


def token_of(page: httpx.Response) -> str:
    assert page.status_code == 200
    return page.text.partition('name="token" value="')[2].partition('"')[0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_nobody_may_write_to_is_told_by_the_command(tmp_path: Path, pattern: Path, here) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(pattern / "data", folder / "data")
    made_public.configure(folder)
    (folder / "data").chmod(0o500)
    try:
        done = here("step", "understand", folder=folder)
    finally:
        (folder / "data").chmod(0o700)
    assert done.code == 1 and "只读" in done.err
