"""Pictures of a student's own functions: drawn for right answers, framed words for all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from grading import catalog as catalogs
from grading.handed_in.intake import Submission
from grading.report import pictures
from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Picture, Row
from grading.session import starters
from grading.session.remote import Student
from grading.session.transport import Across
from tests.kit.conftest import FrontDoor

CATALOG = catalogs.load()
WITH_PICTURES = [exercise for exercise in CATALOG.exercises if pictures.drawings(exercise)]
Draw = Callable[[str, str], list[Picture]]
DRAWN = {"defs", "desc", "g", "path", "style", "svg", "text", "title", "use", "clipPath", "rect"}
DRAWN |= {"image", "pattern", "tspan"}


@pytest.fixture(scope="module")
def draw() -> Iterator[Draw]:
    """Draw an exercise's pictures from the solution with more code behind it."""
    starter = starters.starter()

    def drawn(number: str, more: str = "") -> list[Picture]:
        exercise = CATALOG.find(number)
        source = CATALOG.solution(exercise).read_text(encoding="utf-8")
        submission = Submission("s", {exercise.stem: f"{source}\n\n{more}"})
        return list(pictures.draw(exercise, submission, partial(Across, starter)))

    yield drawn
    starter.close()


@pytest.mark.parametrize("exercise", WITH_PICTURES, ids=lambda exercise: exercise.number)
def test_solutions_are_drawn(exercise: catalogs.Exercise, draw: Draw) -> None:
    """Every picture of a solution is there, with its numbers, and tells itself in words."""
    drawn = draw(exercise.number, "")
    assert drawn
    for picture in drawn:
        assert not picture.problem
        assert len(picture.rows) > 3
        assert all(len(row) == len(picture.rows[0]) for row in picture.rows)
        root = ElementTree.fromstring(picture.svg)
        assert root.get("role") == "img"
        assert root.findtext("{*}title") == picture.title
        assert root.findtext("{*}desc") == picture.caption


