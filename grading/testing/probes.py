"""Probes: a few fixed questions to a part, and note of what comes back.

    @probe("rnn_step")
    def one_step(student: Student) -> Iterator[object]:
        x_t, h_prev, *weights = arguments(Case.fixed(B=2, I=3, H=4))
        yield student.rnn_step(x_t, h_prev, *weights)

They stand in tests/probes/, one file an exercise. A known mistake is recognised by its notes.
"""

from __future__ import annotations

import runpy
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from grading.errors import Misused
from grading.session import outcomes
from grading.session.remote import Student
from grading.session.session import Session

Probe = Callable[[Student], Iterable[object]]

SEED = 1
"""Random numbers in the worker come from here while it is probed, whatever seed a grade has."""

RTOL, ATOL = 1e-4, 1e-6
MAX_NOTES, MAX_NUMBERS = 500, 2000


class Note(msgspec.Struct, frozen=True):
    """One value that came back: what it is, its shape, and its numbers as float32."""

    kind: str
    shape: tuple[int, ...] = ()
    numbers: bytes = b""


Notes = tuple[Note, ...]


class ProbesError(Misused):
    """A file of probes can't be read; the text says where."""


def probe(part: str) -> Callable[[Probe], Probe]:
    """Mark a probe of a part."""

    def mark(function: Probe) -> Probe:
        function.part = part  # type: ignore[attr-defined]
        return function

    return mark


def read(path: Path) -> dict[str, list[Probe]]:
    """The probes of a file by part, in order; none where there is no such file.

    Raises ProbesError for one that can't be run.
    """
    if not path.exists():
        return {}
    try:
        names = runpy.run_path(str(path))
    except Exception as error:  # whatever running a file of Python can come to
        raise ProbesError(_with_place(error, path)) from None
    found: dict[str, list[Probe]] = {}
    for thing in names.values():
        if hasattr(thing, "part"):
            found.setdefault(thing.part, []).append(thing)
    return found


def _with_place(error: Exception, path: Path) -> str:
    """What running a file came to, with the last of its lines that was come to."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f"{path}:{error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f"{path}:{lines[-1] if lines else 1}: {type(error).__name__}: {error}"


def ask(session: Session, part: str, probes: Iterable[Probe]) -> Notes | None:
    """Put the probes of a part to a submission; None where it has no answers to be compared."""
    notes: list[Note] = []
    for function in probes:
        session.begin(f"probe {part}", part)
        try:
            for value in function(Student(session)):
                notes.extend(_noted(value))
        except outcomes.EndsTest:
            return None
        except outcomes.StudentError as error:
            notes.append(_raised(error, session.source))
        except (outcomes.WrongError, Exception):  # an answer in a form that can't be worked with
            notes.append(Note("no usable answer"))
    return tuple(notes[:MAX_NOTES])


def same(some: Notes, others: Notes) -> bool:
    """Are these the same answers, but for rounding?"""
    return len(some) == len(others) and all(map(_alike, some, others))


def _alike(one: Note, other: Note) -> bool:
    if one == other:
        return True
    if (one.kind, one.shape, len(one.numbers)) != (other.kind, other.shape, len(other.numbers)):
        return False
    first, second = (np.frombuffer(note.numbers, dtype="<f4") for note in (one, other))
    return bool(np.allclose(first, second, rtol=RTOL, atol=ATOL, equal_nan=True))


def _noted(value: Any) -> Iterator[Note]:
    if isinstance(value, Tensor):
        kind = str(value.dtype) + (" with gradient" if value.requires_grad else "")
        yield _numbers(kind, value.detach().to(torch.float64).numpy())
    elif isinstance(value, np.ndarray):
        yield _numbers(f"array {value.dtype}", value)
    elif isinstance(value, bool | int | float):
        yield _numbers(type(value).__name__, np.asarray(float(value)))
    elif isinstance(value, str):
        yield Note(f"text {value[:MAX_NUMBERS]}")
    elif isinstance(value, PackedSequence):
        yield from _noted(tuple(value))
    elif isinstance(value, list | tuple):
        yield Note("items", (len(value),))
        for item in value:
            yield from _noted(item)
    elif isinstance(value, dict):
        yield Note(f"names {', '.join(sorted(value))[:MAX_NUMBERS]}")
        yield from _noted([item for _, item in sorted(value.items())])
    else:
        yield Note("nothing" if value is None else "something else")


def _raised(error: outcomes.StudentError, source: str) -> Note:
    """Its class, and what Python or torch says; whoever raises it by hand words it as they like."""
    raised = error.raised
    text = "" if outcomes.is_raised_there(raised, source) else raised.message.partition("\n")[0]
    return Note(f"raised {outcomes.usual_name(raised)} {text[:200]}".rstrip())


def _numbers(kind: str, values: np.ndarray[Any, Any]) -> Note:
    few = np.ravel(values)[:MAX_NUMBERS]
    with np.errstate(over="ignore"):
        return Note(kind, values.shape, few.astype("<f4").tobytes())
