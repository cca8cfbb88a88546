"""Exercise 8, the tests that students have: padding has no say, and rows stay where they are."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, holds, pair, said, tensor, unchanged, varied
from grading.testing.draws import cases

# --- pad_batch ------------------------------------------------------------------------------


@pytest.mark.part("pad_batch")
@cases("B", "F", shift=(0, 2))
def test_sequences_stand_in_front(student: Student, case: Case) -> None:
    """Row i begins with sequences[i], in the order given; padding_value follows its end."""
    sequences = [case.normal(n, case.F) for n in mixed_lengths(case).tolist()]
    longest = max(map(len, sequences))
    padded, _ = pair(student.pad_batch(sequences, -7.5))
    tensor(padded, (case.B, longest, case.F), case.dtype, "the padded batch")
    for row, sequence in zip(padded, sequences, strict=True):
        close(row[: len(sequence)], sequence, "the real steps of a row")
        close(row[len(sequence) :], torch.full_like(row[len(sequence) :], -7.5), "the padding")


@pytest.mark.part("pad_batch")
@cases("B", "F", shift=(0, 2))
def test_lengths_are_given_back(student: Student, case: Case) -> None:
    """The lengths are the number of steps of each sequence, int64, in the order given."""
    lengths = mixed_lengths(case)
    _, got = pair(student.pad_batch([case.normal(n, case.F) for n in lengths.tolist()]))
    equal(got, lengths, "the lengths")


# --- pack -----------------------------------------------------------------------------------


@pytest.mark.part("pack")
@cases("B", "F", shift=(0, 2), extra=(0, 3))
def test_every_real_step_is_packed(student: Student, case: Case) -> None:
    """The packed steps are the real steps of all rows, each of them once."""
    padded, lengths = ragged(case, case.F)
    real = [padded[i, t] for i, n in enumerate(lengths.tolist()) for t in range(n)]
    steps = packed_steps(student.pack(padded, lengths), len(real), case)
    close(in_order(steps), in_order(torch.stack(real)), "the packed steps, sorted")


@pytest.mark.part("pack")
@cases("B", "F", shift=(0, 2), extra=(0, 3))
def test_padding_is_left_out(student: Student, case: Case) -> None:
    """As many steps are packed as the lengths add up to, and other padding changes none of them."""
    padded, lengths = ragged(case, case.F)
    count = int(lengths.sum())
    first = packed_steps(student.pack(padded, lengths), count, case)
    second = packed_steps(student.pack(other_padding(case, padded, lengths), lengths), count, case)
    varied(first, "the packed steps")
    close(second, first, "the packed steps with other padding (expected: the same)")


@pytest.mark.part("pack")
def test_rnn_reads_each_row_to_its_end(student: Student) -> None:
    """An nn.RNN that reads the PackedSequence ends each row as if it had read that row alone."""
    case = Case.fixed(seed=8, B=4, F=3, H=5, L=1, D=2, shift=1, extra=2)
    rnn = torch_rnn(student, case)
    padded, lengths = ragged(case, case.F)
    rows = [pair(rnn(padded[i : i + 1, :n])) for i, n in enumerate(lengths.tolist())]
    packed = student.pack(padded, lengths)
    packed_steps(packed, int(lengths.sum()), case)
    _, h_n = pair(rnn(packed))
    close(h_n, torch.cat([alone for _, alone in rows], dim=1), "h_n of an nn.RNN")


# --- run_packed -----------------------------------------------------------------------------


@pytest.mark.part("run_packed")
@cases("B", "T", "F", "H", L=(1, 2), D=(1, 2))
def test_full_rows_need_no_packing(student: Student, case: Case) -> None:
    """If every row is T steps long, the results are what rnn gives by itself."""
    rnn = torch_rnn(student, case)
    x = case.normal(case.B, case.T, case.F)
    expected_output, expected_h_n = rnn(x)
    output, h_n = run(student, rnn, x, torch.full((case.B,), case.T), case)
    close(output, expected_output, "the output")
    close(h_n, expected_h_n, "h_n")


@pytest.mark.part("run_packed")
@cases("B", "F", "H", L=(1, 2), D=(1, 2), shift=(0, 2), extra=(0, 3))
def test_zeros_behind_the_end(student: Student, case: Case) -> None:
    """The output has all T steps: zeros after each row's end, and no step of zeros before it."""
    rnn = torch_rnn(student, case)
    padded, lengths = ragged(case, case.F)
    output, _ = run(student, rnn, padded, lengths, case)
    for row, n in zip(output, lengths.tolist(), strict=True):
        close(row[n:], torch.zeros_like(row[n:]), "the output after a row's end")
        holds(bool(row[:n].abs().amax(1).gt(0).all()), "the output at a real step is all zeros")


