"""The bureau's own web site: serves the folder that the site channel writes."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

from demo.serving import HOST
from demo.serving import LocalServer


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo tells its own story."""


class FolderServer(LocalServer):
    """A static server of one folder."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder))))
