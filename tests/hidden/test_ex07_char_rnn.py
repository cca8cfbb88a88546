"""Exercise 7, the tests that only instructors have: exact ids, odd texts, a twin of the model."""

from typing import Any

import pytest
import torch
from torch import Tensor

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import close, equal, holds, raises, tensor, unchanged
from grading.testing.draws import cases

SPACE = 26


@pytest.mark.part("encode", weight=2)
@cases("T")
def test_ids_of_mixed_text(student: Student, case: Case) -> None:
    """Every letter has its place in the alphabet as its id, in either case; a space has 26."""
    text = drawn_text(case, 5 * case.T) + "Z a" + drawn_text(case, 2)
    equal(student.encode(text), torch.tensor(places(text)))


@pytest.mark.part("encode")
def test_spaces_stay(student: Student) -> None:
    """Spaces at both ends of a text, and several in a row, have an id each."""
    equal(student.encode("  b  Y "), torch.tensor([SPACE, SPACE, 1, SPACE, SPACE, 24, SPACE]))
    equal(student.encode(" "), torch.tensor([SPACE]), "the ids of one space")


@pytest.mark.part("encode")
def test_empty_text_gives_no_ids(student: Student) -> None:
    """No text gives an empty int64 tensor of shape (0,), one letter a tensor of shape (1,)."""
    equal(student.encode(""), torch.tensor([], dtype=torch.int64), "the ids of no text")
    equal(student.encode("q"), torch.tensor([16]), "the id of one letter")


@pytest.mark.part("encode")
@cases("T")
def test_any_unknown_character_is_named(student: Student, case: Case) -> None:
    """A digit, a hyphen or another mark raises a ValueError that shows it, wherever it stands."""
    text = drawn_text(case, case.T)
    equal(student.encode(text), torch.tensor(places(text)))
    for unknown in "7-_@[`{":
        cut = case.integer(0, case.T)
        raises(ValueError, student.encode, text[:cut] + unknown + text[cut:], naming=unknown)


@pytest.mark.part("encode")
def test_only_ascii_letters_and_spaces_are_known(student: Student) -> None:
    """Accented letters, ß, line ends, commas and invisible characters raise a ValueError."""
    equal(student.encode("one Day"), torch.tensor([14, 13, 4, SPACE, 3, 0, 24]))
    unseen = "\n\t\0\u00a0\u200b\ufeff"
    for unknown in ("é", "É", "ß", "ſ", "ａ", ".", ",", "'", ";", *unseen):
        shown = unknown if unknown in "éß" else ""
        raises(ValueError, student.encode, f"one{unknown}day", naming=shown)
        raises(ValueError, student.encode, f"one day{unknown}")


@pytest.mark.part("decode")
@cases("T")
def test_text_of_drawn_ids(student: Student, case: Case) -> None:
    """Each id becomes its character, letters in lower case, from a tensor and from a list."""
    ids = case.integers(0, SPACE, 5 * case.T)
    expected = "".join(character(i) for i in ids.tolist())
    for given, kind in ((ids, "tensor"), (ids.tolist(), "list")):
        equal(student.decode(given), expected, f"the text of a {kind}")
        unchanged(student)


@pytest.mark.part("decode")
def test_every_space_is_kept(student: Student) -> None:
    """Spaces at both ends and in a row come back; one id gives one character, no ids no text."""
    ids = [SPACE, SPACE, 7, 8, SPACE, SPACE, 0, SPACE]
    equal(student.decode(torch.tensor(ids)), "  hi  a ", "the text of a tensor")
    equal(student.decode(ids), "  hi  a ", "the text of a list")
    for place in (0, 17):
        equal(student.decode(torch.tensor([place])), character(place), "the text of one id")
    equal(student.decode([]), "", "the text of an empty list")
    equal(student.decode(torch.tensor([], dtype=torch.int64)), "", "the text of an empty tensor")


@pytest.mark.part("encode_batch", weight=2)
@cases("B", "T")
def test_rows_in_the_order_given(student: Student, case: Case) -> None:
    """Row i holds the ids of texts[i], in either case, and from there on spaces."""
    lengths = [int(n) for n in case.integers(0, case.T, case.B)]
    lengths[case.integer(0, case.B - 1)] = case.T
    texts = [drawn_text(case, n) for n in lengths]
    got = student.encode_batch(texts)
    equal(got, torch.tensor([places(text.ljust(case.T)) for text in texts]))
    unchanged(student)


@pytest.mark.part("encode_batch")
def test_own_spaces_count(student: Student) -> None:
    """A text's own spaces belong to it: they stay, and the longest text may end in some."""
    rows = [[SPACE, 0, SPACE, SPACE], [25, SPACE, SPACE, SPACE], [SPACE] * 4, [SPACE] * 4]
    equal(student.encode_batch([" a  ", "z", "", " "]), torch.tensor(rows))
    unchanged(student)
    equal(student.encode_batch(["  "]), torch.tensor([[SPACE, SPACE]]), "a text of two spaces")


