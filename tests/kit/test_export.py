"""`export`: points in files that Canvas and Moodle take, with everything else as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from grading import catalog as catalogs
from grading.report import moodle
from grading.report.export import ExportError, Target, export
from grading.results import Diagnosis, Origin, Result, Status, from_json, to_json
from tests.kit import results_by_hand as by_hand
from tests.kit.conftest import FrontDoor
from tests.kit.results_by_hand import exercise, graded_test, of_student, result

CATALOG = catalogs.load()

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (7),Recurrence (4711),Current Score
,,,,,,Manual Posting,
    Points Possible,,,,,10,20.00,(read only)
"Lovelace, Ada",12,s12,ada,Lab 1,9,,90
"Turing, Alan",13,s13,alan,"Lab 1, 2",8,1.00,80
"Hopper, Grace",14,s14,grace,Lab 1,7,EX,70
"Noether, Emmy",15,s15,emmy,Lab 1,6,5.00,60
"Student, Test",99,,,Lab 1,,,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 12,Ada Lovelace,ada@x.invalid,"Submitted for grading - ",,100.00,Yes,\
"Monday, 1 June 2026, 9:00 AM",-,
Participant 13,Alan Turing,alan@x.invalid,No submission,50.00,100.00,Yes,-,-,"old, and
two lines"
Participant 14,Grace Hopper,grace@x.invalid,Submitted,,100.00,No,-,-,
"""


@pytest.fixture
def class_of(tmp_path: Path) -> Callable[..., Path]:
    """Write results as batch does, and give its folder."""

    def write(*results: Result) -> Path:
        (tmp_path / "out" / "results").mkdir(parents=True)
        for n, graded in enumerate(results):
            (tmp_path / f"out/results/{n:03}.json").write_bytes(to_json(graded))
        return tmp_path / "out"

    return write


def file(folder: Path, text: str) -> Path:
    """A platform's file."""
    path = folder.parent / "platform.csv"
    path.write_bytes(text.encode())
    return path


def cells(content: bytes | str, separator: str = ",") -> list[list[str]]:
    """The cells of a CSV file."""
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def differences(before: str, after: bytes) -> dict[tuple[int, int], str]:
    """Row and column of each cell that changed, and what it holds now."""
    old, new = cells(before), cells(after)
    assert [len(row) for row in old] == [len(row) for row in new]
    return {
        (n, k): new[n][k]
        for n, row in enumerate(old)
        for k, cell in enumerate(row)
        if new[n][k] != cell
    }


# --- Canvas -----------------------------------------------------------------------------------

TWO = (of_student("ada", 7.25, canvas_user="12"), of_student("alan", 0.0, canvas_user="13"))
FILLED = (
    "2 students' points are filled in, 1 of them had another grade before; "
    "3 of the gradebook have no result here"
)


def test_canvas_column_is_filled_and_nothing_else(class_of: Callable[..., Path]) -> None:
    """Graded students get points on the assignment's own scale; all other cells stay."""
    out = class_of(*TWO)
    content, notes = export(out, Target(file(out, CANVAS), assignment="Recurrence"), CATALOG)
    assert differences(CANVAS, content) == {(3, 6): "14.5", (4, 6): "0"}
    assert notes == [FILLED]


@pytest.mark.parametrize("name", ["Recurrence", "4711", "Recurrence (4711)"])
def test_canvas_assignment_is_found_by_title_or_number(
    class_of: Callable[..., Path], name: str
) -> None:
    """The assignment may be named by its title, its number, or as in the header."""
    out = class_of(*TWO)
    content, _ = export(out, Target(file(out, CANVAS), assignment=name), CATALOG)
    assert cells(content)[3][6] == "14.5"


@pytest.mark.parametrize("name", ["", "recurrent", "Current Score"])
def test_canvas_assignment_that_is_not_clear_is_asked_for(
    class_of: Callable[..., Path], name: str
) -> None:
    """Where none or several fit, the error lists what there is."""
    out = class_of(*TWO)
    with pytest.raises(ExportError, match=r"platform\.csv: .*'Essay \(7\)'; 'Recurrence \(4711\)'"):
        export(out, Target(file(out, CANVAS), assignment=name), CATALOG)


