"""What the store itself must know of case states: which are over, what each stamps, which limits stand still.

The arrows between them are the business of cases.lifecycle, reminders that of cases.clocks; a test holds
the tables together.
"""

from __future__ import annotations

PENDING = "pending"
ASSIGNED = "assigned"
REPLYING = "replying"
ANSWERED = "answered"
RETURNED = "returned"
JOINED = "joined"

#: nobody owes anything any more
OVER = frozenset({"closed", "refused", "transferred", JOINED})
#: the public has its answer: a further complaint is a recurrence
DONE = OVER | {ANSWERED}

#: states in which drafts and approved replies of the present round stay good
KEEP_REPLIES = frozenset({REPLYING, ANSWERED})

#: states in which a unit works on what it was given: that the case was taken in and passed on stays true
AT_WORK = frozenset({"signed", "handled", "paused"})

#: column of `cases` that keeps the moment a state was reached
STAMP = {"signed": "signed_at", ANSWERED: "answered_at"} | dict.fromkeys(OVER, "closed_at")

_WORK_IS_DONE = frozenset({"handled", REPLYING, "paused"}) | DONE

#: limit -> states in which it stands still; any other limit runs until the case is done
STOPPED_IN = {
    "handling": _WORK_IS_DONE,
    "sign": frozenset({PENDING, "signed", RETURNED}) | _WORK_IS_DONE,
}


def stands_still(clock: str, state: str) -> bool:
    """Whether the limit `clock` does not count while the case is in `state`."""
    return state in STOPPED_IN.get(clock, DONE)
