"""The warm grade server, and the function that executors call."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import psutil
import pytest

from grading import catalog as catalogs
from grading import kit
from grading.classes import carrying
from grading.classes.carrying import carry_out
from grading.classes.graders import GradeServer, UnconfinedError
from grading.classes.orders import Order, Setup
from grading.errors import GraderFault
from grading.handed_in.intake import Submission
from grading.results import Status, from_json
from grading.session.isolation import IsolationError

CATALOG = catalogs.load()
EXERCISE = CATALOG.find("ex02")
SOLUTION = CATALOG.solution(EXERCISE).read_text(encoding="utf-8")
SEED = "4711" * 8
"""More than any number of 64 bits."""

SETUP = Setup((EXERCISE.stem,), seed=SEED, visible_only=True, confined=False)
RIGHT = Submission("right", {EXERCISE.stem: SOLUTION})
SLEEPING = Submission("sleeping", {EXERCISE.stem: "import time\ntime.sleep(600)\n"})
MISSING = Submission("missing", {}, {EXERCISE.stem: "it was a link"})


@pytest.fixture(scope="module")
def server() -> Iterator[GradeServer]:
    """A server of exercise 2."""
    server = GradeServer(SETUP)
    yield server
    server.close()


def test_submission_is_graded(server: GradeServer) -> None:
    """A right one is right, at the level that the server said it reaches."""
    result = server.grade(RIGHT)
    assert result.complete
    assert result.isolation.level == server.level


def test_seed_may_be_of_any_length(server: GradeServer) -> None:
    """A secret seed that no machine word holds stands in the result, digit by digit."""
    assert server.grade(MISSING).seed == int(SEED)


def test_problems_of_the_intake_cross(server: GradeServer) -> None:
    """Why a file could not be taken stands in its result."""
    exercise = server.grade(MISSING).exercises[0]
    assert (exercise.status, exercise.problem) == (Status.MISSING, "it was a link")


def test_threads_get_their_own_answers(server: GradeServer) -> None:
    """What several threads ask at once comes back to the one that asked."""
    with ThreadPoolExecutor(3) as pool:
        graded = list(pool.map(server.grade, [RIGHT, MISSING, RIGHT]))
    assert [result.submission for result in graded] == ["right", "missing", "right"]
    assert [result.score for result in graded] == [10, 0, 10]


def test_same_submission_gets_the_same_result(server: GradeServer) -> None:
    """Nothing of one grading reaches the next: but for times, all of it is the same."""
    wrong = SOLUTION + "\n\ndef split_directions(output):\n    return output, output\n"
    first, second = (server.grade(Submission("x", {EXERCISE.stem: wrong})) for _ in range(2))
    told = [
        [(test.id, test.status, test.message) for test in result.exercises[0].tests]
        for result in (first, second)
    ]
    assert told[0] == told[1]
    assert not first.complete


def test_closing_leaves_no_process() -> None:
    """Server, lanes, workers and their parent end with it, whatever is under way."""
    server = GradeServer(SETUP)
    server.grade(RIGHT)
    own = psutil.Process(server.pid)
    family = [own, *own.children(recursive=True)]
    server.close()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert len(family) >= 3
    assert not alive


def test_nothing_goes_on_for_a_client_that_was_killed() -> None:
    """Where whoever asked is gone, what is under way ends, however long it sleeps."""
    ask = "from tests.kit.test_graders import *; GradeServer(SETUP).grade(SLEEPING)"
    client = psutil.Popen([sys.executable, "-c", ask], cwd=CATALOG.home)
    until = time.monotonic() + 60
    # the server, the parent of workers, a lane, a grader, its worker and the one after that
    while len(family := client.children(recursive=True)) < 6 and time.monotonic() < until:
        time.sleep(0.05)
    client.kill()
    client.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert len(family) >= 6
    assert not alive


def test_server_that_was_killed_is_a_fault_of_ours() -> None:
    """Whoever asked is told that the grader failed; nobody gets a zero for it."""
    server = GradeServer(SETUP)
    server.grade(RIGHT)
    os.killpg(server.pid, signal.SIGKILL)
    with pytest.raises(GraderFault, match="the grade server has ended"):
        server.grade(RIGHT)
    server.close()


def test_strangers_are_not_graded_unconfined() -> None:
    """Where files, network and signals aren't denied, the server isn't to be had."""
    with pytest.raises(UnconfinedError, match="allow-unconfined"):
        GradeServer(msgspec.structs.replace(SETUP, isolation="process", confined=True)).wait()


def test_level_that_is_not_there_is_told() -> None:
    """A level that can't be had is no reason to grade at a lower one."""
    with pytest.raises(IsolationError, match="a wall of bricks: there is no such level"):
        GradeServer(msgspec.structs.replace(SETUP, isolation="a wall of bricks")).wait()


def test_tests_that_cannot_be_collected_are_a_fault_of_ours() -> None:
    """A server that ends before it is ready is nobody's isolation."""
    with pytest.raises(GraderFault, match="the grade server has ended"):
        GradeServer(msgspec.structs.replace(SETUP, exercises=("ex99_nothing",))).wait()


def test_order_is_carried_out_from_bytes_to_bytes() -> None:
    """What executors call: bytes in, the result's JSON out."""
    order = Order(kit.fingerprint(), SETUP, RIGHT)
    carrying.open_up()
    try:
        assert from_json(carry_out(msgspec.msgpack.encode(order))).score == 10
    finally:
        carrying.hang_up()


def test_hanging_up_waits_for_no_server_that_is_getting_ready() -> None:
    """Orders that are under way or still to come end at once, and no server is started for them."""
    order = msgspec.msgpack.encode(Order(kit.fingerprint(), SETUP, RIGHT))
    carrying.open_up()
    own, before = psutil.Process(), set(psutil.Process().children())
    with ThreadPoolExecutor(2) as pool:
        under_way = [pool.submit(carry_out, order) for _ in range(2)]
        while not (launched := set(own.children()) - before):
            time.sleep(0.01)
        carrying.hang_up()
        for future in (*under_way, pool.submit(carry_out, order)):
            with pytest.raises(GraderFault, match="the grade server has ended"):
                future.result(timeout=10)
    assert not any(child.is_running() for child in launched)
