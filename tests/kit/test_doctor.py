"""What `doctor` says of machines that lack something; test_machines.py runs it on played ones."""

from __future__ import annotations

import importlib.metadata
import sys
from io import StringIO
from pathlib import Path

import pytest
import typer
from rich.console import Console

from grading import doctor
from grading.commands import doctor as command
from grading.report import doctor as report
from grading.session import isolation, starters
from grading.session.process import WorkerProcess
from grading.worker import confine


class NoWorkers:
    """Can't shut a worker in."""

    level = ""

    def start(self) -> WorkerProcess:
        """Fail as a worker that is not shut in."""
        raise isolation.IsolationError("isolation full: seccomp: no")

    def end(self, pid: int) -> int:
        """There is none."""
        return 0

    def drop(self, pid: int) -> None:
        """There is none."""

    def close(self) -> None:
        """Nothing to close."""


def examined(monkeypatch: pytest.MonkeyPatch, *missing: str) -> doctor.Examination:
    """A machine on which these steps fail, and no worker starts."""
    steps = (confine.NAMESPACES, confine.MOUNTS, confine.LANDLOCK, confine.SECCOMP)
    why_not = {name: "not permitted" if name in missing else "" for name in steps}
    monkeypatch.setattr(doctor.landlock, "abi", lambda: 5)
    return doctor.examine(why_not, NoWorkers())


def shown(examination: doctor.Examination) -> str:
    """The screen, 80 columns wide, without colour, its line breaks taken out."""
    said = StringIO()
    report.show(examination, Console(file=said, width=80, no_color=True))
    assert max(map(len, said.getvalue().splitlines())) <= 80
    return " ".join(said.getvalue().split())


@pytest.mark.parametrize(
    ("version", "denied"), [(1, ""), (4, "; no TCP"), (6, "; no TCP; no signal out")]
)
def test_old_landlock_is_said_to_deny_what_it_denies(
    version: int, denied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TCP and signals are named for the versions that know of them, and for no other."""
    monkeypatch.setattr(doctor.landlock, "abi", lambda: version)
    finding = doctor._finding(confine.LANDLOCK, "")
    assert finding.what == f"version {version}: no other file is read, none written{denied}"


@pytest.mark.parametrize(
    ("setting", "value", "command"),
    [
        ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=15000"),
        ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        (
            *("kernel/apparmor_restrict_unprivileged_userns", "1"),
            "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ],
)
def test_setting_that_forbids_namespaces_is_named(
    setting: str, value: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command that turns it is said where the setting forbids, and only there."""
    monkeypatch.setattr(doctor, "_SETTINGS", tmp_path)
    (tmp_path / setting).parent.mkdir()
    (tmp_path / setting).write_text(f"{value}\n")
    assert command in shown(examined(monkeypatch, confine.NAMESPACES))
    (tmp_path / setting).write_text("7\n")
    assert command not in shown(examined(monkeypatch, confine.NAMESPACES))


@pytest.mark.parametrize(
    ("step", "advice"),
    [
        (confine.NAMESPACES, "--security-opt seccomp=unconfined"),
        (confine.MOUNTS, "--security-opt apparmor=unconfined"),
        (confine.LANDLOCK, "lsm="),
        (confine.SECCOMP, "CONFIG_SECCOMP_FILTER"),
    ],
)
def test_missing_step_says_how_to_get_it(
    step: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a reason, and a way to get it; nothing is said where nothing is missing."""
    assert f"✗ {step} missing: not permitted" in shown(examined(monkeypatch, step))
    assert advice in shown(examined(monkeypatch, step))
    assert advice not in shown(examined(monkeypatch))


@pytest.mark.parametrize(
    ("release", "old"),
    [("4.19.0-26", True), ("5.11.22-generic", True), ("5.12.0", False), ("6.1.0-18", False)],
)
def test_newer_kernel_is_advised_where_this_one_is_too_old(
    release: str, old: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount namespace that is missing for another reason needs no other kernel."""
    monkeypatch.setattr(doctor.platform, "release", lambda: release)
    assert ("Linux 5.12 or later" in shown(examined(monkeypatch, confine.MOUNTS))) is old


def test_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is told, with the command that installs it; the others have versions."""
    installed = importlib.metadata.version

    def version(name: str) -> str:
        if name in ("hypothesis", "rich"):
            raise importlib.metadata.PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    said = shown(examined(monkeypatch))
    assert "not installed: hypothesis, rich" in said
    assert "python -m pip install -e ." in said
    assert f"numpy {installed('numpy')}" in said


def test_worker_that_is_not_shut_in_keeps_strangers_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the steps say: it counts at which level a worker was really started."""
    examination = examined(monkeypatch)
    assert not examination.strangers
    assert "isolation full: seccomp: no" in shown(examination)


def test_other_systems_have_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off Linux every step is missing, and the advice is a Linux of one's own."""
    monkeypatch.setattr(sys, "platform", "darwin")
    said = shown(doctor.examine(confine.tried(), NoWorkers()))
    assert said.count("only Linux has this") == 4
    assert "Linux container or virtual machine" in said


def test_steps_are_tried_before_a_server_hides_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hidden process of an ordinary user can't enter namespaces: all would be called missing."""
    order: list[str] = []

    def tried() -> dict[str, str]:
        order.append("steps")
        return dict.fromkeys(confine.LEVELS["full"], "")

    def starter(optimizers: bool) -> NoWorkers:
        order.append("server")
        return NoWorkers()

    monkeypatch.setattr(confine, "tried", tried)
    monkeypatch.setattr(starters, "starter", starter)
    with pytest.raises(typer.Exit):
        command.doctor()
    assert order == ["steps", "server"]


@pytest.mark.parametrize(
    ("measures", "level"),
    [
        ((), "not started"),
        (("process group", "limits", "empty environment"), "self-check"),
        (confine.ALWAYS, "process"),
        ((*confine.ALWAYS, "seccomp"), "process"),
        ((*confine.ALWAYS, "seccomp", "namespaces"), "process"),
        ((*confine.ALWAYS, "Landlock", "seccomp"), "landlock"),
        ((*confine.ALWAYS, "namespaces", "mount namespace", "seccomp"), "namespaces"),
        (*((*confine.ALWAYS, "namespaces", "mount namespace", "Landlock", "seccomp"), "full"),),
        (("namespaces", "mount namespace", "Landlock", "seccomp"), "self-check"),
    ],
)
def test_level_is_that_of_the_measures(measures: tuple[str, ...], level: str) -> None:
    """A level is reached where every measure of it holds, and none is missing."""
    assert isolation.level_of(measures) == level
    assert isolation.denies_strangers(level) == (level in ("full", "landlock", "namespaces"))
