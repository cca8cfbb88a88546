"""Exercise 10, the hidden tests: torch's own cells and modules as oracles."""

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, pair, raises, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients

MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


@pytest.mark.part("lstm_step")
@cases("B", "I", "H", equal=True)
def test_cell_matches_torch(student: Student, case: Case) -> None:
    """The new cell, returned second, is that of nn.LSTMCell, in the dtype of the arguments."""
    arguments = lstm_arguments(case)
    _, c = torch_lstm(arguments)
    close(pair(student.lstm_step(*arguments))[1], c, "the cell")


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_state_matches_torch(student: Student, case: Case) -> None:
    """The new state, returned first, is that of nn.LSTMCell, in the dtype of the arguments."""
    arguments = lstm_arguments(case)
    h, _ = torch_lstm(arguments)
    close(pair(student.lstm_step(*arguments))[0], h, "the state")


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_gradients_through_the_state(student: Student, case: Case) -> None:
    """Gradients flow from the state back to all seven arguments, as through nn.LSTMCell."""
    arguments = trainable(lstm_arguments(case))
    h, _ = pair(student.lstm_step(*arguments))
    expected, _ = torch_lstm(arguments)
    inputs = dict(zip(LSTM_NAMES, arguments, strict=True))
    same_gradients(h, expected, inputs, case.normal(case.B, case.H))


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_gradients_through_the_cell(student: Student, case: Case) -> None:
    """Gradients flow from the cell back to all seven arguments, as through nn.LSTMCell."""
    drawn = lstm_arguments(case)
    from_zeros = [0 * drawn[0], 0 * drawn[1], 0 * drawn[2], *drawn[3:]]
    for arguments in map(trainable, (drawn, from_zeros)):
        _, c = pair(student.lstm_step(*arguments))
        _, expected = torch_lstm(arguments)
        inputs = dict(zip(LSTM_NAMES, arguments, strict=True))
        same_gradients(c, expected, inputs, case.normal(case.B, case.H))


@pytest.mark.part("lstm_step")
@cases("B", "I", "H", ones=False)
def test_lstm_leaves_arguments_alone(student: Student, case: Case) -> None:
    """A second call gives the same right results, since neither call changes what it was given."""
    arguments = lstm_arguments(case)
    h, c = torch_lstm(arguments)
    for _ in range(2):
        got = pair(student.lstm_step(*arguments))
        unchanged(student)
    close(got[0], h, "the state")
    close(got[1], c, "the cell")


@pytest.mark.part("lstm_step")
def test_cells_of_hundreds(student: Student) -> None:
    """Nothing limits cells or gradients: what is large stays large if the forget gate lets it."""
    case = Case.fixed(seed=5, B=3, I=2, H=4)
    arguments = lstm_arguments(case)
    arguments[2] = 50 * arguments[2]
    trainable(arguments)
    (h, c), (expected_h, expected_c) = pair(student.lstm_step(*arguments)), torch_lstm(arguments)
    close(h, expected_h, "the state")
    close(c, expected_c, "the cell")
    inputs = dict(zip(LSTM_NAMES, arguments, strict=True))
    same_gradients(c, expected_c, inputs, 1000 * case.normal(case.B, case.H))
    sure = saturated(lstm_arguments(case), 5)
    for got, expected in zip(pair(student.lstm_step(*sure)), torch_lstm(sure), strict=True):
        close(got, expected, "what comes of gates that are open or shut")


@pytest.mark.part("gru_step", weight=2)
@cases("B", "I", "H", equal=True)
def test_gru_matches_torch(student: Student, case: Case) -> None:
    """The new state is that of nn.GRUCell, in the dtype of the arguments."""
    arguments = gru_arguments(case)
    close(student.gru_step(*arguments), torch_gru(arguments), "the state")


@pytest.mark.part("gru_step")
@cases("B", "I", "H")
def test_gradients_through_the_gru(student: Student, case: Case) -> None:
    """Gradients flow from the state back to all six arguments, as through nn.GRUCell."""
    drawn = gru_arguments(case)
    for arguments in map(trainable, (drawn, [0 * drawn[0], 0 * drawn[1], *drawn[2:]])):
        got, expected = student.gru_step(*arguments), torch_gru(arguments)
        inputs = dict(zip(GRU_NAMES, arguments, strict=True))
        same_gradients(got, expected, inputs, case.normal(case.B, case.H))


@pytest.mark.part("gru_step")
@cases("B", "I", "H", ones=False)
def test_gru_leaves_arguments_alone(student: Student, case: Case) -> None:
    """A second call gives the same right result, since neither call changes what it was given."""
    arguments = gru_arguments(case)
    for _ in range(2):
        got = student.gru_step(*arguments)
        unchanged(student)
    close(got, torch_gru(arguments), "the state")


