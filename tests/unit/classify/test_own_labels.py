"""Labels kept under a hash, and their texts found again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from classify import own_labels
from classify.own_labels import PROBE
from classify.own_labels import READ
from classify.own_labels import judged
from classify.own_labels import key
from huanyu.errors import BadInput
from huanyu.types import PostType

FILE = "texts/weibo_invented.jsonl.gz"
LETTERS = "texts/letters_invented.jsonl.gz"
TEXT = "楼下  烧烤摊\n又在冒烟"


def label(said_of: str, file: str = FILE, **other: object) -> dict[str, object]:
    said = {"type": "complaint", "kinds": ["air.cooking"], "sentiment": "negative", "urgent": False}
    return {"hash": key(said_of), "file": file, **said, **other}


def write(path: Path, *rows: object, probe: str | None = None) -> Path:
    lines = [{"probe": probe or key(PROBE)}, *rows]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def fill(folder: Path, file: str, *rows: object) -> None:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))


def test_a_text_is_found_by_its_hash_however_its_blanks_stand(tmp_path: Path) -> None:
    fill(tmp_path, FILE, {"text": "别的话"}, {"title": "没有正文"}, {"text": f" {TEXT}　", "user": "甲"})
    found = own_labels.load(tmp_path, write(tmp_path / "read.jsonl", label(TEXT)))
    assert [example.text for example in found.examples] == ["楼下 烧烤摊 又在冒烟"]
    assert found.examples[0].type is PostType.COMPLAINT
    assert found.examples[0].kinds == ("air.cooking",)
    assert found.files == ((FILE, 1),)
    assert found.missing == 0


def test_only_what_was_judged_of_a_long_text_is_learnt_from(tmp_path: Path) -> None:
    long = "路边 " * 200
    fill(tmp_path, FILE, {"text": long})
    found = own_labels.load(tmp_path, write(tmp_path / "read.jsonl", label(long)))
    assert found.examples[0].text == judged(long)
    assert len(judged(long)) <= own_labels.JUDGED


def test_a_text_cut_at_a_blank_keeps_its_name() -> None:
    text = "字" * (own_labels.JUDGED - 1) + " 后文"
    assert key(judged(text)) == key(text)


def test_the_file_tells_the_kind_of_source(tmp_path: Path) -> None:
    fill(tmp_path, FILE, {"text": TEXT})
    fill(tmp_path, LETTERS, {"text": "来信"})
    labels = write(tmp_path / "read.jsonl", label(TEXT), label("来信", LETTERS))
    assert [row.source for row in own_labels.load(tmp_path, labels).examples] == ["weibo", "letter"]


def test_what_the_folder_lacks_is_counted(tmp_path: Path) -> None:
    fill(tmp_path, FILE, {"text": TEXT})
    labels = write(tmp_path / "read.jsonl", label(TEXT), label("不在"), label("也不在", LETTERS))
    found = own_labels.load(tmp_path, labels)
    assert (len(found.examples), found.missing) == (1, 2)


def test_a_changed_way_of_hashing_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="归一化"):
        own_labels.load(tmp_path, write(tmp_path / "read.jsonl", label(TEXT), probe=key("另一句")))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"kinds": ["air.magic"]}, "air.magic"),
        ({"hash": "abc"}, "hash"),
        ({"file": "../texts/weibo.jsonl.gz"}, "file"),
        ({"text": "原文"}, "text"),
    ],
)
def test_a_wrong_label_is_named_by_line_and_field(
    tmp_path: Path, wrong: dict[str, object], named: str
) -> None:
    with pytest.raises(BadInput) as told:
        own_labels.read(write(tmp_path / "read.jsonl", label(TEXT), label("另", **wrong)))
    assert "第3行" in str(told.value)
    assert named in str(told.value)


def test_the_shipped_labels_hold_no_text_and_each_text_once() -> None:
    labels = own_labels.read(READ)
    assert len({row.hash for row in labels}) == len(labels) > 3_000
    assert READ.read_text(encoding="utf-8").isascii()
