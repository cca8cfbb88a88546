"""Proves that a zip is read as a submission, and that a hostile one costs neither time nor space.

Each refusal is an IntakeError (or the problem of an exercise) which names the file and the reason.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading.handed_in import archive, gather, intake
from grading.handed_in.archive import Zip
from grading.handed_in.gather import Piece
from grading.handed_in.intake import IntakeError, Submission
from grading.handed_in.places import Folder, Kind
from tests.kit.on_paper import CATALOG, EXERCISES, FIRST, POSIX, SECOND, SOURCE

PROPERTY = settings(max_examples=150, deadline=None)

NAME = f"{FIRST.stem}.py"
MEMORY = 40 * 1024 * 1024
"""More than any reading of a zip may take, in bytes."""

Members = list[tuple[str | zipfile.ZipInfo, bytes]]


def zipped(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return buffer.getvalue()


def read(tmp_path: Path, content: bytes, name: str = "ada.zip") -> Submission:
    """A zip on disk, read as a submission."""
    (tmp_path / name).write_bytes(content)
    return intake.read(tmp_path / name, CATALOG)


def with_flag(content: bytes, flag: int) -> bytes:
    """The same zip with a flag set on every member, in both of its directories."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            changed[at + offset] |= flag
            at = content.find(mark, at + 1)
    return bytes(changed)


def typed(name: str, kind: int) -> zipfile.ZipInfo:
    """A member of another kind than a file, as Unix's tools store it."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


# --- what is taken ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_is_a_submission(tmp_path: Path, method: int) -> None:
    """A zip gives its files' texts, and its own name to the submission."""
    content = zipped([(NAME, SOURCE.encode()), ("notes.txt", b"\xff")], method)
    assert read(tmp_path, content) == Submission("ada", {FIRST.stem: SOURCE})


def test_one_folder_around_everything_is_usual(tmp_path: Path) -> None:
    """The one folder in which a system zips files is no news; what macOS adds isn't seen."""
    junk: Members = [(f"__MACOSX/hw/._{NAME}", b"\0"), (".DS_Store", b""), ("hw/._x.py", b"\0")]
    content = zipped([("hw/", b""), (f"hw/{NAME}", SOURCE.encode()), *junk])
    assert read(tmp_path, content) == Submission("ada", {FIRST.stem: SOURCE})


def test_deeper_file_is_told(tmp_path: Path) -> None:
    """A file in a folder of a zip is taken, and the note says from where."""
    content = zipped([("a/b.txt", b""), (f"c/d/{NAME}", SOURCE.encode())])
    assert read(tmp_path, content).notes == {FIRST.stem: f"c/d/{NAME} was taken as {NAME}"}


def test_windows_separators_are_separators(tmp_path: Path) -> None:
    """A zip that was made with backslashes has folders all the same."""
    content = zipped([(f"hw\\{NAME}", SOURCE.encode())])
    assert read(tmp_path, content).sources == {FIRST.stem: SOURCE}


def test_zip_in_a_folder_and_in_a_zip_is_looked_into(tmp_path: Path) -> None:
    """Who zips twice, or puts a zip into the folder, is graded; the note says where it lay."""
    inner = zipped([(NAME, SOURCE.encode())])
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "work.zip").write_bytes(inner)
    (tmp_path / "hw" / "notes.txt").touch()
    for submission in (
        intake.read(tmp_path / "hw", CATALOG),
        read(tmp_path, zipped([("work.zip", inner), ("a.txt", b"")])),
    ):
        assert submission.sources == {FIRST.stem: SOURCE}
        assert submission.notes == {FIRST.stem: f"work.zip/{NAME} was taken as {NAME}"}


def test_zip_that_is_all_a_folder_holds_is_the_submission(tmp_path: Path) -> None:
    """A folder that was made for one zip, as platforms do, is as good as the zip."""
    (tmp_path / "work.zip").write_bytes(zipped([(f"hw/{NAME}", SOURCE.encode())]))
    assert intake.read(tmp_path, CATALOG) == Submission(tmp_path.name, {FIRST.stem: SOURCE})


