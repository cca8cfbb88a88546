"""Proves that a class is found in any folder or zip of submissions, and that nobody is lost."""

from __future__ import annotations

import io
import os
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import catalog as catalogs
from grading.catalog import Exercise
from grading.handed_in import gather
from grading.handed_in.downloads import Entry, find
from grading.handed_in.intake import IntakeError
from tests.kit.on_paper import POSIX

CATALOG = catalogs.load()
FIRST, THIRD = CATALOG.find("ex01"), CATALOG.find("ex03")
NAME = f"{FIRST.stem}.py"
TEXT = "x = 1\n"


def write(root: Path, *names: str) -> Path:
    """Files in folders; a name that ends in / is an empty folder, and .zip a zip with an answer."""
    root.mkdir(exist_ok=True)
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(zipped({NAME: TEXT}) if name.endswith(".zip") else TEXT.encode())
    return root


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def found(root: Path, *exercises: Exercise) -> dict[str, Entry]:
    """The entries of a class, by name."""
    entries = find(root, CATALOG, exercises or (FIRST,))
    assert len({entry.name.casefold() for entry in entries}) == len(entries)
    return {entry.name: entry for entry in entries}


def sources(root: Path, *exercises: Exercise) -> dict[str, list[str]]:
    """The stems that were taken of each entry of a class."""
    return {name: list(entry.read().sources) for name, entry in found(root, *exercises).items()}


def problem(entry: Entry) -> str:
    """Why an entry has nothing for the first exercise."""
    submission = entry.read()
    assert submission.sources == {}
    return submission.problems[FIRST.stem]


# --- what a class may be ----------------------------------------------------------------------


def test_folders_zips_and_files_are_submissions(tmp_path: Path) -> None:
    """Folders, zips and single files may lie side by side; lists and the like are nobody's."""
    names = (f"ada/{NAME}", f"bob/hw/{NAME}", "cid.zip", "dan_ex01.py", "grades.csv", ".DS_Store")
    write(tmp_path, *names, "__MACOSX/ada/x.py")
    entries = found(tmp_path)
    assert list(entries) == ["ada", "bob", "cid", "dan"]
    for name, entry in entries.items():
        assert entry.origin.student == name
        assert entry.read().name == name
        assert entry.read().sources == {FIRST.stem: TEXT}


def test_class_is_found_in_its_zip(tmp_path: Path) -> None:
    """A zip of folders and zips is a class, in a folder of its own or not."""
    inner = zipped({NAME: TEXT})
    for prefix in ("", "submissions/"):
        members: dict[str, str | bytes] = {
            f"{prefix}ada/{NAME}": TEXT,
            f"{prefix}bob.zip": inner,
            f"{prefix}cid/hw.zip": inner,
            f"{prefix}dan/": "",
        }
        (tmp_path / "class.zip").write_bytes(zipped(members))
        taken = sources(tmp_path / "class.zip")
        assert taken == {"ada": [FIRST.stem], "bob": [FIRST.stem], "cid": [FIRST.stem], "dan": []}


def test_single_files_belong_to_who_their_names_say(tmp_path: Path) -> None:
    """Beside the exercise, a file's name says whose it is; a student may have several."""
    write(tmp_path, "ada_ex01.py", "Ada - ex03_classifier.py", "ex01_recurrence_bob_7.py")
    assert sources(tmp_path, FIRST, THIRD) == {
        "ada": [FIRST.stem, THIRD.stem],
        "bob_7": [FIRST.stem],
    }


def test_where_one_exercise_is_graded_a_files_name_is_the_student(tmp_path: Path) -> None:
    """`alice.py` is Alice's answer to the one exercise that is graded, and no note is needed."""
    write(tmp_path, "alice.py", "bob.py")
    entries = found(tmp_path)
    assert list(entries) == ["alice", "bob"]
    assert entries["alice"].read().sources == {FIRST.stem: TEXT}
    assert entries["alice"].read().notes == {}
    assert sources(tmp_path, FIRST, THIRD) == {"alice": [], "bob": []}


def test_where_one_exercise_is_graded_a_lone_file_may_have_any_name(tmp_path: Path) -> None:
    """In a folder, a lone file that names no exercise is taken too, and told; a test is not."""
    write(tmp_path, "ada/main.py", "bob/ex03.py", "cid/a.py", "cid/b.py", "dan/test_x.py")
    entries = found(tmp_path)
    assert entries["ada"].read().notes == {FIRST.stem: f"main.py was taken as {NAME}"}
    assert sources(tmp_path) == {"ada": [FIRST.stem], "bob": [], "cid": [], "dan": []}