@pytest.mark.parametrize("mark", ["EX", "N/A"], ids=["excused", "not assigned"])
def test_canvas_student_who_owes_nothing_keeps_the_mark(
    class_of: Callable[..., Path], mark: str
) -> None:
    """The mark of who is excused, or never had to do it, isn't overwritten, and that is said."""
    out, text = class_of(of_student("grace", 3.0, canvas_user="14")), CANVAS.replace("EX", mark)
    content, notes = export(out, Target(file(out, text), assignment="4711"), CATALOG)
    assert differences(text, content) == {}
    assert notes == [
        f"Hopper, Grace is {mark} in Canvas and stays so: grace",
        "0 students' points are filled in; 4 of the gradebook have no result here",
    ]


def test_canvas_students_that_are_not_found_are_told(class_of: Callable[..., Path]) -> None:
    """A number that the gradebook hasn't, none at all, and one that two claim: all are told."""
    twins = [of_student(name, 5.0, canvas_user="12") for name in ("ada", "ada-2")]
    out = class_of(of_student("eve", 5.0, canvas_user="66"), of_student("bob", 5.0), *twins)
    target = Target(file(out, CANVAS), assignment="4711")
    content, notes = export(out, target, CATALOG)
    assert differences(CANVAS, content) == {}
    assert notes == [
        "left out, no canvas_user is known of it: bob",
        "left out, several claim canvas_user 12: ada, ada-2",
        "not in the gradebook: eve (ID 66)",
        "0 students' points are filled in; 5 of the gradebook have no result here",
    ]


def test_canvas_file_keeps_its_way_of_writing(class_of: Callable[..., Path]) -> None:
    """Byte order mark, semicolons and line ends are as Canvas wrote them."""
    text = CANVAS.replace('"Lab 1, 2"', "Lab 1").replace(", ", "~").replace(",", ";")
    text = "\ufeff" + text.replace("~", ", ").replace("20.00", "20,00").replace("\n", "\r\n")
    out = class_of(*TWO)
    content, _ = export(out, Target(file(out, text), assignment="4711"), CATALOG)
    assert content.startswith(b"\xef\xbb\xbfStudent;ID;")
    assert content.count(b"\r\n") == content.count(b"\n") == 8
    assert cells(content, ";")[3][6] == "14.5"


def test_canvas_full_marks_in_part_are_warned_of(class_of: Callable[..., Path]) -> None:
    """Where only some exercises were checked, full marks are fewer than one may think: told."""
    graded = result(
        exercise(graded_test()), not_checked=("ex02_a",), origin=Origin(ids={"canvas_user": "12"})
    )
    out = class_of(graded)
    _, notes = export(out, Target(file(out, CANVAS), assignment="4711"), CATALOG)
    assert len(notes) == 2
    assert notes[0].startswith("full marks are those of what was checked; in 1 of 1 submission not")
    assert notes[0].endswith("Not checked: ex02.")


def test_new_canvas_file_has_the_columns_that_canvas_asks_for(
    class_of: Callable[..., Path],
) -> None:
    """Without a gradebook: the header, the row of points possible, a row a student."""
    out = class_of(*TWO, of_student("=eve", 1.0, canvas_user="66"))
    target = Target(canvas_new=True, assignment="Recurrence (4711)")
    content, notes = export(out, target, CATALOG)
    assert cells(content) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Recurrence (4711)"],
        ["    Points Possible", "", "", "", "", "10"],
        ["'=Eve", "66", "", "", "", "1"],
        ["Ada", "12", "", "", "", "7.25"],
        ["Alan", "13", "", "", "", "0"],
    ]
    assert notes == ["3 students' points are filled in"]


