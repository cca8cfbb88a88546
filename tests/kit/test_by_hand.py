"""Proves that a part's use of forbidden torch names is seen in its text, and nobody else's."""

from __future__ import annotations

import sys
import tracemalloc
import warnings
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.session import definitions
from grading.session.by_hand import first_use

PROPERTY = settings(max_examples=25, deadline=None)

FORBIDDEN = ("torch.nn.RNN", "torch.nn.RNNCell", "torch.rnn_tanh")
ANY_MODULE = ("torch.nn.Module",)


def part(*body: str, imports: str = "from torch import nn") -> str:
    """A file with these imports in line 1 and the part from line 2 on."""
    return "\n".join([imports, "def part(x):", *(f"    {line}" for line in body), ""])


# --- names ------------------------------------------------------------------------------------

ALIASES = {
    "from torch import nn": ("nn.RNN(2, 3)", "torch.nn.RNN"),
    "from torch import nn as layers": ("layers.RNN(2, 3)", "torch.nn.RNN"),
    "import torch.nn as nn": ("nn.RNNCell(2, 3)", "torch.nn.RNNCell"),
    "import torch": ("torch.nn.RNN(2, 3)", "torch.nn.RNN"),
    "import torch as t": ("t.rnn_tanh(x)", "torch.rnn_tanh"),
    "import torch; layers = torch.nn": ("layers.RNN(2, 3)", "torch.nn.RNN"),
    "import torch; T = torch; layers = T.nn": ("layers.RNN(2, 3)", "torch.nn.RNN"),
    "import torch.nn": ("torch.nn.RNN(2, 3)", "torch.nn.RNN"),
    "import torch.optim, torch.nn": ("torch.rnn_tanh(x)", "torch.rnn_tanh"),
    "from torch.nn import RNNCell": ("RNNCell(2, 3)", "torch.nn.RNNCell"),
    "from torch.nn import RNNCell as C": ("C(2, 3)", "torch.nn.RNNCell"),
    "from torch.nn import Linear, RNN as R": ("R(2, 3)", "torch.nn.RNN"),
    "from torch import rnn_tanh as kernel": ("kernel(x)", "torch.rnn_tanh"),
}


@pytest.mark.parametrize(("imports", "use"), ALIASES.items(), ids=ALIASES.keys())
def test_name_is_seen_through_its_import(imports: str, use: tuple[str, str]) -> None:
    """However torch was imported, the full name of what is used is told with its line."""
    call, name = use
    source = part("y = 1", f"return {call}", imports=imports)
    assert first_use(source, "part", FORBIDDEN) == f"line 4 uses {name}"


@pytest.mark.parametrize("imports", ["from torch import nn", "import torch.nn as nn"])
def test_import_inside_the_part_is_seen(imports: str) -> None:
    """An import within the function counts as one at the top."""
    source = part(imports, "return nn.RNN(2, 3)", imports="")
    assert first_use(source, "part", FORBIDDEN) == "line 4 uses torch.nn.RNN"


@pytest.mark.parametrize(
    ("cell", "seen"),
    [("nn.RNNCell | None", ""), ("list[nn.RNN]", ""), ("nn.RNN(2, 3)", "line 2 uses torch.nn.RNN")],
    ids=["a type", "a type of types", "a call"],
)
def test_annotation_uses_what_it_calls_alone(cell: str, seen: str) -> None:
    """A type that an annotation names does nothing; what it calls is called."""
    source = f"from torch import nn\ndef part(x, cell: {cell} = None) -> nn.RNN:\n    y: nn.RNN\n"
    assert first_use(source, "part", FORBIDDEN) == seen


def test_other_name_inside_the_part_is_seen() -> None:
    """A name that the part itself gives to a piece of torch is followed, too."""
    source = part("layers = torch.nn", "return layers.RNN(2, 3)", imports="import torch")
    assert first_use(source, "part", FORBIDDEN) == "line 4 uses torch.nn.RNN"


