"""Right answers to exercise 3 in other styles."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from grading.testing.answers import alternative

# --- RNNClassifier --------------------------------------------------------------------------


@alternative("RNNClassifier")
class LastStepOfOutput(nn.Module):
    """The last step of output, which is the top layer's last state."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.fc = nn.Linear(hidden_size, num_classes)
        self.rnn = nn.RNN(
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
            batch_first=True,
        )

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.fc(output[:, -1, :])


@alternative("RNNClassifier")
class TimeMajorInside(nn.Module):
    """An nn.RNN without batch_first, fed with the two axes swapped; zeros given outright."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        h0 = torch.zeros(
            self.rnn.num_layers, x.size(0), self.rnn.hidden_size, dtype=x.dtype, device=x.device
        )
        output, _ = self.rnn(x.permute(1, 0, 2), h0)
        return F.linear(output[-1], self.fc.weight, self.fc.bias)


@alternative("RNNClassifier")
class StepByStep(nn.Module):
    """One step a call, the state handed on by hand; a buffer, a helper, a layer that does nothing."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)
        self.identity = nn.Identity()
        self.register_buffer("start", torch.zeros(num_layers, 1, hidden_size))

    def init_hidden(self, batch_size):
        """Zeros for each layer and row."""
        return self.start.repeat(1, batch_size, 1)

    def forward(self, x):
        h = self.init_hidden(len(x))
        for x_t in x.split(1, dim=1):
            _, h = self.rnn(x_t, h)
        return self.identity(self.fc(h[-1]))


@alternative("RNNClassifier")
class WeightsByHand(nn.Module):
    """The recurrence written out over the weights of rnn, layer by layer."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        states = list(x.unbind(dim=1))
        for layer in range(self.num_layers):
            w_ih, w_hh, b_ih, b_hh = self.rnn.all_weights[layer]
            h, read = torch.zeros_like(states[0] @ w_ih.T), []
            for state in states:
                h = torch.tanh(F.linear(state, w_ih, b_ih) + F.linear(h, w_hh, b_hh))
                read.append(h)
            states = read
        return torch.einsum("bh,ch->bc", states[-1], self.fc.weight) + self.fc.bias


@alternative("RNNClassifier")
class RowByRow(nn.Module):
    """Each sequence by itself, without a batch axis."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        logits = []
        for row in x:
            _, h_n = self.rnn(row)
            logits.append(self.fc(h_n[-1]))
        return torch.stack(logits)


