"""A result as JUnit XML, in the form that pytest writes: a suite an exercise, a case a test.

A `failure` is an answer that is wrong or was not begun; an `error` is a run that broke (an
exception, no file, too long, died, rules broken). Nothing is `skipped`: what earned no points must
not look harmless. Points, isolation and overrides are properties of the suite. Characters that XML
can't hold are spelled out, as all control codes are.

Source: `_pytest/junitxml.py`, family xunit2.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grading.report import facts
from grading.report.text import visible
from grading.results import ExerciseResult, Result, Status, TestResult

MESSAGE, FIRST_LINE = 4000, 200
"""Characters shown of one message or output, and of its first line."""


def render(result: Result) -> bytes:
    """The XML file, in UTF-8; times in seconds."""
    root = Element("testsuites", name="graded tests")
    for exercise in result.exercises:
        root.append(_suite(exercise, result))
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _suite(exercise: ExerciseResult, result: Result) -> Element:
    kinds = [_kind(test) for test in exercise.tests]
    suite = Element(
        "testsuite",
        name=exercise.id,
        errors=str(kinds.count("error")),
        failures=str(kinds.count("failure")),
        skipped="0",
        tests=str(len(kinds)),
        time=f"{sum(test.duration for test in exercise.tests):.3f}",
    )
    suite.append(_properties(exercise, result))
    for test in exercise.tests:
        suite.append(_case(test))
    return suite


def _properties(exercise: ExerciseResult, result: Result) -> Element:
    properties = Element("properties")
    values = {
        "submission": visible(result.submission, MESSAGE),
        "score": f"{exercise.score:g}",
        "max_score": f"{exercise.max_score:g}",
        "isolation": result.isolation.level,
        "not_checked": ", ".join(visible(name, FIRST_LINE) for name in result.not_checked),
        "problem": visible(exercise.problem, MESSAGE),
    }
    for part in exercise.parts:
        values[f"override.{part.name}"] = facts.override_words(exercise, part)
    for name, value in values.items():
        if value:
            SubElement(properties, "property", name=name, value=value)
    return properties


def _case(test: TestResult) -> Element:
    file, _, name = test.id.rpartition("::")
    case = Element(
        "testcase",
        classname=file.removesuffix(".py").replace("/", "."),
        name=name,
        time=f"{test.duration:.3f}",
    )
    if kind := _kind(test):
        seen = visible(test.message.strip("\n"), MESSAGE)
        first_line = seen.partition("\n")[0][:FIRST_LINE]
        found = SubElement(case, kind, message=f"{test.status.value}: {first_line}")
        found.text = f"{visible(test.title, MESSAGE)}\n\n{seen}"
    if test.stdout.strip():
        SubElement(case, "system-out").text = visible(test.stdout, MESSAGE)
    return case


def _kind(test: TestResult) -> str:
    if test.status is Status.PASSED:
        return ""
    return "error" if test.status in facts.BROKEN else "failure"
