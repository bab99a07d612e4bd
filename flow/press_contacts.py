"""媒体联系人 and the register of columns: who covers what, and where and when texts of the bureau are printed or aired."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from datetime import datetime

from flow import permits
from flow.desk import Desk
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.press_rows import ColumnRow
from huanyu.types import ContactEntry
from huanyu.types import MediaContact
from huanyu.types import User

LONGEST = 60  # characters of a name
PHONE = re.compile(r"[+\d][\d\-— ()（）]{5,24}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A contact as typed."""

    name: str
    outlet: str
    kind: str
    duty: str = ""
    phone: str = ""
    mail: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    forget: bool = False  #: telephone and mail are kept no longer


def listing(desk: Desk, user: User, now: datetime, former: bool = False) -> list[MediaContact]:
    """Those of today, or those who are no more (or not yet)."""
    permits.demand(user, "see_press")
    today = local(now).date()
    return [one for one in desk.store.press_contacts.all() if one.valid_on(today) is not former]


def one(desk: Desk, user: User, contact_id: int) -> MediaContact:
    permits.demand(user, "see_press")
    return desk.store.press_contacts.get(contact_id)


def add(desk: Desk, user: User, told: Told, now: datetime) -> MediaContact:
    """A new contact; telephone and mail are sealed at once. Raises BadInput."""
    permits.demand(user, "keep_press")
    entry = _entry(desk, told, now)
    return desk.store.press_contacts.add(entry, *_reach(told), user.name, now)


def change(desk: Desk, user: User, contact_id: int, version: int, told: Told, now: datetime) -> MediaContact:
    """As told now; a telephone or a mail that is left empty stays, unless it is to be forgotten. Raises BadInput or Conflict."""
    permits.demand(user, "keep_press")
    known = desk.store.press_contacts.get(contact_id)
    if known.version != version:
        raise Conflict("这位联系人刚被他人改过，请刷新后再试", contact=contact_id)
    typed = dict(zip(("phone", "mail"), _reach(told), strict=True))
    reach = typed if told.forget else {what: given for what, given in typed.items() if given}
    return desk.store.press_contacts.change(known, _entry(desk, told, now), reach, user.name, now)


def reach(desk: Desk, user: User, contact_id: int, now: datetime) -> tuple[str, str]:
    """Telephone and mail, the look logged; for whoever keeps the contacts."""
    permits.demand(user, "keep_press")
    return desk.store.press_contacts.read(contact_id, user.name, now)


def columns(desk: Desk, now: datetime) -> tuple[ColumnRow, ...]:
    """Pages, programmes and columns of today, in the order of the table."""
    today = local(now).date()
    return tuple(row for row in desk.bureau.columns if row.valid_on(today))


def outlets(desk: Desk, now: datetime) -> tuple[str, ...]:
    """Names of outlets somebody may mean: of columns, contacts and the list of media."""
    people = (each.outlet for each in desk.store.press_contacts.all())
    named = (row.outlet for row in columns(desk, now))
    return tuple(dict.fromkeys((*named, *people, *(row.name for row in desk.bureau.media))))


def _entry(desk: Desk, told: Told, now: datetime) -> ContactEntry:
    values = {
        name: tidy(what, getattr(told, name)).strip()
        for name, what in (("name", "姓名"), ("outlet", "媒体或单位"), ("duty", "分工"))
    }
    faults = [
        f"请填写{what}" for name, what in (("name", "姓名"), ("outlet", "媒体或单位")) if not values[name]
    ]
    if any(len(text) > LONGEST for text in values.values()):
        faults.append(f"姓名、媒体、分工各不超过 {LONGEST} 字")
    today = local(now).date()
    if told.kind not in {row.name for row in desk.bureau.press.contact if row.valid_on(today)}:
        faults.append("请选择种类")
    if told.valid_from and told.valid_to and told.valid_from > told.valid_to:
        faults.append("截止日期早于起始日期")
    if faults:
        raise BadInput("；".join(faults))
    return ContactEntry(**values, kind=told.kind, valid_from=told.valid_from, valid_to=told.valid_to)


def _reach(told: Told) -> tuple[str, str]:
    phone, mail = told.phone.strip(), told.mail.strip()
    if phone and not PHONE.fullmatch(phone):
        raise BadInput("电话只写数字和“-”")
    if mail and ("@" not in mail or len(mail) > LONGEST):
        raise BadInput("邮箱写得不对")
    return phone, mail
