"""Calls to the WeChat platform: the token, JSON and uploads, and the error that an answer stands for.

Token by stable_token, kept in the object and renewed once when it dies; never forced, which would kill the token of the
bureau's other programs (20 a day). It travels in the address, as WeChat wants it, and is shown nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from collections.abc import Mapping
from typing import Any
from typing import Final

import httpx

from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.types import Picture
from publisher.channels import wechat_codes as codes
from publisher.channels import wire

BASE_URL: Final = "https://api.weixin.qq.com/cgi-bin"
NAME: Final = "微信"
FILES: Final = ("image/", "audio/", "voice/", "video/", "application/octet-stream")


class WechatApi:
    """One official account's calls."""

    def __init__(self, base_url: str, app_id: str, secret: str, timeout: httpx.Timeout) -> None:
        self._base, self._app_id, self._secret = (base_url or BASE_URL).rstrip("/"), app_id, secret
        self._timeout, self._token = timeout, ""

    def call(
        self, path: str, asked: Mapping[str, Any], *, publishes: bool = False, allow: Collection[int] = ()
    ) -> dict[str, Any]:
        """The answer to a JSON call; raises the error that its errcode stands for, but for those in `allow`."""
        body = json.dumps(
            asked, ensure_ascii=False
        ).encode()  # WeChat would print backslash-u escapes as they are
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return self._signed(path, publishes, allow, content=body, headers=headers)

    def read(self, path: str) -> dict[str, Any]:
        """The answer to a call that only asks, by GET."""
        return self._signed(path, False, (), method="GET")

    def upload(self, path: str, picture: Picture, **query: str) -> dict[str, Any]:
        """The answer to the upload of a picture."""
        file = {"media": (picture.name, picture.body, picture.media)}
        return self._signed(path, False, (), files=file, params=query)

    def download(self, path: str, media_id: str) -> bytes:
        """The bytes of a material; raises the error that a JSON answer in their place stands for."""
        response = self._material(path, media_id)
        if not _is_file(response) and code_of(_body(response, False)) in codes.EXPIRED:
            self._token = ""
            response = self._material(path, media_id)
        if _is_file(response):
            return response.content
        body = _body(response, False)
        raise codes.error(code_of(body) or codes.BUSY, _told(body), publishes=False)

    def _material(self, path: str, media_id: str) -> httpx.Response:
        hidden = {"access_token": self.token(), "media_id": media_id}
        address = f"{self._base}/{path}"
        return wire.exchange(NAME, "GET", address, publishes=False, timeout=self._timeout, hidden=hidden)

    def token(self) -> str:
        """The access token; asked for once."""
        if not self._token:
            asked = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
            body = self._answer("stable_token", False, json=asked)
            self._token = str(body.get("access_token") or "")
            if not self._token:
                raise codes.error(code_of(body), _told(body), publishes=False)
        return self._token

    def _signed(self, path: str, publishes: bool, allow: Collection[int], **request: Any) -> dict[str, Any]:
        body = self._answer(path, publishes, hidden={"access_token": self.token()}, **request)
        if code_of(body) in codes.EXPIRED:  # nothing was taken: once more with a new one
            self._token = ""
            body = self._answer(path, publishes, hidden={"access_token": self.token()}, **request)
        code = code_of(body)
        if code != codes.OK and code not in allow:
            raise codes.error(code, _told(body), publishes=publishes)
        return body

    def _answer(self, path: str, publishes: bool, method: str = "POST", **request: Any) -> dict[str, Any]:
        base = self._base.removesuffix("/cgi-bin") if path.startswith("/") else f"{self._base}/"
        address = f"{base}{path}"
        response = wire.exchange(NAME, method, address, publishes=publishes, timeout=self._timeout, **request)
        return _body(response, publishes)


def code_of(body: Mapping[str, Any]) -> int:
    """The errcode of an answer; one without is a success."""
    code = body.get("errcode", codes.OK)
    return int(code) if str(code).lstrip("-").isdecimal() else codes.BUSY


def _is_file(response: httpx.Response) -> bool:
    """An error comes as JSON, whatever it calls itself; a picture or recording never as text."""
    kind = response.headers.get("Content-Type", "")
    return response.is_success and kind.startswith(FILES)


def _told(body: Mapping[str, Any]) -> str:
    return str(body.get("errmsg") or "")


def _body(response: httpx.Response, publishes: bool) -> dict[str, Any]:
    """The JSON object of an answer, or the error its status stands for."""
    try:
        body = response.json()
    except ValueError:
        body = None
    status = response.status_code
    if isinstance(body, dict) and response.is_success:
        return body
    if status == httpx.codes.TOO_MANY_REQUESTS:
        wait = wire.seconds(response.headers.get("Retry-After", ""))
        raise Unavailable("微信限制访问频率", retry_after=wait)
    if 300 <= status < 500 and status != httpx.codes.REQUEST_TIMEOUT:
        raise Refused(f"微信接口拒绝（HTTP {status}）", status=status)
    raise wire.no_answer(NAME, f"HTTP {status}", publishes=publishes)
