"""Lets a shell connect.

outcome: denied
says: expected
needs: confinement
"""

import subprocess

right = rnn_step


def attempt():
    command = "exec 5<>/dev/tcp/127.0.0.1/48611"
    return subprocess.run(["bash", "-c", command], capture_output=True).returncode == 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
