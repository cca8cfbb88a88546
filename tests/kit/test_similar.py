"""Who is alike: copies are found behind new names and comments, honest classes are left alone."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from grading import catalog as catalogs
from grading.classes import fingerprints, similar
from grading.classes.similar import Alike
from grading.testing import answers

CATALOG = catalogs.load()
STEM = "ex06_sine"
STUB = (CATALOG.home / "exercises" / f"{STEM}.py").read_text(encoding="utf-8")
OWN = """

def generate_sin_data(count, window):
    # walk over the curve with a window, see the tutorial of week three
    ramp = np.linspace(0.0, 12.5, count + 1)
    wave = np.sin(ramp)
    windows, targets = [], []
    for begin in range(0, count + 1 - window):
        piece = wave[begin : begin + window]
        windows.append(piece.reshape(window, 1))
        targets.append([wave[begin + window - 1]])
    both = torch.from_numpy(np.stack(windows)).float(), torch.tensor(targets).float()
    return both if count > window else (both[0][:0], both[1][:0])
"""
OTHER = '''

def generate_sin_data(n, length):
    """Another way."""
    position = torch.arange(n + length, dtype=torch.float32) * 0.1
    table = position.sin().unfold(0, length, 1)
    inputs = table.narrow(0, 0, n).unsqueeze(-1).contiguous()
    following = [float(row[-1]) for row in table.narrow(0, 1, n).unbind(0)]
    return inputs, torch.FloatTensor(following).view(-1, 1)
'''


def found(*answers: str, stem: str = STEM) -> list[Alike]:
    """What is found among submissions of one exercise, which are called a, b, …"""
    return similar.find([(chr(97 + i), {stem: text}) for i, text in enumerate(answers)], CATALOG)


def names(alike: list[Alike]) -> list[tuple[str, ...]]:
    """The groups."""
    return [one.names for one in alike]


# --- copies -----------------------------------------------------------------------------------


def renamed(text: str) -> str:
    """The same with other names."""
    for old, new in (("ramp", "x_axis"), ("wave", "y"), ("windows", "rows"), ("piece", "part_of")):
        text = re.sub(rf"\b{old}\b", new, text)
    return re.sub(r"\bcount\b", "n_points", text)


def without_comments(text: str) -> str:
    """The same without its comments."""
    return re.sub(r"#[^\n]*", "", text)


def commented(text: str) -> str:
    """The same with comments and empty lines everywhere."""
    return text.replace("\n    ", "  # so it goes on\n\n    ")


def spaced(text: str) -> str:
    """The same with other spaces."""
    return text.replace(" = ", "=").replace(", ", " ,  ").replace("\n    ", "\n        ")


@pytest.mark.parametrize(
    "disguise",
    [str, renamed, without_comments, commented, spaced, lambda t: spaced(renamed(commented(t)))],
    ids=["none", "names", "comments gone", "comments new", "spaces", "all"],
)
def test_no_disguise_hides_a_copy(disguise: object) -> None:
    """Names, comments and spaces may be changed: the two are found, and nobody else."""
    assert callable(disguise)
    groups = found(STUB + OWN, STUB + OTHER, STUB + disguise(OWN))
    assert [set(group) for group in names(groups)] == [{"a", "c"}]
    assert groups[0].share > 0.8


def test_copies_form_one_group() -> None:
    """Four copies are one entry with four names, not six pairs."""
    groups = found(STUB + OWN, STUB + renamed(OWN), STUB + OTHER, STUB + OWN, STUB + commented(OWN))
    assert [set(group) for group in names(groups)] == [{"a", "b", "d", "e"}]


def test_one_copied_part_is_found_among_other_work() -> None:
    """A copied function shows where the rest of the file is each one's own."""
    more = "\n\ndef helper(a):\n" + "".join(f"    a = a * {i} + [a, {i}]\n" for i in range(40))
    assert names(found(STUB + OWN + more, STUB + renamed(OWN))) == [("a", "b")]


