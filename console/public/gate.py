"""How fast an address and its network may come, and how much they may send; nothing beyond that is read.

Kept in memory, forgotten when the process ends; no address is written down.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from ipaddress import ip_address
from ipaddress import ip_network
from threading import Lock
from typing import Annotated

from fastapi import Depends
from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from console.api.pace import Pace
from console.sessions import Now
from console.sessions import TheDesk
from console.sessions import address_of
from console.throttle import Throttle
from flow import public_forms
from flow.desk import Desk
from huanyu.public_rows import MEGA
from huanyu.public_rows import PublicTable

AROUND = 1 << 18  # bytes of a form around its files
WORDS = 30  # fields of a form
SMALL = 1 << 16  # bytes of a form without files
NETWORK = {4: 24, 6: 48}  # bits
ONE = {4: 32, 6: 64}  # of an address: a household has a whole /64
HOUR = 60.0  # minutes
KEPT = 0.5  # of the places as many again, for whoever was patient
FORMS = 4096  # remembered, by their last try


class Forms:
    """When each form was tried last where no place was left: who tries without a pause is never patient."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tried: dict[tuple[bool, str], datetime] = {}

    def rested(self, form: tuple[bool, str], opened: datetime, patience: timedelta, now: datetime) -> bool:
        """Whether the form was left alone so long; this try counts."""
        with self._lock:
            last = self._tried.pop(form, opened)
            if len(self._tried) >= FORMS:
                del self._tried[next(iter(self._tried))]
            self._tried[form] = now
            return now - last >= patience


@dataclass(frozen=True)
class Paces:
    """What each address and each network has left."""

    reports: Pace = field(default_factory=Pace)
    requests: Pace = field(default_factory=Pace)
    looks: Pace = field(default_factory=Pace)
    codes: Throttle = field(default_factory=Throttle)
    forms: Forms = field(default_factory=Forms)


def paces_of(request: Request) -> Paces:
    found: Paces = request.app.state.paces
    return found


ThePaces = Annotated[Paces, Depends(paces_of)]


def origin(address: str) -> tuple[str, str]:
    """The address as it is counted, and its network; what is no address counts as itself."""
    try:
        one = ip_address(address.partition("%")[0])
    except ValueError:
        return address, address
    exact, wide = (ip_network(f"{one}/{bits[one.version]}", strict=False) for bits in (ONE, NETWORK))
    return str(exact), str(wide)


@dataclass(frozen=True)
class Asking:
    """Somebody who hands in a report: from where, by which form, open since when."""

    address: str
    mark: str = ""
    waited: timedelta | None = None  #: None = no form of ours


def asking(request: Request, desk: Desk, now: datetime) -> Asking:
    """Who hands in, as far as that can be told before a byte of it is read."""
    mark = request.query_params.get("open", "")
    return Asking(address_of(request), mark, public_forms.age(desk.config.store_key, mark, now))


def may_report(paces: Paces, table: PublicTable, who: Asking, now: datetime, flood: bool = False) -> int:
    """Take a report from what address and network have left; seconds to wait where nothing is.

    Who hammers takes each place the moment it is free. So some are kept for whoever has had the form open for some
    minutes and does not try without a pause either.
    """
    pace, times = (paces.requests, table.flood) if flood else (paces.reports, 1)
    wait = _take(pace, table, who.address, times, now)
    if not wait or who.waited is None:
        return wait
    patience = timedelta(minutes=table.patient_minutes)
    if not paces.forms.rested((flood, who.mark), now - who.waited, patience, now):
        return max(wait, math.ceil(patience.total_seconds()))
    wait = _take(pace, table, who.address, times * KEPT, now, "kept")
    return max(wait, math.ceil(patience.total_seconds())) if wait else 0


def _take(
    pace: Pace, table: PublicTable, address: str, times: float, now: datetime, whose: str = "all"
) -> int:
    """One of the places of an address, then of its network; seconds to wait where there is none."""
    one, network = origin(address)
    wait = pace.wait(
        (whose, one), table.address_per_hour * times / HOUR, _at_once(table.address_burst, times), now
    )
    return wait or pace.wait(
        (whose, "net", network),
        table.network_per_hour * times / HOUR,
        _at_once(table.network_burst, times),
        now,
    )


def _at_once(burst: int, times: float) -> int:
    return max(1, int(burst * times))


@dataclass(frozen=True)
class Arrived:
    """A report's form; with seconds to wait only its words were read, to be given back."""

    form: FormData
    wait: int = 0


async def report_form(request: Request, desk: TheDesk, now: Now, paces: ThePaces) -> AsyncIterator[Arrived]:
    """The form with its files; of what is too large not a byte is read, of a flood only what can be no file."""
    table = desk.bureau.public
    wait = may_report(paces, table, asking(request, desk, now), now, flood=True)
    if wait and not _is_small(request):
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    _demand_size(request, table.total_mb * MEGA + AROUND)
    files = table.photos + 2  # a row more than allowed is told in words, not by a broken connection
    async with request.form(max_files=files * 2, max_fields=WORDS) as form:
        yield Arrived(form, wait)


async def short_form(request: Request, desk: TheDesk, now: Now, paces: ThePaces) -> AsyncIterator[FormData]:
    """A form of a few words and no file, from an address that may look once more."""
    table, (one, _) = desk.bureau.public, origin(address_of(request))
    wait = paces.looks.wait(one, table.looks_per_minute, table.looks_burst, now)
    if wait:
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    _demand_size(request, SMALL)
    async with request.form(max_files=0, max_fields=WORDS) as form:
        yield form


def _is_small(request: Request) -> bool:
    size = request.headers.get("content-length", "")
    return size.isdecimal() and int(size) <= SMALL


def _demand_size(request: Request, most: int) -> None:
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise HTTPException(411)
    if int(size) > most:
        raise HTTPException(413)


ReportForm = Annotated[Arrived, Depends(report_form)]
ShortForm = Annotated[FormData, Depends(short_form)]
