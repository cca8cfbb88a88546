"""Proves that a failed visible test ends in lines that show the failure when they are pasted."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from grading import catalog as catalogs
from grading.handed_in.intake import Submission
from grading.judging.grade import Options, grade
from grading.results import SNIPPET_HEADING, TestResult
from grading.session.remote import Step
from grading.session.starters import ForkServer
from grading.testing.looks import Looks

CATALOG = catalogs.load()

Graded = Callable[[str, str], list[TestResult]]

WRONG = {
    "function": ("ex01", "def rnn_step(x_t, h_prev, W_xh, W_hh, b):\n    return x_t @ W_xh.T\n"),
    "tuple": (
        "ex01",
        "_right = rnn_forward\ndef rnn_forward(*args):\n"
        "    output, h_n = _right(*args)\n    return output, 2 * h_n\n",
    ),
    "text": ("ex07", "def decode(ids):\n    return ' '\n"),
    "module": (
        "ex03",
        "class RNNClassifier(RNNClassifier):\n"
        "    def forward(self, x):\n        return super().forward(x).softmax(1)\n",
    ),
    "state": ("ex02", "def load_weights(rnn, W_xh, W_hh, b):\n    pass\n"),
    "gradients": (
        "ex01",
        "_right = rnn_step\ndef rnn_step(x_t, *others):\n"
        "    return _right(0.5 * x_t + 0.5 * x_t.detach(), *others)\n",
    ),
    "gradient that stays away": (
        "ex01",
        "_right = rnn_step\ndef rnn_step(x_t, h_prev, *others):\n"
        "    return _right(x_t, h_prev.detach(), *others)\n",
    ),
    "no gradient": (
        "ex01",
        "_right = rnn_step\ndef rnn_step(*given):\n    return _right(*given).detach()\n",
    ),
    "argument": (
        "ex04",
        "_right = next_step_pairs\ndef next_step_pairs(seq):\n"
        "    pairs = _right(seq.clone())\n    seq += 1\n    return pairs\n",
    ),
    "shape": ("ex08", "def length_mask(lengths, max_len=None):\n    return lengths > 0\n"),
    "gradients left behind": (
        "ex05",
        "def input_gradient_norms(rnn, x):\n    x = x.detach().clone().requires_grad_()\n"
        "    output, _ = rnn(x)\n    output[:, -1].sum().backward()\n"
        "    return x.grad.norm(dim=(0, 2))\n",
    ),
    "shape of one array": (
        "ex06",
        "_right = generate_sin_data\ndef generate_sin_data(*given, **named):\n"
        "    X, y = _right(*given, **named)\n    return X[:, :, 0], y\n",
    ),
    "object that comes back": (
        "ex02",
        "_right = load_weights\ndef load_weights(rnn, W_xh, W_hh, b):\n"
        "    _right(rnn, W_xh, W_hh, 2 * b)\n    return rnn\n",
    ),
}

WORDS = {
    "generator": ("ex05", "def clip_gradients(parameters, max_norm):\n    return 7.0\n"),
    "old gradients": (
        "ex03",
        "def train_step(model, optimizer, x, y):\n"
        "    loss = nn.functional.cross_entropy(model(x), y)\n"
        "    loss.backward()\n    optimizer.step()\n"
        "    return loss.item()\n",
    ),
    "torch's module": ("ex02", "def run_time_major(rnn, x):\n    return rnn(x)\n"),
    "difference of two calls": (
        "ex10",
        "_right = parameter_count\ndef parameter_count(kind, I, H, L=1, bidirectional=False):\n"
        "    return _right(kind, I, H, 1, bidirectional) + (L - 1) * _right(kind, H, H)\n",
    ),
}


LOOKED_AT = {
    "gradients in a list": (
        "ex05",
        "def clip_gradients(parameters, max_norm):\n"
        "    grads = [p.grad for p in parameters if p.grad is not None]\n"
        "    return float(sum(float(grad.norm()) ** 2 for grad in grads) ** 0.5)\n",
        "gradients [tensor(",
    ),
    "parameters": (
        "ex06",
        "_right = train_sin_predictor\ndef train_sin_predictor(*given, **named):\n"
        "    return _right(*given, **{**named, 'max_norm': 1e9})\n",
        "parameters OrderedDict(",
    ),
    "two calls": (
        "ex06",
        "_right = generate_sin_data\ndef generate_sin_data(T=50, N=1000, rng=None):\n"
        "    return _right(T, N)\n",
        "\ngot (array(",
    ),
    "mode of autograd": (
        "ex03",
        "def predict(model, x):\n    return model.eval()(x).argmax(1)\n",
        "gradients on: True",
    ),
    "who asks for a gradient": (
        "ex03",
        "_right = predict\ndef predict(model, x):\n"
        "    return _right(model.requires_grad_(False), x)\n",
        "requires_grad {'fc.weight': False",
    ),
    "gradients of the test's loss": (
        "ex04",
        "class RNNSeq2Seq(RNNSeq2Seq):\n    def forward(self, x):\n"
        "        return self.fc(self.rnn(x)[0].detach())\n",
        "x.grad None\ngradients {'rnn.weight_ih_l0': None",
    ),
    "shapes of a module": (
        "ex04",
        "class RNNSeq2Seq(RNNSeq2Seq):\n    def __init__(self, I, H, O):\n"
        "        super().__init__(I, H, O)\n        self.fc = nn.Linear(H, O + 1)\n",
        "'fc.weight': (2, 1)",
    ),
}
"""What a test looked at, where a call's result alone may be right; what is printed of it."""


