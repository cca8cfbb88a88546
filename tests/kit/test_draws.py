"""Proves that drawn cases tell right answers from near ones, and depend on their seed alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from torch import Tensor, nn

from grading.session.outcomes import WrongError
from grading.session.remote import Student
from grading.testing import draws
from grading.testing.case import Case
from grading.testing.checks import holds, tensor
from grading.testing.draws import Drawn, cases

PROPERTY = settings(max_examples=30, deadline=None)

SEEDS = st.integers(0, draws.SEEDS)
DTYPES = st.sampled_from([torch.float32, torch.float64])
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


class CountingStudent:
    """Stands in for the handle on a submission; counts the examples."""

    def __init__(self) -> None:
        self.examples = 0

    def begin_example(self, again: bool = False) -> None:
        """Note that an example begins."""
        self.examples += 1


def drawn_by(decorator: Callable[[Any], Any], examples: int = 20) -> list[Case]:
    """The cases that a graded test with this decorator would see."""
    seen: list[Case] = []

    def test(student: Student, case: Case) -> None:
        seen.append(case)

    drawn(decorator(test), examples).run(CountingStudent())
    return seen


def drawn(decorated: Any, examples: int, shrink: bool = False) -> Drawn:
    """A decorated test's cases, as the plugin sets them up."""
    cases: Drawn = decorated.drawn
    cases.examples = examples
    cases.configure(seed=7, shrink=shrink)
    return cases


# --- sizes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", ["B", "BI", "BTIH", "ABCDEF"])
def test_named_sizes_are_distinct_and_in_range(names: str) -> None:
    """Sizes named together differ from each other, so that swapped axes show, and are small."""
    low, high = draws.SIZES
    for case in drawn_by(cases(*names, ones=False)):
        sizes = [case.sizes[name] for name in names]
        assert len(set(sizes)) == len(names)
        assert all(low <= size <= high for size in sizes)


def test_sizes_of_one_are_kept_for_their_own_case() -> None:
    """Drawn sizes are above one: what a size of one hides is not hidden by chance."""
    assert draws.SIZES[0] > 1


def test_every_size_comes_up() -> None:
    """All sizes of the range are drawn, the largest and the smallest too."""
    low, high = draws.SIZES
    assert {case.B for case in drawn_by(cases("B", ones=False), 60)} == set(range(low, high + 1))


def test_ranges_include_both_ends() -> None:
    """A number of a range is drawn from its low end to its high end."""
    assert {case.T for case in drawn_by(cases("B", ones=False, T=(2, 4)))} == {2, 3, 4}


def test_smallest_case_comes_first() -> None:
    """With `ones`, the first case has every named size at one and every range at its low end."""
    first, *others = drawn_by(cases("B", "H", T=(2, 6)))
    assert first.sizes == {"B": 1, "H": 1, "T": 2}
    assert all(1 not in case.sizes.values() for case in others)


def test_without_ones_no_size_is_one() -> None:
    """Where a property needs more than one row, `ones=False` leaves the smallest case out."""
    assert all(1 not in case.sizes.values() for case in drawn_by(cases("B", ones=False)))


def test_equal_sizes_come_once() -> None:
    """With `equal`, all named sizes are once the same, with every range at its high end."""
    seen = drawn_by(cases("B", "H", T=(2, 6), equal=True))
    assert [case.sizes for case in seen if case.B == case.H > 1] == [{"B": 3, "H": 3, "T": 6}]


def test_each_name_in_single_is_once_the_only_one() -> None:
    """With `single`, a name has size 1 beside others that are larger and differ."""
    seen = drawn_by(cases("B", "H", "I", T=(2, 6), single="BI"))
    ones = [case.sizes for case in seen if sorted(case.sizes.values())[:2] not in ([1, 1], [2, 3])]
    alone = [sizes for sizes in ones if 1 in sizes.values()]
    assert [[name for name in sizes if sizes[name] == 1] for sizes in alone] == [["I"], ["B"]]
    assert all(len({sizes["B"], sizes["H"], sizes["I"]}) == 3 for sizes in alone)


def test_both_precisions_come_up() -> None:
    """Cases are drawn in single and in double precision."""
    drawn = {case.dtype for case in drawn_by(cases("B", ones=False))}
    assert drawn == {torch.float32, torch.float64}


def test_seeds_differ_from_case_to_case() -> None:
    """Cases don't all draw the same numbers."""
    assert len({case.seed for case in drawn_by(cases("B", ones=False))}) > 5


