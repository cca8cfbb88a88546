"""Proves that what teaching platforms give to download is recognised, whose it is, and how late."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import catalog as catalogs
from grading.handed_in import places
from grading.handed_in.downloads import Entry, find
from grading.handed_in.intake import IntakeError
from grading.handed_in.places import Item, Kind, shown
from grading.handed_in.platforms import canvas
from grading.handed_in.platforms.shelf import Found, Shelf
from grading.results import Origin

PROPERTY = settings(max_examples=100, deadline=None)

CATALOG = catalogs.load()
FIRST, THIRD = CATALOG.find("ex01"), CATALOG.find("ex03")
NAME = f"{FIRST.stem}.py"

Form = Callable[[Path], Path]
"""Makes of a class's folder what an instructor holds."""


def write(root: Path, *names: str) -> Path:
    """Files whose text is their own name; a name that ends in / is a folder."""
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
    return root


def found(root: Path) -> dict[str, Entry]:
    """The entries of a class, by name."""
    entries = find(root, CATALOG, (FIRST, THIRD))
    assert len({entry.name.casefold() for entry in entries}) == len(entries)
    return {entry.name: entry for entry in entries}


def source(entry: Entry) -> str:
    """What was taken as the first exercise; it is the name of the file that it was written to."""
    return entry.read().sources[FIRST.stem]


@pytest.fixture(params=["folder", "zip", "wrapped zip"])
def form(request: pytest.FixtureRequest, tmp_path: Path) -> Form:
    """Gives a folder as it is, or as the zip that was downloaded."""

    def given_as(root: Path) -> Path:
        if request.param == "folder":
            return root
        base = root.parent if request.param == "wrapped zip" else root
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w") as made:
            for file in sorted(root.rglob("*")):
                made.write(file, file.relative_to(base))
        shutil.rmtree(root)
        return path

    return given_as


# --- Canvas -----------------------------------------------------------------------------------


def test_canvas_gives_students_lateness_and_ids(tmp_path: Path, form: Form) -> None:
    """A name holds the student, the lateness, the user and the submission."""
    names = (f"lovelaceada_101_9001_{NAME}", f"turingalan_LATE_102_9002_{NAME}")
    entries = found(form(write(tmp_path / "class", *names)))
    assert list(entries) == ["lovelaceada_101", "turingalan_102"]
    ids = {"canvas_user": "102", "canvas_submission": "9002"}
    assert entries["turingalan_102"].origin == Origin("turingalan", True, ids=ids)
    assert not entries["lovelaceada_101"].origin.late
    assert [source(entry) for entry in entries.values()] == list(names)


@pytest.mark.parametrize("mark", ["LATE", "late"])
def test_canvas_writes_lateness_in_either_case(mark: str) -> None:
    """Canvas has written the mark in capitals and without: neither is a piece of the name."""
    taken = canvas.taken_apart(f"ada_{mark}_1_2_x.py")
    assert taken is not None
    assert (taken.student, taken.late) == ("ada", True)


def test_canvas_counts_the_latest_and_lists_the_earlier(tmp_path: Path) -> None:
    """Of a file that was handed in again and again, the last counts; 10 comes after 9."""
    names = [f"ada_1_{20 + n}_ex01_recurrence{f'-{n}' if n else ''}.py" for n in (0, 1, 9, 10)]
    (entry,) = found(write(tmp_path, *names)).values()
    assert entry.origin.earlier == tuple(names[:3])
    assert entry.origin.ids["canvas_submission"] == "30"
    submission = entry.read()
    assert (submission.sources, submission.notes) == ({FIRST.stem: names[3]}, {})


@pytest.mark.parametrize(("before", "last"), [("999", "1000"), ("9", "10"), ("0099", "100")])
def test_canvas_numbers_of_submissions_are_numbers(tmp_path: Path, before: str, last: str) -> None:
    """Of two submissions of one file the higher number counts, however many digits it has."""
    names = {number: f"ada_1_{number}_{NAME}" for number in (before, last)}
    (entry,) = found(write(tmp_path, *names.values())).values()
    assert (entry.origin.earlier, source(entry)) == ((names[before],), names[last])


