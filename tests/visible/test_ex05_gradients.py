"""Exercise 5, the tests that students have: gradients through time, spectral radius, clipping."""

from collections import OrderedDict
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, holds, number, pair, python_float, tensor, varied
from grading.testing.draws import cases


@pytest.mark.part("input_gradient_norms")
@cases("B", "I", "H", T=(2, 5), kind=(0, 2))
def test_norms_say_how_far_a_nudge_moves_the_end(student: Student, case: Case) -> None:
    """Nudge the numbers of x one by one: entry t is the norm of all the slopes found at step t."""
    kind = ("RNN", "LSTM", "GRU")[case.kind]
    rnn, twin = twins(student, case, kind, case.I, case.H)
    x = case.normal(case.B, case.T, case.I)
    got = student.input_gradient_norms(rnn, x)
    close(got, slopes(twin, x).square().sum(dim=(0, 2)).sqrt().to(case.dtype), "the norms")


@pytest.mark.part("input_gradient_norms")
@cases("B", "H", T=(2, 8), percent=(40, 160))
def test_radius_sets_the_pace_near_zero(student: Student, case: Case) -> None:
    """At zero states, if W_hh is ρ times an orthogonal matrix, each step back scales norms by ρ."""
    rho = case.percent / 100
    turn, _ = torch.linalg.qr(case.normal(case.H, case.H) + torch.eye(case.H, dtype=case.dtype))
    W_xh = torch.eye(case.H, case.H + 1, dtype=case.dtype)
    rnn = student.make("torch.nn.RNN", case.H + 1, case.H, bias=False, batch_first=True)
    rnn.load({"weight_ih_l0": W_xh, "weight_hh_l0": rho * turn})
    got = student.input_gradient_norms(rnn, case.zeros(case.B, case.T, case.H + 1))
    steps_back = torch.arange(case.T - 1, -1, -1, dtype=case.dtype)
    close(got, (case.B * case.H) ** 0.5 * rho**steps_back, "the norms")


@pytest.mark.part("input_gradient_norms")
@cases("B", "I", "H", T=(2, 5), ones=False)
def test_squares_of_the_rows_add_up(student: Student, case: Case) -> None:
    """A batch's squared norms are the sums of the squared norms that its rows have alone."""
    rnn, _ = twins(student, case, "RNN", case.I, case.H)
    x = case.normal(case.B, case.T, case.I)
    together = tensor(student.input_gradient_norms(rnn, x), (case.T,), case.dtype, "the norms")
    rows = [student.input_gradient_norms(rnn, row[None]) for row in x]
    alone = torch.stack([tensor(row, (case.T,), case.dtype, "a row's norms") for row in rows])
    varied(together, "the norms")
    expected = alone.square().sum(dim=0).sqrt()
    close(together, expected, "the norms of the batch (expected: the root of its rows' squares)")


@pytest.mark.part("input_gradient_norms")
@cases("B", "I", "H", T=(2, 5), ones=False)
def test_parameters_keep_their_gradients(student: Student, case: Case) -> None:
    """Looking at gradients leaves no trace: each parameter's .grad is what it was before."""
    rnn, twin = twins(student, case, "RNN", case.I, case.H)
    before = {name: case.normal(*value.shape) for name, value in twin.named_parameters()}
    before["bias_hh_l0"] = None
    rnn.set_gradients(before)
    got = student.input_gradient_norms(rnn, case.normal(case.B, case.T, case.I))
    norms = tensor(got, (case.T,), case.dtype, "the norms")
    varied(norms, "the norms")
    holds(bool((norms > 0).all()), "a norm is zero, or below")
    same_as_before(rnn.gradients(), before)


@pytest.mark.part("spectral_radius")
@cases("H")
def test_triangular_matrix_shows_its_eigenvalues(student: Student, case: Case) -> None:
    """A triangular matrix has its eigenvalues on its diagonal, whatever its other entries."""
    eigenvalues = spread(case, case.H)
    W = torch.diag(eigenvalues) + case.normal(case.H, case.H).triu(1)
    equal_floats(student.spectral_radius(W), eigenvalues.abs().max())


