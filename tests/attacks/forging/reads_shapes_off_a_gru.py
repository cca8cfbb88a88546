"""Is right, by the shapes of what the kernel of another kind of layer gives.

exercise: ex02
part: predict_shapes
outcome: failed
says: to be written by hand: line
"""


def predict_shapes(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    B, T, H = batch_size, seq_len, hidden_size
    D = 2 if bidirectional else 1
    weights = []
    for layer in range(num_layers):
        for _ in range(D):
            weights += [torch.zeros(3 * H, H if layer == 0 else D * H), torch.zeros(3 * H, H)]
    x = torch.zeros((B, T, H) if batch_first else (T, B, H))
    start = torch.zeros(num_layers * D, B, H)
    output, h_n = torch.gru(
        x, start, weights, False, num_layers, 0.0, False, bidirectional, batch_first
    )
    return tuple(output.shape), tuple(h_n.shape)
