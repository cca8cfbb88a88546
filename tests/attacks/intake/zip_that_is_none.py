"""Is a text that is called a zip.

outcome: intake
says:
"""


def build(folder, solution):
    (folder / "submission.zip").write_text(solution)
