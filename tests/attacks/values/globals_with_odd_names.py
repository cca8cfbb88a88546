"""Has names that are no names among its globals, and no function.

outcome: missing
says: has no rnn_step
"""

del rnn_step
globals()["\ud800"] = globals()[5] = print
