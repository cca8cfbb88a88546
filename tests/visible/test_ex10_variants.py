"""Exercise 10, the tests that students have: gates forced open or shut, and what layers cost."""

import math

import pytest
import torch
from torch import Tensor

from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.checks import close, differ, equal, holds, pair, raises, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import gradients

OPEN, SHUT = 40.0, -40.0  # a bias that forces a gate: its sigmoid is 1 or 0 but for 1e-12
QUARTER = math.log(3.0)  # sigmoid(ln 3) is 3/4, and sigmoid(-ln 3) is 1/4
KINDS = ("rnn", "lstm", "gru")
WEIGHTS = ("W_ih", "W_hh", "b_ih", "b_hh")


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_forget_gate_keeps_or_empties_the_cell(student: Student, case: Case) -> None:
    """With the input gate shut, an open forget gate keeps the cell and a shut one empties it."""
    x_t, h_prev, c_prev, W_ih, W_hh, _, b_hh = lstm_arguments(case)
    c_prev = c_prev + 0.005  # draws have two decimals: never zero
    keeps = gate_biases(case, SHUT, OPEN, 0.0, 0.0)
    empties = gate_biases(case, SHUT, SHUT, 0.0, 0.0)
    _, kept = pair(student.lstm_step(x_t, h_prev, c_prev, W_ih, W_hh, keeps, b_hh))
    h, empty = pair(student.lstm_step(x_t, h_prev, c_prev, W_ih, W_hh, empties, b_hh))
    close(kept, c_prev, "the cell with its forget gate open")
    close(empty, torch.zeros_like(c_prev), "the cell with its forget gate shut")
    close(h, torch.zeros_like(c_prev), "the state that an empty cell shows")


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_input_gate_writes_the_news(student: Student, case: Case) -> None:
    """With i open, f shut, x_t and h_prev at 0, c is tanh of the sum of g's two biases."""
    x_t, h_prev, c_prev, W_ih, W_hh, _, b_hh = lstm_arguments(case)
    news = case.normal(case.H)
    b_ih = gate_biases(case, OPEN, SHUT, news, 0.0)
    nothing = torch.zeros_like(x_t), torch.zeros_like(h_prev)
    _, c = pair(student.lstm_step(*nothing, c_prev, W_ih, W_hh, b_ih, b_hh))
    both = news + b_hh[2 * case.H : 3 * case.H]
    close(c, torch.tanh(both).expand(case.B, case.H), "the cell where nothing old is kept")


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_output_gate_hides_or_shows_the_cell(student: Student, case: Case) -> None:
    """A shut output gate makes the state 0, an open one tanh of the new cell; c is the same."""
    x_t, h_prev, c_prev, W_ih, W_hh, _, b_hh = lstm_arguments(case)
    shut, open_ = (gate_biases(case, 0.0, 2.0, 1.0, bias) for bias in (SHUT, OPEN))
    hidden, c = pair(student.lstm_step(x_t, h_prev, c_prev, W_ih, W_hh, shut, b_hh))
    shown, same_c = pair(student.lstm_step(x_t, h_prev, c_prev, W_ih, W_hh, open_, b_hh))
    differ(same_c, torch.zeros_like(c_prev), "the cell and zero")
    same = "the cell with its output gate shut (expected: as with an open one)"
    close(c, tensor(same_c, c_prev.shape), same)
    close(hidden, torch.zeros_like(c_prev), "the state with its output gate shut")
    close(shown, torch.tanh(same_c), "the state with its output gate open")


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_gates_partly_open(student: Student, case: Case) -> None:
    """With sums of ln 3 for f and of -ln 3 for i and o, f lets 3/4 through, i and o 1/4 each."""
    x_t, h_prev, c_prev, W_ih, W_hh, _, b_hh = lstm_arguments(case)
    c_prev = c_prev + 0.005  # draws have two decimals: never zero
    news = case.normal(case.H)
    b_ih = gate_biases(case, -QUARTER, QUARTER, news, -QUARTER)
    h, c = pair(student.lstm_step(x_t, h_prev, c_prev, W_ih * 0, W_hh * 0, b_ih, b_hh * 0))
    expected = 0.75 * c_prev + 0.25 * torch.tanh(news)
    close(c, expected, "the cell")
    close(h, 0.25 * torch.tanh(expected), "the state")


