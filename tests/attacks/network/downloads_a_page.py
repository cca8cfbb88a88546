"""Opens an address by urllib.

outcome: denied
says: expected
needs: confinement
"""

right = rnn_step


def attempt():
    import urllib.request

    return urllib.request.urlopen("http://127.0.0.1:48611/", timeout=0.2)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
