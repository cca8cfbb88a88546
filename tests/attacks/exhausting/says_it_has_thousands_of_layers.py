"""Gives a state of 3,000 entries, each a layer's.

outcome: failed
says: more than 1000 parameters
exercise: ex06
part: SinPredictor
"""

import torch

Right = SinPredictor


class SinPredictor(Right):
    def state_dict(self, *args, **kwargs):
        state = dict(super().state_dict(*args, **kwargs))
        one = torch.zeros(1)
        return state | {f"rnn.weight_ih_{layer}": one for layer in range(3000)}
