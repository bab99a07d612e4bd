"""What a spider's method needs to know of a page, as JSON, so that a kept page can be read again later.

Knows a spider class only by `told`: the types of the values that are not plain JSON. Nothing here asks the network.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from typing import Protocol

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

log = logging.getLogger(__name__)

GIVEN = "given"  #: request.meta: the names that the spider itself put there
EXPECTS = "expects"
TYPE = "content_type"  #: kept beside the spider's own values: what the server said of the body


class Telling(Protocol):
    """A spider, or its class."""

    @property
    def told(self) -> Mapping[str, Any]: ...


def dump_meta(spider: Telling, meta: Mapping[str, Any]) -> dict[str, Any]:
    """The spider's own values of a request's meta as JSON; what is neither JSON nor in `told` is left out."""
    kept: dict[str, Any] = {}
    for name in (EXPECTS, *meta.get(GIVEN, ())):
        if name in spider.told:
            try:
                kept[name] = TypeAdapter(spider.told[name]).dump_python(
                    meta[name], mode="json", warnings="error"
                )
            except (PydanticSerializationError, ValueError) as problem:
                log.warning("%r cannot be kept: %s", name, problem)
        elif name in meta and is_json(meta[name]):
            kept[name] = meta[name]
    return kept


def load_meta(spider: Telling | type[Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The meta that `dump_meta` kept, with the spider's own types again; raises ValueError where they no longer fit."""
    told: Mapping[str, Any] = spider.told
    found = {
        name: TypeAdapter(told[name]).validate_python(value) if name in told else value
        for name, value in kept.items()
    }
    return found | {GIVEN: tuple(name for name in found if name not in {EXPECTS, TYPE})}


def is_json(value: object) -> bool:
    """Whether a value comes back from JSON as it went in: no tuples, no keys but strings."""
    if isinstance(value, list):
        return all(is_json(one) for one in value)
    if isinstance(value, dict):
        return all(type(key) is str and is_json(one) for key, one in value.items())
    return value is None or type(value) in {str, int, float, bool}