USES = {
    "assigned": "C = nn.RNN",
    "called": "return nn.RNN(2, 3)(x)",
    "passed on": "return list(map(nn.RNN, [1]))",
    "method": "return nn.RNN.forward",
    "subclass": "class Mine(nn.RNN): pass",
    "inner function": "def inner(): return nn.RNN",
    "lambda": "return lambda: nn.RNN",
    "comprehension": "return [nn.RNN for _ in x]",
    "f-string": "return f'{nn.RNN}'",
    "default": "def inner(cell=nn.RNN): return cell",
    "decorator": "@nn.RNN\n    def inner(): pass",
}


@pytest.mark.parametrize("body", USES.values(), ids=USES.keys())
def test_every_use_is_seen(body: str) -> None:
    """Wherever in the part the name stands as code, it is seen."""
    assert first_use(part(body), "part", FORBIDDEN) == "line 3 uses torch.nn.RNN"


@PROPERTY
@given(st.permutations(["if x:\n        nn.RNN(1, 1)", "nn.RNN(2, 2)", "y = 1", "f(nn.RNN)"]))
def test_first_line_is_told(body: list[str]) -> None:
    """Of several uses, the one that stands first in the file is told, however deep it stands."""
    source = part(*body)
    first = 1 + next(n for n, line in enumerate(source.splitlines()) if "nn.RNN" in line)
    assert first_use(source, "part", FORBIDDEN) == f"line {first} uses torch.nn.RNN"


INNOCENT = {
    "other tool": "return nn.Linear(2, 3)(x)",
    "longer name": "return nn.RNNBase",
    "own attribute": "return x.RNN",
    "own name": "RNN = 1; return RNN",
    "docstring": '"""Does what nn.RNN does."""',
    "string": "return 'nn.RNN(2, 3)'",
    "comment": "return x  # nn.RNN would do it",
    "parts of the name": "return nn, x.nn.RNN",
    "variable": "nn = x; return nn.RNN",
    "argument": "return (lambda nn: nn.RNN)(x)",
}


@pytest.mark.parametrize("body", INNOCENT.values(), ids=INNOCENT.keys())
def test_other_mentions_are_no_use(body: str) -> None:
    """Other names, and mentions in text, are nobody's business."""
    assert first_use(part(body), "part", FORBIDDEN) == ""


def test_unused_import_is_no_use() -> None:
    """Importing a tool without using it is nobody's business."""
    assert first_use(part("return x", imports="from torch.nn import RNN"), "part", FORBIDDEN) == ""


def test_nothing_is_forbidden_where_no_list_is() -> None:
    """A part without a list may use anything."""
    assert first_use(part("return nn.RNN(2, 3)"), "part", ()) == ""


@pytest.mark.parametrize("used", ["Linear", "RNN", "Sequential", "Module", "LSTMCell"])
def test_module_on_the_list_stands_for_all_modules(used: str) -> None:
    """Where `torch.nn.Module` is forbidden, building any module class of torch.nn is a use."""
    expected = f"line 3 uses torch.nn.{used}"
    assert first_use(part(f"return nn.{used}()"), "part", ANY_MODULE) == expected


@pytest.mark.parametrize("used", ["Parameter", "functional.linear", "init.zeros_", "utils"])
def test_module_on_the_list_leaves_functions_alone(used: str) -> None:
    """Where `torch.nn.Module` is forbidden, what is no module class remains free."""
    assert first_use(part(f"return nn.{used}"), "part", ANY_MODULE) == ""


# --- what a part reaches ----------------------------------------------------------------------

