"""Refuse inside addresses also where a harmless name leads to one: judged at the moment the name is resolved.

A check before the request alone could be answered differently a moment later (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.interfaces import IHostResolution
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.addresses import is_public


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolve names as before, but hand on public addresses only, except for the source's own hosts and ports."""

    def __init__(self, inner: Any, own: frozenset[tuple[str, int]]) -> None:
        self.inner = inner
        self.own = own

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        own = (hostName.lower().rstrip("."), portNumber) in self.own
        receiver = resolutionReceiver if own else PublicOnly(resolutionReceiver)
        return self.inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class PublicOnly:
    """Pass an address on if anyone may reach it; no address left reads as an unknown name."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self.inner.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if is_public(str(getattr(address, "host", ""))):
            self.inner.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.inner.resolutionComplete()
