"""Leaves by `raise SystemExit`, in a class of its own.

outcome: error
says: SystemExit
"""


class Quit(SystemExit):
    code = 0


def rnn_step(*arguments):
    raise Quit
