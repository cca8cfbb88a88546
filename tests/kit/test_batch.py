"""A class graded by `grader.py batch`: whole, again, in the middle, twice at once, overridden."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from rich.console import Console

from grading import catalog as catalogs
from grading.batch import Options, grade_class
from grading.catalog import HOME
from grading.classes.orders import Setup
from grading.handed_in import downloads
from grading.handed_in.intake import Submission
from grading.results import Result, Status, from_json
from grading.stubs import stub_of

CATALOG = catalogs.load()
EXERCISE = CATALOG.find("ex02")
SOLUTION = CATALOG.solution(EXERCISE).read_text(encoding="utf-8")
STUB = stub_of(SOLUTION, "ex02")
LOOPS = f"{SOLUTION}\n\ndef split_directions(output):\n    while True:\n        pass\n"

Batch = Callable[..., subprocess.CompletedProcess[str]]


def hand_in(folder: Path, student: str, source: str) -> Path:
    """A student's folder with exercise 2 in it."""
    path = folder / student / f"{EXERCISE.stem}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return path


def three(folder: Path) -> Path:
    """Three students: one is right, one hasn't begun, one hands in an empty folder."""
    hand_in(folder, "ada", SOLUTION)
    hand_in(folder, "ben", STUB)
    (folder / "cyd").mkdir()
    return folder


@pytest.fixture
def klass(tmp_path: Path) -> Path:
    """A class of three."""
    return three(tmp_path / "class")


def command(klass: Path, out: Path, *more: object) -> list[str]:
    """The command line of a batch of exercise 2."""
    return [
        *(sys.executable, str(HOME / "grader.py"), "batch", str(klass)),
        *("--out", str(out), "--only", "ex02", *map(str, more)),
    ]


@pytest.fixture
def batch(klass: Path, tmp_path: Path) -> Batch:
    """Run a batch of the class and wait for it."""

    return lambda *more: finished(klass, tmp_path / "out", *more)


def finished(
    klass: Path, out: Path, *more: object, cwd: Path = HOME
) -> subprocess.CompletedProcess[str]:
    """A batch that has come to its end."""
    return subprocess.run(
        command(klass, out, *more),
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        timeout=120,
    )


@dataclass(frozen=True)
class Graded:
    """A class, what was written about it, and what the batch said."""

    klass: Path
    out: Path
    told: str
    elsewhere: Path | None = None


PLANTED = ("msgspec", "torch", "numpy", "pytest", "socket", "conftest", "sitecustomize")
"""What the grader and Python themselves import, or look for."""


def plant(folder: Path) -> None:
    """Files and folders of such names, each of which would leave a mark if it were run."""
    code = f"open({str(folder / 'ran')!r}, 'w')\n"
    for name in PLANTED:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(code)
        (folder / f"{name}.py").write_text(code)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The class of three, graded once for all tests that ask what comes of it."""
    folder = tmp_path_factory.mktemp("once")
    klass, out, elsewhere = three(folder / "class"), folder / "out", folder / "elsewhere"
    plant(elsewhere)
    done = finished(klass, out, cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    return Graded(klass, out, done.stdout, elsewhere)


@pytest.fixture
def graded(once: Graded, tmp_path: Path) -> Graded:
    """A copy of it, to go on with."""
    klass, out = tmp_path / "class", tmp_path / "out"
    shutil.copytree(once.klass, klass)
    shutil.copytree(once.out, out)
    return Graded(klass, out, once.told, once.elsewhere)


def test_results_of_another_batch_in_the_class_are_no_submission(
    graded: Graded, tmp_path: Path
) -> None:
    """A folder that an earlier batch wrote into the class is left out, and that is told."""
    names = sorted(path.name for path in (graded.out / "results").glob("*.json"))
    shutil.move(graded.out, graded.klass / "monday")
    done = finished(graded.klass, tmp_path / "tuesday")
    assert "monday holds the results of a batch: it is no submission." in done.stdout
    assert sorted(path.name for path in (tmp_path / "tuesday/results").glob("*.json")) == names


def test_submission_that_can_not_be_read_costs_no_report(
    klass: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where reading one fails as nobody thought of, the class's reports are written."""
    read = downloads.Entry.read

    def stumbling(entry: downloads.Entry) -> Submission:
        if entry.name == "ben":
            raise LookupError("nobody thought of this")
        return read(entry)

    monkeypatch.setattr(downloads.Entry, "read", stumbling)
    setup, out = Setup((EXERCISE.stem,), "1", visible_only=True), tmp_path / "out"
    entries = downloads.find(klass, CATALOG, (EXERCISE,))
    summary = grade_class(entries, CATALOG, Options(setup, out, jobs=1), Console(quiet=True))
    assert list(summary.faults) == ["ben"]
    assert (out / "report.html").exists()


