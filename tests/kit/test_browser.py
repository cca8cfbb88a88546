"""The HTML page in a real browser: legible, still, and untouched by what a submission says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from grading.catalog import HOME
from tests.kit.conftest import FrontDoor

Opened = Callable[..., Page]
PageOf = Callable[[str], Path]
VIEWS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]

HOSTILE = """

def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    print("</pre><script>document.title='owned'</script><img src=http://x.invalid/a>\\x1b[2J" * 99)
    raise ValueError("</svg><script>document.title='owned'</script><p id='injected'> $x \\u202e")


def rnn_forward(x, h0, W_xh, W_hh, b):
    raise ValueError("</text></svg><script>document.title='owned'</script><p id='injected'>")
"""


@pytest.fixture(scope="module")
def page_of(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> PageOf:
    """The page of a solution, of stubs, or of a broken hostile submission with an odd name."""
    folder = tmp_path_factory.mktemp("pages")
    submissions = {
        "solution": HOME / "solutions",
        "stubs": HOME / "exercises",
        "hostile": hostile(folder),
    }

    @cache
    def written(name: str) -> Path:
        chosen = ("ex01", "ex08", "--visible-only")
        front_door("check", submissions[name], *chosen, "--html", folder / f"{name}.html")
        return folder / f"{name}.html"

    return written


def hostile(folder: Path) -> Path:
    """A submission that says HTML and control codes, in a folder whose name is trouble."""
    odd = folder / "o\"dd' <b>na\\me</b> \N{GRINNING FACE}".replace("/", "\\")
    odd.mkdir()
    for stem in ("ex01_recurrence", "ex08_packing"):
        shutil.copy(HOME / "solutions" / f"{stem}.py", odd)
    with (odd / "ex01_recurrence.py").open("a", encoding="utf-8") as file:
        file.write(HOSTILE)
    return odd


@pytest.mark.parametrize("name", ["solution", "stubs", "hostile"])
@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_page_is_legible_and_still(
    name: str,
    width: int,
    scheme: str,
    opened: Opened,
    page_of: PageOf,
    assert_accessible: Callable[[Page], None],
) -> None:
    """No error, no request but for the file, pictures to be seen, no scrolling sideways; axe."""
    seen: list[str] = []
    page = opened(page_of(name), width, scheme, seen)
    assert seen == [page_of(name).as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [picture.bounding_box() for picture in page.locator("svg.kit-picture").all()]
    assert len(boxes) == 3
    assert all(box and box["width"] > 200 and box["height"] > 80 for box in boxes)
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_of_pictures_stand_out(scheme: str, opened: Opened, page_of: PageOf) -> None:
    """A picture's letters have a contrast of 4.5 to the page's background (axe skips them)."""
    page = opened(page_of("solution"), 1280, scheme, [])
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    fills = page.evaluate(
        "[...document.querySelectorAll('#ex08-pollution-title ~ * text')]"
        ".map(letters => getComputedStyle(letters).fill)"
    )
    assert len(fills) > 5
    assert all(contrast(fill, background) >= 4.5 for fill in fills)


def contrast(first: str, second: str) -> float:
    """The contrast of two CSS colours as WCAG 2 has it."""
    light = sorted((luminance(first), luminance(second)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of `rgb(r, g, b)`."""
    parts = [int(part) / 255 for part in color.removeprefix("rgb(").rstrip(")").split(",")]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_hostile_text_stays_text(opened: Opened, page_of: PageOf) -> None:
    """What was printed, raised and named is read as it is, and no element came of it."""
    page = opened(page_of("hostile"), 1280, "light", [])
    assert page.locator("script, img, iframe, #injected, h1 b").count() == 0
    assert page.title().startswith("o\"dd' <b>na\\me")
    words = page.locator("body").inner_text()
    assert "<script>document.title='owned'</script>" in words
    assert "\\x1b[2J" in words


def test_paper_shows_what_is_folded(opened: Opened, page_of: PageOf) -> None:
    """In print the page is light, and its pictures and folded tests take room."""
    page = opened(page_of("hostile"), 1280, "dark", [])
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("details .failure").first.is_visible()


BREAKS = """selector => [...document.querySelectorAll(selector)]
  .map(found => getComputedStyle(found).breakAfter)"""


def test_paper_keeps_together_what_belongs_together(opened: Opened, page_of: PageOf) -> None:
    """No label ends a sheet; what is shown in any case isn't offered; words are of one size."""
    page = opened(page_of("hostile"), 720, "light", [])
    page.emulate_media(media="print")
    labels = page.evaluate(BREAKS, "h2, h3, caption, summary, p.label, .failure p")
    assert set(labels) == {"avoid"}
    style = "found => [getComputedStyle(found).listStyleType, getComputedStyle(found).color]"
    marker, color = page.locator("summary").first.evaluate(style)
    assert (marker, color) == ("none", "rgb(31, 35, 40)")
    size = "found => parseFloat(getComputedStyle(found).fontSize)"
    assert page.locator("td .status").first.evaluate(size) <= page.locator("td").first.evaluate(
        size
    )


APART = """() => [...document.querySelectorAll('td .status')].filter(status => {
  const words = document.createRange();
  words.selectNodeContents(status.lastChild);
  return words.getClientRects()[0].top - status.firstElementChild.getBoundingClientRect().top > 4;
}).length"""
"""How many statuses have their sign on one line and their first word on the next."""


@pytest.mark.parametrize("name", ["solution", "stubs", "hostile"])
def test_sign_stands_beside_its_word(name: str, opened: Opened, page_of: PageOf) -> None:
    """On a telephone, too, where a status of several words takes several lines."""
    page = opened(page_of(name), 360, "light", [])
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate(APART) == 0


def test_mark_of_a_line_is_whole(opened: Opened, page_of: PageOf) -> None:
    """The arrow of the line that raised stands clear of the bar at its left, in a long file too."""
    page = opened(page_of("hostile"), 1280, "light", [])
    line = page.locator("li.raised").first
    line.evaluate("line => line.querySelector('.n').lastChild.data = '999'")
    arrow = line.locator("[aria-hidden]").bounding_box()
    whole = line.bounding_box()
    assert arrow
    assert whole
    assert arrow["x"] >= whole["x"] + 4


def test_what_is_folded_is_easily_hit(opened: Opened, page_of: PageOf) -> None:
    """What unfolds it is 24 pixels high, as WCAG 2.2 asks for."""
    page = opened(page_of("solution"), 1280, "light", [])
    boxes = [found.bounding_box() for found in page.locator("summary").all()]
    assert boxes
    assert all(box and box["height"] >= 24 for box in boxes)


def test_bars_outlive_forced_colours(opened: Opened, page_of: PageOf) -> None:
    """Where the reader's system takes all backgrounds away, the bars keep theirs."""
    page = opened(page_of("hostile"), 1280, "light", [])
    page.emulate_media(forced_colors="active")
    color = "bar => getComputedStyle(bar).backgroundColor"
    track, full = (page.locator(f"{bar} >> nth=0").evaluate(color) for bar in (".bar", ".bar i"))
    assert contrast(track, full) >= 3
