"""Exercise 1, the tests that students have: properties of one step and of the whole unroll."""

import pytest
import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, differ, pair, tensor, varied
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients


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


def stepped(student: Student, *arguments: Tensor) -> Tensor:
    """The new state, checked to be a tensor of h_prev's shape and dtype."""
    h_prev = arguments[1]
    return tensor(student.rnn_step(*arguments), h_prev.shape, h_prev.dtype, "the new state")


def unrolled(
    student: Student, x: Tensor, h0: Tensor | None, W_xh: Tensor, W_hh: Tensor, b: Tensor
) -> tuple[Tensor, Tensor]:
    """The states and h_n, checked to be two tensors of the right shapes and dtype."""
    output, h_n = pair(student.rnn_forward(x, h0, W_xh, W_hh, b))
    B, T, H = x.shape[0], x.shape[1], b.shape[0]
    return tensor(output, (B, T, H), x.dtype, "output"), tensor(h_n, (B, H), x.dtype, "h_n")


# --- rnn_step --------------------------------------------------------------------------------


@pytest.mark.part("rnn_step")
@cases("B", "I", "H")
def test_bias_alone_remains_at_zero(student: Student, case: Case) -> None:
    """With x_t and h_prev at zero, every row of the new state is tanh(b)."""
    _, _, W_xh, W_hh, b = step_arguments(case)
    x_t, h_prev = case.zeros(case.B, case.I), case.zeros(case.B, case.H)
    got = student.rnn_step(x_t, h_prev, W_xh, W_hh, b)
    close(got, torch.tanh(b).expand(case.B, case.H), "the new state")


@pytest.mark.part("rnn_step")
@cases("B", "I", "H", ones=False)
def test_one_weight_joins_one_pair(student: Student, case: Case) -> None:
    """The weight in row k, column j leads from entry j of what it reads to entry k of the state."""
    x_t, h_prev, W_xh, W_hh, b = step_arguments(case)
    k, i, j = case.integer(0, case.H - 1), case.integer(0, case.I - 1), case.integer(0, case.H - 1)
    W_xh, W_hh, b = (torch.zeros_like(value) for value in (W_xh, W_hh, b))
    W_xh[k, i], W_hh[k, j] = 0.5, -0.25
    expected = case.zeros(case.B, case.H)
    expected[:, k] = torch.tanh(0.5 * x_t[:, i] - 0.25 * h_prev[:, j])
    close(student.rnn_step(x_t, h_prev, W_xh, W_hh, b), expected, "the new state")


@pytest.mark.part("rnn_step")
@cases("B", "I", "H", ones=False)
def test_terms_add_up_before_tanh(student: Student, case: Case) -> None:
    """Undoing tanh gives a sum: input, state and bias each add a term of their own to it."""
    x_t, h_prev, W_xh, W_hh, b = (value.double() for value in step_arguments(case))
    no_x, no_h, no_b = torch.zeros_like(x_t), torch.zeros_like(h_prev), torch.zeros_like(b)
    all_three = stepped(student, x_t, h_prev, W_xh, W_hh, b)
    by_input = stepped(student, x_t, no_h, W_xh, W_hh, no_b)
    by_state = stepped(student, no_x, h_prev, W_xh, W_hh, no_b)
    differ(by_input, by_state, "the state from x_t alone and the state from h_prev alone")
    close(all_three, torch.tanh(torch.atanh(by_input) + torch.atanh(by_state) + b), "the new state")


@pytest.mark.part("rnn_step")
@cases("B", "I", "H", ones=False)
def test_rows_do_not_meet(student: Student, case: Case) -> None:
    """Each row of the batch gives the same state as it does alone: no row sees its neighbours."""
    x_t, h_prev, *parameters = step_arguments(case)
    together = stepped(student, x_t, h_prev, *parameters)
    differ(together, case.zeros(case.B, case.H), "the new state and a state of zeros")
    i = case.integer(0, case.B - 1)
    alone = stepped(student, x_t[i : i + 1], h_prev[i : i + 1], *parameters)
    close(alone, together[i : i + 1], "the state of a row alone (expected: as in the batch)")


@pytest.mark.part("rnn_step")
@cases("B", "I", "H")
def test_gradient_reaches_all_five(student: Student, case: Case) -> None:
    """The gradients with respect to all five are those of PyTorch's own recurrent step."""
    inputs = [value.requires_grad_() for value in step_arguments(case)]
    expected = torch.rnn_tanh_cell(*inputs, torch.zeros_like(inputs[-1]))
    got = student.rnn_step(*inputs)
    names = ["x_t", "h_prev", "W_xh", "W_hh", "b"]
    same_gradients(got, expected, dict(zip(names, inputs, strict=True)))


# --- rnn_forward -----------------------------------------------------------------------------


