"""Exercise 5: gradients through time, how they fade, how they grow, and how to clip them.

What was read at step t reaches the last state through every step in between, and so does the
gradient on its way back. The derivative of the last state with respect to that at t has one factor
per step:

    dh_T / dh_t  =  diag(1 - h_T²) W_hh  ·  …  ·  diag(1 - h_{t+1}²) W_hh

Here 1 - h² is the slope of tanh, at most 1, and near 1 for small states: there the spectral radius
of W_hh, its largest |eigenvalue|, sets the pace. Below 1, powers of W_hh vanish in the long run.
Above 1 the product may explode, but need not, since large states flatten tanh. Where it does
explode, one step of gradient descent can throw a model far away. Clipping shortens the gradient as
a whole and leaves its direction alone:

    g  becomes  g * max_norm / |g|   where |g| > max_norm

Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks",
https://arxiv.org/abs/1211.5063 (the clipping is its algorithm 1).

Letters: B batch, T time steps, I input size, H hidden size.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn


def input_gradient_norms(rnn: nn.RNNBase, x: Tensor) -> Tensor:
    """How strongly does the last output depend on what was read at each step?

    The quantity to differentiate is the sum of all numbers of output[:, -1]. Its gradient with
    respect to x has the shape of x. Entry t of the result is the Euclidean norm (the root of the
    sum of squares) of this gradient's numbers at step t, over batch and features together.

    ========  =========  ==========================================================
    rnn                  nn.RNN, nn.LSTM or nn.GRU: batch first, one direction,
                         one layer or several
    x         (B, T, I)  what it reads, starting from its zero state
    returns   (T,)       one norm for each step, in x's dtype
    ========  =========  ==========================================================

    This is a look from outside: no parameter's `.grad` changes (one that is None stays None), the
    parameters still require grad, and x keeps its values and its own `.grad`.
    """
    # TODO: run rnn on a copy of x that requires grad; differentiate; one norm per step.
    raise NotImplementedError


def spectral_radius(W: Tensor) -> float:
    """The largest absolute value among the eigenvalues of a square matrix.

    Eigenvalues of a real matrix may be negative, and they may be complex: a matrix that rotates
    the plane has a pair a ± bi, whose absolute value is the root of a² + b².

    ========  ======  =====================================
    W         (H, H)  a real matrix, symmetric or not
    returns           a plain Python float
    ========  ======  =====================================
    """
    # TODO: find the eigenvalues, then the largest of their absolute values.
    raise NotImplementedError


def rescale_recurrent(W_hh: Tensor, radius: float) -> Tensor:
    """W_hh times one positive number, chosen so that its spectral radius becomes `radius`.

    Multiplying a matrix by a positive number multiplies its spectral radius by the same number.

    ========  ======  ==========================================================
    W_hh      (H, H)  a matrix whose own spectral radius is above 0
    radius            the spectral radius to reach, above 0
    returns   (H, H)  a new matrix in W_hh's dtype; W_hh stays as it is
    ========  ======  ==========================================================
    """
    # TODO: by which number must W_hh be multiplied?
    raise NotImplementedError


def clip_gradients(parameters: Iterable[Tensor], max_norm: float) -> float:
    """Clip the gradients of all parameters together to a total norm, by hand.

    The total norm is the Euclidean norm of all numbers of all gradients, as if they formed one
    long vector. Where it exceeds max_norm, every gradient is multiplied by the same factor, so that
    the total becomes max_norm (a relative slack of 1e-3 is fine). Where it doesn't, all gradients
    stay as they are.

    ==========  ===========================================================================
    parameters  any iterable, even one that can be iterated only once, such as a generator
                like model.parameters(); one whose `.grad` is None is skipped and stays so
    max_norm    the total norm to keep to, above 0
    returns     the total norm before clipping; 0.0 where there is no gradient at all
    ==========  ===========================================================================

    Change each `.grad` in place, or put a new tensor there; the parameters' values stay. By hand
    means without torch's own clip_grad_norm_, clip_grads_with_norm_ and get_total_norm.
    """
    # TODO: collect the gradients that are there, measure them together, shrink them together.
    raise NotImplementedError


def train_step_clipped(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    y: Tensor,
    max_norm: float,
) -> tuple[float, float]:
    """One step of training, with the gradients of all the model's parameters clipped to max_norm.

    =========  ===================================================================
    model      what is trained; model(x) is the prediction
    optimizer  holds the model's parameters
    loss_fn    loss_fn(prediction, target) gives a scalar
    x, y       one batch: the input and its target
    max_norm   the optimizer never sees gradients of a larger total norm than this
    returns    (loss before the step, total gradient norm before clipping)
    =========  ===================================================================

    Both results may be Python floats or 0-d tensors. Gradients left over from earlier never count.
    Here you may use torch's own clipping, or yours.
    """
    # TODO: the five moves of a training step; think about where among them clipping belongs.
    raise NotImplementedError
