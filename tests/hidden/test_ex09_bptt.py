"""Exercise 9, the hidden tests: results against autograd, cuts against chunks one by one."""

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, holds, items, pair, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import gradients, same_gradients


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H", equal=True)
def test_step_inputs_match_autograd(student: Student, case: Case) -> None:
    """dx_t and dh_prev are what autograd finds, in the dtype of the arguments."""
    arguments, expected = step_and_gradients(case)
    got = items(student.rnn_step_backward(*arguments), 5)
    close(got[0], expected[0], "dx_t")
    close(got[1], expected[1], "dh_prev")


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H", equal=True)
def test_step_matrices_match_autograd(student: Student, case: Case) -> None:
    """dW_xh and dW_hh are what autograd finds, in the dtype of the arguments."""
    arguments, expected = step_and_gradients(case)
    got = items(student.rnn_step_backward(*arguments), 5)
    close(got[2], expected[2], "dW_xh")
    close(got[3], expected[3], "dW_hh")


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H", equal=True)
def test_step_bias_matches_autograd(student: Student, case: Case) -> None:
    """db is what autograd finds, in the dtype of the arguments."""
    arguments, expected = step_and_gradients(case)
    got = items(student.rnn_step_backward(*arguments), 5)
    close(got[4], expected[4], "db")


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H", ones=False)
def test_step_leaves_arguments_alone(student: Student, case: Case) -> None:
    """A second call gives the same right results, since neither call changes what it was given."""
    arguments, expected = step_and_gradients(case)
    for _ in range(2):
        got = items(student.rnn_step_backward(*arguments), 5)
        unchanged(student)
    for value, right in zip(got, expected, strict=True):
        close(value, right)


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(1, 7))
def test_sequence_inputs_match_autograd(student: Student, case: Case) -> None:
    """dx is what autograd finds at every step, in the dtype of the arguments."""
    arguments, expected = sequence_and_gradients(case)
    got = items(student.rnn_backward(*arguments), 5)
    close(got[0], expected[0], "dx")


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(1, 7))
def test_first_state_matches_autograd(student: Student, case: Case) -> None:
    """dh0 is what autograd finds: all that the losses of all steps say about the first state."""
    arguments, expected = sequence_and_gradients(case)
    got = items(student.rnn_backward(*arguments), 5)
    close(got[1], expected[1], "dh0")


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(1, 7), equal=True)
def test_sequence_parameters_match_autograd(student: Student, case: Case) -> None:
    """dW_xh, dW_hh and db are what autograd finds, summed over batch and steps."""
    arguments, expected = sequence_and_gradients(case)
    got = items(student.rnn_backward(*arguments), 5)
    close(got[2], expected[2], "dW_xh")
    close(got[3], expected[3], "dW_hh")
    close(got[4], expected[4], "db")


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(3, 7))
def test_loss_at_the_last_step_alone(student: Student, case: Case) -> None:
    """With a loss on the last output alone, the gradient still travels back to the start."""
    arguments, expected = sequence_and_gradients(case, last_only=True)
    got = items(student.rnn_backward(*arguments), 5)
    for value, right in zip(got, expected, strict=True):
        close(value, right)


@pytest.mark.part("rnn_backward")
def test_long_sequences_are_walked_to_their_start(student: Student) -> None:
    """In a long sequence every input, and the first state even if zero, gets its gradient."""
    case = Case.fixed(seed=5, B=2, I=3, H=4, T=40)
    for start in (30.0, 0.0):
        arguments, expected = sequence_and_gradients(case, start=start)
        got = items(student.rnn_backward(*arguments), 5)
        for value, right in zip(got, expected, strict=True):
            close(value, right)


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(2, 5), ones=False)
def test_sequence_leaves_arguments_alone(student: Student, case: Case) -> None:
    """A second call gives the same right results, since neither call changes what it was given."""
    arguments, expected = sequence_and_gradients(case)
    for _ in range(2):
        got = items(student.rnn_backward(*arguments), 5)
        unchanged(student)
    for value, right in zip(got, expected, strict=True):
        close(value, right)


@pytest.mark.part("truncated_forward")
@cases("B", "I", "H", L=(1, 3), T=(7, 9), chunk=(3, 5), equal=True)
def test_gradient_for_the_inputs(student: Student, case: Case) -> None:
    """Losses at all steps reach each input from the steps of its own chunk, and from no other."""
    rnn, twin, x = stacked(student, case)
    rnn.eval()
    x.requires_grad_()
    output, _ = pair(student.truncated_forward(rnn, x, case.chunk))
    expected, _ = chunk_by_chunk(twin, x, case.chunk)
    equal(rnn.training, False, "the training mode of rnn")
    same_gradients(output, expected, {"x": x}, case.normal(case.B, case.T, case.H))


@pytest.mark.part("truncated_forward")
def test_many_cuts_and_a_long_chunk(student: Student) -> None:
    """Each of many cuts stops the gradient, and nothing stops it inside a long chunk."""
    for T, chunk in ((4, 1), (14, 2), (20, 20)):
        case = Case.fixed(seed=7, B=2, I=3, H=4, L=1, T=T)
        rnn, twin, x = stacked(student, case)
        x.requires_grad_()
        output, _ = pair(student.truncated_forward(rnn, x, chunk))
        expected, _ = chunk_by_chunk(twin, x, chunk)
        same_gradients(output, expected, {"x": x}, case.normal(2, T, 4))


