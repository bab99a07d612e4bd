"""Who may ask for what of console.pages.rewards; whoever pays is no role of the matrix, see test_rewards_page."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS, LEADER, NOBODY = roles("press"), roles("leader"), roles()
AT = "/rewards/{reward}"
ACTS = {
    "propose": PRESS,
    "refuse": PRESS,
    "approve": LEADER,
    "send-back": LEADER,
    "notify": PRESS,
    "claim": PRESS,
    "claimant": NOBODY,
    "return": NOBODY,
    "pay": NOBODY,
    "revoke": SIGNERS,
    "renew": SIGNERS,
    "reopen": SIGNERS,
}
MATRIX = {
    ("GET", "/rewards"): Entry("/rewards", SIGNERS),
    ("POST", "/rewards"): Entry("/rewards", PRESS, {"case_id": "999999", "scheme": "clue"}),
    ("GET", "/rewards/figures"): Entry("/rewards/figures", SIGNERS),
    ("POST", "/rewards/list"): Entry("/rewards/list", NOBODY, {"reason": "本月支付"}),
    ("GET", "/rewards/{reward_id}"): Entry(AT, SIGNERS),
} | {
    ("POST", f"/rewards/{{reward_id}}/{act}"): Entry(f"{AT}/{act}", who, {"paid": "2026-03-05"})
    for act, who in ACTS.items()
}
