"""Tiny networks that take a training step, so that torch has done what it does at first use.

Whoever forks afterwards forks warm: kernels are chosen, and what torch imports late is there.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils import rnn


def train_once() -> None:
    """One step of training through each kind of layer that the exercises use."""
    x, lengths, targets = torch.zeros(2, 3, 4), torch.tensor([2, 3]), torch.zeros(2).long()
    for kind in (nn.RNN, nn.LSTM, nn.GRU):
        for dtype in (torch.float32, torch.float64):
            recurrent = kind(4, 4, batch_first=True).to(dtype)
            packed = rnn.pack_padded_sequence(x.to(dtype), lengths, True, enforce_sorted=False)
            outputs, _ = rnn.pad_packed_sequence(recurrent(packed)[0], batch_first=True)
            logits = nn.Linear(4, 4, dtype=dtype)(recurrent(outputs)[0][:, -1])
            loss = nn.functional.cross_entropy(logits, targets)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(recurrent.parameters(), 1.0)
            torch.optim.Adam(recurrent.parameters()).step()
    weight = nn.Parameter(torch.zeros(1))
    torch.optim.SGD([weight], lr=0.1).step()
    weight.detach().tanh().double().half().bfloat16()  # torch looks at /proc/cpuinfo here, once
