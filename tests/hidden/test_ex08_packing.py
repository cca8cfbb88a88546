"""Exercise 8, the tests that only instructors have: every row as if it were alone."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from torch.nn.utils.rnn import PackedSequence

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, holds, pair, said, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients

ODD_ORDER = torch.tensor([3, 6, 2, 5])  # sorting it takes an order that is not its own inverse
TIES = torch.tensor([2, 5, 1, 5, 2])

# --- pad_batch ------------------------------------------------------------------------------


@pytest.mark.part("pad_batch")
@cases("B", "F", shift=(0, 2), single="F")
def test_padding_is_zero_by_default(student: Student, case: Case) -> None:
    """Rows and lengths belong together; without a padding_value, zeros follow the end."""
    lengths = mixed_lengths(case)
    sequences = [case.normal(n, case.F) for n in lengths.tolist()]
    padded, got = pair(student.pad_batch(sequences))
    close(padded, side_by_side(sequences), "the padded batch")
    equal(got, lengths, "the lengths")
    unchanged(student)


@pytest.mark.part("pad_batch")
@cases("B", "F", shift=(0, 2))
def test_every_sequence_gets_its_gradient(student: Student, case: Case) -> None:
    """A gradient of the padded batch reaches each sequence at its own steps."""
    lengths = mixed_lengths(case).tolist()
    sequences = [case.normal(n, case.F).requires_grad_() for n in lengths]
    padded, _ = pair(student.pad_batch(sequences, padding_value=0.1))
    expected = side_by_side(sequences, 0.1)
    names = {f"sequence {i}": sequence for i, sequence in enumerate(sequences)}
    close(padded, expected, "the padded batch")
    same_gradients(padded, expected, names, case.normal(*expected.shape))


@pytest.mark.part("pad_batch")
def test_zeros_are_real_steps_too(student: Student) -> None:
    """A sequence's own zeros count, as do steps equal to padding_value, which may be infinite."""
    case = Case.fixed(seed=21, dtype=torch.float32)
    sequences = [case.zeros(3, 2), case.normal(1, 2), case.normal(5, 2)]
    sequences[2][3:] = 0.0
    for value in (0.0, -1.0, float("-inf")):
        padded, lengths = pair(student.pad_batch(sequences, value))
        close(padded, side_by_side(sequences, value), "the padded batch")
        equal(lengths, torch.tensor([3, 1, 5]), "the lengths")


@pytest.mark.part("pad_batch")
def test_equal_lengths_and_one_sequence(student: Student) -> None:
    """Sequences of the same length need no padding, and one sequence makes a batch of one."""
    case = Case.fixed(seed=22)
    for sequences in ([case.normal(4, 3), case.normal(4, 3)], [case.normal(5, 2)]):
        padded, lengths = pair(student.pad_batch(sequences, 9.0))
        close(padded, torch.stack(sequences), "the padded batch")
        equal(lengths, torch.tensor([len(s) for s in sequences]), "the lengths")


@pytest.mark.part("pad_batch")
def test_long_sequences_are_padded(student: Student) -> None:
    """Every step of a long sequence stays."""
    case = Case.fixed(seed=32)
    sequences = [case.normal(n, 1) for n in (3, 600, 70)]
    padded, lengths = pair(student.pad_batch(sequences))
    close(padded, side_by_side(sequences), "the padded batch")
    equal(lengths, torch.tensor([3, 600, 70]), "the lengths")


# --- pack -----------------------------------------------------------------------------------


@pytest.mark.part("pack")
@cases("B", "F", shift=(0, 2), extra=(0, 3), equal=True)
def test_rows_can_be_read_back(student: Student, case: Case) -> None:
    """Row i of the PackedSequence is row i of the batch up to its length."""
    padded, lengths = ragged(case, case.F)
    rows = packed_rows(student.pack(padded, lengths), lengths, case)
    for i, n in enumerate(lengths.tolist()):
        close(rows[i], padded[i, :n], "a row of the PackedSequence")
    unchanged(student)


@pytest.mark.part("pack")
@cases("F", extra=(0, 3))
def test_lengths_with_ties(student: Student, case: Case) -> None:
    """Rows of the same length are packed like any others, and so is a row by itself."""
    padded = case.normal(len(TIES), 5 + case.extra, case.F)
    for lengths in (TIES, TIES[:1]):
        packed = student.pack(padded[: len(lengths)], lengths)
        for i, row in enumerate(packed_rows(packed, lengths, case)):
            close(row, padded[i, : lengths[i]], "a row of the PackedSequence")