@pytest.mark.part("gru_step")
def test_states_of_a_hundred(student: Student) -> None:
    """A state that is passed in may be large: what z keeps of it is kept."""
    case = Case.fixed(seed=6, B=3, I=2, H=4)
    arguments = gru_arguments(case)
    arguments[1] = 100 * arguments[1]
    close(student.gru_step(*arguments), torch_gru(arguments), "the state")
    sure = saturated(gru_arguments(case), 4)
    close(student.gru_step(*sure), torch_gru(sure), "the state where gates are open or shut")


@pytest.mark.part("parameter_count")
@cases("I", "H")
def test_one_layer_counts_match_torch(student: Student, case: Case) -> None:
    """With the defaults, the count is that of torch's own module of this kind."""
    for kind, module in MODULES.items():
        expected = numbers_in(module(case.I, case.H))
        equal(student.parameter_count(kind, case.I, case.H), expected, "the count")


@pytest.mark.part("parameter_count")
@cases("I", "H", L=(1, 4))
def test_stacked_counts_match_torch(student: Student, case: Case) -> None:
    """With layers and directions, the count is that of torch's own module of this kind."""
    for kind, module in MODULES.items():
        both = bool(case.integer(0, 1))
        expected = numbers_in(module(case.I, case.H, case.L, bidirectional=both))
        equal(student.parameter_count(kind, case.I, case.H, case.L, both), expected, "the count")


@pytest.mark.part("parameter_count")
def test_every_other_kind_is_refused(student: Student) -> None:
    """Other kinds raise ValueError, even part of a name, a longer name or one in upper case."""
    for kind in ("", "n", "rnn_tanh", "xlstm", "LSTM", "gru ", "lstmcell"):
        raises(ValueError, student.parameter_count, kind, 4, 6, 2, True)
    equal(student.parameter_count("lstm", 3, 5), 200, "the count of a known kind")


@pytest.mark.part("parameter_count")
def test_arguments_by_name(student: Student) -> None:
    """Sizes may be passed by name, and a kind must match in every letter, in lower case."""
    sizes = {"input_size": 3, "hidden_size": 5, "num_layers": 12, "bidirectional": True}
    expected = numbers_in(nn.GRU(3, 5, 12, bidirectional=True))
    equal(student.parameter_count(kind="gru", **sizes), expected, "the count")
    for kind in ("Gru", "RNN", "gro"):
        raises(ValueError, student.parameter_count, kind, 3, 5)


@pytest.mark.part("parameter_count")
def test_large_counts_are_exact(student: Student) -> None:
    """The count is exact to the last digit, even if it is very large."""
    first, later = (2 * 4 * 1001 * (width + 1001 + 2) for width in (77, 2 * 1001))
    expected = first + 99 * later  # of all directions, blocks and units: a row, and two biases
    equal(student.parameter_count("lstm", 77, 1001, 100, True), expected, "the count")


LSTM_NAMES = ("x_t", "h_prev", "c_prev", "W_ih", "W_hh", "b_ih", "b_hh")
GRU_NAMES = ("x_t", "h_prev", "W_ih", "W_hh", "b_ih", "b_hh")


def lstm_arguments(case: Case) -> list[Tensor]:
    """x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh with tame random values."""
    x_t, h_prev = case.normal(case.B, case.I), case.normal(case.B, case.H)
    c_prev = case.normal(case.B, case.H, scale=3.0)  # a cell may be of any size
    return [x_t, h_prev, c_prev, *weights_of(case, 4 * case.H)]


def gru_arguments(case: Case) -> list[Tensor]:
    """x_t, h_prev, W_ih, W_hh, b_ih, b_hh with tame random values."""
    front = [case.normal(case.B, case.I), case.normal(case.B, case.H)]
    return [*front, *weights_of(case, 3 * case.H)]


def weights_of(case: Case, rows: int) -> list[Tensor]:
    """W_ih, W_hh, b_ih, b_hh for that many stacked rows."""
    matrices = case.normal(rows, case.I, scale=0.5), case.normal(rows, case.H, scale=0.5)
    return [*matrices, case.normal(rows, scale=0.5), case.normal(rows, scale=0.5)]


def trainable(arguments: list[Tensor]) -> list[Tensor]:
    """The same tensors as leaves that ask for a gradient."""
    return [argument.requires_grad_() for argument in arguments]


def saturated(arguments: list[Tensor], bias: int) -> list[Tensor]:
    """In float32, with a bias (the argument at this place) that opens or shuts most gates.

    Not so large that a sigmoid or a tanh made of exp would overflow: nobody was told of that.
    """
    inputs = [argument.float() for argument in arguments]
    inputs[bias] = 30 * inputs[bias]
    return inputs


def torch_lstm(arguments: list[Tensor]) -> tuple[Tensor, Tensor]:
    """State and cell by torch's own LSTM cell."""
    x_t, h_prev, c_prev, *weights = arguments
    h, c = torch.lstm_cell(x_t, (h_prev, c_prev), *weights)
    return h, c


def torch_gru(arguments: list[Tensor]) -> Tensor:
    """The state by torch's own GRU cell."""
    return torch.gru_cell(*arguments)


def numbers_in(module: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(parameter.numel() for parameter in module.parameters())
