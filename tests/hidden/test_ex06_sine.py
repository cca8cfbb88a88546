"""Exercise 6, the instructor's tests: exact waves, a twin network, Adam step by step, forecasts."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import (
    array,
    close,
    differ,
    equal,
    holds,
    items,
    pair,
    python_float,
    tensor,
    unchanged,
    varied,
)
from grading.testing.draws import cases
from grading.testing.gradients import gradients, same_gradients


@pytest.mark.part("generate_sin_data", weight=2)
@cases("N", T=(1, 12))
def test_points_span_exactly_two_periods(student: Student, case: Case) -> None:
    """Every value is the sine of the row's start plus a share of 4π; y is the row's first value."""
    X, y = sine_data(student, case.T, case.N, case.seed)
    holds(np.abs(y - X[:, 0, 0]).max() < 5e-5, "y is not the value that its window begins with")
    holds(bool(np.abs(X).max() <= 1.0), "a value lies outside the range of a sine")
    if case.T in (2, 4):
        points = X[:, :1, 0] * np.resize([1.0, 1.0 if case.T == 2 else -1.0], case.T)
    else:
        points = np.sin(phases(X, case.T)[:, None] + 4 * math.pi / case.T * np.arange(case.T))
    holds(np.abs(X[:, :, 0] - points).max() < 5e-5, "the points are not evenly spaced")
    far, _ = sized(student.generate_sin_data(seq_len=3, n_samples=40, rng=None), 3, 40)
    holds(np.abs(far).max() > 0.3, "the waves are flat")


@pytest.mark.part("generate_sin_data")
def test_starts_are_uniform(student: Student) -> None:
    """Over many samples the starts spread evenly over the period, and hardly any two are alike."""
    X, _ = sine_data(student, 3, 6000, 11)
    starts = np.sort(phases(X, 3) % (2 * math.pi)) / (2 * math.pi)
    gap = np.abs(starts - (np.arange(6000) + 0.5) / 6000).max()
    holds(gap < 0.036, "the starts are not spread evenly over the period")
    holds(gap > 0.001, "the starts are spread more evenly than chance would spread them")
    distinct = len(set(np.round(starts, 5).tolist()))  # np.unique takes long at its first call
    holds(distinct > 5000, "many samples share one start")
    folded = np.abs(4 * starts % 1 - 0.5)  # a start, its mirror images, and those of other quarters
    distinct = len(set(np.round(folded, 5).tolist()))
    holds(distinct > 5000, "many starts follow from other ones")


@pytest.mark.part("generate_sin_data")
@cases("N", T=(1, 9), ones=False)
def test_generator_moves_on(student: Student, case: Case) -> None:
    """A generator is used, not restarted: its second data differ, and its state decides both."""
    draws = []
    for _ in range(2):
        rng = student.make("numpy.random.default_rng", case.seed)
        for _ in range(2):
            X, _ = sized(student.generate_sin_data(case.T, case.N, rng), case.T, case.N)
            draws.append(torch.tensor(X[:, 0, 0]))
    differ(draws[0], draws[1], "two draws from one generator")
    holds(bool((draws[0] == draws[2]).all()), "the same state gave different data")
    holds(bool((draws[1] == draws[3]).all()), "the same state gave different data")


@pytest.mark.part("generate_sin_data")
def test_single_samples_are_fresh(student: Student) -> None:
    """Without a generator every call draws afresh, a single sample too; T is 50 by default."""
    seen = []
    for _ in range(6):
        X, y = sized(student.generate_sin_data(n_samples=1), 50, 1)
        holds(
            abs(float(y[0]) - float(X[0, 0, 0])) < 5e-5,
            "y is not the value that its window begins with",
        )
        seen.append(X[0, :2, 0].tolist())
    starts = torch.tensor(seen)
    holds(len({round(a, 4) + 10 * round(b, 4) for a, b in seen}) > 3, "fresh data are not fresh")
    differ(starts[1:], starts[:-1], "two draws")


@pytest.mark.part("SinPredictor", weight=2)
@cases("B", "T", "H", equal=True, single="H", examples=1)
def test_prediction_reads_the_last_state(student: Student, case: Case) -> None:
    """The predictions, and their gradients with respect to x, are those of a tanh RNN and fc."""
    model, state = predictor(student.SinPredictor(case.H), case)
    x = case.normal(case.B, case.T, 1).requires_grad_()
    expected = plain(state, x)
    got = model(x)
    close(got, expected, "the predictions")
    upstream = case.normal(case.B) + 0.1
    same_gradients(got, expected, {"x": x}, upstream)
    close(model(x), expected, "the predictions of a second call")


@pytest.mark.part("SinPredictor")
@cases("B", "T", "H", ones=False)
def test_all_parameters_learn(student: Student, case: Case) -> None:
    """A loss on predictions reaches all of rnn and fc, and nothing else, in evaluation mode too."""
    model, state = predictor(student.SinPredictor(hidden_size=case.H), case)
    state["fc.bias"] += 3.0
    model.load(state)
    model.eval()
    leaves = {name: value.clone().requires_grad_() for name, value in state.items()}
    x, upstream = case.normal(case.B, case.T, 1), case.normal(case.B) + 0.1
    model(x)
    got, expected = model(x), plain(leaves, x)
    close(got, expected, "the predictions of a second call in evaluation mode")
    holds(got.requires_grad, "the predictions carry no gradient")
    (got * upstream).sum().backward()
    wanted = gradients(expected, list(leaves.values()), upstream)
    seen = model.gradients()
    for name, gradient in zip(leaves, wanted, strict=True):
        close(seen.get(name), gradient, f"the gradient of {name}")
    others = model.learned_beside("rnn", "fc")
    holds(not others, "something besides rnn and fc is learned")


@pytest.mark.part("SinPredictor")
def test_thirty_two_by_default(student: Student) -> None:
    """SinPredictor() has a state of 32 numbers, and reads each window as if it were alone."""
    case = Case.fixed(seed=2, dtype=torch.float32, H=32)
    model, state = predictor(student.SinPredictor(), case)
    x = case.normal(40, 6, 1)
    close(model(x), plain(state, x), "the predictions")


@pytest.mark.part("SinPredictor")
def test_long_windows_are_read_whole(student: Student) -> None:
    """In a long window the first value still counts, and gets gradient, if states only copy."""
    case = Case.fixed(seed=14, H=4)
    model, state = predictor(student.SinPredictor(4), case)
    state |= {"rnn.weight_hh_l0": torch.eye(4).double(), "fc.weight": case.normal(1, 4, scale=50.0)}
    state |= {name: 1e-3 * value for name, value in state.items() if "bias" in name or "ih" in name}
    model.load(state)
    x = case.normal(3, 70, 1).requires_grad_()
    got, expected = model(x), plain(state, x)
    close(got, expected, "the predictions")
    same_gradients(got, expected, {"x": x})


@pytest.mark.part("train_sin_predictor", weight=2)
def test_steps_are_those_of_clipped_adam(student: Student) -> None:
    """If all samples are alike, weights and losses follow Adam with clipped gradients."""
    # with lr=0.6 the model comes near y soon, where some gradients are clipped and others aren't
    for batch, lr, max_norm in ((1, 0.6, 2.0), (4, 0.6, 5.0), (4, 0.5, 1e-10)):
        model, x, y = alike(student, 4.0)
        X, Y = x.expand(5, 3, 1), torch.full((5,), y)
        settings = {"epochs": 3, "lr": lr, "batch_size": batch, "max_norm": max_norm}
        losses = student.train_sin_predictor(model, X, Y, **settings)
        compare_with_adam(model, losses, 5, x, y, **settings)


@pytest.mark.part("train_sin_predictor")
def test_clipping_holds_every_parameter_back(student: Student) -> None:
    """With a tiny max_norm, no parameter of a recurrent model moves far, and the loss stays put."""
    case = Case.fixed(seed=17, dtype=torch.float32, H=3)
    model, twin = recurrent(student, case)
    before = twin.state_dict()
    X, y = case.normal(6, 4, 1), 3 + case.normal(6)
    error = (plain(before, X) - y).square().mean()
    settings = {"epochs": 2, "lr": 0.01, "batch_size": 3, "max_norm": 1e-10}
    for loss in items(student.train_sin_predictor(model, X, y, **settings), 2, "the losses"):
        holds(
            abs(python_float(loss, "a loss") - error) < 0.01 * error,
            "a loss is not the model's error",
        )
    moved = torch.stack([(now - before[name]).abs().max() for name, now in model.state().items()])
    holds(bool((moved > 0).any()), "no parameter has moved")
    holds(bool((moved < 1e-3).all()), "a parameter has moved as far as if nothing were clipped")


@pytest.mark.part("train_sin_predictor")
def test_defaults_are_as_given(student: Student) -> None:
    """By default: 20 epochs, lr 0.01, batches of 64 and max_norm 1, as the signature says."""
    model, x, y = alike(student, 0.8, small=True)
    X, Y = x.expand(70, 3, 1).numpy(), np.full(70, y)
    losses = student.train_sin_predictor(model, X, Y)
    settings = {"epochs": 20, "lr": 0.01, "batch_size": 64, "max_norm": 1.0}
    compare_with_adam(model, losses, 70, x, y, **settings)


@pytest.mark.part("train_sin_predictor")
def test_each_epoch_has_its_own_order(student: Student) -> None:
    """The second epoch's batches are not those of the first, nor neighbours in the data."""
    N, batch, lr = 15, 3, 0.01
    model = flat_chain(student, fc=student.make("torch.nn.Linear", N, 1, bias=False))
    model.load({"fc.weight": torch.zeros(1, N)})
    X, y = torch.eye(N)[:, :, None], torch.ones(N)
    student.train_sin_predictor(model, X, y, epochs=2, lr=lr, batch_size=batch)
    moved = model.state()["fc.weight"][0]
    holds(bool((moved > 0.003).all()), "a weight did not move towards its sample's y")
    neighbours = moved.reshape(-1, batch)
    holds(not bool((neighbours == neighbours[:, :1]).all()), "neighbours share their batches")
    same = visited_in_turn(N // batch, epochs=2, lr=lr).repeat_interleave(batch).sort().values
    off = (moved.sort().values - same).abs().max()
    holds(bool(off > 1e-4), "every epoch has the same batches in the same order")


@pytest.mark.part("train_sin_predictor")
@cases("T", N=(7, 9), batch=(2, 5), double=(0, 1), ones=False)
def test_data_of_any_kind_stay_as_they_are(student: Student, case: Case) -> None:
    """Arrays or tensors, float32 or float64: the work is in float32, and the data don't change."""
    dtype = torch.float64 if case.double else torch.float32
    X, y = case.normal(case.N, case.T, 1).to(dtype), 3 * case.normal(case.N).to(dtype)
    y[0] = 9.0
    for given in ((X, y), (X.numpy(), y.numpy())):
        model, state = linear(student, Case.fixed(case.seed, T=case.T))
        error = (X[:, :, 0].float() @ state["fc.weight"][0] + state["fc.bias"] - y.float()).square()
        settings = {"epochs": 2, "lr": 0.0, "batch_size": case.batch}
        losses = student.train_sin_predictor(model, *given, **settings)
        holds(student.builds_graphs(), "after training, nothing at all builds a graph any more")
        for now, sent in zip(student.arguments()[1:3], (X, y), strict=True):
            close(torch.as_tensor(now), sent, "the data after the call")
        for loss in items(losses, 2, "the list of losses"):
            close(torch.tensor(python_float(loss, "a loss")), error.mean(), "a loss")
        close(model.state()["fc.weight"], state["fc.weight"], "a weight after training with lr=0")


@pytest.mark.part("train_sin_predictor")
def test_batches_are_as_large_as_asked(student: Student) -> None:
    """Batches have batch_size samples, and the last one those that are left over."""
    model, _, _ = alike(student, 1.0)
    model.load({"fc.weight": torch.zeros(1, 3), "fc.bias": torch.zeros(1)})
    X, y = torch.zeros(4, 3, 1), torch.ones(4)
    losses = student.train_sin_predictor(model, X, y, epochs=1, lr=0.25, batch_size=3)
    (loss,) = (python_float(loss, "a loss") for loss in items(losses, 1, "the list of losses"))
    still, moved, twice = 1.0, (1 - 0.25) ** 2, (1 - 0.5) ** 2  # errors before each of the steps
    expected = ((3 * still + moved) / 4, twice)
    holds(min(abs(loss - e) for e in expected) < 0.01, "the batches are not of the size asked for")


@pytest.mark.part("forecast", weight=2)
@cases("T", steps=(1, 12))
def test_window_rolls_forward(student: Student, case: Case) -> None:
    """Each value is the model's answer to the last T values, known or predicted."""
    model, state = linear(student, case)
    window = case.normal(case.T, 1).float()
    known = window[:, 0].double().tolist()
    weight, bias = state["fc.weight"][0].double().tolist(), float(state["fc.bias"])
    for _ in range(case.steps):
        pairs = zip(weight, known[-case.T :], strict=True)
        known.append(bias + sum(w * value for w, value in pairs))
    got = student.forecast(model, window, case.steps)
    close(got, torch.tensor(known[case.T :]), "the forecast")
    close(student.arguments()[1], window, "the window after the call")


@pytest.mark.part("forecast")
@cases("T", "H", steps=(1, 8), ones=False)
def test_recurrent_models_forecast_too(student: Student, case: Case) -> None:
    """A recurrent model in training mode, passed by keyword, is followed step by step."""
    model, twin = recurrent(student, case)
    known = case.normal(case.T).float()
    window = known[:, None].clone()
    for _ in range(case.steps):
        value = plain(twin.state_dict(), known[None, -case.T :, None])
        known = torch.cat([known, value])
    got = student.forecast(model=model, window=window, steps=case.steps)
    close(got, known[case.T :].detach(), "the forecast")


@pytest.mark.part("forecast")
@cases("T", steps=(2, 6), ones=False)
def test_gradients_are_off(student: Student, case: Case) -> None:
    """The model always runs without gradients; those it holds stay, as do its frozen parameters."""
    spy = student.make("Spy")
    model, state = linear(student, case, spy=spy)
    window = case.normal(case.T, 1).float()
    got = tensor(student.forecast(model, window, case.steps), (case.steps,), torch.float32)
    first = state["fc.weight"][0] @ window[:, 0] + state["fc.bias"]
    close(got[:1], first, "the first prediction")
    holds(not got.requires_grad, "the forecast carries a graph")
    seen = spy.seen()
    holds(len(seen) >= case.steps, "the model was called too few times")
    holds(not any(carries for _, _, carries in seen), "the model ran with gradients on")
    holds(all(g is None for g in model.gradients().values()), "a parameter got a gradient")
    holds(all(model.trainable().values()), "the model can't learn any more after the forecast")
    held = {name: torch.ones_like(value) for name, value in state.items()}
    model.set_gradients(held)
    model.freeze("fc.bias")
    student.forecast(model, window, case.steps)
    holds(student.builds_graphs(), "after the forecast, nothing at all builds a graph any more")
    for name, gradient in model.gradients().items():
        holds(gradient is not None, "a gradient from before the forecast is gone")
        close(gradient, held[name], "a gradient from before the forecast")
    learns = {"fc.weight": True, "fc.bias": False}
    equal(model.trainable(), learns, "which parameters require grad after the forecast")


@pytest.mark.part("forecast")
def test_forecasts_go_as_far_as_the_model(student: Student) -> None:
    """Predictions may grow very large over many steps, and follow the model's current weights."""
    model, _ = linear(student, Case.fixed(seed=18, T=2))
    window = torch.tensor([[3.0], [5.0]])
    for change in (64.0, -32.0):  # whole numbers: exact in float32
        rule = {"fc.weight": torch.tensor([[0.0, 1.0]]), "fc.bias": torch.tensor([change])}
        model.load(rule)
        close(student.forecast(model, window, 120), 5 + change * torch.arange(1, 121))


@pytest.mark.part("forecast")
def test_long_windows_keep_their_length(student: Student) -> None:
    """The model gets a long window whole, at the first step and at every later one."""
    case = Case.fixed(seed=15, dtype=torch.float32, T=70)
    model, state = linear(student, case)
    known = case.normal(70)
    window = known[:, None].clone()
    for _ in range(3):
        known = torch.cat([known, state["fc.weight"] @ known[-70:] + state["fc.bias"]])
    close(student.forecast(model, window, 3), known[70:], "the forecast")


@pytest.mark.part("SinPredictor")
def test_predictions_of_any_size(student: Student) -> None:
    """Nothing limits the size of the predictions."""
    case = Case.fixed(seed=16, H=5)
    model, state = predictor(student.SinPredictor(5), case)
    state["fc.weight"] = 1e5 * state["fc.weight"]
    model.load(state)
    x = case.normal(6, 4, 1)
    close(model(x), plain(state, x), "the predictions")


@pytest.mark.part("train_sin_predictor")
def test_rising_errors_are_told(student: Student) -> None:
    """If Adam overshoots, the losses rise, and the model keeps its last weights."""
    model, x, y = alike(student, 0.05, small=True)
    X, Y = x.expand(6, 3, 1), torch.full((6,), y)
    settings = {"epochs": 8, "lr": 0.1, "batch_size": 6, "max_norm": 2.0}
    losses = student.train_sin_predictor(model, X, Y, **settings)
    compare_with_adam(model, losses, 6, x, y, **settings)


@pytest.mark.part("train_sin_predictor")
def test_no_runs_of_neighbours(student: Student) -> None:
    """Batches are not runs of neighbouring samples, wherever the first run may begin."""
    N, batch = 15, 3
    model = flat_chain(student, fc=student.make("torch.nn.Linear", N, 1, bias=False))
    model.load({"fc.weight": torch.zeros(1, N)})
    X, y = torch.eye(N)[:, :, None], torch.ones(N)
    student.train_sin_predictor(model, X, y, epochs=1, lr=0.01, batch_size=batch)
    moved = model.state()["fc.weight"][0]
    changes = int(((moved.roll(1) - moved).abs() > 1e-5).sum())
    holds(changes > N // batch, "every batch is a run of neighbours")


@pytest.mark.part("SinPredictor")
def test_fresh_model_reads_float32(student: Student) -> None:
    """A fresh network reads float32 and answers in float32; the windows don't change."""
    case = Case.fixed(seed=3, dtype=torch.float32)
    model = student.SinPredictor(5)
    holds(isinstance(model, RemoteObject), "SinPredictor(hidden_size) gave no module")
    predictions = tensor(model(case.normal(4, 9, 1)), (4,), torch.float32, "the predictions")
    unchanged(student)
    varied(predictions, "the predictions")


@pytest.mark.part("train_sin_predictor")
def test_every_epoch_runs(student: Student) -> None:
    """However small the error is and however little it moves, there is an entry per epoch."""
    case = Case.fixed(seed=12, dtype=torch.float32, T=3)
    model, state = linear(student, case)
    X = case.normal(5, 3, 1)
    y = X[:, :, 0] @ state["fc.weight"][0] + state["fc.bias"] + 1e-3
    losses = student.train_sin_predictor(model, X, y, epochs=15, lr=0.0, batch_size=5)
    for loss in items(losses, 15, "the list of losses"):
        holds(abs(python_float(loss, "a loss") - 1e-6) < 2e-8, "a loss is not the model's error")


# --- helpers ---------------------------------------------------------------------------------


def sine_data(student: Student, T: int, N: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows and targets from a generator with this seed, checked for shape and dtype."""
    rng = student.make("numpy.random.default_rng", seed)
    return sized(student.generate_sin_data(T, N, rng), T, N)


def sized(got: Any, T: int, N: int) -> tuple[np.ndarray, np.ndarray]:
    """X and y of these sizes, in float32."""
    X, y = pair(got)
    return array(X, (N, T, 1), np.float32, "X"), array(y, (N,), np.float32, "y")


def phases(X: np.ndarray, T: int) -> np.ndarray:
    """Each row's start, from its first two values."""
    if T == 1:
        return np.arcsin(X[:, 0, 0].astype(float))
    d = 4 * math.pi / T
    first, second = X[:, 0, 0].astype(float), X[:, 1, 0].astype(float)
    return np.arctan2(first, (second - first * math.cos(d)) / math.sin(d))


def predictor(model: Any, case: Case) -> tuple[RemoteObject, dict[str, Tensor]]:
    """The student's module in the case's dtype, and the random numbers now in its rnn and fc."""
    holds(isinstance(model, RemoteObject), "SinPredictor(hidden_size) gave no module")
    H, names = case.H, model.state()
    state = {"fc.weight": case.normal(1, H, scale=0.5), "fc.bias": case.normal(1, scale=0.5)}
    holds(not any(name.endswith("_reverse") for name in names), "rnn reads in both directions")
    for layer in range(max(1, sum(name.startswith("rnn.weight_ih") for name in names))):
        state[f"rnn.weight_ih_l{layer}"] = case.normal(H, 1 if layer == 0 else H, scale=0.5)
        state[f"rnn.weight_hh_l{layer}"] = case.recurrent(H)
        state[f"rnn.bias_ih_l{layer}"] = case.normal(H, scale=0.5)
        state[f"rnn.bias_hh_l{layer}"] = case.normal(H, scale=0.5)
    for name in state:
        holds(name in names, "a parameter of rnn or fc is missing", name)
    model.load(state)
    return model, state


def plain(state: dict[str, Tensor], x: Tensor) -> Tensor:
    """(B,): the last state of a tanh RNN through fc, step by step."""
    values = x.transpose(0, 1)
    for layer in range(sum(name.startswith("rnn.weight_ih") for name in state)):
        W_xh, W_hh = state[f"rnn.weight_ih_l{layer}"], state[f"rnn.weight_hh_l{layer}"]
        bias = state[f"rnn.bias_ih_l{layer}"] + state[f"rnn.bias_hh_l{layer}"]
        h, outputs = x.new_zeros(x.shape[0], len(bias)), []
        for x_t in values:
            h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + bias)
            outputs.append(h)
        values = torch.stack(outputs)
    return (values[-1] @ state["fc.weight"].T + state["fc.bias"])[:, 0]


def flat_chain(student: Student, **modules: Any) -> RemoteObject:
    """A model (B, T, 1) → (B,) from modules that take (B, T)."""
    front = student.make("torch.nn.Flatten")
    return student.make("Chain", front=front, **modules, end=student.make("torch.nn.Flatten", 0))


def linear(student: Student, case: Case, **modules: Any) -> tuple[RemoteObject, dict[str, Tensor]]:
    """A linear model with random weights, other modules behind it, and these weights."""
    model = flat_chain(student, fc=student.make("torch.nn.Linear", case.T, 1), **modules)
    weight, bias = case.normal(1, case.T, scale=0.6 / case.T**0.5), case.normal(1, scale=0.5) + 1
    state = {"fc.weight": weight.float(), "fc.bias": bias.float()}
    model.load(state)
    return model, state


def recurrent(student: Student, case: Case) -> tuple[RemoteObject, nn.ModuleDict]:
    """A float32 model of an nn.RNN and an nn.Linear, and its twin on this side."""
    twin = nn.ModuleDict({"rnn": nn.RNN(1, case.H, batch_first=True), "fc": nn.Linear(case.H, 1)})
    case.load_random(twin).float()
    model = student.make(
        "Chain",
        rnn=student.make("torch.nn.RNN", 1, case.H, batch_first=True),
        pick=student.make("Pick", 1, -1),
        fc=student.make("torch.nn.Linear", case.H, 1),
        end=student.make("torch.nn.Flatten", 0),
    )
    model.load(twin.state_dict())
    return model, twin


START = (0.2, -0.1, 0.3, 0.0)
"""Weights and bias from which a linear model of three inputs starts."""


def alike(student: Student, y: float, small: bool = False) -> tuple[RemoteObject, Tensor, float]:
    """A linear model, and the one sample (its window and its y) that all samples repeat."""
    x = torch.tensor([0.5, 0.1, -0.3] if small else [1.0, 0.3, -2.0])
    model = flat_chain(student, fc=student.make("torch.nn.Linear", 3, 1))
    model.load({"fc.weight": torch.tensor([START[:3]]), "fc.bias": torch.tensor(START[3:])})
    return model, x[None, :, None], y


def compare_with_adam(
    model: RemoteObject,
    losses: Any,
    n_samples: int,
    x: Tensor,
    y: float,
    *,
    epochs: int,
    lr: float,
    batch_size: int,
    max_norm: float,
) -> None:
    """Weights and losses after training on n_samples times the same sample are Adam's."""
    sizes = [min(batch_size, n_samples - i) for i in range(0, n_samples, batch_size)]
    weights, errors = adam([*x.flatten().tolist(), 1.0], y, epochs * len(sizes), lr, max_norm)
    state = model.state()
    got = [*state["fc.weight"][0].tolist(), *state["fc.bias"].tolist()]
    move = max(abs(a - b) for a, b in zip(weights, START, strict=True))
    near = all(abs(a - b) < 0.03 * move for a, b in zip(weights, got, strict=True))
    holds(near, "the weights did not move as clipped Adam moves them")
    seen = [python_float(loss, "a loss") for loss in items(losses, epochs, "the list of losses")]
    meanwhile, at_the_end = [], []
    for epoch in range(epochs):
        steps = range(epoch * len(sizes), (epoch + 1) * len(sizes))
        total = sum(errors[step] * size for step, size in zip(steps, sizes, strict=True))
        meanwhile.append(total / n_samples)
        at_the_end.append(errors[steps.stop])
    told = [
        all(abs(a - b) < 0.02 * errors[0] for a, b in zip(seen, way, strict=True))
        for way in (meanwhile, at_the_end)
    ]
    holds(any(told), "the losses are not the mean errors of the epochs")


def visited_in_turn(count: int, epochs: int, lr: float) -> Tensor:
    """(count,): how far Adam moves weights that take turns, always in the same order."""
    moved, m, v = torch.zeros(count), torch.zeros(count), torch.zeros(count)
    for step in range(1, count * epochs + 1):
        gradient = torch.eye(count)[(step - 1) % count]
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        moved += lr * (m / (1 - 0.9**step)) / ((v / (1 - 0.999**step)).sqrt() + 1e-8)
    return moved


def adam(
    x: list[float], y: float, steps: int, lr: float, max_norm: float
) -> tuple[list[float], list[float]]:
    """Clipped Adam on one linear sample: the weights, and the squared error before each step."""
    w, m, v, errors = list(START), [0.0] * len(x), [0.0] * len(x), []

    def missed_by() -> float:
        return sum(a * b for a, b in zip(w, x, strict=True)) - y

    for step in range(1, steps + 1):
        off = missed_by()
        errors.append(off**2)
        gradient = [2 * off * value for value in x]
        share = min(1.0, max_norm / math.hypot(*gradient))
        for i, g in enumerate(gradient):
            m[i] = 0.9 * m[i] + 0.1 * share * g
            v[i] = 0.999 * v[i] + 0.001 * (share * g) ** 2
            w[i] -= lr * (m[i] / (1 - 0.9**step)) / ((v[i] / (1 - 0.999**step)) ** 0.5 + 1e-8)
    return w, [*errors, missed_by() ** 2]
