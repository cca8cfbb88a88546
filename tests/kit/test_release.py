"""What is handed out: it works, it holds no answer, and the same kit gives the same bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from grading import catalog as catalogs
from grading.catalog import HOME, Catalog, Exercise
from grading.errors import DiskFullError
from grading.handing_out import release
from tests.kit.conftest import FrontDoor
from tests.kit.handed_out import STEP, copied, unpacked

CATALOG = catalogs.load()
DONE, LESS, MISUSED = 0, 1, 2


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The students' copy of all exercises, as a folder."""
    home = tmp_path_factory.mktemp("student") / "hw1"
    files = release.student_files(CATALOG, release.Assignment("hw1", CATALOG.exercises, 1))
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(text)
    return home


@pytest.fixture(scope="module")
def released(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `release` has written two exercises to."""
    folder = tmp_path_factory.mktemp("release") / "out"
    made = front_door("release", folder, "--assignment", "hw2", "--only", "ex03, ex01")
    assert made.returncode == DONE, made.stderr
    return folder


@pytest.fixture(scope="module")
def unzipped(released: Path) -> Path:
    """The students' copy of two exercises, unpacked."""
    return unpacked(released / "hw2-student.zip", released.parent / "unpacked") / "hw2"


def checked(front_door: FrontDoor, home: Path, *options: object) -> tuple[int, dict[str, Any]]:
    """`check --json` by a copy's own grader: exit code and result."""
    path = home.parent / "result.json"
    process = front_door("check", *options, "--json", path, home=home)
    return process.returncode, json.loads(path.read_text(encoding="utf-8"))


def content(path: Path) -> dict[str, bytes]:
    """What a zip holds."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- the students' copy -------------------------------------------------------------------------


def test_bundle_holds_just_what_students_need(bundle: Path) -> None:
    """Stubs, visible tests, probes, the grader, a README and a workflow; nothing else."""
    found = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    by_exercise = {
        name.format(exercise.stem)
        for exercise in CATALOG.exercises
        for name in ("exercises/{}.py", "tests/visible/{}.toml", "tests/visible/test_{}.py")
    }
    probes = {
        f"tests/probes/{e.stem}{end}" for e in CATALOG.exercises for end in (".py", ".msgpack")
    }
    top = {
        ".gitignore",
        "grader.py",
        "pyproject.toml",
        "README.md",
        ".github/workflows/classroom.yml",
    }
    rest = found - by_exercise - probes - top
    assert by_exercise | probes | top <= found
    assert all(re.fullmatch(r"grading/[\w/]+\.(py|html|css|js|toml)", name) for name in rest)


def test_bundle_holds_no_line_of_a_solution(bundle: Path) -> None:
    """No line between the markers is in any file, spaces aside; calls without arguments may be."""
    files = [path for path in bundle.rglob("*") if path.is_file()]
    texts = [re.sub(rb"\s", b"", path.read_bytes()) for path in files]
    for exercise in CATALOG.exercises:
        solution = CATALOG.solution(exercise).read_text(encoding="utf-8")
        for block in re.findall(r"BEGIN SOLUTION\n(.*?)### END", solution, re.DOTALL):
            for line in block.splitlines():
                bare = re.sub(r"\s", "", line.split("  # ")[0])
                if len(bare) > 24 and not bare.endswith(("()", "():")):
                    assert not any(bare.encode() in text for text in texts), line


def test_untouched_bundle_is_not_started(front_door: FrontDoor, bundle: Path) -> None:
    """`check` in a fresh copy: exit code 1, nothing earned, every exercise not started."""
    code, result = checked(front_door, bundle)
    assert (code, result["score"]) == (LESS, 0.0)
    assert {exercise["status"] for exercise in result["exercises"]} == {"not_started"}
    assert len(result["exercises"]) == len(CATALOG.exercises)


@pytest.fixture(scope="module")
def solved(bundle: Path) -> Path:
    """A bundle with right answers in exercises/."""
    home = bundle.parent / "solved" / "hw1"
    shutil.copytree(bundle, home)
    shutil.copytree(HOME / "solutions", home / "exercises", dirs_exist_ok=True)
    return home


@pytest.mark.parametrize("chosen", [CATALOG.exercises[::2], CATALOG.exercises[1::2]])
def test_solutions_earn_all_points_in_the_bundle(
    chosen: tuple[Exercise, ...], front_door: FrontDoor, solved: Path
) -> None:
    """With right answers in exercises/, the visible tests give all points, half by half."""
    code, result = checked(front_door, solved, "exercises", *(e.stem for e in chosen))
    assert (code, result["score"]) == (DONE, result["max_score"])
    assert [exercise["id"] for exercise in result["exercises"]] == [e.stem for e in chosen]
    assert {test["visibility"] for e in result["exercises"] for test in e["tests"]} == {"visible"}


@pytest.fixture(scope="module")
def diagnosed(front_door: FrontDoor, bundle: Path) -> tuple[Path, dict[str, Any]]:
    """A bundle with a mistake that is known, checked: its folder and the result."""
    wrong = (
        "import torch\ndef rnn_step(x, h, W_xh, W_hh, b):\n    return torch.tanh(x @ W_xh.T + b)\n"
    )
    home = bundle.parent / "wrong" / "hw1"
    shutil.copytree(bundle, home)
    (home / "exercises/ex01_recurrence.py").write_text(wrong, encoding="utf-8")
    _, result = checked(front_door, home, "exercises", "ex01")
    return home, result


def test_bundle_diagnoses(diagnosed: tuple[Path, dict[str, Any]]) -> None:
    """A known mistake is named by the numbers alone."""
    _, result = diagnosed
    assert result["exercises"][0]["parts"][0]["diagnosis"]["id"] == "state_ignored"


def test_hint_in_the_bundle_begins_with_the_diagnosis(
    front_door: FrontDoor, diagnosed: tuple[Path, dict[str, Any]]
) -> None:
    """After the check, `hint` begins with the mistake's sentence."""
    home, _ = diagnosed
    told = front_door("hint", "ex01", "rnn_step", home=home).stdout
    assert "does not depend on h_prev" in " ".join(told.split())


@pytest.mark.parametrize(
    "command", [["verify"], ["build"], ["release", "/tmp/nowhere-hw1", "--assignment", "hw1"]]
)
def test_bundle_says_what_it_is_not_for(
    command: list[str], front_door: FrontDoor, bundle: Path
) -> None:
    """What needs the solutions says so, as misuse: no trace, no fault."""
    process = front_door(*command, home=bundle)
    assert process.returncode == MISUSED
    assert "solutions" in process.stderr
    assert "Traceback" not in process.stderr


def test_readme_names_the_exercises_and_their_files(bundle: Path) -> None:
    """The students' README is filled in, and the files and commands that it names are there."""
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    assert "$" not in readme
    assert all(f"`{part.name}`" in readme for e in CATALOG.exercises for part in e.parts)
    assert (bundle / "exercises/ex01_recurrence.py").exists()
    assert "exercises/ex01_recurrence.py" in readme


def test_packages_of_the_bundle_are_there(bundle: Path) -> None:
    """What pyproject.toml lists for an install is in the copy."""
    project = (bundle / "pyproject.toml").read_text(encoding="utf-8")
    packages = re.search(r"(?m)^packages = \[(.*?)\]", project, re.DOTALL)
    assert packages is not None
    for name in re.findall(r'"([\w.]+)"', packages.group(1)):
        assert (bundle / name.replace(".", "/") / "__init__.py").exists()


def test_workflow_feeds_classrooms_reporter(bundle: Path) -> None:
    """The workflow grades the visible tests and hands the step's result to the reporter."""
    path = bundle / ".github/workflows/classroom.yml"
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    graded, reported = job["steps"][-2:]
    silenced, command, resumed = graded["run"].replace("\\\n", "").strip().split("\n")
    assert silenced == 'mark=$(uuidgen); echo "::stop-commands::$mark"'
    assert command.startswith("python grader.py check exercises --visible-only ")
    assert resumed == 'echo "::$mark::"'
    assert '--classroom "$GITHUB_OUTPUT"' in graded["run"]
    assert reported["with"]["runners"] == graded["id"]
    result = f"{graded['id'].upper()}_RESULTS"
    assert reported["env"] == {result: f"${{{{ steps.{graded['id']}.outputs.result }}}}"}
    assert workflow["permissions"]["checks"] == "write"


@pytest.mark.parametrize("name", ["hw2-student.zip", "hw2-gradescope.zip"])
def test_no_file_of_another_exercise_goes_out(released: Path, name: str) -> None:
    """With `--only`, neither zip holds a file of an exercise that wasn't chosen."""
    assert set(re.findall(r"(ex\d\d)_", "\n".join(content(released / name)))) == {"ex01", "ex03"}


def test_few_exercises_can_be_graded(front_door: FrontDoor, unzipped: Path) -> None:
    """A copy with two exercises has 20 points."""
    code, result = checked(front_door, unzipped)
    assert (code, result["max_score"]) == (LESS, 20.0)


def test_pictures_of_few_exercises_find_what_they_need(
    front_door: FrontDoor, unzipped: Path
) -> None:
    """`lab` in that copy draws."""
    drawn = front_door("lab", "ex03", "--out", unzipped.parent / "lab", home=unzipped)
    assert drawn.returncode == DONE, drawn.stderr


# --- the same bytes -----------------------------------------------------------------------------


def test_same_kit_same_bytes(small_kit: Path, tmp_path: Path) -> None:
    """Times, modes, caches and the order of folders make no difference to the zips."""
    other = copied(tmp_path / "another")
    for path in sorted(other.rglob("*.py"), reverse=True):
        path.chmod(0o755)
        os.utime(path, (1, 1))
    (other / "grading/__pycache__").mkdir(exist_ok=True)
    (other / "grading/__pycache__/draws.pyc").write_bytes(b"cache")
    (other / "grading/notes.txt").write_text("not for students", encoding="utf-8")
    made = []
    for home, folder in ((small_kit, tmp_path / "a"), (other, tmp_path / "b")):
        catalog = catalogs.load(home)
        assignment = release.Assignment("hw1", catalog.exercises, 1)
        made.append([path for path, _ in release.release(catalog, assignment, folder)])
    for one, same in zip(*made, strict=True):
        assert one.name == same.name
        assert one.read_bytes() == same.read_bytes()


# --- what can't be released ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Übung 1", "such as Ubung-1"),
        ("a/b", "such as a-b"),
        ("../up", "such as up"),
        ("🎓", "such as homework-1"),
        ("", "such as homework-1"),
        ("hw1.", "such as hw1"),
        ("a" * 99, "64 at most"),
    ],
)
def test_odd_names_are_refused_with_a_better_one(
    name: str, advice: str, front_door: FrontDoor, tmp_path: Path
) -> None:
    """What can't be a file's name everywhere is refused, and a name is proposed."""
    process = front_door("release", tmp_path / "out", "--assignment", name)
    assert process.returncode == MISUSED
    assert advice in process.stderr
    assert not (tmp_path / "out").exists()


