"""Opens a connection by http.client.

outcome: denied
says: expected
needs: confinement
"""

right = rnn_step


def attempt():
    import http.client

    http.client.HTTPConnection("127.0.0.1", 48611, timeout=0.2).connect()
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
