"""Right answers to exercise 6 in other styles: each must earn full marks."""

import math
import random

import numpy as np
import torch
from torch import nn

from grading.testing.answers import alternative

# --- generate_sin_data -------------------------------------------------------------------------


@alternative("generate_sin_data")
def row_by_row(seq_len=50, n_samples=1000, rng=None):
    """A loop over the samples, each with its own linspace."""
    if rng is None:
        rng = np.random.default_rng()
    X, y = [], []
    for _ in range(n_samples):
        start = rng.uniform(0, 2 * np.pi)
        wave = np.sin(np.linspace(start, start + 4 * np.pi, seq_len + 1))
        X.append(wave[:-1].reshape(-1, 1))
        y.append(wave[-1])
    return np.array(X, dtype=np.float32), np.array(y, dtype=np.float32)


@alternative("generate_sin_data")
def around_zero(seq_len=50, n_samples=1000, rng=None):
    """Starts from -π to π, the gaps counted by arange."""
    rng = rng or np.random.default_rng()
    starts = (2 * rng.random(n_samples) - 1) * np.pi
    points = np.add.outer(starts, np.arange(seq_len + 1) * (4 * np.pi / seq_len))
    waves = np.sin(points, dtype=np.float64)
    X = np.expand_dims(waves[:, :seq_len], 2).astype("float32")
    return [X, waves[:, seq_len].astype("float32")]


@alternative("generate_sin_data")
def by_the_recurrence(seq_len=50, n_samples=1000, rng=None):
    """Two values by sine, the others by 2 cos(d) s[t] - s[t-1]."""
    rng = np.random.default_rng() if rng is None else rng
    start, d = rng.uniform(0, 2 * np.pi, n_samples), 4 * np.pi / seq_len
    waves = [np.sin(start), np.sin(start + d)]
    while len(waves) < seq_len + 1:
        waves.append(2 * np.cos(d) * waves[-1] - waves[-2])
    X = np.empty((n_samples, seq_len, 1), dtype=np.float32)
    X[:, :, 0] = np.stack(waves[:-1], axis=1)
    return X, waves[-1].astype(np.float32)


@alternative("generate_sin_data")
def cosines_all_the_way(seq_len=50, n_samples=1000, rng=None):
    """A cosine is a sine with another start: a quarter more is as random as before."""
    rng = np.random.default_rng() if rng is None else rng
    starts = rng.uniform(0, 4 * np.pi, size=n_samples)
    offsets = np.linspace(0, 4 * np.pi, num=seq_len + 1, endpoint=True)
    waves = np.cos(starts[:, None] + offsets[None, :]).astype(np.float32)
    X, y = np.split(waves, [seq_len], axis=1)
    return X[..., np.newaxis], y[:, 0]


@alternative("generate_sin_data")
def by_torch_and_back(seq_len=50, n_samples=1000, rng=None):
    """Sines by torch in double precision; y is a view with a stride."""
    rng = np.random.default_rng() if rng is None else rng
    starts = torch.from_numpy(rng.uniform(0, 2 * np.pi, (n_samples, 1)))
    points = starts + torch.linspace(0, 4 * np.pi, seq_len + 1, dtype=torch.float64)
    waves = torch.sin(points).float().numpy()
    return waves[:, :-1].reshape(n_samples, seq_len, 1), waves[:, -1]


@alternative("generate_sin_data")
def with_a_seed_drawn_from_the_generator(seq_len=50, n_samples=1000, rng=None):
    """The generator gives a seed, which moves it on; fresh entropy without one."""
    seed = None if rng is None else int(rng.integers(2**31))
    drawn = np.random.RandomState(seed).rand(n_samples, 1)
    points = 2 * np.pi * (drawn + np.linspace(0, 2, seq_len + 1))
    waves = np.sin(points).astype(np.float32)
    return waves[:, :-1, None], waves[:, -1]


@alternative("generate_sin_data")
def in_single_precision(seq_len=50, n_samples=1000, rng=None):
    """float32 from the start: precise enough."""
    rng = np.random.default_rng() if rng is None else rng
    starts = rng.random((n_samples, 1), dtype=np.float32) * np.float32(2 * np.pi)
    offsets = np.linspace(0, 4 * np.pi, seq_len + 1, dtype=np.float32)
    waves = np.sin(starts + offsets)
    return waves[:, :-1, None], waves[:, -1].copy()


# --- SinPredictor ------------------------------------------------------------------------------


@alternative("SinPredictor")
class LastOutput(nn.Module):
    """The output at the last step, an index in place of squeeze."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.hidden_size = hidden_size
        self.rnn = nn.RNN(input_size=1, hidden_size=hidden_size, num_layers=1, batch_first=True)
        self.fc = nn.Linear(in_features=hidden_size, out_features=1)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, -1, :])[:, 0]


@alternative("SinPredictor")
class TimeMajorInside(nn.Module):
    """Time first inside, an explicit zero state."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, nonlinearity="tanh")
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        start = torch.zeros(1, x.size(0), self.rnn.hidden_size, dtype=x.dtype, device=x.device)
        output, _ = self.rnn(x.permute(1, 0, 2), start)
        return self.fc(output)[-1].flatten()


