"""A thousand submissions from one network are held off; somebody elsewhere still gets in meanwhile."""

from __future__ import annotations

import re
from collections import Counter

import made_public
from made_public import PLACE
from made_public import TEXT
from made_public import Public

SPAMMERS = tuple(f"127.9.9.{last}" for last in range(1, 6))
EACH = 200


def test_a_thousand_submissions_are_held_off_while_an_honest_one_gets_in(public: Public):
    found: Counter[int] = Counter()
    table = public.desk.bureau.public
    for at, address in enumerate(SPAMMERS):
        with public.visitor(address) as spammer:
            token = public.token(spammer)
            for turn in range(EACH):
                if found[200] < table.network_burst and turn < table.address_burst + 1:
                    token = public.token(spammer)  # a good form each time, as long as that pays
                told = {"token": token, "text": f"代办贷款加微信 {at}-{turn}", "place": PLACE, "consent": "1"}
                found[spammer.post("/report", data=told).status_code] += 1
    assert found.total() == len(SPAMMERS) * EACH
    assert public.desk.store.posts.count() <= table.address_burst * len(SPAMMERS)
    assert found[429] > found.total() * 0.8
    with public.visitor("127.77.0.5") as honest:
        page = public.report(honest)
    assert page.status_code == 200
    number, _ = made_public.receipt_of(page.text)
    assert TEXT in made_public.opened(public.desk, number, public.clock()).first_text


def test_an_honest_one_behind_the_very_same_address_is_told_when_and_then_gets_in(public: Public):
    table = public.desk.bureau.public
    with public.visitor(SPAMMERS[0]) as spammer, public.visitor(SPAMMERS[0]) as honest:
        for turn in range(3 * table.address_burst):
            public.report(spammer, text=f"代办贷款加微信 {turn}")
        held = public.report(honest)
        assert held.status_code == 429
        assert TEXT in held.text, "the words are back in the form"
        minutes = int(re.search(r"请 (\d+) 分钟后再按", held.text)[1])
        assert minutes <= 5
        public.clock.on(minutes=minutes)
        page = public.report(honest)
    assert page.status_code == 200
    assert made_public.receipt_of(page.text)


def test_who_waits_as_told_gets_in_behind_an_address_that_is_hammered_all_the_time(tmp_path):
    with (
        made_public.running(tmp_path, "address_burst = 2\nflood = 2\n") as public,
        public.visitor(SPAMMERS[0]) as spammer,
        public.visitor(SPAMMERS[0]) as honest,
    ):
        where, token = public.opened(honest)
        spam, found = public.opened(spammer), Counter()

        def hammer() -> None:
            """By one form over and over, and by a fresh one each time."""
            told = {"text": f"代办贷款 {found.total()}", "place": PLACE, "consent": "1"}
            for _ in range(8):
                found[spammer.post(spam[0], data=told | {"token": spam[1]}).status_code] += 1
                found[public.report(spammer, text=told["text"]).status_code] += 1

        waited, told = 0, {"token": token, "text": TEXT, "place": PLACE, "consent": "1"}
        hammer()
        while (page := honest.post(where, data=told)).status_code == 429:
            waited += int(page.headers["Retry-After"])
            public.clock.on(seconds=int(page.headers["Retry-After"]))
            hammer()
            assert waited < 20 * 60
    assert page.status_code == 200
    assert made_public.receipt_of(page.text)
    assert found[429] > found.total() / 2


def test_who_is_held_off_gets_the_words_back_and_may_send_them_later(tmp_path):
    with (
        made_public.running(tmp_path, "address_burst = 1\nflood = 100\n") as public,
        public.visitor() as client,
    ):
        assert public.report(client).status_code == 200
        held = public.report(client, text=f"{TEXT}，第二件")
        assert held.status_code == 429
        assert f"{TEXT}，第二件" in held.text
        public.clock.on(hours=1)
        assert public.report(client, text=f"{TEXT}，第二件").status_code == 200


def test_who_is_held_off_before_the_form_is_looked_at_gets_the_words_back_too(tmp_path):
    told = {"place": PLACE, "consent": "1", "name": "湖畔行人", "text": f"{TEXT}，第二件"}
    with (
        made_public.running(tmp_path, "address_burst = 1\nflood = 2\n") as public,
        public.visitor() as client,
    ):
        assert public.report(client).status_code == 200
        where, token = public.opened(client)
        while (wrong := client.post(where, data={"token": token})).status_code != 429:
            assert wrong.status_code == 422, "whatever is tried counts"
        held = client.post(where, data=told | {"token": token})
        assert held.status_code == 429
        assert int(held.headers["Retry-After"]) > 0
        assert all(word in held.text for word in (told["text"], "湖畔行人", token))
        large = client.post(where, data=told | {"token": token, "text": "字" * 50_000})
        assert (large.status_code, "字字" in large.text) == (429, False), (
            "of a flood no more is read than words"
        )
        public.clock.on(hours=1)
        assert client.post(where, data=told | {"token": token}).status_code == 200
