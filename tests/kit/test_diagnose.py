"""Proves that known mistakes are called by their names, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from grading import catalog as catalogs
from grading.handed_in.intake import Submission
from grading.judging import diagnose
from grading.judging.grade import Options, grade
from grading.results import PartResult
from grading.session.starters import ForkServer
from grading.session.transport import InProcess
from grading.testing import answers, probes
from grading.testing.probes import Note
from tests.kit import tiny
from tests.kit.edits import rewrite
from tests.kit.tiny import only

CATALOG = catalogs.load()
EXERCISE = CATALOG.find("ex01")
SOLUTION = CATALOG.solution(EXERCISE).read_text(encoding="utf-8")

QUICK = Options((EXERCISE,), visible_only=True, time_factor=0.2)
"""What never ends is told within a fifth of the usual time."""

Graded = Callable[[str], dict[str, PartResult]]


@pytest.fixture(scope="module")
def graded(server: ForkServer) -> Graded:
    """Grade exercise 1 with this text behind the solution; its parts by name."""

    def run(text: str) -> dict[str, PartResult]:
        submission = Submission("mine", {EXERCISE.stem: f"{SOLUTION}\n\n{text}"})
        result = grade(submission, CATALOG, QUICK, server)
        return {part.name: part for part in result.exercises[0].parts}

    return run


STEP = "def rnn_step(x_t, h_prev, W_xh, W_hh, b):\n"


def test_known_mistake_is_named_in_other_code(graded: Graded) -> None:
    """The bias forgotten, by a loop over units: the numbers are those of the known mistake."""
    parts = graded(
        STEP + "    units = []\n"
        "    for row, old in zip(W_xh, W_hh):\n"
        "        units.append(torch.tanh((x_t * row).sum(1) + (h_prev * old).sum(1)))\n"
        "    return torch.stack(units, dim=1)\n"
    )
    diagnosis = parts["rnn_step"].diagnosis
    assert diagnosis is not None
    assert "bias" in diagnosis.id
    assert diagnosis.say


def test_unknown_mistake_is_not_named(graded: Graded) -> None:
    """An answer that no known mistake gives is told as wrong, and nothing is made up."""
    part = graded(STEP + "    return torch.sin(x_t @ W_xh.T + h_prev @ W_hh.T + b) / 3\n")[
        "rnn_step"
    ]
    assert part.score < part.max_score
    assert part.diagnosis is None


def notes_of(body: str) -> probes.Notes | None:
    """What the probes of rnn_step note of an answer."""
    asked = probes.read(CATALOG.probes(EXERCISE))["rnn_step"]
    session = diagnose.new_session(EXERCISE, f"import torch\n{STEP}    {body}\n", InProcess)
    try:
        return probes.ask(session, "rnn_step", asked)
    finally:
        session.close()


def test_two_exceptions_of_torchs_are_two_mistakes() -> None:
    """Exceptions of one class with different messages are different answers."""
    one, other = notes_of("return x_t.view(-1, 77)"), notes_of("return b.view(77)")
    assert one is not None
    assert {note.kind.split()[1] for note in (*one, *(other or ()))} == {"RuntimeError"}
    assert one != other


def test_words_of_a_students_own_exception_make_no_difference() -> None:
    """Two who raise the same exception by hand may word it as they like."""
    assert notes_of("raise ValueError('no')") == notes_of("raise ValueError(f'{b} is odd')")


@pytest.mark.parametrize(
    "body",
    [
        "    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)\n",
        "    raise NotImplementedError\n",
        "    while True: pass\n",
        "    import os; os.abort()\n",
    ],
    ids=["right", "untouched", "endless", "dies"],
)
def test_nothing_is_diagnosed_without_a_wrong_answer(graded: Graded, body: str) -> None:
    """Right answers, stubs, endless loops and crashes get no diagnosis."""
    assert graded(STEP + body)["rnn_step"].diagnosis is None


def test_part_above_is_to_be_mended_first(graded: Graded) -> None:
    """Where rnn_forward is wrong for its rnn_step's sake, that is said in place of a diagnosis."""
    parts = graded(STEP + "    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T)\n")
    assert parts["rnn_forward"].mend_first == "rnn_step"
    assert parts["rnn_forward"].diagnosis is None


def test_part_that_goes_its_own_way_is_diagnosed_itself(graded: Graded) -> None:
    """An rnn_forward that doesn't use the wrong rnn_step has a mistake of its own."""
    parts = graded(
        STEP + "    return x_t @ W_xh.T\n\n"
        "def rnn_forward(x, h0, W_xh, W_hh, b):\n"
        "    h = x.new_zeros(len(x), len(W_hh)) if h0 is None else h0\n"
        "    states = []\n"
        "    for x_t in x.unbind(1):\n"
        "        h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b)\n"
        "        states.append(h)\n"
        "    return torch.stack(states, 1), states[0]\n"
    )
    assert parts["rnn_forward"].mend_first == ""
    assert parts["rnn_forward"].diagnosis is not None


