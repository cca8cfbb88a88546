"""Returns an object whose class is named by the inputs.

outcome: failed
says:
"""


def rnn_step(x_t, *others):
    return type(f"xfilt {x_t.tolist()}"[:70], (), {})()
