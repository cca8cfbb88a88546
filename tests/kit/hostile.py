"""The class of all situations of tests/attacks/: built, graded by `batch`, held to its promises.

Each situation is a folder of the class, called by its name and its group. What a run should have
left alone is looked at before and after: the kit, a folder of somebody else's, the network outside,
and the processes of this machine.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, cached_property
from html.parser import HTMLParser
from pathlib import Path

import psutil

from grading import catalog as catalogs
from grading.cores import cores
from grading.results import ExerciseResult, PartResult, Result, Status, TestResult, from_json
from grading.session import isolation
from tests.kit.outside import Outside

CATALOG = catalogs.load()
HOME = CATALOG.home
FOLDER = HOME / "tests" / "attacks"
MACHINE = Path(__file__).parent / "confined" / "machine.py"

SITUATIONS = sorted(FOLDER.glob("*/*.py"), key=lambda path: (path.stem, path.parent.name))
ATTACKS = [path for path in SITUATIONS if path.parent.name != "intake"]
HANDED_IN = [path for path in SITUATIONS if path.parent.name == "intake"]

WAITING = "waiting"
"""The kind that computes nothing until its deadline: a class of its own, many at once."""

JOBS = {WAITING: 12, "others": max(1, cores() // 2)}
"""How many of each class are graded at once: half of the cores are for the tests beside it."""

_CHILD_SUBREAPER = 36
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_HERE = re.compile(r"#|data:,$|students/[a-z0-9A-Z._-]+\.html$")


# --- what is written at a situation's top -----------------------------------------------------


@cache
def expectation(situation: Path) -> dict[str, str]:
    """The lines of a situation's docstring that say what must come of it."""
    _, text, _ = situation.read_text(encoding="utf-8").split('"""', 2)  # not all can be parsed
    pairs = (line.partition(":") for line in text.splitlines())
    return {key: value.strip() for key, colon, value in pairs if colon and " " not in key}


def exercise_of(situation: Path) -> catalogs.Exercise:
    """The exercise that a situation is about."""
    return CATALOG.find(expectation(situation).get("exercise", "ex01"))


def name_of(situation: Path) -> str:
    """What it is called in its class."""
    return f"{situation.stem}-{situation.parent.name}"


def promised(situation: Path, level: str) -> bool:
    """Is its outcome promised at a level of isolation?"""
    return "needs" not in expectation(situation) or isolation.denies_strangers(level)


# --- the class --------------------------------------------------------------------------------


def class_of(situation: Path) -> str:
    """The class that it is graded in."""
    return WAITING if situation.parent.name == WAITING else "others"


def build(classes: Path, situations: Iterable[Path]) -> list[Path]:
    """Make a folder for each situation, in its class, with what is handed in.

    Gives those that this user can't make, and that are left out.
    """
    left_out = []
    for situation in situations:
        folder = classes / class_of(situation) / name_of(situation)
        folder.mkdir(parents=True)
        if situation.parent.name == "intake":
            solution = CATALOG.solution(exercise_of(situation)).read_text(encoding="utf-8")
            try:
                runpy.run_path(str(situation))["build"](folder, solution)
            except PermissionError:
                folder.rmdir()
                left_out.append(situation)
        else:
            exercise = exercise_of(situation)
            path = folder / f"{exercise.stem}.py"
            path.write_bytes(source(situation).encode("utf-8"))
    return left_out


def source(situation: Path) -> str:
    """The solution with the attack behind it; or the attack alone, where it is the whole file."""
    text = situation.read_text(encoding="utf-8")
    if "whole" in expectation(situation):
        return text
    solution = CATALOG.solution(exercise_of(situation)).read_text(encoding="utf-8")
    return f"{solution}\n\n{text}"


# --- one run ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """What it came to: results by name, exit code, words, and what it should not have done."""

    results: dict[str, Result]
    code: int
    said: str
    side_effects: list[str]


