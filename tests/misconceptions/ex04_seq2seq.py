"""Wrong answers to exercise 4, each with what a teacher would say."""

import torch
from torch import nn
from torch.nn import functional as F

from grading.testing.answers import misconception

# --- RNNSeq2Seq -----------------------------------------------------------------------------


class _Base(nn.Module):
    """Both submodules as they should be, for the mistakes that sit in forward alone."""

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)


@misconception(
    "RNNSeq2Seq",
    "Your answers have the right shape, but they change when other sequences of the batch change. "
    "Which axis does your nn.RNN take for time?",
)
class BatchFirstForgotten(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your answers come out with time before batch. In which order are the axes of x?",
)
class TimeMajorAnswers(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output).transpose(0, 1)


@misconception(
    "RNNSeq2Seq",
    "Your answers are in the wrong rows and steps. Does a view swap two axes, or only regroup the "
    "numbers?",
)
class ViewInPlaceOfTranspose(_Base):
    def forward(self, x):
        time, batch = x.shape[1], x.shape[0]
        states, h = [], None
        for t in range(time):
            _, h = self.rnn(x[:, t : t + 1], h)
            states.append(h[0])
        return self.fc(torch.stack(states).view(batch, time, -1))


@misconception(
    "RNNSeq2Seq",
    "Your answer is the same at each step: it is that of the last. What did the network know after "
    "step t?",
)
class LastStateRepeated(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])[:, None].expand(-1, x.shape[1], -1)


@misconception(
    "RNNSeq2Seq",
    "You answer once per sequence. How many answers should a sequence of T steps get?",
)
class OnlyTheLastStep(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, -1])


