"""Is a zip whose file begins at the largest number that 64 bits can say.

outcome: intake
says: damaged
"""

import io
import struct
import zipfile

NAME = "ex01_recurrence.py"


def build(folder, solution):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(NAME, solution)
    whole = buffer.getvalue()
    at, end = whole.rindex(b"PK\x01\x02"), whole.rindex(b"PK\x05\x06")
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
    head = bytearray(whole[at:end] + extra)
    head[30:32] = struct.pack("<H", len(extra))
    head[42:46] = b"\xff" * 4
    tail = bytearray(whole[end:])
    tail[12:16] = struct.pack("<I", len(head))
    (folder / "submission.zip").write_bytes(whole[:at] + head + tail)
