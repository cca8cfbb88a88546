"""What `verify` says of a kit whose answers don't get the grades that their kinds must get."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from grading import catalog as catalogs
from grading.catalog import Catalog
from grading.errors import GraderFault
from grading.judging.known import Known, Numbers
from grading.proof import learn, verify
from grading.proof.inventory import Fault
from grading.proof.verify import Proof
from grading.report import proof as proof_report
from grading.session.isolation import IsolationError
from grading.session.starters import ForkServer
from grading.session.transport import Across
from tests.kit import tiny
from tests.kit.edits import append, rewrite
from tests.kit.tiny import only


@pytest.fixture(scope="module")
def spoiled(server: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """The proof of a kit with a test of nothing, no right answers, and muddled numbers."""
    kit = tiny.tiny(tmp_path_factory.mktemp("verify") / "kit")
    exercise = only(kit)
    append(tiny.visible(kit), tiny.claim("double", "test_of_nothing", "pass"))
    kit.answers(exercise, "alternatives").unlink()
    path = tiny.with_probes(kit)
    path.write_bytes(muddled(learn.learn(kit, exercise, server)))
    return verify.verify(catalogs.load(kit.home), (exercise,), server, seed=1)


def muddled(content: bytes) -> bytes:
    """Numbers in which `more` and `square` are swapped, and nobody gives those of `half`."""
    numbers = msgspec.msgpack.decode(content, type=Numbers)
    part = numbers.parts["double"]
    notes = {known.id: known.notes for known in part.known}
    notes |= {"more": notes["square"], "square": notes["more"], "half": ()}
    known = tuple(Known(mistake.id, mistake.say, notes[mistake.id]) for mistake in part.known)
    parts = numbers.parts | {"double": msgspec.structs.replace(part, known=known)}
    return msgspec.msgpack.encode(msgspec.structs.replace(numbers, parts=parts))


def lines(proof: Proof) -> list[str]:
    """The faults, each as one line, without the stem of the exercise."""
    (stem,) = proof.tests
    return faults(proof, stem)


def faults(proof: Proof, stem: str) -> list[str]:
    """The faults, each as one line, without this stem."""
    return [f"{fault.where} {fault.what}".replace(stem, "ex") for fault in proof.faults]


def proved(kit: Catalog, server: ForkServer) -> Proof:
    """The proof of a kit as it stands now."""
    catalog = catalogs.load(kit.home)
    return verify.verify(catalog, catalog.exercises, server, seed=1)


def test_kit_in_order_is_proved(server: ForkServer, tmp_path: Path) -> None:
    """Where every answer gets what its kind must get, no fault is found, and all were tried."""
    kit = tiny.tiny(tmp_path / "kit")
    heard: list[tuple[int, int]] = []
    proof = verify.verify(kit, kit.exercises, server, 1, lambda done, of: heard.append((done, of)))
    assert proof.faults == []
    assert proof.tried == {
        "solution": 1,
        "stub": 1,
        "misconception": 8,
        "alternative": 4,
        "trivial": 10,
    }
    assert heard == [(done, 24) for done in range(1, 25)]


@pytest.mark.parametrize(
    "fault",
    [
        "tests/alternatives/ex.py has 0 for double; at least 2 are needed",
        "stub ex is untouched, but tests/visible/test_ex.py::test_of_nothing says passed",
        "misconception ex/double/half is called nothing by diagnosis",
        "misconception ex/double/more is called square by diagnosis",
        "misconception ex/double/square is called more by diagnosis",
        "trivial ex/double/none knows nothing, but earns 0.8 of 4.0: test_of_nothing",
        "tests/visible/test_ex.py::test_of_nothing kills nothing: no misconception fails it",
    ],
)
def test_answer_with_another_grade_is_a_fault(spoiled: Proof, fault: str) -> None:
    """A stub that begins, a mistake by another's name, points for no knowledge: each is told."""
    assert fault in lines(spoiled)


