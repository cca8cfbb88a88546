"""Is a zip of 200 KB that holds 200 MB.

outcome: intake
says:
"""

import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    with zipfile.ZipFile(folder / "submission.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, b"#" * 200_000_000)
