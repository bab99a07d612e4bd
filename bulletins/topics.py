"""The hot topics of the period in the paper: titles from tables of places and kinds, counts that can be asked for again.

Which posts make a topic and how hot it is are worked out before; here they become figures and a table.
"""

from __future__ import annotations

from collections.abc import Iterator

from huanyu.periods import called
from huanyu.redact import mask
from huanyu.text import normalise
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Section
from huanyu.types import Sentence
from huanyu.types import Topic

SHOWN = 10
HEAD = ("热点", "热度", "条数")
#: spans whose period before is as long as they are; topics of the others are set beside equally many days
_EQUAL = frozenset({"day", "week"})


def figures(found: Figures) -> Iterator[Figure]:
    """How many posts make each topic, which, and how hot that is, in tenths."""
    compared = _compared(found)
    for topic in found.topics:
        title = mask(normalise(topic.title))
        yield Figure(
            key=f"topic:{topic.key}",
            value=len(topic.posts),
            unit="条",
            label=title,
            query="topics",
            previous=len(topic.posts_before) if compared else None,
            ids=topic.posts,
        )
        yield Figure(
            key=f"heat:{topic.key}",
            value=round(topic.heat * 10),
            unit="（十分之一热度）",
            label=f"{title} 热度",
            query="topics",
        )


def with_topics(section: Section, found: Figures) -> Section:
    """The section with the table of the period's topics behind it; without topics as it is."""
    shown = found.topics[:SHOWN]
    if not shown:
        return section
    now, before, _ = called(found.span)
    compared = _compared(found)
    keys = tuple(f"{name}:{topic.key}" for topic in shown for name in ("topic", "heat"))
    told = Sentence(
        text=f"本节末表为{now}热点，按热度排列：同一事项、同一企业或同一地点同一类问题有两条以上信息的为热点；"
        "热度依条数、发布者数和来源数计算，不计随时变动的转评赞数。",
        figures=keys,
    )
    return Section(
        heading=section.heading,
        sentences=(*section.sentences, told),
        items=section.items,
        table_head=(*HEAD, before if found.span in _EQUAL else called("free")[1]),
        table=tuple(_row(topic, compared) for topic in shown),
    )


def _compared(found: Figures) -> bool:
    """Whether there are records of the days before: without them their zero would be no zero."""
    opened = (figure for figure in found.counts if figure.key == "cases_opened")
    return found.span == "day" or any(figure.previous is not None for figure in opened)


def _row(topic: Topic, compared: bool) -> tuple[str, ...]:
    title = mask(normalise(topic.title)).partition(" — ")[0]
    before = f"{len(topic.posts_before)}条" if compared else "—"
    return (title, f"{topic.heat:.1f}", f"{len(topic.posts)}条", before)