@pytest.mark.parametrize("name", ["double/same", "quadruple/once"])
def test_known_mistake_called_by_its_name_is_no_fault(spoiled: Proof, name: str) -> None:
    """Where diagnosis knows a mistake and names it rightly, nothing is told."""
    assert tuple(name.split("/")[1:]) in {known[1:] for known in spoiled.known}
    assert not [line for line in lines(spoiled) if f"misconception ex/{name}" in line]


# --- solutions that are none ----------------------------------------------------------------------


def test_solution_that_lacks_a_part_is_a_fault(kit: Catalog, server: ForkServer) -> None:
    """The solution is graded in every part, those too which it doesn't have."""
    rewrite(kit.solution(only(kit)), "def quadruple", "def quadrupel")
    told = "solution ex is right, but tests/visible/test_ex.py::test_quadruple_3 says missing"
    assert any(line.startswith(told) for line in faults(proved(kit, server), only(kit).stem))


def test_solution_that_python_cannot_read_is_told_with_its_line(
    kit: Catalog, server: ForkServer
) -> None:
    """A syntax error is the one fault of its exercise, of which nothing is graded."""
    rewrite(kit.solution(only(kit)), "return x + x", "return x +")
    proof = proved(kit, server)
    assert faults(proof, only(kit).stem) == ["solutions/ex.py:10 is no Python: invalid syntax"]
    assert not proof.tried


def test_tool_that_torch_lacks_is_the_one_fault(kit: Catalog, server: ForkServer) -> None:
    """Where no worker could look for what a part does without, no answer is blamed for it."""
    data = kit.home / "tests/visible" / f"{only(kit).stem}.toml"
    append(data, 'by_hand = ["torch.nn.RMN"]\n')
    assert faults(proved(kit, server), only(kit).stem) == [
        "tests/visible/ex.toml quadruple does without torch.nn.RMN, which torch doesn't have"
    ]


# --- tests as they are collected ------------------------------------------------------------------

COUNTED: dict[str, tuple[Callable[[Catalog], object], str]] = {
    "visible": (
        lambda kit: rewrite(tiny.visible(kit), 'part("double"', 'part("quadruple"'),
        "tests/visible/test_ex.py has 1 test of double; 2 are needed",
    ),
    "hidden": (
        lambda kit: rewrite(kit.tests(only(kit))[1], 'part("quadruple"', 'part("double"'),
        "tests/hidden/test_ex.py has 1 test of quadruple; 2 are needed",
    ),
    "two of one name": (
        lambda kit: rewrite(tiny.visible(kit), "def test_double_5(", "def test_double_3("),
        "tests/visible/test_ex.py has 1 test of double; 2 are needed",
    ),
    "a mark in a comment": (
        lambda kit: rewrite(
            tiny.visible(kit), 'part("double")', 'part("quadruple")  # mark.part("double")'
        ),
        "tests/visible/test_ex.py has 1 test of double; 2 are needed",
    ),
    "a part without tests": (
        lambda kit: append(
            kit.home / "tests/visible" / f"{only(kit).stem}.toml",
            '[parts.triple]\npoints = 1\nhints = ["a", "b", "c"]\n',
        ),
        "ex no test was collected for triple",
    ),
    "no test at all": (
        lambda kit: [path.write_text("") for path in kit.tests(only(kit))],
        "tests hold no graded test",
    ),
}


@pytest.mark.parametrize(("spoil", "told"), COUNTED.values(), ids=COUNTED.keys())
def test_tests_are_counted_as_they_are_collected(
    kit: Catalog, server: ForkServer, spoil: Callable[[Catalog], object], told: str
) -> None:
    """Each part has enough tests that pytest sees, in each of the two files."""
    spoil(kit)
    assert told in faults(proved(kit, server), only(kit).stem)


def test_exercise_without_files_of_tests_is_not_graded(kit: Catalog, server: ForkServer) -> None:
    """Where neither file is there, both are told, and no other test is run in their place."""
    for path in kit.tests(only(kit)):
        path.unlink()
    assert faults(proved(kit, server), only(kit).stem) == [
        "tests/visible/test_ex.py is not there",
        "tests/hidden/test_ex.py is not there",
    ]


# --- mistakes of a test's author ------------------------------------------------------------------

