"""Is right, and has None for its output.

outcome: passed
says:
"""

import sys


sys.stdout = sys.stderr = None
