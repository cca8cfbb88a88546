"""What is said where a cluster can't be used, by a Dask that is played."""

from __future__ import annotations

import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from types import ModuleType, TracebackType

import pytest

from grading.classes.executors import ClusterError, ClusterLostError, dask

SCHEDULER = "tcp://somewhere:8786"
POOL = ThreadPoolExecutor(1)


class Client:
    """A client of a scheduler that has no workers."""

    def __init__(self, scheduler: str, timeout: float) -> None:
        self.scheduler = scheduler

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """It is left as it is."""

    def wait_for_workers(self, count: int, timeout: float) -> None:
        """There are none to come."""
        raise TimeoutError


class Unreachable(Client):
    """A client whose scheduler doesn't answer."""

    def __init__(self, scheduler: str, timeout: float) -> None:
        raise OSError("timed out")


class Busy(Client):
    """A client of a scheduler that has two workers."""

    def wait_for_workers(self, count: int, timeout: float) -> None:
        """They are there."""

    def get_executor(self, pure: bool) -> Executor:
        """What carries out the orders."""
        return POOL

    def nthreads(self) -> dict[str, int]:
        """The threads of each worker."""
        return {"a": 2, "b": 3}


def played(monkeypatch: pytest.MonkeyPatch, client: type[Client] | None) -> None:
    """Put this client in the place of Dask's; None where Dask is not installed."""
    module = ModuleType("distributed")
    module.Client = client  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "distributed", module if client else None)


@pytest.mark.parametrize(
    ("client", "says"),
    [
        (None, r"Dask is not installed here: .*\[cluster\]"),
        (Unreachable, f"the scheduler at {SCHEDULER} can't be reached: timed out"),
        (Client, f"the scheduler at {SCHEDULER} has no workers: start some"),
    ],
    ids=["not installed", "unreachable", "no workers"],
)
def test_cluster_that_cannot_be_used_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, client: type[Client] | None, says: str
) -> None:
    """Before anything is graded the reason is told, as misuse."""
    played(monkeypatch, client)
    with pytest.raises(ClusterError, match=says), dask(SCHEDULER):
        pytest.fail("there is no cluster")


def test_threads_of_all_workers_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many orders are under way at once as the workers have threads."""
    played(monkeypatch, Busy)
    with dask(SCHEDULER) as (executor, at_once):
        assert executor is POOL
        assert at_once == 5


def test_cluster_that_is_lost_says_that_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that breaks in the middle is no misuse, and nothing graded is lost."""
    played(monkeypatch, Busy)
    with (
        pytest.raises(ClusterLostError, match=r"was lost .*What was graded is kept"),
        dask(SCHEDULER),
    ):
        raise ConnectionResetError