def test_new_canvas_file_without_a_number_says_what_canvas_will_ask(
    class_of: Callable[..., Path],
) -> None:
    """An assignment's bare title is taken, with a note."""
    _, notes = export(class_of(*TWO), Target(canvas_new=True, assignment="Recurrence"), CATALOG)
    assert "has no number: Canvas will ask" in notes[0]


def test_new_canvas_file_needs_an_assignment(class_of: Callable[..., Path]) -> None:
    """Without a name for the column there is no file, and what to give is said by an example."""
    with pytest.raises(ExportError, match=r"needs --assignment, such as 'Recurrence \(4711\)'"):
        export(class_of(*TWO), Target(canvas_new=True), CATALOG)


@pytest.mark.parametrize("full", ["", "0.00", "(read only)"])
def test_canvas_assignment_without_full_marks_gets_bare_points(
    class_of: Callable[..., Path], full: str
) -> None:
    """Where Canvas has no points possible, points are given as they were earned, with a note."""
    out = class_of(*TWO)
    target = Target(file(out, CANVAS.replace("20.00", full)), assignment="4711")
    content, notes = export(out, target, CATALOG)
    assert [cells(content)[n][6] for n in (3, 4)] == ["7.25", "0"]
    assert notes == ["Recurrence (4711) has no points possible: points are not scaled", FILLED]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",ID,", ",Number,", "this is no gradebook of Canvas: it has no column ID"),
        ("Points Possible", "Points", "it has no row 'Points Possible'"),
    ],
    ids=["column", "row"],
)
def test_file_that_is_no_gradebook_is_told(
    class_of: Callable[..., Path], old: str, new: str, told: str
) -> None:
    """What a file lacks that every gradebook of Canvas has is said, with the file's name."""
    out = class_of(*TWO)
    with pytest.raises(ExportError) as raised:
        export(out, Target(file(out, CANVAS.replace(old, new)), assignment="4711"), CATALOG)
    assert "platform.csv: " in str(raised.value)
    assert told in str(raised.value)


# --- Moodle -----------------------------------------------------------------------------------


def test_moodle_grade_and_feedback_are_filled_and_nothing_else(
    class_of: Callable[..., Path],
) -> None:
    """Grade on the worksheet's scale, feedback in words; all other cells stay, line feeds too."""
    out = class_of(of_student("ada", 7.25, moodle_participant="12"))
    content, notes = export(out, Target(moodle=file(out, "\ufeff" + MOODLE)), CATALOG)
    changed = differences(MOODLE, content)
    assert content.startswith(b"\xef\xbb\xbfIdentifier,")
    assert set(changed) == {(1, 4), (1, 9)}
    assert changed[1, 4] == "72.5"
    assert changed[1, 9] == "ex01 The recurrence by hand: 7.25 of 10"
    assert notes == ["1 student's points are filled in; 2 of the worksheet have no result here"]


def test_moodle_feedback_is_html_of_plain_text(class_of: Callable[..., Path]) -> None:
    """Points by exercise, first diagnosis, problem; a stranger's text is escaped, on one line."""
    graded = result(
        exercise(
            graded_test(Status.FAILED),
            problem=by_hand.HOSTILE.encode("utf-8", "replace").decode(),
            diagnosis=Diagnosis("no_bias", "Is b < 0?"),
        ),
        origin=Origin(ids={"moodle_participant": "13"}),
    )
    out = class_of(graded)
    content, _ = export(out, Target(moodle=file(out, MOODLE)), CATALOG)
    said = cells(content)[2][9]
    assert said.startswith("ex01 The recurrence by hand: 0 of 2.5<br>&lt;/pre&gt;")
    assert said.endswith("<br>ex01 rnn_step: Is b &lt; 0?")
    assert "<" not in said.replace("<br>", "")
    assert "\n" not in said


