"""Gives a tuple that only looks like a PackedSequence.

outcome: failed
says:
at_most: 0.6
exercise: ex08
part: pack
"""


class PackedSequence(tuple):
    pass


def pack(*args, **kwargs):
    return PackedSequence((1, 2, 3, 4))
