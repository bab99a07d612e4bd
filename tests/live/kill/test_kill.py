"""kill -9 at any step, then a restart: nothing is lost, nothing doubled, nothing sent again blindly."""

from __future__ import annotations

import csv
import multiprocessing
import os
import shutil
import signal
import uuid
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psycopg
import pytest

from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import cycle
from flow import morning
from flow.desk import Desk
from huanyu.config import Config
from huanyu.types import Message
from huanyu.types import MessageState
from tests.flow.conftest import postgres  # noqa: F401 - its server serves these tests too
from tests.flow.office import MANY
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import Platforms
from tests.flow.office import configure
from tests.live.kill import worker

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are POSIX")

S = MessageState
KILLED = -int(signal.SIGKILL)
EVENING = "bulletin"
FOUND = ("restart", "read_back")  # steps that only clear up after a kill
STEPS = [name for name in worker.DAY if name not in FOUND]
SENDING = ("notify", "deliver")
SENDING_STEPS = ("sweep", "read_back", "deliver")
#: Statements around the first message's claim, call and settlement; the test says so if they have moved.
FIRST_MESSAGE = (20, 28, 34, 37, 42, 47)


@dataclass(frozen=True)
class Desktop:
    """One desk to be killed: its settings and the platforms that outlive it."""

    settings: Path
    platforms: Platforms

    def live(
        self, until: str = EVENING, last: tuple[str, ...] = (), at: int = 0, counted: Path | None = None
    ) -> int:
        """One life of the worker, up to its death or step `until`; returns the exit code."""
        return wait_for(self.start(until, last, at, counted))

    def start(self, *args: object) -> Any:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([worker.__name__])
        process = context.Process(target=worker.live, args=(self.settings, *args), daemon=True)
        process.start()
        return process

    def open(self) -> Desk:
        return Desk.open(Config.load(self.settings))


@dataclass(frozen=True)
class Outcome:
    """What must be the same whether or not somebody pulled the plug."""

    posts: tuple[str, ...]
    cases: tuple[tuple[str, str, int], ...]  #: number, first post, posts
    messages: tuple[str, ...]
    bulletins: tuple[tuple[str, int, int], ...]
    identities: int


def wait_for(process: Any) -> int:
    process.join(60)
    assert process.exitcode is not None, "the worker hangs"
    return int(process.exitcode)


@contextmanager
def desktop(folder: Path, database: str, **kinds: type) -> Iterator[Desktop]:
    weibo, telegram, mail = (
        kinds.get("weibo", WeiboPlatform),
        kinds.get("telegram", TelegramPlatform),
        kinds.get("mail", SmtpPlatform),
    )
    with weibo() as one, telegram() as two, mail() as three:
        platforms = Platforms(one, two, three)
        settings = configure(folder, database, platforms)
        hotline_file(folder / worker.FILE)
        yield Desktop(settings, platforms)


