"""A console that really runs: uvicorn on a free port over a made desk, and what a browser is started with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import made_desk
import uvicorn
from made_desk import MadeDesk
from made_desk import Moment

from console import up
from console.app import create_app
from console.servers import Server
from console.sessions import COOKIE
from flow.desk import Desk
from huanyu.config import Config
from tests.trusted import TRUSTED

NAMES = {
    **{role: name for role, (name, _) in made_desk.PEOPLE.items()},
    "handler": made_desk.HANDLER[0],
    "other_handler": made_desk.OTHER_HANDLER[0],
}


@dataclass(frozen=True)
class Console:
    """A running console, what stands on its desk, and its clock."""

    url: str
    desk: Desk
    made: MadeDesk
    clock: Moment
    setup_code: str

    def visitor(self) -> httpx.Client:
        """Somebody nobody knows, with a browser that says where its requests come from."""
        return httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=120, verify=TRUSTED)

    @contextmanager
    def sign_in(self, role: str) -> Iterator[httpx.Client]:
        """A client with a session of the role."""
        with self.visitor() as client:
            client.cookies.set(COOKIE, made_desk.session_of(NAMES[role]))
            yield client


@contextmanager
def running(folder: Path, made: MadeDesk | None) -> Iterator[Console]:
    """Serve the desk in `folder` until the block ends."""
    desk, clock = Desk.open(Config.load(folder / "huanyu.toml")), Moment()
    app = create_app(desk, clock)
    with up.listen("127.0.0.1", 0) as listener:
        settings = uvicorn.Config(app, log_level="warning", ws="none", lifespan="off")
        server = Server(settings, app.state.live)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield Console(url, desk, made, clock, app.state.setup_code)
        finally:
            server.should_exit = True
            thread.join()
            desk.close()


@contextmanager
def pages(browser: Any) -> Iterator[Callable[..., Any]]:
    """A way to open pages that note every message on the browser's console; in the end none may be of the policy."""
    contexts, messages = [], []

    def opened(width: int = 1440, height: int = 900, **options: object) -> object:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda problem: messages.append(f"script error: {problem}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    broken = [one for one in messages if "Content Security Policy" in one or one.startswith("script error")]
    assert not broken