class Run:
    """A batch over each class of situations, in a folder, and a watch on what is outside.

    They run beside whoever asks for their results, who waits for the one that was asked for.
    `ordinary` is as a user who is not root; `more` are further options of `batch`. Raises
    AssertionError where a batch ends without the result that was asked for. `out` has a folder
    for each batch.
    """

    def __init__(
        self, situations: Iterable[Path], folder: Path, level: str, ordinary: bool, *more: str
    ) -> None:
        chosen = list(situations)
        self.out = folder / "out"
        self.left_out = build(folder / "classes", chosen)
        self._said, self._decoy = folder / "said.txt", folder / "somebody"
        _furnish(self._decoy)
        self._before, self._running = _state(self._decoy), _running()
        self._watch = ExitStack()
        self._outside = self._watch.enter_context(Outside())
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)  # what is left becomes ours
        self.out.mkdir()
        with self._said.open("a") as said:
            self._batches = {
                klass.name: subprocess.Popen(
                    [*_command(chosen, klass, self.out, level, ordinary), *more],
                    cwd=HOME,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                )
                for klass in sorted((folder / "classes").iterdir())
            }

    def result(self, situation: Path) -> Result:
        """What a situation came to, as soon as it is there."""
        name, klass = name_of(situation), class_of(situation)
        path = self.out / klass / "results" / f"{name}.json"
        while not path.exists() and self._batches[klass].poll() is None:
            time.sleep(0.05)
        assert path.exists(), f"no result for {name}: {self.ended.said[-1000:]}"
        return from_json(path.read_bytes())

    @cached_property
    def ended(self) -> Ended:
        """The batches' end, waited for."""
        code = max(batch.wait() for batch in self._batches.values())
        self._watch.close()
        effects = [f"somebody called {address}" for address in self._outside.heard]
        effects += _left(self._running) + _changed(self._before, _state(self._decoy)) + _forged()
        said = self._said.read_text(encoding="utf-8", errors="replace")
        files = self.out.glob("*/results/*.json")
        results = {path.stem: from_json(path.read_bytes()) for path in files}
        return Ended(results, code, said, effects)

    def close(self) -> None:
        """End what has not ended: nobody wants the rest."""
        for batch in self._batches.values():
            if batch.poll() is None:
                batch.send_signal(signal.SIGINT)
        assert self.ended


def grade(situations: Iterable[Path], folder: Path, level: str, ordinary: bool, *more: str) -> Run:
    """Grade these situations, to the end; the folder may go then."""
    run = Run(situations, folder, level, ordinary, *more)
    assert run.ended
    return run


def _command(chosen: list[Path], klass: Path, out: Path, level: str, ordinary: bool) -> list[str]:
    stems = sorted({exercise_of(one).stem for one in chosen if class_of(one) == klass.name})
    # nicely: it leaves the processors to the tests that run beside it
    command = ["nice", "-n", "10", sys.executable]
    command += [str(MACHINE), "ordinary"] if ordinary else []
    command += [str(HOME / "grader.py"), "batch", str(klass), "--out", str(out / klass.name)]
    command += ["--only", ",".join(stems), "--jobs", str(JOBS[klass.name])]
    command += ["--isolation", level] if sys.platform == "linux" else []
    return command + ([] if isolation.denies_strangers(level) else ["--allow-unconfined"])


def _furnish(decoy: Path) -> None:
    """A folder like somebody's own, beside the class: it must stay what it is."""
    (decoy / "notes").mkdir(parents=True)
    (decoy / "notes" / "marks.csv").write_text("ada,10\n")
    (decoy / "ex01_recurrence.py").write_text("# not done yet\n")
    (decoy / "link").symlink_to("notes")


def _state(decoy: Path) -> dict[str, tuple[object, ...]]:
    """Names, sizes, modes, times and content of what nobody may change."""
    roots = [decoy, *(HOME / name for name in ("grading", "solutions", "tests", "exercises"))]
    paths = [path for root in roots for path in root.rglob("*") if "__pycache__" not in path.parts]
    return {str(path): _look(path) for path in (HOME / "grader.py", *paths)}


def _look(path: Path) -> tuple[object, ...]:
    told = path.lstat()
    content = path.read_bytes() if path.is_file() else b""
    modified = told.st_mtime_ns if path.is_file() else 0  # a folder's changes with its __pycache__
    return told.st_mode, told.st_uid, modified, hashlib.sha256(content).hexdigest()


def _changed(
    before: dict[str, tuple[object, ...]], now: dict[str, tuple[object, ...]]
) -> list[str]:
    paths = sorted(path for path in before | now if before.get(path) != now.get(path))
    return [f"{path} changed" for path in paths]


def _forged() -> list[str]:
    """Files that situations try to write outside; an empty one may be made where files are open."""
    found = [path for path in Path("/tmp").glob("rnn-kit-forged*") if path.stat().st_size]
    found += [path for path in Path("/tmp").glob("forged-*") if path.stat().st_size]
    return [f"{path} was written" for path in found]


