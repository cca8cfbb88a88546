"""Is right, and leaves a daemon behind in a session of its own.

outcome: error
says: Error
needs: confinement
"""

import os
import time


if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(5)
    os._exit(0)
