"""What a worker can't do, and what it still can, at every level that this machine offers."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading import wire
from grading.catalog import HOME
from grading.line import values
from grading.session import isolation
from grading.session.starters import ForkServer
from grading.session.transport import Across, measures_of
from grading.worker import confine, limits

CONFINED = Path(__file__).parent / "confined"
OFFERED = confine.tried()
STRICT = [level for level in confine.LEVELS if isolation.denies_strangers(level)]
COUNTED_ALONE = [level for level in STRICT if confine.NAMESPACES in confine.LEVELS[level]]


def functions(name: str) -> list[str]:
    """The tries of a file: its functions with the arguments of a try."""
    tree = ast.parse((CONFINED / name).read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node.name for node in found if node.name not in ("syscall", "word", "checked")]


@pytest.fixture(scope="module", params=STRICT)
def server(request: pytest.FixtureRequest) -> Iterator[ForkServer]:
    """A server of a level that denies files, network and signals."""
    missing = [
        f"{name}: {OFFERED[name]}" for name in confine.LEVELS[request.param] if OFFERED[name]
    ]
    if missing:
        pytest.skip(f"not offered here: {', '.join(missing)}")
    # in the others it comes late, and nobody should notice
    launched = ForkServer.launch(request.param, optimizers=request.param == STRICT[0])
    yield launched
    launched.close()


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder that anybody may write to, with a file in it."""
    tmp_path.chmod(0o777)
    (tmp_path / "kept.txt").write_text("kept")
    (tmp_path / "kept.txt").chmod(0o666)
    return tmp_path


def run(server: ForkServer, file: str, name: str, *arguments: str | int) -> wire.Reply:
    """Call a function of a file in a fresh worker; the worker's reply."""
    return run_and_listen(server, file, name, *arguments)[0]


def run_and_listen(
    server: ForkServer, file: str, name: str, *arguments: str | int
) -> tuple[wire.Reply, str]:
    """The same, and what the worker printed."""
    worker = Across(server)
    try:
        source = (CONFINED / file).read_text(encoding="utf-8")
        loaded = worker.ask(wire.Load(1, source, file, ()), 20.0)
        assert isinstance(loaded, wire.Returned), loaded
        packed = tuple(values.pack(argument, lambda _: None) for argument in arguments)
        return worker.ask(wire.Call(2, 1, name, packed, (), ()), 20.0), worker.take_output()
    finally:
        worker.end()


@pytest.mark.parametrize("name", functions("attempts.py"))
def test_attempt_is_denied(server: ForkServer, name: str, shared: Path) -> None:
    """It raises what an honest mistake would raise, in the student's own code; nothing changes."""
    before = (shared / "kept.txt").stat()
    reply = run(server, "attempts.py", name, str(HOME), os.getpid(), str(shared))
    assert isinstance(reply, wire.Raised), reply
    assert {"OSError", "ImportError"} & set(reply.bases), reply
    assert [path.name for path in shared.iterdir()] == ["kept.txt"]
    after = (shared / "kept.txt").stat()
    assert (after.st_mode, after.st_mtime, after.st_size, after.st_nlink) == (
        *(before.st_mode, before.st_mtime, before.st_size, before.st_nlink),
    )


@pytest.mark.parametrize("name", functions("ordinary.py"))
def test_ordinary_work_goes_on(server: ForkServer, name: str) -> None:
    """Nothing that an honest answer needs is denied."""
    reply = run(server, "ordinary.py", name)
    assert isinstance(reply, wire.Returned), reply


def test_nothing_but_null_is_written_to(server: ForkServer) -> None:
    """Random numbers are read and never stirred, where the kernel goes by rules for files.

    A table of mounts says nothing of who may write to a device.
    """
    reply = run(server, "devices.py", "stirs_random_numbers")
    denied = confine.LANDLOCK in confine.LEVELS[server.level]
    assert isinstance(reply, wire.Raised if denied else wire.Returned), reply


def test_nothing_is_printed_but_by_the_student(server: ForkServer) -> None:
    """What torch misses in there (/proc/cpuinfo, say) is not told as if the student had said it."""
    reply, printed = run_and_listen(server, "ordinary.py", "lstm_trains")
    assert isinstance(reply, wire.Returned), reply
    assert printed == ""


def test_worker_tells_its_level(server: ForkServer) -> None:
    """The measures that a worker tells before it loads anything make up the level asked for."""
    assert isolation.level_of(measures_of(server)) == server.level


@pytest.mark.parametrize("server", COUNTED_ALONE, indirect=True)
def test_one_worker_leaves_the_others_their_threads(server: ForkServer) -> None:
    """Whoever holds all threads that it may takes none from a worker beside it."""
    source = (CONFINED / "threads.py").read_text(encoding="utf-8")
    first, second = Across(server), Across(server)
    try:
        for worker, most in ((first, 10_000), (second, 8)):
            worker.ask(wire.Load(1, source, "threads.py", ()), 20.0)
            reply = worker.ask(wire.Call(2, 1, "started", (most,), (), ()), 20.0)
            assert isinstance(reply, wire.Returned), reply
            assert reply.value == min(most, limits.TASKS - 1)
    finally:
        first.end()
        second.end()