PADDING = {
    "a list of numbers": "_ = [" + "1," * 21_000 + "]\n",
    "numbers on lines": "_ = [\n" + "    1.5e3, -2,\n" * 9_000 + "]\n",
    "a table of tables": "_ = {" + "(1, 2): [{'a': 3}],\n" * 3_000 + "}\n",
    "a list of texts": "_ = [" + "'word', " * 21_000 + "]\n",
    "lines of code": "x = 1\n" * 10_000,
    "comments": "# 1\n" * 30_000,
}


@pytest.mark.parametrize("padding", PADDING.values(), ids=PADDING.keys())
def test_copy_behind_a_table_is_found(padding: str) -> None:
    """However much stands before a copied function, it is found, with its lines."""
    alike = found(STUB + OWN, padding + STUB + renamed(OWN))[0]
    assert alike.names == ("a", "b")
    first = (padding + STUB).count("\n") + 3
    assert alike.passages[0].there == (first, first + OWN.count("\n") - 3)


@pytest.mark.parametrize("begins", ['_ = "\\\n"""\n', "_ = '\\\n'''\n"])
def test_text_over_two_lines_hides_nothing(begins: str) -> None:
    """A text that goes on in the next line ends there, and what follows is read as code."""
    assert names(found(STUB + OWN, begins + STUB + OWN)) == [("a", "b")]


@pytest.mark.parametrize("quote", ['"""', "'''"])
def test_text_that_never_ends_is_looked_through_once(quote: str) -> None:
    """Where a text seems to open on each of many lines, it is one text up to the end."""
    lines = f"\\{quote}\n" * 200_000
    assert len(fingerprints.read(f"{quote}{lines}\\").tokens) == 1


def test_long_table_costs_next_to_nothing() -> None:
    """Of a table only the beginning is kept, and all comments in it."""
    read = fingerprints.read("[" + "1,\n" * 200_000 + "# a comment in a table\n" + "]\nend = 1\n")
    assert len(read.tokens) == fingerprints.MAX_DATA + 3
    assert read.lines[-3:].tolist() == [200_003] * 3
    assert read.words == {"a comment in a table"}


def test_lines_and_words_say_where_to_look() -> None:
    """The passages are the lines of the copied function in both, and the comment is named."""
    alike = found(STUB + OWN, "# one line more\n" + STUB + OWN)[0]
    first = STUB.count("\n") + 3
    here, there = alike.passages[0].here, alike.passages[0].there
    assert here == (first, first + OWN.count("\n") - 3)
    assert there == (here[0] + 1, here[1] + 1)
    assert any("the tutorial of week three" in words for words in alike.same_words)


# --- honest classes ---------------------------------------------------------------------------


def test_stubs_are_not_alike() -> None:
    """Files that add nothing to the stub, or next to nothing, are left out."""
    assert not found(STUB, STUB, STUB + "\n# not yet\n", STUB + "\n# not yet\n", STUB + "\nx = 1\n")


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_the_kits_own_answers_are_nobodys(exercise: catalogs.Exercise) -> None:
    """Who writes what the solution says is not like all others who do."""
    solution = CATALOG.solution(exercise).read_text(encoding="utf-8")
    assert not found(solution, solution, f"{solution}\n", stem=exercise.stem)


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_strangers_are_not_alike(exercise: catalogs.Exercise) -> None:
    """Answers that differ as they were written by different hands are not listed."""
    stub = CATALOG.stub(exercise).read_text(encoding="utf-8")
    folder = Path(__file__).with_name("strangers")
    parts: dict[str, str] = {}
    for answer in answers.read(folder / f"{exercise.stem}.py"):
        parts.setdefault(answer.part, answer.text)  # one each: variants of one answer are alike
    assert not found(*(f"{stub}\n\n{text}\n" for text in parts.values()), stem=exercise.stem)


