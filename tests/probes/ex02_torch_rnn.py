"""Exercise 2: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import tensor
from grading.testing.gradients import gradients
from grading.testing.probes import probe


def weights(case: Case) -> list[Tensor]:
    """W_xh, W_hh and b."""
    W_xh = case.normal(case.H, case.I, scale=0.4)
    return [W_xh, case.recurrent(case.H), case.normal(case.H, scale=0.5)]


def rnn_of(student: Student, case: Case, **options: Any) -> Any:
    """An nn.RNN in the worker, with fixed weights."""
    rnn = student.make("torch.nn.RNN", case.I, case.H, **options)
    state = rnn.state()
    rnn.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return rnn


def weights_and_bias(rnn: Any) -> dict[str, Tensor]:
    """An rnn's parameters, with the sum of both biases: how they share it is nobody's business."""
    state = rnn.state()
    shape = (len(state["weight_hh_l0"]),)
    both = (tensor(state.pop(name), shape) for name in ("bias_ih_l0", "bias_hh_l0"))
    bias = sum(both)
    return {**state, "bias": bias}


@probe("predict_shapes")
def default_shapes(student: Student) -> Iterator[object]:
    """One layer, one direction."""
    yield student.predict_shapes(2, 3, 5)
    yield student.predict_shapes(1, 1, 1)


@probe("predict_shapes")
def deep_shapes(student: Student) -> Iterator[object]:
    """Layers and directions, by place."""
    for layers, both in ((4, False), (1, True), (4, True)):
        yield student.predict_shapes(2, 3, 5, layers, both)


@probe("predict_shapes")
def time_major_shapes(student: Student) -> Iterator[object]:
    """Not batch first, by name."""
    for both in (False, True):
        options = {"num_layers": 4, "bidirectional": both, "batch_first": False}
        yield student.predict_shapes(2, 3, 5, **options)


@probe("load_weights")
def loaded(student: Student) -> Iterator[object]:
    """The module afterwards, and its gradients."""
    case = Case.fixed(seed=1, B=2, T=3, I=4, H=5)
    rnn = rnn_of(student, case, batch_first=True)
    student.load_weights(rnn, *weights(case))
    yield student.arguments()[1:]
    yield rnn.training, weights_and_bias(rnn)
    yield rnn.trainable()
    output, _ = rnn(case.normal(2, 3, 4))
    output.sum().backward()
    yield rnn.gradients()


@probe("load_weights")
def loaded_twice(student: Student) -> Iterator[object]:
    """In float32, once and again."""
    for sizes in ({"I": 3, "H": 2}, {"I": 1, "H": 1}):
        case = Case.fixed(seed=2, dtype=torch.float32, **sizes)
        rnn = rnn_of(student, case)
        for _ in range(2):
            student.load_weights(rnn, *weights(case))
        yield weights_and_bias(rnn), rnn(case.normal(3, 2, case.I))


@probe("load_weights")
def loaded_squares(student: Student) -> Iterator[object]:
    """Where all sizes are equal, and rows could pass for columns."""
    case = Case.fixed(seed=3, I=2, H=2)
    rnn = rnn_of(student, case)
    student.load_weights(rnn, *weights(case))
    yield weights_and_bias(rnn), rnn.trainable()


@probe("split_directions")
def halves(student: Student) -> Iterator[object]:
    """Both halves, and their gradients."""
    case = Case.fixed(seed=1, B=2, T=3, H=4)
    output = case.normal(2, 3, 8).requires_grad_()
    forward, backward = student.split_directions(output)
    yield forward, backward
    yield student.arguments()
    yield gradients(forward, [output]), gradients(backward, [output])


@probe("split_directions")
def small_halves(student: Student) -> Iterator[object]:
    """One unit, one step, one row."""
    for shape in ((1, 1, 2), (3, 1, 4), (1, 3, 6)):
        yield student.split_directions(Case.fixed(seed=2, dtype=torch.float32).normal(*shape))


@probe("final_state")
def last_layers(student: Student) -> Iterator[object]:
    """Layers and directions, with gradients."""
    case = Case.fixed(seed=1)
    for layers, both in ((1, False), (2, False), (3, False), (1, True), (2, True)):
        h_n = case.normal(layers * (1 + both), 4, 5).requires_grad_()
        state = student.final_state(h_n, both) if both else student.final_state(h_n)
        yield state
        yield student.arguments()
        if state.requires_grad:
            yield gradients(state, [h_n])


@probe("final_state")
def small_states(student: Student) -> Iterator[object]:
    """A batch of one, in float32, by name."""
    case = Case.fixed(seed=2, dtype=torch.float32)
    for layers, both in ((1, False), (2, True)):
        yield student.final_state(case.normal(layers * (1 + both), 1, 1), bidirectional=both)


@probe("run_time_major")
def one_layer(student: Student) -> Iterator[object]:
    """Output, h_n and gradients of one layer."""
    case = Case.fixed(seed=1, B=2, T=3, I=4, H=5)
    rnn, x = rnn_of(student, case), case.normal(2, 3, 4).requires_grad_()
    output, h_n = student.run_time_major(rnn, x)
    yield output, h_n
    yield student.arguments()[1]
    yield gradients(output, [x]), gradients(h_n, [x])
    yield rnn.state(), rnn.trainable(), rnn.training
    output.sum().backward()
    yield rnn.gradients(), rnn(x)
    yield student.run_time_major(rnn, x)


@probe("run_time_major")
def two_ways(student: Student) -> Iterator[object]:
    """Three layers in both directions."""
    case = Case.fixed(seed=2, dtype=torch.float32, B=3, T=4, I=2, H=3)
    rnn = rnn_of(student, case, num_layers=3, bidirectional=True)
    yield student.run_time_major(rnn, case.normal(3, 4, 2))
    for shape in ((1, 4, 2), (3, 1, 2), (3, 3, 2)):
        yield student.run_time_major(rnn, case.normal(*shape))


@probe("run_time_major")
def other_options(student: Student) -> Iterator[object]:
    """With relu, without biases, in evaluation mode, with gradients from earlier."""
    case = Case.fixed(seed=3, B=2, T=3, I=4, H=5)
    for options in ({"nonlinearity": "relu"}, {"bias": False}):
        rnn = rnn_of(student, case, **options).eval()
        rnn.set_gradients({name: torch.ones_like(value) for name, value in rnn.state().items()})
        yield student.run_time_major(rnn, case.normal(2, 3, 4))
        yield rnn.training, rnn.gradients()
