"""Is right, and loops when its gradient is asked for.

outcome: timeout
says: still running
at_most: 0.8
"""

right = rnn_step


def _loop(grad):
    while True:
        pass


def rnn_step(*arguments):
    result = right(*arguments)
    if result.requires_grad:
        result.register_hook(_loop)
    return result
