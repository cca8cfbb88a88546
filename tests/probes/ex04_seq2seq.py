"""Exercise 4: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.gradients import gradients
from grading.testing.probes import probe


def network(student: Student, case: Case) -> Any:
    """The student's network with fixed weights."""
    model = student.RNNSeq2Seq(case.I, case.H, case.O)
    state = model.state()
    model.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return model


def is_random(student: Student) -> bool:
    """Do two networks of the student's, new and with the same weights, answer differently?"""
    x = Case.fixed(seed=7).normal(5, 4, 2)
    first, second = (network(student, Case.fixed(seed=8, I=2, H=9, O=2))(x) for _ in range(2))
    alike = isinstance(first, Tensor) and isinstance(second, Tensor) and first.shape == second.shape
    return alike and bool((first != second).any())


@probe("RNNSeq2Seq")
def answers(student: Student) -> Iterator[object]:
    """Parameters, answers in both modes, gradients; of random ones no number."""
    case = Case.fixed(seed=1, B=3, T=4, I=2, H=5, O=6)
    model = network(student, case)
    yield model.state(), model.trainable()
    x = case.normal(3, 4, 2).requires_grad_()
    if is_random(student):
        yield "others each time", model.eval()(x)
        return
    got = model(x)
    yield got
    yield student.arguments()
    yield gradients(got, [x])
    got.sum().backward()
    yield model.gradients()
    yield model(x), model(x[:1]), model(x[:, :2])
    yield model.eval()(x), model(x)


@probe("RNNSeq2Seq")
def long_answers(student: Student) -> Iterator[object]:
    """How far back the gradient reaches, and answers of any size."""
    case = Case.fixed(seed=4, I=2, H=3, O=2)
    model, x = network(student, case).eval(), case.normal(2, 10, 2).requires_grad_()
    yield gradients(model(x)[:, -1], [x])
    yield model(torch.zeros_like(x))
    model.load({"fc.weight": torch.full((2, 3), 90.0, dtype=torch.float64)})
    yield model(x)


@probe("RNNSeq2Seq")
def small_answers(student: Student) -> Iterator[object]:
    """Sizes of one, in float32; long and large."""
    case = Case.fixed(seed=2, dtype=torch.float32, I=1, H=1, O=1)
    model = network(student, case).eval()
    yield model(case.normal(1, 1, 1)), model(case.normal(2, 12, 1)), model(case.normal(2, 3, 1))


@probe("RNNSeq2Seq")
def equal_sizes(student: Student) -> Iterator[object]:
    """Sizes by name, all of them equal."""
    model = student.RNNSeq2Seq(input_size=3, hidden_size=3, output_size=3)
    state, case = model.state(), Case.fixed(seed=3, dtype=torch.float32)
    model.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    yield model.eval()(case.normal(3, 3, 3, scale=3.0))


@probe("next_step_pairs")
def pairs(student: Student) -> Iterator[object]:
    """Numbers of one to three axes behind time, and their gradients."""
    case = Case.fixed(seed=1)
    for shape in ((2, 4), (3, 5, 2), (2, 3, 4, 2)):
        seq = case.normal(*shape).requires_grad_()
        inputs, targets = student.next_step_pairs(seq)
        yield inputs, targets
        yield student.arguments()
        yield gradients(inputs, [seq]), gradients(targets, [seq])


@probe("next_step_pairs")
def pairs_of_ids(student: Student) -> Iterator[object]:
    """Whole numbers, truths, two steps, one row."""
    ids = Case.fixed(seed=2).integers(0, 9, 3, 6)
    for seq in (ids, ids > 4, ids.to(torch.uint8), ids[:, :2], ids[:1], ids.float()):
        yield student.next_step_pairs(seq)


@probe("next_step_pairs")
def pairs_of_any_numbers(student: Student) -> Iterator[object]:
    """Numbers of half precision; large whole ones, less what they have in common."""
    ids = Case.fixed(seed=3).integers(0, 9, 3, 6)
    for seq in (ids.to(torch.float16), ids.to(torch.bfloat16)):
        yield student.next_step_pairs(seq)
    inputs, targets = student.next_step_pairs(ids + 2**40)
    yield inputs - 2**40, targets - 2**40


def costs(student: Student, case: Case, mark: int, *marked: Any, **named: Any) -> Iterator[object]:
    """The loss of random scores with a few steps left out, and its gradient."""
    logits = case.normal(case.B, case.T, case.C, scale=2.0).requires_grad_()
    targets = case.integers(0, case.C - 1, case.B, case.T)
    targets[0, 1:] = mark
    targets[-1, 0] = mark
    loss = student.sequence_cross_entropy(logits, targets, *marked, **named)
    yield loss
    yield student.arguments()
    yield gradients(loss, [logits])


@probe("sequence_cross_entropy")
def usual_costs(student: Student) -> Iterator[object]:
    """With -100 left out; of several steps, and of one."""
    yield from costs(student, Case.fixed(seed=1, B=3, T=4, C=5), -100)
    yield from costs(student, Case.fixed(seed=8, B=4, T=1, C=3), -100)


@probe("sequence_cross_entropy")
def full_costs(student: Student) -> Iterator[object]:
    """With nothing left out, in float32."""
    case = Case.fixed(seed=2, dtype=torch.float32)
    for B, T, C in ((2, 3, 4), (1, 1, 1), (3, 3, 3), (1, 4, 2)):
        yield student.sequence_cross_entropy(case.normal(B, T, C), case.integers(0, C - 1, B, T))


@probe("sequence_cross_entropy")
def own_marks(student: Student) -> Iterator[object]:
    """Other marks, by place and by name."""
    yield from costs(student, Case.fixed(seed=3, B=3, T=4, C=5), -1, -1)
    yield from costs(student, Case.fixed(seed=6, B=3, T=4, C=5), 9, ignore_index=9)


@probe("sequence_cross_entropy")
def classes_as_marks(student: Student) -> Iterator[object]:
    """Marks that are classes, by place and by name."""
    yield from costs(student, Case.fixed(seed=4, B=3, T=4, C=5), 0, 0)
    yield from costs(student, Case.fixed(seed=5, B=3, T=4, C=5), 4, ignore_index=4)


@probe("sequence_cross_entropy")
def large_costs(student: Student) -> Iterator[object]:
    """Scores of thousands, of several levels, and nothing said of most steps."""
    for dtype in (torch.float64, torch.float32):
        case = Case.fixed(seed=7, dtype=dtype)
        scores = case.normal(2, 3, 4).sign() * 5000 + case.normal(2, 3, 4)
        scores[0] *= 2
        targets = case.integers(0, 3, 2, 3)
        logits = scores.to(dtype).requires_grad_()
        loss = student.sequence_cross_entropy(logits, targets)
        yield loss, gradients(loss, [logits])
        targets[0, 2] = -100
        yield student.sequence_cross_entropy(logits / 5000, targets)
        targets[0] = -100
        targets[1, 1:] = -100
        yield student.sequence_cross_entropy(logits, targets)


@probe("sequence_cross_entropy")
def sure_costs(student: Student) -> Iterator[object]:
    """Scores that leave no doubt, right and wrong; targets that are marked in one row alone."""
    lead = 80.0 * torch.eye(4)[None]
    right = torch.arange(4)[None]
    yield student.sequence_cross_entropy(lead, right)
    yield student.sequence_cross_entropy(lead, (right + 1) % 4)
    yield student.sequence_cross_entropy(lead, torch.tensor([[0, 0, -100, -100]]))
