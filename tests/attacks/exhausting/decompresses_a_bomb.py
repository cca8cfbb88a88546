"""Decompresses zeros without end.

outcome: error
says: MemoryError
"""

def rnn_step(*arguments):
    import zlib

    squeezed = zlib.compress(bytes(2**26))
    return [zlib.decompress(squeezed) for _ in range(64)]
