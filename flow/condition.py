"""How the desk is: whether it may be trusted with work just now, and the figures of whoever watches it.

Counts, states and seconds only. Names in labels are keys of the tables: steps, sources, accounts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import setting_aside
from flow import standing
from flow import switches
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import HuanyuError
from huanyu.store import JobLeft
from huanyu.store.backups import DONE

FORGOTTEN: Final = timedelta(days=1)  # a process that was not heard of for so long
SILENT: Final = timedelta(minutes=5)  # a turn may take minutes after a long stop
LEAST_DISK: Final = 500 << 20  # bytes: the log of a day and the next backup's beginning
WAITED: Final = timedelta(hours=1)  # a job of a source waits its turn at the site, none so long
MOST: Final = 20  # jobs that are named
FLYING: Final = timedelta(minutes=10)  # longer than any call takes: see flow.doubts


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure with its labels, as Prometheus knows it."""

    name: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()
    kind: str = "gauge"


def ready(desk: Desk, now: datetime) -> dict[str, bool]:
    """What has to hold for the desk to work: the database answers, the clockwork beats, the disk has room."""
    try:
        desk.store.queues.reach()
        beats = desk.store.beats.listing()
    except HuanyuError:
        return {"database": False, "clockwork": False, "disk": has_room(desk)}
    beating = any(abs(now - one.at) < SILENT for one in beats)
    return {"database": True, "clockwork": beating, "disk": has_room(desk)}


def beat(desk: Desk, now: datetime) -> None:
    """Give a sign of life of this process, where the last one is some time ago."""
    if desk.pulse.is_due(now):
        desk.store.beats.beat(desk.worker.name, dict(desk.pulse.steps), now, now - FORGOTTEN)
        desk.pulse.told = now


def has_room(desk: Desk) -> bool:
    """Whether there is room left where the data lie."""
    return shutil.disk_usage(desk.config.data_dir).free >= LEAST_DISK


def clock_ahead(desk: Desk, now: datetime) -> str:
    """By how much the newest line of the trail is from the future, "" where it is not: a clock was put back."""
    newest = desk.store.audit.listing(limit=1)
    ahead = newest[0].at - now if newest else timedelta()
    return f"{int(ahead.total_seconds() // 60)} 分钟" if ahead > timedelta(minutes=2) else ""


def metrics(desk: Desk, now: datetime) -> list[Metric]:
    """Everything that is worth an alarm or a curve."""
    return [
        *(
            Metric("huanyu_ready", "Whether this part of the desk works.", float(works), (("part", part),))
            for part, works in ready(desk, now).items()
        ),
        *_queues(desk, now),
        *_outbox(desk),
        *_sources(desk),
        *_steps(desk, now),
        *_kept(desk, now),
    ]


def stuck(desk: Desk, now: datetime) -> Iterator[str]:
    """What has waited longer than it should, in Chinese; nothing where no process has been at work lately."""
    named = {"understand": "研判", "open": "立案", "route": "派单", "deliver": "发布", "sweep": "发布中的"}
    if not any(abs(now - one.at) < SILENT for one in desk.store.beats.listing()):
        return
    for key, queue in desk.store.queues.waiting(now).items():
        if key in named and queue.since is not None and now - queue.since > FLYING:
            if key == "deliver" and (switches.is_stopped(desk) or not switches.is_live(desk)):
                continue
            minutes = int((now - queue.since).total_seconds() // 60)
            yield f"{named[key]}有 {queue.count} 条在等, 最早的等了 {minutes} 分钟"


def left_jobs(desk: Desk, now: datetime) -> list[str]:
    """Jobs of the engine that failed or that no process takes, in Chinese, the oldest first."""
    return [_left(one) for one in desk.store.jobs.left(now - WAITED, MOST)]


def _left(one: JobLeft) -> str:
    head = f"后台作业 {one.number} 号（{one.task}，队列 {one.queue}）"
    since = f"{local(one.at):%m-%d %H:%M}" if one.at else "何时不明"
    if one.failed:
        return f"{head}没有做成（{since}），已放在一边，别的照做；原因在日志里，它的活由下一轮接着做"
    return f"{head}从 {since} 起没有进程来做：请查看 huanyu work 是否在运行、有没有做这个队列"


def _queues(desk: Desk, now: datetime) -> Iterator[Metric]:
    for step, queue in desk.store.queues.waiting(now).items():
        labels = (("step", step),)
        yield Metric("huanyu_queue_items", "Items that wait for a step.", queue.count, labels)
        lag = max(0.0, (now - queue.since).total_seconds()) if queue.since else 0.0
        yield Metric("huanyu_queue_lag_seconds", "Age of the oldest item that waits.", lag, labels)


def _outbox(desk: Desk) -> Iterator[Metric]:
    aside = len(setting_aside.listing(desk))
    yield Metric("huanyu_broken_rows", "Rows nobody can read, set aside.", aside)
    for state, count in desk.store.queues.outbox().items():
        yield Metric("huanyu_outbox_messages", "Messages by state.", count, (("state", state),))
    stopped = float(switches.is_stopped(desk))
    yield Metric("huanyu_stopped", "Whether the kill switch is on.", stopped)
    yield Metric("huanyu_live", "Whether public texts really leave.", float(switches.is_live(desk)))


def _sources(desk: Desk) -> Iterator[Metric]:
    for one in standing.standings(desk):
        labels = (("source", one.row.key), ("state", one.state))
        yield Metric("huanyu_source_state", "1 for the state each source is in.", 1.0, labels)


def _steps(desk: Desk, now: datetime) -> Iterator[Metric]:
    for beat in desk.store.beats.listing():
        worker = (("worker", beat.worker),)
        age = (now - beat.at).total_seconds()
        yield Metric("huanyu_heartbeat_age_seconds", "Since a process was heard of.", age, worker)
        for step, (runs, seconds, failures) in beat.steps.items():
            labels = (*worker, ("step", step))
            yield Metric("huanyu_step_runs_total", "Runs of a step.", runs, labels, "counter")
            yield Metric("huanyu_step_seconds_total", "Seconds spent in a step.", seconds, labels, "counter")
            yield Metric("huanyu_step_failures_total", "Runs that failed.", failures, labels, "counter")


def _kept(desk: Desk, now: datetime) -> Iterator[Metric]:
    usage = shutil.disk_usage(desk.config.data_dir)
    yield Metric("huanyu_disk_free_bytes", "Room left where the data lie.", usage.free)
    good = [one for one in desk.store.backups.listing() if one.state == DONE and one.verified_at]
    if good:
        age = (now - good[0].begun_at).total_seconds()
        yield Metric("huanyu_backup_age_seconds", "Since the last backup that was tried out.", age)
        yield Metric("huanyu_backup_size_bytes", "Size of it.", good[0].size)
