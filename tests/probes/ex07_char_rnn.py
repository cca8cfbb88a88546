"""Exercise 7: what diagnosis asks."""

from collections.abc import Iterator
from typing import Any

import torch

from grading.session.outcomes import StudentError
from grading.session.remote import Student
from grading.testing.case import Case
from grading.testing.probes import probe


def refused(student: Student, name: str, *arguments: Any) -> Iterator[object]:
    """What comes back, or which exception does, and whether it names the character."""
    try:
        yield getattr(student, name)(*arguments)
    except StudentError as error:
        bases = error.raised.bases
        told = error.raised.message
        yield "ValueError" in bases, "KeyError" in bases, "IndexError" in bases
        if len(arguments) == 1 and isinstance(arguments[0], str):
            strange = (c for c in arguments[0] if c != " " and not (c.isascii() and c.isalpha()))
            yield any(c in told for c in strange if c.isprintable())  # others may be shown by repr


@probe("encode")
def ids(student: Student) -> Iterator[object]:
    """Letters, spaces, capitals, nothing."""
    for text in ("az", "hello world", "Hi There", "ABCXYZ", " a ", "", "z", "  "):
        yield from refused(student, "encode", text)


@probe("encode")
def strange_characters(student: Student) -> Iterator[object]:
    """Characters that are no letters, at the beginning, in the middle, at the end."""
    for text in ("a-b", "7", "caf\u00e9", "a`", "a{", "@b", "[", "a\n", "\tb"):
        yield from refused(student, "encode", text)
    for text in ("\u00df", "x_y", "a.", "!", "\u017f", "a\u00a0b", "a\u200bb"):
        yield from refused(student, "encode", text)


@probe("decode")
def texts(student: Student) -> Iterator[object]:
    """Lists and tensors of ids."""
    for given in ([7, 4, 11, 11, 14], [0, 26, 25], [26], [0], []):
        yield from refused(student, "decode", given)
        yield student.arguments()
        yield from refused(student, "decode", torch.tensor(given, dtype=torch.int64))


@probe("decode")
def long_texts(student: Student) -> Iterator[object]:
    """All ids, spaces at the ends, and a tensor of one."""
    yield from refused(student, "decode", list(range(27)))
    yield from refused(student, "decode", torch.tensor([26, 0, 26, 26, 1, 26]))
    yield from refused(student, "decode", torch.tensor([5]))


@probe("encode_batch")
def batches(student: Student) -> Iterator[object]:
    """Texts of several lengths, one text, capitals, empty ones among others."""
    for given in (["ab", "c", "def"], ["hello"], ["Ab", "zZz"], ["", "ab"], [" b", " "], ["  "]):
        yield from refused(student, "encode_batch", given)
        yield student.arguments()


@probe("encode_batch")
def nothing_to_encode(student: Student) -> Iterator[object]:
    """No text, only empty ones; a text with a strange character; equal lengths."""
    for given in ([], [""], ["", ""], ["ab", "c-d"], ["abc", "xyz"], ["aa", "aa"], ["c", "", "ab"]):
        yield from refused(student, "encode_batch", given)


def network(student: Student, case: Case) -> Any:
    """The student's network with fixed weights."""
    model = student.CharRNN(case.V, case.E, case.H, case.C)
    state = model.state()
    model.load({name: case.normal(*state[name].shape, scale=0.4) for name in sorted(state)})
    return model


@probe("CharRNN")
def logits(student: Student) -> Iterator[object]:
    """Parameters, logits in both modes, gradients."""
    case = Case.fixed(seed=1, V=7, E=3, H=5, C=4)
    model = network(student, case)
    yield model.state(), model.trainable()
    x = torch.tensor([[0, 1, 2, 6], [6, 5, 0, 3], [4, 4, 6, 0]])
    got = model(x)
    yield got
    yield student.arguments()
    got.sum().backward()
    yield model.gradients()
    yield model(x), model(x[:1]), model(x[:, :2]), model.eval()(x), model(x)
    yield model(x[:1]), model(x[:1])


@probe("CharRNN")
def small_logits(student: Student) -> Iterator[object]:
    """Sizes of one, in float32."""
    case = Case.fixed(seed=2, dtype=torch.float32, V=1, E=1, H=1, C=1)
    model = network(student, case)
    yield model(torch.zeros(1, 1, dtype=torch.int64)), model(torch.zeros(2, 3, dtype=torch.int64))


@probe("CharRNN")
def many_characters(student: Student) -> Iterator[object]:
    """The sizes of what is learned, with more characters than the alphabet has."""
    yield [tuple(value.shape) for _, value in sorted(student.CharRNN(30, 2, 3, 4).state().items())]


@probe("CharRNN")
def usual_sizes(student: Student) -> Iterator[object]:
    """The alphabet's size, by name; texts that end in spaces, equal sizes."""
    model = student.CharRNN(vocab_size=27, embed_size=3, hidden_size=3, num_classes=3)
    case, state = Case.fixed(seed=3, dtype=torch.float32), model.state()
    model.load({name: case.normal(*state[name].shape) for name in sorted(state)})
    x = case.integers(0, 26, 3, 3)
    x[0, 1:] = 26
    got = model(x)
    yield got
    (got * case.normal(3, 3)).sum().backward()
    yield model.gradients()
    yield model(torch.tensor([[0, 1, 26], [2, 26, 26]]))
    yield model(torch.full((2, 4), 26)), model(torch.zeros(2, 4, dtype=torch.int64))
