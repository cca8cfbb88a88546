"""The mutants of a solution: where they are, that no two are alike, and the list of right ones."""

import tomllib

import pytest

from grading import catalog as catalogs

pytest.importorskip("cosmic_ray", reason="mutants need the dev extra")
from tests.benchmarks import mutants

CATALOG = catalogs.load()
SOLUTION = '''"""An exercise with two parts."""

LIMIT = 1


def last(x: list[int] | None, back: int = 2) -> int:
    """The last of x."""
    ### BEGIN SOLUTION
    step: list[1] | int = 1  # 1 | 1
    return x[-step] if x is not None else back
    ### END SOLUTION


class Reader:
    """Reads."""

    def forward(self, x):
        """All but the first."""
        ### BEGIN SOLUTION
        return x[1:]
        ### END SOLUTION
'''


@pytest.fixture(scope="module")
def found() -> list[mutants.Mutant]:
    """The mutants of a small solution."""
    return mutants.mutants(SOLUTION)


def test_only_answers_are_changed(found: list[mutants.Mutant]) -> None:
    """A mutant differs from the solution in one line, and that stands between markers."""
    lines = SOLUTION.splitlines()
    for mutant in found:
        changed = zip(lines, mutant.source.splitlines(), strict=True)
        numbers = [number for number, (a, b) in enumerate(changed, start=1) if a != b]
        assert numbers == [mutant.number]
        assert numbers[0] in mutants.answer_lines(SOLUTION)
        assert lines[mutant.number - 1].strip() == mutant.before


def test_mutants_know_their_part(found: list[mutants.Mutant]) -> None:
    """Numbers, signs and comparisons of both parts are changed, and the part's name is kept."""
    changes = {mutant.part: set() for mutant in found}
    for mutant in found:
        changes[mutant.part].add(mutant.after)
    assert changes["Reader"] == {"return x[2:]", "return x[0:]"}
    assert "return x[+step] if x is not None else back" in changes["last"]
    assert "return x[-step] if x is None else back" in changes["last"]


def test_annotations_and_comments_stay(found: list[mutants.Mutant]) -> None:
    """A change that Python doesn't notice is no mutant."""
    values = {mutant.after for mutant in found if mutant.number == 9}
    assert values == {"step: list[1] | int = 2  # 1 | 1", "step: list[1] | int = 0  # 1 | 1"}


def test_each_mutant_but_once(found: list[mutants.Mutant]) -> None:
    """No two mutants are the same text, and none is the solution's."""
    sources = [mutant.source for mutant in found]
    assert len(set(sources)) == len(sources)
    assert SOLUTION not in sources


def test_listed_survivors_are_no_holes(found: list[mutants.Mutant]) -> None:
    """A survivor is a hole unless the list knows it; what the list knows must survive."""
    first, second, *_ = found
    outcome = mutants.Outcome(found, [first, second])
    gone = ("last", "a line", "that is no more")
    known = dict.fromkeys([first.change, found[-1].change, gone], "a reason")
    assert mutants.holes(outcome, known) == [second]
    assert mutants.outdated(outcome, known) == {
        found[-1].change: "a graded test refuses it",
        gone: "there is no such mutant",
    }
    printed = "\n".join(mutants.report("ex00", outcome, known))
    assert "2 survived (1 of them holes)" in printed
    assert f"-{second.before}\n    +{second.after}" in printed


def test_equivalent_mutants_are_well_formed() -> None:
    """Every entry names an exercise, a part and a line of its solution, and gives a reason."""
    text = mutants.EQUIVALENT.read_text(encoding="utf-8")
    for stem in tomllib.loads(text):
        exercise = CATALOG.find(stem)
        solution = CATALOG.solution(exercise).read_text(encoding="utf-8")
        lines = solution.splitlines()
        answers = {lines[number - 1].strip() for number in mutants.answer_lines(solution)}
        for (part, before, after), reason in mutants.equivalents(stem).items():
            assert part in exercise.by_name
            assert before in answers
            assert after != before
            assert reason
