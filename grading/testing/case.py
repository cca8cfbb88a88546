"""A case of a graded test: sizes by name, a dtype, and random numbers that depend on its seed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True, repr=False)
class Case:
    """Sizes by name, a dtype, and random numbers that depend on the seed alone."""

    sizes: dict[str, int]
    seed: int
    dtype: torch.dtype = torch.float64
    generator: torch.Generator = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "generator", torch.Generator().manual_seed(self.seed))

    @classmethod
    def fixed(cls, seed: int = 0, dtype: torch.dtype = torch.float64, **sizes: int) -> Case:
        """One case, for a test that needs no more."""
        return cls(sizes, seed, dtype)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name}={size}" for name, size in self.sizes.items())
        return f"Case({sizes}, seed={self.seed}, {str(self.dtype).removeprefix('torch.')})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For Hypothesis, which else prints every field at length, of each example that it runs."""
        printer.text(repr(self))

    def __getattr__(self, name: str) -> int:
        """A size by its name."""
        try:
            return self.sizes[name]
        except KeyError:
            raise AttributeError(f"this case has no size {name}") from None

    def normal(self, *shape: int, scale: float = 1.0) -> Tensor:
        """Normal numbers, rounded to two decimals so that they can be read."""
        drawn = torch.randn(*shape, generator=self.generator, dtype=torch.float64) * scale
        return drawn.round(decimals=2).to(self.dtype)

    def zeros(self, *shape: int) -> Tensor:
        """Zeros in the case's dtype."""
        return torch.zeros(*shape, dtype=self.dtype)

    def recurrent(self, size: int) -> Tensor:
        """A tame (size, size) matrix: entries up to 0.6/√size; from 2 on, never symmetric."""
        drawn = torch.randn(size, size, generator=self.generator, dtype=torch.float64)
        tame = (drawn.clamp(-1.0, 1.0) * 0.5 / math.sqrt(size)).round(decimals=3)
        if size > 1:
            tame[0, 1] = tame[1, 0] - 0.1 if tame[1, 0] > 0 else tame[1, 0] + 0.1
        return tame.to(self.dtype)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """int64 numbers from low to high, both included."""
        return torch.randint(low, high + 1, shape, generator=self.generator)

    def integer(self, low: int, high: int) -> int:
        """One number from low to high, both included."""
        return int(self.integers(low, high).item())

    def permutation(self, count: int) -> Tensor:
        """An order that moves every element; from three on, one that is not its own inverse."""
        order = torch.randperm(count, generator=self.generator)
        shift = torch.empty(count, dtype=torch.int64)
        shift[order] = order.roll(1)
        return shift

    def load_random(self, module: nn.Module) -> nn.Module:
        """Fill a module on this side with tame random parameters, in the case's dtype."""
        if any(parameter.dtype != self.dtype for parameter in module.parameters()):
            module.to(self.dtype)  # which takes nn.RNN long, whether or not it has that dtype
        with torch.no_grad():
            for parameter in module.parameters():
                scale = 0.5 / math.sqrt(parameter.shape[-1])
                parameter.copy_(self.normal(*parameter.shape, scale=scale))
        return module

    @staticmethod
    @torch.no_grad()
    def load_copying(rnn: nn.RNN) -> None:
        """Let one layer's states only copy themselves: what was read first counts to the end."""
        rnn.get_parameter("weight_hh_l0").copy_(torch.eye(rnn.hidden_size))
        for name in ("bias_ih_l0", "bias_hh_l0"):
            rnn.get_parameter(name).zero_()
