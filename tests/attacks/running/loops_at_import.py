"""Never ends loading.

outcome: timeout
says: loading
"""

while True:
    pass
