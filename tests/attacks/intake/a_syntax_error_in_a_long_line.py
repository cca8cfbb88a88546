"""Has a line of 180,000 letters, numbers all of them, and a mistake at its end.

outcome: error
says: SyntaxError
"""


def build(folder, solution):
    line = "NUMBERS = [" + "1, " * 60_000 + "\x0c<script>"
    (folder / "ex01_recurrence.py").write_text(solution + "\n" + line + "\n")