@pytest.mark.parametrize("late", [0, 1], ids=["the first", "the last"])
def test_canvas_late_file_among_several_makes_the_submission_late(
    tmp_path: Path, late: int
) -> None:
    """Of a student's files one came late, whichever it is: so did the submission."""
    marks = ["_LATE" if place == late else "" for place in range(2)]
    write(tmp_path, f"ada{marks[0]}_1_21_{NAME}", f"ada{marks[1]}_1_22_{THIRD.stem}.py")
    (entry,) = found(tmp_path).values()
    assert entry.origin.late


def test_canvas_files_of_one_student_are_one_submission(tmp_path: Path) -> None:
    """A student's files, and a zip's, belong together; numbers that name an exercise stay."""
    names = ("ada_1_21_ex-1.py", "ada_1_22_ex-3.py", "ada_1_23_helper.py", "bob_2_24_essay.docx")
    entries = found(write(tmp_path, *names))
    assert set(entries["ada_1"].read().sources) == {FIRST.stem, THIRD.stem}
    assert "it holds essay.docx" in entries["bob_2"].read().problem(FIRST)


@pytest.mark.parametrize(
    ("name", "student", "user", "file"),
    [
        ("smith_john_1_2_ex01.py", "smith_john", "1", "ex01.py"),
        ("r2d2_1_2_ex01.py", "r2d2", "1", "ex01.py"),
        ("ada_1_2_my_3_4_ex01.py", "ada", "1", "my_3_4_ex01.py"),
        ("LATE_1_2_x.py", "LATE", "1", "x.py"),
        ("ada_LATE_LATE_1_2_x.py", "ada_LATE", "1", "x.py"),
        ("ada_1_2_3_4.py", "ada", "1", "3_4.py"),
        ("李雷_1_2_x.py", "李雷", "1", "x.py"),
    ],
)
def test_canvas_name_is_taken_apart(name: str, student: str, user: str, file: str) -> None:
    """A name's first two numbers are the platform's, whatever a file is called."""
    taken = canvas.taken_apart(name)
    assert taken is not None
    assert (taken.student, taken.user, taken.file) == (student, user, file)


@pytest.mark.parametrize("name", ["ex01_1_2.py", "_1_2_x.py", "_LATE_1_2_x.py", "ada_1_x.py", ""])
def test_other_names_are_not_of_canvas(name: str) -> None:
    """A name without a student, two numbers or a file is none of Canvas's."""
    assert canvas.taken_apart(name) is None


@pytest.mark.parametrize("numbers", ["101_9001", "102_9002"], ids=["of Ada", "of nobody here"])
def test_canvas_file_claims_no_other_students_number(tmp_path: Path, numbers: str) -> None:
    """Numbers in a file's own name are not its student's, whosoever they are."""
    ada, spoof = f"ada_101_9001_{NAME}", f"mallory_10344_95_{numbers}_{NAME}"
    entries = found(write(tmp_path, ada, spoof))
    assert list(entries) == ["ada_101", "mallory_10344"]


def test_one_odd_name_makes_no_other_platform_of_a_class(tmp_path: Path) -> None:
    """A class is of the platform that made most of it, whatever a student calls a file."""
    odd = "mallory_104_9004_x_5_assignsubmission_file_ex03.py"
    entries = found(write(tmp_path, f"ada_101_9001_{NAME}", "ada_101_9002_ex03.py", odd))
    assert list(entries) == ["ada_101", "mallory_104"]
    assert set(entries["ada_101"].read().sources) == {FIRST.stem, THIRD.stem}


