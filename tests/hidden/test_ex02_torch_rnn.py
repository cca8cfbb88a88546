"""Exercise 2, the instructor's tests: values, gradients and side effects, against nn.RNN itself."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, holds, pair, shape, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients

NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")

# --- predict_shapes --------------------------------------------------------------------------


def torch_shapes(B: int, T: int, H: int, **options: Any) -> tuple[tuple[int, ...], ...]:
    """The shapes that an nn.RNN really gives."""
    rnn = nn.RNN(2, H, **options)
    outer = (B, T) if options.get("batch_first") else (T, B)
    with torch.no_grad():
        output, h_n = rnn(torch.zeros(*outer, 2))
    return tuple(output.shape), tuple(h_n.shape)


def check_shapes(got: Any, expected: tuple[tuple[int, ...], ...]) -> None:
    """Both predicted shapes are those expected."""
    output, h_n = pair(got, "the pair of shapes")
    equal(shape(output, "output_shape"), expected[0], "output_shape")
    equal(shape(h_n, "h_n_shape"), expected[1], "h_n_shape")


@pytest.mark.part("predict_shapes", weight=2)
def test_all_settings_match_torch(student: Student) -> None:
    """Layers, directions and batch_first in any combination: the shapes are nn.RNN's own."""
    for sizes, layers in (((6, 3, 4), (1, 2, 3)), ((1, 1, 1), (1,))):
        for L, both, batch_first in itertools.product(layers, (False, True), (False, True)):
            options = {"num_layers": L, "bidirectional": both, "batch_first": batch_first}
            got = student.predict_shapes(*sizes, L, both, batch_first)
            check_shapes(got, torch_shapes(*sizes, **options))


@pytest.mark.part("predict_shapes")
def test_one_option_leaves_the_others_at_their_defaults(student: Student) -> None:
    """Given by name alone, each option leaves the others at what the table says."""
    for options in ({}, {"num_layers": 3}, {"bidirectional": True}, {"batch_first": False}):
        expected = torch_shapes(3, 5, 2, **({"batch_first": True} | options))
        check_shapes(student.predict_shapes(3, 5, 2, **options), expected)


# --- load_weights ----------------------------------------------------------------------------


def weights(case: Case) -> list[Tensor]:
    """W_xh, W_hh and b, small enough that tanh does not flatten everything."""
    W_xh = case.normal(case.H, case.I, scale=0.4)
    return [W_xh, case.recurrent(case.H), case.normal(case.H, scale=0.5)]


