"""What a picture is, and what each exercise's file of pictures gives to have one drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from matplotlib.figure import Figure
from torch import Tensor

from grading.session.remote import Student
from grading.testing import checks

Cell = str | int | float
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Drawing:
    """How to draw one picture: `draw` asks the student's functions, fills a figure of `height`
    inches and returns its numbers, a row of names first.

    What `draw` raises is told in the picture's frame.
    """

    name: str
    title: str
    caption: str
    draw: Callable[[Student, Figure], list[Row]]
    height: float = 3.4


@dataclass(frozen=True)
class Picture:
    """One picture of a student's own functions, in words, as SVG, and as numbers.

    `caption` says what is to be seen. `problem` says why there is none, and then there are no rows;
    `rows` begin with the names of the columns.
    """

    exercise: str
    name: str
    title: str
    caption: str
    svg: str
    rows: tuple[Row, ...] = ()
    problem: str = ""
    figure: Figure = field(default_factory=Figure, repr=False, compare=False)

    @property
    def stem(self) -> str:
        """The name of the files that hold it."""
        return f"{self.exercise}-{self.name}"


def numbers(got: object, shape: tuple[int, ...], what: str) -> Tensor:
    """The answer as numbers that can be drawn, (…) float64. Raises WrongError where it can't be."""
    answer = checks.tensor(got, shape, what=what).detach()
    checks.holds(not answer.is_complex(), f"{what} is complex")
    finite = bool(torch.isfinite(answer).all())
    checks.holds(finite, f"{what} holds NaN or infinity: there is nothing to draw")
    return answer.to(torch.float64)


def normal(*shape: int, seed: int = 0) -> Tensor:
    """Normal numbers, always the same, in float32."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def rotation(size: int, seed: int = 0) -> Tensor:
    """A matrix that keeps lengths, (size, size) float32: all its eigenvalues have size 1."""
    q, r = torch.linalg.qr(normal(size, size, seed=seed))
    turned: Tensor = q * torch.sign(torch.diagonal(r))
    return turned
