"""What every step and action is handed: the store, the configuration and the reader, opened once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from cases.calendar import WorkCalendar
from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Reader
from flow.rule_table import RuleTable
from flow.workers import Worker
from huanyu.bureau import Bureau
from huanyu.bureau import ClockRow
from huanyu.bureau import LadderRow
from huanyu.bureau import LevelRow
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.config import Config
from huanyu.store import Store


@dataclass(frozen=True)
class Desk:
    """One bureau's opinion desk, ready to work."""

    config: Config
    store: Store

    @classmethod
    def open(cls, config: Config) -> Self:
        """Open the store (migrating it if need be); raises ConfigError for wrong tables."""
        bureau = config.bureau
        store = Store.open(
            config.database,
            config.store_key,
            prefix=bureau.bureau.case_prefix,
            chains=bureau.review,
            meets=bureau.met_by(),
        )
        return cls(config, store)

    def close(self) -> None:
        if "worker" in self.__dict__:
            self.worker.close()
        self.store.close()

    @cached_property
    def worker(self) -> Worker:
        """This process as one that delivers; its name stands on every claim."""
        return Worker(self.config.data_dir / "workers")

    @property
    def bureau(self) -> Bureau:
        return self.config.bureau

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.bureau.places, enterprises=self.bureau.enterprises)

    @cached_property
    def reader(self) -> Reader:
        """The classifier with the bureau's places; raises ModelError."""
        return Reader(Classifier.load(), self.gazetteer)

    @cached_property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar(self.bureau.calendar)

    @cached_property
    def rules(self) -> RuleTable:
        """The routing rules, followed while the desk runs."""
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