MARK = '@pytest.mark.part("double")\n'
CASES = "from grading.testing.draws import cases\n"
NEEDS_PART = "tests/visible/test_ex.py::test_a needs @pytest.mark.part(…) with one of: "


def a_test(marks: str, line: str = "student.double(2)", asks: str = "student") -> str:
    """A test under these marks, of one line."""
    return f'{marks}def test_a({asks}):\n    """A claim."""\n    {line}\n'


MISTAKES: dict[str, tuple[str, str]] = {
    "no mark": (a_test(""), f"{NEEDS_PART}double, quadruple"),
    "another part": (a_test('@pytest.mark.part("triple")\n'), f"{NEEDS_PART}double, quadruple"),
    "a size that no case has": (
        a_test(f'{CASES}{MARK}@cases("B")\n', "student.double(case.Q)", "student, case"),
        "tests/visible/test_ex.py:35 test_a can't be run: AttributeError: this case has no size Q",
    ),
    "a name that is nowhere": (
        a_test(MARK, "student.double(argumets(2))"),
        "tests/visible/test_ex.py:33 test_a can't be run: "
        "NameError: name 'argumets' is not defined",
    ),
    "a fixture that is nowhere": (
        a_test(MARK, asks="student, case"),
        "tests/visible/test_ex.py:30 test_a can't be run: fixture 'case' not found",
    ),
    "a syntax error": (
        "def (\n",
        "tests/visible/test_ex.py:30 can't be collected: SyntaxError: invalid syntax",
    ),
    "an import of nothing": (
        "from grading.testing.checks import closee\n",
        "tests/visible/test_ex.py:30 can't be collected: "
        "ImportError: cannot import name 'closee' from 'grading.testing.checks'",
    ),
}


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_in_a_test_is_a_fault_of_the_kit(
    kit: Catalog, server: ForkServer, text: str, told: str
) -> None:
    """It is told once, in one sentence with its place, and is no failure of the grader."""
    append(tiny.visible(kit), text)
    (line,) = faults(proved(kit, server), only(kit).stem)
    assert line.startswith(told)
    assert "\n" not in line


def test_failure_of_the_grader_stays_one(
    kit: Catalog, server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test whose line comes to a failing part of the grader is not to blame for it."""

    def unshut(*_: object) -> None:
        raise IsolationError("not shut in")

    monkeypatch.setattr(Across, "_shut_in", unshut)
    with pytest.raises(GraderFault, match="not shut in"):
        proved(kit, server)


# --- slips in wrong answers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("return x / 2", "return y / 2", "NameError: name 'y' is not defined"),
        ("def half(x)", "def half(x=y)", "can't be loaded: NameError: name 'y' is not defined"),
    ],
    ids=["when it is called", "when it is loaded"],
)
def test_wrong_answer_with_a_slip_of_its_author_is_a_fault(
    kit: Catalog, server: ForkServer, old: str, new: str, says: str
) -> None:
    """An answer that raises for a name that is nowhere fails any test, and so proves none."""
    rewrite(kit.answers(only(kit), "misconceptions"), old, new)
    (line,) = faults(proved(kit, server), only(kit).stem)
    told = "misconception ex/double/half has a slip of its author's, and so fails any test: "
    assert line == told + says


# --- what is printed ------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "told"), [(1, "1 fault."), (2, "2 faults.")])
def test_faults_are_counted_in_good_english(count: int, told: str) -> None:
    """One fault is no "faults"."""
    proof = Proof()
    proof.note(Fault("somewhere", f"is wrong {number} times") for number in range(count))
    assert shown(proof).splitlines()[-1] == told


def test_matrix_shows_names_as_they_are() -> None:
    """The brackets of a test's parameters are no markup."""
    test = "tests/visible/test_ex01.py::test_sum[bold]"
    proof = Proof(tests={"ex01": [test]}, kills={"ex01": {"off": {test}}})
    assert "test_sum[bold]" in shown(proof, matrix=True)


def shown(proof: Proof, matrix: bool = False) -> str:
    """What the screen says of a proof."""
    said = StringIO()
    proof_report.show(proof, Console(file=said, width=200), matrix)
    return said.getvalue()
