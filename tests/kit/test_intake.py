"""Proves that a submission is read as plain text, and that whatever isn't is told, not taken."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.handed_in import intake, places
from grading.handed_in.intake import IntakeError, Submission
from tests.kit.on_paper import CATALOG, EXERCISES, FIRST, POSIX, SECOND, SOURCE

PROPERTY = settings(max_examples=25, deadline=None)


def folder_with(tmp_path: Path, content: bytes = SOURCE.encode(), name: str = "") -> Path:
    """A submission with one file, the first exercise's unless it is named."""
    (tmp_path / (name or f"{FIRST.stem}.py")).write_bytes(content)
    return tmp_path


def problem_of(tmp_path: Path, content: bytes) -> str:
    """What is said about a first exercise of this content, which must not be taken."""
    submission = intake.read(folder_with(tmp_path, content), CATALOG)
    assert submission.sources == {}
    return submission.problem(FIRST)


# --- what is taken ----------------------------------------------------------------------------


def test_folder_gives_the_files_that_bear_a_stem(tmp_path: Path) -> None:
    """Of a folder, each exercise's file is taken; whatever else lies there is not looked at."""
    folder_with(tmp_path, b"\xff\0", "notes.py")
    folder_with(tmp_path, b"x = 2\n", f"{SECOND.stem}.py")
    submission = intake.read(folder_with(tmp_path), CATALOG)
    assert submission.sources == {FIRST.stem: SOURCE, SECOND.stem: "x = 2\n"}
    assert submission.problems == {}


def test_folder_gives_its_name_to_the_submission(tmp_path: Path) -> None:
    """A submission is called after its folder, by whatever path it was reached."""
    (tmp_path / "ada").mkdir()
    for path in (tmp_path / "ada", tmp_path / "ada" / ".." / "ada", tmp_path / "ada" / "."):
        assert intake.read(path, CATALOG).name == "ada"


def test_single_file_is_a_submission_of_one(tmp_path: Path) -> None:
    """A file given alone is taken, and the other exercises are not in the submission."""
    submission = intake.read(folder_with(tmp_path) / f"{FIRST.stem}.py", CATALOG)
    assert submission == Submission(FIRST.stem, {FIRST.stem: SOURCE})
    assert submission.problem(SECOND) == f"{SECOND.stem}.py is not in the submission"


def test_single_file_with_a_fault_is_told(tmp_path: Path) -> None:
    """A file given alone that can't be taken leaves a submission without sources, and says why."""
    submission = intake.read(folder_with(tmp_path, b"a\0b") / f"{FIRST.stem}.py", CATALOG)
    assert submission.sources == {}
    assert "NUL" in submission.problem(FIRST)


def test_one_bad_file_leaves_the_others_alone(tmp_path: Path) -> None:
    """A file that can't be taken costs its own exercise only."""
    folder_with(tmp_path, b"\0", f"{SECOND.stem}.py")
    submission = intake.read(folder_with(tmp_path), CATALOG)
    assert submission.sources == {FIRST.stem: SOURCE}
    assert set(submission.problems) == {SECOND.stem}


def test_nothing_of_a_source_is_run(tmp_path: Path) -> None:
    """Reading a file doesn't run it, nor mind whether it is Python at all."""
    text = "raise SystemExit(1)\ndef ((("
    submission = intake.read(folder_with(tmp_path, text.encode()), CATALOG)
    assert submission.sources == {FIRST.stem: text}


@PROPERTY
@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])))
def test_utf8_text_is_taken_whole(text: str) -> None:
    """Any text in UTF-8, with or without byte order mark, is read as it is."""
    plain = text.removeprefix("\ufeff")
    assert intake.decode(plain.encode("utf-8"), "a.py") == plain
    assert intake.decode(plain.encode("utf-8-sig"), "a.py") == plain


