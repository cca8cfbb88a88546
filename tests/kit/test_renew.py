"""What of a class is graded again and what is kept, with an executor that grades by hand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading import catalog as catalogs
from grading.classes import overrides, renew
from grading.classes.graders import OtherKitError, carry_out
from grading.classes.orders import Order, Setup
from grading.classes.overrides import OverridesError
from grading.classes.renew import Class, Summary
from grading.classes.store import Store
from grading.errors import GraderFault, Misused
from grading.intake import Submission
from grading.isolation import IsolationError
from grading.results import (
    ExerciseResult,
    Isolation,
    Origin,
    PartResult,
    Result,
    Status,
    TestResult,
    to_json,
)

CATALOG = catalogs.load()
EXERCISE = CATALOG.find("ex02")
SETUP = Setup((EXERCISE.stem,), seed=1)


@dataclass
class ByHand(Executor):
    """Grades at once: as many points for `final_state` as the source says; notes what it graded."""

    graded: list[str] = field(default_factory=list)
    status: Status = Status.FAILED

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Carry out an order of `renew`."""
        assert fn is carry_out
        order = msgspec.msgpack.decode(args[0], type=Order)
        self.graded.append(order.submission.name)
        future: Future[bytes] = Future()
        source = order.submission.sources.get(EXERCISE.stem, "0")
        if source == "fault":
            future.set_exception(GraderFault("a test was lost"))
        elif source == "unshut":
            future.set_exception(IsolationError("full was asked for, not reached"))
        elif source == "given up":
            future.set_exception(RuntimeError("3 workers died of it"))
        else:
            future.set_result(to_json(graded(order.submission.name, float(source), self.status)))
        return future


def graded(name: str, score: float, status: Status) -> Result:
    """A result of exercise 2 with these points for `final_state`."""
    status = Status.PASSED if score == 2 else status
    part = PartResult("final_state", status, score, 2.0)
    test = TestResult(
        *("test_one", "final_state", "A claim.", "visible", status, 2.0, score),
        message="",
        hint="",
        stdout="",
        duration=0.1,
    )
    exercise = ExerciseResult(EXERCISE.stem, "Title", status, score, 2.0, (part,), (test,))
    return Result(name, score, 2.0, 1, "1", 0.1, Isolation("full"), (), (exercise,))


@dataclass
class Entry:
    """A submission whose source is its points."""

    name: str
    source: str
    origin: Origin = field(default_factory=Origin)

    def read(self) -> Submission:
        """The source, as a file of exercise 2."""
        return Submission(self.name, {EXERCISE.stem: self.source})


class Room:
    """A class of Ada, who is right, and Ben, who isn't, and the folder of its results."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.store.results.mkdir()
        self.entries = {"ada": Entry("ada", "2"), "ben": Entry("ben", "0")}
        self.executor = ByHand()
        self.setup = SETUP
        self.given: dict[str, dict[str, Any]] = {}
        self.retry: frozenset[Status] = frozenset()
        self.pages: list[tuple[str, bool]] = []

    def run(self) -> Summary:
        """Grade what is new; `executor.graded` and `pages` are those of this run."""
        self.executor.graded.clear()
        self.pages.clear()
        klass = Class(self.setup, self.store, self.given, self.retry)
        return renew.run(
            self.entries.values(),
            klass,
            self.executor,
            lambda result, submission, changed: self.pages.append((result.submission, changed)),
        )

    def score(self, name: str) -> float:
        """The points that were kept."""
        result = self.store.read(name)
        assert result is not None
        return result.score


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A class that was graded once."""
    room = Room(tmp_path)
    summary = room.run()
    assert (summary.graded, summary.kept) == (2, 0)
    return room


def test_what_is_as_it_was_is_not_graded_again(room: Room) -> None:
    """A second run grades nothing, and no file is touched."""
    before = {path: path.stat().st_mtime_ns for path in room.store.results.iterdir()}
    summary = room.run()
    assert (room.executor.graded, summary.graded, summary.kept) == ([], 0, 2)
    assert before == {path: path.stat().st_mtime_ns for path in room.store.results.iterdir()}
    assert room.pages == [("ada", False), ("ben", False)]


def test_changed_submission_alone_is_graded_again(room: Room) -> None:
    """The other is kept, and it is told whose score changed, and why."""
    room.entries["ben"].source = "1.5"
    change = room.run().changes[0]
    assert room.executor.graded == ["ben"]
    assert (change.name, change.before, change.now) == ("ben", 0.0, 1.5)
    assert change.why == "what was read of the submission changed"
    assert change.parts == ("final_state 0 → 1.5",)


