"""Doubles a text until there is no room, ten times at once.

outcome: error
says: MemoryError
"""

def rnn_step(*arguments):
    text = "x" * 2**20
    while True:
        text += text * 1023
