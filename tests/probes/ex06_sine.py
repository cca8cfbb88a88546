"""Exercise 6: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.gradients import gradients
from grading.testing.probes import probe

ROUNDING = 1e-5
"""How far apart two weights may be that took the same steps; a step is a thousand times that."""


def data(student: Student, length: int, count: int, seed: int) -> Iterator[object]:
    """X and y, where the same generator gives the same again; else their shapes alone."""
    first, second = (
        student.generate_sin_data(length, count, student.make("numpy.random.default_rng", seed))
        for _ in range(2)
    )
    again = bool(np.array_equal(first[0], second[0]))
    yield again
    yield first if again else [values.shape for values in first]


@probe("generate_sin_data")
def waves(student: Student) -> Iterator[object]:
    """Several sizes and seeds."""
    yield from data(student, 5, 3, 1)
    yield from data(student, 8, 4, 2)


@probe("generate_sin_data")
def short_waves(student: Student) -> Iterator[object]:
    """One sample, one point."""
    yield from data(student, 4, 1, 3)
    yield from data(student, 1, 2, 4)
    yield from data(student, 3, 3, 5)


@probe("generate_sin_data")
def fresh_waves(student: Student) -> Iterator[object]:
    """Without a generator, and with the defaults: what can be said of random data."""
    X, y = student.generate_sin_data(seq_len=6, n_samples=400)
    again, _ = student.generate_sin_data(seq_len=6, n_samples=400)
    yield X.shape, y.shape, bool(np.array_equal(X, again))
    yield y.shape == (400,) and bool(y.max() - y.min() > 1.5)  # of few samples, chance would tell
    X, y = student.generate_sin_data(2, 1200)
    yield X.shape, y.shape
    X, y = student.generate_sin_data()
    yield X.shape, y.shape, str(X.dtype), str(y.dtype)
    rng = student.make("numpy.random.default_rng", 7)
    first, _ = student.generate_sin_data(4, 2, rng)
    second, _ = student.generate_sin_data(4, 2, rng)
    yield bool(np.array_equal(first, second))


def predictor(student: Student, case: Case, *sizes: int) -> Any:
    """The student's network with fixed weights."""
    model = student.SinPredictor(*sizes)
    state = model.state()
    model.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return model


@probe("SinPredictor")
def predictions(student: Student) -> Iterator[object]:
    """Parameters, predictions in both modes, gradients."""
    case = Case.fixed(seed=1)
    model = predictor(student, case, 5)
    yield model.state(), model.trainable()
    x = case.normal(3, 4, 1).requires_grad_()
    got = model(x)
    yield got, gradients(got, [x])
    got.sum().backward()
    yield model.gradients()
    yield model(x), model(x[:, :2]), model.eval()(x), model(x)


@probe("SinPredictor")
def one_window(student: Student) -> Iterator[object]:
    """A batch of one, one step, the default size, a larger one, large numbers, in float32."""
    case = Case.fixed(seed=2, dtype=torch.float32)
    model = predictor(student, case)
    for shape in ((1, 4, 1), (1, 1, 1), (2, 1, 1), (4, 4, 1)):
        yield model(case.normal(*shape, scale=3.0))
    for made in (model, student.SinPredictor(40)):
        yield [tuple(value.shape) for _, value in sorted(made.state().items())]


@probe("SinPredictor")
def wide_predictions(student: Student) -> Iterator[object]:
    """Large weights: any real number can come out."""
    model, case = student.SinPredictor(hidden_size=2), Case.fixed(seed=3)
    state = model.state()
    model.load({name: 2 * case.normal(*state[name].shape).abs() for name in sorted(state)})
    yield model(case.normal(3, 5, 1)), model(-case.normal(3, 5, 1))
    yield model.eval()(case.normal(3, 5, 1))


def linear(student: Student, width: int, weights: Tensor) -> Any:
    """A linear model of windows, which says how it was called."""
    fc = student.make("torch.nn.Linear", width, 1)
    fc.load({"weight": weights[None], "bias": torch.zeros(1)})
    return student.make(
        "Chain",
        spy=student.make("Spy"),
        flat=student.make("torch.nn.Flatten"),
        fc=fc,
        row=student.make("torch.nn.Flatten", 0),
    )


def without_order(losses: Any) -> Iterator[object]:
    """What losses say in whatever order samples came: number, kinds, and the different values."""
    kinds = {(type(loss).__name__, getattr(loss, "requires_grad", False)) for loss in losses}
    yield len(losses), str(sorted(kinds))
    yield sorted({round(float(torch.as_tensor(loss).detach()), 3) for loss in losses})


def trained(
    student: Student, X: Any, y: Any, said: Any = lambda losses: [losses], **settings: Any
) -> Iterator[object]:
    """The losses and the weights after a short training."""
    model = linear(student, X.shape[1], torch.linspace(-0.5, 0.5, X.shape[1]))
    yield from said(student.train_sin_predictor(model, X, y, **settings))
    yield student.arguments()[1:]
    yield model.state(), model.trainable()


@probe("train_sin_predictor")
def alike_samples(student: Student) -> Iterator[object]:
    """All samples alike, so that their order has no say; clipped and not."""
    X, y = torch.tensor([[1.0], [0.3], [-2.0]]).expand(7, 3, 1), torch.full((7,), 4.0)
    for batch_size, max_norm in ((3, 2.0), (7, 1e-10), (3, 1000.0)):
        settings = {"batch_size": batch_size, "max_norm": max_norm}
        yield from trained(student, X, y, epochs=2, lr=0.3, **settings)
    near = torch.full((7,), -1.4)  # no gradient is as long as the limit
    yield from trained(student, X, near, epochs=4, lr=0.01, batch_size=7, max_norm=0.9)


