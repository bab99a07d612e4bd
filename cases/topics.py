"""What people speak of in a period: posts of one case, one enterprise or one small place and kind make a topic.

Pure: the same posts and tables give the same topics, in the same order.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Hashable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime

from cases import heat
from cases.intake import FINEST
from cases.intake import NO_AREA
from cases.intake import NO_SPOT
from huanyu.bureau import HeatRow
from huanyu.kinds import family
from huanyu.kinds import label
from huanyu.types import Place
from huanyu.types import Topic
from huanyu.types import TopicPost

LEAST = 2  #: posts: what one person said once is no topic


def topics(
    posts: Sequence[TopicPost],
    since: datetime,
    until: datetime,
    rows: Collection[HeatRow],
    enterprises: Collection[str] = (),
    least: int = LEAST,
) -> tuple[Topic, ...]:
    """The topics of [since, until), hottest first; posts of the equal period before tell how hot they were.

    `enterprises` are the names of the bureau's table: only these are printed, others are a citizen's words.
    """
    start = since - (until - since)
    known = [post for post in _by_time(posts) if start <= post.said_at < until]
    found = []
    for group in _clusters(known, frozenset(enterprises)):
        now = [post for post in group if post.said_at >= since]
        if len(now) >= least:
            earlier = [post for post in group if post.said_at < since]
            found.append(_topic(now, earlier, rows, frozenset(enterprises)))
    return tuple(sorted(found, key=lambda topic: (-topic.heat, -len(topic.posts), topic.posts[0])))


def _by_time(posts: Sequence[TopicPost]) -> list[TopicPost]:
    return sorted({post.id: post for post in posts}.values(), key=lambda post: (post.said_at, post.id))


def _clusters(posts: Sequence[TopicPost], enterprises: frozenset[str]) -> list[list[TopicPost]]:
    """Posts that share a case, an original, an enterprise, or a small place and kind, directly or by others."""
    leader = list(range(len(posts)))

    def top(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    first: dict[Hashable, int] = {}
    for at, post in enumerate(posts):
        for tie in _ties(post, enterprises):
            other = top(first.setdefault(tie, at))
            leader[max(other, top(at))] = min(other, top(at))
    groups: defaultdict[int, list[TopicPost]] = defaultdict(list)
    for at, post in enumerate(posts):
        groups[top(at)].append(post)
    return list(groups.values())


def _ties(post: TopicPost, enterprises: frozenset[str]) -> Iterator[Hashable]:
    yield "post", post.root
    if post.case_id is not None:
        yield "case", post.case_id
    if not post.kinds:
        return
    named = [name for name in post.enterprises if name in enterprises]
    yield from (("enterprise", name, family(post.kinds[0])) for name in named)
    spot = _spot(post.places)
    if spot is not None and not named:  # what a firm does is told by its name, not by where it stands
        yield "place", spot.code, spot.name, post.kinds[0]


def _spot(places: Sequence[Place]) -> Place | None:
    """The smallest place a post names; a county is too wide to be one topic."""
    near = [place for place in places if place.level not in NO_SPOT]
    return min(
        near,
        key=lambda place: FINEST.index(place.level) if place.level in FINEST else len(FINEST),
        default=None,
    )


def _topic(
    now: Sequence[TopicPost],
    earlier: Sequence[TopicPost],
    rows: Collection[HeatRow],
    enterprises: frozenset[str],
) -> Topic:
    found = heat.terms(now, rows)
    kinds = _often(kind for post in now for kind in post.kinds)
    spots = _often(spot.name for post in now if (spot := _spot(post.places)))
    wide = _often(place.name for post in now for place in post.places if place.level not in NO_AREA)
    firms = _often(name for post in now for name in post.enterprises if name in enterprises)
    place, firm = next(iter((*spots, *wide)), ""), next(iter(firms), "")
    sources = tuple(sorted({post.source for post in now}))
    return Topic(
        title=f"{_what(place, firm, kinds)} — {len(now)} 条, {len(sources)} 个来源",
        heat=heat.heat(found),
        terms=found,
        posts=tuple(post.id for post in now),
        cases=tuple(sorted({post.case_id for post in now if post.case_id is not None})),
        sources=sources,
        kinds=kinds,
        place=place,
        enterprise=firm,
        area=next(iter(_often(_area(post) for post in now if _area(post))), ""),
        before=heat.heat(heat.terms(earlier, rows)),
        posts_before=tuple(post.id for post in earlier),
        first_at=now[0].said_at,
        last_at=now[-1].said_at,
    )


def _what(place: str, firm: str, kinds: Sequence[str]) -> str:
    return f"{firm or place or '地点未明'} {label(kinds[0]) if kinds else '环境问题'}"


def _often(values: Iterator[str]) -> tuple[str, ...]:
    """Values, the most frequent first; equals in the order of their letters."""
    return tuple(value for value, _ in sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))


def _area(post: TopicPost) -> str:
    return next((place.unit for place in post.places if place.unit and place.level not in NO_AREA), "")
