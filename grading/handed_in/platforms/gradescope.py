"""Gradescope's bulk export: `submission_metadata.yml`, and a folder for each submission."""

from __future__ import annotations

from typing import Any

import yaml

from grading.handed_in.places import IntakeError, Item, Kind, shown
from grading.handed_in.platforms.shelf import Found, Recognised, Shelf
from grading.results import Origin

METADATA = "submission_metadata.yml"
MAX_BYTES = 128 * 1024 * 1024
"""The metadata hold the results of earlier gradings too, and so may be large."""

_NOT_LATE = ("", "0", "0.0", "00:00:00", "false", "no", "null", "~")


def recognise(shelf: Shelf) -> Recognised | None:
    """The submissions of an export; one that the metadata or the folders lack is told."""
    if all(item.name != METADATA for item in shelf.items):
        return None
    records = _records(shelf)
    items = {item.name: item for item in shelf.items if item.name != METADATA}
    named = [_found(shelf, name, records[name], items.get(name)) for name in sorted(records)]
    others = [item for item in items.values() if item.name not in records]
    strays = [_stray(shelf, item) for item in others if item.kind is Kind.FOLDER]
    loose = [item for item in others if item.kind is not Kind.FOLDER]
    return Recognised(named + strays, (shelf.only(loose),))


def _records(shelf: Shelf) -> dict[str, dict[str, Any]]:
    """What the metadata say of each submission, all of it as text. Raises IntakeError."""
    content = shelf.place.fetch((*shelf.steps, METADATA), MAX_BYTES)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # makes text and nothing else of it
    try:
        read = yaml.load(content, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise IntakeError(f"{METADATA} can't be read: {shown(str(error))}") from None
    if not isinstance(read, dict) or len(content) >= MAX_BYTES:
        raise IntakeError(f"{METADATA} is not as Gradescope writes it; download the export again")
    return {str(name): _plain(record) for name, record in read.items()}


def _plain(record: object) -> dict[str, Any]:
    """A record by the names of its fields, which Gradescope writes as Ruby's symbols."""
    fields = record if isinstance(record, dict) else {}
    return {str(name).lstrip(":"): value for name, value in fields.items()}


def _found(shelf: Shelf, name: str, record: dict[str, Any], folder: Item | None) -> Found:
    listed = record.get("submitters")
    submitters = [_plain(one) for one in listed] if isinstance(listed, list) else []
    number = name.removeprefix("submission_")
    names = ", ".join(_each(submitters, "name")) or name
    emails, sids = _each(submitters, "email"), _each(submitters, "sid")
    ids = {"gradescope_submission": number, "email": "; ".join(emails), "sid": "; ".join(sids)}
    origin = Origin(
        student=shown(names),
        late=any(_is_late(record.get(field)) for field in ("late", "lateness")),
        earlier=_earlier(record, number),
        ids={kind: shown(value) for kind, value in ids.items() if value},
    )
    pieces = (shelf.piece(folder),) if folder else ()
    fault = "" if folder else f"{shown(name)} is in {METADATA}, but its folder isn't in the export"
    lasting = "-".join(sorted(sids)) or "-".join(sorted(emails)) or number
    return Found(names, lasting, origin, pieces, fault)


def _each(submitters: list[dict[str, Any]], field: str) -> list[str]:
    values = [submitter.get(field) for submitter in submitters]
    return [value for value in values if isinstance(value, str) and value not in ("", "null")]


def _is_late(value: object) -> bool:
    return isinstance(value, str) and value.lower() not in _NOT_LATE


def _earlier(record: dict[str, Any], number: str) -> tuple[str, ...]:
    history = record.get("history")
    past = [_plain(one) for one in history] if isinstance(history, list) else []
    lines = [
        [one[key] for key in ("id", "created_at") if isinstance(one.get(key), str)] for one in past
    ]
    return tuple(shown(" ".join(words)) for words in lines if words and words[0] != number)


def _stray(shelf: Shelf, item: Item) -> Found:
    note = f"{METADATA} doesn't say whose it is"
    origin = Origin(student=shown(item.name), notes=(note,))
    return Found(item.name, "", origin, (shelf.piece(item),))
