"""The list of who gets the bulletins: a mistake in it is told with file, line and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import ConfigError

ROW = '[[recipient]]\nkey = "a"\nname = "甲"\nchannel = "{}"\naddress = "{}"\n{}'


def test_the_shipped_list_can_be_used():
    assert {row.channel for row in load_bureau(SHIPPED).recipients} == {"mail"}


def test_a_bureau_without_a_list_sends_to_nobody(tmp_path: Path):
    (tmp_path / "recipients.toml").write_text("", encoding="utf-8")
    assert load_bureau(tmp_path).recipients == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROW.format("mail", "dangzu", ""), "邮箱地址"),
        (ROW.format("mail", " ", ""), "address 不能为空"),
        (ROW.format("telegram", "@a", ""), "只发期号和链接"),
        (ROW.format("wechat", "a", ""), "channel"),
        (ROW.format("console", "a", 'form = "txt"'), "form"),
        (ROW.format("console", "a", "") * 2, "a 重复"),
    ],
)
def test_a_row_that_cannot_work_is_told(tmp_path: Path, text: str, told: str):
    (tmp_path / "recipients.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        load_bureau(tmp_path)
    assert told in str(problem.value)
    assert "recipients.toml" in str(problem.value)
