"""Is a zip whose member says that it is encrypted.

outcome: intake
says:
"""

import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        archive.writestr(NAME, solution)
    whole = bytearray((folder / "submission.zip").read_bytes())
    whole[6] |= 1
    whole[whole.rfind(b"PK\x01\x02") + 8] |= 1
    (folder / "submission.zip").write_bytes(whole)
