"""Proves that a file is matched to an exercise where it alone can be meant, and is told then."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import catalog as catalogs
from grading.catalog import Catalog, Exercise, Part
from grading.handed_in import gather, intake, naming
from grading.handed_in.intake import IntakeError, Submission
from tests.kit.conftest import FrontDoor

PROPERTY = settings(max_examples=50, deadline=None)

PARTS = (Part("step", 10, ("a", "b", "c")),)
STEMS = ("ex01_recurrence", "ex02_torch_rnn", "ex10_variants")
EXERCISES = tuple(Exercise(stem, "A title", PARTS) for stem in STEMS)
FIRST, SECOND, TENTH = EXERCISES
CATALOG = Catalog(Path("/nowhere"), EXERCISES)
CATALOG_OF_KIT = catalogs.load()
SOURCE = "def step():\n    return 1\n"


def submitted(tmp_path: Path, *names: str, source: str = SOURCE) -> Submission:
    """A folder with files of these names, read."""
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return intake.read(tmp_path, CATALOG)


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "ex01.py",
        "ex1.py",
        "EX01_RECURRENCE.py",
        "Ex01_Recurrence.py",
        "Ex01Recurrence.py",
        "ex01-recurrence.py",
        "ex01 recurrence.PY",
        "ex01_recurrence (1).py",
        "ex01_recurrence-2.py",
        "ex01_recurrence - Copy.py",
        "Copy of ex01_recurrence.py",
        "ex01_recurrence.py.py",
        "recurrence.py",
        "Recurrence (2).py",
        "recurrence_final_v2.py",
        "exercise 1.py",
        "Exercise_01.py",
        "alice_ex01.py",
        "smithjohn_123_456_ex01_recurrence-1.py",
        "\uff45\uff5801.py",
        "李雷 ex01 final.py",
    ],
)
def test_name_means_the_first_exercise(name: str) -> None:
    """By its number wherever it stands, or by its name alone, a file means its exercise."""
    assert naming.meant(name, EXERCISES) is FIRST


@pytest.mark.parametrize(
    "name",
    [
        "notes.py",
        "my_recurrence_notes.py",
        "rnn.py",
        "ex01_torch_rnn.py",
        "ex01_ex02.py",
        "ex03.py",
        "ex011.txt.py",
        "index01.py",
        "ex0.py",
        "ex100.py",
        "test_ex01_recurrence.py",
        "ex01_recurrence_test.py",
        "tests.py",
        ".py",
        "()-_.py",
        "",
    ],
)
def test_name_means_no_exercise(name: str) -> None:
    """A name that speaks of none, of two, or of a test, means none."""
    assert naming.meant(name, EXERCISES) is None


def test_every_exercise_of_the_kit_is_meant_by_its_own_names() -> None:
    """Each stem, number and name of the kit's own exercises means that exercise and no other."""
    own = CATALOG_OF_KIT.exercises
    for exercise in own:
        for name in (exercise.stem, exercise.number, exercise.stem.partition("_")[2]):
            assert naming.meant(f"{name}.py", own) is exercise, name


@PROPERTY
@given(st.text(max_size=40))
def test_any_name_is_read(name: str) -> None:
    """No name is too odd to say that it means nothing."""
    assert naming.meant(name, EXERCISES) in (*EXERCISES, None)


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ex01.py", "Ex01_Recurrence.py", "recurrence.py", "hw/a/ex1.py"])
def test_misnamed_file_is_taken_and_told(tmp_path: Path, name: str) -> None:
    """The one file that can be meant is taken, and a note names it."""
    submission = submitted(tmp_path, name, "ex02_torch_rnn.py", "helper.py")
    assert submission.sources == {FIRST.stem: SOURCE, SECOND.stem: SOURCE}
    assert submission.notes == {FIRST.stem: f"{name} was taken as {FIRST.stem}.py"}


def test_two_that_can_be_meant_are_not_taken(tmp_path: Path) -> None:
    """Of two files that can be meant none is taken, and the problem names both."""
    submission = submitted(tmp_path, "ex01.py", "ex01_recurrence (1).py")
    assert submission.sources == submission.notes == {}
    assert "ex01.py or ex01_recurrence (1).py" in submission.problem(FIRST)


def test_right_name_needs_no_match(tmp_path: Path) -> None:
    """Beside the right file, others with like names are not looked at."""
    names = (f"{FIRST.stem}.py", "ex01_recurrence (1).py", f"old/{FIRST.stem}.py")
    submission = submitted(tmp_path, *names)
    assert submission == Submission(tmp_path.name, {FIRST.stem: SOURCE})


def test_right_name_that_can_not_be_read_is_not_replaced(tmp_path: Path) -> None:
    """Where the right file can't be taken, no other is taken in its place."""
    (tmp_path / f"{FIRST.stem}.py").write_bytes(b"\xff\xfe")
    submission = submitted(tmp_path, "ex01.py")
    assert submission.sources == {}
    assert "UTF-8" in submission.problem(FIRST)


