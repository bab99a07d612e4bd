"""A case on paper: redacted for everyday use, in full with a right and a reason; every print has its own code.

What stands on the paper is put together here, how it looks is the template's business.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Final

from flow import identities
from flow import permits
from flow.desk import Desk
from flow.identities import Told
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.redact import mask
from huanyu.types import Case
from huanyu.types import Event
from huanyu.types import Print
from huanyu.types import User

FORMS: Final = {"redacted": "隐去个人信息", "full": "含举报人信息"}
#: Read aloud over the telephone without mistakes: neither 0 and O nor 1, I and L.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MARK: Final = 10  # letters of the code, about 50 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a print shows."""

    kept: Print
    case: Case
    said: tuple[tuple[datetime, str, str], ...]  #: when, by whom ("" unless in full), what
    reporters: tuple[tuple[Told, ...], ...]
    history: tuple[Event, ...]
    title: str
    result: tuple[tuple[str, str], ...]  #: what was found, under its headings


def take(desk: Desk, user: User, case_id: int, form: str, reason: str, now: datetime) -> Sheet:
    """Print a case; raises NotAllowed or BadInput. A full print is a look at the reporter, too."""
    if form not in FORMS:
        raise BadInput("请选择打印哪一种")
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "print_full" if form == "full" else "print_redacted", case)
    told = tidy("理由", reason).strip()
    if form == "full" and len(told) < identities.SHORTEST:
        raise BadInput("打印含举报人信息的，请写明理由")
    reporters = identities.read(desk, user, case_id, f"打印：{told}", now) if form == "full" else ()
    kept = desk.store.prints.add(case_id, form, told, code(), actor=user.name, now=now)
    return _sheet(desk, user, case, kept, reporters)


def _sheet(desk: Desk, user: User, case: Case, kept: Print, reporters: tuple[tuple[Told, ...], ...]) -> Sheet:
    full = kept.form == "full"
    posts = desk.store.cases.posts(case.id)
    names = tuple({post.author for post in posts if post.author})

    def shown(text: str) -> str:
        return text if full else mask(text, names=names)

    return Sheet(
        kept=kept,
        case=case,
        said=tuple((post.said_at, post.author if full else "", shown(post.text)) for post in posts),
        reporters=reporters,
        history=tuple(replace(one, note=shown(one.note)) for one in desk.store.cases.history(case.id)),
        title=shown(case.title),
        result=tuple((name, shown(text)) for name, text in _found(user, case) if text),
    )


def _found(user: User, case: Case) -> tuple[tuple[str, str], ...]:
    one = case.result
    if one is None:
        return ()
    inside = one.internal_report if permits.may_on(user, "see_internal", case) else ""
    told = (("查明", one.found), ("措施", one.measure), ("依据", one.basis), ("后续", one.next_step))
    return (*told, ("内部报告", inside))


def code() -> str:
    """A new code that a print is found by."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(MARK))
    return f"{drawn[: MARK // 2]}-{drawn[MARK // 2 :]}"
