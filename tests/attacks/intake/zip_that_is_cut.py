"""Is the first half of a zip.

outcome: intake
says:
"""

import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        archive.writestr(NAME, solution)
    whole = (folder / "submission.zip").read_bytes()
    (folder / "submission.zip").write_bytes(whole[: len(whole) // 2])
