"""Learning on this side, for the right curves: small twins of the worker's models, and Adam.

Building one of torch's optimizers imports a compiler (1 s), so Adam is written out here.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from grading.remote import Student


class Twin(nn.Module):
    """A classifier or predictor: the last state of a tanh nn.RNN, through fc."""

    def __init__(self, inputs: int, hidden: int, outputs: int, seed: int = 5) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.rnn = nn.RNN(inputs, hidden, batch_first=True)
            self.fc = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, I) → (B, O)"""
        return self.fc(self.rnn(x)[1][-1])  # type: ignore[no-any-return]

    def over_there(self, student: Student, *last: Any) -> Any:
        """The same model in the worker, from torch's own modules, with the same weights."""
        rnn = student.make(
            "torch.nn.RNN", self.rnn.input_size, self.rnn.hidden_size, batch_first=True
        )
        fc = student.make("torch.nn.Linear", self.fc.in_features, self.fc.out_features)
        end = {f"end{number}": module for number, module in enumerate(last)}
        pick = student.make("Pick", 1, -1)
        model = student.make("Chain", rnn=rnn, pick=pick, fc=fc, **end)
        model.load(self.state_dict())
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
