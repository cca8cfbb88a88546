"""Lies beside a conftest.py, a pytest.ini and modules called as others.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution)
    for name in ("conftest.py", "sitecustomize.py", "torch.py", "numpy.py", "grader.py"):
        (folder / name).write_text("raise SystemExit(0)")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only")
