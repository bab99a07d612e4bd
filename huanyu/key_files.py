"""Files with a key in them: made once, read by their owner alone."""

from __future__ import annotations

import os
import secrets as random
import stat
from contextlib import suppress
from pathlib import Path

from huanyu.belonging import hand_over
from huanyu.errors import ConfigError


def own_key(path: Path) -> str:
    """The key in `path`; two processes that both find none end up with one."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(random.token_urlsafe(32))
        hand_over(beside)
        with suppress(FileExistsError):  # another process was first: its key is the one
            os.link(beside, path)
        beside.unlink()
    demand_private(path)
    return path.read_text(encoding="utf-8").strip()


def demand_private(path: Path) -> None:
    """Raise ConfigError for a file that others may read."""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(f"{path}: 密钥文件可被他人读取, 请先执行 chmod 600 {path}")
