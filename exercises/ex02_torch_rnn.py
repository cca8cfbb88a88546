"""Exercise 2: nn.RNN and its shapes.

The recurrence of exercise 1, ready made, with more of everything: several layers, one above
the other, and a second direction that reads the sequence from its end. That makes for more
axes, and most mistakes with nn.RNN are mistakes about axes. It returns two tensors:

    output  the last layer's state at every step, its directions side by side
    h_n     the final state of every layer and direction, one after the other:
            layer 0 forward, layer 0 backward, layer 1 forward, and so on

"Final" is where a direction stops reading: the last step for forward, the first for backward.
Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html

Letters: B batch, T time steps, I input size, H hidden size, L layers, D directions (1 or 2).
"""

import torch
from torch import Tensor, nn


def predict_shapes(
    batch_size: int,
    seq_len: int,
    hidden_size: int,
    num_layers: int = 1,
    bidirectional: bool = False,
    batch_first: bool = True,
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shapes of what nn.RNN returns for a batch of sequences, without running one.

    =============  ================================================================
    batch_size     B
    seq_len        T
    hidden_size    H
    num_layers     L
    bidirectional  False: D is 1; True: D is 2
    batch_first    as in nn.RNN, whose default is False; here it is True
    output_shape   returned first: three whole numbers, the shape of nn.RNN's output
    h_n_shape      returned second: three whole numbers, the shape of nn.RNN's h_n
    =============  ================================================================

    By hand: build no module. The input is always a batch, so both shapes have three axes,
    sizes of one included.
    """
    # TODO: count the directions; put both shapes together; mind what batch_first changes.
    raise NotImplementedError


def load_weights(rnn: nn.RNN, W_xh: Tensor, W_hh: Tensor, b: Tensor) -> None:
    """Put the parameters of exercise 1 into an nn.RNN, so that it computes the same recurrence.

    ====  ======  ===================================================================
    rnn           an nn.RNN (tanh) with one layer and one direction, I inputs and H
                  features; it is changed in place, and nothing is returned
    W_xh  (H, I)  input to hidden
    W_hh  (H, H)  hidden to hidden
    b     (H,)    bias
    ====  ======  ===================================================================

    nn.RNN has two biases, and only their sum matters: afterwards it must be b. All four
    parameters of rnn stay trainable. W_xh, W_hh and b stay as they are; they have rnn's dtype.
    """
    # TODO: list rnn.named_parameters() to see what is there; set each of the four.
    raise NotImplementedError


def split_directions(output: Tensor) -> tuple[Tensor, Tensor]:
    """Take the output of a bidirectional nn.RNN apart.

    ========  ============  ===================================================
    output    (B, T, 2H)    as nn.RNN (batch first) returns it
    forward   (B, T, H)     returned first: the states of the forward direction
    backward  (B, T, H)     returned second: those of the backward direction
    ========  ============  ===================================================

    Both keep nn.RNN's order of time: backward[:, t] is the backward state at input step t.
    Gradients flow back to output, which stays as it is.
    """
    # TODO: find out along which axis the directions lie, and cut it in two.
    raise NotImplementedError


def final_state(h_n: Tensor, bidirectional: bool = False) -> Tensor:
    """The last layer's final state, one row for each sequence: what a classifier reads.

    =============  ==========================  =========================================
    h_n            (L, B, H) or (2L, B, H)     as nn.RNN returns it; 2L if bidirectional
    bidirectional                              did the nn.RNN have two directions?
    returns        (B, H) or (B, 2H)           the last layer's; with two directions,
                                               forward before backward in each row
    =============  ==========================  =========================================

    L may be any number from 1 on. Gradients flow back to h_n, which stays as it is.
    """
    # TODO: pick the last layer's entries of h_n; with two directions, join them.
    raise NotImplementedError


def run_time_major(rnn: nn.RNN, x: Tensor) -> tuple[Tensor, Tensor]:
    """Run an nn.RNN that expects time first on data that has the batch first.

    ======  ============  ===================================================================
    rnn                   an nn.RNN made with batch_first=False; any L, one or two directions
    x       (B, T, I)     the sequences, batch first
    output  (B, T, D·H)   returned first: batch first again
    h_n     (L·D, B, H)   returned second: as nn.RNN gives it
    ======  ============  ===================================================================

    Every call starts from a state of zeros. Gradients flow back to x and to the parameters of
    rnn. Afterwards x and rnn are as they were, and rnn still expects time first.
    """
    # TODO: put x's axes in the order that rnn expects, run it, put output's axes back.
    raise NotImplementedError