def hotline_file(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["工单编号", "反映内容", "受理时间", "来电人", "联系电话"])
        for number, text in enumerate(TEXTS[2:], start=1):
            table.writerow([f"LC{number:05d}", text, "2026-03-10 08:30", f"某甲{number}", "13800000000"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated desk with its people, nothing in it yet."""
    folder = tmp_path_factory.mktemp("template")
    with desktop(folder, sqlite(folder)) as made:
        assert made.live("restart") == 0
    return folder / "huanyu.db"


@pytest.fixture(scope="module")
def ready(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Desks just before the notices go out, and just before the approved replies do."""
    folder = tmp_path_factory.mktemp("ready")
    made_ready = {}
    with fresh(template, folder) as made:
        for name, before in (("notify", "route"), ("deliver", "approve")):
            assert made.live(before) == 0
            made_ready[name] = Path(shutil.copy(folder / "huanyu.db", folder / f"{name}.db"))
    return made_ready


def sqlite(folder: Path) -> str:
    return f"sqlite:///{(folder / 'huanyu.db').as_posix()}"


@contextmanager
def fresh(template: Path, folder: Path, **kinds: type) -> Iterator[Desktop]:
    folder.mkdir(exist_ok=True)
    shutil.copy(template, folder / "huanyu.db")
    with desktop(folder, sqlite(folder), **kinds) as made:
        yield made


@pytest.fixture(scope="module")
def undisturbed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, dict[str, int]]:
    """A day without a kill: its outcome, and how many statements each step takes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with fresh(template, folder) as made:
        assert made.live(counted=folder / "counted") == 0
        counted = dict(line.split() for line in (folder / "counted").read_text().splitlines())
        desk = made.open()
        try:
            assert {
                (message.state, message.note)
                for message in every_message(desk)
                if message.state is not S.SENT
            } == set()
            return outcome_of(desk), {name: int(counted[name]) for name in worker.DAY}
        finally:
            desk.close()


def outcome_of(desk: Desk) -> Outcome:
    store = desk.store
    cases = list(store.cases.iterate())
    with store._database.read() as tx:
        identities = tx.exec_driver_sql("SELECT count(*) FROM identities").scalar()
        rows = tx.exec_driver_sql(
            "SELECT day, number, total FROM bulletins WHERE issued_at IS NOT NULL"
        ).all()
    return Outcome(
        posts=tuple(sorted(post.native_id for post, _ in store.posts.iterate())),
        cases=tuple((case.number, case.first_native_id, case.posts) for case in cases),
        messages=tuple(message.key for message in every_message(desk)),
        bulletins=tuple((str(day), number, total) for day, number, total in rows),
        identities=int(identities or 0),
    )


def every_message(desk: Desk) -> list[Message]:
    return sorted(desk.store.outbox.listing(limit=MANY), key=lambda message: message.key)


def published(made: Desktop, desk: Desk) -> Counter[tuple[str, str]]:
    """How often each text stands on each platform."""
    out = made.platforms
    pages = desk.config.site_dir.glob("r/*.html")
    return Counter(
        [
            *(("weibo", kept.text) for kept in out.weibo.published),
            *(("telegram", kept.text) for kept in out.telegram.published),
            *(("mail", str(mail.message["Subject"])) for mail in out.mail.published),
            *(("site", page.stem) for page in pages),
        ]
    )


def trace(message: Message) -> tuple[str, str]:
    if message.channel == "site":
        return "site", Path(message.link).stem
    return message.channel, message.title if message.channel == "mail" else message.text


def assert_ends_like(made: Desktop, expected: Outcome, may_be_unknown: int) -> None:
    """The desk ends its day as any other: the same record, one bulletin whose figures hold, the trail whole."""
    assert_nothing_doubled(made, expected, may_be_unknown)
    desk = made.open()
    try:
        assert outcome_of(desk) == expected
        made_today = desk.store.bulletins.by_day("daily", NOW.date())
        assert morning.verify(desk, made_today.id) == []
        desk.store.audit.seal(now=MORNING)
        assert desk.store.audit.verify(made_today.bulletin.audit_head) == []
    finally:
        desk.close()


def assert_nothing_doubled(
    made: Desktop, expected: Outcome, may_be_unknown: int, before: frozenset[int] = frozenset()
) -> list[Message]:
    """Every message is out once, or its fate is listed as unknown; returns the latter.

    `before`: messages that went out before these platforms stood here.
    """
    desk = made.open()
    try:
        assert outcome_of(desk).messages == expected.messages
        listed, out = every_message(desk), published(made, desk)
        assert max(out.values(), default=1) == 1
        unknown = [message for message in listed if message.state is S.UNKNOWN]
        assert len(unknown) <= may_be_unknown
        waiting = {message.case_id for message in unknown if message.channel == "site"}
        for message in listed:
            if message.state is S.APPROVED:  # waits for the site's page, whose fate a person must tell
                assert message.after == "site"
                assert message.case_id in waiting
            elif message.state is not S.UNKNOWN:
                assert message.state is S.SENT
            assert (
                out[trace(message)] == 1 or message.state in {S.UNKNOWN, S.APPROVED} or message.id in before
            ), message.key
        assert list(cycle.turn(desk, MORNING, SENDING_STEPS).values()) == [0, 0, 0]
        assert published(made, desk) == out
        return unknown
    finally:
        desk.close()


@pytest.mark.parametrize("part", [0.0, 0.35, 0.7, 1.0])
def test_a_desk_killed_once_in_every_step_ends_the_day_like_any_other(part, template, undisturbed, tmp_path):
    expected, counted = undisturbed
    with fresh(template, tmp_path) as made:
        for name in STEPS:
            point = max(1, round(part * counted[name]))
            # A day resumed after the approvals sends them with its notices already.
            last = SENDING if name == "deliver" else (name,)
            assert made.live(EVENING, last, point) == KILLED, f"{name} ended before statement {point}"
        assert made.live() == 0
        assert_ends_like(made, expected, may_be_unknown=len(SENDING))


@pytest.mark.parametrize("name", SENDING)
def test_a_delivery_killed_around_a_call_sends_nothing_twice(name, ready, undisturbed, tmp_path):
    expected, _ = undisturbed
    states = Counter()
    for point in FIRST_MESSAGE:
        with fresh(ready[name], tmp_path / str(point)) as made:
            before = frozenset(message.id for message in messages(made, S.SENT))
            assert made.live("deliver", SENDING, point) == KILLED
            cut = messages(made, S.SENDING)
            assert made.live("deliver") == 0
            unknown = assert_nothing_doubled(made, expected, 1, before)
            assert {message.id for message in unknown} <= {message.id for message in cut}
            states["in flight"] += len(cut)
            states["unknown"] += len(unknown)
    assert states["in flight"] >= 2  # or no point fell between claim and settlement
    # A mail cannot be asked for; a page of our own is simply looked at.
    assert states["unknown"] == (states["in flight"] if name == "notify" else 0)


def messages(made: Desktop, state: MessageState) -> list[Message]:
    desk = made.open()
    try:
        return desk.store.outbox.listing(states=(state,), limit=MANY)
    finally:
        desk.close()


# --- the call itself ------------------------------------------------------------------------------------------


class Victim:
    """Whom a platform kills, and when: before it has kept the text, or after, either way without an answer."""

    def __init__(self) -> None:
        self.is_armed = self.after = False
        self.pids: SimpleQueue[int] = SimpleQueue()

    def around(self, keep: Callable[[], Any]) -> Any:
        if not self.is_armed:
            return keep()
        self.is_armed = False
        kept = keep() if self.after else {}
        os.kill(self.pids.get(timeout=240), signal.SIGKILL)
        return kept


class DeadlyWeibo(WeiboPlatform):
    victim = Victim()

    def keep(self, form, kind, picture=None):
        return self.victim.around(lambda: super(DeadlyWeibo, self).keep(form, kind, picture))


class DeadlyTelegram(TelegramPlatform):
    victim = Victim()

    def _keep(self, form, text, picture=None):
        return self.victim.around(lambda: super(DeadlyTelegram, self)._keep(form, text, picture))


class DeadlyMail(SmtpPlatform):
    victim = Victim()

    def keep(self, sender, recipients, content):
        return self.victim.around(lambda: super(DeadlyMail, self).keep(sender, recipients, content))


DEADLY = {"weibo": DeadlyWeibo, "telegram": DeadlyTelegram, "mail": DeadlyMail}


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a desk's database with nothing in it yet."""
    if request.param == "sqlite":
        shutil.copy(template, tmp_path / "huanyu.db")
        yield sqlite(tmp_path)
        return
    address: str = request.getfixturevalue("postgres")
    name = f"kill_{uuid.uuid4().hex}"
    statement(address, f"CREATE DATABASE {name} TEMPLATE huanyu_template")
    yield address.format(name)
    statement(address, f"DROP DATABASE {name} WITH (FORCE)")


def statement(address: str, sql: str) -> None:
    url = address.format("postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


@pytest.mark.parametrize("after", [False, True], ids=["before it is kept", "after it is kept"])
def test_messages_cut_off_in_their_calls_are_unknown_and_never_sent_again(
    after, database, undisturbed, tmp_path
):
    expected, _ = undisturbed
    with desktop(tmp_path, database, **DEADLY) as made:
        cut = [cut_off(made, channel, after) for channel in ("mail", "weibo", "telegram")]
        assert made.live("deliver") == 0
        unknown = assert_nothing_doubled(made, expected, may_be_unknown=len(cut))
        # Weibo is the one platform that can be asked, and what it has kept it knows.
        known = {"weibo"} if after else set()
        assert {message.channel for message in unknown} == {"mail", "weibo", "telegram"} - known
        assert {message.id for message in unknown} <= {one.id for one in cut}


def cut_off(made: Desktop, channel: str, after: bool) -> Message:
    """Kill the desk while its next message to `channel` is under way, and see what it knows of it when it is back."""
    platform = getattr(made.platforms, channel)
    kept = len(platform.published)
    platform.victim.is_armed, platform.victim.after = True, after
    process = made.start("deliver")
    platform.victim.pids.put(process.pid)
    assert wait_for(process) == KILLED
    assert len(platform.published) - kept == int(after)
    (message,) = messages(made, S.SENDING)
    assert message.channel == channel
    assert made.live("restart") == 0
    assert state_of(made, message) is S.UNKNOWN
    assert len(platform.published) - kept == int(after)
    return message


def state_of(made: Desktop, message: Message) -> MessageState:
    desk = made.open()
    try:
        return desk.store.outbox.get(message.id).state
    finally:
        desk.close()
