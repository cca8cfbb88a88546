"""Exercise 1, the instructor's tests: values, gradients and side effects, against torch itself."""

import pytest
import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, pair, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients

STEP_NAMES = ["x_t", "h_prev", "W_xh", "W_hh", "b"]
FORWARD_NAMES = ["x", "h0", "W_xh", "W_hh", "b"]


def step_arguments(case: Case) -> list[Tensor]:
    """x_t, h_prev, W_xh, W_hh and b of one tame step."""
    x_t, h_prev = case.normal(case.B, case.I), case.normal(case.B, case.H, scale=0.5)
    return [x_t, h_prev, *weights(case)]


def forward_arguments(case: Case) -> list[Tensor]:
    """x, h0, W_xh, W_hh and b of one tame sequence."""
    x, h0 = case.normal(case.B, case.T, case.I), case.normal(case.B, case.H, scale=0.5)
    return [x, h0, *weights(case)]


def weights(case: Case) -> list[Tensor]:
    """W_xh, W_hh and b, small enough that tanh does not flatten everything."""
    W_xh = case.normal(case.H, case.I, scale=0.4)
    return [W_xh, case.recurrent(case.H), case.normal(case.H, scale=0.5)]


def torch_step(x_t: Tensor, h_prev: Tensor, W_xh: Tensor, W_hh: Tensor, b: Tensor) -> Tensor:
    """What torch's own cell makes of the arguments of rnn_step."""
    return torch.rnn_tanh_cell(x_t, h_prev, W_xh, W_hh, b, torch.zeros_like(b))


def torch_forward(
    x: Tensor, h0: Tensor | None, W_xh: Tensor, W_hh: Tensor, b: Tensor
) -> tuple[Tensor, Tensor]:
    """What torch's own layer makes of the arguments of rnn_forward."""
    start = x.new_zeros(1, x.shape[0], W_hh.shape[0]) if h0 is None else h0[None]
    parameters = [W_xh, W_hh, b, torch.zeros_like(b)]
    output, h_n = torch.rnn_tanh(x, start, parameters, True, 1, 0.0, False, False, True)
    return output, h_n[0]


# --- rnn_step --------------------------------------------------------------------------------


@pytest.mark.part("rnn_step", weight=2)
@cases("B", "I", "H", equal=True)
def test_step_matches_torch(student: Student, case: Case) -> None:
    """The new state has the values of PyTorch's own recurrent step, and the dtype of its inputs."""
    arguments = step_arguments(case)
    close(student.rnn_step(*arguments), torch_step(*arguments), "the new state")
    arguments = [8 * arguments[0].double(), *(value.double() for value in arguments[1:])]
    close(student.rnn_step(*arguments), torch_step(*arguments), "the new state at large inputs")


@pytest.mark.part("rnn_step")
@cases("B", "I", "H", ones=False)
def test_step_leaves_arguments_alone(student: Student, case: Case) -> None:
    """The step is right, and x_t, h_prev and the parameters stay as they were."""
    arguments = step_arguments(case)
    close(student.rnn_step(*arguments), torch_step(*arguments), "the new state")
    unchanged(student)


@pytest.mark.part("rnn_step")
@cases("B", "I", "H")
def test_gradient_of_any_loss_on_a_step(student: Student, case: Case) -> None:
    """Whatever the loss on the new state, the gradients of all five arguments are right."""
    inputs = [value.requires_grad_() for value in step_arguments(case)]
    upstream = case.normal(case.B, case.H)
    got = student.rnn_step(*inputs)
    same_gradients(got, torch_step(*inputs), dict(zip(STEP_NAMES, inputs, strict=True)), upstream)


@pytest.mark.part("rnn_step")
def test_gradient_of_a_step_for_whoever_asks(student: Student) -> None:
    """Where one argument alone requires grad, or one is all zeros, the gradients are right."""
    case = Case.fixed(seed=5, B=3, I=2, H=4)
    inputs, upstream = step_arguments(case), case.normal(case.B, case.H)
    from_zeros = [inputs[0], 0 * inputs[1], *inputs[2:]]  # h_prev has a gradient all the same
    for k in (0, 1, 2, 3, 4):  # one that requires grad, among others that don't
        one = [value.detach().requires_grad_(i == k) for i, value in enumerate(from_zeros)]
        got = student.rnn_step(*one)
        same_gradients(got, torch_step(*one), {STEP_NAMES[k]: one[k]}, upstream)
    for k in (0, 1, 2, 3, 4):  # all require grad, and one is zeros throughout
        some = [(0 * v if i == k else v).detach().requires_grad_() for i, v in enumerate(inputs)]
        names = dict(zip(STEP_NAMES, some, strict=True))
        same_gradients(student.rnn_step(*some), torch_step(*some), names, upstream)


