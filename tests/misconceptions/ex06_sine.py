"""Wrong answers to exercise 6, each with what a teacher would say on seeing it."""

import numpy as np
import torch
from torch import nn

from grading.testing.answers import misconception


def _rng(rng):
    return np.random.default_rng() if rng is None else rng


def _starts(rng, n_samples):
    return _rng(rng).uniform(0.0, 2.0 * np.pi, size=(n_samples, 1))


def _cut(waves):
    """X and y from rows of seq_len + 1 values."""
    waves = waves.astype(np.float32)
    return waves[:, :-1, None], waves[:, -1]


def _offsets(seq_len):
    return np.linspace(0.0, 4.0 * np.pi, seq_len + 1)


def _floats(X, y):
    return torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(y, dtype=torch.float32)


def _batches(n_samples, batch_size):
    return torch.randperm(n_samples).split(batch_size)


def _step(model, optimizer, loss, max_norm):
    """One right step."""
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()


def _trained(model, X, y, epochs, lr, batch_size, max_norm, step=_step):
    """Right training, but for what `step` does with a batch's loss."""
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


# --- generate_sin_data: the points -------------------------------------------------------------


@misconception(
    "generate_sin_data",
    "Your last point lies one gap short of 4π, so y is not the value that its window begins with. "
    "Which of your points should lie exactly at the end?",
)
def endpoint_left_out(seq_len=50, n_samples=1000, rng=None):
    offsets = np.linspace(0.0, 4.0 * np.pi, seq_len + 1, endpoint=False)
    return _cut(np.sin(_starts(rng, n_samples) + offsets))


@misconception(
    "generate_sin_data",
    "Your windows span one period instead of two. How far is it from the first of the points to "
    "the last?",
)
def one_period_only(seq_len=50, n_samples=1000, rng=None):
    offsets = np.linspace(0.0, 2.0 * np.pi, seq_len + 1)
    return _cut(np.sin(_starts(rng, n_samples) + offsets))


@misconception(
    "generate_sin_data",
    "Your windows span three periods. How far is it from the first of the points to the last?",
)
def three_periods(seq_len=50, n_samples=1000, rng=None):
    offsets = np.linspace(0.0, 6.0 * np.pi, seq_len + 1)
    return _cut(np.sin(_starts(rng, n_samples) + offsets))


@misconception(
    "generate_sin_data",
    "Your points lie a fixed distance apart, whatever seq_len is. How many gaps share the 4π?",
)
def points_one_tenth_apart(seq_len=50, n_samples=1000, rng=None):
    return _cut(np.sin(_starts(rng, n_samples) + 0.1 * np.arange(seq_len + 1)))


@misconception(
    "generate_sin_data",
    "Your window itself reaches to 4π, and y lies one gap further on. Which value belongs at 4π: "
    "the window's last, or y?",
)
def window_spans_it_all(seq_len=50, n_samples=1000, rng=None):
    gap = 4.0 * np.pi / max(seq_len - 1, 1)
    return _cut(np.sin(_starts(rng, n_samples) + gap * np.arange(seq_len + 1)))


@misconception(
    "generate_sin_data",
    "Your y is the last value of its window: the answer is in the question. Which of the points "
    "does X leave out?",
)
def target_is_the_last_input(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len)).astype(np.float32)
    return waves[:, :-1, None], waves[:, -2]


@misconception(
    "generate_sin_data",
    "Your y lies two points after its window. How many points follow the window?",
)
def target_two_ahead(seq_len=50, n_samples=1000, rng=None):
    gap = 4.0 * np.pi / seq_len
    waves = np.sin(_starts(rng, n_samples) + gap * np.arange(seq_len + 2)).astype(np.float32)
    return waves[:, :-2, None], waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your X leaves out the first value instead of the last, so y is in the window. Which point is "
    "y?",
)
def window_shifted_by_one(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len)).astype(np.float32)
    return waves[:, 1:, None], waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your rows are waves of several frequencies: the start stretches the wave instead of shifting "
    "it. Should it be added or multiplied?",
)
def start_times_points(seq_len=50, n_samples=1000, rng=None):
    return _cut(np.sin(_starts(rng, n_samples) * _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your values are the points themselves, not their sines. Which function is missing?",
)
def sine_forgotten(seq_len=50, n_samples=1000, rng=None):
    return _cut(_starts(rng, n_samples) + _offsets(seq_len))


@misconception(
    "generate_sin_data",
    "Your waves contain noise, so two values in a row no longer determine the next one exactly. "
    "Does the docstring ask for noise?",
)
def noise_added(seq_len=50, n_samples=1000, rng=None):
    rng = _rng(rng)
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len))
    return _cut(waves + 0.02 * rng.standard_normal(waves.shape))


@misconception(
    "generate_sin_data",
    "Your waves swing between 0 and 1. Where does a sine swing?",
)
def squeezed_into_zero_to_one(seq_len=50, n_samples=1000, rng=None):
    return _cut((np.sin(_starts(rng, n_samples) + _offsets(seq_len)) + 1) / 2)


@misconception(
    "generate_sin_data",
    "Each of your waves has a height of its own. Is the height drawn too, or only the start?",
)
def heights_drawn_too(seq_len=50, n_samples=1000, rng=None):
    rng = _rng(rng)
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len))
    return _cut(waves * rng.uniform(0.5, 1.0, size=(n_samples, 1)))


@misconception(
    "generate_sin_data",
    "Your window's last value lies at 4π already, and y is the same value. How many points does a "
    "sample have?",
)
def window_ends_with_the_target(seq_len=50, n_samples=1000, rng=None):
    rng = _rng(rng)
    starts = rng.uniform(0, 2 * np.pi, n_samples)
    points = starts[:, None] + np.linspace(0, 4 * np.pi, seq_len)
    X = np.sin(points).astype(np.float32)
    return X[:, :, None], X[:, -1]


@misconception(
    "generate_sin_data",
    "All your samples end at the angle 4π, wherever they begin. How far is it from a sample's own "
    "start to its last point?",
)
def all_end_at_the_same_angle(seq_len=50, n_samples=1000, rng=None):
    rng = _rng(rng)
    starts = rng.uniform(0, 2 * np.pi, n_samples)
    waves = [np.sin(np.linspace(start, 4 * np.pi, seq_len + 1)) for start in starts]
    return _cut(np.array(waves))


# --- generate_sin_data: the starts -------------------------------------------------------------


@misconception(
    "generate_sin_data",
    "All your rows are the same wave: they share one start. How many starts do n_samples samples "
    "need?",
)
def one_start_for_all(seq_len=50, n_samples=1000, rng=None):
    start = _rng(rng).uniform(0.0, 2.0 * np.pi)
    return _cut(np.tile(np.sin(start + _offsets(seq_len)), (n_samples, 1)))


