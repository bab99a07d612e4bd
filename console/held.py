"""A record in the hand of the person who looked at its page: which one, and the version they saw."""

from __future__ import annotations

from typing import Annotated
from typing import Any
from typing import NamedTuple

from fastapi import Depends
from fastapi import Path

from console.fields import LARGEST
from console.fields import Version
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow.desk import Desk
from huanyu.types import User


class Held(NamedTuple):
    """What every act on a record begins with, in the order in which the flow's functions take it."""

    desk: Desk
    user: User
    id: int
    version: int


def held_by(name: str) -> Any:
    """The dependency that reads a record's number from the place called `name` in the address."""

    async def held(
        desk: TheDesk, user: SignedIn, version: Version, id_: int = Path(alias=name, ge=1, le=LARGEST)
    ) -> Held:
        return Held(desk, user, id_, version)

    return Depends(held)


HeldCase = Annotated[Held, held_by("case_id")]
HeldLine = Annotated[Held, held_by("line_id")]
HeldRequest = Annotated[Held, held_by("request_id")]
HeldReward = Annotated[Held, held_by("reward_id")]
HeldMessage = Annotated[Held, held_by("message_id")]
HeldConference = Annotated[Held, held_by("conference_id")]
HeldAnswer = Annotated[Held, held_by("answer_id")]
HeldBatch = Annotated[Held, held_by("batch_id")]
