"""A zip as a place: its files are listed and read one at a time; nothing is ever unpacked to disk.

Whatever a zip declares about itself is not believed: sizes are capped while reading, and the
directory is not read where it is larger than any honest one.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO, cast

from grading.handed_in.places import MAX_DEPTH, IntakeError, Item, Kind, Place, Steps, shown

MAX_INNER = 16 * 1024 * 1024
"""A zip inside a zip is read into memory, up to this many bytes."""

OTHER_ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar")
"""Not read: their formats can't be bounded as a zip's can, or need a program of their own."""

_DRIVE = re.compile(r"[A-Za-z]:")
_UTF8, _ENCRYPTED = 0x800, 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
    struct.error,
)


@dataclass(frozen=True)
class Limits:
    """How many members a zip may have, and how many bytes its directory.

    Where it is strict, one bad name makes the whole zip bad (a submission), else itself alone (a
    class, in which nobody answers for another's file).
    """

    members: int
    directory: int
    strict: bool


SUBMISSION = Limits(members=5_000, directory=2 * 1024 * 1024, strict=True)
CLASS = Limits(members=100_000, directory=32 * 1024 * 1024, strict=False)


def is_zip(name: str) -> bool:
    """Does a file's name say that it is a zip?"""
    return name.lower().endswith(".zip")


def is_other_archive(name: str) -> bool:
    """Does a file's name say that it is an archive of a kind that isn't read?"""
    return name.lower().endswith(OTHER_ARCHIVES)


def open_in(place: Place, steps: Steps, limits: Limits = SUBMISSION) -> Zip:
    """The zip that lies in a place. Raises IntakeError."""
    return Zip(place.open(steps), shown(steps[-1]), limits)


class Zip:
    """A zip, as a place. Raises IntakeError where it is none, is cut short, or is over the limits.

    `name` is what the errors call it.
    """

    def __init__(self, file: BinaryIO, name: str, limits: Limits = SUBMISSION) -> None:
        self._name = name
        self._folders: dict[Steps, dict[str, Item]] = {(): {}}
        self._infos: dict[Steps, zipfile.ZipInfo] = {}
        try:
            self._zip = self._opened(file, limits)
            for info in self._zip.infolist():
                self._add(info, limits.strict)
        except BaseException:
            file.close()
            raise

    def items(self, steps: Steps) -> list[Item]:
        """What lies in a folder of the zip, by name. Raises IntakeError."""
        if steps not in self._folders:
            raise IntakeError(f"{shown(steps)} is no folder of {self._name}")
        return [item for _, item in sorted(self._folders[steps].items())]

    def fetch(self, steps: Steps, cap: int) -> bytes:
        """The content of a member, up to `cap` bytes, whatever it declares. Raises IntakeError."""
        name = f"{shown(steps)} in {self._name}"
        info = self._member(steps, name)
        try:
            with self._zip.open(info) as member:
                return member.read(cap)
        except _BROKEN as error:
            raise IntakeError(f"{name} is damaged ({_said(error)}); make the zip again") from None

    def open(self, steps: Steps) -> BinaryIO:
        """A member of at most MAX_INNER bytes, in memory. Raises IntakeError."""
        content = self.fetch(steps, MAX_INNER)
        if len(content) >= MAX_INNER:
            raise IntakeError(
                f"{shown(steps)} is a file of {MAX_INNER} bytes or more inside {self._name}; "
                "unpack the outer zip first"
            )
        return io.BytesIO(content)

    def _opened(self, file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
        capped = _Capped(file, limits.directory, self._name)
        try:
            opened = zipfile.ZipFile(cast(BinaryIO, capped))  # it is one in all that zipfile uses
        except _BROKEN as error:
            raise IntakeError(
                f"{self._name} is no whole zip ({_said(error)}); make or download it again"
            ) from None
        if len(opened.infolist()) > limits.members:
            raise IntakeError(
                f"{self._name} has over {limits.members} members; hand in the exercise files alone"
            )
        capped.cap = MAX_INNER
        return opened

    def _add(self, info: zipfile.ZipInfo, strict: bool) -> None:
        """Give a member its place among the folders. Raises IntakeError if it must have none."""
        name = _name(info)
        path = name.replace("\\", "/")
        steps = tuple(step for step in path.split("/") if step not in ("", "."))
        why = _fault_of_name(path, steps) or self._clash(steps, path.endswith("/"))
        if why and strict:
            raise IntakeError(f"{self._name} is not taken: {shown(name)} {why}")
        if not steps or len(steps) > MAX_DEPTH:
            return
        for depth in range(len(steps) - 1):
            self._put(steps[:depth], Item(steps[depth], Kind.FOLDER))
        kind = Kind.FOLDER if path.endswith("/") else _kind(info)
        self._put(steps[:-1], Item(steps[-1], Kind.OTHER if why else kind, why))
        if not why and kind is Kind.FOLDER:
            self._folders.setdefault(steps, {})
        elif not why:
            self._infos[steps] = info

    def _put(self, folder: Steps, item: Item) -> None:
        known = self._folders.setdefault(folder, {})
        if item.why or item.name not in known:
            known[item.name] = item
        if item.kind is Kind.FOLDER:
            self._folders.setdefault((*folder, item.name), {})

    def _clash(self, steps: Steps, is_folder: bool) -> str:
        above = any(steps[:depth] in self._infos for depth in range(1, len(steps)))
        twice = steps in self._infos or (not is_folder and steps in self._folders)
        return "is in it twice" if steps and (above or twice) else ""

    def _member(self, steps: Steps, name: str) -> zipfile.ZipInfo:
        item = self._folders.get(steps[:-1], {}).get(steps[-1])
        if item is None:
            raise IntakeError(f"{name} is not there")
        if item.why:
            raise IntakeError(f"{name} {item.why}")
        if item.kind is not Kind.FILE:
            kinds = {Kind.FOLDER: "a folder", Kind.LINK: "a link"}
            kind = kinds.get(item.kind, "no plain file")
            raise IntakeError(f"{name} is {kind}; expected a plain file")
        info = self._infos[steps]
        if info.flag_bits & _ENCRYPTED:
            raise IntakeError(f"{name} is encrypted; make the zip without a password")
        if info.compress_type not in _METHODS:
            raise IntakeError(f"{name} is compressed in a rare way; make the zip with deflate")
        return info


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; UTF-8 that isn't declared as such, as macOS writes it, is recognised."""
    if not info.flag_bits & _UTF8:
        try:
            return info.orig_filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.orig_filename


def _fault_of_name(path: str, steps: Steps) -> str:
    if "\0" in path:
        return "has a NUL in its name"
    if path.startswith("/"):
        return "has an absolute path"
    if _DRIVE.match(path):
        return "names a drive"
    if ".." in steps:
        return "leads out of it"
    return f"lies in over {MAX_DEPTH} folders" if len(steps) > MAX_DEPTH else ""


def _kind(info: zipfile.ZipInfo) -> Kind:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return Kind.LINK
    return Kind.FILE if kind in (0, stat.S_IFREG) else Kind.OTHER


def _said(error: BaseException) -> str:
    return shown(str(error)) or type(error).__name__


class _Capped(io.RawIOBase):
    """Passes on to a file, and refuses to read more at once than a cap."""

    def __init__(self, file: BinaryIO, cap: int, name: str) -> None:
        self.cap = cap
        self._file = file
        self._name = name

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            at = self._file.tell()
            size = self._file.seek(0, io.SEEK_END) - at
            self._file.seek(at)
        if size > self.cap:
            raise IntakeError(f"{self._name} has a directory of over {self.cap} bytes")
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()
        super().close()
