"""Walk the open platform's lists, newest first, without a gap: also when a visit ends before the old end is reached.

Pure. `since_id` and `max_id` are the platform's; a walk that was cut short goes on below where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace


@dataclass(frozen=True, slots=True)
class Walk:
    """Where we are in one list."""

    since: int = 0  #: everything up to this id is known
    below: int = 0  #: only ids up to this one (max_id), 0 = from the top
    newest: int = 0  #: highest id met since the walk left the top
    page: int = 1

    def params(self, count: int) -> dict[str, str]:
        """Query of the next request."""
        found = {"count": str(count), "page": str(self.page)}
        if self.since:
            found["since_id"] = str(self.since)
        if self.below:
            found["max_id"] = str(self.below)
        return found


def start(cursor: Mapping[str, str], name: str) -> Walk:
    """The walk of list `name` where the last visit left it: "since below newest"."""
    parts = [int(part) for part in cursor.get(name, "").split()]
    since, below, newest = [*parts, 0, 0, 0][:3]
    return Walk(since=since, below=below, newest=newest)


def step(walk: Walk, ids: Sequence[int], max_pages: int) -> tuple[Walk | None, str]:
    """The next step, None at the end of this visit, and the cursor to save if the visit ends here."""
    newest = max([walk.newest, *ids])
    if not ids or min(ids) <= walk.since:
        return None, f"{max(newest, walk.since)} 0 0"
    if walk.page >= max_pages:
        return None, f"{walk.since} {min(ids) - 1} {newest}"
    return replace(walk, newest=newest, page=walk.page + 1), ""
