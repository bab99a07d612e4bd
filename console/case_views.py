"""The parts of the list of cases, by the states in them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cases.lifecycle import ENDS
from cases.lifecycle import LABEL

#: Parts of the list: name, and the states in it; no states means every one.
VIEWS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "open": ("在办", frozenset(LABEL) - ENDS),
        "dispatch": ("待派单", frozenset({"pending", "accepted", "returned"})),
        "sign": ("待签收", frozenset({"assigned"})),
        "work": ("查处中", frozenset({"signed", "onsite", "paused"})),
        "check": ("待审反馈", frozenset({"reported"})),
        "reply": ("待答复", frozenset({"handled", "replying"})),
        "answered": ("已答复", frozenset({"answered", "visited"})),
        "interim": ("阶段性办结", frozenset({"interim"})),
        "over": ("已了结", ENDS),
        "all": ("全部", frozenset()),
    }
)
