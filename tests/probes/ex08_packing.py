"""Exercise 8: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.gradients import gradients
from grading.testing.probes import probe

ODD = torch.tensor([3, 6, 2, 5])
TIES = torch.tensor([2, 4, 2, 4])
FALLING = torch.tensor([4, 3, 1])
LENGTHS = (ODD, TIES, FALLING, torch.tensor([3, 3]), torch.tensor([2]))


def padded(case: Case, lengths: Tensor, width: int, extra: int = 2) -> Tensor:
    """A batch with random padding, `extra` steps longer than its longest row."""
    return case.normal(len(lengths), int(lengths.max()) + extra, width)


@probe("pad_batch")
def batches(student: Student) -> Iterator[object]:
    """Several orders of lengths, with gradients."""
    case = Case.fixed(seed=1)
    for lengths in LENGTHS:
        sequences = [case.normal(n, 3).requires_grad_() for n in lengths.tolist()]
        got = student.pad_batch(sequences)
        yield got
        yield student.arguments()
        yield gradients(got[0], sequences)


@probe("pad_batch")
def padding_values(student: Student) -> Iterator[object]:
    """Other paddings, by place and by name, in float32; one feature."""
    case = Case.fixed(seed=2, dtype=torch.float32)
    for sequences in ([case.normal(2, 1), case.normal(4, 1)], [case.normal(1, 2)]):
        yield student.pad_batch(sequences, -1.5)
        yield student.pad_batch(sequences, padding_value=7.0)
    zeros = [torch.zeros(2, 2), case.normal(3, 2)]
    zeros[1][1] = 0.0
    yield student.pad_batch(zeros), student.pad_batch([torch.full((2, 1), 7.0)], 7.0)
    yield student.pad_batch(zeros, float("-inf"))
    whole = [case.integers(0, 9, 2, 3), case.integers(0, 9, 3, 3)]
    yield student.pad_batch(whole)


@probe("pack")
def packed(student: Student) -> Iterator[object]:
    """Several orders of lengths, with padding that would show."""
    case = Case.fixed(seed=3)
    for lengths in LENGTHS:
        for extra in (0, 2):
            batch = padded(case, lengths, 2, extra).requires_grad_()
            got = student.pack(batch, lengths)
            yield got
            if extra:
                yield student.arguments()
                yield gradients(got.data, [batch])


@probe("pack")
def as_many_rows_as_steps(student: Student) -> Iterator[object]:
    """Rows taken for steps still make a PackedSequence, another one."""
    case = Case.fixed(seed=5)
    yield student.pack(padded(case, torch.tensor([3, 3, 1]), 2, 0), torch.tensor([3, 3, 1]))


@probe("pack")
def zeros_packed(student: Student) -> Iterator[object]:
    """Steps of zeros, real ones and padding."""
    batch = torch.tensor([[[0.0], [2.0], [0.0]], [[3.0], [0.0], [4.0]]])
    yield student.pack(batch, torch.tensor([2, 3]))


def recurrent(student: Student, case: Case, **options: Any) -> Any:
    """An nn.RNN in the worker with fixed weights."""
    rnn = student.make("torch.nn.RNN", 2, 3, batch_first=True, **options)
    state = rnn.state()
    rnn.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return rnn


@probe("run_packed")
def runs(student: Student) -> Iterator[object]:
    """Several orders of lengths, with gradients."""
    case = Case.fixed(seed=4)
    rnn = recurrent(student, case)
    for lengths in LENGTHS:
        for extra in (0, 2):
            batch = padded(case, lengths, 2, extra).requires_grad_()
            output, h_n = student.run_packed(rnn, batch, lengths)
            yield output, h_n
            if extra:
                yield student.arguments()[1:]
                yield gradients(output, [batch]), gradients(h_n, [batch])
    output.sum().backward()
    yield rnn.gradients()


@probe("run_packed")
def deep_runs(student: Student) -> Iterator[object]:
    """Layers and directions, in float32."""
    case = Case.fixed(seed=5, dtype=torch.float32)
    for options in ({"bidirectional": True}, {"num_layers": 2}):
        rnn = recurrent(student, case, **options)
        yield student.run_packed(rnn, padded(case, ODD, 2), ODD)
    rnn = recurrent(student, case, num_layers=3, bidirectional=True)
    yield student.run_packed(rnn, padded(case, TIES, 2, 0), TIES)
    yield rnn.state(), rnn.training


@probe("run_packed")
def later_runs(student: Student) -> Iterator[object]:
    """In evaluation mode, with gradients from earlier."""
    case = Case.fixed(seed=12)
    rnn = recurrent(student, case).eval()
    rnn.set_gradients({name: torch.ones_like(value) for name, value in rnn.state().items()})
    yield student.run_packed(rnn, padded(case, ODD, 2), ODD)
    yield rnn.gradients(), rnn.training


@probe("last_valid")
def last_steps(student: Student) -> Iterator[object]:
    """Several orders of lengths, with gradients."""
    case = Case.fixed(seed=6)
    for lengths in LENGTHS:
        for extra in (0, 2):
            output = padded(case, lengths, 3, extra).requires_grad_()
            got = student.last_valid(output, lengths)
            yield got
            if extra:
                yield student.arguments()
                yield gradients(got, [output])


@probe("last_valid")
def last_odd_steps(student: Student) -> Iterator[object]:
    """Padding that is no number, sizes of one, zeros at real ends, float32."""
    case = Case.fixed(seed=7, dtype=torch.float32)
    output = padded(case, ODD, 2)
    for row, n in zip(output, ODD.tolist(), strict=True):
        row[n:] = float("nan")
        row[n - 1] = 0.0
    yield student.last_valid(output, ODD)
    yield student.last_valid(case.normal(1, 1, 1), torch.tensor([1]))
    yield student.last_valid(case.normal(3, 3, 3), torch.tensor([1, 3, 2]))
    yield student.last_valid(torch.zeros(2, 3, 2), torch.tensor([1, 2]))
    yield student.last_valid(torch.tensor([[[1.0], [2.0], [0.0]]]), torch.tensor([2]))


@probe("length_mask")
def masks(student: Student) -> Iterator[object]:
    """With and without max_len, by place and by name."""
    for lengths in (*LENGTHS, torch.tensor([1]), torch.tensor([1, 1]), torch.tensor([3, 1, 2])):
        longest = int(lengths.max())
        yield student.length_mask(lengths)
        yield student.length_mask(lengths, longest + 2)
        yield student.length_mask(lengths, max_len=longest)
        yield student.length_mask(lengths, None)
        yield student.arguments()


@probe("masked_mean")
def means(student: Student) -> Iterator[object]:
    """Several orders of lengths, with gradients."""
    case = Case.fixed(seed=8)
    for lengths in LENGTHS:
        for extra in (0, 2):
            output = padded(case, lengths, 3, extra).requires_grad_()
            got = student.masked_mean(output, lengths)
            yield got
            if extra:
                yield student.arguments()
                yield gradients(got, [output])


@probe("masked_mean")
def means_beside_odd_numbers(student: Student) -> Iterator[object]:
    """Padding that is NaN or infinite; zeros among the real steps; one feature; float32."""
    case = Case.fixed(seed=9, dtype=torch.float32)
    for filling in (float("nan"), float("inf"), -float("inf")):
        output = padded(case, ODD, 2)
        for row, n in zip(output, ODD.tolist(), strict=True):
            row[n:] = filling
            row[0] = 0.0
        output.requires_grad_()
        got = student.masked_mean(output, ODD)
        yield got
        yield gradients(got, [output])
    yield student.masked_mean(case.normal(3, 3, 3), torch.tensor([1, 3, 2]))
    yield student.masked_mean(case.normal(2, 4, 1), torch.tensor([2, 3]))


def char_rnn(student: Student, case: Case) -> Any:
    """A network of torch's own modules, as exercise 7 builds it, with fixed weights."""
    model = student.make(
        "Chain",
        embedding=student.make("torch.nn.Embedding", 9, 2),
        rnn=student.make("torch.nn.RNN", 2, 3, batch_first=True),
        pick=student.make("Pick", 1, -1),
        fc=student.make("torch.nn.Linear", 3, 4),
    )
    state = model.state()
    model.load({name: case.normal(*state[name].shape, scale=0.6) for name in sorted(state)})
    return model


