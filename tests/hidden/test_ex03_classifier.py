"""Exercise 3, the tests that only instructors have: values and gradients against torch's own."""

from collections import OrderedDict
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, holds, module, python_float, tensor, unchanged
from grading.testing.draws import cases
from grading.testing.gradients import same_gradients

# --- RNNClassifier --------------------------------------------------------------------------


@pytest.mark.part("RNNClassifier", weight=2)
@cases("B", "T", "I", "H", "C", L=(1, 3), equal=True, single="HTC")
def test_matches_torch(student: Student, case: Case) -> None:
    """The logits are fc of the top layer's last state of nn.RNN, for any number of layers."""
    model, twin = classifier(student, case, case.L)
    x = case.normal(case.B, case.T, case.I, scale=3.0)
    x[-1, -1] = 0.0  # a last step like any other
    close(model(x), twin(x), "the logits")
    unchanged(student)


@pytest.mark.part("RNNClassifier")
@cases("B", "I", "H", "C", T=(8, 12), L=(1, 3), examples=1)
def test_gradients_match_torch(student: Student, case: Case) -> None:
    """Gradients reach x and every weight of rnn and fc, and they are those of torch."""
    model, twin = classifier(student, case, case.L)
    x = case.normal(case.B, case.T, case.I).requires_grad_()
    upstream = case.normal(case.B, case.C)
    logits, expected = model(x), twin(x)
    same_gradients(logits, expected, {"x": x}, upstream)
    (expected * upstream).sum().backward()
    got = model.gradients()
    for name, parameter in twin.named_parameters():
        holds(got.get(name) is not None, f"{name} gets no gradient")
        close(got[name], parameter.grad, f"the gradient of {name}")
    others = model.learned_beside("rnn", "fc")
    holds(not others, "something beside rnn and fc is learned, such as the state at the start")
    same_gradients(model.eval()(x), twin(x), {"x": x}, upstream)
    told = tensor(model(x.detach()), expected.shape, case.dtype, "the logits")
    holds(told.requires_grad, "where x does not require grad, the weights get no gradient either")


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", "C", ones=False)
def test_one_layer_by_default(student: Student, case: Case) -> None:
    """Without num_layers there is one layer; the sizes can be given by name as well."""
    sizes = {"input_size": case.I, "hidden_size": case.H, "num_classes": case.C}
    model, twin = module(student.RNNClassifier(**sizes), "RNNClassifier"), Twin(case, 1)
    model.load(twin.state_dict())
    deep = [name for name in model.state() if name.startswith("rnn.") and not name.endswith("_l0")]
    holds(not deep, "without num_layers, rnn has more than one layer in one direction")
    x = case.normal(case.B, case.T, case.I)
    close(model(x), twin(x), "the logits")


@pytest.mark.part("RNNClassifier")
@cases("B", "T", "I", "H", C=(2, 2), ones=False, L=(1, 2), single="T", examples=1)
def test_every_call_starts_from_zero(student: Student, case: Case) -> None:
    """What was read before leaves no trace, in either mode and for any size of the batch."""
    model, twin = classifier(student, case, case.L)
    x = case.normal(case.B, case.T, case.I)
    expected = twin(x).detach()
    for mode in (True, False):
        model.train(mode)
        model(x + 1.0)
        close(model(x), expected, "the logits at a later call")
        close(model(x[:1]), expected[:1], "the logits of one row after a whole batch")


@pytest.mark.part("RNNClassifier")
def test_fresh_network_reads_long_sequences(student: Student) -> None:
    """A new network works in float32; every step of a long sequence counts, with its gradient."""
    fresh = module(student.RNNClassifier(3, 4, 2), "RNNClassifier")
    tensor(fresh(torch.ones(2, 5, 3)), (2, 2), torch.float32, "the logits")
    case = Case.fixed(seed=16, I=3, H=4, C=2)
    model, twin = classifier(student, case, 1)
    case.load_copying(twin.rnn)
    twin.rnn.weight_ih_l0.data *= 1e-3
    model.load(twin.state_dict())
    x = (30 * case.normal(2, 70, 3)).requires_grad_()
    logits, expected = model(x), twin(x)
    close(logits, expected, "the logits")
    same_gradients(logits, expected, {"x": x}, case.normal(2, 2))


@pytest.mark.part("RNNClassifier")
def test_weights_and_batches_of_any_size(student: Student) -> None:
    """Large weights count as they are and stay so, and no row of a large batch is lost."""
    case = Case.fixed(seed=18, I=3, H=5, C=4)
    model, twin = classifier(student, case, 2)
    for parameter in twin.parameters():
        parameter.data *= 10
    model.load(twin.state_dict())
    x = case.normal(40, 2, case.I)
    close(model(x), twin(x), "the logits")
    compare_weights(model, twin, "after the call")


# --- predict --------------------------------------------------------------------------------


@pytest.mark.part("predict")
@cases("B", "T", "I", "H", "C", equal=True, examples=1)
def test_classes_of_a_recurrent_model(student: Student, case: Case) -> None:
    """A recurrent model's classes are the indices of its largest logits; it stays as it is."""
    model, _, twin = recurrent_chain(student, case)
    x = case.normal(case.B, case.T, case.I)
    ones = {name: torch.ones_like(value) for name, value in twin.state_dict().items()}
    model.set_gradients(ones | {"fc.bias": None})
    model.freeze("fc.bias")
    equal(student.predict(model, x), largest(twin(x)), "the classes")
    unchanged(student)
    compare_weights(model, twin, "after predict")
    asking = model.trainable()
    holds(not asking.pop("fc.bias"), "a parameter that was frozen requires grad after predict")
    holds(all(asking.values()), "after predict the model can no longer learn")
    left = model.gradients()
    holds(left.pop("fc.bias") is None, "a parameter without a gradient has got one")
    for name, grad in left.items():
        holds(grad is not None, "a gradient that was left from earlier is gone after predict", name)
        close(grad, ones[name], f"the gradient of {name}, left from earlier, after predict")


@pytest.mark.part("predict")
@cases("B", "C", examples=1)
def test_largest_wins_at_any_scale(student: Student, case: Case) -> None:
    """Only the order of the logits matters, however many there are and however far apart."""
    flat, same = student.make("torch.nn.Flatten"), student.make("torch.nn.PReLU", init=1.0)
    model = student.make("Chain", flat=flat, same=same).to(case.dtype)  # logits are x itself
    order = torch.stack([case.permutation(case.C) for _ in range(case.B)]).to(case.dtype)
    for logits in (order * 150.0 - 2000.0, order * 0.00001 + 0.3, order * 40.0, order * -0.01):
        for few in (logits, logits[:, :2]):
            equal(student.predict(model, few[:, None]), largest(few), "the classes")
    tied = student.predict(model, torch.zeros_like(order)[:, None])
    tensor(tied, (case.B,), torch.int64, "the classes where all logits are the same")


@pytest.mark.part("predict")
@cases("B", "T", "I", "H", "C", ones=False)
def test_no_graph_in_evaluation_mode(student: Student, case: Case) -> None:
    """All layers run in evaluation mode and without a graph; later calls may build one again."""
    spy, drop = student.make("Spy"), student.make("torch.nn.Dropout", 1.0)
    model, _, twin = recurrent_chain(student, case)
    model = student.make("Chain", drop=drop, model=model, spy=spy)
    x = case.normal(case.B, case.T, case.I)
    for switched in (model, spy):  # all of it is in training mode, then one layer alone
        model.eval()
        switched.train()
        equal(student.predict(model, x.clone().requires_grad_()), largest(twin(x)), "the classes")
    noted = spy.seen()
    holds(not any(training for training, _, _ in noted), "the model ran in training mode")
    graph = any(enabled and carries for _, enabled, carries in noted)
    holds(not graph, "a graph was built while the model ran")
    holds(student.builds_graphs(), "after predict, nothing at all builds a graph any more")
    holds(student.arguments()[1].requires_grad, "x no longer requires grad")
    model.train()
    close(model(x), twin(torch.zeros_like(x)), "the logits in training mode, after predict")


# --- train_step -----------------------------------------------------------------------------


@pytest.mark.part("train_step", weight=2)
@cases("B", "T", "I", "H", "C", equal=True, examples=1)
def test_three_steps_match_torch(student: Student, case: Case) -> None:
    """Three steps in a row, with momentum and old gradients, give torch's losses and weights."""
    model, _, twin = recurrent_chain(student, case)
    settings = {"lr": 0.3, "momentum": 0.9, "weight_decay": 0.05}
    optimizer = student.make("torch.optim.SGD", model, **settings)
    reference = Descent(list(twin.parameters()), **settings)
    model.set_gradients({name: torch.ones_like(value) for name, value in model.state().items()})
    model.eval()
    for _ in range(3):
        x, y = case.normal(case.B, case.T, case.I), case.integers(0, case.C - 1, case.B)
        if case.B > 2:
            y[1:] = y[0]  # a class that is rare, and one that isn't
            y[-1] = (y[0] + 1) % case.C
        loss = student.train_step(model, optimizer, x, y)
        compare_losses(loss, learn(twin, reference, x, y))
    unchanged(student)
    compare_weights(model, twin, "after the step")


@pytest.mark.part("train_step")
@cases("B", "T", "I", "H", C=(2, 2), ones=False)
def test_steps_of_the_optimizer_it_gets(student: Student, case: Case) -> None:
    """An optimizer that holds only fc moves only fc, by its own rule, however sure the model is."""
    model, fc, twin = recurrent_chain(student, case, bias=30.0)
    optimizer = student.make("torch.optim.SGD", fc, lr=0.5)
    reference = Descent(list(twin.fc.parameters()), lr=0.5)
    x, y = case.normal(case.B, case.T, case.I), case.integers(0, case.C - 1, case.B)
    loss = student.train_step(model, optimizer, x, y)
    compare_losses(loss, learn(twin, reference, x, y))
    compare_weights(model, twin, "after the step")


@pytest.mark.part("train_step")
def test_each_group_of_the_optimizer_starts_clean(student: Student) -> None:
    """Where an optimizer has two groups of parameters, old gradients of neither count."""
    case = Case.fixed(seed=17, B=40, T=2, I=3, C=3)
    first, second = student.make("torch.nn.Linear", 6, 5), student.make("torch.nn.Linear", 5, 3)
    flat = student.make("torch.nn.Flatten")
    model = student.make("Chain", flat=flat, first=first, second=second)
    layers = OrderedDict(flat=nn.Flatten(), first=nn.Linear(6, 5), second=nn.Linear(5, 3))
    twin = case.load_random(nn.Sequential(layers))
    model.load(twin.state_dict())
    model.set_gradients({name: torch.ones_like(value) for name, value in model.state().items()})
    optimizer = student.make("torch.optim.SGD", [first, second], lr=0.5)
    x, y = case.normal(case.B, case.T, case.I), case.integers(0, 2, case.B)
    loss = student.train_step(model, optimizer, x, y)
    compare_losses(loss, learn(twin, Descent(list(twin.parameters()), lr=0.5), x, y))
    compare_weights(model, twin, "after the step")


@pytest.mark.part("train_step")
@cases("B", "T", "I", "C", ones=False, single="B")
def test_training_mode_for_any_batch(student: Student, case: Case) -> None:
    """Dropout is at work during the step, for a batch of one row as for larger ones."""
    size = case.T * case.I
    drop, fc = student.make("torch.nn.Dropout", 1.0), student.make("torch.nn.Linear", size, case.C)
    model = student.make("Chain", drop=drop, flat=student.make("torch.nn.Flatten"), fc=fc)
    layers = OrderedDict(drop=nn.Dropout(1.0), flat=nn.Flatten(), fc=nn.Linear(size, case.C))
    twin = case.load_random(nn.Sequential(layers))
    model.load(twin.state_dict())
    model.eval()
    optimizer = student.make("torch.optim.SGD", model, lr=0.5)
    x, y = case.normal(case.B, case.T, case.I), case.integers(0, case.C - 1, case.B)
    loss = student.train_step(model, optimizer, x, y)
    compare_losses(loss, learn(twin, Descent(list(twin.parameters()), lr=0.5), x, y))
    compare_weights(model, twin, "after the step")


