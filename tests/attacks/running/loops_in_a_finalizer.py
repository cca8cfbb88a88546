"""Is right, and leaves an object whose finalizer loops.

outcome: timeout
says:
"""

right = rnn_step


class Last:
    def __del__(self):
        while True:
            pass


def rnn_step(*arguments):
    last = Last()
    return right(*arguments)
