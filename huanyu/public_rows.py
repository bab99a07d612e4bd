"""Bounds of the public pages (public.toml): sizes, paces, how long a form is good, what is asked of citizens.

Knows neither forms nor requests; what is beyond a bound is told by `console.public`.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from huanyu.dated import Table

MEGA: Final = 1024 * 1024


class PublicTable(Table):
    """How much, how fast and how long on the pages that everybody may open."""

    photos: int = Field(default=6, ge=0, le=10)  #: of one report
    photo_mb: int = Field(default=12, ge=1, le=50)
    voice_mb: int = Field(default=10, ge=1, le=50)
    total_mb: int = Field(default=40, ge=1, le=200)  #: of one report, all files together
    text_least: int = Field(default=5, ge=1, le=100)  #: characters; fewer will do beside a recording
    text_most: int = Field(default=2000, ge=100, le=10_000)
    form_seconds: int = Field(default=3, ge=0, le=60)  #: nobody fills in a form faster
    form_hours: int = Field(default=12, ge=1, le=72)  #: then the form is asked for anew, filled in
    address_per_hour: int = Field(default=20, ge=1, le=10_000)  #: reports of one address in the long run
    address_burst: int = Field(default=5, ge=1, le=10_000)  #: of them at once
    network_per_hour: int = Field(
        default=120, ge=1, le=100_000
    )  #: the same of its network, as of a whole estate
    network_burst: int = Field(default=30, ge=1, le=100_000)
    flood: int = Field(
        default=10, ge=2, le=1000
    )  #: so many times the pace, and nothing sent is read any more
    patient_minutes: int = Field(
        default=3, ge=1, le=60
    )  #: a form open so long has places of its own where an address has none left
    looks_per_minute: int = Field(default=20, ge=1, le=1000)  #: look-ups of one address
    looks_burst: int = Field(default=10, ge=1, le=1000)
    same_hours: int = Field(default=24, ge=1, le=720)  #: the same words within it are one report
    queue_most: int = Field(
        default=500, ge=1
    )  #: reports nobody has understood yet; more are asked to telephone
    reopen_most: int = Field(
        default=2, ge=0, le=10
    )  #: so often the unhappy reopen by themselves; then a person decides
    reason_least: int = Field(default=4, ge=1, le=100)  #: characters of why somebody is unhappy
    originals_days: int = Field(
        default=30, ge=1, le=3650
    )  #: photos and recordings of what is no complaint, from the day that was known
    consent: str = Field(default="我同意为核实和处理本次举报使用以上信息。", min_length=10)
    notice: tuple[str, ...] = ()  #: what becomes of what is told, a paragraph each