@pytest.mark.part("lstm_step")
@cases("B", "I", "H")
def test_biases_of_the_lstm_add_up(student: Student, case: Case) -> None:
    """Moving numbers from b_ih to b_hh changes nothing; adding some to both changes the cell."""
    *front, b_ih, b_hh = lstm_arguments(case)
    moved = case.normal(4 * case.H) + 0.505
    h, c = pair(student.lstm_step(*front, b_ih, b_hh))
    same_h, same_c = pair(student.lstm_step(*front, b_ih + moved, b_hh - moved))
    _, other_c = pair(student.lstm_step(*front, b_ih + 1.0, b_hh + 1.0))
    differ(
        tensor(c, front[2].shape),
        tensor(other_c, front[2].shape),
        "the cells with the old biases and the new",
    )
    close(same_h, tensor(h, front[2].shape), "the state (expected: as before the move)")
    close(same_c, c, "the cell (expected: as before the move)")


@pytest.mark.part("lstm_step")
@cases("B", "H")
def test_input_and_state_are_heard_alike(student: Student, case: Case) -> None:
    """If I is H, x_t and h_prev may be swapped, together with their weights and biases."""
    x_t, h_prev, c_prev = (case.normal(case.B, case.H) for _ in range(3))
    W_ih, W_hh = (case.normal(4 * case.H, case.H, scale=0.5) for _ in range(2))
    b_ih, b_hh = (case.normal(4 * case.H) for _ in range(2))
    h, c = pair(student.lstm_step(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh))
    same_h, same_c = pair(student.lstm_step(h_prev, x_t, c_prev, W_hh, W_ih, b_hh, b_ih))
    differ(tensor(c, c_prev.shape), torch.zeros_like(c_prev), "the cell and zero")
    close(same_h, tensor(h, c_prev.shape), "the state after the swap (expected: as before it)")
    close(same_c, c, "the cell after the swap (expected: as before it)")


@pytest.mark.part("lstm_step")
def test_seven_arguments_stay_and_learn(student: Student) -> None:
    """The arguments stay unchanged, and a loss on h sends a gradient to each of them."""
    arguments = lstm_arguments(Case.fixed(seed=5, B=2, I=3, H=4))
    h, _ = pair(student.lstm_step(*arguments))
    unchanged(student)
    h, _ = pair(student.lstm_step(*(value.requires_grad_() for value in arguments)))
    reaches_all(h, arguments, ("x_t", "h_prev", "c_prev", *WEIGHTS))


@pytest.mark.part("gru_step")
@cases("B", "I", "H")
def test_update_gate_keeps_the_state(student: Student, case: Case) -> None:
    """With z at 1, the state stays as it was; with z at 0, it lies between -1 and 1."""
    x_t, h_prev, W_ih, W_hh, _, b_hh = gru_arguments(case)
    h_prev = 3.0 + h_prev.abs()  # beyond what tanh can give
    keeps, drops = (gate_biases(case, 0.0, bias, 0.0) for bias in (OPEN, SHUT))
    kept = student.gru_step(x_t, h_prev, W_ih, W_hh, keeps, b_hh)
    close(kept, h_prev, "the state with z at 1")
    new = tensor(student.gru_step(x_t, h_prev, W_ih, W_hh, drops, b_hh), h_prev.shape)
    holds(bool((new.abs() <= 1.0001).all()), "with z shut, the state leaves the range of tanh")


@pytest.mark.part("gru_step")
@cases("B", "I", "H")
def test_reset_gate_weighs_a_bias(student: Student, case: Case) -> None:
    """With z, x_t and h_prev at 0, r says how much of n's b_hh counts: none, 3/4 of it, or all."""
    x_t, h_prev, W_ih, W_hh, _, b_hh = gru_arguments(case)
    nothing = torch.zeros_like(x_t), torch.zeros_like(h_prev)
    b_hh[: case.H] = 0.0  # r has one bias, that of b_ih
    news, old = case.normal(case.H), b_hh[2 * case.H :]
    part = news + 0.75 * old
    for name, bias, reaches in (("0", SHUT, news), ("1", OPEN, news + old), ("3/4", QUARTER, part)):
        got = student.gru_step(*nothing, W_ih, W_hh, gate_biases(case, bias, SHUT, news), b_hh)
        close(got, torch.tanh(reaches).expand(case.B, case.H), f"the state with r at {name}")


