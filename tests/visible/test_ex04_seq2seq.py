"""Exercise 4, the tests that students have: properties of answers, of pairs, of the loss."""

import math

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import (
    close,
    differ,
    equal,
    holds,
    module,
    pair,
    tensor,
    unchanged,
    varied,
)
from grading.testing.draws import cases
from grading.testing.gradients import gradients, reach

# --- RNNSeq2Seq -----------------------------------------------------------------------------


@pytest.mark.part("RNNSeq2Seq")
@cases("B", "T", "I", "H", "O")
def test_answers_are_what_fc_gives(student: Student, case: Case) -> None:
    """With fc's matrix at zero, each answer is fc's bias: nothing comes after fc."""
    model, weights = network(student, case)
    weights["fc.weight"] = torch.zeros_like(weights["fc.weight"])
    weights["fc.bias"] = case.normal(case.O, scale=50.0)
    model.load(weights)
    answers = model(case.normal(case.B, case.T, case.I))
    close(answers, weights["fc.bias"].expand(case.B, case.T, case.O), "the answers")


@pytest.mark.part("RNNSeq2Seq")
@cases("B", "T", "I", "H", "O", ones=False)
def test_never_sees_later_steps(student: Student, case: Case) -> None:
    """Changing the sequence from some step on changes the answers there, and none before it."""
    model, _ = network(student, case)
    x = case.normal(case.B, case.T, case.I, scale=0.3)
    cut = case.integer(1, case.T - 1)
    other = x.clone()
    other[:, cut:] += 1.0
    answers, changed = answers_of(model, x, case), answers_of(model, other, case)
    early = "the answers before the change (expected: as without it)"
    close(changed[:, :cut], answers[:, :cut], early)
    differ(changed[:, cut], answers[:, cut], "the answers at the first changed step")
    differ(changed[:, -1], answers[:, -1], "the answers at the last step")


@pytest.mark.part("RNNSeq2Seq")
@cases("B", "T", "I", "H", "O", ones=False)
def test_remembers_earlier_steps(student: Student, case: Case) -> None:
    """Changing the first step changes every answer; reading the same x again changes none."""
    model, _ = network(student, case)
    x = case.normal(case.B, min(case.T, 4), case.I, scale=0.3)
    other = x.clone()
    other[:, 0] += 1.0
    answers, changed = answers_of(model, x, case), answers_of(model, other, case)
    for step in range(answers.shape[1]):
        where = f"the answers at step {step} after another first step, and as they were"
        differ(changed[:, step], answers[:, step], where)
    close(model(x), answers, "the answers at a second reading (expected: as at the first)")


@pytest.mark.part("RNNSeq2Seq")
@cases("B", "T", "I", "H", "O", ones=False)
def test_rows_do_not_meet(student: Student, case: Case) -> None:
    """Each sequence gets the same answers as alone: no row sees its neighbours."""
    model, _ = network(student, case)
    x = case.normal(case.B, case.T, case.I, scale=0.3)
    x[0], x[1] = x[0] + 1.0, x[1] - 1.0
    alone = torch.cat([answers_of(model, row[None], case) for row in x])
    differ(alone[0], alone[1], "the answers for two sequences")
    together = answers_of(model, x, case)
    close(together, alone, "the answers for the batch (expected: as each row gets alone)")


@pytest.mark.part("RNNSeq2Seq")
def test_gradient_reaches_every_weight(student: Student) -> None:
    """A loss on the last answers reaches x at every step, and all weights of rnn and fc."""
    case = Case.fixed(seed=4, B=3, T=4, I=2, H=3, O=2)
    model, weights = network(student, case)
    x = (case.normal(case.B, case.T, case.I, scale=0.3) - 1.0).requires_grad_()
    answers = answers_of(model, x, case)
    holds(answers.requires_grad, "the answers carry no gradient")
    (answers[:, -1] * (0.5 + case.normal(case.B, case.O).abs())).sum().backward()
    reach(model.gradients() | {"x": x.grad}, "x", *weights)


# --- next_step_pairs ------------------------------------------------------------------------


