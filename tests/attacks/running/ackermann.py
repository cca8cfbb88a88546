"""Computes a function that grows faster than any tower, without going deep.

outcome: timeout
says: still running
"""


def rnn_step(*arguments):
    stack, n = [4], 3
    while stack:
        m = stack.pop()
        if m == 0:
            n += 1
        elif n == 0:
            stack.append(m - 1)
            n = 1
        else:
            stack += [m - 1, m]
            n -= 1
