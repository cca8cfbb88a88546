"""Has torch do now what it does at first use, for whoever forks afterwards: forks start warm."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils import rnn


def layers() -> None:
    """Forward and back through each kind of layer that the exercises use: kernels are chosen."""
    x, lengths, targets = torch.zeros(2, 3, 4), torch.tensor([2, 3]), torch.zeros(2).long()
    for kind in (nn.RNN, nn.LSTM, nn.GRU):
        for dtype in (torch.float32, torch.float64):
            recurrent = kind(4, 4, batch_first=True).to(dtype)
            packed = rnn.pack_padded_sequence(x.to(dtype), lengths, True, enforce_sorted=False)
            outputs, _ = rnn.pad_packed_sequence(recurrent(packed)[0], batch_first=True)
            logits = nn.Linear(4, 4, dtype=dtype)(recurrent(outputs)[0][:, -1])
            loss = nn.functional.cross_entropy(logits, targets)
            torch.autograd.backward([loss], [torch.ones_like(loss)])  # a given one imports sympy


def numbers() -> None:
    """A calculation in each type of numbers: torch looks at /proc/cpuinfo for it, once."""
    torch.zeros(1).tanh().double().half().bfloat16()


def optimizers() -> None:
    """A step of each, for which torch imports some hundred modules more."""
    weight = nn.Parameter(torch.zeros(1))
    weight.grad = torch.zeros(1)
    nn.utils.clip_grad_norm_([weight], 1.0)
    for kind in (torch.optim.SGD, torch.optim.Adam):
        kind([weight], lr=0.1).step()
