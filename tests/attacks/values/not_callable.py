"""Has a number in the place of the function.

outcome: missing
says: expected a function
"""

rnn_step = 42
