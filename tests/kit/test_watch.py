"""`watch`: what it says after a save, which keys it hears, and what it survives."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import closing
from fcntl import ioctl
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import psutil
import pytest

from grading.catalog import HOME
from grading.results import ExerciseResult, PartResult, Status
from grading.watching import watch
from grading.watching.progress import Progress
from tests.kit.conftest import copy_of_the_kit

PATIENCE = 120.0
"""Seconds for what takes one or two; the machine may be busy."""

STEM = "ex01_recurrence"
RIGHT = (HOME / f"solutions/{STEM}.py").read_text(encoding="utf-8")
STUB = (HOME / f"exercises/{STEM}.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("W_hh.T", "W_hh")
NO_TERMINAL = "Ctrl-C ends this."
RIGHT_NOW = "10 / 10  ✓ right: rnn_step, rnn_forward"


class Watching:
    """A running `watch`, in a terminal (rows, columns) or with pipes alone."""

    def __init__(self, home: Path, path: Path, terminal: bool, patch: str = "") -> None:
        run = "import sys, grader; from grading.session import starters; {}; sys.exit(grader.run())"
        command = [sys.executable, "-c", run.format(patch or "pass"), "watch", str(path)]
        self.path, self.text, self._seen = path, "", 0
        if terminal:
            self.descriptor, theirs = pty.openpty()
            self.resize(24, 80)
            self.before = termios.tcgetattr(theirs)
            self._theirs = theirs
            self.process = subprocess.Popen(
                command, cwd=home, stdin=theirs, stdout=theirs, stderr=theirs
            )
        else:
            self.descriptor, theirs = os.pipe()
            self.process = subprocess.Popen(
                command, cwd=home, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
            )
            os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def until(self, pattern: str) -> str:
        """Read on until the text since the last call matches; what was read of it."""
        deadline = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self.text[self._seen :])) is None:
            if not self._read(max(0.0, deadline - time.monotonic())):
                pytest.fail(f"{pattern!r} did not come; this did:\n{self.text[self._seen :]}")
        read = self.text[self._seen : self._seen + found.end()]
        self._seen += found.end()
        return read

    def quiet(self, seconds: float) -> str:
        """What comes within some seconds."""
        end = time.monotonic() + seconds
        while self._read(max(0.0, end - time.monotonic())):
            pass
        return self.text[self._seen :]

    def skip(self, seconds: float) -> None:
        """Let pass what comes within some seconds."""
        self._seen += len(self.quiet(seconds))

    def ready(self) -> str:
        """Wait until everything was graded once."""
        return self.until(r"isolation: .* s\b")

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.descriptor, keys.encode())

    def resize(self, rows: int, columns: int) -> None:
        """Change the terminal's size."""
        ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def code(self) -> int:
        """Wait for its end."""
        return self.process.wait(timeout=PATIENCE)

    def terminal_is_as_before(self) -> bool:
        """Does the terminal echo and wait for lines as it did?"""
        return termios.tcgetattr(self._theirs) == self.before

    def _read(self, seconds: float) -> bool:
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self.descriptor, 1 << 16)
        except OSError:
            piece = b""
        plain = re.sub(r"\x1b\[[\d;]*m", "", piece.decode("utf-8", errors="replace"))
        self.text += plain.replace("\r\n", "\n")
        return bool(piece)


def short_kit(home: Path) -> Path:
    """A kit of exercises 1 and 2 alone, so that grading everything once is quick."""
    copy_of_the_kit(home)
    for folder in ("exercises", "tests/visible", "tests/hidden"):
        for path in (home / folder).glob("*ex*"):
            if not re.search("ex0[12]", path.name):
                path.unlink()
    return home


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A kit of the test's own."""
    return short_kit(tmp_path / "kit")


@pytest.fixture
def file(kit: Path) -> Path:
    """The file of exercise 1, untouched."""
    return kit / f"exercises/{STEM}.py"


@pytest.fixture
def plain(kit: Path) -> Iterator[Watching]:
    """`watch` without a terminal, once everything was graded."""
    with Watching(kit, kit / "exercises", terminal=False) as watching:
        watching.ready()
        yield watching


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    """One `watch` without a terminal for all tests that only save and look."""
    kit = short_kit(tmp_path_factory.mktemp("lasting") / "kit")
    with Watching(kit, kit / "exercises", terminal=False) as watching:
        watching.ready()
        yield watching


