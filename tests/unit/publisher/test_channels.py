"""Which accounts may speak at all, and what each channel says it can do."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from console import view
from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from huanyu.store import outgoing
from publisher.channels import Smtp
from publisher.channels import open_channel
from publisher.channels.guarded import GuardedChannel

CONFIG = Path(__file__).parents[3] / "config"
README = Path(__file__).parents[3] / "publisher" / "channels" / "README.md"
SMTP = Smtp(host="127.0.0.1", port=25, sender="yuqing@sthj.example.org")
CHANNELS = get_args(AccountRow.model_fields["channel"].annotation)
#: Abilities, and the verbs that they promise.
VERBS = {
    "look": "look",
    "amend": "amend",
    "withdraw": "withdraw",
    "recent": "recent",
    "responses": "responses",
    "reach": "reach",
    "health": "health",
    "by_hand": "slip",
}


def opened(account: AccountRow, folder: Path, secret: str = "only-for-tests") -> GuardedChannel:
    bureau = BureauRow(**tomllib.loads((CONFIG / "bureau.toml").read_text("utf-8")))
    way = open_channel(account, secret, site_dir=folder, bureau=bureau, smtp=SMTP)
    assert isinstance(way, GuardedChannel)  # the three kinds of error are everybody's promise
    return way


def row(channel: str, **more: object) -> AccountRow:
    values = {"app_id": "wx1", "user_id": "7", "base_url": "https://bbs.example.org", "verified": True}
    return AccountRow(key="a", channel=channel, name="某账号", **(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_endpoint_nobody_has_tried_does_not_go_live(channel: str, tmp_path: Path) -> None:
    assert opened(row(channel), tmp_path)
    with pytest.raises(Refused, match="还没有人试过"):
        opened(row(channel, verified=False), tmp_path)


@pytest.mark.parametrize("mode", ["publish", "mass"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_has_the_verbs_of_its_abilities(channel: str, mode: str, tmp_path: Path) -> None:
    way = opened(row(channel, mode=mode), tmp_path)
    for ability, verb in VERBS.items():
        assert not getattr(way.abilities, ability) or callable(getattr(way._way, verb)), ability
    assert way.limits.source


@pytest.mark.parametrize("channel", ["weibo", "wechat", "telegram"])
def test_an_account_without_its_secret_is_refused(channel: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有授权"):
        opened(row(channel), tmp_path, secret="")


@pytest.mark.parametrize(
    ("channel", "missing", "told"),
    [("wechat", "app_id", "app_id"), ("weibo", "user_id", "user_id"), ("discuz", "base_url", "论坛网址")],
)
def test_an_account_without_its_place_is_refused(
    channel: str, missing: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=told) as caught:
        opened(row(channel, **{missing: ""}), tmp_path)
    assert caught.value.whole_account


def test_an_unknown_channel_is_refused(tmp_path: Path) -> None:
    unknown = row("site").model_copy(update={"channel": "fax"})
    with pytest.raises(Refused, match="还没有"):
        opened(unknown, tmp_path)


def shipped() -> list[AccountRow]:
    return [
        AccountRow(**one) for one in tomllib.loads((CONFIG / "accounts.toml").read_text("utf-8"))["account"]
    ]


def test_of_the_shipped_accounts_only_those_are_ticked_that_need_no_platform() -> None:
    assert {one.channel for one in shipped() if one.verified} == {"site", "mail", "export"}


def test_of_the_shipped_accounts_no_platform_is_switched_on() -> None:
    on = {one.channel for one in shipped() if one.enabled}
    assert on <= {"site", "mail", "export"}


def test_every_channel_has_a_row_in_both_tables() -> None:
    lines = [line.split("|")[1] for line in README.read_text("utf-8").splitlines() if line[:2] == "| "]
    rows = Counter(name.strip() for line in lines for name in line.split(","))
    assert {name: rows[name] for name in CHANNELS} == dict.fromkeys(CHANNELS, 2)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_has_a_name_that_people_use(channel: str) -> None:
    assert not view.CHANNELS[channel].islower()
    assert not outgoing.label(channel).islower()
