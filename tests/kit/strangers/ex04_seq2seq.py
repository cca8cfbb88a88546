"""Wrong answers to exercise 4 as a stranger would write them; none was read by diagnosis before."""

import torch
import torch.nn.functional as F
from torch import nn

from grading.testing.answers import misconception


class Network(nn.Module):
    """The two submodules as the task wants them."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(batch_first=True, input_size=input_size, hidden_size=hidden_size)
        self.fc = nn.Linear(hidden_size, output_size)


@misconception("RNNSeq2Seq", "", like="BatchFirstForgotten")
class PlainRnn(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        states = self.rnn(x)[0]
        return torch.stack([self.fc(states[:, k]) for k in range(states.size(1))], dim=1)


@misconception("RNNSeq2Seq", "", like="LastStateRepeated")
class OneAnswerCopied(Network):
    def forward(self, x):
        states, _ = self.rnn(x)
        answer = self.fc(states[:, -1])
        return torch.stack([answer for _ in range(x.size(1))], dim=1)


@misconception("RNNSeq2Seq", "", like="TimeMajorAnswers")
class CollectedStepByStep(Network):
    def forward(self, x):
        state, answers = None, []
        for step in x.split(1, dim=1):
            out, state = self.rnn(step, state)
            answers.append(self.fc(out[:, 0]))
        return torch.stack(answers)


@misconception("next_step_pairs", "", like="targets_are_inputs")
def same_on_both_sides(seq):
    n = seq.shape[1] - 1
    return seq.narrow(1, 0, n), seq.narrow(1, 0, n)


@misconception("next_step_pairs", "", like="swapped")
def later_first(seq):
    steps = seq.unbind(dim=1)
    first, second = torch.stack(steps[:-1], dim=1), torch.stack(steps[1:], dim=1)
    return second, first


@misconception("sequence_cross_entropy", "", like="mean_of_means")
def row_by_row(logits, targets, ignore_index=-100):
    total, rows = 0.0, 0
    for scores, labels in zip(logits, targets, strict=True):
        real = labels != ignore_index
        if real.sum() > 0:
            chosen = F.log_softmax(scores[real], dim=1).gather(1, labels[real].unsqueeze(1))
            total, rows = total - chosen.mean(), rows + 1
    return total / rows


@misconception("sequence_cross_entropy", "", like="divided_by_all_steps")
def masked_but_all_counted(logits, targets, ignore_index=-100):
    real = targets.ne(ignore_index)
    labels = torch.where(real, targets, torch.zeros_like(targets))
    chosen = torch.log_softmax(logits, dim=2).gather(2, labels[..., None]).squeeze(2)
    return -(chosen * real).sum() / targets.numel()


@misconception("sequence_cross_entropy", "", like="softmax_before_the_loss")
def loss_of_probabilities(logits, targets, ignore_index=-100):
    odds = logits.softmax(dim=-1)
    criterion = nn.CrossEntropyLoss(ignore_index=ignore_index)
    return criterion(odds.permute(0, 2, 1), targets)


# --- odd ones --------------------------------------------------------------------------------


@misconception("RNNSeq2Seq", "")
class NeighboursCompared(Network):
    def forward(self, x):
        states, _ = self.rnn(x)
        return self.fc(states - 0.5 * states.roll(1, dims=1))


@misconception("next_step_pairs", "")
def last_pair_first(seq):
    return seq[:, :-1].flip(1), seq[:, 1:].roll(1, dims=1)


@misconception("sequence_cross_entropy", "")
def late_steps_weigh_more(logits, targets, ignore_index=-100):
    losses = F.cross_entropy(
        logits.transpose(1, 2), targets, ignore_index=ignore_index, reduction="none"
    )
    weights = torch.arange(1, targets.size(1) + 1, dtype=logits.dtype)
    weights = weights * (targets != ignore_index)
    return (losses * weights).sum() / weights.sum()