@pytest.mark.parametrize("name", ["naïve", "课程", "😀", "ملف", "a'\"b", "a\nb"])
def test_names_in_any_script_are_read(tmp_path: Path, name: str) -> None:
    """Names that are declared as UTF-8 are read as such."""
    content = zipped([(f"{name}/x.txt", b""), (f"{name}/sub/{NAME}", SOURCE.encode())])
    assert read(tmp_path, content).sources == {FIRST.stem: SOURCE}


def test_undeclared_utf8_is_recognised() -> None:
    """UTF-8 that isn't declared, as macOS writes it, is read; other bytes are left as they are."""
    plain = zipped([("caf__.py", b"")])
    for raw, text in (("café.py".encode(), "café.py"), (b"caf\x82?.py", "café?.py")):
        content = plain.replace(b"caf__.py", raw.ljust(8, b"_")[:8])
        assert [item.name for item in Zip(io.BytesIO(content), "a.zip").items(())] == [text]


def test_zip_behind_a_program_is_read(tmp_path: Path) -> None:
    """A zip may have something before it, as one that unpacks itself has."""
    content = b"MZ" * 999 + zipped([(NAME, SOURCE.encode())])
    assert read(tmp_path, content).sources == {FIRST.stem: SOURCE}


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil.py", "leads out"),
        (f"hw/../../{NAME}", "leads out"),
        ("..\\evil.py", "leads out"),
        ("/etc/passwd", "absolute path"),
        ("\\\\server\\share\\x.py", "absolute path"),
        ("C:\\evil.py", "names a drive"),
        ("c:evil.py", "names a drive"),
        ("a/" * 40 + "x.py", "over 32 folders"),
    ],
)
def test_zip_that_leads_elsewhere_is_refused(tmp_path: Path, name: str, said: str) -> None:
    """A member whose name leads out of the zip makes the whole of it suspect; it is named."""
    with pytest.raises(IntakeError, match=said) as told:
        read(tmp_path, zipped([(NAME, SOURCE.encode()), (name, b"")]))
    assert "ada.zip" in str(told.value)
    assert not (tmp_path.parent / "evil.py").exists()


def test_name_with_nul_is_refused(tmp_path: Path) -> None:
    """A name that is cut by a NUL isn't taken for what stands before it."""
    content = zipped([(NAME.replace(".py", "!py"), b"")]).replace(b"!py", b"\0py")
    with pytest.raises(IntakeError, match="NUL"):
        read(tmp_path, content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", [NAME, f"{NAME}/", f"./{NAME}", f"{NAME}/x.py"])
def test_duplicate_members_are_refused(tmp_path: Path, other: str) -> None:
    """Two members of one name can't both be meant."""
    with pytest.raises(IntakeError, match=r"ex01_first\.py.* is in it twice"):
        read(tmp_path, zipped([(NAME, b"x = 1\n"), (other, b"x = 2\n")]))


@pytest.mark.parametrize(
    ("kind", "said"),
    [(stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "no plain file"), (stat.S_IFCHR, "no plain file")],
)
def test_member_that_is_no_file_is_told(tmp_path: Path, kind: int, said: str) -> None:
    """A link in the place of a file is told as one; where else it lies it is not looked at."""
    elsewhere = (typed("bin/python", stat.S_IFLNK), b"/usr/bin/python3")
    content = zipped([(typed(NAME, kind), b"/etc/passwd"), elsewhere])
    assert said in read(tmp_path, content).problem(FIRST)


@pytest.mark.parametrize("steps", [("no",), ("hw", "no"), ("hw", "a.py")], ids="/".join)
def test_zip_lists_only_folders_that_it_has(steps: tuple[str, ...]) -> None:
    """What is no folder of the zip is told as such, with the zip's name."""
    place = Zip(io.BytesIO(zipped([("hw/a.py", b"")])), "ada.zip")
    with pytest.raises(IntakeError, match=f"{'/'.join(steps)} is no folder of ada.zip"):
        place.items(steps)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (("no.py",), "no.py in ada.zip is not there"),
        (("no", "a.py"), "no/a.py in ada.zip is not there"),
        (("hw",), "hw in ada.zip is a folder; expected a plain file"),
    ],
    ids=["no file", "no folder", "a folder"],
)
def test_zip_gives_only_files_that_it_has(steps: tuple[str, ...], said: str) -> None:
    """What is no file of the zip is told as such, with both names."""
    place = Zip(io.BytesIO(zipped([("hw/a.py", b"")])), "ada.zip")
    with pytest.raises(IntakeError, match=said):
        place.fetch(steps, 9)


