"""Is a zip with a file in it twice.

outcome: intake
says:
"""

import warnings
import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    warnings.simplefilter("ignore")
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        archive.writestr(NAME, "")
        archive.writestr(NAME, solution)