# --- the file of numbers ------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_committed_numbers_are_sound(exercise: catalogs.Exercise) -> None:
    """They are current, every mistake differs from a right answer, and doubles are declared."""
    assert list(diagnose.faults(CATALOG, exercise)) == []


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_numbers_hold_no_code(exercise: catalogs.Exercise) -> None:
    """No line of a misconception's or a solution's code is in the file that students get."""
    content = CATALOG.numbers(exercise).read_bytes()
    for answer in answers.read(CATALOG.answers(exercise, "misconceptions")):
        for line in answer.text.splitlines()[1:]:
            if len(line.strip()) > 20 and '"' not in line:
                assert line.strip().encode() not in content


def numbers(*known: diagnose.Known) -> diagnose.Numbers:
    """Numbers of one part, in which a right answer gives the first note."""
    notes = (Note("int", (), b"\0\0\0\0"), Note("int", (), b"\0\0\x80?"), Note("nothing"))
    return diagnose.Numbers(notes, {"part": diagnose.PartNumbers((0,), known, ())})


def test_mistake_with_a_right_answers_numbers_is_a_fault() -> None:
    """What the probes can't see must be found out when the kit is proved, not by a student."""
    same = numbers(diagnose.Known("same", "", (0,)), diagnose.Known("other", "", (1,)))
    assert diagnose.unseen(same, "part") == ["same"]


def test_mistakes_with_the_same_numbers_are_grouped() -> None:
    """Two names for the same answers are found, whatever stands between them."""
    known = [diagnose.Known(name, "", (place,)) for name, place in (("a", 1), ("b", 2), ("c", 1))]
    assert diagnose.alike(numbers(*known), "part") == [["a", "c"]]


def test_numbers_survive_the_file() -> None:
    """What is written is what is read."""
    kept = numbers(diagnose.Known("a", "say", (1, 2)))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=diagnose.Numbers) == kept


def test_rounding_makes_no_difference_and_shape_does() -> None:
    """Answers agree but for rounding; another shape or another kind is another answer."""
    one = (Note("torch.float64", (1,), b"\0\0\x80?"),)
    almost = (Note("torch.float64", (1,), b"\1\0\x80?"),)
    assert probes.same(one, almost)
    assert not probes.same(one, (Note("torch.float64", (), b"\0\0\x80?"),))
    assert not probes.same(one, (Note("torch.float32", (1,), b"\0\0\x80?"),))
    assert not probes.same(one, (*one, Note("nothing")))


# --- learning the numbers -----------------------------------------------------------------------


Learned = tuple[catalogs.Catalog, diagnose.Numbers, list[tuple[int, int]]]


@pytest.fixture(scope="module")
def learned(server: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """A small kit in which one mistake gives no answers, its numbers, and what was told."""
    kit = tiny.tiny(tmp_path_factory.mktemp("learn") / "kit")
    wrong = kit.answers(only(kit), "misconceptions")
    rewrite(wrong, "    return x ** 3\n", "    raise NotImplementedError\n")
    path, told = tiny.with_probes(kit), []
    content = diagnose.learn(kit, only(kit), server, lambda *done: told.append(done))
    path.write_bytes(content)
    return kit, diagnose.read(path), told


def test_learned_numbers_have_no_faults(learned: Learned) -> None:
    """What was just learned is current, and tells all mistakes apart."""
    kit, _, _ = learned
    assert list(diagnose.faults(kit, only(kit))) == []


def test_mistake_without_answers_is_kept_as_silent(learned: Learned) -> None:
    """A mistake that answers nothing stands among the silent ones, and has no numbers."""
    _, numbers, _ = learned
    assert numbers.parts["quadruple"].silent == ("cube",)
    assert "cube" not in {known.id for known in numbers.parts["quadruple"].known}
    assert numbers.parts["double"].silent == ()


def test_simplest_mistake_comes_first(learned: Learned) -> None:
    """Of mistakes that give the same numbers the first is named: the one of the shortest text."""
    _, numbers, _ = learned
    assert [known.id for known in numbers.parts["double"].known][:1] == ["same"]
    assert {known.id for known in numbers.parts["double"].known} == set(tiny.WRONG["double"])


def test_progress_of_learning_is_told(learned: Learned) -> None:
    """Each mistake is told once as it is asked, with how many there are."""
    assert learned[2] == [(done, 8) for done in range(1, 9)]


def test_learning_twice_gives_the_same_bytes(learned: Learned, server: ForkServer) -> None:
    """The file changes only where an answer does."""
    kit, _, _ = learned
    again = diagnose.learn(kit, only(kit), server)
    assert again == kit.numbers(only(kit)).read_bytes()
