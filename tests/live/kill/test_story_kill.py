"""kill -9 in the middle of every act of the story of one clue: one case, one slip each, one answer, one closing."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.city import city
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow.desk import Desk
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.types import MessageState
from tests.flow.office import MANY
from tests.flow.office import Platforms
from tests.flow.office import configure
from tests.live.kill import story_worker

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are POSIX")

KILLED = -int(signal.SIGKILL)
SENT = {"notice_sent", "notice_delivery_unknown", "sent", "delivery_unknown"}  #: looked at where it arrived
PARTS = (0.4, 0.9)  #: of an act: before its first write is over, and after its last


@dataclass(frozen=True)
class Told:
    """What the chapter leaves behind."""

    cases: tuple[tuple[str, str, str, int], ...]  #: number, state, unit, posts
    history: tuple[tuple[str, ...], ...]  #: of each case: what was done, in order, but for what went out
    messages: tuple[str, ...]
    hand_overs: tuple[tuple[str, bool], ...]  #: to whom, and whether it was answered
    papers: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    bulletins: tuple[int, ...]
    identities: int


def live(settings: Path, *args: object) -> int:
    """One life of the worker; returns its exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([story_worker.__name__])
    process = context.Process(target=story_worker.live, args=(settings, *args), daemon=True)
    process.start()
    process.join(60)
    assert process.exitcode is not None, "the worker hangs"
    return int(process.exitcode)


@contextmanager
def desk_of_units(folder: Path) -> Iterator[tuple[Path, Platforms]]:
    """A desk that knows the story's units, and platforms that outlive it."""
    (folder / "config").mkdir(parents=True)
    shipped = (SHIPPED / "units.toml").read_text(encoding="utf-8")
    (folder / "config" / "units.toml").write_text(shipped + city().units, encoding="utf-8")
    with WeiboPlatform() as weibo, TelegramPlatform() as telegram, SmtpPlatform() as mail:
        platforms = Platforms(weibo, telegram, mail)
        yield configure(folder, f"sqlite:///{(folder / 'huanyu.db').as_posix()}", platforms), platforms


def told_by(settings: Path) -> tuple[Told, Counter[tuple[str, MessageState]]]:
    desk = Desk.open(Config.load(settings))
    try:
        messages = desk.store.outbox.listing(limit=MANY)
        return told_of(desk), Counter((one.channel, one.state) for one in messages)
    finally:
        desk.close()


def told_of(desk: Desk) -> Told:
    store = desk.store
    cases = list(store.cases.iterate())
    with store._database.read() as tx:
        identities = tx.exec_driver_sql("SELECT count(*) FROM identities").scalar()
    assert store.audit.verify() == []
    return Told(
        cases=tuple((one.number, one.state, one.unit, one.posts) for one in cases),
        history=tuple(
            tuple(event.action for event in store.cases.history(one.id) if event.action not in SENT)
            for one in cases
        ),
        messages=tuple(sorted(one.key for one in store.outbox.listing(limit=MANY))),
        hand_overs=tuple(
            sorted(
                (given.unit, given.answered_at is not None)
                for one in cases
                for given in store.hand_overs.of_case(one.id)
            )
        ),
        papers=tuple((one.serial, one.state) for one in store.documents.of_case(cases[0].id)),
        files=tuple(one.name for one in store.case_files.of_case(cases[0].id)),
        bulletins=tuple(one.number for one in store.bulletins.listing()),
        identities=int(identities or 0),
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, dict[str, int]]:
    """The chapter without a kill, and how many statements each act takes."""
    folder = tmp_path_factory.mktemp("undisturbed") / "desk"
    with desk_of_units(folder) as (settings, _):
        assert live(settings, "", 0, folder / "counted") == 0
        told, states = told_by(settings)
        assert {state for _, state in states} == {MessageState.SENT}
        counted = dict(line.split() for line in (folder / "counted").read_text().splitlines())
        return told, {name: int(counted[name]) for name in story_worker.ACTS}


def test_a_story_killed_in_every_act_is_told_once(undisturbed, tmp_path):
    expected, counted = undisturbed
    with desk_of_units(tmp_path / "desk") as (settings, platforms):
        for number, name in enumerate(story_worker.ACTS):
            point = max(1, round(PARTS[number % 2] * counted[name]))
            assert live(settings, name, point) == KILLED, f"{name} ended before statement {point}"
        assert live(settings) == 0
        told, states = told_by(settings)
        assert told == expected
        assert {state for _, state in states} <= {MessageState.SENT, MessageState.UNKNOWN}
        subjects = Counter(
            (mail.recipients, str(mail.message["Subject"])) for mail in platforms.mail.published
        )
        assert max(subjects.values()) == 1
        for platform, channel in ((platforms.weibo, "weibo"), (platforms.telegram, "telegram")):
            out = len(platform.published)
            assert out == 1 or (out == 0 and states[channel, MessageState.UNKNOWN] == 1), channel
        assert len(list((tmp_path / "desk" / "data" / "site").glob("r/*.html"))) == 1