def test_moodle_feedback_tells_the_first_mistake_alone() -> None:
    """Of a student's mistakes that are known one is told; it may be the cause of the others."""
    said = ["Where is the bias?", "Which way round?", "How many steps?"]
    parts = [
        exercise(graded_test(Status.FAILED), diagnosis=Diagnosis("known", one)) for one in said
    ]
    comment = moodle.comment(result(exercise(graded_test()), *parts))
    assert [one for one in said if one in comment] == said[:1]


def test_moodle_locked_and_unknown_students_are_left_and_told(
    class_of: Callable[..., Path],
) -> None:
    """A grade that Moodle has locked, and a participant who isn't there, are told and left."""
    ids = {"a": "14", "b": "66"}
    graded = [of_student(name, 1.0, moodle_participant=id) for name, id in ids.items()]
    out = class_of(*graded)
    content, notes = export(out, Target(moodle=file(out, MOODLE)), CATALOG)
    sheet = file(out, MOODLE)
    assert cells(content) == cells(sheet.read_bytes())
    assert notes == [
        "Moodle has locked the grade of Participant 14: a",
        "not in the worksheet: b (Participant 66)",
        "0 students' points are filled in; 2 of the worksheet have no result here",
    ]


def test_moodle_row_of_another_length_stays_as_it_was(class_of: Callable[..., Path]) -> None:
    """A row with more or fewer cells than the header is left alone, and its student told."""
    text = MOODLE.replace("Yes,-,-,", "Yes,-,-").replace(",ada@x.invalid", ",ada@x.invalid,more")
    out = class_of(of_student("ada", 7.25, moodle_participant="12"))
    content, notes = export(out, Target(moodle=file(out, text)), CATALOG)
    assert differences(text, content) == {}
    assert notes[0] == "not in the worksheet: ada (Participant 12)"


def test_moodle_worksheet_without_feedback_gets_points_alone(class_of: Callable[..., Path]) -> None:
    """Where the worksheet has no column for feedback, the grade is filled and that is said."""
    text = MOODLE.replace("Feedback comments", "Something else")
    out = class_of(of_student("ada", 7.25, moodle_participant="12"))
    content, notes = export(out, Target(moodle=file(out, text)), CATALOG)
    assert differences(text, content) == {(1, 4): "72.5"}
    assert notes[0] == "the worksheet has no feedback comments: points only"


def test_moodle_worksheet_that_locks_nothing_is_filled(class_of: Callable[..., Path]) -> None:
    """A worksheet that doesn't say which grades can be changed is filled without a note."""
    text = MOODLE.replace("Grade can be changed", "Something else")
    out = class_of(of_student("grace", 1.0, moodle_participant="14"))
    content, notes = export(out, Target(moodle=file(out, text)), CATALOG)
    assert cells(content)[3][4] == "10"
    assert not [note for note in notes if "locked" in note]


def test_moodle_feedback_says_what_was_not_checked(class_of: Callable[..., Path]) -> None:
    """A student whose work was checked in part reads in the feedback which exercises were not."""
    ids = {"moodle_participant": "12"}
    graded = result(exercise(graded_test()), not_checked=("ex02_a",), origin=Origin(ids=ids))
    out = class_of(graded)
    content, _ = export(out, Target(moodle=file(out, MOODLE)), CATALOG)
    assert cells(content)[1][9].endswith("<br>Not checked: ex02.")


def test_moodle_grade_of_no_points_at_all_is_zero(class_of: Callable[..., Path]) -> None:
    """A submission of which nothing could be checked gets a zero on whatever scale."""
    ids = {"moodle_participant": "12"}
    out = class_of(result(exercise(), origin=Origin(ids=ids)))
    content, _ = export(out, Target(moodle=file(out, MOODLE)), CATALOG)
    assert cells(content)[1][4] == "0"


