"""Pictures of a post that is seen again: new ones are added, none is dropped, one under another address is no new one."""

from __future__ import annotations

import pytest

from huanyu import pictures

LARGE = "https://wx1.img.example.org/large/0079abcdef01.jpg"


def test_new_pictures_stand_behind_those_that_are_there():
    assert pictures.joined(("a.jpg", "b.jpg"), ("c.jpg", "b.jpg", "c.jpg")) == ("a.jpg", "b.jpg", "c.jpg")


def test_a_list_that_shows_fewer_takes_none_away():
    assert pictures.joined(("a.jpg", "b.jpg"), ()) == ("a.jpg", "b.jpg")


@pytest.mark.parametrize(
    "again",
    [
        "https://wx4.img.example.org/large/0079abcdef01.jpg",
        "https://wx1.img.example.org/thumb150/0079abcdef01.jpg",
        LARGE + "?Expires=1772668860&ssig=x",
    ],
)
def test_one_picture_under_another_host_size_or_signature_is_no_new_one(again):
    assert pictures.joined((LARGE,), (again,)) == (LARGE,)


@pytest.mark.parametrize(
    "other",
    [
        "https://wx1.img.example.org/large/0079abcdef02.jpg",
        "https://bbs.example.org/forum.php?mod=attachment&aid=2",
        "http://[broken",
    ],
)
def test_another_picture_is_a_new_one(other):
    known = (LARGE, "https://bbs.example.org/forum.php?mod=attachment&aid=1", "https://a.example.org/1/1.jpg")
    assert pictures.joined(known, (other, "https://a.example.org/2/1.jpg")) == (
        *known,
        other,
        "https://a.example.org/2/1.jpg",
    )


def test_a_site_that_names_its_pictures_anew_each_time_does_not_fill_the_desk():
    found: tuple[str, ...] = ()
    for turn in range(pictures.MOST):
        found = pictures.joined(found, (f"https://a.example.org/p?{turn}", f"https://a.example.org/q?{turn}"))
    assert len(found) == pictures.MOST
