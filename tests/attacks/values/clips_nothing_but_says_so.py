"""Says that it has clipped, and leaves the gradients as they were.

outcome: failed
says:
at_most: 0.6
exercise: ex05
part: clip_gradients
"""


def clip_gradients(parameters, max_norm):
    return max_norm