@pytest.mark.part("run_packed")
@cases("B", "F", "H", L=(1, 2), D=(1, 2), shift=(0, 2), extra=(0, 3))
def test_padding_changes_no_state(student: Student, case: Case) -> None:
    """Other padding, and more of it, changes neither h_n nor the output at the real steps."""
    rnn = torch_rnn(student, case)
    padded, lengths = ragged(case, case.F)
    output, h_n = run(student, rnn, padded, lengths, case)
    more = torch.cat([other_padding(case, padded, lengths), case.normal(case.B, 2, case.F)], dim=1)
    longer_output, longer_h_n = run(student, rnn, more, lengths, case)
    varied(h_n, "h_n")
    close(longer_h_n, h_n, "h_n with more padding (expected: as before)")
    same_steps = longer_output[:, : output.shape[1]]
    close(same_steps, output, "the output with more padding (expected: as before)")


@pytest.mark.part("run_packed")
@cases("B", "F", "H", L=(1, 2), D=(1, 2), shift=(0, 2), extra=(0, 3))
def test_rows_keep_their_places(student: Student, case: Case) -> None:
    """The same rows in another order give the same outputs and final states, in that order."""
    rnn = torch_rnn(student, case)
    padded, lengths = ragged(case, case.F)
    order = case.permutation(case.B)
    output, h_n = run(student, rnn, padded, lengths, case)
    moved_output, moved_h_n = run(student, rnn, padded[order], lengths[order], case)
    varied(h_n, "h_n")
    otherwise = f"with the rows in the order {order.tolist()} (expected: as before, in that order)"
    close(moved_output, output[order], f"the output {otherwise}")
    close(moved_h_n, h_n[:, order], f"h_n {otherwise}")


# --- last_valid -----------------------------------------------------------------------------


@pytest.mark.part("last_valid")
@cases("B", "T", "H")
def test_full_rows_end_at_the_last_step(student: Student, case: Case) -> None:
    """If every row is T steps long, the last real step is the last one."""
    output = case.normal(case.B, case.T, case.H)
    close(student.last_valid(output, torch.full((case.B,), case.T)), output[:, -1])


@pytest.mark.part("last_valid")
@cases("B", "H", shift=(0, 2), extra=(0, 3))
def test_only_the_last_real_step_counts(student: Student, case: Case) -> None:
    """Adding to the last real step of every row adds to the result; other steps don't count."""
    output, lengths = ragged(case, case.H)
    got = tensor(student.last_valid(output, lengths), (case.B, case.H), case.dtype)
    other, step = case.normal(*output.shape), case.normal(case.B, case.H)
    for i, n in enumerate(lengths.tolist()):
        other[i, n - 1] = output[i, n - 1] + step[i]
    varied(got)
    again = student.last_valid(other, lengths)
    close(again, got + step, "the result with other steps around it (expected: what was added)")


@pytest.mark.part("last_valid")
def test_lengths_stay_as_they_are(student: Student) -> None:
    """Picking the last steps leaves output and lengths as they were."""
    case = Case.fixed(seed=10, B=4, H=3, shift=0, extra=1)
    output, lengths = ragged(case, case.H)
    got = tensor(student.last_valid(output, lengths), (case.B, case.H), case.dtype)
    varied(got)
    unchanged(student)


# --- length_mask ----------------------------------------------------------------------------


@pytest.mark.part("length_mask")
@cases("B", shift=(0, 2))
def test_row_counts_its_length(student: Student, case: Case) -> None:
    """Each row has as many True as its length says, all in front; the longest has no False."""
    lengths = mixed_lengths(case)
    mask = tensor(student.length_mask(lengths), (case.B, int(lengths.max())), torch.bool)
    equal(mask.sum(dim=1), lengths, "the number of True in each row")
    holds(bool((mask[:, 1:] <= mask[:, :-1]).all()), "a True comes after a False")


