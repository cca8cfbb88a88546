"""A class graded on a Dask cluster of this machine: real scheduler, real worker processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from grading import catalog as catalogs
from grading.catalog import HOME
from grading.results import from_json

EXERCISE = catalogs.load().find("ex02")
SOLUTION = catalogs.load().solution(EXERCISE).read_text(encoding="utf-8")


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._running: list[subprocess.Popen[bytes]] = []
        options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self._file))
        self.scheduler = self._start("scheduler", *options)
        wait_for(self._file.exists)
        self.workers = [self.worker(), self.worker()]

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        return str(msgspec.json.decode(self._file.read_bytes())["address"])

    def worker(self, home: Path = HOME) -> subprocess.Popen[bytes]:
        """One more worker of one thread, with the kit that lies in `home`."""
        options = ("--nthreads", "1", "--no-nanny", "--scheduler-file", str(self._file))
        return self._start("worker", *options, home=home)

    def worker_logs(self) -> list[Path]:
        """What the workers say."""
        return sorted(self._folder.glob("worker-*.log"))

    def close(self) -> None:
        """End all of it."""
        for process in self._running:
            process.kill()  # what looks for a scheduler that is gone takes its time to end
            process.wait()

    def _start(self, what: str, *options: str, home: Path = HOME) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{what}-{len(self._running)}.log").open("wb")
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, "--no-dashboard", *options]
        environment = {**os.environ, "PYTHONPATH": str(home)}
        with log:
            process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self._folder, env=environment
            )
        self._running.append(process)
        return process


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until, "waited a minute in vain"
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster with two workers, ready."""
    cluster = Cluster(tmp_path)
    wait_for(lambda: all("Registered to" in log.read_text() for log in cluster.worker_logs()))
    yield cluster
    cluster.close()


def hand_in(folder: Path, count: int) -> Path:
    """A class of so many right submissions."""
    for i in range(count):
        path = folder / f"s{i:02}" / f"{EXERCISE.stem}.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"{SOLUTION}\n# {i}\n", encoding="utf-8")
    return folder


def batch(klass: Path, out: Path, address: str) -> subprocess.Popen[str]:
    """A batch of exercise 2 on the cluster, under way."""
    return subprocess.Popen(
        [
            *(sys.executable, str(HOME / "grader.py"), "batch", str(klass), "--out", str(out)),
            *("--only", "ex02", "--executor", "dask", "--scheduler", address),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=HOME,
    )


def kept(out: Path) -> list[Path]:
    """The results so far."""
    return sorted((out / "results").glob("*.json"))


def test_worker_killed_in_the_middle_costs_nothing(cluster: Cluster, tmp_path: Path) -> None:
    """Every submission gets its result, those that the dead worker had are graded by the other."""
    out = tmp_path / "out"
    running = batch(hand_in(tmp_path / "class", 4), out, cluster.address)
    wait_for(lambda: len(kept(out)) >= 1)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    told, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors
    assert "4 graded now" in told
    assert {from_json(path.read_bytes()).score for path in kept(out)} == {10.0}


def test_worker_with_another_kit_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    """Nothing is graded by tests that aren't the instructor's: exit 2, and what to do."""
    for process in cluster.workers:
        process.terminate()
        process.wait(timeout=30)
    other = tmp_path / "other" / "kit"
    shutil.copytree(HOME / "grading", other / "grading")
    shutil.copytree(HOME / "tests" / "visible", other / "tests" / "visible")
    cluster.worker(home=other)
    running = batch(hand_in(tmp_path / "class", 1), tmp_path / "out", cluster.address)
    _, errors = running.communicate(timeout=120)
    assert running.returncode == 2
    assert "install the same version" in errors
    assert not kept(tmp_path / "out")


def test_scheduler_killed_in_the_middle_is_told(cluster: Cluster, tmp_path: Path) -> None:
    """Exit 3: it was nobody's misuse; what was graded is kept, and the next step is named."""
    out = tmp_path / "out"
    cluster.workers.pop().kill()  # one is enough, and sooner at work alone
    running = batch(hand_in(tmp_path / "class", 200), out, cluster.address)
    wait_for(lambda: len(kept(out)) >= 1)
    cluster.scheduler.kill()
    _, errors = running.communicate(timeout=120)
    assert running.returncode == 3
    assert "run the same command again" in errors
    assert len(kept(out)) >= 1


def test_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Within seconds: exit 2, and the address."""
    running = batch(hand_in(tmp_path / "class", 1), tmp_path / "out", "tcp://127.0.0.1:9")
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "the scheduler at tcp://127.0.0.1:9 can't be reached" in errors
    assert "Traceback" not in errors
