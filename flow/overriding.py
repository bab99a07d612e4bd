"""A false alarm of the checks answered for by name: by a leader, with a reason that is kept; never personal data."""

from __future__ import annotations

from collections.abc import Sequence

import publisher.review
from flow.typed import tidy
from huanyu.errors import Blocked
from huanyu.redact import mask
from huanyu.types import Finding
from huanyu.types import User
from publisher.checks import PRIVACY_KINDS


def reason(user: User, found: Sequence[Finding], override: str, author: str) -> str:
    """The reason to keep beside the approval, "" where nothing was found; raises Blocked or NotAllowed."""
    if not found:
        return ""
    told = tidy("放行的理由", override).strip()
    private = [each for each in found if each.kind in PRIVACY_KINDS]
    if private or not told:
        raise Blocked(against(private or found))
    publisher.review.check_release(user, found, told, (author,))
    return mask(told)


def against(found: Sequence[Finding]) -> str:
    """What was found, as whoever approves is told of it."""
    told = "；".join(f"“{each.text}”{each.reason}" for each in found)
    return f"核查发现 {len(found)} 处，改好再批准：{told}"


def may_pass(found: Sequence[Finding]) -> bool:
    """Whether a leader may answer for what was found."""
    return not any(each.kind in PRIVACY_KINDS for each in found)
