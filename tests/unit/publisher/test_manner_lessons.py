"""What teaches `huanyu manner` how proper sentences sound."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from publisher.manner_lessons import notices

SAID = "许营镇今天起清理两条沟渠，镇里请大家把门口的柴草收好，车辆绕行半个月"


def kept(folder: Path, *rows: tuple[str, str, str]) -> Path:
    (folder / "texts").mkdir()
    with gzip.open(folder / "texts" / "labelled.jsonl.gz", "wt", encoding="utf-8") as file:
        for source, kind, text in rows:
            file.write(json.dumps({"source": source, "type": kind, "text": text}) + "\n")
    return folder


def test_publicity_teaches_and_what_citizens_write_does_not(tmp_path: Path) -> None:
    data = kept(
        tmp_path,
        ("weibo", "publicity", SAID),
        ("weibo", "complaint", "又臭了"),
        ("letter", "publicity", "信"),
    )
    assert list(notices(data)) == [SAID]


def test_what_is_passed_on_with_another_beginning_teaches_once(tmp_path: Path) -> None:
    rows = (
        ("weibo", "publicity", SAID),
        ("weibo", "publicity", f"【快讯】{SAID}！"),
        ("news", "publicity", "小雪"),
    )
    assert list(notices(kept(tmp_path, *rows))) == [SAID, "小雪"]
