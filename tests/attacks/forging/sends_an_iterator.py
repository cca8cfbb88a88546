"""Makes its side of the wire send an iterator, which only the grader may.

outcome: failed
says: expected a tensor
"""

from grading.line import values
from grading import wire

values.pack = lambda thing, keep: wire.Items("iterator", (1, 2))
