"""How an account is: the worst of what is known, and what somebody is told of once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest

from huanyu.clock import SHANGHAI
from huanyu.publishing_rows import PublishingTable
from huanyu.publishing_rows import QuotaRow
from huanyu.types import AccountState
from huanyu.types import Health
from publisher import health
from publisher.quotas import Used

NOW = datetime(2026, 3, 12, 10, tzinfo=SHANGHAI)
KEPT = AccountState(account="weibo")
TABLE = PublishingTable()
DAILY = QuotaRow.model_validate({"channel": "weibo", "per": "day", "count": 3, "source": "测试"})
FULL = [Used(DAILY, 3)]


def judged(kept: AccountState = KEPT, told: Health | None = None, used: list[Used] | None = None) -> str:
    return health.judge(kept, told, "weibo", used or [], TABLE, NOW).state


def test_an_account_of_which_nothing_bad_is_known_is_well() -> None:
    assert judged() == "ok"


@pytest.mark.parametrize(
    ("kept", "told", "used", "state"),
    [
        (KEPT, Health(state="revoked", note="授权无效"), FULL, "revoked"),
        (replace(KEPT, failures=3), Health(state="ok"), FULL, "failing"),
        (KEPT, Health(state="quota"), [], "quota"),
        (KEPT, Health(state="ok", token_expires_at=NOW + timedelta(days=6)), FULL, "quota"),
        (KEPT, Health(state="ok", token_expires_at=NOW + timedelta(days=6)), [], "expiring"),
        (KEPT, Health(state="ok", token_expires_at=NOW + timedelta(days=8)), [], "ok"),
        (replace(KEPT, last_published=NOW - timedelta(days=10)), None, [], "idle"),
        (replace(KEPT, last_published=NOW - timedelta(days=9, hours=23)), None, [], "ok"),
    ],
)
def test_the_worst_is_said(kept: AccountState, told: Health | None, used: list[Used], state: str) -> None:
    assert judged(kept, told, used) == state


def test_a_revoked_account_stays_so_until_something_went_out_or_the_platform_says_otherwise() -> None:
    revoked = replace(KEPT, state="revoked", last_failed=NOW - timedelta(hours=1))
    assert judged(revoked) == "revoked"
    assert judged(replace(revoked, last_ok=NOW)) == "ok"
    assert judged(revoked, Health(state="ok")) == "ok"


def test_a_minute_that_is_full_is_no_trouble() -> None:
    row = DAILY.model_copy(update={"per": "minute"})
    assert judged(used=[Used(row, 3)]) == "ok"


def test_the_house_mail_and_the_own_site_are_never_idle() -> None:
    long_ago = replace(KEPT, last_published=NOW - timedelta(days=99))
    assert health.judge(long_ago, None, "site", [], TABLE, NOW).state == "ok"


def test_the_end_of_a_token_is_told_of_at_each_threshold_once() -> None:
    def told(left: timedelta) -> str:
        found = replace(KEPT, state="expiring", token_expires_at=NOW + timedelta(days=20))
        return health.episode(found, TABLE, NOW + timedelta(days=20) - left)

    assert told(timedelta(days=7)) == told(timedelta(days=2)) != ""
    assert told(timedelta(hours=23)) not in {"", told(timedelta(days=7))}


def test_every_state_that_needs_a_person_says_what_to_do() -> None:
    assert set(health.ADVICE) | {"ok", "off"} == set(health.LABEL)
