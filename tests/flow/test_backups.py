"""A backup taken under load restores to a desk whose chain verifies and that sends nothing twice, on both databases."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from flow import backing_up
from flow import backup_check
from flow import cycle
from flow import delivery
from flow import doubts
from flow import outgoing
from flow import restoring
from flow import switches
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.store import snapshots
from huanyu.types import MessageState
from tests.flow.conftest import _admin
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import configure
from tests.flow.office import everything
from tests.flow.office import staffed
from tests.fresh import STORE_KEY

S = MessageState
LATER = NOW + timedelta(hours=9)
WRITER = Path(__file__).parent / "store" / "writer.py"
#: What a restore is there to change; and the row of the backup itself, which was being made.
CHANGED = (
    "audit",
    "audit_batches",
    "audit_head",
    "backups",
    "beats",
    "outbox",
    "restores",
    "sessions",
    "settings",
)
CHANGED += ("case_events", "tokens", "links", "presence", "chat_codes")
Empty = Callable[[], str]


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "old").mkdir()
    with at_work(tmp_path / "old", store_url) as opened:
        opened.fill()
        yield opened


@pytest.fixture
def empty(store_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Empty]:
    """Addresses of databases of the same kind in which nothing has been made yet."""
    made: list[str] = []

    def one() -> str:
        name = f"r_{uuid.uuid4().hex}"
        if store_url.startswith("sqlite"):
            return f"sqlite:///{(tmp_path / name).as_posix()}.db"
        address: str = request.getfixturevalue("postgres")
        _admin(address, f"CREATE DATABASE {name}")
        made.append(name)
        return address.format(name)

    yield one
    for name in made:
        _admin(request.getfixturevalue("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def put_back(
    office: Office, folder: Path, url: str, path: str, known_head: str = ""
) -> Iterator[tuple[Office, restoring.Restored]]:
    """Another machine, restored from the file; the platforms are the same."""
    folder.mkdir()
    config = Config.load(configure(folder, url, office.platforms))
    key = office.desk.config.backup_key
    done = restoring.restore(config, Path(path), key, LATER, known_head)
    desk = Desk.open(config)
    desk.__dict__["reader"] = office.desk.reader
    try:
        yield staffed(desk, office.platforms), done
    finally:
        desk.close()


def approved(office: Office, one: str) -> dict[str, object]:
    _, drafts = office.replying(one)
    office.approve(drafts)
    return drafts


def test_what_comes_back_is_what_there_was_to_the_last_row(office, tmp_path, empty):
    office.replying(PAINT)
    office.desk.store.audit.seal(NOW)
    (office.desk.config.data_dir / "imports").mkdir(exist_ok=True)
    (office.desk.config.data_dir / "imports" / "a.csv").write_text("甲,乙", encoding="utf-8")
    made = backing_up.make(office.desk, NOW)
    assert (made.state, made.note) == ("done", "")
    assert made.verified_at is not None
    before = everything(office.desk, CHANGED)
    with put_back(office, tmp_path / "new", empty(), made.path) as (again, done):
        assert everything(again.desk, CHANGED) == before
        assert done.taken_at == NOW
        assert (again.desk.config.data_dir / "imports" / "a.csv").read_text(encoding="utf-8") == "甲,乙"
        assert (again.desk.config.data_dir / "restored-settings" / "huanyu.toml").is_file()
        assert again.desk.store.audit.verify() == []


def test_under_load_the_copy_is_of_one_moment_and_its_chain_is_whole(office, store_url, tmp_path, empty):
    """Two programs and this one write and seal all the while; no case of the copy lacks its post, no line its batch."""
    ended = Event()

    def seal() -> None:
        while not ended.is_set():
            office.desk.store.audit.seal(NOW)

    def write(name: str) -> None:
        for turn in count():
            command = [sys.executable, str(WRITER), store_url, STORE_KEY, f"{name}{turn}", "12"]
            subprocess.run(command, check=True, timeout=240)
            if ended.is_set():
                return

    with ThreadPoolExecutor(3) as pool:
        sealing = pool.submit(seal)
        writers = [pool.submit(write, name) for name in ("a", "b")]
        made = []
        while len(made) < 3:
            made.append(backing_up.make(office.desk, NOW + timedelta(seconds=len(made))))
        ended.set()
        for one in (*writers, sealing):
            one.result()
    assert all(one.verified_at and not one.note for one in made), [one.note for one in made]
    assert len({one.rows for one in made}) > 1, "nobody wrote while the copies were made"
    middle = made[len(made) // 2]
    with put_back(office, tmp_path / "new", empty(), middle.path, middle.head) as (again, _):
        store = again.desk.store
        assert store.audit.verify(middle.head) == []
        posts = {post.id for post, _ in store.posts.iterate()}
        opened = [post.id for case in store.cases.iterate() for post in store.cases.posts(case.id)]
        assert opened and set(opened) <= posts and len(opened) == len(set(opened))
        assert store.posts.add([], LATER).new == ()
        writes = subprocess.run(
            [sys.executable, str(WRITER), again.desk.config.database, STORE_KEY, "c", "3"], timeout=240
        )
        assert writes.returncode == 0, "numbers go on behind those that were given out"
        assert store.audit.verify(store.audit.seal(LATER)) == []


def test_what_left_after_the_backup_is_found_on_the_platform_and_not_sent_again(office, tmp_path, empty):
    approved(office, PAINT)
    made = backing_up.make(office.desk, NOW)
    delivery.deliver(office.desk, NOW)
    published = [one.text for one in office.platforms.weibo.published]
    mails = len(office.platforms.mail.published)
    assert len(published) == 1
    with put_back(office, tmp_path / "new", empty(), made.path) as (again, done):
        assert done.held >= 2
        assert all(one.state not in {S.APPROVED, S.SENDING} for one in again.desk.store.outbox.listing())
        assert switches.is_stopped(again.desk)
        shutil.copytree(office.desk.config.site_dir, again.desk.config.site_dir, dirs_exist_ok=True)
        switches.kill_switch(again.desk, again.press, on=False, now=LATER)
        for hours in range(3):
            cycle.turn(again.desk, LATER + timedelta(hours=hours))
        assert [one.text for one in again.platforms.weibo.published] == published
        (weibo,) = [one for one in again.desk.store.outbox.listing() if one.channel == "weibo"]
        assert weibo.state is S.SENT
        held = [one for one in again.desk.store.outbox.listing() if one.doubted_at is not None]
        assert all(one.state in {S.SENT, S.UNKNOWN} for one in held)
        new_mails = office.platforms.mail.published[mails:]
        assert not [one for one in new_mails if "转办" in str(one) and "待核实" not in str(one)]


def test_what_is_agreed_to_anew_is_looked_for_before_it_leaves(office, tmp_path, empty):
    """The backup has drafts; the desk before published them. Agreed to once more, they are found and not doubled."""
    case, drafts = office.replying(PAINT)
    made = backing_up.make(office.desk, NOW)
    office.approve(drafts)
    delivery.deliver(office.desk, NOW)
    assert len(office.platforms.weibo.published) == 1
    with put_back(office, tmp_path / "new", empty(), made.path) as (again, _):
        switches.kill_switch(again.desk, again.press, on=False, now=LATER)
        again.approve(again.replies(case), now=LATER)
        for hours in range(3):
            delivery.deliver(again.desk, LATER + timedelta(hours=hours))
            doubts.read_back(again.desk, LATER + timedelta(hours=hours))
        assert len(again.platforms.weibo.published) == 1
        held = again.replies(case)["site"]
        assert held.state is S.UNKNOWN, "its page was lost with the old machine: a person says so"
        outgoing.settle_unknown(again.desk, again.press, held.id, held.version, True, held.link, LATER)
        delivery.deliver(again.desk, LATER)
        assert again.replies(case)["weibo"].state is S.UNKNOWN, "held, although it was never called"
        doubts.read_back(again.desk, LATER + timedelta(hours=1))
        assert again.replies(case)["weibo"].state is S.SENT
        assert len(again.platforms.weibo.published) == 1


def test_once_a_person_has_looked_and_ended_the_hold_new_texts_leave(office, tmp_path, empty):
    made = backing_up.make(office.desk, NOW)
    with put_back(office, tmp_path / "new", empty(), made.path) as (again, _):
        switches.kill_switch(again.desk, again.press, on=False, now=LATER)
        restoring.end(again.desk, again.press, LATER)
        case, drafts = again.replying(RIVER)
        again.approve(drafts, now=LATER)
        delivery.deliver(again.desk, LATER)
        assert again.replies(case)["weibo"].state is S.SENT
        with pytest.raises(Conflict):
            restoring.end(again.desk, again.press, LATER)


def test_every_way_in_is_shut(office, tmp_path, empty):
    store = office.desk.store
    user = store.people.user("press")[0]
    store.entrances.begin(user.id, "hash", NOW + timedelta(days=1), NOW)
    store.tokens.add("市网格平台", "", (), (), "digest", "hint", LATER + timedelta(days=9), NOW)
    made = backing_up.make(office.desk, NOW)
    with put_back(office, tmp_path / "new", empty(), made.path) as (again, _):
        with again.desk.store._database.read() as tx:
            assert tx.scalar(text("SELECT count(*) FROM sessions")) == 0
        assert all(one.revoked_at for one in again.desk.store.tokens.listing())
        (line,) = [one for one in again.desk.store.audit.listing() if one.action == "desk.restore"]
        assert line.at == LATER


def test_a_cut_chain_is_found_by_the_head_that_a_bulletin_prints(office, empty):
    """Whoever holds the key can cut the end off and sign anew: the head that was printed is missing then."""
    store = office.desk.store
    store.settings.put("a", "1", NOW)
    store.audit.seal(NOW)
    short = store.audit.head()
    store.settings.put("b", "2", NOW)
    printed = store.audit.seal(NOW)
    trail, last = store.audit._trail, 0
    with store._database.write() as tx:
        last = tx.scalar(text("SELECT max(number) FROM audit_batches"))
        tx.execute(text("DELETE FROM audit WHERE batch = :last OR batch IS NULL"), {"last": last})
        tx.execute(text("DELETE FROM audit_batches WHERE number = :last"), {"last": last})
        signed = {"n": last - 1, "head": short, "mac": trail.head(last - 1, short)}
        tx.execute(text("UPDATE audit_head SET batches = :n, head = :head, mac = :mac"), signed)
    made = backing_up.make(office.desk, NOW)
    key = office.desk.config.backup_key
    found = backup_check.check(office.desk.config, Path(made.path), key, printed)
    assert any(printed[:12] in one for one in found.problems)


def test_a_changed_audit_row_is_found_when_the_backup_is_tried_out(office):
    office.desk.store.audit.seal(NOW)
    with office.desk.store._database.write() as tx:
        tx.execute(text("UPDATE audit SET actor = 'somebody' WHERE id = (SELECT min(id) FROM audit)"))
    made = backing_up.make(office.desk, NOW)
    assert made.verified_at is None
    assert "被改动" in made.note


def test_a_desk_at_work_and_a_damaged_file_are_refused_and_nothing_is_written(office, tmp_path, empty):
    made = backing_up.make(office.desk, NOW)
    key, before = office.desk.config.backup_key, everything(office.desk)
    with pytest.raises(Conflict, match="已有数据"):
        restoring.restore(office.desk.config, Path(made.path), key, LATER)
    assert everything(office.desk) == before
    (tmp_path / "new").mkdir()
    url = empty()
    config = Config.load(configure(tmp_path / "new", url, office.platforms))
    whole = Path(made.path).read_bytes()
    broken = tmp_path / "broken.hyb"
    for data in (whole[:-1], whole[: len(whole) // 2], whole[:200] + b"?" + whole[201:]):
        broken.write_bytes(data)
        with pytest.raises(BadInput):
            restoring.restore(config, broken, key, LATER)
    with pytest.raises(BadInput, match="密钥不对"):
        restoring.restore(config, Path(made.path), key + "x", LATER)
    assert snapshots.at_work(url) == []
    assert not (tmp_path / "new" / "data" / "store.key").exists()
    assert list((config.data_dir / "backup-work").glob("*")) == []


def test_no_word_of_a_post_can_be_read_in_the_file(office):
    made = backing_up.make(office.desk, NOW)
    data = Path(made.path).read_bytes()
    assert PAINT.encode()[:12] not in data
    assert data.count(b"huanyu") == 0
    assert Path(made.path).stat().st_mode & 0o077 == 0
