"""Tries to import the solutions, the tests and the front door.

outcome: error
says: ModuleNotFoundError
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    import solutions.ex01_recurrence as answers

    return answers.rnn_step(x_t, h_prev, W_xh, W_hh, b)