def test_what_lies_where_it_is_started_is_never_imported(once: Graded) -> None:
    """A batch that is started among strangers' files runs none, whatever they are called."""
    assert once.elsewhere is not None
    found = {path.name for path in once.elsewhere.iterdir()}
    assert found == {*PLANTED, *(f"{name}.py" for name in PLANTED), "pytest.ini"}


def results(out: Path) -> dict[str, Result]:
    """What was kept, by name."""
    return {path.stem: from_json(path.read_bytes()) for path in (out / "results").glob("*.json")}


def but_for_times(out: Path) -> dict[str, Any]:
    """What was kept, without the seconds that it took."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in out.glob("results/*.json")}
    return {
        name: re.sub(r'"duration": [-+.e\d]+', '"duration": 0', text)
        for name, text in texts.items()
    }


def test_every_submission_gets_a_result(graded: Graded) -> None:
    """The right one full marks, the stub none, the empty one none with the reason."""
    kept = results(graded.out)
    assert {name: result.score for name, result in kept.items()} == {"ada": 10, "ben": 0, "cyd": 0}
    assert kept["ben"].exercises[0].status is Status.NOT_STARTED
    assert "not in the submission" in kept["cyd"].exercises[0].problem
    assert "3 graded now, 0 as they were" in graded.told
    assert graded.told.startswith("  writing the reports\n")


def test_changed_submission_is_graded_again_and_told(graded: Graded) -> None:
    """Only what changed is graded; the screen and changes.csv say whose score changed, and why."""
    hand_in(graded.klass, "ben", SOLUTION)
    again = finished(graded.klass, graded.out)
    assert "1 graded now, 2 as they were" in again.stdout
    assert "ben: 0 → 10 (what was read of the submission changed" in again.stdout
    changes = (graded.out / "changes.csv").read_text(encoding="utf-8")
    assert "ben,0.0,10.0,10.0,10.0,what was read of the submission changed" in changes


def test_override_is_shown_wherever_points_are(graded: Graded) -> None:
    """In the result, the gradebook, the class report, the student's page and the tables."""
    rows = "submission,part,points,reason\nben,final_state,1.5,explained it at the board\n"
    (graded.out / "overrides.csv").write_text(rows, encoding="utf-8")
    finished(graded.klass, graded.out)
    assert results(graded.out)["ben"].score == 1.5
    shown = ["gradebook.csv", "report.html", "students/ben.html", "tables/parts.csv"]
    for name in shown:
        text = (graded.out / name).read_text(encoding="utf-8")
        assert "explained it at the board" in text, name


def test_override_of_an_exercise_that_is_not_graded_is_told(graded: Graded) -> None:
    """It counts for nothing now, and the screen says so."""
    rows = "submission;part;points;reason\nben;rnn_step;1,5;explained it at the board\n"
    (graded.out / "overrides.csv").write_text(rows, encoding="utf-8")
    done = finished(graded.klass, graded.out)
    assert done.returncode == 0
    assert "Overrides that don't count, as ex01 is not graded now: 1." in done.stdout


def test_result_of_a_former_class_counts_nowhere(graded: Graded) -> None:
    """Who is in the class no more is told of by number, and is not exported any more."""
    shutil.rmtree(graded.klass / "ben")
    done = finished(graded.klass, graded.out)
    assert "Results of nobody in this class, which stay in results/ and count nowhere: 1." in (
        " ".join(done.stdout.split())
    )
    assert (graded.out / "class.txt").read_text().split() == ["ada", "cyd"]


def test_wrong_override_stops_before_anything_is_graded(batch: Batch, tmp_path: Path) -> None:
    """Exit 2, the file, the line and the reason."""
    (tmp_path / "out").mkdir()
    rows = "submission,part,points,reason\nben,final_state,9,too much\n"
    (tmp_path / "out" / "overrides.csv").write_text(rows, encoding="utf-8")
    done = batch()
    assert done.returncode == 2
    assert "overrides.csv:2: final_state has 0 to 2 points" in done.stderr
    assert not results(tmp_path / "out")


# --- ended in the middle, and two at once -----------------------------------------------------


