"""Exercise 6: predicting a sine wave, from the data to the forecast.

A network reads a window of a wave and predicts the value that comes next. One prediction after
another, each fed back as if it had been observed, makes a forecast of any length.

Samples of a sine at equal distances d obey a recurrence of their own:

    s_{t+1} = 2 cos(d) s_t - s_{t-1}

so two values in a row and d are all that one needs to know: a small network can learn this task.
Sources: the identity is sin(a + d) + sin(a - d) = 2 sin(a) cos(d); the optimizer is Adam,
https://arxiv.org/abs/1412.6980, as in torch.optim.Adam.

Letters: B batch, T time steps (the window's length).
"""

import numpy as np
import torch
from torch import Tensor, nn


def generate_sin_data(
    seq_len: int = 50, n_samples: int = 1000, rng: np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Windows of a sine wave, and the value that follows each window.

    A sample is the sine at seq_len + 1 evenly spaced points. The first of them is the sample's own
    start, drawn uniformly over a full period of 2π; the last one lies exactly 4π after it. X gets
    all values but the last, y the last. (Two whole periods end where they began: y equals the
    window's first value, a handy check.)

    =========  =======================  ================================================
    seq_len                             length of a window, 1 or more
    n_samples                           number of samples, 1 or more
    rng                                 draws the starts: a generator in the same state
                                        gives the same data; None gives fresh data
    X          (n_samples, seq_len, 1)  returned first: NumPy, float32
    y          (n_samples,)             returned second: NumPy, float32
    =========  =======================  ================================================
    """
    # TODO: draw the starts, lay out the points after each of them, take the sine, cut off y.
    ### BEGIN SOLUTION
    rng = np.random.default_rng() if rng is None else rng
    starts = rng.uniform(0.0, 2.0 * np.pi, size=(n_samples, 1))
    points = starts + np.linspace(0.0, 4.0 * np.pi, seq_len + 1)
    waves = np.sin(points).astype(np.float32)
    return waves[:, :-1, np.newaxis], waves[:, -1]
    ### END SOLUTION


class SinPredictor(nn.Module):
    """A tanh nn.RNN reads the window; one linear layer turns its last state into the prediction.

    ===========  =============================================================
    hidden_size  numbers in the state
    self.rnn     a tanh nn.RNN that reads one number per step
    self.fc      one nn.Linear from the state to one number
    ===========  =============================================================

    Both have these names, and keep their biases, so that weights can be set.
    """

    def __init__(self, hidden_size: int = 32) -> None:
        super().__init__()
        # TODO: make the two submodules, under these names.
        ### BEGIN SOLUTION
        self.rnn = nn.RNN(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """Predict the value after each window, from the state after the window's last step.

        =======  =========  ================================================
        x        (B, T, 1)  windows; B and T may be 1
        returns  (B,)       what fc gives: any real numbers, unchanged
        =======  =========  ================================================

        Every call starts from a zero state. A model in float64 gives float64.
        """
        # TODO: read the windows, apply fc to the last state, and drop the axis of size 1.
        ### BEGIN SOLUTION
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]).squeeze(-1)
        ### END SOLUTION


def train_sin_predictor(
    model: nn.Module,
    X: np.ndarray | Tensor,
    y: np.ndarray | Tensor,
    epochs: int = 20,
    lr: float = 1e-2,
    batch_size: int = 64,
    max_norm: float = 1.0,
) -> list[float]:
    """Train the model in place: mean squared error, Adam, shuffled mini-batches, clipped gradients.

    In each epoch every sample is used once, in batches that follow a freshly drawn order; the last
    batch may be shorter than the others. Before each step, the gradients are clipped together to a
    total norm of max_norm (torch's clip_grad_norm_ is welcome).

    ==========  ======================  ===================================================
    model       (B, T, 1) → (B,)        a float32 model, trained by one new Adam
    X           (n_samples, T, 1)       windows: a NumPy array or a tensor
    y           (n_samples,)            the value after each window: like X; both stay as
                                        they are, and the work is done in float32
    epochs                              passes over all samples
    lr                                  Adam's learning rate
    batch_size                          samples in a batch
    returns     a list of `epochs`      the mean squared error of each epoch over all
                Python floats           samples, each of which counts the same
    ==========  ======================  ===================================================

    An epoch's error may be taken batch by batch while training, or over all samples at the epoch's
    end. With lr=0 nothing moves, and both are the error of the untouched model.
    """
    # TODO: one optimizer; in each epoch a new order, its batches, a clipped step for each of them.
    ### BEGIN SOLUTION
    X = torch.as_tensor(X, dtype=torch.float32)
    y = torch.as_tensor(y, dtype=torch.float32)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(X)).split(batch_size):
            loss = nn.functional.mse_loss(model(X[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(X))
    return losses
    ### END SOLUTION


def forecast(model: nn.Module, window: Tensor, steps: int) -> Tensor:
    """Continue a wave: predict a value, treat it as observed, predict the next, and so on.

    The window always keeps its length: at each step the newest prediction comes in at its end and
    the oldest value leaves at its beginning.

    =======  ==================  ====================================================
    model    (B, T, 1) → (B,)    any module that predicts the value after each window
    window   (T, 1)              the last T values known, oldest first; stays as it is
    steps                        how many values to predict, 1 or more
    returns  (steps,)            the predictions, the nearest first; float32
    =======  ==================  ====================================================

    No graph is built while it runs.
    """
    # TODO: without gradients: predict, keep the value, move the window on by one; `steps` times.
    ### BEGIN SOLUTION
    window = window.unsqueeze(0)
    predictions = []
    with torch.no_grad():
        for _ in range(steps):
            value = model(window)
            predictions.append(value)
            window = torch.cat([window[:, 1:], value.reshape(1, 1, 1)], dim=1)
    return torch.cat(predictions)
    ### END SOLUTION