# --- the decorated test -----------------------------------------------------------------------


def test_decorated_test_keeps_name_and_docstring() -> None:
    """The sentence that a student reads, and the claim that is its name, survive."""

    @cases("B")
    def test_claim(student: Student, case: Case) -> None:
        """Rows do not meet."""

    assert (test_claim.__name__, test_claim.__doc__) == ("test_claim", "Rows do not meet.")


@pytest.mark.parametrize("count", [3, 12])
def test_as_many_cases_are_drawn_as_asked_for(count: int) -> None:
    """A test runs on as many drawn cases as it asked for."""
    claim: Any = cases("B", ones=False, examples=count)(lambda student, case: None)
    assert len(claim.drawn.cases()) == count


def test_each_example_begins_anew() -> None:
    """The worker's random numbers start anew before each case."""
    student, seen = CountingStudent(), []

    @cases("B", examples=5)
    def test_claim(student: Any, case: Case) -> None:
        seen.append(student.examples)

    test_claim(cast(Student, student))
    assert seen == list(range(1, student.examples + 1))


def test_second_run_draws_the_same_numbers() -> None:
    """Run again in one process, as `watch` does, each case draws what it drew before."""
    seen: list[Tensor] = []

    @cases("B")
    def test_claim(student: Student, case: Case) -> None:
        seen.append(case.normal(4))

    for _ in range(2):
        test_claim(cast(Student, CountingStudent()))
    half = len(seen) // 2
    assert all(map(torch.equal, seen[:half], seen[half:]))


# --- numbers ----------------------------------------------------------------------------------

DRAWS: dict[str, Callable[[Case], Tensor]] = {
    "normal": lambda case: case.normal(3, 4),
    "recurrent": lambda case: case.recurrent(5),
    "integers": lambda case: case.integers(0, 999, 6),
    "permutation": lambda case: case.permutation(50),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS.keys())
def test_same_seed_gives_the_same_numbers(draw: Callable[[Case], Tensor]) -> None:
    """Two cases of one seed draw alike, whatever else has been drawn in the meantime."""
    first = draw(Case.fixed(seed=3))
    torch.rand(5)
    assert torch.equal(first, draw(Case.fixed(seed=3)))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS.keys())
def test_other_seed_gives_other_numbers(draw: Callable[[Case], Tensor]) -> None:
    """Two cases of different seeds draw differently."""
    assert not torch.equal(draw(Case.fixed(seed=3)), draw(Case.fixed(seed=4)))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS.keys())
def test_second_draw_gives_other_numbers(draw: Callable[[Case], Tensor]) -> None:
    """A case doesn't give the same numbers twice."""
    case = Case.fixed(seed=3)
    assert not torch.equal(draw(case), draw(case))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS.keys())
def test_drawing_leaves_torchs_own_state_alone(draw: Callable[[Case], Tensor]) -> None:
    """A case has its own generator: what a test draws elsewhere stays the same."""
    before = torch.random.get_rng_state()
    draw(Case.fixed(seed=3))
    assert torch.equal(torch.random.get_rng_state(), before)


@PROPERTY
@given(SEEDS, DTYPES, SHAPES, st.sampled_from([1.0, 0.4, 3.0]))
def test_normal_has_two_decimals(
    seed: int, dtype: torch.dtype, shape: list[int], scale: float
) -> None:
    """Numbers are whole hundredths, as near as their dtype can come to them."""
    drawn = Case.fixed(seed=seed, dtype=dtype).normal(*shape, scale=scale)
    assert (drawn.dtype, list(drawn.shape)) == (dtype, shape)
    assert torch.equal(drawn, ((drawn.double() * 100).round() / 100).to(dtype))


@PROPERTY
@given(SEEDS, SHAPES)
def test_precision_does_not_change_the_draw(seed: int, shape: list[int]) -> None:
    """A case in single precision draws the numbers of the double one, rounded."""
    single, double = (Case.fixed(seed, dtype) for dtype in (torch.float32, torch.float64))
    assert torch.equal(single.normal(*shape), double.normal(*shape).float())


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_normal_numbers_spread_as_asked(scale: float) -> None:
    """Many numbers have a mean near 0 and the standard deviation that was asked for."""
    drawn = Case.fixed(seed=1).normal(100, 100, scale=scale)
    assert abs(float(drawn.mean())) < 0.05 * scale
    assert abs(float(drawn.std()) - scale) < 0.05 * scale


