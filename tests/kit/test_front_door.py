"""The front door: what it prints, writes and answers, opened as its users open it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest

import grader
from grading import catalog as catalogs
from grading import stubs
from grading.catalog import HOME, Catalog
from grading.proof import learn
from tests.kit import tiny
from tests.kit.conftest import FrontDoor
from tests.kit.edits import append, rewrite
from tests.kit.tiny import only

CATALOG = catalogs.load()
SCHEDULER = ("--scheduler", "tcp://127.0.0.1:8786")
POINTS = sum(exercise.points for exercise in CATALOG.exercises)

Run = tuple[subprocess.CompletedProcess[str], dict[str, Any]]


def checked(front_door: FrontDoor, folder: Path, submission: Path, *options: str) -> Run:
    """Run `check` with `--json`: the process and the parsed result."""
    path = folder / "result.json"
    process = front_door("check", submission, "--json", path, *options)
    return process, json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def solutions_run(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`check solutions`."""
    return checked(front_door, tmp_path_factory.mktemp("run"), HOME / "solutions")


@pytest.fixture(scope="module")
def stubs_run(front_door: FrontDoor) -> subprocess.CompletedProcess[str]:
    """`python grader.py`, as a student types it first."""
    return front_door()


@pytest.fixture(scope="module")
def broken_run(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A submission in which nearly every file has something else the matter."""
    folder = tmp_path_factory.mktemp("broken")
    for path in (HOME / "solutions").glob("ex*.py"):
        shutil.copy(path, folder)
    rewrite(folder / "ex01_recurrence.py", "def rnn_forward", "def rnn_foward")
    rewrite(folder / "ex02_torch_rnn.py", "import torch", "import torch\nx = = 3\n")
    append(folder / "ex03_classifier.py", "def predict(model, x):\n    return [1, 2][5]\n")
    append(
        folder / "ex04_seq2seq.py",
        "def next_step_pairs(seq):\n    print('\\x1b[2J<b>bold</b>')\n    return seq, seq\n",
    )
    (folder / "ex05_gradients.py").unlink()
    (folder / "ex05_gradients.py").symlink_to("/etc/hostname")
    (folder / "ex06_sine.py").unlink()
    (folder / "ex08_packing.py").write_bytes("# é\n".encode("latin-1"))
    (folder / "ex09_bptt.py").write_bytes(b"#" * 1024 * 1024)
    (folder / "ex10_variants.py").unlink()
    (folder / "ex10_variants.py").mkdir()
    return checked(front_door, folder.parent, folder)


def exercise(run: Run, number: str) -> dict[str, Any]:
    """One exercise of a JSON result."""
    found: dict[str, Any] = next(e for e in run[1]["exercises"] if e["id"].startswith(number))
    return found


def messages(run: Run, number: str, part: str) -> list[str]:
    """What the tests of a part say."""
    return [test["message"] for test in exercise(run, number)["tests"] if test["part"] == part]


# --- right, and untouched -----------------------------------------------------------------------


def test_solutions_earn_all_points(solutions_run: Run) -> None:
    """`check solutions` gives all points that there are, with exit code 0."""
    process, result = solutions_run
    assert (process.returncode, result["score"], result["max_score"]) == (0, POINTS, POINTS)
    assert "Everything that was asked for is right." in process.stdout


def test_every_point_is_accounted_for(solutions_run: Run) -> None:
    """Tests' points add up to their part's, parts' to their exercise's, exactly."""
    for graded in solutions_run[1]["exercises"]:
        assert sum(part["max_score"] for part in graded["parts"]) == graded["max_score"] == 10.0
        for part in graded["parts"]:
            points = [test["points"] for test in graded["tests"] if test["part"] == part["name"]]
            assert round(sum(points), 9) == part["max_score"]


def test_stubs_earn_nothing_and_are_told_apart(
    stubs_run: subprocess.CompletedProcess[str],
) -> None:
    """A fresh copy earns nothing, all of it not started, with exit code 1 and a place to begin."""
    assert stubs_run.returncode == 1
    assert f"0 / {POINTS:g}" in stubs_run.stdout
    assert stubs_run.stdout.count("not started") == len(CATALOG.exercises)
    assert "python grader.py hint ex01 rnn_step" in stubs_run.stdout


def test_screen_fits_80_columns_without_colour(
    stubs_run: subprocess.CompletedProcess[str], broken_run: Run
) -> None:
    """In a pipe no line is wider than 80 columns, and no colour code is sent."""
    for output in (stubs_run.stdout, broken_run[0].stdout):
        assert max(map(len, output.splitlines())) <= 80
        assert "\x1b" not in output


# --- broken -------------------------------------------------------------------------------------


def test_misnamed_function_is_guessed(broken_run: Run) -> None:
    """A function under a slightly wrong name is missing, and the right name is asked about."""
    assert exercise(broken_run, "ex01")["score"] == 5.0
    told = messages(broken_run, "ex01", "rnn_forward")
    assert all("ex01_recurrence.py has no rnn_forward" in message for message in told)
    assert any("did you mean rnn_forward?" in message for message in told)


def test_syntax_error_names_file_line_and_text(broken_run: Run) -> None:
    """A file that can't be parsed is an error with its name, line, and the line itself."""
    assert exercise(broken_run, "ex02")["status"] == "error"
    message = messages(broken_run, "ex02", "predict_shapes")[0]
    assert "ex02_torch_rnn.py:" in message
    assert "SyntaxError" in message
    assert "x = = 3" in message


def test_exception_shows_the_students_line_alone(broken_run: Run) -> None:
    """An exception is told with the student's own file and line; no line of ours is in it."""
    message = messages(broken_run, "ex03", "predict")[0]
    assert "IndexError" in message
    assert "ex03_classifier.py:" in message
    assert "return [1, 2][5]" in message
    assert "grading/" not in message


HEADS = {
    "output": "import sys\nfor out in sys.stdout, sys.stderr: out.reconfigure(encoding='utf-8')\n",
    "arguments": "import argparse\nargs = argparse.ArgumentParser().parse_args()\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_what_files_of_any_course_begin_with_costs_nothing(tmp_path: Path, head: str) -> None:
    """Output in another encoding, and arguments that are read, work as where Python runs the file.

    Wherever the grader's own output goes: to a file, say.
    """
    source = CATALOG.solution(CATALOG.exercises[0]).read_text(encoding="utf-8")
    name = f"{CATALOG.exercises[0].stem}.py"
    (tmp_path / name).write_text(head + source, encoding="utf-8")
    with (tmp_path / "screen").open("wb") as screen:
        command = [sys.executable, HOME / "grader.py", "check", tmp_path / name]
        process = subprocess.run(command, stdout=screen, stderr=screen, check=False, timeout=240)
    assert process.returncode == 0, (tmp_path / "screen").read_text(encoding="utf-8")


def test_printing_is_kept_with_its_test_and_harmless(broken_run: Run) -> None:
    """What was printed is in the JSON as it was, and on the screen with its codes spelled out."""
    process, _ = broken_run
    tests = [t for t in exercise(broken_run, "ex04")["tests"] if t["part"] == "next_step_pairs"]
    assert any("\x1b[2J<b>bold</b>" in test["stdout"] for test in tests)
    assert "\x1b" not in process.stdout


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("ex05", "is a link"),
        ("ex06", "is not in the submission"),
        ("ex08", "is not UTF-8"),
        ("ex09", "bytes or more"),
        ("ex10", "is a folder"),
    ],
)
def test_file_that_cannot_be_taken_says_why(broken_run: Run, number: str, words: str) -> None:
    """A file that can't be taken counts 0 and says why; on the screen too."""
    graded = exercise(broken_run, number)
    assert (graded["status"], graded["score"]) == ("missing", 0.0)
    assert words in graded["problem"]
    assert words in " ".join(broken_run[0].stdout.split())


