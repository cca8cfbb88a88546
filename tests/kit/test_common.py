"""What the commands share: which exercises `--only` names."""

from __future__ import annotations

import pytest

from grading import catalog as catalogs
from grading.commands.common import only_these

CATALOG = catalogs.load()


@pytest.mark.parametrize(
    "only",
    [["ex03,ex01"], ["ex01", "ex03"], ["ex03, ex01,"], ["1", "3"]],
    ids=["with a comma", "given twice", "with spaces", "by number"],
)
def test_exercises_are_named_once_or_more_often(only: list[str]) -> None:
    """However they are given, all that are named are chosen, in the catalog's order."""
    assert [exercise.number for exercise in only_these(CATALOG, only)] == ["ex01", "ex03"]


@pytest.mark.parametrize("only", [None, [], [""]], ids=["not given", "no value", "an empty one"])
def test_all_are_chosen_where_none_is_named(only: list[str] | None) -> None:
    """Where no exercise is named, every one is meant."""
    assert only_these(CATALOG, only) == CATALOG.exercises