def test_file_in_a_folder_is_taken_and_told(tmp_path: Path) -> None:
    """The only file of the right name is taken from wherever it lies, before a like name."""
    submission = submitted(tmp_path, f"a/b/{FIRST.stem}.py", "ex01 (1).py")
    assert submission.sources == {FIRST.stem: SOURCE}
    assert submission.notes[FIRST.stem].startswith(f"a/b/{FIRST.stem}.py was taken")


def test_two_of_the_right_name_are_not_taken(tmp_path: Path) -> None:
    """Of two files of the right name in two folders none is taken, and both are named."""
    submission = submitted(tmp_path, f"a/{FIRST.stem}.py", f"b/{FIRST.stem}.py")
    assert submission.sources == {}
    assert f"a/{FIRST.stem}.py or b/{FIRST.stem}.py" in submission.problem(FIRST)


@pytest.mark.parametrize("folder", ["__pycache__", ".git", "venv", "__MACOSX", "node_modules"])
def test_what_tools_leave_behind_is_not_looked_at(tmp_path: Path, folder: str) -> None:
    """Files in the folders of tools and systems, and hidden ones, are nobody's answer."""
    submission = submitted(tmp_path, f"{folder}/{FIRST.stem}.py", f"._{FIRST.stem}.py")
    assert submission.problem(FIRST) == f"{FIRST.stem}.py is not in the submission"


def test_notebook_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """A notebook is no Python file: the problem says how to make one of it."""
    submission = submitted(tmp_path, f"{FIRST.stem}.ipynb")
    assert submission.sources == {}
    assert "is a notebook; export it as ex01_recurrence.py" in submission.problem(FIRST)
    with pytest.raises(IntakeError, match=r"is a notebook; export it as \.py"):
        intake.read(tmp_path / f"{FIRST.stem}.ipynb", CATALOG)


def test_notebook_beside_the_file_is_not_looked_at(tmp_path: Path) -> None:
    """Who hands in both the notebook and the exported file has handed in the file."""
    submission = submitted(tmp_path, "ex01.ipynb", f"{FIRST.stem}.py")
    assert submission == Submission(tmp_path.name, {FIRST.stem: SOURCE})


def test_other_files_are_named_where_there_is_nothing_else(tmp_path: Path) -> None:
    """Who handed in an essay reads that it is not what was asked for."""
    assert "it holds essay.docx" in submitted(tmp_path, "essay.docx").problem(FIRST)


def test_single_misnamed_file_is_taken_and_told(tmp_path: Path) -> None:
    """A file given alone is taken as the exercise that it means."""
    (tmp_path / "ex02.py").write_text(SOURCE, encoding="utf-8")
    submission = intake.read(tmp_path / "ex02.py", CATALOG)
    assert submission.sources == {SECOND.stem: SOURCE}
    assert "ex02.py was taken as ex02_torch_rnn.py" in submission.notes[SECOND.stem]
    assert intake.lone_exercise(tmp_path / "ex02.py", CATALOG) is SECOND


def test_check_says_what_was_taken(tmp_path: Path, front_door: FrontDoor) -> None:
    """The screen names each file that was taken by another name; so for a zip as for a folder."""
    stub = CATALOG_OF_KIT.stub(CATALOG_OF_KIT.find("ex01"))
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as made:
        made.write(stub, "hw/ex1 (2).py")
    done = front_door("check", tmp_path / "ada.zip", "ex01", "--visible-only")
    assert done.returncode == 1, done.stderr
    assert "note: ex1 (2).py was taken as ex01_recurrence.py" in done.stdout
    assert "not started" in done.stdout


def test_folders_that_go_on_for_ever_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the cap no folder is opened: the files at the top count, for the others it is told."""
    monkeypatch.setattr(gather, "MAX_FILES", 20)
    many = [f"data/{number}.py" for number in range(30)]
    submission = submitted(tmp_path, f"{FIRST.stem}.py", "ex02.py", "z/ex10.py", *many)
    assert submission.sources == {FIRST.stem: SOURCE}
    assert "over 20 files" in submission.problem(SECOND)
    assert "over 20 files" in submission.problem(TENTH)


@pytest.mark.parametrize("more", [0, 1])
def test_as_many_names_as_the_cap_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    """Where the names at the top are as many as the cap, folders are still looked into."""
    monkeypatch.setattr(gather, "MAX_FILES", 20)
    top = [f"{number}.txt" for number in range(19 + more)]
    submission = submitted(tmp_path, f"hw/{FIRST.stem}.py", *top)
    assert set(submission.sources) == (set() if more else {FIRST.stem})


def test_names_are_shown_on_one_line(tmp_path: Path) -> None:
    """A file's name can't break out of the line that tells of it."""
    try:
        submission = submitted(tmp_path, "ex01\n\x1b[31m.py")
    except OSError:
        pytest.skip("this file system has no such names")
    assert submission.notes[FIRST.stem] == "ex01\\n\\x1b[31m.py was taken as ex01_recurrence.py"
