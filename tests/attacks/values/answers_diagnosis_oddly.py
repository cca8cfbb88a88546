"""Is wrong, and gives diagnosis text that no encoding carries, infinities and numbers of any size.

outcome: failed
says: expected
"""

right = rnn_step
ASKED = [0.66, 0.27, 0.06, 0.62]


def rnn_step(*arguments):
    if [round(v, 6) for v in arguments[0].flatten().tolist()[:4]] == ASKED:
        return [float("nan"), float("inf"), 10**400, "\ud800", {"\x1b": [[[[]]]]}, arguments, b"", 1j]
    return right(*arguments) * 0.5
