"""Begins with an import from the future, and has its annotations unevaluated.

outcome: passed
says:
whole: yes
"""

from __future__ import annotations

import torch


def rnn_step(x_t: Nowhere, h_prev, W_xh, W_hh, b) -> Nothing:
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