HELPER = "def helper(x):\n    return nn.RNN(2, 3)(x)\n"
REACHING = {
    "called": "def part(x):\n    return helper(x)\n",
    "passed on": "def part(x):\n    return list(map(helper, x))\n",
    "by a further one": (
        "def middle(x):\n    return helper(x)\ndef part(x):\n    return middle(x)\n"
    ),
    "by a class": "class part:\n    def forward(self, x):\n        return helper(x)\n",
    "by a base class": (
        "class Base:\n    def forward(self, x):\n        return helper(x)\nclass part(Base): pass\n"
    ),
    "as a default": "def part(x, step=helper):\n    return step(x)\n",
    "as a default under its own name": "def part(x, helper=helper):\n    return helper(x)\n",
    "in circles": "def other(x):\n    part(x); helper(x)\ndef part(x):\n    return other(x)\n",
}


@pytest.mark.parametrize("rest", REACHING.values(), ids=REACHING.keys())
def test_helper_that_is_reached_belongs_to_the_part(rest: str) -> None:
    """What a part reaches by name in its own file counts as the part's own text."""
    source = f"from torch import nn\n{HELPER}{rest}"
    assert first_use(source, "part", FORBIDDEN) == "line 3 uses torch.nn.RNN"


@pytest.mark.parametrize("rest", REACHING.values(), ids=REACHING.keys())
def test_helper_below_the_part_is_reached(rest: str) -> None:
    """The order of definitions in the file doesn't matter."""
    source = f"from torch import nn\n{rest}{HELPER}"
    line = 1 + source.splitlines().index("    return nn.RNN(2, 3)(x)")
    assert first_use(source, "part", FORBIDDEN) == f"line {line} uses torch.nn.RNN"


TABLES = {
    "made at once": "table = {3: nn.RNN(2, 3)}\n",
    "filled later": "table = {}\nfor size in (3,):\n    table[size] = nn.RNN(2, size)\n",
    "under a condition": "if True:\n    table = [nn.RNN(2, 3)]\n",
    "unpacked": "table, other = nn.RNN(2, 3), 4\n",
    "wrapped": "def table(x): return x\ntable = nn.RNN(2, 3)\n",
    "an attribute": "class table: pass\ntable.cell = nn.RNN(2, 3)\n",
    "setattr": "class table: pass\nsetattr(table, 'cell', nn.RNN(2, 3))\n",
    "append": "table = []\ntable.append(nn.RNN(2, 3))\n",
    "append in a loop": "table = []\nfor i in (2,):\n    c = nn.RNN(i, i)\n    table.append(c)\n",
    "append in a list": "table = []\n[table.append(nn.RNN(i, i)) for i in (2, 3)]\n",
    "append by a variable": "table = []\ncell = nn.RNN(2, 3)\ntable.append(cell)\n",
    "append to an item": "table = {}\ntable.setdefault(3, []).append(nn.RNN(2, 3))\n",
    "by a function": "table = []\ndef fill():\n    table.append(nn.RNN(2, 3))\nfill()\n",
    "by items": "table = {}\ndef fill():\n    table[3] = nn.RNN(2, 3)\nfill()\n",
    "by a global": "def fill():\n    global table\n    table = nn.RNN(2, 3)\nfill()\n",
    "by a function's function": (
        "table = []\ndef fill():\n    table.append(made())\ndef made():\n    return nn.RNN(2, 3)\n"
        "def begin():\n    fill()\nbegin()\n"
    ),
    "by its argument": "table = []\ndef fill(t):\n    t.append(nn.RNN(2, 3))\nfill(table)\n",
    "by its named argument": (
        "table = []\ndef fill(t):\n    t[0] = nn.RNN(2, 3)\nn = fill(t=table)\n"
    ),
    "where it isn't run as a program": ('if __name__ != "__main__":\n    table = [nn.RNN(2, 3)]\n'),
    "where it is no program": (
        'if __name__ == "__main__":\n    pass\nelse:\n    table = [nn.RNN(2, 3)]\n'
    ),
    "where main is named beside": (
        'if __name__ == "__main__" or True:\n    table = [nn.RNN(2, 3)]\n'
    ),
    "by a function under a condition": "if True:\n    def table():\n        return nn.RNN(2, 3)\n",
}


