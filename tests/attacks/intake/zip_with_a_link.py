"""Is a zip whose member is a link.

outcome: intake
says:
"""

import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    link = zipfile.ZipInfo(NAME)
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