# --- bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("a,b\n1,2\n", "no grading worksheet of Moodle: it has no column 'Identifier'"),
        (MOODLE.replace("100.00", "Good;Bad"), "the maximum grade 'Good;Bad' is no number"),
        ('a,"b\n', "it is no CSV file"),
        (MOODLE.replace("Last modified (grade)", "x"), "no column 'Last modified (grade)'"),
    ],
)
def test_file_that_is_no_worksheet_is_told(
    class_of: Callable[..., Path], text: str, told: str
) -> None:
    """What is wrong with a file is said, with its name."""
    out = class_of(of_student("ada", 7.25, moodle_participant="12"))
    with pytest.raises(ExportError) as raised:
        export(out, Target(moodle=file(out, text)), CATALOG)
    assert "platform.csv: " in str(raised.value)
    assert told in str(raised.value)


def test_file_that_is_not_there_or_not_utf_8_is_told(class_of: Callable[..., Path]) -> None:
    """A missing file and one in another encoding are told as such."""
    out = class_of(*TWO)
    with pytest.raises(ExportError, match=r"nowhere\.csv: it can't be read: No such file"):
        export(out, Target(canvas=out / "nowhere.csv"), CATALOG)
    path = file(out, CANVAS)
    path.write_bytes(CANVAS.encode().replace(b"Ada", b"\xe9"))
    with pytest.raises(ExportError, match="it is not UTF-8"):
        export(out, Target(canvas=path), CATALOG)


def test_grade_that_stays_the_same_was_no_other_before(class_of: Callable[..., Path]) -> None:
    """A grade that the file has already, however it is written, doesn't count as another one."""
    out = class_of(*TWO)
    sheet = file(out, CANVAS.replace('Lab 1, 2",8,1.00', 'Lab 1, 2",8,0.00'))
    _, notes = export(out, Target(sheet, assignment="4711"), CATALOG)
    assert notes == ["2 students' points are filled in; 3 of the gradebook have no result here"]


# --- who is in the class ----------------------------------------------------------------------


def named(out: Path, *names: str) -> Path:
    """The folder with this class written down, its results under their own names."""
    for path in (out / "results").iterdir():
        path.rename(path.with_name(f"{from_json(path.read_bytes()).submission}.json"))
    (out / "class.txt").write_text("".join(f"{name}\n" for name in names))
    return out


def test_result_of_a_former_student_is_left_out(class_of: Callable[..., Path]) -> None:
    """A submission that was renamed leaves a result with the same number; the living one counts."""
    former = of_student("ada-before", 1.0, canvas_user="12")
    out = named(class_of(*TWO, former), "ada", "alan")
    content, notes = export(out, Target(file(out, CANVAS), assignment="4711"), CATALOG)
    assert differences(CANVAS, content) == {(3, 6): "14.5", (4, 6): "0"}
    assert notes == ["left out, results of nobody in the class (class.txt): 1", FILLED]


def test_broken_result_of_a_former_student_stops_nothing(class_of: Callable[..., Path]) -> None:
    """What isn't of the class isn't read."""
    out = named(class_of(*TWO), "ada", "alan")
    (out / "results" / "zoe.json").write_bytes(b"{")
    content, _ = export(out, Target(), CATALOG)
    assert [row[0] for row in cells(content)] == ["submission", "ada", "alan"]


def test_student_who_is_not_graded_yet_is_told(class_of: Callable[..., Path]) -> None:
    """After a batch that was interrupted, who is still to come is named."""
    out = named(class_of(*TWO), "ada", "alan", "zoe")
    _, notes = export(out, Target(file(out, CANVAS), assignment="4711"), CATALOG)
    assert notes == ["left out, not graded yet (run batch again): 1, the first is zoe", FILLED]


@pytest.mark.parametrize("content", [b"", b"{", b'{"schema_version": 2}', b"\xff\xfe"])
def test_broken_result_is_told_by_name(class_of: Callable[..., Path], content: bytes) -> None:
    """A file in results/ that is no result stops the export: nobody is left out silently."""
    out = class_of(*TWO)
    (out / "results" / "zoe.json").write_bytes(content)
    with pytest.raises(ExportError, match=r"zoe\.json is no result: .*run batch again"):
        export(out, Target(), CATALOG)