@pytest.mark.parametrize("rest", TABLES.values(), ids=TABLES.keys())
def test_table_that_is_reached_belongs_to_the_part(rest: str) -> None:
    """What was worked out while the file was loaded counts where the part looks it up."""
    source = f"from torch import nn\n{rest}def part(x):\n    return table\n"
    assert "uses torch.nn.RNN" in first_use(source, "part", FORBIDDEN)


SELF_CHECKS = {
    "printed": "print(nn.RNN(2, 3), part(table))\n",
    "built with a size": "size = 3\ncell = nn.RNN(2, size)\nprint(cell, table, size)\n",
    "walked through": "for n in table.values():\n    assert part(n) == nn.RNN(1, n)\n",
    "looked up": "cell = nn.RNN(2, table.get('rnn', 3))\nassert part(3) == cell\n",
    "handed over": "def check(t, f):\n    assert f(3) == nn.RNN(2, t['rnn'])\ncheck(table, part)\n",
    "beside results": (
        "seen = []\nfor n in table:\n    seen.append(nn.RNN(2, 3))\n    print(n, part(n), seen)\n"
    ),
    "in a function": (
        "def check():\n    seen = []\n    for n in table:\n        seen.append((n, nn.RNN(2, 3)))\n"
        "    return part(3) in seen\nassert check()\n"
    ),
    "of a loop's variable": "for i in range(3):\n    print(i, nn.RNN(2, i + 1), part(i))\n",
    "under main": 'if __name__ == "__main__":\n    table["rnn"] = nn.RNN(2, 3)\n',
    "under main, the other way round": (
        'if "__main__" == __name__:\n    table.update(x=nn.RNN(2, 3))\n'
    ),
    "by a function that is not called": "def fill():\n    table.update(x=nn.RNN(2, 3))\n",
    "a last line of a notebook": "nn.RNN(2, 3)\npart(3).sub(nn.RNN(2, 3)).abs()\n",
}


@pytest.mark.parametrize("check", SELF_CHECKS.values(), ids=SELF_CHECKS.keys())
def test_self_check_that_feeds_nothing_costs_nothing(check: str) -> None:
    """Who compares with the tool while the file is loaded, and reads no result of it, may."""
    table = "for i in range(2):\n    table = {'rnn': i}\n"
    answer = "def part(x):\n    return table['rnn'] * x\n"
    assert first_use(f"from torch import nn\n{table}{answer}{check}", "part", FORBIDDEN) == ""


def test_table_of_names_uses_nothing() -> None:
    """A table that names tools has used none: a part may look whether a key is in it."""
    table = "KINDS = {'rnn': nn.RNN, 'cell': nn.RNNCell}\n"
    source = f"from torch import nn\n{table}def part(x):\n    return x in KINDS\n"
    assert first_use(source, "part", FORBIDDEN) == ""


def test_list_that_is_only_added_to_is_not_read() -> None:
    """A part that notes something in a list uses nothing of what others noted there."""
    other = "def other(x):\n    seen.append(nn.RNN(2, 3))\n    return x\n"
    source = f"from torch import nn\nseen = []\n{other}def part(x):\n    seen.append(x)\n"
    parts = frozenset({"other", "part"})
    assert first_use(f"{source}    return x\n", "part", FORBIDDEN, parts) == ""
    used = "line 4 uses torch.nn.RNN"
    assert first_use(f"{source}    return seen[0]\n", "part", FORBIDDEN, parts) == used


def test_table_that_another_part_fills_is_used() -> None:
    """Other parts are called as well: what they leave behind with a tool is no work by hand."""
    other = "def other(x):\n    table.update(rnn=nn.RNN(2, 3))\n    return x\n"
    source = f"from torch import nn\ntable = {{}}\n{other}def part(x):\n    return table['rnn']\n"
    parts = frozenset({"other", "part"})
    assert first_use(source, "part", FORBIDDEN, parts) == "line 4 uses torch.nn.RNN"


