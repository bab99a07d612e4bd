"""JSON lines: same order out, one error line per bad line, whatever stands in it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from console import jsonl
from console.jsonl import Record
from huanyu.errors import BadInput


def echo(lines: bytes | list[bytes]) -> tuple[int, list[Any], list[Any]]:
    """Run lines through a command that gives every text back; exit code, results, errors."""
    out, err = io.BytesIO(), io.BytesIO()

    def read(record: Record) -> Record:
        return {"id": record["id"], "text": jsonl.text_of(record)}

    given = io.BytesIO(lines) if isinstance(lines, bytes) else lines
    code = jsonl.run(read, list, given, out, err)
    return code, told(out), told(err)


def told(stream: io.BytesIO) -> list[Any]:
    return [json.loads(line) for line in stream.getvalue().decode("utf-8").splitlines()]


def test_results_come_in_the_order_of_their_lines_across_batches() -> None:
    lines = [json.dumps({"id": number, "text": "好"}).encode() for number in range(2 * jsonl.BATCH + 7)]
    code, out, err = echo(lines)
    assert (code, err) == (0, [])
    assert [one["id"] for one in out] == list(range(len(lines)))


def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on() -> None:
    code, out, err = echo(b'{"id": 1, "text": "a"}\n\n{broken\n{"id": 3, "text": "c"}\n')
    assert code == 1
    assert [one["id"] for one in out] == [1, 3]
    assert [one["line"] for one in err] == [3]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": 1}', "缺少 text"),
        (b'{"text": "a"}', "缺少 id"),
        (b'{"id": 1, "text": null}', "text 应为文字, 实为 null"),
        (b'{"id": 1, "text": ["a"]}', 'text 应为文字, 实为 ["a"]'),
        (b'{"id": null, "text": "a"}', "id 应为文字或数字, 实为 null"),
        (b'{"id": true, "text": "a"}', "id 应为文字或数字, 实为 true"),
        (b'{"id": {"a": 1}, "text": "a"}', "id 应为文字或数字"),
        (b'{"id": NaN, "text": "a"}', "NaN"),
        (b'{"id": 1e999, "text": "a"}', "id 不是可用的数字"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "数字过长"),
        (b'[{"id": 1}]', "每行应为一个 JSON 对象"),
        (b'"a"', "每行应为一个 JSON 对象"),
        (b'{"id": 1, "text": "a"', "不是完整的 JSON"),
        (b'{"id": 1, "text": "\xb3\xf4"}', "不是 UTF-8 编码: 第 20 个字节"),
        (b"[" * 200_000, "嵌套过深"),
        (b'{"id": 1, "text": "a"} {}', "不是完整的 JSON: 第 24 个字符处有误"),
        (b' {"id": 1, "text": "a"}]', "不是完整的 JSON: 第 24 个字符处有误"),
    ],
)
def test_every_kind_of_broken_line_says_what_is_wrong(line: bytes, reason: str) -> None:
    code, out, err = echo(line)
    assert (code, out) == (1, [])
    assert err[0]["line"] == 1
    assert reason in err[0]["error"]


@pytest.mark.parametrize(
    ("line", "key", "text"),
    [
        (b'{"id": "a-7", "text": ""}', "a-7", ""),
        (b'{"id": 7.5, "text": "x"}', 7.5, "x"),
        ('\ufeff{"id": 1, "text": "臭"}\r'.encode(), 1, "臭"),
        (b'{"id": 1, "text": "\\ud83d\\ude00"}', 1, "\U0001f600"),
        (b'{"id": 1, "text": "a\\ud800b"}', 1, "a\ufffdb"),
        (b'{"id": 1, "text": "x", "more": [[{}]]}', 1, "x"),
        (b' \t{"id": 1, "text": "x"} \t\r\n', 1, "x"),
    ],
)
def test_odd_but_honest_lines_are_read(line: bytes, key: object, text: str) -> None:
    code, out, _ = echo(line)
    assert (code, out) == (0, [{"id": key, "text": text}])


def test_an_id_that_utf8_cannot_write_comes_back_as_it_came() -> None:
    _, out, _ = echo(b'{"id": "\\ud800", "text": "a"}')
    assert out[0]["id"] == "\ud800"


def test_a_megabyte_on_one_line_is_one_record() -> None:
    text = "噪" * 400_000
    code, out, _ = echo(json.dumps({"id": 1, "text": text}, ensure_ascii=False).encode())
    assert code == 0
    assert out[0]["text"] == text


def test_long_lines_are_handled_a_few_at_a_time() -> None:
    line = b'{"id": 1, "text": "' + b"a" * (jsonl.WEIGHT // 2) + b'"}'
    assert [len(batch) for batch in jsonl.batches([line] * 5)] == [2, 2, 1]


def test_a_wrong_value_is_shown_cut_short() -> None:
    with pytest.raises(BadInput) as problem:
        jsonl.text_of({"id": 1, "text": list(range(1000))})
    assert len(str(problem.value)) < 80