@pytest.mark.part("length_mask")
@cases("B", shift=(0, 2), extra=(1, 3))
def test_max_len_adds_false(student: Student, case: Case) -> None:
    """A max_len above the longest length adds columns of False, and changes nothing else."""
    lengths = mixed_lengths(case)
    longest = int(lengths.max())
    narrow = student.length_mask(lengths)
    tensor(narrow, (case.B, longest), torch.bool, "the mask without max_len")
    wide = tensor(
        student.length_mask(lengths, longest + case.extra),
        (case.B, longest + case.extra),
        torch.bool,
        "the mask with max_len",
    )
    equal(wide.sum(dim=1), lengths, "the number of True in each row")
    equal(wide[:, :longest], narrow, "its first columns (expected: as without max_len)")


# --- masked_mean ----------------------------------------------------------------------------


@pytest.mark.part("masked_mean")
@cases("B", "H", shift=(0, 2), extra=(0, 3))
def test_mean_of_equal_steps(student: Student, case: Case) -> None:
    """A row whose real steps are all the same has that step as its mean."""
    padding, lengths = ragged(case, case.H)
    steps = case.normal(case.B, case.H)
    output = other_padding(case, steps[:, None].expand_as(padding), lengths)
    close(student.masked_mean(output, lengths), steps)


@pytest.mark.part("masked_mean")
@cases("B", "H", shift=(0, 2), extra=(0, 3))
def test_last_real_step_counts_as_any_other(student: Student, case: Case) -> None:
    """Adding a row's length to any one of its real steps, even the last, adds one to its mean."""
    output, lengths = ragged(case, case.H)
    output = output.abs()  # the one that is added never cancels what was there
    got = tensor(student.masked_mean(output, lengths), (case.B, case.H), case.dtype)
    varied(got, "the means")
    for step in (torch.zeros_like(lengths), lengths - 1):
        more = output.clone()
        more[torch.arange(case.B), step] += lengths[:, None]
        again = student.masked_mean(more, lengths)
        close(again, got + 1, "the means with more in one step (expected: one more than before)")


@pytest.mark.part("masked_mean")
@cases("B", "H", shift=(0, 2), extra=(0, 3))
def test_padding_has_no_say(student: Student, case: Case) -> None:
    """Whatever the padding holds, even NaN or infinity, the means are those with zeros there."""
    output, lengths = ragged(case, case.H)
    got = tensor(student.masked_mean(output, lengths), (case.B, case.H), case.dtype)
    varied(got, "the means")
    for filling in (0.0, float("nan"), float("inf")):
        filled = other_padding(case, output, lengths, filling)
        again = student.masked_mean(filled, lengths)
        close(again, got, "the means with other padding (expected: as before)")


@pytest.mark.part("masked_mean")
def test_output_stays_as_it_is(student: Student) -> None:
    """Taking the mean leaves output, its padding too, and lengths as they were."""
    case = Case.fixed(seed=11, B=4, H=3, shift=0, extra=1)
    output, lengths = ragged(case, case.H)
    got = tensor(student.masked_mean(output, lengths), (case.B, case.H), case.dtype)
    varied(got, "the means")
    unchanged(student)


# --- classify_packed ------------------------------------------------------------------------


@pytest.mark.part("classify_packed")
@cases("B", "T", "V", "E", "H", "C")
def test_full_texts_are_classified_as_ever(student: Student, case: Case) -> None:
    """If every text is T characters long, the logits are those of the model by itself."""
    model = char_rnn(student, case)
    ids = case.integers(0, case.V - 1, case.B, case.T)
    expected = model(ids)
    close(student.classify_packed(model, ids, torch.full((case.B,), case.T)), expected)


@pytest.mark.part("classify_packed")
def test_texts_do_not_meet(student: Student) -> None:
    """Each text of a batch gets the logits that the model gives to it alone."""
    case = Case.fixed(seed=9, B=4, V=9, E=2, H=5, C=3, shift=1, extra=2)
    model = char_rnn(student, case)
    ids, lengths = ragged_ids(case)
    alone = [model(ids[i : i + 1, :n]) for i, n in enumerate(lengths.tolist())]
    close(student.classify_packed(model, ids, lengths), torch.cat(alone), "the logits")