@pytest.mark.part("pack")
def test_gradient_of_the_real_steps(student: Student) -> None:
    """A gradient of the packed steps reaches the same steps of padded, and no padding."""
    case = Case.fixed(seed=23, F=3)
    for lengths in (ODD_ORDER, torch.tensor([3, 1, 4, 1])):
        padded = case.normal(4, 8, case.F).requires_grad_()
        rows = torch.cat(packed_rows(student.pack(padded, lengths), lengths, case))
        real = torch.cat([padded[i, :n] for i, n in enumerate(lengths.tolist())])
        same_gradients(rows, real, {"padded": padded}, case.normal(len(real), case.F))


# --- run_packed -----------------------------------------------------------------------------


@pytest.mark.part("run_packed", weight=2)
@cases("B", "F", "H", L=(1, 2), D=(1, 2), shift=(0, 2), extra=(0, 3), equal=True)
def test_each_row_runs_alone(student: Student, case: Case) -> None:
    """Output and h_n of each row are those of the row alone, and zeros follow its end."""
    rnn, twin = torch_rnn(student, case)
    padded, lengths = ragged(case, case.F)
    compare_runs(student.run_packed(rnn, padded, lengths), rows_alone(twin, padded, lengths))
    unchanged(student)


@pytest.mark.part("run_packed")
@cases("B", "F", "H", L=(1, 2), D=(1, 2), shift=(0, 2), extra=(0, 3))
def test_gradients_of_each_row_alone(student: Student, case: Case) -> None:
    """A loss on output and h_n gives padded and rnn's weights the gradients of the rows alone."""
    rnn, twin = torch_rnn(student, case)
    learned_before(case, rnn, twin)
    rnn.eval()
    padded, lengths = ragged(case, case.F)
    padded.requires_grad_()
    got, expected = student.run_packed(rnn, padded, lengths), rows_alone(twin, padded, lengths)
    equal(rnn.training, False, "the training mode after the run")
    compare_runs(got, expected)
    joined, wanted = (torch.cat([part.flatten() for part in run]) for run in (got, expected))
    upstream = case.normal(len(wanted))
    same_gradients(joined, wanted, {"padded": padded}, upstream)
    (wanted * upstream).sum().backward()
    same_weight_gradients(rnn, twin)


@pytest.mark.part("run_packed")
def test_three_layers_both_ways(student: Student) -> None:
    """A stacked, bidirectional rnn runs each row as if alone, with T above the longest length."""
    case = Case.fixed(seed=25, F=3, H=5, L=3, D=2)
    rnn, twin = torch_rnn(student, case)
    padded = case.normal(4, 8, case.F)
    expected = rows_alone(twin, padded, ODD_ORDER)
    compare_runs(student.run_packed(rnn, padded, ODD_ORDER), expected)
    again = pair(student.run_packed(rnn, padded, ODD_ORDER))
    compare_runs(again, expected)
    holds(all(part.requires_grad for part in again), "output or h_n carries no gradient")
    state = rnn.state()
    for name, value in twin.state_dict().items():
        equal(state[name], value, f"{name} after the run")
    equal(rnn.training, True, "the training mode after the run")
    compare_runs(rnn(padded), twin(padded), " of rnn itself, after the run")


@pytest.mark.part("run_packed")
def test_long_rows_run_to_their_end(student: Student) -> None:
    """Long rows give what they give alone, and autograd stays switched on."""
    case = Case.fixed(seed=33, F=2, H=3, L=1, D=1)
    rnn, twin = torch_rnn(student, case)
    padded, lengths = case.normal(3, 160, case.F), torch.tensor([2, 155, 80])
    compare_runs(student.run_packed(rnn, padded, lengths), rows_alone(twin, padded, lengths))
    holds(student.builds_graphs(), "after the run, nothing at all builds a graph any more")


@pytest.mark.part("run_packed")
def test_ties_and_single_steps(student: Student) -> None:
    """Equal lengths, rows of one step and a batch of one work; a last step of zeros is read too."""
    case = Case.fixed(seed=26, dtype=torch.float32, F=2, H=3, L=2, D=1)
    rnn, twin = torch_rnn(student, case)
    for lengths in (TIES, torch.tensor([1, 1]), torch.tensor([4])):
        padded = case.normal(len(lengths), int(lengths.max()) + 1, case.F)
        padded[0, lengths[0] - 1 :] = 0.0
        compare_runs(student.run_packed(rnn, padded, lengths), rows_alone(twin, padded, lengths))


