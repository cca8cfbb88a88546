"""What of a class is graded again and what is kept, with an executor that grades by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading import catalog as catalogs
from grading.classes import renew
from grading.classes.carrying import OtherKitError, carry_out
from grading.classes.orders import Order, Setup
from grading.classes.renew import Change, Listeners, Plan, Summary
from grading.classes.store import Store
from grading.errors import DiskFullError, GraderFault, Misused
from grading.handed_in.intake import Submission
from grading.report import override_sheet
from grading.report.changes import Changes
from grading.report.override_sheet import OverridesError
from grading.results import (
    ExerciseResult,
    Isolation,
    Origin,
    Override,
    PartResult,
    Result,
    Status,
    TestResult,
    to_json,
)
from grading.session.isolation import IsolationError

CATALOG = catalogs.load()
EXERCISE = CATALOG.find("ex02")
SETUP = Setup((EXERCISE.stem,), seed="1")


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
        if self.source == "unread":
            raise LookupError("nobody thought of this")
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
        plan = Plan(self.setup, self.store, self.given, self.retry)
        changes = Changes(self.store.folder / "changes.csv")
        listeners = Listeners(
            lambda result, submission, changed: self.pages.append((result.submission, changed)),
            changes.add,
        )
        return renew.run(self.entries.values(), plan, self.executor, listeners)

    def changes(self) -> list[str]:
        """Whose change stands in changes.csv, line by line, with the scores."""
        text = (self.store.folder / "changes.csv").read_text(encoding="utf-8")
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        return [f"{row['submission']} {row['before']} {row['now']}" for row in rows]

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
        {"seed": "2"},
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


def test_entry_that_can_not_be_read_costs_no_other(room: Room) -> None:
    """Where reading a submission fails as nobody thought of, it is told, and the others count."""
    room.entries = {name: Entry(name, "unread" if name == "b" else "1") for name in "abc"}
    summary = room.run()
    assert summary.faults == {"b": "it could not be read: LookupError: nobody thought of this"}
    assert (room.score("a"), room.score("c"), summary.done) == (1, 1, 3)


def test_level_that_cannot_be_had_ends_the_run(room: Room) -> None:
    """What would be the same for everybody is no submission's fault; results before it stay."""
    room.entries["carl"] = Entry("carl", "unshut")
    with pytest.raises(IsolationError, match="not reached"):
        room.run()
    assert room.score("ada") == 2


def test_kept_ones_are_told_of_as_they_come(room: Room) -> None:
    """Who watches hears of every submission, graded or kept."""
    heard: list[int] = []
    plan = Plan(room.setup, room.store, room.given, room.retry)
    listeners = Listeners(progress=lambda summary: heard.append(summary.kept))
    renew.run(room.entries.values(), plan, room.executor, listeners)
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


# --- what changed -----------------------------------------------------------------------------


def test_other_exercises_alone_are_the_reason(room: Room) -> None:
    """Where others were asked for, other files are read: the student's work isn't named."""
    before = room.store.read("ada")
    assert before is not None
    other = msgspec.structs.replace(before.exercises[0], id="ex01_recurrence")
    both = (*before.exercises, other)
    wide = msgspec.structs.replace(before, exercises=both, score=4.0, max_score=4.0)
    _, _, kit = before.fingerprint.split("-")
    room.store.keep("ada", msgspec.structs.replace(wide, fingerprint=f"a-b-{kit}"))
    (change,) = room.run().changes
    assert change.why == "what was asked (exercises, seed, limits, isolation) changed"
    assert (change.before, change.max_before) == (4.0, 4.0)
    assert (change.now, change.max_now, change.parts) == (2.0, 2.0, ())


def test_points_of_other_full_marks_are_a_change(room: Room) -> None:
    """As many points as before are told where full marks were others; no points are not."""
    for name in ("ada", "ben"):
        before = room.store.read(name)
        assert before is not None
        wide = msgspec.structs.replace(before, max_score=4.0, fingerprint="a-b-c")
        room.store.keep(name, wide)
    changes = room.run().changes
    assert [(c.name, c.max_before, c.max_now) for c in changes] == [("ada", 4.0, 2.0)]