def test_broken_files_leave_the_others_alone(broken_run: Run) -> None:
    """The exercise in between keeps its points."""
    assert exercise(broken_run, "ex07")["score"] == 10.0
    assert broken_run[0].returncode == 1


# --- misuse, faults, interruption ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "no/such/folder"), "No such file or directory"),
        (("check", "solutions", "ex77"), "there is no exercise 'ex77'"),
        (("check", "README.md"), "bears no exercise's name"),
        (("check", "a" * 300), "File name too long"),
        (("check", "--json", "same", "--junit", "same"), "same is asked for twice"),
        (("check", "--no-such-option"), "--no-such-option"),
        (("check", "exercises", "ex01", "--json"), "See: python grader.py check --help"),
        (("check", "--no-visible-only"), "--no-visible-only"),
        (("check", "--json", "README.md/x"), "README.md is a file; name a folder"),
        (("lab", "ex01", "--out", "README.md"), "README.md is a file; name a folder"),
        (("export", "x", "-o", "tests"), "it is a folder; name a file in it"),
        (("batch", "x", "--out", "y", "--time-factor", "inf"), "--time-factor"),
        (("check", "--in-process", "--isolation", "full"), "--isolation is for a worker"),
        (("check", "--debug", "rnn_step", "--isolation", "full"), "--isolation is for a worker"),
        (("check", "--debug", "rnn_step", "--visible-only"), "leave out --visible-only"),
        (("check", "solutions/ex01_recurrence.py", "ex03"), "is a file of ex01"),
        (("batch", "x", "--out", "y", "--executor", "dask", *SCHEDULER, "--jobs", "2"), "--jobs"),
        (("hint", "ex01", "rnn_stepp"), "has no part"),
        (("verify", "ex99"), "there is no exercise"),
    ],
)
def test_misuse_is_told_with_exit_code_2(
    front_door: FrontDoor, arguments: tuple[str, ...], words: str
) -> None:
    """A command that can't be carried out says why, without a traceback."""
    process = front_door(*arguments)
    assert process.returncode == 2
    assert words in " ".join(process.stderr.split())
    assert "Traceback" not in process.stderr


