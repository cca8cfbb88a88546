"""What `verify` found, on the screen: counts, faults, and the kill matrix on request."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from grading.counting import counted
from grading.proof.verify import KINDS, Proof

_CLAIMS = {
    "solution": "solutions, which must earn full marks",
    "stub": "stubs, which must earn nothing and be told apart as not started",
    "misconception": "wrong answers, each of which must lose points in its part alone",
    "alternative": "right answers in other styles, which must earn full marks",
    "trivial": "answers that know nothing, which may earn a tenth of a part",
}


def show(proof: Proof, console: Console, matrix: bool) -> None:
    """Print what was tried, what is wrong, and the matrix where it is asked for."""
    if matrix:
        for stem in sorted(proof.kills):
            _show_matrix(proof, stem, console)
    for kind in KINDS:
        console.print(f"  {proof.tried[kind]:>4}  {_CLAIMS[kind]}")
    tests = sum(map(len, proof.tests.values()))
    console.print(f"  {tests:>4}  graded tests, each of which must catch something")
    for fault in proof.faults:
        console.print(Text.assemble(("  ✗ ", "red"), (fault.where, "bold"), f" {fault.what}"))
    if proof.faults:
        console.print(Text(f"{counted(len(proof.faults), 'fault')}.", "bold red"))
    else:
        console.print(Text("All as it must be.", "bold green"))


def _show_matrix(proof: Proof, stem: str, console: Console) -> None:
    """Rows are misconceptions, columns tests in the order of the legend; ● is a catch."""
    tests = proof.tests.get(stem, [])
    console.print(Text(f"\n{stem}", "bold"))
    for number, test in enumerate(tests, start=1):
        folder = test.split("/")[-2][0]
        console.print(Text(f"  {number:>2} {folder} {test.rpartition('::')[2]}"))
    ruler = "".join(str(number % 10) for number in range(1, len(tests) + 1))
    console.print(Text(f"  {ruler}", "dim"))
    for name, caught in proof.kills[stem].items():
        row = "".join("●" if test in caught else "·" for test in tests)
        console.print(Text(f"  {row}  {name}"))
