"""What the made desk has of files and papers: a photo with a camera's notes, and a 退单 in draft."""

from __future__ import annotations

import struct
import wave
from datetime import date
from datetime import datetime
from datetime import timedelta
from io import BytesIO

from cases.boards import Board
from cases.boards import Line
from cases.boards import Spot
from cases.boards import plain
from cases.ranks import Share
from flow import case_files
from flow import documents
from flow import info_requests
from flow import interviews
from flow import ledger
from flow import rewards
from flow.case_files import Upload
from flow.desk import Desk
from huanyu.types import BatchEntry
from huanyu.types import InterviewEntry
from huanyu.types import ItemEntry
from huanyu.types import LedgerEntry
from huanyu.types import User
from tests.photos import jpeg
from tests.photos import segment

SHOT = "2026:03:05 09:48:00"
CAMERA = "Shuicheng X1"


def file(desk: Desk, case_id: int, now: datetime) -> int:
    """A photo of the unit's, kept by the press office."""
    one = Upload(name="现场照片.jpg", body=photo(), caption="车间北墙外的排气口", credit="程立群")
    (made,) = case_files.add(desk, _press(desk), case_id, [one], now)
    return made


def recording(desk: Desk, case_id: int, now: datetime) -> int:
    """Two seconds of a telephone call."""
    one = Upload(name="来电录音.wav", body=sound(2), caption="3月5日来电", credit="宣晓敏")
    (made,) = case_files.add(desk, _press(desk), case_id, [one], now)
    return made


