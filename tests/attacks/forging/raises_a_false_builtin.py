"""Raises an exception whose class says that it is one of Python's own.

outcome: error
says: OSError
"""

NotImplementedErrors = type("OSError", (Exception,), {"__module__": "builtins"})


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise NotImplementedErrors("forged")
