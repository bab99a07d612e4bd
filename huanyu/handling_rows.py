"""Tables of who handles what, and by when: units, routes, limits, levels, office hours.

Knows neither cases nor files; `huanyu.bureau` gathers these rows with the others.
"""

from __future__ import annotations

from datetime import date
from datetime import time
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import field_validator
from pydantic import model_validator

from huanyu.clock_rows import ClockRow as ClockRow
from huanyu.clock_rows import LadderRow as LadderRow
from huanyu.dated import Dated
from huanyu.dated import Table
from huanyu.types import PostType


class OldName(Table):
    """What a unit was called before, and until when (旧名称)."""

    name: str = Field(min_length=1)
    until: date | None = None
    source: str = ""


class UnitRow(Dated):
    """Somebody a case can go to (units.toml)."""

    key: str
    name: str
    short: str
    kind: Literal["bureau", "section", "squad", "branch", "zone", "township", "outside"]
    old_names: tuple[OldName, ...] = ()  #: what it was called before; shown where a unit is chosen
    department: str  #: plain name used by routing: 生态环境, 城管, 住建 …
    area: str = ""  #: county code or zone name; "" = whole city
    place: str = (
        ""  #: the township or street it looks after, as places.toml calls it; with the area it lies in
    )
    mail: str = ""
    phone: str = ""  #: office telephone, may be printed
    login: bool = True
    robot: str = ""  #: key in accounts.toml of the robot of its work chat
    parent: str = ""  #: key of the unit above, for escalation

    @field_validator("old_names", mode="before")
    @classmethod
    def _named(cls, given: object) -> object:
        """A bare name stands for one whose last day nobody wrote down."""
        if not isinstance(given, list | tuple):
            return given
        return tuple({"name": one} if isinstance(one, str) else one for one in given)


class LocalLawRow(Table):
    """What a rule rests on in this city beside its own source (local_law.toml)."""

    rule: str  #: id in routes.toml
    source: str = Field(min_length=2)  #: the ordinance and its articles


class RouteRow(Dated):
    """One ordered rule; the first that matches decides (routes.toml)."""

    id: str
    kinds: tuple[
        str, ...
    ] = ()  #: any of them; a family such as "noise" covers its leaves; empty = every kind
    beside: tuple[str, ...] = ()  #: the matter is of one of these kinds as well: dust beside building noise
    areas: tuple[str, ...] = ()
    built_up: bool | None = None  #: inside / outside 城市建成区; None = either
    night: bool | None = None  #: 22:00–06:00, 噪声法 88
    from_time: time | None = None  #: between two times of day, over midnight where the first is later
    to_time: time | None = None
    types: tuple[PostType, ...] = ()  #: what the text is; empty = anything
    levels: tuple[Literal["一般", "较大", "重大", "特别重大"], ...] = ()
    campaigns: tuple[str, ...] = ()  #: names in campaigns.toml
    lanes: tuple[str, ...] = ()  #: fast = 环境投诉“110”
    items: tuple[str, ...] = ()  #: types of item (item_types.toml): complaint question media …
    words: tuple[str, ...] = ()  #: any of them stands in the text
    and_words: tuple[str, ...] = ()  #: and any of these too
    not_words: tuple[str, ...] = ()
    department: str
    assist: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  #: rules whose departments assist where they fit too: 渣土 is of three
    adds: bool = False  #: decides nothing: where it fits, its department and sections join whoever was found
    township: bool = False  #: the township or street assists
    unit: str = ""  #: key of the very unit that handles it: a section of the bureau
    sections: tuple[str, ...] = ()  #: keys of units that assist
    why: str  #: Chinese, shown to the dispatcher
    to: Literal["area", "city", "township"] = (
        "area"  #: the county's unit of that department, the city's, or the township's own
    )

    @model_validator(mode="after")
    def _both_times(self) -> Self:
        if (self.from_time is None) != (self.to_time is None):
            raise ValueError("from_time 和 to_time 要同时写")
        return self


class HintRow(Table):
    """Words that tell the kind of a matter where the classifier names none (hints.toml); the first one counts."""

    kind: str
    words: tuple[str, ...] = Field(min_length=1)  #: any of them stands in the text
    and_words: tuple[str, ...] = ()  #: and any of these too
    not_words: tuple[str, ...] = ()
    sure: bool = False  #: counts before the kinds the classifier names, not only where it names none


class LevelRow(Dated):
    """A trigger for a level (levels.toml): every condition that is stated must hold."""

    id: str
    level: Literal["一般", "较大", "重大", "特别重大"]
    why: str  #: Chinese, shown to the person who confirms
    words: tuple[str, ...] = ()  #: any of them stands in the text
    and_words: tuple[str, ...] = ()  #: and any of these too
    not_words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  #: any of them; a family covers its leaves
    urgent: bool | None = None
    posts: int = 0  #: at least so many people said it
    reach: int = 0  #: at least so many likes, reposts and comments together
    growth: int = 0  #: at least so many said it within `hours` hours
    hours: int = Field(default=24, gt=0)
    rounds: int = 0  #: it is at least in this round: 2 = it was settled, and told again
    media: tuple[Literal["central", "province", "city"], ...] = ()  #: press of that tier speaks (media.toml)
    near: tuple[str, ...] = ()  #: a place read in it bears one of these in its name


class Calendar(Table):
    """Office hours, and days that differ from the published holiday calendar (calendar.toml)."""

    opens: time = time(8, 30)
    noon: time = time(12, 0)
    afternoon: time = time(13, 30)
    closes: time = time(17, 30)
    workdays: tuple[date, ...] = ()  #: 调休上班
    holidays: tuple[date, ...] = ()
    published_until: int = 0  #: last year whose notice is loaded by hand here; 0 = the library's own
