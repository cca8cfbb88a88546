"""Single keys from the terminal, heard at once and not shown; the terminal is set back at the end.

Where standard input is no terminal, or another program has the foreground, no key is ever heard.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import termios
import tty
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

END = "\x04"
"""What Ctrl-D gives; also what is heard when the terminal has gone away."""

_INPUT = 0
_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.)?")
"""What an arrow key and its like send: none of them is one of ours."""


class Keys:
    """The keys that were typed and not yet taken."""

    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal
        self._typed: deque[str] = deque()

    def take(self) -> str:
        """The next key, "" where none was typed; never waits."""
        if not self._typed and self.terminal and _in_foreground():
            self._typed.extend(_read())
        return self._typed.popleft() if self._typed else ""


@contextmanager
def listening() -> Iterator[Keys]:
    """Hear single keys, until the end of the block."""
    if not os.isatty(_INPUT) or not _in_foreground():
        yield Keys(terminal=False)
        return
    before = termios.tcgetattr(_INPUT)
    try:
        _hear_single_keys()
        signal.signal(signal.SIGCONT, _hear_single_keys)  # a shell's fg sets its own mode
        yield Keys(terminal=True)
    finally:
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        if _in_foreground():  # from the background, this would stop the process
            with contextlib.suppress(termios.error):
                termios.tcsetattr(_INPUT, termios.TCSADRAIN, before)


def _hear_single_keys(*_: object) -> None:
    if _in_foreground():
        with contextlib.suppress(termios.error):
            tty.setcbreak(_INPUT, termios.TCSADRAIN)


def _read() -> str:
    ready, _, _ = select.select([_INPUT], [], [], 0)
    if not ready:
        return ""
    try:
        typed = os.read(_INPUT, 64).decode(errors="replace")
    except OSError:
        return END
    return _SEQUENCE.sub("", typed) if typed else END


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(_INPUT) == os.getpgrp()
    except OSError:
        return True  # a terminal without job control
