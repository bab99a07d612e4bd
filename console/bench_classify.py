"""`huanyu bench classify`: what others make of a post, our model alone, and our command with all it says.

All in one run, on the same invented posts of about 130 characters, beside reading and writing their JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from itertools import cycle
from pathlib import Path

import demo
from classify import glyphs
from classify import plain
from classify.predict import LIMIT
from console import jsonl
from console.commands.texts import classifying
from console.commands.texts import open_reader
from demo.bench import Line
from demo.bench import Way
from demo.bench import at_once
from demo.bench import compare
from huanyu.config import Config

POSTS = Path(demo.__file__).resolve().parent / "posts" / "weibo.jsonl"
COUNT = 2000
FEW = 50  #: posts for those who are slow
LENGTH = 130
_START = """
import time
from pathlib import Path
began = time.perf_counter()
from console.commands.texts import open_reader
from huanyu.config import Config
bureau = Config.load().bureau
imported = time.perf_counter()
open_reader(bureau).glance(["一条帖文"])
print(f"{imported - began:.2f} {time.perf_counter() - imported:.2f}")
status = Path("/proc/self/status")  # Linux only: elsewhere a child's peak counts its parent's too
lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0"]
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


def run() -> list[Line]:
    """All ways, measured in turn; the first is the peer."""
    return compare(ways(posts(COUNT)))


def posts(count: int) -> list[str]:
    """Invented posts of about 130 characters: one of the demo's, filled up with what else netizens complain of.

    Put together of demo posts alone, each would name five places; real posts of this length name one.
    """
    posts, fill = cycle(_texts(POSTS)), cycle(_texts(plain.WRITTEN))
    made = []
    for number in range(count):
        text = next(posts)
        while len(text) < LENGTH:
            text += f"。{next(fill)}"
        made.append(f"{text[:LENGTH]}{number}")
    return made


def _texts(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def ways(texts: list[str]) -> list[Way]:
    """Bare JSON, SnowNLP where it is installed, the plain pipeline, our model, our command."""
    lines = [jsonl.encode({"id": number, "text": text}) for number, text in enumerate(texts)]
    mood, pipeline = plain.snownlp_mood(), plain.pipeline()
    reader = open_reader(Config.load().bureau)

    def bare() -> None:
        for line in lines:
            json.dumps(json.loads(line), ensure_ascii=False)

    def model() -> None:
        for part in glyphs.parts(texts):
            reader.classifier.model.scorer.scores(glyphs.read(texts[part], LIMIT))

    def command() -> None:
        jsonl.run(jsonl.with_text, classifying(reader), lines, BytesIO(), BytesIO())

    slow = [] if mood is None else [Way("SnowNLP 情感", FEW, at_once(_of(mood, texts[:FEW])))]
    return [
        Way("裸 JSON 进出", len(texts), at_once(bare)),
        *slow,
        Way(
            "字词 TF-IDF + 逻辑回归",
            len(texts) // 4,
            at_once(_of(pipeline, texts[: len(texts) // 4])),
        ),
        Way("环舆模型（全部评分）", len(texts), at_once(model)),
        Way("huanyu classify（全部输出）", len(texts), at_once(command)),
    ]


def _of(read: plain.Reading, texts: list[str]) -> Callable[[], object]:
    return lambda: read(texts)


def notes() -> list[str]:
    """What a start costs in a process of its own, and why a line may be missing."""
    said = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=True).stdout
    imports, load, peak = said.split()
    told = [f"新进程: 导入与读配置 {imports} 秒, 载入模型和地名 {load} 秒"]
    if int(peak):
        told.append(f"内存峰值 {int(peak) / 1000:.0f} MB")
    if plain.snownlp_mood() is None:
        told.append("没有 SnowNLP 一行: 未安装, 可先运行 pip install -r requirements-dev.lock")
    return told
