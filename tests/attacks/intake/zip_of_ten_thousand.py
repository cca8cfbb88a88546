"""Is a zip of ten thousand members.

outcome: intake
says:
"""

import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        for i in range(10_001):
            archive.writestr(f"{i}.py", "")
        archive.writestr(NAME, solution)
