"""Breakdowns and the costliest mistakes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from scipy import stats

from classify import evaluate
from classify.breakdown import Pair
from classify.breakdown import Ratio
from classify.breakdown import by_kind
from classify.breakdown import by_source
from classify.breakdown import by_type
from classify.breakdown import mistakes
from classify.corpus import Example
from classify.decide import Reading
from huanyu.errors import BadInput
from huanyu.types import PostType
from huanyu.types import Sentiment

YES, NO = PostType.COMPLAINT, PostType.OTHER


def pair(
    truth: PostType,
    told: PostType,
    source: str = "weibo",
    kinds: tuple[str, ...] = (),
    said: tuple[str, ...] = (),
    **more: object,
) -> Pair:
    example = Example(text="某处", type=truth, kinds=kinds, source=source, urgent=bool(more.get("urgent")))
    reading = Reading(
        type=told,
        types=(),
        complaint=float(more.get("chance", 0.9 if told is YES else 0.1)),  # type: ignore[arg-type]
        is_complaint=told is YES,
        unsure=bool(more.get("unsure")),
        kinds=said,
        sentiment=Sentiment.NEUTRAL,
        urgent=bool(more.get("seen_urgent")),
    )
    return example, reading


@pytest.mark.parametrize(("hit", "of"), [(0, 5), (3, 7), (50, 60), (9, 9)])
def test_intervals_are_wilsons(hit: int, of: int) -> None:
    told = stats.binomtest(hit, of).proportion_ci(method="wilson")
    assert Ratio(hit, of).ends == pytest.approx((told.low, told.high), abs=1e-6)


def test_a_share_of_nothing_tells_nothing() -> None:
    assert (Ratio(0, 0).value, Ratio(0, 0).ends) == (0.0, (0.0, 1.0))


def test_types_are_set_against_all_others() -> None:
    parts = {part.key: part for part in by_type([pair(YES, YES), pair(YES, NO), pair(NO, NO)])}
    assert set(parts) == {"complaint", "other"}
    assert (parts["complaint"].recall, parts["complaint"].precision) == (Ratio(1, 2), Ratio(1, 1))
    assert (parts["other"].recall, parts["other"].precision) == (Ratio(1, 1), Ratio(1, 2))


def test_kinds_are_counted_among_complaints_only() -> None:
    pairs = [
        pair(YES, YES, kinds=("air.dust",), said=("air.dust", "noise.social")),
        pair(NO, YES, said=("air.dust",)),
    ]
    parts = {part.key: part for part in by_kind(pairs)}
    assert set(parts) == {"air.dust", "noise.social"}
    assert parts["air.dust"].precision == Ratio(1, 1)


def test_sources_without_a_name_have_a_line_too() -> None:
    parts = by_source([pair(YES, YES), pair(YES, NO, source="")])
    assert [(part.label, part.recall) for part in parts] == [("未注明", Ratio(0, 1)), ("weibo", Ratio(1, 1))]


def test_mistakes_come_in_order_of_what_they_cost() -> None:
    pairs = [
        pair(YES, YES, kinds=("air.dust",), said=("air.dust",)),
        pair(NO, PostType.OPINION),
        pair(YES, YES, kinds=("air.dust",), said=("noise.social",)),
        pair(NO, YES),
        pair(YES, NO, unsure=True),
        pair(YES, YES, urgent=True),
        pair(YES, NO, chance=0.2),
        pair(YES, NO, chance=0.01),
        pair(YES, NO, urgent=True),
    ]
    assert [one.at for one in mistakes(pairs)] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert "漏判投诉, 当作无关; 紧急; 投诉可能 10%" in mistakes(pairs)[0].told


def write(path: Path, *lines: bytes) -> Path:
    body = b"\n".join(lines)
    path.write_bytes(gzip.compress(body) if path.suffix == ".gz" else body)
    return path


@pytest.mark.parametrize("name", ["texts.jsonl", "texts.jsonl.gz"])
def test_bad_rows_are_told_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    good = json.dumps({"id": 7, "text": "夜里打桩", "type": "complaint"}).encode()
    rows, bad = evaluate.rows_of(
        write(
            tmp_path / name,
            b"\xef\xbb\xbf" + good,
            b"",
            b"{",
            b'["a"]',
            "夜里打桩".encode("gbk"),
            b'{"text": "a"}',
            b'{"text": "", "type": "other"}',
            b'{"text": "a", "type": "other", "kinds": ["?"]}',
            b'{"text": "a", "type": "?"}',
            good,
        )
    )
    assert [(row.line, row.id, row.example.text) for row in rows] == [
        (1, "7", "夜里打桩"),
        (10, "7", "夜里打桩"),
    ]
    assert [(one.line, one.told) for one in bad] == [
        (3, "不是有效的 JSON"),
        (4, "每行应为一个 JSON 对象"),
        (5, "不是 UTF-8 编码"),
        (6, "缺少 type"),
        (7, "text 的值不对"),
        (8, "kinds 的值不对"),
        (9, "type 的值不对"),
    ]


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"no archive")
    with pytest.raises(BadInput, match="压缩文件已损坏"):
        evaluate.rows_of(tmp_path / "a.gz")
