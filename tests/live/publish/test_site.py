"""The public pages: whole or not at all, safe, and without anything about the reporter."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.types import Message
from publisher.channels.site import SiteChannel
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage


@pytest.fixture
def channel(tmp_path: Path, bureau: BureauRow) -> SiteChannel:
    return SiteChannel(tmp_path / "site", bureau)


def test_a_result_gets_a_page_an_entry_and_a_feed_item(
    tmp_path: Path, channel: SiteChannel, make_message: MakeMessage
) -> None:
    message = make_message(channel="site", key="reply:1:site:1", text="第一段。\n第二段。")
    receipt = channel.send(message)
    assert receipt.url == f"{SITE}/r/abcdef123456.html"
    page = (tmp_path / "site/r/abcdef123456.html").read_text("utf-8")
    assert "<p>第一段。</p>" in page
    assert "<p>第二段。</p>" in page
    assert 'href="r/abcdef123456.html"' in (tmp_path / "site/index.html").read_text("utf-8")
    feed = ElementTree.parse(tmp_path / "site/feed.xml")
    assert [item.findtext("link") for item in feed.iter("item")] == [receipt.url]
    assert channel.read_back(message) is not None


def test_whoever_reads_a_result_finds_the_way_to_report_where_there_is_one(
    tmp_path: Path, bureau: BureauRow, make_message: MakeMessage
) -> None:
    for reports, links in (("", 0), ("https://report.example.org", 2)):
        SiteChannel(tmp_path / "site", bureau, reports).send(
            make_message(channel="site", key="reply:1:site:1")
        )
        for name in ("index.html", "r/abcdef123456.html"):
            page = (tmp_path / "site" / name).read_text("utf-8")
            assert page.count('href="https://report.example.org/') == links
            assert ('<a href="https://report.example.org/progress">查询进度</a>' in page) == bool(links)


def test_sending_again_changes_nothing(
    tmp_path: Path, channel: SiteChannel, make_message: MakeMessage
) -> None:
    message = make_message(channel="site", key="reply:1:site:1")
    first = channel.send(message)
    before = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert channel.send(message) == first
    assert {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()} == before


def test_text_from_outside_is_text_not_markup(
    tmp_path: Path, channel: SiteChannel, make_message: MakeMessage
) -> None:
    channel.send(make_message(title="<script>alert(1)</script>", text="a<img src=x onerror=alert(1)>"))
    for path in (tmp_path / "site").rglob("*.html"):
        assert "<script" not in path.read_text("utf-8")
        assert "<img" not in path.read_text("utf-8")


def test_a_corrected_text_is_read_back_as_another(channel: SiteChannel, make_message: MakeMessage) -> None:
    channel.send(make_message(text="旧文。"))
    assert channel.read_back(make_message(text="新文。")) is None


def test_another_case_cannot_take_the_address(channel: SiteChannel, make_message: MakeMessage) -> None:
    channel.send(make_message(key="reply:1:site:1"))
    with pytest.raises(Refused):
        channel.send(make_message(key="reply:2:site:1"))


@pytest.mark.parametrize("link", ["", f"{SITE}/r/../../etc.html", f"{SITE}/x.html", f"{SITE}/r/a.html"])
def test_only_a_public_id_names_a_file(link: str, channel: SiteChannel, make_message: MakeMessage) -> None:
    with pytest.raises(Refused):
        channel.send(make_message(link=link))


def test_a_folder_that_cannot_be_written_means_later(
    tmp_path: Path, bureau: BureauRow, make_message: MakeMessage
) -> None:
    (tmp_path / "site").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(Unavailable):
        SiteChannel(tmp_path / "site", bureau).send(make_message())


def test_pages_carry_no_script_and_load_nothing_from_elsewhere(
    tmp_path: Path, channel: SiteChannel, make_message: MakeMessage
) -> None:
    channel.send(make_message())
    page = (tmp_path / "site/r/abcdef123456.html").read_text("utf-8")
    assert '<html lang="zh-CN">' in page
    assert "src=" not in page
    assert "default-src 'none'" in page


def test_no_half_written_file_is_left(
    tmp_path: Path, channel: SiteChannel, make_message: MakeMessage
) -> None:
    channel.send(make_message())
    assert list((tmp_path / "site").rglob(".*")) == []


def test_everything_can_be_rebuilt_from_the_data(
    tmp_path: Path, channel: SiteChannel, make_message: MakeMessage
) -> None:
    channel.send(make_message())
    page = tmp_path / "site/r/abcdef123456.html"
    before = page.read_bytes()
    page.unlink()
    assert channel.rebuild() == 1
    assert page.read_bytes() == before


class TestSecondRound:
    """A reopened matter: the newest result on top with its own date, the earlier one kept below it."""

    @pytest.fixture
    def dated(
        self, tmp_path: Path, channel: SiteChannel, make_message: MakeMessage
    ) -> tuple[Message, Message, Path]:
        first = make_message(key="reply:1:site:1", title="第一次的标题", text="第一次查明。")
        second = make_message(key="reply:1:site:2", title="第二次的标题", text="第二次查明。")
        channel.send(first)
        data = tmp_path / "site/data/abcdef123456.json"
        stored = json.loads(data.read_text("utf-8")) | {"published_at": "2026-01-05T10:00:00+08:00"}
        data.write_text(json.dumps(stored), "utf-8")
        return first, second, tmp_path / "site/r/abcdef123456.html"

    def test_the_newest_stands_first_with_its_own_date(
        self, channel: SiteChannel, dated: tuple[Message, Message, Path]
    ) -> None:
        _, second, path = dated
        receipt = channel.send(second)
        page = path.read_text("utf-8")
        assert receipt.at is not None and receipt.at.isoformat() > "2026-01-05T10:00:00+08:00"
        assert page.index("第二次查明") < page.index("第一次的标题") < page.index("第一次查明")
        now, then = re.findall(r'<time datetime="([^"]+)"', page)
        assert (now, then) == (receipt.at.isoformat(), "2026-01-05T10:00:00+08:00")

    def test_both_rounds_can_be_read_back(
        self, channel: SiteChannel, dated: tuple[Message, Message, Path]
    ) -> None:
        first, second, _ = dated
        channel.send(second)
        for message in (first, second):
            found = channel.read_back(message)
            assert found is not None and found.at is not None
        assert channel.read_back(first).at.year == 2026  # type: ignore[union-attr]

    @pytest.mark.parametrize("again", [0, 1])
    def test_sending_either_round_again_changes_nothing(
        self, again: int, channel: SiteChannel, dated: tuple[Message, Message, Path]
    ) -> None:
        channel.send(dated[1])
        before = dated[2].read_bytes()
        channel.send((dated[0], dated[1])[again])
        assert dated[2].read_bytes() == before

    def test_a_rebuild_keeps_the_earlier_round(
        self, channel: SiteChannel, dated: tuple[Message, Message, Path]
    ) -> None:
        channel.send(dated[1])
        before = dated[2].read_bytes()
        dated[2].unlink()
        channel.rebuild()
        assert dated[2].read_bytes() == before