@alternative("RNNClassifier")
class AliasesAndReset(nn.Module):
    """Submodules known by a second name, weights drawn in its own way, packed sequences inside."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.parts = nn.ModuleDict(
            {
                "reader": nn.RNN(input_size, hidden_size, num_layers, batch_first=True),
                "head": nn.Linear(hidden_size, num_classes),
            }
        )
        self.rnn = self.parts["reader"]
        self.fc = self.parts["head"]
        self.reset()

    def reset(self):
        """Orthogonal recurrent matrices, a head of zeros."""
        for name, parameter in self.rnn.named_parameters():
            if "weight_hh" in name:
                nn.init.orthogonal_(parameter)
        nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        lengths = torch.full((x.shape[0],), x.shape[1])
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
        _, h_n = self.parts["reader"](packed)
        return self.parts["head"](h_n[-1])


@alternative("RNNClassifier")
class FcOnAllSteps(nn.Module):
    """Scores for every step and layer, of which all but one are thrown away."""

    def __init__(self, input_size, hidden_size, num_classes, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)
        self.dropout = nn.Dropout(0.0)

    def forward(self, x):
        output = self.dropout(self.rnn(x)[0])
        return self.fc(output).transpose(0, 1)[-1]


# --- predict --------------------------------------------------------------------------------


@alternative("predict")
@torch.no_grad()
def decorated(model, x):
    """no_grad as a decorator; max in place of argmax; the mode put back as it was."""
    was_training = model.training
    model.eval()
    _, classes = torch.max(model(x), 1)
    model.train(was_training)
    return classes


@alternative("predict")
def in_inference_mode(model, x):
    """Inference mode, and probabilities on the way."""
    model.train(False)
    with torch.inference_mode():
        classes = torch.softmax(model(x), dim=-1).topk(1, dim=-1).indices
    return classes.squeeze(-1)


@alternative("predict")
def row_by_row(model, x):
    """One sequence at a time, gradients switched off by hand."""
    model.eval()
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    classes = [int(model(x[i : i + 1]).argmax()) for i in range(x.shape[0])]
    torch.set_grad_enabled(before)
    return torch.tensor(classes, dtype=torch.int64)


@alternative("predict")
def through_numpy(model, x):
    """NumPy chooses."""
    model.eval()
    with torch.set_grad_enabled(False):
        scores = model(x).numpy()
    return torch.from_numpy(np.argmax(scores, axis=1).astype(np.int64))


@alternative("predict")
def with_a_copy(model, x):
    """A copy of the model is switched to evaluation mode; the model itself stays as it was."""
    asked = copy.deepcopy(model).eval()
    with torch.no_grad():
        return asked(x).sort(dim=1, descending=True).indices[:, 0]


@alternative("predict")
def with_detached_parameters(model, x):
    """No graph, since nothing in the call asks for gradients."""
    model.eval()
    state = {name: value.detach() for name, value in model.state_dict().items()}
    return torch.func.functional_call(model, state, (x.detach(),)).argmax(dim=1)


@alternative("predict")
def where_the_parameters_are(model, x):
    """x goes to the device of the model's first parameter, as in many tutorials."""
    device = next(model.parameters()).device
    model.eval()
    with torch.no_grad():
        return model(x.to(device)).argmax(dim=1)


# --- train_step -----------------------------------------------------------------------------


@alternative("train_step")
def with_a_closure(model, optimizer, x, y):
    """The optimizer computes the loss itself."""
    model.train()

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        return loss

    return float(optimizer.step(closure))


@alternative("train_step")
def with_nll(model, optimizer, x, y):
    """Log-probabilities and nll_loss; old gradients set to zero, not to None."""
    model.train()
    optimizer.zero_grad(set_to_none=False)
    model.zero_grad(set_to_none=False)
    loss = nn.NLLLoss()(F.log_softmax(model(x), dim=1), y)
    loss.backward()
    optimizer.step()
    return loss.detach().numpy().item()


@alternative("train_step")
def with_autograd(model, optimizer, x, y):
    """Gradients by autograd.grad, put in place by hand."""
    model.train()
    logits = model(x)
    chosen = logits.gather(1, y[:, None])[:, 0]
    loss = (logits.logsumexp(dim=1) - chosen).mean()
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient
    optimizer.step()
    return loss.tolist()


@alternative("train_step")
def row_by_row_backward(model, optimizer, x, y):
    """A backward pass for each row; the gradients add up to those of the mean."""
    model.train()
    for parameter in model.parameters():
        parameter.grad = None
    total = 0.0
    for i in range(len(y)):
        loss = nn.CrossEntropyLoss()(model(x[i : i + 1]), y[i : i + 1]) / len(y)
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


@alternative("train_step")
def with_one_hot(model, optimizer, x, y):
    """Classes as one-hot rows; evaluation mode afterwards; gradients emptied at the end as well."""
    model.train()
    optimizer.zero_grad()
    logits = model(x)
    loss = F.cross_entropy(logits, F.one_hot(y, logits.shape[1]).to(logits.dtype))
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    model.eval()
    return loss.item()


@alternative("train_step")
def emptied_in_the_middle(model, optimizer, x, y):
    """Gradients emptied between forward and backward; a loss object; the sum over B."""
    x, y = x.clone().detach(), y.long()
    model.train(mode=True)
    criterion = nn.CrossEntropyLoss(reduction="sum")
    with torch.enable_grad():
        loss = criterion(model(x), y) / x.size(0)
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.grad is not None:
                parameter.grad.zero_()
    torch.autograd.backward(loss, retain_graph=True)
    value = loss.detach().cpu().item()
    optimizer.step()
    return value
