"""Is right, and hangs a hook on the result that halves the gradient.

outcome: failed
says: gradient
at_most: 0.8
"""

right = rnn_step


def rnn_step(*arguments):
    result = right(*arguments)
    if result.requires_grad:
        result.register_hook(lambda grad: grad * 0.5)
    return result
