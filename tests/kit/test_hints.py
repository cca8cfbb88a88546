"""Proves that the hint ladder climbs one rung at a time, and that a lost memory does no harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.catalog import Exercise, Part
from grading.hints import Ladder
from grading.results import Diagnosis, ExerciseResult, PartResult, Result, Status
from tests.kit import results_by_hand as by_hand

PROPERTY = settings(max_examples=25, deadline=None)

RUNGS = ("Ask.", "Show.", "Tell.")
EXERCISE = Exercise("ex01_a", "A title", (Part("step", 5, RUNGS), Part("all", 5, RUNGS)))
OTHER = Exercise("ex02_b", "Another", (Part("step", 10, RUNGS),))


def memory(home: Path) -> Path:
    """Where the rungs are remembered."""
    return home / ".kit" / "hints.json"


def remember(home: Path, content: bytes) -> Path:
    """A kit whose memory holds these bytes."""
    memory(home).parent.mkdir(exist_ok=True)
    memory(home).write_bytes(content)
    return home


def rungs(ladder: Ladder, count: int, part: str = "step") -> list[int]:
    """The rungs of so many hints in a row."""
    return [ladder.next(EXERCISE, part).rung for _ in range(count)]


def test_ladder_climbs_and_stays_at_the_last(tmp_path: Path) -> None:
    """Each hint is one rung higher; after the last one comes the last again."""
    assert rungs(Ladder(tmp_path), 5) == [1, 2, 3, 3, 3]


def test_hint_says_all_about_its_rung(tmp_path: Path) -> None:
    """A hint has its exercise, its part, its rung, how many there are, and its text."""
    ladder = Ladder(tmp_path)
    for number, text in enumerate(RUNGS, start=1):
        hint = ladder.next(EXERCISE, "step")
        assert (hint.exercise, hint.part) == (EXERCISE, "step")
        assert (hint.rung, hint.rungs, hint.text) == (number, 3, text)


def test_rung_is_remembered(tmp_path: Path) -> None:
    """A ladder that is taken up again goes on where it was left."""
    rungs(Ladder(tmp_path), 1)
    assert rungs(Ladder(tmp_path), 2) == [2, 3]


def test_every_part_has_its_own_ladder(tmp_path: Path) -> None:
    """Hints of one part don't move another's ladder, even of one name in another exercise."""
    ladder = Ladder(tmp_path)
    rungs(ladder, 2)
    assert ladder.next(EXERCISE, "all").rung == 1
    assert ladder.next(OTHER, "step").rung == 1
    assert rungs(ladder, 1) == [3]


def test_reset_starts_at_the_first_rung(tmp_path: Path) -> None:
    """After a reset the ladder is climbed anew, from the first rung on."""
    ladder = Ladder(tmp_path)
    rungs(ladder, 3)
    assert ladder.next(EXERCISE, "step", reset=True).rung == 1
    assert rungs(ladder, 2) == [2, 3]


def test_reset_leaves_the_others_alone(tmp_path: Path) -> None:
    """A reset concerns one part."""
    ladder = Ladder(tmp_path)
    rungs(ladder, 2, "all")
    ladder.next(EXERCISE, "step", reset=True)
    assert rungs(ladder, 1, "all") == [3]


def test_memory_is_one_small_file(tmp_path: Path) -> None:
    """All rungs are kept in `.kit/hints.json`, and nothing else is written."""
    rungs(Ladder(tmp_path), 2)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written == [memory(tmp_path)]
    assert json.loads(memory(tmp_path).read_text(encoding="utf-8")) == {"ex01_a/step": 2}


BROKEN = {
    "empty": b"",
    "cut off": b'{"ex01_a/step": ',
    "no text": b"\xff\xfe\0",
    "a list": b"[1, 2]",
    "a number": b"3",
    "null": b"null",
    "a text for a rung": b'{"ex01_a/step": "2"}',
    "a fraction for a rung": b'{"ex01_a/step": 1.5}',
    "a rung below the first": b'{"ex01_a/step": -7}',
    "endless brackets": b"[" * 100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_broken_memory_starts_at_the_first_rung(tmp_path: Path, content: bytes) -> None:
    """A memory that can't be read is an empty one, and is written anew."""
    assert rungs(Ladder(remember(tmp_path, content)), 4) == [1, 2, 3, 3]


def test_rung_past_the_last_is_the_last(tmp_path: Path) -> None:
    """A memory of more rungs than there are gives the last one."""
    assert rungs(Ladder(remember(tmp_path, b'{"ex01_a/step": 99}')), 1) == [3]


