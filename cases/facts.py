"""What routing may look at: gathered in one way for the desk and for `huanyu route`.

Pure: records, read places and the bureau's tables in, Facts out. Which rule they fit is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import time
from typing import Final

from cases import hours
from cases.calendar import LIBRARY_FIRST
from cases.calendar import LIBRARY_LAST
from cases.hours import Span
from cases.level import LEVELS
from cases.words import first
from huanyu.bureau import HintRow
from huanyu.bureau import PlaceRow
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import LEAVES
from huanyu.text import fold
from huanyu.types import Place
from huanyu.types import PostType

NIGHT_FROM: Final = time(22)  # 噪声污染防治法 88: 22:00–06:00
NIGHT_TO: Final = time(6)
UNNAMED: Final = "other"
KNOWN_KINDS: Final = frozenset({*LEAVES, *FAMILY_LABEL})
CITY_ITSELF: Final = frozenset({"", "市直", "市级", "市直部门", "全市"})
_CODE: Final = re.compile(r"[1-8][0-9]{5}(?:[0-9]{3}){0,2}")  # 行政区划: county, township, village
FINEST: Final = ("village", "landmark", "township", "road", "zone", "county")  # a river flows through many
OUTSIDE: Final = ("建成区外", "建成区以外", "非建成区", "不在建成区", "不属于建成区")
INSIDE: Final = ("建成区",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What routing may look at; None and "" mean not known."""

    text: str = ""  #: title and text
    kinds: tuple[str, ...] = ()  #: most important first
    hint: str = ""  #: the words the first kind was taken from, where the classifier did not name it
    area: str = ""  #: county code or zone name
    place: str = ""  #: the finest place told
    township: str = ""
    built_up: bool | None = None  #: inside 城市建成区
    at: datetime | None = None  #: when the nuisance happened; never when somebody posted
    away: bool = False  #: filed under another city; or the text tells of one, and nobody filed it under ours
    type: str = ""  #: PostType
    level: str = ""
    campaigns: tuple[str, ...] = ()  #: names in campaigns.toml
    lane: str = ""
    item: str = ""  #: key in item_types.toml
    at_noted: bool = False  #: a person noted `at`: it counts before what the text tells
    area_noted: bool = False  #: a person named the area: no place of the text moves it

    @property
    def spans(self) -> tuple[Span, ...]:
        """The hours of the nuisance: as a person noted them, else as the text tells them, else as they came with it."""
        noted = (hours.at(local(self.at).time()),) if self.at else ()
        told = () if noted and self.at_noted else hours.told(fold(self.text))
        return told or noted


def night(spans: Sequence[Span]) -> bool | None:
    """Whether it happens between 22:00 and 06:00; None where nobody says, or where it may be either."""
    if hours.inside(spans, NIGHT_FROM, NIGHT_TO):
        return True
    return False if hours.clear_of(spans, NIGHT_FROM, NIGHT_TO) else None


def hinted(facts: Facts, hints: Sequence[HintRow]) -> Facts:
    """The facts with the kind their words tell: where none is known, or before it where the words are sure.

    `other` from the classifier means no more than that nothing was likely.
    """
    text = fold(facts.text).replace("影响", "")  # the commonest word with 响 in it tells of no sound
    known = tuple(kind for kind in facts.kinds if kind != UNNAMED)
    row = next((row for row in hints if (row.sure or not known) and _tells(row, text)), None)
    if row is None or row.kind in facts.kinds[:1]:
        return facts
    kinds = (row.kind, *(kind for kind in known if kind != row.kind))
    return replace(facts, kinds=kinds, hint=first(row.words, text) or "")


def _tells(row: HintRow, text: str) -> bool:
    return (
        first(row.words, text) is not None
        and (not row.and_words or first(row.and_words, text) is not None)
        and first(row.not_words, text) is None
    )


def located(facts: Facts, places: Sequence[Place], rows: Sequence[PlaceRow]) -> Facts:
    """The facts with what the places read in the text add: zone, finest place, township, built-up area.

    A zone lies inside a county's code: 许营镇 is 高新区's, whatever county the item was filed under.
    """
    area = facts.area if facts.area_noted else _area(facts.area, places)
    near = sorted(
        (one for one in places if one.level in FINEST and one.unit in {area, ""}),
        key=lambda one: FINEST.index(one.level),
    )
    known = [(one, _row(one, rows)) for one in near]
    return replace(
        facts,
        area=area,
        place=facts.place or (near[0].name if near else ""),
        township=facts.township or _township(near, rows),
        built_up=_inside(facts, [_built_up(one, row) for one, row in known] or _of_namesakes(facts, rows)),
    )


def _of_namesakes(facts: Facts, rows: Sequence[PlaceRow]) -> list[bool | None]:
    """What a township's full name tells where nobody knows which county's it is: every 柳林镇 lies outside."""
    text = fold(facts.text)
    told = {row.built_up for row in rows if row.level == "township" and row.name in text}
    return list(told) if len(told) == 1 else []


def _area(filed: str, places: Sequence[Place]) -> str:
    if not filed:
        return next((one.unit for one in places if one.unit and one.level != "city"), "")
    fine = (one for one in places if one.unit and one.level not in {"city", "county"})
    return next((one.unit for one in fine if one.code[:6] == filed), filed)


