"""What the store itself must know of case states: which are over, what each stamps, which limits stand still.

The arrows between them are the business of cases.lifecycle, reminders that of cases.clocks; a test holds
the tables together.
"""

from __future__ import annotations

PENDING = "pending"
ACCEPTED = "accepted"
ASSIGNED = "assigned"
SIGNED = "signed"
ONSITE = "onsite"
PAUSED = "paused"
REPORTED = "reported"
HANDLED = "handled"
REPLYING = "replying"
ANSWERED = "answered"
INTERIM = "interim"
VISITED = "visited"
RETURNED = "returned"
JOINED = "joined"

#: nobody owes anything any more
OVER = frozenset({"closed", "refused", "transferred", JOINED})
#: the public has its answer: a further complaint is a recurrence
DONE = OVER | {ANSWERED, VISITED}

#: states in which drafts and approved replies of the present round stay good
KEEP_REPLIES = frozenset({REPLYING, ANSWERED, INTERIM, VISITED})

#: states in which a unit works on what it was given: that the case was taken in and passed on stays true
AT_WORK = frozenset({SIGNED, ONSITE, PAUSED, REPORTED, HANDLED})

#: column of `cases` that keeps the moment a state was reached
STAMP = {
    ACCEPTED: "accepted_at",
    SIGNED: "signed_at",
    ONSITE: "arrived_at",
    REPORTED: "reported_at",
    ANSWERED: "answered_at",
} | dict.fromkeys(OVER, "closed_at")
#: columns of `cases` that belong to one round
OF_THE_ROUND = ("routed_at", "result_id", *dict.fromkeys(STAMP.values()))

_WORK_IS_DONE = frozenset({PAUSED, REPORTED, HANDLED, REPLYING, INTERIM}) | DONE

#: limit -> states in which it stands still; any other limit runs until the case is done
STOPPED_IN = {
    "handling": _WORK_IS_DONE,
    "accept": frozenset({ACCEPTED, ASSIGNED, SIGNED, ONSITE, RETURNED}) | _WORK_IS_DONE,
    "arrive": frozenset({PENDING, ACCEPTED, ONSITE, RETURNED}) | _WORK_IS_DONE,
    "check": frozenset({PENDING, ACCEPTED, ASSIGNED, SIGNED, ONSITE, RETURNED}) | _WORK_IS_DONE - {INTERIM},
    "sign": frozenset({PENDING, ACCEPTED, SIGNED, ONSITE, RETURNED}) | _WORK_IS_DONE,
    "opinion": frozenset({PENDING, ACCEPTED, RETURNED}) | _WORK_IS_DONE,
    "revisit": (frozenset({PENDING, ACCEPTED, ASSIGNED, SIGNED, ONSITE, RETURNED}) | _WORK_IS_DONE)
    - {ANSWERED},
    "reexamine": frozenset({JOINED}),
    "reverify": frozenset({JOINED}),
    "rectify": frozenset({PENDING, ACCEPTED, "refused", "transferred", JOINED}),
}


def stands_still(clock: str, state: str, answered: bool = False) -> bool:
    """Whether the limit `clock` does not count while the case is in `state`.

    What ends with the answer has ended once the round was `answered`, whatever becomes of the case.
    """
    return state in STOPPED_IN.get(clock, DONE) or (answered and clock not in STOPPED_IN)


def begins_round(state: str, to: str) -> bool:
    """Whether this move takes a settled matter up again; 阶段性办结 of an answered one only says how far it is."""
    return state in DONE and to not in DONE and to != INTERIM