OWN_NAMES = {
    "variable": "    helper = x + 1\n    return helper\n",
    "loop": "    for helper in x:\n        x = helper\n    return x\n",
    "argument": "    return (lambda helper: helper)(x)\n",
    "comprehension": "    return [helper for helper in x]\n",
}


@pytest.mark.parametrize("body", OWN_NAMES.values(), ids=OWN_NAMES.keys())
def test_variable_of_a_helpers_name_reaches_nothing(body: str) -> None:
    """A name that the part gives a value itself is not the helper of that name."""
    source = f"from torch import nn\n{HELPER}def part(x):\n{body}"
    assert first_use(source, "part", FORBIDDEN) == ""


@pytest.mark.parametrize(
    ("first", "then", "seen"),
    [
        ("from torch.nn import RNNCell", "class RNNCell: pass", ""),
        ("class RNNCell: pass", "from torch.nn import RNNCell", "line 4 uses torch.nn.RNNCell"),
    ],
)
def test_imported_name_is_its_own_where_the_file_defines_it_below(
    first: str, then: str, seen: str
) -> None:
    """What takes the place of an import is the student's own; the last of both counts."""
    source = part("return RNNCell(2, 3)", imports=f"{first}\n{then}")
    assert first_use(source, "part", FORBIDDEN) == seen


def test_definition_that_counts_is_the_last() -> None:
    """Of two definitions of one name the later is read, as Python would call it."""
    wrong, right = part("return nn.RNN(2, 3)"), part("return x")
    assert first_use(wrong + right, "part", FORBIDDEN) == ""
    assert first_use(right + wrong, "part", FORBIDDEN) == "line 6 uses torch.nn.RNN"


ELSEWHERE = {
    "another part": HELPER,
    "a class": "class Other(nn.RNN):\n    def forward(self, x):\n        return nn.RNN(1, 1)\n",
    "the main block": 'if __name__ == "__main__":\n    print(nn.RNN(2, 3), part(1))\n',
    "the top level": "print(nn.RNN(2, 3))\n",
    "a method of the part's name": "class Other:\n    def part(self):\n        return nn.RNN\n",
}


