"""Draws anew every picture that the README shows, from what the kit does now.

python -m tests.screenshots

The screens and pages are those of a mock student whose `rnn_step` reads W_hh along the wrong axis,
and of a mock class. Needs Chromium.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from rich.console import Console
from rich.text import Text

from grading import catalog as catalogs
from grading.testing import answers
from tests.kit.conftest import chromium

CATALOG = catalogs.load()
PICTURES = CATALOG.home / ".github" / "pictures"
DRAWN = (
    "ex01_recurrence-states",
    "ex05_gradients-reach",
    "ex06_sine-forecast",
    "ex07_char_rnn-confusion",
    "ex08_packing-pollution",
    "ex10_variants-reach",
)
CURSOR_BACK = "\x1b[?25h"
"""Ends the progress bar: what comes after it stays on the screen."""

MISTAKE = "W_hh_not_transposed"
STUDENTS = (
    *("Ada Lovelace", "Alan Turing", "Emmy Noether", "Grace Hopper", "Alonzo Church"),
    *("Sofia Kovalevskaya", "Srinivasa Ramanujan", "Hedy Lamarr", "Claude Shannon"),
    *("Katherine Johnson", "Kurt Gödel", "Barbara Liskov", "Edsger Dijkstra", "Mary Somerville"),
    *("Évariste Galois", "Radia Perlman", "John von Neumann", "Chien-Shiung Wu"),
)


def main() -> None:
    """The six pictures of the solutions, a terminal, a student's page, a class's page."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        of_solutions(folder)
        of_terminal(folder, browser)
        of_page(folder, browser)
        of_class(folder, browser)


def of_solutions(folder: Path) -> None:
    """What `lab` draws for the solutions."""
    for name in DRAWN:
        grader("lab", name[:4], "solutions", "--out", folder)
        shutil.copy(folder / f"{name}.svg", PICTURES)


def of_terminal(folder: Path, browser: Browser) -> None:
    """The screen after `check`, in colour, 80 columns wide."""
    mine = folder / "exercises"
    shutil.copytree(CATALOG.home / "exercises", mine)
    with_mistake(mine)
    printed = grader("check", mine, FORCE_COLOR="1", COLUMNS="80")
    _, _, at_last = printed.rpartition(CURSOR_BACK)
    screen = Console(record=True, width=80, file=io.StringIO())
    screen.print(Text.from_ansi(at_last))
    picture = folder / "terminal.svg"
    screen.save_svg(str(picture), title="python grader.py check")
    page = browser.new_page(viewport={"width": 1000, "height": 1300})
    page.goto(picture.as_uri())
    page.locator("svg").first.screenshot(path=PICTURES / "terminal.png")


def of_page(folder: Path, browser: Browser) -> None:
    """The top of what `check --html` writes."""
    mine = folder / "ada"
    mine.mkdir()
    for name in ("ex01", "ex06"):
        shutil.copy(CATALOG.solution(CATALOG.find(name)), mine)
    with_mistake(mine)
    grader("check", mine, "ex01", "ex06", "--html", folder / "report.html")
    shoot(browser, folder / "report.html", PICTURES / "report.png", 1100, 1900)


def of_class(folder: Path, browser: Browser) -> None:
    """The top of a class's page: every student with some answers right, wrong and missing."""
    draw = random.Random(1)
    known = {e: answers.read(CATALOG.answers(e, "misconceptions")) for e in CATALOG.exercises}
    for place, student in enumerate(STUDENTS):
        own = folder / "class" / f"{student}_{4700 + place}_assignsubmission_file_"
        own.mkdir(parents=True)
        for exercise in CATALOG.exercises:
            solution = CATALOG.solution(exercise).read_text(encoding="utf-8")
            wrong = draw.choice(known[exercise])
            stub = CATALOG.stub(exercise).read_text(encoding="utf-8")
            texts = [solution, wrong.submission(solution), stub]
            (text,) = draw.choices(texts, weights=(40 - place, 8 + place, place // 2))
            (own / f"{exercise.stem}.py").write_text(text, encoding="utf-8")
    grader("batch", folder / "class", "--out", folder / "out")
    shoot(browser, folder / "out" / "report.html", PICTURES / "class.png", 1120, 1210)


def with_mistake(mine: Path) -> None:
    """Put the mistake in the place of the first exercise's answer."""
    exercise = CATALOG.exercises[0]
    known = answers.read(CATALOG.answers(exercise, "misconceptions"))
    wrong = next(answer for answer in known if answer.name == MISTAKE)
    path = mine / f"{exercise.stem}.py"
    path.write_text(wrong.submission(path.read_text(encoding="utf-8")), encoding="utf-8")


def grader(*arguments: object, **environment: str) -> str:
    """What `python grader.py …` prints."""
    command = [sys.executable, "grader.py", *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=CATALOG.home,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode > 1:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def shoot(browser: Browser, path: Path, picture: Path, width: int, height: int) -> None:
    """Take the top of a page, in light."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.goto(path.as_uri())
    page.screenshot(path=picture)


if __name__ == "__main__":
    main()
