"""System calls of Linux that Python has no function for; each raises OSError with its errno."""

from __future__ import annotations

import ctypes
import functools
import os
import platform

MACHINE = {"x86_64": "x86-64", "amd64": "x86-64", "aarch64": "aarch64", "arm64": "aarch64"}.get(
    platform.machine().lower(), ""
)
"""The machine's architecture, as far as its system calls are known here; else nothing."""


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def call(function: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Call a function of the C library that answers -1 where it fails."""
    return _checked(getattr(_libc(), function)(*(_word(value) for value in arguments)), function)


def syscall(
    name: str, number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None
) -> int:
    """Make a system call by its number, for those that the C library has no function for."""
    words = (_word(value) for value in arguments)
    return _checked(_libc().syscall(ctypes.c_long(number), *words), name)


def prctl(option: int, value: int = 0, third: int = 0) -> int:
    """prctl(2)."""
    return call("prctl", option, value, third, 0, 0)


def address(data: bytes) -> tuple[int, ctypes.Array[ctypes.c_char]]:
    """Where a copy of these bytes lies, and the copy, which must be kept meanwhile."""
    copy = ctypes.create_string_buffer(data, len(data))
    return ctypes.addressof(copy), copy


def _word(
    value: int | bytes | ctypes.Array[ctypes.c_char] | None,
) -> ctypes.c_long | bytes | ctypes.Array[ctypes.c_char] | None:
    return ctypes.c_long(value) if isinstance(value, int) else value


def _checked(result: int, name: str) -> int:
    if result == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
    return int(result)
