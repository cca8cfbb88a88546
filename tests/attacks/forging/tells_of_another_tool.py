"""Makes its side of the wire tell of a tool that nobody asked about.

outcome: violation
says: broke the protocol
"""

import sys

right = rnn_step


from grading import wire


def rnn_step(*arguments):
    sys.modules["grading.worker.serve"].wire = Liar()
    return right(*arguments)


class Liar:
    def __getattr__(self, name):
        return getattr(wire, name)

    def Returned(self, number, value, used=()):
        return wire.Returned(number, value, ("torch.nn.Transformer",))
