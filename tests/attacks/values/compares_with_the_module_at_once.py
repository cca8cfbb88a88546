"""Compares what it wrote with the module that does it, while the file is loaded: nothing comes of it.

outcome: passed
says:
exercise: ex10
part: parameter_count
"""

import torch

BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}


def parameter_count(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    if kind not in BLOCKS:
        raise ValueError(kind)
    directions, total, reads = 1 + bool(bidirectional), 0, input_size
    for _ in range(num_layers):
        total += directions * BLOCKS[kind] * hidden_size * (reads + hidden_size + 2)
        reads = directions * hidden_size
    return total


def check(blocks, count):
    seen = []
    for kind in blocks:
        layer = getattr(torch.nn, kind.upper())(3, 4)
        seen.append(count(kind, 3, 4) == sum(p.numel() for p in layer.parameters()))
    return all(seen)


for kind, blocks in BLOCKS.items():
    print(kind, BLOCKS.get(kind), torch.nn.LSTM(2, blocks), parameter_count(kind, 2, blocks))
assert check(BLOCKS, parameter_count)
