"""Exercise 5, the instructor's tests: against autograd, known eigenvalues and torch's clipping."""

from collections import OrderedDict
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, holds, number, pair, python_float, tensor, unchanged
from grading.testing.draws import cases

KINDS = ("RNN", "GRU", "LSTM")

LOSSES = (
    ("BCEWithLogitsLoss", {}),
    ("MSELoss", {"reduction": "sum"}),
    ("CrossEntropyLoss", {}),
    ("KLDivLoss", {"reduction": "sum"}),
)
"""One tells prediction from target, one sums, one takes classes, one may fall below zero."""


@pytest.mark.part("input_gradient_norms", weight=2)
@cases("B", "I", "H", T=(1, 7), L=(1, 3))
def test_norms_match_autograd(student: Student, case: Case) -> None:
    """For RNN, GRU and LSTM, stacked or not, the norms are those that autograd gives."""
    for kind in KINDS:
        rnn, twin = twins(student, case, kind)
        x = case.normal(case.B, case.T, case.I)
        close(student.input_gradient_norms(rnn, x), norms(twin, x), f"the norms of an nn.{kind}")
        close(student.arguments()[1].detach(), x, "the values of x after the call")
    for steps in (case.B, max(1, case.B - 1)):  # as many rows as steps, and more
        x = case.normal(case.B, steps, case.I)
        close(student.input_gradient_norms(rnn, x), norms(twin, x), "the norms of an nn.LSTM")
    close(rnn.state()["weight_ih_l0"], twin.weight_ih_l0, "a weight of the module after the call")


@pytest.mark.part("input_gradient_norms")
def test_what_has_vanished_is_zero(student: Student) -> None:
    """Where states forget at once, earlier steps' norms are 0; where they copy, none is lost."""
    case = Case.fixed(seed=23, B=2, T=40, I=3, H=4)
    reads, copies = torch.eye(case.H, case.I).double(), torch.eye(case.H).double()
    for keep in (0.0, 1.0):
        rnn = student.make("torch.nn.RNN", case.I, case.H, bias=False, batch_first=True)
        rnn.load({"weight_ih_l0": 0.5 * reads, "weight_hh_l0": keep * copies})
        got = student.input_gradient_norms(rnn, case.zeros(case.B, case.T, case.I))
        expected = 0.5 * (case.B * case.I) ** 0.5 * keep ** torch.arange(case.T - 1, -1, -1)
        close(got, expected.double(), "the norms")


@pytest.mark.part("input_gradient_norms")
@cases("B", "I", "H", T=(2, 6), L=(1, 2), kind=(0, 2), ones=False)
def test_nothing_is_left_behind(student: Student, case: Case) -> None:
    """The mode, each .grad and what is frozen or trainable stay as they were, call after call."""
    rnn, twin = twins(student, case, KINDS[case.kind])
    before = {name: case.normal(*p.shape) for name, p in twin.named_parameters()}
    before |= dict.fromkeys(list(before)[case.integer(0, 1) :: 2])
    rnn.set_gradients(before)
    rnn.freeze("bias_hh_l0")
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    x.grad = case.normal(case.B, case.T, case.I)
    for mode in (True, False):
        rnn.train(mode)
        close(student.input_gradient_norms(rnn, x), norms(twin, x), "the norms")
        holds(rnn.training == mode, "the module is left in the other mode")
        given = student.arguments()[1]
        close(given.grad, x.grad, "the .grad of x after the call")
        holds(given.requires_grad, "x no longer requires grad")
        for name, gradient in rnn.gradients().items():
            unchanged_gradient(gradient, before[name])
    asking = rnn.trainable()
    holds(not asking.pop("bias_hh_l0"), "a frozen parameter requires grad afterwards")
    holds(all(asking.values()), "a parameter no longer requires grad")


@pytest.mark.part("input_gradient_norms")
@cases("B", "I", "H", T=(2, 6), L=(1, 2), kind=(0, 2), ones=False)
def test_untouched_gradients_stay_none(student: Student, case: Case) -> None:
    """Parameters that had no gradient have none afterwards, and x has none either."""
    rnn, twin = twins(student, case, KINDS[case.kind])
    x = case.normal(case.B, case.T, case.I)
    close(student.input_gradient_norms(rnn, x), norms(twin, x), "the norms")
    holds(student.arguments()[1].grad is None, "x has got a .grad")
    holds(all(g is None for g in rnn.gradients().values()), "a parameter has got a gradient")