def test_piece_that_can_not_be_opened_costs_no_other(tmp_path: Path) -> None:
    """Of several files of one student, a broken zip is told and the others count."""
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    (tmp_path / NAME).write_text(SOURCE, encoding="utf-8")
    names = ("broken.zip", NAME)
    pieces = [Piece(Folder(tmp_path), (name,), Kind.FILE, name) for name in names]
    gathered = gather.gather(pieces)
    assert [file.path for file in gathered.files] == [(NAME,)]
    assert len(gathered.faults) == 1
    assert gathered.faults[0].startswith("broken.zip is no whole zip")


@pytest.mark.parametrize(
    ("flag", "said"), [(0x1, "without a password"), (0x20, "damaged"), (0x41, "password")]
)
def test_encrypted_member_is_told(tmp_path: Path, flag: int, said: str) -> None:
    """A member that needs a password, or was patched, is a problem of its exercise."""
    content = with_flag(zipped([(NAME, SOURCE.encode())]), flag)
    assert said in read(tmp_path, content).problem(FIRST)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compression_is_told(tmp_path: Path, method: int) -> None:
    """Methods that can't be read in small pieces are not used at all."""
    assert "deflate" in read(tmp_path, zipped([(NAME, b"")], method)).problem(FIRST)


def test_ten_thousand_members_are_refused(tmp_path: Path) -> None:
    """A zip with more members than any exercise has is not gone through."""
    content = zipped([(f"{number}.txt", b"") for number in range(10_000)])
    with pytest.raises(IntakeError, match=r"ada\.zip has over 5000 members"):
        read(tmp_path, content)


def test_zip_may_have_as_many_members_as_the_limit() -> None:
    """The limit itself is within it."""
    content = zipped([(f"{number}.py", b"") for number in range(3)])
    limits = replace(archive.SUBMISSION, members=3)
    assert len(Zip(io.BytesIO(content), "ada.zip", limits).items(())) == 3
    with pytest.raises(IntakeError, match="over 2 members"):
        Zip(io.BytesIO(content), "ada.zip", replace(limits, members=2))


def test_large_directory_is_refused_unread(tmp_path: Path) -> None:
    """A directory of many megabytes is not read into memory."""
    content = zipped([(f"{number:04}" + "x" * 60_000, b"") for number in range(100)])
    tracemalloc.start()
    try:
        with pytest.raises(IntakeError, match="directory of over"):
            read(tmp_path, content)
        (tmp_path / "ada.zip").unlink()
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("length", [0, 1, 30, 60, 100, -1, -10, -22])
def test_truncated_zip_is_refused(tmp_path: Path, length: int) -> None:
    """A zip that lacks its end says so."""
    content = zipped([(NAME, SOURCE.encode())])
    with pytest.raises(IntakeError, match=r"ada\.zip is no whole zip"):
        read(tmp_path, content[:length])


def test_damaged_member_is_told(tmp_path: Path) -> None:
    """A member whose bytes don't sum up as declared is not taken."""
    content = zipped([(NAME, SOURCE.encode())], zipfile.ZIP_STORED).replace(b"return", b"retarn")
    assert "is damaged" in read(tmp_path, content).problem(FIRST)


