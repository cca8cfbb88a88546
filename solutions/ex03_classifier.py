"""Exercise 3: many to one, a classifier of sequences.

The network reads a sequence from left to right and then answers once. By the last
step its state has seen everything, so one linear map of that state is enough:

    logits = W_fc h_T + b_fc

Here h_T is the state of the last (the top) layer after the last step. Logits are
unbounded scores, one per class. Cross-entropy turns them into probabilities by
itself, so the network must not do that too. A classifier's life is three functions:
answer with scores, choose a class, learn from one batch.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html
https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html

Letters: B batch, T time steps, I input size, H hidden size, L layers, C classes.
"""

import torch
from torch import Tensor, nn


class RNNClassifier(nn.Module):
    """Reads a whole sequence, then gives one row of logits for it.

    Its two submodules have fixed names, so that their weights can be set from outside:

    ===========  ========================================================
    input_size   I
    hidden_size  H
    num_classes  C
    num_layers   L, one by default
    self.rnn     an nn.RNN with tanh: I inputs, H features, L layers
    self.fc      one nn.Linear, from H features to C scores
    ===========  ========================================================
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_classes: int, num_layers: int = 1
    ) -> None:
        super().__init__()
        # TODO: make self.rnn and self.fc. The data that forward gets is batch first.
        ### BEGIN SOLUTION
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """Scores of the classes, from the top layer's state after the last step.

        =======  =========  ===========================
        x        (B, T, I)  the sequences, batch first
        returns  (B, C)     logits: exactly what fc gives
        =======  =========  ===========================

        Nothing comes after fc (no softmax) and nothing between the state and fc. Every
        call starts from a state of zeros, whatever was read before, in training mode and
        in evaluation mode alike. The rows of a batch don't influence each other. Gradients
        reach x and every weight of rnn and fc. A model in float64 gives float64.
        """
        # TODO: read x, take the top layer's last state, map it to scores.
        ### BEGIN SOLUTION
        _, h_n = self.rnn(x)  # (L, B, H)
        return self.fc(h_n[-1])
        ### END SOLUTION


def predict(model: nn.Module, x: Tensor) -> Tensor:
    """The class that the model finds most likely, for each sequence.

    =======  =========  =================================================
    model               any module from (B, T, I) to logits (B, C)
    x        (B, T, I)  the sequences
    returns  (B,)       int64: the index of each row's largest logit
    =======  =========  =================================================

    While the model runs, all of it is in evaluation mode (dropout, for example, is off),
    and no graph is built. The mode afterwards is up to you; everything else about the
    model stays as it is.
    """
    # TODO: evaluation mode, no graph; then choose a class for each row.
    ### BEGIN SOLUTION
    model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=1)
    ### END SOLUTION


def train_step(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor) -> float:
    """One step of learning from one batch.

    =========  =========  ====================================================
    model                 any module from (B, T, I) to logits (B, C)
    optimizer             holds the model's parameters; takes exactly one step
    x          (B, T, I)  the sequences
    y          (B,)       int64: their classes, from 0 to C - 1
    returns               a Python float: the mean cross-entropy over the batch
                          as it was before the step
    =========  =========  ====================================================

    During the step the model is in training mode, whatever its mode before. Parameters may
    have gradients left over from earlier: they don't count, the step follows this batch's
    mean loss alone. x and y stay as they are.
    """
    # TODO: training mode; loss of this batch; fresh gradients; one step; the loss as a float.
    ### BEGIN SOLUTION
    model.train()
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
    ### END SOLUTION
