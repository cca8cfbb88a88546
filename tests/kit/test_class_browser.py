"""The report of a class, and a student's page, in a real browser: legible, still, filterable."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from grading import catalog as catalogs
from grading.catalog import HOME
from grading.classes.similar import Alike, Passage
from grading.handed_in import intake
from grading.report import classroom, html
from grading.results import Origin, Override, Result, from_json
from tests.kit.conftest import FrontDoor
from tests.kit.results_by_hand import cohort_of

Opened = Callable[..., Page]
CATALOG = catalogs.load()
VIEWS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
NAMES = ["Ada", "Björn", "Chidi", "Dilnoza", "Emre", "Fatima", "Goran", "Hana", "Ines", "Jonas"]
NAMES += ["Kavya", "Lior", "Mai", "Papadopoulosmaría"]
BAD = "</td></table><script>document.title='owned'</script><p id='injected'>\x1b[2J \u202e"

HOSTILE = f"""

def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise ValueError({BAD!r})


def rnn_forward(x, h0, W_xh, W_hh, b):
    import os
    os._exit(1)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages lie."""
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="module")
def graded(front_door: FrontDoor, folder: Path) -> list[Result]:
    """A solution, stubs, and a hostile submission that also dies, graded in two exercises."""
    hostile = folder / "hostile"
    hostile.mkdir()
    for stem in ("ex01_recurrence", "ex08_packing"):
        shutil.copy(HOME / "solutions" / f"{stem}.py", hostile)
    with (hostile / "ex01_recurrence.py").open("a", encoding="utf-8") as file:
        file.write(HOSTILE)
    klass = folder / "class"
    for name, submission in {
        "a": HOME / "solutions",
        "b": HOME / "exercises",
        "c": hostile,
    }.items():
        shutil.copytree(submission, klass / name)
    chosen = ("--only", "ex01,ex08", "--visible-only")
    front_door("batch", klass, "--out", folder / "out", *chosen)
    kept = sorted((folder / "out" / "results").glob("*.json"))
    return [from_json(path.read_bytes()) for path in kept]


def members(graded: list[Result], count: int) -> list[Result]:
    """A class of them: every third is hostile, some are late, noted or overridden."""
    drawn = []
    for i in range(count):
        result = graded[i % 3]
        name = BAD if i == 2 else f"{NAMES[i % len(NAMES)]} {chr(65 + i // 26 % 26)}. {i}"
        origin = Origin(name, late=i % 7 == 0, notes=(BAD,) if i == 2 else ())
        result = replace(result, submission=f"{i} {BAD}" if i == 2 else f"s{i}", origin=origin)
        drawn.append(overridden(result) if i in (2, 5) else result)
    return drawn


def overridden(result: Result) -> Result:
    """The same with a part's points given by hand."""
    first, *rest = result.exercises
    part = replace(first.parts[0], override=Override(2.0, first.parts[0].score, BAD), score=2.0)
    return replace(result, exercises=(replace(first, parts=(part, *first.parts[1:])), *rest))


@pytest.fixture(scope="module")
def pages(graded: list[Result], folder: Path) -> dict[str, Path]:
    """The reports of a class of 40 and of 1,000, and the hostile student's own page."""
    alike = [Alike("ex01_recurrence", ("s0", "s3"), 0.9, 99.0, (Passage((1, 9), (2, 9)),), (BAD,))]
    small = members(graded, 40)
    source = intake.read(folder / "hostile", CATALOG)
    written = {
        "small": classroom.page(cohort_of(small), alike),
        "large": classroom.page(cohort_of(members(graded, 1000)), alike),
        "student": html.student_page(small[2], source),
    }
    for name, page in written.items():
        (folder / f"{name}.html").write_bytes(page)
    return {name: folder / f"{name}.html" for name in written}


@pytest.mark.parametrize("name", ["small", "student"])
@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_page_is_legible_and_still(
    name: str,
    width: int,
    scheme: str,
    opened: Opened,
    pages: dict[str, Path],
    assert_accessible: Callable[[Page], None],
) -> None:
    """No error, no request but for the file, no scrolling sideways; axe, with all unfolded."""
    seen: list[str] = []
    page = opened(pages[name], width, scheme, seen)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert seen == [pages[name].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)