@pytest.mark.parametrize("name", ["ada.tar.gz", "ada.tgz", "ada.7z", "ada.rar"])
def test_other_archives_are_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    """An archive of another kind, given alone or in a folder, asks for a zip in its place."""
    with pytest.raises(IntakeError, match=rf"{name} can't be opened here; hand in a zip"):
        read(tmp_path, b"", name)
    assert f"{name} can't be opened here" in intake.read(tmp_path, CATALOG).problem(FIRST)


@POSIX
def test_link_to_a_zip_is_not_followed(tmp_path: Path) -> None:
    """A zip in a folder is opened only if it is one itself."""
    (tmp_path / "real.zip").write_bytes(zipped([(NAME, SOURCE.encode())]))
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "work.zip").symlink_to(tmp_path / "real.zip")
    assert "is a link" in intake.read(tmp_path / "hw", CATALOG).problem(FIRST)


# --- bombs ------------------------------------------------------------------------------------


def test_bomb_is_read_up_to_the_cap(tmp_path: Path) -> None:
    """Of a member that swells to a hundred megabytes only the cap is kept."""
    bomb = zipped([(NAME, bytes(100 * 1024 * 1024)), (f"{SECOND.stem}.py", b"x = 1\n")])
    tracemalloc.start()
    try:
        submission = read(tmp_path, bomb)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert f"{NAME} has {intake.MAX_BYTES} bytes or more" in submission.problem(FIRST)
    assert submission.sources == {SECOND.stem: "x = 1\n"}


def test_declared_size_is_not_believed(tmp_path: Path) -> None:
    """A member that swells beyond what it declares is told, whatever it declares."""
    content = zipped([(NAME, bytes(10 * 1024 * 1024))])
    size = struct.pack("<L", 10 * 1024 * 1024)
    assert content.count(size) == 2
    said = read(tmp_path, content.replace(size, struct.pack("<L", 10))).problem(FIRST)
    assert "is damaged" in said
    said = read(tmp_path, content.replace(size, b"\xfe\xff\xff\xff")).problem(FIRST)
    assert "bytes or more" in said


def test_inner_bomb_is_not_opened(tmp_path: Path) -> None:
    """A zip in a zip is read up to a cap; the other files count."""
    bomb = zipped([("inner.zip", bytes(30 * 1024 * 1024)), (NAME, SOURCE.encode())])
    submission = read(tmp_path, bomb)
    assert submission.sources == {FIRST.stem: SOURCE}
    assert "inner.zip is a file of 16777216 bytes or more" in submission.problem(SECOND)


def test_zips_in_zips_end(tmp_path: Path) -> None:
    """Zips in zips in zips are opened so often and no further."""
    content = zipped([(NAME, SOURCE.encode())])
    for depth in range(10):
        content = zipped([(f"{depth}.zip", content)])
    assert "one zip too many" in read(tmp_path, content).problem(FIRST)
    many: Members = [(f"{number}.zip", zipped([("x.py", b"")])) for number in range(10)]
    assert "one zip too many" in read(tmp_path, zipped(many)).problem(FIRST)
    assert gather.MAX_ZIPS * archive.MAX_INNER <= 64 * 1024 * 1024


@pytest.mark.parametrize("more", [0, 1])
def test_so_many_zips_are_opened_and_no_more(tmp_path: Path, more: int) -> None:
    """Of zips in a folder as many as the cap are looked into; one more is told by name."""
    count = gather.MAX_ZIPS + more
    for number in range(count):
        (tmp_path / f"{number}.zip").write_bytes(zipped([(f"a{number}.py", b"")]))
    gathered = gather.gather([Piece(Folder(tmp_path))])
    assert [file.path[-1] for file in gathered.files] == [
        f"a{number}.py" for number in range(gather.MAX_ZIPS)
    ]
    assert [told.split()[0] for told in gathered.faults] == [f"{gather.MAX_ZIPS}.zip"][:more]


