"""Raises its inputs in the backward pass.

outcome: error
says:
at_most: 0.8
"""

right = rnn_step


def rnn_step(x_t, *others):
    result = right(x_t, *others)

    def hook(grad):
        raise RuntimeError(f"xfilt {x_t.tolist()}")

    if result.requires_grad:
        result.register_hook(hook)
    return result
