"""Exercise 9, the tests that students have: what gradients predict, and where they may not go."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, differ, holds, items, pair, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import gradients, same_gradients

OF_STEP = ("dx_t", "dh_prev", "dW_xh", "dW_hh", "db")
OF_SEQUENCE = ("dx", "dh0", "dW_xh", "dW_hh", "db")
NUDGE = 1e-5  # how far an argument is moved to each side


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H")
def test_nudged_inputs_change_the_loss(student: Student, case: Case) -> None:
    """Nudge x_t or h_prev: the loss changes by the nudge times your gradient of it."""
    cell, dh_t, x_t, h_prev = one_step(case)
    got = step_backward(student, cell, dh_t, x_t, h_prev)
    for name, moved, gradient in (("x_t", x_t, got[0]), ("h_prev", h_prev, got[1])):
        predicts(case, name, moved, gradient, lambda: (cell(x_t, h_prev) * dh_t).sum())


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H")
def test_nudged_parameters_change_the_loss(student: Student, case: Case) -> None:
    """Nudge W_xh, W_hh or b: the batch's loss changes by the nudge times your gradient of it."""
    cell, dh_t, x_t, h_prev = one_step(case)
    got = step_backward(student, cell, dh_t, x_t, h_prev)
    parameters = (cell.weight_ih, cell.weight_hh, cell.bias_ih)
    for name, moved, gradient in zip(("W_xh", "W_hh", "b"), parameters, got[2:], strict=True):
        predicts(case, name, moved, gradient, lambda: (cell(x_t, h_prev) * dh_t).sum())


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H", ones=False)
def test_flat_tanh_lets_nothing_through(student: Student, case: Case) -> None:
    """If a unit's state is 1, tanh is flat: its row of dW_xh and its entry of db are 0."""
    cell, _, x_t, h_prev = one_step(case)
    cell.bias_ih[0] = 50.0
    ones = torch.ones(case.B, case.H, dtype=torch.float64)
    got = step_backward(student, cell, ones, x_t, h_prev)
    dW_xh, db = tensor(got[2], (case.H, case.I)), tensor(got[4], (case.H,))
    close(dW_xh[0], torch.zeros_like(dW_xh[0]), "the first row of dW_xh")
    close(db[0], torch.zeros_like(db[0]), "the first entry of db")
    differ(db[1:], torch.zeros_like(db[1:]), "db of the other units and zero")


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H", ones=False)
def test_batch_is_the_sum_of_its_rows(student: Student, case: Case) -> None:
    """Split the batch in two: dx_t and dh_prev stay row by row, dW_xh, dW_hh and db add up."""
    cell, dh_t, x_t, h_prev = one_step(case)
    dh_t = 0.5 + dh_t.abs()
    whole = step_backward(student, cell, dh_t, x_t, h_prev)
    one = step_backward(student, cell, dh_t[:1], x_t[:1], h_prev[:1])
    rest = step_backward(student, cell, dh_t[1:], x_t[1:], h_prev[1:])
    differ(whole[4], torch.zeros(case.H, dtype=torch.float64), "db and zero")
    for k, name in enumerate(OF_STEP):
        parts = torch.cat([one[k], rest[k]]) if k < 2 else one[k] + rest[k]
        close(whole[k], parts, f"{name} (expected: what its two parts give together)")