def test_no_file_of_anybody_is_overwritten(front_door: FrontDoor, tmp_path: Path) -> None:
    """A folder that holds something is refused, and keeps what it holds."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    process = front_door("release", tmp_path, "--assignment", "hw1", "--only", "ex01")
    assert process.returncode == MISUSED
    assert "'mine.txt'; give a new or an empty folder" in process.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_places_that_cannot_be_written_are_told(front_door: FrontDoor, tmp_path: Path) -> None:
    """A folder below a file can't be made: the reason is given."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    target = tmp_path / "file" / "out"
    process = front_door("release", target, "--assignment", "hw1", "--only", "ex01")
    assert process.returncode == MISUSED
    assert f"{target} can't be written: {target.parent} is a file; name a folder" in process.stderr


@pytest.mark.parametrize("folder", ["out", "grading/out", "."])
def test_the_kit_itself_is_no_place_for_it(folder: str, front_door: FrontDoor) -> None:
    """Inside the kit nothing is written."""
    process = front_door("release", HOME / folder, "--assignment", "hw1")
    assert process.returncode == MISUSED
    assert "is inside the kit" in process.stderr


def test_a_solved_stub_does_not_go_out(front_door: FrontDoor, tmp_path: Path) -> None:
    """A stub that isn't the solution's own is refused, with the command that mends it."""
    home = copied(tmp_path / "kit")
    stub = home / "exercises/ex01_recurrence.py"
    stub.write_text("def rnn_step(*a):\n    return 1\n", encoding="utf-8")
    process = front_door("release", tmp_path / "out", "--assignment", "hw1", home=home)
    assert process.returncode == MISUSED
    assert "ex01_recurrence.py is not current: run `python grader.py build ex01`" in process.stderr


