"""Never comes back from a call.

outcome: timeout
says: still running
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    while True:
        pass
