"""What `doctor` found, on the screen: a line a finding, the level, and what would give more."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grading.doctor import Examination, Finding

WIDTH = 80
_ADVICE = (
    "Strangers' files can be graded here: files, network and signals are denied.",
    "Grade only files that you trust here: a worker could read your own files.",
)


def show(examination: Examination, console: Console) -> None:
    """Print the findings, what is missing and how to get it, and what the level is good for."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=3, justify="right")
    table.add_column()
    table.add_column(overflow="fold")
    for finding in examination.findings:
        table.add_row(*_row(finding))
    console.print(table, width=WIDTH)
    style = "bold green" if examination.strangers else "bold yellow"
    console.print(Text(f"\n  Level: {examination.level}", style))
    advice = Text(_ADVICE[0] if examination.strangers else _ADVICE[1])
    console.print(Padding(advice, (0, 2)), width=WIDTH)


def _row(finding: Finding) -> tuple[Text, Text, Text]:
    """Sign, name, and what it does; or that it is missing, why, and how to get it."""
    if not finding.why_not:
        return Text("✓", "green"), Text(finding.name), Text(finding.what)
    lines = [f"missing: {finding.why_not}", f"(for: {finding.what})"]
    lines += [f"→ {advice}" for advice in finding.advice]
    return Text("✗", "red"), Text(finding.name), Text("\n".join(lines))
