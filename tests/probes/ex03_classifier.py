"""Exercise 3: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.gradients import gradients
from grading.testing.probes import probe


def fill(model: Any, case: Case) -> Any:
    """Give a model in the worker fixed weights."""
    state = model.state()
    model.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return model


def classifier(student: Student, case: Case, *layers: int) -> Any:
    """The student's network with fixed weights."""
    return fill(student.RNNClassifier(case.I, case.H, case.C, *layers), case)


def is_random(student: Student, *layers: int) -> bool:
    """Do two networks of the student's, new and with the same weights, answer differently?"""
    x = Case.fixed(seed=7).normal(20, 3, 2)
    first, second = (
        classifier(student, Case.fixed(seed=8, I=2, H=9, C=2), *layers)(x) for _ in range(2)
    )
    alike = isinstance(first, Tensor) and isinstance(second, Tensor) and first.shape == second.shape
    return alike and bool((first != second).any())


def chain(student: Student, case: Case) -> Any:
    """A classifier of torch's own modules, with dropout and a witness at its beginning."""
    return fill(
        student.make(
            "Chain",
            spy=student.make("Spy"),
            rnn=student.make("torch.nn.RNN", case.I, case.H, batch_first=True),
            pick=student.make("Pick", 1, -1),
            drop=student.make("torch.nn.Dropout", 0.5),
            fc=student.make("torch.nn.Linear", case.H, case.C),
        ),
        case,
    )


@probe("RNNClassifier")
def logits(student: Student) -> Iterator[object]:
    """Parameters, logits in both modes, gradients; of random ones no number."""
    case = Case.fixed(seed=1, B=4, T=5, I=2, H=3, C=6)
    model = classifier(student, case)
    yield model.state(), model.trainable()
    x = case.normal(4, 5, 2).requires_grad_()
    if is_random(student):
        yield "others each time", model.eval()(x)
        return
    got = model(x)
    yield got
    yield gradients(got, [x])
    got.sum().backward()
    yield model.gradients()
    yield model(x), model(x[:1]), model(x[:1])
    yield model.eval()(x), model(x)


@probe("RNNClassifier")
def exact_logits(student: Student) -> Iterator[object]:
    """Digits, sizes beyond the usual, and how far back the gradient reaches."""
    case = Case.fixed(seed=6, B=2, T=10, I=2, H=3, C=2)
    model, x = classifier(student, case).eval(), case.normal(2, 10, 2).requires_grad_()
    yield gradients(model(x), [x])
    model.load({"fc.weight": torch.full((2, 3), 1e6, dtype=torch.float64)})
    first, second = model(x).detach(), model(x).detach()
    same = first.shape == second.shape and bool((first == second).all())
    yield first, first.frac() if same else "others each time"


@probe("RNNClassifier")
def deep_logits(student: Student) -> Iterator[object]:
    """Two layers, and three."""
    for layers in (2, 3):
        case = Case.fixed(seed=layers, B=3, T=4, I=2, H=3, C=2)
        model = classifier(student, case, layers)
        yield model.state()
        x = case.normal(3, 4, 2)
        if is_random(student, layers):
            yield "others each time", model.eval()(x)
        else:
            yield model(x), model(x)


@probe("RNNClassifier")
def small_logits(student: Student) -> Iterator[object]:
    """Sizes of one, in float32, a long sequence, large numbers."""
    case = Case.fixed(seed=4, dtype=torch.float32, B=1, T=1, I=1, H=1, C=1)
    model = classifier(student, case).eval()
    yield model(case.normal(1, 1, 1)), model(case.normal(2, 12, 1)), model(case.zeros(2, 3, 1))


@probe("RNNClassifier")
def named_sizes(student: Student) -> Iterator[object]:
    """Sizes by name, many rows, equal sizes."""
    case = Case.fixed(seed=5, I=3, H=3, C=3)
    model = student.RNNClassifier(input_size=3, hidden_size=3, num_classes=3, num_layers=2)
    yield fill(model, case).eval()(case.normal(3, 3, 3, scale=3.0))


@probe("predict")
def classes(student: Student) -> Iterator[object]:
    """Classes of a model with dropout, how it was called, and how it is afterwards."""
    case = Case.fixed(seed=1, B=7, T=3, I=2, H=5, C=4)
    model = chain(student, case)
    for x in (case.normal(7, 3, 2), case.normal(1, 3, 2)):
        yield student.predict(model, x.requires_grad_())
        yield student.arguments()[1]
    yield model.state(), model.trainable(), model.gradients()


@probe("predict")
def witnessed(student: Student) -> Iterator[object]:
    """How the model was called; where not in evaluation mode, how it is afterwards."""
    case = Case.fixed(seed=2, B=4, I=3)
    spy, drop = student.make("Spy"), student.make("torch.nn.Dropout", 1.0)
    model = student.make("Chain", drop=drop, flat=student.make("torch.nn.Flatten"), spy=spy)
    model.train()
    yield student.predict(model, case.normal(4, 1, 3).requires_grad_())
    yield student.builds_graphs()
    seen = spy.seen()
    yield [list(map(float, note)) for note in seen]
    if any(training for training, *_ in seen):
        yield model.training


