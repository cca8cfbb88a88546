"""Exercise 2, the tests that students have: what nn.RNN's shapes and states mean."""

import itertools
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import close, differ, equal, holds, pair, shape, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients


def predicted(student: Student, *sizes: int, **options: Any) -> tuple[tuple[int, ...], ...]:
    """Both predicted shapes, neither of them with an axis of size 0."""
    first, second = pair(student.predict_shapes(*sizes, **options), "the pair of shapes")
    output, h_n = shape(first, "output_shape"), shape(second, "h_n_shape")
    holds(min((*output, *h_n), default=1) > 0, "a shape with a size of 0", f"{output}, {h_n}")
    return output, h_n


def ran(case: Case, bidirectional: bool) -> tuple[Tensor, Tensor]:
    """What torch's own RNN of L layers makes of a batch: output and h_n."""
    rnn = nn.RNN(case.I, case.H, case.L, batch_first=True, bidirectional=bidirectional)
    case.load_random(rnn)
    with torch.no_grad():
        output, h_n = rnn(case.normal(case.B, case.T, case.I))
    return output, h_n


# --- predict_shapes --------------------------------------------------------------------------


@pytest.mark.part("predict_shapes")
def test_shapes_of_one_plain_layer(student: Student) -> None:
    """Four sequences of seven steps and five features: output is (4, 7, 5), h_n is (1, 4, 5)."""
    output, h_n = predicted(student, 4, 7, 5)
    equal(output, (4, 7, 5), "output_shape")
    equal(h_n, (1, 4, 5), "h_n_shape")


@pytest.mark.part("predict_shapes")
def test_second_direction_doubles_one_size_each(student: Student) -> None:
    """A second direction doubles the features of output and the entries of h_n, nothing else."""
    for sizes, L in (((4, 7, 5), 1), ((4, 7, 5), 3), ((1, 1, 1), 2)):
        output, h_n = predicted(student, *sizes, num_layers=L)
        both, h_both = predicted(student, *sizes, num_layers=L, bidirectional=True)
        equal(both, (*output[:-1], 2 * output[-1]), "output_shape of two directions")
        equal(h_both, (2 * h_n[0], *h_n[1:]), "h_n_shape of two directions")


@pytest.mark.part("predict_shapes")
def test_further_layers_show_in_h_n_only(student: Student) -> None:
    """L layers give h_n L times as many entries, and leave output's shape alone."""
    for L, both in itertools.product((2, 3), (False, True)):
        output, h_n = predicted(student, 4, 7, 5, bidirectional=both)
        deep, h_deep = predicted(student, 4, 7, 5, num_layers=L, bidirectional=both)
        equal(deep, output, "output_shape of several layers")
        equal(h_deep, (L * h_n[0], *h_n[1:]), "h_n_shape of several layers")


@pytest.mark.part("predict_shapes")
def test_batch_first_moves_output_only(student: Student) -> None:
    """Without batch_first, output has time first; h_n, which has no time axis, stays the same."""
    for (B, T, H), both in itertools.product(((4, 7, 5), (1, 3, 2)), (False, True)):
        output, h_n = predicted(student, B, T, H, 2, both)
        turned, h_turned = predicted(student, B, T, H, 2, both, batch_first=False)
        equal(output[:2], (B, T), "the first two sizes of output_shape")
        equal(turned, (T, B, *output[2:]), "output_shape without batch_first")
        equal(h_turned, h_n, "h_n_shape without batch_first")


# --- load_weights ----------------------------------------------------------------------------


def fresh_rnn(student: Student, case: Case) -> RemoteObject:
    """A new nn.RNN of one layer in the case's dtype, with PyTorch's own random parameters."""
    rnn: RemoteObject = student.make("torch.nn.RNN", case.I, case.H, batch_first=True)
    return rnn.to(case.dtype)


