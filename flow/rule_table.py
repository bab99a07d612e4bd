"""The routing rules as their table stands now: one that is saved while the desk runs counts without a restart.

Reads the configuration only; which cases an edit concerns is decided in `flow.rerouting`.
"""

from __future__ import annotations

import hashlib

import structlog

from huanyu.bureau import Bureau
from huanyu.bureau import RouteRow
from huanyu.config import Config
from huanyu.errors import ConfigError

log = structlog.get_logger()

Stamp = tuple[str, int, int]


class RuleTable:
    """routes.toml, looked at whenever it is asked for; a broken edit leaves the rules as they were."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stamp = self._now()
        self._take(config.bureau)

    @property
    def rows(self) -> tuple[RouteRow, ...]:
        """The rules in their order."""
        self._look()
        return self._rows

    @property
    def digest(self) -> str:
        """Tells this set of rules, words, units and places from any other."""
        self._look()
        return self._digest

    def _look(self) -> None:
        stamp = self._now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._take(Config.load(self._config.path).bureau)
        except ConfigError as problem:
            log.error("routes_not_read", problem=str(problem))

    def _take(self, bureau: Bureau) -> None:
        self._rows = bureau.routes
        self._digest = digest_of(bureau)

    def _now(self) -> Stamp:
        path = self._config.table("routes")
        try:
            found = path.stat()
        except OSError:  # being replaced
            return str(path), 0, 0
        return str(path), found.st_mtime_ns, found.st_size


def digest_of(bureau: Bureau) -> str:
    """Of all tables that a unit is found by."""
    places = [(row.name, row.code, row.unit, row.built_up) for row in bureau.places]
    units = [(unit.key, unit.department, unit.area, unit.valid_from, unit.valid_to) for unit in bureau.units]
    told = repr((bureau.routes, bureau.hints, bureau.campaigns, units, places))
    return hashlib.sha256(told.encode()).hexdigest()
