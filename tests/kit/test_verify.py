"""What `verify` says of a kit whose answers don't get the grades that their kinds must get."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from grading import catalog as catalogs
from grading import diagnose, verify
from grading.diagnose import Known, Numbers
from grading.starters import ForkServer
from grading.verify import Proof
from tests.kit import tiny
from tests.kit.edits import append
from tests.kit.tiny import only


@pytest.fixture(scope="module")
def spoiled(server: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """The proof of a kit with a test of nothing, no right answers, and muddled numbers."""
    kit = tiny.tiny(tmp_path_factory.mktemp("verify") / "kit")
    exercise = only(kit)
    append(tiny.visible(kit), tiny.claim("double", "test_of_nothing", "pass"))
    kit.answers(exercise, "alternatives").unlink()
    path = tiny.with_probes(kit)
    path.write_bytes(muddled(diagnose.learn(kit, exercise, server)))
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
    return [f"{fault.where} {fault.what}".replace(stem, "ex") for fault in proof.faults]


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
        "trivial": 6,
    }
    assert heard == [(done, 20) for done in range(1, 21)]


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
