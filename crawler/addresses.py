"""Decide which addresses a spider may talk to: the public network and its own source's configured host.

Pure; the middleware and the resolver ask here before each request, each redirect and each resolved name.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address
from ipaddress import ip_network
from urllib.parse import urlsplit

from huanyu.bureau import SourceRow

NAT64 = ip_network("64:ff9b::/96")  # RFC 6052
#: Addresses of inside networks that the standard library calls global: IPv4-compatible, site-local, local NAT64.
HIDDEN = tuple(ip_network(net) for net in ("::/8", "fec0::/10", "64:ff9b:1::/48"))
PORTS = {"http": 80, "https": 443}


def is_public(address: str) -> bool:
    """Whether an IP address is reachable by anyone: not loopback, private, link-local, multicast or reserved."""
    try:
        found = ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (inner := _within(found)):
        return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast and not any(found in net for net in HIDDEN)


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one only wraps: mapped, 6to4 or NAT64."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def own_hosts(source: SourceRow) -> frozenset[tuple[str, int]]:
    """Host and port of every address that the operator wrote down for this source."""
    found = (netloc(url) for url in (source.base_url, *source.urls))
    return frozenset(one for one in found if one is not None)


def netloc(url: str) -> tuple[str, int] | None:
    """Lower-case host and port of an http(s) address; None for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    return parts.hostname.lower().rstrip("."), port or PORTS[parts.scheme]


def site(url: str) -> str:
    """What counts as one site for our pace: the host, with its port where that is not the usual one."""
    place = netloc(url)
    if place is None:
        return ""
    return place[0] if place[1] in PORTS.values() else f"{place[0]}:{place[1]}"


def refusal(url: str, own: frozenset[tuple[str, int]]) -> str:
    """Why `url` must not be requested, "" when it may; a name is judged once more when it is resolved."""
    place = netloc(url)
    if place is None:
        return "只允许 http 和 https 地址"
    if place in own:
        return ""
    host = place[0]
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return f"不允许访问内部地址 {host}"
    if looks_like_ip(host) and not is_public(host):
        return f"不允许访问内部地址 {host}"
    return ""


def looks_like_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