@probe("classify_packed")
def logits(student: Student) -> Iterator[object]:
    """Several orders of lengths, and the gradients of the model."""
    case = Case.fixed(seed=10)
    model = char_rnn(student, case)
    for lengths in LENGTHS:
        for extra in (0, 2):
            ids = case.integers(1, 8, len(lengths), int(lengths.max()) + extra)
            yield student.classify_packed(model, ids, lengths)
            yield student.arguments()[1:]
    ids = case.integers(0, 8, 4, 8)
    student.classify_packed(model, ids, ODD).sum().backward()
    yield model.gradients(), model.training, model.trainable()


@probe("classify_packed")
def few_logits(student: Student) -> Iterator[object]:
    """Filling of zeros and of spaces, in float32; texts of one character, rows alike."""
    case = Case.fixed(seed=11, dtype=torch.float32)
    model = char_rnn(student, case)
    for filling in (0, 8):
        ids = torch.tensor([[3, 1, filling, filling], [2, 0, 8, 5], [4, filling, filling, filling]])
        yield student.classify_packed(model, ids, torch.tensor([2, 4, 1]))
    yield student.classify_packed(model, torch.tensor([[5]]), torch.tensor([1]))
    alike = torch.tensor([[3, 1, 7], [3, 1, 7]])
    yield student.classify_packed(model, alike, torch.tensor([1, 3]))
    model.eval()
    yield student.classify_packed(model, torch.tensor([[5, 6], [7, 8]]), torch.tensor([1, 2]))
