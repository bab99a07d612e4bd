"""Types of what a browser sends: form fields, record numbers, page offsets."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi import Path
from fastapi import Query
from pydantic import AfterValidator

LARGEST = 2**31 - 1  # of an integer key in PostgreSQL; a larger one would be an error there, not a miss


def _without_nul(typed: str) -> str:
    return typed.replace("\x00", "")


#: PostgreSQL keeps no NUL in a text, and nobody types one.
Typed = Annotated[str, AfterValidator(_without_nul)]
Text = Annotated[Typed, Form()]
Texts = Annotated[tuple[Typed, ...], Form()]  #: one field that stands in the form several times
Version = Annotated[int, Form(ge=0, le=LARGEST)]
Number = Annotated[int, Form(ge=0, le=LARGEST)]  #: the same where a form need not have one
KeyField = Annotated[int, Form(ge=1, le=LARGEST)]  #: a record's number in a form
Key = Annotated[int, Path(ge=1, le=LARGEST)]  #: a record's number in the address
Id = Annotated[int, Query(ge=1, le=LARGEST)]  #: one in the query
Offset = Annotated[int, Query(ge=0, le=LARGEST)]
Ids = Annotated[tuple[Annotated[int, Query(ge=1, le=LARGEST)], ...], Query()]  #: several, as they were ticked
