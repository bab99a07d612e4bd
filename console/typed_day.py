"""A day as a browser sends it from a date field."""

from __future__ import annotations

from datetime import date

from huanyu.errors import BadInput


def day_of(what: str, typed: str) -> date:
    """The day; raises BadInput, which names the field, where none was given or it is none."""
    if not typed.strip():
        raise BadInput(f"请填写{what}")
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as problem:
        raise BadInput(f"{what}不是日期，请写成 2026-03-10 这样") from problem