@pytest.fixture(scope="module")
def graded(server: ForkServer) -> Graded:
    """Grade one exercise's solution with this text behind it; its failed tests."""

    def run(name: str, text: str) -> list[TestResult]:
        exercise = CATALOG.find(name)
        result = grade(submission(name, text), CATALOG, Options((exercise,)), server)
        return [test for test in result.exercises[0].tests if test.message]

    return run


def submission(name: str, text: str) -> Submission:
    """The solution with this text behind it."""
    exercise = CATALOG.find(name)
    solution = CATALOG.solution(exercise).read_text(encoding="utf-8")
    return Submission("mine", {exercise.stem: f"{solution}\n\n{text}"})


def pasted(folder: Path, name: str, text: str, lines: str) -> subprocess.CompletedProcess[str]:
    """What plain Python says when these lines are pasted into it, in a student's folder."""
    for stem, source in submission(name, text).sources.items():
        (folder / f"{stem}.py").write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-iq"],
        input=f"{lines}\n",
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("name", "text"), WRONG.values(), ids=WRONG.keys())
def test_pasted_lines_show_what_was_wrong(
    graded: Graded, tmp_path: Path, name: str, text: str
) -> None:
    """In at most twelve lines, run by plain Python, got and expected are printed and differ."""
    shown = snippets(graded(name, text))
    lines = next(lines for lines in shown if 'print("expected"' in lines)
    assert len(lines.splitlines()) <= 12
    process = pasted(tmp_path, name, text, lines)
    assert "Error" not in process.stderr
    got, _, expected = process.stdout.partition("got ")[2].partition("expected")
    assert expected.strip()
    assert got.strip() != expected.strip()


@pytest.mark.parametrize(("name", "text"), WRONG.values(), ids=WRONG.keys())
def test_right_answer_gives_what_the_pasted_lines_expect(
    graded: Graded, tmp_path: Path, name: str, text: str
) -> None:
    """With the right answer in the file, the same lines print the same twice."""
    lines = next(lines for lines in snippets(graded(name, text)) if 'print("expected"' in lines)
    said = pasted(tmp_path, name, "", lines).stdout
    got, _, expected = said.partition("got ")[2].partition("expected")
    assert numbers(got) == pytest.approx(numbers(expected), rel=1e-3, abs=1e-4), lines


def numbers(said: str) -> list[float]:
    """The numbers in what was printed, but for that of a grad_fn's name."""
    said = re.sub(r"grad_fn=<\w+>", "", said)
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", said)]


@pytest.mark.parametrize(("name", "text"), WORDS.values(), ids=WORDS.keys())
def test_what_was_computed_further_is_told_in_words(
    graded: Graded, tmp_path: Path, name: str, text: str
) -> None:
    """Where a test computed with the answer, it is printed, and a comment says what is wrong."""
    lines = next(lines for lines in snippets(graded(name, text)) if lines)
    assert 'print("got"' in lines
    assert lines.splitlines()[-1].startswith(("# ", 'print("expected"'))
    assert "Error" not in pasted(tmp_path, name, text, lines).stderr