@PROPERTY
@given(SEEDS, st.integers(1, 7), DTYPES)
@example(0, 7, torch.float64)
def test_recurrent_matrix_is_tame(seed: int, size: int, dtype: torch.dtype) -> None:
    """A recurrent matrix has a spectral radius below 1: states neither explode nor saturate."""
    drawn = Case.fixed(seed=seed, dtype=dtype).recurrent(size)
    assert (drawn.dtype, drawn.shape) == (dtype, (size, size))
    assert float(torch.linalg.eigvals(drawn).abs().max()) < 1


@PROPERTY
@given(SEEDS, st.integers(2, 7))
@example(1584, 2)
@example(3794, 2)
def test_recurrent_matrix_is_not_symmetric(seed: int, size: int) -> None:
    """A recurrent matrix differs clearly from its transpose, so that a wrong one shows."""
    drawn = Case.fixed(seed=seed).recurrent(size)
    assert float((drawn - drawn.T).abs().max()) > 0.01


@PROPERTY
@given(SEEDS, st.integers(2, 20))
def test_permutation_moves_every_element(seed: int, count: int) -> None:
    """A permutation holds each index once, and none at its own place."""
    order = Case.fixed(seed=seed).permutation(count)
    assert order.sort().values.tolist() == list(range(count))
    assert not bool((order == torch.arange(count)).any())


@PROPERTY
@given(SEEDS, st.integers(3, 20))
def test_permutation_is_not_its_own_inverse(seed: int, count: int) -> None:
    """From three on, undoing a permutation by doing it again fails."""
    order = Case.fixed(seed=seed).permutation(count)
    assert not torch.equal(order[order], torch.arange(count))


def test_permutation_of_one_stays() -> None:
    """One element has nowhere to go."""
    assert Case.fixed().permutation(1).tolist() == [0]


@PROPERTY
@given(SEEDS, st.integers(-5, 5), st.integers(0, 5))
def test_integers_stay_between_their_ends(seed: int, low: int, more: int) -> None:
    """Whole numbers lie between both ends, and are int64."""
    drawn = Case.fixed(seed=seed).integers(low, low + more, 3, 4)
    assert (drawn.dtype, drawn.shape) == (torch.int64, (3, 4))
    assert bool(((low <= drawn) & (drawn <= low + more)).all())


def test_integers_include_both_ends() -> None:
    """Both ends come up."""
    assert set(Case.fixed().integers(2, 4, 100).tolist()) == {2, 3, 4}


@PROPERTY
@given(SEEDS)
def test_integer_is_a_python_int(seed: int) -> None:
    """One number is a plain int between both ends."""
    drawn = Case.fixed(seed=seed).integer(-1, 1)
    assert type(drawn) is int
    assert -1 <= drawn <= 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_zeros_have_the_dtype_of_the_case(dtype: torch.dtype) -> None:
    """Zeros come in the case's dtype."""
    zeros = Case.fixed(dtype=dtype).zeros(2, 3)
    assert (zeros.dtype, zeros.shape) == (dtype, (2, 3))
    assert not bool(zeros.any())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_module_is_filled_from_the_seed(dtype: torch.dtype) -> None:
    """A module gets parameters that depend on the seed alone, in the case's dtype."""
    first, second = (Case.fixed(5, dtype).load_random(nn.RNN(3, 4)) for _ in range(2))
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert one.dtype is dtype
        assert torch.equal(one, other)
        assert bool(one.any())


def test_filled_module_still_learns() -> None:
    """Filling a module leaves its parameters leaves that ask for gradient."""
    module = Case.fixed().load_random(nn.Linear(2, 2))
    assert all(p.requires_grad and p.is_leaf for p in module.parameters())


# --- the case ---------------------------------------------------------------------------------


def test_sizes_are_attributes() -> None:
    """A size is read by its name."""
    case = Case.fixed(B=2, T=5)
    assert (case.B, case.T) == (2, 5)


def test_unknown_size_is_told() -> None:
    """A size that the case doesn't have is told by name."""
    with pytest.raises(AttributeError, match="no size H"):
        _ = Case.fixed(B=2).H


def test_case_shows_all_that_it_depends_on() -> None:
    """What a failing test prints of a case suffices to make it again."""
    case = Case.fixed(seed=9, dtype=torch.float32, B=2, T=5)
    assert repr(case) == "Case(B=2, T=5, seed=9, float32)"


# --- the way to a small case ------------------------------------------------------------------