@pytest.mark.part("spectral_radius")
@cases("H", ones=False)
def test_turning_counts_like_stretching(student: Student, case: Case) -> None:
    """Twice a rotation of the plane has complex eigenvalues of absolute value 2."""
    angle = torch.tensor(case.integer(4, 27) / 10, dtype=case.dtype)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).reshape(2, 2)
    blocks = [2 * turn, *spread(case, case.H)[2:].reshape(-1, 1, 1)]
    two = torch.tensor(2.0, dtype=case.dtype)
    equal_floats(student.spectral_radius(torch.block_diag(*blocks)), two)


@pytest.mark.part("rescale_recurrent")
@cases("H", percent=(30, 170))
def test_scale_goes_with_the_radius(student: Student, case: Case) -> None:
    """A matrix of radius 1, rescaled to r, becomes r times itself; the original stays as it was."""
    eigenvalues = spread(case, case.H)
    W_hh = torch.diag(eigenvalues / eigenvalues.abs().max()) + case.normal(case.H, case.H).tril(-1)
    got = student.rescale_recurrent(W_hh, case.percent / 100)
    close(got, W_hh * (case.percent / 100))
    (left, _) = student.arguments()
    close(left, W_hh, "W_hh after the call")


@pytest.mark.part("rescale_recurrent")
@cases("H", percent=(30, 170))
def test_size_before_does_not_matter(student: Student, case: Case) -> None:
    """W_hh and 3 W_hh, rescaled to the same radius, become the same matrix."""
    W_hh = torch.diag(spread(case, case.H)) + case.normal(case.H, case.H).triu(1)
    radius = case.percent / 100 + 0.005
    got = tensor(student.rescale_recurrent(W_hh, radius), W_hh.shape, case.dtype)
    again = student.rescale_recurrent(3 * W_hh, radius)
    close(again, got, "3 W_hh rescaled (expected: as W_hh rescaled)")
    kept = got.sign()[W_hh != 0] == W_hh.sign()[W_hh != 0]
    holds(bool(kept.all()), "an entry has changed its sign, or become zero")
    holds(bool((got - W_hh).abs().max() > 1e-3), "the matrix has not changed")


@pytest.mark.part("clip_gradients")
@cases("N", "M")
def test_norm_is_that_of_one_long_vector(student: Student, case: Case) -> None:
    """Gradients of norms 2, 3 and 6 have a total norm of 7: 6.5 clips them, 7.5 does not."""
    directions = [case.normal(case.N) + 3, case.normal(case.N, case.M) + 3, case.normal(1) + 3]
    sizes = (2.0, 3.0, 6.0)
    gradients = [size * g / g.norm() for size, g in zip(sizes, directions, strict=True)]
    equal_floats(number(student.clip_gradients(holding(gradients), 7.5)), 7.0, case.dtype)
    for parameter, gradient in zip(student.arguments()[0], gradients, strict=True):
        close(parameter.grad, gradient, "a gradient that needed no clipping")
    equal_floats(number(student.clip_gradients(holding(gradients), 6.5)), 7.0, case.dtype)
    shortened(student.arguments()[0], gradients, 6.5 / 7)


@pytest.mark.part("clip_gradients")
@cases("N", "M", percent=(5, 95))
def test_long_gradients_are_shortened_together(student: Student, case: Case) -> None:
    """A gradient that is too long comes out with total norm max_norm, in the same direction."""
    gradients = [case.normal(case.N) + 0.5, case.normal(case.M, case.N) - 3]
    total = nn.utils.get_total_norm(gradients)
    max_norm = float(total) * case.percent / 100
    returned = number(student.clip_gradients(holding(gradients), max_norm))
    shortened(student.arguments()[0], gradients, max_norm / float(total))
    equal_floats(returned, total, case.dtype)


@pytest.mark.part("clip_gradients")
@cases("N", "M")
def test_generator_and_gaps_are_welcome(student: Student, case: Case) -> None:
    """A generator is iterated only once, and parameters without a gradient are skipped."""
    gradients = [None, case.normal(case.N, case.M) - 3, None, case.normal(case.M) + 3]
    there = [gradient for gradient in gradients if gradient is not None]
    parameters = holding(gradients)
    returned = number(student.clip_gradients((p for p in parameters), 1.5))
    shortened(student.arguments()[0], gradients, 1.5 / float(nn.utils.get_total_norm(there)))
    equal_floats(returned, nn.utils.get_total_norm(there), case.dtype)


