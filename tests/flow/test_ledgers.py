"""The figures of domain.md, group L, from generated ledgers: each with its unit, none added to another."""

from __future__ import annotations

import json
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import issues
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

IMPORTED = datetime(2018, 1, 8, 9, 0, tzinfo=SHANGHAI)
LEDGERS = (
    (2017, SourceKind.WEIBO, 118),
    (2017, SourceKind.PLATFORM, 241),
    (2016, SourceKind.HOTLINE, 1000),
    (2016, SourceKind.LETTER, 518),
    (2017, SourceKind.HOTLINE, 1100),
    (2017, SourceKind.LETTER, 596),
)
BRIEFS = 90
VERDICT = Verdict(
    type=PostType.COMPLAINT,
    complaint=0.9,
    kinds=("air.odour",),
    sentiment=Sentiment.NEGATIVE,
    urgent=False,
    unsure=False,
    is_complaint=True,
    places=(),
    out_of_town=False,
    signature=b"",
    why=(),
    tokens="",
    model="ledger",
)


def rows(year: int, kind: SourceKind, count: int) -> list[RawPost]:
    start = datetime(year, 1, 1, tzinfo=SHANGHAI)
    return [
        RawPost(
            source=f"{kind.value}-ledger",
            kind=kind,
            native_id=f"{year}-{number}",
            url="",
            text=f"第{number}件: 气味难闻",
            posted_at=start + timedelta(days=365) * number / count,
            fetched_at=IMPORTED,
        )
        for number in range(count)
    ]


@pytest.fixture
def desk(store_url: str, tmp_path: Path):
    config = tmp_path / "config"
    config.mkdir()
    told = (SHIPPED / "bureau.toml").read_text(encoding="utf-8")
    (config / "bureau.toml").write_text(f"records_from = 2016-01-01\n{told}", encoding="utf-8")
    path = tmp_path / "huanyu.toml"
    path.write_text(f'data_dir = "data"\nconfig_dir = "config"\ndatabase = {json.dumps(store_url)}\n')
    (tmp_path / "data").mkdir()
    key = tmp_path / "data" / "secrets.toml"
    key.touch(mode=0o600)
    key.write_text('store_key = "a key that only tests use"\n')
    opened = Desk.open(Config.load(path))
    for ledger in LEDGERS:
        added = opened.store.posts.add(rows(*ledger), now=IMPORTED).new
        opened.store.posts.save_verdicts([(post_id, VERDICT) for post_id in added], now=IMPORTED)
    for number in range(BRIEFS):
        day = date(2017, 1, 1) + timedelta(days=4 * number)
        opened.store.bulletins.reserve("brief", day, now=IMPORTED, scope=f"cases:{number}")
    yield opened
    opened.close()


def test_the_year_is_told_exactly_as_the_ledgers_have_it(desk):
    made = issues.preview(
        desk, issues.subject(desk, "yearly", date(2017, 12, 31)), IMPORTED + timedelta(days=3)
    )
    told = [one.text for part in made.sections for one in part.sentences]
    assert "本年官方微博接到网络舆情118起，比上年增加118起（上年为零，不计百分比）。" in told
    assert "本年舆情监测平台收到环保舆情241件，比上年增加241件（上年为零，不计百分比）。" in told
    assert "本年编发舆情简报90期（含本期）。" in told
    assert any("1696件，比上年增加178件、同比上升11.7%（上年1518件）。" in text for text in told)
    cells = [cell for part in made.sections for row in part.table for cell in row]
    for total in ("359", "449", "331", "1937", "1814"):  # 118 + 241 and other sums that mean nothing
        assert not any(total in text for text in (*told, *cells)), total
