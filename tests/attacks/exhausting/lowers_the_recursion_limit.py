"""Lowers the recursion limit as far as it goes.

outcome: passed
says:
"""

import sys


sys.setrecursionlimit(200)
