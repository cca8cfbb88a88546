"""Writes its name in mathematical letters, which Python takes for plain ones.

outcome: passed
says:
"""

import torch


def 𝐫𝐧𝐧_𝐬𝐭𝐞𝐩(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
