"""From a template of the bureau to sections: a block of its own is a section, other lines are the bureau's own words.

Nothing of a template is run: names are looked up in two tables, numbers come from figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from types import MappingProxyType

from bulletins import counted
from bulletins import handling
from bulletins import sections
from bulletins import statistics
from bulletins import units
from bulletins.sections import Desk
from huanyu import blocks
from huanyu.errors import ConfigError
from huanyu.types import Section

Write = Callable[[Desk], Section | None]

OWN_WORDS = "说明"  # heading of the bureau's own lines where it gave none
_BLOCK = re.compile(r"\{([^{}]*)\}")
_COMMA = re.compile(
    r"，(?=\{[^{}]*:[^{}]*\})"
)  # a comparison brings its own, or there is nothing to compare with
WRITERS: Mapping[str, Write] = MappingProxyType(
    {
        "overview": sections.overview,
        "deadlines": sections.deadlines,
        "overdue": sections.overdue,
        "hot": sections.hot,
        "channels": counted.channels,
        "kinds": counted.kinds,
        "places": counted.places,
        "case_kinds": counted.case_kinds,
        "case_places": counted.case_places,
        "levels": counted.levels,
        "open_matters": handling.open_matters,
        "returned": handling.returned,
        "units": units.units,
        "repeated": handling.repeated,
        "answered": handling.answered,
        "echo": handling.echo,
        "coverage": sections.coverage,
        "statistics": statistics.statistics,
        "matter": handling.matter,
        "slips": handling.slips,
        "remarks": handling.remarks,
    }
)


def write(template: str, desk: Desk, words: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections of a template in its order; raises ConfigError for a block nobody knows."""
    if wrong := next(blocks.faults(template), None):
        raise ConfigError(f"模板第 {wrong[0]} 行: {wrong[1]}")
    return tuple(_sections(template, desk, words))


def _sections(template: str, desk: Desk, words: Mapping[str, str]) -> Iterator[Section]:
    own = Section(heading=OWN_WORDS)
    for line in filter(None, map(str.strip, template.splitlines())):
        name = blocks.alone(line)
        if name not in blocks.SECTIONS and not line.startswith(blocks.HEADING):
            told = desk.say(_BLOCK.sub(lambda block: _slot(block[1], words), _COMMA.sub("", line)))
            own = Section(heading=own.heading, sentences=(*own.sentences, told))
            continue
        if own.sentences:
            yield own
        own = Section(heading=OWN_WORDS)
        if line.startswith(blocks.HEADING):
            heading = _BLOCK.sub(lambda block: words[block[1].strip()], line.lstrip(blocks.HEADING).strip())
            own = Section(heading=heading or OWN_WORDS)
        elif (section := WRITERS[blocks.SECTIONS[name]](desk)) is not None:
            yield section
    if own.sentences:
        yield own


def _slot(block: str, words: Mapping[str, str]) -> str:
    """A block inside a line as `wording.say` knows it: a word as it is, a figure by its key."""
    name, colon, _ = (part.strip() for part in block.partition(":"))
    if name in words:
        return words[name]
    return f"{{{blocks.FIGURES[name]}{':change' if colon else ''}}}"


def title(template: str, words: Mapping[str, str]) -> str:
    """The title of an issue."""
    return _BLOCK.sub(lambda block: words[block[1].strip()], template)