@misconception(
    "generate_sin_data",
    "Your starts cover half a period: no window begins while the wave is below zero. How long is "
    "a full period?",
)
def starts_over_half_a_period(seq_len=50, n_samples=1000, rng=None):
    starts = _rng(rng).uniform(0.0, np.pi, size=(n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your starts lie between 0 and 1. How long is a full period, in the units of the points?",
)
def starts_below_one(seq_len=50, n_samples=1000, rng=None):
    starts = _rng(rng).random((n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your starts crowd around zero: they come from a normal distribution. Which distribution "
    "gives every start the same chance?",
)
def starts_normally_distributed(seq_len=50, n_samples=1000, rng=None):
    starts = _rng(rng).standard_normal((n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your starts are whole numbers, so there are only a handful of them and many rows are the "
    "same. Over which interval should they be uniform?",
)
def starts_are_whole_numbers(seq_len=50, n_samples=1000, rng=None):
    starts = _rng(rng).integers(0, 7, size=(n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your starts are spread over the period in order; nothing is drawn at random. What is rng for?",
)
def starts_in_order(seq_len=50, n_samples=1000, rng=None):
    starts = np.linspace(0.0, 2.0 * np.pi, n_samples, endpoint=False)[:, None]
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your rows are overlapping pieces of one long wave, each beginning one point after the one "
    "before. How does each sample get a start of its own?",
)
def pieces_of_one_wave(seq_len=50, n_samples=1000, rng=None):
    start = _rng(rng).uniform(0.0, 2.0 * np.pi)
    points = start + 4.0 * np.pi / seq_len * np.arange(n_samples + seq_len)
    return _cut(np.sin(np.lib.stride_tricks.sliding_window_view(points, seq_len + 1)))


@misconception(
    "generate_sin_data",
    "Each of your points has a random shift of its own. What may differ from one point to the "
    "next within a row?",
)
def every_point_shifted(seq_len=50, n_samples=1000, rng=None):
    shifts = _rng(rng).uniform(0.0, 2.0 * np.pi, size=(n_samples, seq_len + 1))
    return _cut(np.sin(shifts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your starts, one per sample, and your points, seq_len + 1 of them, are added element by "
    "element. Which shape lets each start meet every point?",
)
def starts_without_a_new_axis(seq_len=50, n_samples=1000, rng=None):
    rng = _rng(rng)
    starts = rng.uniform(0, 2 * np.pi, n_samples)
    waves = np.sin(starts + np.linspace(0, 4 * np.pi, seq_len + 1)).astype(np.float32)
    return waves[:, :-1, None], waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your X has the points as its first axis and the samples as its second. Which shape does the "
    "table give?",
)
def points_before_samples(seq_len=50, n_samples=1000, rng=None):
    rng = _rng(rng)
    starts = rng.uniform(0, 2 * np.pi, n_samples)
    points = starts[None, :] + np.linspace(0, 4 * np.pi, seq_len + 1)[:, None]
    waves = np.sin(points).astype(np.float32)
    return waves[:-1, :, None], waves[-1]


# --- generate_sin_data: rng, dtype, shapes -----------------------------------------------------


@misconception(
    "generate_sin_data",
    "Two generators in the same state give you different data: something besides rng draws. Who "
    "should draw the starts?",
)
def rng_ignored(seq_len=50, n_samples=1000, rng=None):
    return _cut(np.sin(_starts(None, n_samples) + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your data are always the same: each call makes a new generator with a fixed seed. Whose "
    "state should decide?",
)
def always_the_same_seed(seq_len=50, n_samples=1000, rng=None):
    return _cut(np.sin(_starts(np.random.default_rng(0), n_samples) + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Without rng your data are always the same. What does the docstring say about None?",
)
def fixed_seed_without_rng(seq_len=50, n_samples=1000, rng=None):
    rng = np.random.default_rng(42) if rng is None else rng
    return _cut(np.sin(_starts(rng, n_samples) + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your data come from NumPy's global state, which rng does not touch. Which object was handed "
    "to you to draw from?",
    like="rng_ignored",
)
def global_random_state(seq_len=50, n_samples=1000, rng=None):
    starts = np.random.uniform(0.0, 2.0 * np.pi, size=(n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "You draw from a copy of rng, so the same generator gives the same data again and again. "
    "Should its state move on?",
)
def copy_of_the_generator(seq_len=50, n_samples=1000, rng=None):
    import copy

    return _cut(np.sin(_starts(copy.deepcopy(rng), n_samples) + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your function fails without rng. What does the docstring say about None?",
)
def rng_required(seq_len=50, n_samples=1000, rng=None):
    starts = rng.uniform(0.0, 2.0 * np.pi, size=(n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your arrays are float64, NumPy's default. Which dtype does the table give, and what do "
    "torch's layers expect?",
)
def double_precision(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len))
    return waves[:, :-1, None], waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your y is float64 beside a float32 X. Which dtype does the table give for y?",
)
def target_in_double_precision(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len))
    return waves[:, :-1, None].astype(np.float32), waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your X is (n_samples, seq_len). How many features does nn.RNN read at each step, and on "
    "which axis?",
)
def feature_axis_forgotten(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len)).astype(np.float32)
    return waves[:, :-1], waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your y is (n_samples, 1). Against predictions (B,) this would broadcast to (B, B): which "
    "shape does the table give?",
)
def target_with_an_axis_too_many(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len)).astype(np.float32)
    return waves[:, :-1, None], waves[:, -1:]


@misconception(
    "generate_sin_data",
    "Your results are tensors. What does the table say they are?",
)
def tensors_returned(seq_len=50, n_samples=1000, rng=None):
    X, y = _cut(np.sin(_starts(rng, n_samples) + _offsets(seq_len)))
    return torch.from_numpy(X.copy()), torch.from_numpy(y.copy())


@misconception(
    "generate_sin_data",
    "Your window has seq_len + 1 values, y among them. Which of the values does X leave out?",
)
def target_inside_the_window(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len)).astype(np.float32)
    return waves[:, :, None], waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your window has seq_len - 1 values: y was taken from within it. How many points does a "
    "sample have?",
)
def window_one_short(seq_len=50, n_samples=1000, rng=None):
    offsets = np.linspace(0.0, 4.0 * np.pi, seq_len)
    return _cut(np.sin(_starts(rng, n_samples) + offsets))


@misconception(
    "generate_sin_data",
    "Your function always makes 1000 samples. Which name says how many?",
)
def always_a_thousand(seq_len=50, n_samples=1000, rng=None):
    return _cut(np.sin(_starts(rng, 1000) + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "By default your data are not 1000 windows of length 50. What does the signature say?",
)
def other_defaults(seq_len=20, n_samples=100, rng=None):
    return _cut(np.sin(_starts(rng, n_samples) + _offsets(seq_len)))


# --- SinPredictor ------------------------------------------------------------------------------


@misconception(
    "SinPredictor",
    "With a single window your prediction loses its only axis. What does a bare squeeze do when B"
    " is 1?",
)
class BareSqueeze(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1]).squeeze()


@misconception(
    "SinPredictor",
    "Your predictions are (B, 1). Compared with y (B,), they would broadcast to (B, B): which "
    "axis should go?",
)
class LastAxisKept(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1])


