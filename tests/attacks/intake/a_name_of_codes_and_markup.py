"""Bears the exercise's name with tags, a formula and a terminal's commands around it.

outcome: passed
says:
"""


def build(folder, solution):
    name = "=HYPERLINK(1) ex01_recurrence \x1b[2J\u202e<img src=x onerror=alert(1)>.py"
    (folder / name).write_text(solution)
    (folder / "<script>alert(1)<\uff0fscript>").mkdir()
    (folder / "@SUM(1)\x07\n.txt").write_text("")
