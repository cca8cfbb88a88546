"""Is a zip whose member climbs out of its folder.

outcome: intake
says:
"""

import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        archive.writestr("../../" + NAME, solution)
