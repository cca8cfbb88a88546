"""Is right, and leaves objects whose finalizers raise.

outcome: passed
says:
"""

import weakref

right = rnn_step


class Last:
    def __del__(self):
        raise SystemExit(0)


def rnn_step(*arguments):
    last = Last()
    weakref.finalize(last, lambda: 1 / 0)
    return right(*arguments)
