"""Says which exercise a file's name means where it isn't quite the one that was asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from grading.catalog import Exercise

_NUMBER = re.compile(r"(?<![^\W\d_])(?:ex|exercise)[\s_-]*0*(\d{1,2})(?!\d)")
_COPY = re.compile(r"v?\d+|copy|of|final|new|version")
_TEST = ("test", "tests")


def meant(name: str, exercises: Iterable[Exercise]) -> Exercise | None:
    """The one exercise that a file's name can mean; None for none, and for more than one.

    A name means an exercise by its number (`ex01`, `Exercise 1`), wherever it stands, unless it
    also spells another one's name; or by that exercise's name alone (`recurrence (2)`). A test of
    an exercise is no answer to it.
    """
    words = words_of(name)
    if not words or words[0] in _TEST or words[-1] in _TEST:
        return None
    spelled = [exercise for exercise in exercises if _spells(words, exercise)]
    numbered = [exercise for exercise in exercises if exercise.number in words]
    if len(numbered) > 1:
        numbered = [exercise for exercise in numbered if exercise in spelled]
    if numbered:
        return numbered[0] if len(numbered) == 1 and spelled in ([], numbered) else None
    own = [word for word in words if not _COPY.fullmatch(word)]
    alone = [exercise for exercise in spelled if own == _name_words(exercise)]
    return alone[0] if len(alone) == 1 else None


def says_another(name: str, exercises: Iterable[Exercise]) -> bool:
    """Does a file's name speak of any of these exercises, or of a test?"""
    words = words_of(name)
    tests = words[:1] + words[-1:]
    return any(word in _TEST for word in tests) or any(
        exercise.number in words or _spells(words, exercise) for exercise in exercises
    )


def rest_of(name: str, exercise: Exercise) -> str:
    """What a file's name says beside the exercise: `alice` for `alice_ex01_recurrence.py`."""
    own = {exercise.number, *_name_words(exercise)}
    return "_".join(word for word in words_of(name) if word not in own)


def words_of(name: str) -> list[str]:
    """The words of a file's name in small letters, without its suffix; `Exercise 1` is `ex01`."""
    plain = unicodedata.normalize("NFKC", PurePosixPath(name).stem).casefold()
    numbered = _NUMBER.sub(lambda match: f" ex{int(match[1]):02d} ", plain)
    return [word for word in re.split(r"[\W_]+", numbered) if word]


def _spells(words: list[str], exercise: Exercise) -> bool:
    own = _name_words(exercise)
    return any(words[at : at + len(own)] == own for at in range(len(words) - len(own) + 1))


def _name_words(exercise: Exercise) -> list[str]:
    return exercise.stem.partition("_")[2].split("_")
