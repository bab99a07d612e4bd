"""Who may ask for what of console.pages.backups; to take one away asks for a second factor besides."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

ADMIN = roles("admin")
MATRIX = {
    ("GET", "/backups"): Entry("/backups", ADMIN),
    ("POST", "/backups"): Entry("/backups", ADMIN, {}),
    ("POST", "/backups/{backup_id}/verify"): Entry("/backups/999/verify", ADMIN, {}),
    ("POST", "/backups/{backup_id}/download"): Entry("/backups/999/download", roles(), {}),
    ("POST", "/restores/end"): Entry("/restores/end", roles("press", "leader", "admin"), {}),
}
