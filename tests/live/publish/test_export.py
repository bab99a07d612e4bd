"""Copy for newspapers and broadcasters: whole folders, the same bytes every time, nothing that the text does not say."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from huanyu import clock
from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.types import Message
from publisher import broadcast
from publisher.channels.export import COPY
from publisher.channels.export import ExportChannel
from publisher.channels.export import folder_name
from publisher.scope import LABEL
from tests import photos
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage

SENTENCES = tuple(
    f"第{number}处点位位于柳园街道，现场检查时油烟净化设施正在运行，排放浓度符合标准。"
    for number in range(1, 9)
)
TEXT = "\n".join(
    [
        "".join(SENTENCES[:4]),
        "".join(SENTENCES[4:]),
        f"详情见：{SITE}/r/abcdef123456.html。",
        "聊城市生态环境局",
    ]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


@pytest.fixture
def channel(folder: Path, bureau: BureauRow) -> ExportChannel:
    return ExportChannel(folder, bureau)


@pytest.fixture
def message(make_message: MakeMessage) -> Message:
    return make_message(
        channel="export",
        key="press:7:export:1",
        title='油烟治理: 一周 "回头看"',
        text=TEXT,
        pictures=(photos.photo(),),
    )


def lines(body: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(body)).paragraphs if paragraph.text]


def test_a_folder_holds_copy_scripts_and_pictures(
    channel: ExportChannel, folder: Path, message: Message
) -> None:
    receipt = channel.send(message)
    made = folder / receipt.platform_id
    assert sorted(path.name for path in made.iterdir()) == sorted(
        [COPY, "口播30秒.txt", "口播60秒.txt", "图1.jpg"]
    )
    assert (made / "图1.jpg").read_bytes() == photos.jpeg(telling=False)
    assert channel.read_back(message) is not None


def test_the_word_file_says_what_the_text_says_and_whom_to_ask(
    channel: ExportChannel, message: Message, bureau: BureauRow
) -> None:
    told = lines(channel.files(message)[COPY])
    assert told == [
        message.title,
        f"供稿：{bureau.name}",
        *TEXT.splitlines(),
        "整改后的清洗区　岳明 摄",
        f"联系：{bureau.office} {bureau.phone}",
    ]


def test_a_picture_and_its_caption_are_never_parted(channel: ExportChannel, message: Message) -> None:
    paragraphs = Document(io.BytesIO(channel.files(message)[COPY])).paragraphs
    at = next(at for at, one in enumerate(paragraphs) if one.text.startswith("整改后的清洗区"))
    assert paragraphs[at - 1].paragraph_format.keep_with_next


def test_nothing_of_the_camera_gets_into_the_word_file(channel: ExportChannel, message: Message) -> None:
    with zipfile.ZipFile(io.BytesIO(channel.files(message)[COPY])) as file:
        whole = b"".join(file.read(name) for name in file.namelist())
    assert [secret for secret in photos.SECRETS if secret in whole] == []
    assert "王师傅".encode() not in whole


def test_the_same_message_gives_the_same_bytes(
    channel: ExportChannel, folder: Path, message: Message
) -> None:
    first = channel.files(message)
    channel.send(message)
    shutil.rmtree(folder)
    assert channel.files(message) == first
    channel.send(message)
    channel.send(message)
    assert len(list(folder.iterdir())) == 1


def test_another_version_has_its_own_folder(channel: ExportChannel, folder: Path, message: Message) -> None:
    channel.send(message)
    assert channel.read_back(replace(message, version=2)) is None
    channel.send(replace(message, version=2))
    assert len(list(folder.iterdir())) == 2


def test_the_folder_is_named_so_that_every_system_takes_it(message: Message) -> None:
    day = clock.local(message.created_at).strftime("%Y%m%d")
    assert folder_name(message) == f"{day}-1-1-油烟治理一周回头看"
    assert "/" not in folder_name(replace(message, title="../../etc/passwd"))


def test_no_half_written_folder_is_left(channel: ExportChannel, folder: Path, message: Message) -> None:
    channel.send(message)
    assert list(folder.rglob(".*")) == []


def test_a_folder_that_cannot_be_written_means_later(
    tmp_path: Path, bureau: BureauRow, message: Message
) -> None:
    (tmp_path / "export").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(Unavailable):
        ExportChannel(tmp_path / "export", bureau).send(message)


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"title": ""}, "标题"), ({"text": " "}, "正文"), ({"pictures": (photos.photo(b"none"),)}, "不是")],
)
def test_what_is_not_whole_is_refused(
    changes: dict[str, object], told: str, channel: ExportChannel, folder: Path, message: Message
) -> None:
    with pytest.raises(Refused, match=told):
        channel.send(replace(message, **changes))  # type: ignore[arg-type]
    assert not folder.exists()


class TestReadingAloud:
    @pytest.mark.parametrize("limit", broadcast.LENGTHS)
    def test_a_script_is_whole_sentences_from_the_top_that_fit(self, limit: int) -> None:
        told = broadcast.excerpt(TEXT, limit)
        assert "".join(SENTENCES).startswith(told)
        assert told.endswith("。")
        assert broadcast.seconds(told) <= limit
        following = SENTENCES[len(told) // len(SENTENCES[0])] if told != "".join(SENTENCES) else ""
        assert not following or broadcast.characters(told + following) > limit * broadcast.RATE

    def test_nobody_reads_an_address_or_a_signature(self) -> None:
        assert list(broadcast.sentences(TEXT)) == list(SENTENCES)

    def test_figures_take_as_long_as_they_are_read(self) -> None:
        assert broadcast.characters("浓度为3.5%。") == 3 + 3 + 3
        assert broadcast.characters("……，。") == 0

    def test_a_first_sentence_that_is_too_long_makes_no_script_and_says_so(
        self, channel: ExportChannel, message: Message
    ) -> None:
        long = replace(message, text="字" * 200 + "。")
        assert "口播30秒.txt" not in channel.files(long)
        assert "口播60秒.txt" in channel.files(long)
        assert "30秒" in channel.send(long).note

    def test_a_script_of_generated_text_says_so_too(self, channel: ExportChannel, message: Message) -> None:
        files = channel.files(replace(message, generated=True, text=f"{TEXT}\n（{LABEL}）"))
        for name in ("口播30秒.txt", "口播60秒.txt"):
            assert f"{LABEL}。" in files[name].decode("utf-8-sig")
