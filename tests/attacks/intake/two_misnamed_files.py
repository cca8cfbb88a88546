"""Hands in two files, each of which may be the one that is meant.

outcome: intake
says:
"""


def build(folder, solution):
    (folder / "ex01_a.py").write_text(solution)
    (folder / "ex01_b.py").write_text(solution)
