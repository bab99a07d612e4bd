"""Sentences the program wrote get the punctuation a Chinese reader expects; names, addresses and numbers keep theirs."""

from __future__ import annotations

import pytest

from huanyu.text import prose


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("正常, 读到 12 条, 其中新增 3 条; 2 页没有读到: 拒绝连接", "正常，读到 12 条，其中新增 3 条；2 页没有读到：拒绝连接"),
        ("时间 “前几天” 无法识别", "时间“前几天”无法识别"),
        ("地址已不存在 (HTTP 404): https://a.example/c:8080/x,y, 请更新", "地址已不存在（HTTP 404）：https://a.example/c:8080/x,y，请更新"),
        ("三月.xlsx: 文件加了密码, 请去掉", "三月.xlsx：文件加了密码，请去掉"),
        ("有 2 条, 1 条 (3 项) 无法识别", "有 2 条，1 条（3 项）无法识别"),
    ],
)  # fmt: skip
def test_a_sentence_is_read_with_full_width_marks(written: str, read: str) -> None:
    assert prose(written) == read
    assert prose(read) == read


@pytest.mark.parametrize(
    "kept",
    [
        "10:30 之前不要访问",
        "https://a.example/b(c)?d,e;f:g",
        "规则 list.item (ul.msg > li)",
        "KeyError: 'mid'",
        "",
    ],
)
def test_times_addresses_and_code_stay_as_they_are(kept: str) -> None:
    assert prose(kept) == kept