@pytest.mark.part("clip_gradients")
@cases("N", "M")
def test_no_gradient_has_no_length(student: Student, case: Case) -> None:
    """Without any gradient the total norm is 0; one gradient of one number has its own size."""
    nothing = number(student.clip_gradients(holding([None, None]), 1.0))
    equal_floats(nothing, 0.0, case.dtype)
    gradient = torch.full((1,), -float(case.N), dtype=case.dtype)
    returned = number(student.clip_gradients(holding([gradient]), 0.5))
    shortened(student.arguments()[0], [gradient], 0.5 / case.N)
    equal_floats(returned, case.N, case.dtype)


@pytest.mark.part("train_step_clipped")
@cases("B", "I", "O", percent=(30, 170))
def test_returns_what_was_before(student: Student, case: Case) -> None:
    """Both numbers were measured before: the loss before the step, the norm before clipping."""
    model, twin = networks(student, case)
    optimizer = student.make("torch.optim.SGD", model, lr=0.5)
    loss_fn = student.make("torch.nn.BCEWithLogitsLoss", reduction="sum")
    x, y = case.normal(case.B, case.I), case.integers(0, 1, case.B, case.O).to(case.dtype)
    loss = nn.functional.binary_cross_entropy_with_logits(twin(x), y, reduction="sum")
    total = nn.utils.get_total_norm(torch.autograd.grad(loss, list(twin.parameters())))
    max_norm = float(total) * case.percent / 100
    got = pair(student.train_step_clipped(model, optimizer, loss_fn, x, y, max_norm))
    equal_floats(number(got[0]), loss.detach(), case.dtype, "the loss")
    equal_floats(number(got[1]), total, case.dtype, "the gradient norm")


@pytest.mark.part("train_step_clipped")
@cases("B", "I", "O", percent=(20, 60))
def test_weights_move_no_further_than_allowed(student: Student, case: Case) -> None:
    """With plain SGD and too long a gradient, all weights together move by lr times max_norm."""
    model, twin = networks(student, case)
    optimizer = student.make("torch.optim.SGD", model, lr=0.5)
    loss_fn = student.make("torch.nn.MSELoss")
    x, y = case.normal(case.B, case.I), case.normal(case.B, case.O) + 3
    loss = nn.functional.mse_loss(twin(x), y)
    total = nn.utils.get_total_norm(torch.autograd.grad(loss, list(twin.parameters())))
    max_norm = float(total) * case.percent / 100
    before = model.state()
    got = pair(student.train_step_clipped(model, optimizer, loss_fn, x, y, max_norm))
    equal_floats(number(got[1]), total, case.dtype, "the gradient norm")
    moved = nn.utils.get_total_norm([new - before[name] for name, new in model.state().items()])
    far, allowed = float(moved), 0.5 * max_norm
    too = "too far" if far > allowed else "too little"
    seen = f"by {far:.4g} all together, expected {allowed:.4g} (lr times max_norm)"
    holds(abs(far / allowed - 1) < 0.005, f"the weights moved {too}", seen)


@pytest.mark.part("train_step_clipped")
@cases("B", "I", "O")
def test_short_gradients_step_as_ever(student: Student, case: Case) -> None:
    """Where max_norm is far above the norm, each step is SGD's own; older gradients don't count."""
    model, twin = networks(student, case)
    optimizer = student.make("torch.optim.SGD", model, lr=0.125)
    loss_fn = student.make("torch.nn.MSELoss")
    model.set_gradients({name: case.normal(*p.shape) + 2 for name, p in twin.named_parameters()})
    for _ in range(2):
        x, y = case.normal(case.B, case.I), case.normal(case.B, case.O) + 3
        loss = nn.functional.mse_loss(twin(x), y)
        gradients = torch.autograd.grad(loss, list(twin.parameters()))
        got = pair(student.train_step_clipped(model, optimizer, loss_fn, x, y, 1e6))
        equal_floats(number(got[0]), loss.detach(), case.dtype, "the loss")
        state = model.state()
        for (name, p), gradient in zip(twin.named_parameters(), gradients, strict=True):
            p.data -= 0.125 * gradient
            close(state[name], p.detach(), "a parameter after the step")


