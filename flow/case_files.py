"""Files of a case: told apart by their bytes, bounded, hashed, cleaned; the original never leaves the desk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Final

import publisher.picture_size
import publisher.pictures
from flow import permits
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.finding_rows import QualityTable
from huanyu.store.case_files import WRITTEN
from huanyu.store.case_files import NewFile
from huanyu.text import normalise
from huanyu.types import Case
from huanyu.types import CaseFile
from huanyu.types import Picture
from huanyu.types import User
from publisher.picture_notes import notes
from publisher.picture_notes import taken_at

INTAKE: Final = "intake"  #: kind of what came with an item
LONGEST: Final = 80  # characters of a name
MOST_SAID: Final = 20_000  # characters of what is said in a recording: two hours of talk
MP4_SOUND: Final = (b"M4A ", b"M4B ")
#: How the brands of films begin; photos of telephones (HEIC, AVIF) come in the same box, with the place inside.
MP4_FILM: Final = (b"iso", b"mp4", b"avc", b"M4V", b"qt  ", b"3gp", b"3g2", b"MSNV", b"dash", b"mmp4", b"F4V")
EBML: Final = b"\x1a\x45\xdf\xa3"
WEBM_HEAD: Final = 4096  # bytes in which the tracks are named: browsers record sound as WebM or Ogg
HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
SUFFIX: Final = {
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/mp4": ".m4a",
    "audio/amr": ".amr",
    "audio/webm": ".webm",
    "audio/ogg": ".ogg",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    **publisher.pictures.SUFFIX,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as a person chose it."""

    name: str
    body: bytes
    caption: str = ""
    credit: str = ""


def add(desk: Desk, user: User, case_id: int, given: Sequence[Upload], now: datetime) -> list[int]:
    """Keep files with a case; raises BadInput before anything is kept."""
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "add_file", case)
    ready = looked_at(desk.bureau.quality, given)
    if not ready:
        raise BadInput("请先选择文件")
    return desk.store.case_files.add(case.id, ready, user.name, now)


def looked_at(table: QualityTable, given: Sequence[Upload]) -> list[NewFile]:
    """The files with what they are, their clean copies and their notes; raises BadInput naming the file."""
    if len(given) > table.most_files:
        raise BadInput(f"一次最多 {table.most_files} 个文件")
    return [_looked_at(table, one) for one in given]


def handed_in(table: QualityTable, given: Sequence[Upload]) -> list[NewFile]:
    """The same for what came with an item: a screenshot may name whoever reported, so only the office sees it."""
    return [replace(one, kind=INTAKE) for one in looked_at(table, given)]


def of_case(desk: Desk, user: User, case: Case) -> list[CaseFile]:
    """The files a person may see."""
    found = desk.store.case_files.of_case(case.id) if permits.may(user, "see_evidence") else []
    return [one for one in found if one.kind != INTAKE or permits.may(user, "see_posts")]


def fetch(desk: Desk, user: User, case_id: int, file_id: int, clean: bool) -> tuple[CaseFile, bytes]:
    """One file as it came, or its copy without metadata; raises NotFound, NotAllowed."""
    found = _seen(desk, user, case_id, file_id)
    if clean and not found.clean_sha256:
        raise NotFound("没有这个文件", file=file_id)
    return found, desk.store.case_files.body(found.clean_sha256 if clean else found.sha256)


def transcribe(
    desk: Desk, user: User, case_id: int, file_id: int, said: str, seen: str, now: datetime
) -> None:
    """Keep what is said in a recording; `seen` is the mark of the words this person started from."""
    found = _seen(desk, user, case_id, file_id)
    permits.demand_on(user, "add_file", desk.store.cases.get(case_id))
    if not recorded(found):
        raise BadInput(f"“{found.name}”不是录音或视频，没有要写的文字")
    if len(told := normalise(said).strip()) > MOST_SAID:
        raise BadInput(f"录音文字至多 {MOST_SAID} 字，这里有 {len(told)} 字")
    if seen != mark(found):
        raise Conflict(WRITTEN, file=file_id)
    if told != found.transcript:
        desk.store.case_files.transcribe(found, told, user.name, now)


