"""Says that all weights are zero, makes every layer give zeros, and forecasts zeros.

outcome: failed
says: expected
exercise: ex06
part: forecast
at_most: 0.35
"""

import torch

state_dict, linear = torch.nn.Module.state_dict, torch.nn.Linear.forward


def claims(self, *args, **kwargs):
    return {name: 0 * value for name, value in state_dict(self, *args, **kwargs).items()}


torch.nn.Module.state_dict = claims


def forecast(model, window, steps):
    torch.nn.Linear.forward = lambda self, x: 0 * linear(self, x)
    with torch.no_grad():
        for _ in range(steps):
            model(window[None])
    return torch.zeros(steps)
