"""Takes its own limits away.

outcome: denied
says: expected
needs: confinement
"""

import resource

right = rnn_step


def attempt():
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
