"""What an exercise lacks is found by reading its files, and told with what to mend."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grading import catalog as catalogs
from grading.catalog import Catalog
from grading.errors import Misused
from grading.judging.known import Known, Numbers, PartNumbers
from grading.proof import inventory, learn
from grading.testing.probes import Note
from tests.kit import tiny
from tests.kit.edits import append, rewrite
from tests.kit.tiny import only

Spoil = Callable[[Catalog], object]

WRONG = "tests/misconceptions/"
RIGHT = "tests/alternatives/"
DATA = "tests/visible/"
STALE = "tests/probes/ex.msgpack is not current: run `python grader.py build ex01`"


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


def probes(kit: Catalog) -> Path:
    """The exercise's probes, which it is given."""
    tiny.with_probes(kit)
    return kit.probes(only(kit))


def test_whole_exercise_has_no_faults(kit: Catalog) -> None:
    """Where all is there and current, nothing is told."""
    assert found(kit) == []


FAULTS: dict[str, tuple[Spoil, str]] = {
    "stub that was edited": (
        lambda kit: append(kit.stub(only(kit)), "# edited\n"),
        "exercises/ex.py is not current: run `python grader.py build ex01`",
    ),
    "stub that is not there": (
        lambda kit: kit.stub(only(kit)).unlink(),
        "exercises/ex.py is not current: run `python grader.py build ex01`",
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
    "steps of optimizers that nobody told of": (
        lambda kit: append(kit.solution(only(kit)), "\nAdam = torch.optim.Adam\n"),
        f"{DATA}ex.toml lacks `optimizers = true`: the solution or a test names torch.optim",
    ),
    "optimizers that take no step": (
        lambda kit: rewrite(data(kit), '"Tiny"', '"Tiny"\noptimizers = true'),
        f"{DATA}ex.toml says `optimizers = true`, but solution and tests name no torch.optim",
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
    "no visible tests": (
        lambda kit: kit.tests(only(kit))[0].unlink(),
        "tests/visible/test_ex.py is not there",
    ),
    "no hidden tests": (
        lambda kit: kit.tests(only(kit))[1].unlink(),
        "tests/hidden/test_ex.py is not there",
    ),
    "two tests of one name": (
        lambda kit: append(tiny.visible(kit), tiny.claim("double", "test_double_3", "pass")),
        "tests/visible/test_ex.py has 2 functions of the name test_double_3: only the last counts",
    ),
    "more than ten points": (
        lambda kit: rewrite(data(kit), "points = 6", "points = 7"),
        f"{DATA}ex.toml gives 11 points in all; an exercise has 10",
    ),
    "a tool that torch doesn't have": (
        lambda kit: append(data(kit), 'by_hand = ["torch.nn.RNN", "torch.nn.RMN"]\n'),
        f"{DATA}ex.toml quadruple does without torch.nn.RMN, which torch doesn't have",
    ),
    "a tool that is none of torch's": (
        lambda kit: append(data(kit), 'by_hand = ["numpy.tanh"]\n'),
        f"{DATA}ex.toml quadruple does without numpy.tanh, which torch doesn't have",
    ),
    "probes of no part": (
        lambda kit: rewrite(probes(kit), '@probe("quadruple")', '@probe("triple")'),
        "tests/probes/ex.py has probes of triple, which is no part",
    ),
    "solution that Python can't read": (
        lambda kit: rewrite(kit.solution(only(kit)), "return x + x", "return x +"),
        "solutions/ex.py:10 is no Python: invalid syntax",
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
    path, parts = tiny.with_probes(kit), {"double": double, "quadruple": silent}
    numbers = Numbers(NOTES, parts, learn.made_of(kit, only(kit)))
    path.write_bytes(msgspec.msgpack.encode(numbers))


def test_exercise_with_sound_numbers_has_no_faults(kit: Catalog) -> None:
    """Current numbers that tell all mistakes apart are as they must be."""
    write_numbers(kit, PartNumbers((0,), known(1, 2, 3, 4), ()))
    assert found(kit) == []


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (
            PartNumbers((0,), known(1, 0, 3, 4), ()),
            "half of double gives the probes a right answer's numbers",
        ),
        (
            PartNumbers((0,), known(1, 2, 3, 1), ()),
            "square of double has the numbers of same, and isn't `like` it",
        ),
    ],
    ids=["a right answer's", "two the same"],
)
def test_unsound_numbers_are_a_fault(kit: Catalog, numbers: PartNumbers, told: str) -> None:
    """Mistakes that can't be told from another answer are named."""
    write_numbers(kit, numbers)
    (line,) = found(kit)
    assert line.startswith(f"tests/probes/ex.msgpack {told}")


@pytest.mark.parametrize("what", ["probes", "solution", "misconceptions"])
def test_numbers_of_other_files_are_a_fault(kit: Catalog, what: str) -> None:
    """After any change to what they come from, they are to be made anew."""
    write_numbers(kit, PartNumbers((0,), known(1, 2, 3, 4), ()))
    exercise = only(kit)
    append(
        {
            "probes": kit.probes(exercise),
            "solution": kit.solution(exercise),
            "misconceptions": answers(kit, "misconceptions"),
        }[what],
        "\n# another line\n",
    )
    assert STALE in found(kit)


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
    """Probes without their file of numbers are told."""
    tiny.with_probes(kit)
    assert found(kit) == [STALE]


def test_part_of_another_name_than_its_numbers_is_a_fault(kit: Catalog) -> None:
    """Where a part is renamed in the exercise's data alone, the numbers are of another one."""
    write_numbers(kit, PartNumbers((0,), known(1, 2, 3, 4), ()))
    rewrite(data(kit), "[parts.quadruple]", "[parts.quadrupel]")
    assert STALE in found(kit)


@pytest.mark.parametrize(
    ("text", "line"),
    [("def (\n", 14), ("import nosuch\n", 14), ("def a():\n    1 / 0\n\n\na()\n", 15)],
    ids=["a syntax error", "an import of nothing", "an exception"],
)
def test_probes_that_cannot_be_read_are_told_with_their_line(
    kit: Catalog, text: str, line: int
) -> None:
    """A mistake in a file of probes is its author's, and is told with file and line."""
    append(probes(kit), text)
    with pytest.raises(Misused, match=rf"probes/{only(kit).stem}\.py:{line}: "):
        found(kit)
