"""Every situation of tests/attacks/, as one class: each gets the outcome written at its top.

A file of tests/attacks/ stands behind the solution of an exercise (ex01 where its docstring names
no other), and so takes the place of a part of it, or of the loading of the whole file. Those of
tests/attacks/intake/ have a function `build(folder, solution)` that makes what is handed in. The
docstring says, one a line:

    outcome     the status that the part must get; `denied` is `failed`, and all files of that kind
                answer rightly only where their attempt has worked; `intake`: nothing was taken
    says        words that the message of one of the part's tests must hold
    exercise    the exercise, and `part` the part that it is about, where these aren't the first
    at_most     the share of the points that it may earn where it is right in some way
    whole       yes: the file is the submission, without the solution before it
    needs       confinement: the outcome isn't promised at the level "process"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.results import Result
from grading.session import isolation
from grading.worker import confine
from tests.kit import hostile
from tests.kit.hostile import ATTACKS, FOLDER, SITUATIONS

STRONGEST = confine.strongest()
SHORTER = ("--time-factor", "0.25")
"""A quarter of the deadlines that students get."""

CONFINED = [path for path in ATTACKS if "needs" in hostile.expectation(path)]
"""Those whose outcome hangs on the confinement."""

UNCONFINED = [path for path in ATTACKS if path.parent.name in ("forging", "values")]
"""Those whose outcome a process of its own is enough for."""

ELSEWHERE = [
    (level, user)
    for level in isolation.LEVELS
    for user in ("this user", "an ordinary user")
    if (level, user) != (STRONGEST, "this user")
]
"""Where the whole class isn't graded: there these are cut into shares, and each grades one."""

SHARES = 5 * len(ELSEWHERE)
"""So many that a share takes some seconds; the benchmark grades those that are left."""

LAST = sorted(SITUATIONS, key=lambda path: path.parent.name == hostile.WAITING)
"""Those that wait are looked at when the others have been."""

EACH = pytest.mark.parametrize("situation", LAST, ids=hostile.name_of)
EACH_ATTACK = pytest.mark.parametrize("situation", ATTACKS, ids=hostile.name_of)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[hostile.Run]:
    """All situations as one class, as whoever runs the tests, shut in as far as there is.

    It is graded while the tests look at what is there already.
    """
    promised = [one for one in SITUATIONS if hostile.promised(one, STRONGEST)]
    run = hostile.Run(promised, tmp_path_factory.mktemp("whole"), STRONGEST, False, *SHORTER)
    yield run
    run.close()


def result_of(situation: Path, run: hostile.Run) -> Result:
    """The result of a situation; skips one that isn't promised, or can't be made, here."""
    if not hostile.promised(situation, STRONGEST):
        pytest.skip("not promised without confinement")
    if situation in run.left_out:
        pytest.skip("this system or user can't make it")
    return run.result(situation)


@EACH
def test_situation_gets_its_outcome(situation: Path, whole: hostile.Run) -> None:
    """The part gets the status that the situation must get, in words that say what happened."""
    assert not hostile.wrong_outcome(situation, result_of(situation, whole))


@EACH
def test_situation_earns_nothing_it_should_not(situation: Path, whole: hostile.Run) -> None:
    """Only a right answer earns the part; the odd test that a wrong one passes gives a tenth."""
    assert not hostile.rewarded(situation, result_of(situation, whole))


@EACH_ATTACK
def test_hidden_tests_tell_no_inputs(situation: Path, whole: hostile.Run) -> None:
    """What a student reads of a hidden test holds no number but the line that raised."""
    assert not hostile.told_of_hidden(situation, result_of(situation, whole))


@EACH
def test_messages_stay_short(situation: Path, whole: hostile.Run) -> None:
    """Whatever a submission says, a message stays one that can be read."""
    tests = hostile.exercise_result(situation, result_of(situation, whole)).tests
    assert max(len(test.message) for test in tests) < 20_000


def test_class_is_graded_without_a_fault(whole: hostile.Run) -> None:
    """Whatever it held, the batch ends with 0 and a result for everybody."""
    assert whole.ended.code == 0, whole.ended.said[-3000:]
    assert "Traceback" not in whole.ended.said
    assert len(whole.ended.results) + len(whole.left_out) == len(SITUATIONS)


def test_class_leaves_everything_as_it_was(whole: hostile.Run) -> None:
    """No file of others and of the kit changed, nobody was called, no process is left."""
    assert not whole.ended.side_effects


@pytest.mark.parametrize("kind", sorted({path.parent.name for path in SITUATIONS}))
def test_strangers_text_stays_text(kind: str, whole: hostile.Run) -> None:
    """In students' pages nothing of it runs, loads, leads anywhere, or steers a terminal."""
    assert whole.ended
    pages = [*whole.out.glob(f"*/students/*-{kind}.html")]
    assert pages
    assert not hostile.unescaped(pages)


def test_strangers_text_stays_text_in_reports(whole: hostile.Run) -> None:
    """Nor does it in the class's page and tables."""
    assert whole.ended
    tables = [*whole.out.glob("*/*.csv"), *whole.out.glob("*/tables/*.csv")]
    assert tables
    assert not hostile.unescaped([*whole.out.glob("*/report.html"), *tables])


def test_no_result_is_large(whole: hostile.Run) -> None:
    """Whatever it prints and says, a submission takes a megabyte or two of what is kept."""
    files = [*whole.out.glob("*/results/*.json"), *whole.out.glob("*/students/*.html")]
    sizes = {path.name: path.stat().st_size for path in files}
    assert not {name: size for name, size in sizes.items() if size > 3_000_000}


def test_flood_of_output_is_capped(whole: hostile.Run) -> None:
    """Twenty megabytes of printing are cut, and the cut is told."""
    flood = whole.ended.results["prints_a_flood-exhausting"]
    printed = next(test.stdout for test in flood.exercises[0].tests if test.stdout)
    assert len(printed) < 100_000
    assert "not kept" in printed


# --- at every level, as root and as an ordinary user ------------------------------------------


@pytest.mark.skipif(any(confine.tried().values()), reason="this machine hasn't all levels")
@pytest.mark.parametrize(("level", "user"), ELSEWHERE)
def test_every_level_keeps_what_it_promises(level: str, user: str, tmp_path: Path) -> None:
    """At each level, whoever grades, situations have their outcome.

    `python -m tests.benchmarks.attacks` grades all of them, in place of a share.
    """
    ordinary = user == "an ordinary user"
    share = ELSEWHERE.index((level, user))
    those = CONFINED if isolation.denies_strangers(level) else UNCONFINED
    chosen = [one for one in those if hostile.promised(one, level)][share::SHARES]
    run = hostile.grade(chosen, tmp_path, level, ordinary, *SHORTER)
    assert run.ended.code == 0, run.ended.said[-3000:]
    assert {result.isolation.level for result in run.ended.results.values()} <= {
        level,
        "not started",
    }
    assert not hostile.failures(chosen, run)
    assert not run.ended.side_effects


# --- the threat model -------------------------------------------------------------------------


def test_threat_model_names_every_file() -> None:
    """Each threat of the threat model names a file that tries it, and each file is named once."""
    told = re.findall(r"`(\w+/\w+\.py)`", (FOLDER / "README.md").read_text(encoding="utf-8"))
    files = sorted(f"{path.parent.name}/{path.name}" for path in SITUATIONS)
    assert sorted(name for name in told if not name.startswith("kit/")) == files
