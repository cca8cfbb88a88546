"""As many jobs as processors that this process may run on."""

from __future__ import annotations

import os

import pytest

from grading.cores import cores


def test_share_of_the_machine_is_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a process may run on some processors alone, these are counted."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3, 5, 7}, raising=False)
    assert cores() == 3


@pytest.mark.parametrize(("told", "counted"), [(4, 4), (None, 1)])
def test_elsewhere_the_machine_is_asked(
    monkeypatch: pytest.MonkeyPatch, told: int | None, counted: int
) -> None:
    """Where a system doesn't say, all of the machine's count, and one where it is not known."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: told)
    assert cores() == counted
