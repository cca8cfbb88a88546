"""Exercise 5: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.probes import probe


def recurrent(student: Student, case: Case, kind: str, layers: int) -> Any:
    """A recurrent module in the worker, with fixed weights."""
    rnn = student.make(f"torch.nn.{kind}", case.I, case.H, num_layers=layers, batch_first=True)
    state = rnn.state()
    rnn.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return rnn


def norms(student: Student, case: Case, kind: str, layers: int) -> Iterator[object]:
    """The norms, and what is left behind, where there were gradients and where not."""
    rnn = recurrent(student, case, kind, layers)
    x = case.normal(case.B, case.T, case.I)
    yield student.input_gradient_norms(rnn, x)
    yield student.arguments()[1].grad
    yield rnn.gradients(), rnn.trainable(), rnn.training
    rnn.set_gradients({name: torch.ones_like(value) for name, value in rnn.state().items()})
    x = x.requires_grad_()
    x.grad = torch.ones_like(x)
    yield student.input_gradient_norms(rnn, x)
    given = student.arguments()[1]
    yield given, given.grad
    yield rnn.gradients()


@probe("input_gradient_norms")
def norms_of_an_rnn(student: Student) -> Iterator[object]:
    """One layer."""
    yield from norms(student, Case.fixed(seed=1, B=3, T=4, I=2, H=5), "RNN", 1)


@probe("input_gradient_norms")
def norms_of_deep_ones(student: Student) -> Iterator[object]:
    """LSTM, GRU and RNN of several layers, in both dtypes."""
    yield from norms(student, Case.fixed(seed=2, B=2, T=3, I=4, H=3), "LSTM", 2)
    yield from norms(student, Case.fixed(seed=3, B=2, T=3, I=4, H=3), "GRU", 1)
    case = Case.fixed(seed=4, dtype=torch.float32, B=2, T=5, I=3, H=4)
    yield from norms(student, case, "RNN", 3)


@probe("input_gradient_norms")
def norms_of_one(student: Student) -> Iterator[object]:
    """Sizes of one."""
    yield from norms(student, Case.fixed(seed=5, B=1, T=1, I=1, H=1), "LSTM", 1)
    yield from norms(student, Case.fixed(seed=6, B=1, T=3, I=2, H=3), "RNN", 1)


@probe("input_gradient_norms")
def norms_beside_a_frozen_one(student: Student) -> Iterator[object]:
    """With a parameter that asks for no gradient."""
    case = Case.fixed(seed=7, B=2, T=3, I=4, H=3)
    rnn = recurrent(student, case, "RNN", 1)
    rnn.freeze("bias_hh_l0")
    yield student.input_gradient_norms(rnn, case.normal(2, 3, 4))
    yield rnn.gradients(), rnn.trainable()


MATRICES = (
    [[0.5, 0.3], [0.0, -0.9]],
    [[0.2, -0.8], [0.7, 0.1]],
    [[-0.4]],
    [[0.3, 2.0, 0.0], [0.0, 0.2, 1.0], [0.1, 0.0, -0.1]],
    [[0.9, 0.0, 0.0], [0.0, 0.0, -1.2], [0.0, 1.2, 0.0]],
    [[0.9, 0.0, 0.0], [0.0, 0.0, -0.4], [0.0, 0.4, 0.0]],
    [[0.6, -0.6, 0.0, 0.0], [0.6, 0.6, 0.0, 0.0], [0.0, 0.0, 0.7, 0.2], [0.0, 0.0, 0.0, 0.1]],
)


@probe("spectral_radius")
def radii(student: Student) -> Iterator[object]:
    """Real, negative and complex eigenvalues; large entries beside them."""
    for rows in MATRICES:
        yield student.spectral_radius(torch.tensor(rows, dtype=torch.float64))
        yield student.arguments()


@probe("spectral_radius")
def radii_of_transposed(student: Student) -> Iterator[object]:
    """In float32, transposed, and with gradients asked for."""
    for rows in MATRICES:
        yield student.spectral_radius(torch.tensor(rows).T)
    yield student.spectral_radius(torch.tensor(MATRICES[0]).requires_grad_())


@probe("spectral_radius")
def radius_of_zero(student: Student) -> Iterator[object]:
    """Of a matrix of zeros."""
    yield student.spectral_radius(torch.zeros(3, 3))


@probe("rescale_recurrent")
def rescaled(student: Student) -> Iterator[object]:
    """Radii below one, above one, and the own one."""
    for rows in MATRICES:
        W_hh = torch.tensor(rows, dtype=torch.float64)
        for radius in (0.5, 1.7):
            yield student.rescale_recurrent(W_hh, radius)
            yield student.arguments()


@probe("rescale_recurrent")
def rescaled_in_float32(student: Student) -> Iterator[object]:
    """In float32, with gradients, and to the radius it has."""
    for rows in MATRICES:
        yield plain(student.rescale_recurrent(torch.tensor(rows).requires_grad_(), 0.9))
    yield student.rescale_recurrent(torch.tensor([[0.0, -0.8], [0.8, 0.0]]), 0.8)
    yield student.rescale_recurrent(torch.tensor([[30.0, 1.0], [0.0, 20.0]]), 0.01)
    yield student.rescale_recurrent(torch.tensor([[0.5, 0.3], [0.0, -0.9]]), 3)


def plain(got: Any) -> Any:
    """Numbers as Python floats, which they may be or not."""
    if isinstance(got, list | tuple):
        return [plain(item) for item in got]
    got = got.detach() if isinstance(got, Tensor) else got
    scalar = isinstance(got, int) or (isinstance(got, Tensor | np.ndarray) and not got.ndim)
    return float(got) if scalar else got


def parameters(dtype: torch.dtype, *gaps: int) -> list[Tensor]:
    """Parameters with gradients of norm 13 in all (without gaps), of several shapes."""
    gradients = (
        torch.tensor([3.0, -4.0]),
        torch.tensor(0.0),
        torch.tensor([[0.0, 12.0], [0.0, 0.0], [0.0, 0.0]]),
    )
    made = []
    for place, gradient in enumerate(gradients):
        parameter = torch.full_like(gradient, 0.5 + place).to(dtype).requires_grad_()
        parameter.grad = None if place in gaps else gradient.to(dtype)
        made.append(parameter)
    return made


@probe("clip_gradients")
def clipped(student: Student) -> Iterator[object]:
    """Above the norm, below it, at it; far above; as list, tuple and generator."""
    for dtype in (torch.float64, torch.float32):
        for max_norm in (1.0, 6.5, 12.5, 13.0, 100.0):
            yield plain(student.clip_gradients(parameters(dtype), max_norm))
            yield [(p, p.grad) for p in student.arguments()[0]]
    yield plain(student.clip_gradients(tuple(parameters(torch.float64)), 2.0))
    yield [p.grad for p in student.arguments()[0]]


@probe("clip_gradients")
def clipped_with_gaps(student: Student) -> Iterator[object]:
    """With gradients missing here and there."""
    for gaps in ((0,), (1,), (2,), (0, 1), (1, 2)):
        for max_norm in (2.0, 50.0):
            yield plain(student.clip_gradients(parameters(torch.float64, *gaps), max_norm))
            yield [p.grad for p in student.arguments()[0]]


@probe("clip_gradients")
def clipped_zeros(student: Student) -> Iterator[object]:
    """A gradient that is there, and zero."""
    yield plain(student.clip_gradients(parameters(torch.float64)[1:2], 0.5))
    yield [p.grad for p in student.arguments()[0]]


@probe("clip_gradients")
def clipped_from_generator(student: Student) -> Iterator[object]:
    """A generator is walked through once."""
    yield plain(student.clip_gradients((p for p in parameters(torch.float64)), 2.0))
    yield [p.grad for p in student.arguments()[0]]
    yield plain(student.clip_gradients((p for p in parameters(torch.float64)), 50.0))
    yield plain(student.clip_gradients((p for p in parameters(torch.float32, 0)), 2.0))


@probe("clip_gradients")
def clipped_nothing(student: Student) -> Iterator[object]:
    """No parameters."""
    yield plain(student.clip_gradients([], 1.0))


@probe("clip_gradients")
def clipped_without_gradients(student: Student) -> Iterator[object]:
    """No gradients; one small one; one row."""
    yield plain(student.clip_gradients(parameters(torch.float64, 0, 1, 2), 1.0))
    yield plain(student.clip_gradients((p for p in parameters(torch.float64, 0, 1, 2)), 1.0))
    yield plain(student.clip_gradients(parameters(torch.float64)[:1], 0.5))
    yield [p.grad for p in student.arguments()[0]]


def training(student: Student, loss: str, max_norms: tuple[float, ...], **reduction: str) -> Any:
    """Train a small network; what each step gives, and its weights and gradients afterwards."""
    case = Case.fixed(seed=len(loss), B=4, I=3, O=2)
    first, second = student.make("torch.nn.Linear", 3, 5), student.make("torch.nn.Linear", 5, 2)
    drop = student.make("torch.nn.Tanh")
    spy = student.make("Spy")
    model = student.make("Chain", first=first, drop=drop, second=second, spy=spy)
    state = model.state()
    model.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    optimizer = student.make("torch.optim.SGD", model, lr=0.1, momentum=0.5, weight_decay=0.1)
    model.set_gradients({name: torch.ones_like(value) for name, value in model.state().items()})
    loss_fn = student.make(f"torch.nn.{loss}", **reduction)
    for max_norm in max_norms:
        x, y = case.normal(4, 3), 1 - 0.1 * case.normal(4, 2).abs()
        y = case.integers(0, 1, 4) if loss == "CrossEntropyLoss" else y
        yield plain(student.train_step_clipped(model, optimizer, loss_fn, x, y, max_norm))
        yield student.arguments()[3:5]
        yield model.state(), model.gradients()
        yield model.trainable(), all(trains for trains, _, _ in spy.seen())


@probe("train_step_clipped")
def clipped_steps(student: Student) -> Iterator[object]:
    """Steps that are clipped, steps that are not."""
    yield from training(student, "MSELoss", (0.1, 100.0, 0.3), reduction="sum")


@probe("train_step_clipped")
def other_losses(student: Student) -> Iterator[object]:
    """A loss that tells prediction from target, and one over classes."""
    yield from training(student, "BCEWithLogitsLoss", (0.05, 100.0))
    yield from training(student, "CrossEntropyLoss", (0.05, 100.0))


@probe("train_step_clipped")
def one_row(student: Student) -> Iterator[object]:
    """A loss over classes, of a batch of one."""
    case = Case.fixed(seed=8)
    model = student.make("torch.nn.Linear", 3, 2)
    model.load({"weight": case.normal(2, 3), "bias": case.normal(2)})
    optimizer = student.make("torch.optim.SGD", model, lr=0.1)
    loss_fn = student.make("torch.nn.CrossEntropyLoss")
    x, y = case.normal(1, 3), torch.tensor([1])
    yield plain(student.train_step_clipped(model, optimizer, loss_fn, x, y, 0.1))
    yield model.state()
