"""Exercise 4, the tests that only instructors have: values and gradients."""

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, holds, module, pair, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients

# --- RNNSeq2Seq -----------------------------------------------------------------------------


@pytest.mark.part("RNNSeq2Seq", weight=2)
@cases("B", "T", "I", "H", "O", equal=True, single="TO")
def test_matches_torch(student: Student, case: Case) -> None:
    """Each answer is fc of nn.RNN's state after that step, at the first call and at the second."""
    model, twin = network(student, case)
    x = case.normal(case.B, case.T, case.I)
    x[0, 1:2] = 0.0  # a step of zeros is read as any other, and so is one of large numbers
    x[-1, 0] = 8.0
    expected = twin(x).detach()
    close(model(x), expected, "the answers")
    unchanged(student)
    close(model(x), expected, "the answers at a second call")
    model.eval()
    close(model(x), expected, "the answers in evaluation mode")
    close(model(x), expected, "the answers at a second call in evaluation mode")


@pytest.mark.part("RNNSeq2Seq")
@cases("B", "I", "H", "O", T=(8, 12))
def test_gradients_match_torch(student: Student, case: Case) -> None:
    """Gradients reach x and every weight of rnn and fc, and they are those of torch."""
    model, twin = network(student, case)
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    upstream = case.normal(case.B, case.T, case.O)
    answers, expected = model(x), twin(x)
    same_gradients(answers, expected, {"x": x}, upstream)
    (expected * upstream).sum().backward()
    got = model.gradients()
    for name, parameter in twin.named_parameters():
        holds(got.get(name) is not None, f"{name} gets no gradient")
        close(got[name], parameter.grad, f"the gradient of {name}")
    others = model.learned_beside("rnn", "fc")
    holds(not others, "something beside rnn and fc is learned, such as the state at the start")
    same_gradients(model.eval()(x), twin(x), {"x": x}, upstream)
    told = tensor(model(x.detach()), expected.shape, case.dtype, "the answers")
    holds(told.requires_grad, "where x does not require grad, the weights get no gradient either")


@pytest.mark.part("RNNSeq2Seq")
@cases("B", "T", "I", "H", "O", ones=False)
def test_sizes_by_name(student: Student, case: Case) -> None:
    """The sizes can be given by name; rnn has one layer and one direction."""
    sizes = {"input_size": case.I, "hidden_size": case.H, "output_size": case.O}
    model, twin = module(student.RNNSeq2Seq(**sizes), "RNNSeq2Seq"), Twin(case)
    model.load(twin.state_dict())
    more = [name for name in model.state() if name.startswith("rnn.") and not name.endswith("_l0")]
    holds(not more, "rnn has more than one layer in one direction")
    x = case.normal(case.B, case.T, case.I)
    close(model(x), twin(x), "the answers")


@pytest.mark.part("RNNSeq2Seq")
def test_fresh_network_reads_long_sequences(student: Student) -> None:
    """A new network works in float32; every step of a long sequence counts, with its gradient."""
    fresh = module(student.RNNSeq2Seq(3, 4, 2), "RNNSeq2Seq")
    tensor(fresh(torch.ones(2, 5, 3)), (2, 5, 2), torch.float32, "the answers")
    case = Case.fixed(seed=16, I=3, H=4, O=2)
    model, twin = network(student, case)
    case.load_copying(twin.rnn)
    twin.rnn.weight_ih_l0.data *= 1e-3
    model.load(twin.state_dict())
    x = (30 * case.normal(2, 70, 3)).requires_grad_()
    answers, expected = model(x), twin(x)
    close(answers, expected, "the answers")
    same_gradients(answers, expected, {"x": x}, case.normal(2, 70, 2))


@pytest.mark.part("RNNSeq2Seq")
def test_weights_and_batches_of_any_size(student: Student) -> None:
    """Large weights count as they are and stay so, and no row of a large batch is lost."""
    case = Case.fixed(seed=18, I=3, H=5, O=4)
    model, twin = network(student, case)
    for parameter in twin.parameters():
        parameter.data *= 10
    model.load(twin.state_dict())
    x = case.normal(40, 2, case.I)
    close(model(x), twin(x), "the answers")
    state = model.state()
    for name, value in twin.state_dict().items():
        close(state.get(name), value, f"{name} after the call")


# --- next_step_pairs ------------------------------------------------------------------------


@pytest.mark.part("next_step_pairs", weight=2)
@cases("B", "T", "F", "E", ones=False, equal=True)
def test_pairs_for_any_axes(student: Student, case: Case) -> None:
    """However many axes follow time, inputs and targets are complete and one step apart."""
    shape = (case.B, case.T, case.F, case.E, 2)
    numbers = [case.normal(*shape[:axes]) for axes in (2, 3, 4, 5)]
    numbers += [case.normal(case.T + 2, case.T, case.F)]  # more rows than steps
    ids = case.integers(0, 9, *shape[: case.integer(2, 4)])
    kinds = (torch.uint8, torch.int32, torch.bool)
    for seq in (ids, ids + 2**40, *(ids.to(kind) for kind in kinds), *numbers):
        inputs, targets = pair(student.next_step_pairs(seq))
        same(inputs, torch.stack([seq[:, t] for t in range(case.T - 1)], dim=1), "inputs")
        same(targets, torch.stack([seq[:, t + 1] for t in range(case.T - 1)], dim=1), "targets")
    unchanged(student)