def start(klass: Path, out: Path, *more: object) -> subprocess.Popen[str]:
    """A batch under way."""
    return subprocess.Popen(
        command(klass, out, *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=HOME,
    )


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until, "waited a minute in vain"
        time.sleep(0.02)


SIX = 6
"""Submissions of the class whose batch is killed."""


@dataclass(frozen=True)
class Killed:
    """A class whose batch was killed with -9 in the middle; what it had written, and when."""

    klass: Path
    out: Path
    before: dict[str, int]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """kill -9 after the second result."""
    folder = tmp_path_factory.mktemp("killed")
    klass, out = folder / "class", folder / "out"
    for i in range(SIX):
        hand_in(klass, f"s{i}", f"{SOLUTION}\n# {i}\n")
    running = start(klass, out, "--jobs", 1)
    wait_for(lambda: len(written(out)) >= 2)
    running.kill()
    running.communicate()
    return Killed(klass, out, written(out))


@pytest.fixture(scope="module")
def resumed(killed: Killed) -> Graded:
    """The same command again."""
    done = finished(killed.klass, killed.out, "--jobs", 1)
    return Graded(killed.klass, killed.out, done.stdout)


def written(out: Path) -> dict[str, int]:
    """When each result was written, in nanoseconds."""
    return {path.stem: path.stat().st_mtime_ns for path in out.glob("results/*.json")}


def test_killed_batch_leaves_whole_results(killed: Killed) -> None:
    """Each result that is there is a whole one."""
    assert {result.score for result in results(killed.out).values()} == {10}
    assert 2 <= len(killed.before) < SIX


def test_killed_batch_grades_nothing_twice(killed: Killed, resumed: Graded) -> None:
    """What was graded before stays as it was, and the rest is graded."""
    kept = len(killed.before)
    assert f"{SIX - kept} graded now, {kept} as they were" in resumed.told
    assert killed.before.items() <= written(resumed.out).items()


def test_killed_batch_ends_as_an_undisturbed_one(resumed: Graded, tmp_path: Path) -> None:
    """The results are the same, times aside."""
    undisturbed = tmp_path / "undisturbed"
    assert finished(resumed.klass, undisturbed).returncode == 0
    assert but_for_times(resumed.out) == but_for_times(undisturbed)


def test_interrupted_batch_leaves_nothing_running(klass: Path, tmp_path: Path) -> None:
    """Ctrl-C: exit code 130, what was graded is kept, and no process stays behind."""
    hand_in(klass, "aaa", SOLUTION)
    hand_in(klass, "zed", LOOPS)
    running = start(klass, tmp_path / "out", "--jobs", 1, "--time-factor", 100)
    wait_for(lambda: len(list(tmp_path.glob("out/results/*.json"))) >= 4)
    time.sleep(0.2)
    family = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=20)
    assert running.returncode == 130
    assert told == "4 of 5 are kept; the same command goes on\ninterrupted\n"
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive


def test_second_batch_on_one_folder_waits(klass: Path, tmp_path: Path) -> None:
    """Two at once: both end well, every submission is graded once."""
    first, second = (start(klass, tmp_path / "out") for _ in range(2))
    told = [one.communicate(timeout=90)[0] for one in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    graded = sorted(int(match) for text in told for match in re.findall(r"(\d+) graded now", text))
    assert graded == [0, 3]


# --- bad input --------------------------------------------------------------------------------


def test_empty_folder_is_told(tmp_path: Path, batch: Batch, klass: Path) -> None:
    """A class without a submission is a misuse, with words."""
    shutil.rmtree(klass)
    klass.mkdir()
    done = batch()
    assert done.returncode == 2
    assert "no submission" in done.stderr


def test_output_that_is_a_file_is_told(batch: Batch, tmp_path: Path) -> None:
    """Where the results can't go, nothing is graded: exit 2, and the path."""
    (tmp_path / "out").write_text("a file")
    done = batch()
    assert done.returncode == 2
    assert "can't be written" in done.stderr


@pytest.mark.parametrize(
    "wrong", [("--executor", "dask"), ("--scheduler", "tcp://x:1"), ("--retry", "luck")]
)
def test_wrong_option_is_told(batch: Batch, wrong: tuple[str, ...]) -> None:
    """An option that can't be is a misuse."""
    done = batch(*wrong)
    assert done.returncode == 2
    assert wrong[0] in done.stderr


def test_full_disk_leaves_whole_files(klass: Path, tmp_path: Path) -> None:
    """No half file, no trace of a temporary one, exit 3; with room, it goes on where it was."""
    for i in range(8):
        hand_in(klass, f"s{i}", f"{SOLUTION}\n# {i}\n")
    out = tmp_path / "small"
    out.mkdir()
    mount, keep = f"mount -t tmpfs -o size=100k none {out}", f"cp -r {out} {out}-after"
    script = f'{mount} && "$@"; code=$?; {keep}; exit $code'
    inside = ["unshare", *_as_root_of_a_namespace(), "--mount", "sh", "-c", script, "sh"]
    done = subprocess.run(
        [*inside, *command(klass, out)], capture_output=True, text=True, cwd=HOME, check=False
    )
    assert done.returncode == 3, done.stderr
    assert "the disk is full" in done.stderr
    left = [path.name for path in (tmp_path / "small-after" / "results").iterdir()]
    assert left
    assert all(name.endswith(".json") for name in left)
    for path in (tmp_path / "small-after" / "results").iterdir():
        assert json.loads(path.read_bytes())["schema_version"] == 1


def _as_root_of_a_namespace() -> list[str]:
    return [] if os.getuid() == 0 else ["--user", "--map-root-user"]
