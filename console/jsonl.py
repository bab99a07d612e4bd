"""JSON lines in, JSON lines out, in the same order; a bad line is told with its number and the rest goes on."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import IO
from typing import Any
from typing import TypeVar

from huanyu.errors import BadInput

Record = dict[str, Any]
Item = TypeVar("Item")
BATCH = 1000  # lines handled at once
WEIGHT = 2**22  # bytes handled at once, where lines are long
_ENDS = frozenset({"", "\n", "\r\n"})
HALF = re.compile("[\ud800-\udfff]")  # half of a UTF-16 pair; no text can be written with it


def _refuse(constant: str) -> object:
    raise BadInput(f"不是合法的 JSON: {constant} 不是 JSON 中的数字")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def run(
    read: Callable[[Record], Item],
    work: Callable[[Sequence[Item]], Sequence[Record | bytes]],
    lines: Iterable[bytes],
    out: IO[bytes],
    err: IO[bytes],
) -> int:
    """Send every line that `read` accepts through `work` in batches; returns 1 when any line was bad, else 0.

    `work` makes records, or lines that are written already.
    `read` raises BadInput for a record it cannot use. Errors go to `err` as {"line", "error"}, one line each.
    """
    bad = 0
    for batch in batches(lines):
        items = []
        for number, line in batch:
            try:
                items.append(read(parse(line)))
            except BadInput as problem:
                bad = 1
                err.write(encode({"line": number, "error": str(problem.args[0])}))
        err.flush()
        made = work(items) if items else ()
        out.writelines(one if isinstance(one, bytes) else encode(one) for one in made)
        out.flush()
    return bad


def batches(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Lines with their numbers, blank ones left out, in lists that fit into memory."""
    batch: list[tuple[int, bytes]] = []
    weight = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        batch.append((number, line))
        weight += len(line)
        if len(batch) == BATCH or weight > WEIGHT:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def parse(line: bytes) -> Record:
    """One record with an id, and with a readable text if it has any; raises BadInput saying what is wrong."""
    try:
        record = _decoded(line.decode("utf-8-sig" if line.startswith(codecs.BOM_UTF8) else "utf-8"))
    except UnicodeDecodeError as problem:
        raise BadInput(f"不是 UTF-8 编码: 第 {problem.start + 1} 个字节") from problem
    except json.JSONDecodeError as problem:
        raise BadInput(f"不是完整的 JSON: 第 {problem.colno} 个字符处有误") from problem
    except RecursionError as problem:
        raise BadInput("不是可用的 JSON: 括号嵌套过深") from problem
    except ValueError as problem:
        raise BadInput("不是可用的 JSON: 数字过长") from problem
    if not isinstance(record, dict):
        raise BadInput('每行应为一个 JSON 对象, 例如 {"id": 1, "text": "…"}')
    _check_id(record)
    text = record.get("text")
    if isinstance(text, str) and b"\\" in line and (b"\\ud" in line or b"\\uD" in line):
        record["text"] = HALF.sub("\ufffd", text)
    return record


def _decoded(line: str) -> object:
    """As `_DECODER.decode`, which looks for blanks on both sides with expressions that take longer than a short record."""
    if line.startswith("{"):
        record, end = _DECODER.raw_decode(line)
        if line[end:] in _ENDS:
            return record
    return _DECODER.decode(line)


def text_of(record: Record) -> str:
    """The text of a record that must have one; "" is a text."""
    if "text" not in record:
        raise BadInput("缺少 text")
    text = record["text"]
    if not isinstance(text, str):
        raise BadInput(f"text 应为文字, 实为 {shown(text)}")
    return text


def with_text(record: Record) -> tuple[Record, str]:
    """A record beside its text."""
    return record, text_of(record)


def shown(value: object) -> str:
    """A wrong value as JSON, cut short."""
    told = json.dumps(value, ensure_ascii=False)
    return told if len(told) <= 40 else f"{told[:40]}…"


def encode(record: Record) -> bytes:
    """One line of UTF-8."""
    return f"{told(record)}\n".encode()


def told(value: object) -> str:
    """A value as JSON; what UTF-8 cannot write is escaped, so that an odd id comes back as it came."""
    if type(value) is int:
        return str(value)
    made = _ENCODER.encode(value)
    return made if made.isascii() or not HALF.search(made) else json.dumps(value)


def _check_id(record: Record) -> None:
    if "id" not in record:
        raise BadInput("缺少 id")
    key = record["id"]
    if type(key) is int or type(key) is str:  # nearly all are
        return
    if isinstance(key, bool) or not isinstance(key, str | int | float):
        raise BadInput(f"id 应为文字或数字, 实为 {shown(key)}")
    if isinstance(key, float) and not math.isfinite(key):
        raise BadInput("id 不是可用的数字")