def _row(place: Place, rows: Sequence[PlaceRow]) -> PlaceRow | None:
    """The place's row; a village has that of its township."""
    if place.level == "village":
        return next((row for row in rows if row.level == "township" and row.code == place.code), None)
    return next((row for row in rows if (row.name, row.code) == (place.name, place.code)), None)


def _built_up(place: Place, row: PlaceRow | None) -> bool | None:
    if row is None or (place.level == "village" and row.built_up and place.name.endswith("村")):
        return None  # a 村 of a street may be town or fields
    return row.built_up


def _inside(facts: Facts, told: Sequence[bool | None]) -> bool | None:
    if facts.built_up is not None:
        return facts.built_up
    text = fold(facts.text)
    if any(word in text for word in OUTSIDE):
        return False
    if any(word in text for word in INSIDE):
        return True
    return next((one for one in told if one is not None), None)


def _township(near: Sequence[Place], rows: Sequence[PlaceRow]) -> str:
    named = next((one for one in near if one.level == "township"), None)
    if named:
        return named.name
    code = next((one.code for one in near if one.level == "village"), "")
    return next((row.name for row in rows if code and row.level == "township" and row.code == code), "")


def facts_from(record: Mapping[str, object], places: Sequence[PlaceRow], day: date) -> Facts:
    """Facts from one line of `huanyu route`; everything may be missing. Raises BadInput naming the key.

    `county` may be a name, an old name, a code or a zone, of another city too; a time of day alone belongs to
    `day`, and one without a zone is Asia/Shanghai.
    """
    area = area_of(_string(record, "county"), places)
    away = is_elsewhere(area, places)
    return Facts(
        text=_whole(_string(record, "title"), _string(record, "text")),
        kinds=_kinds(record),
        area="" if away else area,
        away=away,
        built_up=_flag(record),
        at=_moment(_string(record, "time"), day),
        type=_one_of(record, "type", [str(one) for one in PostType]),
        level=_one_of(record, "level", LEVELS),
    )


def _whole(title: str, text: str) -> str:
    return text if not title or text.startswith(title) else f"{title}\n{text}".strip()


def area_of(name: str, places: Sequence[PlaceRow]) -> str:
    """County code or zone for a name, an old name or a code; what nobody knows comes back as it is.

    高新区 wins over 东昌府区 where both are named: the zones lie inside that county's code.
    """
    rows = sorted((row for row in places if row.is_area), key=lambda row: row.level == "zone", reverse=True)
    exact = {row.code: row.unit for row in rows} | {row.unit: row.unit for row in rows}
    if name in exact:
        return exact[name]
    for row in rows:
        if any(known in name for known in (row.name, row.unit, *_aliases(row))):
            return row.unit
    cities = {
        known for row in places if row.level == "city" for known in (row.name, row.code, *_aliases(row))
    }
    return "" if name in cities | CITY_ITSELF else name


def is_elsewhere(area: str, places: Sequence[PlaceRow]) -> bool:
    """Whether what somebody filed a matter under is another city's: by its code, or by the list of other places."""
    if not area or any(area == row.unit for row in places):
        return False
    if _CODE.fullmatch(area):
        ours = [row.code.removesuffix("00") for row in places if row.level == "city" and row.code]
        return bool(ours) and not area.startswith(tuple(ours))
    home = (known for row in places if row.level == "city" for known in (row.name, *_aliases(row)))
    if any(known in area for known in home):
        return False
    names = (known for row in places if row.level == "elsewhere" for known in (row.name, *_aliases(row)))
    return any(known in area for known in names)


def _aliases(row: PlaceRow) -> list[str]:
    """Other names; the gazetteer's mark for "only with context" does not matter in a column for counties."""
    return [alias.removesuffix("?") for alias in row.aliases]


def _string(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).strip()
    raise BadInput(f"键 {key} 应为文字，实为 {value!r}")


def _one_of(record: Mapping[str, object], key: str, known: Sequence[str]) -> str:
    value = _string(record, key)
    if value and value not in known:
        raise BadInput(f"键 {key} 应为 {'、'.join(known)} 之一，实为 {value!r}")
    return value


def _kinds(record: Mapping[str, object]) -> tuple[str, ...]:
    value = record.get("kinds")
    if value is None:
        return ()
    told = [value] if isinstance(value, str) else value
    if not isinstance(told, list | tuple) or not all(isinstance(kind, str) for kind in told):
        raise BadInput(f"键 kinds 应为类别代码的列表，实为 {value!r}")
    unknown = [kind for kind in told if kind not in KNOWN_KINDS]
    if unknown:
        raise BadInput(f"键 kinds 中没有这种类别：{unknown[0]}")
    return tuple(told)


def _flag(record: Mapping[str, object]) -> bool | None:
    value = record.get("built_up")
    if value is None or isinstance(value, bool):
        return value
    raise BadInput(f"键 built_up 应为 true、false 或 null，实为 {value!r}")


def _moment(value: str, day: date) -> datetime | None:
    if not value:
        return None
    try:
        moment = (
            datetime.combine(day, time.fromisoformat(value))
            if len(value) <= len("22:30:00")
            else datetime.fromisoformat(value)
        )
    except ValueError as problem:
        raise BadInput(f"键 time 不是可识别的时间：{value}") from problem
    first_year, last_year = LIBRARY_FIRST, max(LIBRARY_LAST, day.year) + 1
    if not first_year <= moment.year <= last_year:
        raise BadInput(f"键 time 超出日历范围（{first_year}年至{last_year}年）：{value}")
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