@pytest.mark.part("spectral_radius")
@cases("H", pairs=(0, 3), equal=True)
def test_known_eigenvalues_are_found(student: Student, case: Case) -> None:
    """Real or complex, negative or positive: the largest absolute eigenvalue, as a Python float."""
    for complex_leads in (True, False):
        W, radius = known_radius(case, complex_leads)
        W = W if complex_leads else -W  # of the other sign
        equal_number(python_float(student.spectral_radius(W)), radius, case.dtype)
        unchanged(student)
    equal_number(python_float(student.spectral_radius(0 * W)), 0.0, case.dtype, "the radius of 0")


@pytest.mark.part("spectral_radius")
@cases("H", ones=False)
def test_long_columns_are_no_eigenvalues(student: Student, case: Case) -> None:
    """Large entries off a triangular matrix's diagonal do not change its spectral radius."""
    eigenvalues = 0.2137 + 0.1 * case.permutation(case.H).to(case.dtype)
    W = torch.diag(-eigenvalues)
    W[0, -1] = 1.0 + case.integer(0, 20) / 10
    W = W if case.integer(0, 1) else W.T
    got = python_float(student.spectral_radius(W))
    equal_number(got, float(eigenvalues.max()), case.dtype)


@pytest.mark.part("rescale_recurrent")
@cases("H", pairs=(0, 3), percent=(20, 80))
def test_multiple_has_the_radius_asked_for(student: Student, case: Case) -> None:
    """For a radius below 1 or above, the result is W_hh times radius over its own radius."""
    W_hh, own = known_radius(case)
    for radius in (10.0, case.percent / 100, 1 + case.percent / 100):
        W_hh = -W_hh  # of either sign, which stays
        got = student.rescale_recurrent(W_hh, radius)
        close(got, (W_hh.double() * (radius / own)).to(case.dtype))
    tiny = tensor(student.rescale_recurrent(1e-6 * W_hh, radius), got.shape, case.dtype)
    close(tiny, got, "what a millionth of the matrix becomes")


@pytest.mark.part("rescale_recurrent")
@cases("H", pairs=(0, 3), percent=(20, 180))
def test_matrix_handed_in_stays(student: Student, case: Case) -> None:
    """The matrix that was handed in keeps its numbers, while the result has others."""
    W_hh, own = known_radius(case)
    got = student.rescale_recurrent(W_hh, own * case.percent / 100)
    unchanged(student)
    close(got, W_hh * (case.percent / 100))


@pytest.mark.part("clip_gradients")
@cases("N", "M", "K", percent=(2, 98))
def test_all_gradients_shrink_by_one_factor(student: Student, case: Case) -> None:
    """Above max_norm, all gradients shrink by one factor, and no parameter's value changes."""
    before = some_parameters(case)
    before[case.integer(0, 3)].requires_grad_(False)  # frozen since: its gradient still counts
    total = joint_norm(before)
    max_norm = total * case.percent / 100
    returned = number(student.clip_gradients(clones(before), max_norm))
    after = student.arguments()[0]
    holds(student.builds_graphs(), "after clip_gradients, nothing at all builds a graph any more")
    equal_number(returned, total, case.dtype, "the total norm")
    scaled(after, before, max_norm / total)
    for times, limit in ((1.0, total / 1.005), (1e5, max_norm)):  # hardly too long, and far longer
        longer = clones(before)
        for parameter in longer:
            parameter.grad *= times
        returned = number(student.clip_gradients(longer, limit))
        equal_number(returned, times * total, case.dtype, "the total norm")
        for parameter, old in zip(student.arguments()[0], before, strict=True):
            near(parameter.grad, old.grad * (limit / total), "a clipped gradient")


@pytest.mark.part("clip_gradients")
@cases("N", "M", "K", percent=(102, 900))
def test_small_gradients_never_grow(student: Student, case: Case) -> None:
    """Below max_norm nothing changes, even where single numbers or their sum would exceed it."""
    before = some_parameters(case)
    total = joint_norm(before)
    max_norm = total * case.percent / 100
    returned = number(student.clip_gradients(clones(before), max_norm))
    holds(student.builds_graphs(), "after clip_gradients, nothing at all builds a graph any more")
    equal_number(returned, total, case.dtype, "the total norm")
    for parameter, old in zip(student.arguments()[0], before, strict=True):
        unchanged_gradient(parameter.grad, old.grad)
        close(parameter.detach(), old.detach(), "a parameter's value")


