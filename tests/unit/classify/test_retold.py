"""Texts made up after a text of the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classify import own_labels
from classify import retold
from classify.corpus import Example
from huanyu.errors import BadInput
from huanyu.types import PostType

CORPUS = [
    Example(text="兴华路的烧烤摊又冒烟", type=PostType.COMPLAINT),
    Example(text="周末去东昌湖划船", type=PostType.OTHER),
]


def row(text: str, like: str) -> str:
    return json.dumps({"text": text, "type": "other", "like": own_labels.key(like)})


def test_each_knows_the_text_it_goes_back_to(tmp_path: Path) -> None:
    path = tmp_path / "retold.jsonl"
    path.write_text(
        "\n".join([row("去湖边走走", CORPUS[1].text), row("去爬山", "不在语料里")]), encoding="utf-8"
    )
    told = retold.load(CORPUS, path)
    assert [one.text for one in told.examples] == ["去湖边走走"]
    assert told.after == (1,)


def test_a_row_without_its_origin_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "retold.jsonl"
    path.write_text(row("去爬山", "甲") + '\n{"text": "去爬山", "type": "other"}', encoding="utf-8")
    with pytest.raises(BadInput, match="第2行 like"):
        retold.load(CORPUS, path)


def test_the_shipped_ones_are_read_and_no_two_are_the_same() -> None:
    lines = retold.RETOLD.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) == len(set(texts)) > 1000
    assert retold.load([]).examples == ()
