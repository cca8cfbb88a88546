"""Is right, and leaves fifty idle threads behind.

outcome: passed
says:
"""

import time
import threading


for _ in range(50):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
