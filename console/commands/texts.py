"""classify and route: what is made of a text, without a desk."""

from __future__ import annotations

import binascii
import gc
import sys
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Annotated

import typer

import cases.clocks
import cases.facts
import cases.level
import cases.routing
from cases.calendar import WorkCalendar
from cases.facts import Facts
from classify.decide import Reading
from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Glance
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
from huanyu.types import SourceKind

app = family()
_SELDOM = 50_000  #: objects made between two visits of the collector: those of some thousand posts


@app.command("classify", cls=Command)
def classify_(
    explain: Annotated[
        bool, typer.Option("--why", help="附上决定判断的词, 是否拿不准, 以及六种情绪中的哪一种")
    ] = False,
) -> None:
    """研判文字: 从标准输入逐行读 JSON, 按同样的次序逐行写出。

    进: {"id", "text"}
    出: {"id", "type", "complaint", "kinds", "sentiment", "urgent", "places", "out_of_town", "signature"}

    有误的行在标准错误中写明行号和原因, 其余照常; 退出码 1。
    例: huanyu classify < 帖文.jsonl > 研判.jsonl
    """
    work = classifying(open_reader(Config.load().bureau), explain=explain)
    raise typer.Exit(jsonl.run(jsonl.with_text, work, sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer))


def classifying(
    reader: Reader, *, explain: bool = False
) -> Callable[[Sequence[tuple[Record, str]]], list[bytes]]:
    """What is made of some records and their texts."""

    def work(items: Sequence[tuple[Record, str]]) -> list[bytes]:
        seen = reader.glance([text for _, text in items], explain=explain)
        return [classified(record["id"], one, explain) for (record, _), one in zip(items, seen, strict=True)]

    return work


def open_reader(bureau: Bureau) -> Reader:
    """A reader, kept for good: the collector of garbage need not walk through it again and again.

    Nor need it come by for every few posts: what is made of them holds no cycles.
    """
    reader = Reader(Classifier.load(), Gazetteer(bureau.places, enterprises=bureau.enterprises))
    gc.freeze()
    gc.set_threshold(_SELDOM)
    return reader


def classified(key: object, seen: Glance, explain: bool) -> bytes:
    """The published shape of what was read of one text, written out: a dictionary takes three times as long."""
    reading, where = seen.reading, seen.where
    told = (
        f'{{"id": {jsonl.told(key)}, "type": "{reading.type!s}", '
        f'"complaint": {_share(f"{reading.complaint:.4f}")}, "kinds": {_listed(reading.kinds)}, '
        f'"sentiment": "{reading.sentiment!s}", "urgent": {_bool(reading.urgent)}, '
        f'"places": {_placed(where.places)}, "out_of_town": {_bool(where.out_of_town)}, "signature": "'
    )
    signature = binascii.b2a_base64(seen.signature, newline=False)
    return b'%b%b"%b}\n' % (told.encode(), signature, _why(reading).encode() if explain else b"")


def _bool(value: bool) -> str:
    return "true" if value else "false"


@lru_cache(maxsize=10_001)
def _share(decimals: str) -> str:
    """A probability of four decimals as JSON writes it: there are few of them, and to write a number is slow."""
    return repr(float(decimals))


@lru_cache(maxsize=4096)
def _listed(kinds: tuple[str, ...]) -> str:
    return jsonl.told(kinds)


@lru_cache(maxsize=4096)
def _placed(places: tuple[Place, ...]) -> str:
    return jsonl.told([place_of(place) for place in places])


def _why(reading: Reading) -> str:
    return (
        f', "why": {jsonl.told(reading.why)}, "unsure": {_bool(reading.unsure)}, '
        f'"emotion": "{reading.emotion.value}"'
    )


def place_of(place: Place) -> Record:
    return {"name": place.name, "code": place.code, "level": place.level, "unit": place.unit}


