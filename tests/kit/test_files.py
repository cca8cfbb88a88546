"""The files that `check` is asked for: written whole or not at all, appended where GitHub reads."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import junitparser
import pytest

from grading import files
from grading.catalog import HOME
from grading.errors import DiskFullError
from grading.report import formats, github, gradescope, junit
from grading.results import from_json, to_json
from tests.kit.conftest import FrontDoor
from tests.kit.results_by_hand import half_right


@pytest.fixture(scope="module")
def half_wrong(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every format of one real run, on a submission that is half wrong."""
    folder = tmp_path_factory.mktemp("formats")
    submission = folder / "submission"
    shutil.copytree(HOME / "solutions", submission)
    path = submission / "ex03_classifier.py"
    path.write_text(f"{path.read_text('utf-8')}\n\ndel predict, train_step\n", "utf-8")
    (submission / "ex01_recurrence.py").unlink()
    options = [f"--{name}={folder / name}" for name in formats.WRITERS]
    process = front_door("check", submission, "ex01", "ex03", *options)
    assert process.returncode == 1, process.stderr
    return folder


@pytest.mark.parametrize("name", ["gradescope", "junit", "markdown", "classroom"])
def test_check_writes_what_the_format_makes_of_its_result(half_wrong: Path, name: str) -> None:
    """Each option's file holds what its format makes of the very result that `--json` holds."""
    result = from_json((half_wrong / "json").read_bytes())
    makes = {
        "gradescope": gradescope.render,
        "junit": junit.render,
        "markdown": github.summary,
        "classroom": github.classroom,
    }
    assert (half_wrong / name).read_bytes() == makes[name](result)


def test_formats_agree_on_a_real_run(half_wrong: Path) -> None:
    """Gradescope, JUnit and Classroom tell of the same tests, with the same points in all."""
    result = from_json((half_wrong / "json").read_bytes())
    told = json.loads((half_wrong / "gradescope").read_bytes())
    line = (half_wrong / "classroom").read_text("utf-8")
    graded = json.loads(base64.b64decode(line.removeprefix("result=")))
    suites = junitparser.JUnitXml.fromfile(str(half_wrong / "junit"))
    tests = sum(len(exercise.tests) for exercise in result.exercises)
    assert len(told["tests"]) == len(graded["tests"]) == sum(map(len, suites)) == tests > 20
    for entries in (told["tests"], graded["tests"]):
        assert round(sum(entry["score"] for entry in entries), 9) == result.score < 10


@pytest.mark.parametrize("name", ["json", "gradescope", "junit", "markdown"])
def test_file_is_written_anew(tmp_path: Path, name: str) -> None:
    """What stood in the file before is gone, and nothing else is left in the folder."""
    path = tmp_path / "file"
    path.write_text("from before\n" * 9000, encoding="utf-8")
    formats.write_all(half_right(), {name: path, "html": None})
    assert b"from before" not in path.read_bytes()
    assert os.listdir(tmp_path) == ["file"]


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full in the middle costs neither the old file nor leaves half of a new one."""
    path = tmp_path / "result.json"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DiskFullError, match=r"result\.json can't be written: the disk is"):
        files.write_whole(path, b"new")
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"old", ["result.json"])


@pytest.fixture(scope="module")
def no_room(front_door: FrontDoor, half_wrong: Path) -> subprocess.CompletedProcess[str]:
    """A run that graded, and then found no room for a file."""
    if not Path("/dev/full").exists():
        pytest.skip("needs a device that is always full")
    return front_door("check", half_wrong / "submission", "ex01", "--junit", "/dev/full")


def test_full_disk_is_told_as_such(no_room: subprocess.CompletedProcess[str]) -> None:
    """The command says that there is no room, and answers 3."""
    assert no_room.returncode == 3
    assert "/dev/full can't be written: the disk is full" in no_room.stderr
    assert "our fault" not in no_room.stderr


def test_grade_is_shown_though_its_file_is_not_written(
    no_room: subprocess.CompletedProcess[str],
) -> None:
    """What was graded isn't lost with the file that there is no room for."""
    assert "0 / 10" in no_room.stdout


def test_link_is_written_through(tmp_path: Path) -> None:
    """Where the path is a link, the file that it names gets the content."""
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    files.write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