def torch_forward(x: Tensor, W_xh: Tensor, W_hh: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """The recurrence of exercise 1 from a state of zeros, by torch's own kernel."""
    start = x.new_zeros(1, x.shape[0], W_hh.shape[0])
    parameters = [W_xh, W_hh, b, torch.zeros_like(b)]
    output, h_n = torch.rnn_tanh(x, start, parameters, True, 1, 0.0, False, False, True)
    return output, h_n


@pytest.mark.part("load_weights", weight=2)
@cases("B", "T", "I", "H", equal=True)
def test_loaded_rnn_computes_the_recurrence(student: Student, case: Case) -> None:
    """The loaded rnn, batch first or not, gives what exercise 1 gives with W_xh, W_hh and b."""
    batch_first = bool(case.integer(0, 1))
    rnn = student.make("torch.nn.RNN", case.I, case.H, batch_first=batch_first).to(case.dtype)
    parameters, x = weights(case), case.normal(case.B, case.T, case.I)
    student.load_weights(rnn, *parameters)
    output, h_n = pair(rnn(x if batch_first else x.transpose(0, 1)), "what the rnn returns")
    expected, h_expected = torch_forward(x, *parameters)
    expected = expected if batch_first else expected.transpose(0, 1)
    close(output, expected, "the rnn's output")
    close(h_n, h_expected, "the rnn's h_n")


@pytest.mark.part("load_weights")
@cases("I", "H", ones=False)
def test_loading_again_forgets_the_first(student: Student, case: Case) -> None:
    """A second call replaces all that the first one set, and neither changes its arguments."""
    rnn = student.make("torch.nn.RNN", case.I, case.H).to(case.dtype)
    student.load_weights(rnn, *weights(case))
    W_xh, W_hh, b = weights(case)
    student.load_weights(rnn, W_xh, W_hh, b)
    unchanged(student)
    holds(student.builds_graphs(), "after load_weights, nothing at all builds a graph any more")
    holds(rnn.training, "rnn is left in evaluation mode")
    state = rnn.state()
    holds(all(name in state for name in NAMES), "a parameter of the rnn is gone")
    close(state["weight_ih_l0"], W_xh, "weight_ih_l0")
    close(state["weight_hh_l0"], W_hh, "weight_hh_l0")
    biases = [tensor(state[name], (case.H,), case.dtype, name) for name in NAMES[2:]]
    close(sum(biases), b, "the sum of both biases")


@pytest.mark.part("load_weights")
@cases("B", "T", "I", "H", ones=False)
def test_loss_on_loaded_rnn_trains_all_four(student: Student, case: Case) -> None:
    """The loaded rnn's parameters require grad and get the gradients of the recurrence."""
    rnn = student.make("torch.nn.RNN", case.I, case.H, batch_first=True).to(case.dtype)
    parameters, x = weights(case), case.normal(case.B, case.T, case.I)
    student.load_weights(rnn, *parameters)
    equal(rnn.trainable(), dict.fromkeys(NAMES, True), "which parameters are trainable")
    output, _ = pair(rnn(x), "what the rnn returns")
    output.sum().backward()
    leaves = [value.requires_grad_() for value in parameters]
    expected = torch.autograd.grad(torch_forward(x, *leaves)[0].sum(), leaves)
    seen = rnn.gradients()
    for name, gradient in zip(NAMES, (*expected, expected[-1]), strict=True):
        close(seen[name], gradient, f"the gradient with respect to {name}")


# --- split_directions ------------------------------------------------------------------------


def one_direction(rnn: nn.RNN, suffix: str) -> nn.RNN:
    """An RNN of one direction with the weights of one of two."""
    single = nn.RNN(rnn.input_size, rnn.hidden_size, batch_first=True)
    single.to(rnn.weight_ih_l0.dtype)
    state = rnn.state_dict()
    single.load_state_dict({name: state[name + suffix] for name in NAMES})
    return single


@pytest.mark.part("split_directions")
@cases("B", "T", "I", "H", equal=True, single="BT")
def test_halves_are_the_two_directions(student: Student, case: Case) -> None:
    """Forward is what that direction gives alone; backward too, at the input's own steps."""
    rnn = nn.RNN(case.I, case.H, batch_first=True, bidirectional=True)
    case.load_random(rnn)
    x = case.normal(case.B, case.T, case.I)
    with torch.no_grad():
        output, _ = rnn(x)
        forwards, _ = one_direction(rnn, "")(x)
        backwards, _ = one_direction(rnn, "_reverse")(x.flip(1))
    forward, backward = pair(student.split_directions(output))
    unchanged(student)
    close(forward, forwards, "forward")
    close(backward, backwards.flip(1), "backward")


@pytest.mark.part("split_directions")
@cases("B", "T", "H")
def test_gradient_reaches_each_half(student: Student, case: Case) -> None:
    """A loss on one of the halves reaches that half of output, and output stays as it is."""
    output = case.normal(case.B, case.T, 2 * case.H).requires_grad_()
    upstream = case.normal(case.B, case.T, case.H)
    halves = pair(student.split_directions(output))
    unchanged(student)
    for half, start in zip(halves, (0, case.H), strict=True):
        expected = output.narrow(2, start, case.H)
        same_gradients(half, expected, {"output": output}, upstream)


# --- final_state -----------------------------------------------------------------------------


def last_layer(h_n: Tensor, directions: int) -> Tensor:
    """The last layer's entries of h_n, those of one sequence joined into a row."""
    return h_n[-directions:].transpose(0, 1).flatten(1)


@pytest.mark.part("final_state", weight=2)
def test_last_layer_and_its_directions(student: Student) -> None:
    """For any number of layers, each row holds the last layer's state, forward before backward."""
    large, wide, small = (Case.fixed(seed=5, B=B, H=H) for B, H in ((3, 4), (1, 4), (1, 1)))
    for case, L in (*((large, L) for L in (1, 2, 3, 4)), (wide, 1), (small, 1)):
        one = case.normal(L, case.B, case.H)
        close(student.final_state(one, False), last_layer(one, 1), "the state of one direction")
        unchanged(student)
        close(student.final_state(one), last_layer(one, 1), "the state where no flag is given")
        two = case.normal(2 * L, case.B, case.H)
        close(student.final_state(two, True), last_layer(two, 2), "the state of two directions")
        unchanged(student)


@pytest.mark.part("final_state")
@cases("B", "H", L=(1, 3), ones=False, equal=True)
def test_gradient_reaches_last_layer_only(student: Student, case: Case) -> None:
    """A loss on the final state reaches the last layer's entries of h_n, which stays as it is."""
    for directions in (1, 2):
        h_n = case.normal(directions * case.L, case.B, case.H).requires_grad_()
        upstream = case.normal(case.B, directions * case.H)
        got = student.final_state(h_n, bidirectional=directions == 2)
        unchanged(student)
        same_gradients(got, last_layer(h_n, directions), {"h_n": h_n}, upstream)


# --- run_time_major --------------------------------------------------------------------------


def rnn_and_twin(
    student: Student, case: Case, both: bool, **options: Any
) -> tuple[RemoteObject, nn.RNN]:
    """A time-major nn.RNN over there, and a batch-first one with its parameters here."""
    options["bidirectional"] = both
    twin = nn.RNN(case.I, case.H, case.L, batch_first=True, **options)
    case.load_random(twin)
    rnn = student.make("torch.nn.RNN", case.I, case.H, case.L, **options)
    rnn.load(twin.state_dict())
    return rnn, twin


@pytest.mark.part("run_time_major", weight=2)
@cases("B", "T", "I", "H", L=(1, 3), equal=True, single="B")
def test_output_and_h_n_match_batch_first_twin(student: Student, case: Case) -> None:
    """Whatever nn.RNN's options: output and h_n are those of a batch-first one."""
    x = case.normal(case.B, case.T, case.I)
    shallow = replace(case, sizes=case.sizes | {"L": 1})
    relu = {"nonlinearity": "relu", "bias": False}
    for size, both, options in ((case, False, relu), (case, True, {}), (shallow, True, {})):
        rnn, twin = rnn_and_twin(student, size, both, **options)
        with torch.no_grad():
            expected, h_expected = twin(x)
        output, h_n = pair(student.run_time_major(rnn, x))
        close(output, expected, "the output")
        close(h_n, h_expected, "h_n")


@pytest.mark.part("run_time_major")
@cases("B", "T", "I", "H", L=(1, 3), ones=False, single="T")
def test_second_run_finds_everything_as_before(student: Student, case: Case) -> None:
    """A second call starts from zeros again, and rnn stays as it was, in either mode."""
    rnn, twin = rnn_and_twin(student, case, both=bool(case.integer(0, 1)))
    before = {name: case.normal(*value.shape) for name, value in twin.named_parameters()}
    rnn.set_gradients(before)
    rnn.freeze("bias_hh_l0")
    x = case.normal(case.B, case.T, case.I)
    with torch.no_grad():
        expected, _ = twin(x)
    for mode in (False, True):
        rnn.train(mode)
        student.run_time_major(rnn, case.normal(case.B, case.T, case.I))
        holds(rnn.training == mode, "rnn is left in the other mode")
    output, _ = pair(student.run_time_major(rnn, x))
    unchanged(student)
    holds(output.requires_grad, "in training mode, output carries no gradient")
    for name, gradient in rnn.gradients().items():
        close(gradient, before[name], f"the gradient of {name} left from earlier")
    asking = rnn.trainable()
    holds(not asking.pop("bias_hh_l0"), "a frozen parameter requires grad afterwards")
    holds(all(asking.values()), "a parameter no longer requires grad")
    close(output, expected, "the output of the second call")
    still, _ = pair(rnn(x.transpose(0, 1)), "what rnn returns afterwards")
    close(still, expected.transpose(0, 1), "rnn's own output afterwards")


@pytest.mark.part("run_time_major")
@cases("B", "T", "I", "H", L=(1, 2))
def test_gradient_reaches_x_and_parameters(student: Student, case: Case) -> None:
    """Losses on output and on h_n reach x and every parameter of rnn, with the right values."""
    rnn, twin = rnn_and_twin(student, case, both=bool(case.integer(0, 1)))
    rnn.eval()
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    results = pair(student.run_time_major(rnn, x))
    for got, expected in zip(results, twin(x), strict=True):
        upstream = case.normal(*expected.shape)
        same_gradients(got, expected, {"x": x}, upstream)
        (expected * upstream).sum().backward(retain_graph=True)
    seen = rnn.gradients()
    for name, parameter in twin.named_parameters():
        close(seen[name], parameter.grad, f"the gradient with respect to {name}")