@misconception(
    "SinPredictor",
    "Your predictions are squashed once more, so they stay between -1 and 1. What may come out of"
    " fc, and what comes after it?",
)
class TanhAfterFc(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return torch.tanh(self.fc(self.rnn(x)[1][-1])).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your RNN takes the batch axis for time, so windows influence each other. Which argument of "
    "nn.RNN says that the batch comes first?",
)
class BatchTakenForTime(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, -1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "You predict at every step. After which step has the whole window been read?",
)
class PredictionAtEveryStep(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your prediction comes from the state after the first step. What has the network read by then?",
)
class FirstStateRead(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0][:, 0]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your prediction comes from the mean of all states. Which single state has read everything?",
)
class MeanOfTheStates(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0].mean(dim=1)).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your predictions are those of the batch's last window at each of its steps. Which axis of the "
    "rnn's output counts the windows?",
)
class LastRowRead(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your second call starts where the first one stopped. From which state should every call "
    "start?",
)
class StateKeptBetweenCalls(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)
        self.h = None

    def forward(self, x):
        start = self.h if self.h is not None and self.h.shape[1] == len(x) else None
        _, self.h = self.rnn(x, start)
        self.h = self.h.detach()
        if start is None:
            return self.fc(self.rnn(x)[1][-1]).squeeze(-1)
        return self.fc(self.h[-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your state starts at random numbers, so the same window gets a different prediction each "
    "time. Where should a call start?",
)
class RandomStart(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        start = torch.randn(1, len(x), self.rnn.hidden_size, dtype=x.dtype)
        return self.fc(self.rnn(x, start)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your RNN uses ReLU. Which nonlinearity does the docstring name?",
)
class ReluInside(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True, nonlinearity="relu")
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "You apply ReLU between the state and fc, which drops everything negative. What should fc "
    "read?",
)
class ReluBeforeFc(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(torch.relu(self.rnn(x)[1][-1])).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your state always has 32 numbers. Which argument says how many?",
)
class HiddenSizeIgnored(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1]).squeeze(-1)


