"""Names are resolved under guard: an inside address only for the very host and port that the operator wrote down."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

from crawler.resolver import GuardedResolver


@implementer(IHostnameResolver)
class Names:
    """A name server that gives every name the same address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> None:
        receiver.resolutionBegan(self)
        receiver.addressResolved(IPv4Address("TCP", self.address, port))
        receiver.resolutionComplete()


@implementer(IResolutionReceiver)
class Told:
    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.complete = False

    def resolutionBegan(self, _: Any) -> None:
        return

    def addressResolved(self, address: Any) -> None:
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


@pytest.mark.parametrize(
    ("name", "port", "address", "hosts"),
    [
        ("bbs.example.org", 8080, "10.0.0.5", ["10.0.0.5"]),
        ("BBS.example.org.", 8080, "10.0.0.5", ["10.0.0.5"]),
        ("bbs.example.org", 6379, "10.0.0.5", []),
        ("other.example.org", 8080, "10.0.0.5", []),
        ("other.example.org", 80, "8.8.8.8", ["8.8.8.8"]),
    ],
)
def test_an_inside_address_is_told_only_for_the_source_s_own_host_and_port(name, port, address, hosts):
    told = Told()
    GuardedResolver(Names(address), frozenset({("bbs.example.org", 8080)})).resolveHostName(told, name, port)
    assert (told.hosts, told.complete) == (hosts, True)