def shrunk(student: Student, fails: Callable[[Case], bool]) -> tuple[list[Case], Case]:
    """The cases on which a failing test is run, and the one that it is told with."""
    seen: list[Case] = []

    def test(student: Student, case: Case) -> None:
        seen.append(case)
        assert not fails(case), "no"

    decorated = cases("B", "T", ones=False)(test)
    with pytest.raises(AssertionError, match="no"):
        drawn(decorated, 50, shrink=True).run(student)
    return seen, seen[-1]


def test_failure_is_told_with_a_small_case() -> None:
    """What fails from some size on is shown at that size."""
    _, told = shrunk(cast(Student, CountingStudent()), lambda case: case.B + case.T > 6)
    assert told.B + told.T == 7


def told_of(check: Callable[[Case], None]) -> tuple[str, Case]:
    """What a failing test on two sizes says of an answer, and the case that it is told with."""
    seen: list[Case] = []

    def test(student: Student, case: Case) -> None:
        seen.append(case)
        check(case)

    with pytest.raises(WrongError) as told:
        drawn(cases("B", "T")(test), 5, shrink=True).run(CountingStudent())
    return told.value.detail, seen[-1]


def test_wrong_shape_is_told_with_axes_that_differ() -> None:
    """A shape that is wrong everywhere isn't shown where all sizes are 1."""

    def flat(case: Case) -> None:
        tensor(case.zeros(case.T), (case.B, case.T))

    detail, case = told_of(flat)
    assert case.B != case.T
    assert detail.endswith(f"expected ({case.B}, {case.T}): an axis missing?")


def test_shape_that_is_wrong_for_ones_alone_is_told_with_them() -> None:
    """As of a squeeze that takes one axis too many; nor does another failure stand in for it."""

    def squeezed(case: Case) -> None:
        holds(case.B < 2, "something else")
        tensor(case.zeros(case.B, case.T).squeeze(), (case.B, case.T))

    detail, case = told_of(squeezed)
    assert (case.B, case.T) == (1, 1)
    assert detail == "the result: returned (), expected (1, 1)"


def test_way_to_a_small_case_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many further cases no new one is run, and what failed is shown to have failed."""
    monkeypatch.setattr(draws, "SHRINKS", 9)
    seen, told = shrunk(cast(Student, CountingStudent()), lambda case: case.seed > 1000)
    failed = [place for place, case in enumerate(seen) if case.seed > 1000]
    first = failed[1]  # the first one that hypothesis sees
    assert len({repr(case) for case in seen[first + 1 :]}) <= 10
    assert told.seed > 1000


def test_each_run_of_a_test_looks_for_a_small_case_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one submission's failures used up, the next one has again."""
    monkeypatch.setattr(draws, "SHRINKS", 60)  # enough for one run, and not for all of them
    seen: list[int] = []

    def test(student: Student, case: Case) -> None:
        seen.append(case.B)
        assert case.B < 4, "no"

    claim = drawn(cases("B", ones=False)(test), 50, shrink=True)
    for _ in range(20):
        with pytest.raises(AssertionError, match="no"):
            claim.run(CountingStudent())
        assert seen[-1] == 4


def test_hidden_failure_costs_no_further_cases() -> None:
    """Where no small case is looked for, the one that failed is run once more, and no other."""
    seen: list[Case] = []

    def test(student: Student, case: Case) -> None:
        seen.append(case)
        assert len(seen) < 3, "no"

    with pytest.raises(AssertionError, match="no"):
        drawn(cases("B")(test), 20).run(CountingStudent())
    assert repr(seen[2]) == repr(seen[3])
    assert len(seen) == 4


@pytest.mark.parametrize("shrink", [False, True], ids=["hidden", "visible"])
def test_failure_that_does_not_come_again_is_flaky(shrink: bool) -> None:
    """What fails once and then no more is told as that."""
    seen: list[Case] = []

    def test(student: Student, case: Case) -> None:
        seen.append(case)
        assert len(seen) != 2, "no"

    with pytest.raises(Flaky):
        drawn(cases("B")(test), 3, shrink).run(CountingStudent())


def test_cases_are_drawn_once() -> None:
    """A second run of a test finds the cases drawn; another seed draws others."""
    claim = drawn(cases("B", ones=False)(lambda student, case: None), 5)
    first = claim.cases()
    claim.configure(seed=7, shrink=True)
    assert claim.cases() is first
    before = list(first)
    claim.configure(seed=8, shrink=True)
    assert repr(claim.cases()) != repr(before)
