"""Goes deep in C, where no limit of Python's holds.

outcome: crashed
says: segmentation fault
"""


def rnn_step(*arguments):
    deep = ()
    for _ in range(500_000):
        deep = (deep,)
    return hash(deep)