@pytest.mark.part("next_step_pairs")
@cases("B", "T", ones=False)
def test_counting_sequences(student: Student, case: Case) -> None:
    """Where sequences count upwards, each target is its input plus one; ints stay ints."""
    start = case.integers(0, 50, case.B)
    seq = start[:, None] + torch.arange(case.T)
    inputs, targets = pair(student.next_step_pairs(seq))
    tensor(inputs, shape=(case.B, case.T - 1), dtype=torch.int64, what="inputs")
    equal(inputs[:, 0], start, "the first input")
    equal(targets, inputs + 1, "targets (expected: inputs plus one)")
    unchanged(student)


@pytest.mark.part("next_step_pairs")
@cases("B", "T", "F", ones=False)
def test_targets_follow_inputs(student: Student, case: Case) -> None:
    """Inputs start where seq starts, targets end where it ends, and they are one step apart."""
    seq = case.normal(case.B, case.T, case.F)
    inputs, targets = pair(student.next_step_pairs(seq))
    for result, name in ((inputs, "inputs"), (targets, "targets")):
        tensor(result, shape=(case.B, case.T - 1, case.F), dtype=case.dtype, what=name)
    close(inputs[:, 0], seq[:, 0], "the first input")
    close(targets[:, -1], seq[:, -1], "the last target")
    close(targets[:, :-1], inputs[:, 1:], "targets but the last (expected: inputs but the first)")


# --- sequence_cross_entropy -----------------------------------------------------------------


@pytest.mark.part("sequence_cross_entropy")
@cases("B", "T", "C")
def test_equal_scores_cost_ln_c(student: Student, case: Case) -> None:
    """Where all classes have the same score, however large, each step costs ln C."""
    level = case.normal(case.B, case.T, 1, scale=100.0)
    targets = case.integers(0, case.C - 1, case.B, case.T)
    loss = student.sequence_cross_entropy(level.repeat(1, 1, case.C), targets)
    close(loss, torch.tensor(math.log(case.C), dtype=case.dtype), "the loss")


@pytest.mark.part("sequence_cross_entropy")
@cases("B", "T", "C", ones=False)
def test_sure_scores_cost_their_lead(student: Student, case: Case) -> None:
    """A target that leads by thousands costs nothing; one that trails costs what it trails by."""
    right = case.integers(0, case.C - 1, case.B, case.T)
    lead = 10000.0 * nn.functional.one_hot(right, case.C).to(case.dtype)
    loss = tensor(student.sequence_cross_entropy(lead, right), shape=(), dtype=case.dtype)
    close(loss, torch.zeros((), dtype=case.dtype), "the loss of sure and right scores")
    wrong = (right + 1) % case.C
    loss = student.sequence_cross_entropy(lead - 5000.0, wrong)
    close(loss, torch.tensor(10000.0, dtype=case.dtype), "the loss of sure and wrong scores")


@pytest.mark.part("sequence_cross_entropy")
@cases("B", "T", "C", ones=False)
def test_filling_does_not_count(student: Student, case: Case) -> None:
    """Steps whose target is ignore_index change nothing, whatever their scores and places."""
    logits = case.normal(case.B, case.T, case.C)
    targets = case.integers(0, case.C - 1, case.B, case.T)
    loss = tensor(student.sequence_cross_entropy(logits, targets), shape=(), dtype=case.dtype)
    filling = case.normal(case.B, 3, case.C, scale=5.0)
    order = case.permutation(case.T + 3)
    longer = torch.cat([logits, filling], dim=1)[:, order]
    filled = torch.cat([targets, torch.full((case.B, 3), -100)], dim=1)[:, order]
    other = student.sequence_cross_entropy(-logits, targets)
    differ(other, loss, "the losses of scores and of their opposites")
    again = student.sequence_cross_entropy(longer, filled)
    close(again, loss, "the loss with filled-up rows (expected: as without filling)")
    marked = torch.where(filled == -100, -1, filled)
    again = student.sequence_cross_entropy(longer, marked, ignore_index=-1)
    close(again, loss, "the loss with another ignore_index (expected: as without filling)")


