"""Raises what ends a generator.

outcome: error
says: GeneratorExit
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise GeneratorExit