# --- rnn_forward -----------------------------------------------------------------------------


@pytest.mark.part("rnn_forward", weight=2)
@cases("B", "T", "I", "H", equal=True, single="T")
def test_states_match_torch(student: Student, case: Case) -> None:
    """Every state and h_n have the values and the dtype of PyTorch's own RNN."""
    arguments = forward_arguments(case)
    arguments[0][-1, -1] = 0.0  # a last step like any other
    output, h_n = pair(student.rnn_forward(*arguments))
    expected, h_expected = torch_forward(*arguments)
    close(output, expected, "the output")
    close(h_n, h_expected, "h_n")


@pytest.mark.part("rnn_forward")
@cases("B", "T", "I", "H", ones=False)
def test_every_call_starts_anew(student: Student, case: Case) -> None:
    """Without an h0, a second call knows neither what the first one read nor where it started."""
    x, h0, *parameters = forward_arguments(case)
    expected, h_expected = torch_forward(x, None, *parameters)
    for start in (h0, None):
        student.rnn_forward(case.normal(*x.shape), start, *parameters)
        output, h_n = pair(student.rnn_forward(x, None, *parameters))
        close(output, expected, "the output of the second call")
        close(h_n, h_expected, "h_n of the second call")


@pytest.mark.part("rnn_forward")
@cases("B", "T", "I", "H", ones=False)
def test_forward_leaves_arguments_alone(student: Student, case: Case) -> None:
    """The states are right, and x, h0 and the parameters stay as they were."""
    arguments = forward_arguments(case)
    output, _ = pair(student.rnn_forward(*arguments))
    close(output, torch_forward(*arguments)[0], "the output")
    unchanged(student)


@pytest.mark.part("rnn_forward")
def test_gradient_crosses_seventy_steps(student: Student) -> None:
    """A loss on h_n reaches every step of a long sequence, an h0 of zeros and the parameters."""
    case = Case.fixed(seed=11, B=3, T=70, I=4, H=5)
    x, h0, W_xh, _, b = forward_arguments(case)
    copying = torch.eye(case.H, dtype=case.dtype)  # so that what was read first still counts
    inputs = [v.requires_grad_() for v in (0.05 * x, 0 * h0, W_xh, copying, 0.001 * b)]
    upstream = case.normal(case.B, case.H)
    _, h_n = pair(student.rnn_forward(*inputs))
    names = dict(zip(FORWARD_NAMES, inputs, strict=True))
    same_gradients(h_n, torch_forward(*inputs)[1], names, upstream)


@pytest.mark.part("rnn_forward")
@cases("B", "T", "I", "H")
def test_gradient_of_any_loss_without_h0(student: Student, case: Case) -> None:
    """Whatever the loss on output and h_n after a start from zeros, the gradients are right."""
    x, _, *parameters = [value.requires_grad_() for value in forward_arguments(case)]
    results = pair(student.rnn_forward(x, None, *parameters))
    names = dict(zip(["x", "W_xh", "W_hh", "b"], [x, *parameters], strict=True))
    for got, expected in zip(results, torch_forward(x, None, *parameters), strict=True):
        same_gradients(got, expected, names, case.normal(*expected.shape))


@pytest.mark.part("rnn_forward")
def test_gradient_without_h0_for_whoever_asks(student: Student) -> None:
    """Where only x or one parameter requires grad, or one is all zeros, the gradients are right."""
    case = Case.fixed(seed=6, B=3, T=5, I=2, H=4)
    x, _, *parameters = forward_arguments(case)
    for k in (0, 2):  # one that requires grad, among others that don't: x is mostly data
        one = [v.detach().requires_grad_(i == k) for i, v in enumerate([x, *parameters])]
        (got, _), (expected, _) = (
            pair(f(one[0], None, *one[1:])) for f in (student.rnn_forward, torch_forward)
        )
        upstream = case.normal(*expected.shape)
        same_gradients(got, expected, {["x", "W_xh", "W_hh", "b"][k]: one[k]}, upstream)
    for k in (0, 1, 2, 3):  # all require grad, and one is zeros throughout
        some = [
            (0 * v if i == k else v).detach().requires_grad_()
            for i, v in enumerate([x, *parameters])
        ]
        (_, got), (_, expected) = (
            pair(f(some[0], None, *some[1:])) for f in (student.rnn_forward, torch_forward)
        )
        names = dict(zip(["x", "W_xh", "W_hh", "b"], some, strict=True))
        same_gradients(got, expected, names, case.normal(*expected.shape))
