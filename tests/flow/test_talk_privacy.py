"""What is said in chats names nobody: no line of it holds a reporter's name, telephone or handle, over many items."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from flow import bot_acts
from flow import chat_binding
from flow import chat_notices
from flow import cycle
from flow import receiving
from flow import tokens
from flow.tokens import NewToken
from tests.flow.office import NOW
from tests.flow.office import colleague
from tests.flow.test_bot import Bureau
from tests.flow.test_bot import bureau

MANY = 120
SURNAMES, GIVEN = "岳柴冯卞褚卫尤姜", "青岚素月启明望川"
PLACES = ("许营镇赵庄", "柳园街道振兴路", "古云镇东街", "烟庄街道李庄", "侨润街道清河路")
MATTERS = ("夜里喷漆味熏人", "往河里排黑水", "渣土车扬尘呛人", "养殖场臭气熏天", "烧烤店油烟往楼上灌")


@pytest.fixture
def told(store_url: str, tmp_path: Path) -> Iterator[Bureau]:
    with ExitStack() as running:
        yield bureau(tmp_path, store_url, running)


def someone(chance: random.Random) -> dict[str, str]:
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
    return {
        "name": name,
        "phone": f"13{chance.randrange(10**9):09d}",
        "handle": f"水城{chance.randrange(10**6):06d}",
    }


def items(chance: random.Random) -> tuple[list[dict[str, object]], set[str]]:
    people = [someone(chance) for _ in range(MANY)]
    said = [
        {
            "number": f"GR-{place:05d}",
            "text": f"我叫{one['name']}，电话{one['phone']}，网名{one['handle']}。"
            f"{chance.choice(PLACES)}{place}号{chance.choice(MATTERS)}，没人管。",
            "place": f"{chance.choice(PLACES)}{place}号",
            "type": "complaint",
            "reporter": one,
        }
        for place, one in enumerate(people)
    ]
    return said, {value for one in people for value in one.values()}


def test_no_line_in_a_chat_names_who_reported(told: Bureau) -> None:
    desk = told.office.desk
    handlers = [
        colleague(desk, f"h-{row.key}", "handler", row.key) for row in desk.units(NOW.date()) if row.login
    ]
    staff = [told.office.press, told.office.reviewer, told.office.leader, *handlers]
    for place, user in enumerate(staff):
        code = chat_binding.new_code(desk, user, NOW)
        chat_binding.bind(desk, "telegram", str(80000 + place), code.text, NOW)
    said, secrets = items(random.Random(9))
    new = NewToken(
        name="市网格平台", unit="gaoxinqu", scopes=tuple(tokens.SCOPES), channels=("grid",), days=30
    )
    token = tokens.add(desk, None, new, NOW).token
    taken = receiving.receive(desk, token, "grid", said, NOW)
    assert not [one.told for one in taken if one.result == "bad"]
    cycle.turn(desk, NOW + timedelta(minutes=1), ("open", "route"))
    while cycle.run(desk, "chat_notices", NOW + timedelta(minutes=2)):
        pass
    lines = [one.text for one in desk.store.outbox.listing(purpose="staff", limit=10_000)]
    given = [
        one for case in desk.store.cases.listing(limit=1000) for one in desk.store.hand_overs.of_case(case.id)
    ]
    assert len(lines) > MANY // 3
    assert len(given) >= MANY
    for user in staff:
        reader = person(told, user.name)
        seen = [bot_acts.card(desk, reader, one.id) for one in given]
        lines += [
            f"{card.text} {key.label} {key.data} {key.url}"
            for card in seen
            for row in card.keys
            for key in row
        ]
    found = {secret for secret in secrets for line in lines if secret in line}
    assert found == set()


def person(told: Bureau, name: str):  # type: ignore[no-untyped-def]
    known = told.office.desk.store.people.user(name)
    assert known is not None
    chat = told.office.desk.store.chats.of_user(known[0].id)
    assert chat is not None
    return chat_notices.owner(told.office.desk, chat, NOW)
