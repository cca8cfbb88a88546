"""Carries out orders as one plain function from bytes to bytes, for whatever executor runs it.

Each process in which one runs it keeps a grade server of its own for orders of one setup.
"""

from __future__ import annotations

import atexit
import threading

import msgspec

from grading import kit
from grading.catalog import HOME
from grading.classes.graders import ENDED, GradeServer
from grading.classes.orders import Order, Setup
from grading.errors import GraderFault, Misused


class OtherKitError(Misused):
    """An order was made with another version of the kit than the one that should carry it out."""


def carry_out(order: bytes) -> bytes:
    """Grade what the order says, in this process's own server; the result as JSON.

    Raises OtherKitError where this process has another kit than the one who ordered, and
    GraderFault when anything but the submission goes wrong.
    """
    asked = msgspec.msgpack.decode(order, type=Order)
    if asked.kit != kit.fingerprint():
        raise OtherKitError(
            f"the kit in {HOME} is not the one that ordered this: install the same version there"
        )
    return msgspec.json.encode(_server(asked.setup).grade(asked.submission))


_servers: dict[Setup, GradeServer] = {}
_changing = threading.Lock()
_open = threading.Event()
_open.set()


def _server(setup: Setup) -> GradeServer:
    """This process's server for such orders; started at the first one."""
    with _changing:
        if not _open.is_set():
            raise GraderFault(ENDED)
        if setup not in _servers:
            _servers[setup] = GradeServer(setup)
        return _servers[setup]


def open_up() -> None:
    """Carry out orders again, after a `hang_up`."""
    _open.set()


@atexit.register
def hang_up() -> None:
    """End the servers that this process has started for orders, ready or not; start no more."""
    with _changing:
        _open.clear()
        while _servers:
            _servers.popitem()[1].close()
