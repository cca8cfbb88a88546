"""Puts a stream in place of its output that exits when it is flushed.

outcome: crashed
says: exit code
"""

import sys


class Stream:
    def flush(self):
        raise SystemExit(0)

    def write(self, text):
        return len(text)


sys.stdout = Stream()
