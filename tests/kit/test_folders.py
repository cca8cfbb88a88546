"""What a worker may read, wherever the kit and its packages lie."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading import wire
from grading.line import values
from grading.session import starters
from grading.session.starters import ForkServer
from grading.session.transport import Across
from grading.worker import confine, folders, landlock

ATTEMPTS = Path(__file__).parent / "confined" / "attempts.py"
ON_THE_KIT = [
    *("reads_a_solution", "reads_a_hidden_test", "reads_the_kit", "lists_the_kit"),
    *("lists_the_solutions", "imports_the_solutions", "imports_the_grader", "imports_the_checks"),
]


@pytest.fixture(params=["full", "landlock", "namespaces"])
def kit(
    request: pytest.FixtureRequest, scratch_kit: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, ForkServer]]:
    """A kit with its environment inside, where the kit is installed as well, and its server."""
    if any(confine.tried()[step] for step in confine.LEVELS[request.param]):
        pytest.skip("not offered here")
    environment = scratch_kit / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    packages = next(environment.glob("lib/python3*/site-packages"))
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "editable" not in path.name and not (packages / path.name).exists():
            (packages / path.name).symlink_to(path)
    (packages / "grading").symlink_to(scratch_kit / "grading")
    monkeypatch.setattr(sys, "executable", str(environment / "bin" / "python"))
    monkeypatch.setattr(starters, "HOME", scratch_kit)
    server = ForkServer.launch(request.param, optimizers=False)
    yield scratch_kit, server
    server.close()


def test_kit_around_its_environment_is_out_of_reach(kit: tuple[Path, ForkServer]) -> None:
    """Packages can be used, and neither the kit around them nor its installed copy be read."""
    home, server = kit
    installed = next(home.glob(".venv/lib/python3*/site-packages"))
    assert isinstance(attempt(server, "works", str(home)), wire.Returned)
    for name in ON_THE_KIT:
        for place in (home, installed):
            reply = attempt(server, name, str(place))
            assert isinstance(reply, wire.Raised), (name, place)
            assert {"OSError", "ImportError"} & set(reply.bases), reply


def attempt(server: ForkServer, name: str, home: str) -> wire.Reply:
    """What a try comes to; `works` is one that may."""
    works = "\n\ndef works(home, pid, folder):\n    import sympy, decimal, torch.fft, numpy.fft\n"
    worker = Across(server)
    try:
        source = ATTEMPTS.read_text(encoding="utf-8") + works
        worker.ask(wire.Load(1, source, "attempts.py", ()), 20.0)
        packed = tuple(values.pack(value, lambda _: None) for value in (home, os.getpid(), "/tmp"))
        return worker.ask(wire.Call(2, 1, name, packed, (), ()), 20.0)
    finally:
        worker.end()


def test_folder_of_all_packages_is_never_named() -> None:
    """What is named are single packages, and single pieces of the standard library."""
    named = set(folders.readable().values())
    assert sysconfig.get_path("purelib") not in named
    assert sysconfig.get_path("stdlib") not in named
    assert not [path for path in named if os.path.basename(path) in ("grading", "site-packages")]


def test_links_out_of_the_standard_library_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link in the library's folder may be there for a file that isn't the library's."""
    library = tmp_path / "lib-dynload"
    library.mkdir()
    (library / "own.py").write_text("")
    (tmp_path / "elsewhere.py").write_text("")
    (library / "sitecustomize.py").symlink_to(tmp_path / "elsewhere.py")
    (library / "alias.py").symlink_to(library / "own.py")
    monkeypatch.setattr(sys, "path", [str(library)])
    assert {"own.py", "alias.py"} <= set(folders.readable())
    assert "sitecustomize.py" not in folders.readable()


def test_package_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A worker whose imports would fail by and by is never started."""
    folders.check([str(tmp_path)])
    with pytest.raises(OSError, match=r"torch can't be read by user \d+"):
        folders.check([str(tmp_path), str(tmp_path / "torch")])


@pytest.mark.parametrize("version", range(1, 8))
def test_older_landlock_takes_what_it_knows(version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules name only what the kernel's version has; a kernel takes those of older versions."""
    try:
        if landlock.abi() < version:
            pytest.skip("this kernel's Landlock is older")
    except OSError as error:
        pytest.skip(f"no Landlock here: {error}")
    monkeypatch.setattr(landlock, "abi", lambda: version)
    os.close(landlock.make([os.__file__, os.path.dirname(os.__file__)], folders.DEVICES))
