"""What grading says when the kit itself fails: never a student's fault, never silence."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import psutil
import pytest

import grading.judging.grade
from grading import catalog as catalogs
from grading.catalog import Catalog
from grading.classes import lanes
from grading.classes.orders import Graded, Ready, Setup
from grading.errors import GraderFault, Misused
from grading.handed_in.intake import Submission
from grading.judging.grade import Job, Options, grade, grade_many
from grading.results import ExerciseResult, Result, from_json
from grading.session import isolation
from grading.session.process import WorkerProcess
from grading.session.starters import ForkServer
from tests.kit import tiny
from tests.kit.edits import append
from tests.kit.tiny import only

WRONG = tiny.SOLUTION.replace("return x + x", "return x")


def handed_in(kit: Catalog, source: str = WRONG) -> Submission:
    """Ada's submission."""
    return Submission("ada", {only(kit).stem: source})


def with_broken_test(kit: Catalog) -> None:
    """A graded test fails before the submission has answered anything."""
    append(tiny.visible(kit), tiny.claim("double", "test_ours", "raise RuntimeError('ours')"))


def with_deadly_test(kit: Catalog) -> None:
    """A graded test kills the process that grades."""
    kill = "__import__('os').kill(__import__('os').getpid(), 9)"
    append(tiny.visible(kit), tiny.claim("double", "test_ours", kill))


def test_child_whose_parent_is_gone_ends_there() -> None:
    """A fork that can't tell its result unwinds into nothing that is its parent's to do."""
    reading, writing = os.pipe()
    os.close(reading)
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            grading.judging.grade._grade_in_child(None, None, None, writing)
        os._exit(99)
    os.close(writing)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (with_broken_test, "RuntimeError: ours"),
        (with_deadly_test, "its grader ended with code -9 and said nothing"),
    ],
)
def test_kit_that_fails_is_told_with_the_submission(
    kit: Catalog, server: ForkServer, spoil: Callable[[Catalog], None], says: str
) -> None:
    """Grading stops with whose submission it was and what went wrong; no result comes."""
    spoil(kit)
    done: list[Result] = []
    with pytest.raises(GraderFault, match="grading ada failed") as told:
        grade_many(
            [Job(handed_in(kit), kit.exercises)],
            kit,
            Options(kit.exercises, visible_only=True),
            server,
            lambda job, result: done.append(result),
        )
    assert says in str(told.value)
    assert done == []


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x93\x01\x02"], ids=["none", "cut", "other"])
def test_damaged_numbers_cost_no_grade(kit: Catalog, server: ForkServer, content: bytes) -> None:
    """Where the numbers of known mistakes can't be read, no mistake is named; the rest counts."""
    tiny.with_probes(kit).write_bytes(content)
    options = Options(kit.exercises, visible_only=True)
    parts = grade(handed_in(kit), kit, options, server).exercises[0].parts
    assert any(part.score < part.max_score for part in parts)
    assert not any(part.diagnosis for part in parts)


@pytest.mark.parametrize("name", ["kit [1]", "a::b", "$HOME", "\udcff"])
def test_kit_at_a_path_that_pytest_can_not_take_is_told(tmp_path: Path, name: str) -> None:
    """From a path with [ in it pytest takes no tests; what to do about it is said."""
    kit = tiny.tiny(tmp_path / name)
    with pytest.raises(Misused, match="rename that folder"):
        grade(handed_in(kit), kit, Options(kit.exercises), None)


DRAWN = """
from grading.testing.draws import cases

@pytest.mark.part("double")
@cases("B")
def test_draws(student, case):
    '''Each case is noted.'''
    with open({path!r}, "a") as notes:
        notes.write(f"{{case}} ")
    student.double(1)
"""


def test_each_run_of_a_process_draws_by_its_own_seed(kit: Catalog) -> None:
    """Another seed draws other cases, and the first one those of the first run."""
    notes = kit.home / "drawn"
    append(tiny.visible(kit), DRAWN.format(path=str(notes)))
    drawn = []
    for seed in (1, 2, 1):
        notes.write_text("")
        grade(handed_in(kit), kit, Options(kit.exercises, seed=seed, visible_only=True), None)
        drawn.append(notes.read_text())
    assert drawn[0] == drawn[2] != drawn[1]


