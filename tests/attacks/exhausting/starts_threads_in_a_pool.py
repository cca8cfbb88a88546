"""Is right, and leaves eight idle threads behind.

outcome: passed
says:
"""

import time
import threading


for _ in range(8):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