@pytest.mark.part("clip_gradients")
@cases("N", "M", "K", percent=(2, 98), first=(0, 2))
def test_any_iterable_with_gaps(student: Student, case: Case) -> None:
    """Lists, tuples and generators work, with gradients missing at the start, middle or end."""
    before = some_parameters(case)
    for gap in range(case.first, len(before), 2):
        before[gap].grad = None
    before = [*before, *some_parameters(case)] if case.integer(0, 1) else before
    total = joint_norm(before)
    max_norm = total * case.percent / 100
    given = clones(before)
    kinds = (given, tuple(given), (parameter for parameter in given))
    returned = number(student.clip_gradients(kinds[case.integer(0, 2)], max_norm))
    equal_number(returned, total, case.dtype, "the total norm")
    scaled(student.arguments()[0], before, max_norm / total)


@pytest.mark.part("clip_gradients")
@cases("N", "M", "K")
def test_nothing_to_clip_gives_zero(student: Student, case: Case) -> None:
    """With no parameters or no gradients the total is 0; one gradient alone counts."""
    before = some_parameters(case)
    total = joint_norm(before)
    one = before[0]
    bare = [parameter.detach().clone().requires_grad_() for parameter in before]
    for nothing in ([], (p for p in ()), bare, (p for p in bare)):
        equal_number(number(student.clip_gradients(nothing, 0.5)), 0.0, case.dtype)
    holds(total > 0, "the total norm is 0")
    returned = number(student.clip_gradients([*bare, *clones([one])], 2 * float(one.grad.norm())))
    equal_number(returned, float(one.grad.norm()), case.dtype, "the total norm")


@pytest.mark.part("train_step_clipped")
@cases("B", "I", O=(2, 4), ones=False, single="B")
def test_optimizer_makes_the_step(student: Student, case: Case) -> None:
    """Clipped or not, the loss is loss_fn's, the norm its gradients', the move the optimizer's."""
    spy = student.make("Spy")
    model, twin = networks(student, case, spy=spy)
    optimizer = student.make("torch.optim.SGD", model, lr=0.1, momentum=0.5)
    speeds = [torch.zeros_like(parameter) for parameter in twin.parameters()]
    for (name, kwargs), share in zip(LOSSES, (0.3, 3.0, 0.6, 0.5), strict=True):
        loss_fn, criterion = student.make(f"torch.nn.{name}", **kwargs), getattr(nn, name)(**kwargs)
        x, y = case.normal(case.B, case.I), 1 - 0.05 * case.normal(case.B, case.O).abs()
        y = case.integers(0, case.O - 1, case.B) if name == "CrossEntropyLoss" else y
        y = 0.02 * y if name == "KLDivLoss" else y
        before = {key: value.clone() for key, value in twin.state_dict().items()}
        loss = criterion(twin(x), y)
        gradients = torch.autograd.grad(loss, list(twin.parameters()))
        total = float(nn.utils.get_total_norm(gradients))
        got = pair(student.train_step_clipped(model, optimizer, loss_fn, x, y, share * total))
        equal_number(number(got[0]), float(loss.detach()), case.dtype, "the loss")
        equal_number(number(got[1]), total, case.dtype, "the gradient norm")
        unchanged(student)
        training = all(mode for mode, _, _ in spy.seen())
        holds(training, "a model that came in training mode ran in evaluation mode")
        for p, speed, gradient in zip(twin.parameters(), speeds, gradients, strict=True):
            speed.mul_(0.5).add_(min(1.0, share) * gradient)
            p.data -= 0.1 * speed
        moved_alike(model.state(), twin.state_dict(), before)
        model.load(twin.state_dict())


