"""How fast an address and its network may come, and how much they may send; nothing beyond that is read.

Kept in memory, forgotten when the process ends; no address is written down.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from ipaddress import ip_address
from ipaddress import ip_network
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
from huanyu.public_rows import MEGA
from huanyu.public_rows import PublicTable

AROUND = 1 << 18  # bytes of a form around its files
WORDS = 30  # fields of a form
SMALL = 1 << 16  # bytes of a form without files
NETWORK = {4: 24, 6: 48}  # bits
ONE = {4: 32, 6: 64}  # of an address: a household has a whole /64
HOUR = 60.0  # minutes


@dataclass(frozen=True)
class Paces:
    """What each address and each network has left."""

    reports: Pace = field(default_factory=Pace)
    requests: Pace = field(default_factory=Pace)
    looks: Pace = field(default_factory=Pace)
    codes: Throttle = field(default_factory=Throttle)


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


def may_report(paces: Paces, table: PublicTable, address: str, now: datetime, times: int = 1) -> int:
    """Take a report from what address and network have left; seconds to wait where nothing is."""
    pace = paces.reports if times == 1 else paces.requests
    one, network = origin(address)
    wait = pace.wait(one, table.address_per_hour * times / HOUR, table.address_burst * times, now)
    return wait or pace.wait(
        ("net", network), table.network_per_hour * times / HOUR, table.network_burst * times, now
    )


async def report_form(request: Request, desk: TheDesk, now: Now, paces: ThePaces) -> AsyncIterator[FormData]:
    """The form with its files; of a flood and of what is too large not a byte is read."""
    table = desk.bureau.public
    wait = may_report(paces, table, address_of(request), now, table.flood)
    if wait:
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    _demand_size(request, table.total_mb * MEGA + AROUND)
    files = table.photos + 2  # a row more than allowed is told in words, not by a broken connection
    async with request.form(max_files=files * 2, max_fields=WORDS) as form:
        yield form


async def short_form(request: Request, desk: TheDesk, now: Now, paces: ThePaces) -> AsyncIterator[FormData]:
    """A form of a few words and no file, from an address that may look once more."""
    table, (one, _) = desk.bureau.public, origin(address_of(request))
    wait = paces.looks.wait(one, table.looks_per_minute, table.looks_burst, now)
    if wait:
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    _demand_size(request, SMALL)
    async with request.form(max_files=0, max_fields=WORDS) as form:
        yield form


def _demand_size(request: Request, most: int) -> None:
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise HTTPException(411)
    if int(size) > most:
        raise HTTPException(413)


ReportForm = Annotated[FormData, Depends(report_form)]
ShortForm = Annotated[FormData, Depends(short_form)]
