"""Wrong answers to exercise 6 as a stranger would write them; none was read by diagnosis before."""

import numpy as np
import torch
from torch import nn

from grading.testing.answers import misconception


class Network(nn.Module):
    """The two submodules as the task wants them."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(input_size=1, hidden_size=hidden_size, batch_first=True)
        self.fc = nn.Linear(in_features=hidden_size, out_features=1)


def shuffled_batches(n, batch_size):
    """The numbers of the samples, batch by batch, in a fresh order."""
    order = torch.randperm(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def tensor(values):
    """As float32, without a change to what was handed in."""
    return torch.as_tensor(values).float()


@misconception("generate_sin_data", "", like="endpoint_left_out")
def arange_without_the_end(seq_len=50, n_samples=1000, rng=None):
    if rng is None:
        rng = np.random.default_rng()
    distance = 4 * np.pi / (seq_len + 1)
    X = np.empty((n_samples, seq_len, 1), dtype=np.float32)
    y = np.empty(n_samples, dtype=np.float32)
    for i, start in enumerate(rng.uniform(0, 2 * np.pi, n_samples)):
        wave = np.sin(start + distance * np.arange(seq_len + 1))
        X[i, :, 0], y[i] = wave[:seq_len], wave[seq_len]
    return X, y


@misconception("generate_sin_data", "", like="one_start_for_all")
def start_drawn_once(seq_len=50, n_samples=1000, rng=None):
    rng = rng or np.random.default_rng()
    start = 2 * np.pi * rng.random()
    wave = np.sin(np.linspace(start, start + 4 * np.pi, seq_len + 1))
    table = np.tile(wave, (n_samples, 1)).astype("float32")
    return table[:, :-1].reshape(n_samples, seq_len, 1), table[:, -1]


@misconception("SinPredictor", "", like="BareSqueeze")
class AllOnesDropped(Network):
    def forward(self, x):
        states, _ = self.rnn(x)
        return torch.squeeze(self.fc(states[:, -1, :]))


@misconception("SinPredictor", "", like="LastAxisKept")
class ColumnOfPredictions(Network):
    def forward(self, x):
        return self.fc(self.rnn(x)[0].select(1, -1))


@misconception("train_sin_predictor", "", like="clipping_forgotten")
def plain_adam(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    inputs, targets = tensor(X), tensor(y)
    adam = torch.optim.Adam(model.parameters(), lr)
    history = []
    for _ in range(epochs):
        squares = []
        for rows in shuffled_batches(len(inputs), batch_size):
            errors = (model(inputs[rows]) - targets[rows]) ** 2
            model.zero_grad()
            errors.mean().backward()
            adam.step()
            squares += errors.tolist()
        history.append(sum(squares) / len(squares))
    return history


@misconception("train_sin_predictor", "", like="gradients_pile_up")
def never_cleared(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    inputs, targets = tensor(X), tensor(y)
    adam = torch.optim.Adam(list(model.parameters()), lr=lr)
    criterion = nn.MSELoss()
    history = []
    for _ in range(epochs):
        total = 0.0
        for rows in shuffled_batches(len(inputs), batch_size):
            error = criterion(model(inputs[rows]), targets[rows])
            error.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            adam.step()
            total += float(error) * rows.numel()
        history.append(total / len(inputs))
    return history


@misconception("forecast", "", like="oldest_never_leaves")
def growing_list(model, window, steps):
    known = window.flatten().tolist()
    with torch.no_grad():
        for _ in range(steps):
            known.append(model(torch.tensor(known).view(1, -1, 1)).item())
    return torch.tensor(known[-steps:])


@misconception("forecast", "", like="window_never_moves")
def same_question_again(model, window, steps):
    with torch.no_grad():
        answers = [model(window[None]).reshape(()) for _ in range(steps)]
    return torch.stack(answers)


# --- odd ones --------------------------------------------------------------------------------


@misconception("generate_sin_data", "")
def every_second_wave_upside_down(seq_len=50, n_samples=1000, rng=None):
    rng = rng or np.random.default_rng()
    starts = rng.uniform(0, 2 * np.pi, (n_samples, 1))
    waves = np.sin(starts + np.linspace(0, 4 * np.pi, seq_len + 1))
    waves[1::2, -1] *= -1
    waves = waves.astype(np.float32)
    return waves[:, :-1, None], waves[:, -1]


@misconception("SinPredictor", "")
class HalfOfTheLastInputAdded(Network):
    def forward(self, x):
        states, _ = self.rnn(x)
        return self.fc(states[:, -1]).squeeze(1) + 0.5 * x[:, -1, 0]


@misconception("forecast", "")
def newest_averaged_with_the_one_before(model, window, steps):
    values, found = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = (model(values).view(1, 1, 1) + values[:, -1:]) / 2
            found.append(value.reshape(()))
            values = torch.cat([values[:, 1:], value], dim=1)
    return torch.stack(found)