@probe("train_sin_predictor")
def whole_batches(student: Student) -> Iterator[object]:
    """Different samples in one batch, as arrays and in double precision."""
    case = Case.fixed(seed=1)
    X, y = case.normal(5, 3, 1), 2 * case.normal(5)
    yield from trained(student, X.numpy(), y.numpy(), epochs=2, lr=0.1, batch_size=5)
    yield from trained(student, X.float(), y.float(), epochs=2, lr=0.1, batch_size=64)


@probe("train_sin_predictor")
def standing_still(student: Student) -> Iterator[object]:
    """A learning rate of zero; the last batch is short, or there is one sample alone.

    Two samples without an error and one with it: in a few epochs each way to share them out among
    the batches comes about, so that no generator's order has a say in which losses there are.
    """
    X, y = torch.tensor([[0.0, 0.0, 0.0]] * 2 + [[0.0, 0.0, 2.0]])[:, :, None], torch.zeros(3)
    y[2] = 3.0  # the model predicts 0, 0 and 1
    settings = {"epochs": 16, "lr": 0.0, "batch_size": 2}
    yield from trained(student, X, y, without_order, **settings)
    yield from trained(student, X[2:], y[2:], epochs=1, lr=0.0)


@probe("train_sin_predictor")
def defaults(student: Student) -> Iterator[object]:
    """What is not said is as the signature says; far from the target no step is a tiny one."""
    X, y = torch.tensor([[0.5], [0.1], [-0.3]]).expand(70, 3, 1), torch.full((70,), 8.0)
    yield from trained(student, X, y)


@probe("train_sin_predictor")
def rare_samples(student: Student) -> Iterator[object]:
    """Each sample moves a weight of its own: which were seen, how often, and were they in order?"""
    X, y = torch.eye(12)[:, :, None], torch.ones(12)  # few would be in order by chance
    for batch_size in (1, 5):
        model = linear(student, 12, torch.zeros(12))
        losses = student.train_sin_predictor(model, X, y, epochs=1, lr=0.01, batch_size=batch_size)
        moved = model.state()["fc.weight"][0]
        more = moved.diff()
        yield len(losses), bool((moved > 0).all()), bool((more.abs() < ROUNDING).all())
        yield bool((more > -ROUNDING).all()), bool((more < ROUNDING).all())


@probe("train_sin_predictor")
def two_orders(student: Student) -> Iterator[object]:
    """Twelve samples seen twice in batches of three: do they go more than four ways?"""
    X, y, model = torch.eye(12)[:, :, None], torch.ones(12), linear(student, 12, torch.zeros(12))
    student.train_sin_predictor(model, X, y, epochs=2, lr=0.01, batch_size=3)
    ways = model.state()["fc.weight"][0].sort().values
    yield int((ways.diff() > ROUNDING).sum()) >= 4


def rolled(student: Student, window: Tensor, steps: int) -> Iterator[object]:
    """The forecast of a model that continues a sine exactly."""
    weights = torch.zeros(len(window))
    weights[-2:] = torch.tensor([-1.0, 1.6])[-len(window) :]
    model = linear(student, len(window), weights)
    yield student.forecast(model, window, steps)
    yield student.arguments()[1:]
    yield model.gradients(), model.trainable(), model.state()


@probe("forecast")
def forecasts(student: Student) -> Iterator[object]:
    """Shorter than the window and longer; with gradients asked for."""
    case = Case.fixed(seed=1, dtype=torch.float32)
    yield from rolled(student, case.normal(4, 1), 3)
    yield from rolled(student, case.normal(3, 1).requires_grad_(), 7)


@probe("forecast")
def short_forecasts(student: Student) -> Iterator[object]:
    """One step, and a window of one."""
    case = Case.fixed(seed=2, dtype=torch.float32)
    yield from rolled(student, case.normal(4, 1), 1)
    yield from rolled(student, case.normal(1, 1), 4)


@probe("forecast")
def witnessed(student: Student) -> Iterator[object]:
    """In which mode the model runs at every step, and whether what it gives carries gradient."""
    spy, drop = student.make("Spy"), student.make("torch.nn.Dropout", 0.5)
    rnn = student.make("torch.nn.RNN", 1, 3, batch_first=True)
    fc, row = student.make("torch.nn.Linear", 3, 1), student.make("torch.nn.Flatten", 0)
    model = student.make(
        "Chain", rnn=rnn, pick=student.make("Pick", 1, -1), drop=drop, fc=fc, row=row, spy=spy
    )
    case, state = Case.fixed(seed=3, dtype=torch.float32), model.state()
    model.load({name: case.normal(*state[name].shape, scale=0.6) for name in sorted(state)})
    model.train()
    yield student.forecast(model, case.normal(5, 1), 3)
    yield [[float(training), float(carries)] for training, _, carries in spy.seen()]
    yield model.gradients(), model.trainable()


@probe("forecast")
def later_forecasts(student: Student) -> Iterator[object]:
    """A model that holds gradients, and not all of which learns."""
    model = linear(student, 2, torch.tensor([-1.0, 1.6]))
    model.set_gradients({"fc.weight": torch.ones(1, 2), "fc.bias": torch.ones(1)})
    model.freeze("fc.bias")
    yield student.forecast(model, torch.tensor([[0.3], [0.5]]), 2)
    yield model.gradients(), model.trainable()