@pytest.mark.part("train_step_clipped")
@cases("B", "I", "O", percent=(20, 300), ones=False, single="O")
def test_older_gradients_never_count(student: Student, case: Case) -> None:
    """Gradients left over from earlier count neither in the norm nor in the step."""
    model, twin = networks(student, case)
    optimizer = student.make("torch.optim.SGD", model, lr=0.5)
    for left in ("", "second"):  # to all parameters, or to those of the last layer alone
        takes_a_step_of_its_own(student, case, model, twin, optimizer, case.percent / 100, left)


@pytest.mark.part("train_step_clipped")
def test_parameters_of_every_group_count(student: Student) -> None:
    """All parameters, in every group, are cleared, clipped and moved, for long gradients too."""
    case = Case.fixed(seed=19, B=4, I=3, O=2)
    sizes = [3, *(5,) * 12, 2]
    groups, halves = [], []
    for places in (range(7), range(7, 13)):
        layers = {f"layer{k}": sizes[k : k + 2] for k in places}
        made = {name: student.make("torch.nn.Linear", *both) for name, both in layers.items()}
        groups.append(student.make("Chain", **made))
        here = OrderedDict((name, nn.Linear(*both)) for name, both in layers.items())
        halves.append(nn.Sequential(here))
    model = student.make("Chain", first=groups[0], second=groups[1])
    twin = case.load_random(nn.Sequential(OrderedDict(first=halves[0], second=halves[1])))
    optimizer = student.make("torch.optim.SGD", groups, lr=0.5)
    for share, far in ((0.5, 3.0), (0.001, 3e3)):
        takes_a_step_of_its_own(student, case, model, twin, optimizer, share, far=far)


# --- helpers ---------------------------------------------------------------------------------


def twins(student: Student, case: Case, kind: str) -> tuple[Any, nn.RNNBase]:
    """A recurrent module to hand to the answer, and one with the same weights to compare with."""
    sizes = {"num_layers": case.L, "batch_first": True}
    twin = getattr(nn, kind)(case.I, case.H, **sizes)
    case.load_random(twin)
    rnn = student.make(f"torch.nn.{kind}", case.I, case.H, **sizes)
    rnn.load(twin.state_dict())
    return rnn, twin


def networks(student: Student, case: Case, **end: Any) -> tuple[Any, nn.Module]:
    """A network of two layers to hand to the answer, and one with the same weights.

    What else is named, a module that passes on what it gets, comes last in the network.
    """
    first, second = nn.Linear(case.I, 5), nn.Linear(5, case.O)
    twin = nn.Sequential(OrderedDict(first=first, bend=nn.Tanh(), second=second))
    case.load_random(twin)
    model = student.make(
        "Chain",
        first=student.make("torch.nn.Linear", case.I, 5),
        bend=student.make("torch.nn.Tanh"),
        second=student.make("torch.nn.Linear", 5, case.O),
        **end,
    )
    model.load(twin.state_dict())
    return model, twin


def takes_a_step_of_its_own(
    student: Student,
    case: Case,
    model: Any,
    twin: nn.Module,
    optimizer: Any,
    share: float,
    left: str = "",
    far: float = 3.0,
) -> None:
    """Norm and step (lr 0.5) are the twin's at `share` of its norm; older gradients don't count.

    Parameters whose names begin with `left` have older gradients.
    """
    model.load(twin.state_dict())
    twin.zero_grad()
    older = {name: case.normal(*p.shape) + 1 for name, p in twin.named_parameters()}
    model.set_gradients({name: g if name.startswith(left) else None for name, g in older.items()})
    x, y = case.normal(case.B, case.I), case.normal(case.B, case.O) + far
    nn.functional.mse_loss(twin(x), y).backward()
    total = joint_norm(twin.parameters())
    loss_fn = student.make("torch.nn.MSELoss")
    _, norm = pair(student.train_step_clipped(model, optimizer, loss_fn, x, y, share * total))
    equal_number(number(norm), total, case.dtype, "the gradient norm")
    before, lr = twin.state_dict(), 0.5 * min(1.0, share)
    expected = {name: p.detach() - lr * p.grad for name, p in twin.named_parameters()}
    moved_alike(model.state(), expected, before)


def norms(rnn: nn.RNNBase, x: Tensor) -> Tensor:
    """Step by step, the norm of the gradient of the last outputs' sum."""
    leaf = x.detach().clone().requires_grad_()
    output, _ = rnn(leaf)
    (gradient,) = torch.autograd.grad(output[:, -1].sum(), leaf)
    return torch.stack([gradient[:, t].norm() for t in range(x.shape[1])])


