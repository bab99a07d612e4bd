"""The doors the console listens on."""

from __future__ import annotations

import socket

from console import up


def test_no_answer_waits_for_the_acknowledgement_of_its_head() -> None:
    with up.listen("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        accepted, _ = door.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
