"""Folders as places: what can't be read is told, with descriptors and where a system has none."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grading.handed_in import places
from grading.handed_in.places import Folder, IntakeError, Item, Kind


@pytest.fixture(params=[True, False], ids=["descriptors", "paths"])
def folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Folder:
    """A folder with a file below another folder, and links to both, on both kinds of systems."""
    monkeypatch.setattr(places, "_BY_DESCRIPTOR", places._BY_DESCRIPTOR and request.param)
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "a.py").write_bytes(b"0123456789")
    (tmp_path / "link").symlink_to("hw")
    (tmp_path / "hw" / "link.py").symlink_to("a.py")
    return Folder(tmp_path)


def test_file_below_a_folder_is_read(folder: Folder) -> None:
    """A file is listed and read by the steps that lead to it."""
    assert folder.items(("hw",)) == [Item("a.py", Kind.FILE), Item("link.py", Kind.LINK)]
    assert folder.fetch(("hw", "a.py"), 4) == b"0123"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (("link", "a.py"), "a.py can't be read: "),
        (("hw", "link.py"), "link.py is a link"),
        (("hw", "no.py"), "no.py can't be read: No such file"),
        (("hw",), "hw is a folder"),
    ],
    ids=["through a link", "a link", "nothing", "a folder"],
)
def test_what_is_no_plain_file_is_not_opened(
    folder: Folder, steps: tuple[str, ...], said: str
) -> None:
    """No link is followed, be it the file or a folder on the way, and what it is gets told."""
    with pytest.raises(IntakeError, match=said):
        folder.open(steps)


def test_linked_folder_is_not_listed(folder: Folder) -> None:
    """A link to a folder is no way into it."""
    with pytest.raises(IntakeError, match="link can't be read: "):
        folder.items(("link",))


def test_folder_of_too_many_names_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a folder holds more names than are listed, nothing of it is taken, and that is said."""
    monkeypatch.setattr(places, "MAX_LISTED", 1)
    with pytest.raises(IntakeError, match="hw holds over 1 files"):
        folder.items(("hw",))


def test_disk_that_fails_while_reading_is_told(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that opens and then can't be read is told with its name and the system's reason."""

    def fails(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "pread", fails)
    with pytest.raises(IntakeError, match=r"hw/a\.py can't be read: Input/output error"):
        folder.fetch(("hw", "a.py"), 10)


def test_name_of_which_nothing_can_be_known_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that the system can't look at is listed, as neither a file nor a folder."""

    class Entry:
        name = "odd"

        def is_symlink(self) -> bool:
            raise OSError(errno.EIO, "Input/output error")

    @contextmanager
    def scandir(_: object) -> Iterator[Iterator[Entry]]:
        yield iter([Entry()])

    monkeypatch.setattr(os, "scandir", scandir)
    assert Folder(tmp_path).items(()) == [Item("odd", Kind.OTHER)]


READ: dict[str, Callable[[Any], bytes]] = {
    "all": lambda file: file.read(),
    "from the end": lambda file: (file.seek(-3, os.SEEK_END), file.read(9))[1],
    "on from here": lambda file: (file.read(2), file.seek(1, os.SEEK_CUR), file.read(2))[2],
    "past the end": lambda file: (file.seek(99), file.read())[1],
}


@pytest.mark.parametrize("read", READ.values(), ids=READ.keys())
@pytest.mark.parametrize("has_pread", [True, False], ids=["pread", "lseek"])
def test_opened_file_reads_as_any_other(
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    read: Callable[[Any], bytes],
    has_pread: bool,
) -> None:
    """What is sought and read is what a file in memory gives, whatever the system offers."""
    if not has_pread:
        monkeypatch.delattr(os, "pread")
    with folder.open(("hw", "a.py")) as file:
        assert file.readable()
        assert file.seekable()
        assert read(file) == read(io.BytesIO(b"0123456789"))


def test_place_before_the_file_is_refused(folder: Folder) -> None:
    """Seeking to before the beginning is an error, as for any file."""
    with folder.open(("hw", "a.py")) as file, pytest.raises(OSError, match="no such place"):
        file.seek(-1)