@pytest.mark.part("encode_batch")
def test_one_text_and_no_text(student: Student) -> None:
    """One text, even of one letter, makes one row; if there is nothing to read, a ValueError."""
    equal(student.encode_batch(["x"]), torch.tensor([[23]]), "a batch of one letter")
    equal(student.encode_batch(["bad"]), torch.tensor([[1, 0, 3]]), "a batch of one text")
    rows = [[0, 1], [2, 3], [0, 1]]
    equal(student.encode_batch(["ab", "cd", "ab"]), torch.tensor(rows), "texts of equal length")
    raises(ValueError, student.encode_batch, [])
    raises(ValueError, student.encode_batch, ["", "", ""])


@pytest.mark.part("encode_batch")
def test_what_encode_refuses_is_refused(student: Student) -> None:
    """A character that encode doesn't know raises an exception in a batch as well."""
    equal(student.encode_batch(["ab", "c"]), torch.tensor([[0, 1], [2, SPACE]]))
    for unknown in "#,":
        raises(Exception, student.encode_batch, [f"a{unknown}b", "cd"])


@pytest.mark.part("CharRNN", weight=2)
@cases("B", "T", "V", "E", "H", "C", equal=True, single="H")
def test_logits_of_a_twin(student: Student, case: Case) -> None:
    """The logits are what embedding, rnn and fc give with the same weights, in both modes."""
    model, twin = twins(case, student.CharRNN(case.V, case.E, case.H, case.C))
    x = case.integers(0, case.V - 1, case.B, case.T)
    close(model(x), twin(x), "the logits")
    unchanged(student)
    model.eval()
    close(model(x), twin(x), "the logits in evaluation mode")
    holds(student.builds_graphs(), "after a call, nothing at all builds a graph any more")


@pytest.mark.part("CharRNN", weight=2)
@cases("B", "V", "E", "H", "C", ones=False)
def test_gradients_of_a_twin(student: Student, case: Case) -> None:
    """Every parameter, with each row of the embedding, gets the gradient that it should."""
    model, twin = twins(case, student.CharRNN(case.V, case.E, case.H, case.C))
    x = torch.stack([case.permutation(case.V) for _ in range(case.B)])
    same_learning(model, twin, x, case.normal(case.B, case.C))


@pytest.mark.part("CharRNN")
def test_whole_alphabet(student: Student) -> None:
    """The letter a and the space count and learn like the others, in evaluation mode too."""
    case = Case.fixed(seed=11, dtype=torch.float32, V=27, E=6, H=9, C=4)
    sizes = {"vocab_size": 27, "embed_size": 6, "hidden_size": 9, "num_classes": 4}
    model, twin = twins(case, student.CharRNN(**sizes))
    x = torch.cat([torch.arange(27), torch.tensor([5, 0, 0, 3, 26, 26, 26, 0, 26])]).reshape(4, 9)
    model.eval()
    same_learning(model, twin, x, case.normal(4, 4))
    spaced = x.clone()
    for row, spaces in zip(spaced, (2, 3, 4, 9), strict=True):  # the last is of spaces alone
        row[-spaces:] = SPACE
    for rows in (x[2:], x[2:].flip(1), spaced):  # all rows end in a space, or begin with one
        close(model(rows), twin(rows), "the logits of texts with spaces at one end")


@pytest.mark.part("CharRNN")
def test_more_characters_than_the_alphabet(student: Student) -> None:
    """All characters of a larger vocabulary count, each row keeps its place, and H may be large."""
    case = Case.fixed(seed=14, V=30, E=3, H=70, C=4)
    model, twin = twins(case, student.CharRNN(30, 3, 70, 4))
    x = torch.cat([case.permutation(30), torch.tensor([SPACE, 0, SPACE, SPACE, 29, SPACE])])
    same_learning(model, twin, x.reshape(6, 6), case.normal(6, 4))


@pytest.mark.part("CharRNN")
def test_logits_of_any_size(student: Student) -> None:
    """Nothing limits what fc gives, nor a row of the embedding, and rnn reads forward only."""
    case = Case.fixed(seed=15, V=6, E=4, H=5, C=3)
    model, twin = twins(case, student.CharRNN(6, 4, 5, 3))
    backwards = any(name.endswith("_reverse") for name in model.state())
    holds(not backwards, "rnn reads in both directions")
    twin.fc.weight.data *= 1e5
    twin.embedding.weight.data *= 1e3
    model.load(twin.state_dict())
    x = case.integers(0, 5, 4, 7)
    close(model(x), twin(x), "the logits")
    close(model.state()["embedding.weight"], twin.embedding.weight, "the embedding afterwards")


