"""Exercise 4: many to many, an answer at every step.

A recurrent network has a state after each step, so it can answer after each step:
the same linear map reads every one of the T states.

    y_t = W_fc h_t + b_fc        h_t knows x_1 ... x_t and nothing later

To learn prediction, each step's target is the value that comes next. Sequences of
different lengths are filled up with a label that means "nothing to learn here", and
the loss averages over all the other steps:

    loss = mean of -log softmax(logits[b, t])[targets[b, t]]

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html
https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html

Letters: B batch, T time steps, I input size, H hidden size, O outputs, C classes.
"""

import torch
from torch import Tensor, nn


class RNNSeq2Seq(nn.Module):
    """Reads a sequence and answers at each of its steps.

    Its two submodules have fixed names, so that their weights can be set from outside:

    ===========  ======================================================
    input_size   I
    hidden_size  H
    output_size  O
    self.rnn     an nn.RNN with tanh, one layer, one direction: I to H
    self.fc      one nn.Linear, from H features to O outputs
    ===========  ======================================================
    """

    def __init__(self, input_size: int, hidden_size: int, output_size: int) -> None:
        super().__init__()
        # TODO: make self.rnn and self.fc. The data that forward gets is batch first.
        ### BEGIN SOLUTION
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """An answer for each step, from the state after that step.

        =======  =========  =====================================================
        x        (B, T, I)  the sequences, batch first
        returns  (B, T, O)  [:, t] is what fc gives for the state after step t
        =======  =========  =====================================================

        Step t never sees later steps. Nothing comes after fc. Every call starts from a
        state of zeros, in training mode and in evaluation mode alike. The rows of a batch
        don't influence each other. Gradients reach x and every weight of rnn and fc. A
        model in float64 gives float64.
        """
        # TODO: read x; map the state of each step to its outputs.
        ### BEGIN SOLUTION
        output, _ = self.rnn(x)  # (B, T, H)
        return self.fc(output)
        ### END SOLUTION


def next_step_pairs(seq: Tensor) -> tuple[Tensor, Tensor]:
    """Inputs and targets for learning to predict the next step.

    =======  ============  =====================================================
    seq      (B, T, ...)   sequences with T >= 2; any dtype; after the time axis
                           any number of further axes, or none
    inputs   (B, T-1, ...) returned first: every step that has a next one
    targets  (B, T-1, ...) returned second: targets[:, t] follows inputs[:, t]
    =======  ============  =====================================================

    The dtype stays; seq stays as it is; for a floating-point seq, gradients flow back to it.
    """
    # TODO: leave out the last step for one, the first for the other.
    ### BEGIN SOLUTION
    return seq[:, :-1], seq[:, 1:]
    ### END SOLUTION


def sequence_cross_entropy(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    """Mean cross-entropy over all steps of all sequences that have something to learn.

    ============  =========  ======================================================
    logits        (B, T, C)  scores for each step
    targets       (B, T)     int64: a class from 0 to C - 1 at each step, or
                             ignore_index
    ignore_index             the label of steps that don't count; a negative number
                             or one of the classes
    returns       ()         a scalar tensor: the mean over all steps of the batch
                             whose target is not ignore_index; each such step
                             weighs the same, in long and short sequences
    ============  =========  ======================================================

    At least one step counts; a row may have none. The result has the dtype of logits and
    carries gradient to them. Value and gradient are finite and right for logits as large
    as 1e4 in either direction. The arguments stay as they are.
    """
    # TODO: a loss for each step, then the mean over the steps that count.
    ### BEGIN SOLUTION
    steps, labels = logits.flatten(0, 1), targets.flatten()  # (B * T, C), (B * T,)
    return torch.nn.functional.cross_entropy(steps, labels, ignore_index=ignore_index)
    ### END SOLUTION
