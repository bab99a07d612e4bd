"""Which bureau the demo plays: its invented posts and its first chapter, told with that city's names.

The texts are written once; a further city is a table of names under demo/cities, never a line of code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from huanyu import shipped
from huanyu.errors import ConfigError

HOME = Path(__file__).resolve().parent
CITIES = HOME / "cities"


@dataclass(frozen=True, slots=True)
class City:
    """One bureau's city: what its names are where the texts have others, and who acts in the first chapter."""

    bureau: str
    clue: Path  #: the screenshot of the first chapter
    town: str  #: unit without log-in that assists
    branch: str  #: unit that assists beside it
    units: str = ""  #: rows beside the shipped ones, as TOML
    names: Mapping[str, str] = field(default_factory=dict)  #: as the texts have them -> as they are here

    def told(self, text: str) -> str:
        """The text with this city's names, the longest first."""
        if not self.names:
            return text
        found = "|".join(re.escape(name) for name in sorted(self.names, key=len, reverse=True))
        return re.sub(found, lambda match: self.names[match[0]], text)

    def row(self, told: Any) -> Any:
        """What a table of texts tells, whatever its shape."""
        if isinstance(told, str):
            return self.told(told)
        if isinstance(told, dict):
            return {key: self.row(value) for key, value in told.items()}
        return [self.row(value) for value in told] if isinstance(told, list) else told


def city(bureau: str = "") -> City:
    """The city of a bureau, the first shipped one by default; raises ConfigError where it has no demo."""
    key = bureau or shipped.bureaus()[0]
    path = CITIES / f"{key}.toml"
    if not path.is_file():
        known = "、".join(sorted(one.stem for one in CITIES.glob("*.toml")))
        raise ConfigError(f"没有 {key} 的演示, 可选: {known}")
    row = tomllib.loads(path.read_text(encoding="utf-8"))
    return City(bureau=key, clue=HOME / row.pop("clue"), **row)
