"""Exercise 3, the tests that students have: properties of reading, of choosing, of learning."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import close, differ, equal, holds, module, number, python_float, tensor
from grading.testing.draws import cases
from grading.testing.gradients import reach

# --- RNNClassifier --------------------------------------------------------------------------


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", "C", L=(1, 3))
def test_logits_are_what_fc_gives(student: Student, case: Case) -> None:
    """With fc's matrix at zero, each row of the logits is fc's bias: nothing comes after fc."""
    model, weights = classifier(student, case, case.L)
    weights["fc.weight"] = torch.zeros_like(weights["fc.weight"])
    weights["fc.bias"] = case.normal(case.C, scale=50.0)
    model.load(weights)
    logits = model(case.normal(case.B, case.T, case.I))
    close(logits, weights["fc.bias"].expand(case.B, case.C), "the logits")


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", "C", ones=False, L=(1, 3))
def test_answers_after_the_last_step(student: Student, case: Case) -> None:
    """Without memory (recurrent matrices at zero) only the last step can reach the logits."""
    model, weights = classifier(student, case, case.L)
    for name in weights:
        if name.startswith("rnn.weight_hh"):
            weights[name] = torch.zeros_like(weights[name])
    model.load(weights)
    x = case.normal(case.B, case.T, case.I, scale=0.3)
    other_past, other_end = x.clone(), x.clone()
    other_past[:, :-1] += 1.0
    other_end[:, -1] += 1.0
    logits = logits_of(model, x, case)
    changed = model(other_past)
    close(changed, logits, "the logits after another past (expected: as before)")
    differ(model(other_end), logits, "the logits after another last step")


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", "C", ones=False)
def test_remembers_the_first_step(student: Student, case: Case) -> None:
    """Another first step gives other logits; the same sequence read again gives the same logits."""
    model, _ = classifier(student, case, 1)
    x = case.normal(case.B, min(case.T, 4), case.I, scale=0.3)
    other_start = x.clone()
    other_start[:, 0] += 1.0
    logits = logits_of(model, x, case)
    differ(model(other_start), logits, "the logits after another first step")
    close(model(x), logits, "the logits at a second reading (expected: as at the first)")


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", "C", ones=False, L=(2, 3))
def test_answers_from_the_top_layer(student: Student, case: Case) -> None:
    """With all the top layer's parameters at zero, the logits are fc's bias, whatever x is."""
    model, weights = classifier(student, case, case.L)
    x = case.normal(case.B, case.T, case.I, scale=0.3)
    differ(model(x - 1.0), model(x + 1.0), "the logits of two batches")
    for name in weights:
        if name.endswith(f"_l{case.L - 1}"):
            weights[name] = torch.zeros_like(weights[name])
    model.load(weights)
    close(model(x), weights["fc.bias"].expand(case.B, case.C), "the logits with a silent top layer")


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", "C", ones=False, L=(1, 2))
def test_sign_of_the_state_reaches_fc(student: Student, case: Case) -> None:
    """With rnn's biases at zero, -x gives the opposite state, and logits mirrored at fc's bias."""
    model, weights = classifier(student, case, case.L)
    for name in weights:
        if name.startswith("rnn.bias"):
            weights[name] = torch.zeros_like(weights[name])
    model.load(weights)
    x = case.normal(case.B, case.T, case.I, scale=0.3)
    x[:, -1] += 1.0
    logits = logits_of(model, x, case)
    differ(logits, weights["fc.bias"].expand(case.B, case.C), "the logits and fc's bias")
    opposite = 2 * weights["fc.bias"] - logits
    close(model(-x), opposite, "the logits of -x (expected: those of x, mirrored at fc's bias)")


@pytest.mark.part("RNNClassifier")
def test_gradient_reaches_every_weight(student: Student) -> None:
    """A loss on the logits reaches x at every step, and all weights of rnn and fc."""
    case = Case.fixed(seed=4, B=3, T=4, I=2, H=3, C=2)
    model, weights = classifier(student, case, 2)
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    logits = logits_of(model, x, case)
    holds(logits.requires_grad, "the logits carry no gradient")
    (logits * (0.5 + case.normal(case.B, case.C).abs())).sum().backward()
    reach(model.gradients() | {"x": x.grad}, "x", *weights)


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", "C", ones=False, L=(1, 2))
def test_rows_do_not_meet(student: Student, case: Case) -> None:
    """Each sequence gets the same logits as alone: no row of the batch sees its neighbours."""
    model, _ = classifier(student, case, case.L)
    x = case.normal(case.B, case.T, case.I, scale=0.3)
    x[0], x[1] = x[0] + 1.0, x[1] - 1.0
    alone = torch.cat([logits_of(model, row[None], case) for row in x])
    differ(alone[0], alone[1], "the logits of two sequences")
    together = logits_of(model, x, case)
    close(together, alone, "the logits of the batch (expected: as each row gets alone)")


# --- predict --------------------------------------------------------------------------------


@pytest.mark.part("predict")
@cases("B", "T", "I")
def test_largest_logit_wins(student: Student, case: Case) -> None:
    """Each row's class is the index of its largest logit, even where all logits are negative."""
    x, classes = scores_with_a_winner(case)
    model = reading_x(student, case)
    equal(student.predict(model, x - 20.0), classes, "the classes")


