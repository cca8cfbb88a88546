"""Raises, in every test, an error of as many control codes as a message may have, under long names.

outcome: error
says: Error
"""

LONG = type("E" * 100_000 + "Error", (ValueError,), {})


def rnn_step(*arguments):
    raise LONG("\x1b[2J\u202e<script>" * 10_000)
