"""The benchmarks' figures: a bound is held or not, and every benchmark can be in the one table."""

import importlib

import pytest

pytest.importorskip("psutil", reason="benchmarks need the dev extra")
pytest.importorskip("cosmic_ray", reason="mutants need the dev extra")
from tests.benchmarks import __main__ as table
from tests.benchmarks import classes, figures
from tests.benchmarks.figures import Figure


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("", 5.0, most=5.0), True),
        (Figure("", 5.1, most=5.0), False),
        (Figure("", 1.8, least=1.8), True),
        (Figure("", 1.7, least=1.8), False),
        (Figure("", 1e9), True),
    ],
)
def test_a_figure_is_met_within_its_bound(figure: Figure, met: bool) -> None:
    """A bound itself still counts; without one, nothing can be missed."""
    assert figure.met is met


def test_one_figure_over_its_bound_is_enough_for_exit_code_1() -> None:
    """Whatever the others are."""
    good, bad = Figure("good", 1, most=1), Figure("bad", 2, most=1)
    assert figures.show([good, bad, good]) == 1
    assert figures.show([good, good]) == 0


@pytest.mark.parametrize("name", table.names())
def test_every_benchmark_can_be_in_the_table(name: str) -> None:
    """It offers `measure`, and how many rounds that takes, in a hurry and not."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    assert callable(module.measure)
    assert 0 < module.QUICK <= module.ROUNDS


def test_times_alone_are_taken_out_of_a_result(tmp_path) -> None:
    """What else a result says is compared as it is."""
    result = tmp_path / "ada.json"
    result.write_bytes(b'{"score": 1.5, "duration": 2.5e-05, "message": "3 s"}')
    assert classes.timeless(result) == b'{"score": 1.5, , "message": "3 s"}'