def test_words_of_wrong_shapes_do_not_overlap(draw: Draw) -> None:
    """However long a shape is, its words end before those of the next one, and in the picture."""
    long = "def predict_shapes(*given, **more): return (10000,) * 5, (20000,) * 5"
    (picture,) = draw("ex02", long)
    figure = picture.figure
    figure.draw_without_rendering()
    words = [text for axes in figure.axes for text in axes.texts]
    boxes = [text.get_window_extent() for text in words]
    assert len(boxes) == 12
    assert all(box.x1 <= figure.bbox.x1 for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("number", ["ex01", "ex03", "ex04", "ex05", "ex09", "ex10"])
def test_solutions_lie_on_the_right_curve(number: str, draw: Draw) -> None:
    """What the solution gives is what torch gives on this side."""
    (picture,) = draw(number, "")
    head, *rows = picture.rows
    mine = [place for place, name in enumerate(head) if str(name).startswith("your")]
    right = [place for place, name in enumerate(head) if str(name).startswith("right")]
    for row in rows:
        for a, b in zip(mine, right, strict=True):
            assert row[a] == pytest.approx(row[b], rel=2e-3, abs=1e-6)


FAILING = {
    "raises": ("raise KeyError('my own words')", "my own words"),
    "not started": ("raise NotImplementedError", "still raises NotImplementedError"),
    "hangs": ("while True: pass", "still running"),
    "dies": ("__import__('os').kill(__import__('os').getpid(), 9)", "killed"),
    "none": ("return None", "expected a tuple"),
    "nan": ("return x[:, :, :1].repeat(1, 1, 6) * float('nan'), h0", "NaN or infinity"),
    "shape": ("return x, h0", "expected (1, 24, 6)"),
    "huge": ("return torch.full((1, 24, 6), float('inf')), h0", "NaN or infinity"),
}


@pytest.mark.parametrize("how", FAILING)
def test_a_failing_function_leaves_a_frame_with_words(how: str, draw: Draw) -> None:
    """Whatever goes wrong, there is a picture frame that says so, and no numbers."""
    body, says = FAILING[how]
    (picture,) = draw("ex01", f"def rnn_forward(x, h0, W_xh, W_hh, b):\n    {body}\n")
    assert says in picture.problem
    assert not picture.rows
    text = " ".join("".join(ElementTree.fromstring(picture.svg).itertext()).split())
    assert "no picture yet" in text


def test_the_largest_numbers_can_be_drawn_or_told(draw: Draw) -> None:
    """Numbers near the end of float64 break no picture."""
    more = "def rnn_forward(x, h0, *w):\n    return torch.full((1, 24, 6), 1.7e308).double(), h0\n"
    (picture,) = draw("ex01", more)
    assert ElementTree.fromstring(picture.svg).get("viewBox")


def test_hostile_words_stay_text(draw: Draw) -> None:
    """Tags, formulas, control codes and quotes in a message become no element and no code."""
    words = "</text></svg><script>x</script> $\\\\frac{1$ --> ]]> \\x1b[2J \\u202e <image href='http://x'/>"
    more = f'def rnn_forward(*a):\n    raise ValueError("{words}")\n'
    (picture,) = draw("ex01", more)
    root = ElementTree.fromstring(picture.svg)
    found = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert found <= DRAWN - {"image"}
    assert "\x1b" not in picture.svg
    assert "\u202e" not in picture.svg
    assert "\\x1b" in picture.problem


def test_wrong_shapes_are_marked_by_sign_and_word(draw: Draw) -> None:
    """A wrong box bears a cross and the word wrong, a right one a tick."""
    more = (
        "def predict_shapes(B, T, H, num_layers=1, bidirectional=False, batch_first=True):\n"
        "    return (B, T, H), (num_layers, B, H)\n"
    )
    (picture,) = draw("ex02", more)
    text = "".join(ElementTree.fromstring(picture.svg).itertext())
    assert "✓ output (3, 6, 4)" in text
    assert "✗ output (3, 6, 4)" in text
    assert "wrong; right: (3, 6, 8)" in text


@pytest.mark.parametrize("shape", ["(3, 6)", "(3, 6, 99)", "(3, 0, 4)"])
def test_shape_that_is_no_box_is_told_without_one(shape: str, draw: Draw) -> None:
    """A shape that can't be drawn as a box is named, beside the box of the right one."""
    more = f"def predict_shapes(B, T, H, **options):\n    return {shape}, {shape}\n"
    (picture,) = draw("ex02", more)
    text = "".join(ElementTree.fromstring(picture.svg).itertext())
    assert not picture.problem
    assert f"✗ output {shape}" in text
    assert "wrong; right: (3, 6, 4)" in text


def test_wrong_cells_of_a_mask_are_counted(draw: Draw) -> None:
    """A mask that takes all steps for real is drawn, and its wrong cells are told as a number."""
    more = "def length_mask(lengths, T):\n    return torch.ones(len(lengths), T).bool()\n"
    mask, _ = draw("ex08", more)
    text = "".join(ElementTree.fromstring(mask.svg).itertext())
    wrong = [row for row in mask.rows[1:] if row[2] != row[3]]
    assert len(wrong) == 16
    assert "✗ 16 cells wrong (crossed)" in text


def test_drawing_that_fails_leaves_a_frame_with_words(
    draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer upon which the drawing itself fails is told in the frame, as plain text."""

    def fails(student: Student, figure: Figure) -> list[Row]:
        raise OverflowError("too far \x1b[2J")

    failing = (Drawing("odd", "An odd one", "What is odd.", fails),)
    monkeypatch.setattr(pictures, "drawings", lambda _: failing)
    (picture,) = draw("ex01", "")
    says = "the answer has a form that can't be drawn: OverflowError: too far \\x1b[2J"
    assert (picture.problem, picture.rows) == (says, ())
    assert "no picture yet" in picture.svg


def test_a_broken_part_spoils_no_other_picture(draw: Draw) -> None:
    """Where forecast dies, the learning curve is drawn all the same."""
    learning, forecast = draw("ex06", "def forecast(*a):\n    raise SystemExit(3)\n")
    assert not learning.problem
    assert forecast.problem


def test_ids_differ_between_pictures(draw: Draw) -> None:
    """No id is used by two pictures, so that they can stand on one page."""
    first, second = (
        {e.get("id") for e in ElementTree.fromstring(p.svg).iter() if e.get("id")}
        for p in draw("ex08", "")
    )
    assert first
    assert not first & second


def test_the_same_functions_give_the_same_picture(draw: Draw) -> None:
    """Pictures depend on nothing but the functions."""
    assert [p.svg for p in draw("ex03", "")] == [p.svg for p in draw("ex03", "")]


def test_colours_follow_the_page(draw: Draw) -> None:
    """Lines and letters take their colours from variables that have a light and a dark value."""
    (picture,) = draw("ex03", "")
    _, _, drawn = picture.svg.partition("</style>")
    assert f"{paper.INK};" not in drawn
    assert "var(--kit-" in drawn
    assert "prefers-color-scheme" in picture.svg


# --- the command ------------------------------------------------------------------------------


def test_lab_writes_pictures_and_numbers(front_door: FrontDoor, tmp_path: Path) -> None:
    """`lab` writes an exercise's pictures and tables, and prints which."""
    out = tmp_path / "new" / "folder"
    options = ("--out", out, "--format", "png", "--csv")
    done = front_door("lab", "ex08", CATALOG.home / "solutions", *options)
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"ex08_packing-{n}.{e}" for n in ("mask", "pollution") for e in ("csv", "png")]
    assert all(str(out / name) in done.stdout for name in names)
    assert (out / names[1]).read_bytes().startswith(b"\x89PNG")
    assert (out / names[0]).read_text("utf-8").splitlines()[0] == "row,step,yours,right"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ex99",), "there is no exercise 'ex99'"),
        (("ex01", "--format", "gif"), "--format is svg or png"),
        (("ex01", "no/such/folder"), "no/such/folder"),
        (("ex01", "--out", "/proc/nowhere"), "/proc/nowhere can't be written"),
    ],
    ids=["exercise", "format", "path", "read-only folder"],
)
def test_lab_says_what_was_misused(
    arguments: tuple[str, ...], says: str, front_door: FrontDoor
) -> None:
    """A mistake on the command line is exit code 2, with words."""
    done = front_door("lab", *arguments)
    assert done.returncode == 2
    assert says in done.stderr


def test_an_exercise_without_pictures_says_so(front_door: FrontDoor, scratch_kit: Path) -> None:
    """An exercise that has no file of drawings has no pictures, and that is all."""
    (scratch_kit / "grading/report/pictures/ex09_bptt.py").unlink()
    done = front_door("lab", "ex09", home=scratch_kit)
    assert done.returncode == 0, done.stderr
    assert "ex09_bptt has no pictures" in done.stdout
