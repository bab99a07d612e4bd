"""The invented colleagues who play the demo, and what they find on site."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from flow import staff
from flow import switches
from flow.desk import Desk
from flow.permits import ROLES
from huanyu.types import Case
from huanyu.types import Result
from huanyu.types import User

_TOLD = tomllib.loads((Path(__file__).resolve().parent / "results.toml").read_text(encoding="utf-8"))
RESULTS, DETAILS = _TOLD["result"], _TOLD["details"]
#: Steps in a circle of 31 sentences whose distances never coincide: two cases share at most one sentence, for 93 cases.
STEPS = ((1, 3), (5, 15), (4, 12))
#: log-in name, name, role
OFFICE = (
    ("guanli", "管理员", "admin"),
    ("shenlan", "沈岚", "press"),
    ("wenqing", "文晴", "press"),  # a press text needs three people beside its author's
    ("lujing", "陆静", "reviewer"),
    ("fangwei", "方为", "leader"),
    ("pinggu", "第三方评估", "assessor"),
    ("caiwu", "裴知数", "payer"),
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
Hash = Callable[[str], str]


@dataclass(frozen=True)
class Crew:
    """Who works at the demo's desk; everybody has the one password told at the end."""

    desk: Desk
    password_hash: str
    now: datetime

    def arrive(self) -> None:
        """Make the office's users, or give those of an earlier run the new password."""
        for name, full_name, role in OFFICE:
            self._one(name, full_name, role)
        signed = {one.actor for one in switches.signatures(self.desk)}
        for role in ("leader", "admin"):  # live mode needs two people
            if self.of_office(role).name not in signed:
                switches.sign_live(self.desk, self.of_office(role), self.now)

    def of_office(self, role: str) -> User:
        name = next(name for name, _, known in OFFICE if known == role)
        return self._known(name)

    def handler(self, unit: str) -> User:
        """The colleague who handles a unit's cases."""
        found = self.desk.store.people.user(unit)
        if found is not None:
            return found[0]
        surname = SURNAMES[sum(map(ord, unit)) % len(SURNAMES)]
        return self._one(unit, f"{surname}科长", "handler", unit)

    def names(self) -> list[str]:
        """Log-in names with roles, and one handler for the row filter to be seen."""
        people = self.desk.store.people.users()
        office = [f"{person.name} ({ROLES[person.role]})" for person in people if person.role != "handler"]
        units = {unit.key for unit in self.desk.bureau.units if unit.login}
        handlers = [
            f"{person.name} ({ROLES[person.role]})"
            for person in people
            if person.role == "handler" and person.unit in units
        ]
        return office + handlers[:2]

    def _one(self, name: str, full_name: str, role: str, unit: str = "") -> User:
        found = self.desk.store.people.user(name)
        if found is None:
            new = staff.NewUser(name=name, full_name=full_name, role=role, unit=unit)
            return staff.add(self.desk, None, new, self.password_hash, self.now)
        self.desk.store.people.set_password(found[0].id, self.password_hash, actor="演示", now=self.now)
        return found[0]

    def _known(self, name: str) -> User:
        found = self.desk.store.people.user(name)
        assert found is not None
        return found[0]


def result_of(case: Case, now: datetime) -> Result:
    """What the handler of an invented case finds: the first entry of results.toml for its kind."""
    kind = case.kinds[0] if case.kinds else ""
    entry = next(row for row in RESULTS if kind.startswith(row["family"]))
    # One case in seven turns out otherwise, as on a real desk.
    if case.id % 7 == 0:
        entry = RESULTS[-1]
    return Result(
        finding=entry["finding"],
        visited_at=max(case.learned_at, now - timedelta(hours=2)),
        found=entry["found"].format(place=case.place or "反映地点") + _details(case.id),
        measure=entry["measure"],
        basis=entry["basis"],
        next_step=entry["next"],
        internal_report=entry["report"],
    )


def _details(number: int) -> str:
    turn, first = divmod(number, len(DETAILS))
    places = (first, *(first + step for step in STEPS[turn % len(STEPS)]))
    return "".join(DETAILS[place % len(DETAILS)] for place in places)
