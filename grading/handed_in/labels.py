"""Names for submissions that any system takes as names of files, and that stay what they are.

A name depends on its own submission alone, never on who else handed in: what a class already has
keeps its name when a student is added.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_READABLE = 60

_PLAIN = re.compile(r"[a-z0-9]([a-z0-9._-]{0,78}[a-z0-9])?")
_ID = re.compile(r"[a-z0-9]{1,24}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")

_SPELLED = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h"}
)
"""Letters that Unicode doesn't take apart into an ASCII letter and a mark."""


def label(text: str, identifier: str = "") -> str:
    """A name for a submission, made of whose it is and, where there is one, a platform's number.

    Small ASCII letters, digits and `._-` stay as they are. Anything else is made readable, and the
    number or a digest keeps apart what then looks alike (`Ana` and `ana` on systems that don't
    tell capitals from small letters, `Ana` and `Aña` everywhere).
    """
    if identifier and _ID.fullmatch(identifier):
        return f"{readable(text)}_{identifier}"
    if not identifier and _PLAIN.fullmatch(text) and not _RESERVED.fullmatch(text):
        return text
    same = unicodedata.normalize("NFC", text)
    return f"{readable(text)}-{digest(same, identifier)}"


def apart(name: str, *identity: str) -> str:
    """Another name for a submission whose own is taken."""
    return f"{name[:80]}-{digest(*identity, size=8)}"


def readable(text: str) -> str:
    """A text in ASCII letters, digits and dashes, cut to MAX_READABLE of them."""
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    ascii_only = spelled.encode("ascii", "ignore").decode()
    dashed = re.sub(r"[^A-Za-z0-9]+", "-", ascii_only)[:MAX_READABLE].strip("-")
    return dashed or "student"


def digest(*texts: str, size: int = 3) -> str:
    """Hexadecimal digits that stand for texts."""
    joined = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=size).hexdigest()
