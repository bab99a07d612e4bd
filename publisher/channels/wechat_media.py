"""Pictures and recordings that people sent to the account: fetched by their number, within the three days they are kept.

developers.weixin.qq.com: 获取临时素材 (media/get): the bytes themselves, or JSON with an errcode.
"""

from __future__ import annotations

import httpx

from huanyu.bureau import AccountRow
from huanyu.errors import Refused
from publisher.channels import wire
from publisher.channels.wechat_api import WechatApi

MOST = 20 * 1024 * 1024  # bytes; WeChat itself takes pictures up to 10 MB


class WechatMedia:
    """What one account can fetch."""

    def __init__(self, account: AccountRow, secret: str, timeout: httpx.Timeout = wire.TIMEOUT) -> None:
        self._api = WechatApi(account.base_url, account.app_id, secret, timeout)

    def fetch(self, media_id: str) -> bytes:
        """The bytes; raises Refused where they are gone or too many, Unavailable for another time."""
        body = self._api.download("media/get", media_id)
        if not body or len(body) > MOST:
            raise Refused("附件是空的，或者太大")
        return body