@pytest.mark.part("next_step_pairs")
@cases("B", "F", T=(2, 3))
def test_gradients_of_pairs(student: Student, case: Case) -> None:
    """Gradients flow back to seq from inputs and from targets, in short sequences as well."""
    seq = case.normal(case.B, case.T, case.F).requires_grad_()
    inputs, targets = pair(student.next_step_pairs(seq))
    first, second = seq.split([case.T - 1, 1], dim=1)[0], seq.split([1, case.T - 1], dim=1)[1]
    same_gradients(inputs, first, {"seq": seq}, case.normal(*first.shape))
    same_gradients(targets, second, {"seq": seq}, case.normal(*second.shape))


# --- sequence_cross_entropy -----------------------------------------------------------------


@pytest.mark.part("sequence_cross_entropy", weight=2)
@cases("B", "T", "C", equal=True)
def test_mean_over_the_steps_that_count(student: Student, case: Case) -> None:
    """Value and gradient are those of the mean over all steps whose target is not -100."""
    logits, targets = scores(case), labels(case, -100)
    loss = student.sequence_cross_entropy(logits, targets)
    unchanged(student)
    expected = mean_cost(logits, targets, -100)
    close(loss, expected, "the loss")
    same_gradients(loss, expected, {"logits": logits})
    first = targets.clamp(max=0)  # of all classes, only the first one occurs
    loss = student.sequence_cross_entropy(logits, first)
    close(loss, mean_cost(logits, first, -100), "the loss where one class alone occurs")


@pytest.mark.part("sequence_cross_entropy")
@cases("T", ones=False, B=(3, 5), C=(8, 12), single="T")
def test_any_mark_leaves_steps_out(student: Student, case: Case) -> None:
    """Any label can be the one left out, a class or not, given by name or by position."""
    for mark in (-1, -200, 0, case.C - 1):
        logits, targets = case.normal(case.B, case.T, case.C), labels(case, mark)
        expected = mean_cost(logits, targets, mark)
        loss = student.sequence_cross_entropy(logits, targets, mark)
        close(loss, expected, "the loss with this ignore_index")
        unchanged(student)
        logits.requires_grad_()
        again = student.sequence_cross_entropy(logits, targets, mark)
        same_gradients(again, mean_cost(logits, targets, mark), {"logits": logits})
    by_name = student.sequence_cross_entropy(logits, targets, ignore_index=mark)
    close(by_name, expected, "the loss with ignore_index given by name")


@pytest.mark.part("sequence_cross_entropy")
@cases("B", "T", "C")
def test_large_scores(student: Student, case: Case) -> None:
    """Value and gradient are finite and right for scores of up to 10000 in either direction."""
    order = torch.rand(case.B, case.T, case.C, generator=case.generator).argsort(dim=2)
    level = 5000.0 * (1 + torch.arange(case.B * case.T) % 2).reshape(case.B, case.T, 1)
    logits = level * (1 - 2 * order / max(case.C - 1, 1))  # up to 5000 or 10000, step by step
    logits = logits.to(case.dtype).requires_grad_()
    targets = labels(case, -100)
    loss = student.sequence_cross_entropy(logits, targets)
    expected = mean_cost(logits, targets, -100)
    close(loss, expected, "the loss")
    same_gradients(loss, expected, {"logits": logits})


# --- what these tests share -----------------------------------------------------------------


class Twin(nn.Module):
    """The network as torch's own modules make it, with tame random weights."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.rnn = nn.RNN(case.I, case.H, batch_first=True)
        self.fc = nn.Linear(case.H, case.O)
        case.load_random(self)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, I) → (B, T, O)"""
        return self.fc(self.rnn(x)[0])


def network(student: Student, case: Case) -> tuple[RemoteObject, Twin]:
    """The student's network and torch's, with the same weights."""
    twin = Twin(case)
    model = module(student.RNNSeq2Seq(case.I, case.H, case.O), "RNNSeq2Seq")
    model.load(twin.state_dict())
    return model, twin


def same(got: Tensor, expected: Tensor, what: str) -> None:
    """Exactly the values, shape and dtype expected."""
    (close if expected.is_floating_point() else equal)(got, expected, what)


def scores(case: Case) -> Tensor:
    """Random logits that require grad."""
    return case.normal(case.B, case.T, case.C, scale=2.0).requires_grad_()


def labels(case: Case, mark: int) -> Tensor:
    """Random classes; the rows keep different numbers of steps, and one row has a hole."""
    targets = case.integers(0, case.C - 1, case.B, case.T)
    if case.C > 1:
        targets = torch.where(targets == mark, (mark + 1) % case.C, targets)
    for row in range(case.B - 1):
        targets[row, case.integer(1, case.T) :] = mark
    if case.T > 1:
        targets[-1, case.integer(0, case.T - 1)] = mark  # a hole, not at the end alone
    if case.B > 1:
        targets[case.integer(0, case.B - 2)] = mark  # nothing in a row, and rows after it
    return targets


def mean_cost(logits: Tensor, targets: Tensor, mark: int) -> Tensor:
    """The mean of -log softmax at the targets, picked out step by step where they count."""
    rows, steps = (targets != mark).nonzero(as_tuple=True)
    return -logits.log_softmax(dim=2)[rows, steps, targets[rows, steps]].mean()