def test_wrapping_folder_is_seen_through_for_a_platform(tmp_path: Path) -> None:
    """A platform's download in a folder of its own is found from outside."""
    write(tmp_path, f"submissions/ada_1_2_{NAME}", f"submissions/bob_3_4_{NAME}")
    assert list(found(tmp_path)) == ["ada_1", "bob_3"]


def test_folder_of_the_results_is_nobodys(tmp_path: Path) -> None:
    """What a batch wrote into the class is left out, and the class is read as before."""
    root = write(tmp_path / "class", f"hw/ada_1_2_{NAME}", "graded/results/ada_1.json")
    assert [entry.name for entry in find(root, CATALOG, without=["graded"])] == ["ada_1"]


def test_class_of_one_is_a_class(tmp_path: Path) -> None:
    """One student's folder is that student's submission."""
    assert list(found(write(tmp_path, f"ada/{NAME}", "ada/data/x.txt"))) == ["ada"]


def test_all_exercises_are_asked_for_where_none_is_chosen(tmp_path: Path) -> None:
    """Without a choice every exercise of the kit is read, and each has a source or a problem."""
    (entry,) = find(write(tmp_path, f"ada/{NAME}"), CATALOG)
    submission = entry.read()
    stems = {exercise.stem for exercise in CATALOG.exercises}
    assert submission.sources.keys() | submission.problems.keys() == stems


# --- no class ---------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [(), ("grades.csv",), (".git/x.py",), ("__MACOSX/x.zip",)])
def test_folder_without_submissions_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    """A class without anybody is an error that says what was expected."""
    with pytest.raises(IntakeError, match="holds no submission; expected a folder, a zip"):
        find(write(tmp_path, *names), CATALOG)


def test_one_submission_is_no_class(tmp_path: Path) -> None:
    """A folder of exercises is told as one submission, with the command that grades it."""
    with pytest.raises(IntakeError, match=r"one submission, not a class: .*grader.py check"):
        find(write(tmp_path, NAME, f"{THIRD.stem}.py"), CATALOG)
    with pytest.raises(IntakeError, match="one submission, not a class"):
        find(CATALOG.home / "exercises", CATALOG)


def test_exercises_beside_the_students_are_told(tmp_path: Path) -> None:
    """Files that lie loose beside the submissions are one of their own, with a note."""
    entries = found(write(tmp_path, NAME, f"{THIRD.stem}.py", f"ada/{NAME}"), FIRST, THIRD)
    assert list(entries) == ["ada", "loose-files"]
    assert "lie loose" in entries["loose-files"].origin.notes[0]


@pytest.mark.parametrize("name", ["absent", "a" * 300, "nul\0byte", "class.tar.gz", "x.py"])
def test_what_is_no_folder_and_no_zip_is_refused(tmp_path: Path, name: str) -> None:
    """What can't hold a class is an error of one line."""
    write(tmp_path, "class.tar.gz", "x.py")
    with pytest.raises(IntakeError) as told:
        find(tmp_path / name, CATALOG)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 500


def test_broken_class_zip_is_refused(tmp_path: Path) -> None:
    """A download that was cut short says to download it again."""
    (tmp_path / "class.zip").write_bytes(zipped({f"ada/{NAME}": TEXT})[:-9])
    with pytest.raises(IntakeError, match=r"class\.zip is no whole zip.*download it again"):
        find(tmp_path / "class.zip", CATALOG)


# --- names ------------------------------------------------------------------------------------

ODD_NAMES = [
    *("Ada Lovelace", "李雷", "محمد", "Ελένη", "😀", "O'Brien", 'say "hi"', "a\nb", "a\tb"),
    *("dots...", "space ", " space", "-rf", "$(id)", "con", "NUL", "a" * 200, "x\\y", "<b>", "%s"),
    *("Ana", "ana", "ANA", "Aña", "An\u0303a", "A\u00f1a.", "results", "..a"[1:] + "."),
]


@POSIX
def test_odd_names_have_names_that_fit_files(tmp_path: Path) -> None:
    """Whatever students are called, nobody's name is another's, and all are fit for files."""
    root = tmp_path / "class"
    write(root)
    made = 0
    for name in ODD_NAMES:
        try:
            write(root, f"{name}/{NAME}")
            made += not name.startswith(".")
        except OSError:
            continue
    entries = found(root)
    assert len(entries) == made
    for name, entry in entries.items():
        (tmp_path / f"{name}.json").write_text(name, encoding="utf-8")
        assert entry.read().sources == {FIRST.stem: TEXT}
        assert name.isascii()
        assert entry.origin.student.isprintable()
        assert len(name) <= 100


