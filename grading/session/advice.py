"""What to do about an exception whose cause lies outside the answer itself: a line of advice."""

from __future__ import annotations

import re

from grading import wire

_NO_FILES = "graded code has no files, network or processes"
_LOADER = f"{_NO_FILES}; a DataLoader needs num_workers=0"
_NO_PACKAGE = (
    "graded code has torch, NumPy and the standard library, and each file stands alone; "
    'what you need for pictures of your own goes under `if __name__ == "__main__":`'
)
_NO_TYPING = (
    "nobody can type here: to stop and look around, run "
    "`python grader.py check --debug` with the part's name"
)
_NO_GPU = "there is no GPU here: leave .cuda() and .to(…) out, or make new tensors on x.device"
_ENDS = "this ends Python itself: take the line out"
_NOTEBOOK = "that is a notebook's command: take the line out"
_MERGE = "that mark is left over from a merge: keep one of the two versions, and no mark"
_OWN_TRIAL = 'lines that try your functions out go under `if __name__ == "__main__":`'

_NOTEBOOKS, _MERGES = ("!", "%", "get_ipython"), ("<<<<<<<", "=======", ">>>>>>>")
"""What a line begins with that a notebook runs, or that git leaves behind."""

_GPU = re.compile(r"\b(CUDA|NVIDIA|MPS)\b", re.IGNORECASE)
_TRIAL = re.compile(r"assert\b|print\(")


def advice(raised: wire.Raised, line: str, source: str) -> str:
    """The advice on an exception that this line raised, in brackets on a line of its own, if any.

    `source` is the whole file, in which the line stands.
    """
    found = _found(raised, line.strip(), source)
    return f"\n({found})" if found else ""


def _found(raised: wire.Raised, line: str, source: str) -> str:
    kinds = {raised.error, *raised.bases}
    if "OSError" in kinds:
        return _LOADER if "DataLoader" in source else _NO_FILES
    if "ModuleNotFoundError" in kinds:
        return _NO_PACKAGE
    if not kinds.isdisjoint(("BdbQuit", "EOFError")):
        return _NO_TYPING
    if "SystemExit" in kinds:
        return _ENDS
    if _GPU.search(raised.message):
        return _NO_GPU
    if line.startswith(_NOTEBOOKS):
        return _NOTEBOOK
    if line.startswith(_MERGES):
        return _MERGE
    return _OWN_TRIAL if _is_own_trial(raised, source) else ""


def _is_own_trial(raised: wire.Raised, source: str) -> bool:
    """Did it begin in a line that tries the student's functions out while the file is loaded?"""
    if not raised.places or raised.places[0].function != "<module>":
        return False
    first = source.split("\n")[raised.places[0].line - 1 :][:1]
    return any(_TRIAL.match(line) for line in first)