# --- helpers ---------------------------------------------------------------------------------


def twins(student: Student, case: Case, kind: str, *sizes: int) -> tuple[Any, nn.RNNBase]:
    """A recurrent module to hand to the answer, and one with the same weights to compare with."""
    twin = getattr(nn, kind)(*sizes, batch_first=True)
    case.load_random(twin)
    rnn = student.make(f"torch.nn.{kind}", *sizes, batch_first=True)
    rnn.load(twin.state_dict())
    return rnn, twin


def networks(student: Student, case: Case) -> tuple[Any, nn.Module]:
    """A network of two layers to hand to the answer, and one with the same weights."""
    first, second = nn.Linear(case.I, 5), nn.Linear(5, case.O)
    twin = nn.Sequential(OrderedDict(first=first, bend=nn.Tanh(), second=second))
    case.load_random(twin)
    model = student.make(
        "Chain",
        first=student.make("torch.nn.Linear", case.I, 5),
        bend=student.make("torch.nn.Tanh"),
        second=student.make("torch.nn.Linear", 5, case.O),
    )
    model.load(twin.state_dict())
    return model, twin


def slopes(rnn: nn.RNNBase, x: Tensor, nudge: float = 1e-5) -> Tensor:
    """(B, T, I): how fast the sum of the last outputs moves with each number of x (measured)."""
    rnn, (B, T, size) = rnn.double(), x.shape
    nudges = nudge * torch.eye(T * size, dtype=torch.float64).reshape(-1, 1, T, size)
    ends = []
    with torch.no_grad():
        for moved in (x + nudges, x - nudges):
            output, _ = rnn(moved.reshape(-1, T, size))
            ends.append(output[:, -1].sum(dim=1).reshape(-1, B))
    return ((ends[0] - ends[1]) / (2 * nudge)).T.reshape(B, T, size)


def spread(case: Case, count: int) -> Tensor:
    """Real numbers of either sign below 1.7 in size and well apart, in any order."""
    sizes = 0.3 + 0.2 * case.permutation(count).to(case.dtype)
    return torch.where(case.integers(0, 1, count) == 1, sizes, -sizes)


def holding(gradients: list[Tensor | None]) -> list[Tensor]:
    """Parameters that hold these gradients."""
    parameters = []
    for gradient in gradients:
        parameter = torch.ones(2) if gradient is None else torch.full_like(gradient, 0.5)
        parameter.requires_grad_()
        parameter.grad = None if gradient is None else gradient.clone()
        parameters.append(parameter)
    return parameters


def shortened(parameters: Any, before: list[Tensor | None], factor: float) -> None:
    """Each gradient is the old one times this factor (with the slack that is allowed)."""
    for parameter, gradient in zip(parameters, before, strict=True):
        if gradient is None:
            holds(parameter.grad is None, "a parameter without a gradient has got one")
            continue
        got = tensor(parameter.grad, tuple(gradient.shape), gradient.dtype, "a clipped gradient")
        reached = float((got * gradient).sum() / gradient.square().sum())
        too = "long" if reached > factor else "short"
        seen = f"a gradient was multiplied by {reached:.4g}, expected {factor:.4g}"
        holds(abs(reached / factor - 1) < 2e-3, f"the gradients are too {too}", seen)
        close(got, gradient * reached, "the direction of a clipped gradient")


def same_as_before(now: dict[str, Tensor | None], before: dict[str, Tensor | None]) -> None:
    """Every parameter has the gradient that it had."""
    for name, gradient in before.items():
        if gradient is None:
            holds(now[name] is None, "a parameter that had no gradient has got one")
        else:
            holds(now[name] is not None, "a parameter's gradient is gone after the call")
            close(now[name], gradient, "a parameter's gradient after the call")


def equal_floats(
    got: Any, expected: Tensor | float, dtype: torch.dtype | None = None, what: str = "the number"
) -> None:
    """A float equals the expected number."""
    expected = torch.as_tensor(expected)
    if dtype is None:
        dtype, got = expected.dtype, python_float(got)
    close(torch.tensor(got, dtype=dtype), expected.to(dtype), what)