def test_what_else_is_remembered_stays(tmp_path: Path) -> None:
    """Rungs of other exercises, that this kit may not know, stay in the memory."""
    rungs(Ladder(remember(tmp_path, b'{"ex77_z/f": 2}')), 1)
    assert json.loads(memory(tmp_path).read_text(encoding="utf-8"))["ex77_z/f"] == 2


@PROPERTY
@given(st.dictionaries(st.text(max_size=4), st.none() | st.integers() | st.text(max_size=3)))
def test_any_memory_gives_a_rung(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, int | str | None]
) -> None:
    """Whatever JSON the memory holds, a hint is given."""
    home = remember(tmp_path_factory.getbasetemp(), json.dumps(table).encode())
    assert rungs(Ladder(home), 2) == [1, 2]


def unwritable_folder(home: Path) -> None:
    """A file stands where the folder would be."""
    (home / ".kit").touch()


def unwritable_file(home: Path) -> None:
    """A folder stands where the file would be."""
    memory(home).mkdir(parents=True)


def no_home(home: Path) -> None:
    """The kit's own folder is gone."""
    home.rmdir()


@pytest.mark.parametrize("spoil", [unwritable_folder, unwritable_file, no_home])
def test_without_memory_it_is_always_the_first_rung(tmp_path: Path, spoil: object) -> None:
    """Where nothing can be remembered, a hint is given all the same: the first."""
    home = tmp_path / "kit"
    home.mkdir()
    assert callable(spoil)
    spoil(home)
    assert rungs(Ladder(home), 3) == [1, 1, 1]


def test_memory_without_permission_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder that may not be written, what is remembered is read and the rung given."""
    home = remember(tmp_path, b'{"ex01_a/step": 1}')

    def forbidden(path: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "replace", forbidden)
    assert rungs(Ladder(home), 2) == [2, 2]


# --- diagnoses ----------------------------------------------------------------------------------


def diagnosed(say: str) -> Result:
    """A check of EXERCISE in which this is said of its first part."""
    part = PartResult("step", Status.FAILED, 0.0, 5.0, diagnosis=Diagnosis("known", say))
    return by_hand.result(ExerciseResult("ex01_a", "A title", Status.FAILED, 0, 10, (part,), ()))


def told(ladder: Ladder) -> str:
    """The text of the next hint."""
    return ladder.next(EXERCISE, "step").text


def test_diagnosis_is_told_once_however_often_it_is_found(tmp_path: Path) -> None:
    """A further check that finds the same mistake doesn't repeat what was said; another is said."""
    ladder = Ladder(tmp_path)
    ladder.note(diagnosed("Where is b?"))
    assert [told(ladder), told(ladder)] == ["Where is b?", "Ask."]
    ladder.note(diagnosed("Where is b?"))
    assert told(ladder) == "Show."
    ladder.note(diagnosed("Which way round?"))
    assert told(ladder) == "Which way round?"


def mended() -> Result:
    """A check of EXERCISE in which its first part is right."""
    part = PartResult("step", Status.PASSED, 5.0, 5.0)
    return by_hand.result(ExerciseResult("ex01_a", "A title", Status.FAILED, 5, 10, (part,), ()))


def test_mistake_that_was_mended_and_comes_back_is_told_again(tmp_path: Path) -> None:
    """Who makes a mistake anew, after it was right, reads what it is anew."""
    ladder = Ladder(tmp_path)
    for _ in range(2):
        ladder.note(diagnosed("Where is b?"))
        assert told(ladder) == "Where is b?"
        ladder.note(mended())
    assert told(ladder) == "Ask."


def test_mistake_that_was_mended_before_a_hint_is_not_told(tmp_path: Path) -> None:
    """What was found once and is right by now is no hint any more."""
    ladder = Ladder(tmp_path)
    ladder.note(diagnosed("Where is b?"))
    ladder.note(mended())
    assert told(ladder) == "Ask."


def test_exercise_alone_means_its_first_part_that_is_not_right(tmp_path: Path) -> None:
    """Who names no part gets a hint for what is still to be done; for the first one at the end."""
    ladder = Ladder(tmp_path)
    assert ladder.first(EXERCISE) == "step"
    ladder.note(mended())
    assert ladder.first(EXERCISE) == "all"
    ladder.note(diagnosed("Where is b?"))
    assert ladder.first(EXERCISE) == "step"