# --- last_valid -----------------------------------------------------------------------------


@pytest.mark.part("last_valid")
@cases("B", "H", shift=(0, 2), extra=(0, 3), equal=True)
def test_picks_each_rows_end(student: Student, case: Case) -> None:
    """Each row gives its output at step length - 1, and only this step gets a gradient."""
    output, lengths = ragged(case, case.H)
    output.requires_grad_()
    expected = torch.stack([output[i, n - 1] for i, n in enumerate(lengths.tolist())])
    got = student.last_valid(output, lengths)
    close(got, expected)
    same_gradients(got, expected, {"output": output}, case.normal(case.B, case.H))


@pytest.mark.part("last_valid")
@cases("H", extra=(0, 3))
def test_ends_of_equal_rows(student: Student, case: Case) -> None:
    """Rows of equal length, rows of one step and a single row have an end, which may be zeros."""
    output = case.normal(len(TIES), 5 + case.extra, case.H)
    output[0, TIES[0] - 1] = 0.0
    for rows in (len(TIES), 1):
        got = student.last_valid(output[:rows], TIES[:rows])
        close(got, torch.stack([output[i, n - 1] for i, n in enumerate(TIES[:rows].tolist())]))
        unchanged(student)


# --- length_mask ----------------------------------------------------------------------------


@pytest.mark.part("length_mask")
@cases("B", shift=(0, 2), extra=(0, 3))
def test_true_at_real_steps(student: Student, case: Case) -> None:
    """Step t of row i is True where t is below lengths[i], with max_len by place or by name."""
    lengths = mixed_lengths(case)
    width = int(lengths.max()) + case.extra
    expected = torch.tensor([[t < n for t in range(width)] for n in lengths.tolist()])
    equal(student.length_mask(lengths, width), expected, "the mask with max_len")
    equal(student.length_mask(lengths, max_len=width), expected, "the mask with max_len")
    unchanged(student)


@pytest.mark.part("length_mask")
@cases("B", T=(1, 6))
def test_width_is_the_longest_by_default(student: Student, case: Case) -> None:
    """Without max_len, or with None, the mask is as wide as the longest length; ties are fine."""
    lengths = case.integers(1, case.T, case.B)
    lengths = torch.cat([lengths, lengths[:1]])
    width = int(lengths.max())
    expected = torch.tensor([[t < n for t in range(width)] for n in lengths.tolist()])
    equal(student.length_mask(lengths), expected, "the mask without max_len")
    equal(student.length_mask(lengths, None), expected, "the mask with max_len=None")
    unchanged(student)


@pytest.mark.part("length_mask")
def test_long_rows_have_wide_masks(student: Student) -> None:
    """Long rows have a wide mask, and max_len may be far above the longest length."""
    lengths = torch.tensor([300, 1, 290])
    equal(student.length_mask(lengths), torch.arange(300) < lengths[:, None], "the mask")
    short = torch.tensor([1, 2])
    mask = student.length_mask(short, 7)
    equal(mask, torch.arange(7) < short[:, None], "the mask with max_len")


# --- masked_mean ----------------------------------------------------------------------------


@pytest.mark.part("masked_mean")
@cases("B", "H", shift=(0, 2), extra=(0, 3), equal=True)
def test_mean_of_the_real_steps(student: Student, case: Case) -> None:
    """Each row's mean is taken over its own real steps, as many as its length says."""
    output, lengths = ragged(case, case.H)
    close(student.masked_mean(output, lengths), means_alone(output, lengths))
    unchanged(student)


@pytest.mark.part("masked_mean", weight=2)
@cases("B", "H", shift=(0, 2), extra=(0, 3))
def test_gradients_ignore_the_padding(student: Student, case: Case) -> None:
    """Real steps share each mean's gradient; padding gets zeros, even if it is NaN or infinite."""
    output, lengths = ragged(case, case.H)
    odd = torch.tensor([0.5, float("nan"), float("inf"), -float("inf")], dtype=case.dtype)
    for i, n in enumerate(lengths.tolist()):
        output[i, n:] = odd[case.integers(0, 3, output.shape[1] - n, 1)]
    output.requires_grad_()
    got, expected = student.masked_mean(output, lengths), means_alone(output, lengths)
    close(got, expected, "the means")
    same_gradients(got, expected, {"output": output}, case.normal(case.B, case.H))


