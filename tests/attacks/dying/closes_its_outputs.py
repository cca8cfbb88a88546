"""Is right, and closes its standard input and outputs.

outcome: passed
says:
"""

import os


os.closerange(0, 3)