@POSIX
def test_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    """A folder whose name is no UTF-8 is an entry whose words fit into JSON."""
    try:
        os.mkdir(os.fsencode(tmp_path) + b"/caf\xe9")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    (entry,) = found(tmp_path).values()
    assert msgspec.json.encode((entry.name, entry.origin, entry.read().problems))


def test_new_student_renames_nobody(tmp_path: Path) -> None:
    """Names stay as they are when others, with like names too, hand in."""
    root = write(tmp_path, f"Ada/{NAME}", f"bob/{NAME}", "cid.zip", "Eve_ex01.py")
    before = set(found(root))
    write(root, f"ada /{NAME}", f"BOB/{NAME}", "Cid.zip", f"Eve/{NAME}", "a.zip")
    assert before < set(found(root))


def test_two_submissions_of_one_name_are_two(tmp_path: Path) -> None:
    """A folder, a zip and a file of one student are all kept, and it is told."""
    entries = found(write(tmp_path, f"ada/{NAME}", "ada.zip", "ada.py"))
    assert len(entries) == 3
    assert "ada" not in entries  # nobody takes over what the name stands for
    told = {note for entry in entries.values() for note in entry.origin.notes}
    assert told == {"another submission is called ada, too"}
    assert set(found(tmp_path)) == set(entries)


def test_name_that_was_made_to_collide_is_kept_apart(tmp_path: Path) -> None:
    """Who knows how names are made apart can't take another's."""
    write(tmp_path, "ada/", "ada.zip")
    write(tmp_path, f"{min(found(tmp_path))}/")
    assert len(found(tmp_path)) == 3


def test_submissions_that_nothing_tells_apart_are_kept_apart(tmp_path: Path) -> None:
    """Records of one student without their folders are as many submissions."""
    ada = "{':submitters': [{':name': Ada, ':sid': '1'}]}"
    records = "".join(f"s{number}: {ada}\n" for number in range(9))
    (tmp_path / "submission_metadata.yml").write_text(records, encoding="utf-8")
    assert len(found(tmp_path)) == 9


# --- strangers' folders -----------------------------------------------------------------------


@POSIX
def test_links_are_not_followed_and_nobody_is_lost(tmp_path: Path) -> None:
    """A link in place of a submission, a folder or a file is told; none is ever opened."""
    secret = write(tmp_path / "secret", NAME)
    root = write(tmp_path / "class", f"ada/{NAME}", "bob/", "cid/", "dan/")
    (root / "eve").symlink_to(secret)
    (root / "fay.zip").symlink_to(secret / NAME)
    (root / "bob" / "hw").symlink_to(secret)
    (root / "cid" / NAME).symlink_to(secret / NAME)
    (root / "dan" / "loop").symlink_to(root)
    entries = found(root)
    assert list(entries) == ["ada", "bob", "cid", "dan", "eve", "fay.zip"]
    for name in ("bob", "cid", "dan", "eve", "fay.zip"):
        assert "is a link" in problem(entries[name]), name


@POSIX
def test_folder_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    """A folder that is swapped for a link after it was found is not read."""
    secret = write(tmp_path / "secret", NAME)
    root = write(tmp_path / "class", f"ada/{NAME}", f"bob/hw/{NAME}")
    entries = found(root)
    for folder in (root / "ada", root / "bob" / "hw"):
        (folder / NAME).unlink()
        folder.rmdir()
        folder.symlink_to(secret)
    for entry in entries.values():
        assert "link" in problem(entry) or "Not a directory" in problem(entry)


@POSIX
def test_pipes_and_sockets_are_told(tmp_path: Path) -> None:
    """A named pipe in the place of anything is told, and nobody waits for it."""
    write(tmp_path, f"ada/{NAME}", "bob/", "cid/")
    os.mkfifo(tmp_path / "dan")
    os.mkfifo(tmp_path / "bob" / NAME)
    os.mkfifo(tmp_path / "cid" / "hw.zip")
    entries = found(tmp_path)
    for name in ("bob", "cid", "dan"):
        assert "no plain file" in problem(entries[name]), name


def test_empty_submissions_count_as_such(tmp_path: Path) -> None:
    """An empty folder, a folder of empty folders and a zip of nothing are entries with a reason."""
    write(tmp_path, "ada/", "bob/hw/")
    (tmp_path / "cid.zip").write_bytes(zipped({}))
    for entry in found(tmp_path).values():
        assert "the submission is empty" in problem(entry)


