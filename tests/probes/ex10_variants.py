"""Exercise 10: what diagnosis asks."""

from collections.abc import Iterator

import torch
from torch import Tensor

from grading.session.outcomes import StudentError
from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.gradients import gradients
from grading.testing.probes import probe


def arguments(case: Case, gates: int, states: int) -> list[Tensor]:
    """x_t, the states, W_ih, W_hh, b_ih, b_hh, which ask for gradients."""
    rows = gates * case.H
    drawn = [
        case.normal(case.B, case.I),
        *(case.normal(case.B, case.H) for _ in range(states)),
        case.normal(rows, case.I, scale=0.6),
        case.normal(rows, case.H, scale=0.6),
        case.normal(rows),
        case.normal(rows),
    ]
    return [value.requires_grad_() for value in drawn]


SMALL = ({"B": 1, "I": 1, "H": 1}, {"B": 3, "I": 3, "H": 3}, {"B": 1, "I": 2, "H": 3})


@probe("lstm_step")
def an_lstm_step(student: Student) -> Iterator[object]:
    """h and c, their gradients, and the arguments afterwards."""
    given = arguments(Case.fixed(seed=1, B=2, I=3, H=4), 4, 2)
    h, c = student.lstm_step(*given)
    yield h, c
    yield student.arguments()
    yield gradients(h, given), gradients(c, given)
    yield student.lstm_step(*given)
    given[2] = 9.0 * given[2].detach()
    yield student.lstm_step(*given)
    given[2] = torch.zeros_like(given[2]).requires_grad_()
    yield gradients(student.lstm_step(*given)[1], given)
    given[0] = torch.zeros_like(given[0]).requires_grad_()
    yield gradients(student.lstm_step(*given)[1], given)


@probe("lstm_step")
def small_lstm_steps(student: Student) -> Iterator[object]:
    """Sizes of one, equal sizes, float32, large numbers."""
    for sizes in SMALL:
        case = Case.fixed(seed=2, dtype=torch.float32, **sizes)
        x_t, *others = arguments(case, 4, 2)
        yield student.lstm_step(x_t, *others), student.lstm_step(30 * x_t.detach(), *others)


@probe("gru_step")
def a_gru_step(student: Student) -> Iterator[object]:
    """h, its gradients, and the arguments afterwards."""
    given = arguments(Case.fixed(seed=3, B=2, I=3, H=4), 3, 1)
    h = student.gru_step(*given)
    yield h
    yield student.arguments()
    yield gradients(h, given)
    yield student.gru_step(*given)


@probe("gru_step")
def small_gru_steps(student: Student) -> Iterator[object]:
    """Sizes of one, equal sizes, float32, large numbers."""
    for sizes in SMALL:
        case = Case.fixed(seed=4, dtype=torch.float32, **sizes)
        x_t, *others = arguments(case, 3, 1)
        yield student.gru_step(x_t, *others), student.gru_step(30 * x_t.detach(), *others)


KINDS = ("rnn", "lstm", "gru")


@probe("parameter_count")
def counts(student: Student) -> Iterator[object]:
    """One layer of each kind."""
    for kind in KINDS:
        yield student.parameter_count(kind, 3, 5), student.parameter_count(kind, 1, 1)
        yield student.parameter_count(kind, 4, 4)


@probe("parameter_count")
def deep_counts(student: Student) -> Iterator[object]:
    """Layers and directions, by place and by name; a count of more digits than float32 holds."""
    for kind in KINDS:
        for layers, both in ((2, False), (1, True), (2, True), (3, True), (4, False)):
            yield student.parameter_count(kind, 3, 5, layers, both)
            yield student.parameter_count(kind, 6, 2, num_layers=layers, bidirectional=both)
    large = student.parameter_count("lstm", 77, 1001, 100, True)
    yield large, large == 2_390_988_600


@probe("parameter_count")
def strange_kinds(student: Student) -> Iterator[object]:
    """Kinds that there are not."""
    known = "GRU", "LSTM", "Rnn", "RNN_TANH"
    for kind in ("cnn", "", "rnn ", "gru2", "lst", "lstms", "lstmcell", *known):
        try:
            yield student.parameter_count(kind, 3, 5)
        except StudentError as error:
            yield "ValueError" in error.raised.bases, "KeyError" in error.raised.bases