def test_zip_of_five_gigabytes_is_read_where_it_lies(tmp_path: Path) -> None:
    """Of a huge zip the directory and the exercise are read, in little memory."""
    path, gap = tmp_path / "ada.zip", 5 << 30
    try:
        with path.open("wb") as file, zipfile.ZipFile(file, "w") as made:
            made.writestr("data.bin", b"")
            made.start_dir = gap  # behind a hole, of which the file system stores nothing
            made.writestr(NAME, SOURCE)
    except OSError:
        pytest.skip("this file system has no sparse files of that size")
    assert path.stat().st_size > gap
    tracemalloc.start()
    try:
        assert intake.read(path, CATALOG).sources == {FIRST.stem: SOURCE}
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
        path.unlink()


@POSIX
def test_nothing_stays_open(tmp_path: Path) -> None:
    """After reading zips, good and bad ones, no descriptor is left."""
    folder = Path("/proc/self/fd") if os.path.isdir("/proc/self/fd") else Path("/dev/fd")
    before = len(os.listdir(folder))
    for content in (zipped([(NAME, b"")]), b"no zip", zipped([("../x", b"")])):
        for _ in range(3):
            try:
                read(tmp_path, content)
            except IntakeError:
                continue
    assert len(os.listdir(folder)) == before


# --- a class's zip ----------------------------------------------------------------------------


def test_class_survives_one_bad_name() -> None:
    """In a zip of many people's files a bad member is told where it lies; the others are read."""
    content = zipped([("ada/x.py", b"1"), ("bob/../../evil.py", b"2")])
    opened = Zip(io.BytesIO(content), "class.zip", archive.CLASS)
    assert [item.name for item in opened.items(())] == ["ada", "bob"]
    assert opened.fetch(("ada", "x.py"), 9) == b"1"
    (evil,) = opened.items(("bob", "..", ".."))
    assert (evil.kind, evil.why) == (Kind.OTHER, "leads out of it")
    with pytest.raises(IntakeError, match="leads out of it"):
        opened.fetch(("bob", "..", "..", "evil.py"), 9)


# --- any bytes --------------------------------------------------------------------------------

VALID = zipped(
    [
        (f"hw/{NAME}", SOURCE.encode()),
        ("hw/é.py", b"x" * 500),
        (typed("hw/link", stat.S_IFLNK), b"/etc"),
        ("hw/in.zip", zipped([(f"{SECOND.stem}.py", SOURCE.encode())])),
    ]
)


def refusal(content: bytes) -> str:
    """Read a zip of these bytes to the end: why it is refused, or all of its problems."""
    try:
        gathered = gather.gather([gather.Piece(Zip(io.BytesIO(content), "a.zip"))])
    except IntakeError as error:
        return str(error)
    submission = intake.choose("a", gathered, EXERCISES, EXERCISES)
    assert set(submission.sources.values()) <= {SOURCE}, "what was changed doesn't sum up"
    return "; ".join([*submission.problems.values(), *submission.notes.values()])


@PROPERTY
@given(
    st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, len(VALID)),
    st.binary(max_size=8),
)
@example([], len(VALID), b"")
def test_mutated_zip_is_read_or_refused(
    changes: list[tuple[int, int]], cut: int, inserted: bytes
) -> None:
    """Whatever is changed in a zip, it is read as text or refused in words of one line."""
    content = bytearray(VALID)
    for at, value in changes:
        content[at] = value
    content[cut:cut] = inserted
    told = refusal(bytes(content))
    assert "\n" not in told


@PROPERTY
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    """Bytes that are no zip are refused by name, even with a zip's marks in front and behind."""
    for framed in (content, b"PK\x03\x04" + content, b"PK\x05\x06" + content):
        assert refusal(framed).startswith("a.zip is no whole zip")
