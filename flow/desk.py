"""What every step and action is handed: the store, the configuration and the reader, opened once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from typing import Self

from cases.calendar import WorkCalendar
from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Reader
from flow import before_upgrade
from flow import beginning
from flow.known import Memory
from flow.pulse import Pulse
from flow.rule_table import RuleTable
from flow.workers import Worker
from huanyu.bureau import Bureau
from huanyu.bureau import ClockRow
from huanyu.bureau import LadderRow
from huanyu.bureau import LevelRow
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.clock import now
from huanyu.config import Config
from huanyu.store import Store

MADE_OF_TABLES: Final = ("gazetteer", "reader", "calendar")


@dataclass(frozen=True)
class Desk:
    """One bureau's opinion desk, ready to work."""

    config: Config
    store: Store

    def __post_init__(self) -> None:
        """Note how the files stand now: what is saved from here on is taken in."""
        self.rules.look()

    @classmethod
    def open(cls, config: Config) -> Self:
        """Open the store, on SQLite with a backup before it is migrated; raises ConfigError, also where it is gone."""
        bureau = config.bureau
        beginning.demand(config)
        with before_upgrade.kept(config, now()) as copy:
            store = Store.open(
                config.database,
                config.store_key,
                prefix=bureau.bureau.case_prefix,
                chains=bureau.review,
                meets=bureau.met_by(),
            )
            if copy is not None:
                before_upgrade.note(store, copy, now())
        return cls(config, store)

    def close(self) -> None:
        if "worker" in self.__dict__:
            self.worker.close()
        self.store.close()

    @cached_property
    def worker(self) -> Worker:
        """This process as one that delivers; its name stands on every claim."""
        return Worker(self.config.data_dir / "workers")

    @cached_property
    def memory(self) -> Memory:
        """The matters this process compares complaints with."""
        return Memory(self.store)

    @cached_property
    def pulse(self) -> Pulse:
        """How long the steps of this process take."""
        return Pulse()

    @property
    def bureau(self) -> Bureau:
        """Every table, as `take_in` last found it."""
        return self.rules.bureau

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to take in."""
        return self.rules.is_current() and self.bureau is self.__dict__.get("taken_in", self.config.bureau)

    def take_in(self) -> None:
        """Work by the tables as their files stand now; asked between two requests and before each turn."""
        self.rules.look()
        bureau = self.rules.bureau
        if self.__dict__.setdefault("taken_in", self.config.bureau) is bureau:
            return
        self.__dict__["taken_in"] = bureau
        self.store.take_in(bureau.review, bureau.met_by())
        for made in MADE_OF_TABLES:
            self.__dict__.pop(made, None)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.bureau.places, enterprises=self.bureau.enterprises)

    @cached_property
    def reader(self) -> Reader:
        """The classifier with the bureau's places; raises ModelError."""
        return Reader(self.classifier, self.gazetteer)

    @cached_property
    def classifier(self) -> Classifier:
        return Classifier.load()

    @cached_property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar(self.bureau.calendar)

    @cached_property
    def rules(self) -> RuleTable:
        """The tables, followed while the desk runs."""
        return RuleTable(self.config)

    def routes(self, day: date) -> tuple[RouteRow, ...]:
        """Routing rules in force on `day`, in order."""
        return tuple(route for route in self.rules.rows if route.valid_on(day))

    def units(self, day: date) -> tuple[UnitRow, ...]:
        return tuple(unit for unit in self.bureau.units if unit.valid_on(day))

    def clocks(self, day: date) -> tuple[ClockRow, ...]:
        return tuple(clock for clock in self.bureau.clocks if clock.valid_on(day))

    def escalation(self, day: date) -> tuple[LadderRow, ...]:
        """Who is told of limits, by the rows in force on `day`."""
        return tuple(row for row in self.bureau.escalation if row.valid_on(day))

    def levels(self, day: date) -> tuple[LevelRow, ...]:
        return tuple(level for level in self.bureau.levels if level.valid_on(day))
