"""What every local server of the demo shares: a thread of its own, an address, start and stop."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"  # the demo is never seen from another machine
POLL = 0.01  # seconds until a stop is noticed


class LocalServer:
    """An HTTP server on this machine only; use it in a `with` block."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self._serving = threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True)

    @property
    def url(self) -> str:
        """Address without a final slash."""
        return f"http://{HOST}:{self._server.server_port}"

    def start(self) -> Self:
        self._serving.start()
        return self

    def stop(self) -> None:
        """Answer nobody any more and give the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._serving.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
