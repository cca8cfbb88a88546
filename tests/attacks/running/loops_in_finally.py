"""Goes on in every `finally`.

outcome: timeout
says: still running
"""


def rnn_step(*arguments):
    while True:
        try:
            raise SystemExit
        finally:
            continue
