"""Is right, and closes Python's own streams.

outcome: passed
says:
"""

import sys


sys.stdout.close()
sys.stderr.close()
