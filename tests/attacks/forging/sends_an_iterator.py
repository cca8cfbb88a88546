"""Makes its side of the wire send an iterator, which only the grader may.

outcome: failed
says: expected a tensor
"""

from grading import values, wire

values.pack = lambda thing, keep: wire.Items("iterator", (1, 2))
