"""The filter, run as the kernel runs it: what it answers to each call, by architecture."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from grading.worker import seccomp, syscalls

PID = 4711
ARCH = {"x86-64": 0xC000003E, "aarch64": 0xC00000B7}
HEADERS = {
    "x86-64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), r"__NR_(\w+)\s+(\d+)"),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), r"__NR(?:3264)?_(\w+)\s+(\d+)"),
}
RENAMED = {"fstatat": "newfstatat"}

pytestmark = pytest.mark.parametrize("architecture", syscalls.ARCHITECTURES)


def answer(architecture: str, number: int, *arguments: int, told: int | None = None) -> int:
    """What the filter answers: 0 for yes, else the errno. `told` is the calling architecture."""
    program = seccomp.program(architecture, PID)
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, ARCH[architecture] if told is None else told, 0, *padded)
    place, value = 0, 0
    while True:
        code, if_true, if_false, operand = struct.unpack_from("=HBBI", program, 8 * place)
        place += 1
        if code == 0x06:
            return 0 if operand == 0x7FFF0000 else operand & 0xFFFF
        if code == 0x20:
            (value,) = struct.unpack_from("=I", data, operand)
        elif code == 0x54:
            value &= operand
        elif code == 0x05:
            place += operand
        else:
            holds = value == operand if code == 0x15 else value > operand
            place += if_true if holds else if_false


def number(name: str, architecture: str) -> int:
    """The number of a call that is asked about by its arguments."""
    return syscalls.numbers("by argument", architecture)[name]


def test_numbers_are_those_of_the_kernels_headers(architecture: str) -> None:
    """Each call of the list has the number that Linux gives it."""
    header, pattern = HEADERS[architecture]
    if not header.exists():
        pytest.skip(f"{header} is not installed here")
    found = re.findall(pattern, header.read_text())
    numbers = {RENAMED.get(name, name): int(told) for name, told in found}
    for table in ("allowed", "by argument", "not there"):
        listed = syscalls.numbers(table, architecture)
        known = {name: numbers[name] for name in listed if name in numbers}
        assert {name: listed[name] for name in known} == known
        assert set(listed) - set(known) <= {"getrlimit"}  # a header may leave it out


def test_only_the_list_is_allowed(architecture: str) -> None:
    """Of all numbers, those of the list pass; others are denied, and younger ones aren't there."""
    allowed = set(syscalls.numbers("allowed", architecture).values())
    absent = set(syscalls.numbers("not there", architecture).values())
    for call in range(syscalls.LAST_KNOWN + 50):
        young = call > syscalls.LAST_KNOWN or call in absent
        denied = errno.ENOSYS if young else errno.EPERM
        got = answer(architecture, call, 0xFFFFFFF, 0xFFFFFFF, 0xFFFFFFF)
        assert got == (0 if call in allowed else denied), call


def test_other_architectures_are_not_there(architecture: str) -> None:
    """Calls by 32-bit or x32 numbers do nothing."""
    assert answer(architecture, 0, told=0x40000003) == errno.ENOSYS
    assert answer(architecture, 0x40000000) == errno.ENOSYS


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("kill", [(PID, 9), (0, 9), (2**32 - PID, 9)], [(1, 9), (2**32 - 1, 9), (PID + 1, 0)]),
        ("tgkill", [(PID, PID, 6)], [(1, 1, 6), (0, 0, 6)]),
        ("clone", [(0x3D0F00,)], [(17,), (0x4111,), (0x10010000,), (0x20010100,), (0x12100,)]),
        ("prctl", [(15,), (3,)], [(1, 0), (4, 1), (22,), (38,), (29,)]),
        ("prlimit64", [(0, 7), (PID, 7)], [(1, 7)]),
        ("fcntl", [(3, 3), (3, 1030)], [(3, 8), (3, 10), (3, 15), (3, 1024)]),
        ("ioctl", [(1, 0x5401)], [(0, 0x5412), (3, 0x8902)]),
        ("madvise", [(0, 1, 4), (0, 1, 8)], [(0, 1, 20), (0, 1, 21), (0, 1, 3), (0, 1, 9)]),
    ],
)
def test_arguments_are_asked_about(
    architecture: str, name: str, yes: list[tuple[int, ...]], no: list[tuple[int, ...]]
) -> None:
    """Threads, signals to oneself and harmless questions pass; the same calls else don't."""
    call = number(name, architecture)
    assert {answer(architecture, call, *arguments) for arguments in yes} == {0}
    assert {answer(architecture, call, *arguments) for arguments in no} == {errno.EPERM}