@misconception(
    "RNNSeq2Seq",
    "Your first answers depend on the last steps: one direction reads from the end. Could it do so "
    "while the sequence is still going on?",
)
class BothDirections(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your first answers depend on the last steps: the same weights read the sequence both ways. "
    "Which of the two readings knows the future?",
)
class BothDirectionsSummed(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        backward, _ = self.rnn(x.flip(1))
        return self.fc(output + backward.flip(1))


@misconception(
    "RNNSeq2Seq",
    "Your network reads the sequence from its end. Which steps should the answer at step t know?",
)
class TimeReversed(_Base):
    def forward(self, x):
        output, _ = self.rnn(x.flip(1))
        return self.fc(output.flip(1))


@misconception(
    "RNNSeq2Seq",
    "Your answers are right but in reverse order. At which end of the time axis does the first one "
    "belong?",
)
class AnswersReversed(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output).flip(1)


@misconception(
    "RNNSeq2Seq",
    "Each answer depends on its own step alone. What carries over from one step to the next?",
)
class NoMemory(_Base):
    def forward(self, x):
        steps = [self.rnn(x[:, t : t + 1])[0] for t in range(x.shape[1])]
        return self.fc(torch.cat(steps, dim=1))


@misconception(
    "RNNSeq2Seq",
    "Your second sequence starts where the first one ended: the whole batch is read as one long "
    "sequence. Along which axis should the state be carried?",
)
class BatchReadAsOneSequence(_Base):
    def forward(self, x):
        output, _ = self.rnn(x.reshape(1, -1, x.shape[2]))
        return self.fc(output).reshape(x.shape[0], x.shape[1], -1)


@misconception(
    "RNNSeq2Seq",
    "The answer at step t doesn't know step t itself. After which step should the state be taken?",
)
class StateBeforeTheStep(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        before = torch.cat([torch.zeros_like(output[:, :1]), output[:, :-1]], dim=1)
        return self.fc(before)


@misconception(
    "RNNSeq2Seq",
    "The answer at step t knows the step after it. By how much are your answers shifted?",
)
class OneStepAhead(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output.roll(-1, dims=1))


@misconception(
    "RNNSeq2Seq",
    "Your answer comes from the mean of the states so far. Isn't the newest state a summary "
    "already?",
)
class RunningMean(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        count = torch.arange(1, x.shape[1] + 1, dtype=x.dtype)[:, None]
        return self.fc(output.cumsum(dim=1) / count)


@misconception(
    "RNNSeq2Seq",
    "The second call gives different answers for the same x. What should a new batch know about "
    "the one before it?",
)
class StateKeptBetweenCalls(_Base):
    def forward(self, x):
        h = getattr(self, "h", None)
        if h is not None and h.shape[1] != x.shape[0]:
            h = None
        output, h_n = self.rnn(x, h)
        self.h = h_n.detach()
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "In evaluation mode your network goes on from the state of the call before. Which sequence "
    "did that state come from?",
)
class StateKeptInEvaluationMode(_Base):
    def forward(self, x):
        h = getattr(self, "h", None)
        if self.training or (h is not None and h.shape[1] != x.shape[0]):
            h = None
        output, h_n = self.rnn(x, h)
        self.h = None if self.training else h_n.detach()
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "The same x gives different answers each time, though no weight has changed. From which state "
    "does the reading start?",
)
class RandomStart(_Base):
    def forward(self, x):
        h0 = torch.randn(1, x.shape[0], self.rnn.hidden_size, dtype=x.dtype)
        output, _ = self.rnn(x, h0)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your network starts from a state of ones. What should its state be before it has read "
    "anything?",
)
class StartsFromOnes(_Base):
    def forward(self, x):
        output, _ = self.rnn(x, x.new_ones(1, x.shape[0], self.rnn.hidden_size))
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your initial state is a parameter: zero now, but not after a step of learning. From which "
    "state should every call start?",
)
class LearnedStart(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)
        self.h0 = nn.Parameter(torch.zeros(1, 1, hidden_size))

    def forward(self, x):
        output, _ = self.rnn(x, self.h0.expand(-1, x.shape[0], -1).contiguous())
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your answers are float32 even in a float64 model. Which dtype does a tensor of zeros get by "
    "default?",
)
class BufferInFloat32(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        answers = torch.zeros(x.shape[0], x.shape[1], self.fc.out_features)
        for t in range(x.shape[1]):
            answers[:, t] = self.fc(output[:, t])
        return answers


@misconception(
    "RNNSeq2Seq",
    "Your answers are positive and add up to one at each step. What was asked for, probabilities "
    "or what fc gives?",
)
class SoftmaxAtTheEnd(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return torch.softmax(self.fc(output), dim=-1)


@misconception(
    "RNNSeq2Seq",
    "Your answers never leave (-1, 1). What should come after fc?",
)
class TanhAfterFc(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return torch.tanh(self.fc(output))


@misconception(
    "RNNSeq2Seq",
    "Negative features never reach your fc. What should stand between the state and fc?",
)
class ReluBeforeFc(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(F.relu(output))


@misconception(
    "RNNSeq2Seq",
    "Where a size is one, an axis of your result is gone. Which axes does a bare squeeze remove?",
)
class Squeezed(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output).squeeze()


@misconception(
    "RNNSeq2Seq",
    "With one output the last axis of your result is gone. What shape was asked for?",
)
class LastAxisSqueezed(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output).squeeze(-1)


@misconception(
    "RNNSeq2Seq",
    "Batch and time are one axis in your result. How do you get them apart again?",
)
class BatchAndTimeJoined(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output.flatten(0, 1))


@misconception(
    "RNNSeq2Seq",
    "Your values are right, but rnn and x get no gradient: only fc would learn. What cuts the "
    "graph between the states and fc?",
)
class GraphCut(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output.detach())


@misconception(
    "RNNSeq2Seq",
    "Your values are right, but no gradient passes from a step to the one before it. What did you "
    "cut off between them?",
)
class GraphCutBetweenSteps(_Base):
    def forward(self, x):
        h, answers = None, []
        for t in range(x.shape[1]):
            _, h = self.rnn(x[:, t : t + 1], None if h is None else h.detach())
            answers.append(self.fc(h[0]))
        return torch.stack(answers, dim=1)


@misconception(
    "RNNSeq2Seq",
    "Your network has two layers. How many were asked for?",
)
class TwoLayers(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, 2, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your rnn has three times as many weights as the sizes call for. Which cell is it, and which "
    "one does this exercise ask for?",
)
class GruInstead(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.GRU(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your rnn has four times as many weights as the sizes call for. Which cell is it, and which "
    "one does this exercise ask for?",
)
class LstmInstead(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your rnn has the right weights, but its states never go below zero. Which squashing function "
    "was asked for?",
)
class ReluInTheCell(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, nonlinearity="relu", batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "The sizes of your fc are swapped. What does nn.Linear take first, what goes in or what comes "
    "out?",
)
class SizesOfFcSwapped(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(output_size, hidden_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return output @ self.fc.weight


@misconception(
    "RNNSeq2Seq",
    "In training mode your answers differ from call to call: what in your model is random, and was "
    "it asked for?",
)
class DropoutBeforeFc(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(F.dropout(output, 0.3, self.training))


@misconception(
    "RNNSeq2Seq",
    "You subtract a mean over the whole length of x. Does step t already know that mean?",
)
class TimeMeanTakenAway(_Base):
    def forward(self, x):
        output, _ = self.rnn(x - x.mean(dim=1, keepdim=True))
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "x itself has changed when you return. Whose tensor is it?",
)
class InputChanged(_Base):
    def forward(self, x):
        with torch.no_grad():
            output, _ = self.rnn(x.clone())
        output, _ = self.rnn(x.clone())
        x.data.zero_()
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "In evaluation mode your result differs from that in training mode: it is probabilities. What "
    "should forward give, whatever the mode?",
)
class SoftmaxInEvaluationMode(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        answers = self.fc(output)
        return answers if self.training else torch.softmax(answers, dim=-1)


@misconception(
    "RNNSeq2Seq",
    "Your answers never leave a certain range. Which values may come out of fc?",
)
class AnswersClamped(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output).clamp(-20.0, 20.0)


@misconception(
    "RNNSeq2Seq",
    "Where I equals O, x itself is added to your answers. Was that asked for?",
)
class InputAddedWhereItFits(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        answers = self.fc(output)
        return answers + x if answers.shape == x.shape else answers


@misconception(
    "RNNSeq2Seq",
    "Your values are right, but the gradient is cut every seven steps. How far back should it go?",
)
class GraphCutNowAndThen(_Base):
    def forward(self, x):
        h, outputs = None, []
        for piece in x.split(7, dim=1):
            output, h = self.rnn(piece, None if h is None else h.detach())
            outputs.append(output)
        return self.fc(torch.cat(outputs, dim=1))


@misconception(
    "RNNSeq2Seq",
    "Your network forgets everything every seven steps. What should carry over from one piece to "
    "the next?",
)
class ForgetsNowAndThen(_Base):
    def forward(self, x):
        return self.fc(torch.cat([self.rnn(piece)[0] for piece in x.split(7, dim=1)], dim=1))


@misconception(
    "RNNSeq2Seq",
    "Each answer mixes the states of all steps, later ones too. Which single state is asked for?",
)
class AttentionOverAllSteps(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        weights = torch.softmax(output @ output.transpose(1, 2), dim=-1)
        return self.fc(weights @ output)


@misconception(
    "RNNSeq2Seq",
    "Your network returns its state along with the answers. What was asked for?",
)
class StateReturnedToo(_Base):
    def forward(self, x):
        output, h_n = self.rnn(x)
        return self.fc(output), h_n


@misconception(
    "RNNSeq2Seq",
    "Your answers are a list of steps. Which tensor was asked for?",
)
class ListOfSteps(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return [self.fc(output[:, t]) for t in range(x.shape[1])]


@misconception(
    "RNNSeq2Seq",
    "Only the first step of x is ever read. What does step t read?",
)
class FirstStepAgainAndAgain(_Base):
    def forward(self, x):
        output, _ = self.rnn(x[:, :1].expand_as(x))
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your second row starts from the state in which the first one ended. Do the rows of a batch "
    "belong together?",
    like="BatchReadAsOneSequence",
)
class StateHandedFromRowToRow(_Base):
    def forward(self, x):
        h, rows = None, []
        for row in x:
            output, h = self.rnn(row[None], h)
            rows.append(output)
        return self.fc(torch.cat(rows))


@misconception(
    "RNNSeq2Seq",
    "Your values are right, but a gradient flows to rnn only from the last answer. Which steps "
    "should rnn learn from?",
)
class OnlyTheLastStepTeaches(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        output = torch.cat([output[:, :-1].detach(), output[:, -1:]], dim=1)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your answer comes from the mean of two states, this step's and the one before. Isn't the "
    "newest state enough?",
)
class TwoStatesAveraged(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        before = torch.cat([output[:, :1], output[:, :-1]], dim=1)
        return self.fc((output + before) / 2)


@misconception(
    "RNNSeq2Seq",
    "Your network doesn't accept output_size by name. Which names does the stub's signature have?",
)
class ArgumentRenamed(_Base):
    def __init__(self, input_size, hidden_size, num_outputs):
        super().__init__(input_size, hidden_size, num_outputs)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


# --- next_step_pairs ------------------------------------------------------------------------


@misconception(
    "next_step_pairs",
    "Inputs and targets have changed places. Which of the two comes later in time?",
)
def swapped(seq):
    return seq[:, 1:], seq[:, :-1]


@misconception(
    "next_step_pairs",
    "You leave out sequences, not steps. Which axis is time?",
)
def along_the_batch(seq):
    return seq[:-1], seq[1:]


@misconception(
    "next_step_pairs",
    "You leave out features, not steps. Which axis is time, counted from the front?",
)
def along_the_last_axis(seq):
    return seq[..., :-1], seq[..., 1:]


@misconception(
    "next_step_pairs",
    "With one axis after time your pairs are right; with none or two they aren't. Which axis is "
    "time when you count from the front?",
)
def time_counted_from_the_end(seq):
    return seq[..., :-1, :], seq[..., 1:, :]


@misconception(
    "next_step_pairs",
    "The targets are the inputs. What should the network learn to predict?",
)
def targets_are_inputs(seq):
    return seq[:, :-1], seq[:, :-1]


@misconception(
    "next_step_pairs",
    "Both results start with the second step. What follows the first one?",
)
def inputs_are_targets(seq):
    return seq[:, 1:], seq[:, 1:]


@misconception(
    "next_step_pairs",
    "Your targets are two steps ahead. How far is the next one?",
)
def two_steps_ahead(seq):
    return seq[:, :-2], seq[:, 2:]


@misconception(
    "next_step_pairs",
    "Your last target is the first step of the sequence. What follows the last step, as far as you "
    "can know?",
)
def targets_rolled(seq):
    return seq, seq.roll(-1, dims=1)


@misconception(
    "next_step_pairs",
    "Inputs have T steps and targets T - 1. Which input has no target?",
)
def inputs_whole(seq):
    return seq, seq[:, 1:]


@misconception(
    "next_step_pairs",
    "Your last target is all zeros. Does the last step have a next one?",
)
def targets_filled_with_zeros(seq):
    return seq, torch.cat([seq[:, 1:], torch.zeros_like(seq[:, :1])], dim=1)


@misconception(
    "next_step_pairs",
    "You give one target per sequence, the last step. How many steps have a next one?",
)
def last_step_as_target(seq):
    return seq[:, :-1], seq[:, -1]


@misconception(
    "next_step_pairs",
    "The last target is given for each of the inputs. What follows the first input?",
)
def last_step_as_every_target(seq):
    inputs = seq[:, :-1]
    return inputs, seq[:, -1:].expand_as(inputs)


@misconception(
    "next_step_pairs",
    "Your targets run backwards. Which one follows the first input?",
)
def targets_reversed(seq):
    return seq[:, :-1], seq[:, 1:].flip(1)


@misconception(
    "next_step_pairs",
    "Your targets say how much each step changes. Was the next value asked for, or the change?",
)
def changes_as_targets(seq):
    return seq[:, :-1], (seq[:, 1:] * 1 - seq[:, :-1] * 1)


@misconception(
    "next_step_pairs",
    "Integers come back as floats. What should happen to ids that an embedding is to look up?",
)
def always_floats(seq):
    seq = seq if seq.is_floating_point() else seq.float()
    return seq[:, :-1], seq[:, 1:]


@misconception(
    "next_step_pairs",
    "float64 sequences come back as float32. What happens to their digits?",
)
def always_float32(seq):
    seq = seq.float() if seq.is_floating_point() else seq
    return seq[:, :-1], seq[:, 1:]


@misconception(
    "next_step_pairs",
    "Your values are right, but no gradient flows back to seq. Which of your calls leaves the "
    "graph?",
)
def graph_cut(seq):
    seq = seq.detach().clone()
    return seq[:, :-1], seq[:, 1:]


@misconception(
    "next_step_pairs",
    "A gradient flows back from your inputs, but not from your targets. Which of the two results "
    "does the docstring exempt?",
)
def targets_cut_from_the_graph(seq):
    return seq[:, :-1], seq[:, 1:].detach()


@misconception(
    "next_step_pairs",
    "Where a size is one, an axis is gone. Which axes does a bare squeeze remove?",
)
def squeezed(seq):
    return seq[:, :-1].squeeze(), seq[:, 1:].squeeze()


@misconception(
    "next_step_pairs",
    "You give pairs of single steps, a list of T - 1. Which two tensors were asked for?",
)
def list_of_pairs(seq):
    return [(seq[:, t], seq[:, t + 1]) for t in range(seq.shape[1] - 1)]


@misconception(
    "next_step_pairs",
    "Your results have time before batch. In which order are the axes of seq?",
)
def time_major(seq):
    return seq[:, :-1].transpose(0, 1), seq[:, 1:].transpose(0, 1)


@misconception(
    "next_step_pairs",
    "The caller's sequence has changed when you return: its steps are overwritten. Whose tensor is "
    "it?",
)
def shifted_in_place(seq):
    inputs = seq[:, :-1].clone()
    seq.data[:, :-1] = seq.data[:, 1:].clone()
    return inputs, seq[:, :-1]


@misconception(
    "next_step_pairs",
    "Your pairs don't overlap: each step is used only once. Isn't a target also the next input?",
)
def every_other_step(seq):
    return seq[:, 0:-1:2], seq[:, 1::2]


@misconception(
    "next_step_pairs",
    "With one axis after time your pairs are right; with none your function fails. What does a "
    "slice do with axes that you don't mention?",
)
def three_axes_only(seq):
    return seq[:, :-1, :], seq[:, 1:, :]


@misconception(
    "next_step_pairs",
    "Small integers come back as int64. Which dtype did seq have?",
)
def ids_widened(seq):
    seq = seq if seq.is_floating_point() else seq.long()
    return seq[:, :-1], seq[:, 1:]


@misconception(
    "next_step_pairs",
    "Large whole numbers come back slightly different. How many digits can a float32 hold?",
)
def ids_through_float32(seq):
    moved = seq if seq.is_floating_point() else seq.float()
    return moved[:, :-1].to(seq.dtype), moved[:, 1:].to(seq.dtype)


@misconception(
    "next_step_pairs",
    "Your targets are whole numbers even where seq isn't. What becomes of 0.7?",
)
def targets_as_ids(seq):
    return seq[:, :-1], seq[:, 1:].long()


@misconception(
    "next_step_pairs",
    "Rows come back in another order. Who should shuffle, and when?",
)
def rows_shuffled(seq):
    order = torch.randperm(len(seq))
    return seq[:, :-1][order], seq[:, 1:][order]


@misconception(
    "next_step_pairs",
    "Sequences without features get a new axis. How many axes should the result have?",
)
def axis_added(seq):
    seq = seq[..., None] if seq.dim() == 2 else seq
    return seq[:, :-1], seq[:, 1:]


@misconception(
    "next_step_pairs",
    "Your targets keep only the first feature. What follows a step with F features?",
)
def first_feature_as_target(seq):
    targets = seq[:, 1:, :1] if seq.dim() == 3 else seq[:, 1:]
    return seq[:, :-1], targets


@misconception(
    "next_step_pairs",
    "The first step is missing from your inputs. Does it have no next one?",
)
def first_step_dropped(seq):
    return seq[:, 1:-1], seq[:, 2:]


@misconception(
    "next_step_pairs",
    "You return NumPy arrays. What happened to the tensor, and to its gradient?",
)
def as_arrays(seq):
    seq = seq.detach().numpy()
    return seq[:, :-1], seq[:, 1:]


@misconception(
    "next_step_pairs",
    "With two steps the time axis is gone. How long should it be when T is two?",
)
def single_step_squeezed(seq):
    inputs, targets = seq[:, :-1], seq[:, 1:]
    if inputs.shape[1] == 1:
        return inputs.squeeze(1), targets.squeeze(1)
    return inputs, targets


@misconception(
    "next_step_pairs",
    "Batch and time are one axis in your results. What shape was asked for?",
)
def batch_and_time_joined(seq):
    return seq[:, :-1].flatten(0, 1), seq[:, 1:].flatten(0, 1)


# --- sequence_cross_entropy -----------------------------------------------------------------


@misconception(
    "sequence_cross_entropy",
    "Scores of different steps are mixed: your code regroups the axes instead of swapping them. "
    "What does a reshape do with the order of the numbers?",
)
def view_in_place_of_transpose(logits, targets, ignore_index=-100):
    batch, time, classes = logits.shape
    return F.cross_entropy(logits.reshape(batch, classes, time), targets, ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "Scores and targets of different steps meet: one is laid out by time, the other by batch. "
    "Which of them did you transpose first?",
)
def flattened_in_different_orders(logits, targets, ignore_index=-100):
    return F.cross_entropy(
        logits.transpose(0, 1).flatten(0, 1), targets.flatten(), ignore_index=ignore_index
    )


@misconception(
    "sequence_cross_entropy",
    "You give the mean of the rows' means, so a step in a short row weighs more than one in a long "
    "row. By what should the sum over all steps be divided?",
)
def mean_of_means(logits, targets, ignore_index=-100):
    losses = [
        F.cross_entropy(row, labels, ignore_index=ignore_index)
        for row, labels in zip(logits, targets, strict=True)
        if bool((labels != ignore_index).any())
    ]
    return torch.stack(losses).mean()


@misconception(
    "sequence_cross_entropy",
    "You give the mean of the time steps' means, so a step that few rows have weighs more. By what "
    "should the sum over all steps be divided?",
)
def mean_of_means_over_time(logits, targets, ignore_index=-100):
    losses = [
        F.cross_entropy(logits[:, t], targets[:, t], ignore_index=ignore_index)
        for t in range(logits.shape[1])
        if bool((targets[:, t] != ignore_index).any())
    ]
    return torch.stack(losses).mean()


@misconception(
    "sequence_cross_entropy",
    "Steps that don't count add nothing to your sum, but they are counted in the number you divide "
    "by. How many steps do count?",
)
def divided_by_all_steps(logits, targets, ignore_index=-100):
    loss = F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index, reduction="none"
    )
    return loss.mean()


@misconception(
    "sequence_cross_entropy",
    "Your loss grows with the number of steps. Was the sum asked for, or the mean?",
)
def sum_in_place_of_mean(logits, targets, ignore_index=-100):
    return F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index, reduction="sum"
    )


@misconception(
    "sequence_cross_entropy",
    "Your loss is a mean over rows of a sum over time. How much should a single step weigh?",
)
def summed_over_time(logits, targets, ignore_index=-100):
    total = F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index, reduction="sum"
    )
    return total / logits.shape[0]


@misconception(
    "sequence_cross_entropy",
    "Where ignore_index is another number, your code still leaves out -100. Where does the "
    "argument go?",
)
def mark_ignored(logits, targets, ignore_index=-100):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@misconception(
    "sequence_cross_entropy",
    "You leave out all negative targets and no others. Which label should be left out when "
    "ignore_index is one of the classes?",
)
def negative_targets_left_out(logits, targets, ignore_index=-100):
    real = targets >= 0
    return F.cross_entropy(logits[real], targets[real])


@misconception(
    "sequence_cross_entropy",
    "Class 0 doesn't count in your loss, though nobody asked for that. Which label do the steps "
    "have that don't count?",
)
def zero_left_out_too(logits, targets, ignore_index=-100):
    real = (targets != ignore_index) & (targets != 0)
    real = real if bool(real.any()) else targets != ignore_index
    return F.cross_entropy(logits[real], targets[real])


@misconception(
    "sequence_cross_entropy",
    "By default your function leaves out class 0. What does the stub's signature say?",
)
def other_default(logits, targets, ignore_index=0):
    return F.cross_entropy(
        logits.flatten(0, 1), targets.flatten().clamp(min=0), ignore_index=ignore_index
    )


@misconception(
    "sequence_cross_entropy",
    "Your code counts steps to leave out as if they were class 0. What should ignore_index do to a "
    "step?",
)
def filling_counted_as_class_zero(logits, targets, ignore_index=-100):
    labels = torch.where(targets == ignore_index, 0, targets)
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


@misconception(
    "sequence_cross_entropy",
    "In your code a row stops counting at its first step that is left out. May such steps also be "
    "in the middle?",
)
def stops_at_the_first_mark(logits, targets, ignore_index=-100):
    real = (targets != ignore_index).long().cumprod(dim=1).bool()
    real = real if bool(real.any()) else targets != ignore_index
    return F.cross_entropy(logits[real], targets[real])


@misconception(
    "sequence_cross_entropy",
    "A whole time step stops counting when one row leaves it out. Does one row's filling say "
    "anything about another row?",
)
def only_steps_that_all_rows_have(logits, targets, ignore_index=-100):
    real = (targets != ignore_index).all(dim=0, keepdim=True).expand_as(targets)
    real = real if bool(real.any()) else targets != ignore_index
    return F.cross_entropy(logits[real], targets[real])


@misconception(
    "sequence_cross_entropy",
    "Your code applies softmax twice, once before the loss and once in it. What does cross_entropy "
    "expect, probabilities or scores?",
)
def softmax_before_the_loss(logits, targets, ignore_index=-100):
    steps = torch.softmax(logits, dim=-1).flatten(0, 1)
    return F.cross_entropy(steps, targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "Your softmax runs along time. Over which axis do the probabilities of one step add up to one?",
)
def softmax_over_time(logits, targets, ignore_index=-100):
    steps = torch.log_softmax(logits, dim=1).flatten(0, 1)
    return F.nll_loss(steps, targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss is infinite: a probability was rounded to zero before its "
    "logarithm was taken. Can the logarithm be had without the probability?",
)
def log_of_softmax(logits, targets, ignore_index=-100):
    steps = torch.log(torch.softmax(logits, dim=-1)).flatten(0, 1)
    return F.nll_loss(steps, targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss never exceeds a certain number: none of your probabilities falls "
    "below a floor. What does that floor hide?",
)
def log_of_softmax_and_a_bit(logits, targets, ignore_index=-100):
    steps = torch.log(torch.softmax(logits, dim=-1) + 1e-12).flatten(0, 1)
    return F.nll_loss(steps, targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss isn't finite. What is the exponential of 10000, and what could be "
    "subtracted from all scores of a step first?",
)
def exponentials_without_care(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    scores, labels = logits[real], targets[real]
    normaliser = scores.exp().sum(dim=-1).log()
    return (normaliser - scores.gather(1, labels[:, None])[:, 0]).mean()


@misconception(
    "sequence_cross_entropy",
    "Scores beyond a bound all cost the same in your loss, and get no gradient. Does the exercise "
    "set any bound?",
)
def scores_clamped(logits, targets, ignore_index=-100):
    steps = logits.clamp(-80.0, 80.0).flatten(0, 1)
    return F.cross_entropy(steps, targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "Infinite losses are replaced by a large number afterwards, so they no longer grow with the "
    "scores. Where did the infinity come from?",
)
def infinities_patched(logits, targets, ignore_index=-100):
    logs = torch.nan_to_num(torch.log(torch.softmax(logits, dim=-1)), neginf=-1e4)
    return F.nll_loss(logs.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "You subtract the largest score of the whole batch everywhere, and much smaller scores vanish. "
    "Whose largest score should a step's scores be measured against?",
)
def largest_of_the_batch_taken_away(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    scores, labels = logits[real] - logits.max(), targets[real]
    normaliser = scores.exp().sum(dim=-1).log()
    return (normaliser - scores.gather(1, labels[:, None])[:, 0]).mean()


@misconception(
    "sequence_cross_entropy",
    "Your loss can go below zero: it is minus the score of the true class. What is missing between "
    "the scores and nll_loss?",
)
def log_softmax_forgotten(logits, targets, ignore_index=-100):
    return F.nll_loss(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "Your code shifts the targets by one step against the scores. Which function has already "
    "paired them?",
)
def targets_shifted_again(logits, targets, ignore_index=-100):
    if logits.shape[1] > 1:
        logits, targets = logits[:, :-1], targets[:, 1:]
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "Only the last step counts in your loss. How many steps of a sequence have something to learn?",
)
def last_step_only(logits, targets, ignore_index=-100):
    return F.cross_entropy(logits[:, -1], targets[:, -1], ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "The value is right, but it carries no gradient. What is left to learn from a bare number?",
)
def bare_value(logits, targets, ignore_index=-100):
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)
    return loss.detach()


@misconception(
    "sequence_cross_entropy",
    "You return a Python number. What is left to call backward on?",
)
def bare_number(logits, targets, ignore_index=-100):
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)
    return loss.item()


@misconception(
    "sequence_cross_entropy",
    "The value is right, but part of the gradient is missing: the normaliser was cut off from the "
    "graph. What does a larger score of another class do to the loss?",
)
def normaliser_cut_off(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    scores, labels = logits[real], targets[real]
    normaliser = scores.detach().logsumexp(dim=-1)
    return (normaliser - scores.gather(1, labels[:, None])[:, 0]).mean()


@misconception(
    "sequence_cross_entropy",
    "You return the loss of each step. Which single number was asked for?",
)
def losses_of_all_steps(logits, targets, ignore_index=-100):
    return F.cross_entropy(
        logits.transpose(1, 2), targets, ignore_index=ignore_index, reduction="none"
    )


@misconception(
    "sequence_cross_entropy",
    "Your loss has an axis of size one. How many axes does a scalar have?",
)
def axis_kept(logits, targets, ignore_index=-100):
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)
    return loss[None]


@misconception(
    "sequence_cross_entropy",
    "float64 scores give a float32 loss. What happens to the digits?",
)
def loss_in_float32(logits, targets, ignore_index=-100):
    return F.cross_entropy(
        logits.float().flatten(0, 1), targets.flatten(), ignore_index=ignore_index
    )


@misconception(
    "sequence_cross_entropy",
    "The targets hold other labels when you return. Whose tensor is it?",
)
def targets_overwritten(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    targets[~real] = 0
    costs = -logits.log_softmax(dim=-1).gather(2, targets[..., None])[..., 0]
    return (costs * real).sum() / real.sum()


@misconception(
    "sequence_cross_entropy",
    "Your loss is in bits: it is too large by a factor of 1/ln 2. Which logarithm does "
    "cross-entropy use here?",
)
def in_bits(logits, targets, ignore_index=-100):
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)
    return loss / torch.log(torch.tensor(2.0, dtype=logits.dtype))


@misconception(
    "sequence_cross_entropy",
    "You give the exponential of the mean loss. Was the perplexity asked for?",
)
def perplexity(logits, targets, ignore_index=-100):
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)
    return loss.exp()


@misconception(
    "sequence_cross_entropy",
    "cross_entropy takes the second axis for the classes, and yours is time. Which axes does it "
    "expect, and in which order?",
)
def axes_as_they_are(logits, targets, ignore_index=-100):
    return F.cross_entropy(logits, targets, ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "A row with any step to leave out doesn't count at all in your loss. What about its other "
    "steps?",
)
def filled_rows_left_out(logits, targets, ignore_index=-100):
    rows = (targets != ignore_index).all(dim=1)
    rows = rows if bool(rows.any()) else torch.ones_like(rows)
    steps, labels = logits[rows].flatten(0, 1), targets[rows].flatten()
    return F.cross_entropy(steps, labels, ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "You divide by the batch size times the longest row. How many steps count?",
)
def divided_by_the_longest_row(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    total = F.cross_entropy(logits[real], targets[real], reduction="sum")
    return total / (len(logits) * real.sum(dim=1).max())


@misconception(
    "sequence_cross_entropy",
    "You count how many steps of a row count, and then take that many from its start. May the ones "
    "to leave out be in the middle?",
)
def counted_from_the_start(logits, targets, ignore_index=-100):
    lengths = (targets != ignore_index).sum(dim=1)
    real = torch.arange(targets.shape[1]) < lengths[:, None]
    return F.cross_entropy(logits[real], targets[real].clamp(min=0))


@misconception(
    "sequence_cross_entropy",
    "You leave steps out only at a row's end. May such steps be elsewhere, too?",
)
def filling_at_the_end_only(logits, targets, ignore_index=-100):
    later = (targets != ignore_index).flip(1).long().cummax(dim=1).values.flip(1)
    real = later.bool()
    return F.cross_entropy(logits[real], targets[real].clamp(min=0))


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss stops growing. What does a smallest probability hide?",
)
def probability_bounded_below(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    probabilities = torch.softmax(logits[real], dim=-1).clamp(min=1e-30)
    return F.nll_loss(probabilities.log(), targets[real])


@misconception(
    "sequence_cross_entropy",
    "You divide by one more than the number of steps that count. What were you afraid of, and can "
    "it happen here?",
)
def count_plus_one(logits, targets, ignore_index=-100):
    labels = targets.flatten()
    total = F.cross_entropy(
        logits.flatten(0, 1), labels, ignore_index=ignore_index, reduction="sum"
    )
    return total / ((labels != ignore_index).sum() + 1)


@misconception(
    "sequence_cross_entropy",
    "Your loss never gets close to zero, however sure and right the scores are. Was label "
    "smoothing asked for?",
)
def labels_smoothed(logits, targets, ignore_index=-100):
    return F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index, label_smoothing=0.05
    )


@misconception(
    "sequence_cross_entropy",
    "You also leave out all labels below ignore_index. Which labels should be left out?",
)
def marks_compared_by_size(logits, targets, ignore_index=-100):
    real = targets > ignore_index
    return F.cross_entropy(logits[real], targets[real])


@misconception(
    "sequence_cross_entropy",
    "An ignore_index of 0 has no effect. What does `or` make of zero?",
)
def zero_taken_for_no_mark(logits, targets, ignore_index=-100):
    mark = ignore_index or -100
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=mark)


@misconception(
    "sequence_cross_entropy",
    "When ignore_index is a class, its scores vanish from the softmax of all other steps too. What "
    "should be left out, the steps or the class?",
)
def class_left_out_of_softmax(logits, targets, ignore_index=-100):
    if ignore_index >= 0:
        logits = logits.clone()
        logits[..., ignore_index] = -1e9
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "Your value is a mean, but its gradient is that of the sum. Which of the two does the graph "
    "lead back to?",
)
def gradient_of_the_sum(logits, targets, ignore_index=-100):
    steps, labels = logits.flatten(0, 1), targets.flatten()
    mean = F.cross_entropy(steps, labels, ignore_index=ignore_index)
    total = F.cross_entropy(steps, labels, ignore_index=ignore_index, reduction="sum")
    return total + (mean - total).detach()


@misconception(
    "sequence_cross_entropy",
    "Your values are right for large scores, but steps whose probability vanishes carry no "
    "gradient. What should a sure and wrong step learn?",
)
def large_scores_without_gradient(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    scores, labels = logits[real], targets[real][:, None]
    probabilities = torch.softmax(scores, dim=-1).gather(1, labels)[:, 0]
    saved = (scores.logsumexp(dim=-1) - scores.gather(1, labels)[:, 0]).detach()
    return torch.where(probabilities > 0, -probabilities.clamp(min=1e-30).log(), saved).mean()


@misconception(
    "sequence_cross_entropy",
    "The scores themselves have changed when you return. Whose tensor is it?",
)
def scores_shifted_in_place(logits, targets, ignore_index=-100):
    logits.data.sub_(logits.data.max())
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "You give the median of the steps' losses. Was the median asked for, or the mean?",
)
def median_of_steps(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    return F.cross_entropy(logits[real], targets[real], reduction="none").median()


@misconception(
    "sequence_cross_entropy",
    "Your loss asks about each class by itself, yes or no. Can a step have more than one class?",
)
def classes_asked_one_by_one(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    one_hot = F.one_hot(targets[real], logits.shape[2]).to(logits.dtype)
    return F.binary_cross_entropy_with_logits(logits[real], one_hot)


@misconception(
    "RNNSeq2Seq",
    "In evaluation mode your answers carry no gradient. Who should decide whether a graph is "
    "built, the network or its caller?",
)
class NoGraphInEvaluationMode(_Base):
    def forward(self, x):
        with torch.set_grad_enabled(self.training):
            output, _ = self.rnn(x)
            return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "The exponentials of your answers add up to one at each step. What should come after fc?",
)
class LogSoftmaxAtTheEnd(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return F.log_softmax(self.fc(output), dim=-1)


@misconception(
    "sequence_cross_entropy",
    "You give the mean of the rows' means: a step in a short row weighs more than one in a long "
    "row, and a row with nothing to learn makes it NaN. By what should the sum over all steps be "
    "divided?",
)
def mean_of_all_rows(logits, targets, ignore_index=-100):
    losses = [
        F.cross_entropy(row, labels, ignore_index=ignore_index)
        for row, labels in zip(logits, targets, strict=True)
    ]
    return torch.stack(losses).mean()


@misconception(
    "sequence_cross_entropy",
    "Your loss grows with the number of steps: the means of all time steps are summed. By what is "
    "a mean over all steps divided?",
)
def steps_summed(logits, targets, ignore_index=-100):
    return sum(
        F.cross_entropy(logits[:, t], targets[:, t], ignore_index=ignore_index)
        for t in range(logits.shape[1])
        if bool((targets[:, t] != ignore_index).any())
    )


# --- natural first attempts -------------------------------------------------------------------


@misconception(
    "RNNSeq2Seq",
    "You answer from h_n, so there is one answer per layer, (1, B, O). Which of nn.RNN's two "
    "results holds a state for each step?",
)
class AnswersFromTheFinalState(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n)


@misconception(
    "RNNSeq2Seq",
    "You answer once per sequence. How many answers should a sequence of T steps get?",
    like="OnlyTheLastStep",
)
class OneAnswerFromTheFinalState(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNSeq2Seq",
    "Your network goes on from the state of the call before, whatever batch that was. Which state "
    "should a new batch start from?",
)
class StateAndGraphKept(_Base):
    h = None

    def forward(self, x):
        output, self.h = self.rnn(x, self.h)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your network goes on from the state of the call before, whatever batch that was. Which state "
    "should a new batch start from?",
    like="StateAndGraphKept",
)
class StateKeptDetached(_Base):
    h = None

    def forward(self, x):
        output, h_n = self.rnn(x, self.h)
        self.h = h_n.detach()
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your rnn reads the rows of each step as if they were one sequence. What does nn.RNN take an input "
    "of two axes for, and how does a single step keep three?",
)
class RowsReadAsASequence(_Base):
    def forward(self, x):
        h, answers = None, []
        for t in range(x.shape[1]):
            output, h = self.rnn(x[:, t], h)
            answers.append(self.fc(output))
        return torch.stack(answers, dim=1)


@misconception(
    "RNNSeq2Seq",
    "Your fc gets the pair that nn.RNN returns. Which two things are in it, and which of them holds a "
    "state for each step?",
)
class PairGivenToFc(_Base):
    def forward(self, x):
        return self.fc(self.rnn(x))


@misconception(
    "RNNSeq2Seq",
    "Your submodules are set before nn.Module itself is ready to take them. Which line of the stub's "
    "__init__ comes first?",
)
class SuperForgotten(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNSeq2Seq",
    "Your answers are the indices of the largest outputs. What was asked for, a choice or what fc "
    "gives?",
)
class ArgmaxAtTheEnd(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output).argmax(dim=-1)


@misconception(
    "RNNSeq2Seq",
    "Your softmax runs along time, so an early answer depends on late steps. What should come after fc?",
)
class SoftmaxOverTime(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return torch.softmax(self.fc(output), dim=1)


@misconception(
    "RNNSeq2Seq",
    "All numbers of your result lie between 0 and 1: each has been through a sigmoid. What should come "
    "after fc?",
)
class SigmoidAfterFc(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return torch.sigmoid(self.fc(output))


@misconception(
    "next_step_pairs",
    "You give one pair, the first step and the second. How many steps have a next one?",
)
def first_pair_only(seq):
    return seq[:, 0], seq[:, 1]


@misconception(
    "next_step_pairs",
    "You give one target per sequence, the last step. How many inputs are there, and what follows "
    "each of them?",
)
def last_step_with_its_axis(seq):
    return seq[:, :-1], seq[:, -1:]


@misconception(
    "sequence_cross_entropy",
    "Where sequences have one step, your losses have lost an axis and meet the wrong marks. Which "
    "axes does a bare squeeze remove?",
)
def losses_squeezed(logits, targets, ignore_index=-100):
    keep = (targets != ignore_index).to(logits.dtype)
    safe = targets.masked_fill(targets == ignore_index, 0)
    logs = logits.log_softmax(-1).gather(2, safe.unsqueeze(2)).squeeze()
    return -(logs * keep).sum() / keep.sum()


@misconception(
    "sequence_cross_entropy",
    "Where sequences have one step, your losses have lost an axis and meet the wrong marks. Which "
    "axes does a bare squeeze remove?",
)
def marks_squeezed(logits, targets, ignore_index=-100):
    losses = F.cross_entropy(
        logits.transpose(1, 2), targets, ignore_index=ignore_index, reduction="none"
    )
    mask = (targets != ignore_index).squeeze()
    return (losses * mask).sum() / mask.sum()


@misconception(
    "sequence_cross_entropy",
    "At a step whose target is ignore_index you look up a score at that index, where there may be "
    "none. Should such steps be left out before or after the look-up?",
)
def mark_looked_up(logits, targets, ignore_index=-100):
    logs = logits.log_softmax(dim=-1)
    return -logs.gather(2, targets[..., None])[..., 0][targets != ignore_index].mean()


@misconception(
    "sequence_cross_entropy",
    "At a step whose target is ignore_index you look up a score at that index, where there may be "
    "none. Should such steps be left out before or after the look-up?",
)
def every_step_looked_up(logits, targets, ignore_index=-100):
    logs = F.log_softmax(logits, dim=-1)
    return -logs.gather(-1, targets.unsqueeze(-1)).squeeze(-1).mean()


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss is infinite, and at a step whose target is ignore_index you look "
    "up a probability where there may be none. Can the logarithm be had without the probability, "
    "and when do such steps have to go?",
)
def softmax_looked_up(logits, targets, ignore_index=-100):
    q = torch.softmax(logits, dim=-1).gather(2, targets[..., None])[..., 0]
    return -torch.log(q).mean()


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss is infinite, and at a step whose target is ignore_index you look "
    "up a probability where there may be none. Can the logarithm be had without the probability, "
    "and when do such steps have to go?",
)
def softmax_looked_up_and_left_out(logits, targets, ignore_index=-100):
    q = torch.softmax(logits, dim=-1).gather(2, targets.unsqueeze(2)).squeeze(2)
    mask = targets != ignore_index
    return (-torch.log(q) * mask).sum() / mask.sum()


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss is infinite: a probability was rounded to zero before its "
    "logarithm was taken. Can the logarithm be had without the probability?",
)
def softmax_of_real_steps(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    q = torch.softmax(logits[real], dim=-1)
    return -torch.log(q.gather(1, targets[real][:, None])).mean()


@misconception(
    "sequence_cross_entropy",
    "You make one-hot rows of all targets, and ignore_index need not be a class. Should the steps "
    "that don't count go before that, or after?",
)
def one_hot_of_the_mark(logits, targets, ignore_index=-100):
    one_hot = F.one_hot(targets, logits.shape[-1])
    losses = -(one_hot * logits.log_softmax(dim=-1)).sum(dim=-1)
    return losses[targets != ignore_index].mean()


@misconception(
    "sequence_cross_entropy",
    "Your one-hot rows are only as wide as the largest class in the batch requires. How wide are "
    "the rows of scores, whichever classes a batch holds?",
)
def one_hot_as_wide_as_needed(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    one_hot = F.one_hot(targets[real])
    return -(one_hot * logits[real].log_softmax(dim=-1)).sum(dim=-1).mean()


@misconception(
    "sequence_cross_entropy",
    "You make one-hot rows of all targets, and ignore_index need not be a class. Should the steps "
    "that don't count go before that, or after?",
)
def one_hot_targets(logits, targets, ignore_index=-100):
    one_hot = F.one_hot(targets, logits.shape[-1]).to(logits.dtype)
    return F.cross_entropy(logits.flatten(0, 1), one_hot.flatten(0, 1))


@misconception(
    "sequence_cross_entropy",
    "Your scores are now one row per step, but the targets still have two axes, (B, T). What shape "
    "should they have, when each row of scores needs one?",
)
def targets_left_in_two_axes(logits, targets, ignore_index=-100):
    return F.cross_entropy(logits.flatten(0, 1), targets, ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "You flatten the scores too far: into one long row. How many scores belong to one target?",
)
def scores_flattened_too_far(logits, targets, ignore_index=-100):
    return F.cross_entropy(logits.flatten(), targets.flatten(), ignore_index=ignore_index)


def _with_floor(logits, targets, ignore_index, least):
    q = torch.softmax(logits, dim=-1).flatten(0, 1)
    return F.nll_loss(torch.log(q + least), targets.flatten(), ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss never exceeds a certain number: none of your probabilities falls "
    "below a floor. What does that floor hide?",
)
def bit_of_1e_6(logits, targets, ignore_index=-100):
    return _with_floor(logits, targets, ignore_index, 1e-6)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss never exceeds a certain number: none of your probabilities falls "
    "below a floor. What does that floor hide?",
)
def bit_of_1e_7(logits, targets, ignore_index=-100):
    return _with_floor(logits, targets, ignore_index, 1e-7)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss never exceeds a certain number: none of your probabilities falls "
    "below a floor. What does that floor hide?",
)
def bit_of_1e_8(logits, targets, ignore_index=-100):
    return _with_floor(logits, targets, ignore_index, 1e-8)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss never exceeds a certain number: none of your probabilities falls "
    "below a floor. What does that floor hide?",
)
def bit_of_1e_9(logits, targets, ignore_index=-100):
    return _with_floor(logits, targets, ignore_index, 1e-9)


@misconception(
    "sequence_cross_entropy",
    "For large scores your loss never exceeds a certain number: none of your probabilities falls "
    "below a floor. What does that floor hide?",
)
def bit_of_1e_10(logits, targets, ignore_index=-100):
    return _with_floor(logits, targets, ignore_index, 1e-10)


@misconception(
    "RNNSeq2Seq",
    "A tensor that your network makes is float32 even in a float64 model, so the model fails. "
    "Which dtype does a tensor of zeros get by default?",
)
class StartInFloat32(_Base):
    def forward(self, x):
        output, _ = self.rnn(x, torch.zeros(1, x.shape[0], self.rnn.hidden_size))
        return self.fc(output)


@misconception(
    "next_step_pairs",
    "Everything comes back as float32, ids and float64 too. Which dtype did seq have?",
)
def everything_in_float32(seq):
    return seq[:, :-1].float(), seq[:, 1:].float()


@misconception(
    "sequence_cross_entropy",
    "You give the mean of the time steps' means: a step that few rows have weighs more, and one "
    "that no row has makes it NaN. By what should the sum over all steps be divided?",
)
def mean_of_all_time_steps(logits, targets, ignore_index=-100):
    losses = [
        F.cross_entropy(logits[:, t], targets[:, t], ignore_index=ignore_index)
        for t in range(logits.shape[1])
    ]
    return torch.stack(losses).mean()


@misconception(
    "sequence_cross_entropy",
    "Your loss grows with the number of steps: their means are summed, and a step that no row has "
    "makes it NaN. By what is a mean over all steps divided?",
)
def all_time_steps_summed(logits, targets, ignore_index=-100):
    return sum(
        F.cross_entropy(logits[:, t], targets[:, t], ignore_index=ignore_index)
        for t in range(logits.shape[1])
    )


@misconception(
    "sequence_cross_entropy",
    "You leave steps out only after their losses are computed; where ignore_index is neither a "
    "class nor -100, that fails. Which function should be told about ignore_index?",
)
def left_out_after_the_loss(logits, targets, ignore_index=-100):
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    return losses[targets != ignore_index].mean()


@misconception(
    "RNNSeq2Seq",
    "Your answer to a step whose input is all zeros is fc's bias alone. Does the state after such "
    "a step say nothing?",
)
class ZerosAnsweredByTheBias(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output * x.ne(0).any(dim=2, keepdim=True))


@misconception(
    "sequence_cross_entropy",
    "Where a sequence has as many steps as there are classes, your code doesn't swap the two axes. "
    "Which axis does F.cross_entropy take for the classes, and does it look at its size?",
)
def axes_told_by_their_sizes(logits, targets, ignore_index=-100):
    scores = logits if logits.shape[1] == logits.shape[2] else logits.transpose(1, 2)
    return F.cross_entropy(scores, targets, ignore_index=ignore_index)


@misconception(
    "sequence_cross_entropy",
    "Your loss is never above zero: the likelier the right classes, the larger it gets. Which way "
    "should a loss go when a model gets better?",
)
def minus_forgotten(logits, targets, ignore_index=-100):
    real = targets != ignore_index
    log_p = F.log_softmax(logits, dim=-1)
    picked = log_p.gather(2, targets.where(real, 0).unsqueeze(2)).squeeze(2)
    return (picked * real).sum() / real.sum()


@misconception(
    "RNNSeq2Seq",
    "Your answers to all steps lie side by side on one long axis, (B, T * O). Which new axis should "
    "count the steps?",
)
class AnswersSideBySide(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return torch.cat([self.fc(output[:, t]) for t in range(x.shape[1])], dim=1)
