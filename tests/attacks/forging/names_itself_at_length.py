"""Makes its side of the wire name the answer's class with a megabyte of letters.

outcome: violation
says: broke the protocol
"""

from grading.line import values
from grading import wire

values.pack = lambda thing, keep: wire.Ref(1, "R" * 1_000_000)
