"""Pictures and feeds of our own pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from huanyu.types import Message
from publisher.channels.site import SiteChannel
from tests import photos
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def channel(folder: Path, bureau: BureauRow) -> SiteChannel:
    return SiteChannel(folder, bureau)


@pytest.fixture
def message(make_message: MakeMessage) -> Message:
    return make_message(
        channel="site", key="reply:1:site:1", title="办理结果", text="已整改。", pictures=(photos.photo(),)
    )


def pictures(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((folder / "p").iterdir())]


def test_a_picture_stands_on_the_page_with_caption_and_credit(
    channel: SiteChannel, folder: Path, message: Message
) -> None:
    channel.send(message)
    page = (folder / "r/abcdef123456.html").read_text("utf-8")
    (path,) = (folder / "p").iterdir()
    assert f'<img src="../p/{path.name}" alt="整改后的清洗区">' in page
    assert '整改后的清洗区 <span class="credit">岳明 摄</span>' in page
    assert page.index("已整改") < page.index("<img")


def test_nothing_of_the_camera_or_its_owner_gets_onto_the_site(
    channel: SiteChannel, folder: Path, message: Message
) -> None:
    channel.send(message)
    for path in folder.rglob("*"):
        assert "王师傅" not in path.name
        if path.is_file():
            assert [secret for secret in photos.SECRETS if secret in path.read_bytes()] == []


def test_sending_again_changes_nothing(channel: SiteChannel, folder: Path, message: Message) -> None:
    channel.send(message)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    channel.send(message)
    channel.rebuild()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_further_round_keeps_the_earlier_picture(
    channel: SiteChannel, folder: Path, message: Message
) -> None:
    channel.send(message)
    again = replace(message, key="reply:1:site:2", pictures=(photos.photo(photos.png(), caption="复查"),))
    channel.send(again)
    page = (folder / "r/abcdef123456.html").read_text("utf-8")
    assert page.index('alt="复查"') < page.index('alt="整改后的清洗区"')
    assert len(pictures(folder)) == 2


def test_a_withdrawn_page_shows_no_picture_and_none_can_be_fetched(
    channel: SiteChannel, folder: Path, message: Message
) -> None:
    channel.send(message)
    channel.withdraw(replace(message, text="本页内容已撤回。"))
    assert "<img" not in (folder / "r/abcdef123456.html").read_text("utf-8")
    assert pictures(folder) == []
    channel.rebuild()
    assert "<img" not in (folder / "r/abcdef123456.html").read_text("utf-8")


def test_a_picture_that_another_page_shows_stays(
    channel: SiteChannel, folder: Path, message: Message
) -> None:
    other = replace(message, key="reply:2:site:1", link=f"{SITE}/r/bbbbbb222222.html")
    channel.send(message)
    channel.send(other)
    channel.withdraw(replace(message, text="本页内容已撤回。"))
    assert len(pictures(folder)) == 1


def test_a_text_put_right_keeps_its_picture(channel: SiteChannel, folder: Path, message: Message) -> None:
    channel.send(message)
    channel.amend(message, "已整改完成。")
    assert "<img" in (folder / "r/abcdef123456.html").read_text("utf-8")


def test_what_is_no_picture_keeps_the_page_back(channel: SiteChannel, folder: Path, message: Message) -> None:
    with pytest.raises(Refused, match="不是"):
        channel.send(replace(message, pictures=(photos.photo(b"<svg onload=alert(1)>"),)))
    assert not folder.exists()


def test_the_atom_feed_names_what_changed_last(channel: SiteChannel, folder: Path, message: Message) -> None:
    receipt = channel.send(replace(message, title="<b>油烟</b> & 噪声"))
    feed = ElementTree.parse(folder / "atom.xml").getroot()
    (entry,) = feed.findall(f"{ATOM}entry")
    assert receipt.at is not None
    assert entry.findtext(f"{ATOM}title") == "<b>油烟</b> & 噪声"
    assert entry.findtext(f"{ATOM}id") == receipt.url
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == receipt.at.isoformat()
    channel.withdraw(replace(message, text="本页内容已撤回。"))
    (entry,) = ElementTree.parse(folder / "atom.xml").getroot().findall(f"{ATOM}entry")
    assert "（已撤回）" in (entry.findtext(f"{ATOM}title") or "")
    assert entry.findtext(f"{ATOM}content") == "本页内容已撤回。"


def test_both_feeds_and_the_sitemap_are_told_of(channel: SiteChannel, folder: Path, message: Message) -> None:
    channel.send(message)
    page = (folder / "r/abcdef123456.html").read_text("utf-8")
    assert 'type="application/rss+xml"' in page and 'type="application/atom+xml"' in page
    assert f"{SITE}/r/abcdef123456.html" in (folder / "sitemap.xml").read_text("utf-8")
