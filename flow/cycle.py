"""Who runs after whom: every step of the flow by name, and one turn of the crank through all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from time import monotonic

import structlog

from flow import accounts
from flow import afterwards
from flow import alarms
from flow import backing_up
from flow import chat_notices
from flow import circulation
from flow import composing
from flow import delivery
from flow import doubts
from flow import entering
from flow import evidence
from flow import fixed_texts
from flow import handing_over
from flow import incidents
from flow import info_reminders
from flow import ledger_reminders
from flow import ledger_urging
from flow import letters
from flow import morning
from flow import occasions
from flow import probes
from flow import reminding
from flow import reposts
from flow import rerouting
from flow import retaining
from flow import reward_claims
from flow import routing
from flow import sampling
from flow import setting_aside
from flow import steps
from flow import talk_items
from flow.desk import Desk
from huanyu.errors import StoreAway

log = structlog.get_logger()

Step = Callable[[Desk, datetime], int]


def expire(desk: Desk, now: datetime) -> int:
    """Drop what is kept no longer: raw payloads, forms nobody went on with, what came with reports of no matter.

    Rewards nobody claimed in time lapse. What retention.toml says besides goes once a day.
    """
    originals = timedelta(days=desk.bureau.public.originals_days)
    desk.store.public.expire(now - originals, now)
    gone = desk.store.posts.expire_raw(now=now) + entering.forget(desk, now)
    return gone + reward_claims.lapse(desk, now) + retaining.tend(desk, now)


def seal(desk: Desk, now: datetime) -> int:
    """Chain the audit rows written since the last seal."""
    return int(bool(desk.store.audit.seal(now=now)))


#: In the order of the flow; each name is an argument of `huanyu step`.
STEPS: dict[str, Step] = {
    "talks": talk_items.take_up,
    "understand": steps.understand,
    "reposts": reposts.reposts,
    "open": steps.open_cases,
    "route": routing.route,
    "reroute": rerouting.reroute,
    "incident_watch": incidents.incident_watch,
    "recalendar": reminding.recalendar,
    "revisits": reminding.revisits,
    "plan_cards": reminding.plan_cards,
    "cards": reminding.cards,
    "ledger_cards": ledger_reminders.remind,
    "ledger_silent": ledger_urging.urge,
    "info_cards": info_reminders.remind,
    "hand_over_watch": handing_over.hand_over_watch,
    "flash": morning.flash,
    "alarm": alarms.alarm,
    "fixed_texts": fixed_texts.fixed_texts,
    "occasions": occasions.propose,
    "draft": composing.draft_replies,
    "sweep": doubts.sweep,
    "read_back": doubts.read_back,
    "doubt": doubts.tell,
    "accounts": accounts.look,
    "chat_notices": chat_notices.tell,
    "deliver": delivery.deliver,
    "look": afterwards.look,
    "timelines": afterwards.timelines,
    "bulletin": morning.bulletin,
    "circulate": circulation.circulate,
    "probe": probes.probe,
    "sample": sampling.sample,
    "expire": expire,
    "seal": seal,
}
#: Steps that take minutes, since somebody else is waited for or all is read through: on timers of their own, not in a turn.
SLOW: dict[str, Step] = {"evidence": evidence.fetch, "backup": backing_up.tend, "letters": letters.fetch}
#: Steps worth repeating until nothing waits: each batch makes work for the next.
DRAINED = ("understand", "reposts", "open", "route", "recalendar", "revisits", "plan_cards", "cards", "draft")


def turn(desk: Desk, now: datetime, names: tuple[str, ...] = tuple(STEPS)) -> dict[str, int]:
    """Run the named steps once through, draining queues; a failing step is logged and does not stop the others.

    Raises StoreAway: where the database cannot be used, what the turn would have done waits for the next one.
    """
    desk.take_in()
    done = {name: run(desk, name, now) for name in names}
    _note_broken(desk, now)
    return done


def run(desk: Desk, name: str, now: datetime) -> int:
    """Run one step until its queue is empty; returns how many items it handled; raises StoreAway."""
    total = done = _once(desk, name, now)
    while done and name in DRAINED:
        done = _once(desk, name, now)
        total += done
    return total


def _note_broken(desk: Desk, now: datetime) -> None:
    """Keep which rows the steps could not read; raises StoreAway."""
    try:
        setting_aside.note(desk, now)
    except StoreAway:
        raise
    except Exception:  # as in a step: the next turn does it again
        log.exception("broken_rows_not_noted")


def _once(desk: Desk, name: str, now: datetime) -> int:
    begun, failed = monotonic(), False
    try:
        return (STEPS | SLOW)[name](desk, now)
    except StoreAway:
        failed = True
        raise
    except Exception:  # the worker loop: whatever is wrong with one step, the next ones have their own work
        log.exception("step_failed", step=name)
        failed = True
        return 0
    finally:
        desk.pulse.note(name, monotonic() - begun, failed=failed)
