"""Writes a line into the system's log.

outcome: denied
says: expected
needs: confinement
"""

right = rnn_step


def attempt():
    return bool(open("/dev/kmsg", "w"))


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
