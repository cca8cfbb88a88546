"""What an exercise lacks is found by reading its files, and told with what to mend."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grading import catalog as catalogs
from grading import inventory
from grading.catalog import Catalog
from grading.diagnose import Known, Numbers, PartNumbers
from grading.probes import Note
from tests.kit import tiny
from tests.kit.edits import append, rewrite
from tests.kit.tiny import only

Spoil = Callable[[Catalog], object]

WRONG = "tests/misconceptions/"
RIGHT = "tests/alternatives/"
DATA = "tests/visible/"


def found(kit: Catalog) -> list[str]:
    """The faults of the kit as it stands now, each as one line, without the exercise's stem."""
    catalog = catalogs.load(kit.home)
    stem = only(catalog).stem
    return [
        f"{fault.where} {fault.what}".replace(stem, "ex")
        for fault in inventory.faults(catalog, only(catalog))
    ]


def data(kit: Catalog) -> Path:
    """The exercise's own data."""
    return kit.home / "tests" / "visible" / f"{only(kit).stem}.toml"


def answers(kit: Catalog, kind: str) -> Path:
    """A file of named answers."""
    return kit.answers(only(kit), kind)


def test_whole_exercise_has_no_faults(kit: Catalog) -> None:
    """Where all is there and current, nothing is told."""
    assert found(kit) == []


FAULTS: dict[str, tuple[Spoil, str]] = {
    "stub that was edited": (
        lambda kit: append(kit.stub(only(kit)), "# edited\n"),
        "exercises/ex.py is not current: run `grader.py build`",
    ),
    "stub that is not there": (
        lambda kit: kit.stub(only(kit)).unlink(),
        "exercises/ex.py is not current: run `grader.py build`",
    ),
    "answer without a task": (
        lambda kit: rewrite(kit.solution(only(kit)), "    # TODO: call double\n", ""),
        "solutions/ex.py has an answer without a `# TODO:` above it",
    ),
    "too few wrong answers": (
        lambda kit: rewrite(answers(kit, "misconceptions"), '"double", "So?"', '"quadruple", ""'),
        f"{WRONG}ex.py has 3 for double; at least 4 are needed",
    ),
    "too few right answers": (
        lambda kit: rewrite(answers(kit, "alternatives"), '"quadruple"', '"double"'),
        f"{RIGHT}ex.py has 1 for quadruple; at least 2 are needed",
    ),
    "no right answers at all": (
        lambda kit: answers(kit, "alternatives").unlink(),
        f"{RIGHT}ex.py has 0 for double; at least 2 are needed",
    ),
    "too few hints": (
        lambda kit: rewrite(data(kit), '["a", "b", "c"]', '["a", "b"]'),
        f"{DATA}ex.toml has 2 hints for double; 3 are needed",
    ),
    "use of a part that is not there": (
        lambda kit: rewrite(data(kit), 'uses = ["double"]', 'uses = ["triple"]'),
        f"{DATA}ex.toml quadruple uses triple, which is no part above it",
    ),
    "use of the part itself": (
        lambda kit: rewrite(data(kit), 'uses = ["double"]', 'uses = ["quadruple"]'),
        f"{DATA}ex.toml quadruple uses quadruple, which is no part above it",
    ),
    "too few visible tests": (
        lambda kit: rewrite(kit.tests(only(kit))[0], 'part("double"', 'part("quadruple"'),
        "tests/visible/test_ex.py has 1 tests of double; 2 are needed",
    ),
    "too few hidden tests": (
        lambda kit: rewrite(kit.tests(only(kit))[1], 'part("quadruple"', 'part("double"'),
        "tests/hidden/test_ex.py has 1 tests of quadruple; 2 are needed",
    ),
    "name that two answers have": (
        lambda kit: rewrite(answers(kit, "misconceptions"), "def half(", "def square("),
        f"{WRONG}ex.py has 2 answers of the name square",
    ),
    "answer to no part": (
        lambda kit: append(
            answers(kit, "alternatives"), '@alternative("triple")\ndef a(x):\n    return 3 * x\n'
        ),
        f"{RIGHT}ex.py a is for triple, which is no part",
    ),
    "wrong answer without a sentence": (
        lambda kit: rewrite(answers(kit, "misconceptions"), '"So?"', '""'),
        f"{WRONG}ex.py same has no sentence to say",
    ),
}


@pytest.mark.parametrize(("spoil", "told"), FAULTS.values(), ids=FAULTS.keys())
def test_what_is_missing_is_told_with_its_file(kit: Catalog, spoil: Spoil, told: str) -> None:
    """Each fault says in which file it is and what is needed there."""
    spoil(kit)
    assert told in found(kit)


# --- the numbers of known mistakes --------------------------------------------------------------

NOTES = tuple(Note("int", (), struct.pack("<f", place)) for place in range(6))


def known(*places: int) -> tuple[Known, ...]:
    """The wrong answers to `double`, with a note each."""
    pairs = zip(tiny.WRONG["double"], places, strict=True)
    return tuple(Known(name, "So?", (place,)) for name, place in pairs)


def write_numbers(kit: Catalog, double: PartNumbers) -> None:
    """Write probes, and numbers in which only those of `double` matter."""
    silent = PartNumbers((0,), (), tuple(tiny.WRONG["quadruple"]))
    numbers = Numbers(NOTES, {"double": double, "quadruple": silent})
    tiny.with_probes(kit).write_bytes(msgspec.msgpack.encode(numbers))


def test_exercise_with_sound_numbers_has_no_faults(kit: Catalog) -> None:
    """Current numbers that tell all mistakes apart are as they must be."""
    write_numbers(kit, PartNumbers((0,), known(1, 2, 3, 4), ()))
    assert found(kit) == []


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (
            PartNumbers((0,), known(1, 2, 3, 4)[1:], ()),
            "the numbers of double are not current: run `grader.py build`",
        ),
        (
            PartNumbers((0,), (*known(1, 2, 3, 4)[1:], Known("same", "Another.", (1,))), ()),
            "the numbers of double are not current: run `grader.py build`",
        ),
        (
            PartNumbers((0,), known(1, 0, 3, 4), ()),
            "half of double gives the probes a right answer's numbers",
        ),
        (
            PartNumbers((0,), known(1, 2, 3, 1), ()),
            "square of double has the numbers of same, and isn't `like` it",
        ),
    ],
    ids=["a mistake too few", "another sentence", "a right answer's", "two the same"],
)
def test_unsound_numbers_are_a_fault(kit: Catalog, numbers: PartNumbers, told: str) -> None:
    """Stale numbers, and mistakes that can't be told from another answer, are named."""
    write_numbers(kit, numbers)
    assert found(kit) == [f"tests/probes/ex {told}"]


def test_mistakes_that_say_they_are_alike_are_no_fault(kit: Catalog) -> None:
    """Of two mistakes with the same numbers, one may declare that it is `like` the other."""
    rewrite(
        answers(kit, "misconceptions"),
        '"So?")\ndef square(',
        '"So?", like="same")\ndef square(',
    )
    write_numbers(kit, PartNumbers((0,), known(1, 2, 3, 1), ()))
    assert found(kit) == []


def test_numbers_that_were_never_built_are_a_fault(kit: Catalog) -> None:
    """Probes without their file of numbers are told for every part."""
    tiny.with_probes(kit)
    assert found(kit) == [
        f"tests/probes/ex the numbers of {part} are not current: run `grader.py build`"
        for part in ("double", "quadruple")
    ]
