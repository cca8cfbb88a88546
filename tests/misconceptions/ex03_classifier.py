"""Wrong answers to exercise 3, each with what a teacher would say."""

import torch
from torch import nn
from torch.nn import functional as F

from grading.testing.answers import misconception

# --- RNNClassifier --------------------------------------------------------------------------


class _Base(nn.Module):
    """Both submodules as they should be, for the mistakes that sit in forward alone."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)


@misconception(
    "RNNClassifier",
    "Your logits have the right shape, but they change when other sequences of the batch change. "
    "Which axis does your nn.RNN take for time?",
)
class BatchFirstForgotten(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, -1])


@misconception(
    "RNNClassifier",
    "You get one answer per time step of the last sequence. What does the first axis of a "
    "batch-first output stand for?",
)
class LastRowOfOutput(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[-1])


@misconception(
    "RNNClassifier",
    "Your logits have three axes, (L, B, C). What does the first axis of h_n count, and which of "
    "its entries do you want?",
)
class WholeFinalState(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n)


@misconception(
    "RNNClassifier",
    "You answer at every step, (B, T, C). How many answers should one sequence get?",
)
class AnswersAtEveryStep(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output)


@misconception(
    "RNNClassifier",
    "With one layer your logits are right; with more they come from the bottom layer. In which "
    "order does h_n hold the layers?",
)
class BottomLayer(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[0])


@misconception(
    "RNNClassifier",
    "With one layer your logits are right; with more they come from the mean of all layers' "
    "states. Which of the layers has been through all the others?",
)
class LayersAveraged(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n.mean(dim=0))


@misconception(
    "RNNClassifier",
    "You get one row of logits per layer, not per sequence. Does batch_first change h_n too, or "
    "only x and output?",
)
class FinalStateTakenAsBatchFirst(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[:, -1])


@misconception(
    "RNNClassifier",
    "With several layers your rows are put together from different sequences. Does a view swap two "
    "axes, or only regroup the numbers?",
)
class SamplesMixedByView(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n.reshape(x.shape[0], -1, h_n.shape[2])[:, -1])


@misconception(
    "RNNClassifier",
    "Your fc reads the states of all layers at once. Which layer's state is asked for, and how "
    "many features does it have?",
)
class LayersSideBySide(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size * num_layers, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n.transpose(0, 1).reshape(x.shape[0], -1))


@misconception(
    "RNNClassifier",
    "Your network has one layer however many are asked for. Where does num_layers go?",
)
class LayersIgnored(_Base):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__(input_size, hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Without num_layers your network has two layers. What does the signature say?",
)
class TwoLayersByDefault(_Base):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=2):
        super().__init__(input_size, hidden_size, num_classes, num_layers)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Each row of your result is positive and adds up to one. What does cross-entropy do with the "
    "scores it gets, and what happens when that is done twice?",
)
class SoftmaxAtTheEnd(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return torch.softmax(self.fc(h_n[-1]), dim=1)


@misconception(
    "RNNClassifier",
    "The exponentials of each row of your result add up to one. The loss is the same, but what "
    "was asked for: scores as fc gives them, or log-probabilities?",
)
class LogSoftmaxAtTheEnd(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return F.log_softmax(self.fc(h_n[-1]), dim=1)


@misconception(
    "RNNClassifier",
    "Your logits are never below zero. How could the network say that a class is unlikely?",
)
class ReluAfterFc(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return F.relu(self.fc(h_n[-1]))


@misconception(
    "RNNClassifier",
    "Your code cuts off negative features before fc sees them. What should stand between the state "
    "and fc?",
)
class ReluBeforeFc(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(F.relu(h_n[-1]))


@misconception(
    "RNNClassifier",
    "Your logits never leave (-1, 1). What should come after fc?",
)
class TanhAfterFc(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return torch.tanh(self.fc(h_n[-1]))


@misconception(
    "RNNClassifier",
    "Where a size is 1, an axis of your result is gone. Which axes does a bare squeeze remove?",
)
class Squeezed(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]).squeeze()


@misconception(
    "RNNClassifier",
    "With a single class your result is (B,): its last axis is gone. What shape do logits have, "
    "however many classes there are?",
)
class SingleClassSqueezed(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]).squeeze(1)


@misconception(
    "RNNClassifier",
    "The second call gives different logits for the same x. What should a new batch know about the "
    "one before it?",
)
class StateKeptBetweenCalls(_Base):
    def forward(self, x):
        h = getattr(self, "h", None)
        if h is not None and h.shape[1] != x.shape[0]:
            h = None
        _, h_n = self.rnn(x, h)
        self.h = h_n.detach()
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "In evaluation mode your network goes on from the state of the call before. Which sequence "
    "did that state come from?",
)
class StateKeptInEvaluationMode(_Base):
    def forward(self, x):
        h = getattr(self, "h", None)
        if self.training or (h is not None and h.shape[1] != x.shape[0]):
            h = None
        _, h_n = self.rnn(x, h)
        self.h = None if self.training else h_n.detach()
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your logits come from the mean of the states of all steps. Which single state has already "
    "seen the whole sequence?",
)
class MeanOverTime(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output.mean(dim=1))


@misconception(
    "RNNClassifier",
    "Your logits come from the largest value that each feature had at any step. Which single state "
    "was asked for?",
)
class MaximumOverTime(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output.max(dim=1).values)


@misconception(
    "RNNClassifier",
    "Only the first step of x reaches your logits. What has the network read by then?",
)
class FirstStep(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, 0])


@misconception(
    "RNNClassifier",
    "The last step of x doesn't reach your logits. Which index does the last of T steps have?",
)
class StepBeforeTheLast(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, max(x.shape[1] - 2, 0)])


@misconception(
    "RNNClassifier",
    "Your network reads the sequence from its end to its start. Which step should it read last?",
)
class TimeReversed(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x.flip(1))
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "The same x gives different logits each time, though no weight has changed. From which state "
    "does the reading start?",
)
class RandomStart(_Base):
    def forward(self, x):
        h0 = torch.randn(self.rnn.num_layers, x.shape[0], self.rnn.hidden_size, dtype=x.dtype)
        _, h_n = self.rnn(x, h0)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your network starts from a state of ones. What should its state be before it has read "
    "anything?",
)
class StartsFromOnes(_Base):
    def forward(self, x):
        h0 = x.new_ones(self.rnn.num_layers, x.shape[0], self.rnn.hidden_size)
        _, h_n = self.rnn(x, h0)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your initial state is a parameter: zero now, but not after a step of learning. From which "
    "state should every call start?",
)
class LearnedStart(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)
        self.h0 = nn.Parameter(torch.zeros(num_layers, 1, hidden_size))

    def forward(self, x):
        _, h_n = self.rnn(x, self.h0.expand(-1, x.shape[0], -1).contiguous())
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "A tensor that your network makes is float32 even in a float64 model, so the model fails. "
    "Which dtype does a tensor of zeros get by default?",
)
class StartInFloat32(_Base):
    def forward(self, x):
        h0 = torch.zeros(self.rnn.num_layers, x.shape[0], self.rnn.hidden_size)
        _, h_n = self.rnn(x, h0)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your values are right, but rnn and x get no gradient: only fc would learn. What cuts the "
    "graph between the state and fc?",
)
class GraphCut(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1].detach())


@misconception(
    "RNNClassifier",
    "Your values are right, but the gradient reaches only the last step. What did you cut off "
    "between the steps?",
)
class GraphCutBetweenSteps(_Base):
    def forward(self, x):
        h = None
        for t in range(x.shape[1]):
            _, h = self.rnn(x[:, t : t + 1], None if h is None else h.detach())
        return self.fc(h[-1])


@misconception(
    "RNNClassifier",
    "Your values are right, but nothing carries a gradient. Who should decide whether a graph is "
    "built, the network or its caller?",
)
class NoGraph(_Base):
    @torch.no_grad()
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your rnn has four times as many weights as the sizes call for. Which cell is it, and which "
    "one does this exercise ask for?",
)
class LstmInstead(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, (h_n, _) = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your rnn has three times as many weights as the sizes call for. Which cell is it, and which "
    "one does this exercise ask for?",
)
class GruInstead(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.GRU(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your rnn has the right weights, but its states have no upper bound and never go below zero. "
    "Which squashing function was asked for?",
)
class ReluInTheCell(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(
            input_size, hidden_size, num_layers, nonlinearity="relu", batch_first=True
        )
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your network reads in both directions. How many directions do the sizes of fc leave room for?",
)
class BothDirections(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden_size, num_classes)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, -1])


@misconception(
    "RNNClassifier",
    "In training mode your logits differ from call to call: what in your model is random, and was it "
    "asked for?",
)
class DropoutBeforeFc(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(F.dropout(h_n[-1], 0.3, self.training))


@misconception(
    "RNNClassifier",
    "With several layers, in training mode, your logits change from call to call. What happens "
    "between your layers?",
)
class DropoutBetweenLayers(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        drop = 0.3 if num_layers > 1 else 0.0
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True, dropout=drop)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your fc has no bias: a state of zeros gives zero for each class. How could the network say "
    "that one class is more common than another?",
)
class FcWithoutBias(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes, bias=False)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Setting your network's weights changes nothing: each call draws new ones. When should the "
    "submodules be made?",
)
class FreshWeightsEachCall(_Base):
    def forward(self, x):
        rnn = nn.RNN(
            self.rnn.input_size, self.rnn.hidden_size, self.rnn.num_layers, batch_first=True
        ).to(x.dtype)
        _, h_n = rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "The answer to a sequence depends on which others are in the batch. Over which axis do you "
    "take the mean that you subtract?",
)
class BatchMeanTakenAway(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x - x.mean(dim=0, keepdim=True))
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Very large and very small inputs are cut off before your network reads them, even in the "
    "caller's tensor. May forward change x?",
)
class InputCutOff(_Base):
    def forward(self, x):
        x.data.clamp_(-1.0, 1.0)
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your logits are what fc makes of the state, plus something more. What did you add?",
)
class LastInputMeanAdded(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]) + x[:, -1].mean(dim=1, keepdim=True)


@misconception(
    "RNNClassifier",
    "Your network stops reading after a few steps. How long may a sequence be?",
)
class ReadsThreeSteps(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x[:, :3])
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "With one or two layers your logits are right; with three they come from the second. How do "
    "you reach the last entry of h_n, however many there are?",
)
class SecondLayer(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[min(1, len(h_n) - 1)])


@misconception(
    "RNNClassifier",
    "In evaluation mode your result differs from that in training mode: its rows add up to one. "
    "What should forward give, whatever the mode?",
)
class SoftmaxInEvaluationMode(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        logits = self.fc(h_n[-1])
        return logits if self.training else torch.softmax(logits, dim=1)


@misconception(
    "RNNClassifier",
    "Your logits never leave a certain range. Is there a limit to how sure a network may be?",
)
class LogitsClamped(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]).clamp(-20.0, 20.0)


@misconception(
    "RNNClassifier",
    "Large inputs are cut off before your network reads them. What does tanh do with them anyway?",
)
class InputClamped(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x.clamp(-3.0, 3.0))
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "In float64 your logits have only float32's precision. Where do you change the dtype?",
)
class DigitsLost(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1].float().to(x.dtype))


@misconception(
    "RNNClassifier",
    "Your network doesn't accept num_layers by name. Which names does the stub's signature have?",
)
class ArgumentRenamed(_Base):
    def __init__(self, input_size, hidden_size, num_classes, layers=1):
        super().__init__(input_size, hidden_size, num_classes, layers)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "A sequence that ends in zeros is cut short in your network. Is a step of zeros not a step "
    "like any other?",
)
class ZerosTakenForFilling(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        steps = torch.arange(1, x.shape[1] + 1)
        lengths = ((x != 0).any(dim=2) * steps).amax(dim=1).clamp(min=1)
        return self.fc(output[torch.arange(len(x)), lengths - 1])


@misconception(
    "RNNClassifier",
    "Your network returns its state along with the logits. What does cross_entropy do with a pair?",
)
class StateReturnedToo(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]), h_n


@misconception(
    "RNNClassifier",
    "Your values are right, but the gradient is cut every seven steps. How far back should it go?",
)
class GraphCutNowAndThen(_Base):
    def forward(self, x):
        h = None
        for piece in x.split(7, dim=1):
            _, h = self.rnn(piece, None if h is None else h.detach())
        return self.fc(h[-1])


@misconception(
    "RNNClassifier",
    "Your values are right, but the weights of rnn never learn. Which of them require grad?",
)
class RnnFrozen(_Base):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__(input_size, hidden_size, num_classes, num_layers)
        self.rnn.requires_grad_(False)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "When sequences come one by one, each starts where the one before it ended. Do they belong "
    "together?",
)
class StateKeptForSingleRows(_Base):
    def forward(self, x):
        h = getattr(self, "h", None) if len(x) == 1 else None
        _, h_n = self.rnn(x, h)
        if len(x) == 1:
            self.h = h_n.detach()
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your code scales the state to length one before fc reads it. What should stand between the "
    "state and fc?",
)
class StateNormalised(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(F.normalize(h_n[-1], dim=1))


# --- predict --------------------------------------------------------------------------------


@misconception(
    "predict",
    "While your model runs, dropout still drops. Which mode is a new model in by default?",
)
def evaluation_mode_forgotten(model, x):
    with torch.no_grad():
        return model(x).argmax(dim=1)


@misconception(
    "predict",
    "When you return, the model says it is in evaluation mode, but while it ran its layers "
    "weren't. Do you switch before the call, and what switches the layers inside?",
    like="outermost_module_only",
)
def evaluation_mode_too_late(model, x):
    with torch.no_grad():
        logits = model(x)
    model.eval()
    return logits.argmax(dim=1)


@misconception(
    "predict",
    "When you return, the model says it is in evaluation mode, but while it ran its layers "
    "weren't. Do you switch before the call, and what switches the layers inside?",
)
def outermost_module_only(model, x):
    model.training = False
    with torch.no_grad():
        return model(x).argmax(dim=1)


@misconception(
    "predict",
    "You switch to evaluation mode only if the outermost module is in training mode. Must the "
    "layers inside be in the same mode as the module around them?",
)
def outermost_module_asked(model, x):
    if model.training:
        model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=1)


@misconception(
    "predict",
    "A graph is built while your model runs, though no gradients are needed. What could go around "
    "the call?",
)
def graph_built(model, x):
    model.eval()
    return model(x).argmax(dim=1)


@misconception(
    "predict",
    "A graph is built while your model runs, and thrown away afterwards. When must no_grad begin?",
    like="graph_built",
)
def graph_thrown_away(model, x):
    model.eval()
    logits = model(x)
    with torch.no_grad():
        return logits.detach().argmax(dim=1)


@misconception(
    "predict",
    "You get one number per class: the row in which it scores highest. Along which axis should you "
    "look for the largest?",
)
def best_row_of_each_class(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=0)


@misconception(
    "predict",
    "You get a single number for the whole batch. What does argmax do when it isn't told an axis?",
)
def best_of_all(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmax()


@misconception(
    "predict",
    "You return how large the largest logit is. Was its value asked for, or its place?",
)
def value_in_place_of_index(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).max(dim=1).values


@misconception(
    "predict",
    "You return probabilities. How do you get from them to one class for each row?",
)
def probabilities(model, x):
    model.eval()
    with torch.no_grad():
        return torch.softmax(model(x), dim=1)


@misconception(
    "predict",
    "You return the least likely class. Do large logits speak for a class or against it?",
)
def smallest_logit(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmin(dim=1)


@misconception(
    "predict",
    "A strongly negative logit can win in your function. What does the sign of a logit say?",
)
def sign_ignored(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).abs().argmax(dim=1)


@misconception(
    "predict",
    "When all logits are negative you always choose class 0. Does a logit have to be positive to "
    "be the largest?",
)
def negative_logits_cut_off(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).relu().argmax(dim=1)


@misconception(
    "predict",
    "Where two logits are large, you choose the first of them. What does a squashing function make "
    "of 40 and of 80?",
)
def saturated_by_sigmoid(model, x):
    model.eval()
    with torch.no_grad():
        return torch.sigmoid(model(x)).argmax(dim=1)


@misconception(
    "predict",
    "Where logits are close together, you choose the first of them. What is lost when they become "
    "whole numbers?",
)
def logits_rounded(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).long().argmax(dim=1)


@misconception(
    "predict",
    "You count the logits above zero. Which index does the class with the largest logit have?",
)
def positive_logits_counted(model, x):
    model.eval()
    with torch.no_grad():
        return (model(x) > 0).sum(dim=1)


@misconception(
    "predict",
    "Your indices are right, but they are floats. Could you index a list of class names with them?",
)
def indices_as_floats(model, x):
    model.eval()
    with torch.no_grad():
        logits = model(x)
        return logits.argmax(dim=1).to(logits.dtype)


@misconception(
    "predict",
    "Your indices are right, but they are int32. Which dtype did argmax give you?",
)
def indices_in_int32(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=1).int()


@misconception(
    "predict",
    "Your result has an extra axis of size one, (B, 1). Which option of argmax keeps it?",
)
def axis_kept(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=1, keepdim=True)


@misconception(
    "predict",
    "With a batch of one your result has no axis left. Which axes does a bare squeeze remove?",
)
def squeezed(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=1).squeeze()


@misconception(
    "predict",
    "Your classes are numbered from one. Which index does the first class have?",
)
def classes_from_one(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=1) + 1


@misconception(
    "predict",
    "You return a list of numbers. Which type was asked for?",
)
def list_of_numbers(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).argmax(dim=1).tolist()


@misconception(
    "predict",
    "You draw classes at random, each as often as its probability says. Which one is most likely?",
)
def drawn_at_random(model, x):
    model.eval()
    with torch.no_grad():
        return torch.multinomial(torch.softmax(model(x), dim=1), 1)[:, 0]


@misconception(
    "predict",
    "No graph is built, but from now on the model can't learn any more. What did you switch "
    "off, and who switches it on again?",
)
def model_frozen(model, x):
    model.eval()
    model.requires_grad_(False)
    return model(x).argmax(dim=1)


@misconception(
    "predict",
    "With a single class you ask whether its logit is above zero. Which indices are there when "
    "C is one?",
)
def threshold_for_one_class(model, x):
    model.eval()
    with torch.no_grad():
        logits = model(x)
        return (logits[:, 0] > 0).long() if logits.shape[1] == 1 else logits.argmax(dim=1)


@misconception(
    "predict",
    "Your classes are one-hot rows. How many numbers should there be for each sequence?",
)
def one_hot_rows(model, x):
    model.eval()
    with torch.no_grad():
        logits = model(x)
        return F.one_hot(logits.argmax(dim=1), logits.shape[1])


# --- train_step -----------------------------------------------------------------------------


@misconception(
    "train_step",
    "The same batch gives a different step when gradients are left from earlier. What does "
    "backward do with gradients that are already there?",
)
def zero_grad_forgotten(model, optimizer, x, y):
    model.train()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your step ignores this batch's gradients. What does the optimizer have to go by if the "
    "gradients are emptied just before its step?",
)
def zero_grad_after_backward(model, optimizer, x, y):
    model.train()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "From the second call on your steps are clean, but gradients from before the first one count. "
    "Can you be sure that nobody left any?",
)
def zero_grad_after_the_step(model, optimizer, x, y):
    model.train()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


@misconception(
    "train_step",
    "The loss is right, but no weight moves. Who applies the gradients, and are there any by then?",
)
def step_forgotten(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    return loss.item()


@misconception(
    "train_step",
    "Your gradients are empty when the optimizer takes its step. What fills them?",
)
def backward_forgotten(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your loss grows with the size of the batch, and so does your step. Was the sum asked for, or "
    "the mean?",
)
def summed_over_the_batch(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y, reduction="sum")
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "The loss you return is the mean, but your step follows the sum. Which one did you call "
    "backward on?",
)
def step_follows_the_sum(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    losses = F.cross_entropy(model(x), y, reduction="none")
    losses.sum().backward()
    optimizer.step()
    return losses.mean().item()


@misconception(
    "train_step",
    "Your loss is a mean that is divided by the batch size once more. What does cross_entropy "
    "already do by default?",
)
def divided_twice(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y) / len(y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "The loss you return was measured after the step. Which loss did the model have when it saw "
    "the batch?",
)
def loss_after_the_step(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    with torch.no_grad():
        return F.cross_entropy(model(x), y).item()


@misconception(
    "train_step",
    "You return a tensor. What would a list of a thousand such losses keep in memory, and which "
    "method gives the bare number?",
)
def loss_as_a_tensor(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


@misconception(
    "train_step",
    "A model that comes in evaluation mode learns in evaluation mode. Which mode does a step of "
    "learning need?",
)
def training_mode_forgotten(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "The model is in training mode when you return, but it wasn't while it ran. Which comes first, "
    "switching or running?",
)
def training_mode_too_late(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    model.train()
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your model learns in evaluation mode, whichever mode it came in. Is it predicting here, or "
    "learning?",
)
def learns_in_evaluation_mode(model, optimizer, x, y):
    model.eval()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    model.train()
    return loss.item()


@misconception(
    "train_step",
    "Your code applies softmax twice, once before the loss and once in it. What does cross_entropy "
    "expect, probabilities or scores?",
)
def softmax_before_the_loss(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(torch.softmax(model(x), dim=1), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your loss is a squared distance. Which loss was asked for?",
)
def squared_error(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    loss = F.mse_loss(torch.softmax(logits, dim=1), F.one_hot(y, logits.shape[1]).to(logits.dtype))
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your loss can go below zero: it is minus the logit of the true class. What turns scores into "
    "log-probabilities before nll_loss sees them?",
)
def log_softmax_forgotten(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.nll_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your optimizer takes one step per row of the batch. How many steps were asked for?",
)
def one_step_for_each_row(model, optimizer, x, y):
    model.train()
    losses = []
    for i in range(len(y)):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[i : i + 1]), y[i : i + 1])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


@misconception(
    "train_step",
    "Your optimizer takes two steps for one batch. Where does your code call each of them?",
)
def two_steps(model, optimizer, x, y):
    model.train()
    for _ in range(2):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your step ignores the momentum of the steps before it. Which optimizer takes it?",
)
def optimizer_of_its_own(model, optimizer, x, y):
    model.train()
    own = torch.optim.SGD(model.parameters(), lr=optimizer.param_groups[0]["lr"])
    own.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    own.step()
    return loss.item()


@misconception(
    "train_step",
    "Your gradients are made shorter before the step. Did the exercise ask for clipping?",
)
def clipped_unasked(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Rows of class 0 don't count in your loss. What does ignore_index=0 leave out?",
)
def class_zero_left_out(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y, ignore_index=0)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your loss never gets close to zero, however sure and right the model is. Was label smoothing "
    "asked for?",
)
def labels_smoothed(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y, label_smoothing=0.1)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your classes are weighted by how rare they are, so your loss isn't the mean over the batch. "
    "How much should each row count?",
)
def classes_weighed(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    weight = 1.0 / (1.0 + torch.bincount(y, minlength=logits.shape[1]).to(logits.dtype))
    loss = F.cross_entropy(logits, y, weight=weight)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "You return the loss rounded to a few digits. Who should decide how it is printed?",
)
def loss_rounded(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return round(loss.item(), 2)


@misconception(
    "train_step",
    "Your losses pair rows with the wrong classes: x was shuffled, y was not. Which two belong "
    "together?",
)
def rows_and_classes_torn_apart(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x[torch.randperm(len(x))]), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "You return the share of rows that were right. Which number was asked for?",
)
def accuracy_returned(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    F.cross_entropy(logits, y).backward()
    optimizer.step()
    return (logits.argmax(dim=1) == y).double().mean().item()


@misconception(
    "train_step",
    "The model learns, but you return nothing. Which number was asked for?",
)
def nothing_returned(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()


@misconception(
    "train_step",
    "The outermost module is in training mode, but the layers inside it aren't. What switches the "
    "submodules?",
)
def outermost_module_trains(model, optimizer, x, y):
    model.training = True
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "With two classes your loss takes the second logit alone, as if there were no first one. What "
    "happens to a cross-entropy when both logits grow by the same number?",
)
def second_logit_alone(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    if logits.shape[1] == 2:
        loss = F.binary_cross_entropy_with_logits(logits[:, 1], y.to(logits.dtype))
    else:
        loss = F.cross_entropy(logits, y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "You subtract the largest logit of the whole batch from every row. What do exponentials make "
    "of a row that is far below it?",
)
def largest_of_the_batch_taken_away(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    logits = logits - logits.max().detach()
    chosen = logits[torch.arange(len(y)), y]
    loss = (logits.exp().sum(dim=1).log() - chosen).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Where a parameter has no gradient yet, emptying it fails. What does zero_grad do in that "
    "case?",
)
def gradients_emptied_unseen(model, optimizer, x, y):
    model.train()
    for parameter in model.parameters():
        parameter.grad.zero_()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your steps get smaller from call to call. Who should decide on the learning rate?",
)
def learning_rate_decays(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= 0.9
    return loss.item()


@misconception(
    "train_step",
    "The optimizer's step comes before this batch's gradients are there. In which order must the "
    "two come?",
    like="step_forgotten",
)
def step_before_backward(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    optimizer.step()
    loss.backward()
    return loss.item()


@misconception(
    "train_step",
    "Your step goes uphill: the loss of this batch grows. Which sign should the loss have when you "
    "call backward?",
)
def uphill(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    (-loss).backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Each of your gradients is twice what it should be. How often do you call backward on this "
    "loss?",
)
def backward_twice(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward(retain_graph=True)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your step is that of plain gradient descent, whatever optimizer you are given. Which method "
    "of the optimizer applies its own rule?",
)
def descent_by_hand(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    with torch.no_grad():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter -= group["lr"] * parameter.grad
    return loss.item()


@misconception(
    "train_step",
    "Your step also pulls all weights towards zero. Was that asked for?",
)
def weights_pulled_to_zero(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    (loss + 1e-3 * sum(p.square().sum() for p in model.parameters())).backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "You take the mean over classes too, so your loss is C times too small. How many losses does a "
    "batch of B rows have?",
)
def mean_over_classes(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    loss = -(F.log_softmax(logits, dim=1) * F.one_hot(y, logits.shape[1])).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your softmax runs over the rows of the batch. Over which axis do one row's probabilities "
    "add up to one?",
)
def softmax_over_the_batch(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.nll_loss(F.log_softmax(model(x), dim=0), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "x itself has changed when you return. Whose tensor is it?",
)
def input_centred_in_place(model, optimizer, x, y):
    model.train()
    x -= x.mean()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


# --- right only in part -----------------------------------------------------------------------


@misconception(
    "RNNClassifier",
    "In evaluation mode your logits carry no gradient. Who should decide whether a graph is built, "
    "the network or its caller?",
)
class NoGraphInEvaluationMode(_Base):
    def forward(self, x):
        with torch.set_grad_enabled(self.training):
            _, h_n = self.rnn(x)
            return self.fc(h_n[-1])


@misconception(
    "predict",
    "Your classes are right, but after your call nothing builds a graph any more, so nothing can "
    "learn. What ends by itself: a switch, or a with block?",
)
def graphs_off_for_good(model, x):
    model.eval()
    torch.set_grad_enabled(False)
    return model(x).argmax(dim=1)


@misconception(
    "predict",
    "Your classes are right, but an x that required grad no longer does. Whose tensor is it?",
)
def x_asks_no_longer(model, x):
    model.eval()
    x.requires_grad_(False)
    with torch.no_grad():
        return model(x).argmax(dim=1)


@misconception(
    "predict",
    "Your exponentials are all zero for very negative logits, and infinite for very large ones. Do "
    "logits have to become anything else before they are compared?",
)
def bare_exponentials_compared(model, x):
    model.eval()
    with torch.no_grad():
        return model(x).exp().argmax(dim=1)


@misconception(
    "train_step",
    "Gradients longer than 5 are clipped. Did anybody ask for that here?",
)
def long_gradients_clipped(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    return loss.item()


# --- natural first attempts -------------------------------------------------------------------


@misconception(
    "RNNClassifier",
    "Your nn.RNN takes axis 0 for time, so it answers once per step, (T, C). What tells it which "
    "axis is the batch, and is that one first in what you hand over?",
)
class FinalStateOfTimeFirst(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your nn.RNN takes axis 0 for time, so it answers once per step, (T, C). What tells it which "
    "axis is the batch, and is that one first in what you hand over?",
    like="FinalStateOfTimeFirst",
)
class LastOutputOfTimeFirst(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[-1])


@misconception(
    "RNNClassifier",
    "Your network goes on from the state of the call before, whatever batch that was. Which state "
    "should a new batch start from?",
)
class StateAndGraphKept(_Base):
    h = None

    def forward(self, x):
        _, self.h = self.rnn(x, self.h)
        return self.fc(self.h[-1])


@misconception(
    "RNNClassifier",
    "Your network goes on from the state of the call before, whatever batch that was. Which state "
    "should a new batch start from?",
    like="StateAndGraphKept",
)
class StateKeptDetached(_Base):
    h = None

    def forward(self, x):
        _, h_n = self.rnn(x, self.h)
        self.h = h_n.detach()
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your network returns classes, not scores. Through which of the two can a gradient flow?",
)
class ArgmaxAtTheEnd(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1]).argmax(dim=1)


@misconception(
    "RNNClassifier",
    "The columns of your result add up to one, so the rows of a batch influence each other. What "
    "does cross-entropy already do with the scores it gets, and is a softmax needed at all?",
)
class SoftmaxOverTheBatch(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return torch.softmax(self.fc(h_n[-1]), dim=0)


@misconception(
    "RNNClassifier",
    "All numbers of your result lie between 0 and 1: each score has been through a sigmoid. What "
    "should come after fc?",
)
class SigmoidAfterFc(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return torch.sigmoid(self.fc(h_n[-1]))


@misconception(
    "RNNClassifier",
    "Your fc reads the state squashed once more. What has nn.RNN already done at each step?",
)
class TanhBeforeFc(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(torch.tanh(h_n[-1]))


@misconception(
    "RNNClassifier",
    "With one layer your logits are right; with more there is one set per layer. What does "
    "squeeze(0) do with an axis that is longer than 1?",
)
class LayerAxisSqueezed(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n.squeeze(0))


@misconception(
    "RNNClassifier",
    "nn.RNN returns a pair, and you use the pair as if it were one of the two. Which two things "
    "are in it, and which do you need?",
)
class PairTakenForOutput(_Base):
    def forward(self, x):
        output = self.rnn(x)
        return self.fc(output[:, -1])


@misconception(
    "RNNClassifier",
    "Your fc gets the pair that nn.RNN returns. Which two things are in it, and which state of them "
    "does fc want?",
)
class PairGivenToFc(_Base):
    def forward(self, x):
        return self.fc(self.rnn(x))


@misconception(
    "RNNClassifier",
    "Your submodules are set before nn.Module itself is ready to take them. Which line of the stub's "
    "__init__ comes first?",
)
class SuperForgotten(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "The sizes of your fc are swapped. What does nn.Linear take first, what goes in or what comes out?",
)
class SizesOfFcSwapped(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(num_classes, hidden_size)

    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your logits come from the sum of the states of all steps. Which single state has already seen "
    "the whole sequence?",
)
class SumOverTime(_Base):
    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output.sum(dim=1))


@misconception(
    "predict",
    "While your model runs, dropout still drops, and a graph is built. What should be different "
    "about a model that predicts, compared with one that is learning?",
)
def asked_as_if_it_were_learning(model, x):
    return model(x).argmax(dim=1)


@misconception(
    "predict",
    "You return the pair that max gives, values and places. Which of the two was asked for?",
)
def values_and_places(model, x):
    model.eval()
    with torch.no_grad():
        return torch.max(model(x), dim=1)


@misconception(
    "predict",
    "You return the logits. How do you get from C scores to one class?",
)
def logits_returned(model, x):
    model.eval()
    with torch.no_grad():
        return model(x)


@misconception(
    "train_step",
    "The loss you return was measured after the step. Which loss did the model have when it saw "
    "the batch, before it learned from it?",
)
def second_loss_returned(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    return F.cross_entropy(model(x), y).item()


@misconception(
    "train_step",
    "Gradients left from earlier count in your step, and a model that comes in evaluation mode "
    "learns in it. What must be done before a batch, with the gradients and with the mode?",
)
def nothing_made_ready(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "You return a tensor, and a model that comes in evaluation mode learns in it. Which method gives "
    "the bare number, and which one sets the mode?",
)
def tensor_from_evaluation_mode(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


@misconception(
    "train_step",
    "cross_entropy gets whole numbers where it expects scores or probabilities. Which of its two "
    "arguments may hold class numbers, and what does the model give for the other?",
)
def argmax_before_the_loss(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x).argmax(dim=1), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your classes are where cross_entropy expects the scores. Which of the two does it take first?",
)
def scores_and_classes_swapped(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(y, model(x))
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "The learning is right, but the number you return is the batch's sum. How large is it for "
    "twice as many rows?",
)
def sum_returned(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item() * len(x)


@misconception(
    "RNNClassifier",
    "Your initial state has one layer, however many the network has. Does nn.RNN need to be told "
    "where to start?",
)
class StartOfOneLayer(_Base):
    def forward(self, x):
        h0 = x.new_zeros(1, x.shape[0], self.rnn.hidden_size)
        _, h_n = self.rnn(x, h0)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "Your initial state is float32 even in a float64 model, and has one layer however many there "
    "are. Does nn.RNN need to be told where to start?",
)
class StartOfOneLayerInFloat32(_Base):
    def forward(self, x):
        h0 = torch.zeros(1, x.shape[0], self.rnn.hidden_size)
        _, h_n = self.rnn(x, h0)
        return self.fc(h_n[-1])


@misconception(
    "RNNClassifier",
    "You squeeze h_n, which works with one layer and several rows. Which axes does a bare squeeze "
    "remove when there is one row, and which when there are more layers?",
)
class FinalStateSqueezed(_Base):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n.squeeze())


@misconception(
    "predict",
    "When you return, the model says it is in evaluation mode, but while it ran its layers "
    "weren't, and a graph was built. What must come before the model is called, and what around "
    "the call?",
)
def switched_afterwards_with_graph(model, x):
    logits = model(x)
    model.eval()
    return logits.argmax(dim=1)


@misconception(
    "train_step",
    "A model that comes in evaluation mode learns in it, and gradients from before the first call "
    "count. What must be done before a batch, with the mode and with the gradients?",
)
def cleaned_up_afterwards(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


@misconception(
    "train_step",
    "Gradients from earlier count in your step, a model that comes in evaluation mode learns in "
    "it, and you return a tensor. What must be done before a batch, and which method gives the "
    "bare number?",
)
def nothing_made_ready_and_a_tensor(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


@misconception(
    "predict",
    "A parameter that was frozen requires grad again after predict. What keeps a graph from being "
    "built without touching the parameters?",
)
def everything_thawed(model, x):
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    classes = model(x.detach()).argmax(dim=1)
    for parameter in model.parameters():
        parameter.requires_grad_(True)
    return classes


@misconception(
    "train_step",
    "You cut a large batch into pieces, and each piece takes a step of its own. How many steps are "
    "asked for, and from which mean?",
)
def large_batches_cut(model, optimizer, x, y):
    model.train()
    total = 0.0
    for rows, labels in zip(x.split(32), y.split(32), strict=True):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(rows), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(x)


@misconception(
    "train_step",
    "You hand the scores and classes to nn.CrossEntropyLoss itself, which takes them for its "
    "options. That is a class: what do its brackets make, and what is called with the scores?",
)
def loss_class_called_with_scores(model, optimizer, x, y):
    model.train()
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Softmax is applied twice, once before the loss and once in it, and a model that comes in "
    "evaluation mode learns in it. What does cross_entropy expect, and which mode does learning need?",
)
def softmax_in_evaluation_mode(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(F.softmax(model(x), dim=1), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "Your model learns in evaluation mode, and is left in it. Is it predicting here, or learning?",
)
def left_in_evaluation_mode(model, optimizer, x, y):
    model.eval()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()