@pytest.mark.part("load_weights")
@cases("B", "T", "I", "H")
def test_only_b_is_left_at_zero_weights(student: Student, case: Case) -> None:
    """With both matrices at zero, the rnn's state is tanh(b) at every step."""
    rnn, b = fresh_rnn(student, case), case.normal(case.H, scale=0.5)
    student.load_weights(rnn, case.zeros(case.H, case.I), case.zeros(case.H, case.H), b)
    output, _ = pair(rnn(case.normal(case.B, case.T, case.I)))
    close(output, torch.tanh(b).expand(case.B, case.T, case.H), "the rnn's output")


@pytest.mark.part("load_weights")
@cases("B", "T", "I", "H")
def test_each_weight_finds_its_place(student: Student, case: Case) -> None:
    """An input weight reads the input, a recurrent one the old state, each for its own row."""
    rnn, k, i = fresh_rnn(student, case), case.integer(0, case.H - 1), case.integer(0, case.I - 1)
    swap = case.permutation(case.H)
    W_xh, W_hh = case.zeros(case.H, case.I), torch.eye(case.H, dtype=case.dtype)[swap]
    W_xh[k, i] = 0.5
    student.load_weights(rnn, W_xh, W_hh, case.zeros(case.H))
    x, h0 = case.normal(case.B, case.T, case.I), case.normal(case.B, case.H, scale=0.5)
    output, _ = pair(rnn(x, h0[None]))
    term = h0[:, swap]
    term[:, k] += x[:, 0, i] / 2
    close(output[:, 0], torch.tanh(term), "the rnn's first state")


@pytest.mark.part("load_weights", weight=2)
@cases("B", "T", "I", "H")
def test_all_four_parameters_stay_trainable(student: Student, case: Case) -> None:
    """A loss on the loaded rnn reaches all four parameters, with the right gradient for b."""
    rnn, b = fresh_rnn(student, case), case.normal(case.H, scale=0.5)
    student.load_weights(rnn, case.normal(case.H, case.I), case.zeros(case.H, case.H), b)
    output, _ = pair(rnn(case.zeros(case.B, case.T, case.I)))
    holds(output.requires_grad, "the loaded rnn's output carries no gradient")
    output.sum().backward()
    gradients = rnn.gradients()
    expected = case.B * case.T * (1 - torch.tanh(b) ** 2)
    for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        holds(gradients.get(name) is not None, f"no gradient reaches the rnn's {name}")
    close(gradients["bias_ih_l0"], expected, "the gradient with respect to bias_ih_l0")


# --- split_directions ------------------------------------------------------------------------


