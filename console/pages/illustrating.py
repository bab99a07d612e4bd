"""配图 on the page of a message: which pictures of the case go along, and the words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Texts
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import illustrating
from flow.illustrating import Chosen
from huanyu.errors import BadInput

router = APIRouter()


@router.post("/outbox/{message_id}/pictures")
def illustrate(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    message_id: Key,
    version: Version,
    shown: Texts = (),
    caption: Texts = (),
    credit: Texts = (),
    picture: Texts = (),
) -> Response:
    """`shown` are all that were offered, with their words beside them, `picture` those that were ticked."""
    chosen = list(_chosen(shown, caption, credit, picture))
    illustrating.illustrate(desk, user, message_id, version, chosen, now)
    return RedirectResponse(f"/outbox/{message_id}", status_code=303)


def _chosen(
    shown: Sequence[str], caption: Sequence[str], credit: Sequence[str], ticked: Sequence[str]
) -> Iterator[Chosen]:
    if not len(shown) == len(caption) == len(credit) or not set(ticked) <= set(shown):
        raise BadInput("配图的表单不完整，请刷新后再试")
    for file_id, told, by in zip(shown, caption, credit, strict=True):
        if file_id in ticked:
            if not file_id.isascii() or not file_id.isdigit():
                raise BadInput("配图的表单不完整，请刷新后再试")
            yield Chosen(int(file_id), told, by)
