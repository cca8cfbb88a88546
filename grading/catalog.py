"""Finds the exercises and everything that belongs to each, by file stem.

An exercise is `tests/visible/exNN_name.toml` (title, parts, points, hints: data that ships to
students) and the files of the same stem in the other folders.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import msgspec

from grading.errors import Misused

HOME = Path(__file__).resolve().parent.parent
_NUMBER = re.compile(r"(?:ex)?(\d{1,2})", re.ASCII)
STEM = re.compile(r"ex\d\d_[a-z0-9_]+")


class CatalogError(Misused):
    """A file of the kit is not as it should be; the text says which, and what to do."""


@dataclass(frozen=True)
class Part:
    """One function or class that a student writes."""

    name: str
    points: int
    hints: tuple[str, ...]
    uses: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise: its stem (`ex01_recurrence`), its title, its parts in order.

    `optimizers`: steps of torch.optim are taken in it, for which a worker imports much.
    """

    stem: str
    title: str
    parts: tuple[Part, ...]
    optimizers: bool = False

    @property
    def number(self) -> str:
        """What it is called on the command line: `ex01`."""
        return self.stem.partition("_")[0]

    @property
    def points(self) -> int:
        """All of its parts' points together."""
        return sum(part.points for part in self.parts)

    @cached_property
    def by_name(self) -> dict[str, Part]:
        """The parts by their names."""
        return {part.name: part for part in self.parts}


@dataclass(frozen=True)
class Catalog:
    """All exercises of a kit, and where their files are."""

    home: Path
    exercises: tuple[Exercise, ...]

    def solution(self, exercise: Exercise) -> Path:
        """The reference answer, between markers."""
        return self.home / "solutions" / f"{exercise.stem}.py"

    def stub(self, exercise: Exercise) -> Path:
        """What students edit."""
        return self.home / "exercises" / f"{exercise.stem}.py"

    def tests(self, exercise: Exercise, visible_only: bool = False) -> list[Path]:
        """The graded tests that are here: visible ones, and hidden ones where the kit has them."""
        folders = ("visible",) if visible_only else ("visible", "hidden")
        paths = [self.home / "tests" / name / f"test_{exercise.stem}.py" for name in folders]
        return [path for path in paths if path.exists()]

    def answers(self, exercise: Exercise, kind: str) -> Path:
        """The file of wrong (`misconceptions`) or further right answers (`alternatives`)."""
        return self.home / "tests" / kind / f"{exercise.stem}.py"

    def probes(self, exercise: Exercise) -> Path:
        """The fixed questions by which known mistakes are recognised."""
        return self.home / "tests" / "probes" / f"{exercise.stem}.py"

    def numbers(self, exercise: Exercise) -> Path:
        """What known mistakes answer to the probes."""
        return self.probes(exercise).with_suffix(".msgpack")

    @property
    def has_hidden(self) -> bool:
        """Does this copy of the kit have hidden tests?"""
        return any((self.home / "tests" / "hidden").glob("test_ex*.py"))

    def select(self, names: list[str]) -> tuple[Exercise, ...]:
        """The exercises of these names (`ex01`, `1` or a whole stem), in order; all for no names.

        Raises CatalogError for a name that no exercise has.
        """
        if not names:
            return self.exercises
        wanted = {self.find(name).stem for name in names}
        return tuple(exercise for exercise in self.exercises if exercise.stem in wanted)

    def find(self, name: str) -> Exercise:
        """The exercise of this name. Raises CatalogError where there is none."""
        short = name.removesuffix(".py").lower()
        if number := _NUMBER.fullmatch(short):
            short = f"ex{int(number[1]):02d}"
        for exercise in self.exercises:
            if short in (exercise.stem, exercise.number):
                return exercise
        if owner := of_part(self.exercises, name):
            raise CatalogError(f"{name} is a part: name its exercise, {owner.number}")
        known = ", ".join(exercise.number for exercise in self.exercises)
        raise CatalogError(f"there is no exercise {name!r}; there are: {known}")

    def knows(self, name: str) -> bool:
        """Is this an exercise's name?"""
        try:
            return bool(self.find(name))
        except CatalogError:
            return False

    def of_file(self, path: Path) -> Exercise | None:
        """The exercise whose stem a file bears."""
        stem = path.stem.removeprefix("test_")
        return next((exercise for exercise in self.exercises if exercise.stem == stem), None)


def load(home: Path = HOME) -> Catalog:
    """Read all exercises of a kit. Raises CatalogError for a file that is not as it should be."""
    paths = sorted((home / "tests" / "visible").glob("ex*.toml"))
    if not paths:
        folder = home / "tests" / "visible"
        raise CatalogError(f"{folder} holds no exNN_name.toml: use grader.py of a whole kit")
    return Catalog(home, tuple(_read(path) for path in paths))


def optimizers(exercises: tuple[Exercise, ...]) -> bool:
    """Are steps of torch.optim taken in any of these?"""
    return any(exercise.optimizers for exercise in exercises)


def of_part(exercises: tuple[Exercise, ...], part: str) -> Exercise | None:
    """The first of these exercises that has a part of this name."""
    return next((exercise for exercise in exercises if part in exercise.by_name), None)


class _PartTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    points: Annotated[int, msgspec.Meta(ge=1)]
    hints: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    uses: tuple[str, ...] = ()
    by_hand: tuple[str, ...] | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    parts: Annotated[dict[str, Any], msgspec.Meta(min_length=1)]
    by_hand: tuple[str, ...] = ()
    optimizers: bool = False


def _read(path: Path) -> Exercise:
    if not STEM.fullmatch(path.stem):
        raise CatalogError(f"{path}: an exercise is named exNN_name, in small letters")
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise CatalogError(f"{path}: {error}") from None
    parts = (_part(path, name, given, file.by_hand) for name, given in file.parts.items())
    return Exercise(path.stem, file.title, tuple(parts), file.optimizers)


def _part(path: Path, name: str, given: Any, by_hand: tuple[str, ...]) -> Part:
    """A part of its own, so that an error can name it; `by_hand` holds where it has no list."""
    try:
        table = msgspec.convert(given, _PartTable)
    except msgspec.ValidationError as error:
        raise CatalogError(f"{path}: [parts.{name}]: {error}") from None
    own = by_hand if table.by_hand is None else table.by_hand
    return Part(name, table.points, table.hints, table.uses, own)
