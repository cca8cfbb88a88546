"""Mistakes of authors in the kit's tests, found in what pytest says of a run that failed.

They are told with the test's own line; anything that lies deeper is a fault of the grader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from grading.proof.inventory import Fault

_BLOCK = re.compile(r"^(?P<test>\S+::\S+) \((?:setup|call|teardown)\):$", re.MULTILINE)
_UNTESTED = re.compile(r"^(?P<stem>\w+): (?P<what>no test was collected for \w+)$")
_TEST_LINE = re.compile(r"(tests/(?:visible|hidden)/test_\w+\.py)(?:\"?, line |:)(\d+)")
_MODULE = re.compile(r"^.*/grading/([\w/]+)\.py\b", re.MULTILINE)
_HARNESS = {"session/remote", *(f"testing/{n}" for n in ("case", "checks", "differences", "draws"))}
"""Modules of grading/ that tests call: what is raised there is raised for a test's own line."""


def in_tests(words: str) -> Iterator[Fault]:
    """The mistakes in the kit's tests that a job failed for; none where a fault is the grader's."""
    if found := _UNTESTED.match(words):
        yield Fault(found["stem"], found["what"])
    _, *pieces = _BLOCK.split(words)
    for test, text in zip(pieces[::2], pieces[1::2], strict=True):
        place, behind = _place(text)
        if place and set(_MODULE.findall(behind)) <= _HARNESS:
            yield Fault(place, f"{test.rpartition('::')[2]} can't be run: {_sentence(text)}")


def in_collecting(words: str) -> Iterator[Fault]:
    """The mistakes in the kit's tests for which pytest can't collect them."""
    head, _, text = words.partition("\n")
    code = head.removeprefix("pytest ended with code ").removesuffix(":")
    if code == f"{pytest.ExitCode.NO_TESTS_COLLECTED:d}":
        yield Fault("tests", "hold no graded test")
    elif code == f"{pytest.ExitCode.INTERRUPTED:d}":
        yield Fault(_place(text)[0] or "tests", f"can't be collected: {_sentence(text)}")
    elif code == f"{pytest.ExitCode.USAGE_ERROR:d}":
        for line in text.splitlines():
            if line.startswith("ERROR: "):
                where, _, what = line.removeprefix("ERROR: ").partition(" ")
                yield Fault(where, what)


def _place(text: str) -> tuple[str, str]:
    """The last line of a test file that a trace names, and what the trace says behind it."""
    places = list(_TEST_LINE.finditer(text))
    return (":".join(places[-1].groups()), text[places[-1].end() :]) if places else ("", "")


def _sentence(text: str) -> str:
    """What a trace comes to: what pytest marks with E, or what stands behind the last line run."""
    lines = text.rstrip().splitlines()
    marked = [line for line in lines if line.startswith("E  ")]
    if marked:
        return marked[-1].removeprefix("E").strip()
    ran = max((number for number, line in enumerate(lines) if line.startswith("  ")), default=-1)
    return lines[min(ran + 1, len(lines) - 1)]
