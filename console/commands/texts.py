"""classify and route: what is made of a text, without a desk."""

from __future__ import annotations

import base64
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

import cases.clocks
import cases.routing
from cases.calendar import WorkCalendar
from cases.routing import Facts
from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Reader
from console import jsonl
from console.jsonl import Record
from console.usage import Command
from console.usage import family
from huanyu.bureau import Bureau
from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import LEAVES
from huanyu.types import Place
from huanyu.types import Verdict

app = family()


@app.command("classify", cls=Command)
def classify_(
    explain: Annotated[bool, typer.Option("--why", help="附上决定判断的词, 以及是否拿不准")] = False,
) -> None:
    """研判文字: 从标准输入逐行读 JSON, 按同样的次序逐行写出。

    进: {"id", "text"}
    出: {"id", "type", "complaint", "kinds", "sentiment", "urgent", "places", "out_of_town", "signature"}

    有误的行在标准错误中写明行号和原因, 其余照常; 退出码 1。
    例: huanyu classify < 帖文.jsonl > 研判.jsonl
    """
    reader = open_reader(Config.load().bureau)

    def work(items: Sequence[tuple[Record, str]]) -> list[Record]:
        verdicts = reader.read([text for _, text in items])
        return [
            classified(record, verdict, explain) for (record, _), verdict in zip(items, verdicts, strict=True)
        ]

    def read(record: Record) -> tuple[Record, str]:
        return record, jsonl.text_of(record)

    raise typer.Exit(jsonl.run(read, work, sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer))


def open_reader(bureau: Bureau) -> Reader:
    return Reader(Classifier.load(), Gazetteer(bureau.places))


def classified(record: Record, verdict: Verdict, explain: bool) -> Record:
    """The published shape of one verdict."""
    made: Record = {
        "id": record["id"],
        "type": verdict.type.value,
        "complaint": round(verdict.complaint, 4),
        "kinds": list(verdict.kinds),
        "sentiment": verdict.sentiment.value,
        "urgent": verdict.urgent,
        "places": [place_of(place) for place in verdict.places],
        "out_of_town": verdict.out_of_town,
        "signature": base64.b64encode(verdict.signature).decode(),
    }
    return made | {"why": list(verdict.why), "unsure": verdict.unsure} if explain else made


def place_of(place: Place) -> Record:
    return {"name": place.name, "code": place.code, "level": place.level, "unit": place.unit}


@app.command(cls=Command)
def route() -> None:
    """派单: 从标准输入逐行读 JSON, 按同样的次序逐行写出。

    进: {"id", "text", "kinds", "county", "built_up", "time"}; 除 id 外都可以不写, 没写的类别和辖区从文字研判
    出: {"id", "unit", "department", "assist", "rule", "why", "due"}; unit 是 units.toml 中的键, 派不出时为空

    有误的行在标准错误中写明行号和原因, 其余照常; 退出码 1。
    例: echo '{"id": 1, "text": "工地夜里打桩"}' | huanyu route
    """
    router = Router(Config.load().bureau, now())
    raise typer.Exit(
        jsonl.run(router.read, router.work, sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer)
    )


@dataclass(frozen=True)
class Asked:
    """One line of `huanyu route`: its id and what it says."""

    id: object
    facts: Facts


class Router:
    """Routes records, asking the classifier for kinds and places that a record does not give."""

    def __init__(self, bureau: Bureau, at: datetime) -> None:
        self._bureau = bureau
        self._reader = open_reader(bureau)
        self._calendar = WorkCalendar(bureau.calendar)
        self._now = at

    def read(self, record: Record) -> Asked:
        """The facts a record states; raises BadInput naming the key that is wrong."""
        if record.get("text") is not None:
            jsonl.text_of(record)
        check_kinds(record.get("kinds"))
        facts = cases.routing.facts_from(record, self._bureau.places, self._now.date())
        if facts.area and facts.area not in self._bureau.areas():
            raise BadInput(f"county 不在 places.toml 中: {jsonl.shown(record['county'])}")
        return Asked(record["id"], facts)

    def work(self, asked: Sequence[Asked]) -> list[Record]:
        verdicts = self._reader.read([one.facts.text for one in asked])
        return [self._routed(one, verdict) for one, verdict in zip(asked, verdicts, strict=True)]

    def _routed(self, asked: Asked, verdict: Verdict) -> Record:
        read_area = verdict.places[0].unit if verdict.places else ""
        facts = replace(
            asked.facts, kinds=asked.facts.kinds or verdict.kinds, area=asked.facts.area or read_area
        )
        found = cases.routing.route(facts, self._bureau.routes, self._bureau.units, self._now.date())
        due = cases.clocks.handling_due(facts.at or self._now, self._bureau.clocks, self._calendar)
        return {
            "id": asked.id,
            "unit": found.unit,
            "department": found.department,
            "assist": list(found.assist),
            "rule": found.rule,
            "why": found.why,
            "due": due.isoformat(timespec="minutes") if due else None,
        }


def check_kinds(kinds: object) -> None:
    """Raise BadInput unless `kinds` is missing or a list of codes we know."""
    if kinds is None:
        return
    if not isinstance(kinds, list):
        raise BadInput(f'kinds 应为列表, 例如 ["noise.construction"], 实为 {jsonl.shown(kinds)}')
    unknown = [kind for kind in kinds if not isinstance(kind, str) or kind not in (*LEAVES, *FAMILY_LABEL)]
    if unknown:
        raise BadInput(f"kinds 中没有这种类别: {jsonl.shown(unknown[0])}")