@pytest.mark.part("masked_mean")
def test_ties_and_full_rows(student: Student) -> None:
    """Equal lengths and single rows work, padded or not; a step of zeros counts like any other."""
    case = Case.fixed(seed=27, dtype=torch.float32)
    for lengths in (TIES, torch.tensor([4, 4]), torch.tensor([3]), torch.tensor([1, 1])):
        for extra in (0, 2):
            output = case.normal(len(lengths), int(lengths.max()) + extra, 3)
            output[0, 0] = 0.0
            close(student.masked_mean(output, lengths), means_alone(output, lengths))


# --- classify_packed ------------------------------------------------------------------------


@pytest.mark.part("classify_packed")
@cases("B", "V", "E", "H", "C", shift=(0, 2), extra=(0, 3), ones=False, single="H", equal=True)
def test_each_text_is_classified_alone(student: Student, case: Case) -> None:
    """The logits of each text are what the model makes of that text alone, without padding."""
    model, twin = char_rnn(student, case)
    ids, lengths = ragged_ids(case)
    close(student.classify_packed(model, ids, lengths), logits_alone(twin, ids, lengths))
    unchanged(student)


@pytest.mark.part("classify_packed")
@cases("B", "V", "E", "H", "C", shift=(0, 2), extra=(0, 3), ones=False)
def test_model_learns_from_real_characters(student: Student, case: Case) -> None:
    """Every parameter of the model gets the gradient that the texts alone give it."""
    model, twin = char_rnn(student, case)
    learned_before(case, model, twin)
    model.eval()
    ids, lengths = ragged_ids(case)
    got, expected = student.classify_packed(model, ids, lengths), logits_alone(twin, ids, lengths)
    equal(model.training, False, "the training mode after the call")
    close(got, expected, "the logits")
    holds(got.requires_grad, "the logits carry no gradient")
    upstream = case.normal(case.B, case.C)
    (got * upstream).sum().backward()
    (expected * upstream).sum().backward()
    same_weight_gradients(model, twin)


@pytest.mark.part("classify_packed")
def test_texts_in_mixed_order(student: Student) -> None:
    """Each text gets its own logits, whatever the order of lengths, with ties, alone, or alike."""
    case = Case.fixed(seed=28, V=27, E=4, H=5, C=3)
    model, twin = char_rnn(student, case)
    for lengths in (ODD_ORDER, TIES, torch.tensor([2]), torch.tensor([1, 1, 1])):
        ids = case.integers(0, case.V - 1, len(lengths), int(lengths.max()) + 2)
        ids[-1, lengths[-1] - 1] = 0  # ids that filling often has, at the ends of texts
        ids[0, lengths[0] - 1] = case.V - 1
        for rows in (ids, ids[:1].repeat(len(lengths), 1)):  # those alike differ in where they end
            got = student.classify_packed(model, rows, lengths)
            close(got, logits_alone(twin, rows, lengths))
            holds(got.requires_grad, "the logits carry no gradient")
    equal(model.training, True, "the training mode after the call")
    holds(student.builds_graphs(), "after the call, nothing at all builds a graph any more")


@pytest.mark.part("run_packed")
def test_rows_of_one_length_below_the_width(student: Student) -> None:
    """Rows of one length, shorter than the batch is wide, give what each gives alone."""
    case = Case.fixed(seed=31, F=2, H=3, L=1, D=2)
    rnn, twin = torch_rnn(student, case)
    padded, lengths = case.normal(4, 8, case.F), torch.tensor([3, 3, 3, 3])
    compare_runs(student.run_packed(rnn, padded, lengths), rows_alone(twin, padded, lengths))


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
    ids = case.integers(0, case.V - 1, case.B, int(lengths.max()) + case.extra)
    for row, n in zip(ids, lengths.tolist(), strict=True):
        row[n:] = row[n:].clamp(min=min(1, case.V - 1))  # never 0: a filling of zeros would show
    return ids, lengths


def torch_rnn(student: Student, case: Case) -> tuple[Any, nn.RNN]:
    """A batch-first nn.RNN in the worker, and one here with the same drawn weights."""
    options = {"num_layers": case.L, "bidirectional": case.D == 2, "batch_first": True}
    rnn = student.make("torch.nn.RNN", case.F, case.H, **options)
    twin = case.load_random(nn.RNN(case.F, case.H, **options))
    rnn.load(twin.state_dict())
    return rnn, twin


