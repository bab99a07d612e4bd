"""What a label that a person ticked means: a type with the kinds that go with it."""

from __future__ import annotations

from collections.abc import Sequence

from classify.labels import WITH_KINDS
from flow.teaching import UNNAMED
from huanyu.errors import BadInput
from huanyu.kinds import KIND_LABEL
from huanyu.types import PostType


def fitting(type_: PostType, ticked: Sequence[str]) -> tuple[str, ...]:
    """The kinds that go with a type: a complaint has one at least, what is not about the environment has none."""
    kinds = known(ticked)
    if type_ is PostType.COMPLAINT:
        return kinds or UNNAMED
    return kinds if type_ in WITH_KINDS else ()


def known(kinds: Sequence[str]) -> tuple[str, ...]:
    """Codes of kinds as they were ticked; raises BadInput for one that is none."""
    for kind in kinds:
        if kind not in KIND_LABEL:
            raise BadInput("没有这个类别", kind=kind)
    return tuple(kinds)