@pytest.mark.part("gru_step")
@cases("B", "I", "H")
def test_update_gate_partly_open(student: Student, case: Case) -> None:
    """With z at 3/4 (its sum is ln 3), the state keeps 3/4 and takes 1/4 of what z at 0 gives."""
    x_t, h_prev, W_ih, W_hh, b_ih, b_hh = gru_arguments(case)
    for rows in (W_ih, W_hh, b_ih, b_hh):
        rows[case.H : 2 * case.H] = 0.0  # nothing but a bias speaks for z or against it
    shut, partly = (b_ih + gate_biases(case, 0.0, bias, 0.0) for bias in (SHUT, QUARTER))
    new = tensor(student.gru_step(x_t, h_prev, W_ih, W_hh, shut, b_hh), h_prev.shape)
    got = student.gru_step(x_t, h_prev, W_ih, W_hh, partly, b_hh)
    differ(got, h_prev, "the state with z at 3/4 and the old one")
    close(got, h_prev + (new - h_prev) / 4, "the state with z at 3/4")


@pytest.mark.part("gru_step")
@cases("B", "I", "H", ones=False)
def test_reset_gate_of_one_unit(student: Student, case: Case) -> None:
    """With z at 0, a unit whose r is 0 doesn't see the old state, even if its neighbour's is 1."""
    _, h_prev, W_ih, W_hh, _, b_hh = gru_arguments(case)
    x_t, reset = case.zeros(case.B, case.I), torch.full((case.H,), SHUT, dtype=case.dtype)
    reset[0] = OPEN
    W_hh[2 * case.H :] = 0.15 + 0.05 * W_hh[2 * case.H :]  # every unit would hear every other
    b_ih = gate_biases(case, reset, SHUT, 0.0)
    one = tensor(student.gru_step(x_t, h_prev, W_ih, W_hh, b_ih, b_hh), h_prev.shape)
    other = tensor(student.gru_step(x_t, h_prev + 1.0, W_ih, W_hh, b_ih, b_hh), h_prev.shape)
    differ_not = "the units whose r is 0, after one state (expected: as after another)"
    close(one[:, 1:], other[:, 1:], differ_not)
    differ(one[:, 0], other[:, 0], "the unit whose r is 1, after two different states")


@pytest.mark.part("gru_step")
@cases("B", "I", "H", ones=False)
def test_gates_hear_the_state(student: Student, case: Case) -> None:
    """What W_hh makes of h_prev counts for r and z, and acts as if added to their biases."""
    x_t, _, W_ih, W_hh, b_ih, b_hh = gru_arguments(case)
    h_prev, gates = case.normal(1, case.H) + 0.505, slice(0, 2 * case.H)
    deaf, said = W_hh.clone(), b_hh.clone()
    deaf[gates] = 0.0
    said[gates] += W_hh[gates] @ h_prev[0]
    h_prev = h_prev.repeat(case.B, 1)
    got = tensor(student.gru_step(x_t, h_prev, W_ih, W_hh, b_ih, b_hh), h_prev.shape)
    unheard = student.gru_step(x_t, h_prev, W_ih, deaf, b_ih, b_hh)
    differ(got, unheard, "the states with W_hh's rows for r and z, and with zeros there")
    by_biases = student.gru_step(x_t, h_prev, W_ih, deaf, b_ih, said)
    close(by_biases, got, "the state with biases instead (expected: as with W_hh and h_prev)")


@pytest.mark.part("gru_step")
def test_six_arguments_stay_and_learn(student: Student) -> None:
    """The arguments stay unchanged, and a loss on the state sends a gradient to each of them."""
    arguments = gru_arguments(Case.fixed(seed=6, B=2, I=3, H=4))
    student.gru_step(*arguments)
    unchanged(student)
    got = student.gru_step(*(value.requires_grad_() for value in arguments))
    reaches_all(got, arguments, ("x_t", "h_prev", *WEIGHTS))


