"""Examines the machine: which means of shutting in a student's code it has, and how to get more."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from grading.session import isolation, transport
from grading.session.process import Starter
from grading.worker import confine, landlock

LIBRARIES = ("torch", "numpy", "pytest", "hypothesis", "msgspec", "rich")

_WHAT_FOR = {
    confine.NAMESPACES: "no network; nobody else's IPC",
    confine.MOUNTS: "a read-only tree with Python, torch and NumPy, and nothing else",
    confine.LANDLOCK: "no other file is read, none written",
    confine.SECCOMP: "no program, process, socket, signal, or change of a file",
}
_CONTAINER = "In Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
_SETTINGS = Path("/proc/sys")
_MOUNT_SETATTR = (5, 12)
"""The kernel that first had the call by which a whole tree is made read-only."""

_SWITCHES = {
    "user/max_user_namespaces": ("0", "sysctl user.max_user_namespaces=15000"),
    "kernel/unprivileged_userns_clone": ("0", "sysctl kernel.unprivileged_userns_clone=1"),
    "kernel/apparmor_restrict_unprivileged_userns": (
        *("1", "sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
    ),
}
"""Settings of the kernel's: the value that forbids user namespaces, and how root allows them."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `why_not` and how to get it: empty where it is there."""

    name: str
    what: str
    why_not: str = ""
    advice: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examination:
    """All findings, and the level at which a worker was really started."""

    findings: tuple[Finding, ...]
    level: str

    @property
    def strangers(self) -> bool:
        """Can strangers' files be graded here?"""
        return isolation.denies_strangers(self.level)


def examine(steps: dict[str, str], starter: Starter) -> Examination:
    """What came of each step (see confine.tried), and of a worker at the strongest level."""
    findings = [Finding("kernel", f"{platform.system()} {platform.release()}, {_machine()}")]
    findings += [_finding(name, why_not) for name, why_not in steps.items()]
    findings.append(_libraries())
    try:
        level = isolation.level_of(transport.measures_of(starter))
        findings.append(Finding("worker", f"one was started: {level}"))
    except isolation.IsolationError as error:
        level = isolation.NOT_STARTED
        findings.append(Finding("worker", "starts, and is shut in", str(error)))
    return Examination(tuple(findings), level)


def _finding(name: str, why_not: str) -> Finding:
    what = _WHAT_FOR[name]
    if why_not:
        return Finding(name, what, why_not, _advice(name))
    if name == confine.LANDLOCK:
        version = landlock.abi()
        what += "; no TCP" if landlock.denies_tcp(version) else ""
        what += "; no signal out" if landlock.denies_signals(version) else ""
        return Finding(name, f"version {version}: {what}")
    return Finding(name, what)


def _advice(name: str) -> tuple[str, ...]:
    if sys.platform != "linux":
        return ("Grade strangers' files in a Linux container or virtual machine.",)
    if name == confine.LANDLOCK:
        booted = "Linux 5.13 or later, with landlock among the names of the boot option lsm="
        return (f"{booted}.", _CONTAINER)
    if name == confine.SECCOMP:
        return ("A kernel with CONFIG_SECCOMP_FILTER, on x86-64 or aarch64.",)
    old = name == confine.MOUNTS and _kernel() < _MOUNT_SETATTR
    kernel = ("Linux 5.12 or later.",) if old else ()
    return (*kernel, *_switches_to_turn(), _CONTAINER)


def _kernel() -> tuple[int, ...]:
    """The first two numbers of the kernel's version."""
    return tuple(int(digits) for digits in re.findall(r"\d+", platform.release())[:2])


def _switches_to_turn() -> tuple[str, ...]:
    """What root can set so that an ordinary user may have namespaces."""
    found = []
    for name, (forbids, command) in _SWITCHES.items():
        setting = _SETTINGS / name
        if setting.exists() and setting.read_text().strip() == forbids:
            found.append(f"As root: {command}")
    return tuple(found)


def _libraries() -> Finding:
    versions = {name: _version(name) for name in LIBRARIES}
    missing = [name for name, version in versions.items() if not version]
    installed = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    what = f"Python {platform.python_version()}, {installed}"
    why_not = f"not installed: {', '.join(missing)}" if missing else ""
    return Finding("libraries", what, why_not, ("python -m pip install -e .",) if missing else ())


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _machine() -> str:
    user = "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "an ordinary user"
    return f"{platform.machine()}, as {user}"