def test_canvas_folder_may_hold_other_things(tmp_path: Path) -> None:
    """What lies beside and isn't Canvas's is found as well."""
    entries = found(write(tmp_path, f"ada_1_2_{NAME}", f"bob/{NAME}", "grades.csv"))
    assert list(entries) == ["ada_1", "bob"]


@PROPERTY
@given(st.lists(st.text("ab_19.-é LATE\n", min_size=1, max_size=25), max_size=5, unique=True))
def test_any_names_of_canvas_are_read(names: list[str]) -> None:
    """Whatever files are called, each belongs to one student, and nothing else goes wrong."""
    items = tuple(Item(name, Kind.FILE) for name in names)
    shelf = Shelf(NoPlace(), (), items, (), CATALOG.exercises, CATALOG.exercises)
    recognised = canvas.recognise(shelf)
    students: list[Found] = recognised.found if recognised else []
    taken = [shown(piece.steps[0]) for one in students for piece in one.pieces]
    told = taken + [name for one in students for name in one.origin.earlier]
    assert len(told) == len(set(told))
    assert {shown(name) for name in names if canvas.taken_apart(name)} <= set(told)


class NoPlace:
    """Nothing is read of it."""


# --- Moodle -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["_assignsubmission_file_", "_assignsubmission_file"])
def test_moodle_gives_students_and_ids(tmp_path: Path, form: Form, end: str) -> None:
    """A folder holds the full name and the participant's number."""
    folders = (f"Ada Lovelace_4711{end}", f"Núñez, José_Maria_4712{end}")
    entries = found(form(write(tmp_path / "class", *(f"{name}/{NAME}" for name in folders))))
    assert list(entries) == ["Ada-Lovelace_4711", "Nunez-Jose-Maria_4712"]
    jose = entries["Nunez-Jose-Maria_4712"]
    assert jose.origin == Origin("Núñez, José_Maria", ids={"moodle_participant": "4712"})
    assert source(jose) == f"{folders[1]}/{NAME}"


def test_moodle_without_folders_is_read(tmp_path: Path) -> None:
    """A download without folders has the same before each file's own name."""
    prefix = "Ada Lovelace_4711_assignsubmission_file_"
    (entry,) = found(write(tmp_path, f"{prefix}{NAME}", f"{prefix}ex03.py")).values()
    assert set(entry.read().sources) == {FIRST.stem, THIRD.stem}


def test_moodle_file_claims_no_other_students_number(tmp_path: Path) -> None:
    """What a file's own name says after the first mark is the student's own."""
    name = "Mallory_4712_assignsubmission_file_x_4711_assignsubmission_file_ex01.py"
    entries = found(write(tmp_path, name, f"Ada_4711_assignsubmission_file_{NAME}"))
    assert list(entries) == ["Ada_4711", "Mallory_4712"]


def test_moodle_online_text_is_no_file(tmp_path: Path) -> None:
    """An online text is told; who handed in nothing else has a submission without files."""
    texts = [f"{name}_assignsubmission_onlinetext_/onlinetext.html" for name in ("Ada_1", "Bob_2")]
    entries = found(write(tmp_path, *texts, f"Ada_1_assignsubmission_file_/{NAME}"))
    assert "online text" in entries["Ada_1"].origin.notes[0]
    assert source(entries["Ada_1"])
    assert "only an online text" in entries["Bob_2"].read().problem(FIRST)


# --- Gradescope -------------------------------------------------------------------------------

METADATA = """---
submission_1001:
  :submitters:
  - :name: Ada Lovelace
    :sid: '00107'
    :email: ada@example.edu
  :created_at: 2026-11-24 10:00:00.000000000 Z
  :score: 0.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: []
  :history:
  - :id: 1000
    :created_at: 2026-11-23
  - :id: 1001
submission_1002:
  :submitters:
  - :name: 李雷
    :email: li@example.edu
  - :name: Bob
    :email: bob@example.edu
    :sid:
  :lateness: '02:00:00'
submission_1003:
  :submitters: []
"""


