"""Makes its side of the wire send a gradient that has a gradient.

outcome: violation
says: broke the protocol
"""

from grading.line import values
from grading import wire


def _nested(thing, keep):
    leaf = wire.TensorValue("float32", (1,), b"\x00" * 4)
    once = wire.TensorValue("float32", (1,), b"\x00" * 4, grad=leaf)
    return wire.TensorValue("float32", (1,), b"\x00" * 4, True, True, once)


values.pack = _nested