def test_ctrl_c_during_a_fork_is_not_lost(
    kit: Catalog, server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it comes while Python forks, the grader that was forked ends, and so does all else."""
    forked, fork = [], os.fork

    def interrupted() -> int:
        if child := fork():
            forked.append(child)
            with contextlib.suppress(KeyboardInterrupt):  # as of all that Python calls at a fork
                signal.raise_signal(signal.SIGINT)
        return child

    monkeypatch.setattr(os, "fork", interrupted)
    jobs = [Job(handed_in(kit), kit.exercises)]
    with pytest.raises(KeyboardInterrupt):
        grade_many(jobs, kit, Options(kit.exercises, visible_only=True), server, print, at_once=1)
    assert not any(psutil.pid_exists(child) for child in forked)


def test_ctrl_c_before_a_fork_leaves_no_client_behind(
    kit: Catalog, server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client whose grader was not forked yet is closed: its server ends with its last one."""
    made, client = [], server.client

    def interrupted(ahead: bool) -> ForkServer:
        made.append(client(ahead))
        signal.raise_signal(signal.SIGINT)
        return made[0]

    monkeypatch.setattr(server, "client", interrupted)
    jobs = [Job(handed_in(kit), kit.exercises)]
    with pytest.raises(KeyboardInterrupt):
        grade_many(jobs, kit, Options(kit.exercises, visible_only=True), server, print, at_once=1)
    assert made[0]._link.fileno() == -1


# --- on a lane of the grade server --------------------------------------------------------------


class NoWorkers(ForkServer):
    """Can't shut a worker in."""

    def __init__(self) -> None:
        self.level = ""

    def start(self) -> WorkerProcess:
        """Fail as a worker that is not shut in."""
        raise isolation.IsolationError("isolation full: seccomp: no")


Serve = Callable[[Catalog, ForkServer, list[Submission]], tuple[Ready, list[Graded]]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Be a grade server of a small kit until all was asked; its first words, and its answers."""
    handler = signal.getsignal(signal.SIGCHLD)

    def run(
        kit: Catalog, starter: ForkServer, asked: list[Submission]
    ) -> tuple[Ready, list[Graded]]:
        monkeypatch.setattr(catalogs, "load", lambda: kit)
        link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        lane, far = socket.socketpair()
        with link, theirs, lane, far:
            client = Connection(lane.dup().detach())
            for submission in asked:
                client.send_bytes(msgspec.msgpack.encode(submission))
            socket.send_fds(link, [b"lane"], [far.fileno()])
            far.close()  # the lane has it now, and nobody else
            lane.shutdown(socket.SHUT_WR)  # the lane ends with what was asked
            link.shutdown(socket.SHUT_WR)  # and the server with it
            lanes.serve(theirs, Setup((only(kit).stem,), "1", visible_only=True), starter)
            ready = msgspec.msgpack.decode(link.recv(1 << 16), type=Ready)
            told = [msgspec.msgpack.decode(client.recv_bytes(), type=Graded) for _ in asked]
            client.close()
        return ready, told

    yield run
    signal.signal(signal.SIGCHLD, handler)


def test_lane_tells_results(kit: Catalog, server: ForkServer, serve: Serve) -> None:
    """Each submission on a lane gets its own result, in the order of asking."""
    ready, told = serve(kit, server, [handed_in(kit, tiny.SOLUTION), handed_in(kit)])
    assert not ready.fault
    assert [from_json(answer.result).complete for answer in told] == [True, False]


def test_lane_tells_a_fault_and_goes_on(kit: Catalog, server: ForkServer, serve: Serve) -> None:
    """A kit that fails is told as our fault for each submission; the lane isn't lost."""
    with_broken_test(kit)
    _, told = serve(kit, server, [handed_in(kit), handed_in(kit)])
    assert ["ours" in answer.fault for answer in told] == [True, True]
    assert [answer.result for answer in told] == [b"", b""]


def test_server_without_workers_says_why(kit: Catalog, serve: Serve) -> None:
    """Where no worker can be shut in, the server's first words are the reason."""
    ready, _ = serve(kit, NoWorkers(), [])
    assert (ready.level, ready.fault) == ("", "isolation full: seccomp: no")


# --- answers that change from run to run --------------------------------------------------------

RESTLESS = """import pytest
from grading.testing.draws import cases
from grading.session.outcomes import WrongError


@pytest.mark.part("double")
@cases("B")
def test_restless(student, case):
    \"\"\"A claim.\"\"\"
    if student.double(1) != 2:
        raise WrongError("odd", "it is odd")


"""


def test_answer_that_changes_from_run_to_run_is_told_so(kit: Catalog) -> None:
    """Where the same call gives another answer by and by, that is what the student reads."""
    path = tiny.visible(kit)
    path.write_text(RESTLESS + tiny.claim("quadruple", "test_other", "pass"), encoding="utf-8")
    source = "calls = []\n\ndef double(x):\n    calls.append(x)\n    return x + (len(calls) != 2)\n"
    exercise = graded_here(kit, source)
    message = next(test.message for test in exercise.tests if "restless" in test.id)
    assert message.startswith("the same call gives different answers from run to run\n")


def graded_here(kit: Catalog, source: str) -> ExerciseResult:
    """The exercise of a source that runs in this process, by its visible tests."""
    options = Options(kit.exercises, visible_only=True, diagnose=False)
    (exercise,) = grade(handed_in(kit, source), kit, options, None).exercises
    return exercise


def test_what_the_failing_case_prints_is_told_once(server: ForkServer) -> None:
    """A case that is run again prints again: only the last time is kept, and what loading said."""
    source = (
        'import torch\nprint("loaded")\ndef rnn_step(x_t, h_prev, W_xh, W_hh, b):\n'
        '    print("here")\n    return torch.tanh(b + 1).expand(len(x_t), -1)\n'
    )
    catalog = catalogs.load()
    exercise = catalog.find("ex01")
    mine = Submission("mine", {exercise.stem: source})
    result = grade(mine, catalog, Options((exercise,)), server)
    first = next(test for test in result.exercises[0].tests if test.message)
    assert first.stdout == "loaded\nhere\n"
