"""Finds and masks personal data in any Chinese text: one home for what bulletins, notices and replies must hide.

Masking follows the published circular of 永安市 (2023): 138****1234, 35*************123, addresses to 乡镇/街道.
Must not know where a text comes from or goes; office telephones are told apart in `publisher.checks`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from huanyu import digits
from huanyu import fold
from huanyu import names as people
from huanyu import personal

#: Kinds, most telling first: where two overlap the first one stands.
KINDS = (
    "id_number",
    "bank_card",
    "email",
    "phone",
    "landline",
    "wechat_qq",
    "plate",
    "house_number",
    "minor_name",
    "reporter_name",
    "contact_name",
)
_SHOWN = {  # characters left standing at the head and the tail
    "id_number": (2, 3),
    "bank_card": (0, 4),
    "phone": (3, 4),
    "landline": (0, 0),
    "email": (1, 0),
    "wechat_qq": (1, 0),
    "plate": (2, 0),
    "house_number": (0, 0),
    "minor_name": (1, 0),
    "reporter_name": (1, 0),
    "contact_name": (1, 0),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of personal data at `text[start:end]` of the original text."""

    kind: str  #: one of KINDS
    start: int
    end: int


def spans(text: str, names: Iterable[str] = ()) -> tuple[Span, ...]:
    """Every piece of personal data in `text`, in order and without overlap.

    `names` are people known from the record, such as the reporter; they are found spaced out or disguised too.
    """
    plain, numeral = fold.plain(text), fold.numeral(text)
    found = [_span(plain, hit) for reader in _PLAIN for hit in reader(plain.text)]
    found += [_span(numeral, hit) for reader in _NUMERAL for hit in reader(numeral.text)]
    lookalike = fold.lookalike(text)
    found += [_span(lookalike, hit) for reader in _LOOKALIKE for hit in reader(lookalike.text)]
    found += [_span(plain, hit) for hit in people.known(plain.text, _usable(names))]
    return _apart(found)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """`text` with personal data starred out; masking a masked text changes nothing."""
    known = tuple(names)
    while found := spans(
        text, known
    ):  # a mask may free its neighbour; each round stars out at least one more
        text = _masked(text, found)
    return text


_PLAIN = (
    personal.runs,
    personal.phones,
    personal.landlines,
    personal.plates,
    personal.marks,
    personal.homes,
    people.by_cue,
)
_NUMERAL = (
    personal.runs,
    personal.phones,
    personal.landlines,
    personal.plates,
    personal.handles,
    digits.numbers,
)

_LOOKALIKE = (personal.phones_by_cue, personal.identities)


def _usable(names: Iterable[str]) -> tuple[str, ...]:
    folded = {fold.plain(name).text.strip() for name in names}
    return tuple(sorted(name for name in folded if len(name) > 1 and "*" not in name))


def _span(folded: fold.Folded, hit: personal.Hit) -> Span:
    kind, start, end = hit
    return Span(kind, *folded.origin(start, end))


def _apart(found: Sequence[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []  # by start; none touches another, so the neighbours tell
    for span in sorted(found, key=lambda span: (KINDS.index(span.kind), span.start, -span.end)):
        at = bisect_left(kept, span.start, key=lambda one: one.start)
        free_before = at == 0 or kept[at - 1].end <= span.start
        if free_before and (at == len(kept) or span.end <= kept[at].start):
            kept.insert(at, span)
    return tuple(kept)


def _masked(text: str, found: Sequence[Span]) -> str:
    parts, last = [], 0
    for span in found:
        parts += [text[last : span.start], _starred(span.kind, text[span.start : span.end])]
        last = span.end
    return "".join([*parts, text[last:]])


def _starred(kind: str, value: str) -> str:
    if kind == "email":
        local, at, host = value.partition("@")
        return f"{local[:1] if len(local) > 1 else ''}***@{host}" if at else "***"
    if kind in {"phone", "id_number", "bank_card"}:
        value = "".join(char for char in fold.lookalike(value).text if char.isalnum())
    head, tail = _SHOWN[kind]
    if kind.endswith("_name") and value.startswith(people.COMPOUND):
        head = 2
    head = min(head, len(value) - 1)  # at least one character must go, or masking would never end
    hidden = 2 if kind.endswith("_name") else max(2, len(value) - head - tail)
    return value[:head] + "*" * hidden + (value[-tail:] if tail else "")