def halves(student: Student, output: Tensor) -> tuple[Tensor, Tensor]:
    """Forward and backward, checked to be two tensors of half of output's features."""
    B, T, features = output.shape
    forward, backward = pair(student.split_directions(output))
    half, dtype = (B, T, features // 2), output.dtype
    return tensor(forward, half, dtype, "forward"), tensor(backward, half, dtype, "backward")


@pytest.mark.part("split_directions")
@cases("B", "T", "H")
def test_two_halves_make_output_again(student: Student, case: Case) -> None:
    """Forward and backward, put side by side again, are the whole output."""
    output = case.normal(case.B, case.T, 2 * case.H)
    forward, backward = halves(student, output)
    close(torch.cat([forward, backward], dim=-1), output, "the halves side by side")


@pytest.mark.part("split_directions")
@cases("B", "I", "H", T=(3, 7), ones=False)
def test_forward_knows_the_past_backward_the_future(student: Student, case: Case) -> None:
    """Another input at step k changes forward at k, not before, and backward at k, not after."""
    rnn = nn.RNN(case.I, case.H, batch_first=True, bidirectional=True)
    case.load_random(rnn)
    x, k = case.normal(case.B, case.T, case.I), case.integer(1, case.T - 2)
    other = x.clone()
    other[:, k] = 1 - x[:, k]
    with torch.no_grad():
        before, after = rnn(x)[0], rnn(other)[0]
    forward, backward = halves(student, before)
    forward_now, backward_now = halves(student, after)
    close(forward_now[:, :k], forward[:, :k], "forward before the change (expected: as without it)")
    differ(forward_now[:, k], forward[:, k], "forward at the change")
    left, right = backward[:, k + 1 :], backward_now[:, k + 1 :]
    close(right, left, "backward after the change (expected: as without it)")
    differ(backward_now[:, k], backward[:, k], "backward at the change")


@pytest.mark.part("split_directions")
def test_each_half_gets_its_own_gradient(student: Student) -> None:
    """A loss on forward reaches the first half of output, a loss on backward the second half."""
    case = Case.fixed(seed=5, B=2, T=3, H=4)
    output, weights = case.normal(2, 3, 8).requires_grad_(), case.normal(2, 3, 8)
    for half, which in zip(halves(student, output), (slice(0, 4), slice(4, 8)), strict=True):
        same_gradients(half, output[..., which], {"output": output}, weights[..., which])


# --- final_state -----------------------------------------------------------------------------


@pytest.mark.part("final_state")
@cases("B", "T", "I", "H", L=(1, 4))
def test_one_direction_ends_at_the_last_step(student: Student, case: Case) -> None:
    """With one direction, the final state is what output holds at the last step."""
    output, h_n = ran(case, bidirectional=False)
    close(student.final_state(h_n), output[:, -1], "the final state")


@pytest.mark.part("final_state")
@cases("B", "T", "I", "H", L=(1, 3))
def test_two_directions_end_at_opposite_steps(student: Student, case: Case) -> None:
    """With two directions, forward ends at output's last step, backward at output's first."""
    output, h_n = ran(case, bidirectional=True)
    got = student.final_state(h_n, bidirectional=True)
    expected = torch.where(torch.arange(2 * case.H) < case.H, output[:, -1], output[:, 0])
    close(got, expected, "the final state")


# --- run_time_major --------------------------------------------------------------------------


def ran_there(student: Student, case: Case, rnn: RemoteObject, x: Tensor) -> tuple[Tensor, Tensor]:
    """Output and h_n of an rnn of one direction, checked to be tensors of the right shapes."""
    output, h_n = pair(student.run_time_major(rnn, x))
    steps, final = (*x.shape[:2], case.H), (case.L, x.shape[0], case.H)
    return tensor(output, steps, x.dtype, "output"), tensor(h_n, final, x.dtype, "h_n")


@pytest.mark.part("run_time_major")
@cases("B", "I", "H", T=(2, 6), L=(1, 1))
def test_steps_of_an_rnn_without_memory(student: Student, case: Case) -> None:
    """With W_hh at zero, output[:, t] comes from x[:, t] alone, and h_n from the last step."""
    rnn = student.make("torch.nn.RNN", case.I, case.H)
    W_xh, b = case.normal(case.H, case.I, scale=0.4), case.normal(case.H, scale=0.5)
    weights = {"weight_ih_l0": W_xh, "weight_hh_l0": case.zeros(case.H, case.H)}
    rnn.load(weights | {"bias_ih_l0": b, "bias_hh_l0": case.zeros(case.H)})
    x = case.normal(case.B, case.T, case.I)
    output, h_n = ran_there(student, case, rnn, x)
    expected = torch.tanh(nn.functional.linear(x, W_xh, b))
    close(output, expected, "output")
    close(h_n, expected[:, -1][None], "h_n")


@pytest.mark.part("run_time_major")
@cases("B", "I", "H", T=(2, 6), L=(1, 3), ones=False)
def test_sequences_do_not_meet(student: Student, case: Case) -> None:
    """Another sequence in one row of the batch changes that row's states and no other's."""
    rnn = student.make("torch.nn.RNN", case.I, case.H, case.L).to(case.dtype)
    x, i = case.normal(case.B, case.T, case.I), case.integer(0, case.B - 1)
    other, rest = x.clone(), torch.arange(case.B) != i
    other[i] = 1 - x[i]
    output, h_n = ran_there(student, case, rnn, x)
    changed, h_changed = ran_there(student, case, rnn, other)
    differ(h_changed[:, i], h_n[:, i], "h_n of the changed sequence before and after")
    others = f"with another sequence in row {i} (expected: all other rows as before)"
    close(changed, torch.where(rest[:, None, None], output, changed), f"the output {others}")
    close(h_changed, torch.where(rest[:, None], h_n, h_changed), f"h_n {others}")


@pytest.mark.part("run_time_major")
@cases("B", "I", "H", T=(2, 6), D=(1, 2), ones=False)
def test_each_direction_remembers(student: Student, case: Case) -> None:
    """What a direction reads first still shows in its last state: both ends of x reach h_n."""
    H, both = case.H, case.D == 2
    rnn = student.make("torch.nn.RNN", case.I, H, bidirectional=both).to(case.dtype)
    keeping = {name: torch.zeros_like(old) for name, old in rnn.state().items()}
    for way in ("", "_reverse")[: case.D]:
        keeping["weight_ih_l0" + way] += 0.5 / case.I
        keeping["weight_hh_l0" + way] += 0.9 * torch.eye(H)
    rnn.load(keeping)
    x, seen = case.normal(case.B, case.T, case.I, scale=0.3), []
    for changed in (None, 0, -1):
        other = x.clone()
        if changed is not None:
            other[:, changed] += 1
        output, h_n = pair(student.run_time_major(rnn, other))
        tensor(output, (case.B, case.T, case.D * H), x.dtype, "output")
        seen.append(tensor(h_n, (case.D, case.B, H), x.dtype, "h_n"))
    differ(seen[1][0], seen[0][0], "h_n with another first step and without")
    differ(seen[2][-1], seen[0][-1], "h_n with another last step and without")


@pytest.mark.part("run_time_major")
@cases("B", "I", "H", T=(3, 6), L=(1, 3), ones=False)
def test_reading_on_keeps_what_was_read(student: Student, case: Case) -> None:
    """The states at a sequence's beginning are the same, whether or not it goes on."""
    rnn = student.make("torch.nn.RNN", case.I, case.H, case.L).to(case.dtype)
    x, cut = case.normal(case.B, case.T, case.I), case.integer(1, case.T - 1)
    output, h_n = ran_there(student, case, rnn, x)
    beginning, h_cut = ran_there(student, case, rnn, x[:, :cut])
    close(beginning, output[:, :cut], "the output of the beginning (expected: as of the whole)")
    differ(h_n, h_cut, "the states at the end and at the cut")


@pytest.mark.part("run_time_major")
def test_gradient_reaches_x(student: Student) -> None:
    """The gradient with respect to x is the one that rnn gives when it gets x time first."""
    case = Case.fixed(seed=6, B=2, T=3, I=4, H=5, L=2)
    rnn = student.make("torch.nn.RNN", case.I, case.H, case.L)
    twin = case.load_random(nn.RNN(case.I, case.H, case.L))
    rnn.load(twin.state_dict())
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    expected = twin(x.movedim(1, 0))[0].movedim(0, 1)
    output, _ = ran_there(student, case, rnn, x)
    same_gradients(output, expected, {"x": x}, case.normal(case.B, case.T, case.H))


@pytest.mark.part("run_time_major")
def test_rnn_still_wants_time_first(student: Student) -> None:
    """Afterwards x is as it was, and rnn, called with time first, gives the same states again."""
    case = Case.fixed(seed=7, B=2, T=3, I=4, H=5, L=2)
    rnn = student.make("torch.nn.RNN", case.I, case.H, case.L).to(case.dtype)
    steps = case.normal(case.T, case.B, case.I)
    output, _ = ran_there(student, case, rnn, steps.movedim(0, 1))
    unchanged(student)
    again, _ = pair(rnn(steps))
    close(again, output.movedim(0, 1), "what rnn gives afterwards (expected: as before)")
