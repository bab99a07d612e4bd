"""A table of rules before it is saved: what is wrong with it, which cases it moves; and how it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flow import cycle
from flow import rules
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague

SMOKE = """[[route]]
id = "all_smoke"
kinds = ["air.cooking"]
department = "公安"
why = "试改：油烟全交公安"
source = "试改"

"""


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


def admin(office: Office):
    return colleague(office.desk, "管理", "admin", "")


def table(office: Office, extra: str = "") -> str:
    return rules.current(office.desk).replace("[[route]]", f"{extra}[[route]]", 1)


def test_a_new_rule_is_told_with_what_it_hides_and_whom_it_moves(office):
    judged = rules.judge(office.desk, admin(office), table(office, SMOKE), NOW)
    assert judged.edits == ("增 all_smoke",)
    assert any("cooking" in one and "all_smoke 总是先适用" in one for one in judged.problems)
    moved = {one.case.first_text[:6]: one.after.department for one in judged.moved}
    assert moved == {"东昌府区柳园": "公安"}
    assert judged.tried == 8
    assert judged.savable


def test_the_same_table_moves_nothing(office):
    judged = rules.judge(office.desk, admin(office), table(office), NOW)
    assert (judged.edits, judged.moved, judged.mistakes, judged.savable) == ((), (), (), False)


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("不是表\n", "routes.toml 第"),
        (SMOKE.replace('"公安"', '"没有的部门"'), "没有的部门"),
        (SMOKE.replace("kinds", "kindz"), "未知的键 kindz"),
        (SMOKE + SMOKE, "all_smoke 重复"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_by_file_and_line(office, extra, told):
    before = rules.current(office.desk)
    judged = rules.judge(office.desk, admin(office), table(office, extra), NOW)
    assert any(told in one and "routes.toml" in one for one in judged.mistakes)
    assert not any("/" in one for one in judged.mistakes)
    with pytest.raises(BadInput):
        rules.save(office.desk, admin(office), table(office, extra), rules.mark(before), NOW)
    assert rules.current(office.desk) == before


def test_a_saved_table_counts_at_once_with_a_line_in_the_trail_and_the_old_one_kept(office):
    desk, before = office.desk, rules.current(office.desk)
    told = rules.save(desk, admin(office), table(office, SMOKE), rules.mark(before), NOW)
    assert told == ("增 all_smoke",)
    assert (desk.config.home / "config" / "routes.toml").read_text(encoding="utf-8").count("all_smoke") == 1
    assert desk.routes(NOW.date())[0].id == "all_smoke"
    row = next(row for row in desk.store.audit.listing(limit=5) if row.action == "table.save")
    assert (row.actor, list(row.ids)) == (admin(office).name, ["routes.toml", "增 all_smoke"])
    (kept,) = (desk.config.data_dir / "tables").iterdir()
    assert kept.read_text(encoding="utf-8") == before
    cycle.run(desk, "reroute", NOW)  # notes the tables
    assert [path.name for path in (desk.config.home / "config").glob(".routes*")] == []


def test_the_second_to_save_is_told_and_overwrites_nothing(office):
    seen = rules.mark(rules.current(office.desk))
    rules.save(office.desk, admin(office), table(office, SMOKE), seen, NOW)
    after = rules.current(office.desk)
    with pytest.raises(Conflict, match="刚被他人改过"):
        rules.save(office.desk, admin(office), after.replace("all_smoke", "smoke_2"), seen, NOW)
    assert rules.current(office.desk) == after


def test_the_shipped_tables_are_never_overwritten(office):
    settings = office.desk.config.settings.model_copy(update={"config_dir": None})
    config = Config(path=office.desk.config.path, home=office.desk.config.home, settings=settings)
    desk = Desk(config, office.desk.store)
    seen = rules.mark(rules.current(desk))
    assert "config_dir" in rules.may_save(desk)
    with pytest.raises(BadInput, match="config_dir"):
        rules.save(desk, admin(office), table(office, SMOKE), seen, NOW)


def test_only_an_administrator_tries_or_saves_rules(office):
    for user in (office.press, office.leader, replace(admin(office), active=False)):
        with pytest.raises(NotAllowed):
            rules.judge(office.desk, user, table(office), NOW)
        with pytest.raises(NotAllowed):
            rules.save(office.desk, user, table(office), "", NOW)
