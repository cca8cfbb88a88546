"""Makes what is handed out: the students' copy of the kit, and Gradescope's autograder.

Both are zips whose bytes depend on the kit's files alone: members in order, one time for all, fixed
modes, nothing compressed (what a compressor gives differs between its versions). Before anything is
written, the students' copy is searched for text of answers (see leaks).
"""

from __future__ import annotations

import io
import os
import re
import string
import tomllib
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from grading import stubs
from grading.catalog import STEM, Catalog, Exercise
from grading.errors import Misused
from grading.files import make_folder, write_whole
from grading.handing_out import leaks

Files = dict[str, bytes]
"""What a zip holds: path → content."""

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
EXECUTABLE = ("setup.sh", "run_autograder")
_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell


class ReleaseError(Misused):
    """The release can't be made as it was asked for; the text says why and what to do."""


@dataclass(frozen=True)
class Assignment:
    """What is handed out: its name, its exercises, and the seed of Gradescope's grades."""

    name: str
    exercises: tuple[Exercise, ...]
    seed: int


def release(catalog: Catalog, assignment: Assignment, folder: Path) -> Iterator[tuple[Path, int]]:
    """Write both zips into a new or empty folder; the path of each, and how many files it holds.

    Raises ReleaseError where it can't be done, LeakError where an answer would go out with it,
    WriteError and DiskFullError where the system refuses.
    """
    _check(catalog, assignment, folder)
    students = student_files(catalog, assignment)
    leaks.prove(students, catalog)
    zips = {
        f"{assignment.name}-student.zip": _in_folder(assignment.name, students),
        f"{assignment.name}-gradescope.zip": gradescope_files(catalog, assignment, students),
    }
    _write(folder, {name: zipped(files) for name, files in zips.items()})
    return ((folder / name, len(files)) for name, files in zips.items())


# --- what goes in -------------------------------------------------------------------------------


def student_files(catalog: Catalog, assignment: Assignment) -> Files:
    """The students' copy: stubs, visible tests, probes and their numbers, the grader, a README."""
    home, chosen = catalog.home, assignment.exercises
    paths = list(_kit(catalog, chosen))
    for exercise in chosen:
        paths += [catalog.stub(exercise), home / "tests" / "visible" / f"{exercise.stem}.toml"]
        paths += catalog.tests(exercise, visible_only=True)
        paths += [catalog.probes(exercise), catalog.numbers(exercise)]
    files = {_inside(path, home): path.read_bytes() for path in paths if path.exists()}
    files["README.md"] = _filled(home, "student.md", _words(assignment))
    files[".gitignore"] = (home / ".gitignore").read_bytes()
    files[".github/workflows/classroom.yml"] = _template(home, "classroom.yml").encode()
    return files


def gradescope_files(catalog: Catalog, assignment: Assignment, students: Files) -> Files:
    """The autograder: the students' copy with the hidden tests, and the two scripts at its root."""
    hidden = [path for exercise in assignment.exercises for path in catalog.tests(exercise)]
    kit = students | {_inside(path, catalog.home): path.read_bytes() for path in hidden}
    points = sum(exercise.points for exercise in assignment.exercises)
    numbers = {"seed": str(assignment.seed), "points": str(points)}
    return {
        "setup.sh": _template(catalog.home, "setup.sh").encode(),
        "run_autograder": _filled(catalog.home, "run_autograder", numbers),
        **_in_folder("kit", kit),
    }


def _kit(catalog: Catalog, exercises: tuple[Exercise, ...]) -> Iterator[Path]:
    """What an install of the kit consists of, by pyproject.toml, less other exercises' files."""
    home = catalog.home
    project = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))
    setup = project["tool"]["setuptools"]
    yield home / "pyproject.toml"
    yield from (home / f"{module}.py" for module in setup["py-modules"])
    stems = {exercise.stem for exercise in exercises}
    for package in setup["packages"]:
        folder = home.joinpath(*package.split("."))
        for pattern in ("*.py", *setup["package-data"].get(package, ())):
            for path in folder.glob(pattern):
                if path.stem in stems or not STEM.fullmatch(path.stem):
                    yield path


def _words(assignment: Assignment) -> dict[str, str]:
    """What the students' README is filled with."""
    first = assignment.exercises[0]
    rows = (
        f"| {exercise.number} | {exercise.title} | "
        f"{' '.join(f'`{part.name}`' for part in exercise.parts)} |"
        for exercise in assignment.exercises
    )
    return {
        "assignment": assignment.name,
        "exercises": "\n".join(rows),
        "number": first.number,
        "stem": first.stem,
        "part": first.parts[0].name,
    }


def _filled(home: Path, name: str, words: Mapping[str, str]) -> bytes:
    return string.Template(_template(home, name)).substitute(words).encode()


def _template(home: Path, name: str) -> str:
    return (home / "grading" / "handing_out" / "templates" / name).read_text(encoding="utf-8")


def _inside(path: Path, home: Path) -> str:
    return path.relative_to(home).as_posix()


def _in_folder(name: str, files: Files) -> Files:
    return {f"{name}/{path}": content for path, content in files.items()}


# --- before and after ---------------------------------------------------------------------------


def _check(catalog: Catalog, assignment: Assignment, folder: Path) -> None:
    """Can it be made, and may it be written there? Raises ReleaseError."""
    if not NAME.fullmatch(assignment.name):
        raise ReleaseError(
            f"--assignment {assignment.name!r} becomes the name of files and a folder: letters a "
            f"to z, digits, and . _ - between them, 64 at most; such as {_suggestion(assignment)}"
        )
    for exercise in assignment.exercises:
        solution, stub = catalog.solution(exercise), catalog.stub(exercise)
        if not solution.exists():
            raise ReleaseError(
                "release needs solutions/, to prove that no answer goes out with the stubs; "
                "this copy of the kit doesn't have them"
            )
        right = stubs.stub_of(solution.read_text(encoding="utf-8"), solution.name)
        if not stub.exists() or stub.read_text(encoding="utf-8") != right:
            what = f"is not current: run `python grader.py build {exercise.number}`"
            raise ReleaseError(f"exercises/{stub.name} {what}")
    if folder.resolve().is_relative_to(catalog.home.resolve()):
        raise ReleaseError(f"{folder} is inside the kit; give a folder outside of it")
    if present := _in_it(folder):
        raise ReleaseError(f"{folder} holds {present[0]!r}; give a new or an empty folder")


def _in_it(folder: Path) -> list[str]:
    """The names in a folder; none where it isn't there yet. Raises ReleaseError."""
    try:
        return sorted(os.listdir(folder)) if folder.is_dir() else []
    except OSError as error:
        raise ReleaseError(f"{folder} can't be read: {error.strerror}; give another") from None


def _suggestion(assignment: Assignment) -> str:
    plain = unicodedata.normalize("NFKD", assignment.name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain)[:64].strip("-") or "homework-1"


def zipped(files: Files) -> bytes:
    """A zip of these files: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _TIME)
            member.create_system = 3  # Unix, whatever system this is: its modes are told
            mode = 0o100755 if name in EXECUTABLE else 0o100644
            member.external_attr = mode << 16
            archive.writestr(member, files[name])
    return buffer.getvalue()


def _write(folder: Path, zips: Files) -> None:
    """Write all or nothing. Raises WriteError and DiskFullError."""
    make_folder(folder)
    with ExitStack() as taken_back:  # after Ctrl-C too: the next release needs an empty folder
        for name, content in zips.items():
            taken_back.callback((folder / name).unlink, missing_ok=True)
            write_whole(folder / name, content)
        taken_back.pop_all()
