"""The desk of `huanyu bench console`: posts as our reader judged them, cases as the flow opened and routed them.

Most of both are copies: the posts of invented texts, the cases row by row, which nobody handled and no audit row tells.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Reader
from flow import cycle
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.text import shorten
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Post
from huanyu.types import RawPost
from huanyu.types import Result
from huanyu.types import SourceKind
from huanyu.types import User
from huanyu.types import Verdict

TEXTS = Path(__file__).resolve().parent / "posts" / "weibo.jsonl"
SOURCES = (("weibo-mentions", SourceKind.WEIBO), ("platform", SourceKind.PLATFORM), ("news", SourceKind.NEWS))
COMMON, EVERY = "气味", 4  #: stands in every fourth text
RARE, SELDOM = "鸬鹚", 5000  #: and this one in every so many
BATCH = 2000  # posts of one transaction
TOGETHER = 100  # cases of one transaction
ORIGINALS = 20  #: of so many cases one is no copy
AUTHORS = 5000
TURNS = 20  #: posts and copies of cases come in so many turns
TITLE = 30  # characters
SPAN = timedelta(days=180)
#: share of the cases -> the states they went through; the rest stays where the flow has put it
WENT: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.82, ("signed", "handled", "closed")),
    (0.03, ("signed", "handled")),
    (0.03, ("signed", "reported")),
    (0.06, ("signed",)),
)
#: role, unit and how many of them sit at the desk
CREW = (
    ("press", "", 6),
    ("leader", "", 2),
    ("reviewer", "", 3),
    ("admin", "", 1),
    ("handler", "zhifa", 2),
    ("handler", "dongchangfu", 3),
    ("handler", "chiping", 3),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is to stand on the desk."""

    posts: int
    cases: int
    database: str = ""
    seed: int = 8


@contextmanager
def opened(folder: Path, database: str) -> Iterator[Desk]:
    """An empty desk in `folder`; raises BadInput where the database holds something."""
    address = database or f"sqlite:///{(folder / 'bench.db').as_posix()}"
    path = folder / "huanyu.toml"
    path.write_text(f'data_dir = "data"\ndatabase = {json.dumps(address)}\n', encoding="utf-8")
    desk = Desk.open(Config.load(path))
    try:
        if desk.store.posts.count() or desk.store.people.any_user():
            raise BadInput("这项测试要一个空的数据库, 里面已有信息或用户")
        yield desk
    finally:
        desk.close()


def fill(desk: Desk, wanted: Wanted, now: datetime) -> list[User]:
    """Posts, cases and the people who look at them; returns those."""
    dice = random.Random(wanted.seed)
    originals = max(len(WENT) + 1, wanted.cases // ORIGINALS)
    known = _judged(desk)
    bulk, copies = wanted.posts - wanted.cases, wanted.cases - originals
    marks = [originals + bulk * turn // TURNS for turn in range(TURNS + 1)]
    _post(desk, dice, known, range(marks[1]), marks[-1], now)
    _open(desk, originals, now)
    _work(desk, dice, now)
    for turn in range(1, TURNS):  # as on a real desk, cases of all times stand among the posts
        desk.store.filling.copy_any(copies * turn // (TURNS - 1) - copies * (turn - 1) // (TURNS - 1))
        _post(desk, dice, known, range(marks[turn], marks[turn + 1]), marks[-1], now)
    return _hire(desk, now)


def _judged(desk: Desk) -> list[tuple[str, Verdict]]:
    """The invented texts and what our reader makes of them."""
    reader = Reader(Classifier.load(), Gazetteer(desk.bureau.places, enterprises=desk.bureau.enterprises))
    texts = [json.loads(line)["text"] for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    return list(zip(texts, reader.read(texts), strict=True))


def _post(
    desk: Desk,
    dice: random.Random,
    known: Sequence[tuple[str, Verdict]],
    numbers: range,
    last: int,
    now: datetime,
) -> None:
    """Each text again and again, numbered; each signature thrown anew, or all would be reprints of a few."""
    for first in range(0, len(numbers), BATCH):
        batch = numbers[first : first + BATCH]
        said = [dice.choice(known) for _ in batch]
        raws = [
            _raw(number, text, now - SPAN * (1 - number / last))
            for number, (text, _) in zip(batch, said, strict=True)
        ]
        with desk.store.together():
            new = desk.store.posts.add(raws, now=raws[-1].fetched_at).new
            thrown = [replace(one, signature=dice.randbytes(len(one.signature))) for _, one in said]
            desk.store.posts.save_verdicts(list(zip(new, thrown, strict=True)), now=raws[-1].fetched_at)


def _raw(number: int, text: str, said: datetime) -> RawPost:
    source, kind = SOURCES[number % len(SOURCES)]
    planted = f"{COMMON if number % EVERY == 0 else ''}{RARE if number % SELDOM == 0 else ''}"
    return RawPost(
        source=source,
        kind=kind,
        native_id=f"bench{number}",
        url=f"https://example.org/{number}",
        text=f"{text} {planted} {number}",
        author=f"市民{number % AUTHORS}",
        author_id=str(number % AUTHORS),
        posted_at=said,
        fetched_at=said + timedelta(minutes=20),
    )


def _open(desk: Desk, count: int, now: datetime) -> None:
    """The cases that are no copies; then the flow sends each to its unit with its limits and its slip."""
    told = desk.store.posts.complaints_without_case(count)
    for first in range(0, len(told), TOGETHER):
        with desk.store.together():
            for post, verdict in told[first : first + TOGETHER]:
                desk.store.cases.apply(_plan(post, verdict), now=now)
    cycle.run(desk, "route", now)


def _plan(post: Post, verdict: Verdict) -> CasePlan:
    return CasePlan(
        post_id=post.id,
        action=CaseAction.NEW,
        reason="",
        title=shorten(post.text, TITLE),
        kinds=verdict.kinds,
        area=verdict.places[0].unit if verdict.places else "",
    )


def _work(desk: Desk, dice: random.Random, now: datetime) -> None:
    """People sign, record and close, each as far as its share says."""
    done = Result(finding="属实", visited_at=now, found="现场有气味", measure="责令整改")
    for case in desk.store.cases.listing(states={"assigned"}, limit=BATCH):
        with desk.store.together():
            _go(desk, case, _way(dice.random()), done, now)


def _way(left: float) -> tuple[str, ...]:
    for share, way in WENT:
        if left < share:
            return way
        left -= share
    return ()


def _go(desk: Desk, case: Case, way: Sequence[str], done: Result, now: datetime) -> None:
    for to in way:
        result = done if to in ("reported", "handled") and case.result is None else None
        case = desk.store.moves.move(case, to, action=to, note="", now=now, result=result)


def _hire(desk: Desk, now: datetime) -> list[User]:
    return [
        desk.store.people.add_user(f"{role}{unit}{one}", f"用户{one}", role, unit, "", now)
        for role, unit, count in CREW
        for one in range(count)
    ]
