"""Lies beside files whose names no encoding can carry.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution)
    for name in (b"\xff\xfe", b"\x1b[2J", b"a\nb"):
        open(bytes(folder) + b"/" + name, "wb").close()
