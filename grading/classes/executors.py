"""Where a batch's orders are carried out: on this machine, or on a cluster by Dask."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from grading.classes import carrying
from grading.errors import HinderedError, Misused

CONNECT_SECONDS = 5
"""How long to wait for a scheduler to answer, and for it to have a worker."""


class ClusterError(Misused):
    """The cluster can't be used; the text says why and what to do."""


class ClusterLostError(HinderedError):
    """The cluster went away in the middle."""


@contextmanager
def local(jobs: int) -> Iterator[Executor]:
    """Threads that each wait for one submission of this machine's grade server."""
    carrying.open_up()
    with ThreadPoolExecutor(jobs, thread_name_prefix="lane") as pool:
        try:
            yield pool
        finally:
            carrying.hang_up()
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def dask(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask scheduler, and how many orders they carry out at once.

    Raises ClusterError where Dask isn't installed, the scheduler can't be reached, or it has no
    workers.
    """
    try:
        import distributed
    except ImportError:
        raise ClusterError(
            'Dask is not installed here: python -m pip install -e ".[cluster]"'
        ) from None
    connect: Any = distributed.Client  # its methods have no types
    try:
        client = connect(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"the scheduler at {scheduler} can't be reached: {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise ClusterError(f"the scheduler at {scheduler} has no workers: start some") from None
        try:
            yield client.get_executor(pure=False), sum(client.nthreads().values())
        except (CancelledError, OSError) as error:
            raise ClusterLostError(
                f"the scheduler at {scheduler} was lost ({type(error).__name__}). What was graded "
                "is kept: run the same command again"
            ) from None
