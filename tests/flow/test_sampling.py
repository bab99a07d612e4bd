"""抽查: a draw a day, once, by a seed; the answers make the live miss rate and mend the posts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from console.commands.work import unmeasured
from flow import cycle
from flow import morning
from flow import sampling
from huanyu.errors import NotAllowed
from huanyu.sample_rows import SampleRow
from huanyu.store import Label
from huanyu.store import Rejected
from huanyu.store import Renewal
from huanyu.types import PostType
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import raw
from tests.flow.office import reader

DAY = timedelta(days=1)
CHATTER = "今天东昌湖的晚霞真美，和家人散步心情舒畅，走了{}步"
STRATA = SampleRow().strata


def chat(office: Office, posts: int = 12, days: int = 0) -> list[int]:
    """Posts that are called no complaint, judged `days` after NOW."""
    at = NOW + days * DAY
    first = office.desk.store.posts.count()
    raws = [raw(first + number, CHATTER.format(first + number), at) for number in range(posts)]
    ids = office.desk.store.posts.add(raws, now=at).new
    (verdict,) = reader().read([CHATTER.format(1)])
    calm = replace(verdict, is_complaint=False, unsure=False, type=PostType.OTHER, complaint=0.001)
    office.desk.store.posts.save_verdicts([(post_id, calm) for post_id in ids], now=at)
    return list(ids)


def test_a_finished_day_is_drawn_from_once_however_often_the_step_runs(office: Office) -> None:
    ids = chat(office)
    assert cycle.run(office.desk, "sample", NOW) == 0  # the day is not over
    assert cycle.run(office.desk, "sample", NOW + DAY) == 8
    assert cycle.run(office.desk, "sample", NOW + DAY) == 0
    assert {one.post_id for one in office.desk.store.samples.waiting()} < set(ids)
    assert {(one.stratum, one.population, one.drawn) for one in office.desk.store.samples.waiting()} == {
        ("0-0.002", 12, 8)
    }


def test_missed_days_are_drawn_from_afterwards_each_by_itself(office: Office) -> None:
    chat(office)
    chat(office, days=2)
    assert cycle.run(office.desk, "sample", NOW + 4 * DAY) == 16
    days = Counter(one.day for one in office.desk.store.samples.waiting(limit=99))
    assert list(days.values()) == [8, 8]
    assert (max(days) - min(days)).days == 2


def test_long_after_only_the_last_week_is_drawn_from(office: Office) -> None:
    chat(office)
    assert cycle.run(office.desk, "sample", NOW + 9 * DAY) == 0
    assert office.desk.store.samples.drawn_until() == (NOW + 8 * DAY).date()


def test_the_draw_can_be_checked_by_whoever_knows_the_seed(office: Office) -> None:
    frame = [Rejected(post_id=number, complaint=0.001, model="m") for number in range(1, 60)]
    one, again = (sampling.draw(order, STRATA, "seed") for order in (frame, frame[::-1]))
    assert one == again
    assert one != sampling.draw(frame, STRATA, "another seed")
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    assert sampling.redraw(office.desk, NOW.date()) == []


def test_a_draw_that_passed_somebody_over_is_found_out(office: Office) -> None:
    chat(office)
    key = sampling.seed(office.desk, NOW.date())
    frame = office.desk.store.samples.frame(NOW.date())
    kept = sampling.draw(frame, STRATA, "a seed that suits somebody")
    office.desk.store.samples.save(NOW.date(), kept, key, NOW + DAY)
    (problem,) = sampling.redraw(office.desk, NOW.date())
    assert "0-0.002" in problem


def test_every_band_gives_its_own_number_and_no_post_falls_between_two() -> None:
    chances = (0.0, 0.0019, 0.002, 0.0099, 0.01, 0.5, 1.0)
    frame = [Rejected(post_id=number, complaint=chance, model="m") for number, chance in enumerate(chances)]
    drawn = sampling.draw(frame, STRATA, "seed")
    assert Counter(one.stratum for one in drawn) == {"0-0.002": 2, "0.002-0.01": 2, "0.01-1": 3}


def test_an_official_accounts_post_may_be_drawn_like_any_other(office: Office) -> None:
    official = office.desk.bureau.bureau.account_name
    told = replace(raw(0, "请问聊城机动车环保检测在哪里办理，周末上班吗"), author=official)
    office.desk.store.posts.add([told], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    assert cycle.run(office.desk, "sample", NOW + DAY) == 1


def test_a_complaint_among_the_drawn_becomes_a_case_and_counts_for_its_band(office: Office) -> None:
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    first, *rest = office.desk.store.samples.waiting()
    said = Label(PostType.COMPLAINT, ("noise.social",))
    sampling.judge(office.desk, office.press, first.id, said, NOW + DAY)
    for one in rest:
        sampling.judge(office.desk, office.press, one.id, None, NOW + DAY)
    cycle.turn(office.desk, NOW + DAY, ("open", "route"))
    assert office.desk.store.posts.case_of(first.post_id) is not None
    missed = sampling.missed(office.desk, NOW + DAY)
    assert missed.estimate is not None and missed.share is not None
    assert missed.estimate.missed == pytest.approx(12 / 8)
    assert (missed.estimate.ids, missed.waiting, missed.caught) == ((first.post_id,), 0, 0)
    assert missed.share.value == 1
    assert "抽查 8 条，漏判 1 条" in missed.told


def test_complaints_of_days_nobody_judged_do_not_water_the_rate_down(office: Office) -> None:
    chat(office)
    (verdict,) = reader().read([PAINT])
    sure = replace(verdict, type=PostType.COMPLAINT, is_complaint=True, unsure=False)
    for days in (0, 1):  # one on the day that is judged, ten on another
        at = NOW + days * DAY
        raws = [
            raw(1000 * (days + 1) + number, f"{PAINT}{days}{number}", at) for number in range(1 + 9 * days)
        ]
        ids = office.desk.store.posts.add(raws, now=at).new
        office.desk.store.posts.save_verdicts([(post_id, sure) for post_id in ids], now=at)
    cycle.run(office.desk, "sample", NOW + 2 * DAY)
    first, *rest = office.desk.store.samples.waiting()
    sampling.judge(office.desk, office.press, first.id, Label(PostType.COMPLAINT, ("other",)), NOW + 2 * DAY)
    for one in rest:
        sampling.judge(office.desk, office.press, one.id, None, NOW + 2 * DAY)
    missed = sampling.missed(office.desk, NOW + 2 * DAY)
    assert (missed.days, missed.caught) == (1, 1)
    assert missed.share is not None
    assert missed.share.value == pytest.approx(1.5 / 2.5)


def test_a_draw_is_not_called_wrong_because_another_model_judged_the_posts_since(office: Office) -> None:
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    old = office.desk.store.rejudging.page("newer", 0, 99)
    fresh = [Renewal(old=one, verdict=replace(one.verdict, complaint=0.005, model="newer")) for one in old]
    drawn = {one.post_id for one in office.desk.store.samples.waiting()}
    low = max(sampling.rank(sampling.seed(office.desk, NOW.date()), post_id) for post_id in drawn)
    assert office.desk.store.rejudging.save(fresh, NOW + DAY) == len(fresh)
    assert low
    assert sampling.redraw(office.desk, NOW.date()) == []
    assert sampling.renewed(office.desk, NOW.date()) == len(fresh) - len(drawn)


def test_whoever_may_not_correct_may_not_judge_a_sample(office: Office) -> None:
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    (first, *_) = office.desk.store.samples.waiting()
    for role in ("leader", "admin", "assessor", "handler"):
        outsider = replace(office.press, role=role)
        with pytest.raises(NotAllowed):
            sampling.judge(office.desk, outsider, first.id, None, NOW + DAY)


def test_doctor_speaks_up_of_what_nobody_judged_and_of_too_many_misses(office: Office) -> None:
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    assert list(unmeasured(office.desk, NOW + DAY)) == []
    (late,) = unmeasured(office.desk, NOW + 5 * DAY)
    assert "8 条超过 3 天没有人判" in late
    for one in office.desk.store.samples.waiting():
        said = Label(PostType.COMPLAINT, ("noise.social",))
        sampling.judge(office.desk, office.press, one.id, said, NOW + 5 * DAY)
    (many,) = unmeasured(office.desk, NOW + 5 * DAY)
    assert "多于 5%" in many


def test_the_bulletin_of_a_day_tells_what_was_looked_at_and_found(office: Office) -> None:
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    first, second, *_ = office.desk.store.samples.waiting()
    sampling.judge(office.desk, office.press, first.id, Label(PostType.COMPLAINT, ("other",)), NOW + DAY)
    sampling.judge(office.desk, office.press, second.id, None, NOW + DAY)
    made = [morning.compile_day(office.desk, (NOW + back * DAY).date(), NOW + 2 * DAY) for back in (0, 1)]
    texts = [
        "".join(said.text for part in one.bulletin.sections for said in part.sentences) for one in made if one
    ]
    assert "人工抽查" not in texts[0]
    assert "当日人工抽查未判为投诉的信息2条，其中漏判投诉1条。" in texts[1]
    figures = {figure.key: figure for figure in made[1].bulletin.figures} if made[1] else {}
    assert set(figures["samples_judged"].ids) == {first.post_id, second.post_id}
    assert figures["samples_missed"].ids == (first.post_id,)
