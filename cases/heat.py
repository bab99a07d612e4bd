"""How hot a topic is: a sum of terms whose weights stand in heat.toml, so that anybody can add them up again.

Pure; knows numbers only, not what is talked about.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from huanyu.bureau import HeatRow
from huanyu.types import Term
from huanyu.types import TopicPost

#: What people call what the terms count.
LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "posts": "条数",
        "voices": "发布者",
        "sources": "来源",
        "reposts": "转发",
        "comments": "评论",
        "likes": "点赞",
        "views": "阅读",
    }
)
DIGITS = 1  #: each value is rounded before they are added: what is printed adds up


def terms(posts: Sequence[TopicPost], rows: Collection[HeatRow]) -> tuple[Term, ...]:
    """The terms of these posts' heat, in the table's order."""
    amounts = counted(posts)
    return tuple(_term(row, amounts[row.name]) for row in rows)


def heat(found: Collection[Term]) -> float:
    """The sum of the terms."""
    return round(sum(term.value for term in found), DIGITS)


def counted(posts: Sequence[TopicPost]) -> Mapping[str, int]:
    """What the terms count; a page that several sources show is one post."""
    return {
        "posts": len({post.id for post in posts}),
        "voices": len({post.voice for post in posts}),
        "sources": len({post.source for post in posts}),
        "reposts": sum(post.reposts for post in posts),
        "comments": sum(post.comments for post in posts),
        "likes": sum(post.likes for post in posts),
        "views": sum(post.views for post in posts),
    }


def value(row: HeatRow, amount: int) -> float:
    """One term for an amount."""
    size = amount if row.shape == "linear" else math.log2(1 + amount / row.unit)
    return round(row.weight * size, DIGITS)


def _term(row: HeatRow, amount: int) -> Term:
    return Term(
        name=row.name,
        amount=amount,
        weight=row.weight,
        shape=row.shape,
        unit=row.unit,
        value=value(row, amount),
    )