@pytest.mark.part("parameter_count")
def test_counts_of_tiny_models(student: Student) -> None:
    """One unit on one feature learns two weights and two biases for each block of its kind."""
    for kind, count in (("rnn", 4), ("lstm", 16), ("gru", 12)):
        equal(student.parameter_count(kind, 1, 1), count, f"the count of the smallest {kind}")
    equal(student.parameter_count("rnn", 3, 5), 50, "the count of an rnn of 5 units on 3 features")


@pytest.mark.part("parameter_count")
@cases("I", "H", L=(2, 4))
def test_further_layers_read_the_layer_below(student: Student, case: Case) -> None:
    """A further layer costs as much as one layer that reads all directions of the one below."""
    for kind in KINDS:
        for directions, both in ((1, False), (2, True)):
            H, L, below = case.H, case.L, directions * case.H
            fewer = whole(student.parameter_count(kind, case.I, H, L - 1, both))
            alone = whole(student.parameter_count(kind, below, H, 1, both))
            more = whole(student.parameter_count(kind, case.I, H, L, both))
            seen = f"{L} layers have {more}, {L - 1} {'has' if L == 2 else 'have'} {fewer}; "
            seen += f"a layer that reads {below} numbers has {alone}"
            wrong = f"the last layer of this {kind} doesn't cost what the same layer costs alone"
            holds(more == fewer + alone, wrong, seen)


@pytest.mark.part("parameter_count")
@cases("I", "H")
def test_second_direction_doubles_a_layer(student: Student, case: Case) -> None:
    """In a model of one layer, the second direction has as many parameters as the first."""
    for kind in KINDS:
        one = whole(student.parameter_count(kind, case.I, case.H))
        two = whole(student.parameter_count(kind, case.I, case.H, bidirectional=True))
        equal(two, 2 * one, "the count with two directions (expected: twice that with one)")


@pytest.mark.part("parameter_count")
def test_unknown_kind_is_refused(student: Student) -> None:
    """A kind that isn't one of the three raises ValueError; the three don't."""
    raises(ValueError, student.parameter_count, "transformer", 3, 5)
    equal(student.parameter_count("gru", 3, 5), 150, "the count of a gru of 5 units on 3 features")


def lstm_arguments(case: Case) -> list[Tensor]:
    """x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh with tame random values."""
    rows = 4 * case.H
    front = [case.normal(case.B, case.I), case.normal(case.B, case.H), case.normal(case.B, case.H)]
    return [*front, *weights_of(case, rows)]


def gru_arguments(case: Case) -> list[Tensor]:
    """x_t, h_prev, W_ih, W_hh, b_ih, b_hh with tame random values."""
    front = [case.normal(case.B, case.I), case.normal(case.B, case.H)]
    return [*front, *weights_of(case, 3 * case.H)]


def weights_of(case: Case, rows: int) -> list[Tensor]:
    """W_ih, W_hh, b_ih, b_hh for that many stacked rows."""
    matrices = case.normal(rows, case.I, scale=0.5), case.normal(rows, case.H, scale=0.5)
    return [*matrices, case.normal(rows, scale=0.5), case.normal(rows, scale=0.5)]


def gate_biases(case: Case, *blocks: float | Tensor) -> Tensor:
    """One bias for each stacked block, a number standing for H equal ones."""
    zeros = case.zeros(case.H)
    return torch.cat([zeros + block for block in blocks])


def reaches_all(result: object, arguments: list[Tensor], names: tuple[str, ...]) -> None:
    """A gradient of the result reaches each argument, and every row of what has rows for gates."""
    answer = tensor(result)
    holds(answer.requires_grad, "the result carries no gradient")
    for name, gradient in zip(names, gradients(answer, arguments), strict=True):
        holds(gradient is not None, f"no gradient reaches {name}")
        rows = gradient.reshape(len(gradient), -1)
        holds(bool(rows.any(dim=1).all()), f"no gradient reaches some rows of {name}")


def whole(got: object) -> int:
    """The count as an int above 0, or a failed test."""
    holds(type(got) is int and got > 0, "a count is not a positive int")
    return int(str(got))