def run_python(*arguments: str, stdout: Any = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run Python in the kit, with options of its own or with its output elsewhere."""
    return subprocess.run(
        [sys.executable, *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=HOME,
        check=False,
        timeout=240,
    )


def test_folder_that_was_deleted_is_told_so(tmp_path: Path) -> None:
    """In a terminal whose folder is gone, torch can't be loaded: what to do about it is said."""
    gone = tmp_path / "gone"
    gone.mkdir()
    command = ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", sys.executable, HOME / "grader.py"]
    process = subprocess.run(
        command, cwd=gone, capture_output=True, text=True, check=False, timeout=240
    )
    assert process.returncode == 2
    assert process.stderr.startswith("grader.py: the folder that you are in was deleted: go to one")


def test_python_without_the_kits_libraries_is_told_so() -> None:
    """In a terminal where the virtual environment isn't active, that is what is said."""
    process = run_python("-S", "-E", "grader.py", "check")
    assert process.returncode == 2
    assert "has no typer: activate the virtual environment" in process.stderr
    assert "Traceback" not in process.stderr


def test_results_never_go_into_a_submission(front_door: FrontDoor, tmp_path: Path) -> None:
    """A folder of the class, or one deep in it, is no place for `batch --out`."""
    (tmp_path / "ada").mkdir()
    shutil.copy(HOME / "solutions" / "ex01_recurrence.py", tmp_path / "ada")
    for out in (tmp_path / "ada", tmp_path / "ada" / "graded"):
        process = front_door("batch", tmp_path, "--out", out)
        assert process.returncode == 2
        assert "is in the class itself; name a new folder beside" in process.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["ada", "ex01_recurrence.py"]


def test_hint_finds_a_part_by_its_name(front_door: FrontDoor, scratch_kit: Path) -> None:
    """Whoever names the part alone gets its hint."""
    process = front_door("hint", "rnn_forward", home=scratch_kit)
    assert process.returncode == 0, process.stderr
    assert "ex01" in process.stdout
    assert "rnn_forward" in process.stdout


def test_fault_of_the_grader_is_told_as_one(front_door: FrontDoor, scratch_kit: Path) -> None:
    """Where a graded test file is broken, the exit code is 3 and nobody's points are touched."""
    append(scratch_kit / "tests/visible/test_ex01_recurrence.py", "raise RuntimeError('ours')\n")
    process = front_door("check", "solutions", "ex01", home=scratch_kit)
    assert process.returncode == 3
    assert "our fault, not yours" in process.stderr
    assert "RuntimeError: ours" in process.stderr
    assert "ours" in (scratch_kit / ".grader-fault.log").read_text(encoding="utf-8")


def test_lost_test_is_a_fault_never_a_pass(front_door: FrontDoor, scratch_kit: Path) -> None:
    """A test that ends without a report of its own costs exit code 3."""
    append(
        scratch_kit / "tests/visible/test_ex01_recurrence.py",
        "@pytest.mark.part('rnn_step')\n@pytest.mark.skip\n"
        "def test_left_out(student):\n    'A claim.'\n",
    )
    process = front_door("check", "solutions", "ex01", home=scratch_kit)
    assert process.returncode == 3


def test_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    """Ctrl-C ends with exit code 130 and one word, and all processes with it."""
    source = (HOME / "solutions/ex01_recurrence.py").read_text(encoding="utf-8")
    sleeping = source.replace("import torch\n", "import time\nimport torch\ntime.sleep(600)\n", 1)
    (tmp_path / "ex01_recurrence.py").write_text(sleeping, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(HOME / "grader.py"), "check", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    family = wait_for_worker(psutil.Process(process.pid))
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "interrupted\n")
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive


def wait_for_worker(grader: psutil.Process) -> list[psutil.Process]:
    """The grader's processes, once a worker has been forked (the server's child)."""
    for _ in range(1200):
        family = grader.children(recursive=True)
        if len(family) >= 2:
            return family
        time.sleep(0.05)
    pytest.fail("no worker was started within a minute")


def test_reader_who_leaves_changes_no_grade() -> None:
    """Where nobody reads on (`check | head -1`), the exit code is the grade's all the same."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, str(HOME / "grader.py"), "check", str(HOME / "solutions"), "ex01"]
    process = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=240
    )
    os.close(writing)
    assert (process.returncode, process.stderr) == (0, b"")


def test_empty_folder_is_graded_as_all_missing(front_door: FrontDoor, tmp_path: Path) -> None:
    """An empty folder earns 0 and says what it lacks."""
    process = front_door("check", tmp_path, "ex01")
    assert process.returncode == 1
    assert "ex01_recurrence.py is not in the submission" in process.stdout


# --- the same, opened in this process -----------------------------------------------------------


@pytest.fixture
def tiny_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """A small kit, which every command takes for its own."""
    kit = tiny.tiny(tmp_path / "kit")
    monkeypatch.setattr(catalogs, "load", lambda home=HOME: kit)
    monkeypatch.chdir(tmp_path)
    return kit


def opened(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Open the front door here; the exit code."""
    monkeypatch.setattr(sys, "argv", ["grader.py", *map(str, arguments)])
    return grader.run()


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every command line end in this error."""

    def app(standalone_mode: bool) -> int:
        raise error

    monkeypatch.setattr(grader, "app", app)


def cut_off() -> Exception:
    """An error that came because something was cut off by Ctrl-C."""
    error = ConnectionResetError("cut off")
    error.__context__ = KeyboardInterrupt()
    return error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), cut_off()], ids=["Ctrl-C", "cut off"])
def test_interruption_is_no_fault(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C, and what it cuts off, end with exit code 130 and that one word."""
    fail_with(monkeypatch, error)
    assert opened(monkeypatch) == 130
    assert capfd.readouterr().err == "interrupted\n"


def test_fault_that_cannot_be_logged_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no file can be written, the traceback is printed, so that it can be reported."""

    def forbidden(*args: object, **kwargs: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", forbidden)
    monkeypatch.setattr(tempfile, "mkstemp", forbidden)
    fail_with(monkeypatch, RuntimeError("ours"))
    assert opened(monkeypatch) == 3
    told = capsys.readouterr().err
    assert "our fault, not yours" in told
    assert "RuntimeError: ours" in told


def test_log_that_has_no_place_here_is_kept_among_temporary_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Where nothing can be written in this folder, the log is a new file of its own elsewhere."""

    def forbidden(path: Path, *args: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_bytes", forbidden)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    fail_with(monkeypatch, RuntimeError("ours"))
    assert opened(monkeypatch) == 3
    (log,) = tmp_path.glob("*.grader-fault.log")
    assert str(log) in "".join(capsys.readouterr().err.splitlines())
    assert "RuntimeError: ours" in log.read_text(encoding="utf-8")


def test_path_of_the_log_is_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Brackets in the name of a folder are no markup."""
    folder = tmp_path / "work [old]"
    folder.mkdir()
    monkeypatch.chdir(folder)
    fail_with(monkeypatch, RuntimeError("ours"))
    assert opened(monkeypatch) == 3
    assert f"{folder / '.grader-fault.log'}\n" in capsys.readouterr().err


def test_output_of_any_kind_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard output is no file of text (in a notebook, say), commands run all the same."""
    monkeypatch.setattr(sys, "stdout", StringIO())
    monkeypatch.setattr(grader, "app", lambda standalone_mode: None)
    assert opened(monkeypatch) == 0


@pytest.mark.parametrize(
    ("platform", "level", "says"),
    [
        ("linux", "bricks", "--isolation is full, landlock, namespaces, process; not 'bricks'"),
        ("darwin", "full", "--isolation needs Linux: leave it out here"),
    ],
)
def test_level_that_cannot_be_asked_for_is_misuse(
    tiny_kit: Catalog,
    platform: str,
    level: str,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A level that there is not, or not on this system, is told before anything is graded."""
    monkeypatch.setattr(sys, "platform", platform)
    assert opened(monkeypatch, "check", "--isolation", level) == 2
    assert says in " ".join(capsys.readouterr().err.split())


def test_part_that_is_not_there_cannot_be_debugged(
    tiny_kit: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check --debug` of no part is misuse, and says which parts there are."""
    assert opened(monkeypatch, "check", "--debug", "triple") == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "there is no part 'triple'; there are: double, quadruple" in told


def test_part_of_another_exercise_is_not_debugged(front_door: FrontDoor) -> None:
    """Exercises that are named beside `--debug` are where the part is looked for."""
    process = front_door("check", "solutions", "ex10", "--debug", "rnn_step")
    assert process.returncode == 2
    known = "lstm_step, gru_step, parameter_count"
    assert f"there is no part 'rnn_step'; there are: {known}" in process.stderr


@pytest.mark.parametrize("option", ["--json", "--junit", "--markdown"])
def test_debug_writes_no_result(
    option: str,
    tiny_kit: Catalog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file that would not be written is refused, not forgotten."""
    assert opened(monkeypatch, "check", "--debug", "double", option, tmp_path / "result") == 2
    assert "--debug gives no result to write" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("command", [("batch", "class", "--out", "out"), ("verify",)])
def test_other_systems_are_told_what_needs_linux(
    command: tuple[str, ...],
    tiny_kit: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where no warm process can be forked, that is no fault of ours: exit 2, and where it works."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert opened(monkeypatch, *command) == 2
    assert f"{command[0]} needs Linux: run it in a" in " ".join(capsys.readouterr().err.split())


def test_exercises_name_alone_checks_the_students_own_file(
    tiny_kit: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check ex01` grades ex01 of exercises/, where no file of that name lies about."""
    path = tmp_path / "result.json"
    assert opened(monkeypatch, "check", "ex01", "--in-process", "--json", path) == 1
    (graded,) = json.loads(path.read_text(encoding="utf-8"))["exercises"]
    assert (graded["id"], graded["status"]) == (only(tiny_kit).stem, "not_started")


def test_build_writes_stub_and_numbers(tiny_kit: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `build` the stub is the solution's, and the numbers of known mistakes are current."""
    exercise = only(tiny_kit)
    tiny.with_probes(tiny_kit)
    tiny_kit.stub(exercise).unlink()
    assert opened(monkeypatch, "build") == 0
    stub = tiny_kit.stub(exercise).read_text(encoding="utf-8")
    assert stub == stubs.stub_of(tiny.SOLUTION, exercise.stem)
    assert list(learn.faults(tiny_kit, exercise)) == []


# --- ways to run --------------------------------------------------------------------------------


def test_single_file_is_graded_alone(front_door: FrontDoor, tmp_path: Path) -> None:
    """A file is graded by its name; the exercises that were left out are named."""
    run = checked(front_door, tmp_path, HOME / "solutions/ex10_variants.py")
    assert [graded["id"] for graded in run[1]["exercises"]] == ["ex10_variants"]
    assert (run[0].returncode, run[1]["score"]) == (0, 10.0)
    assert "ex01_recurrence" in run[1]["not_checked"]


def test_in_process_run_is_no_grade(front_door: FrontDoor, tmp_path: Path) -> None:
    """`--in-process` gives the same points, and says that it is not a grade."""
    run = checked(front_door, tmp_path, HOME / "solutions", "ex01", "--in-process")
    assert run[1]["score"] == 10.0
    assert "not a grade" in run[1]["isolation"]["level"]
    assert "not a grade" in run[0].stdout


def test_visible_only_says_what_it_left_out(front_door: FrontDoor, tmp_path: Path) -> None:
    """`--visible-only` runs no hidden test and says so."""
    run = checked(front_door, tmp_path, HOME / "solutions", "ex01", "--visible-only")
    assert {test["visibility"] for test in run[1]["exercises"][0]["tests"]} == {"visible"}
    assert any("hidden tests" in left_out for left_out in run[1]["not_checked"])


def test_debug_runs_one_part_here(front_door: FrontDoor) -> None:
    """`check --debug PART` runs that part's visible tests under pytest, in one process."""
    own = {**os.environ, "PYTEST_ADDOPTS": "--no-such-option"}  # for other runs than ours
    process = front_door("check", "solutions", "--debug", "rnn_step", env=own)
    assert process.returncode == 0, process.stdout + process.stderr
    assert "passed" in process.stdout


def test_ctrl_c_ends_debugging(front_door: FrontDoor, tmp_path: Path) -> None:
    """What interrupts a function in this process comes from the keyboard: no test goes on."""
    path = tmp_path / "ex01_recurrence.py"
    path.write_text("def rnn_step(*given):\n    raise KeyboardInterrupt\n", encoding="utf-8")
    process = front_door("check", path, "--debug", "rnn_step")
    assert process.returncode == 130, process.stdout + process.stderr
    assert "failed" not in process.stdout


def editors_runner(part: str) -> subprocess.CompletedProcess[str]:
    """What the README's line for an editor comes to."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("tests/visible", "--part", part, "--submission", "exercises"),
        ],
        capture_output=True,
        text=True,
        cwd=HOME,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        check=False,
        timeout=240,
    )


def test_editors_test_runner_works() -> None:
    """The README's line for an editor runs the part's tests, and fails in the student's words."""
    process = editors_runner("rnn_step")
    assert process.returncode == 1
    assert "not_started: rnn_step still raises NotImplementedError" in process.stdout


def test_editors_test_runner_knows_its_parts() -> None:
    """A part that is misspelt is told, with those that there are, and no run of nothing is made."""
    process = editors_runner("rnn_stepp")
    assert process.returncode == 4
    assert "--part 'rnn_stepp' is none of: " in process.stderr
    assert "rnn_step, " in process.stderr


def test_screen_of_no_columns_shows_all_the_same(front_door: FrontDoor) -> None:
    """COLUMNS=0, as some tools set it where there is no terminal, leaves no screen empty."""
    process = front_door("hint", "ex01", "rnn_step", env={**os.environ, "COLUMNS": "0"})
    assert (process.returncode, "ex01 · rnn_step" in process.stdout) == (0, True)


def test_python_that_drops_sentences_is_told_of() -> None:
    """With -OO a test has no sentence for the student: that is misuse, and no fault of ours."""
    process = run_python("-OO", "grader.py", "check", "exercises", "ex01")
    assert process.returncode == 2
    assert "Python was started with -OO" in process.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_without_room_is_no_fault() -> None:
    """Where a full disk takes no output, that is said, and no report of a fault is asked for."""
    with Path("/dev/full").open("wb") as full:
        process = run_python("grader.py", "hint", "ex01", "rnn_step", stdout=full)
    assert process.returncode == 3
    assert "make room" in process.stderr
    assert "our fault" not in process.stderr