@pytest.mark.part("predict")
@cases("B", "T", "I", ones=False)
def test_dropout_is_off(student: Student, case: Case) -> None:
    """A layer that drops everything in training mode drops nothing while predict runs the model."""
    x, classes = scores_with_a_winner(case)
    inner = student.make("Chain", drop=student.make("torch.nn.Dropout", 1.0))
    model = reading_x(student, case, inner=inner)
    model.train()
    equal(student.predict(model, x), classes, "the classes")


@pytest.mark.part("predict")
def test_no_graph_is_built(student: Student) -> None:
    """While predict runs the model no graph is built, and afterwards the model can still learn."""
    fc, spy = student.make("torch.nn.Linear", 6, 4), student.make("Spy")
    model = student.make("Chain", flat=student.make("torch.nn.Flatten"), fc=fc, spy=spy)
    model.load({"fc.weight": torch.zeros(4, 6), "fc.bias": torch.tensor([0.0, 1.0, 3.0, 2.0])})
    classes = student.predict(model, torch.ones(5, 2, 3))
    equal(classes, torch.full((5,), 2), "the classes")
    built = any(enabled and carries for _, enabled, carries in spy.seen())
    holds(not built, "a graph was built while the model ran")
    holds(all(model.trainable().values()), "a parameter no longer requires grad")


# --- train_step -----------------------------------------------------------------------------


@pytest.mark.part("train_step")
@cases("B", "T", "I", "C", ones=False)
def test_first_step_of_an_undecided_model(student: Student, case: Case) -> None:
    """Equal logits cost ln C; each class's bias moves by lr times (its share of y, minus 1/C)."""
    model, optimizer = undecided(student, case, lr=0.5)
    x, y = case.normal(case.B, case.T, case.I, scale=30.0), case.integers(0, case.C - 1, case.B)
    costs_ln_c(student.train_step(model, optimizer, x, y), case)
    share = torch.stack([(y == c).to(case.dtype).mean() for c in range(case.C)])
    close(model.state()["fc.bias"], 0.5 * (share - 1 / case.C), "the new bias")
    pull = nn.functional.one_hot(y, case.C).to(case.dtype) - 1 / case.C  # (B, C)
    move = 0.5 * pull.T @ x.flatten(1) / case.B
    close(model.state()["fc.weight"], move, "the new weights")


@pytest.mark.part("train_step")
@cases("B", "T", "I", "C", ones=False)
def test_old_gradients_do_not_count(student: Student, case: Case) -> None:
    """Two equal models take the same step, even if one of them has gradients left from earlier."""
    x, y = case.normal(case.B, case.T, case.I), case.integers(0, case.C - 1, case.B)
    clean, optimizer = undecided(student, case, lr=0.1)
    before = clean.state()["fc.weight"]
    costs_ln_c(student.train_step(clean, optimizer, x, y), case)
    after = clean.state()["fc.weight"]
    littered, optimizer = undecided(student, case, lr=0.1)
    littered.set_gradients({name: 5.0 + value for name, value in littered.state().items()})
    costs_ln_c(student.train_step(littered, optimizer, x, y), case)
    differ(after, before, "the weights after and before the step")
    littered_after = littered.state()["fc.weight"]
    close(littered_after, after, "the weights, after old gradients (expected: as without them)")


@pytest.mark.part("train_step")
@cases("B", "T", "I", "C", ones=False)
def test_learns_in_training_mode(student: Student, case: Case) -> None:
    """If a layer drops everything in training mode, the step can move nothing but fc's bias."""
    drop, flat = student.make("torch.nn.Dropout", 1.0), student.make("torch.nn.Flatten")
    fc = student.make("torch.nn.Linear", case.T * case.I, case.C)
    model = student.make("Chain", drop=drop, flat=flat, fc=fc)
    weight = case.normal(case.C, case.T * case.I)
    model.load({"fc.weight": weight, "fc.bias": case.zeros(case.C)})
    model.eval()
    optimizer = student.make("torch.optim.SGD", model, lr=1.0)
    x, y = case.normal(case.B, case.T, case.I), case.integers(0, 0, case.B)
    loss = student.train_step(model, optimizer, x, y)
    costs_ln_c(loss, case, "the loss, with a layer that drops everything,")
    after = model.state()
    differ(after["fc.bias"], case.zeros(case.C), "fc's bias after and before the step")
    close(after["fc.weight"], weight, "fc's matrix after the step")


