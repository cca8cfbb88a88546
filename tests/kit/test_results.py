"""Proves that points add up exactly, and that a result's JSON is the one that is promised."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading import results
from grading.results import (
    Diagnosis,
    ExerciseResult,
    Isolation,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
)

PROPERTY = settings(max_examples=30, deadline=None)

POINTS = st.integers(0, 100)
WEIGHTS = st.lists(st.integers(1, 20), min_size=1, max_size=20)
STATUSES = st.sampled_from(list(Status))
TEXT = st.text(max_size=8)
SCORES = st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)

TESTS = st.builds(
    TestResult,
    id=TEXT,
    part=TEXT,
    title=TEXT,
    visibility=st.sampled_from(Visibility),
    status=STATUSES,
    points=SCORES,
    earned=SCORES,
    message=TEXT,
    hint=TEXT,
    stdout=TEXT,
    duration=SCORES,
)
DIAGNOSES = st.none() | st.builds(Diagnosis, TEXT, TEXT)
PARTS = st.builds(PartResult, TEXT, STATUSES, SCORES, SCORES, DIAGNOSES, TEXT)
EXERCISES = st.builds(
    ExerciseResult,
    id=TEXT,
    title=TEXT,
    status=STATUSES,
    score=SCORES,
    max_score=SCORES,
    parts=st.lists(PARTS, max_size=2).map(tuple),
    tests=st.lists(TESTS, max_size=2).map(tuple),
    problem=TEXT,
)
RESULTS = st.builds(
    Result,
    submission=TEXT,
    score=SCORES,
    max_score=SCORES,
    seed=st.integers(0, 2**63 - 1),
    kit_version=TEXT,
    duration=SCORES,
    isolation=st.builds(Isolation, TEXT, st.lists(TEXT, max_size=2).map(tuple)),
    not_checked=st.lists(TEXT, max_size=2).map(tuple),
    exercises=st.lists(EXERCISES, max_size=2).map(tuple),
)


def result_of(*statuses: Status) -> Result:
    """A result with one exercise for each status, each with a part and a test."""
    exercises = tuple(
        ExerciseResult(
            id=f"ex{n:02d}_a",
            title="A title",
            status=status,
            score=10.0 if status is Status.PASSED else 0.0,
            max_score=10.0,
            parts=(PartResult("step", status, 0.0, 10.0, Diagnosis("no_bias", "Look again.")),),
            tests=(TestResult("t", "step", "T.", "visible", status, 10.0, 0.0, "", "", "", 0.1),),
        )
        for n, status in enumerate(statuses, start=1)
    )
    isolation = Isolation("process", ("network",))
    return Result("ada", 0.0, 100.0, 7, "0.1.0", 1.5, isolation, ("ex03",), exercises)


# --- sharing out ------------------------------------------------------------------------------


@PROPERTY
@given(POINTS, WEIGHTS)
@example(10, [1, 1, 1])
@example(5, [1] * 7)
@example(1, [1] * 20)
def test_shares_add_up_to_the_points(points: int, weights: list[int]) -> None:
    """However points are shared out, together the shares are the points, to the hundredth."""
    assert sum(results.share(points, weights)) == points * results.HUNDREDTHS


@PROPERTY
@given(POINTS, WEIGHTS)
def test_share_is_within_a_hundredth_of_its_due(points: int, weights: list[int]) -> None:
    """Each share differs from the exact quotient by less than one hundredth."""
    for weight, share in zip(weights, results.share(points, weights), strict=True):
        due = Fraction(points * results.HUNDREDTHS * weight, sum(weights))
        assert abs(share - due) < 1


@PROPERTY
@given(POINTS, WEIGHTS)
def test_heavier_never_gets_less(points: int, weights: list[int]) -> None:
    """In the order of the weights, the shares don't fall."""
    pairs = sorted(zip(weights, results.share(points, weights), strict=True))
    shares = [share for _, share in pairs]
    assert shares == sorted(shares)


@PROPERTY
@given(POINTS, st.integers(1, 20))
def test_equal_weights_differ_by_a_hundredth_at_most(points: int, count: int) -> None:
    """Equal weights get equal shares, but for the hundredth that is left over."""
    shares = results.share(points, [1] * count)
    assert max(shares) - min(shares) <= 1


