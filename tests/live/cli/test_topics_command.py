"""`huanyu topics`: the hot topics of a period as lines for programs and for people."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from console import cli
from flow import cycle
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import RawPost
from huanyu.types import SourceKind

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
TOLD = "许营镇赵庄西头有家小喷漆房，一到夜里就开工，油漆味熏得孩子直咳嗽，反映好几回了没人管"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with one matter that two people told of."""
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    desk = Desk.open(Config.load(tmp_path / "huanyu.toml"))
    told = [
        RawPost(
            source="weibo-mentions",
            kind=SourceKind.WEIBO,
            native_id=str(number),
            url=f"https://weibo.example.org/{number}",
            text=TOLD + "啊" * number,
            author=f"水城网友{number}",
            fetched_at=NOW,
            posted_at=NOW - timedelta(hours=number + 1),
            reposts=3,
        )
        for number in range(2)
    ]
    desk.store.posts.add(told, now=NOW)
    cycle.turn(desk, NOW, ("understand", "open"))
    desk.close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_line_is_a_topic_with_its_terms_and_posts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["topics", "--since", "2026-03-04", "--until", "2026-03-10"]) == 0
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert row["title"].endswith("— 2 条, 1 个来源")
    assert len(row["posts"]) == 2
    assert row["heat"] == round(sum(term["value"] for term in row["terms"]), 1)
    assert "水城网友" not in json.dumps(row, ensure_ascii=False)


def test_a_table_is_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["topics", "--until", "2026-03-10", "--table"]) == 0
    shown = capsys.readouterr().out
    assert "许营镇" in shown and "条数 2" in shown
    assert "posts" not in shown, "every word of the table is Chinese"
    assert cli.run(["topics", "--until", "2025-03-10", "--table"]) == 0
    assert "没有热点" in capsys.readouterr().out


def test_a_period_the_wrong_way_round_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["topics", "--since", "2026-03-10", "--until", "2026-03-04"]) == 1
    assert "结束日期早于开始日期" in capsys.readouterr().err


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_no_calendar_reaches_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    assert cli.run(["topics", "--since", day, "--until", day]) == 1
    assert "日期应在 2000 年至 2999 年之间" in capsys.readouterr().err


def test_a_period_in_the_future_has_no_topics(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["topics", "--since", "2031-01-01", "--until", "2031-01-07", "--table"]) == 0
    assert "没有热点" in capsys.readouterr().out