@pytest.mark.part("truncated_forward", weight=2)
@cases("B", "I", "H", L=(1, 3), T=(1, 7), chunk=(1, 4))
def test_gradient_for_the_parameters(student: Student, case: Case) -> None:
    """A loss on all outputs adds to every parameter's `.grad` what the single chunks give it."""
    rnn, twin, x = stacked(student, case)
    for parameter in twin.parameters():
        parameter.grad = case.normal(*parameter.shape)
    rnn.set_gradients({name: p.grad for name, p in twin.named_parameters()})
    output, _ = pair(student.truncated_forward(rnn, x, case.chunk))
    expected, _ = chunk_by_chunk(twin, x, case.chunk)
    upstream = case.normal(case.B, case.T, case.H)
    (tensor(output, upstream.shape, case.dtype, "output") * upstream).sum().backward()
    (expected * upstream).sum().backward()
    got = rnn.gradients()
    for name, parameter in twin.named_parameters():
        close(got[name], parameter.grad, "the gradient of a parameter")


@pytest.mark.part("truncated_forward")
@cases("B", "I", "H", L=(2, 3), T=(5, 7), chunk=(2, 4), ones=False)
def test_every_call_starts_afresh(student: Student, case: Case) -> None:
    """Each call gives the values of one full pass from zeros, and leaves rnn as it was."""
    rnn, twin, x = stacked(student, case)
    expected, state = twin(x)
    for training, set_mode in ((True, rnn.train), (False, rnn.eval)):
        set_mode()
        output, h_n = pair(student.truncated_forward(rnn, x, case.chunk))
        unchanged(student)
        close(output, expected, "output")
        close(h_n, state, "h_n")
        equal(rnn.training, training, "the mode of rnn")
    holds(student.builds_graphs(), "after a call, nothing at all builds a graph any more")
    left = rnn.state()
    for name, value in twin.state_dict().items():
        close(left[name], value, "a parameter after the call")


@pytest.mark.part("rnn_step_backward")
@cases("B", "I", "H")
def test_step_is_linear_in_its_gradient(student: Student, case: Case) -> None:
    """A gradient a thousand times as large gives results a thousand times as large."""
    arguments, expected = step_and_gradients(case)
    got = items(student.rnn_step_backward(1000 * arguments[0], *arguments[1:]), 5)
    unchanged(student)
    for value, right in zip(got, expected, strict=True):
        close(tensor(value) / 1000, right)


@pytest.mark.part("rnn_backward")
@cases("B", "I", "H", T=(1, 8))
def test_sequence_is_linear_in_its_gradients(student: Student, case: Case) -> None:
    """Gradients a thousand times as large give results a thousand times as large."""
    arguments, expected = sequence_and_gradients(case)
    got = items(student.rnn_backward(1000 * arguments[0], *arguments[1:]), 5)
    unchanged(student)
    for value, right in zip(got, expected, strict=True):
        close(tensor(value) / 1000, right)


def step_and_gradients(case: Case) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    """Arguments of one backward step, and the five gradients by autograd through nn.RNNCell."""
    cell = case.load_random(nn.RNNCell(case.I, case.H))
    dh_t = case.normal(case.B, case.H)
    x_t = case.normal(case.B, case.I).requires_grad_()
    h_prev = case.normal(case.B, case.H).requires_grad_()
    h_t = cell(x_t, h_prev)
    factors = [x_t, h_prev, cell.weight_ih, cell.weight_hh, cell.bias_ih]
    expected = gradients(h_t, factors, dh_t)
    arguments = [dh_t, x_t, h_prev, h_t, cell.weight_ih, cell.weight_hh]
    return [argument.detach() for argument in arguments], expected


def sequence_and_gradients(
    case: Case, last_only: bool = False, start: float = 1.0
) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    """Arguments of a backward pass, and the five gradients by autograd through nn.RNN.

    `start` is about how large the numbers of h0 are.
    """
    rnn = case.load_random(nn.RNN(case.I, case.H, batch_first=True))
    d_output = case.normal(case.B, case.T, case.H)
    if last_only:
        d_output[:, :-1] = 0.0
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    h0 = case.normal(case.B, case.H, scale=start).requires_grad_()
    output, _ = rnn(x, h0[None])
    W_xh, W_hh = rnn.weight_ih_l0, rnn.weight_hh_l0
    expected = gradients(output, [x, h0, W_xh, W_hh, rnn.bias_ih_l0], d_output)
    return [argument.detach() for argument in (d_output, x, h0, output, W_xh, W_hh)], expected


def stacked(student: Student, case: Case) -> tuple[object, nn.RNN, Tensor]:
    """A student-side nn.RNN of L layers, its twin on this side, and a batch of sequences."""
    settings = {"num_layers": case.L, "batch_first": True}
    twin = case.load_random(nn.RNN(case.I, case.H, **settings))
    rnn = student.make("torch.nn.RNN", case.I, case.H, **settings)
    rnn.load(twin.state_dict())
    return rnn, twin, case.normal(case.B, case.T, case.I)


def chunk_by_chunk(rnn: nn.RNN, x: Tensor, chunk: int) -> tuple[Tensor, Tensor]:
    """The oracle: each chunk a pass of its own, started from numbers without a past."""
    outputs, state = [], x.new_zeros(rnn.num_layers, x.shape[0], rnn.hidden_size)
    for start in range(0, x.shape[1], chunk):
        output, h_n = rnn(x[:, start : start + chunk], state)
        outputs.append(output)
        state = h_n.detach()
    return torch.cat(outputs, dim=1), state
