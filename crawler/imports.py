"""Read CSV and JSONL exports of other platforms, hotlines and message boards.

A broken row becomes a reject with its line and reason, the rest goes on. A reporter's identity never enters a post
or its raw payload: `reporters` reads it separately for the one encrypted table.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from crawler import dates
from crawler.charset import decode
from crawler.markup import tidy
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind

LONGEST = 200  # physical lines in one quoted cell; more is a forgotten quotation mark
OLDEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)  # nobody complained on the net before; 0001-01-01 means "none"
AHEAD = timedelta(days=1)  # another system's clock, or its time zone, may be off
MOST = 2**63 - 1  # what the store's counters hold
DIGITS = len(str(MOST))
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # no database or file takes NUL or half of a UTF-16 pair

#: Field of a post -> headings that mean it, compared in lower case without blanks.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "native_id": (
        "编号",
        "id",
        "工单编号",
        "工单号",
        "受理编号",
        "信访编号",
        "举报编号",
        "序号",
        "native_id",
    ),
    "text": (
        "内容",
        "text",
        "正文",
        "投诉内容",
        "举报内容",
        "诉求内容",
        "反映内容",
        "反映问题",
        "问题描述",
        "content",
    ),
    "title": ("标题", "title", "主题", "诉求标题"),
    "posted_at": (
        "时间",
        "posted_at",
        "发布时间",
        "投诉时间",
        "举报时间",
        "受理时间",
        "来电时间",
        "诉求时间",
        "time",
        "date",
        "日期",
    ),
    "url": ("链接", "url", "网址", "原文链接", "地址链接", "link"),
    "author": ("作者", "author", "昵称", "网名", "用户名", "发布者", "账号"),
    "kind": ("来源", "kind", "渠道", "来源渠道", "来源类型", "平台"),
    "region": ("地区", "region", "属地", "ip属地", "区县", "所属区县"),
    "likes": ("点赞", "likes", "点赞数"),
    "reposts": ("转发", "reposts", "转发数"),
    "comments": ("评论", "comments", "评论数", "回复数"),
    "views": ("阅读", "views", "阅读数", "浏览数"),
}
#: Who reported: kept out of posts.
IDENTITY = frozenset(
    {
        "姓名",
        "举报人",
        "投诉人",
        "来电人",
        "联系人",
        "反映人",
        "诉求人",
        "电话",
        "手机",
        "联系电话",
        "来电号码",
        "联系方式",
    }
    | {"手机号", "手机号码", "身份证", "身份证号", "住址", "家庭住址", "联系地址", "name", "phone", "contact"}
)
#: Words in the source column -> kind; what is not here is the kind of the source itself.
KINDS: tuple[tuple[SourceKind, tuple[str, ...]], ...] = (
    (SourceKind.WEIBO, ("weibo", "微博")),
    (SourceKind.WECHAT, ("wechat", "微信", "公众号")),
    (SourceKind.HOTLINE, ("hotline", "热线", "12345", "12369", "81890", "电话", "来电")),
    (SourceKind.LETTER, ("letter", "来信", "信访", "信件", "邮件", "留言", "领导信箱", "市长信箱")),
    (SourceKind.REPORT, ("report", "随手拍", "来访", "现场")),
    (SourceKind.FORUM, ("forum", "论坛", "贴吧")),
    (SourceKind.PLATFORM, ("platform", "监测平台", "监控平台", "舆情平台")),
    (SourceKind.NEWS, ("news", "新闻", "网媒", "媒体", "报纸")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: where it starts, its text, its cells by heading, or why it cannot be read."""

    line: int
    text: str
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported a post, for `people.save_reporter`."""

    native_id: str
    identity: str  #: JSON object, heading to value


def read(path: Path, source: SourceRow, now: datetime) -> Iterator[RawPost | Reject]:
    """Every record of an export as a post or a reject.

    Raises `BadInput` when the file as a whole cannot be read: no known column for the text, an unknown ending.
    """
    for row in rows(path):
        if row.problem:
            yield rejected(path, source, row, row.problem, now)
            continue
        try:
            yield post(row, source, now)
        except BadInput as problem:
            yield rejected(path, source, row, str(problem), now)


def reporters(path: Path) -> Iterator[Reporter]:
    """The identities of an export, by the id of the post they belong to."""
    for row in rows(path):
        told = {name: value for name, value in row.cells.items() if squeezed(name) in IDENTITY and value}
        if told and not row.problem:
            yield Reporter(native_id(fields(row)), json.dumps(told, ensure_ascii=False))


def rows(path: Path) -> Iterator[Row]:
    text = decode(path.read_bytes()).text.lstrip("\ufeff").replace("\r\n", "\n")
    # Not splitlines: U+2028 and its like stand inside of texts and end no record.
    lines = text.split("\n" if "\n" in text else "\r")
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        yield from json_rows(lines)
    elif path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        yield from csv_rows(path, lines)
    else:
        raise BadInput(f"{path.name}: 只能导入 CSV 或 JSONL 文件")


def json_rows(lines: list[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        yield json_row(number, line)


def json_row(number: int, line: str) -> Row:
    try:
        found = json.loads(line)
        if not isinstance(found, dict):
            return Row(number, line, {}, "这一行不是 JSON 对象")
        return Row(number, line, {writable(name): writable(as_text(value)) for name, value in found.items()})
    except ValueError as problem:
        return Row(number, line, {}, f"不是完整的 JSON: {problem}")
    except RecursionError:
        return Row(number, line, {}, "不是可用的 JSON: 括号嵌套过深")


def writable(text: str) -> str:
    """The text with a visible mark in place of what cannot be stored."""
    return UNWRITABLE.sub("\ufffd", text)


def csv_rows(path: Path, lines: list[str]) -> Iterator[Row]:
    """Records of a CSV; a damaged one costs its own line only, a forgotten quotation mark does not eat the file."""
    separator = max(",\t;", key=lambda mark: lines[0].count(mark)) if lines else ","
    head = cells(lines[0], separator) if lines else []
    if not any(field_of(name) == "text" for name in head):
        raise BadInput(f"{path.name} 第 1 行: 表头里没有内容列 (可用: {'、'.join(COLUMNS['text'][:8])})")
    at = 1
    while at < len(lines):
        size = record_size(lines, at)
        row = csv_row(at + 1, "\n".join(lines[at : at + size]), head, separator)
        if row.problem and size > 1:
            size, row = 1, csv_row(at + 1, lines[at], head, separator)
        if row.text.strip():
            yield row
        at += size


def record_size(lines: list[str], start: int) -> int:
    """Physical lines until every quotation mark is closed; 1 where that never happens."""
    marks = 0
    for size, line in enumerate(lines[start : start + LONGEST], start=1):
        marks += line.count('"')
        if marks % 2 == 0:
            return size
    return 1


def csv_row(number: int, record: str, head: list[str], separator: str) -> Row:
    try:
        found = cells(record, separator)
    except csv.Error as problem:
        return Row(number, record, {}, f"引号不配对, 无法分列 ({problem})")
    if len(found) != len(head):
        return Row(number, record, {}, f"这一行有 {len(found)} 列, 表头有 {len(head)} 列")
    return Row(number, record, dict(zip(head, map(writable, found), strict=True)))


def cells(record: str, separator: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([record], delimiter=separator, strict=True), [])]


def post(row: Row, source: SourceRow, now: datetime) -> RawPost:
    told = fields(row)
    text = tidy(told.get("text", ""))
    if not text:
        raise BadInput("内容为空")
    when = moment(told.get("posted_at", ""), now)
    kept = {name: value for name, value in row.cells.items() if squeezed(name) not in IDENTITY}
    return RawPost(
        source=source.key,
        kind=kind(told.get("kind", ""), source.kind),
        native_id=native_id(told),
        url=told.get("url", ""),
        title=tidy(told.get("title", "")),
        text=text,
        author=told.get("author", ""),
        posted_at=when[0] if when else None,
        year_inferred=when[1] if when else False,
        region=told.get("region", ""),
        likes=whole(told, "likes"),
        reposts=whole(told, "reposts"),
        comments=whole(told, "comments"),
        views=whole(told, "views"),
        fetched_at=now,
        raw=json.dumps(kept, ensure_ascii=False).encode(),
        raw_type="application/json",
    )


def fields(row: Row) -> dict[str, str]:
    """Cells by the field they mean; of two columns for one field the first that is not empty."""
    found: dict[str, str] = {}
    for name, value in row.cells.items():
        meant = field_of(name)
        if meant and not found.get(meant):
            found[meant] = value.strip()
    return found


def field_of(heading: str) -> str:
    wanted = squeezed(heading)
    return next((field for field, names in COLUMNS.items() if wanted in names), "")


def squeezed(heading: str) -> str:
    return "".join(heading.split()).lower()


def native_id(told: Mapping[str, str]) -> str:
    """The export's own number, else a digest of what was said: the same row imported twice stays one post."""
    if told.get("native_id"):
        return told["native_id"]
    said = "\n".join((told.get("url", ""), told.get("posted_at", ""), told.get("text", "")))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def moment(text: str, now: datetime) -> tuple[datetime, bool] | None:
    if not text:
        return None
    found = dates.parse(text, now)
    if found is None:
        raise BadInput(f"时间 {text!r} 无法识别")
    if not OLDEST <= found[0] <= now + AHEAD:
        raise BadInput(f"时间 {text!r} 不在 {OLDEST.year} 年到今天之间")
    return found


def kind(text: str, default: SourceKind) -> SourceKind:
    wanted = squeezed(text)
    return next((kind for kind, words in KINDS if any(word in wanted for word in words)), default)


def whole(told: Mapping[str, str], name: str) -> int | None:
    text = told.get(name, "").replace(",", "")
    if not text.isdecimal():
        return None
    if len(text) > DIGITS or int(text) > MOST:
        raise BadInput(f"{COLUMNS[name][0]}数 {text[:DIGITS]}… 太大, 不是真实的数字")
    return int(text)


def as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def rejected(path: Path, source: SourceRow, row: Row, reason: str, now: datetime) -> Reject:
    return Reject(
        source=source.key,
        where=f"{path.name} 第 {row.line} 行",
        reason=reason,
        payload=row.text.encode("utf-8", "replace"),
        at=now,
    )