def test_a_full_disk_leaves_no_half(
    small_kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the second zip can't be written, the first is taken back, and the reason is told."""
    stop_at_the_second(monkeypatch, OSError(28, "No space left on device"))
    with pytest.raises(DiskFullError, match=r"hw1-gradescope\.zip can't be written: the disk is"):
        release.release(*what_of(small_kit), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_ctrl_c_leaves_no_half(
    small_kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C between the zips the folder is empty, so that the same command can be given."""
    stop_at_the_second(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        release.release(*what_of(small_kit), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def stop_at_the_second(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the writing of the second zip end in this error, when its file is there in part."""
    replace = Path.replace

    def stopped(path: Path, target: Path) -> Path:
        if "gradescope" in target.name:
            raise error
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)


def what_of(home: Path) -> tuple[Catalog, release.Assignment]:
    """All exercises of a kit, to be handed out."""
    catalog = catalogs.load(home)
    return catalog, release.Assignment("hw1", catalog.exercises, 1)


def test_folder_that_cannot_be_read_is_told(
    small_kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the names in a folder are kept from us, that is misuse, and said with the folder."""

    def closed(_: Path) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", closed)
    with pytest.raises(release.ReleaseError, match="can't be read: Permission denied"):
        release.release(*what_of(small_kit), tmp_path)


def test_a_leak_stops_the_release(front_door: FrontDoor, tmp_path: Path) -> None:
    """With an answer in a visible test nothing is written; file and line are named."""
    home = copied(tmp_path / "kit")
    test = home / "tests/visible/test_ex01_recurrence.py"
    test.write_text(f"# {STEP}\n{test.read_text(encoding='utf-8')}", encoding="utf-8")
    process = front_door("release", tmp_path / "out", "--assignment", "hw1", home=home)
    assert process.returncode == LESS
    assert "tests/visible/test_ex01_recurrence.py:1 holds a line of solutions/" in process.stderr
    assert not (tmp_path / "out").exists()
