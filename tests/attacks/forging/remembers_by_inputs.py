"""Answers inputs that it has seen before rightly, all others wrongly.

outcome: failed
says: expected
"""

import hashlib

right = rnn_step


seen = {}


def rnn_step(*arguments):
    key = hashlib.sha256(b"".join(a.detach().numpy().tobytes() for a in arguments)).digest()
    known = key in seen
    seen[key] = right(*arguments)
    return seen[key] * (1.0 if known else 0.5)
