"""Exercise 6, the tests that students have: the data, the network, its training, the forecast."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import (
    array,
    close,
    differ,
    holds,
    items,
    pair,
    python_float,
    tensor,
    unchanged,
    varied,
)
from grading.testing.draws import cases
from grading.testing.gradients import reach


@pytest.mark.part("generate_sin_data")
@cases("N", T=(3, 6), ones=False)
def test_two_periods_end_where_they_began(student: Student, case: Case) -> None:
    """After 2π and after 4π the wave is back at its first value; every row has its own start."""
    X, y = sine_data(student, 2 * case.T, case.N, case.seed)
    holds(close_arrays(y, X[:, 0, 0]), "y is not the value that its window begins with")
    holds(
        close_arrays(X[:, case.T, 0], X[:, 0, 0]),
        "the wave is not back at its first value after half the window",
    )
    differ(torch.tensor(X[1:]), torch.tensor(X[:-1]), "neighbouring rows")


@pytest.mark.part("generate_sin_data")
@cases("N", T=(5, 12))
def test_rows_obey_the_recurrence(student: Student, case: Case) -> None:
    """With points d apart, each value is 2 cos(d) times the last one, minus the one before."""
    X, y = sine_data(student, case.T, case.N, case.seed)
    wave = np.concatenate([X[:, :, 0], y[:, None]], axis=1)
    d = 4 * math.pi / case.T
    ahead = 2 * math.cos(d) * wave[:, 1:-1] - wave[:, :-2]
    holds(close_arrays(wave[:, 2:], ahead), "a value does not follow from the two values before it")
    squares = np.square(X, dtype=np.float64).mean(axis=(1, 2))
    holds(close_arrays(squares, np.full(case.N, 0.5)), "the waves don't swing as a sine does")


@pytest.mark.part("generate_sin_data")
def test_starts_fill_the_whole_period(student: Student) -> None:
    """Of a thousand starts, each quarter of the period gets its share, with and without rng."""
    rng, d = student.make("numpy.random.default_rng", 5), 4 * math.pi / 50
    for X, _ in (
        sized(student.generate_sin_data(), 50, 1000),
        sized(student.generate_sin_data(50, 1000, rng), 50, 1000),
    ):
        rise = (X[:, 1, 0] - X[:, 0, 0] * math.cos(d)) / math.sin(d)
        for up in (True, False):
            for right in (True, False):
                share = (((X[:, 0, 0] > 0) == up) & ((rise > 0) == right)).mean()
                holds(
                    abs(share - 0.25) < 0.1,
                    "some quarter of the period has far too few or too many starts",
                )


@pytest.mark.part("generate_sin_data")
@cases("N", T=(2, 9), ones=False)
def test_generator_decides_the_data(student: Student, case: Case) -> None:
    """The same state gives the same data; a used generator, another one or None gives new data."""
    rng = student.make("numpy.random.default_rng", case.seed)
    again = student.make("numpy.random.default_rng", case.seed)
    first, _ = sized(student.generate_sin_data(case.T, case.N, rng), case.T, case.N)
    second, _ = sized(student.generate_sin_data(case.T, case.N, again), case.T, case.N)
    holds(bool((first == second).all()), "two generators in the same state gave different data")
    others = [rng, student.make("numpy.random.default_rng", case.seed + 1), None, None]
    for other in others:
        before, (second, _) = (
            second,
            sized(student.generate_sin_data(case.T, case.N, rng=other), case.T, case.N),
        )
        differ(torch.tensor(before), torch.tensor(second), "two draws")


@pytest.mark.part("SinPredictor")
@cases("B", "T", "H")
def test_fc_has_the_last_word(student: Student, case: Case) -> None:
    """With fc's weights and bias ten times as large, the predictions are ten times as large."""
    model = predictor(student.SinPredictor(hidden_size=case.H), case)
    x, fc = case.normal(case.B, case.T, 1), model.state_of("fc")
    small = tensor(model(x), (case.B,), case.dtype)
    model.load({f"fc.{name}": 10 * value for name, value in fc.items()})
    varied(small, "the predictions")
    close(model(x), 10 * small, "the predictions (expected: ten times those from before)")


