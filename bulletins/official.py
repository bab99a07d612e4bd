"""An official paper laid out once: what stands where in a letter or a slip, drawn alike as Word and as PDF.

Pure: form, fields and number in, sheet out. Must not know cases, nor where a paper is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Final

from huanyu.form_rows import FieldRow
from huanyu.form_rows import FormRow
from huanyu.redact import mask

NOT_YET: Final = "（文号印发时编定）"
HIDDEN: Final = "（已隐去）"
#: Fields of a letter that have a place of their own.
ADDRESSEE, COPIES, CONTACT, TELEPHONE = "addressee", "copies", "contact", "telephone"
ENCLOSURES, CATEGORY, CO_SIGNERS, IMPRINT = "enclosures", "category", "co_signers", "imprint"
_FIRST: Final = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SECOND: Final = re.compile(r"（[一二三四五六七八九十]{1,3}）")
_BLANK: Final = " \u3000\t\n"
_DANGLING: Final = re.compile(r"[，；、](?=[，；。])")  # left by an empty field


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; level 1 is 一、, level 2 （一）, 0 any other."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a slip."""

    label: str
    value: str
    wide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """A table behind a letter, on pages of its own."""

    title: str
    head: tuple[str, ...]
    widths: tuple[int, ...]  #: millimetres, together as wide as the text: 156
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialSheet:
    """Everything the page shows, in its final words."""

    layout: str  #: letter | slip
    name: str  #: 督办函
    issuer: str
    title: str
    serial: str
    category: str = ""  #: 类别标记 A, B or C
    signer: str = ""
    addressee: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    lines: tuple[Line, ...] = ()
    enclosures: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()  #: who signs with the issuer, the issuer first
    date: str = ""
    note: str = ""  #: whom to ask
    copies: str = ""
    office: str = ""  #: 印发机关
    printed: str = ""  #: 印发 day
    banner: str = ""  #: what this copy is: 样稿, 脱敏件, 作废
    mark: str = ""  #: who reads this copy and when, behind the text of every page
    annexes: tuple[Annex, ...] = ()  #: of a letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the register says of a paper."""

    serial: str = ""
    signer: str = ""
    signed_on: date | None = None
    issued_on: date | None = None
    void: bool = False


def sheet_of(
    form: FormRow,
    fields: Mapping[str, str],
    issuer: str,
    standing: Standing,
    redacted: bool = False,
    names: Iterable[str] = (),
) -> OfficialSheet:
    """The paper as it is drawn; `redacted` leaves out what is secret and stars personal data and `names`."""
    told = (
        _redacted(form, fields, tuple(names))
        if redacted
        else {key: fields.get(key, "") for key in _keys(form)}
    )
    letter = form.layout == "letter"
    if letter:
        told |= {row.key: f"〔待填：{row.label}〕" for row in form.fields if _is_missing(row, told)}
    partners = tuple(filter(None, re.split(r"[、，,；;\s]+", told.get(CO_SIGNERS, ""))))
    return OfficialSheet(
        layout=form.layout,
        name=form.name,
        issuer=issuer,
        title=_filled(form.title, told),
        serial=standing.serial or NOT_YET,
        category=told.get(CATEGORY, "").strip(),
        signer=standing.signer if form.names_signer else "",
        addressee=told.get(ADDRESSEE, "").strip() if letter else "",
        paragraphs=tuple(_paragraphs(form, told)) if letter else (),
        lines=() if letter else tuple(_lines(form.fields, told)),
        enclosures=tuple(one.strip() for one in told.get(ENCLOSURES, "").splitlines() if one.strip())
        if letter
        else (),
        signatories=(issuer, *partners),
        date=_day(standing.signed_on),
        note=_note(told) if letter else "",
        copies=told.get(COPIES, "").strip() if letter else "",
        office=told.get(IMPRINT, "").strip() if letter else "",
        printed=_day(standing.issued_on),
        banner=_banner(standing, redacted),
    )


def outline_faults(text: str) -> list[str]:
    """Headings 一、 and （一） that do not follow on each other, in Chinese; each 一、 begins its （一） anew."""
    told, counts = [], [0, 0]
    for line in text.splitlines():
        level = _level(line.strip())
        if not level:
            continue
        mark = (_FIRST if level == 1 else _SECOND).match(line.strip())
        counts[level - 1] += 1
        counts[1] = 0 if level == 1 else counts[1]
        wanted = numeral(counts[level - 1])
        if mark is not None and mark.group().strip("（）、") != wanted:
            shown = f"{wanted}、" if level == 1 else f"（{wanted}）"
            told.append(f"“{line.strip()[:12]}”的序号应为“{shown}”")
    return told


def numeral(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")


def _keys(form: FormRow) -> list[str]:
    return [row.key for row in form.fields]


def _redacted(form: FormRow, fields: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """What is secret is gone, not starred; an office telephone is meant to be read."""
    told = {}
    for row in form.fields:
        value = fields.get(row.key, "")
        if row.secret:
            told[row.key] = HIDDEN if value.strip(_BLANK) else ""
        else:
            told[row.key] = value if row.phone else mask(value, names=names)
    return told


def _is_missing(row: FieldRow, told: Mapping[str, str]) -> bool:
    """Whether a sentence would have a hole here: nobody signs it so, but the draft is read by people."""
    return row.need and not row.secret and row.key != CATEGORY and not told.get(row.key, "").strip(_BLANK)


def _filled(template: str, told: Mapping[str, str]) -> str:
    return template.format_map({key: value.strip(_BLANK) for key, value in told.items()})


def _paragraphs(form: FormRow, told: Mapping[str, str]) -> Iterable[Paragraph]:
    """Line by line; what a field says over several lines becomes as many paragraphs."""
    for template in form.body.strip().splitlines():
        names = [name for _, name, _, _ in Formatter().parse(template) if name]
        if names and not any(told.get(name, "").strip(_BLANK) for name in names):
            continue
        for text in _DANGLING.sub("", _filled(template, told)).splitlines():
            if text.strip():
                yield Paragraph(text.strip(), _level(text.strip()))


def _level(text: str) -> int:
    return 1 if _FIRST.match(text) else 2 if _SECOND.match(text) else 0


def _lines(rows: Iterable[FieldRow], told: Mapping[str, str]) -> Iterable[Line]:
    """The fields of a slip; one that is empty and not asked for is left out."""
    for row in rows:
        value = told.get(row.key, "")
        if value or row.need:
            yield Line(row.label, value.strip(), row.wide or row.kind == "long")


def _note(told: Mapping[str, str]) -> str:
    who, phone = told.get(CONTACT, "").strip(), told.get(TELEPHONE, "").strip()
    parts = [f"联系人：{who}" if who else "", f"联系电话：{phone}" if phone else ""]
    return f"（{'，'.join(filter(None, parts))}）" if any(parts) else ""


def _banner(standing: Standing, redacted: bool) -> str:
    parts = [
        "作废" if standing.void else "",
        "" if standing.serial else "样稿，未印发",
        "脱敏件" if redacted else "",
    ]
    return " · ".join(filter(None, parts))


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
