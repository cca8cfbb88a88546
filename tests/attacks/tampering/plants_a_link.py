"""Plants a link to the solution among the temporary files.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    path = f"/tmp/forged-{os.getpid()}"
    os.symlink(f"{HOME}/solutions/ex01_recurrence.py", path)
    os.unlink(path)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
