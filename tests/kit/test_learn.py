"""Proves the numbers by which mistakes are named: how they are kept, and how they are made."""

from __future__ import annotations

import msgspec
import pytest

from grading import catalog as catalogs
from grading.judging.known import Known, Numbers, PartNumbers, read
from grading.proof import learn
from grading.session.starters import ForkServer
from grading.testing import answers
from grading.testing.probes import Note
from tests.kit import tiny
from tests.kit.edits import rewrite
from tests.kit.tiny import only

CATALOG = catalogs.load()


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_committed_numbers_are_sound(exercise: catalogs.Exercise) -> None:
    """They are current, every mistake differs from a right answer, and doubles are declared."""
    assert list(learn.faults(CATALOG, exercise)) == []


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_numbers_hold_no_code(exercise: catalogs.Exercise) -> None:
    """No line of a misconception's or a solution's code is in the file that students get."""
    content = CATALOG.numbers(exercise).read_bytes()
    for answer in answers.read(CATALOG.answers(exercise, "misconceptions")):
        for line in answer.text.splitlines()[1:]:
            if len(line.strip()) > 20 and '"' not in line:
                assert line.strip().encode() not in content


def numbers(*mistakes: Known) -> Numbers:
    """Numbers of one part, in which a right answer gives the first note."""
    notes = (Note("int", (), b"\0\0\0\0"), Note("int", (), b"\0\0\x80?"), Note("nothing"))
    return Numbers(notes, {"part": PartNumbers((0,), mistakes, ())})


def test_mistake_with_a_right_answers_numbers_is_a_fault() -> None:
    """What the probes can't see must be found out when the kit is proved, not by a student."""
    same = numbers(Known("same", "", (0,)), Known("other", "", (1,)))
    assert learn.unseen(same, "part") == ["same"]


def test_mistakes_with_the_same_numbers_are_grouped() -> None:
    """Two names for the same answers are found, whatever stands between them."""
    mistakes = [Known(name, "", (place,)) for name, place in (("a", 1), ("b", 2), ("c", 1))]
    assert learn.alike(numbers(*mistakes), "part") == [["a", "c"]]


def test_numbers_survive_the_file() -> None:
    """What is written is what is read."""
    kept = numbers(Known("a", "say", (1, 2)))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=Numbers) == kept


# --- learning the numbers -----------------------------------------------------------------------


Learned = tuple[catalogs.Catalog, Numbers, list[tuple[int, int]]]


@pytest.fixture(scope="module")
def learned(server: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """A small kit in which one mistake gives no answers, its numbers, and what was told."""
    kit = tiny.tiny(tmp_path_factory.mktemp("learn") / "kit")
    wrong = kit.answers(only(kit), "misconceptions")
    rewrite(wrong, "    return x ** 3\n", "    raise NotImplementedError\n")
    path, told = tiny.with_probes(kit), []
    content = learn.learn(kit, only(kit), server, lambda *done: told.append(done))
    path.write_bytes(content)
    return kit, read(path), told


def test_learned_numbers_have_no_faults(learned: Learned) -> None:
    """What was just learned is current, and tells all mistakes apart."""
    kit, _, _ = learned
    assert list(learn.faults(kit, only(kit))) == []


def test_mistake_without_answers_is_kept_as_silent(learned: Learned) -> None:
    """A mistake that answers nothing stands among the silent ones, and has no numbers."""
    _, numbers, _ = learned
    assert numbers.parts["quadruple"].silent == ("cube",)
    assert "cube" not in {mistake.id for mistake in numbers.parts["quadruple"].known}
    assert numbers.parts["double"].silent == ()


def test_simplest_mistake_comes_first(learned: Learned) -> None:
    """Of mistakes that give the same numbers the first is named: the one of the shortest text."""
    _, numbers, _ = learned
    assert [mistake.id for mistake in numbers.parts["double"].known][:1] == ["same"]
    assert {mistake.id for mistake in numbers.parts["double"].known} == set(tiny.WRONG["double"])


def test_progress_of_learning_is_told(learned: Learned) -> None:
    """Each mistake is told once as it is asked, with how many there are."""
    assert learned[2] == [(done, 8) for done in range(1, 9)]


def test_learning_twice_gives_the_same_bytes(learned: Learned, server: ForkServer) -> None:
    """The file changes only where an answer does."""
    kit, _, _ = learned
    again = learn.learn(kit, only(kit), server)
    assert again == kit.numbers(only(kit)).read_bytes()
