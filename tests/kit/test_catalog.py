"""Proves that exercises are found by their names, and that their committed data is sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import catalog as catalogs
from grading.catalog import CatalogError, Exercise

PROPERTY = settings(max_examples=25, deadline=None)
CATALOG = catalogs.load()
EACH = pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)

GOOD = 'title = "A title"\n[parts.step]\npoints = 4\nhints = ["a", "b", "c"]\n'


def kit(home: Path, **tomls: str | bytes) -> Path:
    """A kit that holds these data files, by stem."""
    folder = home / "tests" / "visible"
    folder.mkdir(parents=True)
    for stem, text in tomls.items():
        content = text if isinstance(text, bytes) else text.encode()
        (folder / f"{stem}.toml").write_bytes(content)
    return home


# --- what is committed ------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_an_exercise_makes_ten_points(exercise: Exercise) -> None:
    """Its parts are worth ten points together."""
    assert exercise.points == 10


def test_exercises_are_numbered_without_gaps() -> None:
    """The exercises are called ex01, ex02 and so on, in order."""
    numbers = [exercise.number for exercise in CATALOG.exercises]
    assert numbers == [f"ex{n:02d}" for n in range(1, len(numbers) + 1)]


@EACH
def test_each_exercise_is_worth_ten(exercise: Exercise) -> None:
    """The points of an exercise's parts, whole numbers above 0, add up to 10."""
    points = [part.points for part in exercise.parts]
    assert all(type(worth) is int and worth > 0 for worth in points)
    assert sum(points) == 10


@EACH
def test_each_part_has_three_hints(exercise: Exercise) -> None:
    """Each ladder has three rungs, all with text, none of them twice."""
    for part in exercise.parts:
        assert len(set(part.hints)) == 3
        assert all(type(hint) is str and len(hint) > 20 for hint in part.hints)


@EACH
def test_uses_name_parts_above(exercise: Exercise) -> None:
    """A part builds on parts that stand above it in the same exercise, and says each once."""
    above: list[str] = []
    for part in exercise.parts:
        assert set(part.uses) <= set(above)
        assert len(set(part.uses)) == len(part.uses)
        above.append(part.name)


@EACH
def test_by_hand_lists_hold_dotted_torch_names(exercise: Exercise) -> None:
    """What a part is to do without is named from torch on, each name once."""
    for part in exercise.parts:
        assert all(name.startswith("torch.") for name in part.by_hand)
        assert len(set(part.by_hand)) == len(part.by_hand)


@EACH
def test_each_exercise_has_its_files(exercise: Exercise) -> None:
    """The files of an exercise's stem stand in every folder of this copy."""
    paths = [CATALOG.solution(exercise), CATALOG.stub(exercise), *CATALOG.tests(exercise)]
    paths += [CATALOG.answers(exercise, kind) for kind in ("misconceptions", "alternatives")]
    assert all(path.is_file() and exercise.stem in path.stem for path in paths)


# --- finding ----------------------------------------------------------------------------------


@EACH
def test_every_name_of_an_exercise_finds_it(exercise: Exercise) -> None:
    """The stem, its file's name, the number, in any case, and the bare number find it."""
    bare = exercise.number.removeprefix("ex")
    names = [exercise.stem, f"{exercise.stem}.py", exercise.number, exercise.number.upper()]
    for name in [*names, bare, str(int(bare)), f"ex{int(bare)}"]:
        assert CATALOG.find(name) is exercise


@pytest.mark.parametrize(
    "name", ["", "0", "99", "-1", "1.0", "²", "ex99", "ex01_", "recurrence", "9" * 5000]
)
def test_other_names_are_refused_with_those_there_are(name: str) -> None:
    """A name that no exercise has is an error which lists the numbers that there are."""
    with pytest.raises(CatalogError, match=r"there are: ex01, ex02"):
        CATALOG.find(name)