@pytest.fixture
def saved(lasting: Watching) -> Path:
    """The file of exercise 1 that the lasting `watch` looks at: untouched, and known as that."""
    path = lasting.path / f"{STEM}.py"
    if not path.exists() or path.read_bytes() != STUB.encode():
        path.write_text(STUB, encoding="utf-8")
        lasting.until("· not started|not started: rnn_step")
    lasting.skip(1.0)
    return path


@pytest.fixture
def screen(kit: Path, file: Path) -> Iterator[Watching]:
    """`watch` in a terminal, once everything was graded."""
    with Watching(kit, kit / "exercises", terminal=True) as watching:
        watching.ready()
        yield watching


# --- saves ----------------------------------------------------------------------------------------


def test_save_is_graded_and_told_in_a_line(lasting: Watching, saved: Path) -> None:
    """Only what was saved is graded; the line says what turned, the block what to mend first."""
    saved.write_text(WRONG, encoding="utf-8")
    told = lasting.until(r"a hint +python grader.py hint ex01 rnn_step")
    assert re.search(r"ex01  [\d.]+ / 10  ✗ not right yet: rnn_step, rnn_forward  [\d.]+ s\n", told)
    assert "must hold" in told
    assert "ex02" not in told
    saved.write_text(RIGHT, encoding="utf-8")
    told = lasting.until(r"Next: .*\n")
    assert RIGHT_NOW in told
    assert "ex02_torch_rnn · predict_shapes" in told
    saved.write_text(WRONG, encoding="utf-8")
    lasting.until("✗ no longer right: rnn_step, rnn_forward")
    assert "\x1b" not in lasting.text


def test_without_a_terminal_it_goes_on(lasting: Watching, saved: Path) -> None:
    """No key is offered where none can be typed, and saves are graded all the same."""
    assert NO_TERMINAL in lasting.text
    saved.write_text(RIGHT, encoding="utf-8")
    lasting.until(RIGHT_NOW)


def test_half_written_file_is_graded_when_it_is_whole(lasting: Watching, saved: Path) -> None:
    """A save in two pieces ends with the verdict on the whole; a syntax error names its line."""
    with saved.open("w", encoding="utf-8") as writing:
        writing.write(RIGHT[: RIGHT.index("x_t @") + 4])
        writing.flush()
        lasting.until(r"! ex01_recurrence.py:\d+ can't be loaded: SyntaxError")
        writing.write(RIGHT[RIGHT.index("x_t @") + 4 :])
    lasting.until(RIGHT_NOW)


def test_renaming_and_restoring_are_saves_like_any_other(lasting: Watching, saved: Path) -> None:
    """A file renamed into place is graded; one that is gone is told as gone, until it is back."""
    beside = saved.with_suffix(".tmp")
    beside.write_text(RIGHT, encoding="utf-8")
    beside.replace(saved)
    lasting.until(RIGHT_NOW)
    saved.unlink()
    lasting.until(r"0 / 10  \? ex01_recurrence.py is not in the submission")
    saved.write_text(RIGHT, encoding="utf-8")
    lasting.until(RIGHT_NOW)
    saved.unlink()
    saved.write_text(WRONG, encoding="utf-8")  # as editors do that delete and write anew
    assert "is not in the submission" not in lasting.until("no longer right")


def test_unreadable_file_is_told_as_such(lasting: Watching, saved: Path) -> None:
    """A file that is no UTF-8 says so in its line."""
    saved.write_bytes("# é\n".encode("latin-1"))
    lasting.until(r"0 / 10  \? ex01_recurrence.py:1 is not UTF-8")


def test_folder_may_go_and_come_back(lasting: Watching, saved: Path) -> None:
    """A folder that is replaced, as by a checkout, is watched again."""
    away = saved.parent.with_name("away")
    saved.parent.rename(away)
    lasting.until("(?s)missing.*isolation|No such file")
    away.rename(saved.parent)
    lasting.until("· not started|not started: rnn_step")
    lasting.quiet(1.0)
    saved.write_text(RIGHT, encoding="utf-8")
    lasting.until(RIGHT_NOW)


