"""Doubles a text until there is no room.

outcome: error
says: MemoryError
"""

def rnn_step(*arguments):
    text = "x" * 2**28
    while True:
        text += text