def test_part_is_no_exercise_and_names_its_own() -> None:
    """Who names a part in the place of an exercise is told which exercise has it."""
    with pytest.raises(CatalogError, match="rnn_step is a part: name its exercise, ex01"):
        CATALOG.find("rnn_step")


@PROPERTY
@given(st.text(max_size=6) | st.integers(-3, 99).map(str))
def test_knows_what_find_finds(name: str) -> None:
    """`knows` says of every text whether `find` has an exercise for it."""
    try:
        found = bool(CATALOG.find(name))
    except CatalogError:
        found = False
    assert CATALOG.knows(name) is found


def test_no_names_select_all() -> None:
    """Who names no exercise means all."""
    assert CATALOG.select([]) == CATALOG.exercises


@PROPERTY
@given(st.lists(st.sampled_from(CATALOG.exercises), min_size=1, max_size=12), st.randoms())
def test_selected_in_order_and_once(chosen: list[Exercise], random: object) -> None:
    """However they are named and repeated, exercises come once each and in the kit's order."""
    names = [exercise.stem if i % 2 else exercise.number for i, exercise in enumerate(chosen)]
    expected = [exercise for exercise in CATALOG.exercises if exercise in chosen]
    assert list(CATALOG.select(names)) == expected


def test_one_unknown_name_spoils_the_selection() -> None:
    """A selection with a name that no exercise has is an error, whatever else is in it."""
    with pytest.raises(CatalogError, match="'ex77'"):
        CATALOG.select(["ex01", "ex77"])


@EACH
def test_file_is_known_by_its_stem(exercise: Exercise) -> None:
    """A submission, a test file or the data of a stem belong to its exercise, in any folder."""
    for path in (Path(f"/a/{exercise.stem}.py"), Path(f"test_{exercise.stem}.py")):
        assert CATALOG.of_file(path) is exercise


@pytest.mark.parametrize("name", ["ex01.py", "notes.txt", "test_grade.py", "ex01_recurrence_2.py"])
def test_other_files_belong_to_nothing(name: str) -> None:
    """A file that bears no exercise's stem belongs to none."""
    assert CATALOG.of_file(Path(name)) is None


# --- copies without hidden tests --------------------------------------------------------------


def test_hidden_tests_are_seen_where_they_are(tmp_path: Path) -> None:
    """A copy of the kit has hidden tests when its folder of them holds one."""
    catalog = catalogs.load(kit(tmp_path, ex01_a=GOOD))
    assert not catalog.has_hidden
    (tmp_path / "tests" / "hidden").mkdir()
    (tmp_path / "tests" / "hidden" / "test_ex01_a.py").touch()
    assert catalog.has_hidden


