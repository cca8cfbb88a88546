"""Wrong answers to exercise 3 as a stranger would write them; none was read by diagnosis before."""

import torch
import torch.nn.functional as F
from torch import nn

from grading.testing.answers import misconception


class Network(nn.Module):
    """The two submodules as the task wants them."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)


@misconception("RNNClassifier", "", like="SoftmaxAtTheEnd")
class Probabilities(Network):
    def forward(self, x):
        out, _ = self.rnn(x)
        scores = self.fc(out[:, -1])
        odds = torch.exp(scores - scores.amax(1, keepdim=True))
        return odds / odds.sum(1, keepdim=True)


@misconception("RNNClassifier", "", like="MeanOverTime")
class PooledStates(Network):
    def forward(self, x):
        steps = self.rnn(x)[0].unbind(dim=1)
        return self.fc(sum(steps) / len(steps))


@misconception("RNNClassifier", "", like="BottomLayer")
class StateZero(Network):
    def forward(self, x):
        _, final = self.rnn(x)
        lowest, *_ = final
        return F.linear(lowest, self.fc.weight, self.fc.bias)


@misconception("predict", "", like="evaluation_mode_forgotten")
def only_no_grad(model, x):
    with torch.inference_mode():
        _, winners = torch.max(model(x), dim=-1)
    return winners.clone()


@misconception("predict", "", like="best_row_of_each_class")
def other_axis(model, x):
    model.train(False)
    with torch.no_grad():
        order = model(x).sort(dim=0, descending=True).indices
    return order[0]


@misconception("train_step", "", like="zero_grad_forgotten")
def gradients_pile_up(model, optimizer, x, y):
    model.train(True)
    scores = model(x).log_softmax(dim=-1)
    loss = -scores.gather(1, y.unsqueeze(1)).mean()
    loss.backward()
    optimizer.step()
    return float(loss)


@misconception("train_step", "", like="softmax_before_the_loss")
def probabilities_into_the_loss(model, optimizer, x, y):
    model.train()
    criterion = nn.CrossEntropyLoss()
    odds = model(x).exp()
    loss = criterion(odds / odds.sum(dim=1, keepdim=True), y)
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None
    loss.backward()
    optimizer.step()
    return loss.detach().item()


@misconception("train_step", "", like="summed_over_the_batch")
def total_loss(model, optimizer, x, y):
    optimizer.zero_grad(set_to_none=True)
    model.train()
    scores = F.log_softmax(model(x), dim=1)
    loss = sum(-row[label] for row, label in zip(scores, y, strict=True))
    loss.backward()
    optimizer.step()
    return float(loss)


# --- odd ones --------------------------------------------------------------------------------


@misconception("RNNClassifier", "")
class FirstAndLastMeet(Network):
    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1] * out[:, 0])


@misconception("predict", "")
def runner_up(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argsort(dim=1, descending=True)[:, 1]


@misconception("train_step", "")
def squares_of_the_losses(model, optimizer, x, y):
    model.train()
    losses = F.cross_entropy(model(x), y, reduction="none")
    loss = losses.square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
