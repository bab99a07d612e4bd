"""Posts as a person reads them: any, but for those of a case that is not theirs to see (限定范围, 回避).

Asks the rights and the store; what the reader made of a text is `teaching`.
"""

from __future__ import annotations

from flow import permits
from flow.desk import Desk
from huanyu.types import Post
from huanyu.types import User


def post(desk: Desk, user: User, post_id: int) -> Post:
    """One post; raises NotFound or NotAllowed."""
    permits.demand(user, "see_posts")
    found = desk.store.posts.get(post_id)
    demand_case_of(desk, user, post_id)
    return found


def demand_case_of(desk: Desk, user: User, post_id: int) -> None:
    """Raise NotAllowed where the post belongs to a case this person may not see."""
    case_id = desk.store.posts.case_of(post_id)
    if case_id is not None:
        permits.demand_case(user, desk.store.cases.get(case_id))