def test_folder_may_go_while_the_watcher_is_set_up(tmp_path: Path) -> None:
    """Where the folder is gone just before it is watched, the one above is watched instead."""
    places = iter([tmp_path / "gone", tmp_path])
    files: Any = SimpleNamespace(place=lambda: next(places))
    with closing(watch._ticks(files)) as ticks:
        assert next(ticks)
    assert not list(places)


def test_saves_while_grading_are_graded_once(lasting: Watching, saved: Path) -> None:
    """An endless loop ends at its deadline; of what was saved meanwhile, the newest is graded."""
    saved.write_text(
        STUB.replace("raise NotImplementedError", "while True: pass", 1), encoding="utf-8"
    )
    time.sleep(1.0)
    saved.write_text(WRONG, encoding="utf-8")
    time.sleep(0.3)
    saved.write_text(RIGHT, encoding="utf-8")
    told = lasting.until(RIGHT_NOW)
    assert "… took too long: rnn_step" in told
    assert "✗" not in told
    assert lasting.quiet(1.0).count("/ 10") == 0


def test_saving_without_a_change_is_no_news(lasting: Watching, saved: Path) -> None:
    """The same content again isn't graded again."""
    saved.write_text(STUB, encoding="utf-8")
    assert "/ 10" not in lasting.quiet(2.0)


def test_where_processes_cannot_be_forked_it_works_as_well(kit: Path, file: Path) -> None:
    """With workers that are started anew, as on macOS, a save gets its verdict too."""
    with Watching(
        kit, file, terminal=False, patch="starters.starter = starters.Spawner"
    ) as watching:
        watching.ready()
        file.write_text(RIGHT, encoding="utf-8")
        watching.until(RIGHT_NOW)


# --- keys, and the end ----------------------------------------------------------------------------


def test_keys_hint_next_all_quit(screen: Watching, file: Path) -> None:
    """h climbs the ladder of the part in focus, n goes on, a grades all, q ends with 0."""
    screen.press("h")
    screen.until("ex01 · rnn_step · hint 1 of 3")
    screen.press("hn")
    screen.until("ex01 · rnn_step · hint 2 of 3(.|\n)*Next: ex01_recurrence · rnn_forward")
    screen.press("\x1b[A\x1bOa?")  # arrow keys are none of ours; any other key explains
    screen.until("Keys: h hint")
    screen.press("a")
    screen.ready()
    screen.press("q")
    assert screen.code() == 0
    assert screen.terminal_is_as_before()


def test_hint_is_about_what_was_saved_last(screen: Watching, file: Path) -> None:
    """After a save the focus is on what is to be mended there; after the last part, on the next."""
    file.write_text(RIGHT, encoding="utf-8")
    screen.until("Next: ex02_torch_rnn")
    screen.press("h")
    screen.until("ex02 · predict_shapes · hint 1 of 3")
    file.write_text(WRONG, encoding="utf-8")
    screen.until("Work on this: ex01_recurrence · rnn_step")
    screen.press("n")
    screen.until("Next: ex01_recurrence · rnn_forward")


def test_resizing_the_terminal_does_no_harm(screen: Watching, file: Path) -> None:
    """After SIGWINCH and in a narrow terminal, keys and saves work as before."""
    screen.resize(5, 30)
    screen.process.send_signal(signal.SIGWINCH)
    screen.press("h")
    screen.until("hint 1 of 3")
    file.write_text(RIGHT, encoding="utf-8")
    screen.until(r"10 / 10\s+✓ right")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda s: s.name)
def test_interruption_sets_the_terminal_back(screen: Watching, number: signal.Signals) -> None:
    """Ctrl-C and a plain kill end with 130, with no process left and the terminal as before."""
    family = psutil.Process(screen.process.pid).children(recursive=True)
    assert not screen.terminal_is_as_before()
    screen.process.send_signal(number)
    assert screen.code() == 130
    assert screen.terminal_is_as_before()
    assert not psutil.wait_procs(family, timeout=20)[1]


