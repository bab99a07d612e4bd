"""One name for one page, however its address was written, shared or rewritten.

Pure: an address in, its canonical name out. Knows no page and asks nobody: a short link stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult
from urllib.parse import quote
from urllib.parse import urlsplit

BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
DEFAULT_PORTS = frozenset({("http", 80), ("https", 443)})
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")

#: Parameters that say who passed an address on, never which page it is.
TRACKING = frozenset({
    "spm", "scm", "from", "from_source", "fromuid", "fromuser", "source_from", "share", "share_token",
    "share_from", "share_source", "share_medium", "share_id", "shareuid", "sharefrom", "share_sessionid",
    "share_tag", "sourcetype", "wm", "isappinstalled", "nsukey", "tdsourcetag", "scene", "mpshare",
    "srcid", "enterid", "clicktime", "ascene", "sharer_shareid", "sharer_sharetime",
    "sharer_sharetime_first", "wx_header", "pass_ticket", "chksm", "wfr", "bd_vid", "hmsr", "hmpl", "hmcu",
    "hmkw", "hmci", "fbclid", "gclid", "msclkid", "yclid", "_hsenc", "mc_cid", "mc_eid", "jsessionid",
    "phpsessid",
})  # fmt: skip
CAMPAIGN = "utm_"

WEIBO_HOSTS = frozenset(
    {"weibo.com", "www.weibo.com", "m.weibo.com", "m.weibo.cn", "weibo.cn", "h5.m.weibo.cn"}
)
WEIBO_SHARES = ("api.weibo.cn", "api.weibo.com")
WEIBO_PATH = re.compile(r"^/(?:detail|status|comment|\d{5,})/(?:[MZ]_)?([0-9A-Za-z]+)/?$")
MID = re.compile(r"^\d{9,19}$")
BID = re.compile(r"^(?![a-z]*$)[0-9A-Za-z]{8,11}$")  # words such as "followers" are other pages of a user
THREAD_PATH = re.compile(r"^(.*)/thread-(\d+)(?:-\d+)*(?:\.html?)?/?$")
THREAD_SCRIPT = re.compile(r"^(.*)/(forum\.php|viewthread\.php)$")
TIEBA_HOSTS = frozenset({"tieba.baidu.com", "wapp.baidu.com", "jump2.bdimg.com", "tiebac.baidu.com"})
TIEBA_PATH = re.compile(r"^/p/(\d+)/?$")
WECHAT = "mp.weixin.qq.com"
ARTICLE = ("__biz", "idx", "mid", "sn")

Query = Mapping[str, str]


def canonical(url: str) -> str:
    """The name of the page behind an address; "" for what is no web page of its own."""
    parts = _split(url)
    if parts is None:
        return ""
    host = _host(parts)
    query = dict(_pairs(parts.query))
    known = (
        _weibo(host, parts.path, query) or _tieba(host, parts.path, query) or _wechat(host, parts.path, query)
    )
    return known or _thread(host, parts.path, query) or _other(host, parts)


def mid_of(bid: str) -> str:
    """The number of a status from its short id: four digits of base 62 become seven decimal ones, from the right."""
    groups = [bid[max(0, end - 4) : end] for end in range(len(bid), 0, -4)]
    numbers = [str(_number(group)) for group in groups]
    return "".join(number.zfill(7) for number in reversed(numbers)).lstrip("0")


def _number(digits: str) -> int:
    total = 0
    for digit in digits:
        total = total * 62 + BASE62.index(digit)
    return total


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable else None


def _host(parts: SplitResult) -> str:
    """Lower case, without default port, account or the root's dot; names in Chinese as the wire has them."""
    name = (parts.hostname or "").rstrip(".")
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = name.lower()
    name = f"[{name}]" if ":" in name else name
    bare = parts.port is None or (parts.scheme, parts.port) in DEFAULT_PORTS
    return name if bare else f"{name}:{parts.port}"


def _pairs(query: str) -> list[tuple[str, str]]:
    """Name and value as written: decoding would make one page of two whose parameters are in GBK."""
    split = (part.partition("=") for part in query.replace("&amp;", "&").split("&") if part)
    return [(_tidy(name), _tidy(value)) for name, _, value in split]


def _tidy(text: str) -> str:
    """One spelling of escapes: none where none is needed, capital hex digits elsewhere."""

    def spell(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if UNRESERVED.match(char) else match[0].upper()

    return quote(ESCAPED.sub(spell, text), safe="%/:;,@!$'()*+~?[]")


def _weibo(host: str, path: str, query: Query) -> str:
    if host.endswith(WEIBO_SHARES):
        shared = query.get("weibo_id", "")
        return f"weibo/{shared}" if MID.match(shared) else ""
    found = WEIBO_PATH.match(path) if host in WEIBO_HOSTS else None
    if found is None:
        return ""
    told = found[1]
    if MID.match(told):
        return f"weibo/{told}"
    return f"weibo/{mid_of(told)}" if BID.match(told) else ""


def _tieba(host: str, path: str, query: Query) -> str:
    if host not in TIEBA_HOSTS:
        return ""
    found = TIEBA_PATH.match(path)
    thread = found[1] if found else query.get("kz", "")
    return f"tieba/{thread}" if thread.isdecimal() else ""


def _wechat(host: str, path: str, query: Query) -> str:
    if host != WECHAT or path.rstrip("/") != "/s":
        return f"{WECHAT}{path.rstrip('/')}" if host == WECHAT and path.startswith("/s/") else ""
    told = [f"{name}={query[name]}" for name in ARTICLE if name in query]
    return f"{WECHAT}/s?{'&'.join(told)}" if "mid" in query else ""


def _thread(host: str, path: str, query: Query) -> str:
    """A thread of a Discuz! board, by script or by rewritten address, whatever its page or template."""
    if found := THREAD_PATH.match(path):
        return f"{host}{found[1]}/thread/{found[2]}"
    script = THREAD_SCRIPT.match(path)
    tid = query.get("tid", "")
    shows = script is not None and (script[2] == "viewthread.php" or query.get("mod") == "viewthread")
    return f"{host}{script[1]}/thread/{tid}" if script and shows and tid.isdecimal() else ""


def _other(host: str, parts: SplitResult) -> str:
    kept = [
        f"{name}={value}" if value else name
        for name, value in sorted(set(_pairs(parts.query)))
        if name.lower() not in TRACKING and not name.lower().startswith(CAMPAIGN)
    ]
    path = _tidy(re.sub(r";jsessionid=[^/]*", "", parts.path, flags=re.IGNORECASE))
    if not path.strip("/") and not kept:
        return ""
    return f"{host}{path or '/'}" + (f"?{'&'.join(kept)}" if kept else "")