@misconception("SinPredictor", "By default your state has 64 numbers. What does the signature say?")
class OtherDefault(nn.Module):
    def __init__(self, hidden_size=64):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your gradient stops before it reaches the RNN: the state is detached. How should rnn learn?",
)
class StateDetached(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1].detach()).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your predictions carry no gradient: you build a new tensor from plain numbers. How would the "
    "loss find its way back?",
    like="GradientsOffInForward",
)
class NumbersWithoutGradient(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        predictions = self.fc(self.rnn(x)[1][-1])
        return torch.tensor([value.item() for value in predictions], dtype=x.dtype)


@misconception(
    "SinPredictor",
    "Your module converts its input to float32, whatever dtype the weights have. Which dtype does "
    "x have?",
)
class AlwaysFloat32(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x.float())[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your predictions are the last input plus what fc gives. Is anything added after fc?",
)
class ChangePredicted(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return x[:, -1, 0] + self.fc(self.rnn(x)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your network reads the window from its end to its beginning. Which value does it read last, "
    "then?",
)
class WindowReversed(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x.flip(1))[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your submodules have other names than rnn and fc. Which names does the docstring give?",
)
class OtherNames(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.recurrent = nn.RNN(1, hidden_size, batch_first=True)
        self.linear = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.linear(self.recurrent(x)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your rnn is an LSTM. Which kind does the docstring name?",
)
class LstmInside(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.LSTM(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0][:, -1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your rnn is a GRU. Which kind does the docstring name?",
)
class GruInside(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.GRU(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0][:, -1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Some numbers of the state are dropped at random before fc, so a window gets a different "
    "prediction each time. Does the docstring ask for dropout?",
)
class DropoutBeforeFc(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.dropout(self.rnn(x)[1][-1])).squeeze(-1)


@misconception(
    "SinPredictor",
    "You have a prediction for each step: your rnn reads the batch's windows as the steps of one "
    "sequence. Which argument of nn.RNN says that the batch comes first?",
)
class BatchTakenForTimeFinal(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your predictions are those of the batch's last window at each of its steps. Which axis of "
    "the rnn's output counts the windows?",
    like="LastRowRead",
)
class AxesSwappedOnce(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output, _ = self.rnn(x.permute(1, 0, 2))
        return self.fc(output[:, -1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your predictions are (1, B). What does the first axis of h_n count?",
)
class LayerAxisKept(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your model fails in float64: the zero state that you make has another dtype than the "
    "weights. Where can a new tensor get its dtype from?",
)
class StateInFloat32(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        h0 = torch.zeros(1, len(x), self.rnn.hidden_size)
        _, h_n = self.rnn(x, h0)
        return self.fc(h_n[-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your prediction is that of the batch's last window alone. Which axis of h_n counts the "
    "windows?",
)
class LastWindowAlone(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[:, -1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your fc gets two things at once. Which two results does nn.RNN return?",
)
class PairToFc(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output = self.rnn(x)
        return self.fc(output).squeeze(-1)


@misconception(
    "SinPredictor",
    "You index a pair as if it were a tensor. Which two results does nn.RNN return?",
)
class PairIndexed(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output = self.rnn(x)
        return self.fc(output[:, -1]).squeeze(-1)


@misconception("SinPredictor", "Your rnn gets four axes. Which axes does x already have?")
class FeatureAxisAddedAgain(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output, _ = self.rnn(x.unsqueeze(-1))
        return self.fc(output[:, -1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your predictions are squashed to between 0 and 1. What may come out of fc, and what comes "
    "after it?",
)
class SigmoidAfterFc(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output, _ = self.rnn(x)
        return torch.sigmoid(self.fc(output[:, -1])).squeeze(-1)


# --- train_sin_predictor: the batches ----------------------------------------------------------


@misconception(
    "train_sin_predictor",
    "The samples left over at the end of an epoch are never used. How long may the last batch be?",
)
def last_batch_dropped(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        order, total, count = torch.randperm(len(X)), 0.0, 1e-12
        for i in range(0, len(X) - batch_size + 1, batch_size):
            batch = order[i : i + batch_size]
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total, count = total + loss.item() * len(batch), count + len(batch)
        losses.append(total / count)
    return losses


@misconception(
    "train_sin_predictor",
    "The samples left over at the end of an epoch are never used, though you divide by the number "
    "of all samples. How long may the last batch be?",
)
def whole_batches_only(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        order, total = torch.randperm(len(X)), 0.0
        for i in range(len(X) // batch_size):
            batch = order[i * batch_size : (i + 1) * batch_size]
            X_batch, y_batch = X[batch], y[batch]
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(X_batch), y_batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "The samples left over at the end of an epoch are never used, though you divide by the number "
    "of all samples. How long may the last batch be?",
    like="whole_batches_only",
)
def loader_drops_the_last(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    pairs = torch.utils.data.TensorDataset(X, y)
    loader = torch.utils.data.DataLoader(pairs, batch_size, shuffle=True, drop_last=True)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(X_batch), y_batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            total += loss.item() * len(X_batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "The samples left over at the end of an epoch are never used, and if no batch is full you "
    "divide by zero. How long may the last batch be?",
)
def mean_of_whole_batches(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        order, total = torch.randperm(len(X)), 0.0
        for i in range(len(X) // batch_size):
            batch = order[i * batch_size : (i + 1) * batch_size]
            X_batch, y_batch = X[batch], y[batch]
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(X_batch), y_batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            total += loss.item()
        losses.append(total / (len(X) // batch_size))
    return losses


@misconception(
    "train_sin_predictor",
    "The samples left over at the end of an epoch are never used, and if no batch is full you "
    "divide by zero. How long may the last batch be?",
    like="mean_of_whole_batches",
)
def loader_mean_of_whole_batches(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    pairs = torch.utils.data.TensorDataset(X, y)
    loader = torch.utils.data.DataLoader(pairs, batch_size, shuffle=True, drop_last=True)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(X_batch), y_batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            total += loss.item()
        losses.append(total / len(loader))
    return losses


@misconception(
    "train_sin_predictor",
    "The samples left over at the end of an epoch are never used, and each batch's mean is "
    "divided by the number of samples. How long may the last batch be, and how many samples does "
    "a mean stand for?",
)
def whole_batches_divided_twice(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        order, total = torch.randperm(len(X)), 0.0
        for i in range(len(X) // batch_size):
            batch = order[i * batch_size : (i + 1) * batch_size]
            X_batch, y_batch = X[batch], y[batch]
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(X_batch), y_batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            total += loss.item()
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Your samples come in the order given, in every epoch. What does shuffling protect against?",
)
def never_shuffled(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in zip(X.split(batch_size), y.split(batch_size), strict=True):
            loss = nn.functional.mse_loss(model(X_batch), y_batch)
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(X_batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "You shuffle the windows and leave the targets where they are. Which y belongs to which "
    "window, then?",
)
def pairs_torn_apart(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        shuffled = X[torch.randperm(len(X))]
        for i in range(0, len(X), batch_size):
            X_batch, y_batch = shuffled[i : i + batch_size], y[i : i + batch_size]
            loss = nn.functional.mse_loss(model(X_batch), y_batch)
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(X_batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Each batch is drawn afresh from all samples, so some are used twice in an epoch and some "
    "never. How can every sample be used exactly once?",
)
def drawn_with_replacement(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for i in range(0, len(X), batch_size):
            batch = torch.randint(len(X), (min(batch_size, len(X) - i),))
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "You use only one batch per epoch. How many batches does it take to see every sample?",
)
def one_batch_an_epoch(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        batch = torch.randperm(len(X))[:batch_size]
        loss = nn.functional.mse_loss(model(X[batch]), y[batch])
        _step(model, optimizer, loss, max_norm)
        losses.append(loss.item())
    return losses


@misconception(
    "train_sin_predictor",
    "Your batch is always the whole set: one step per epoch. Which argument says how many samples "
    "a batch has?",
)
def batch_size_ignored(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, epochs, lr, len(X), max_norm)


@misconception(
    "train_sin_predictor",
    "Your batches have one sample each. Which argument says how many they should have?",
)
def one_sample_at_a_time(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, epochs, lr, 1, max_norm)


# --- train_sin_predictor: the losses -----------------------------------------------------------


@misconception(
    "train_sin_predictor",
    "Your epoch's error is the mean of the batches' means, so samples of a short last batch count "
    "more. How can each sample count the same?",
)
def mean_of_means(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        means = []
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            means.append(loss.item())
        losses.append(sum(means) / len(means))
    return losses


@misconception(
    "train_sin_predictor",
    "Your epoch's error is that of its last batch. What about the other samples?",
)
def loss_of_the_last_batch(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
        losses.append(loss.item())
    return losses


@misconception(
    "train_sin_predictor",
    "Your epoch's error is a sum over all samples. What do you divide by for a mean over samples?",
)
def losses_summed(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total)
    return losses


@misconception(
    "train_sin_predictor",
    "You divide the sum of the batches' means by the number of samples, but each mean has already "
    "been divided by its batch's size. How many samples does a batch's mean stand for?",
)
def divided_twice(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item()
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Your totals are never set back to zero between epochs, so the later entries carry the "
    "earlier ones. What belongs inside the outer loop?",
)
def total_never_reset(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    losses = _trained(model, X, y, epochs, lr, batch_size, max_norm)
    return np.cumsum(losses).tolist()


@misconception(
    "train_sin_predictor",
    "Your losses are averages over all epochs so far. Which epoch should an entry describe?",
)
def running_mean_of_epochs(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    losses = _trained(model, X, y, epochs, lr, batch_size, max_norm)
    return (np.cumsum(losses) / np.arange(1, epochs + 1)).tolist()


@misconception(
    "train_sin_predictor",
    "Your losses are root mean squares. What does MSE stand for?",
)
def roots_of_the_losses(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return [loss**0.5 for loss in _trained(model, X, y, epochs, lr, batch_size, max_norm)]


@misconception(
    "train_sin_predictor",
    "Your losses are tensors, each of which keeps its graph alive. Which method gives a Python "
    "float?",
)
def losses_are_tensors(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Your losses are tensors. Which method gives a Python float?",
)
def losses_are_detached_tensors(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return [torch.tensor(loss) for loss in _trained(model, X, y, epochs, lr, batch_size, max_norm)]


@misconception(
    "train_sin_predictor",
    "Your epoch's error is that of its last batch, as a tensor that keeps its graph alive. What "
    "about the other samples, and which method gives a Python float?",
)
def last_batch_as_tensor(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
        losses.append(loss)
    return losses


@misconception(
    "train_sin_predictor",
    "Your epoch's error is the mean of the batches' means, as a tensor that keeps its graph "
    "alive. How can each sample count the same, and which method gives a Python float?",
)
def mean_of_means_as_tensor(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total, count = 0.0, 0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total, count = total + loss, count + 1
        losses.append(total / count)
    return losses


@misconception(
    "train_sin_predictor",
    "You weight every batch's mean by batch_size, though the last batch is shorter. How many "
    "samples does its mean stand for?",
)
def weighed_with_batch_size(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * batch_size
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "You add up squared errors and divide by the number of batches. Over how many values should "
    "the mean be taken?",
)
def squares_by_number_of_batches(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total, count = 0.0, 0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total, count = total + loss.item() * len(batch), count + 1
        losses.append(total / count)
    return losses


@misconception(
    "train_sin_predictor",
    "You list one loss for every batch. How many entries does the table promise?",
)
def one_entry_per_batch(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    losses = []

    def step(model, optimizer, loss, max_norm):
        _step(model, optimizer, loss, max_norm)
        losses.append(loss.item())

    _trained(model, X, y, epochs, lr, batch_size, max_norm, step)
    return losses


@misconception(
    "train_sin_predictor",
    "You train a single epoch and return its loss alone. Is your return inside the loop?",
)
def one_epoch_only(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, 1, lr, batch_size, max_norm)


@misconception(
    "train_sin_predictor",
    "You train one epoch and repeat its loss. How often should every sample be used?",
)
def first_loss_repeated(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, 1, lr, batch_size, max_norm) * epochs


@misconception(
    "train_sin_predictor",
    "Your losses fall nicely whatever the model does: they are not measured. What is the error of "
    "the untouched model?",
)
def losses_made_up(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    _trained(model, X, y, epochs, lr, batch_size, max_norm)
    return [0.5 / (epoch + 1) for epoch in range(epochs)]


@misconception(
    "train_sin_predictor",
    "You return the last loss alone. What does the table promise?",
)
def last_loss_alone(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, epochs, lr, batch_size, max_norm)[-1]


@misconception(
    "train_sin_predictor",
    "You return the trained model instead of the losses. Doesn't the caller already have the "
    "model?",
)
def model_returned(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    _trained(model, X, y, epochs, lr, batch_size, max_norm)
    return model


# --- train_sin_predictor: the step -------------------------------------------------------------


@misconception(
    "train_sin_predictor",
    "Your predictions and targets broadcast to (b, b): every prediction is compared with every "
    "target. Are both (b,)?",
    like="column_of_predictions_expected",
)
def broadcast_against_a_column(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = ((model(X[batch]) - y[batch].reshape(-1, 1)) ** 2).mean()
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "You minimise the absolute error. Which error does the docstring name?",
)
def absolute_error(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            prediction = model(X[batch])
            _step(model, optimizer, nn.functional.l1_loss(prediction, y[batch]), max_norm)
            total += (prediction - y[batch]).square().sum().item()
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Gradients of earlier batches are never cleared. What does the optimizer read, then?",
)
def gradients_pile_up(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "Your model stays as it was: at each step the optimizer finds no gradients, or there is no "
    "step. What makes gradients, what clears them, what uses them, and in which order?",
)
def gradients_cleared_too_late(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "The model does not learn: no optimizer takes a step. Which line moves the weights?",
    like="gradients_cleared_too_late",
)
def optimizer_never_steps(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "When the optimizer reads the gradients, they are not clipped. At which point of a step does "
    "max_norm come in?",
)
def clipping_forgotten(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        _step(model, optimizer, loss, float("inf"))

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "You clip after the step, when the optimizer has already read the gradients. Where does "
    "clipping belong?",
    like="clipping_forgotten",
)
def clipped_behind_the_step(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "You clip single numbers instead of the norm. Which of torch's two clippings keeps the "
    "direction?",
)
def clipped_by_value(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), max_norm)
        optimizer.step()

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "You clip each parameter on its own. What does one norm for all of them preserve?",
)
def clipped_one_by_one(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        optimizer.zero_grad()
        loss.backward()
        for p in model.parameters():
            nn.utils.clip_grad_norm_([p], max_norm)
        optimizer.step()

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "You clip to 1 whatever max_norm says. Which argument is the limit?",
)
def clipped_to_one(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, epochs, lr, batch_size, 1.0)


@misconception(
    "train_sin_predictor",
    "Your optimizer is SGD. Which one does the docstring name?",
)
def plain_sgd(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Each epoch makes a new optimizer, which has lost what the last one had gathered. How many "
    "optimizers does the training need?",
)
def new_optimizer_each_epoch(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return [_trained(model, X, y, 1, lr, batch_size, max_norm)[0] for _ in range(epochs)]


@misconception(
    "train_sin_predictor",
    "Your learning rate is Adam's own default, whatever lr says. Where should lr go?",
)
def learning_rate_ignored(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, epochs, 1e-3, batch_size, max_norm)


@misconception(
    "train_sin_predictor",
    "You train a copy; the caller's model stays as it was. What does `in place` ask for?",
)
def copy_trained(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    import copy

    return _trained(copy.deepcopy(model), X, y, epochs, lr, batch_size, max_norm)


@misconception(
    "train_sin_predictor",
    "The first of the model's parameters is never trained. Which parameters should the optimizer "
    "move?",
)
def part_of_the_model_trained(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    first, *others = list(model.parameters())
    first.requires_grad_(not others)
    losses = _trained(model, X, y, epochs, lr, batch_size, max_norm)
    first.requires_grad_(True)
    return losses


# --- train_sin_predictor: data and defaults ----------------------------------------------------


@misconception(
    "train_sin_predictor",
    "Your function fails on NumPy arrays: it never turns them into tensors. What do torch's "
    "layers read?",
)
def arrays_not_expected(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X.float(), y.float(), epochs, lr, batch_size, max_norm)


@misconception(
    "train_sin_predictor",
    "Your function fails on tensors: it expects NumPy arrays. Which function takes both?",
)
def tensors_not_expected(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = torch.from_numpy(X).float(), torch.from_numpy(y).float()
    return _trained(model, X, y, epochs, lr, batch_size, max_norm)


@misconception(
    "train_sin_predictor",
    "Data in float64 stay in float64, and the model can't read them. In which dtype should the "
    "work be done?",
)
def double_precision_left(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = torch.as_tensor(X), torch.as_tensor(y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "You shift the caller's data in place. What should they hold after the call?",
)
def data_normalised_in_place(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    losses = _trained(model, X, y, epochs, lr, batch_size, max_norm)
    X -= X.mean()
    return losses


@misconception("train_sin_predictor", "By default your lr is 1e-3. What does the signature say?")
def other_learning_rate_by_default(model, X, y, epochs=20, lr=1e-3, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, epochs, lr, batch_size, max_norm)


@misconception("train_sin_predictor", "By default your max_norm is 5. What does the signature say?")
def other_limit_by_default(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=5.0):
    return _trained(model, X, y, epochs, lr, batch_size, max_norm)


@misconception(
    "train_sin_predictor",
    "By default your batches have 32 samples. What does the signature say?",
)
def other_batches_by_default(model, X, y, epochs=20, lr=1e-2, batch_size=32, max_norm=1.0):
    return _trained(model, X, y, epochs, lr, batch_size, max_norm)


# --- forecast ----------------------------------------------------------------------------------


@misconception(
    "forecast",
    "Your window grows: the newest value comes in, but the oldest never leaves. How long may a "
    "window be?",
)
def oldest_never_leaves(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values, value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The newest value comes in at the window's beginning. Which end holds the latest value?",
)
def pushed_in_at_the_beginning(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.cat([value.reshape(1, 1, 1), values[:, :-1]], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The newest value replaces the last one, and nothing moves. Which value should leave?",
)
def last_value_replaced(model, window, steps):
    values, predictions = window[None].clone(), []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values[:, -1, 0] = value
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The wrong value leaves: you drop the latest and keep the oldest. Which of them is T steps "
    "old?",
    like="last_value_replaced",
)
def latest_dropped(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, :-1], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "All your values are the same: the window never moves. What should happen to a prediction "
    "once it is made?",
)
def window_never_moves(model, window, steps):
    with torch.no_grad():
        return torch.cat([model(window[None]) for _ in range(steps)])


@misconception(
    "forecast",
    "Your window wraps around: the oldest value comes back in as the newest. What should come in "
    "at the end?",
)
def window_rolled_round(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            predictions.append(model(values))
            values = values.roll(-1, dims=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your forecast is right, but the caller's window has changed. Which of your lines writes to "
    "it?",
)
def window_changed_in_place(model, window, steps):
    predictions = []
    with torch.no_grad():
        for _ in range(steps):
            value = model(window[None])
            predictions.append(value)
            window[:-1] = window[1:].clone()
            window[-1] = value
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your forecast begins with the window itself. How many values does the table promise, and "
    "which is the first?",
)
def window_in_front(model, window, steps):
    values = window[:, 0].tolist()
    with torch.no_grad():
        for _ in range(steps):
            values.append(model(torch.tensor(values[-len(window) :]).reshape(1, -1, 1)).item())
    return torch.tensor(values)


@misconception("forecast", "Your forecast is one value short. How many times should the loop run?")
def one_value_short(model, window, steps):
    values, predictions = window[None], [torch.empty(0)]
    with torch.no_grad():
        for _ in range(steps - 1):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your forecast begins with the window's last value, which is already known. Which value is "
    "the first to be predicted?",
)
def last_known_value_first(model, window, steps):
    values, predictions = window[None], [window[-1]]
    with torch.no_grad():
        for _ in range(steps - 1):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The furthest value comes first in your forecast. Which order does the table give?",
)
def furthest_first(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.insert(0, value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Only the last value comes back. What does the table promise?",
)
def last_value_only(model, window, steps):
    values = window[None]
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return value


@misconception(
    "forecast",
    "Your forecast is (steps, 1). Which shape does the table give?",
)
def forecast_as_a_column(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.stack(predictions)


@misconception(
    "forecast",
    "Your forecast is a list of Python floats. What does the table promise?",
)
def forecast_as_a_list(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value.item())
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return predictions


@misconception(
    "forecast",
    "Your forecast is a NumPy array. What does the table promise?",
)
def forecast_as_an_array(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions).numpy()


@misconception(
    "forecast",
    "A graph is built through all your predictions. Does anything here need gradients?",
)
def graph_through_all_steps(model, window, steps):
    values, predictions = window[None], []
    for _ in range(steps):
        value = model(values)
        predictions.append(value)
        values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your predictions are detached one by one, but each has built its graph by then. What "
    "switches gradients off from the start?",
    like="numbers_kept_graphs_built",
)
def detached_after_each_step(model, window, steps):
    values, predictions = window[None], []
    for _ in range(steps):
        value = model(values).detach()
        predictions.append(value)
        values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "You switch to evaluation mode and leave gradients on. Which of the two decides whether a "
    "graph is built?",
)
def eval_in_place_of_no_grad(model, window, steps):
    model.eval()
    values, predictions = window[None], []
    for _ in range(steps):
        value = model(values)
        predictions.append(value.item())
        values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.tensor(predictions)


@misconception(
    "forecast",
    "Only the first prediction runs without gradients: the rest is outside the block. How far "
    "does `with` reach?",
)
def gradients_off_at_first_only(model, window, steps):
    with torch.no_grad():
        value = model(window[None])
    values, predictions = window[None], [value]
    for _ in range(steps - 1):
        values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
        value = model(values).detach()
        predictions.append(value)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your forecast is float64. Which dtype does the table give?",
)
def forecast_in_double_precision(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions).double()


@misconception(
    "forecast",
    "The model gets a window without a batch axis. Which shape does it expect?",
)
def batch_axis_forgotten(model, window, steps):
    predictions = []
    with torch.no_grad():
        for _ in range(steps):
            value = model(window)
            predictions.append(value.reshape(1))
            window = torch.cat([window[1:], value.reshape(1, 1)])
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The new axis is in the wrong place: the model reads T windows of one value each. Which axis "
    "should have length 1?",
)
def every_value_a_window(model, window, steps):
    predictions = []
    with torch.no_grad():
        for _ in range(steps):
            value = model(window[:, None])[-1:]
            predictions.append(value)
            window = torch.cat([window[1:], value.reshape(1, 1)])
    return torch.cat(predictions)


@misconception(
    "forecast",
    "You feed back the first prediction only; from then on the window stays the same. Which lines "
    "belong inside the loop?",
)
def moved_once_only(model, window, steps):
    with torch.no_grad():
        first = model(window[None])
        values = torch.cat([window[None, 1:], first.reshape(1, 1, 1)], dim=1)
        return torch.cat([first, *[model(values) for _ in range(steps - 1)]])


@misconception(
    "forecast",
    "Predictions outside -1..1 are cut off before they come back in. Does the docstring say that "
    "the model predicts a sine?",
)
def predictions_clamped(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values).clamp(-1, 1)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your predictions are rounded before they are fed back. How many digits does a float32 have?",
)
def predictions_rounded(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values).round(decimals=3)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The new axis is in the wrong place: the model reads T windows of one value each. Which axis "
    "should have length 1?",
)
def window_unsqueezed_in_the_middle(model, window, steps):
    predictions = []
    with torch.no_grad():
        for _ in range(steps):
            value = model(window.unsqueeze(1))
            predictions.append(value)
            window = torch.cat([window[1:], value.view(1, 1)])
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your prediction can't be joined to the window, because its axes differ. Which shape must it "
    "have there?",
)
def prediction_joined_as_it_is(model, window, steps):
    predictions = []
    with torch.no_grad():
        for _ in range(steps):
            value = model(window.unsqueeze(0))
            predictions.append(value)
            window = torch.cat([window[1:], value])
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your prediction can't be joined to the batch of one window, because its axes differ. Which "
    "shape must it have there?",
)
def prediction_joined_to_the_batch(model, window, steps):
    values, predictions = window.unsqueeze(0), []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value], dim=1)
    return torch.cat(predictions)


@misconception("forecast", "Your forecast is a list of tensors. What does the table promise?")
def forecast_as_a_list_of_tensors(model, window, steps):
    predictions = []
    with torch.no_grad():
        for _ in range(steps):
            value = model(window.unsqueeze(0))
            predictions.append(value)
            window = torch.cat([window[1:], value.view(1, 1)])
    return predictions


@misconception(
    "forecast",
    "Each of your predictions has built its graph by the time that you keep its number alone. What "
    "switches gradients off from the start?",
)
def numbers_kept_graphs_built(model, window, steps):
    predictions = []
    for _ in range(steps):
        value = model(window.unsqueeze(0))
        predictions.append(value.item())
        window = torch.cat([window[1:], value.view(1, 1)])
    return torch.tensor(predictions)


@misconception(
    "forecast",
    "You switch to evaluation mode, and a graph is built through all your predictions. What "
    "decides whether a graph is built?",
)
def eval_and_a_graph(model, window, steps):
    model.eval()
    predictions = []
    for _ in range(steps):
        value = model(window.unsqueeze(0))
        predictions.append(value)
        window = torch.cat([window[1:], value.view(1, 1)])
    return torch.cat(predictions)


@misconception(
    "forecast",
    "You read the forecast off the window, which only holds T values. Where do the first "
    "predictions go when there are more steps than that?",
)
def read_off_the_window(model, window, steps):
    with torch.no_grad():
        for _ in range(steps):
            value = model(window.unsqueeze(0))
            window = torch.cat([window[1:], value.view(1, 1)])
    return window[-steps:, 0]


@misconception(
    "forecast",
    "Your forecast is the whole window as it is after the last step. How many values does the "
    "table promise?",
)
def window_for_forecast(model, window, steps):
    with torch.no_grad():
        for _ in range(steps):
            value = model(window.unsqueeze(0))
            window = torch.cat([window[1:], value.view(1, 1)])
    return window.squeeze(-1)


@misconception(
    "forecast",
    "Your window's values move towards its end, and the newest overwrites the one that arrives "
    "there. Towards which end does a value move as it gets older?",
)
def rolled_the_wrong_way(model, window, steps):
    values, predictions = window.unsqueeze(0), []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = torch.roll(values, 1, dims=1)
            values[0, -1, 0] = value
    return torch.cat(predictions)


# --- more of each ------------------------------------------------------------------------------


@misconception(
    "generate_sin_data",
    "Your starts lie on a fixed grid, shuffled: a single sample always starts at zero. Where may "
    "a start lie?",
)
def shuffled_grid(seq_len=50, n_samples=1000, rng=None):
    starts = np.linspace(0.0, 2.0 * np.pi, n_samples, endpoint=False)
    return _cut(np.sin(_rng(rng).permutation(starts)[:, None] + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Each of your starts serves two samples. How many starts do n_samples samples need?",
)
def starts_used_twice(seq_len=50, n_samples=1000, rng=None):
    starts = np.repeat(_starts(rng, (n_samples + 1) // 2), 2, axis=0)[:n_samples]
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your starts end at 6, a little short of a full period. How long is a period exactly?",
)
def starts_up_to_six(seq_len=50, n_samples=1000, rng=None):
    starts = _rng(rng).uniform(0.0, 6.0, size=(n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your starts are drawn in degrees but used as radians. Which unit does np.sin expect?",
)
def degrees_for_radians(seq_len=50, n_samples=1000, rng=None):
    starts = _rng(rng).integers(0, 360, size=(n_samples, 1))
    return _cut(np.sin(starts + _offsets(seq_len)))


@misconception(
    "generate_sin_data",
    "Your points are a bit off: you wrote π as 3.14. Which constant does NumPy have?",
)
def pi_rounded(seq_len=50, n_samples=1000, rng=None):
    return _cut(np.sin(_starts(rng, n_samples) + np.linspace(0.0, 4 * 3.14, seq_len + 1)))


@misconception(
    "generate_sin_data",
    "The number of samples and the length of a window are swapped. Which argument comes first?",
)
def length_and_number_mixed_up(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, seq_len) + _offsets(n_samples)).astype(np.float32)
    return waves[:, :-1, None], waves[:, -1]


@misconception(
    "generate_sin_data",
    "X and y are in the wrong order. Which one does the table name first?",
)
def pair_swapped(seq_len=50, n_samples=1000, rng=None):
    X, y = _cut(np.sin(_starts(rng, n_samples) + _offsets(seq_len)))
    return y, X


@misconception(
    "generate_sin_data",
    "Your rows and your targets no longer belong together: only X was reordered. Which y follows "
    "which window?",
)
def targets_of_other_rows(seq_len=50, n_samples=1000, rng=None):
    X, y = _cut(np.sin(_starts(rng, n_samples) + _offsets(seq_len)))
    return X[::-1], y


@misconception(
    "generate_sin_data",
    "Your feature axis comes before the time axis. Which shape does the table give?",
)
def feature_axis_in_the_middle(seq_len=50, n_samples=1000, rng=None):
    X, y = _cut(np.sin(_starts(rng, n_samples) + _offsets(seq_len)))
    return X.transpose(0, 2, 1), y


@misconception(
    "SinPredictor",
    "Your window's values are regrouped on the way into the RNN, so windows mix. What does a view"
    " do to the order of numbers?",
)
class ViewInPlaceOfTranspose(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output, _ = self.rnn(x.reshape(x.shape[1], x.shape[0], 1))
        return self.fc(output[-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "You return the absolute value of what fc gives. May a prediction be negative?",
)
class NeverNegative(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1]).squeeze(-1).abs()


@misconception(
    "SinPredictor",
    "Your predictions are cut off at -1 and 1. Which real numbers may come out?",
)
class CutOffAtOne(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][-1]).squeeze(-1).clamp(-1, 1)


@misconception(
    "SinPredictor",
    "The last step of the window is never read. Where does a slice with -1 at its end stop?",
)
class LastStepUnread(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        read = x[:, :-1] if x.shape[1] > 1 else x
        return self.fc(self.rnn(read)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "You subtract each window's mean before it is read. Does the docstring say so?",
)
class WindowsCentred(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x - x.mean(dim=1, keepdim=True))[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Gradients are off in your forward, so the module never learns. When would that be right?",
)
class GradientsOffInForward(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        with torch.no_grad():
            return self.fc(self.rnn(x)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your input is detached, so no gradient with respect to the window comes out. How would a "
    "layer before this one learn?",
)
class InputDetached(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.fc(self.rnn(x.detach())[1][-1]).squeeze(-1)


@misconception(
    "train_sin_predictor",
    "Each batch's error is measured after its step, on the weights that have just been fitted to "
    "it. Which two moments does the docstring allow?",
)
def measured_after_each_step(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            _step(model, optimizer, nn.functional.mse_loss(model(X[batch]), y[batch]), max_norm)
            total += (model(X[batch]) - y[batch]).square().sum().item()
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "You take one step per epoch, with the gradients of all batches added up. When should a "
    "mini-batch move the weights?",
    like="batch_size_ignored",
)
def one_step_an_epoch(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        optimizer.zero_grad()
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            loss.backward()
            total += loss.item() * len(batch)
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Gradients are cleared once per epoch, so each batch's are added to those of the batches "
    "before. When should they go?",
)
def cleared_once_an_epoch(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        optimizer.zero_grad()
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "You clip before backward, so the gradients made afterwards keep their length. When do this "
    "batch's gradients exist?",
    like="clipping_forgotten",
)
def clipped_ahead_of_backward(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        optimizer.zero_grad()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        loss.backward()
        optimizer.step()

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "Your optimizer is RMSprop. Which one does the docstring name?",
)
def rmsprop(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Your loop stops one batch early whenever there is more than one. How many batches are there?",
)
def last_full_batch_left_out(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        order, total, count = torch.randperm(len(X)), 0.0, 0
        for i in range(0, max(len(X) - batch_size, 1), batch_size):
            batch = order[i : i + batch_size]
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total, count = total + loss.item() * len(batch), count + len(batch)
        losses.append(total / count)
    return losses


@misconception(
    "train_sin_predictor",
    "You hold back a fifth of the samples, and the model never learns from them. Which samples "
    "should be used?",
)
def validation_split_held_back(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    count = max(1, int(0.8 * len(X)))
    return _trained(model, X[:count], y[:count], epochs, lr, batch_size, max_norm)


@misconception(
    "train_sin_predictor",
    "You stop early when the error is small, so some entries are missing. How many does the table"
    " promise?",
)
def stops_early(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    losses = []
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
        if len(losses) > 1 and losses[-1] > losses[-2] - 1e-4:
            break
    return losses


@misconception(
    "train_sin_predictor",
    "Of predictions and targets, one is (b, 1) and the other (b,). Which shape does their "
    "difference have?",
)
def column_of_predictions_expected(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = ((model(X[batch]).unsqueeze(1) - y[batch]) ** 2).mean()
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Within an epoch you use the same samples batch after batch. Which index should change in the "
    "inner loop?",
)
def same_batch_again_and_again(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total, sizes = 0.0, [len(b) for b in _batches(len(X), batch_size)]
        order = torch.randperm(len(X))
        for size in sizes:
            batch = order[:size]
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * size
        losses.append(total / len(X))
    return losses


@misconception(
    "forecast",
    "From the second value on, your model reads the latest prediction only: the window was "
    "replaced, not moved. How many known values should be left after one step?",
)
def window_replaced_by_the_prediction(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = value.reshape(1, 1, 1).expand(1, len(window), 1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "You add each prediction to the last value, as if it were a change. What does the model "
    "predict?",
)
def changes_added_up(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = values[:, -1, 0] + model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Each prediction comes into your window twice, and two values leave. By how many should the "
    "window move?",
)
def moved_by_two(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            newest = value.reshape(1, 1, 1)
            values = torch.cat([values[:, 2:], newest, newest], dim=1)[:, -len(window) :]
    return torch.cat(predictions)


@misconception(
    "forecast",
    "After as many steps as the window is long, your forecast repeats itself. Which values does "
    "the model read once all known ones are gone?",
)
def repeats_after_one_window(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for i in range(steps):
            if i >= len(window):
                predictions.append(predictions[i - len(window)])
                continue
            value = model(values)
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The model reads its window from the latest value to the oldest. In which order was it "
    "trained to read?",
)
def window_read_backwards(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values.flip(1))
            predictions.append(value)
            values = torch.cat([values[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "You call backward while forecasting, so the model's parameters hold gradients afterwards. "
    "Does anything here need them?",
)
def backward_called(model, window, steps):
    values, predictions = window[None], []
    for _ in range(steps):
        value = model(values)
        value.sum().backward()
        predictions.append(value.detach())
        values = torch.cat([values[:, 1:], value.detach().reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "Your window shrinks: the oldest value leaves, but no prediction comes in. How long should a "
    "window be?",
)
def window_shrinks(model, window, steps):
    values, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            value = model(values)
            predictions.append(value)
            values = values[:, 1:] if values.shape[1] > 1 else value.reshape(1, 1, 1)
    return torch.cat(predictions)


# --- what shows only later: in evaluation, in the second epoch, after the call -----------------


@misconception(
    "generate_sin_data",
    "Your starts form an even grid, shifted as a whole by one draw, so one start tells all the "
    "others. How many draws do n_samples starts need?",
)
def grid_moved_by_one_draw(seq_len=50, n_samples=1000, rng=None):
    grid = 2.0 * np.pi * np.arange(n_samples)[:, None] / n_samples
    return _cut(np.sin(_rng(rng).uniform(0.0, 2.0 * np.pi) + grid + _offsets(seq_len)))


class _Network(nn.Module):
    """The two submodules as they should be."""

    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def read(self, x, h0=None):
        return self.fc(self.rnn(x, h0)[1][-1]).squeeze(-1)


@misconception(
    "SinPredictor",
    "Your network learns the state from which a call starts. Which state does the docstring ask "
    "for?",
)
class LearnedStart(_Network):
    def __init__(self, hidden_size=32):
        super().__init__(hidden_size)
        self.h0 = nn.Parameter(torch.zeros(1, 1, hidden_size))

    def forward(self, x):
        return self.read(x, self.h0.expand(-1, len(x), -1).contiguous())


@misconception(
    "SinPredictor",
    "After fc, your network multiplies by a number that it learns. What may follow fc?",
)
class ScaleLearned(_Network):
    def __init__(self, hidden_size=32):
        super().__init__(hidden_size)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.read(x) * self.scale


@misconception(
    "SinPredictor",
    "In evaluation mode your predictions never leave the range from -1 to 1. What should come out "
    "when fc gives 2?",
)
class ClampedInEvaluation(_Network):
    def forward(self, x):
        return self.read(x) if self.training else self.read(x).clamp(-1.0, 1.0)


@misconception(
    "SinPredictor",
    "In evaluation mode your predictions carry no gradient. Evaluation mode is about dropout and "
    "the like: who should decide whether a graph is built?",
)
class NoGradientInEvaluation(_Network):
    def forward(self, x):
        with torch.set_grad_enabled(self.training):
            return self.read(x)


@misconception(
    "SinPredictor",
    "In evaluation mode your second call starts where the first one ended. From which state "
    "should every call start?",
)
class StateKeptInEvaluation(_Network):
    kept = None

    def forward(self, x):
        known = not self.training and self.kept is not None and self.kept.shape[1] == len(x)
        _, h_n = self.rnn(x, self.kept if known else None)
        self.kept = h_n.detach()
        return self.fc(h_n[-1]).squeeze(-1)


def _in_orders(model, X, y, epochs, lr, batch_size, max_norm, order):
    """Right training, but for the order of an epoch's samples."""
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in order().split(batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Your samples are shuffled once, so every epoch has the same batches. Where in the loops does "
    "a fresh order belong?",
)
def shuffled_once(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    kept = torch.randperm(len(X))
    return _in_orders(model, X, y, epochs, lr, batch_size, max_norm, lambda: kept)


@misconception(
    "train_sin_predictor",
    "Every epoch draws its order from a new generator with the same seed, so the order is always "
    "the same. Where should a generator be made?",
    like="shuffled_once",
)
def generator_made_in_the_loop(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def order():
        return torch.as_tensor(np.random.default_rng(0).permutation(len(X)))

    return _in_orders(model, X, y, epochs, lr, batch_size, max_norm, order)


@misconception(
    "train_sin_predictor",
    "You minimise the sum of a batch's squared errors; its gradient is longer than the mean's and "
    "so gets clipped earlier. Which of the two is the loss?",
)
def sum_descended(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch], reduction="sum")
            _step(model, optimizer, loss, max_norm)
            total += loss.item()
        losses.append(total / len(X))
    return losses


@misconception(
    "train_sin_predictor",
    "Your gradients are always scaled to the length max_norm, even short ones. Which ones should "
    "clipping leave alone?",
)
def always_rescaled(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    def step(model, optimizer, loss, max_norm):
        optimizer.zero_grad()
        loss.backward()
        gradients = [parameter.grad for parameter in model.parameters()]
        norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
        for gradient in gradients:
            gradient.mul_(max_norm / (norm + 1e-6))
        optimizer.step()

    return _trained(model, X, y, epochs, lr, batch_size, max_norm, step)


@misconception(
    "train_sin_predictor",
    "Your optimizer also pulls every weight towards zero. Is it Adam, or one of its relatives?",
)
def adamw(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    X, y = _floats(X, y)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses


@misconception(
    "forecast",
    "After the forecast the model's parameters no longer require grad. Whose model is it?",
)
def model_frozen(model, window, steps):
    model.requires_grad_(False)
    window, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            predictions.append(model(window))
            window = torch.cat([window[:, 1:], predictions[-1].reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "After the forecast, parameters that had been frozen require grad again. Whose model is it, "
    "and what switches gradients off without changing it?",
    like="everything_thawed",
)
def model_frozen_and_thawed(model, window, steps):
    model.requires_grad_(False)
    window, predictions = window[None], []
    for _ in range(steps):
        predictions.append(model(window).detach())
        window = torch.cat([window[:, 1:], predictions[-1].reshape(1, 1, 1)], dim=1)
    model.requires_grad_(True)
    return torch.cat(predictions)


@misconception(
    "forecast",
    "The gradients that the model held are gone after the forecast. Who may still need them?",
)
def gradients_wiped(model, window, steps):
    model.zero_grad()
    window, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            predictions.append(model(window))
            window = torch.cat([window[:, 1:], predictions[-1].reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)


@misconception(
    "train_sin_predictor",
    "A max_norm above 1 counts as 1 in your training. Is the default of an argument its largest "
    "value?",
)
def clipped_to_one_at_most(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    return _trained(model, X, y, epochs, lr, batch_size, min(max_norm, 1.0))


@misconception(
    "forecast",
    "After the forecast, parameters that had been frozen require grad. Who decided that they "
    "should not learn?",
)
def everything_thawed(model, window, steps):
    window, predictions = window[None], []
    with torch.no_grad():
        for _ in range(steps):
            predictions.append(model(window))
            window = torch.cat([window[:, 1:], predictions[-1].reshape(1, 1, 1)], dim=1)
    model.requires_grad_(True)
    return torch.cat(predictions)


@misconception(
    "generate_sin_data",
    "Your X has no axis for the feature, and both arrays are float64. Which shape and which dtype "
    "does the table give?",
)
def bare_rows_in_double_precision(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len))
    return waves[:, :-1], waves[:, -1]


@misconception(
    "generate_sin_data",
    "Your y has a value for every step of the window. How many values does the model predict for one "
    "window?",
)
def target_for_every_step(seq_len=50, n_samples=1000, rng=None):
    waves = np.sin(_starts(rng, n_samples) + _offsets(seq_len)).astype(np.float32)
    return waves[:, :-1, None], waves[:, 1:]


@misconception(
    "SinPredictor",
    "You predict after every step, and keep fc's axis of size 1: (B, T, 1). After which step is a "
    "prediction asked for, and which axes are left then?",
)
class PredictionAtEveryStepInAColumn(nn.Module):
    def __init__(self, hidden_size=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "train_sin_predictor",
    "Your training fails on NumPy arrays, and tensors go into the model as they are. What does the "
    "table say X and y may be, and in which dtype is the work done?",
)
def data_used_as_it_comes(model, X, y, epochs=20, lr=1e-2, batch_size=64, max_norm=1.0):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in _batches(len(X), batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            _step(model, optimizer, loss, max_norm)
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses
