"""Learning on this side, for the right curves: small twins of the worker's models, and Adam.

A twin is chained from torch's modules as the worker's models are: no class that a student is to
write stands here. Building one of torch's optimizers imports a compiler (1 s), so Adam is written
out.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from grading.session.remote import Student
from grading.worker.objects import Pick, chain

LAST_STATE, EVERY_STATE = (1, -1), (0,)
"""Where the last layer's final state, and all of its states, lie in what nn.RNN gives."""


def twin(
    inputs: int, hidden: int, outputs: int, reads: tuple[int, ...], words: int = 0, seed: int = 5
) -> nn.Sequential:
    """A tanh nn.RNN whose states go through fc; with `words`, of ids that are embedded first."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        front = {"embedding": nn.Embedding(words, inputs)} if words else {}
        rnn, fc = nn.RNN(inputs, hidden, batch_first=True), nn.Linear(hidden, outputs)
    return chain(**front, rnn=rnn, pick=Pick(*reads), fc=fc)


def over_there(twin: nn.Sequential, student: Student, *last: Any) -> Any:
    """The same model (one of LAST_STATE, without words) in the worker, with the same weights."""
    rnn, fc = twin.get_submodule("rnn"), twin.get_submodule("fc")
    parts = {
        "rnn": student.make("torch.nn.RNN", rnn.input_size, rnn.hidden_size, batch_first=True),
        "pick": student.make("Pick", *LAST_STATE),
        "fc": student.make("torch.nn.Linear", fc.in_features, fc.out_features),
        **{f"end{number}": module for number, module in enumerate(last)},
    }
    model = student.make("Chain", **parts)
    model.load(twin.state_dict())
    return model


class Adam:
    """Adam as torch.optim.Adam has it by default, https://arxiv.org/abs/1412.6980."""

    def __init__(self, model: nn.Module, lr: float) -> None:
        self._parameters = list(model.parameters())
        self._means = [torch.zeros_like(p) for p in self._parameters]
        self._squares = [torch.zeros_like(p) for p in self._parameters]
        self._lr, self._step = lr, 0

    def descend(self, loss: Tensor) -> float:
        """One step down this loss; the loss before it."""
        gradients = torch.autograd.grad(loss, self._parameters)
        self._step += 1
        with torch.no_grad():
            for p, g, m, v in zip(
                self._parameters, gradients, self._means, self._squares, strict=True
            ):
                m.lerp_(g, 0.1)
                v.lerp_(g * g, 0.001)
                size = (v / (1 - 0.999**self._step)).sqrt() + 1e-8
                p.sub_(self._lr * m / (1 - 0.9**self._step) / size)
        return float(loss.detach())