def test_who_may_read_a_file_stays(tmp_path: Path) -> None:
    """A file that was closed to others is so when it has been written anew."""
    path = tmp_path / "result.json"
    path.touch(0o600)
    files.write_whole(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs a name for what is open")
def test_file_that_output_goes_to_is_added_to(front_door: FrontDoor, tmp_path: Path) -> None:
    """`--json /dev/stdout >> log` keeps what stands in the log, and the screen in it."""
    log = tmp_path / "log"
    log.write_bytes(b"from before\n")
    with log.open("ab") as output:
        command = [sys.executable, "grader.py", "check", "exercises", "ex01"]
        command += ["--json", "/dev/stdout"]
        subprocess.run(command, cwd=HOME, stdout=output, check=False, timeout=120)
    text = log.read_text(encoding="utf-8")
    assert text.startswith("from before\n")
    assert '"schema_version":' in text
    assert "not started" in text


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a folder among the devices")
def test_plain_file_among_the_devices_is_written_anew() -> None:
    """A file in /dev/shm is one like any other: what stood there before is gone."""
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as file:
        for content in (b"old", b"new"):
            files.write_whole(Path(file.name), content)
        assert Path(file.name).read_bytes() == b"new"


def test_device_stays_a_device(tmp_path: Path) -> None:
    """A pipe is written to, not replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.write_whole(pipe, b"content")
        assert os.read(reading, 99) == b"content"
    finally:
        os.close(reading)
    assert pipe.is_fifo()


@pytest.mark.parametrize("option", ["--json", "--html", "--junit", "--classroom"])
def test_hopeless_path_is_refused_before_grading(
    front_door: FrontDoor, tmp_path: Path, option: str
) -> None:
    """A path in no folder, or that is a folder, is misuse, told at once with what to do."""
    for path, told in [(tmp_path / "no" / "file", "make the folder"), (tmp_path, "is a folder")]:
        process = front_door("check", HOME / "exercises", "ex01", option, path)
        assert (process.returncode, process.stdout) == (2, "")
        assert told in process.stderr


def test_folder_that_is_closed_is_refused_before_grading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be written in a folder, that is told at once, and nothing is tried."""
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    with pytest.raises(files.WriteError, match="nothing can be written in"):
        files.refuse_hopeless([tmp_path / "result.json"])
    assert os.listdir(tmp_path) == []


def test_file_in_a_closed_folder_may_be_added_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that can be written is no hopeless one, whatever its folder is."""
    path = tmp_path / "output"
    path.touch()
    monkeypatch.setattr(os, "access", lambda place, mode: place == path)
    files.refuse_hopeless([path])


def test_two_names_of_a_file_are_one(tmp_path: Path) -> None:
    """However a path is spelled, and whatever link leads to it, a file is written once."""
    (tmp_path / "link").symlink_to("x.out")
    (tmp_path / "folder").mkdir()
    for other in (tmp_path / "folder" / ".." / "x.out", tmp_path / "link"):
        with pytest.raises(files.WriteError, match="asked for twice"):
            files.refuse_hopeless([tmp_path / "x.out", other])


def test_summary_is_appended_where_github_collects_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`$GITHUB_STEP_SUMMARY` keeps what other commands of the step wrote to it."""
    collected = tmp_path / "summary"
    collected.write_text("before", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(collected))
    formats.write_all(half_right(), {"markdown": collected})
    assert collected.read_bytes() == b"before\n" + github.summary(half_right())


def test_classroom_result_is_appended(tmp_path: Path) -> None:
    """`$GITHUB_OUTPUT` keeps what other commands of the step wrote, each on a line of its own."""
    output = tmp_path / "output"
    output.write_text("other=1\n", encoding="utf-8")
    formats.write_all(half_right(), {"classroom": output})
    formats.write_all(half_right(), {"classroom": output})
    names = [line.partition("=")[0] for line in output.read_text("utf-8").splitlines()]
    assert names == ["other", "result", "result"]


def test_json_is_the_result(tmp_path: Path) -> None:
    """`--json` writes the result itself."""
    formats.write_all(half_right(), {"json": tmp_path / "r.json"})
    assert (tmp_path / "r.json").read_bytes() == to_json(half_right())
