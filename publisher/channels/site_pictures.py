"""Pictures on our own pages: named by their content, without what the camera wrote into them, gone when nobody shows them.

Knows the folder of pictures only, not the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from huanyu.errors import BadInput
from huanyu.errors import Refused
from huanyu.types import Picture
from publisher import pictures

FOLDER: Final = "p"
LARGEST: Final = 10 * 1024 * 1024  # bytes: our own limit, a page is read on telephones


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture as a page shows it."""

    file: str  #: in FOLDER
    caption: str = ""
    credit: str = ""


def prepared(given: Sequence[Picture]) -> tuple[tuple[Shown, ...], Mapping[str, bytes]]:
    """What the page says of each picture, and the files to write; raises Refused for one that cannot be shown."""
    told: list[Shown] = []
    files: dict[str, bytes] = {}
    for picture in given:
        try:
            made = pictures.cleaned(picture)
        except BadInput as problem:
            raise Refused(str(problem)) from problem
        if len(made.body) > LARGEST:
            raise Refused(f"图片超过10MB：{picture.name}")
        name = sha256(made.body).hexdigest()[:32] + pictures.SUFFIX[made.media]
        files[name] = made.body
        told.append(Shown(file=name, caption=picture.caption, credit=picture.credit))
    return tuple(told), files


def forget(folder: Path, given: Iterable[Shown], still: Iterable[Shown]) -> None:
    """Delete the files of pictures that no page shows any more."""
    kept = {one.file for one in still}
    for one in given:
        if one.file not in kept:
            (folder / FOLDER / one.file).unlink(missing_ok=True)
