"""Exercise 1: the recurrence by hand.

A recurrent network reads a sequence one step at a time and carries a state along.
The new state mixes what comes in with the state before it:

    h_t = tanh(W_xh x_t + W_hh h_{t-1} + b)

The same three parameters are used at every step; that is the whole idea.
Formula: https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html, whose two
biases are added up into one b here. By hand means without nn.RNN, nn.RNNCell and
their kernels; you may use matrix products and torch.tanh.

Letters: B batch, T time steps, I input size, H hidden size.
"""

import torch
from torch import Tensor


def rnn_step(x_t: Tensor, h_prev: Tensor, W_xh: Tensor, W_hh: Tensor, b: Tensor) -> Tensor:
    """One step of the recurrence: tanh(W_xh x_t + W_hh h_prev + b), for each row of the batch.

    ========  ======  ==============================
    x_t       (B, I)  what comes in at this step
    h_prev    (B, H)  the state before it
    W_xh      (H, I)  input to hidden
    W_hh      (H, H)  hidden to hidden
    b         (H,)    bias
    returns   (B, H)  the state after it
    ========  ======  ==============================

    The arguments stay as they are; the result has their dtype, float32 or float64.
    Gradients flow back to all five.
    """
    # TODO: mix input and state with their matrices, add the bias, squash.
    ### BEGIN SOLUTION
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
    ### END SOLUTION


def rnn_forward(
    x: Tensor, h0: Tensor | None, W_xh: Tensor, W_hh: Tensor, b: Tensor
) -> tuple[Tensor, Tensor]:
    """Unroll the recurrence over a whole sequence, with the same weights at every step.

    ========  =========  ===================================================
    x         (B, T, I)  the sequences, batch first
    h0        (B, H)     the state before the first step; None means zeros
    W_xh      (H, I)     input to hidden
    W_hh      (H, H)     hidden to hidden
    b         (H,)       bias
    output    (B, T, H)  returned first: output[:, t] is the state after step t
    h_n       (B, H)     returned second: the state after the last step
    ========  =========  ===================================================

    Every call stands alone: no state is kept for the next one. The arguments stay as they
    are; both results have their dtype. From both, gradients flow back through every step,
    to x, h0 and the parameters.
    """
    # TODO: start from h0 (or zeros), take T steps, keep the state after each of them.
    ### BEGIN SOLUTION
    h = x.new_zeros(x.shape[0], W_hh.shape[0]) if h0 is None else h0
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)
        states.append(h)
    return torch.stack(states, dim=1), h
    ### END SOLUTION