@pytest.mark.part("SinPredictor")
@cases("B", "T", "H", ones=False)
def test_state_is_carried_through_the_window(student: Student, case: Case) -> None:
    """With weights that make the state add up what it reads, the prediction is the window's sum."""
    model = predictor(student.SinPredictor(case.H), case)
    eye, tiny = torch.eye(case.H, dtype=case.dtype), 1e-3
    rnn = {f"rnn.{name}": torch.zeros_like(old) for name, old in model.state_of("rnn").items()}
    rnn |= {name: eye for name in rnn if name.startswith("rnn.weight_ih_l")}
    rnn |= {"rnn.weight_ih_l0": tiny * eye[:, :1], "rnn.weight_hh_l0": eye}
    model.load(rnn | {"fc.weight": eye[:1] / tiny, "fc.bias": case.zeros(1)})
    x = case.normal(case.B, case.T, 1)
    got = tensor(model(x), (case.B,), case.dtype)
    off = (got - x.sum(dim=(1, 2))).abs().max()
    holds(
        bool(off < 0.02), "with a state that adds up what it reads, the prediction is not the sum"
    )


@pytest.mark.part("SinPredictor")
def test_gradient_reaches_every_weight(student: Student) -> None:
    """A loss on the predictions sends gradients to x at every step and to all of rnn and fc."""
    case = Case.fixed(seed=12, B=3, T=4, H=3)
    model = predictor(student.SinPredictor(case.H), case)
    x = case.normal(case.B, case.T, 1).requires_grad_()
    predictions = tensor(model(x), (case.B,), case.dtype)
    holds(predictions.requires_grad, "the predictions carry no gradient")
    predictions.sum().backward()
    reached = model.gradients() | {"x": x.grad}
    reach(reached, *(name for name in reached if name.startswith(("x", "rnn.", "fc."))))


@pytest.mark.part("SinPredictor")
@cases("B", "T", "H")
def test_each_window_has_its_own_prediction(student: Student, case: Case) -> None:
    """Alone or in a batch, in the first call or the second, a window gets the same one number."""
    model = predictor(student.SinPredictor(case.H), case)
    x = case.normal(case.B, case.T, 1)
    rows = [tensor(model(row[None]), (1,), case.dtype, "a single prediction") for row in x]
    together = tensor(model(x), (case.B,), case.dtype)
    varied(together, "the predictions")
    close(together, torch.cat(rows), "the batch's predictions (expected: as for each window alone)")


@pytest.mark.part("train_sin_predictor")
@cases("N", "T", batch=(2, 5))
def test_standing_still_tells_the_true_error(student: Student, case: Case) -> None:
    """With lr=0 every epoch reports the untouched model's mean squared error over all samples."""
    model, state = linear(student, case)
    X, y = case.normal(case.N, case.T, 1).float(), 3 * case.normal(case.N).float() + 1
    error = (X[:, :, 0] @ state["fc.weight"][0] + state["fc.bias"] - y).square().mean()
    arguments = {"epochs": 2, "lr": 0.0, "batch_size": case.batch}
    for given in ((X, y), (X.numpy(), y.numpy())):
        losses = student.train_sin_predictor(model, *given, **arguments)
        for loss in items(losses, 2, "the list of losses"):
            close(torch.tensor(python_float(loss, "a loss")), error, "a loss")


@pytest.mark.part("train_sin_predictor")
@cases(N=(7, 12), batch=(1, 5))
def test_every_sample_teaches(student: Student, case: Case) -> None:
    """If each sample has its own weight, one epoch moves every weight towards its sample's y."""
    N = case.N
    model = flat_chain(student, fc=student.make("torch.nn.Linear", N, 1, bias=False))
    model.load({"fc.weight": torch.zeros(1, N)})
    signs = torch.where(case.integers(0, 1, N) == 1, 1.0, -1.0)
    y = signs * (1.0 + 0.25 * torch.arange(N))
    X = torch.eye(N)[:, :, None]
    losses = student.train_sin_predictor(model, X, y, epochs=1, lr=0.01, batch_size=case.batch)
    (loss,) = items(losses, 1, "the list of losses")
    weights = model.state()["fc.weight"][0]
    holds(bool((weights * signs > 0.003).all()), "a weight did not move towards its sample's y")
    before, after = y.square().mean(), (weights - y).square().mean()
    told = torch.tensor(python_float(loss, "a loss"))
    close(told, before if (told - before).abs() < (told - after).abs() else after, "the loss")