@pytest.mark.part("sequence_cross_entropy")
@cases("B", "T", "C", ones=False)
def test_loss_pulls_at_the_scores(student: Student, case: Case) -> None:
    """With equal scores the target's gradient is (1/C - 1)/(B T), the other classes' 1/(C B T)."""
    logits = torch.full((case.B, case.T, case.C), 0.25, dtype=case.dtype).requires_grad_()
    targets = case.integers(0, case.C - 1, case.B, case.T)
    loss = tensor(student.sequence_cross_entropy(logits, targets), shape=(), dtype=case.dtype)
    holds(loss.requires_grad, "the loss carries no gradient")
    (pull,) = gradients(loss, [logits])
    hot = nn.functional.one_hot(targets, case.C).to(case.dtype)
    expected = (1 / case.C - hot) / (case.B * case.T)
    close(pull, expected, "the gradient with respect to logits")


@pytest.mark.part("sequence_cross_entropy")
@cases("B", "T", "C", ones=False)
def test_a_class_may_be_the_mark(student: Student, case: Case) -> None:
    """With a class as ignore_index, its steps don't count; afterwards targets are as they were."""
    logits, mark = case.normal(case.B, case.T, case.C), case.integer(0, case.C - 1)
    targets = case.integers(0, case.C - 1, case.B, case.T)
    targets[0, 0], targets[1, 1] = mark, (mark + 1) % case.C  # the first doesn't count
    logits[0, 0, mark] -= 5.0
    counts = targets != mark
    loss = student.sequence_cross_entropy(logits[counts][None], targets[counts][None])
    loss = tensor(loss, shape=(), dtype=case.dtype)
    whole = student.sequence_cross_entropy(logits, targets)
    differ(whole, loss, "the losses of all steps and of those that count")
    again = student.sequence_cross_entropy(logits, targets, ignore_index=mark)
    close(again, loss, "the loss with a class as ignore_index (expected: as of the other steps)")
    unchanged(student)


@pytest.mark.part("sequence_cross_entropy")
@cases("B", "T", "C", ones=False)
def test_each_step_weighs_the_same(student: Student, case: Case) -> None:
    """A row with one step that counts weighs one step, a row with T of them weighs T."""
    logits = case.normal(case.B, case.T, case.C)
    targets = case.integers(0, case.C - 1, case.B, case.T)
    targets[0, 1:] = -100
    logits[0, 0, targets[0, 0]] -= 5.0  # the one step of the short row costs a lot
    rows = [
        student.sequence_cross_entropy(row[None], labels[None])
        for row, labels in zip(logits, targets, strict=True)
    ]
    losses = torch.stack([tensor(loss, (), case.dtype, "a row's loss").detach() for loss in rows])
    varied(losses, "the losses of single rows")
    total = (losses * (targets != -100).sum(dim=1)).sum()
    together = student.sequence_cross_entropy(logits, targets)
    expected = total / (targets != -100).sum()
    close(together, expected, "the loss of all rows (expected: what the rows alone add up to)")


# --- what these tests share -----------------------------------------------------------------


def network(student: Student, case: Case) -> tuple[RemoteObject, dict[str, Tensor]]:
    """A network of the student's, and its weights, which let every input make a difference."""
    model = module(student.RNNSeq2Seq(case.I, case.H, case.O), "RNNSeq2Seq")
    weights = {
        "rnn.weight_ih_l0": positive(case, case.H, case.I),
        "rnn.weight_hh_l0": 0.8 * torch.eye(case.H, dtype=case.dtype),
        "rnn.bias_ih_l0": case.normal(case.H, scale=0.1),
        "rnn.bias_hh_l0": case.normal(case.H, scale=0.1),
        "fc.weight": positive(case, case.O, case.H),
        "fc.bias": case.normal(case.O),
    }
    model.load(weights)
    return model, weights


def positive(case: Case, *shape: int) -> Tensor:
    """Random numbers of 0.2 and a bit."""
    return 0.2 + case.normal(*shape, scale=0.1).abs()


def answers_of(model: RemoteObject, x: Tensor, case: Case) -> Tensor:
    """What the network answers, once it is clear that it has the right shape."""
    shape = (x.shape[0], x.shape[1], case.O)
    return tensor(model(x), shape=shape, dtype=case.dtype, what="the answers")