def test_weights_count_in_proportion() -> None:
    """Where it comes out even, a double weight gets double."""
    assert results.share(6, [1, 2, 3]) == [100, 200, 300]


# --- summing up -------------------------------------------------------------------------------


@PROPERTY
@given(st.lists(st.integers(0, 10_000), max_size=100))
@example([10] * 3)
@example([1] * 100)
def test_sum_has_no_rounding_error(hundredths: list[int]) -> None:
    """A sum of hundredths is the float that is nearest to the exact sum."""
    exact = float(Fraction(sum(hundredths), results.HUNDREDTHS))
    assert results.summed(value / results.HUNDREDTHS for value in hundredths) == exact


@PROPERTY
@given(POINTS, WEIGHTS)
def test_shares_sum_up_to_full_marks(points: int, weights: list[int]) -> None:
    """All shares of some points, as a student sees them, sum up to these points exactly."""
    shares = results.share(points, weights)
    assert results.summed(share / results.HUNDREDTHS for share in shares) == points


# --- statuses ---------------------------------------------------------------------------------

GRAVEST_FIRST = [Status.VIOLATION, Status.CRASHED, Status.TIMEOUT, Status.ERROR, Status.FAILED]


@pytest.mark.parametrize("status", Status)
def test_pieces_of_one_status_make_a_whole_of_it(status: Status) -> None:
    """Where all pieces ended alike, so did the whole."""
    assert results.overall([status]) is status
    assert results.overall([status] * 3) is status


@PROPERTY
@given(st.lists(STATUSES, min_size=1, max_size=6))
def test_whole_is_right_only_if_all_pieces_are(statuses: list[Status]) -> None:
    """One piece that didn't pass keeps the whole from passing."""
    passed = all(status is Status.PASSED for status in statuses)
    assert (results.overall(statuses) is Status.PASSED) == passed


@PROPERTY
@given(st.lists(STATUSES, min_size=1, max_size=6), st.randoms())
def test_order_of_the_pieces_does_not_matter(statuses: list[Status], random: Any) -> None:
    """The status of a whole depends on which pieces there are, not on their order."""
    shuffled = list(statuses)
    random.shuffle(shuffled)
    assert results.overall(shuffled) is results.overall(statuses)


@PROPERTY
@given(st.lists(STATUSES, min_size=1, max_size=6))
def test_gravest_piece_names_the_whole(statuses: list[Status]) -> None:
    """A violation goes before a crash, that before a timeout, an error, a wrong answer."""
    grave = [status for status in GRAVEST_FIRST if status in statuses]
    assert not grave or results.overall(statuses) is grave[0]


@pytest.mark.parametrize("waiting", [Status.NOT_STARTED, Status.MISSING])
def test_half_done_is_not_right_yet(waiting: Status) -> None:
    """Where some pieces pass and others weren't begun, the whole has failed so far."""
    assert results.overall([Status.PASSED, waiting]) is Status.FAILED


def test_result_is_complete_when_all_passed() -> None:
    """A result is complete if it has exercises and every one of them passed."""
    assert result_of(Status.PASSED, Status.PASSED).complete
    assert not result_of().complete


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PASSED])
def test_one_exercise_keeps_a_result_incomplete(status: Status) -> None:
    """One exercise that didn't pass, for whatever reason, makes a result incomplete."""
    assert not result_of(Status.PASSED, status).complete


# --- JSON -------------------------------------------------------------------------------------

KEYS = {
    "schema_version": int,
    "submission": str,
    "score": float,
    "max_score": float,
    "seed": int,
    "kit_version": str,
    "duration": float,
    "isolation": dict,
    "not_checked": list,
    "exercises": list,
    "origin": type(None),  # beyond the schema: whose it is, in a class
    "fingerprint": str,  # beyond the schema: what the grade depends on, in a class
}
EXERCISE_KEYS = {
    "id": str,
    "title": str,
    "status": str,
    "score": float,
    "max_score": float,
    "parts": list,
    "tests": list,
    "problem": str,  # beyond the schema: why the file could not be taken
}
PART_KEYS = {
    "name": str,
    "status": str,
    "score": float,
    "max_score": float,
    "diagnosis": dict,
    "mend_first": str,  # beyond the schema: the failing part that this one builds on
    "override": type(None),  # beyond the schema: an instructor's points, in a class
}
TEST_KEYS = {
    "id": str,
    "part": str,
    "title": str,
    "visibility": str,
    "status": str,
    "points": float,
    "earned": float,
    "message": str,
    "hint": str,
    "stdout": str,
    "duration": float,
}


