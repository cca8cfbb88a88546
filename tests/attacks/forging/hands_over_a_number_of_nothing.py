"""Makes its side of the wire send the number of an object that isn't there.

outcome: failed
says: expected a tensor
"""

from grading.line import values
from grading import wire

values.pack = lambda thing, keep: wire.Ref(2**63, "Tensor")
