"""Is right, and leaves a thread behind that exits.

outcome: passed
says:
"""

import sys
import threading


threading.Thread(target=sys.exit, args=(0,)).start()
