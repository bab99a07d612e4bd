"""What stands behind a bulletin's figures and sentences, for whoever clicks on one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import time
from datetime import timedelta

from flow import issues
from flow import permits
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.errors import NotFound
from huanyu.types import Bulletin
from huanyu.types import Case
from huanyu.types import Figure
from huanyu.types import Post
from huanyu.types import User

SHOWN = 200
BY_UNIT = {"条": "posts", "件": "cases", "起": "cases"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A printed figure with the rows it counted, as far as they can be listed."""

    figure: Figure
    count: int | None  #: counted again, as it was known then; None where only the query tells
    posts: tuple[Post, ...] = ()
    cases: tuple[Case, ...] = ()
    more: int = 0  #: rows that are not listed


def cited(desk: Desk, user: User, made: Bulletin, key: str) -> Cited:
    """The rows behind one figure of an issued bulletin, those the person may see; raises NotFound for one not printed."""
    figure = next((one for one in made.figures if one.key == key), None)
    if figure is None:
        raise NotFound("这一期没有刊载这个数字", figure=key)
    found = None
    if issues.whole(made.scope):  # what a narrower issue counted stands in its own list of ids
        found = desk.store.behind.rows(key, figure.unit, *period(made), made.issued_at)
    noun, ids = found if found else (BY_UNIT.get(figure.unit, ""), list(figure.ids))
    known = found is not None or bool(figure.ids)
    shown = [one for one in ids[:SHOWN] if _seen(desk, user, noun, one)]
    return Cited(
        figure=figure,
        count=len(ids) if known else None,
        posts=tuple(desk.store.posts.get(one) for one in shown) if noun == "posts" else (),
        cases=tuple(desk.store.cases.get(one) for one in shown) if noun == "cases" else (),
        more=len(ids) - len(shown),
    )


def _seen(desk: Desk, user: User, noun: str, row: int) -> bool:
    case_id = desk.store.posts.case_of(row) if noun == "posts" else row if noun == "cases" else None
    return case_id is None or permits.may_see(user, desk.store.cases.get(case_id))


def period(made: Bulletin) -> tuple[datetime, datetime]:
    """When the bulletin's period begins, and when it is over."""
    start = datetime.combine(made.first_day or made.day, time(), SHANGHAI)
    return start, datetime.combine(made.day, time(), SHANGHAI) + timedelta(days=1)
