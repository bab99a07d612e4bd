"""Sending bulletins out: signed by a person, to everybody on the list, each once; corrected and withdrawn in the open.

A person's part is one function each; `circulate` is the step that serves those who need not wait for a signature.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta

import publisher.circular
from flow import corrected
from flow import issues
from flow import permits
from flow.desk import Desk
from huanyu.bureau import RecipientRow
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.text import normalise
from huanyu.types import Addressee
from huanyu.types import Bulletin
from huanyu.types import Delivery
from huanyu.types import Draft
from huanyu.types import PaperCorrection
from huanyu.types import User

FRESH = timedelta(days=1)  # whoever joins the list today is not sent last month's issues
SHORTEST, LONGEST = 4, 500  # characters of a reason
MOST = 10_000_000

Parcels = list[tuple[Addressee, Draft | None]]


def circulate(desk: Desk, now: datetime) -> int:
    """Send what was just compiled to those who get it without a signature; returns how many deliveries are new."""
    done = 0
    for row in desk.bureau.recipients:
        if row.when != "compiled":
            continue
        for bulletin_id in desk.store.circulation.unserved(row.key, row.series, since=now - FRESH):
            made = desk.store.bulletins.get(bulletin_id).bulletin
            done += desk.store.circulation.deliver(bulletin_id, _parcels(desk, bulletin_id, made, [row]), now)
    return done


def sign(desk: Desk, user: User, bulletin_id: int, now: datetime) -> int:
    """签发并印发: signed, and on its way to everybody on the list; returns how many get it now.

    The issue whose place it takes is void from now on, if it was not before.
    """
    permits.demand_to_write(user, "issue_bulletins")
    made = desk.store.bulletins.get(bulletin_id).bulletin
    before = issues.predecessor(desk, made.series, made.scope)
    if before is not None and not desk.store.archive.standing(before.id).withdrawn:
        withdraw(desk, user, before.id, f"重新编发，由{publisher.circular.issue_name(made)}代替。", now)
    parcels = _parcels(desk, bulletin_id, made, desk.bureau.recipients)
    return desk.store.circulation.sign(bulletin_id, parcels, actor=user.name, now=now)


def withdraw(desk: Desk, user: User, bulletin_id: int, reason: str, now: datetime) -> None:
    """撤回: kept and marked; whoever has it is told why."""
    permits.demand_to_write(user, "issue_bulletins")
    made, told = desk.store.bulletins.get(bulletin_id).bulletin, _reason("撤回原因", reason)
    link = address(desk, bulletin_id)
    parcels = _again(
        desk.store.archive.standing(bulletin_id).deliveries,
        lambda to: publisher.circular.withdrawal(made, told, user.full_name, to, link),
    )
    desk.store.circulation.withdraw(bulletin_id, told, parcels, actor=user.name, now=now)


def correct(
    desk: Desk, user: User, bulletin_id: int, figure: str, value: int, why: str, now: datetime
) -> PaperCorrection:
    """更正: a printed figure was wrong; signed by `user`, sent to whoever has the bulletin, filed under its number."""
    permits.demand_to_write(user, "issue_bulletins")
    made, standing = desk.store.bulletins.get(bulletin_id).bulletin, desk.store.archive.standing(bulletin_id)
    if standing.withdrawn:
        raise Conflict("这一期已经撤回, 不再更正", bulletin=bulletin_id)
    printed = next((one for one in made.figures if one.key == figure), None)
    if printed is None:
        raise BadInput("这一期没有刊载这个数字", figure=figure)
    before = [one.correct for one in standing.corrections if one.figure == figure]
    if value == (before[-1] if before else printed.value):
        raise BadInput(f"“{printed.label}”已经是{value}{printed.unit}, 没有要更正的")
    if not 0 <= value <= MOST:
        raise BadInput("正确的数字应为不小于 0 的整数")
    put_right = PaperCorrection(
        number=len(standing.corrections) + 1,
        at=now,
        actor=user.name,
        figure=figure,
        label=printed.label,
        unit=printed.unit,
        printed=printed.value,
        correct=value,
        why=_reason("更正原因", why),
    )
    link = address(desk, bulletin_id)
    parcels = _again(
        standing.deliveries,
        lambda to: publisher.circular.correction(made, put_right, user.full_name, to, link),
    )
    desk.store.circulation.correct(bulletin_id, put_right, parcels)
    corrected.finish(desk, now)
    return put_right


def address(desk: Desk, bulletin_id: int) -> str:
    """Where a colleague opens the bulletin."""
    return f"{desk.config.settings.console_url.rstrip('/')}/bulletins/{bulletin_id}"


def _parcels(desk: Desk, bulletin_id: int, made: Bulletin, rows: Iterable[RecipientRow]) -> Parcels:
    """One parcel for each recipient who gets this series."""
    link = address(desk, bulletin_id)
    telegram = next((one.key for one in desk.bureau.accounts if one.channel == "telegram"), "")
    found: Parcels = []
    for row in rows:
        if row.series and made.series not in row.series:
            continue
        to = Addressee(key=row.key, name=row.name, channel=row.channel, address=row.address, form=row.form)
        account = telegram if row.channel == "telegram" else ""
        found.append((to, publisher.circular.issue(made, to, link, account)))
    return found


def _again(sent: Iterable[Delivery], draft: Callable[[Addressee], Draft | None]) -> Parcels:
    """A parcel for everybody the bulletin itself was sent to, at the address it was sent to."""
    told = [
        Addressee(key=one.recipient, name=one.name, channel=one.channel, address=one.address, form="link")
        for one in sent
        if one.correction == 0
    ]
    return [(to, draft(to)) for to in told]


def _reason(what: str, text: str) -> str:
    tidy = normalise(text)
    if not SHORTEST <= len(tidy) <= LONGEST:
        raise BadInput(f"{what}要写清楚, {SHORTEST} 到 {LONGEST} 字")
    return tidy if tidy.endswith("。") else f"{tidy}。"