def known_radius(case: Case, complex_leads: bool = True) -> tuple[Tensor, float]:
    """A matrix that is neither symmetric nor normal, and the largest size among its eigenvalues.

    The largest is a complex pair or a real one, where there are both.
    """
    pairs = min(case.pairs, case.H // 2)
    sizes = (0.31372817 + 0.20718153 * case.permutation(case.H).double()).tolist()[: case.H - pairs]
    largest, leader = sizes.index(max(sizes)), 0 if complex_leads else -1
    sizes[largest], sizes[leader] = sizes[leader], sizes[largest]
    blocks = []
    for _ in range(pairs):
        angle, size = torch.tensor(case.integer(5, 26) / 10).double(), sizes[len(blocks)]
        turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).reshape(2, 2)
        blocks.append(size * turn)
    blocks += [
        torch.tensor([[size if case.integer(0, 1) else -size]]).double() for size in sizes[pairs:]
    ]
    skew = 0.3 * case.normal(case.H, case.H).double().clamp(-2, 2)
    basis = torch.eye(case.H).double() + skew.triu(1)
    W = basis @ torch.block_diag(*blocks) @ torch.linalg.inv(basis)
    return W.to(case.dtype), max(sizes)


def some_parameters(case: Case) -> list[Tensor]:
    """Parameters of several shapes, one of them of a single number, each with a gradient."""
    parameters = []
    for place, shape in enumerate(((case.N,), (1,), (case.M, case.N), (case.K, 1, case.M))):
        parameter = case.normal(1, *shape)[0].requires_grad_()
        gradient = case.normal(1, *shape)[0] * (place + 1)
        parameter.grad = gradient + torch.where(gradient < 0, -0.1, 0.1).to(case.dtype)
        parameters.append(parameter)
    return parameters


def clones(parameters: list[Tensor]) -> list[Tensor]:
    """Copies with gradients of their own, in a list."""
    copies = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    for copy, parameter in zip(copies, parameters, strict=True):
        copy.grad = None if parameter.grad is None else parameter.grad.clone()
    return copies


def joint_norm(parameters: Any) -> float:
    """The total norm, in double precision."""
    squares = [p.grad.double().square().sum() for p in parameters if p.grad is not None]
    return float(torch.stack(squares).sum().sqrt())


def scaled(after: Any, before: list[Tensor], factor: float) -> None:
    """Every gradient is the old one times one factor, up to the slack that is allowed."""
    for parameter, old in zip(after, before, strict=True):
        close(parameter.detach(), old.detach(), "a parameter's value")
        if old.grad is None:
            holds(parameter.grad is None, "a parameter without a gradient has got one")
        else:
            near(parameter.grad, old.grad * factor, "a clipped gradient")


def moved_alike(now: Any, expected: dict[str, Tensor], before: dict[str, Tensor]) -> None:
    """All parameters together moved as they should, up to the slack that clipping has."""
    for name, value in now.items():
        tensor(value, tuple(before[name].shape), before[name].dtype, "a parameter after the step")
    moved, wanted = (
        torch.cat([(state[name] - old).reshape(-1) for name, old in before.items()])
        for state in (now, expected)
    )
    near(moved, wanted, "the step that the parameters made")


def unchanged_gradient(gradient: Tensor | None, before: Tensor | None) -> None:
    """A gradient is what it was, or is missing where it was."""
    if before is None:
        holds(gradient is None, "a parameter without a gradient has got one")
    else:
        holds(gradient is not None, "a gradient that should stay is gone")
        close(gradient, before, "a gradient that should stay")


def equal_number(got: float, expected: float, dtype: torch.dtype, what: str = "the number") -> None:
    """A float equals the expected one within its dtype's tolerances."""
    close(torch.tensor(got, dtype=dtype), torch.tensor(expected, dtype=dtype), what)


def near(got: Any, expected: Tensor, what: str, slack: float = 2e-3) -> None:
    """Equal within the slack that clipping has."""
    off = (tensor(got, expected.shape, expected.dtype, what) - expected).abs().max()
    holds(bool(off <= slack * expected.abs().max() + 1e-5), f"{what} is not what it should be")