def export(root: Path, metadata: str = METADATA) -> Path:
    """A bulk export of Gradescope's."""
    names = [f"submission_{number}/{NAME}" for number in (1001, 1002, 1004)]
    write(root, *names)
    (root / "submission_metadata.yml").write_text(metadata, encoding="utf-8")
    return root


def test_gradescope_gives_submitters_and_ids(tmp_path: Path, form: Form) -> None:
    """The metadata say whose a submission is, its number, and what came before."""
    entries = found(form(export(tmp_path / "assignment_7_export")))
    ids = {"gradescope_submission": "1001", "email": "ada@example.edu", "sid": "00107"}
    ada = entries["Ada-Lovelace_00107"]
    assert ada.origin == Origin("Ada Lovelace", earlier=("1000 2026-11-23",), ids=ids)
    assert source(ada) == f"submission_1001/{NAME}"


def test_gradescope_groups_and_lateness_are_kept(tmp_path: Path) -> None:
    """A group's submission names all of it."""
    entries = {entry.origin.student: entry for entry in found(export(tmp_path)).values()}
    group = entries["李雷, Bob"]
    assert group.origin.late
    assert group.origin.ids["email"] == "li@example.edu; bob@example.edu"
    assert "sid" not in group.origin.ids


@pytest.mark.parametrize("lateness", ["'00:00:00'", "0", "", "null"])
def test_gradescope_submission_in_time_is_not_late(tmp_path: Path, lateness: str) -> None:
    """A lateness of nothing, however an export writes that, makes nobody late."""
    metadata = METADATA.replace("'02:00:00'", lateness)
    assert not [entry for entry in found(export(tmp_path, metadata)).values() if entry.origin.late]


def test_gradescope_loses_nobody(tmp_path: Path) -> None:
    """A record without its folder, and a folder without its record, are told."""
    entries = {entry.origin.student: entry for entry in found(export(tmp_path)).values()}
    assert "isn't in the export" in entries["submission_1003"].read().problem(FIRST)
    assert "doesn't say whose" in entries["submission_1004"].origin.notes[0]
    assert source(entries["submission_1004"])


def test_gradescope_metadata_of_a_student_hide_nobody(tmp_path: Path) -> None:
    """Beside metadata that somebody handed in, zips and single files are found as well."""
    write(tmp_path, f"ada/{NAME}", "bob_ex01.py")
    (tmp_path / "submission_metadata.yml").write_text("{}")
    with zipfile.ZipFile(tmp_path / "cid.zip", "w") as made:
        made.writestr(NAME, "cid")
    assert list(found(tmp_path)) == ["ada", "bob", "cid"]


@pytest.mark.parametrize(
    "metadata", ["", "- a", "a: [", "\0", "&a [*a]", "!!python/object/apply:os._exit [1]"]
)
def test_gradescope_metadata_that_can_not_be_read_are_refused(
    tmp_path: Path, metadata: str
) -> None:
    """Metadata of another form are an error that names the file; nothing in them is run."""
    with pytest.raises(IntakeError, match="submission_metadata"):
        find(export(tmp_path, metadata), CATALOG)


@pytest.mark.parametrize("record", ["1", "{}", "{':submitters': 1}", "{':submitters': [1, {}]}"])
def test_gradescope_records_may_lack_anything(tmp_path: Path, record: str) -> None:
    """A record without submitters is called after its folder."""
    entries = found(export(tmp_path, f"submission_1001: {record}")).values()
    (entry,) = (entry for entry in entries if entry.origin.ids)
    assert entry.origin.student == "submission_1001"


