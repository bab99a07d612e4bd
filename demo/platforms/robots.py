"""模拟群机器人: the webhooks of 企业微信, 钉钉 and 飞书, each with its own address, body and way to say no.

Like the real ones they answer HTTP 200 also when they refuse.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

from demo.platforms.server import FAULTS
from demo.platforms.server import Fault
from demo.platforms.server import Handler
from demo.platforms.server import Platform

TOKEN = "demo-robot-token"  # noqa: S105 - opens nothing but this server
HOOK = "/open-apis/bot/v2/hook/"


@dataclass(frozen=True, slots=True)
class Said:
    """A line in the group."""

    robot: str
    text: str


class RobotHandler(Handler):
    server: Any

    def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
        robots: RobotsPlatform = self.server.platform
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        robot, token = _called(self.path)
        fault = robots.next_fault() or Fault("none")
        if self._before(robot, fault):
            return None
        if token != robots.token:
            return self._say(robot, {"wecom": 93000, "dingtalk": 300001}.get(robot, 19001), "invalid")
        robots.kept.append(Said(robot, _text(robot, body)))
        return self._after(robot, fault)

    def _before(self, robot: str, fault: Fault) -> bool:
        match fault.name:
            case "refuse" | "rate_limit":
                self._say(robot, int(fault.options["error_code"]), "refused")
            case "drop_before_accept":
                self.cut()
            case "error_before_accept":
                self.send("Internal Server Error", "text/plain", 500)
            case "html":
                self.page("<h1>登录网络</h1>")
            case _:
                return False
        return True

    def _after(self, robot: str, fault: Fault) -> None:
        match fault.name:
            case "drop_after_accept":
                self.cut()
            case "error_after_accept":
                self.send("Bad Gateway", "text/plain", 502)
            case "stall":
                self.server.platform.released.wait(float(fault.options.get("seconds", 30)))
                self.cut()
            case _:
                self._say(robot, 0, "ok")

    def _say(self, robot: str, code: int, told: str) -> None:
        names = ("code", "msg") if robot == "feishu" else ("errcode", "errmsg")
        self.answer(dict(zip(names, (code, told), strict=True)))


class RobotsPlatform(Platform):
    """Three robots in one group."""

    handler = RobotHandler
    faults = FAULTS

    def __init__(self, token: str = TOKEN, port: int = 0) -> None:
        self.token = token
        self.kept: list[Said] = []
        super().__init__(port)


def _called(path: str) -> tuple[str, str]:
    """Which robot an address belongs to, and with which token."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query))
    if parts.path == "/cgi-bin/webhook/send":
        return "wecom", query.get("key", "")
    if parts.path == "/robot/send":
        return "dingtalk", query.get("access_token", "")
    return "feishu", parts.path.removeprefix(HOOK)


def _text(robot: str, body: Mapping[str, Any]) -> str:
    if robot == "feishu":
        return str(body["content"]["text"]) if body["msg_type"] == "text" else ""
    return str(body["text"]["content"]) if body["msgtype"] == "text" else ""
