"""随手拍: what a citizen hands in becomes a post like any other, with a number of its own; then it is understood.

Who reported is sealed apart; photos go on without place and camera, voices are heard by the office only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import case_files
from flow import permits
from flow import public_forms
from flow import reading
from flow import registering
from flow.case_files import Upload
from flow.desk import Desk
from flow.entries import Entry
from huanyu.errors import BadInput
from huanyu.errors import HuanyuError
from huanyu.errors import NotFound
from huanyu.finding_rows import FileRow
from huanyu.kinds import KIND_LABEL
from huanyu.public_rows import MEGA
from huanyu.public_rows import PublicTable
from huanyu.store.case_files import NewFile
from huanyu.store.public_reports import SOURCE
from huanyu.store.public_reports import NewReport
from huanyu.text import normalise
from huanyu.types import PublicReport
from huanyu.types import RawPost
from huanyu.types import ReportFile
from huanyu.types import SourceKind
from huanyu.types import User

SPOKEN: Final = "（语音举报，内容见录音）"
LONGEST_PLACE, LONGEST_NAME, LONGEST_PHONE = 200, 40, 60


class Full(HuanyuError):
    """More reports wait than people can look at: whoever has one is asked to telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What came in by the form, as typed."""

    token: str
    text: str = ""
    place: str = ""
    kind: str = ""
    position: str = ""  #: latitude,longitude,metres as the device told them
    name: str = ""
    phone: str = ""
    consent: bool = False
    photos: tuple[Upload, ...] = ()
    voice: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the citizen takes home."""

    report: PublicReport
    code: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What is wrong with a report, field by field, and its files as they will be kept."""

    problems: Mapping[str, str]
    files: Sequence[NewFile] = field(default=())


def take(desk: Desk, handed: Handed, files: Sequence[NewFile], now: datetime) -> Receipt:
    """Keep a report that `look` found nothing wrong with; raises Full where too many wait."""
    nonce = public_forms.nonce_of(handed.token)
    if known := again(desk, handed.token):
        return known
    if desk.store.public.waiting() >= desk.bureau.public.queue_most:
        raise Full("现在等待研判的举报太多，网上暂时不能再收")
    text, identity = _kept(handed, now)
    latitude, longitude, accuracy = position_of(handed.position) or (None, None, None)
    code = public_forms.code_of(desk.config.store_key, nonce)
    new = NewReport(
        raw=RawPost(
            source=SOURCE,
            kind=SourceKind.REPORT,
            native_id=nonce,
            url="",
            text=text,
            posted_at=now,
            fetched_at=now,
            learned_at=now,
        ),
        identity=identity,
        code=code,
        kind=handed.kind,
        place=normalise(handed.place).strip(),
        latitude=latitude,
        longitude=longitude,
        accuracy=accuracy,
        words=_words(handed),
        files=files,
    )
    return Receipt(desk.store.public.enter(new, now), code)


def again(desk: Desk, token: str) -> Receipt | None:
    """The receipt of a form that was sent before: whoever clicks twice, or loads the page anew, loses nothing."""
    nonce = public_forms.nonce_of(token)
    known = desk.store.public.known(SOURCE, nonce)
    return None if known is None else Receipt(known, public_forms.code_of(desk.config.store_key, nonce))


def look(desk: Desk, handed: Handed, now: datetime) -> Looked:
    """Everything that is wrong with a report at once; keeps nothing."""
    table = desk.bureau.public
    problems = _typed_wrong(table, handed)
    photos = _files(desk, handed.photos, "picture", "photos", problems)
    voice = _files(desk, handed.voice, "sound", "voice", problems)
    if not problems and handed.text.strip():
        since = now - timedelta(hours=table.same_hours)
        if desk.store.public.told_before(_words(handed), since):
            problems["text"] = "一字不差的内容刚刚已经收到，不必重复提交；有新的情况请写出来"
    return Looked(problems, (*photos, *voice))


def position_of(said: str) -> tuple[float, float, float] | None:
    """Latitude, longitude and metres as the device told them; None for anything that is no place on earth."""
    try:
        latitude, longitude, accuracy = (float(part) for part in said.split(","))
    except ValueError:
        return None
    known = all(math.isfinite(one) for one in (latitude, longitude, accuracy))
    if not known or not -90 <= latitude <= 90 or not -180 <= longitude <= 180 or accuracy < 0:
        return None
    return round(latitude, 6), round(longitude, 6), round(min(accuracy, 1e6), 1)


@dataclass(frozen=True, slots=True)
class Told:
    """A report as the desk sees it beside its post."""

    report: PublicReport
    files: tuple[ReportFile, ...]


def of_post(desk: Desk, user: User, post_id: int) -> Told | None:
    """The report a post came with, to whoever may read posts; None for any other post."""
    report = desk.store.public.of_post(post_id) if permits.may(user, "see_posts") else None
    return None if report is None else Told(report, tuple(desk.store.public.files(report.id)))


def beside(desk: Desk, user: User, post_ids: Sequence[int]) -> dict[int, str]:
    """What came with the reports and stands on their own pages only, in words for whoever may read posts."""
    found = desk.store.public.beside(post_ids) if post_ids and permits.may(user, "see_posts") else {}
    return {post_id: _came(located, sounds) for post_id, (located, sounds) in found.items()}


def _came(located: bool, sounds: int) -> str:
    return "、".join([*([f"录音 {sounds} 段"] if sounds else []), *(["手机位置"] if located else [])])


def fetch(desk: Desk, user: User, post_id: int, file_id: int) -> tuple[ReportFile, bytes]:
    """A file as the citizen sent it: only the office sees it, since a voice or a camera may tell who it was."""
    reading.post(desk, user, post_id)
    permits.demand(user, "see_evidence")
    told = of_post(desk, user, post_id)
    found = next((one for one in (told.files if told else ()) if one.id == file_id), None)
    if found is None:
        raise NotFound("没有这个文件", file=file_id)
    return found, desk.store.case_files.body(found.sha256)


def _typed_wrong(table: PublicTable, handed: Handed) -> dict[str, str]:
    text = handed.text.strip()
    short = len(text) < table.text_least and not (handed.voice and not text)
    told = [
        ("text", f"请写明情况，至少 {table.text_least} 个字；不方便打字的，可以只录音", short),
        ("text", f"文字最多 {table.text_most} 字，现在有 {len(text)} 字", len(text) > table.text_most),
        ("place", "请写明地点，或点“用手机定位”", not handed.place.strip() and not handed.position),
        ("place", f"地点最多 {LONGEST_PLACE} 字", len(handed.place) > LONGEST_PLACE),
        (
            "place",
            "没有读懂手机给的位置，请写明地点",
            bool(handed.position) and not position_of(handed.position),
        ),
        ("kind", "没有这个类型，请重新选择", bool(handed.kind) and handed.kind not in KIND_LABEL),
        ("name", f"称呼最多 {LONGEST_NAME} 字", len(handed.name) > LONGEST_NAME),
        ("phone", f"联系方式最多 {LONGEST_PHONE} 字", len(handed.phone) > LONGEST_PHONE),
        ("consent", "请阅读说明并勾选同意", not handed.consent),
        ("photos", f"照片最多 {table.photos} 张", len(handed.photos) > table.photos),
        ("voice", "录音一次一段", len(handed.voice) > 1),
    ]
    wrong: dict[str, str] = {}
    for name, said, is_wrong in told:
        if is_wrong:
            wrong.setdefault(name, said)
    return wrong


def _files(
    desk: Desk, given: Sequence[Upload], kind: str, name: str, problems: dict[str, str]
) -> Sequence[NewFile]:
    """The files told apart by their bytes; what is wrong with one stands in `problems`."""
    table = desk.bureau.public
    most = table.photo_mb if kind == "picture" else table.voice_mb
    row = FileRow(key="picture", name="JPEG、PNG、WebP 照片", most_mb=most)
    row = row if kind == "picture" else FileRow(key="sound", name="录音", most_mb=most)
    bounds = desk.bureau.quality.model_copy(update={"file": (row,), "most_files": 10})
    if name in problems:
        return ()
    whole = sum(len(one.body) for one in given)
    if whole > table.total_mb * MEGA:
        problems[name] = f"文件合计超过 {table.total_mb} MB，请少选几个"
        return ()
    try:
        return [replace(one, caption="", credit="") for one in case_files.looked_at(bounds, given)]
    except BadInput as problem:
        problems[name] = str(problem.args[0])
        return ()


def _kept(handed: Handed, now: datetime) -> tuple[str, str]:
    """The text as everybody at the desk reads it, and who told it, sealed apart as JSON."""
    reporter = {"name": normalise(handed.name).strip(), "phone": normalise(handed.phone).strip()}
    told = handed.text.strip() or SPOKEN
    entry = Entry(
        token="", type="", channel="", text=normalise(told), learned_at=now, place=normalise(handed.place),
        reporter=reporter,
    )  # fmt: skip
    text = registering.kept_text(entry)
    if handed.kind:
        text = f"反映的问题：{KIND_LABEL[handed.kind]}\n{text}"
    known = {key: value for key, value in reporter.items() if value}
    if known and entry.text.strip() not in text:
        known["original"] = entry.text.strip()
    return text, json.dumps(known, ensure_ascii=False) if known else ""


def _words(handed: Handed) -> str:
    return "".join(normalise(f"{handed.place}{handed.text}").split())
