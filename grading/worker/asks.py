"""What the worker server is asked for, and what it answers: a datagram of msgpack each way."""

from __future__ import annotations

import msgspec


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fork` a worker, `end` or `drop` the one of this pid, or take a further `client`."""

    what: str
    pid: int = 0


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The new worker's pid, or the exit status of one that ended (negative: by that signal)."""

    value: int
