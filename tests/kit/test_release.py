"""What is handed out: it works, it holds no answer, and the same kit gives the same bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from grading import catalog as catalogs
from grading import leaks, release
from grading.catalog import HOME

FrontDoor = Callable[..., subprocess.CompletedProcess[str]]
CATALOG = catalogs.load()
DONE, LESS, MISUSED = 0, 1, 2


@pytest.fixture(scope="module")
def released(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `release` has written to, seed and all."""
    folder = tmp_path_factory.mktemp("release") / "out"
    made = front_door("release", folder, "--assignment", "hw1", "--seed", "4711")
    assert made.returncode == DONE, made.stderr
    return folder


@pytest.fixture(scope="module")
def bundle(released: Path) -> Path:
    """The students' copy, unpacked."""
    return unpacked(released / "hw1-student.zip", released.parent / "student") / "hw1"


@pytest.fixture
def gradescope(released: Path, tmp_path: Path) -> Path:
    """A folder tree as Gradescope lays it out, with this Python in place of what setup.sh makes."""
    root = tmp_path / "autograder"
    unpacked(released / "hw1-gradescope.zip", root / "source")
    shutil.copy2(root / "source/run_autograder", root)
    shutil.copytree(HOME / "solutions", root / "submission")
    (root / "venv").symlink_to(sys.prefix)
    told = {"id": 77, "created_at": "2026-11-24", "assignment": {"total_points": "100.0"}}
    (root / "submission_metadata.json").write_text(json.dumps(told), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def small_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the kit with exercise 1 alone."""
    return copied(tmp_path_factory.mktemp("small") / "kit")


def copied(home: Path) -> Path:
    """Copy what a release reads of exercise 1."""
    home.mkdir()
    for name in ("grader.py", "pyproject.toml"):
        shutil.copy(HOME / name, home)
    shutil.copytree(HOME / "grading", home / "grading")
    for name in ("exercises", "solutions", "tests"):
        for path in (HOME / name).rglob("*ex01_recurrence.*"):
            if "kit" not in path.parts and "__pycache__" not in path.parts:
                target = home / path.relative_to(HOME)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return home


def unpacked(path: Path, folder: Path) -> Path:
    """Unpack a zip as `unzip` does, modes included."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        for member in archive.infolist():
            (folder / member.filename).chmod(member.external_attr >> 16)
    return folder


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
    top = {"grader.py", "pyproject.toml", "README.md", ".github/workflows/classroom.yml"}
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
    assert len(result["exercises"]) == 10


def test_solutions_earn_all_points_in_the_bundle(front_door: FrontDoor, bundle: Path) -> None:
    """With right answers in exercises/, the visible tests give 100 of 100."""
    home = bundle.parent / "solved" / "hw1"
    shutil.copytree(bundle, home, dirs_exist_ok=True)
    shutil.copytree(HOME / "solutions", home / "exercises", dirs_exist_ok=True)
    code, result = checked(front_door, home)
    assert (code, result["score"]) == (DONE, 100.0)
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


@pytest.fixture(scope="module")
def few(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of two exercises."""
    folder = tmp_path_factory.mktemp("few") / "out"
    made = front_door("release", folder, "--assignment", "hw2", "--only", "ex03, ex01")
    assert made.returncode == DONE, made.stderr
    return folder


@pytest.mark.parametrize("name", ["hw2-student.zip", "hw2-gradescope.zip"])
def test_no_file_of_another_exercise_goes_out(few: Path, name: str) -> None:
    """With `--only`, neither zip holds a file of an exercise that wasn't chosen."""
    assert set(re.findall(r"(ex\d\d)_", "\n".join(content(few / name)))) == {"ex01", "ex03"}


@pytest.fixture(scope="module")
def few_bundle(few: Path) -> Path:
    """The students' copy of two exercises, unpacked."""
    return unpacked(few / "hw2-student.zip", few.parent / "unpacked") / "hw2"


def test_few_exercises_can_be_graded(front_door: FrontDoor, few_bundle: Path) -> None:
    """A copy with two exercises has 20 points."""
    code, result = checked(front_door, few_bundle)
    assert (code, result["max_score"]) == (LESS, 20.0)


def test_pictures_of_few_exercises_find_what_they_need(
    front_door: FrontDoor, few_bundle: Path
) -> None:
    """`lab` in that copy draws."""
    drawn = front_door("lab", "ex03", "--out", few_bundle.parent / "lab", home=few_bundle)
    assert drawn.returncode == DONE, drawn.stderr


# --- the proof ----------------------------------------------------------------------------------

STEP = "return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)"
LEAKS = {
    "a line": ("grading/a.py", f"def f():\n    {STEP}\n"),
    "a line in a comment": ("grading/a.py", f"x = 1\n# {STEP}\n"),
    "a line in prose": ("README.md", f"Say\n\n`{STEP}`\n"),
    "a line over several": (
        "grading/a.py",
        "def f():\n    return torch.tanh(  # squash\n        x_t @ W_xh.T\n"
        "        + h_prev @ W_hh.T + b,\n    )\n",
    ),
    "the right side of a line": (
        "tests/visible/a.toml",
        'title = "a"\nhint = "x.new_zeros(x.shape[0], W_hh.shape[0]) if h0 is None else h0"\n',
    ),
    "a line under other names": (
        "grading/a.py",
        "x = 1\nreturn torch.tanh(a @ w1.T + s @ w2.T + c)\n",
    ),
    "a wrong answer": (
        "grading/a.py",
        "y = 2\ndef mine(x_t, W_hh, b):\n    return torch.tanh(h_prev @ W_hh.T + b)\n",
    ),
    "a right answer": (
        "grading/a.py",
        "both = torch.cat([x_t, h_prev], dim=1)\n"
        "return torch.addmm(b, both, torch.cat([W_xh, W_hh], dim=1).t()).tanh()\n",
    ),
}


@pytest.mark.parametrize("kind", LEAKS)
def test_text_of_an_answer_is_found(kind: str, small_kit: Path) -> None:
    """Wherever an answer's text stands, and however it is broken up, its file and line are told."""
    name, text = LEAKS[kind]
    with pytest.raises(leaks.LeakError, match=rf"^{name}:[123] holds "):
        leaks.prove({name: text.encode()}, catalogs.load(small_kit))


def test_every_hidden_test_is_found(small_kit: Path) -> None:
    """No hidden test can go out, whatever its file is called."""
    text = (small_kit / "tests/hidden/test_ex01_recurrence.py").read_bytes()
    with pytest.raises(leaks.LeakError) as told:
        leaks.prove({"grading/a.py": text}, catalogs.load(small_kit))
    for name in re.findall(rb"def (test_\w+)", text):
        assert f"the body of {name.decode()} of tests/hidden/" in str(told.value)


def test_text_among_numbers_is_found(small_kit: Path) -> None:
    """A file of numbers that says an answer in words is told as any other."""
    numbers = msgspec.msgpack.encode({"say": ["Write this:", STEP], "notes": [b"\0\1", 2.0]})
    with pytest.raises(leaks.LeakError, match=r"^tests/probes/a\.msgpack:\d+ holds a line of"):
        leaks.prove({"tests/probes/a.msgpack": numbers}, catalogs.load(small_kit))


def test_what_anybody_writes_is_free(small_kit: Path) -> None:
    """Stubs, the signature's own words, and calls without arguments are no leak."""
    stub = (small_kit / "exercises/ex01_recurrence.py").read_bytes()
    plain = b"model.eval()\nwith torch.no_grad():\n    pass\nreturn loss\nelse:\nstates = None\n"
    leaks.prove({"exercises/a.py": stub, "a.md": plain}, catalogs.load(small_kit))


def test_function_that_only_says_what_it_does_is_no_secret(tmp_path: Path) -> None:
    """A body that is a docstring alone holds no answer."""
    said = "Raises where, of all that was given, nothing at all can be made in this world."
    kit = copied(tmp_path / "kit")
    with (kit / "tests/misconceptions/ex01_recurrence.py").open("a", encoding="utf-8") as file:
        file.write(f'\n\nclass Odd(Exception):\n    def tell(self):\n        """{said}"""\n')
    leaks.prove({"a.py": f'"""{said}"""\n'.encode()}, catalogs.load(kit))


@pytest.mark.parametrize("kind", ["misconceptions", "alternatives"])
def test_kit_without_named_answers_still_knows_its_solutions(kind: str, tmp_path: Path) -> None:
    """A file of answers that isn't there is no trouble; lines of the solution are found as ever."""
    kit = copied(tmp_path / "kit")
    (kit / f"tests/{kind}/ex01_recurrence.py").unlink()
    with pytest.raises(leaks.LeakError, match=r"^a\.md:1 holds a line of solutions/"):
        leaks.prove({"a.md": STEP.encode()}, catalogs.load(kit))


def test_a_leak_stops_the_release(front_door: FrontDoor, tmp_path: Path) -> None:
    """With an answer in a visible test nothing is written; file and line are named."""
    home = copied(tmp_path / "kit")
    test = home / "tests/visible/test_ex01_recurrence.py"
    test.write_text(f"# {STEP}\n{test.read_text(encoding='utf-8')}", encoding="utf-8")
    process = front_door("release", tmp_path / "out", "--assignment", "hw1", home=home)
    assert process.returncode == LESS
    assert "tests/visible/test_ex01_recurrence.py:1 holds a line of solutions/" in process.stderr
    assert not (tmp_path / "out").exists()


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
    assert f"{target} can't be written: Not a directory" in process.stderr


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
    assert "ex01_recurrence.py is not current: run `python grader.py build`" in process.stderr


def test_a_full_disk_leaves_no_half(
    small_kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the second zip can't be written, the first is taken back, and the reason is told."""
    write_bytes = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if "gradescope" in path.name:
            write_bytes(path, data[:10])
            raise OSError(28, "No space left on device")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    catalog = catalogs.load(small_kit)
    assignment = release.Assignment("hw1", catalog.exercises, 1)
    with pytest.raises(release.ReleaseError, match="No space left on device"):
        release.release(catalog, assignment, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


# --- Gradescope ---------------------------------------------------------------------------------


def run_autograder(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the script as Gradescope does: as a program, in the root folder."""
    return subprocess.run(
        [root / "run_autograder"],
        cwd=root,
        env={**os.environ, "AUTOGRADER_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def grader_does(root: Path, lines: str) -> None:
    """Put another grader in the kit's place; `out` is where it is told to write."""
    head = "import os, pathlib, sys\nout = pathlib.Path(sys.argv[-1])\n"
    (root / "source/kit/grader.py").write_text(head + lines, encoding="utf-8")


def test_autograder_holds_hidden_tests_and_no_answers(released: Path) -> None:
    """Both scripts stand at the root and can be run; solutions and named answers aren't there."""
    with zipfile.ZipFile(released / "hw1-gradescope.zip") as archive:
        modes = {member.filename: member.external_attr >> 16 for member in archive.infolist()}
    assert all(modes[name] & stat.S_IXUSR for name in ("setup.sh", "run_autograder"))
    assert "kit/tests/hidden/test_ex10_variants.py" in modes
    assert not [name for name in modes if re.search("solutions/|misconc|alternat|attacks", name)]
    assert {name.partition("/")[0] for name in modes} == {"setup.sh", "run_autograder", "kit"}


def test_submission_is_graded_as_on_gradescope(gradescope: Path) -> None:
    """Each right exercise comes out at 10, and the staff see which submission it was."""
    for path in (gradescope / "submission").glob("ex*.py"):
        if path.stem not in ("ex01_recurrence", "ex06_sine"):
            path.unlink()
    ran = run_autograder(gradescope)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    results = json.loads((gradescope / "results/results.json").read_text(encoding="utf-8"))
    assert results["score"] == 20.0
    assert "submission 77 of 2026-11-24" in ran.stdout


def test_autograder_asks_for_the_assignments_seed(gradescope: Path) -> None:
    """The grader is told the submission's folder, the seed of the release, and where to write."""
    grader_does(gradescope, "out.write_text(repr(sys.argv[1:]))\nsys.exit(1)\n")
    assert run_autograder(gradescope).returncode == 0
    told = (gradescope / "results/results.json").read_text(encoding="utf-8")
    assert f"['check', '{gradescope}/submission', '--seed', '4711', '--gradescope'," in told
    assert [path.name for path in (gradescope / "results").iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    "fault",
    [
        "sys.exit(3)",
        "sys.exit(2)",
        "out.write_text('{'); sys.exit(3)",
        "sys.exit(0)",
        "os.kill(os.getpid(), 9)",
        "raise ValueError  # exit code 1, as for a grade",
    ],
)
def test_a_grader_fault_is_no_zero(fault: str, gradescope: Path) -> None:
    """Where the grader fails there is no score at all, not even an old one, and the log says so."""
    old = gradescope / "results/results.json"
    old.parent.mkdir()
    old.write_text('{"score": 50}', encoding="utf-8")
    grader_does(gradescope, fault)
    ran = run_autograder(gradescope)
    assert ran.returncode != 0
    assert not old.exists()
    assert "The grader itself failed" in ran.stdout


@pytest.mark.parametrize("told", ["", "[]", '{"id": 1}', '{"assignment": {"total_points": null}}'])
def test_odd_metadata_costs_nobody_the_grade(told: str, gradescope: Path) -> None:
    """Metadata that can't be read is told, and the grade is made."""
    (gradescope / "submission_metadata.json").write_text(told, encoding="utf-8")
    grader_does(gradescope, "out.write_text('{}')\n")
    ran = run_autograder(gradescope)
    assert ran.returncode == 0
    assert "grading goes on" in ran.stdout


def test_other_points_than_the_kits_are_told(gradescope: Path) -> None:
    """Where the assignment has other points, the staff read which it should have."""
    told = {"id": 1, "created_at": "now", "assignment": {"total_points": "20.0"}}
    (gradescope / "submission_metadata.json").write_text(json.dumps(told), encoding="utf-8")
    grader_does(gradescope, "out.write_text('{}')\n")
    assert "Set the assignment to 100 points: it has 20" in run_autograder(gradescope).stdout


@pytest.mark.parametrize(("has", "takes"), [("3.12", "python3"), ("3.10", "python3.11")])
def test_setup_takes_a_python_that_is_new_enough(
    has: str, takes: str, gradescope: Path, tmp_path: Path
) -> None:
    """On an image whose python3 is too old, setup.sh installs and takes a newer one."""
    tools, log = tmp_path / "tools", tmp_path / "log"
    tools.mkdir()
    (gradescope / "venv").unlink()
    stand_in = f'#!/bin/sh\necho "$(basename "$0") $@" >> {log}\n'
    old_or_new = f'case "$1" in -c) exit {int(has == "3.10")};; esac\n'
    venv = (
        'case "$2" in venv) mkdir -p "$3/bin"; '
        f"printf '#!/bin/sh\\necho pip $@ >> {log}\\n' > \"$3/bin/python\"; "
        'chmod +x "$3/bin/python";; esac\n'
    )
    for name, does in (("apt-get", ""), ("python3", old_or_new + venv), ("python3.11", venv)):
        (tools / name).write_text(stand_in + does, encoding="utf-8")
        (tools / name).chmod(0o755)
    path = f"{tools}:/usr/bin:/bin"
    env = {"PATH": path, "AUTOGRADER_ROOT": str(gradescope)}
    subprocess.run([gradescope / "source/setup.sh"], env=env, check=True, timeout=60)
    done = log.read_text(encoding="utf-8")
    assert f"apt-get install -y -qq {takes} {takes}-venv\n" in done
    assert f"{takes} -m venv {gradescope}/venv\n" in done
    assert f"-e {gradescope}/source/kit" in done.splitlines()[-1]
