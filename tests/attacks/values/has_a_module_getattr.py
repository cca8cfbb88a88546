"""Has a module `__getattr__` that answers to every name.

outcome: passed
says:
"""


def __getattr__(name):
    return lambda *arguments: None