@pytest.mark.part("rnn_step_backward")
def test_step_leaves_its_arguments(student: Student) -> None:
    """All six arguments of the step, dh_t among them, are unchanged afterwards."""
    case = Case.fixed(seed=12, B=2, I=3, H=4)
    got = step_backward(student, *one_step(case))
    differ(got[4], case.zeros(case.H), "db and zero")
    unchanged(student)


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(1, 5))
def test_nudged_inputs_change_later_losses(student: Student, case: Case) -> None:
    """Nudge x or h0: the losses of all steps together change as your gradient says."""
    rnn, d_output, x, h0 = sequence(case)
    got = backward(student, rnn, d_output, x, h0)
    for name, moved, gradient in (("x", x, got[0]), ("h0", h0, got[1])):
        predicts(case, name, moved, gradient, lambda: (rnn(x, h0[None])[0] * d_output).sum())


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(1, 5))
def test_nudged_parameters_change_every_step(student: Student, case: Case) -> None:
    """Nudge W_xh, W_hh or b, which serve at every step: the loss changes as your gradient says."""
    rnn, d_output, x, h0 = sequence(case)
    got = backward(student, rnn, d_output, x, h0)
    parameters = (rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0)
    for name, moved, gradient in zip(("W_xh", "W_hh", "b"), parameters, got[2:], strict=True):
        predicts(case, name, moved, gradient, lambda: (rnn(x, h0[None])[0] * d_output).sum())


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(2, 6), ones=False)
def test_only_earlier_inputs_matter(student: Student, case: Case) -> None:
    """A loss that reads one step alone reaches its input and all earlier ones, and none later."""
    rnn, d_output, x, h0 = sequence(case)
    t = case.integer(0, case.T - 2)
    alone = torch.zeros_like(d_output)
    alone[:, t] = 3.0 * d_output[:, t].sign() + d_output[:, t]
    dx = tensor(backward(student, rnn, alone, x, h0)[0], x.shape)
    for s in range(t + 1):
        holds(bool((dx[:, s].abs() > 1e-7).any()), "no gradient at a step that the loss depends on")
    close(dx[:, t + 1 :], torch.zeros_like(x[:, t + 1 :]), "dx after the step that the loss reads")


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(2, 6))
def test_two_pieces_back_to_front(student: Student, case: Case) -> None:
    """Two pieces give the same as the whole if the later dh0 joins d_output before the cut."""
    rnn, d_output, x, h0 = sequence(case)
    d_output = 0.5 + d_output.abs()
    cut = case.integer(1, case.T - 1)
    middle = rnn(x[:, :cut], h0[None])[1][0]
    whole = backward(student, rnn, d_output, x, h0)
    later = backward(student, rnn, d_output[:, cut:], x[:, cut:], middle)
    linked = d_output[:, :cut].clone()
    linked[:, -1] += tensor(later[1], h0.shape)
    earlier = backward(student, rnn, linked, x[:, :cut], h0)
    everything = torch.cat([value.flatten() for value in whole])
    differ(everything, torch.zeros_like(everything), "all five results and zero")
    pieces = [torch.cat([earlier[0], later[0]], dim=1), earlier[1]]
    pieces += [earlier[k] + later[k] for k in (2, 3, 4)]
    for name, whole_one, joined in zip(OF_SEQUENCE, whole, pieces, strict=True):
        close(whole_one, joined, f"{name} (expected: what the two pieces give together)")


@pytest.mark.part("rnn_backward")
def test_sequence_leaves_its_arguments(student: Student) -> None:
    """All six arguments, d_output and output among them, are unchanged afterwards."""
    case = Case.fixed(seed=13, B=2, T=3, I=3, H=4)
    got = backward(student, *sequence(case))
    differ(got[4], case.zeros(case.H), "db and zero")
    unchanged(student)


@pytest.mark.part("truncated_forward")
@cases("B", "I", "H", L=(1, 3), T=(1, 7), chunk=(1, 4))
def test_values_of_one_full_pass(student: Student, case: Case) -> None:
    """Whatever the chunk, output and h_n have the values of one pass over the whole sequence."""
    rnn, twin, x = stacked(student, case)
    output, h_n = pair(student.truncated_forward(rnn, x, case.chunk))
    expected, state = twin(x)
    close(output, expected, "output")
    close(h_n, state, "h_n")


@pytest.mark.part("truncated_forward")
@cases("B", "I", "H", L=(1, 3), T=(4, 7), chunk=(1, 3), ones=False)
def test_gradient_stops_at_the_cut(student: Student, case: Case) -> None:
    """A loss in the second chunk gives its inputs the gradients of one pass, and none before."""
    rnn, twin, x = stacked(student, case)
    output, _ = pair(student.truncated_forward(rnn, x.requires_grad_(), case.chunk))
    last = min(2 * case.chunk, case.T) - 1
    upstream = torch.zeros(case.B, case.T, case.H, dtype=case.dtype)
    upstream[:, last] = case.normal(case.B, case.H) + 5.0
    holds(tensor(output, upstream.shape).requires_grad, "the output carries no gradient")
    (arrived,) = gradients(output, [x], upstream)
    dx = torch.zeros(x.shape, dtype=x.dtype) if arrived is None else arrived
    (in_one_pass,) = gradients(twin(x)[0], [x], upstream)
    cut, of_x = case.chunk, "the gradient with respect to x"
    close(dx[:, cut:], in_one_pass[:, cut:], f"{of_x} inside the second chunk")
    close(dx[:, :cut], torch.zeros_like(dx[:, :cut]), f"{of_x} before the cut")


@pytest.mark.part("truncated_forward")
@cases("B", "I", "H", L=(1, 3), T=(1, 6))
def test_one_long_chunk_cuts_nothing(student: Student, case: Case) -> None:
    """With a chunk as long as the sequence or longer, gradients are those of one full pass."""
    rnn, twin, x = stacked(student, case)
    x.requires_grad_()
    output, _ = pair(student.truncated_forward(rnn, x, case.T + case.integer(0, 2)))
    expected, _ = twin(x)
    close(output, expected, "output")
    same_gradients(output, expected, {"x": x}, case.normal(case.B, case.T, case.H))


