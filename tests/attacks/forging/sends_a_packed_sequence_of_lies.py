"""Makes its side of the wire send a PackedSequence of 10**12 rows.

outcome: violation
says: broke the protocol
"""

from grading.line import values
from grading import wire


def _packed(thing, keep):
    sizes = wire.TensorValue("int64", (1,), (10**12).to_bytes(8, "little"))
    return wire.Packed(wire.TensorValue("float32", (1, 1), b"\x00" * 4), sizes, None, None)


values.pack = _packed
