"""Fails for a case, and then for one a little smaller, so that looking for the smallest takes long.

outcome: failed
says: expected
"""

import torch

right, last = rnn_step, {}


def seed_of(x_t):
    generator = torch.Generator()
    for seed in range(2**16 + 1):
        drawn = torch.randn(1, generator=generator.manual_seed(seed), dtype=torch.float64)
        if abs(drawn.item() - x_t.flatten()[0].item()) < 0.006:
            return seed
    return 0


def rnn_step(x_t, *others):
    if not x_t.any() or last.setdefault("shape", x_t.shape) != x_t.shape:
        return right(x_t, *others)
    seed = seed_of(x_t)
    if last.setdefault("seed", seed + 1) - 5 < seed <= last["seed"]:
        last["seed"] = seed
        return 0 * right(x_t, *others)
    return right(x_t, *others)
