"""Right answers to exercise 4 in other styles."""

import torch
from torch import nn
from torch.nn import functional as F

from grading.testing.answers import alternative

# --- RNNSeq2Seq -----------------------------------------------------------------------------


@alternative("RNNSeq2Seq")
class StepByStep(nn.Module):
    """One step a call, the state handed on by hand, answers written into a tensor made before."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=1, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        h = x.new_zeros(1, x.shape[0], self.rnn.hidden_size)
        answers = x.new_empty(x.shape[0], x.shape[1], self.fc.out_features)
        for t in range(x.shape[1]):
            out, h = self.rnn(x[:, t : t + 1], h)
            answers[:, t] = self.fc(out[:, 0])
        return answers


@alternative("RNNSeq2Seq")
class TimeMajorInside(nn.Module):
    """An nn.RNN without batch_first; the axes are swapped before and after."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x.transpose(0, 1))
        return self.fc(output).transpose(0, 1)


@alternative("RNNSeq2Seq")
class StepsInOneRow(nn.Module):
    """All steps in one row for fc, cut apart again afterwards; a second name for fc."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.head = self.fc = nn.Linear(hidden_size, output_size)
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)

    def forward(self, x):
        output, _ = self.rnn(x)
        rows = self.head(output.contiguous().view(-1, output.shape[2]))
        return rows.view(x.shape[0], x.shape[1], -1)


@alternative("RNNSeq2Seq")
class WeightsByHand(nn.Module):
    """The recurrence written out over the weights of rnn; index notation for fc."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)
        self.register_buffer("zero", torch.zeros(1))

    def forward(self, x):
        w_ih, w_hh, b_ih, b_hh = self.rnn.all_weights[0]
        h = self.zero.expand(x.shape[0], w_hh.shape[0])
        states = []
        for x_t in torch.unbind(x, dim=1):
            h = torch.tanh(torch.cat([x_t, h], 1) @ torch.cat([w_ih, w_hh], 1).T + b_ih + b_hh)
            states.append(h)
        return torch.einsum("tbh,oh->bto", torch.stack(states), self.fc.weight) + self.fc.bias


@alternative("RNNSeq2Seq")
class RowByRow(nn.Module):
    """Each sequence by itself, without a batch axis; each step by F.linear."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        rows = [self.rnn(row)[0] for row in x]
        return torch.stack([F.linear(row, self.fc.weight, self.fc.bias) for row in rows])


# --- next_step_pairs ------------------------------------------------------------------------


@alternative("next_step_pairs")
def with_narrow(seq):
    """narrow, in a list."""
    steps = seq.size(1) - 1
    return [seq.narrow(1, 0, steps), seq.narrow(1, 1, steps)]


@alternative("next_step_pairs")
def with_lists_of_steps(seq):
    """Steps in a list, stacked again."""
    steps = list(seq.unbind(dim=1))
    return torch.stack(steps[:-1], dim=1), torch.stack(steps[1:], dim=1)


@alternative("next_step_pairs")
def with_roll(seq):
    """Everything rolled by one step, without the last of it, which came from the front."""
    return seq[:, :-1].clone(), seq.roll(-1, dims=1)[:, :-1].clone()


@alternative("next_step_pairs")
def with_index_select(seq):
    """The numbers of the steps, and of those after them."""
    steps = torch.arange(seq.shape[1] - 1)
    return torch.index_select(seq, 1, steps), torch.index_select(seq, 1, steps + 1)


@alternative("next_step_pairs")
def with_unfold(seq):
    """Windows of two steps."""
    windows = seq.unfold(1, 2, 1)
    return windows.select(-1, 0), windows.select(-1, 1)


@alternative("next_step_pairs")
def time_first(seq):
    """Time in front, sliced, and back again: views that are not contiguous."""
    turned = seq.transpose(0, 1)
    return turned[:-1].transpose(0, 1), turned[1:].transpose(0, 1)


# --- sequence_cross_entropy -----------------------------------------------------------------


@alternative("sequence_cross_entropy")
def classes_in_the_middle(logits, targets, ignore_index=-100):
    """cross_entropy takes (B, C, T) as well."""
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=ignore_index)


@alternative("sequence_cross_entropy")
def steps_chosen_first(logits, targets, ignore_index=-100):
    """Only the steps that count are looked at."""
    real = targets != ignore_index
    return nn.CrossEntropyLoss()(logits[real], targets[real])


@alternative("sequence_cross_entropy")
def with_logsumexp(logits, targets, ignore_index=-100):
    """Normaliser minus score, weighed by a mask."""
    real = targets.ne(ignore_index)
    labels = targets.masked_fill(~real, 0).unsqueeze(-1)
    costs = torch.logsumexp(logits, dim=2) - logits.gather(2, labels).squeeze(2)
    return (costs * real).sum() / real.sum()


@alternative("sequence_cross_entropy")
def with_one_hot(logits, targets, ignore_index=-100):
    """One-hot targets with empty rows where nothing counts."""
    classes = torch.arange(logits.shape[2])
    real = (targets != ignore_index).unsqueeze(-1)
    one_hot = ((targets.unsqueeze(-1) == classes) & real).to(logits.dtype)
    return -(one_hot * F.log_softmax(logits, dim=-1)).sum() / one_hot.sum()


@alternative("sequence_cross_entropy")
def row_by_row(logits, targets, ignore_index=-100):
    """A loop over rows; sums and counts are kept apart."""
    total, count = logits.new_zeros(()), 0
    for row, labels in zip(logits, targets, strict=True):
        chosen = [t for t in range(len(labels)) if int(labels[t]) != ignore_index]
        count += len(chosen)
        for t in chosen:
            shifted = row[t] - row[t].max()
            total = total + shifted.exp().sum().log() - shifted[labels[t]]
    return total / count


@alternative("sequence_cross_entropy")
def in_double_precision(logits, targets, ignore_index=-100):
    """float64 inside, the caller's dtype at the end; summed and divided by hand."""
    steps = F.log_softmax(logits.double().reshape(-1, logits.size(-1)), dim=1)
    labels = targets.reshape(-1)
    total = F.nll_loss(steps, labels, ignore_index=ignore_index, reduction="sum")
    return (total / (labels != ignore_index).sum()).to(logits.dtype)
