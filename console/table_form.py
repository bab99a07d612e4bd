"""A row of a table as a form made of its model: one control per key, and what was typed read back as TOML's values.

Knows the types of keys, not what any key means.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import time
from enum import Enum
from types import MappingProxyType
from types import NoneType
from types import UnionType
from typing import Annotated
from typing import Any
from typing import Final
from typing import Literal
from typing import Union
from typing import get_args
from typing import get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData

from console import table_words
from console.view import TYPES
from huanyu.dated import Dated
from huanyu.errors import BadInput
from huanyu.kinds import KIND_LABEL
from huanyu.source_words import SOURCE_LABEL
from huanyu.toml_text import literal

PREFIX = "key."  # of the fields of a form: a row may have a key that the form itself uses
LONG = frozenset({"text", "body", "template", "outline"})
NOTES = {
    "lines": "每行一个",
    "dates": "每行一个日期，例如 2026-10-01",
    "ints": "每行一个整数",
    "tables": "每行一项，写成 { 键 = 值, … }",
    "pairs": "每行一个 键 = 值",
}
ENUMS = {**SOURCE_LABEL, **TYPES}
APART = re.compile(r"([}\"])\s*,?\s*\n(?=\s*[{\"])")  #: one entry of a list from the next
SINGLE: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {
        "yes": lambda typed: typed == "true",
        "int": int,
        "float": float,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
    }
)
LISTED: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {"lines": str, "dates": date.fromisoformat, "ints": int}
)
YES_NO = (("true", "是"), ("false", "否"))


@dataclass(frozen=True, slots=True)
class Control:
    """One key of a row as it is asked for."""

    name: str
    label: str
    kind: str  #: line long lines choice choices number date time dates ints tables pairs
    value: str
    required: bool
    help: str
    choices: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] = ()  #: values used elsewhere, offered while typing
    ticked: tuple[str, ...] = ()


def controls(
    table: str, model: type[BaseModel], row: Mapping[str, Any], known: Mapping[str, Sequence[str]]
) -> list[Control]:
    """The form of a row; the dates it is in force and its ground stand last."""
    names = sorted(model.model_fields, key=lambda name: name in Dated.model_fields)
    return [_control(table, name, model.model_fields[name], row.get(name), known) for name in names]


def sent(model: type[BaseModel], form: FormData) -> dict[str, str | tuple[str, ...]]:
    """What was typed, key by key."""
    return {
        name: tuple(str(one) for one in form.getlist(f"{PREFIX}{name}"))
        if kind_of(field.annotation)[0] == "choices"
        else str(form.get(f"{PREFIX}{name}", "")).replace("\r\n", "\n").replace("\x00", "").strip()
        for name, field in model.model_fields.items()
    }


def changes(
    table: str,
    model: type[BaseModel],
    row: Mapping[str, Any] | None,
    typed: Mapping[str, str | tuple[str, ...]],
) -> dict[str, object]:
    """Keys that were typed otherwise than they stand in `row`; None for one that is empty now. Raises BadInput."""
    found: dict[str, object] = {}
    for name, field in model.model_fields.items():
        shown = _shown(field, (row or {}).get(name))
        if typed[name] == shown:
            continue
        value = _value(table, name, field, typed[name])
        found[name] = None if _is_default(field, value) else value
    if "source" in model.model_fields and not typed["source"]:
        raise BadInput("请写依据：法律条文、文件名称或“本局工作规定”")
    return found


def in_words(table: str, model: type[BaseModel], name: str, value: str) -> str:
    """A value of a cell as a person reads it."""
    if name not in model.model_fields or not value:
        return value
    kind, options = kind_of(model.model_fields[name].annotation)
    if kind in {"choice", "choices"} and options:
        return "、".join(_named(table, name, one) for one in value.split("、"))
    return (
        "、".join(KIND_LABEL.get(one, one) for one in value.split("、"))
        if name in {"kinds", "kind", "beside"}
        else value
    )


def kind_of(annotation: Any) -> tuple[str, tuple[str, ...]]:
    """Which control a type needs, and the values of a closed list."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind_of(args[0])
    if origin in (Union, UnionType):
        return kind_of(next(one for one in args if one is not NoneType))
    if origin is Literal:
        return "choice", tuple(map(str, args))
    if origin is tuple:
        return _many(*kind_of(args[0]))
    if origin is dict:
        return "pairs", ()
    return _plain(annotation)


def _plain(annotation: Any) -> tuple[str, tuple[str, ...]]:
    if not isinstance(annotation, type):
        return "line", ()
    if issubclass(annotation, Enum):
        return "choice", tuple(str(one.value) for one in annotation)
    for kind, types in (("yes", bool), ("int", int), ("float", float), ("date", date), ("time", time)):
        if issubclass(annotation, types):
            return kind, ()
    return ("pairs", ()) if issubclass(annotation, BaseModel) else ("line", ())


