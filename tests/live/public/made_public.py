"""A desk that answers on its own site, its public pages on a free port, and the people who handle what comes in."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn

from console import up
from console.public.app import create_public
from flow import cycle
from flow import findings
from flow import life
from flow import public_reports
from flow import staff
from flow import switches
from flow.desk import Desk
from flow.public_reports import Handed
from flow.public_reports import Receipt
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import Case
from huanyu.types import Result
from huanyu.types import User
from tests.agreed import sign_off
from tests.trusted import TRUSTED

NOW = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)
SETTINGS = 'data_dir = "data"\nconfig_dir = "config"\npublish_live = true\nnotify_live = false\nsecond_factor = "never"\n'
ACCOUNTS = """
[[account]]
key = "site"
channel = "site"
name = "本局网站·办理结果"
verified = true

[[account]]
key = "mail"
channel = "mail"
name = "舆情工作邮箱"
"""
TEXT = "湖南路与花园路口的工地夜里十二点还在打桩，噪音特别大，连着三天了，孩子睡不着，请尽快查处"
PLACE = "东昌府区湖南路与花园路口"
PEOPLE = (("press", "宣晓敏"), ("reviewer", "申建国"), ("leader", "高志远"), ("admin", "管丽娟"))
UNIT = "chengguan"


class Moment:
    """A clock that stands still until somebody turns it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, **length: float) -> datetime:
        self.at += timedelta(**length)
        return self.at


@dataclass(frozen=True)
class Public:
    """Running public pages over a desk, and its clock."""

    url: str
    desk: Desk
    clock: Moment

    def visitor(self, address: str = "") -> httpx.Client:
        """Somebody with a browser of their own; `address`: another one of this machine."""
        transport = httpx.HTTPTransport(local_address=address, verify=TRUSTED) if address else None
        return httpx.Client(base_url=self.url, timeout=120, transport=transport, verify=TRUSTED)

    def token(self, client: httpx.Client) -> str:
        """The hidden field of a fresh form that was open long enough."""
        found = re.search(r'name="token" value="([^"]+)"', client.get("/report").text)
        assert found is not None
        self.clock.on(seconds=5)
        return found[1]

    def report(
        self, client: httpx.Client, files: list[object] | None = None, **fields: str
    ) -> httpx.Response:
        """Fill in the form and send it."""
        told = {"token": self.token(client), "text": TEXT, "place": PLACE, "consent": "1"} | fields
        return client.post("/report", data=told, files=files or [("photos", ("", b""))])

    def opened(self, client: httpx.Client) -> tuple[str, str]:
        """Where a fresh form goes, and its hidden field."""
        page = client.get("/report").text
        return re.findall(r'action="(/report[^"]*)"', page)[0], re.findall(
            r'name="token" value="([^"]+)"', page
        )[0]


def configure(folder: Path, more: str = "", settings: str = "") -> Config:
    """Write the configuration of the desk into `folder`; `more` is a table public.toml."""
    tables = folder / "config"
    tables.mkdir(parents=True, exist_ok=True)
    (tables / "accounts.toml").write_text(ACCOUNTS, encoding="utf-8")
    if more:
        (tables / "public.toml").write_text(more, encoding="utf-8")
    (folder / "huanyu.toml").write_text(SETTINGS + settings, encoding="utf-8")
    return Config.load(folder / "huanyu.toml")


@contextmanager
def running(folder: Path, more: str = "", pattern: Path | None = None) -> Iterator[Public]:
    """Serve the public pages until the block ends; `pattern` holds a desk whose database is made already."""
    if pattern is not None:
        shutil.copytree(pattern / "data", folder / "data")
    desk, clock = Desk.open(configure(folder, more)), Moment()
    with up.listen("127.0.0.1", 0) as listener:
        listener.listen(256)
        settings = uvicorn.Config(create_public(desk, clock), log_level="warning", ws="none", lifespan="off")
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield Public(f"http://127.0.0.1:{listener.getsockname()[1]}", desk, clock)
        finally:
            server.should_exit = True
            thread.join()
            desk.close()


def receipt_of(page: str) -> tuple[str, str]:
    """Number and code as the receipt shows them."""
    number, code = re.findall(r'<dd class="code">([^<]+)</dd>', page)
    return number, code


def taken(desk: Desk, now: datetime, text: str = TEXT, nonce: str = "0" * 32, **more: str) -> Receipt:
    """A report taken without a browser."""
    handed = Handed(token=nonce, text=text, place=PLACE, consent=True, **more)
    return public_reports.take(desk, handed, (), now)


def crew(desk: Desk, now: datetime) -> tuple[User, ...]:
    """The people who review and release."""
    for role, full_name in PEOPLE:
        if desk.store.people.user(role) is None:
            staff.add(desk, None, staff.NewUser(role, full_name, role), "x", now)
    known = tuple(found[0] for role, _ in PEOPLE if (found := desk.store.people.user(role)))
    if not switches.is_live(desk):
        for signer in known[2:]:
            switches.sign_live(desk, signer, now)
    return known[:3]


def opened(desk: Desk, number: str, now: datetime) -> Case:
    """The case that came of the report once the desk has taken its turn."""
    cycle.turn(desk, now, names=("understand", "open", "route"))
    with desk.store._database.read() as tx:
        post = tx.exec_driver_sql("SELECT post_id FROM public_reports WHERE number = ?", (number,)).scalar()
    case_id = desk.store.posts.case_of(post)
    assert case_id is not None, desk.store.posts.verdict(post)
    return desk.store.cases.get(case_id)


def answered(desk: Desk, number: str, clock: Moment) -> Case:
    """Let the desk handle the report to its public answer."""
    return answer(desk, opened(desk, number, clock.on(minutes=5)), clock)


def answer(desk: Desk, case: Case, clock: Moment) -> Case:
    """Let the desk handle a case to its public answer."""
    people = crew(desk, clock())
    press = people[0]
    if case.state == "pending":
        case = life.dispatch(
            desk, press, case.id, case.version, desk.bureau.units[0].key, clock.on(minutes=5)
        )
    handler = desk.store.people.user(f"h{case.unit}")
    if handler is None:
        staff.add(desk, None, staff.NewUser(f"h{case.unit}", "程立群", "handler", case.unit), "x", clock())
        handler = desk.store.people.user(f"h{case.unit}")
    case = life.sign(desk, handler[0], case.id, case.version, clock.on(hours=1))
    result = Result(
        finding="属实",
        visited_at=clock.on(hours=1),
        found="现场查看，工地未取得夜间施工证明，夜间打桩属实，影响周边居民休息",
        measure="责令立即停止夜间施工，并约谈项目负责人",
        next_step="一周内夜间复查",
    )
    findings.record_result(desk, handler[0], case.id, case.version, result, clock.on(minutes=30))
    cycle.run(desk, "draft", clock.on(minutes=5))
    (draft,) = desk.store.outbox.listing(purpose="reply", case_id=case.id)
    sign_off(desk, people, draft, clock.on(minutes=30))
    cycle.run(desk, "deliver", clock.on(minutes=5))
    return desk.store.cases.get(case.id)
