"""Single keys from a terminal: heard at once, and the terminal left as it was found."""

from __future__ import annotations

import errno
import os
import pty
import signal
import termios
from collections.abc import Iterator
from typing import Any

import pytest

from grading.watching import keys


class Terminal:
    """A terminal whose one end is standard input for the keys, and whose other types."""

    def __init__(self) -> None:
        self.typing, self.input = pty.openpty()
        self.before = self.mode()

    def mode(self) -> list[Any]:
        """How the terminal is set."""
        return termios.tcgetattr(self.input)

    def waits_for_lines(self) -> bool:
        """Does the terminal keep what is typed until a line ends?"""
        return bool(self.mode()[3] & termios.ICANON)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal to listen to."""
    made = Terminal()
    monkeypatch.setattr(keys, "_INPUT", made.input)
    yield made
    for descriptor in (made.typing, made.input):
        os.close(descriptor)


def test_keys_are_heard_without_a_line_end(terminal: Terminal) -> None:
    """What is typed is there at once, key by key, and then there is nothing."""
    with keys.listening() as heard:
        os.write(terminal.typing, b"hq")
        assert [heard.take(), heard.take(), heard.take()] == ["h", "q", ""]


@pytest.mark.parametrize("sent", [b"\x1b[A", b"\x1b[1;5C", b"\x1bOP", b"\x1b"])
def test_arrow_keys_and_their_like_are_no_keys(terminal: Terminal, sent: bytes) -> None:
    """A sequence that a special key sends is passed over, and the key behind it is heard."""
    with keys.listening() as heard:
        os.write(terminal.typing, sent + b"n")
        assert [heard.take(), heard.take()] == ["n", ""]


def test_terminal_is_set_back(terminal: Terminal) -> None:
    """While keys are heard no line is waited for; afterwards all is as it was."""
    with keys.listening():
        assert not terminal.waits_for_lines()
    assert terminal.mode() == terminal.before


def test_without_a_terminal_no_key_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes through a pipe is not taken for keys, and is left to be read by others."""
    reading, writing = os.pipe()
    monkeypatch.setattr(keys, "_INPUT", reading)
    os.write(writing, b"q")
    with keys.listening() as heard:
        assert not heard.terminal
        assert heard.take() == ""
    assert os.read(reading, 9) == b"q"
    os.close(reading)
    os.close(writing)


def test_terminal_that_has_gone_away_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the window is closed, that is heard as the key that ends the program."""
    typing, terminal = pty.openpty()
    monkeypatch.setattr(keys, "_INPUT", terminal)
    os.close(typing)
    assert keys.Keys(terminal=True).take() == keys.END
    os.close(terminal)


def test_terminal_that_cannot_be_read_is_the_end(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that gives an error in place of a key ends the program as Ctrl-D does."""

    def fails(*_: int) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with keys.listening() as heard:
        os.write(terminal.typing, b"h")
        monkeypatch.setattr(os, "read", fails)
        assert heard.take() == keys.END


def to_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program has the foreground from now on."""
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: os.getpgrp() + 1)


def test_from_the_background_no_key_is_heard(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program in the background takes no key away from the one in the foreground."""
    with keys.listening() as heard:
        to_background(monkeypatch)
        os.write(terminal.typing, b"q")
        assert heard.take() == ""
        monkeypatch.undo()


@pytest.mark.parametrize("when", ["begins", "ends", "goes on"])
def test_from_the_background_the_terminal_is_left_alone(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Whatever mode the foreground's program has set stays: at the start, the end and between."""
    if when == "begins":
        to_background(monkeypatch)
    with keys.listening():
        to_background(monkeypatch)
        if when == "goes on":
            termios.tcsetattr(terminal.input, termios.TCSANOW, terminal.before)
            signal.raise_signal(signal.SIGCONT)
        within = terminal.mode()
    assert terminal.mode() == within
    assert terminal.waits_for_lines() is (when != "ends")


def test_single_keys_are_heard_again_after_a_stop(terminal: Terminal) -> None:
    """A shell that brings the program back with a mode of its own doesn't make it deaf."""
    with keys.listening():
        termios.tcsetattr(terminal.input, termios.TCSANOW, terminal.before)
        signal.raise_signal(signal.SIGCONT)
        assert not terminal.waits_for_lines()
    assert terminal.mode() == terminal.before
