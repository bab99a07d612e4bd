"""Delivery: what is approved and due leaves, oldest first, one call at a time for each account, each at most once.

Any number of processes may deliver for one desk, on any number of machines: see ADR 0013.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from time import monotonic

from flow import gates
from flow import replies
from flow import restoring
from flow import switches
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from huanyu.store.restores import Restore
from huanyu.types import Message
from publisher import quotas
from publisher import schedule
from publisher.schedule import Planned

PATIENCE = 3  # passes in a row that send nothing, because other workers were first


def deliver(desk: Desk, now: datetime) -> int:
    """Send what is approved and due, and plan what may not leave yet; nothing while the kill switch is on."""
    begun, done, idle = monotonic(), 0, 0
    restored = desk.store.restores.latest()
    while idle < PATIENCE:
        # A long queue takes minutes, and a claim has to carry its own time.
        round_ = _Pass(desk, lambda: now + timedelta(seconds=monotonic() - begun), restored=restored)
        if not round_.run():
            return done
        done += round_.done
        idle = 0 if round_.done else idle + 1
    return done


def plans(desk: Desk, queue: Sequence[Message], now: datetime) -> list[Planned]:
    """When each of these messages may leave, in this order, given what has left and what is planned already."""
    table = desk.bureau.publishing
    rows = {one.account: quotas.of(table.quota, one.account, one.channel) for one in queue}
    most = {account: max(row.count for row in limits) for account, limits in rows.items() if limits}
    left = desk.store.accounts.departures(now - quotas.LONGEST, most)
    planned = desk.store.accounts.waiting(tuple(most), now) if most else {}
    taken = {account: [*reversed(left[account]), *planned[account]] for account in most}
    return schedule.plan(queue, table, taken, now, {})


@dataclass(slots=True)
class _Pass:
    """Once through what is due."""

    desk: Desk
    now: Callable[[], datetime]
    done: int = 0
    restored: Restore | None = None
    busy: set[str] = field(default_factory=set)  #: accounts at which somebody else is at work

    def run(self) -> bool:
        """Whether anything was due."""
        if switches.is_stopped(self.desk):
            return False
        live, held = switches.is_live(self.desk), gates.held_classes(self.desk)
        due = self.desk.store.outbox.due(self.now(), BATCH, live=live, held=held)
        planned = {one.message.id: one for one in plans(self.desk, due, self.now())} if due else {}
        each("deliver", due, lambda message: self._take(planned[message.id]))
        return bool(due)

    def _take(self, planned: Planned) -> None:
        message, now = planned.message, self.now()
        if message.account in self.busy:  # whoever is at work there takes the rest in its order
            return
        if planned.at > now:
            self.done += self.desk.store.outbox.postpone(
                message, planned.at, schedule.told(planned, now), now=now
            )
            return
        if gates.waits(self.desk, message, now) is not None:  # asked each time: a pass may take minutes
            return
        if restoring.is_doubtful(self.restored, message):
            self.done += restoring.hold(self.desk, message, now)
            return
        rows = schedule.quota_rows(message, self.desk.bureau.publishing)
        room, worker = quotas.room(rows, now), self.desk.worker.name
        taken = self.desk.store.outbox.claim(message, now=now, worker=worker, room=room)
        if taken is None:
            self.busy.add(message.account)
            return
        self.done += 1
        replies.settle(self.desk, taken, replies.send(self.desk, taken), self.now())
