"""A result for GitHub: a summary of a step in Markdown, and GitHub Classroom's grader result.

Nothing that a submission said becomes Markdown, HTML or a command to the runner. In the summary,
signs of running text are written as entities, and messages stand escaped in `<pre>`, a block that
only its own end tag ends. In Classroom's result, which its reporter prints to the log line by line,
no line begins as a command does. Neither tells the seed.

Sources: docs.github.com, "Workflow commands" (a step's summary: 1 MiB at most); the actions
autograding-command-grader, which writes version 1 of the result, and autograding-grading-reporter,
which reads it.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from grading.counting import counted
from grading.report import facts
from grading.report.terminal import SIGNS
from grading.report.text import visible
from grading.results import (
    SNIPPET_HEADING,
    ExerciseResult,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
)

MAX_SUMMARY = 512 * 1024
"""Bytes of one summary: GitHub takes twice that of all that a step appends."""

MESSAGE, PRINTED, SAID = 2000, 500, 300
"""Characters shown of one message, of one test's output, and of anything else."""

# --- summary ----------------------------------------------------------------------------------


def summary(result: Result) -> bytes:
    """Markdown: a table of exercises, what was not checked, and each failing part folded away."""
    pieces = [_heading(result), _table(result), *_notes(result)]
    room = MAX_SUMMARY - sum(len(piece.encode()) for piece in pieces) - SAID
    details = list(_details(result))
    while details and room >= (size := len(details[0].encode())):
        pieces.append(details.pop(0))
        room -= size
    if details:
        are = "is" if len(details) == 1 else "are"
        more = counted(len(details), "more part")
        pieces.append(f"{more} {are} not right; this summary is full.\n\n")
    return "".join(pieces).encode()


def _heading(result: Result) -> str:
    points = f"{result.score:g} of {counted(result.max_score, 'point')}"
    return f"## {_inline(result.submission)}: {points}\n\n"


def _table(result: Result) -> str:
    rows = ["| | exercise | points | |", "|---|---|--:|---|"]
    for exercise in result.exercises:
        title = f"{exercise.number} | {_inline(exercise.title)}"
        points = f"{exercise.score:g} / {exercise.max_score:g}"
        rows.append(f"| {title} | {points} | {_status(exercise.status)} |")
    return "\n".join(rows) + "\n\n"


def _notes(result: Result) -> Iterator[str]:
    problems = [exercise.problem for exercise in result.exercises if exercise.problem]
    overrides = [facts.override_words(*pair) for pair in facts.overridden(result)]
    isolation = f"Isolation: {result.isolation.level}."
    for note in (*problems, *overrides, facts.not_checked(result), isolation):
        if note:
            yield f"{_inline(note)}\n\n"


def _details(result: Result) -> Iterator[str]:
    """One block for each part that was begun and isn't right; a file at fault is told above."""
    for exercise, part in facts.parts(result):
        if not exercise.problem and part.status not in (Status.PASSED, *facts.WAITING):
            yield _block(exercise, part)


def _block(exercise: ExerciseResult, part: PartResult) -> str:
    points = f"{part.score:g} of {counted(part.max_score, 'point')}"
    title = f"{exercise.number} · {_inline(part.name)} · {points} · {_status(part.status)}"
    lines = [f"<details><summary>{title}</summary>\n"]
    if part.diagnosis is not None:
        lines.append(f"It seems: {_inline(part.diagnosis.say)}\n")
    if part.mend_first:
        lines.append(f"{_inline(facts.cause_words(part))}.\n")
    for test in facts.failing(exercise, part):
        hidden = " (a hidden test)" if test.visibility is Visibility.HIDDEN else ""
        lines.append(f"**Must hold:** {_inline(test.title)}{hidden}\n")
        lines.append(f"<pre>{_preformatted(test.message, MESSAGE)}</pre>\n")
        if test.stdout.strip():
            lines.append("It printed:\n")
            lines.append(f"<pre>{_preformatted(test.stdout, PRINTED)}</pre>\n")
    lines.append(f"A hint: `python grader.py hint {exercise.number} {part.name}`\n")
    return "\n".join([*lines, "</details>\n\n"])


def _status(status: Status) -> str:
    sign, word, _ = SIGNS[status]
    return f"{sign} {word}"


def _inline(text: str) -> str:
    """A text for running Markdown: each sign of Markdown and HTML as an entity, never markup."""
    plain = " ".join(visible(text, SAID).split())
    return re.sub(r"[][!#$&*+./:<=>@\\^_`{|}~-]", lambda sign: f"&#{ord(sign[0])};", plain)


def _preformatted(text: str, limit: int) -> str:
    return html.escape(visible(text.strip("\n"), limit))


# --- Classroom --------------------------------------------------------------------------------


def classroom(result: Result) -> bytes:
    """The line `result=…` for `$GITHUB_OUTPUT`: base64 of JSON.

    The reporter records the sum of the tests' scores in Classroom; the table that it prints to the
    log counts passed tests instead, whatever they are worth. Durations are in milliseconds.
    """
    reported = {
        "version": 1,
        "status": _outcome(result),
        "max_score": result.max_score,
        "tests": list(_tests(result)),
    }
    return b"result=" + base64.b64encode(msgspec.json.encode(reported)) + b"\n"


def _outcome(result: Result) -> str:
    if result.complete:
        return "pass"
    statuses = {test.status for exercise in result.exercises for test in exercise.tests}
    return "error" if statuses & set(facts.BROKEN) else "fail"


def _tests(result: Result) -> Iterator[dict[str, Any]]:
    for exercise in result.exercises:
        for test in exercise.tests:
            yield _test(exercise, test)
    for exercise, part in facts.overridden(result):
        yield _override(exercise, part)


def _test(exercise: ExerciseResult, test: TestResult) -> dict[str, Any]:
    words, _, snippet = test.message.partition(SNIPPET_HEADING)
    broken = test.status in facts.BROKEN
    name = f"{exercise.number} {test.part}: {test.title}"
    seen = f"{name}\n{words}" if broken else words  # of an error, the reporter shows nothing else
    return {
        "name": _for_log(name, SAID),
        "status": "error" if broken else "pass" if test.status is Status.PASSED else "fail",
        "message": _for_log(seen.strip("\n"), MESSAGE),
        "test_code": _for_log(snippet.strip("\n"), MESSAGE),
        "filename": test.id.partition("::")[0],
        "line_no": 0,
        "duration": round(test.duration * 1000),
        "score": test.earned,
    }


def _override(exercise: ExerciseResult, part: PartResult) -> dict[str, Any]:
    """Points set by hand, as an entry of their own: so the scores add up."""
    return {
        "name": _for_log(facts.override_words(exercise, part), MESSAGE),
        "status": "pass" if facts.gained(part) >= 0 else "fail",
        "message": "",
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "duration": 0,
        "score": facts.gained(part),
    }


def _for_log(text: str, limit: int) -> str:
    """A text of which the runner takes no line of its log for a command (`::…`, `##[…`)."""
    shown = visible(text, limit).replace("##[", "## [")
    return re.sub(r"(?m)^(\s*):(?=:)", r"\1: ", shown)
