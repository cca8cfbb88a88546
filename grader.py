"""The front door: reads the command line, hands over, and answers with an exit code.

0 all that was asked for is right · 1 something earned less than full marks, or `verify`, `release`
or `doctor` found something amiss · 2 the command was misused · 3 the grader itself failed ·
130 interrupted
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import tempfile
import traceback
from pathlib import Path

try:
    import typer
except ModuleNotFoundError as missing:
    print(
        f"grader.py: this Python has no {missing.name}: activate the virtual environment in which "
        "the kit is installed, or install it: python -m pip install -e .",
        file=sys.stderr,
    )
    sys.exit(2)

from grading.commands.batch import batch
from grading.commands.build import build
from grading.commands.check import check
from grading.commands.common import FAULT, INTERRUPTED, MISUSED, RIGHT, errors, screen
from grading.commands.doctor import doctor
from grading.commands.export import export
from grading.commands.hint import hint
from grading.commands.lab import lab
from grading.commands.release import release
from grading.commands.verify import verify
from grading.commands.watch import watch
from grading.errors import GraderFault, HinderedError, Misused
from grading.report.screen import PLAINLY
from grading.session import isolation

COMMANDS = (check, watch, hint, lab, batch, export, release, doctor, build, verify)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
for command in COMMANDS:
    app.command()(command)


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Grade exercises on recurrent networks. Without a command: check exercises."""
    if context.invoked_subcommand is None:
        check()


def run() -> int:
    """Run the command line; the exit code."""
    _open_standard_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=PLAINLY)  # a pipe or terminal that isn't UTF-8
    try:
        _check_folder()
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # what typer makes of Ctrl-C
            return _interrupted()
        return code if isinstance(code, int) else RIGHT
    except KeyboardInterrupt:
        return _interrupted()
    except (Misused, HinderedError) as error:
        errors.print(f"grader.py: {error}", soft_wrap=True)
        return MISUSED if isinstance(error, Misused) else FAULT
    except isolation.IsolationError as error:
        errors.print(f"grader.py: {error}\n{isolation.ADVICE}", soft_wrap=True)
        return FAULT
    except Exception as error:
        return _interrupted() if _was_interrupted(error) else _front_door_error(error)


def _check_folder() -> None:
    """Raises Misused in a folder that was deleted: torch can't be loaded from there."""
    try:
        os.getcwd()
    except FileNotFoundError:
        raise Misused(
            "the folder that you are in was deleted: go to one that is there (cd) and try again"
        ) from None


def _open_standard_streams() -> None:
    """Where one is closed, what is opened next would be taken for it: let that be nothing."""
    for _ in range(3):
        spare = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
        if spare > 2:
            os.close(spare)
            return
        os.set_inheritable(spare, True)


def _interrupted() -> int:
    """Say so past all buffers: a reader who is gone would make Python change the exit code."""
    with contextlib.suppress(OSError):
        os.write(2, b"interrupted\n")
    return INTERRUPTED


def _was_interrupted(error: BaseException | None) -> bool:
    """Did Ctrl-C come first, and this only because something was cut off by it?"""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _front_door_error(error: Exception) -> int:
    """click's own errors are misuse; anything else is a fault of the grader, told as such."""
    if hasattr(error, "exit_code") and hasattr(error, "format_message"):
        errors.print(f"grader.py: {error.format_message()}", soft_wrap=True)
        known = [command.__name__ for command in COMMANDS]
        command = "".join(f"{name} " for name in sys.argv[1:2] if name in known)
        errors.print(f"See: python grader.py {command}--help")
        return MISUSED
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        errors.print(f"grader.py: {error}", soft_wrap=True)
        return MISUSED
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        screen.give_up()
        errors.print(f"grader.py: {error.strerror}: make room", soft_wrap=True)
        return FAULT
    log = _keep_log(traceback.format_exc())
    errors.print(f"The grader itself failed: {type(error).__name__}. This is our fault, not yours.")
    if isinstance(error, GraderFault):
        errors.print(str(error).strip().rpartition("\n")[2], soft_wrap=True)
    errors.print(f"Please report it with this file: {log}", soft_wrap=True)
    return FAULT


def _keep_log(text: str) -> Path:
    """Write the log here or, where nothing can be written, among the temporary files."""
    name = ".grader-fault.log"
    content = text.encode("utf-8", "backslashreplace")
    with contextlib.suppress(OSError):
        Path(name).write_bytes(content)
        return Path(name).resolve()
    with contextlib.suppress(OSError):
        descriptor, log = tempfile.mkstemp(suffix=name)  # a name that nobody else can have taken
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return Path(log)
    errors.print(text)
    return Path(name)


if __name__ == "__main__":
    sys.exit(run())
