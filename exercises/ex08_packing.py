"""Exercise 8: sequences of different lengths.

A batch is a rectangle, sequences aren't. So the shorter ones get padding at their end, and from
there on one has to remember which steps are real. nn.RNN can be told by a PackedSequence, which
holds the real steps only; everything else needs a mask or an index. One rule says it all:

    each row must give what it gives alone, without its padding.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
and its inverse, torch.nn.utils.rnn.pad_packed_sequence.

Letters: B batch, T time steps, T_i the length of row i, F features, H hidden size, L layers,
D directions (1 or 2), C classes. Lengths are at least 1, in any order (no row is moved to another
place), and no argument is changed. Tensors keep their dtype, and what comes back carries gradient
to every floating-point tensor and parameter that went into it.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def pad_batch(sequences: list[Tensor], padding_value: float = 0.0) -> tuple[Tensor, Tensor]:
    """Put sequences of different lengths into one rectangle.

    =============  ============  ==========================================
    sequences      B × (T_i, F)  in any order of lengths
    padding_value  float         what follows the end of the shorter ones
    padded         (B, T, F)     returned first, in the order given; T is the longest T_i
    lengths        (B,)          returned second: every T_i, int64
    =============  ============  ==========================================
    """
    # TODO: note each length, pad every sequence to the longest, stack.
    raise NotImplementedError


def pack(padded: Tensor, lengths: Tensor) -> PackedSequence:
    """Pack the real steps of a padded batch.

    ========  ==============  ==========================================
    padded    (B, T, F)       padding at the end; T may be above the longest length
    lengths   (B,)            int64, in any order
    returns   PackedSequence  the real steps and nothing else, (sum of lengths, F) in all;
                              unpacked, the rows are in the order given
    ========  ==============  ==========================================
    """
    # TODO: pack, with lengths in any order.
    raise NotImplementedError


def run_packed(rnn: nn.RNN, padded: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Run an nn.RNN over a padded batch as if every row were alone.

    ========  ============  ==========================================
    rnn       nn.RNN        batch_first=True, tanh, with biases; may be stacked, bidirectional,
                            or both
    padded    (B, T, F)     padding at the end; T may be above the longest length
    lengths   (B,)          int64, in any order
    output    (B, T, D·H)   returned first, rows in the order given: the output at real steps,
                            zeros past each row's length; T as in padded
    h_n       (L·D, B, H)   returned second, as nn.RNN orders it: each row's final state (a
                            backward direction begins at the row's last real step)
    ========  ============  ==========================================

    The rnn starts from zeros, and its weights stay as they are.
    """
    # TODO: pack, run, unpack to the full T.
    raise NotImplementedError


def last_valid(output: Tensor, lengths: Tensor) -> Tensor:
    """Pick the output at each row's last real step.

    ========  =========  ==========================================
    output    (B, T, H)  T may be above the longest length
    lengths   (B,)       int64, in any order
    returns   (B, H)
    ========  =========  ==========================================
    """
    # TODO: one step of each row, at its own time.
    raise NotImplementedError


def length_mask(lengths: Tensor, max_len: int | None = None) -> Tensor:
    """Say which steps are real.

    ========  ===========  ==========================================
    lengths   (B,)         int64, in any order
    max_len   int or None  the width T, at least the longest length; None: the longest length
    returns   (B, T)       bool, True at real steps
    ========  ===========  ==========================================
    """
    # TODO: compare every step's number with every row's length.
    raise NotImplementedError


def masked_mean(output: Tensor, lengths: Tensor) -> Tensor:
    """Average each row over its real steps.

    ========  =========  ==========================================
    output    (B, T, H)  T may be above the longest length
    lengths   (B,)       int64, in any order
    returns   (B, H)
    ========  =========  ==========================================

    Whatever the padding holds, NaN and infinity included, has no effect: neither on the mean nor on
    the gradients, which are zero at the padding.
    """
    # TODO: put zeros in place of the padding, add up the steps, divide by each row's length.
    raise NotImplementedError


def classify_packed(model: nn.Module, ids: Tensor, lengths: Tensor) -> Tensor:
    """Classify texts of different lengths, each as if it were alone, without its padding.

    ========  =========  ==========================================
    model     nn.Module  like CharRNN of exercise 7: embedding (ids to (B, T, E)), rnn (nn.RNN,
                         one layer, one direction, batch_first=True), fc (H to C); model(ids)
                         reads all T steps, the padding too
    ids       (B, T)     int64; what comes after a row's length is padding, of any ids
    lengths   (B,)       int64, in any order
    returns   (B, C)     logits, rows in the order given
    ========  =========  ==========================================
    """
    # TODO: embed, run packed, hand each row's true final state to fc.
    raise NotImplementedError
