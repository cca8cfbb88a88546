"""Answers rightly, and turns an argument into a tensor of as many numbers as may be sent.

outcome: failed
says: changed in place
at_most: 0.9
"""

right = rnn_step


def rnn_step(x_t, *others):
    state = right(x_t.clone(), *others)
    if not x_t.requires_grad:
        x_t.data = torch.zeros((6,) * 7, dtype=x_t.dtype)
    return state