class Twin(nn.Module):
    """What CharRNN of exercise 7 is, on this side."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.embedding = nn.Embedding(case.V, case.E)
        self.rnn = nn.RNN(case.E, case.H, batch_first=True)
        self.fc = nn.Linear(case.H, case.C)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T) to (B, C)."""
        return self.fc(self.rnn(self.embedding(x))[1][-1])


def char_rnn(student: Student, case: Case) -> tuple[Any, Twin]:
    """A CharRNN of torch's own modules in the worker, and its twin."""
    twin = Twin(case)
    case.load_random(twin)
    model = student.make(
        "Chain",
        embedding=student.make("torch.nn.Embedding", case.V, case.E),
        rnn=student.make("torch.nn.RNN", case.E, case.H, batch_first=True),
        pick=student.make("Pick", 1, -1),
        fc=student.make("torch.nn.Linear", case.H, case.C),
    )
    model.load(twin.state_dict())
    return model, twin


# --- oracles: each row alone ----------------------------------------------------------------


def side_by_side(sequences: list[Tensor], filling: float = 0.0) -> Tensor:
    """The sequences as rows, padded one by one."""
    longest = max(map(len, sequences))
    return torch.stack([pad(s, (0, 0, 0, longest - len(s)), value=filling) for s in sequences])


def rows_alone(rnn: nn.RNN, padded: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Output (zeros behind each end) and h_n, one row after the other."""
    runs = [rnn(padded[i : i + 1, :n]) for i, n in enumerate(lengths.tolist())]
    outputs = [pad(run, (0, 0, 0, padded.shape[1] - run.shape[1])) for run, _ in runs]
    return torch.cat(outputs), torch.cat([h_n for _, h_n in runs], dim=1)


def means_alone(output: Tensor, lengths: Tensor) -> Tensor:
    """The mean of each row's real steps."""
    return torch.stack([output[i, :n].mean(dim=0) for i, n in enumerate(lengths.tolist())])


def logits_alone(model: nn.Module, ids: Tensor, lengths: Tensor) -> Tensor:
    """The logits of each text without its filling."""
    return torch.cat([model(ids[i : i + 1, :n]) for i, n in enumerate(lengths.tolist())])


def compare_runs(got: Any, expected: tuple[Tensor, Tensor], whose: str = "") -> None:
    """Output and h_n are those expected."""
    for part, wanted, what in zip(pair(got), expected, ("the output", "h_n"), strict=True):
        close(part, wanted, what + whose)


def learned_before(case: Case, module: Any, twin: nn.Module) -> None:
    """Both sides hold gradients from earlier, which belong to whoever collects them."""
    for parameter in twin.parameters():
        parameter.grad = case.normal(*parameter.shape)
    module.set_gradients({name: p.grad for name, p in twin.named_parameters()})


def same_weight_gradients(module: Any, twin: nn.Module) -> None:
    """The module in the worker has collected the gradients that its twin has."""
    gradients = module.gradients()
    for name, parameter in twin.named_parameters():
        holds(gradients.get(name) is not None, f"no gradient reaches {name}")
        close(gradients[name], parameter.grad, f"the gradient of {name}")


def packed_rows(got: Any, lengths: Tensor, case: Case) -> list[Tensor]:
    """The rows that a PackedSequence holds, read step by step."""
    holds(isinstance(got, PackedSequence), "the result isn't a valid PackedSequence", said(got))
    steps = tensor(got.data, (int(lengths.sum()), case.F), case.dtype, "the packed steps")
    at_work = [int((lengths > t).sum()) for t in range(int(lengths.max()))]
    equal(got.batch_sizes, torch.tensor(at_work), "the number of rows at each step")
    order = torch.arange(len(lengths)) if got.sorted_indices is None else got.sorted_indices
    back = torch.arange(len(lengths)) if got.unsorted_indices is None else got.unsorted_indices
    fitting = order.shape == back.shape == lengths.shape
    holds(
        fitting and sorted(order.tolist()) == list(range(len(lengths))),
        "its indices are no order of the rows",
    )
    equal(back, torch.argsort(order), "the order back to that of the batch")
    rows: list[list[Tensor]] = [[] for _ in lengths]
    for step in steps.split(at_work):
        for row, value in zip(order.tolist(), step, strict=False):  # the shortest rows have ended
            rows[row].append(value)
    for row, n in zip(rows, lengths.tolist(), strict=True):
        equal(len(row), n, "the number of steps of a row")
    return [torch.stack(row) for row in rows]
