"""The tables as their files stand now, routing rules first: one that is saved while the desk runs counts without a restart.

Reads the configuration only; which cases an edit concerns is decided in `flow.rerouting`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import structlog

from huanyu.bureau import Bureau
from huanyu.bureau import RouteRow
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES

log = structlog.get_logger()

Stamp = tuple[tuple[str, int, int], ...]


class RuleTable:
    """The rules, their files looked at whenever they are asked for; a broken edit leaves all tables as they were."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._files = tuple(config.candidates(name) for name in (*LISTS, *SINGLES))
        self._stamp = self._now()
        self._take(config.bureau)

    @property
    def bureau(self) -> Bureau:
        """Every table, as it was when it was last looked at."""
        return self._bureau

    @property
    def rows(self) -> tuple[RouteRow, ...]:
        """The rules in their order."""
        self.look()
        return self._bureau.routes

    @property
    def digest(self) -> str:
        """Tells this set of rules, words, units and places from any other."""
        self.look()
        return self._digest

    def is_current(self) -> bool:
        """Whether the files are those that were read last."""
        return self._now() == self._stamp

    def look(self) -> None:
        """Read the tables anew where a file of theirs is another."""
        stamp = self._now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._take(Config.load(self._config.path).bureau)
        except ConfigError as problem:
            log.error("tables_not_read", problem=str(problem))

    def _take(self, bureau: Bureau) -> None:
        self._bureau = bureau
        self._digest = digest_of(bureau)

    def _now(self) -> Stamp:
        return tuple(map(_stamp, self._files))


def _stamp(candidates: Sequence[Path]) -> tuple[str, int, int]:
    """Of the first that is there; asked of some thirty files before every request."""
    for path in candidates:
        try:
            found = path.stat()
        except OSError:  # there is none, or it is being replaced
            continue
        return str(path), found.st_mtime_ns, found.st_size
    return "", 0, 0


def digest_of(bureau: Bureau) -> str:
    """Of all tables that a unit is found by."""
    places = [(row.name, row.code, row.unit, row.built_up) for row in bureau.places]
    units = [
        (unit.key, unit.kind, unit.department, unit.area, unit.place, unit.valid_from, unit.valid_to)
        for unit in bureau.units
    ]
    told = repr((bureau.routes, bureau.hints, bureau.campaigns, units, places))
    return hashlib.sha256(told.encode()).hexdigest()
