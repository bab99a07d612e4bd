"""Which accounts may speak at all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from publisher.channels import Smtp
from publisher.channels import open_channel

CONFIG = Path(__file__).parents[3] / "config"
SMTP = Smtp(host="127.0.0.1", port=25, sender="yuqing@sthj.example.org")


def opened(account: AccountRow, folder: Path, secret: str = "only-for-tests") -> object:
    bureau = BureauRow(**tomllib.loads((CONFIG / "bureau.toml").read_text("utf-8")))
    return open_channel(account, secret, site_dir=folder, bureau=bureau, smtp=SMTP)


@pytest.mark.parametrize("channel", ["site", "weibo", "telegram", "mail"])
def test_an_endpoint_nobody_has_tried_does_not_go_live(channel: str, tmp_path: Path) -> None:
    tried = AccountRow(key="a", channel=channel, name="某账号", verified=True)
    assert opened(tried, tmp_path)
    with pytest.raises(Refused, match="还没有人试过"):
        opened(tried.model_copy(update={"verified": False}), tmp_path)


def test_a_missing_secret_or_an_unknown_channel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有授权"):
        opened(AccountRow(key="a", channel="weibo", name="甲", verified=True), tmp_path, secret="")
    with pytest.raises(Refused, match="还没有"):
        opened(AccountRow(key="a", channel="wechat", name="甲", verified=True), tmp_path)


def test_of_the_shipped_accounts_only_those_are_ticked_that_need_no_platform() -> None:
    rows = [
        AccountRow(**row) for row in tomllib.loads((CONFIG / "accounts.toml").read_text("utf-8"))["account"]
    ]
    assert {row.channel for row in rows if row.verified} == {"site", "mail"}
