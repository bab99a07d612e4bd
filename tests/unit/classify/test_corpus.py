"""Labelled texts."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from classify import corpus
from huanyu.errors import BadInput

ROW = {
    "text": "楼下烧烤油烟大",
    "type": "complaint",
    "kinds": ["air.cooking"],
    "sentiment": "neutral",
    "urgent": False,
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_packed_and_plain_files_read_alike(tmp_path: Path) -> None:
    plain = write(tmp_path / "rows.jsonl", ROW, ROW)
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert corpus.read(plain) == corpus.read(packed)
    assert len(corpus.read(plain)) == 2


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({**ROW, "type": "gossip"}, "type"),
        ({**ROW, "kinds": ["air.magic"]}, "air.magic"),
        ({**ROW, "text": ""}, "text"),
        ({"text": "没有标签"}, "type"),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_field(tmp_path: Path, bad: object, named: str) -> None:
    path = write(tmp_path / "rows.jsonl", ROW, bad)
    with pytest.raises(BadInput) as told:
        corpus.read(path)
    assert all(part in str(told.value) for part in ("rows.jsonl", "第2行", named))


def test_broken_json_is_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROW) + "\n{oops\n", encoding="utf-8")
    with pytest.raises(BadInput, match="第2行"):
        corpus.read(path)


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.jsonl"):
        corpus.read(tmp_path / "none.jsonl")


def test_the_digest_changes_with_any_label(tmp_path: Path) -> None:
    one = corpus.read(write(tmp_path / "one.jsonl", ROW))
    other = corpus.read(write(tmp_path / "other.jsonl", {**ROW, "urgent": True}))
    assert corpus.digest(one) != corpus.digest(other)


def test_near_identical_texts_share_a_group() -> None:
    told = "阳谷县某镇工厂夜里偷排黑水，河里的鱼死了一大片，村民不敢浇地，多次反映无人处理，望查处"
    groups = corpus.groups(
        [told, "高唐县烧烤摊油烟大，半夜还在划拳", told.replace("，", "！"), "转发：" + told]
    )
    assert groups[0] == groups[2] == groups[3]
    assert groups[1] != groups[0]


def test_a_text_that_says_a_long_run_as_a_known_one_does_is_a_part_of_it() -> None:
    known = ["标题：夜里施工。" + "".join(chr(0x4E00 + at) for at in range(60)), "太臭了"]
    inside, outside = known[0][10:50], "".join(chr(0x5E00 + at) for at in range(40))
    assert corpus.parts(known, [inside, f"另：{inside}", outside, "太臭了！", "太臭了吧", ""]) == [
        0,
        0,
        None,
        1,
        None,
        None,
    ]
