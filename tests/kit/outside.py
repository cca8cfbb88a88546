"""The world outside a worker, for situations that try to reach it: it listens, and nobody comes."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from pathlib import Path
from typing import Self

TCP_PORT, UDP_PORT = 48611, 48612
UNIX_PATH = Path("/tmp/rnn-kit-outside.sock")
UNIX_NAME = "\0rnn-kit-outside"


class Outside:
    """Listens on TCP, UDP and unix sockets while it is open; `heard` says who came, and where."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._sockets: list[socket.socket] = []
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._ending = False

    def __enter__(self) -> Self:
        UNIX_PATH.unlink(missing_ok=True)
        self._open(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", TCP_PORT))
        self._open(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", UDP_PORT))
        self._open(socket.AF_UNIX, socket.SOCK_STREAM, str(UNIX_PATH))
        self._open(socket.AF_UNIX, socket.SOCK_STREAM, UNIX_NAME)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending = True
        self._thread.join()
        for each in self._sockets:
            each.close()
        UNIX_PATH.unlink(missing_ok=True)

    def _open(self, family: int, kind: int, address: tuple[str, int] | str) -> None:
        opened = socket.socket(family, kind)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        if kind == socket.SOCK_STREAM:
            opened.listen()
        opened.setblocking(False)
        self._sockets.append(opened)
        self._selector.register(opened, selectors.EVENT_READ, repr(address))

    def _listen(self) -> None:
        while not self._ending:
            for key, _ in self._selector.select(0.1):
                self.heard.append(key.data)
                heard = key.fileobj
                assert isinstance(heard, socket.socket)
                with contextlib.suppress(OSError):
                    if heard.type == socket.SOCK_STREAM:
                        heard.accept()[0].close()
                    else:
                        heard.recv(4096)
