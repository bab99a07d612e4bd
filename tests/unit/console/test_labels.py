"""What a person ticks becomes a label that rules and training can use."""

from __future__ import annotations

import pytest

from console.pages.posts import fitting
from console.pages.samples import said
from huanyu.errors import BadInput
from huanyu.store import Label
from huanyu.types import PostType


def test_a_complaint_without_a_kind_is_of_the_kind_that_is_none() -> None:
    assert fitting(PostType.COMPLAINT, ()) == ("other",)
    assert fitting(PostType.COMPLAINT, ["air.dust"]) == ("air.dust",)


def test_ticks_left_over_from_a_complaint_do_not_stay_on_what_is_not_about_the_environment() -> None:
    assert fitting(PostType.OTHER, ["air.dust"]) == ()
    assert fitting(PostType.OTHER_REQUEST, ["air.dust"]) == ()
    assert fitting(PostType.QUESTION, ["air.dust"]) == ("air.dust",)


def test_a_drawn_post_is_labelled_by_the_same_rule() -> None:
    assert said("no", ["air.dust"]) is None
    assert said("complaint", ()) == Label(PostType.COMPLAINT, ("other",))
    assert said("other", ["air.dust"]) == Label(PostType.OTHER, ())


@pytest.mark.parametrize(("type_", "kinds"), [("rumour", ()), ("complaint", ("noise.martian",))])
def test_what_is_no_label_is_refused(type_: str, kinds: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        said(type_, kinds)
