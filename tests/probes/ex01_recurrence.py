"""Exercise 1: what diagnosis asks."""

from collections.abc import Iterator

import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.gradients import gradients
from grading.testing.probes import probe


def weights(case: Case) -> list[Tensor]:
    """W_xh, W_hh and b."""
    W_xh = case.normal(case.H, case.I, scale=0.4)
    return [W_xh, case.recurrent(case.H), case.normal(case.H, scale=0.5)]


def step_arguments(case: Case) -> list[Tensor]:
    """x_t, h_prev, W_xh, W_hh and b, which ask for gradients."""
    drawn = [case.normal(case.B, case.I), case.normal(case.B, case.H), *weights(case)]
    return [value.requires_grad_() for value in drawn]


def forward_arguments(case: Case) -> list[Tensor]:
    """x, h0, W_xh, W_hh and b, which ask for gradients."""
    drawn = [case.normal(case.B, case.T, case.I), case.normal(case.B, case.H), *weights(case)]
    return [value.requires_grad_() for value in drawn]


@probe("rnn_step")
def a_step(student: Student) -> Iterator[object]:
    """The state, its gradients, and the arguments afterwards."""
    arguments = step_arguments(Case.fixed(seed=1, B=2, I=3, H=4))
    state = student.rnn_step(*arguments)
    yield state
    off = state - torch.rnn_tanh_cell(*arguments, torch.zeros_like(arguments[-1]))
    yield bool(off.abs().max() < 1e-9)
    yield student.arguments()
    yield gradients(state, arguments)
    yield student.rnn_step(*arguments)


@probe("rnn_step")
def float32_step(student: Student) -> Iterator[object]:
    """As many inputs as units, in float32, with large numbers."""
    x_t, *others = step_arguments(Case.fixed(seed=2, dtype=torch.float32, B=3, I=2, H=2))
    yield student.rnn_step(10 * x_t.detach(), *others)


@probe("rnn_step")
def one_of_each(student: Student) -> Iterator[object]:
    """Sizes of one, and a batch of one."""
    yield student.rnn_step(*step_arguments(Case.fixed(seed=3, B=1, I=1, H=1)))
    yield student.rnn_step(*step_arguments(Case.fixed(seed=3, B=1, I=3, H=2)))
    yield student.rnn_step(*step_arguments(Case.fixed(seed=3, B=2, I=3, H=3)))


@probe("rnn_step")
def without_a_bias(student: Student) -> Iterator[object]:
    """The state and its gradients where b is zeros."""
    *others, b = step_arguments(Case.fixed(seed=4, B=2, I=3, H=4))
    arguments = [*others, torch.zeros_like(b).requires_grad_()]
    state = student.rnn_step(*arguments)
    yield state
    yield gradients(state, arguments)


@probe("rnn_forward")
def a_sequence(student: Student) -> Iterator[object]:
    """Output, h_n, gradients, and the arguments afterwards."""
    arguments = forward_arguments(Case.fixed(seed=1, B=2, T=3, I=4, H=5))
    output, h_n = student.rnn_forward(*arguments)
    yield output, h_n
    yield student.arguments()
    yield gradients(output, arguments)
    yield gradients(h_n, arguments)


@probe("rnn_forward")
def from_zeros(student: Student) -> Iterator[object]:
    """Without h0, twice, in both dtypes."""
    for dtype in (torch.float32, torch.float64):
        x, _, *others = forward_arguments(Case.fixed(seed=2, dtype=dtype, B=3, T=4, I=2, H=3))
        for _ in range(2):
            yield student.rnn_forward(x, None, *others)


@probe("rnn_forward")
def long_ones(student: Student) -> Iterator[object]:
    """How far back the gradient reaches."""
    x, *others = forward_arguments(Case.fixed(seed=5, B=1, T=10, I=2, H=2))
    yield gradients(student.rnn_forward(x, *others)[1], [x])


@probe("rnn_forward")
def short_ones(student: Student) -> Iterator[object]:
    """Sizes of one, one step, and a batch of one."""
    for sizes in ({"B": 1, "T": 1, "I": 1, "H": 1}, {"B": 2, "T": 1, "I": 3, "H": 4}):
        yield student.rnn_forward(*forward_arguments(Case.fixed(seed=3, **sizes)))


@probe("rnn_forward")
def one_row(student: Student) -> Iterator[object]:
    """A batch of one, and one as long as it is wide."""
    for sizes in ({"B": 1, "T": 4, "I": 2, "H": 3}, {"B": 3, "T": 3, "I": 3, "H": 3}):
        yield student.rnn_forward(*forward_arguments(Case.fixed(seed=4, **sizes)))


@probe("rnn_forward")
def without_h0_after_one(student: Student) -> Iterator[object]:
    """With an h0, then without one."""
    x, h0, *others = forward_arguments(Case.fixed(seed=6, B=2, T=3, I=2, H=4))
    yield student.rnn_forward(x, h0, *others)
    yield student.rnn_forward(x, None, *others)


@probe("rnn_forward")
def ending_in_zeros(student: Student) -> Iterator[object]:
    """A last step of zeros."""
    x, *others = forward_arguments(Case.fixed(seed=7, B=2, T=3, I=2, H=4))
    x = x.detach()
    x[-1, -1] = 0.0
    yield student.rnn_forward(x, *others)
