"""Moodle: `Full Name_<id>_assignsubmission_file_/`, or the same before each file's own name."""

from __future__ import annotations

import re
from collections import defaultdict

from grading.handed_in.gather import Piece
from grading.handed_in.places import shown
from grading.handed_in.platforms.shelf import Found, Recognised, Shelf
from grading.results import Origin

_NAME = re.compile(r"(?s)(.*?)_([0-9]+)_assignsubmission_(file|onlinetext)(?:_(.*))?")


def recognise(shelf: Shelf) -> Recognised | None:
    """The submissions of a Moodle download; an online text is no submission of files."""
    files: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    texts = set()
    for item in shelf.items:
        if match := _NAME.fullmatch(item.name):
            whose = (match[1], match[2])
            pieces = files[whose]
            if match[3] == "file":
                pieces.append(shelf.piece(item, match[4] or ""))
            else:
                texts.add(whose)
    if not files:
        return None
    others = [item for item in shelf.items if not _NAME.fullmatch(item.name)]
    found = [_found(*whose, pieces, whose in texts) for whose, pieces in sorted(files.items())]
    return Recognised(found, (shelf.only(others),))


def _found(name: str, number: str, pieces: list[Piece], has_text: bool) -> Found:
    beside = has_text and bool(pieces)
    notes = ("an online text was handed in as well, which is not graded",) if beside else ()
    origin = Origin(student=shown(name), notes=notes, ids={"moodle_participant": number})
    fault = "" if pieces else "only an online text was handed in: no files"
    return Found(name, number, origin, tuple(pieces), fault)
