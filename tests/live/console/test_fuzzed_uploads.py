"""Ten megabytes of broken, cut, spliced and hostile files at every place that takes one: refused clearly, run by nobody."""

from __future__ import annotations

import random
import re
import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from made_console import Console
from test_hand_over_pages import address_of
from test_hand_over_pages import outside_case

from tests import photos
from tests.unit.crawler import workbooks

ENOUGH = 10_000_000  # bytes altogether
SEED = 20261122
CHINESE = re.compile(r"[\u4e00-\u9fff]{4,}")
HOSTILE = b"<html><script>alert(document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NAMES = (
    "a.png",
    "照片.jpg",
    "../../etc/passwd",
    "x.svg",
    "y.html",
    "con.xlsx",
    "a\r\nb.csv",
    "t.webp",
    "录音.mp3",
    ".",
)


def seeds(folder: Path, dice: random.Random) -> list[bytes]:
    """Valid files of every kind, of some 90 kB each, and what no place takes."""
    noise = dice.randbytes(90_000)
    rows = [["工单编号", "诉求内容"], *([f"LC{n}", f"河水发黑第{n}次"] for n in range(1500))]
    book = workbooks.xlsx(folder / "a.xlsx", {"三月": rows})
    table = "\n".join(
        [
            "工单编号,诉求内容,来电时间",
            *(f"LC{n},夜里有异味第{n}次,2026-03-04 08:0{n % 10}" for n in range(1500)),
        ]
    )
    wave = (
        b"RIFF"
        + struct.pack("<I", 36 + len(noise))
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    )
    png = photos.png()
    return [
        png[:8] + png[8:33] + struct.pack(">I", len(noise)) + b"pHYs" + noise + b"\x00" * 4 + png[33:],
        photos.jpeg(padding=90_000),
        photos.gif() + noise,
        photos.webp() + noise,
        book.read_bytes() + noise,
        table.encode(),
        table.encode("gb18030"),
        wave + b"data" + struct.pack("<I", len(noise)) + noise,
        b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + noise,
        b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + noise,
        b"%PDF-1.7\n" + noise,
        HOSTILE + noise,
        SVG + noise,
        bomb(),
    ]


def bomb() -> bytes:
    """A workbook that says it unfolds to little."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (30 << 20))
    return packed.getvalue()


def mutated(body: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """One of the ways in which a file comes broken, or is made to look like another."""
    at, way = dice.randrange(len(body)), dice.randrange(7)
    if way == 0:
        return body[:at]
    if way == 1:
        return body[:at] + dice.randbytes(dice.randrange(1, 64)) + body[at:]
    if way == 2:
        return body[:at] + dice.choice(others)[dice.randrange(200) :]
    if way == 3:
        return dice.choice(others)[:32] + body[32:]
    changed = bytearray(body)
    span = len(body) if way == 4 else min(len(body), 400)  # mostly where the sizes stand
    for _ in range(dice.choice((1, 3, 20))):
        changed[dice.randrange(span)] = dice.choice((0, 0x7F, 0x80, 0xFF, dice.randrange(256)))
    return bytes(changed) if way < 6 else body


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names and bodies, until they are enough; the same on every run."""
    dice = random.Random(SEED)
    valid, sent = seeds(folder, dice), 0
    while sent < ENOUGH:
        body = mutated(dice.choice(valid), valid, dice)
        sent += len(body)
        yield dice.choice(NAMES), body


def places(console: Console) -> list[tuple[str, str, str, dict[str, str]]]:
    """Who sends files where, in which field, with what beside them."""
    made = console.made
    told = {
        "finding": "属实",
        "visited_at": "2026-03-05T10:00",
        "found": "现场查看确有其事",
        "measure": "责令立即整改",
    }
    entry = {
        "token": "0" * 32,
        "type": "complaint",
        "channel": "phone",
        "text": "夜里有异味",
        "learned_at": "2026-03-05T09:00",
    }
    draft = {
        "product": "notice",
        "at": "2026-03-06T09:00",
        "account": "site",
        "caption0": "河道",
        "credit0": "岳明",
    }
    return [
        ("handler", f"/cases/{made.mine}/files", "file0", {}),
        ("handler", f"/cases/{made.mine}/result", "file0", {"version": "999", **told}),
        ("press", "/import", "file", {"source": "hotline-12345"}),
        ("press", "/register", "files", entry | {"act": "look"}),
        ("press", "/calendar/new", "picture0", draft),
        ("admin", "/rules", "file", {"act": "look"}),
        ("admin", "/tables/enterprises/import", "file", {}),
    ]


def is_answered(answer: httpx.Response) -> bool:
    """No page of an error, and where something was refused it says so in Chinese, quoting nothing as markup."""
    if answer.status_code >= 500 or "程序出错" in answer.text:
        return False
    refused = answer.status_code >= 400
    return HOSTILE.decode() not in answer.text and (not refused or CHINESE.search(answer.text) is not None)


def test_no_file_breaks_the_desk_and_none_is_run(console: Console, tmp_path: Path) -> None:
    wrong, sent, taken = [], 0, 0
    link = address_of(console, outside_case(console))
    with (
        console.sign_in("handler") as handler,
        console.sign_in("press") as press,
        console.sign_in("admin") as admin,
    ):
        clients = {"handler": handler, "press": press, "admin": admin, "unit": press}
        targets = [*places(console), ("unit", f"{link}/report", "file0", {"finding": "属实"})]
        for number, (name, body) in enumerate(files(tmp_path)):
            role, path, field, form = targets[number % len(targets)]
            kind = ("image/png", "text/html", "image/svg+xml", "application/octet-stream")[number % 4]
            answer = clients[role].post(path, data=form, files={field: (name, body, kind)})
            if answer.status_code == 303 and path == "/import":
                answer = press.get(answer.headers["location"])
            sent, taken = sent + len(body), taken + (answer.status_code < 400)
            if not is_answered(answer):
                wrong.append((number, path, name, answer.status_code))
    assert wrong == []
    assert sent >= ENOUGH
    assert 0 < taken < number, "some are whole, most are not"
    assert kept_files_are_harmless(console)


def kept_files_are_harmless(console: Console) -> bool:
    """What was kept of them is handed out as what it is, under a sandbox, under a name of ours."""
    found = console.desk.store.case_files.of_case(console.made.mine)
    with console.sign_in("handler") as handler:
        for one in found:
            answer = handler.get(f"/cases/{console.made.mine}/files/{one.id}")
            told = answer.headers
            if (
                "sandbox" not in told["content-security-policy"]
                or told["x-content-type-options"] != "nosniff"
            ):
                return False
            if not re.fullmatch(
                r"(image/(png|jpeg|gif|webp)|audio/\w+|video/\w+|application/pdf)", told["content-type"]
            ):
                return False
            if "/" in one.name or "\\" in one.name or one.name.endswith((".svg", ".html")):
                return False
    return len(found) > 1


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/static/../app.py", "/static/%2e%2e/app.py", "/vendor/..%2f..%2fapp.py"]
)
def test_no_address_leads_out_of_the_static_folders(reading_console: Console, path: str) -> None:
    with reading_console.sign_in("admin") as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert "create_app" not in answer.text
    assert "content-security-policy" in answer.headers
