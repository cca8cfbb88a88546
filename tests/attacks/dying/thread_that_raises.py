"""Is right, and leaves a thread behind that raises.

outcome: passed
says:
"""

import threading


threading.Thread(target=lambda: 1 / 0).start()
