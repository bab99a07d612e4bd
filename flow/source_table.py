"""The sources as their table stands now: a row added or changed while the desk runs counts without a restart.

Knows the configuration only; when a source is visited is decided in `flow.crawls`.
"""

from __future__ import annotations

import structlog

from huanyu.bureau import SourceRow
from huanyu.config import Config
from huanyu.errors import ConfigError

log = structlog.get_logger()

Stamp = tuple[str, int, int]


class SourceTable:
    """sources.toml, looked at again and again; a broken edit leaves the rows as they were."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stamp = self._now()
        self.rows = config.bureau.sources
        self.changed: set[str] = set()  #: keys of rows that were edited and not visited since

    def look(self) -> None:
        """Read the table again if its file is another one than last time."""
        stamp = self._now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            rows = Config.load(self._config.path).bureau.sources
        except ConfigError as problem:
            log.error("sources_not_read", problem=str(problem))
            return
        self.changed |= edited(self.rows, rows)
        self.rows = rows

    def _now(self) -> Stamp:
        path = self._config.table("sources")
        try:
            found = path.stat()
        except OSError:  # being replaced
            return str(path), 0, 0
        return str(path), found.st_mtime_ns, found.st_size


def edited(before: tuple[SourceRow, ...], after: tuple[SourceRow, ...]) -> set[str]:
    """Keys of rows that are new or say something else than before."""
    known = {row.key: row for row in before}
    return {row.key for row in after if known.get(row.key) != row}