def test_grading_once_more_is_the_reason_where_nothing_else_is(room: Room) -> None:
    """What --retry grades again may end otherwise: no override is named for it."""
    room.executor.status = Status.TIMEOUT
    room.entries["cyd"] = Entry("cyd", "1")
    room.run()
    kept = room.store.read("cyd")
    assert kept is not None
    room.store.keep("cyd", msgspec.structs.replace(kept, score=0.5))
    room.retry = frozenset({Status.TIMEOUT})
    assert [change.why for change in room.run().changes] == ["graded again"]


class Stopped(ByHand):
    """Grades by hand until it comes to somebody, and ends there as Ctrl-C would."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Carry out an order of `renew`."""
        order = msgspec.msgpack.decode(args[0], type=Order)
        if order.submission.name == self.at:
            raise KeyboardInterrupt
        return super().submit(fn, *args, **kwargs)


def test_no_change_is_lost_or_told_twice_where_a_regrade_is_interrupted(room: Room) -> None:
    """What was kept before it ended and what came after it stand in changes.csv, once each."""
    room.entries = {name: Entry(name, "1") for name in ("ada", "ben", "c", "d", "e", "f")}
    room.executor = Stopped("e")
    with pytest.raises(KeyboardInterrupt):
        room.run()
    assert len(room.changes()) == 2
    room.executor = ByHand()
    room.run()
    room.run()
    assert sorted(room.changes()) == ["ada 2.0 1.0", "ben 0.0 1.0"]


