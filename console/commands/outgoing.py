"""check: what stands against publishing a text, without a desk."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from console import jsonl
from console.jsonl import Record
from console.usage import Command
from console.usage import family
from flow.checks import phones_of
from huanyu.config import Config
from huanyu.types import Finding
from publisher.checks import check as findings_of

app = family()


@app.command(cls=Command)
def check() -> None:
    """核查拟发布的文字: 从标准输入逐行读 JSON, 按同样的次序逐行写出。

    进: {"id", "text"}
    出: {"id", "block", "findings": [{"kind", "start", "end", "text", "suggestion"}]}; start、end 按字数, 从 0 起

    有误的行在标准错误中写明行号和原因, 其余照常; 退出码 1。
    例: huanyu check < 文稿.jsonl
    """
    bureau = Config.load().bureau
    phones = phones_of(bureau)

    def read(record: Record) -> tuple[Record, str]:
        return record, jsonl.text_of(record)

    def work(items: Sequence[tuple[Record, str]]) -> list[Record]:
        return [
            checked(record, findings_of(text, bureau.words, allow_phones=phones)) for record, text in items
        ]

    raise typer.Exit(jsonl.run(read, work, sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer))


def checked(record: Record, findings: Sequence[Finding]) -> Record:
    """The published shape of one text's findings."""
    return {"id": record["id"], "block": bool(findings), "findings": [finding_of(one) for one in findings]}


def finding_of(one: Finding) -> Record:
    return {
        "kind": one.kind,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "suggestion": one.suggestion,
    }
