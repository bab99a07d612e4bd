"""One HTTP exchange with a platform: what a failure of the line means, for every channel that speaks HTTP.

A fresh connection each time, no redirect followed, no retry, no proxy from the environment. Knows no platform.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any
from typing import Final

import httpx

from huanyu.errors import ChannelError
from huanyu.errors import Unavailable
from huanyu.errors import Unknown

TIMEOUT: Final = httpx.Timeout(20, connect=10)
#: Failures before the request left.
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)


@cache
def trusted() -> ssl.SSLContext:
    """Whom we believe to be a platform; reading the list of authorities takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)


class _Signed(httpx.HTTPTransport):
    """Adds what must stand in the address on the wire only: neither the log of httpx nor an error shows it."""

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__(verify=trusted(), trust_env=False)
        self._query = query

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        signed = httpx.Request(
            request.method,
            request.url.copy_merge_params(self._query),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(signed)


def exchange(
    platform: str,
    method: str,
    url: str,
    *,
    publishes: bool,
    timeout: httpx.Timeout = TIMEOUT,
    headers: Mapping[str, str] | None = None,
    hidden: Mapping[str, str] | None = None,
    **request: Any,
) -> httpx.Response:
    """The answer; `hidden` goes into the address unseen.

    Raises Unavailable where nothing can have been published, Unknown where it may have been.
    """
    transport = _Signed(hidden) if hidden else None
    try:
        with httpx.Client(
            timeout=timeout, headers=headers, transport=transport, verify=trusted(), trust_env=False
        ) as client:
            return client.request(method, url, **request)
    except NOT_SENT as problem:
        raise Unavailable(f"连不上{platform}接口，尚未发出") from problem
    except httpx.HTTPError as problem:
        raise no_answer(platform, type(problem).__name__, publishes=publishes) from problem


def no_answer(platform: str, what: str, *, publishes: bool) -> ChannelError:
    """The error for an answer that did not come, or makes no sense."""
    if publishes:
        return Unknown(f"{platform}没有应答完整（{what}），可能已发布")
    return Unavailable(f"{platform}没有应答完整（{what}）")


def seconds(text: str) -> float | None:
    """A Retry-After header in seconds; a date there is not used by the platforms we know."""
    return float(text) if text.isdecimal() else None