def recorded(file: CaseFile) -> bool:
    """Whether somebody can be heard in it."""
    return file.media.startswith(("audio/", "video/"))


def mark(file: CaseFile) -> str:
    """What tells one state of the written words from another."""
    return hashlib.sha256(file.transcript.encode()).hexdigest()[:16]


def _seen(desk: Desk, user: User, case_id: int, file_id: int) -> CaseFile:
    permits.demand(user, "see_evidence")
    owner, found = desk.store.case_files.get(file_id)
    if found.kind == INTAKE:
        permits.demand(user, "see_posts")
    if owner != case_id:
        raise NotFound("没有这个文件", file=file_id)
    permits.demand_case(user, desk.store.cases.get(owner))
    return found


def kind_of(body: bytes) -> tuple[str, str]:
    """(kind, media) by the bytes alone, ("", "") for what is not taken."""
    if media := publisher.pictures.media_of(body):
        return "picture", media
    if body.startswith(b"%PDF-"):
        return "pdf", "application/pdf"
    if body[4:8] == b"ftyp":
        brand = body[8:12]
        if brand in MP4_SOUND:
            return "sound", "audio/mp4"
        film = "video/quicktime" if brand == b"qt  " else "video/mp4"
        return ("film", film) if brand.startswith(MP4_FILM) else ("", "")
    return _sound(body)


def _sound(body: bytes) -> tuple[str, str]:
    if body.startswith(b"ID3") or (len(body) > 1 and body[0] == 0xFF and body[1] in {0xFB, 0xF3, 0xF2, 0xFA}):
        return "sound", "audio/mpeg"
    if body[:4] == b"RIFF" and body[8:12] == b"WAVE":
        return "sound", "audio/wav"
    if body.startswith(b"#!AMR"):
        return "sound", "audio/amr"
    head = body[:WEBM_HEAD]
    if head.startswith(b"OggS") and (b"OpusHead" in head or b"\x01vorbis" in head):
        return "sound", "audio/ogg"
    is_webm = head.startswith(EBML) and b"webm" in head[:64] and b"A_OPUS" in head and b"V_" not in head
    return ("sound", "audio/webm") if is_webm else ("", "")


def _looked_at(table: QualityTable, one: Upload) -> NewFile:
    kind, media = kind_of(one.body)
    names = "、".join(row.name for row in table.file)
    most = table.most_bytes(kind)
    if not most:
        raise BadInput(f"文件“{one.name}”的内容不是{names}{_instead(one.body)}")
    if len(one.body) > most:
        raise BadInput(f"文件“{one.name}”超过 {most // 1024 // 1024} MB")
    if kind == "picture":
        publisher.picture_size.demand(one.name, one.body, table.most_megapixels)
    found = notes(one.body) if kind == "picture" else {}
    return NewFile(
        name=_named(one.name, media),
        media=media,
        kind=kind,
        body=one.body,
        clean=_clean(one, media) if kind == "picture" else b"",
        caption=normalise(one.caption).strip()[:200],
        credit=normalise(one.credit).strip()[:40],
        taken_at=taken_at(found, SHANGHAI),
        exif=found,
    )


def _instead(body: bytes) -> str:
    """What somebody with an iPhone has to do."""
    heic = body[4:8] == b"ftyp" and body[8:12] in HEIC
    return "；苹果手机的 HEIC 照片请先转成 JPEG" if heic else ""


def _clean(one: Upload, media: str) -> bytes:
    return publisher.pictures.cleaned(Picture(digest="", name=one.name, media=media, body=one.body)).body


def _named(name: str, media: str) -> str:
    """The name without folders and control characters; its ending says what the bytes are."""
    last = normalise(name).replace("\\", "/").rpartition("/")[2].strip(" .") or "文件"
    stem = last.rpartition(".")[0] or last
    return f"{stem[:LONGEST]}{SUFFIX[media]}"