@pytest.mark.part("train_step")
def test_ten_steps_learn(student: Student) -> None:
    """After ten calls the model has learned to tell which way its sequences drift."""
    case = Case.fixed(seed=3, B=64, T=6, I=2, H=8, C=2)
    y = case.integers(0, 1, case.B)
    drift = (y.to(case.dtype) - 0.5)[:, None, None]
    x = drift + case.normal(case.B, case.T, case.I)
    model = recurrent_chain(student, case)
    optimizer = student.make("torch.optim.SGD", model, lr=0.2)
    losses = [number(student.train_step(model, optimizer, x, y)) for _ in range(10)]
    lead = model(x) @ torch.tensor([-1.0, 1.0], dtype=case.dtype)  # of class 1 before class 0
    right = ((lead > 0) == y.bool()).double().mean().item()
    holds(right > 0.85, "after ten steps the model still errs in more than 15 of 100 cases")
    holds(losses[-1] < losses[0] - 0.1, "the last loss that came back is no smaller than the first")


# --- what these tests share -----------------------------------------------------------------


def classifier(student: Student, case: Case, layers: int) -> tuple[RemoteObject, dict[str, Tensor]]:
    """A network of the student's, and its weights, which let every input make a difference."""
    model = module(student.RNNClassifier(case.I, case.H, case.C, layers), "RNNClassifier")
    weights = {"fc.weight": positive(case, case.C, case.H), "fc.bias": case.normal(case.C)}
    for layer in range(layers):
        reads = case.H if layer else case.I
        weights[f"rnn.weight_ih_l{layer}"] = positive(case, case.H, reads)
        weights[f"rnn.weight_hh_l{layer}"] = 0.8 * torch.eye(case.H, dtype=case.dtype)
        weights[f"rnn.bias_ih_l{layer}"] = case.normal(case.H, scale=0.1)
        weights[f"rnn.bias_hh_l{layer}"] = case.normal(case.H, scale=0.1)
    model.load(weights)
    return model, weights


def positive(case: Case, *shape: int) -> Tensor:
    """Random numbers of 0.2 and a bit."""
    return 0.2 + case.normal(*shape, scale=0.1).abs()


def logits_of(model: RemoteObject, x: Tensor, case: Case) -> Tensor:
    """What the network answers, once it is clear that it has the right shape."""
    shape = (x.shape[0], case.C)
    return tensor(model(x), shape=shape, dtype=case.dtype, what="the logits")


def scores_with_a_winner(case: Case) -> tuple[Tensor, Tensor]:
    """Values (B, T, I), and for each row the place of its largest value, in T·I places."""
    x = case.normal(case.B, case.T, case.I)
    low = min(1, case.T * case.I - 1)  # never all of them in place 0
    winners = case.integers(low, case.T * case.I - 1, case.B)
    flat = x.flatten(1)
    flat[torch.arange(case.B), winners] = flat.max() + 1.0
    return x, winners


def reading_x(student: Student, case: Case, **front: RemoteObject) -> RemoteObject:
    """A model with a parameter, whose logits are the T·I numbers of x themselves."""
    flat, same = student.make("torch.nn.Flatten"), student.make("torch.nn.PReLU", init=1.0)
    model: RemoteObject = student.make("Chain", **front, flat=flat, same=same)
    return model.to(case.dtype)


def undecided(student: Student, case: Case, lr: float) -> tuple[RemoteObject, RemoteObject]:
    """A linear model whose logits are all zero, and plain SGD for it."""
    fc = student.make("torch.nn.Linear", case.T * case.I, case.C)
    model = student.make("Chain", flat=student.make("torch.nn.Flatten"), fc=fc)
    model.to(case.dtype)
    model.load({name: torch.zeros_like(value) for name, value in model.state().items()})
    return model, student.make("torch.optim.SGD", model, lr=lr)


def costs_ln_c(loss: Any, case: Case, what: str = "the loss of equal logits") -> None:
    """The loss is a Python float, and that of equal logits."""
    told, ln_c = python_float(loss, "the loss"), math.log(case.C)
    seen = f"it is {told:.6g}, and ln {case.C} is {ln_c:.6g}"
    holds(abs(told - ln_c) < 1e-4, f"{what} is not ln C", seen)


def recurrent_chain(student: Student, case: Case) -> RemoteObject:
    """A classifier (B, T, I) → (B, C) from torch's own modules, with tame random weights."""
    rnn = student.make("torch.nn.RNN", case.I, case.H, batch_first=True)
    fc = student.make("torch.nn.Linear", case.H, case.C)
    model = student.make("Chain", rnn=rnn, pick=student.make("Pick", 1, -1), fc=fc)
    twin = {"rnn": nn.RNN(case.I, case.H), "fc": nn.Linear(case.H, case.C)}
    model.load(case.load_random(nn.ModuleDict(twin)).state_dict())
    return model