@alternative("SinPredictor")
class StepByStep(nn.Module):
    """The module is called one step at a time, the state handed on."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)
        self.register_buffer("scale", torch.tensor(1.0))

    def forward(self, x):
        h = None
        for t in range(x.shape[1]):
            _, h = self.rnn(x[:, t : t + 1], h)
        return self.scale.to(x.dtype) * self.fc(h.squeeze(0)).view(-1)


@alternative("SinPredictor")
class ByFunctions(nn.Module):
    """F.linear with the module's own weights."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn, self.fc = nn.RNN(1, hidden_size, batch_first=True), nn.Linear(hidden_size, 1)

    def forward(self, x):
        h_n = self.rnn(x)[1]
        return torch.einsum("bh,h->b", h_n[-1], self.fc.weight[0]) + self.fc.bias


@alternative("SinPredictor")
class RowByRow(nn.Module):
    """One window at a time, unbatched."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return torch.cat([self.fc(self.rnn(window)[1][0]) for window in x])


@alternative("SinPredictor")
class TwoLayers(nn.Module):
    """A stack of two; the prediction reads the upper one."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, num_layers=2, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1]).squeeze(1)


@alternative("SinPredictor")
class HeadBesideFc(nn.Module):
    """fc stands in a second container too: no parameter more is learned."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)
        self.head = nn.Sequential(self.fc, nn.Flatten(start_dim=0))

    def forward(self, x):
        return self.head(self.rnn(x)[1][-1])


# --- train_sin_predictor -----------------------------------------------------------------------


@alternative("train_sin_predictor")
def with_a_data_loader(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    """torch's DataLoader, MSELoss, a sum of squares."""
    X, y = torch.as_tensor(X).float(), torch.as_tensor(y).float()
    data = torch.utils.data.TensorDataset(X, y)
    loader = torch.utils.data.DataLoader(data, batch_size=batch_size, shuffle=True)
    optimizer, criterion = torch.optim.Adam(model.parameters(), lr=lr), nn.MSELoss()
    model.train()
    losses = []
    for _ in range(epochs):
        squares = 0.0
        for X_batch, y_batch in loader:
            optimizer.zero_grad(set_to_none=True)
            prediction = model(X_batch)
            loss = criterion(prediction, y_batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=max_norm)
            optimizer.step()
            squares += float(((prediction - y_batch) ** 2).detach().sum())
        losses.append(squares / len(data))
    return losses


