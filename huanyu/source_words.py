"""What the ways an item comes in are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: SourceKind -> Chinese name, in the order of lists and charts.
SOURCE_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "weibo": "微博",
        "wechat": "微信",
        "forum": "论坛",
        "news": "新闻",
        "platform": "监测平台",
        "hotline": "热线",
        "letter": "来信留言",
        "report": "随手拍",
    }
)
