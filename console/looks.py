"""A page shows one moment: whatever it asks the store, it asks in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from typing import TypeVar
from typing import cast

from flow.desk import Desk

P = ParamSpec("P")
T = TypeVar("T")


def one_look(handler: Callable[P, T]) -> Callable[P, T]:
    """A handler that reads; its desk is the argument of that name, as the framework gives it."""

    @wraps(handler)
    def looking(*given: P.args, **named: P.kwargs) -> T:
        with cast("Desk", named["desk"]).store.looking():
            return handler(*given, **named)

    return looking
