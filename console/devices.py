"""What a browser calls itself, in the few words by which its owner knows it again. Pure; nothing is decided by it."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "未知设备"
#: A word of the User-Agent and what it means; the first that fits counts, since browsers name their ancestors too.
BROWSERS: Final = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
    ("python", "程序"),
    ("curl", "程序"),
)
SYSTEMS: Final = (
    ("HarmonyOS", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def told(agent: str) -> str:
    """Chrome · Windows"""
    found = [
        next((name for mark, name in table if mark.lower() in agent.lower()), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(name for name in found if name) or UNKNOWN
