"""What the tests of the kit share: the front door as its users open it, and copies of the kit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grading.catalog import HOME, Catalog
from grading.session.starters import ForkServer
from grading.session.transport import measures_of
from tests.kit import handed_out, tiny

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FrontDoor = Callable[..., subprocess.CompletedProcess[str]]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
QUIET += ("--disable-component-update", "--disable-sync")
RULES = ["color-contrast", "heading-order", "svg-img-alt", "scope-attr-valid", "empty-heading"]
RULES += ["empty-table-header", "document-title", "duplicate-id-aria", "landmark-one-main", "list"]
RULES += ["link-name", "html-has-lang", "page-has-heading-one", "th-has-data-cells", "label"]
RULES += [
    "scrollable-region-focusable",
    "select-name",
    "aria-valid-attr-value",
    "nested-interactive",
]


os.environ.pop("PYTEST_ADDOPTS", None)  # it is for this run, not for those that the tests start

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a run in the background ignores Ctrl-C, and so would all that the tests start and interrupt
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def front_door() -> FrontDoor:
    """Run `python grader.py …` and wait for it."""

    def run(
        *arguments: object, home: Path = HOME, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(home / "grader.py"), *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=home,
            env=env,
            check=False,
            timeout=240,
        )

    return run


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    """A worker server, for tests that grade in their own process."""
    launched = ForkServer.launch()
    measures_of(launched)  # it is warm once a first worker has said hello
    yield launched
    launched.close()


@pytest.fixture
def kit(tmp_path: Path) -> Catalog:
    """A small kit, in which nothing is missing."""
    return tiny.tiny(tmp_path / "kit")


@pytest.fixture(scope="session")
def small_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the kit with exercise 1 alone, to be read."""
    return handed_out.copied(tmp_path_factory.mktemp("small") / "kit")


@pytest.fixture
def scratch_kit(tmp_path: Path) -> Path:
    """A copy of the kit's sources, to be changed at will."""
    return copy_of_the_kit(tmp_path / "kit")


def copy_of_the_kit(home: Path) -> Path:
    """Copy the kit's sources to a new folder, which comes back."""
    home.mkdir()
    for name in ("grader.py", "pyproject.toml", "README.md", ".gitignore"):
        shutil.copy(HOME / name, home / name)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("exercises", "solutions", "grading"):
        shutil.copytree(HOME / name, home / name, ignore=ignored)
    for name in ("visible", "hidden", "misconceptions", "alternatives"):
        shutil.copytree(HOME / "tests" / name, home / "tests" / name, ignore=ignored)
    return home


# --- pages in a real browser ------------------------------------------------------------------


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Raises LookupError where there is none."""
    from playwright.sync_api import sync_playwright  # only where a page is opened

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise LookupError("no Chromium is here: install it with `apt-get install chromium`")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page at a width, light or dark; what it logs and asks for is noted in `seen`."""
    pages: list[Page] = []

    def open_page(
        path: Path, width: int, scheme: str, seen: list[str], javascript: bool = True
    ) -> Page:
        page = browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=javascript,
        )
        page.on("console", lambda message: seen.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: seen.append(f"error: {error}"))
        page.on("request", lambda request: seen.append(request.url))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail with axe-core's report where a page breaks one of its rules."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Page) -> None:
        told = Axe().run(page, options={"runOnly": RULES})
        assert not told.response["violations"], told.generate_report()

    return check