def types_of(table: dict[str, Any]) -> dict[str, type]:
    """The keys of a JSON object, each with the type of its value."""
    return {key: type(value) for key, value in table.items()}


def test_json_has_the_promised_keys() -> None:
    """Every object in the JSON has exactly the keys of schema 1, with values of their types."""
    whole = json.loads(results.to_json(result_of(Status.FAILED)))
    exercise = whole["exercises"][0]
    part = exercise["parts"][0]
    assert types_of(whole) == KEYS
    assert types_of(exercise) == EXERCISE_KEYS
    assert types_of(part) == PART_KEYS
    assert types_of(exercise["tests"][0]) == TEST_KEYS
    assert types_of(part["diagnosis"]) == {"id": str, "say": str}
    assert types_of(whole["isolation"])["level"] is str


def test_part_without_diagnosis_says_null() -> None:
    """Where no known mistake fits, the key is there and holds null."""
    part = PartResult("step", Status.PASSED, 1.0, 1.0)
    assert json.loads(msgspec.json.encode(part))["diagnosis"] is None


def test_mistakes_that_cannot_be_told_apart_are_listed() -> None:
    """Where several known mistakes give the same answers, the others stand beside the named one."""
    told = json.loads(msgspec.json.encode(Diagnosis("a", "say", ("b",))))
    assert told == {"id": "a", "say": "say", "also": ["b"]}


def test_schema_version_is_one() -> None:
    """A reader can tell by `schema_version` what it has before it."""
    assert json.loads(results.to_json(result_of()))["schema_version"] == 1


def test_statuses_have_the_promised_words() -> None:
    """The words for how a test ended are these eight."""
    words = "passed failed not_started missing error timeout crashed violation"
    assert [str(status) for status in Status] == words.split()


@PROPERTY
@given(RESULTS)
def test_result_survives_its_json(result: Result) -> None:
    """A result read back from its JSON is the same result."""
    assert results.from_json(results.to_json(result)) == result


def test_json_ends_in_a_line_feed() -> None:
    """The JSON is a text file: indented lines, each ended."""
    text = results.to_json(result_of(Status.PASSED))
    assert text.endswith(b"}\n")
    assert text.count(b"\n") > 20


@PROPERTY
@given(st.lists(st.integers(0, 1000), max_size=50))
@example([10, 20])
def test_sum_is_written_with_two_decimals(hundredths: list[int]) -> None:
    """A sum of points shows two decimals at most in the JSON: never 0.30000000000000004."""
    points = results.summed(value / results.HUNDREDTHS for value in hundredths)
    assert len(msgspec.json.encode(points).partition(b".")[2]) <= 2


def without(key: str) -> bytes:
    """The JSON of a result without one of its keys."""
    table = json.loads(results.to_json(result_of(Status.PASSED)))
    del table[key]
    return json.dumps(table).encode()


def with_value(key: str, value: Any) -> bytes:
    """The JSON of a result with another value in the place of one."""
    table = json.loads(results.to_json(result_of(Status.PASSED)))
    return json.dumps({**table, key: value}).encode()


OTHERS = {
    "nothing": b"",
    "half of it": results.to_json(result_of(Status.PASSED))[:200],
    "an empty object": b"{}",
    "a list": b"[]",
    "null": b"null",
    "bytes": b"\xff\xfe",
    "a score as text": with_value("score", "10"),
    "no number": with_value("score", None),
    "no exercises": without("exercises"),
    "another schema": with_value("schema_version", 2),
    "an unknown status": results.to_json(result_of(Status.PASSED)).replace(b"passed", b"great"),
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_anything_else_is_no_result(text: bytes) -> None:
    """What isn't a whole result of schema 1 is refused, as a file that was half written."""
    with pytest.raises(results.NoResultError):
        results.from_json(text)
