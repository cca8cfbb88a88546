"""Exercise 9: backpropagation through time by hand.

Training needs the gradient of a loss L with respect to everything that went into it.
Forward, a step reads x_t and the state before it, and goes through one sum:

    a_t = W_xh x_t + W_hh h_{t-1} + b        h_t = tanh(a_t)

Backward, the gradient enters at h_t, passes through tanh to a_t, and from there goes
back through each term of that sum to its factors. Unrolled, the state h_t feeds two things:
the loss at step t, and step t + 1. So two gradients meet there, and they add up. The
parameters are used at every step, so their gradients add up over the steps.

Truncated backpropagation cuts a long sequence into chunks: the state crosses the cut,
the gradient stops there.

Read on: https://d2l.ai/chapter_recurrent-neural-networks/bptt.html

By hand (the first two parts) means without autograd: no backward(), no
torch.autograd, no torch.func. Matrix products and arithmetic are yours to use.
Write dv for the gradient of the loss with respect to v: it has the shape of v.

Letters: B batch, T time steps, I input size, H hidden size, L layers.
"""

import torch
from torch import Tensor, nn


def rnn_step_backward(
    dh_t: Tensor, x_t: Tensor, h_prev: Tensor, h_t: Tensor, W_xh: Tensor, W_hh: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Take the gradient dh_t back through one step h_t = tanh(W_xh x_t + W_hh h_prev + b).

    ========  ======  =====================================================
    dh_t      (B, H)  gradient of the loss with respect to h_t
    x_t       (B, I)  the input at this step
    h_prev    (B, H)  the state before it
    h_t       (B, H)  the state after it, as the forward pass computed it
    W_xh      (H, I)  input to hidden
    W_hh      (H, H)  hidden to hidden
    dx_t      (B, I)  returned first
    dh_prev   (B, H)  returned second
    dW_xh     (H, I)  returned third, summed over the batch
    dW_hh     (H, H)  returned fourth, summed over the batch
    db        (H,)    returned fifth, summed over the batch
    ========  ======  =====================================================

    No forward pass is needed: the slope of tanh can be read from its value h_t.
    By hand, without autograd. The arguments stay as they are; results have their dtype.
    """
    # TODO: pass dh_t through tanh, then hand each factor of the sum its share.
    raise NotImplementedError


def rnn_backward(
    d_output: Tensor, x: Tensor, h0: Tensor, output: Tensor, W_xh: Tensor, W_hh: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Take the gradients of all outputs back through a whole sequence.

    ========  =========  ==============================================================
    d_output  (B, T, H)  gradient of the loss with respect to each output, as the loss
                         reads it, without what flows on from there to later steps
    x         (B, T, I)  the sequences, batch first
    h0        (B, H)     the state before the first step, always given
    output    (B, T, H)  the states of the forward pass: output[:, t] is the one after
                         step t
    W_xh      (H, I)     input to hidden
    W_hh      (H, H)     hidden to hidden
    dx        (B, T, I)  returned first
    dh0       (B, H)     returned second
    dW_xh     (H, I)     returned third, summed over the batch and the steps
    dW_hh     (H, H)     returned fourth, summed over the batch and the steps
    db        (H,)       returned fifth, summed over the batch and the steps
    ========  =========  ==============================================================

    By hand, without autograd; rnn_step_backward is yours to call. The arguments stay as
    they are; results have their dtype.
    """
    # TODO: walk from the last step to the first; carry the state's gradient, collect the rest.
    raise NotImplementedError


def truncated_forward(rnn: nn.RNN, x: Tensor, chunk: int) -> tuple[Tensor, Tensor]:
    """Run rnn over x in chunks of at most `chunk` steps, so that no gradient crosses a cut.

    ========  =========  ==============================================================
    rnn                  an nn.RNN, batch first, one direction, one layer or more
    x         (B, T, I)  the sequences, batch first
    chunk     int >= 1   steps in a chunk; the last chunk may be shorter, and a chunk
                         as long as x or longer is one full pass
    output    (B, T, H)  returned first: the last layer's state after every step
    h_n       (L, B, H)  returned second: every layer's state after the last step
    ========  =========  ==============================================================

    Both have the values of one full pass from a zero state: the state crosses every cut.
    Gradient flows from output[:, t] to the parameters and to the steps of x in the same
    chunk up to t, and to no step of an earlier chunk. h_n may be detached or not. The
    arguments stay as they are, including the parameters and the mode of rnn.
    """
    # TODO: run chunk after chunk; hand the state on, but not what it remembers of its past.
    raise NotImplementedError
