"""Other systems at the desk for the tests: their tokens, a station with its key, requests over real HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from console import up
from console.app import create_app
from flow import alarming
from flow import tokens
from flow.alarming import Installed
from flow.alarming import NewStation
from flow.desk import Desk
from flow.tokens import Issued
from flow.tokens import NewToken
from huanyu import signature
from tests.trusted import TRUSTED

UNIT, OTHER = "dongchangfu", "linqing"


@dataclass
class System:
    """A system that knows its token, and the key of its station."""

    url: str
    issued: Issued
    now: Callable[[], datetime]
    station: Installed | None = None

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.issued.secret}"} | more.pop("headers", {})
        return httpx.request(
            method, f"{self.url}/api/v1{path}", headers=headers, timeout=120, verify=TRUSTED, **more
        )

    def hand_in(self, *items: Any, **more: Any) -> httpx.Response:
        return self.ask("POST", "/items", json={"items": list(items), **more})

    def alarm(self, said: Any, **headers: str) -> httpx.Response:
        body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        return self.ask("POST", "/alarms", content=body, headers=self.signed(body) | headers)

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers of a station that knows how."""
        assert self.station is not None
        at = str(int(self.now().timestamp()))
        return {
            "Content-Type": "application/json",
            "X-Huanyu-Station": self.station.station.code,
            "X-Huanyu-Timestamp": at,
            "X-Huanyu-Signature": signature.sign(self.station.secret, at, body),
        }


def issue(desk: Desk, now: datetime, name: str = "市网格平台", **more: Any) -> Issued:
    values = {"unit": UNIT, "scopes": tuple(tokens.SCOPES), "channels": ("grid",), "days": 30}
    return tokens.add(desk, None, NewToken(name=name, **(values | more)), now)


def install(desk: Desk, now: datetime, **more: Any) -> Installed:
    values = {"code": "LC-DJ-01", "name": "顺河污水处理厂", "place": "许营镇顺河路", "unit": UNIT}
    return alarming.add_station(desk, None, NewStation(**(values | more)), now)


@dataclass
class Clock:
    """The moment it is, until a test says otherwise."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def serving(desk: Desk, now: Callable[[], datetime]) -> Iterator[str]:
    """The console of a desk on a free port; yields its address."""
    with answering(create_app(desk, now)) as url:
        yield url


@contextmanager
def answering(app: FastAPI) -> Iterator[str]:
    """An application on a free port; yields its address."""
    with up.listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
