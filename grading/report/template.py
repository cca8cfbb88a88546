"""Fills the HTML templates: everything is escaped, and a stranger's texts have one budget."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from grading.counting import counted
from grading.report.terminal import SIGNS
from grading.report.text import visible

_HERE = Path(__file__).parent


def render(template: str, **values: object) -> str:
    """A page from its template. Raises jinja2.UndefinedError for a value that is missing."""
    return _environment().get_template(template).render(signs=SIGNS, **values)


def encoded(page: str) -> bytes:
    """A page as UTF-8; what UTF-8 can't hold is spelled out."""
    return page.encode("utf-8", "backslashreplace")


def part_of_a_page(name: str) -> str:
    """The text of a script that a page holds."""
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    environment.filters["breakable"] = breakable
    environment.globals["counted"] = counted
    return environment


def breakable(name: str) -> Markup:
    """A part's name, which a narrow column may break behind its underscores."""
    return escape(name).replace("_", Markup("_<wbr>"))


class Room:
    """Shares out a page's budget for texts that come from submissions."""

    def __init__(self, budget: int) -> None:
        self._left = budget

    def fit(self, text: str, limit: int) -> Markup:
        """The text made visible, capped at `limit`, escaped; or a note that there is no room."""
        shown = escape(visible(text, limit)) if self._left else Markup("")
        if len(shown) > self._left or (text and not self._left):
            self._left = 0
            return Markup("… left out: this page is full, the JSON of the result holds all of it")
        self._left -= len(shown)
        return shown