def mixed_class(count: int) -> list[tuple[str, dict[str, str]]]:
    """A class in which everybody takes one of a few ways to each part."""
    draw, folder = random.Random(1), Path(__file__).with_name("strangers")
    pools = {e.stem: answers.read(folder / f"{e.stem}.py") for e in CATALOG.exercises}
    stubs = {e.stem: CATALOG.stub(e).read_text(encoding="utf-8") for e in CATALOG.exercises}
    return [
        (
            f"s{i}",
            {
                stem: "\n\n".join([stubs[stem], *(a.text for a in pool if draw.random() < 0.6)])
                for stem, pool in pools.items()
            },
        )
        for i in range(count)
    ]


def test_what_many_wrote_is_common() -> None:
    """In a class of 100 where all answers are common, two copies of a rare one are all there is."""
    members = mixed_class(100)
    members[7][1][STEM] += OWN
    members[93][1][STEM] += renamed(OWN)
    assert names(similar.find(members, CATALOG)) == [("s7", "s93")]


def test_copies_do_not_make_themselves_common() -> None:
    """What twenty of forty handed in word for word is rare all the same."""
    ways = [f"{STUB}\n\ndef predict{i}(a):\n    return a[{i}] * {i}\n" for i in range(20)]
    groups = found(*ways, *[STUB + OWN] * 20)
    assert len(groups) == 1
    assert len(groups[0].names) == 20


def test_the_stub_in_another_order_is_nobodys() -> None:
    """Pieces of the stub that were moved about are no likeness that fails to be shown."""
    halves = STUB.split("\n\n\n")
    moved = "\n\n\n".join(reversed(halves))
    assert names(found(moved + OWN, moved + renamed(OWN))) == [("a", "b")]


# --- any text ---------------------------------------------------------------------------------

ODD = {
    "open text": '"""never closed\n' * 30,
    "open brackets": "((((" * 5000,
    "backslash": "x = 'a\\",
    "triples": "'''\"\"\"" * 999 + "\\",
    "zeros": "\0\x01\x02" * 400,
    "other scripts": "переменная = 数 + 'ß' # été\n" * 50,
    "lone surrogates": "x = '\ud800'\n\ud800 = 1\n",
    "numbers": "1e5_0j 0x__ 1.2.3.4\n" * 99,
    "nothing": "",
    "long": "ab cd ef gh\n" * 80_000,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_any_text_is_compared_as_far_as_it_goes(text: str) -> None:
    """What no Python reads is compared all the same, and a copy beside it is found."""
    groups = found(STUB + OWN, STUB + renamed(OWN), text, f"{text} ")
    assert ("a", "b") in names(groups)


def test_unknown_stems_are_passed_over() -> None:
    """A file of no exercise is nobody's business."""
    assert not similar.find([("a", {"ex99_x": OWN}), ("b", {"ex99_x": OWN})], CATALOG)


def test_nothing_is_run(tmp_path: Path) -> None:
    """Source that would leave a file behind leaves none."""
    text = f"{STUB}{OWN}\nopen({str(tmp_path / 'x')!r}, 'w').write('x')\n"
    assert found(text, text)
    assert not list(tmp_path.iterdir())


def test_runs_of_fifteen_tokens_are_always_seen() -> None:
    """Winnowing's promise: two texts that share so many tokens share a fingerprint."""
    draw = random.Random(3)
    length = fingerprints.GRAM + fingerprints.WINDOW - 1
    shared = " ".join(str(draw.randrange(1000)) for _ in range(length))
    for _ in range(50):
        texts = (f"{draw.random()} + {shared} - {draw.random()}" for _ in range(2))
        one, other = (fingerprints.read(text) for text in texts)
        marks = [set(r.grams()[fingerprints.winnow(r.grams())].tolist()) for r in (one, other)]
        assert marks[0] & marks[1]


def test_the_order_of_the_class_changes_nothing() -> None:
    """The same groups come of the same class in another order."""
    texts = [STUB + OWN, STUB + OTHER, STUB + renamed(OWN)]
    there = similar.find([("a", {STEM: texts[0]}), ("c", {STEM: texts[2]})], CATALOG)
    back = similar.find([("c", {STEM: texts[2]}), ("a", {STEM: texts[0]})], CATALOG)
    assert [set(g) for g in names(there)] == [set(g) for g in names(back)] == [{"a", "c"}]
