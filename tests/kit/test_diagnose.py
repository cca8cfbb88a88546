"""Proves that known mistakes are called by their names, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grading import catalog as catalogs
from grading.handed_in.intake import Submission
from grading.judging import diagnose
from grading.judging.grade import Options, grade
from grading.results import PartResult
from grading.session.starters import ForkServer
from grading.session.transport import InProcess
from grading.testing import probes
from grading.testing.probes import Note

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


def test_rounding_makes_no_difference_and_shape_does() -> None:
    """Answers agree but for rounding; another shape or another kind is another answer."""
    one = (Note("torch.float64", (1,), b"\0\0\x80?"),)
    almost = (Note("torch.float64", (1,), b"\1\0\x80?"),)
    assert probes.same(one, almost)
    assert not probes.same(one, (Note("torch.float64", (), b"\0\0\x80?"),))
    assert not probes.same(one, (Note("torch.float32", (1,), b"\0\0\x80?"),))
    assert not probes.same(one, (*one, Note("nothing")))
