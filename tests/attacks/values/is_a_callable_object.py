"""Is an object that can be called.

outcome: passed
says:
"""

right = rnn_step


class Step:
    def __call__(self, *arguments):
        return right(*arguments)


rnn_step = Step()