@pytest.mark.part("CharRNN")
def test_each_call_starts_anew(student: Student) -> None:
    """A call knows nothing of those before it, whatever their batches' sizes, in either mode."""
    case = Case.fixed(seed=12, dtype=torch.float32, V=6, E=4, H=5, C=3)
    model, twin = twins(case, student.CharRNN(case.V, case.E, case.H, case.C))
    for rows, steps in ((4, 7), (4, 7), (1, 7), (2, 1), (2, 3)):
        x = case.integers(0, case.V - 1, rows, steps)
        close(model(x), twin(x), "the logits after other calls")
    close(model(x), twin(x), "the logits of the same texts once more")
    model.eval()
    for _ in range(2):
        close(model(x[:1]), twin(x[:1]), "the logits of one text in evaluation mode")


@pytest.mark.part("encode")
def test_long_texts(student: Student) -> None:
    """Every character of a long text has its id, and an unknown one at its end is refused."""
    text = "abc XYZ " * 40
    equal(student.encode(text), torch.tensor(places(text)))
    raises(ValueError, student.encode, text + "?", naming="?")


@pytest.mark.part("decode")
def test_long_lists(student: Student) -> None:
    """A long list of ids gives as many characters."""
    ids = [SPACE, 1, 2] * 100
    equal(student.decode(ids), " bc" * 100)


@pytest.mark.part("encode_batch")
def test_long_batches(student: Student) -> None:
    """A long text makes a row of its full length."""
    texts = ["no", "abcd " * 60]
    equal(student.encode_batch(texts), torch.tensor([places(text.ljust(300)) for text in texts]))
    raises(Exception, student.encode_batch, ["cde", "a#b"])


@pytest.mark.part("CharRNN")
def test_fresh_model_reads_long_texts(student: Student) -> None:
    """A fresh model gives float32, and every character of a long text counts."""
    case = Case.fixed(seed=13, dtype=torch.float32, V=6, E=3, H=4, C=3)
    model = student.CharRNN(6, 3, 4, 3)
    holds(isinstance(model, RemoteObject), "CharRNN gives no module")
    x = case.integers(0, 5, 2, 120)
    tensor(model(x), (2, 3), torch.float32, "the logits")
    case = Case.fixed(seed=13, V=6, E=3, H=4, C=3)
    model, twin = twins(case, model)
    case.load_copying(twin.rnn)
    twin.embedding.weight.data *= 1e-2
    model.load(twin.state_dict())
    same_learning(model, twin, x, torch.ones(2, 3).double())


class Twin(torch.nn.Module):
    """What a CharRNN is, on this side."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(case.V, case.E)
        self.rnn = torch.nn.RNN(case.E, case.H, batch_first=True)
        self.fc = torch.nn.Linear(case.H, case.C)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T) to (B, C)."""
        return self.fc(self.rnn(self.embedding(x))[1][0])


def twins(case: Case, model: Any) -> tuple[Any, Twin]:
    """The model, given drawn weights, and a twin on this side that has the same."""
    holds(isinstance(model, RemoteObject), "CharRNN gives no module")
    own, twin = model.state(), Twin(case)
    case.load_random(twin)
    twin.embedding.weight.data *= 4  # rows longer than 1
    for name, value in twin.state_dict().items():
        holds(name in own, f"the model has no {name}: look at the submodules and their names")
        tensor(own[name], value.shape, what=name)
    model.load(twin.state_dict())
    return model, twin


def same_learning(model: Any, twin: Twin, x: Tensor, upstream: Tensor) -> None:
    """Model and twin give the same logits, and from the same upstream the same gradients."""
    got, expected = model(x), twin(x)
    close(got, expected, "the logits")
    holds(got.requires_grad, "the logits carry no gradient")
    (got * upstream).sum().backward()
    (expected * upstream).sum().backward()
    gradients = model.gradients()
    for name, parameter in twin.named_parameters():
        holds(gradients.get(name) is not None, f"no gradient reaches {name}")
        close(gradients[name], parameter.grad, f"the gradient of {name}")
    others = model.learned_beside("embedding", "rnn", "fc")
    holds(not others, "something besides embedding, rnn and fc is learned")


def drawn_text(case: Case, length: int) -> str:
    """Letters in either case, and spaces."""
    ids = case.integers(0, SPACE, length).tolist()
    upper = case.integers(0, 1, length).tolist()
    return "".join(
        character(i).upper() if up else character(i) for i, up in zip(ids, upper, strict=True)
    )


def character(place: int) -> str:
    """The character at a place of the alphabet."""
    return " " if place == SPACE else chr(ord("a") + place)


def places(text: str) -> list[int]:
    """Each character's place in the alphabet."""
    return [SPACE if c == " " else ord(c.lower()) - ord("a") for c in text]
