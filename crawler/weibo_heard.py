"""How far the comments below posts have been read: what a visit must ask again, and where it goes on.

Pure. One cursor holds all posts of one account: "mid=count/newest/position …", and "mid/cid=…" for long replies.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

from crawler.weibo_page import More
from crawler.weibo_page import Page

MOST = 2000  # lists remembered in one cursor; beyond it those below the oldest posts are asked again


@dataclass(frozen=True, slots=True)
class Heard:
    """What the last visit knew of one list of comments."""

    count: int = 0  #: how many the platform counted
    newest: int = 0  #: highest number read
    at: str = ""  #: where an unfinished reading goes on; "" = it was read to its end

    def __str__(self) -> str:
        return f"{self.count}/{self.newest}/{self.at}".rstrip("/")


@dataclass(frozen=True, slots=True)
class Below:
    """A list of comments being read: those below a post, or the replies below one of them."""

    key: str  #: cursor that remembers it
    mid: str
    url: str  #: the post's page
    cid: str = ""  #: the comment whose replies these are, "" = the post's own comments
    count: int = 0
    known: int = 0  #: highest number of the last visit, 0 = read to the end
    news: int = 0  #: how many the count has grown since then
    newest: int = 0
    found: int = 0  #: how many above `known` have been met
    at: str = ""
    later: str = ""  #: where an unfinished reading goes on once the top is read
    page: int = 1

    @property
    def name(self) -> str:
        return f"{self.mid}/{self.cid}" if self.cid else self.mid

    @property
    def parent(self) -> str:
        """What a comment answers where it doesn't say."""
        return self.cid or self.mid


def decode(told: str) -> dict[str, Heard]:
    """The cursor as lists by name; what cannot be read is as if never heard."""
    found: dict[str, Heard] = {}
    for one in told.split():
        name, _, rest = one.partition("=")
        count, newest, at = [*rest.split("/", 2), "", ""][:3]
        if count.isdecimal():
            found[name] = Heard(int(count), int(newest) if newest.isdecimal() else 0, at)
    return found


def encode(heard: Mapping[str, Heard]) -> str:
    newest = sorted(heard.items(), key=lambda told: post_number(told[0]), reverse=True)[:MOST]
    return " ".join(f"{name}={one}" for name, one in newest)


def post_number(name: str) -> int:
    """The number of the post that a list stands below."""
    mid = name.partition("/")[0]
    return int(mid) if mid.isdecimal() else 0


def begin(below: Below, before: Heard | None, *, by_time: bool) -> Below | None:
    """The reading of a list on this visit, None where nothing has changed since it was read to its end."""
    if before is None:
        return below if below.count else None
    grown = below.count != before.count
    if before.at and not (grown and by_time):
        return replace(below, count=before.count, newest=before.newest, at=before.at)
    if not grown:
        return None
    known = before.newest if by_time else 0
    news = below.count - before.count
    return replace(below, known=known, news=news, newest=before.newest, later=before.at)


def step(below: Below, page: Page, max_pages: int, *, repeated: bool) -> tuple[Below | None, Heard | None]:
    """The next page to ask for, or what to remember at the end of this visit."""
    numbers = [int(post.native_id) for post in page.posts]
    below = replace(
        below,
        newest=max([below.newest, *numbers]),
        found=below.found + sum(number > below.known for number in numbers),
    )
    reached = not page.next or repeated or explained(below, page.ids)
    if not reached and below.page < max_pages:
        return replace(below, at=page.next, page=below.page + 1), None
    if reached and below.later:
        return replace(below, at=below.later, later="", known=0, page=1), None
    return None, Heard(below.count, below.newest, "" if reached else page.next)


def explained(below: Below, ids: Sequence[int]) -> bool:
    """Whether a list by time shows only known ones from here on, and what is new accounts for the grown count.

    Where it does not, somebody has answered below an old comment, which is further down.
    """
    return bool(below.known and ids) and max(ids) <= below.known and 0 < below.news <= below.found


def replies(below: Below, page: Page, before: Mapping[str, Heard]) -> list[Below]:
    """The replies of a page of comments that have to be asked for by themselves."""
    return [one for more in page.more if not below.cid and (one := reply_list(below, more, before))]


def reply_list(below: Below, more: More, before: Mapping[str, Heard]) -> Below | None:
    found = Below(below.key, below.mid, below.url, more.id, more.replies)
    return begin(found, before.get(found.name), by_time=False)
