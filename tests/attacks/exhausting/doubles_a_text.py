"""Doubles a text until there is no room, a dozen times at once.

outcome: error
says: MemoryError
"""


def rnn_step(*arguments):
    text = "x" * 2**20
    while True:
        text += text * 4095
