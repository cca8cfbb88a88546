"""Has a comment of 900 KiB, tags and formulas in it, word for word as another submission has it.

outcome: passed
says:
"""

MARKUP = "=HYPERLINK(1) <img src=x onerror=alert(1)> \x1b[2J "


def build(folder, solution):
    comment = "#" + MARKUP * (900_000 // len(MARKUP))
    own = "\n".join(f"the_same_name_{i} = '<script>alert({i})</script>'" for i in range(200))
    text = f"{solution}\n\n{comment}\n{own}\nTHIS_ONE = 'one'\n"
    (folder / "ex01_recurrence.py").write_text(text)
