"""A thousand claims on both databases: nothing of a claimant is readable in a table, a page's values, a figure or a mistake."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import python_calamine

from flow import cycle
from flow import reward_claims
from flow import reward_figures
from flow import reward_payments
from flow import rewards
from huanyu.personal import checks
from huanyu.personal import luhn
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import everything

MANY = 1000
LONG = re.compile(r"[0-9]{10,}[0-9X]")
SURNAMES = "苏钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = "翀翊翎翥翯耘耜聃聆肃肇胤臻舫芃芊芮苒茜荀荟莘菡萱蔚蕤薇蘅虔袆觐觞訚诒谟谡谧豫贲赟跻轩辂迩逖邈郗郦"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill((PAINT,))
        yield opened


def people() -> list[dict[str, str]]:
    """Invented people with numbers that pass their checks."""
    chance, found = random.Random(20260310), []
    for at in range(MANY):
        born = f"371502{1950 + at % 50}{1 + at % 12:02d}{1 + at % 28:02d}{at % 1000:03d}"
        card = f"6222{chance.randrange(10**14):014d}"
        found.append(
            {
                "name": chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
                "id_number": next(born + last for last in "0123456789X" if checks(born + last)),
                "phone": f"139{at:04d}{chance.randrange(10**4):04d}",
                "bank": "水城农商行东昌支行",
                "account": next(card + last for last in "0123456789" if luhn(card + last)),
            }
        )
    return found


def test_a_thousand_claims_name_nobody(office: Office) -> None:
    desk, told = office.desk, people()
    office.handle(office.case("assigned"))
    case = office.case("handled")
    made, said = [], []
    with desk.store.together():
        for round_, typed in enumerate(told, start=1):
            reward = desk.store.rewards.open(case.id, round_, "report", "notified", "press", NOW)
            made.append(reward_claims.take(desk, office.press, reward.id, reward.version, typed, NOW))
    with pytest.raises(Exception, match="待支付") as again:
        reward_claims.take(desk, office.press, made[0].id, made[0].version, told[0], NOW)
    said.append(str(again.value))
    payer = colleague(desk, "caiwu", "payer")
    for one in made[::100]:
        said.append(repr(rewards.whole(desk, office.press, one.id, NOW)))
        said.append(repr(rewards.whole(desk, payer, one.id, NOW)))
    said.append(repr(rewards.listing(desk, office.leader)))
    said.append(repr(reward_figures.year(desk, office.leader, NOW.year)))
    cycle.run(desk, "seal", NOW)
    said += [line for lines in everything(desk).values() for line in lines]
    dump = "\n".join(said)
    secret = {typed[name] for typed in told for name in ("id_number", "phone", "account")}
    assert secret.isdisjoint(LONG.findall(dump))
    assert [typed["name"] for typed in told if typed["name"] in dump] == []
    _, book = reward_payments.sheet(desk, payer, "本月支付", NOW)
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[7] for row in rows[1:-1]] == [typed["account"] for typed in told]