@pytest.mark.part("train_sin_predictor")
def test_data_stay_as_they_are(student: Student) -> None:
    """Training moves the weights and leaves X and y as they were, arrays or tensors."""
    case = Case.fixed(seed=11, dtype=torch.float32, T=3)
    X, y = case.normal(6, case.T, 1) + 1, 3 * case.normal(6) + 1
    for given in ((X, y), (X.numpy(), y.numpy())):
        model, state = linear(student, case)
        student.train_sin_predictor(model, *given, epochs=2, batch_size=4)
        unchanged(student)
        differ(model.state()["fc.weight"], state["fc.weight"], "the weights after and before")


@pytest.mark.part("train_sin_predictor")
def test_order_is_shuffled(student: Student) -> None:
    """In an epoch the samples come in shuffled order, each with its own y and exactly once."""
    N = 12
    model = flat_chain(student, fc=student.make("torch.nn.Linear", N, 1, bias=False))
    model.load({"fc.weight": torch.zeros(1, N)})
    X, y = torch.eye(N)[:, :, None], torch.tensor([1.0, -1.0, -1.0] * 4)
    losses = student.train_sin_predictor(model, X, y, epochs=1, lr=0.01, batch_size=1)
    weights = model.state()["fc.weight"][0]
    moved = weights * y
    holds(bool((moved > 0.003).all()), "a weight did not move towards its sample's y")
    holds(
        bool((moved != moved[0]).any()), "all weights moved equally far, though Adam's steps differ"
    )
    holds(bool((moved[1:] > moved[:-1]).any()), "the samples come in the order given")
    holds(
        bool((moved[1:] < moved[:-1]).any()), "the samples come in the order given, but backwards"
    )
    (loss,) = items(losses, 1, "the list of losses")
    errors = (1.0, float((weights - y).square().mean()))
    off = min(abs(python_float(loss, "a loss") - error) for error in errors)
    holds(off < 1e-4, "the loss is not the mean over all samples")


@pytest.mark.part("train_sin_predictor")
def test_tiny_limit_allows_tiny_steps(student: Student) -> None:
    """With a max_norm far below Adam's epsilon of 1e-8, the weights hardly move."""
    case, settings = Case.fixed(seed=9, dtype=torch.float32, T=3), {"epochs": 2, "lr": 0.1}
    X, y = case.normal(5, case.T, 1), case.normal(5)
    moved = []
    for max_norm in (1.0, 1e-10):
        model, state = linear(student, case)
        student.train_sin_predictor(model, X, y, **settings, max_norm=max_norm)
        moved.append((model.state()["fc.weight"] - state["fc.weight"]).abs().max())
    holds(bool(moved[0] > 0.05), "the weights did not move with an ordinary max_norm either")
    holds(
        bool(moved[1] < 0.01),
        "the weights moved, though their gradients were clipped to nothing",
    )


@pytest.mark.part("train_sin_predictor")
def test_old_gradients_do_not_count(student: Student) -> None:
    """If all samples are alike and lr is 0, the last batch's gradient equals the first one's."""
    case, left = Case.fixed(seed=10, dtype=torch.float32, T=3), []
    X, y = case.normal(1, case.T, 1).expand(6, case.T, 1), torch.ones(6)
    model, state = linear(student, case)
    for epochs, batch_size in ((2, 6), (3, 2)):
        settings = {"epochs": epochs, "batch_size": batch_size, "max_norm": 1e6}
        student.train_sin_predictor(model, X, y, lr=0.0, **settings)
        gradient = model.gradients()["fc.weight"]
        left.append(torch.zeros_like(state["fc.weight"]) if gradient is None else gradient)
        model.load(state)
    close(left[1], left[0], "the gradient that the last batch left in the model")


@pytest.mark.part("train_sin_predictor")
def test_small_network_learns_a_wave(student: Student) -> None:
    """Twelve steps teach a small network much of a wave, and the losses show it."""
    case = Case.fixed(seed=6, dtype=torch.float32)
    wave, model = waves(case, rows=256, length=9), network(student, case)
    X, y = wave[:, :8, None], wave[:, 8]
    losses = items(student.train_sin_predictor(model, X, y, epochs=3), 3, "the list of losses")
    error = float((tensor(model(X), y.shape, y.dtype).detach() - y).square().mean())
    holds(error < 0.2, "the trained network predicts little better than the mean")
    first = python_float(losses[0], "a loss")
    holds(first > 2 * error, "the first loss is hardly larger than the error at the end")


