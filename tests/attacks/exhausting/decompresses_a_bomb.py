"""Decompresses zeros without end.

outcome: timeout
says: still running
"""


def rnn_step(*arguments):
    import zlib

    squeezed = zlib.compress(bytes(2**26))
    return [zlib.decompress(squeezed) for _ in range(64)]
