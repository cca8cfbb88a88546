"""Makes its side of the wire send the number of an object that isn't there.

outcome: failed
says: expected a tensor
"""

from grading import values, wire

values.pack = lambda thing, keep: wire.Ref(2**63, "Tensor")
