"""Bounds of the interface for other systems (api.toml): sizes, paces, how long a signature and a token are good.

Knows neither tokens nor requests; what is beyond a bound is told by `console.api`.
"""

from __future__ import annotations

from pydantic import Field

from huanyu.dated import Table


class ApiTable(Table):
    """How much, how fast and how long."""

    items: int = Field(default=200, ge=1, le=2000)  #: in one request
    body_bytes: int = Field(default=1_048_576, ge=1024, le=20_971_520)  #: of one request
    per_minute: int = Field(default=120, ge=1, le=6000)  #: requests of one token, in the long run
    burst: int = Field(default=30, ge=1, le=6000)  #: of them at once
    page: int = Field(default=100, ge=1, le=500)  #: cases of one answer, at most
    token_days: int = Field(default=366, ge=1, le=1098)  #: the longest a token is good
    signature_seconds: int = Field(default=300, ge=10, le=3600)  #: how far a signature's time may be off
    alarm_channel: str = "monitor"  #: in channels.toml
    alarm_window_hours: int = Field(default=24, ge=1, le=720)  #: alarms of one point so near are one matter
    alarm_oldest_days: int = Field(default=30, ge=1, le=365)  #: older ones are kept for a person to look at
