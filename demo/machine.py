"""What a run was measured on: processor, memory, system and program; nothing that names the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
GIB = 1 << 30


def described() -> dict[str, str]:
    """Each thing by its name in Chinese; what cannot be known is left out."""
    told = {
        "处理器": _processor(),
        "核数": str(os.cpu_count() or ""),
        "内存": _memory(),
        "系统": f"{_distribution()} {platform.system()} {platform.release()} {platform.machine()}".strip(),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "版本": _version(),
        "提交": _commit(),
    }
    return {name: value for name, value in told.items() if value}


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8", errors="replace").splitlines() if known.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, "") or platform.processor()


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIB:.1f} GiB"
    except (AttributeError, ValueError, OSError):  # Windows has no such question
        return ""


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def _version() -> str:
    try:
        return version("huanyu")
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    """Of a checkout; "" for an installed program."""
    if not (HERE / ".git").exists():
        return ""
    try:
        head, changed = (
            subprocess.run(
                ["git", *asked], cwd=HERE, capture_output=True, text=True, check=True
            ).stdout.strip()
            for asked in (
                ["rev-parse", "--short=12", "HEAD"],
                ["status", "--porcelain", "--untracked-files=no"],
            )
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"{head}（另有改动）" if changed else head
