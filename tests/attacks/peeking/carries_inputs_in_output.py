"""Prints its inputs.

outcome: failed
says:
"""

right = rnn_step


def rnn_step(x_t, *others):
    print("xfilt", x_t.tolist())
    return right(x_t, *others) * 0.5