def test_part_that_is_newly_asked_for_and_earns_nothing_is_no_change(room: Room) -> None:
    """Among the parts whose points changed are none that had none and have none."""
    before = room.store.read("ben")
    assert before is not None
    other = msgspec.structs.replace(before, exercises=(), score=1.0, fingerprint="a-b-c")
    room.store.keep("ben", other)
    change = room.run().changes[0]
    assert (change.before, change.now, change.parts) == (1.0, 0.0, ())


@pytest.mark.parametrize(
    "asked",
    [
        {"seed": 2},
        {"time_factor": 2.0},
        {"visible_only": True},
        {"isolation": "landlock"},
        {"exercises": (EXERCISE.stem, "ex01_recurrence")},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_another_question_makes_all_results_old(room: Room, asked: dict[str, Any]) -> None:
    """Another seed, other limits, tests, exercises or isolation: everything is graded again."""
    room.setup = msgspec.structs.replace(SETUP, **asked)
    room.run()
    assert room.executor.graded == ["ada", "ben"]


def test_another_kit_makes_all_results_old(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed test, and everything is graded again; a score that changes names the kit."""
    monkeypatch.setattr("grading.kit.fingerprint", lambda: "another")
    room.entries["ben"].source = "0"
    room.executor.status = Status.ERROR
    room.run()
    assert room.executor.graded == ["ada", "ben"]


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_result_that_was_cut_counts_as_none(room: Room, cut: int) -> None:
    """What can't be read whole is graded again."""
    path = room.store.results / "ada.json"
    path.write_bytes(path.read_bytes()[:cut])
    room.run()
    assert room.executor.graded == ["ada"]
    assert room.score("ada") == 2


def test_retry_takes_only_the_status_that_is_named(room: Room) -> None:
    """What ended so is graded again, and nothing else."""
    room.entries["cyd"] = Entry("cyd", "1")
    room.executor.status = Status.TIMEOUT
    room.run()
    room.retry = frozenset({Status.TIMEOUT})
    room.run()
    assert room.executor.graded == ["cyd"]


def test_order_that_the_executor_gives_up_costs_no_other(room: Room) -> None:
    """What an executor raises of its own is told with the submission that it was about."""
    room.entries = {name: Entry(name, "given up" if name == "b" else "1") for name in "abc"}
    summary = room.run()
    assert summary.faults == {"b": "RuntimeError: 3 workers died of it"}
    assert (room.score("a"), room.score("c")) == (1, 1)


def test_fault_of_one_costs_no_other(room: Room) -> None:
    """The grader's own failure on one submission is told; it gets no result, the others do."""
    room.entries = {name: Entry(name, "fault" if name == "b" else "1") for name in "abc"}
    summary = room.run()
    assert summary.faults == {"b": "a test was lost"}
    assert summary.graded == 2
    assert room.store.read("b") is None
    assert (room.score("a"), room.score("c")) == (1, 1)


def test_level_that_cannot_be_had_ends_the_run(room: Room) -> None:
    """What would be the same for everybody is no submission's fault; results before it stay."""
    room.entries["carl"] = Entry("carl", "unshut")
    with pytest.raises(IsolationError, match="not reached"):
        room.run()
    assert room.score("ada") == 2


def test_kept_ones_are_told_of_as_they_come(room: Room) -> None:
    """Who watches hears of every submission, graded or kept."""
    heard: list[int] = []
    klass = Class(room.setup, room.store, room.given, room.retry)
    renew.run(room.entries.values(), klass, room.executor, told=lambda s: heard.append(s.kept))
    assert heard == [1, 2]


def test_fault_keeps_the_result_before(room: Room) -> None:
    """Nobody's points go for a failure of ours."""
    room.entries["ada"].source = "fault"
    room.run()
    assert room.score("ada") == 2


def test_late_mark_comes_without_grading(room: Room) -> None:
    """Whose it is and when it came is brought up to date in the result that is kept."""
    room.entries["ada"].origin = Origin(student="Ada L.", late=True, earlier=("first.py",))
    assert room.run().graded == 0
    kept = room.store.read("ada")
    assert kept is not None
    assert kept.origin == Origin(student="Ada L.", late=True, earlier=("first.py",))
    assert room.pages == [("ada", True), ("ben", False)]


def test_order_of_another_kit_is_refused() -> None:
    """A process with another version of the kit grades nothing: misuse, with words."""
    order = Order("an older kit", SETUP, Submission("ada", {}))
    with pytest.raises(OtherKitError, match="install the same version") as refused:
        carry_out(msgspec.msgpack.encode(order))
    assert isinstance(refused.value, Misused)


# --- overrides --------------------------------------------------------------------------------


def override(room: Room, *rows: str, names: tuple[str, ...] = ("ada", "ben")) -> None:
    """Give the class these lines of overrides.csv."""
    path = room.store.folder / overrides.NAME
    path.write_text("\n".join(["submission,part,points,reason", *rows]) + "\n", encoding="utf-8")
    given = overrides.read(path, CATALOG)
    overrides.check_names(given, names, room.store.folder)
    room.given = {name: dict(parts) for name, parts in given.items()}


def test_override_counts_and_keeps_what_the_tests_gave(room: Room) -> None:
    """The instructor's points count; the result says what the tests gave, and the reason."""
    override(room, "ben,final_state,1.5,explained it at the board")
    summary = room.run()
    kept = room.store.read("ben")
    assert kept is not None
    part = kept.exercises[0].parts[0]
    assert (summary.graded, kept.score, kept.exercises[0].score, part.score) == (0, 1.5, 1.5, 1.5)
    assert part.override is not None
    assert (part.override.graded, part.override.reason) == (0.0, "explained it at the board")
    assert part.status is Status.FAILED
    assert summary.changes[0].why == "overridden"


@pytest.mark.parametrize("part", ["final_state", "ex02/final_state", "ex02_torch_rnn/final_state"])
def test_part_may_be_named_with_its_exercise(room: Room, part: str) -> None:
    """A part alone is enough, as no two exercises share a name."""
    override(room, f"ben,{part},1,reason")
    room.run()
    assert room.score("ben") == 1


def test_override_survives_a_regrade(room: Room) -> None:
    """Graded anew, the points that the tests give change; the instructor's stay."""
    override(room, "ben,final_state,1.5,reason")
    room.run()
    room.entries["ben"].source = "0.5"
    room.run()
    kept = room.store.read("ben")
    assert kept is not None
    assert kept.score == 1.5
    assert kept.exercises[0].parts[0].override is not None
    assert kept.exercises[0].parts[0].override.graded == 0.5


def test_override_that_is_taken_back_leaves_what_the_tests_gave(room: Room) -> None:
    """Without its line, the points of the tests count again."""
    override(room, "ben,final_state,1.5,reason")
    room.run()
    override(room)
    assert room.run().changes[0].why == "an override was taken back"
    assert room.score("ben") == 0


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("ben,final_state,3,too much", "has 0 to 2 points, not 3"),
        ("ben,final_state,-1,too little", "has 0 to 2 points, not -1"),
        ("ben,final_state,many,reason", "'many' is no number"),
        ("ben,final_state,nan,reason", "'nan' is no number"),
        ("ben,final_state,inf,reason", "'inf' is no number"),
        ("ben,no_part,1,reason", "there is no part 'no_part'"),
        ("ben,ex01/final_state,1,reason", "there is no part 'ex01/final_state'"),
        ("ben,final_state,1,", "needs a reason"),
        ("ben,final_state", "has not 4 columns"),
        ("ben,final_state,1,a reason, with a comma", "has not 4 columns"),
        ("nobody,final_state,1,reason", "there is no submission 'nobody'"),
        ("ben,final_state,1,a\nben,final_state,2,b", "a second override of final_state"),
        pytest.param(f"ben,final_state,1,{'a' * 200_000}", "field larger than", id="a long reason"),
    ],
)
def test_wrong_override_is_told_with_its_place(room: Room, row: str, says: str) -> None:
    """The file, the line where there is one, and what is wrong with it."""
    with pytest.raises(OverridesError, match=r"overrides\.csv") as told:
        override(room, row)
    assert says in str(told.value)


@pytest.mark.parametrize("content", [None, b"submission,part,points,reason\nb\xe9n,a,1,b\n"])
def test_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    """A folder of that name, or bytes that are no text, are told with their path."""
    path = tmp_path / overrides.NAME
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(OverridesError, match=r"overrides\.csv can't be read: "):
        overrides.read(path, CATALOG)


def test_file_with_other_columns_is_told(tmp_path: Path) -> None:
    """The first line must name the four columns."""
    (tmp_path / overrides.NAME).write_text("student;points\n", encoding="utf-8")
    with pytest.raises(OverridesError, match="must read: submission,part,points,reason"):
        overrides.read(tmp_path / overrides.NAME, CATALOG)


def test_byte_order_mark_and_spaces_are_taken(tmp_path: Path) -> None:
    """As a spreadsheet saves it."""
    text = "\ufeffsubmission,part,points,reason\r\nben, final_state, 1, said so\r\n"
    (tmp_path / overrides.NAME).write_bytes(text.encode())
    given = overrides.read(tmp_path / overrides.NAME, CATALOG)
    assert given["ben"][f"{EXERCISE.stem}/final_state"].reason == "said so"
