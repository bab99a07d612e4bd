"""What stands on our own pages is looked at, put right and taken back in place; index, feed and page say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.types import Message
from publisher.channels.site import SiteChannel
from tests.live.publish.conftest import MakeMessage

TEXT = "现场检查，废气收集罩“破损”。\n罚款3万元 & 限期整改。"
RIGHT = TEXT.replace("3万元", "2万元")
NOTICE = "本局3月10日在此发布的内容因事实需要重新核实，已撤回。（更正〔2026〕4号）"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def channel(folder: Path, bureau: BureauRow) -> SiteChannel:
    return SiteChannel(folder, bureau)


@pytest.fixture
def message(channel: SiteChannel, make_message: MakeMessage) -> Message:
    """A result that is out."""
    made = make_message(channel="site", key="reply:1:site:1", title="办理结果", text=TEXT)
    channel.send(made)
    return made


def page(folder: Path) -> str:
    return (folder / "r/abcdef123456.html").read_text("utf-8")


def items(folder: Path) -> list[ElementTree.Element]:
    return list(ElementTree.parse(folder / "feed.xml").iter("item"))


def test_a_page_as_we_wrote_it_shows_our_text(channel: SiteChannel, message: Message) -> None:
    seen = channel.look(message)
    assert seen is not None
    assert (seen.platform_id, seen.text) == ("abcdef123456", TEXT)


def test_a_page_that_somebody_edited_shows_what_people_read(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    path = folder / "r/abcdef123456.html"
    path.write_text(page(folder).replace("罚款3万元", "未予处罚"), encoding="utf-8")
    seen = channel.look(message)
    assert seen is not None
    assert "未予处罚" in seen.text and "<" not in seen.text


@pytest.mark.parametrize("lost", ["r/abcdef123456.html", "data/abcdef123456.json"])
def test_a_page_that_somebody_deleted_is_not_there(
    channel: SiteChannel, message: Message, folder: Path, lost: str
) -> None:
    (folder / lost).unlink()
    assert channel.look(message) is None


def test_a_message_that_never_went_out_is_not_there(channel: SiteChannel, make_message: MakeMessage) -> None:
    assert channel.look(make_message(channel="site")) is None


def test_a_correction_stands_at_the_same_address_and_says_that_it_is_one(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    receipt = channel.amend(message, RIGHT)
    assert receipt.platform_id == "abcdef123456"
    assert "罚款2万元" in page(folder) and "罚款3万元" not in page(folder)
    assert "办理结果（已更正）" in page(folder) and "更正：<time" in page(folder)
    assert "（已更正）" in (folder / "index.html").read_text("utf-8")
    (item,) = items(folder)
    assert item.findtext("title") == "办理结果（已更正）"
    assert "罚款2万元" in str(item.findtext("description"))
    seen = channel.look(message)
    assert seen is not None and seen.text == RIGHT


def test_a_reader_of_the_feed_meets_a_correction_as_news(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    before = items(folder)[0].findtext("guid")
    channel.amend(message, RIGHT)
    assert items(folder)[0].findtext("guid") not in {before, None}


def test_a_reader_of_the_feed_meets_a_further_round_as_news(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    before = items(folder)[0].findtext("guid")
    channel.send(replace(message, key="reply:1:site:2", title="复查结果", text="复查未发现问题。"))
    (item,) = items(folder)
    assert item.findtext("title") == "复查结果"
    assert item.findtext("guid") not in {before, None}


def test_whose_text_it_is_stands_below_it_and_is_looked_at_too(
    channel: SiteChannel, make_message: MakeMessage, folder: Path
) -> None:
    signed = make_message(
        channel="site", key="reply:1:site:1", text="已整改。\n水城市生态环境局\n2026年3月12日"
    )
    channel.send(signed)
    assert '<p>已整改。</p>\n<p class="signed">水城市生态环境局</p>' in page(folder)
    seen = channel.look(signed)
    assert seen is not None and seen.text == signed.text
    path = folder / "r/abcdef123456.html"
    path.write_text(page(folder).replace("水城市生态", "别的"), encoding="utf-8")
    seen = channel.look(signed)
    assert seen is not None and "别的环境局" in seen.text


def test_correcting_again_changes_no_byte(channel: SiteChannel, message: Message, folder: Path) -> None:
    first = channel.amend(message, RIGHT)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert channel.amend(message, RIGHT) == first
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_old_message_sent_again_does_not_undo_its_correction(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    channel.amend(message, RIGHT)
    channel.send(message)
    assert "罚款2万元" in page(folder)


def test_a_withdrawn_page_leaves_its_reason_and_nothing_else(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    told = replace(message, text=NOTICE)
    channel.withdraw(told)
    for path in (folder / "r/abcdef123456.html", folder / "feed.xml"):
        assert NOTICE in path.read_text("utf-8") and "罚款" not in path.read_text("utf-8")
    assert "办理结果（已撤回）" in page(folder) and "撤回：<time" in page(folder)
    assert channel.look(message) is None
    before = page(folder)
    channel.withdraw(told)
    assert page(folder) == before


def test_an_earlier_round_is_put_right_below_the_present_one(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    channel.send(replace(message, key="reply:1:site:2", text="复查：已整改到位。"))
    channel.amend(message, RIGHT)
    assert "复查：已整改到位。" in page(folder) and "罚款2万元" in page(folder)
    assert page(folder).index("已整改到位") < page(folder).index("罚款2万元")
    seen = channel.look(message)
    assert seen is not None and seen.text == RIGHT


def test_what_is_not_on_the_site_cannot_be_changed_there(
    channel: SiteChannel, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused, match="无从更改"):
        channel.amend(make_message(channel="site"), RIGHT)
    with pytest.raises(Refused, match="无从更改"):
        channel.withdraw(make_message(channel="site"))


def test_a_folder_that_cannot_be_written_is_for_later(
    channel: SiteChannel, message: Message, folder: Path
) -> None:
    (folder / "data/abcdef123456.json").unlink()
    (folder / "data/abcdef123456.json").mkdir()
    with pytest.raises(Unavailable):
        channel.amend(message, RIGHT)


def test_rebuilding_keeps_every_mark(channel: SiteChannel, message: Message, folder: Path) -> None:
    channel.amend(message, RIGHT)
    before = page(folder)
    assert channel.rebuild() == 1
    assert page(folder) == before
