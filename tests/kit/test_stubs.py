"""Proves that a stub is its solution without the answers, and that odd markers are told."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import catalog as catalogs
from grading.stubs import BEGIN, END, MarkerError, stub_of

PROPERTY = settings(max_examples=25, deadline=None)
CATALOG = catalogs.load()
BLANK = "raise NotImplementedError"

LINES = st.lists(st.text("ab #=():", max_size=12), max_size=4)
INDENTS = st.sampled_from(["", "    ", "        ", "\t"])


def lines(*text: str) -> str:
    """Lines, each with its line feed."""
    return "".join(f"{line}\n" for line in text)


def block(*answer: str, indent: str = "    ") -> str:
    """An answer between its markers."""
    return lines(*(f"{indent}{line}" for line in (BEGIN, *answer, END)))


@PROPERTY
@given(INDENTS, LINES, LINES, LINES)
def test_block_becomes_one_line(
    indent: str, before: list[str], answer: list[str], after: list[str]
) -> None:
    """Markers and answer give way to one line at their indentation; all else stays as it is."""
    solution = lines(*before) + block(*answer, indent=indent) + lines(*after)
    assert stub_of(solution, "a.py") == lines(*before, indent + BLANK, *after)


@PROPERTY
@given(st.lists(st.tuples(INDENTS, LINES, LINES), min_size=1, max_size=4))
def test_every_block_is_taken_for_itself(blocks: list[tuple[str, list[str], list[str]]]) -> None:
    """What stands between two blocks stays, however many there are."""
    solution = "".join(block(*answer, indent=i) + lines(*after) for i, answer, after in blocks)
    expected = "".join(lines(i + BLANK, *after) for i, _, after in blocks)
    assert stub_of(solution, "a.py") == expected


def test_methods_of_a_class_keep_their_heads() -> None:
    """In a class, each method's answer goes and its first line, docstring and TODO stay."""
    head = lines("class Net:", "    def __init__(self):", "        super().__init__()")
    method = lines("    def forward(self, x):", '        """Say what."""', "        # TODO: do it.")
    wide = "        "
    solution = head + block("self.a = 1", indent=wide) + method + block("return x", indent=wide)
    assert stub_of(solution, "a.py") == head + lines(wide + BLANK) + method + lines(wide + BLANK)


def test_answer_at_the_end_without_line_feed_is_taken() -> None:
    """A last marker that ends the file is a marker."""
    assert stub_of(block("x = 1").rstrip("\n"), "a.py") == f"    {BLANK}"


def test_empty_block_is_left_to_the_student() -> None:
    """Markers with nothing between them give a stub all the same."""
    assert stub_of(block(), "a.py") == lines(f"    {BLANK}")


def test_blanks_behind_a_marker_do_no_harm() -> None:
    """A marker with blanks behind it is a marker."""
    solution = lines(f"    {BEGIN}  ", "    x = 1", f"    {END}\t")
    assert stub_of(solution, "a.py") == lines(f"    {BLANK}")


FAULTS = {
    "no end": lines(f"    {BEGIN}", "    x = 1"),
    "no begin": lines("    x = 1", f"    {END}"),
    "end before begin": lines(f"    {END}", "    x = 1", f"    {BEGIN}"),
    "end indented further": lines(f"    {BEGIN}", "    x = 1", f"        {END}"),
    "end indented less": lines(f"    {BEGIN}", "    x = 1", f"{END}"),
    "tab against blanks": lines(f"    {BEGIN}", "    x = 1", f"\t{END}"),
    "begin twice": lines(f"    {BEGIN}", "    x = 1") + block("y = 2"),
    "end twice": block("x = 1") + lines(f"    {END}"),
    "begin behind code": lines(f"    x = 1  {BEGIN}", f"    {END}"),
    "end behind code": lines(f"    {BEGIN}", f"    x = 1  {END}"),
    "text behind the marker": lines(f"    {BEGIN} here", "    x = 1", f"    {END}"),
    "two signs for three": lines(f"    {BEGIN[1:]}", "    x = 1", f"    {END[1:]}"),
    "four signs for three": lines(f"    #{BEGIN}", "    x = 1", f"    #{END}"),
    "no end before the next function": (
        lines("def f():", f"    {BEGIN}", "    x = 1", "def g():") + block("y = 2")
    ),
    "an end of another indentation before the next function": (
        lines("def f():", f"    {BEGIN}", "    x = 1", f"  {END}", "def g():") + block("y = 2")
    ),
}


@pytest.mark.parametrize("solution", FAULTS.values(), ids=FAULTS.keys())
def test_markers_without_a_partner_are_told(solution: str) -> None:
    """Markers that don't pair up, alone on their lines and equally indented, are an error."""
    with pytest.raises(MarkerError, match=r"^odd\.py"):
        stub_of(solution, "odd.py")


@pytest.mark.parametrize("solution", ["", "x = 1\n", lines(f"    {BLANK}")])
def test_solution_without_a_block_is_told(solution: str) -> None:
    """A file without markers leaves nothing to the student: a stub is no solution."""
    with pytest.raises(MarkerError, match=r"odd\.py has no"):
        stub_of(solution, "odd.py")


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_committed_stub_is_python(exercise: catalogs.Exercise) -> None:
    """The stub of each solution parses, and holds each part by its name."""
    path = CATALOG.solution(exercise)
    tree = ast.parse(stub_of(path.read_text(encoding="utf-8"), path.name))
    assert set(exercise.by_name) <= {getattr(node, "name", "") for node in tree.body}


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_no_marker_is_left_in_a_stub(exercise: catalogs.Exercise) -> None:
    """A student's copy holds no marker, and one line to replace for each block."""
    path = CATALOG.solution(exercise)
    solution = path.read_text(encoding="utf-8")
    stub = stub_of(solution, path.name)
    assert "SOLUTION" not in stub
    assert stub.count(BLANK) == solution.count(BEGIN) + solution.count(BLANK)
