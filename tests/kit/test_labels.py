"""Proves that submissions' names fit any system, differ where students do, and stay as they are."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.handed_in import labels

PROPERTY = settings(max_examples=200, deadline=None)
TEXTS = st.text(max_size=120)
DEVICES = [
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)),
]
"""What Windows keeps for itself, whatever stands behind a dot."""


@pytest.mark.parametrize("name", ["ada", "ada.lovelace", "s123456", "a_b-c", "x", "a" * 80])
def test_tidy_names_stay(name: str) -> None:
    """A login or the like is its own name."""
    assert labels.label(name) == name


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("Ada Lovelace", "Ada-Lovelace"),
        ("Núñez, José", "Nunez-Jose"),
        ("Łukasz Weiß", "Lukasz-Weiss"),
        ("Søren Þór", "Soren-Thor"),
        ('O\'Brien "Bob"', "O-Brien-Bob"),
        ("../../etc/passwd", "etc-passwd"),
        ("trailing. ", "trailing"),
        ("李雷", "student"),
        ("😀", "student"),
        ("", "student"),
        ("a" * 81, "a" * 60),
    ],
)
def test_other_names_are_made_readable(text: str, readable: str) -> None:
    """What no file may be called becomes readable, with a digest behind it."""
    assert re.fullmatch(re.escape(readable) + "-[0-9a-f]{6}", labels.label(text))


def test_a_platforms_number_stands_in_the_name() -> None:
    """Where a platform tells its users apart by a number, that takes the digest's place."""
    assert labels.label("Ada Lovelace", "4711") == "Ada-Lovelace_4711"
    assert labels.label("李雷", "12") == "student_12"


@pytest.mark.parametrize("form", ["{}", "{}.txt", "{}.", "{}.tar.gz"])
@pytest.mark.parametrize("device", DEVICES)
def test_names_that_windows_reserves_are_not_used(device: str, form: str) -> None:
    """No submission is called like a device of Windows, with any suffix."""
    for name in (form.format(device), form.format(device).upper()):
        assert labels.label(name).partition(".")[0].casefold() not in DEVICES
        assert re.search(r"-[0-9a-f]{6}$", labels.label(name))


def test_one_name_in_two_forms_of_unicode_is_one() -> None:
    """A name is the same whether a system keeps its accents apart or not."""
    forms = {labels.label(unicodedata.normalize(form, "Zoë Ångström")) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Ana", "ana"), ("Ana", "Aña"), ("a b", "a-b"), ("a", "a ")]
)
def test_like_names_are_kept_apart(one: str, other: str) -> None:
    """Names that look alike in ASCII, or in small letters, differ in theirs."""
    assert labels.label(one).casefold() != labels.label(other).casefold()


@PROPERTY
@given(TEXTS, st.one_of(st.just(""), st.from_regex(r"[0-9]{1,30}", fullmatch=True), TEXTS))
def test_any_name_fits_any_system(text: str, identifier: str) -> None:
    """A name is short, has plain letters only, and no dot or dash where one matters."""
    name = labels.label(text, identifier)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]|[a-z0-9]", name)
    assert len(labels.apart(name, text)) <= 100


@PROPERTY
@given(TEXTS, TEXTS)
def test_two_texts_have_two_names(one: str, other: str) -> None:
    """Different texts have different names, on systems without capitals too."""
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (labels.label(one).casefold() == labels.label(other).casefold()) == same
