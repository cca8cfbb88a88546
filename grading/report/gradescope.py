"""A result as Gradescope's autograders hand it in: results.json.

What a student may see, and when: visible tests at once, with message, output and hint; hidden
tests after the due date (the late one, where late work is taken), and then only what the kit tells
of them anyway, the property and the kind of failure. Before that date nothing of them shows: the
words for the whole count visible tests alone, and Gradescope withholds a total to which hidden
tests contribute. What the grading run prints is the instructor's. The seed, which may be secret,
isn't in the file. Every text is declared as `text`: Gradescope escapes it.

Source: Gradescope's autograder specifications, "Output format"
(https://gradescope-autograders.readthedocs.io/en/latest/specs/).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from grading.counting import counted
from grading.report import facts
from grading.report.text import visible
from grading.results import ExerciseResult, PartResult, Result, Status, TestResult, Visibility

MESSAGE, PRINTED = 4000, 1500
"""Characters shown of one message, and of one test's output."""

Entry = dict[str, Any]


def render(result: Result) -> bytes:
    """The content of results.json. `score` is the whole, overrides included; times in seconds."""
    results = {
        "score": result.score,
        "execution_time": round(result.duration, 2),
        "output": _words(result),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": _extra(result),
        "tests": list(_entries(result)),
    }
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"


def _words(result: Result) -> str:
    seen = [t for e in result.exercises for t in e.tests if t.visibility is Visibility.VISIBLE]
    passed = sum(test.status is Status.PASSED for test in seen)
    lines = [f"{passed} of {counted(len(seen), 'visible test')} passed."]
    if any(t.visibility is Visibility.HIDDEN for e in result.exercises for t in e.tests):
        lines.append("What the hidden tests found is shown after the due date.")
    lines.append(facts.not_checked(result))
    lines += [visible(exercise.problem, 300) for exercise in result.exercises]
    lines += [facts.override_words(*pair) for pair in facts.overridden(result)]
    return "\n".join(line for line in lines if line)


def _extra(result: Result) -> Entry:
    return {
        "submission": visible(result.submission, 300),
        "kit_version": result.kit_version,
        "isolation": {"level": result.isolation.level, "measures": result.isolation.measures},
        "not_checked": [visible(name, 200) for name in result.not_checked],
        "diagnoses": {
            f"{exercise.id}.{part.name}": part.diagnosis.id
            for exercise, part in facts.parts(result)
            if part.diagnosis is not None
        },
    }


def _entries(result: Result) -> Iterator[Entry]:
    for n, exercise in enumerate(result.exercises, start=1):
        for k, part in enumerate(exercise.parts, start=1):
            first = next(iter(facts.failing(exercise, part)), None)
            for place, test in enumerate(facts.tests_of(exercise, part), start=1):
                said = _output(test, part if test is first else None)
                yield _entry(exercise, test, f"{_number(exercise, n)}.{k}.{place}", said)
            if part.override is not None:
                yield _override(exercise, part, f"{_number(exercise, n)}.{k}.0")


def _number(exercise: ExerciseResult, place: int) -> int:
    """The exercise's own number, so that it is the same whatever else was graded."""
    digits = exercise.number.removeprefix("ex")
    return int(digits) if digits.isdecimal() else place


def _entry(exercise: ExerciseResult, test: TestResult, number: str, said: str) -> Entry:
    return {
        "name": f"{test.part}: {visible(test.title, 300)}",
        "number": number,
        "score": test.earned,
        "max_score": test.points,
        "status": "passed" if test.status is Status.PASSED else "failed",
        "output": said,
        "output_format": "text",
        "tags": [exercise.id, test.part, test.status.value],
        "visibility": "after_due_date" if test.visibility is Visibility.HIDDEN else "visible",
    }


def _output(test: TestResult, first_of: PartResult | None) -> str:
    """What was seen; with a part's first failure also what is known of the part as a whole."""
    if test.status is Status.PASSED:
        return ""
    pieces = [visible(test.message.strip("\n"), MESSAGE)]
    if first_of is not None and first_of.diagnosis is not None:
        pieces.append(f"It seems: {first_of.diagnosis.say}")
    if first_of is not None and first_of.mend_first:
        pieces.append(f"{facts.cause_words(first_of)}.")
    if test.stdout.strip():
        pieces.append(f"Your code printed:\n{visible(test.stdout.strip(), PRINTED)}")
    if test.hint:
        pieces.append(f"A hint: {test.hint}")
    return "\n\n".join(pieces)


def _override(exercise: ExerciseResult, part: PartResult, number: str) -> Entry:
    """Points set by hand, as an entry of their own: so the entries add up to the score."""
    gained = facts.gained(part)
    return {
        "name": f"{part.name}: points set by hand",
        "number": number,
        "score": gained,
        "max_score": max(gained, 0.0),
        "status": "passed" if gained >= 0 else "failed",
        "output": facts.override_words(exercise, part),
        "output_format": "text",
        "tags": [exercise.id, part.name, "override"],
        "visibility": "visible",
    }