@pytest.mark.part("train_step")
def test_rows_far_apart(student: Student) -> None:
    """Where rows have logits far apart, or the loss is large, the loss and the step are right."""
    far = torch.tensor([[60.0, 59.0, 58.0], [-60.0, -61.0, -62.0]])
    wrong = torch.tensor([[500.0, 0.0, 0.0], [0.0, 500.0, 0.0]], dtype=torch.float64)
    for logits in (far, wrong):
        twin = nn.Sequential(OrderedDict(flat=nn.Flatten(), fc=nn.Linear(3, 3))).to(logits.dtype)
        nn.init.eye_(twin.fc.weight)
        nn.init.zeros_(twin.fc.bias)
        fc = student.make("torch.nn.Linear", 3, 3)
        model = student.make("Chain", flat=student.make("torch.nn.Flatten"), fc=fc)
        model.load(twin.state_dict())
        optimizer = student.make("torch.optim.SGD", model, lr=0.1)
        x, y = logits[:, None], torch.tensor([1, 2])
        loss = student.train_step(model, optimizer, x, y)
        compare_losses(loss, learn(twin, Descent(list(twin.parameters()), lr=0.1), x, y))
        compare_weights(model, twin, "after the step")


# --- what these tests share -----------------------------------------------------------------


class Twin(nn.Module):
    """The classifier as torch's own modules make it, with tame random weights."""

    def __init__(self, case: Case, layers: int) -> None:
        super().__init__()
        self.rnn = nn.RNN(case.I, case.H, layers, batch_first=True)
        self.fc = nn.Linear(case.H, case.C)
        case.load_random(self)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, I) → (B, C)"""
        output, _ = self.rnn(x)
        return self.fc(output[:, -1])


def classifier(student: Student, case: Case, layers: int) -> tuple[RemoteObject, Twin]:
    """The student's network and torch's, with the same weights."""
    twin = Twin(case, layers)
    made = student.RNNClassifier(case.I, case.H, case.C, num_layers=layers)
    model = module(made, "RNNClassifier")
    model.load(twin.state_dict())
    return model, twin


def recurrent_chain(
    student: Student, case: Case, bias: float = 0.0
) -> tuple[RemoteObject, RemoteObject, Twin]:
    """A classifier over there from torch's own modules, its fc, and its twin here.

    `bias` is added to the first class's logit.
    """
    twin = Twin(case, 1)
    with torch.no_grad():
        twin.fc.bias[0] += bias
    rnn = student.make("torch.nn.RNN", case.I, case.H, batch_first=True)
    fc = student.make("torch.nn.Linear", case.H, case.C)
    model = student.make("Chain", rnn=rnn, pick=student.make("Pick", 1, -1), fc=fc)
    model.load(twin.state_dict())
    return model, fc, twin


def largest(logits: Tensor) -> Tensor:
    """The place of each row's largest logit."""
    return logits.detach().sort(dim=1).indices[:, -1]


class Descent:
    """What torch.optim.SGD documents, written out: building one there imports a compiler (1 s)."""

    def __init__(
        self, parameters: list[Tensor], lr: float, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        self.parameters = parameters
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay
        self.velocities = [torch.zeros_like(value) for value in parameters]

    @torch.no_grad()
    def step(self, gradients: tuple[Tensor, ...]) -> None:
        """Move every parameter along its velocity."""
        for value, slope, velocity in zip(self.parameters, gradients, self.velocities, strict=True):
            velocity.mul_(self.momentum).add_(slope + self.weight_decay * value)
            value.sub_(self.lr * velocity)


def learn(twin: nn.Module, descent: Descent, x: Tensor, y: Tensor) -> Tensor:
    """One step of the twin; the loss before it."""
    loss = nn.functional.cross_entropy(twin(x), y)
    descent.step(torch.autograd.grad(loss, descent.parameters))
    return loss.detach()


def compare_losses(loss: Any, expected: Tensor) -> None:
    """A loss is a Python float, and that of the twin."""
    got = torch.tensor(python_float(loss, "the loss"), dtype=expected.dtype)
    close(got, expected, "the loss before the step")


def compare_weights(model: RemoteObject, twin: nn.Module, when: str) -> None:
    """All weights are those of the twin."""
    got = model.state()
    for name, value in twin.state_dict().items():
        close(got.get(name), value, f"{name} {when}")