def test_bad_zips_count_as_such(tmp_path: Path) -> None:
    """A zip that is none, one that leads out, and other archives are entries with a reason."""
    write(tmp_path, f"ada/{NAME}", "bob.tar.gz", "cid/")
    (tmp_path / "dan.zip").write_bytes(b"PK")
    (tmp_path / "eve.zip").write_bytes(zipped({"../x.py": "", NAME: TEXT}))
    (tmp_path / "cid" / "hw.zip").write_bytes(b"")
    entries = found(tmp_path)
    assert "can't be opened here" in problem(entries["bob.tar.gz"])
    assert "no whole zip" in problem(entries["cid"])
    assert "no whole zip" in problem(entries["dan"])
    assert "leads out" in problem(entries["eve"])
    assert set(entries["ada"].read().sources) == {FIRST.stem}


@POSIX
def test_folder_that_can_not_be_read_counts_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without permission is an entry with the system's reason; a deeper one is told."""
    write(tmp_path, f"ada/{NAME}", f"bob/secret/{NAME}", f"cid/{NAME}", "cid/secret/")
    plain = os.open

    def guarded(path: Any, *arguments: Any, **named: Any) -> int:
        if path in ("ada", "secret"):
            raise PermissionError(13, "Permission denied")
        return plain(path, *arguments, **named)

    monkeypatch.setattr(os, "open", guarded)
    entries = found(tmp_path)
    assert problem(entries["ada"]) == "ada can't be read: Permission denied"
    assert "bob/secret can't be read: Permission denied" in problem(entries["bob"])
    assert set(entries["cid"].read().sources) == {FIRST.stem}


def test_what_is_gone_when_it_is_read_is_told(tmp_path: Path) -> None:
    """A submission that vanishes between the look and the reading is told."""
    entries = found(write(tmp_path, f"ada/{NAME}", "bob.zip"))
    (tmp_path / "ada" / NAME).unlink()
    (tmp_path / "ada").rmdir()
    (tmp_path / "bob.zip").unlink()
    for entry in entries.values():
        assert "No such file" in problem(entry)


def test_ten_thousand_files_are_survived(tmp_path: Path) -> None:
    """Of a huge submission the files at the top count; the rest is told."""
    write(tmp_path, f"ada/{NAME}", f"ada/deep/more/{THIRD.stem}.py", "ada/data/")
    for number in range(10_000):
        os.close(os.open(tmp_path / "ada" / "data" / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    submission = found(tmp_path, FIRST, THIRD)["ada"].read()
    assert set(submission.sources) == {FIRST.stem}
    assert f"over {gather.MAX_FILES} files" in submission.problem(THIRD)


@POSIX
def test_very_deep_folders_are_survived(tmp_path: Path) -> None:
    """Folders in folders beyond what a path can say don't stop anybody."""
    write(tmp_path, f"ada/{NAME}", "bob/")
    descriptor = os.open(tmp_path / "bob", os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d" * 30, dir_fd=descriptor)
        above, descriptor = descriptor, os.open("d" * 30, os.O_RDONLY, dir_fd=descriptor)
        os.close(above)
    os.close(descriptor)
    entries = found(tmp_path)
    assert set(entries["ada"].read().sources) == {FIRST.stem}
    assert "more than 32 folders" in problem(entries["bob"])


def test_class_is_never_held_in_memory(tmp_path: Path) -> None:
    """Finding a class reads no submission, and what was read of one is given back."""
    text = "#" * 1_000_000
    for number in range(40):
        write(tmp_path, f"s{number}/")
        (tmp_path / f"s{number}" / NAME).write_text(text, encoding="utf-8")
    entries = find(tmp_path, CATALOG, (FIRST,))
    tracemalloc.start()
    try:
        for entry in entries:
            assert len(entry.read().sources[FIRST.stem]) == len(text)
        assert tracemalloc.get_traced_memory()[1] < 10 * len(text)
    finally:
        tracemalloc.stop()


@POSIX
def test_entries_can_be_read_in_forks(tmp_path: Path) -> None:
    """Processes that share the class's open zip don't disturb each other's reading."""
    members: dict[str, str | bytes] = {f"s{n}/{NAME}": f"{n}\n" * 5000 for n in range(20)}
    (tmp_path / "class.zip").write_bytes(zipped(members))
    entries = find(tmp_path / "class.zip", CATALOG, (FIRST,))
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            read = {f"{entry.name}/{NAME}": entry.read().sources[FIRST.stem] for entry in entries}
            os._exit(0 if read == members else 1)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text("ab/._\\é: 1", min_size=1, max_size=12), st.binary(max_size=20), max_size=6
    )
)
def test_any_class_zip_is_found_or_refused(members: dict[str, bytes]) -> None:
    """Whatever a class's zip holds, it gives entries that can all be read, or is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "class.zip")
        path.write_bytes(zipped(dict(members)))
        try:
            entries = find(path, CATALOG, (FIRST,))
        except IntakeError:
            return
        for entry in entries:
            submission = entry.read()
            assert submission.sources.keys() | submission.problems.keys() == {FIRST.stem}
