"""Exercise 10: LSTM, GRU, and what they cost.

A plain recurrent network rewrites its whole state at every step. Gates, numbers between
0 and 1 (one per unit), let it choose what to keep, to forget and to show. With s for the
sigmoid and * for the product unit by unit, an LSTM carries a cell c next to the state h:

    i = s(W_ii x + b_ii + W_hi h + b_hi)       how much of the new to write
    f = s(W_if x + b_if + W_hf h + b_hf)       how much of the old to keep
    g = tanh(W_ig x + b_ig + W_hg h + b_hg)    the new, also called the candidate
    o = s(W_io x + b_io + W_ho h + b_ho)       how much of the cell to show
    c' = f * c + i * g                         h' = o * tanh(c')

A GRU makes do with two gates and no cell:

    r = s(W_ir x + b_ir + W_hr h + b_hr)       how much of the old the new may see
    z = s(W_iz x + b_iz + W_hz h + b_hz)       how much of the old to keep
    n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
    h' = (1 - z) * n + z * h

The matrices of one kind are stacked in one tall matrix, a block of H rows for each line
above: i, f, g, o for the LSTM, and r, z, n for the GRU. The biases are stacked likewise.

Formulas: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
          https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html

By hand means without nn.LSTM, nn.GRU, nn.LSTMCell, nn.GRUCell and their kernels, and
parameter_count builds no module at all. Matrix products, torch.sigmoid and torch.tanh
are yours to use.

Letters: B batch, I input size, H hidden size, L layers, D directions.
"""

import torch
from torch import Tensor


def lstm_step(
    x_t: Tensor,
    h_prev: Tensor,
    c_prev: Tensor,
    W_ih: Tensor,
    W_hh: Tensor,
    b_ih: Tensor,
    b_hh: Tensor,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM, for each row of the batch, as nn.LSTMCell takes it.

    ========  =======  ======================================================
    x_t       (B, I)   the input at this step
    h_prev    (B, H)   the state before it
    c_prev    (B, H)   the cell before it
    W_ih      (4H, I)  input to hidden, blocks of H rows for i, f, g, o
    W_hh      (4H, H)  hidden to hidden, the same blocks
    b_ih      (4H,)    bias that goes with W_ih, the same blocks
    b_hh      (4H,)    bias that goes with W_hh, the same blocks
    h         (B, H)   returned first: the state after the step
    c         (B, H)   returned second: the cell after the step
    ========  =======  ======================================================

    The arguments stay as they are; results have their dtype, and gradients flow back to
    every argument.
    """
    # TODO: make the four gates, then the new cell, then the new state.
    raise NotImplementedError


def gru_step(
    x_t: Tensor, h_prev: Tensor, W_ih: Tensor, W_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> Tensor:
    """One step of a GRU, for each row of the batch, as nn.GRUCell takes it.

    ========  =======  ======================================================
    x_t       (B, I)   the input at this step
    h_prev    (B, H)   the state before it
    W_ih      (3H, I)  input to hidden, blocks of H rows for r, z, n
    W_hh      (3H, H)  hidden to hidden, the same blocks
    b_ih      (3H,)    bias that goes with W_ih, the same blocks
    b_hh      (3H,)    bias that goes with W_hh, the same blocks
    returns   (B, H)   the state after the step
    ========  =======  ======================================================

    The reset gate r multiplies what the matrix has made of the state, bias included.
    The arguments stay as they are; the result has their dtype, and gradients flow back to
    every argument.
    """
    # TODO: make r and z, then n, in which r weighs the old state, then mix n and h_prev.
    raise NotImplementedError


def parameter_count(
    kind: str, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False
) -> int:
    """How many numbers nn.RNN, nn.LSTM or nn.GRU learns, with biases, as an int.

    =============  ==============  ================================================
    kind           str             "rnn", "lstm" or "gru"
    input_size     I               features of the input
    hidden_size    H               units of one direction of one layer
    num_layers     L               layers, each reading what the one below gives
    bidirectional  bool            D = 2 directions in every layer, instead of 1
    returns        int             the sizes of all weights and biases, added up
    =============  ==============  ================================================

    As in torch's modules: every direction of every layer has its own two matrices and
    its own two biases. By hand, without building a module.

    Raises ValueError for any other kind; upper case counts as another kind.
    """
    # TODO: count one direction of one layer; see what each layer reads; add up.
    raise NotImplementedError