@pytest.mark.part("forecast")
@cases("T", steps=(1, 12), ones=False)
def test_exact_model_continues_the_sine(student: Student, case: Case) -> None:
    """A linear model that knows the recurrence continues a sine wave for as many steps as asked."""
    d, wave = 0.7, waves(case, rows=1, length=case.T + case.steps)[0]
    model = flat_chain(student, fc=student.make("torch.nn.Linear", case.T, 1, bias=False))
    model.load({"fc.weight": torch.tensor([[0.0] * (case.T - 2) + [-1.0, 2 * math.cos(d)]])})
    close(student.forecast(model, wave[: case.T, None], case.steps), wave[case.T :], "the forecast")


@pytest.mark.part("forecast")
@cases("T", first=(1, 4), second=(1, 9))
def test_forecast_can_be_taken_up_again(student: Student, case: Case) -> None:
    """A forecast that is continued from its own first values is the same as one long forecast."""
    model, _ = linear(student, case)
    window = case.normal(case.T, 1).float()
    whole = tensor(
        student.forecast(model, window, case.first + case.second),
        (case.first + case.second,),
        torch.float32,
    )
    close(student.arguments()[1], window, "the window after the call")
    known = torch.cat([window[:, 0], whole[: case.first]])[-case.T :]
    later = student.forecast(model, known[:, None].detach(), case.second)
    close(later, whole[case.first :], "the second forecast (expected: as in one long forecast)")
    close(whole[:1], model(window[None]).detach(), "the first prediction")


@pytest.mark.part("forecast")
@cases("T", steps=(1, 6))
def test_no_graph_is_built(student: Student, case: Case) -> None:
    """While the forecast runs, gradients are off: they are not needed."""
    spy = student.make("Spy")
    model, state = linear(student, case, spy=spy)
    window = case.normal(case.T, 1).float()
    got = tensor(student.forecast(model, window, case.steps), (case.steps,), torch.float32)
    expected = state["fc.weight"][0] @ window[:, 0] + state["fc.bias"]
    close(got[:1], expected, "the first prediction")
    holds(not got.requires_grad, "the forecast carries a graph")
    seen = spy.seen()
    holds(len(seen) > 0, "the model was never called")
    holds(not any(carries for _, _, carries in seen), "the model ran with gradients on")


# --- helpers ---------------------------------------------------------------------------------


def sine_data(student: Student, T: int, N: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows and targets from a generator with this seed, checked for shape and dtype."""
    rng = student.make("numpy.random.default_rng", seed)
    return sized(student.generate_sin_data(T, N, rng), T, N)


def sized(got: Any, T: int, N: int) -> tuple[np.ndarray, np.ndarray]:
    """X and y of these sizes, in float32."""
    X, y = pair(got)
    return array(X, (N, T, 1), np.float32, "X"), array(y, (N,), np.float32, "y")


def close_arrays(got: np.ndarray, expected: np.ndarray) -> bool:
    """Equal up to the rounding of float32."""
    return bool(np.allclose(got, expected, rtol=0, atol=5e-5))


def predictor(model: Any, case: Case) -> RemoteObject:
    """The student's module, with random numbers of the case's dtype in rnn and fc."""
    holds(isinstance(model, RemoteObject), "SinPredictor(hidden_size) gave no module")
    state = model.state()
    holds(not any(name.endswith("_reverse") for name in state), "rnn reads in both directions")
    for name in ("rnn.weight_ih_l0", "rnn.bias_hh_l0", "fc.weight", "fc.bias"):
        holds(name in state, f"the model has no {name}: look at the submodules and their names")
    own = [name for name in state if name.startswith(("rnn.", "fc."))]
    model.load({name: case.normal(*state[name].shape, scale=0.4) for name in own})
    return model


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


def network(student: Student, case: Case) -> RemoteObject:
    """A small recurrent network, (B, T, 1) → (B,), with random weights."""
    model = student.make(
        "Chain",
        rnn=student.make("torch.nn.RNN", 1, 12, batch_first=True),
        pick=student.make("Pick", 1, -1),
        fc=student.make("torch.nn.Linear", 12, 1),
        end=student.make("torch.nn.Flatten", 0),
    )
    shapes = {name: value.shape for name, value in model.state().items()}
    model.load({k: case.normal(*size, scale=0.5 / size[-1] ** 0.5) for k, size in shapes.items()})
    return model


def waves(case: Case, rows: int, length: int, d: float = 0.7) -> Tensor:
    """(rows, length): sine waves by their recurrence, in float32, from random starts."""
    start = case.integers(0, 628, rows).double() / 100
    values = [start.sin(), (start + d).sin()]
    while len(values) < length:
        values.append(2 * math.cos(d) * values[-1] - values[-2])
    return torch.stack(values, dim=1).float()
