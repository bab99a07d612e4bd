"""The tables that come with the program: what all bureaus share, and what is one bureau's own.

A further bureau is a folder of tables, never a line of code.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from huanyu.config import SHIPPED
from huanyu.errors import ConfigError

BUREAUS = SHIPPED / "bureaus"  #: a folder per further bureau, with the tables that are its own


def bureaus() -> tuple[str, ...]:
    """Whose tables are shipped: the first is the one whose own stand among the shared."""
    return (_home(), *sorted(path.name for path in BUREAUS.iterdir() if path.is_dir()))


def tables(bureau: str = "") -> dict[str, Path]:
    """The files of a bureau's tables by name, its own before the shared; raises ConfigError for an unknown one."""
    if bureau and bureau not in bureaus():
        raise ConfigError(f"没有自带 {bureau} 的各表, 可选: {'、'.join(bureaus())}")
    own = [] if bureau in {"", _home()} else sorted((BUREAUS / bureau).glob("*.toml"))
    return {path.stem: path for path in (*sorted(SHIPPED.glob("*.toml")), *own)}


def _home() -> str:
    try:
        told = tomllib.loads((SHIPPED / "bureau.toml").read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError:
        return ""  # whoever reads the tables says what is wrong
    return str(told.get("key", ""))
