"""Exercise 9: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.gradients import gradients
from grading.testing.probes import probe


def weights(case: Case) -> list[Tensor]:
    """W_xh and W_hh."""
    return [case.normal(case.H, case.I, scale=0.4), case.recurrent(case.H)]


def step_arguments(case: Case) -> list[Tensor]:
    """dh_t, x_t, h_prev, h_t, W_xh, W_hh."""
    dh_t, x_t = case.normal(case.B, case.H), case.normal(case.B, case.I)
    h_prev, (W_xh, W_hh) = case.normal(case.B, case.H, scale=0.5), weights(case)
    biases = [torch.full((case.H,), 0.05, dtype=W_hh.dtype)] * 2
    h_t = torch.rnn_tanh_cell(x_t, h_prev, W_xh, W_hh, *biases)
    return [dh_t, x_t, h_prev, h_t, W_xh, W_hh]


def sequence_arguments(case: Case) -> list[Tensor]:
    """d_output, x, h0, output, W_xh, W_hh."""
    x, h0 = case.normal(case.B, case.T, case.I), case.normal(case.B, case.H, scale=0.5)
    W_xh, W_hh = weights(case)
    biases = [torch.full((case.H,), 0.05, dtype=W_hh.dtype)] * 2
    flat = [W_xh, W_hh, *biases]
    output, _ = torch.rnn_tanh(x, h0[None], flat, True, 1, 0.0, False, False, True)
    d_output = case.normal(case.B, case.T, case.H)
    return [d_output, x, h0, output, W_xh, W_hh]


@probe("rnn_step_backward")
def a_step_back(student: Student) -> Iterator[object]:
    """The five gradients, and the arguments afterwards."""
    arguments = step_arguments(Case.fixed(seed=1, B=2, I=3, H=4))
    for _ in range(2):
        yield student.rnn_step_backward(*arguments)
        yield student.arguments()


@probe("rnn_step_backward")
def small_steps_back(student: Student) -> Iterator[object]:
    """Sizes of one, equal sizes, float32."""
    for sizes in ({"B": 1, "I": 1, "H": 1}, {"B": 3, "I": 3, "H": 3}, {"B": 1, "I": 2, "H": 3}):
        case = Case.fixed(seed=2, dtype=torch.float32, **sizes)
        yield student.rnn_step_backward(*step_arguments(case))


@probe("rnn_backward")
def all_the_way_back(student: Student) -> Iterator[object]:
    """The five gradients, and the arguments afterwards."""
    arguments = sequence_arguments(Case.fixed(seed=1, B=2, T=3, I=4, H=5))
    for _ in range(2):
        yield student.rnn_backward(*arguments)
        yield student.arguments()


@probe("rnn_backward")
def last_loss_only(student: Student) -> Iterator[object]:
    """A loss of the last output, of the first; one step; two."""
    case = Case.fixed(seed=2, B=3, T=4, I=2, H=3)
    for kept in (slice(3, 4), slice(0, 1)):
        d_output, *others = sequence_arguments(case)
        only = torch.zeros_like(d_output)
        only[:, kept] = d_output[:, kept]
        yield student.rnn_backward(only, *others)
    for T in (1, 2):
        yield student.rnn_backward(*sequence_arguments(Case.fixed(seed=3, B=3, T=T, I=2, H=4)))
    d_output, x, h0, *others = sequence_arguments(case)
    yield student.rnn_backward(d_output, x, torch.zeros_like(h0), *others)


@probe("rnn_backward")
def small_ways_back(student: Student) -> Iterator[object]:
    """Sizes of one, equal sizes, float32."""
    for sizes in ({"B": 1, "T": 1, "I": 1, "H": 1}, {"B": 3, "T": 3, "I": 3, "H": 3}):
        case = Case.fixed(seed=4, dtype=torch.float32, **sizes)
        yield student.rnn_backward(*sequence_arguments(case))
    yield student.rnn_backward(*sequence_arguments(Case.fixed(seed=5, B=1, T=4, I=2, H=3)))


def recurrent(student: Student, case: Case, layers: int) -> Any:
    """An nn.RNN in the worker with fixed weights."""
    rnn = student.make("torch.nn.RNN", case.I, case.H, num_layers=layers, batch_first=True)
    state = rnn.state()
    rnn.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return rnn


def truncated(student: Student, case: Case, layers: int, chunk: int) -> Iterator[object]:
    """Output, h_n, and the gradients by x of the output, step by step, and by the parameters."""
    rnn = recurrent(student, case, layers)
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    output, h_n = student.truncated_forward(rnn, x, chunk)
    yield output, h_n.detach()
    output, h_n = student.truncated_forward(rnn, x, chunk)
    yield output
    yield student.arguments()[1]
    yield gradients(output, [x], case.normal(case.B, case.T, case.H))
    yield gradients(output[:, -1], [x])
    output.sum().backward()
    yield rnn.gradients(), rnn.trainable(), rnn.training


@probe("truncated_forward")
def chunks(student: Student) -> Iterator[object]:
    """Chunks that fit, that leave a rest, of one step, of all steps, and beyond."""
    for chunk in (2, 3, 1, 9):
        case = Case.fixed(seed=1, B=2, T=5, I=3, H=4)
        yield from truncated(student, case, 1, chunk)


@probe("truncated_forward")
def deep_chunks(student: Student) -> Iterator[object]:
    """Two layers, in float32, and sizes of one."""
    case = Case.fixed(seed=2, dtype=torch.float32, B=3, T=6, I=2, H=3)
    yield from truncated(student, case, 2, 3)
    yield from truncated(student, case, 3, 4)
    yield from truncated(student, Case.fixed(seed=3, B=1, T=1, I=1, H=1), 1, 1)


@probe("truncated_forward")
def later_chunks(student: Student) -> Iterator[object]:
    """In evaluation mode, with gradients from earlier."""
    case = Case.fixed(seed=4, B=2, T=3, I=3, H=4)
    rnn = recurrent(student, case, 1).eval()
    rnn.set_gradients({name: torch.ones_like(value) for name, value in rnn.state().items()})
    output, _ = student.truncated_forward(rnn, case.normal(2, 3, 3), 2)
    yield output, rnn.gradients(), rnn.training