# --- nbgrader ---------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of nbgrader's: two students and an assignment, and one who handed in two."""
    submitted = "course/submitted"
    own = [f"{submitted}/{name}/ps1/{NAME}" for name in ("ada", "bob")]
    more = [f"{submitted}/ada/ps1/timestamp.txt", f"{submitted}/cid/ps1/", f"{submitted}/dan/"]
    two = [f"{submitted}/eve/ps1/{NAME}", f"{submitted}/eve/ps2/{THIRD.stem}.py"]
    write(tmp_path, *own, *more, *two, "course/source/ps1/ps1.ipynb", "course/nbgrader_config.py")
    return tmp_path / "course"


@pytest.mark.parametrize("below", ["", "submitted"])
def test_nbgrader_gives_students(course: Path, below: str) -> None:
    """Each student is an entry, with or without files, from the course or from `submitted`."""
    entries = found(course / below)
    assert list(entries) == ["ada", "bob", "cid", "dan", "eve"]
    assert entries["ada"].read().notes == {}
    assert source(entries["ada"]).endswith(f"ada/ps1/{NAME}")
    for name in ("cid", "dan"):
        assert "the submission is empty" in entries[name].read().problem(FIRST)


def test_folder_called_submitted_hides_nobody(course: Path) -> None:
    """What holds an exercise beside `submitted` is somebody's, but for nbgrader's own folders."""
    write(course, f"fay/{NAME}", f"release/ps1/{NAME}", "gus_ex01.py", "docs/readme.md")
    assert list(found(course)) == ["ada", "bob", "cid", "dan", "eve", "fay", "gus"]


def test_nbgrader_assignments_are_one_submission(course: Path) -> None:
    """Exercises that are spread over assignments are put together, and it is told."""
    submission = found(course)["eve"].read()
    assert set(submission.sources) == {FIRST.stem, THIRD.stem}
    assert submission.notes[THIRD.stem].startswith("ps2/")


@pytest.mark.parametrize("below", ["submitted/ada", "submitted/ada/ps1"])
def test_nbgrader_student_or_assignment_may_be_given(course: Path, below: str) -> None:
    """A folder inside `submitted` is that one student's submission."""
    (entry,) = found(course / below).values()
    assert (entry.name, set(entry.read().sources)) == ("ada", {FIRST.stem})


def test_nbgrader_student_who_cannot_be_listed_is_told(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student whose folder holds more than can be listed is an entry with that as its fault."""
    write(course / "submitted" / "ada", *(f"ps{n}/{NAME}" for n in range(9)))
    monkeypatch.setattr(places, "MAX_LISTED", 6)
    entries = found(course)
    assert list(entries) == ["ada", "bob", "cid", "dan", "eve"]
    assert entries["ada"].origin.student == "ada"
    assert "ada holds over 6 files" in entries["ada"].read().problem(FIRST)
    assert set(entries["bob"].read().sources) == {FIRST.stem}


def test_nbgrader_assignment_that_cannot_be_listed_costs_no_other(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one assignment of a student can't be looked into, the other one is taken."""
    write(course / "submitted" / "eve" / "ps2", *(f"{n}.py" for n in range(9)))
    monkeypatch.setattr(places, "MAX_LISTED", 6)
    (entry,) = found(course / "submitted" / "eve").values()
    assert entry.name == "eve"
    assert set(entry.read().sources) == {FIRST.stem}


def test_nbgrader_inside_a_zip_is_read(course: Path) -> None:
    """A course may come as a zip."""
    path = course.parent / "course.zip"
    with zipfile.ZipFile(path, "w") as made:
        for file in sorted(course.rglob("*")):
            made.write(file, file.relative_to(course.parent))
    assert list(found(path)) == ["ada", "bob", "cid", "dan", "eve"]


def test_class_in_a_folder_called_submitted_is_a_class(tmp_path: Path) -> None:
    """Students' folders below a folder that happens to be called `submitted` are students'."""
    write(tmp_path / "submitted" / "ps1", f"ada/{NAME}", f"bob/{NAME}")
    assert list(found(tmp_path / "submitted" / "ps1")) == ["ada", "bob"]
