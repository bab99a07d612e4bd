"""The demo's invented posts as data: demo/posts/*.jsonl, read and checked.

Every post keeps its day as an offset and its time as HH:MM, so that the demo always looks current; `demo.sites.dating`
turns both into a moment. Knows nothing of how a platform shows them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Literal
from typing import TypeVar

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError

from huanyu.errors import BadInput
from huanyu.types import PostType

R = TypeVar("R", bound="Record")

POSTS = Path(__file__).resolve().parent.parent / "posts"
GBK_BOARDS = frozenset({7, 9})
BOARDS = {2: "民生问政", 36: "水城茶馆", 7: "曝光台", 9: "灌水乐园"}
OWN_ID = "5500000001"  #: the bureau's own account on the pretended Weibo
Told = Callable[[str], str]  #: a text with the names of the city that is played


class Record(BaseModel):
    """A line of a data file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Record):
    """What a careful reader says of a post."""

    type: PostType
    kinds: tuple[str, ...] = ()
    area: str = ""  #: county code or zone; "" where the text does not say
    matter: str = ""  #: posts with the same mark tell of the same matter
    urgent: bool = False
    out_of_town: bool = False


class Dated(Record):
    day_offset: int = Field(ge=0)  #: whole days before the day the site is started
    time: str = Field(pattern=r"^\d\d:\d\d$")


class Status(Dated):
    """A Weibo post or comment."""

    id: str
    feed: Literal["mention", "search", "timeline", "comment", "to_me", "hotflow"]
    author: str
    author_id: str
    text: str
    truth: Label
    region: str = ""
    reposts: int | str = 0  #: a string where the platform rounds: "1万+"
    comments: int | str = 0
    likes: int | str = 0
    pictures: int = 0
    deleted: bool = False
    repost_of: str = ""  #: id of the post repeated
    on: str = ""  #: id of the post a comment stands under


class Quote(Record):
    author: str
    text: str


class Floor(Record):
    """An answer in a thread."""

    pid: int
    after: int = Field(ge=0)  #: minutes after the thread was opened
    author: str
    text: str
    quote: Quote | None = None
    edited: bool = False
    attachments: tuple[str, ...] = ()


class Thread(Dated):
    """A forum thread: the opening post and its floors."""

    tid: int
    fid: int
    pid: int
    title: str
    author: str
    views: int
    text: str
    truth: Label
    sticky: bool = False
    edited: bool = False
    attachments: tuple[str, ...] = ()
    floors: tuple[Floor, ...] = ()


class Article(Dated):
    """A news article."""

    id: int
    feed: Literal["rss", "atom"]
    title: str
    author: str
    outlet: str
    text: str  #: paragraphs, one a line
    truth: Label
    form: Literal["", "noguid", "channel"] = ""  #: what is odd about its feed entry


class Row(Record):
    """A line of the hotline's export; `broken` is written as it stands."""

    number: str
    channel: str = ""
    category: str = ""
    county: str = ""
    caller: str = ""  #: invented; shows that identities stay out of posts
    phone: str = ""
    day_offset: int = Field(default=0, ge=0)
    time: str = ""
    text: str = ""
    truth: Label | None = None
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What the pretended sites are called."""

    official: str = (
        "聊城环境"  #: the bureau's own account: its mentions and comments are what the open platform shows
    )
    forum: str = "鲁西生活圈"
    old_forum: str = "水城论坛"
    paper: str = "水城晨讯"
    magazine: str = "鲁西观察"
    boards: Mapping[int, str] = field(default_factory=lambda: BOARDS)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the pretended sites show."""

    statuses: tuple[Status, ...]
    threads: tuple[Thread, ...]
    articles: tuple[Article, ...]
    rows: tuple[Row, ...]
    names: Names = field(default_factory=Names)


def load(told: Told = str) -> Content:
    """All posts as the city is told of, oldest first within a file; raises BadInput naming file and line."""
    return Content(
        statuses=tuple(read(POSTS / "weibo.jsonl", Status, told)),
        threads=(
            *read(POSTS / "forum.jsonl", Thread, told),
            *read(POSTS / "forum_gbk.jsonl", Thread, told),
        ),
        articles=tuple(read(POSTS / "news.jsonl", Article, told)),
        rows=tuple(read(POSTS / "platform.jsonl", Row, told)),
        names=_names(told),
    )


def _names(told: Told) -> Names:
    plain = Names()
    return Names(
        **{one: told(getattr(plain, one)) for one in ("official", "forum", "old_forum", "paper", "magazine")},
        boards={number: told(name) for number, name in BOARDS.items()},
    )


def read(path: Path, model: type[R], told: Told = str) -> Sequence[R]:
    """The records of one file; raises BadInput naming file and line."""
    found = []
    for number, line in enumerate(told(path.read_text(encoding="utf-8")).splitlines(), start=1):
        try:
            found.append(model(**json.loads(line)))
        except (ValueError, ValidationError) as problem:
            raise BadInput(f"{path.name} 第 {number} 行: {problem}") from problem
    return found
