"""Whose a file is: what root makes in somebody else's desk belongs to whoever runs that desk."""

from __future__ import annotations

import os
from pathlib import Path


def hand_over(path: Path) -> None:
    """Where root works for another user: give them what was made, as they could neither read nor remove it."""
    if os.name == "nt" or os.geteuid() != 0:
        return
    folder = path.parent.stat()
    os.chown(path, folder.st_uid, folder.st_gid)


def stranger(path: Path) -> str:
    """The owner of a file that is somebody else's, by name or number; "" where it is ours or not to be seen."""
    if os.name == "nt":
        return ""
    try:
        owner = path.stat().st_uid
        return "" if owner == os.geteuid() else path.owner()
    except KeyError:
        return str(owner)
    except OSError:
        return ""