@pytest.mark.parametrize(("name", "text", "printed"), LOOKED_AT.values(), ids=LOOKED_AT.keys())
def test_what_was_looked_at_is_printed(
    graded: Graded, tmp_path: Path, name: str, text: str, printed: str
) -> None:
    """Beside the result, or in its place: what the test saw, and at the end its words."""
    said = {lines: pasted(tmp_path, name, text, lines) for lines in snippets(graded(name, text))}
    lines, process = next((key, run) for key, run in said.items() if printed in run.stdout)
    assert lines.splitlines()[-1].startswith("# seen: ")
    assert "Error" not in process.stderr


def test_dtype_alone_is_shown_where_it_alone_is_wrong(graded: Graded, tmp_path: Path) -> None:
    """Of an array of the right shape, its dtype is printed, and the one expected."""
    text = (
        "_right = generate_sin_data\ndef generate_sin_data(*given, **named):\n"
        "    X, y = _right(*given, **named)\n    return X, y.astype('float64')\n"
    )
    lines = next(lines for lines in snippets(graded("ex06", text)) if "expected" in lines)
    assert pasted(tmp_path, "ex06", text, lines).stdout == "got float64\nexpected float32\n"


def test_weights_that_others_replace_are_not_loaded(graded: Graded) -> None:
    """Of two loads in a row the first is left out, where the second names all that it named."""
    text = (
        "class RNNSeq2Seq(RNNSeq2Seq):\n    def forward(self, x):\n"
        "        return 1 + super().forward(x)\n"
    )
    lines = next(lines for lines in snippets(graded("ex04", text)) if lines)
    assert lines.count("load_state_dict") == 1


def test_gradients_of_several_losses_are_not_shown() -> None:
    """Where a test ran more than one backward pass, one alone would show other gradients."""
    calls = [Step("call", "double", (), result=torch.ones(1)) for _ in range(2)]
    passes = [Step("backward", call, (torch.ones(1),)) for call in calls]
    look = Step("gradients", calls[0].target, result={"weight": torch.ones(1)})
    looks = Looks("", [*calls, *passes, look])
    assert looks.looks_after(calls[-1]) == []
    assert Looks("", [*calls[:1], passes[0], look]).looks_after(calls[0]) == [look]


def snippets(tests: list[TestResult]) -> list[str]:
    """The lines at the end of each message."""
    return [test.message.partition(f"{SNIPPET_HEADING}\n")[2] for test in tests]


def test_exception_is_shown_by_pasting(graded: Graded, tmp_path: Path) -> None:
    """Where the student's code raised, the pasted lines raise the same."""
    text = "def rnn_step(x_t, h_prev, W_xh, W_hh, b):\n    return x_t @ torch.ones(99, 3)\n"
    lines = next(lines for lines in snippets(graded("ex01", text)) if lines)
    process = pasted(tmp_path, "ex01", text, lines)
    assert "RuntimeError" in process.stderr


def test_call_after_another_is_pasted_after_it(graded: Graded, tmp_path: Path) -> None:
    """Where a network stumbles over what it kept of another call, the pasted lines make both."""
    text = (
        "class RNNClassifier(RNNClassifier):\n    h = None\n    def forward(self, x):\n"
        "        output, self.h = self.rnn(x, self.h)\n        return self.fc(self.h[-1])\n"
    )
    raising = (lines for lines in snippets(graded("ex03", text)) if "Error:" in lines)
    process = pasted(tmp_path, "ex03", text, next(raising))
    assert "RuntimeError" in process.stderr


def test_nothing_but_got_and_expected_is_printed(graded: Graded, tmp_path: Path) -> None:
    """Python shows what a line gives; the lines that come before the last ones give nothing."""
    lines = next(lines for lines in snippets(graded(*WRONG["object that comes back"])) if lines)
    assert pasted(tmp_path, *WRONG["object that comes back"], lines).stdout.startswith("got ")


def test_hidden_test_shows_no_numbers(graded: Graded) -> None:
    """A hidden test says property and kind of failure: no lines, no digits of a value."""
    hidden = [test for test in graded(*WRONG["function"]) if test.visibility == "hidden"]
    assert hidden
    for test in hidden:
        assert SNIPPET_HEADING not in test.message
        assert "tensor(" not in test.message