@pytest.mark.part("classify_packed")
@cases("B", "V", "E", "H", "C", shift=(0, 2), extra=(0, 3))
def test_filling_has_no_say(student: Student, case: Case) -> None:
    """Other ids after a text's end, and more of them, leave its logits as they are."""
    model = char_rnn(student, case)
    ids, lengths = ragged_ids(case)
    more = torch.cat([ids, case.integers(0, case.V - 1, case.B, 2)], dim=1)
    for i, n in enumerate(lengths.tolist()):
        more[i, n:] = case.V - 1 - more[i, n:]
    got = student.classify_packed(model, ids, lengths)
    got = tensor(got, (case.B, case.C), case.dtype, "the logits")
    varied(got, "the logits")
    again = student.classify_packed(model, more, lengths)
    close(again, got, "the logits with other padding (expected: as before)")


# --- what the tests draw --------------------------------------------------------------------


def mixed_lengths(case: Case) -> Tensor:
    """B different lengths in an order whose sort is not its own inverse."""
    lengths = torch.empty(case.B, dtype=torch.int64)
    lengths[case.permutation(case.B)] = torch.arange(case.B, 0, -1) + case.shift
    return lengths


def ragged(case: Case, width: int) -> tuple[Tensor, Tensor]:
    """(B, T, width) and lengths; T is `extra` above the longest, the padding is random."""
    lengths = mixed_lengths(case)
    return case.normal(case.B, int(lengths.max()) + case.extra, width), lengths


def ragged_ids(case: Case) -> tuple[Tensor, Tensor]:
    """Ids (B, T) and lengths; T is `extra` above the longest, the filling is random."""
    lengths = mixed_lengths(case)
    return case.integers(0, case.V - 1, case.B, int(lengths.max()) + case.extra), lengths


def other_padding(
    case: Case, padded: Tensor, lengths: Tensor, filling: float | None = None
) -> Tensor:
    """The same real steps, and other padding: random numbers, or `filling`."""
    other = case.normal(*padded.shape) if filling is None else torch.full_like(padded, filling)
    for i, n in enumerate(lengths.tolist()):
        other[i, :n] = padded[i, :n]
    return other


def packed_steps(got: Any, count: int, case: Case) -> Tensor:
    """The steps that a PackedSequence holds, in its own order."""
    holds(isinstance(got, PackedSequence), "the result isn't a valid PackedSequence", said(got))
    return tensor(got.data, (count, case.F), case.dtype, "the packed steps")


def in_order(steps: Tensor) -> Tensor:
    """The rows of a matrix, sorted."""
    return torch.tensor(sorted(steps.tolist()), dtype=steps.dtype)


def torch_rnn(student: Student, case: Case) -> Any:
    """A batch-first nn.RNN in the worker, with drawn weights."""
    options = {"num_layers": case.L, "bidirectional": case.D == 2, "batch_first": True}
    rnn = student.make("torch.nn.RNN", case.F, case.H, **options)
    rnn.load(case.load_random(torch.nn.RNN(case.F, case.H, **options)).state_dict())
    return rnn


def run(
    student: Student, rnn: Any, padded: Tensor, lengths: Tensor, case: Case
) -> tuple[Tensor, Tensor]:
    """Output and h_n of run_packed, of the right shapes."""
    output, h_n = pair(student.run_packed(rnn, padded, lengths))
    for part, what in ((output, "the output"), (h_n, "h_n")):
        holds(bool(tensor(part, what=what).isfinite().all()), f"{what} holds NaN or infinity")
    full = (case.B, padded.shape[1], case.D * case.H)
    final = (case.L * case.D, case.B, case.H)
    return (
        tensor(output, full, case.dtype, "the output"),
        tensor(h_n, final, case.dtype, "h_n"),
    )


def char_rnn(student: Student, case: Case) -> Any:
    """A model in the worker that is what CharRNN of exercise 7 is, with drawn weights."""
    twins = {
        "embedding": torch.nn.Embedding(case.V, case.E),
        "rnn": torch.nn.RNN(case.E, case.H),
        "fc": torch.nn.Linear(case.H, case.C),
    }
    weights = {}
    for name, twin in twins.items():
        weights.update(case.load_random(twin).state_dict(prefix=f"{name}."))
    model = student.make(
        "Chain",
        embedding=student.make("torch.nn.Embedding", case.V, case.E),
        rnn=student.make("torch.nn.RNN", case.E, case.H, batch_first=True),
        pick=student.make("Pick", 1, -1),
        fc=student.make("torch.nn.Linear", case.H, case.C),
    )
    model.load(weights)
    return model