def test_result_that_can_not_be_read_is_told_by_name(class_of: Callable[..., Path]) -> None:
    """What lies among the results and can't be opened stops the export, with the reason."""
    out = class_of(*TWO)
    (out / "results" / "zoe.json").mkdir()
    with pytest.raises(ExportError, match=r"zoe\.json can't be read: Is a directory"):
        export(out, Target(), CATALOG)


def test_list_of_the_class_that_can_not_be_read_is_told(class_of: Callable[..., Path]) -> None:
    """Where nobody can tell who is in the class, the export stops, with the reason."""
    out = class_of(*TWO)
    (out / "class.txt").unlink(missing_ok=True)
    (out / "class.txt").mkdir()
    with pytest.raises(ExportError, match=r"class\.txt can't be read: Is a directory"):
        export(out, Target(), CATALOG)


def test_folder_without_results_is_told(tmp_path: Path) -> None:
    """A folder that batch didn't write is told as such."""
    with pytest.raises(ExportError, match="holds no results; give the folder of batch's --out"):
        export(tmp_path, Target(), CATALOG)


# --- through the front door -------------------------------------------------------------------


def test_command_writes_the_file_and_says_what_to_see_to(
    front_door: FrontDoor, class_of: Callable[..., Path]
) -> None:
    """`export OUT --canvas FILE` writes the upload and prints its notes, with exit code 0."""
    out = class_of(*TWO, of_student("eve", 5.0, canvas_user="66"))
    to = out.parent / "upload.csv"
    process = front_door(
        "export", out, "--canvas", file(out, CANVAS), "--assignment", 4711, "-o", to
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.splitlines() == [
        "not in the gradebook: eve (ID 66)",
        FILLED,
        f"{to} is written.",
    ]
    assert cells(to.read_bytes())[3][6] == "14.5"


def test_class_without_any_number_of_the_platform_is_refused(
    class_of: Callable[..., Path],
) -> None:
    """A class that was no download of it can fill nobody in: one sentence, and no file."""
    out = class_of(of_student("ada", 5.0, moodle_participant="4"), of_student("bob", 5.0))
    with pytest.raises(ExportError, match="of no submission a canvas_user is known"):
        export(out, Target(file(out, CANVAS), assignment="4711"), CATALOG)


def test_notes_are_plain_lines(class_of: Callable[..., Path]) -> None:
    """A submission's name brings neither control codes nor lines of its own onto the screen."""
    name = by_hand.HOSTILE.encode("utf-8", "replace").decode()
    out = class_of(of_student(name, 5.0), of_student("ada", 5.0, canvas_user="11"))
    _, notes = export(out, Target(file(out, CANVAS), assignment="4711"), CATALOG)
    assert "forged" in notes[0]
    assert all(note.isprintable() for note in notes)


def test_command_without_a_platform_writes_a_plain_table(
    front_door: FrontDoor, class_of: Callable[..., Path]
) -> None:
    """`export OUT -o FILE` writes what gradebook.csv holds."""
    out = class_of(*TWO)
    assert front_door("export", out, "-o", out / "table.csv").returncode == 0
    assert [row[0] for row in cells((out / "table.csv").read_bytes())] == [
        "submission",
        "ada",
        "alan",
    ]


def test_command_is_misused_with_two_platforms(
    front_door: FrontDoor, class_of: Callable[..., Path]
) -> None:
    """Two platforms at once are refused, with exit code 2, and nothing is written."""
    out = class_of(*TWO)
    path = file(out, CANVAS)
    process = front_door("export", out, "--canvas", path, "--moodle", path, "-o", out / "x")
    assert process.returncode == 2
    assert "one at a time" in process.stderr
    assert not (out / "x").exists()


def test_assignment_without_canvas_is_no_option(class_of: Callable[..., Path]) -> None:
    """What would be forgotten is refused, as `check` and `batch` do."""
    with pytest.raises(ExportError, match="leave it out"):
        export(class_of(*TWO), Target(assignment="Recurrence"), CATALOG)