@pytest.mark.parametrize("rest", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_use_elsewhere_is_nobodys_business(rest: str) -> None:
    """What other parts, or lines that the part doesn't reach, use costs the part nothing."""
    assert first_use(part("return x") + rest, "part", FORBIDDEN) == ""


def test_part_that_is_not_there_uses_nothing() -> None:
    """A file without the part uses nothing in it."""
    assert first_use(HELPER, "part", FORBIDDEN) == ""


# --- what stands behind a file's end --------------------------------------------------------

FILE = (
    "import torch\ndef helper(x):\n    return torch.tanh(x)\ndef part(x):\n    return helper(x)\n"
)

BEHIND = {
    "nothing": ("", False),
    "another function": ("def other(x):\n    return part(x)\n", False),
    "the same import": ("import torch\n", False),
    "an import that nobody uses": ("import copy as helpers\n", False),
    "the part itself": ("def part(x):\n    return x\n", True),
    "what it calls": ("def helper(x):\n    return x\n", True),
    "what it calls, rebound": ("helper = abs\n", True),
    "another module of that name": ("import numpy as torch\n", True),
}


@pytest.mark.parametrize(("behind", "told"), BEHIND.values(), ids=BEHIND.keys())
def test_part_reaches_beyond_where_it_would_differ(behind: str, told: bool) -> None:
    """Lines behind a file make a difference to a part that comes to one of them, no other."""
    assert definitions.reaches_beyond(FILE + behind, "part", FILE.count("\n")) is told


# --- odd source -------------------------------------------------------------------------------

BROKEN = {
    "syntax": "def part(:",
    "NUL": "def part(): \0",
    "brackets": "(" * 10_000,
    "minus signs": "-" * 90_000 + "1",
    "indents": "\n".join(" " * n + "if 1:" for n in range(150)),
    "surrogate": "def part(): '\ud800'",
    "tabs and blanks": "if 1:\n\tx\n        y\n",
    "empty": "",
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN.keys())
def test_source_that_is_no_python_uses_nothing(source: str) -> None:
    """Source that can't be parsed is left to the loading of it, which says what is wrong."""
    assert first_use(source, "part", FORBIDDEN) == ""


@PROPERTY
@given(st.text("defpart():\n \t\"'\\x0-[]{}@=,.#", max_size=40))
def test_no_text_raises(text: str) -> None:
    """Whatever a file holds, reading it raises nothing."""
    assert isinstance(first_use(text, "part", FORBIDDEN), str)


CHAINS = {
    "dots": "torch" + ".a" * 1500,
    "calls": "torch" + ".a()" * 1000,
    "items": "torch" + ".a[0]" * 1000,
    "sums": "torch.a" + " + torch.a" * 1000,
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS.keys())
def test_long_expression_does_not_overflow(chain: str) -> None:
    """A chain of a thousand links is read, or left alone, but raises nothing."""
    assert first_use(part(chain, imports="import torch"), "part", FORBIDDEN) == ""


def chain_of(dots: int) -> str:
    """A part that holds a chain of so many dots."""
    return part("torch" + ".a" * dots, imports="import torch")


def many_names_at_once(count: int) -> str:
    """A part that looks up so many names, to which one statement gives values."""
    names = ", ".join(f"a{i}" for i in range(count))
    return f"def part(x):\n    return {names}\n{names} = x\n"


def many_fillings(count: int) -> str:
    """A part that looks up a table to which so much is added, by functions that call each other."""
    fills = "".join(f"def f{i}(t):\n    t.append({i})\n    f{i + 1}(table)\n" for i in range(count))
    more = "table.append(1)\n" * count
    return f"table = []\n{fills}{more}f0(table)\n{part('return table')}"


def names_of_names(count: int) -> str:
    """A part below so many names for what a name's attribute is."""
    return part("return a.b", imports="import torch as a\n" + "a = a.b\n" * count)


def work_for(source: str) -> int:
    """How many calls it takes to search a part."""
    calls = 0

    def count(*event: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        first_use(source, "part", FORBIDDEN)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("made", [chain_of, many_names_at_once, many_fillings, names_of_names])
def test_work_grows_with_the_length(made: Callable[[int], str]) -> None:
    """What is twice as long takes twice the work, not four times: a file can't stall the grader."""
    assert work_for(made(800)) < 3 * work_for(made(400))


def test_deep_condition_does_not_overflow() -> None:
    """Whatever stands behind an `if` at the top level is read without recursion."""
    deep = "if " + "a + " * 2000 + "a:\n    b = 1\n"
    assert first_use(part("return b") + deep, "part", FORBIDDEN) == ""


def test_odd_escape_in_a_string_hides_nothing() -> None:
    """Where warnings are errors, a string that Python warns of doesn't end the search."""
    source = part(r"'\d'", "return nn.RNN(2, 3)")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert first_use(source, "part", FORBIDDEN) == "line 4 uses torch.nn.RNN"


def test_source_of_more_words_than_any_honest_one_is_not_read() -> None:
    """Reading it would cost the grader time and memory: a part by hand can't be seen to be one."""
    source = part("return x") + "a;" * definitions.MAX_WORDS
    assert "too many to be read" in first_use(source, "part", FORBIDDEN)
    assert first_use(source, "part", ()) == ""


def test_long_name_of_many_imports_takes_no_memory() -> None:
    """A name that is longer than any of torch's isn't put together for each that is imported."""
    many = ", ".join(f"a{number}" for number in range(5_000))
    source = part("return x") + f"def g():\n    from {'m' * 100_000} import {many}\n"
    tracemalloc.start()
    assert first_use(source, "part", FORBIDDEN) == ""
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 1024 * 1024