@pytest.mark.parametrize("name", ["small", "student"])
def test_hostile_text_stays_text(name: str, opened: Opened, pages: dict[str, Path]) -> None:
    """Names, messages, reasons and notes are read as they are, and no element came of them."""
    page = opened(pages[name], 1280, "light", [])
    assert page.locator("img, iframe, #injected").count() == 0
    assert page.locator("script").count() == (1 if name == "small" else 0)
    assert not page.title().startswith("owned")
    words = page.locator("body").inner_text()
    assert words.count("<script>document.title='owned'</script>") >= 3
    assert "\\x1b[2J" in words


@pytest.mark.parametrize("width", [768, 1100, 1280])
def test_no_column_is_cut_off_on_a_small_screen(
    width: int, opened: Opened, pages: dict[str, Path]
) -> None:
    """Where the picture and the table of scores have no room side by side, one is above the other.

    So no table has to be moved sideways, and nothing is hidden at its right.
    """
    page = opened(pages["small"], width, "light", [])
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    hidden = "[...document.querySelectorAll('.scroll')].map(s => s.scrollWidth - s.clientWidth)"
    assert not any(page.evaluate(hidden))


BROKEN = """() => {
  const broken = [];
  for (const link of document.querySelectorAll('#class-rows th a')) {
    for (const word of link.textContent.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(link.firstChild, word.index);
      range.setEnd(link.firstChild, word.index + word[0].length);
      if (range.getClientRects().length > 1 && word[0].length < 18) broken.push(word[0]);
    }
  }
  return broken;
}"""
"""The words of names that stand on more than one line, but for those that fit on none."""


def test_names_are_not_broken_on_a_telephone(opened: Opened, pages: dict[str, Path]) -> None:
    """Words of up to 17 letters stay whole."""
    page = opened(pages["small"], 320, "light", [])
    assert "Papadopoulosmaría" in page.locator("#class-rows").inner_text()
    assert page.evaluate(BROKEN) == []


CUT = """() => [...document.querySelectorAll('code.name')].filter(name =>
  [...name.childNodes].filter(piece => piece.data).some(piece => {
    const range = document.createRange();
    range.selectNodeContents(piece);
    return range.getClientRects().length > 1;
  })).map(name => name.textContent)"""
"""The names of parts that are broken elsewhere than behind an underscore."""


@pytest.mark.parametrize("width", [360, 768])
def test_parts_are_broken_at_underscores(
    width: int, opened: Opened, pages: dict[str, Path]
) -> None:
    """A narrow column breaks `sequence_cross_entropy`, and no word of it; a copy has no blank."""
    page = opened(pages["small"], width, "light", [])
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    names = page.locator("code.name").all_text_contents()
    assert {"rnn_forward", "classify_packed"} <= set(names)
    assert page.evaluate(CUT) == []


def test_words_of_the_table_say_what_is_counted(opened: Opened, pages: dict[str, Path]) -> None:
    """Who answered and hasn't full marks did so in part; the first order is that of results."""
    page = opened(pages["small"], 1280, "light", [])
    head = page.locator("#scores ~ .beside thead th").all_inner_texts()
    assert head[3:6] == ["Full marks", "In part", "Not begun"]
    orders = page.get_by_role("combobox", name="Order").locator("option").all_inner_texts()
    assert orders[:2] == ["by name of the result", "by student's name"]


def rows_of(page: Page) -> list[str]:
    """The names of the rows that are shown."""
    return page.locator("#class-rows tr:visible th").all_inner_texts()


def test_names_are_filtered(opened: Opened, pages: dict[str, Path]) -> None:
    """Typing a piece of a name leaves its rows, says how many, and can be taken back."""
    page = opened(pages["small"], 1280, "light", [])
    page.get_by_role("searchbox").fill("björn")
    assert [name.split()[0] for name in rows_of(page)] == ["Björn"] * 3
    assert page.locator("#filter-told").inner_text() == "3 of 40 are shown"
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#filter-told")).to_have_text("all 40 are shown")
    assert len(rows_of(page)) == 40