@probe("predict")
def witnessed_within(student: Student) -> Iterator[object]:
    """How a layer was called that alone was in training mode."""
    case = Case.fixed(seed=6, B=4, I=3)
    spy = student.make("Spy")
    model = student.make("Chain", flat=student.make("torch.nn.Flatten"), spy=spy)
    model.eval()
    spy.train()
    yield student.predict(model, case.normal(4, 1, 3))
    yield [list(map(float, note)) for note in spy.seen()]


@probe("predict")
def odd_logits(student: Student) -> Iterator[object]:
    """Logits far apart, close together, negative, large, and of one class."""
    model = student.make("Chain", flat=student.make("torch.nn.Flatten"))
    order = torch.tensor([[2.0, 0.0, 1.0], [0.0, 1.0, 2.0], [1.0, 2.0, 0.0], [0.0, 2.0, 1.0]])
    for scores in (order * 150 - 2000, order * 1e-5 + 0.3, order - 9, -0.1 * order, order * 40):
        yield student.predict(model, scores[:, None])
        yield student.predict(model, scores[:, None].double())
    yield student.predict(model, torch.ones(2, 1, 1)), student.predict(model, -torch.ones(2, 1, 1))
    yield student.predict(model, torch.tensor([[[-1.0, 0.5]], [[0.7, 0.6]]]))


@probe("predict")
def states_left(student: Student) -> Iterator[object]:
    """What is left of gradients from earlier, and of a parameter that was frozen."""
    case = Case.fixed(seed=3, I=2, H=3, C=4)
    model = chain(student, case)
    model.freeze("fc.bias")
    model.set_gradients({name: torch.ones_like(value) for name, value in model.state().items()})
    yield student.predict(model, case.normal(3, 4, 2))
    yield model.gradients(), model.trainable(), model.state()


def step(student: Student, case: Case, times: int, **settings: float) -> Iterator[object]:
    """Train a plain linear model; its losses, weights and gradients."""
    fc = student.make("torch.nn.Linear", case.T * case.I, case.C)
    drop = student.make("torch.nn.Dropout", 0.5)
    model = fill(
        student.make("Chain", flat=student.make("torch.nn.Flatten"), drop=drop, fc=fc), case
    )
    optimizer = student.make("torch.optim.SGD", model, lr=0.3, **settings)
    model.set_gradients({name: torch.ones_like(value) for name, value in model.state().items()})
    model.eval()
    for _ in range(times):
        x, y = case.normal(case.B, case.T, case.I), case.integers(0, case.C - 1, case.B)
        yield student.train_step(model, optimizer, x, y)
        yield model.training
        yield student.arguments()[2:]
    yield model.state(), model.trainable()


@probe("train_step")
def plain_steps(student: Student) -> Iterator[object]:
    """Three steps, and one with a large batch."""
    yield from step(student, Case.fixed(seed=1, B=5, T=2, I=2, C=3), 3)
    yield from step(student, Case.fixed(seed=5, B=40, T=2, I=2, C=3), 1)


@probe("train_step")
def heavy_steps(student: Student) -> Iterator[object]:
    """Momentum and weight decay, float32."""
    case = Case.fixed(seed=2, dtype=torch.float32, B=4, T=1, I=3, C=2)
    yield from step(student, case, 2, momentum=0.9, weight_decay=0.05)


@probe("train_step")
def small_step(student: Student) -> Iterator[object]:
    """One row, one class; scores that are far apart."""
    yield from step(student, Case.fixed(seed=3, B=1, T=1, I=2, C=1), 1)
    fc = student.make("torch.nn.Linear", 2, 3)
    fc.load(
        {"weight": torch.tensor([[90.0, 0.0], [0.0, 90.0], [-90.0, 0.0]]), "bias": torch.ones(3)}
    )
    model = student.make("Chain", fc=fc)
    optimizer = student.make("torch.optim.SGD", fc, lr=0.5)
    x, y = torch.tensor([[10.0, 20.0], [-10.0, 5.0]]), torch.tensor([0, 0])
    yield student.train_step(model, optimizer, x, y)
    yield model.state(), model.gradients()


@probe("train_step")
def only_fc(student: Student) -> Iterator[object]:
    """An optimizer that holds one layer of two."""
    case = Case.fixed(seed=4)
    first, fc = student.make("torch.nn.Linear", 2, 3), student.make("torch.nn.Linear", 3, 2)
    spy = student.make("Spy")
    model = fill(student.make("Chain", first=first, spy=spy, fc=fc), case)
    optimizer = student.make("torch.optim.SGD", fc, lr=0.5)
    yield student.train_step(model, optimizer, case.normal(5, 2), case.integers(0, 1, 5))
    yield model.state(), model.gradients(), model.trainable()
    yield [list(map(float, note)) for note in spy.seen()]
