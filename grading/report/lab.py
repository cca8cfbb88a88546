"""What is written to files for people: the page of a result, and an exercise's pictures alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from grading.catalog import Catalog, Exercise
from grading.files import write_whole
from grading.handed_in.intake import Submission
from grading.report import html, pictures
from grading.report.pictures import paper
from grading.report.pictures.model import Picture
from grading.report.table import csv_bytes
from grading.report.template import encoded
from grading.results import Result
from grading.session.process import Starter
from grading.session.transport import Across


@dataclass(frozen=True)
class Options:
    """Where pictures go, as svg or png, and whether their numbers are written as CSV as well."""

    folder: Path
    format: str = "svg"
    tables: bool = False


def page(result: Result, submission: Submission, catalog: Catalog, starter: Starter) -> bytes:
    """The HTML page of a result, with pictures of the exercises that were graded."""
    graded = [catalog.find(exercise.id) for exercise in result.exercises]
    drawn = pictures.draw_all(graded, submission, lambda: Across(starter))
    return encoded(html.page(result, submission, drawn))


def write_pictures(
    exercise: Exercise, submission: Submission, starter: Starter, options: Options
) -> Iterator[str]:
    """Draw an exercise's pictures and write each; one line of words for each file or failure.

    Raises WriteError and DiskFullError.
    """
    torch.set_num_threads(1)
    for picture in pictures.draw(exercise, submission, lambda: Across(starter)):
        for name, content in _files(picture, options):
            write_whole(options.folder / name, content)
            yield str(options.folder / name)
        if picture.problem:
            yield f"No picture yet, {picture.title}: {picture.problem}"


def _files(picture: Picture, options: Options) -> Iterator[tuple[str, bytes]]:
    drawn = paper.png(picture.figure) if options.format == "png" else picture.svg.encode()
    yield f"{picture.stem}.{options.format}", drawn
    if options.tables and picture.rows:
        header, *rows = picture.rows
        yield f"{picture.stem}.csv", csv_bytes([str(name) for name in header], rows)