def test_status_and_points_are_filtered_by_exercise(opened: Opened, pages: dict[str, Path]) -> None:
    """A status and a range of points count in the exercise that is chosen, or in any."""
    page = opened(pages["small"], 1280, "light", [])
    page.get_by_role("combobox", name="Status").select_option("crashed")
    assert len(rows_of(page)) == 13
    page.get_by_role("combobox", name="Exercise").select_option(
        label="ex08 Sequences of different lengths"
    )
    assert not rows_of(page)
    page.get_by_role("combobox", name="Status").select_option("")
    page.get_by_role("spinbutton", name="Points from").fill("9.5")
    assert len(rows_of(page)) == 27
    page.get_by_role("combobox", name="Exercise").select_option("")
    page.get_by_role("spinbutton", name="to", exact=True).fill("19.5")
    assert len(rows_of(page)) == 13


def test_rows_are_sorted(opened: Opened, pages: dict[str, Path]) -> None:
    """By points, by name, and back to the order in which they came."""
    page = opened(pages["small"], 1280, "light", [])
    before = rows_of(page)
    page.get_by_role("combobox", name="Order").select_option("rising")
    points = [float(p) for p in page.locator("#class-rows td:nth-child(2)").all_inner_texts()]
    assert points == sorted(points)
    assert points[0] < points[-1]
    page.get_by_role("combobox", name="Order").select_option("")
    assert rows_of(page) == before


HIDDEN = """() => {
  const link = document.activeElement, box = link.getBoundingClientRect();
  return !link.contains(document.elementFromPoint(box.left + 3, box.top + box.height / 2));
}"""
"""Does something lie upon what has the focus?"""


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_head_and_foot_do_not_cover_the_focus(
    key: str, opened: Opened, pages: dict[str, Path]
) -> None:
    """Who goes through the names by keyboard sees each, though head and foot of the table stay."""
    page = opened(pages["small"], 1280, "light", [])
    links = page.locator("#class-rows th a")
    (links.first if key == "Tab" else links.last).focus()
    hidden = []
    for _ in range(links.count() - 1):
        page.keyboard.press(key)
        hidden.append(page.evaluate(HIDDEN))
    assert not any(hidden)


def test_fields_of_the_filter_stand_in_line(opened: Opened, pages: dict[str, Path]) -> None:
    """They have one height, whatever they are."""
    page = opened(pages["small"], 1280, "light", [])
    fields = page.locator("#filter :is(input, select, button)").all()
    assert len({box["height"] for field in fields if (box := field.bounding_box())}) == 1


def test_without_javascript_everything_is_there(opened: Opened, pages: dict[str, Path]) -> None:
    """All rows are shown, the form that would do nothing isn't, and folded lists open."""
    page = opened(pages["small"], 1280, "light", [], javascript=False)
    assert page.locator("#class-rows tr:visible").count() == 40
    assert not page.locator("#filter").is_visible()
    page.locator("#tests ~ details summary").first.click()
    assert page.locator("#tests ~ details table").first.is_visible()


def test_a_thousand_open(opened: Opened, pages: dict[str, Path]) -> None:
    """A class of 1,000 is one page of at most 3 MB, and its filter answers."""
    assert pages["large"].stat().st_size < 3_000_000
    seen: list[str] = []
    page = opened(pages["large"], 1280, "light", seen)
    page.get_by_role("searchbox").fill(" 999")
    assert len(rows_of(page)) == 1
    assert page.locator("#filter-told").inner_text() == "1 of 1000 is shown"
    assert seen == [pages["large"].as_uri()]


def test_paper_shows_the_whole_table(opened: Opened, pages: dict[str, Path]) -> None:
    """In print the page is light, the form is gone, and no row is cut off by a scrolling frame."""
    page = opened(pages["small"], 720, "dark", [])
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#filter").is_visible()
    heights = page.evaluate(
        "['.scroll.heat', 'table.heat'].map(s => document.querySelector(s).offsetHeight)"
    )
    assert heights[0] >= heights[1]


def test_a_students_page_answers_why(opened: Opened, pages: dict[str, Path]) -> None:
    """All tests with their points, the override with its reason; neither seed nor other names."""
    page = opened(pages["student"], 1280, "light", [])
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    words = page.locator("body").inner_text()
    for said in ("Your instructor gave 2 points here", "All ", "0 / ", "Must hold", "right"):
        assert said in words
    assert "20260" not in words
    assert "Ada" not in words
