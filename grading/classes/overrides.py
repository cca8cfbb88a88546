"""Points that an instructor gives a part in place of those its tests gave: overrides.csv.

    submission,part,points,reason
    ada,rnn_step,5,shown to be right in office hours

The file stands beside a class's results, is only ever read, and so survives every regrade.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from grading.catalog import Catalog, Exercise
from grading.errors import Misused
from grading.results import HUNDREDTHS, ExerciseResult, Override, PartResult, Result, summed

NAME = "overrides.csv"
_COLUMNS = ("submission", "part", "points", "reason")


class OverridesError(Misused):
    """The file is not as it should be; the text says in which line, and what to do."""


Given = Mapping[str, Override]
"""For one submission: an override for each `stem/part`."""


def read(path: Path, catalog: Catalog) -> dict[str, dict[str, Override]]:
    """The overrides by submission; none where there is no such file. Raises OverridesError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise OverridesError(f"{path} can't be read: {error}") from None
    try:
        return _parsed(text, path, catalog)
    except csv.Error as error:
        raise OverridesError(f"{path}: {error}") from None


def _parsed(text: str, path: Path, catalog: Catalog) -> dict[str, dict[str, Override]]:
    rows = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    if tuple(rows.fieldnames or ()) != _COLUMNS:
        raise OverridesError(f"{path}:1 must read: {','.join(_COLUMNS)}")
    found: dict[str, dict[str, Override]] = {}
    for row in rows:
        where = f"{path}:{rows.line_num}"
        if None in row or None in row.values():
            raise OverridesError(f"{where} has not {len(_COLUMNS)} columns")
        key, override = _override(row, catalog, where)
        if key in found.setdefault(row["submission"], {}):
            raise OverridesError(f"{where}: a second override of {row['part']}")
        found[row["submission"]][key] = override
    return found


def check_names(given: Mapping[str, Given], names: Iterable[str], folder: Path) -> None:
    """Every overridden submission is one of the class. Raises OverridesError."""
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise OverridesError(f"{folder / NAME}: there is no submission {unknown[0]!r:.80}")


def apply(result: Result, given: Given) -> Result:
    """The result with these overrides, and with those that it had before taken back."""
    exercises = tuple(_exercise(exercise, given) for exercise in result.exercises)
    score = summed(exercise.score for exercise in exercises)
    return msgspec.structs.replace(result, exercises=exercises, score=score)


def _exercise(exercise: ExerciseResult, given: Given) -> ExerciseResult:
    parts = tuple(_part(part, given.get(f"{exercise.id}/{part.name}")) for part in exercise.parts)
    return msgspec.structs.replace(
        exercise, parts=parts, score=summed(part.score for part in parts)
    )


def _part(part: PartResult, override: Override | None) -> PartResult:
    graded = part.override.graded if part.override else part.score
    if override is None:
        return msgspec.structs.replace(part, score=graded, override=None)
    own = msgspec.structs.replace(override, graded=graded)
    return msgspec.structs.replace(part, score=own.points, override=own)


def _override(row: dict[str, str], catalog: Catalog, where: str) -> tuple[str, Override]:
    exercise = _exercise_of(row["part"].rpartition("/"), catalog, where)
    name = row["part"].rpartition("/")[2]
    most = exercise.by_name[name].points
    try:
        points = round(float(row["points"]) * HUNDREDTHS) / HUNDREDTHS
    except (ValueError, OverflowError):
        raise OverridesError(f"{where}: {row['points']!r:.40} is no number of points") from None
    if not 0 <= points <= most:
        raise OverridesError(f"{where}: {name} has 0 to {most} points, not {points:g}")
    if not row["reason"].strip():
        raise OverridesError(f"{where}: an override needs a reason")
    return f"{exercise.stem}/{name}", Override(points, 0.0, row["reason"].strip())


def _exercise_of(named: tuple[str, str, str], catalog: Catalog, where: str) -> Exercise:
    """The exercise of `part`, `exNN/part` or `exNN_name/part`."""
    exercise, _, part = named
    for found in catalog.exercises:
        if part in found.by_name and exercise in ("", found.number, found.stem):
            return found
    raise OverridesError(f"{where}: there is no part {''.join(named)!r:.80}")
