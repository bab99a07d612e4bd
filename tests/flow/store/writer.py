"""Run as a program: opens a store and writes posts and cases into it, as one of several writers at once.

python writer.py URL KEY NAME ROUNDS
"""

from __future__ import annotations

import sys
from datetime import date
from datetime import datetime
from datetime import timedelta

from huanyu.clock import SHANGHAI
from huanyu.store import Store
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI)
VERDICT = Verdict(
    type=PostType.COMPLAINT,
    complaint=0.9,
    kinds=("air.odour",),
    sentiment=Sentiment.NEGATIVE,
    urgent=False,
    unsure=False,
    is_complaint=True,
    places=(),
    out_of_town=False,
    signature=b"",
    why=(),
    tokens="",
    model="test-1",
)


def write(store: Store, name: str, rounds: int) -> None:
    """Each round: two posts of one's own, one that every writer sees, a case for whatever was new."""
    for turn in range(rounds):
        seen_by_all = [f"all-{other}" for other in range(turn, -1, -1)]
        ids = [f"{name}-{turn}-a", f"{name}-{turn}-b", *seen_by_all]
        added = store.posts.add([_raw(native_id, turn) for native_id in ids], NOW)
        store.posts.save_verdicts([(post_id, VERDICT) for post_id in added.new], NOW)
        for post_id in added.new:
            plan = CasePlan(post_id=post_id, action=CaseAction.NEW, reason="新立", title="气味")
            store.cases.apply(plan, NOW)
        store.settings.put(f"turn-{name}", str(turn), NOW)
        store.bulletins.reserve("daily", date(2026, 1, 1) + timedelta(days=turn), NOW)


def _raw(native_id: str, turn: int) -> RawPost:
    return RawPost(
        source="weibo",
        kind=SourceKind.WEIBO,
        native_id=native_id,
        url="https://weibo.example.org/",
        text="许营镇夜里又有刺鼻气味",
        fetched_at=NOW + timedelta(minutes=turn),
        likes=turn,
    )


if __name__ == "__main__":
    url, key, name, rounds = sys.argv[1:]
    with Store.open(url, key) as store:
        write(store, name, int(rounds))
