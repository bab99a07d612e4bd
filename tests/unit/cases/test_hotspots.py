"""重复投诉热点: same enterprise or place, same family of kinds, often enough."""

from __future__ import annotations

from cases.hotspots import Told
from cases.hotspots import hotspots

FIRM = "东水造纸"


def told(case_id: int, *firms: str, place: str = "", kinds: tuple[str, ...] = ("air.odour",)) -> Told:
    return Told(case_id=case_id, area="371526", place=place, kinds=kinds, enterprises=firms, posts=case_id)


def test_cases_of_one_enterprise_meet_in_a_family_of_kinds() -> None:
    (found,) = hotspots([told(1, FIRM), told(2, FIRM, kinds=("air.dust",)), told(3, FIRM)], [FIRM], 3)
    assert (found.sort, found.name, found.family, found.cases, found.posts) == (
        *("enterprise", FIRM, "air", (1, 2, 3)),
        6,
    )


def test_another_kind_or_one_too_few_is_no_hotspot() -> None:
    some = [told(1, FIRM), told(2, FIRM), told(3, FIRM, kinds=("noise.social",))]
    assert hotspots(some, [FIRM], 3) == []
    assert len(hotspots(some, [FIRM], 2)) == 1


def test_a_place_counts_where_no_known_enterprise_is_named() -> None:
    some = [
        told(1, place="梁村镇东头"),
        told(2, "路人甲的店", place="梁村镇东头"),
        told(3, FIRM, place="梁村镇东头"),
        told(4, place="梁村镇东头（北纬36.800000，东经116.200000）"),
    ]
    (found,) = hotspots(some, [FIRM], 2)
    assert (found.sort, found.name, found.cases) == ("place", "梁村镇东头", (1, 2, 4))


def test_a_case_of_two_families_counts_in_both_and_nowhere_twice() -> None:
    both = ("air.odour", "air.dust", "water.industry")
    found = hotspots([told(1, FIRM, kinds=both), told(2, FIRM, kinds=both)], [FIRM], 2)
    assert [(one.family, one.cases) for one in found] == [("air", (1, 2)), ("water", (1, 2))]
    assert hotspots([], [FIRM], 1) == []