def _many(kind: str, options: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    many = {"choice": "choices", "date": "dates", "int": "ints", "pairs": "tables"}
    return many.get(kind, "lines"), options


def _control(
    table: str, name: str, field: FieldInfo, value: Any, known: Mapping[str, Sequence[str]]
) -> Control:
    kind, options = kind_of(field.annotation)
    shown = _shown(field, value)
    required = field.is_required() or name == "source"
    if kind == "line" and (name in LONG or len(str(shown)) > 60 or "\n" in shown):
        kind = "long"
    choices = tuple((one, _named(table, name, one)) for one in options)
    if kind == "yes":
        kind, choices = "choice", YES_NO
    if kind == "choice" and not required and "" not in options:
        empty = "不论" if field.default is None else f"（{_default(table, name, field)}）"
        choices = (("", empty), *(one for one in choices if one[0] != _text(field.default)))
    return Control(
        name=name,
        label=table_words.field_of(table, name),
        kind={"int": "number", "float": "number"}.get(kind, kind),
        value=shown if isinstance(shown, str) else "",
        required=required,
        help=NOTES.get(kind, ""),
        choices=choices,
        known=tuple(known.get(f"{table}.{name}", known.get(name, ()))) if kind == "line" else (),
        ticked=shown if isinstance(shown, tuple) else (),
    )


def _default(table: str, name: str, field: FieldInfo) -> str:
    if isinstance(field.default, bool):
        return "是" if field.default else "否"
    return _named(table, name, _text(field.default)) if field.default else "空"


def _named(table: str, name: str, value: str) -> str:
    told = table_words.value_of(table, name, value)
    return ENUMS.get(value, told) if told == value else told


def _shown(field: FieldInfo, value: Any) -> str | tuple[str, ...]:
    """A value as it stands in its control."""
    kind, _ = kind_of(field.annotation)
    if kind == "choices":
        return tuple(str(one) for one in value or ())
    if value is None or (
        kind in {"yes", "choice"} and not field.is_required() and _text(value) == _text(field.default)
    ):
        return ""
    if kind in {"lines", "dates", "ints"}:
        return "\n".join(_text(one) for one in value).strip()
    if kind == "tables":
        return "\n".join(literal(one) for one in value)
    if kind == "pairs":
        return "\n".join(f"{name} = {literal(one)}" for name, one in value.items())
    return _text(value).strip()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Enum):
        return str(value.value)
    return str(value)


def _value(table: str, name: str, field: FieldInfo, typed: str | tuple[str, ...]) -> object:
    """What was typed as TOML's value; None where nothing was."""
    if isinstance(typed, tuple):
        return list(typed)
    if not typed:
        return None
    kind, _ = kind_of(field.annotation)
    try:
        return _read(kind, typed)
    except ValueError as problem:
        raise BadInput(
            f"“{table_words.field_of(table, name)}”填的 {typed[:40]} 不对，{_wanted(kind)}"
        ) from problem


def _read(kind: str, typed: str) -> object:
    lines = [line.strip() for line in typed.split("\n") if line.strip()]
    if kind in LISTED:
        return [LISTED[kind](one) for one in lines]
    if kind == "tables":
        whole = APART.sub(r"\1,", typed)
        return tomllib.loads(f"x = [{whole}]")["x"]
    return tomllib.loads(typed) if kind == "pairs" else SINGLE.get(kind, str)(typed)


def _wanted(kind: str) -> str:
    return {
        "int": "应为整数",
        "float": "应为数字",
        "date": "应为日期，例如 2026-10-01",
        "time": "应为时刻，例如 08:30",
    }.get(kind, f"应{NOTES[kind]}" if kind in NOTES else "读不懂")


def _is_default(field: FieldInfo, value: object) -> bool:
    if value is None or field.is_required():
        return value is None
    default = field.get_default(call_default_factory=True)
    return value == (list(default) if isinstance(default, tuple) else default)


def columns(model: type[BaseModel]) -> Iterator[str]:
    """Keys worth a column of the list: what tells rows apart, then what is required."""
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    first = [name for name in ("name", "label", "key", "id", "amount") if name in model.model_fields]
    short = [name for name in required if name not in LONG and name not in first]
    yield from [*first, *short][:5]


def as_typed(control: Control, typed: str | tuple[str, ...]) -> Control:
    """The control with what the person typed, not with what stands in the table."""
    if isinstance(typed, tuple):
        return replace(control, ticked=typed)
    return replace(control, value=typed)
