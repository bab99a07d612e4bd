"""Media types of the files the desk hands out, by their endings (IANA media types registry)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a paper can be had as.
PAPERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
#: What a list can be had as.
LISTS: Final[Mapping[str, str]] = MappingProxyType({**PAPERS, "xlsx": XLSX})
