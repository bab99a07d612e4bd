"""evaluate, sample, reclassify on a real desk: the first as real processes, the rest within this one."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flow import cycle
from flow.desk import Desk
from huanyu import clock
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import SourceKind

ROOT = Path(__file__).resolve().parents[3]
ROWS = (
    {"id": "a", "text": "许营镇板材厂半夜排废气，呛得睡不着", "type": "complaint", "source": "weibo"},
    {"id": "b", "text": "今天东昌湖的晚霞真美", "type": "other", "source": "weibo"},
    {"id": "c", "text": "周末和朋友去吃火锅，真香", "type": "complaint", "source": "forum"},
)


@dataclass(frozen=True)
class Done:
    """What a process left behind."""

    code: int
    out: str
    err: str


def huanyu(*arguments: str, folder: Path) -> Done:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUANYU_")}
    command = [sys.executable, "-m", "console.cli", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        timeout=240,
        check=False,
        env=kept | {"PYTHONPATH": str(ROOT)},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    lines = [*(json.dumps(row, ensure_ascii=False) for row in ROWS), "{"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nconfig_dir = "config"\n', encoding="utf-8")
    shutil.copytree(SHIPPED, tmp_path / "config")
    return tmp_path


def fill(folder: Path, model: str = "") -> datetime:
    """Two posts that are called no complaint, by the shipped model or by one of another name; a day old, at the moment
    returned."""
    opened = Desk.open(Config.load(folder / "huanyu.toml"))
    try:
        yesterday = clock.now() - timedelta(days=1)
        raws = [raw(number, str(row["text"]), yesterday) for number, row in enumerate(ROWS[1:])]
        ids = opened.store.posts.add(raws, now=yesterday).new
        verdicts = opened.reader.read([raw.text for raw in raws], [raw.kind for raw in raws])
        calm = [replace(one, is_complaint=False, unsure=False, type=PostType.OPINION) for one in verdicts]
        named = [replace(one, model=model or one.model) for one in calm]
        opened.store.posts.save_verdicts(list(zip(ids, named, strict=True)), now=yesterday)
        return yesterday
    finally:
        opened.close()


def raw(number: int, text: str, at: Any) -> RawPost:
    return RawPost(
        source="weibo-mentions",
        kind=SourceKind.WEIBO,
        native_id=str(number),
        url="",
        text=text,
        fetched_at=at,
        posted_at=at,
    )


def test_evaluate_prints_intervals_a_breakdown_and_mistakes_by_line_without_their_words(texts: Path) -> None:
    done = huanyu("evaluate", str(texts), "--by", "source", "--errors", "2", folder=texts.parent)
    assert done.code == 1  # one line could not be read
    assert "第 4 行: 不是有效的 JSON" in done.err
    assert "3 条, 另有 1 行读不懂" in done.out
    assert "95% 置信区间" in done.out
    assert "forum" in done.out
    assert "第 3 行 编号 c: 漏判投诉" in done.out
    assert "火锅" not in done.out
    told = huanyu("evaluate", str(texts), "--errors", "1", "--show-text", folder=texts.parent)
    assert "火锅" in told.out


def test_evaluate_as_json_is_one_record_with_everything(texts: Path) -> None:
    done = huanyu("evaluate", str(texts), "--by", "kind", "--errors", "9", "--json", folder=texts.parent)
    record = json.loads(done.out)
    assert (record["texts"], [one["line"] for one in record["bad"]]) == (3, [4])
    assert {score["key"] for score in record["scores"]} >= {"complaint_recall", "type_macro_f1"}
    assert all({"low", "high", "of"} <= set(part["recall"]) for part in record["parts"])
    assert record["errors"][0]["line"] == 3
    assert "text" not in record["errors"][0]


def test_evaluate_refuses_what_it_cannot_use_in_one_line(texts: Path, here: Callable[..., Done]) -> None:
    done = here("evaluate", str(texts), "--by", "weather", folder=texts.parent)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "type、kind、source" in done.err
    bad = texts.with_name("bad.jsonl")
    bad.write_text("{\n", encoding="utf-8")
    done = here("evaluate", str(bad), folder=texts.parent)
    assert done.code == 1
    assert "都读不懂" in done.err


def test_evaluate_goes_on_after_every_sort_of_bad_line_and_says_what_is_wrong(
    tmp_path: Path, here: Callable[..., Done]
) -> None:
    good = json.dumps({"id": None, "text": "厂里半夜排废气，呛得睡不着", "type": "complaint"})
    huge = '{"text": "好", "type": "other", "id": ' + "9" * 5000 + "}"
    half = json.dumps({"text": "\ud83d", "type": "other"})
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([huge, half, "[1]", '{"text": "好"}', "[" * 50_000, good]), encoding="utf-8")
    done = here("evaluate", str(path), "--errors", "3", folder=tmp_path)
    assert done.code == 1
    lines = done.err.splitlines()
    assert [line.split(" 第 ")[1].split(" ")[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert "1 条, 另有 5 行读不懂" in done.out
    assert "None" not in done.out


def test_evaluate_tells_nothing_of_what_the_file_has_none_of_and_warns_of_few(
    tmp_path: Path, here: Callable[..., Done]
) -> None:
    path = tmp_path / "one.jsonl.gz"
    row = {"text": "今天东昌湖的晚霞真美", "type": "other"}
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    done = here("evaluate", str(path), folder=tmp_path)
    assert done.code == 0
    assert "召回率" not in done.out
    assert "类型 宏平均 F1" in done.out
    assert "不足 50 条" in done.out
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n", encoding="utf-8")
    done = here("evaluate", str(empty), folder=tmp_path)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "没有可评测的文本" in done.err


def test_sample_tells_the_draws_and_checks_one(desk: Path, here: Callable[..., Done]) -> None:
    day = fill(desk).date().isoformat()
    opened = Desk.open(Config.load(desk / "huanyu.toml"))
    drawn = cycle.run(opened, "sample", clock.now() + timedelta(hours=25))
    opened.close()
    assert drawn == 2
    done = here("sample", folder=desk)
    assert done.code == 0
    assert "还没有人判过抽查" in done.out
    assert "待判 2 条" in done.out
    done = here("sample", "--day", day, folder=desk)
    assert (done.code, done.out.splitlines()[-1]) == (0, "按种子重抽, 与记录相符")
    done = here("sample", "--day", clock.now().date().isoformat(), folder=desk)
    assert "还没有过完" in done.err


def test_reclassify_tells_what_would_change_then_changes_it_once(
    desk: Path, here: Callable[..., Done]
) -> None:
    fill(desk, model="an older one")
    dry = here("reclassify", "--dry-run", folder=desk)
    assert dry.code == 0
    assert "要重判 2 条" in dry.out
    assert "会改写 2 条" in dry.out
    assert "议论感受 → 无关" in dry.out
    done = here("reclassify", folder=desk)
    assert "已改写 2 条" in done.out
    assert "2/2 条" in done.err
    assert "要重判 0 条" in here("reclassify", folder=desk).out
    wrong = here("reclassify", "--since", "2026-03-02", "--until", "2026-03-01", folder=desk)
    assert "--until 早于 --since" in wrong.err
