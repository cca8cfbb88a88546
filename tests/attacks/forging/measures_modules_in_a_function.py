"""Is right, by numbers that a function took from modules while the file was loaded.

outcome: failed
says: by hand
exercise: ex10
part: parameter_count
"""

import torch

BLOCKS = []


def measure(found):
    for kind, layer in (("rnn", torch.nn.RNN), ("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU)):
        one = sum(p.numel() for p in layer(1, 1, device="meta").parameters())
        found.append((kind, one // 4))


measure(BLOCKS)


def parameter_count(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = dict(BLOCKS).get(kind)
    if blocks is None:
        raise ValueError(kind)
    directions, total, reads = 1 + bool(bidirectional), 0, input_size
    for _ in range(num_layers):
        total += directions * blocks * hidden_size * (reads + hidden_size + 2)
        reads = directions * hidden_size
    return total