@alternative("train_sin_predictor")
def measured_at_the_end(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    """The whole set is measured after each epoch, in evaluation mode."""
    X = torch.tensor(np.asarray(X), dtype=torch.float32)
    y = torch.tensor(np.asarray(y), dtype=torch.float32)
    optimizer = torch.optim.Adam(list(model.parameters()), lr=lr)
    losses = []
    for _ in range(epochs):
        model.train()
        order = np.random.permutation(len(X))
        for i in range(0, len(X), batch_size):
            batch = torch.from_numpy(order[i : i + batch_size])
            model.zero_grad()
            (model(X[batch]) - y[batch]).square().mean().backward()
            nn.utils.clip_grad_norm_(list(model.parameters()), max_norm)
            optimizer.step()
        model.eval()
        with torch.no_grad():
            losses.append(((model(X) - y) ** 2).mean().item())
    return losses


@alternative("train_sin_predictor")
def cleared_behind_the_step(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    """A new model has no gradients: they are cleared behind every step."""
    X, y = torch.as_tensor(X).float(), torch.as_tensor(y).float()
    optimizer, losses = torch.optim.Adam(model.parameters(), lr=lr), []
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(X)).split(batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@alternative("train_sin_predictor")
def with_a_closure(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    """optimizer.step(closure), lists of indices shuffled by Python."""
    X = torch.from_numpy(X) if isinstance(X, np.ndarray) else X
    y = torch.from_numpy(y) if isinstance(y, np.ndarray) else y
    X, y = X.to(torch.float32), y.to(torch.float32)
    optimizer, losses = torch.optim.Adam(model.parameters(), lr), []
    order = list(range(len(X)))
    for _ in range(epochs):
        random.shuffle(order)
        total = 0
        for i in range(0, len(order), batch_size):
            batch = order[i : i + batch_size]

            def closure():
                optimizer.zero_grad()
                loss = nn.functional.mse_loss(model(X[batch]), y[batch])
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), max_norm)
                return loss

            total += optimizer.step(closure).item() * len(batch)
        losses.append(total / len(order))
    return losses


@alternative("train_sin_predictor")
def with_own_clipping(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    """Clipping by hand, gradients by autograd.grad, a generator of its own for the order."""
    X = torch.as_tensor(X, dtype=torch.float32)
    y = torch.as_tensor(y, dtype=torch.float32)
    parameters = list(model.parameters())
    optimizer = torch.optim.Adam(parameters, lr=lr, foreach=False)
    generator, losses = torch.Generator().manual_seed(0), []
    for _ in range(epochs):
        errors = torch.zeros(len(X))
        for batch in torch.randperm(len(X), generator=generator).split(batch_size):
            squares = (model(X[batch]) - y[batch]) ** 2
            gradients = torch.autograd.grad(squares.mean(), parameters)
            total = math.sqrt(sum(float((g * g).sum()) for g in gradients))
            factor = max_norm / total if total > max_norm else 1.0
            for p, g in zip(parameters, gradients):
                p.grad = g * factor
            optimizer.step()
            errors[batch] = squares.detach()
        losses.append(float(errors.mean()))
    return losses


@alternative("train_sin_predictor")
def adam_by_hand(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    """Adam's formula written out; NumPy averages the losses with weights."""
    X, y = torch.Tensor(np.array(X)), torch.Tensor(np.array(y))
    parameters = [p for p in model.parameters() if p.requires_grad]
    m, v = [torch.zeros_like(p) for p in parameters], [torch.zeros_like(p) for p in parameters]
    losses, step = [], 0
    for _ in range(epochs):
        means, sizes = [], []
        order = torch.rand(len(X)).argsort()
        while len(order):
            batch, order = order[:batch_size], order[batch_size:]
            loss = ((model(X[batch]).reshape(-1) - y[batch].reshape(-1)) ** 2).mean()
            for p in parameters:
                p.grad = None
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, max_norm)
            step += 1
            with torch.no_grad():
                for i, p in enumerate(parameters):
                    m[i] = 0.9 * m[i] + 0.1 * p.grad
                    v[i] = 0.999 * v[i] + 0.001 * p.grad**2
                    root = (v[i] / (1 - 0.999**step)).sqrt() + 1e-8
                    p -= lr * (m[i] / (1 - 0.9**step)) / root
            means.append(loss.item())
            sizes.append(len(batch))
        losses.append(float(np.average(means, weights=sizes)))
    return tuple(losses)


# --- forecast ----------------------------------------------------------------------------------


@alternative("forecast")
def by_a_list_of_floats(model, window, steps):
    """Python numbers; a new tensor for each window."""
    known = window.reshape(-1).tolist()
    T = len(known)
    with torch.no_grad():
        for _ in range(steps):
            known.append(model(torch.tensor(known[-T:]).view(1, T, 1)).item())
    return torch.tensor(known[T:], dtype=torch.float32)


@alternative("forecast")
@torch.inference_mode()
def by_a_decorator(model, window, steps):
    """inference_mode as a decorator, roll on a copy, evaluation mode."""
    was_training = model.training
    model.eval()
    values, predictions = window.clone().unsqueeze(0), torch.empty(steps)
    for i in range(steps):
        predictions[i] = model(values)[0]
        values = torch.roll(values, shifts=-1, dims=1)
        values[0, -1, 0] = predictions[i]
    model.train(was_training)
    return predictions


@alternative("forecast")
def into_one_long_buffer(model, window, steps):
    """The window slides over one preallocated row."""
    T = len(window)
    row = torch.cat([window.detach().flatten(), torch.zeros(steps)])[None, :, None]
    model.eval()
    with torch.no_grad():
        for i in range(steps):
            row[:, T + i, 0] = model(row[:, i : i + T])
    return row[0, T:, 0]


@alternative("forecast")
def by_recursion(model, window, steps):
    """The first value, then the forecast from the window that follows."""
    with torch.no_grad():
        value = model(window[None, ...])
        if steps == 1:
            return value
        following = torch.vstack([window[1:], value.reshape(1, 1)])
        return torch.hstack([value, forecast(model, following, steps - 1)])  # noqa: F821


@alternative("forecast")
def by_a_deque(model, window, steps):
    """A deque drops the oldest value by itself; gradients set off globally and back on."""
    from collections import deque

    values, result = deque(window.flatten().tolist(), maxlen=len(window)), []
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        for _ in range(steps):
            value = float(model(torch.tensor([[[v] for v in values]])))
            values.append(value)
            result.append(value)
    finally:
        torch.set_grad_enabled(before)
    return torch.FloatTensor(result)


@alternative("forecast")
def with_a_copy_that_learns_nothing(model, window, steps):
    """Nothing asks for a gradient, so nothing builds a graph: parameters of a copy are frozen."""
    import copy

    frozen = copy.deepcopy(model).requires_grad_(False)
    known, length = window.detach()[:, 0], len(window)
    for _ in range(steps):
        known = torch.cat([known, frozen(known[None, -length:, None])])
    return known[length:]
