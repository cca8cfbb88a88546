"""Exercise 7: which languages a small CharRNN confuses."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.nn import functional

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, numbers
from grading.report.pictures.training import LAST_STATE, Adam, twin
from grading.session.remote import Student
from grading.testing import checks

V, E, H, STEPS, LR = 27, 8, 24, 45, 0.02
EVERY = 4
"""Every fourth word is kept aside, and never learned."""


def confusion(student: Student, figure: Figure) -> list[Row]:
    """A table of true against guessed languages: of words that were learned, and of new ones."""
    languages, words, y = _words()
    C = len(languages)
    longest = max(map(len, words))
    ids = student.encode_batch(words)
    checks.tensor(ids, (len(words), longest), torch.int64, "what encode_batch gives")
    new = torch.arange(len(words)) % EVERY == 0
    torchs = twin(E, H, C, LAST_STATE, words=V, seed=3)
    model = checks.module(student.CharRNN(V, E, H, C), "CharRNN")
    model.load(torchs.state_dict())
    _learn(student, model, torchs, ids[~new], y[~new])
    got = numbers(model(ids), (len(words), C), "the logits of CharRNN").argmax(dim=1)
    right = torchs(_encoded(words)).argmax(dim=1)
    rows: list[Row] = [("words", "true", "guessed", "yours", "right")]
    titles = ((~new, "words it learned"), (new, "words it never saw"))
    for axes, (chosen, title) in zip(paper.panels(figure, 2), titles, strict=True):
        yours = _table(y[chosen], got[chosen], C)
        theirs = _table(y[chosen], right[chosen], C)
        _show(axes, yours, languages, f"{title}: {_share(yours)} right (torch: {_share(theirs)})")
        rows += [
            (title, languages[a], languages[b], int(yours[a, b]), int(theirs[a, b]))
            for a in range(C)
            for b in range(C)
        ]
    return rows


def _learn(student: Student, model: Any, torchs: nn.Sequential, ids: Tensor, y: Tensor) -> None:
    """Train both on all words at once; the gradients of the one go back across the line."""
    optimizer, adam = student.make("torch.optim.Adam", model, lr=LR), Adam(torchs, LR)
    for _ in range(STEPS):
        logits = checks.tensor(model(ids), (len(y), int(y.max()) + 1), what="the logits")
        checks.holds(logits.requires_grad, "the logits of CharRNN carry no gradient")
        functional.cross_entropy(logits, y).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        adam.descend(functional.cross_entropy(torchs(ids), y))


def _words() -> tuple[list[str], list[str], Tensor]:
    """The languages, all their words, and the language of each as its index."""
    path = Path(__file__).parent.parent / "words.toml"
    lists: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    words = [word for own in lists.values() for word in own]
    y = [number for number, own in enumerate(lists.values()) for _ in own]
    return list(lists), words, torch.tensor(y)


def _encoded(words: list[str]) -> Tensor:
    """(B, T), from how NumPy stores words of small letters: as code points, filled with 0."""
    points = np.array(words).view(np.uint32).reshape(len(words), -1).astype(np.int64)
    return torch.from_numpy(np.where(points > 0, points - ord("a"), V - 1))


def _table(true: Tensor, guessed: Tensor, classes: int) -> Tensor:
    """(C, C): rows are true, columns guessed."""
    return torch.bincount(true * classes + guessed, minlength=classes**2).reshape(classes, classes)


def _share(table: Tensor) -> str:
    return f"{100 * int(table.diagonal().sum()) / int(table.sum()):.0f} %"


def _show(axes: Axes, table: Tensor, languages: list[str], title: str) -> None:
    most = int(table.sum(dim=1).max())
    paper.heat(axes, table, 0, most, "Blues")
    for (row, column), count in ((at, int(table[at])) for at in _cells(len(languages))):
        color = "#ffffff" if count > 0.55 * most else "#101418"
        axes.text(column + 0.5, row + 0.5, str(count), color=color, ha="center", va="center")
    middles = [place + 0.5 for place in range(len(languages))]
    axes.set(title=title, ylabel="true")
    axes.set_yticks(middles, languages, size=9)
    axes.set_xticks(middles, languages, size=8.5)
    axes.tick_params(length=0)


def _cells(count: int) -> list[tuple[int, int]]:
    return [(row, column) for row in range(count) for column in range(count)]


DRAWINGS = (
    Drawing(
        "confusion",
        "Which language is this word?",
        f"Your CharRNN after {STEPS} steps on five languages' common words, read by your "
        "encode_batch. Rows are the true language, columns the guess, numbers count words; what is "
        "right lies on the diagonal. The upper table holds the words it learned from, the lower "
        "one words it never saw: the gap between them is what was learned by heart. The "
        "same training by torch gives the shares in brackets.",
        confusion,
        6.4,
    ),
)
