"""Sleeps while it is loaded.

outcome: timeout
says: loading
"""

import time


time.sleep(600)
