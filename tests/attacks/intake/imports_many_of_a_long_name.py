"""Names tens of thousands of imports from a module of half a million letters, in a function that nobody calls.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    names = ",".join(f"a{number:x}" for number in range(45_000))
    imports = f"def idle():\n    from {'m' * 500_000} import {names}\n"
    (folder / NAME).write_text(f"{solution}\n\n{imports}")
