"""The store: one object per database, one attribute per noun."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import select

from huanyu.errors import ConfigError
from huanyu.review_rows import ChainRow
from huanyu.store import schema
from huanyu.store import snapshots
from huanyu.store.accounts import Accounts
from huanyu.store.alike import Alike
from huanyu.store.alone import Alone
from huanyu.store.answers import Answers
from huanyu.store.approvals import Approvals
from huanyu.store.archive import Archive
from huanyu.store.audit import Audit
from huanyu.store.audit import Trail
from huanyu.store.backups import Backups
from huanyu.store.beats import Beats
from huanyu.store.behind import Behind
from huanyu.store.bulletins import Bulletins
from huanyu.store.case_batches import CaseBatches
from huanyu.store.case_files import CaseFiles
from huanyu.store.caselists import CaseLists
from huanyu.store.cases import Cases
from huanyu.store.chats import Chats
from huanyu.store.circulation import Circulation
from huanyu.store.composing import Composing
from huanyu.store.conferences import Conferences
from huanyu.store.corrections import Corrections
from huanyu.store.counts import Counts
from huanyu.store.documents import Documents
from huanyu.store.drafts import Drafts
from huanyu.store.duties import Duties
from huanyu.store.entrances import Entrances
from huanyu.store.evidence import EvidenceRoom
from huanyu.store.exports import Exports
from huanyu.store.extending import Extensions
from huanyu.store.factors import Factors
from huanyu.store.figures import FigureBook
from huanyu.store.filling import Filling
from huanyu.store.findings import Findings
from huanyu.store.gate import Gate
from huanyu.store.grants import Grants
from huanyu.store.grants import Prints
from huanyu.store.grids import Grids
from huanyu.store.hand_overs import HandOvers
from huanyu.store.heard import HeardBook
from huanyu.store.incidents import Incidents
from huanyu.store.info_requests import InfoRequests
from huanyu.store.inspections import Inspections
from huanyu.store.interviews import Interviews
from huanyu.store.jobs import Jobs
from huanyu.store.keys import Keys
from huanyu.store.known import Known
from huanyu.store.ledger import Ledger
from huanyu.store.letters import Letters
from huanyu.store.limits import Limits
from huanyu.store.links import Links
from huanyu.store.matters import Matters
from huanyu.store.moving import CaseMoves
from huanyu.store.naming import Naming
from huanyu.store.news import NewsBook
from huanyu.store.outbox import Outbox
from huanyu.store.oversight import Oversight
from huanyu.store.people import People
from huanyu.store.posts import Posts
from huanyu.store.presence import Presence
from huanyu.store.press_answers import PressAnswers
from huanyu.store.press_contacts import PressContacts
from huanyu.store.press_log import PressLog
from huanyu.store.probes import Probes
from huanyu.store.public_reports import PublicReports
from huanyu.store.published import Published
from huanyu.store.publishing_figures import PublishingFigures
from huanyu.store.queues import Queues
from huanyu.store.rankings import Rankings
from huanyu.store.registry import Registry
from huanyu.store.rejects import Rejects
from huanyu.store.rejudging import Rejudging
from huanyu.store.reposts import Reposts
from huanyu.store.rerouting import Rerouting
from huanyu.store.restores import Restores
from huanyu.store.retaining import Retaining
from huanyu.store.rewards import Rewards
from huanyu.store.rosters import Rosters
from huanyu.store.samples import Samples
from huanyu.store.saved_filters import SavedFilters
from huanyu.store.searches import Searches
from huanyu.store.second_thoughts import SecondThoughts
from huanyu.store.sending import NOTHING
from huanyu.store.sendings import Sendings
from huanyu.store.sequels import Sequels
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.settings import Settings
from huanyu.store.shelf import Shelf
from huanyu.store.snapshots import Outline
from huanyu.store.snapshots import Part
from huanyu.store.sources import Sources
from huanyu.store.speeds import Speeds
from huanyu.store.splits import Splits
from huanyu.store.standing import StandingRules
from huanyu.store.stations import Stations
from huanyu.store.strays import Strays
from huanyu.store.switches import Switches
from huanyu.store.tables import key_check
from huanyu.store.talks import Talks
from huanyu.store.tokens import Tokens
from huanyu.store.topics import TopicBook
from huanyu.store.unsealing import Unsealer
from huanyu.store.writing import Writing

PREFIX = "HY"  # of case numbers, where the bureau has set none


class Store:
    """All that the desk remembers. Safe to share between threads; every method is one transaction (see `together`)."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        prefix: str = PREFIX,
        chains: Sequence[ChainRow] = (),
        meets: Mapping[str, Collection[str]] = NOTHING,
    ) -> None:
        trail = Trail(keys)
        gate = Gate(trail, chains)
        self._database = database
        self.posts = Posts(database, trail, keys)
        self.known = Known(database)
        self.reposts = Reposts(database, trail)
        self._open_case_work(database, trail, prefix)
        self._open_desk_work(database, trail, keys)
        self._open_to_others(database, trail, keys)
        self._open_operations(database, trail)
        self.outbox = Outbox(database, trail, gate, meets)
        self.accounts = Accounts(database, trail)
        self.approvals = Approvals(database, trail, gate, chains)
        self.standing = StandingRules(database, trail)
        self.bulletins = Bulletins(database, trail)
        self.writing = Writing(database, trail)
        self.archive = Archive(database)
        self.circulation = Circulation(database, trail)
        self.counts = Counts(database)
        self.speeds = Speeds(database)
        self.behind = Behind(database)
        self._open_accounts_of_people(database, trail, keys)
        self.figures = FigureBook(database)
        self.topics = TopicBook(database)
        self.incidents = Incidents(database, trail)
        self.sources = Sources(database, trail)
        self.jobs = Jobs(database)
        self.retaining = Retaining(database, trail)
        self.evidence = EvidenceRoom(database, trail)
        self.probes = Probes(database, trail)
        self.published = Published(database, trail)
        self.heard = HeardBook(database, trail)
        self.strays = Strays(database, trail)
        self.corrections = Corrections(database, trail)
        self.publishing = PublishingFigures(database, trail)
        self.switches = Switches(database, trail)
        self.composing = Composing(database, trail)
        self.rosters = Rosters(database, trail)
        self.hand_overs = HandOvers(database, trail)
        self.grants = Grants(database, trail)
        self.prints = Prints(database, trail)

    def take_in(self, chains: Sequence[ChainRow], meets: Mapping[str, Collection[str]]) -> None:
        """The reviews and the limits' acts by the tables as they are now."""
        self.approvals.take_in(chains)
        self.outbox.take_in(chains, meets)

    def _open_accounts_of_people(self, database: Database, trail: Trail, keys: Keys) -> None:
        self.people = People(database, trail, keys, self.sealed)
        self.entrances = Entrances(database, trail)
        self.factors = Factors(database, trail, keys)
        self.news = NewsBook(database, trail)

    def _open_case_work(self, database: Database, trail: Trail, prefix: str) -> None:
        self.cases = Cases(database, trail, prefix)
        self.filling = Filling(database)
        self.registry = Registry(database, trail, self.posts, prefix)
        self.moves = CaseMoves(database, trail)
        self.findings = Findings(database, trail)
        self.case_files = CaseFiles(database, trail)
        self.documents = Documents(database, trail)
        self.duties = Duties(database, trail)
        self.ledger = Ledger(database, trail)
        self.inspections = Inspections(database, trail)
        self.grids = Grids(database, trail)
        self.rankings = Rankings(database, trail)
        self.interviews = Interviews(database, trail)
        self.naming = Naming(database)
        self.oversight = Oversight(database, trail)
        self.sequels = Sequels(database, trail)
        self.splits = Splits(database, trail)
        self.limits = Limits(database, trail)
        self.extensions = Extensions(database, trail)
        self.rerouting = Rerouting(database, trail)

    def _open_desk_work(self, database: Database, trail: Trail, keys: Keys) -> None:
        self.sealed = Unsealer(database, keys)
        self.rejects = Rejects(database, trail, keys, self.posts, self.sealed)
        self.press_log = PressLog(database, trail)
        self.press_answers = PressAnswers(database, trail)
        self.conferences = Conferences(database, trail)
        self.case_batches = CaseBatches(database, trail)
        self.press_contacts = PressContacts(database, trail, keys, self.sealed)
        self.samples = Samples(database, trail)
        self.rejudging = Rejudging(database, trail)
        self.alike = Alike(database)
        self.search = Searches(database)
        self.case_lists = CaseLists(database)
        self.saved_filters = SavedFilters(database, trail)
        self.presence = Presence(database)
        self.drafts = Drafts(database, trail, keys, self.sealed)
        self.second_thoughts = SecondThoughts(database, trail)

    def _open_to_others(self, database: Database, trail: Trail, keys: Keys) -> None:
        self.links = Links(database, trail)
        self.tokens = Tokens(database, trail)
        self.stations = Stations(database, trail, keys, self.registry)
        self.talks = Talks(database, trail, keys)
        self.letters = Letters(database, trail, keys)
        self.rewards = Rewards(database, trail, keys, self.sealed)
        self.info_requests = InfoRequests(database, trail, keys, self.sealed)
        self.public = PublicReports(database, trail, keys, self.posts)
        self.chats = Chats(database, trail, keys)
        self.answers = Answers(database, trail, keys, self.sealed)
        self.sendings = Sendings(database, trail, keys)

    def _open_operations(self, database: Database, trail: Trail) -> None:
        self.backups = Backups(database, trail)
        self.restores = Restores(database, trail)
        self.beats = Beats(database)
        self.queues = Queues(database)
        self.shelf = Shelf(database)
        self.alone = Alone(database)
        self.exports = Exports(database, trail)
        self.audit = Audit(database, trail)
        self.settings = Settings(database, trail)

    @classmethod
    def open(
        cls,
        url: str,
        key: str,
        migrate: bool = True,
        prefix: str = PREFIX,
        chains: Sequence[ChainRow] = (),
        meets: Mapping[str, Collection[str]] = NOTHING,
    ) -> Self:
        """Open the database at `url` ("sqlite:///file" or "postgresql+psycopg://…"), migrating it if need be.

        `key` seals identities and signs the audit trail. `chains` are the reviews that public texts need: without
        them none leaves. Raises ConfigError for a wrong address, another key
        than the database was made with, or (without `migrate`) an old schema; StoreAway where that has no file at all.
        """
        keys = Keys(key)
        database = Database(url, make=migrate)
        try:
            if migrate:
                schema.upgrade(database)
            else:
                schema.demand(database)
            _check_key(database, keys)
        except Exception:
            database.close()
            raise
        return cls(database, keys, prefix, chains, meets)

    def together(self) -> AbstractContextManager[None]:
        """One transaction for a batch: what this thread asks and writes inside is kept as a whole, or not at all.

        Every write inside has its own audit row and is a savepoint, as is one `together` inside another.
        """
        return self._database.together()

    def in_line(self) -> AbstractContextManager[None]:
        """`together` for what takes several cases, or one and the number of a new one: one of those at a time."""
        return self._database.in_line()

    def snapshot(self, work: Path) -> AbstractContextManager[tuple[Outline, Iterable[Part]]]:
        """Everything as of now, while others go on writing; `work` is private and empty, see huanyu.store.snapshots."""
        return snapshots.taken(self._database, work)

    def watch_matters(self) -> Matters:
        """What complaints are compared with, for who asks again and again."""
        return Matters(self._database)

    def looking(self) -> AbstractContextManager[None]:
        """What this thread reads inside belongs to one moment: a page asks dozens of questions, in one transaction.

        What is written inside is kept at once, and not seen by what is read later inside.
        """
        return self._database.looking()

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _check_key(database: Database, keys: Keys) -> None:
    """A second key would split the trail and make old identities unreadable: better not to start."""
    with database.read() as tx:
        known = tx.scalar(select(key_check.c.digest))
    if known is None:
        with database.write() as tx:
            tx.execute(insert_new(tx, key_check).values(id=1, digest=keys.digest("key check")))
            known = tx.scalar(select(key_check.c.digest))
    if known != keys.digest("key check"):
        raise ConfigError("密钥 store_key 与建立数据库时所用的不同, 请找回原来的密钥")
