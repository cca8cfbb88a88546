"""Hands in a socket.

outcome: intake
says: no plain file
"""

import os
import stat

NAME = "ex01_recurrence.py"


def build(folder, solution):
    os.mknod(folder / NAME, stat.S_IFSOCK | 0o600)