def test_change_whose_result_was_not_kept_any_more_is_told_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended between the line and the result, the next run finds the same change again."""

    def full(name: str, result: Result) -> None:
        raise DiskFullError("no room")

    room.entries["ben"].source = "1"
    with monkeypatch.context() as patched:
        patched.setattr(room.store, "keep", full)
        with pytest.raises(DiskFullError):
            room.run()
    assert [change.name for change in room.run().changes] == ["ben"]
    assert room.changes() == ["ben 0.0 1.0"]


def test_run_without_a_change_leaves_those_before(room: Room) -> None:
    """An overrides-only run adds its own; one in which nothing changed adds none."""
    room.entries["ben"].source = "1"
    room.run()
    override(room, "ben,final_state,1.5,reason")
    room.run()
    room.run()
    assert room.changes() == ["ben 0.0 1.0", "ben 1.0 1.5"]


def test_line_that_was_cut_off_is_taken_back(room: Room) -> None:
    """On a full disk the last line may have no end: the next run writes it anew."""
    path = room.store.folder / "changes.csv"
    changes = Changes(path)
    for name in ("ada", "ben"):
        changes.add(Change(name, 0.0, 2.0, 1.0, 2.0, "the kit changed", ("a 0 → 1", "b 0 → 0")))
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex("→".encode()) + 1])
    Changes(path).add(Change("ben", 0.0, 2.0, 1.0, 2.0, "the kit changed", ()))
    assert room.changes() == ["ada 0.0 1.0", "ben 0.0 1.0"]


def test_whole_line_without_a_line_feed_is_kept(room: Room) -> None:
    """Where a last line has all it needs but its end, none is lost, and the next has its own."""
    path = room.store.folder / "changes.csv"
    changes = Changes(path)
    for name in ("ada", "ben"):
        changes.add(Change(name, 0.0, 2.0, 1.0, 2.0, "the kit changed", ("a 0 → 1",)))
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    Changes(path).add(Change("cid", 0.0, 2.0, 1.0, 2.0, "the kit changed", ()))
    assert room.changes() == ["ada 0.0 1.0", "ben 0.0 1.0", "cid 0.0 1.0"]


# --- overrides --------------------------------------------------------------------------------


def override(room: Room, *rows: str, names: tuple[str, ...] = ("ada", "ben")) -> None:
    """Give the class these lines of overrides.csv."""
    path = room.store.folder / override_sheet.NAME
    path.write_text("\n".join(["submission,part,points,reason", *rows]) + "\n", encoding="utf-8")
    room.given = override_sheet.read(path, CATALOG, names)


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
        ("ben,final_state,-1,too little", "'-1' is no number"),
        ("ben,final_state,many,reason", "'many' is no number"),
        ("ben,final_state,nan,reason", "'nan' is no number"),
        ("ben,final_state,inf,reason", "'inf' is no number"),
        ("ben,no_part,1,reason", "there is no part 'no_part'"),
        ("ben,ex01/final_state,1,reason", "there is no part 'ex01/final_state'"),
        ("ben,final_state,1,", "needs a reason"),
        ("ben,final_state", "has not 4 columns"),
        ("ben,final_state,1,a reason, with a comma", "has not 4 columns"),
        ("ben,finalstate,1,reason", "no part 'finalstate'; near it: final_state"),
        ("nobody,final_state,1,reason", "overrides.csv:2: there is no submission 'nobody'"),
        ("bem,final_state,1,reason", "there is no submission 'bem'; near it: ben"),
        ("ben,final_state,1,a\nben,final_state,2,b", "a second override of final_state"),
        pytest.param(f"ben,final_state,1,{'a' * 200_000}", "field larger than", id="a long reason"),
    ],
)
def test_wrong_override_is_told_with_its_place(room: Room, row: str, says: str) -> None:
    """The file, the line where there is one, and what is wrong with it."""
    with pytest.raises(OverridesError, match=r"overrides\.csv") as told:
        override(room, row)
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "it can't be read: Is a directory"),
        (b"submission,part,points,reason\nb\xe9n,a,1,b\n", "save it as CSV UTF-8"),
    ],
    ids=["folder", "cp1252"],
)
def test_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, says: str) -> None:
    """A folder of that name, and what a spreadsheet saves in another encoding, are told."""
    path = tmp_path / override_sheet.NAME
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(OverridesError, match=rf"overrides\.csv: .*{says}"):
        override_sheet.read(path, CATALOG, ["ben"])


def test_all_wrong_lines_are_told_at_once(room: Room) -> None:
    """Each with the number that an editor shows, also below a reason of two lines."""
    rows = ("bem,final_state,1,reason", 'ben,final_state,1,"two\nlines"', "ben,final_state,x,y")
    with pytest.raises(OverridesError) as told:
        override(room, *rows)
    where = [line.split(": ")[0].rpartition(":")[2] for line in str(told.value).splitlines()]
    assert where == ["2", "5"]


def test_no_more_wrong_lines_are_told_than_one_reads(room: Room) -> None:
    """Of a file in which every line is wrong, the first ones are told, and how many more."""
    with pytest.raises(OverridesError, match="and 30 lines more"):
        override(room, *["bem,final_state,1,reason"] * 50)


def test_file_of_a_european_spreadsheet_is_taken(tmp_path: Path) -> None:
    """Semicolons, a decimal comma, a byte order mark, and rows that are empty."""
    text = (
        "\ufeffSubmission;part;points;reason\r\n;;;\r\nben;final_state;1,25;said, so\r\n;;;\r\n\r\n"
    )
    (tmp_path / override_sheet.NAME).write_bytes(text.encode())
    given = override_sheet.read(tmp_path / override_sheet.NAME, CATALOG, ["ben"])
    assert given["ben"][f"{EXERCISE.stem}/final_state"] == Override(1.25, 0.0, "said, so")


def test_file_with_other_columns_is_told(tmp_path: Path) -> None:
    """The first line must name the four columns."""
    (tmp_path / override_sheet.NAME).write_text("student;points\n", encoding="utf-8")
    with pytest.raises(OverridesError, match="must read: submission,part,points,reason"):
        override_sheet.read(tmp_path / override_sheet.NAME, CATALOG, ["ben"])


def test_byte_order_mark_and_spaces_are_taken(tmp_path: Path) -> None:
    """As a spreadsheet saves it, with an empty column at the end."""
    text = "\ufeffsubmission,part,points,reason,\r\nben, final_state, 1, said so,\r\n"
    (tmp_path / override_sheet.NAME).write_bytes(text.encode())
    given = override_sheet.read(tmp_path / override_sheet.NAME, CATALOG, ["ben"])
    assert given["ben"][f"{EXERCISE.stem}/final_state"].reason == "said so"