@app.command(cls=Command)
def route() -> None:
    """派单: 从标准输入逐行读 JSON, 按同样的次序逐行写出。

    进: {"id", "title", "text", "kinds", "county", "built_up", "time", "type", "level", "channel"}; 除 id 外都可以不写,
    没写的类别、辖区、建成区内外、钟点、类型和等级从文字研判; time 是发生的时间, 不是发帖的时间;
    channel 是来件渠道 (channels.toml 的键, 或 hotline、letter 等来源种类), 只用来算 due
    出: {"id", "unit", "department", "assist", "rule", "why", "due"}; unit 是 units.toml 中的键, 派不出时为空;
    说的是外地 (或 county 是外地的), 只写同类问题在本市归哪个部门, unit 和 rule 为空, 请人工转出

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
    channel: str = ""


class Router:
    """Routes records, asking the classifier for kinds and places that a record does not give."""

    def __init__(self, bureau: Bureau, at: datetime) -> None:
        self._bureau = bureau
        self._reader = open_reader(bureau)
        self._calendar = WorkCalendar(bureau.calendar)
        self._now = at
        self._places = [row for row in bureau.places if row.valid_on(at.date())]

    def read(self, record: Record) -> Asked:
        """The facts a record states; raises BadInput naming the key that is wrong."""
        if record.get("text") is not None:
            jsonl.text_of(record)
        check_kinds(record.get("kinds"))
        facts = cases.facts.facts_from(record, self._bureau.places, self._now.date())
        if facts.area and facts.area not in self._bureau.areas():
            raise BadInput(f"county 不在 places.toml 中: {jsonl.shown(record['county'])}")
        return Asked(record["id"], facts, self._channel(record.get("channel")))

    def work(self, asked: Sequence[Asked]) -> list[Record]:
        seen = self._reader.glance([one.facts.text for one in asked])
        return [self._routed(one, found) for one, found in zip(asked, seen, strict=True)]

    def _routed(self, asked: Asked, seen: Glance) -> Record:
        facts = self._filled(asked.facts, seen)
        found = cases.routing.route(facts, self._bureau.routes, self._bureau.units, self._now.date())
        start = facts.at or self._now
        due = cases.clocks.handling_due(start, self._bureau.clocks, self._calendar, asked.channel)
        return {
            "id": asked.id,
            "unit": found.unit,
            "department": found.department,
            "assist": list(found.assist),
            "rule": found.rule,
            "why": found.why,
            "due": due.isoformat(timespec="minutes") if due else None,
        }

    def _channel(self, told: object) -> str:
        known = {row.key for row in self._bureau.channels} | {kind.value for kind in SourceKind}
        if told is not None and (not isinstance(told, str) or told not in known):
            raise BadInput(f"channel 不在 channels.toml 中: {jsonl.shown(told)}")
        return str(told or "")

    def _filled(self, facts: Facts, seen: Glance) -> Facts:
        """The facts as the desk would have them: what the record does not say is read in its text."""
        facts = facts if facts.kinds else self._of_kind(facts, seen)
        signs = cases.level.Signs(
            text=facts.text,
            kinds=facts.kinds,
            urgent=seen.reading.urgent,
            places=tuple(place.name for place in seen.where.places),
        )
        valid = [row for row in self._bureau.levels if row.valid_on(self._now.date())]
        read = replace(
            facts,
            away=facts.away or (seen.where.out_of_town and not facts.area),
            type=facts.type or str(seen.reading.type),
            level=facts.level or cases.level.grade(signs, valid).level,
        )
        return cases.facts.located(read, seen.where.places, self._places)

    def _of_kind(self, facts: Facts, seen: Glance) -> Facts:
        return cases.facts.hinted(replace(facts, kinds=seen.reading.kinds), self._bureau.hints)


def check_kinds(kinds: object) -> None:
    """Raise BadInput unless `kinds` is missing or a list of codes we know."""
    if kinds is None:
        return
    if not isinstance(kinds, list):
        raise BadInput(f'kinds 应为列表, 例如 ["noise.construction"], 实为 {jsonl.shown(kinds)}')
    unknown = [kind for kind in kinds if not isinstance(kind, str) or kind not in (*LEAVES, *FAMILY_LABEL)]
    if unknown:
        raise BadInput(f"kinds 中没有这种类别: {jsonl.shown(unknown[0])}")
