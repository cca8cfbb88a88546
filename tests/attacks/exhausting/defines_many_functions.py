"""Has a hundred thousand functions, and not the one that is asked for.

outcome: missing
says: has no rnn_step
"""

del rnn_step
for i in range(100_000):
    globals()[f"rnn_stop{i}" * 10] = print