def test_only_tests_that_are_here_are_listed(tmp_path: Path) -> None:
    """Tests are the files that exist, and with `visible_only` no hidden one."""
    catalog = catalogs.load(kit(tmp_path, ex01_a=GOOD))
    exercise = catalog.exercises[0]
    assert catalog.tests(exercise) == []
    paths = [tmp_path / "tests" / name / "test_ex01_a.py" for name in ("visible", "hidden")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert catalog.tests(exercise) == paths
    assert catalog.tests(exercise, visible_only=True) == paths[:1]


# --- data files -------------------------------------------------------------------------------


def test_new_exercise_is_found_by_its_file_alone(tmp_path: Path) -> None:
    """A further data file is a further exercise; they come in the order of their numbers."""
    catalog = catalogs.load(kit(tmp_path, ex11_b=GOOD, ex02_z=GOOD, ex01_a=GOOD))
    assert [exercise.stem for exercise in catalog.exercises] == ["ex01_a", "ex02_z", "ex11_b"]


def test_list_below_the_title_holds_for_parts_without_their_own(tmp_path: Path) -> None:
    """What all of an exercise is to do without is said once; a part may say otherwise."""
    below = GOOD.replace("\n", '\nby_hand = ["torch.nn.RNN"]\n', 1)
    other = '[parts.{}]\npoints = 3\nhints = ["d"]\nby_hand = {}\n'
    text = below + other.format("free", "[]") + other.format("another", '["torch.lstm"]')
    parts = catalogs.load(kit(tmp_path, ex01_a=text)).exercises[0].parts
    assert [part.by_hand for part in parts] == [("torch.nn.RNN",), (), ("torch.lstm",)]


def test_data_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Title, parts in order, points, hints and lists are those of the file."""
    more = '[parts.all]\npoints = 6\nuses = ["step"]\nby_hand = ["torch.nn.RNN"]\nhints = ["d"]\n'
    exercise = catalogs.load(kit(tmp_path, ex01_a=GOOD + more)).exercises[0]
    assert (exercise.title, exercise.points, exercise.number) == ("A title", 10, "ex01")
    assert [part.name for part in exercise.parts] == ["step", "all"]
    step, whole = exercise.parts
    assert (step.points, step.hints, step.uses, step.by_hand) == (4, ("a", "b", "c"), (), ())
    assert (whole.uses, whole.by_hand) == (("step",), ("torch.nn.RNN",))


def test_kit_without_exercises_is_none(tmp_path: Path) -> None:
    """A folder without data files is told as such, and what to do."""
    with pytest.raises(CatalogError, match=r"visible holds no exNN_name\.toml: use grader\.py of"):
        catalogs.load(tmp_path)


@pytest.mark.parametrize("stem", ["ex1_a", "ex001_a", "ex01", "ex01_", "ex01_A", "ex01-a", "exam"])
def test_odd_stem_is_told(tmp_path: Path, stem: str) -> None:
    """A data file that isn't named exNN_name is an error that names it."""
    with pytest.raises(CatalogError, match=rf"{stem}\.toml"):
        catalogs.load(kit(tmp_path, **{stem: GOOD}))


FAULTS: dict[str, str | bytes] = {
    "empty": "",
    "no toml": "title = \n",
    "not UTF-8": GOOD.replace("A title", "caf\xe9").encode("latin-1"),
    "no title": GOOD.replace("title", "name"),
    "title is a number": GOOD.replace('"A title"', "5"),
    "no parts table": 'title = "A title"\n',
    "no part": 'title = "A title"\n[parts]\n',
    "parts is a number": 'title = "A title"\nparts = 3\n',
    "parts is a list": 'title = "A title"\nparts = ["step"]\n',
    "part is a number": 'title = "A title"\n[parts]\nstep = 3\n',
    "no points": GOOD.replace("points = 4\n", ""),
    "points as text": GOOD.replace("4", '"4"'),
    "points as truth": GOOD.replace("4", "true"),
    "points with a fraction": GOOD.replace("4", "4.5"),
    "points below zero": GOOD.replace("4", "-4"),
    "no hints": GOOD.replace("hints", "helps"),
    "hints of none": GOOD.replace('["a", "b", "c"]', "[]"),
    "hints as one text": GOOD.replace('["a", "b", "c"]', '"abc"'),
    "hints of numbers": GOOD.replace('["a", "b", "c"]', "[1, 2, 3]"),
    "uses as one text": GOOD + 'uses = "step"\n',
    "by_hand as one text": GOOD + 'by_hand = "torch.nn.RNN"\n',
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faulty_data_is_told_with_its_file(tmp_path: Path, text: str | bytes) -> None:
    """A data file with a fault is an error that names the file, not a wrong score later."""
    with pytest.raises(CatalogError, match=r"ex02_faulty\.toml"):
        catalogs.load(kit(tmp_path, ex01_a=GOOD, ex02_faulty=text))


def test_fault_of_a_part_is_told_with_its_name(tmp_path: Path) -> None:
    """Of several parts, the one that is not as it should be is named as its file names it."""
    second = '[parts.masked_step]\npoints = "6"\nhints = ["d"]\n'
    with pytest.raises(CatalogError, match=r"ex01_a\.toml: \[parts\.masked_step\]: .*points"):
        catalogs.load(kit(tmp_path, ex01_a=GOOD + second))