@pytest.mark.part("rnn_forward")
@cases("B", "T", "I", "H")
def test_first_state_follows_h0(student: Student, case: Case) -> None:
    """output[:, 0] is one step after h0: with x and b at zero, it depends on W_hh and h0 alone."""
    x, h0, W_xh, _, b = forward_arguments(case)
    swap = case.permutation(case.H)
    W_hh = torch.eye(case.H, dtype=case.dtype)[swap]
    output, _ = unrolled(student, case.zeros(*x.shape), h0, W_xh, W_hh, b * 0)
    close(output[:, 0], torch.tanh(h0[:, swap]), "the first state")


@pytest.mark.part("rnn_forward")
@cases("B", "I", "H", T=(2, 6), ones=False)
def test_h_n_is_the_last_state(student: Student, case: Case) -> None:
    """h_n is the state after the last step, and not the state after the first."""
    output, h_n = unrolled(student, *forward_arguments(case))
    close(h_n, output[:, -1], "h_n (expected: as output's last step)")
    differ(output[:, 0], output[:, -1], "the first state and the last")


@pytest.mark.part("rnn_forward")
@cases("B", "I", "H", T=(2, 6), ones=False)
def test_none_starts_from_zeros(student: Student, case: Case) -> None:
    """Without an h0 the states are the same as from an h0 of zeros, and not as from another h0."""
    x, h0, *parameters = forward_arguments(case)
    output, h_n = unrolled(student, x, None, *parameters)
    zeros, h_zeros = unrolled(student, x, torch.zeros_like(h0), *parameters)
    other, _ = unrolled(student, x, h0, *parameters)
    close(output, zeros, "the output without h0 (expected: as with an h0 of zeros)")
    close(h_n, h_zeros, "h_n without h0 (expected: as with an h0 of zeros)")
    differ(output, other, "the outputs from zeros and from another h0")


@pytest.mark.part("rnn_forward")
@cases("B", "I", "H", T=(2, 6), ones=False)
def test_split_and_carry(student: Student, case: Case) -> None:
    """Reading a sequence in two pieces, the second one from h_n of the first, changes nothing."""
    x, h0, *parameters = forward_arguments(case)
    cut = case.integer(1, case.T - 1)
    output, h_n = unrolled(student, x, h0, *parameters)
    varied(output, "the output")
    first, h_cut = unrolled(student, x[:, :cut], h0, *parameters)
    close(first, output[:, :cut], "the output of the first piece (expected: as in one reading)")
    second, h_end = unrolled(student, x[:, cut:], h_cut, *parameters)
    close(second, output[:, cut:], "the output of the second piece (expected: as in one reading)")
    close(h_end, h_n, "h_n of the second piece (expected: as in one reading)")


@pytest.mark.part("rnn_forward")
@cases("B", "I", "H", T=(2, 6), ones=False)
def test_future_changes_nothing_before(student: Student, case: Case) -> None:
    """Another input at one step changes the state of that step and none of the states before it."""
    x, h0, *parameters = forward_arguments(case)
    t = case.integer(1, case.T - 1)
    other = x.clone()
    other[:, t] = 1 - x[:, t]
    output, _ = unrolled(student, x, h0, *parameters)
    changed, _ = unrolled(student, other, h0, *parameters)
    close(changed[:, :t], output[:, :t], "the states before the change (expected: as without it)")
    differ(changed[:, t], output[:, t], "the states at the change")


@pytest.mark.part("rnn_forward")
@cases("B", "I", "H", T=(2, 6), ones=False)
def test_sequences_do_not_meet(student: Student, case: Case) -> None:
    """Each sequence of the batch gives the same states as it does alone: it sees no neighbours."""
    x, h0, *parameters = forward_arguments(case)
    i = case.integer(0, case.B - 1)
    output, h_n = unrolled(student, x, h0, *parameters)
    alone, h_alone = unrolled(student, x[i : i + 1], h0[i : i + 1], *parameters)
    varied(output, "the output")
    close(alone, output[i : i + 1], "the output of a sequence alone (expected: as in the batch)")
    close(h_alone, h_n[i : i + 1], "h_n of a sequence alone (expected: as in the batch)")


@pytest.mark.part("rnn_forward")
@cases("B", "T", "I", "H")
def test_gradient_flows_through_time(student: Student, case: Case) -> None:
    """The gradients with respect to all five, from every step, are those of PyTorch's own RNN."""
    inputs = [value.requires_grad_() for value in forward_arguments(case)]
    x, h0, W_xh, W_hh, b = inputs
    torchs = [W_xh, W_hh, b, torch.zeros_like(b)]
    expected, _ = torch.rnn_tanh(x, h0[None], torchs, True, 1, 0.0, False, False, True)
    output, _ = unrolled(student, *inputs)
    names = ["x", "h0", "W_xh", "W_hh", "b"]
    same_gradients(output, expected, dict(zip(names, inputs, strict=True)))
