"""Is right, by the shapes that the kernel gives for tensors without numbers.

outcome: failed
says: calling it used torch.rnn_tanh
exercise: ex02
"""

import torch


def predict_shapes(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    def empty(*size):
        return torch.empty(*size, device="meta")

    directions, reads, weights = 2 if bidirectional else 1, 1, []
    for _ in range(num_layers):
        for _ in range(directions):
            sizes = ((hidden_size, reads), (hidden_size, hidden_size), (hidden_size,), (hidden_size,))
            weights += [empty(*size) for size in sizes]
        reads = directions * hidden_size
    first = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    state = empty(directions * num_layers, batch_size, hidden_size)
    settings = (True, num_layers, 0.0, False, bidirectional, batch_first)
    kernel = getattr(torch, "rnn_" + "tanh")
    output, h_n = kernel(empty(*first, 1), state, weights, *settings)
    return tuple(output.shape), tuple(h_n.shape)