@PROPERTY
@given(st.lists(st.text("ab é", max_size=5), max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_kind_of_line_end_is_read(lines: list[str], end: str) -> None:
    """Line feeds, Windows' pairs and old carriage returns all end a line."""
    assert intake.decode(end.join(lines).encode(), "a.py") == "\n".join(lines)


def test_mixed_line_ends_are_read() -> None:
    """A file pieced together on three systems has as many lines as it has ends."""
    assert intake.decode(b"a\r\nb\rc\nd\r\r\n", "a.py") == "a\nb\nc\nd\n\n"


def test_empty_file_is_taken(tmp_path: Path) -> None:
    """An empty file is a source without anything in it, not a missing one."""
    assert intake.read(folder_with(tmp_path, b""), CATALOG).sources == {FIRST.stem: ""}


def test_file_just_under_the_cap_is_taken(tmp_path: Path) -> None:
    """A file of one byte less than the cap is taken whole."""
    content = b"#" * (intake.MAX_BYTES - 1)
    submission = intake.read(folder_with(tmp_path, content), CATALOG)
    assert submission.sources[FIRST.stem].encode() == content


# --- no submission at all ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["absent", "absent/deeper", "a" * 300, "a/" * 3000, "nul\0byte"],
    ids=["absent", "deeper", "long name", "long path", "NUL"],
)
def test_path_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    """A path at which there is nothing, or can't be anything, is an error of one line."""
    with pytest.raises(IntakeError) as told:
        intake.read(tmp_path / name, CATALOG)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 1000


@pytest.mark.parametrize("name", ["notes.py", "ex03.py", "ex01_first.txt", "ex01_first"])
def test_single_file_of_another_name_is_refused(tmp_path: Path, name: str) -> None:
    """A file given alone must bear an exercise's name; the error lists those there are."""
    with pytest.raises(IntakeError, match=r"ex01_first\.py, ex02_second\.py"):
        intake.read(folder_with(tmp_path, name=name) / name, CATALOG)


@POSIX
def test_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    """A link that is given as the submission isn't followed."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(IntakeError, match="is a link"):
        intake.read(tmp_path / "link", CATALOG)


@POSIX
def test_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    """A broken link, or one that leads to itself, is told as a link."""
    (tmp_path / "link").symlink_to(tmp_path / "link")
    with pytest.raises(IntakeError, match="is a link"):
        intake.read(tmp_path / "link", CATALOG)


def test_empty_folder_misses_everything(tmp_path: Path) -> None:
    """An empty folder is a submission without files: each exercise is told as not there."""
    submission = intake.read(tmp_path, CATALOG)
    assert submission.sources == {}
    for exercise in EXERCISES:
        assert submission.problem(exercise) == f"{exercise.stem}.py is not in the submission"


@POSIX
def test_name_of_a_folder_can_always_be_written(tmp_path: Path) -> None:
    """A folder whose name is no UTF-8 still gives a name that fits into JSON."""
    path = os.fsencode(tmp_path) + b"/caf\xe9"
    try:
        os.mkdir(path)
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    assert msgspec.json.encode(intake.read(Path(os.fsdecode(path)), CATALOG).name)


@POSIX
def test_links_on_the_way_to_a_file_are_the_callers(tmp_path: Path) -> None:
    """Who keeps the course behind a link of their own can still give a file in it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    folder_with(tmp_path / "real")
    submission = intake.read(tmp_path / "link" / f"{FIRST.stem}.py", CATALOG)
    assert submission.sources == {FIRST.stem: SOURCE}


# --- no plain file ----------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("target", ["elsewhere.py", "/etc/passwd", "nowhere", "."])
def test_link_in_a_folder_is_not_followed(tmp_path: Path, target: str) -> None:
    """A link in the place of a file is told as one, wherever it leads."""
    (tmp_path / "elsewhere.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / f"{FIRST.stem}.py").symlink_to(target)
    submission = intake.read(tmp_path, CATALOG)
    assert submission.sources == {}
    assert "is a link" in submission.problem(FIRST)


def test_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    """A folder with a file's name is told as a folder."""
    (tmp_path / f"{FIRST.stem}.py").mkdir()
    assert "is a folder" in intake.read(tmp_path, CATALOG).problem(FIRST)


@POSIX
def test_pipe_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    """A named pipe is no plain file, and nobody waits for what may come out of it."""
    os.mkfifo(tmp_path / f"{FIRST.stem}.py")
    assert "no plain file" in intake.read(tmp_path, CATALOG).problem(FIRST)


@POSIX
def test_pipe_that_is_handed_in_by_its_own_name_is_told(tmp_path: Path) -> None:
    """A path to a named pipe is told as such, and not as a wrong name."""
    path = tmp_path / f"{FIRST.stem}.py"
    os.mkfifo(path)
    assert "no plain file" in intake.read(path, CATALOG).problem(FIRST)


@POSIX
def test_socket_in_the_place_of_a_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket is no plain file."""
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(f"{FIRST.stem}.py")
        assert "no plain file" in intake.read(tmp_path, CATALOG).problem(FIRST)


@POSIX
def test_pipe_that_appears_after_the_look_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that turns into a pipe between the look at it and its opening is not read."""
    path = tmp_path / f"{FIRST.stem}.py"
    os.mkfifo(path)
    monkeypatch.setattr(places, "look", lambda folder, name: stat.S_IFREG)
    with pytest.raises(IntakeError, match="no plain file"):
        places.Folder(tmp_path).fetch((path.name,), 9)


@POSIX
def test_link_that_appears_after_the_look_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that turns into a link between the look at it and its opening is not read."""
    (tmp_path / "secret").write_text(SOURCE, encoding="utf-8")
    path = tmp_path / f"{FIRST.stem}.py"
    path.symlink_to("secret")
    monkeypatch.setattr(places, "look", lambda folder, name: stat.S_IFREG)
    with pytest.raises(IntakeError, match=r"ex01_first\.py"):
        places.Folder(tmp_path).fetch((path.name,), 9)


# --- no text ----------------------------------------------------------------------------------


@PROPERTY
@given(st.integers(0, 9))
def test_nul_byte_is_told_with_its_line(lines: int) -> None:
    """A NUL byte is told as `file:line`."""
    with pytest.raises(IntakeError, match=rf"^a\.py:{lines + 1} .*NUL.*UTF-8"):
        intake.decode(b"x = 1\n" * lines + b"y = \0\n", "a.py")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_told(tmp_path: Path, encoding: str) -> None:
    """Text in UTF-16, as some editors save it, isn't taken; the words say what to do."""
    assert "save the file as UTF-8" in problem_of(tmp_path, SOURCE.encode(encoding))


def test_utf16_without_ascii_is_told(tmp_path: Path) -> None:
    """UTF-16 is told even where it holds no NUL byte."""
    assert "save the file as UTF-8" in problem_of(tmp_path, "ñandú±".encode("utf-16")[:8])


@PROPERTY
@given(st.integers(0, 9), st.sampled_from("éüßø"))
def test_latin1_is_told_with_its_line(lines: int, letter: str) -> None:
    """A letter in Latin-1 is told as `file:line` with the byte and its place."""
    content = b"x = 1\n" * lines + f"# {letter}\n".encode("latin-1")
    place = content.index(letter.encode("latin-1"))
    with pytest.raises(IntakeError) as told:
        intake.decode(content, "a.py")
    assert str(told.value).startswith(f"a.py:{lines + 1} is not UTF-8 (byte 0x{ord(letter):02x}")
    assert f"at {place})" in str(told.value)


@PROPERTY
@given(st.binary(max_size=30))
def test_any_bytes_are_text_or_told(content: bytes) -> None:
    """Whatever a file holds, it is read as text without carriage returns, or told."""
    try:
        text = intake.decode(content, "a.py")
    except IntakeError as error:
        text = str(error).removeprefix("a.py:")
        assert text[:1].isdigit()
    assert "\r" not in text
    assert "\0" not in text


@pytest.mark.parametrize("extra", [0, 1, 100_000])
def test_file_at_the_cap_and_over_is_told(tmp_path: Path, extra: int) -> None:
    """A file of the cap's size or more isn't taken."""
    told = problem_of(tmp_path, b"#" * (intake.MAX_BYTES + extra))
    assert f"{FIRST.stem}.py" in told
    assert str(intake.MAX_BYTES) in told


def test_endless_file_is_read_up_to_the_cap(tmp_path: Path) -> None:
    """Of a file of a terabyte no more than the cap is read."""
    path = folder_with(tmp_path, b"") / f"{FIRST.stem}.py"
    try:
        os.truncate(path, 1 << 40)
    except OSError:
        pytest.skip("this file system has no sparse files of that size")
    assert "bytes or more" in intake.read(path.parent, CATALOG).problem(FIRST)


def test_file_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file without permission to read is told with the system's reason."""

    def forbidden(folder: int, name: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(places, "_open", forbidden)
    with pytest.raises(IntakeError, match=r"ex01_first\.py can't be read: Permission denied"):
        places.Folder(folder_with(tmp_path)).fetch((f"{FIRST.stem}.py",), 9)


def test_folder_that_cannot_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without permission to list is told with the system's reason."""

    def forbidden(folder: int) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(IntakeError, match="can't be read: Permission denied"):
        intake.read(tmp_path, CATALOG)
