"""Leaves with exit code 0 while it is loaded.

outcome: error
says: can't be loaded: SystemExit
"""

import sys

sys.exit(0)