def _running() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _left(before: set[int]) -> list[str]:
    """Processes that are still there some seconds after the end."""
    deadline = time.monotonic() + 5.0
    while True:
        children = psutil.Process().children(recursive=True)
        new = [child for child in children if child.pid not in before]
        alive = [child for child in new if child.status() != psutil.STATUS_ZOMBIE]
        if not alive or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    for child in new:
        if child not in alive:
            os.waitpid(child.pid, os.WNOHANG)
    return [f"process {child.pid} is left: {child.name()}" for child in alive]


# --- what must come of it ---------------------------------------------------------------------


def part_of(situation: Path, result: Result) -> tuple[PartResult, list[TestResult]]:
    """The part that a situation is about, and its tests."""
    exercise = exercise_result(situation, result)
    name = expectation(situation).get("part", exercise.parts[0].name)
    part = next(part for part in exercise.parts if part.name == name)
    return part, [test for test in exercise.tests if test.part == name]


def exercise_result(situation: Path, result: Result) -> ExerciseResult:
    """What the exercise came to that a situation is about."""
    stem = exercise_of(situation).stem
    return next(exercise for exercise in result.exercises if exercise.id == stem)


def wrong_outcome(situation: Path, result: Result) -> str:
    """How it ended, where that isn't what it must; or nothing."""
    expected = expectation(situation)
    if expected["outcome"] == "intake":
        told = exercise_result(situation, result).problem
        fits = expected["says"] in told and 10 < len(told) < 500
        return "" if fits and not result.score else f"was taken, or not refused in words: {told!r}"
    part, tests = part_of(situation, result)
    told = [test.message[:300] for test in tests if test.status is not Status.PASSED]
    if part.status != expected["outcome"].replace("denied", "failed"):
        return f"{part.status}, not {expected['outcome']}: {told}"
    if expected["says"] and not any(expected["says"] in test.message for test in tests):
        return f"none says {expected['says']!r}: {told}"
    return ""


def rewarded(situation: Path, result: Result) -> str:
    """Points that it should not have earned, or were kept from a right answer; or nothing."""
    expected = expectation(situation)
    if expected["outcome"] == "intake":
        return f"{result.score} points" if result.score else ""
    part, _ = part_of(situation, result)
    if expected["outcome"] == "passed":
        return "" if part.score == part.max_score else f"{part.score} of {part.max_score} points"
    most = float(expected.get("at_most", 0.25)) * part.max_score
    return f"{part.score} of {part.max_score} points" if part.score > most else ""


def failures(situations: Iterable[Path], run: Run) -> list[str]:
    """What came out as it must not, a line for each."""
    found = []
    for situation in situations:
        if situation not in run.left_out:
            result = run.ended.results[name_of(situation)]
            told = wrong_outcome(situation, result) or rewarded(situation, result)
            found += [f"{name_of(situation)}: {told}"] if told else []
    return found


def told_of_hidden(situation: Path, result: Result) -> list[str]:
    """Messages of hidden tests that hold numbers or words of inputs."""
    _, tests = part_of(situation, result)
    hidden = [test for test in tests if test.visibility == "hidden"]
    told = [re.sub(r"\((ex\d\d_\w+\.py):\d+\)", "", test.message) for test in hidden]
    leaks = [text for text in told if "xfilt" in text or re.search(r"\d\.\d{3}", text)]
    return leaks + [test.stdout for test in hidden if test.stdout]


def unescaped(paths: Iterable[Path]) -> list[str]:
    """Pages and tables for people in which a stranger's text is more than text."""
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        code = _CONTROL.search(text)
        found += [f"{path.name} holds {code.group()!r}"] if code else []
        if path.suffix == ".html":
            seen = _Markup()
            seen.feed(text)
            found += [f"{path.name} holds {tag}" for tag in seen.odd]
            if seen.scripts != (path.name == "report.html"):
                found.append(f"{path.name} holds {seen.scripts} scripts")
    return found


class _Markup(HTMLParser):
    """Looks for elements and attributes that none of our pages has."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what runs, loads or leads anywhere."""
        self.scripts += tag == "script"
        if tag in ("iframe", "img", "object", "embed", "base"):
            self.odd.append(tag)
        for name, value in attrs:
            leads_out = name in ("href", "src", "action") and not _HERE.match(value or "")
            if name.startswith("on") or leads_out:
                self.odd.append(f"{tag} {name}={value!r}")
