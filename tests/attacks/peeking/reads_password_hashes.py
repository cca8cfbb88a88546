"""Reads the hashes of the machine's passwords.

outcome: denied
says: expected
needs: confinement
"""

right = rnn_step


def attempt():
    return open("/etc/shadow").read()


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