def one_step(case: Case) -> tuple[nn.RNNCell, Tensor, Tensor, Tensor]:
    """A cell with frozen random weights, and dh_t, x_t, h_prev: all in float64."""
    cell = case.load_random(nn.RNNCell(case.I, case.H)).double().requires_grad_(False)
    shapes = ((case.B, case.H), (case.B, case.I), (case.B, case.H))
    dh_t, x_t, h_prev = (case.normal(*shape).double() for shape in shapes)
    return cell, dh_t, x_t, h_prev


def step_backward(
    student: Student, cell: nn.RNNCell, dh_t: Tensor, x_t: Tensor, h_prev: Tensor
) -> tuple[Tensor, ...]:
    """The student's five results for one step of this cell."""
    h_t = cell(x_t, h_prev)
    got = student.rnn_step_backward(dh_t, x_t, h_prev, h_t, cell.weight_ih, cell.weight_hh)
    shapes = (x_t.shape, h_prev.shape, cell.weight_ih.shape, cell.weight_hh.shape, h_t.shape[1:])
    return five_tensors(got, OF_STEP, shapes)


def sequence(case: Case) -> tuple[nn.RNN, Tensor, Tensor, Tensor]:
    """An nn.RNN with frozen random weights, and d_output, x, h0: all in float64."""
    rnn = nn.RNN(case.I, case.H, batch_first=True)
    rnn = case.load_random(rnn).double().requires_grad_(False)
    shapes = ((case.B, case.T, case.H), (case.B, case.T, case.I), (case.B, case.H))
    d_output, x, h0 = (case.normal(*shape).double() for shape in shapes)
    return rnn, d_output, x, h0


def backward(
    student: Student, rnn: nn.RNN, d_output: Tensor, x: Tensor, h0: Tensor
) -> tuple[Tensor, ...]:
    """The student's five results for a whole sequence."""
    output, _ = rnn(x, h0[None])
    W_xh, W_hh = rnn.weight_ih_l0, rnn.weight_hh_l0
    got = student.rnn_backward(d_output, x, h0, output, W_xh, W_hh)
    shapes = (x.shape, h0.shape, W_xh.shape, W_hh.shape, W_hh.shape[:1])
    return five_tensors(got, OF_SEQUENCE, shapes)


def five_tensors(
    got: object, names: tuple[str, ...], shapes: tuple[torch.Size, ...]
) -> tuple[Tensor, ...]:
    """The five results, each with the shape and dtype that it must have."""
    return tuple(
        tensor(value, shape, torch.float64, f"{name} (result {place} of 5)")
        for place, (value, shape, name) in enumerate(
            zip(items(got, 5), shapes, names, strict=True), start=1
        )
    )


def predicts(
    case: Case, name: str, moved: Tensor, gradient: Tensor, loss: Callable[[], Tensor]
) -> None:
    """Move one tensor a little to either side: the loss follows its gradient."""
    direction = case.normal(*moved.shape).double() + 0.005  # never zero: draws have two decimals
    start = moved.clone()
    moved.copy_(start + NUDGE * direction)
    above = loss()
    moved.copy_(start - NUDGE * direction)
    below = loss()
    moved.copy_(start)
    seen, predicted = (above - below) / (2 * NUDGE), (gradient * direction).sum()
    close_enough = bool((seen - predicted).abs() <= 1e-6 * (1 + seen.abs()))
    one, other = told_apart(float(seen), float(predicted))
    holds(
        close_enough,
        f"nudging {name} does not change the loss as your gradient says",
        f"it changes by {one} per unit of the nudge; your gradient says {other}",
    )


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to see that they differ: four, or more."""
    texts = [(f"{one:.{digits}g}", f"{other:.{digits}g}") for digits in range(4, 18)]
    return next((both for both in texts if both[0] != both[1]), texts[0])


def stacked(student: Student, case: Case) -> tuple[object, nn.RNN, Tensor]:
    """A student-side nn.RNN of L layers, its twin on this side, and a batch of sequences."""
    settings = {"num_layers": case.L, "batch_first": True}
    twin = case.load_random(nn.RNN(case.I, case.H, **settings))
    rnn = student.make("torch.nn.RNN", case.I, case.H, **settings)
    rnn.load(twin.state_dict())
    return rnn, twin, case.normal(case.B, case.T, case.I)
