"""Makes its side of the wire say that the function isn't there.

outcome: missing
says: has no rnn_step
"""

from grading import wire
from grading.worker.serve import Server

Server._call = lambda self, request: wire.Absent(request.number, "rnn_step", ("rnn_stop",))