def test_interruption_while_grading_is_prompt(plain: Watching, file: Path) -> None:
    """An interruption that reaches the first process alone doesn't wait for student code."""
    file.write_text(RIGHT.replace("return torch", "import time; time.sleep(600)"), encoding="utf-8")
    watching = psutil.Process(plain.process.pid)
    deadline = time.monotonic() + PATIENCE
    while len(family := watching.children(recursive=True)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    began = time.monotonic()
    plain.process.send_signal(signal.SIGINT)
    assert plain.code() == 130
    assert time.monotonic() - began < 20  # a sleeping call alone would be given 30
    assert not psutil.wait_procs(family, timeout=20)[1]


def test_terminal_that_goes_away_ends_it(screen: Watching) -> None:
    """When its window is closed, nothing runs on."""
    os.close(screen._theirs)
    os.close(screen.descriptor)
    screen.code()


def test_reader_that_goes_away_ends_it(plain: Watching, file: Path) -> None:
    """`watch | head` ends when head does, without a word of a fault."""
    os.close(plain.descriptor)
    file.write_text(RIGHT, encoding="utf-8")
    assert plain.code() == 130
    assert not list(file.parent.parent.glob(".grader-fault.log"))


# --- progress -------------------------------------------------------------------------------------


@pytest.fixture
def second(kit: Path) -> Path:
    """The other exercise, done."""
    path = kit / "exercises/ex02_torch_rnn.py"
    shutil.copy(kit / "solutions/ex02_torch_rnn.py", path)
    return path


@pytest.mark.usefixtures("second")
def test_last_point_of_all_is_celebrated_once(kit: Path, file: Path) -> None:
    """With the last missing point comes the next lesson's name, and not again."""
    with Watching(kit, kit / "exercises", terminal=False) as watching:
        watching.ready()
        file.write_text(RIGHT, encoding="utf-8")
        watching.until("(?s)All 20 points.*LSTM and GRU in depth")
        file.write_text(WRONG, encoding="utf-8")
        watching.until("no longer right")
        file.write_text(RIGHT, encoding="utf-8")
        watching.until(RIGHT_NOW)
        assert "All 20 points" not in watching.quiet(1.0)
    assert Progress(kit, kit / "exercises").state.finished


@pytest.mark.usefixtures("second")
def test_celebration_is_remembered_over_a_restart(kit: Path) -> None:
    """What was right the last time is told as lost, and nothing is celebrated again."""
    right = tuple(PartResult(n, Status.PASSED, 5.0, 5.0) for n in ("rnn_step", "rnn_forward"))
    graded = ExerciseResult(STEM, "The recurrence by hand", Status.PASSED, 10.0, 10.0, right, ())
    Progress(kit, kit / "exercises").keep((graded,), finished=True)
    with Watching(kit, kit / "exercises", terminal=False) as watching:
        watching.ready()
        watching.until("Since the last time: · not started .was right.: rnn_step, rnn_forward")
        assert "All 20 points" not in watching.text


def part(status: Status) -> ExerciseResult:
    """An exercise of one part."""
    parts = (PartResult("step", status, 0.0, 10.0),)
    return ExerciseResult("ex01_a", "A", status, 0.0, 10.0, parts, ())


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"a": 1}', b'{"x": {"parts": {"p": "great"}}}', b"\xff", b"[" * 100_000],
)
def test_broken_memory_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    """Whatever the file holds, nothing is remembered from it, and the next state is kept."""
    memory = tmp_path / ".kit/progress.json"
    memory.parent.mkdir()
    memory.write_bytes(content)
    progress = Progress(tmp_path, tmp_path)
    assert (progress.state.parts, progress.state.finished) == ({}, False)
    progress.keep((part(Status.PASSED),), finished=False)
    assert Progress(tmp_path, tmp_path).state.parts == {"ex01_a/step": Status.PASSED}


def test_unwritable_memory_does_no_harm(tmp_path: Path) -> None:
    """Where nothing can be written, the state is still known until the end."""
    (tmp_path / ".kit").write_text("a file in the folder's place", encoding="utf-8")
    progress = Progress(tmp_path, tmp_path)
    progress.keep((part(Status.PASSED),), finished=True)
    assert progress.state.finished


def test_submissions_are_remembered_apart(tmp_path: Path) -> None:
    """Two folders that are watched in turn don't overwrite each other's state."""
    Progress(tmp_path, tmp_path / "a").keep((part(Status.PASSED),), finished=True)
    Progress(tmp_path, tmp_path / "b").keep((part(Status.FAILED),), finished=False)
    kept = json.loads((tmp_path / ".kit/progress.json").read_text(encoding="utf-8"))
    assert [state["finished"] for state in kept.values()] == [True, False]
    assert Progress(tmp_path, tmp_path / "a").state.finished