def sound(seconds: int) -> bytes:
    """A tone of a telephone's quality."""
    kept = BytesIO()
    with wave.open(kept, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(bytes(128 + 40 * (at // 10 % 2) for at in range(8000 * seconds)))
    return kept.getvalue()


def draft(desk: Desk, case_id: int, now: datetime) -> int:
    """A paper that somebody has yet to complete."""
    _, _, told = documents.prefilled(desk, _press(desk), case_id, "return_slip", now)
    return documents.draft(desk, _press(desk), case_id, "return_slip", told, now).id


def line(desk: Desk, case_id: int, now: datetime) -> int:
    """A line of the ledger for the case, with a first word of how it goes."""
    case, press = desk.store.cases.get(case_id), _press(desk)
    entry = LedgerEntry(
        title="沿街烟道油烟外溢",
        origin="case",
        unit=case.unit,
        person="分局局长",
        due=now.date() + timedelta(days=8),
        goal="油烟达标排放，不再扰民",
        measures="改造烟道，安装在线监控",
        case_id=case_id,
    )
    found = ledger.enter(desk, press, entry, now)
    return ledger.tell(desk, press, found.id, found.version, "施工方案已定", now).id


def letter(desk: Desk, case_id: int, now: datetime) -> tuple[int, int]:
    """A batch of 督察信访件 whose one letter is that case: their numbers."""
    day = now.date()
    sheet = BatchEntry(
        campaign="第三轮省生态环境保护督察",
        level="省",
        number=1,
        team="省生态环境保护督察组",
        received_on=day,
        due=day + timedelta(days=10),
        told_items=1,
        told_focus=1,
    )
    said = ItemEntry(
        place=1,
        number="X3LC20260305001",
        focus=True,
        problem="沿街饭店油烟直排，夜间气味刺鼻。",
        areas=("371502", "高新区"),
        matters=("大气",),
        units=("高新区分局",),
    )
    batch = desk.store.inspections.open(sheet, _press(desk).name, now)
    return batch.id, desk.store.inspections.add(batch, said, case_id, _press(desk).name, now).id


def reward(desk: Desk, case_id: int, now: datetime) -> int:
    """A reward that nobody has judged yet."""
    return rewards.open_(desk, _press(desk), case_id, "clue", now).id


def ranking(desk: Desk, now: datetime) -> int:
    """A 通报 of last month that waits for a signature, with one line."""
    spot = Spot("371502", "东昌府区", "county", "371502")
    line = Line(
        spot=spot, rank=1, value="90.0", cells=("90.0%（9/10）",), moved="—", moved_year="—",
        shares={"on_time": Share((), ())},
    )  # fmt: skip
    board = Board(
        key="handling", name="各县（市、区）环境信访办理情况", period="2026年2月", value_name="综合得分", value_unit="分",
        heads=("按时办结率",), figures=("on_time",), before="上月", lines=(line,), notes=(), words=(),
    )  # fmt: skip
    values = {
        "ranking": "handling",
        "span": "month",
        "first": date(2026, 2, 1),
        "last": date(2026, 2, 28),
        "title": "关于2026年2月各县（市、区）环境信访办理情况的通报",
        "content": {"board": plain(board), "words": ["没有办件。"], "addressee": "各县（市、区）人民政府"},
        "open_to_all": True,
        "corrects_id": None,
        "why": "",
        "as_of": now,
    }
    return desk.store.rankings.propose(values, _press(desk).name, now).id


def interview(desk: Desk, ranking_id: int, now: datetime) -> int:
    """A 约谈 that waits for a signature."""
    entry = InterviewEntry(
        ranking_id=ranking_id,
        line_id=None,
        area="371502",
        subject="东昌府区人民政府",
        asked="分管负责同志",
        people=2,
        reason="2026年2月环境信访办理排名靠后",
        at=now + timedelta(days=5),
        venue="市生态环境局三楼会议室",
        host="聊城市生态环境局",
    )
    return interviews.propose(desk, _press(desk), entry, now).id


def info_request(desk: Desk, now: datetime) -> int:
    """A 信息公开申请 that waits for an answer."""
    told = info_requests.Told(
        received_on=now.date() - timedelta(days=3),
        way="online",
        applicant_kind="person",
        form="电子邮件",
        who={
            "name": "苏文清",
            "phone": "13800005678",
            "words": "申请公开2025年徒骇河水质监测月报，苏文清，13800005678",
        },
    )
    return info_requests.register(desk, _press(desk), told, now).id


def _press(desk: Desk) -> User:
    found = desk.store.people.user("xuanjiao")
    assert found is not None
    return found[0]


def photo() -> bytes:
    """A small grey square with an Exif block in front: when, with what, and where."""
    return b"\xff\xd8" + segment(0xE1, b"Exif\x00\x00" + _tiff()) + jpeg(telling=False)[2:]


def _tiff() -> bytes:
    """Three blocks: camera; moment; 36°27′21.6″N 115°58′48″E."""
    model, shot = CAMERA.encode() + b"\x00", SHOT.encode() + b"\x00"
    first, sub, gps = 8, 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + 2 + 12 + 4
    texts = gps + 2 + 4 * 12 + 4
    at = {"model": texts, "shot": texts + len(model)}
    at["north"] = at["shot"] + len(shot) + (texts + len(model) + len(shot)) % 2
    at["east"] = at["north"] + 24
    rows = [
        struct.pack(">H", 3),
        struct.pack(">HHII", 0x0110, 2, len(model), at["model"]),
        struct.pack(">HHII", 0x8769, 4, 1, sub),
        struct.pack(">HHII", 0x8825, 4, 1, gps),
        bytes(4),
        struct.pack(">H", 1),
        struct.pack(">HHII", 0x9003, 2, len(shot), at["shot"]),
        bytes(4),
        struct.pack(">H", 4),
        struct.pack(">HHI4s", 1, 2, 2, b"N\x00\x00\x00"),
        struct.pack(">HHII", 2, 5, 3, at["north"]),
        struct.pack(">HHI4s", 3, 2, 2, b"E\x00\x00\x00"),
        struct.pack(">HHII", 4, 5, 3, at["east"]),
        bytes(4),
    ]
    body = b"MM\x00\x2a" + struct.pack(">I", first) + b"".join(rows) + model + shot
    body += bytes(at["north"] - len(body))
    return body + struct.pack(">6I", 36, 1, 27, 1, 216, 10) + struct.pack(">6I", 115, 1, 58, 1, 48, 1)
