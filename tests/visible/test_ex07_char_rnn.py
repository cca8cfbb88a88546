"""Exercise 7, the tests that students have: ids and texts, and what a reader must notice."""

from typing import Any

import pytest
import torch

from grading.session.remote import RemoteObject, Student
from grading.testing.case import Case
from grading.testing.checks import close, differ, equal, holds, raises, tensor, unchanged, varied
from grading.testing.draws import cases

ALPHABET = "abcdefghijklmnopqrstuvwxyz "
LETTERS, SPACE = 27, 26  # size of the alphabet; the space's id


@pytest.mark.part("encode")
def test_ids_count_along_the_alphabet(student: Student) -> None:
    """The characters of ALPHABET, in order, have the ids 0 to 26, as int64."""
    equal(student.encode(ALPHABET), torch.arange(LETTERS))
    equal(student.encode(ALPHABET[::-1]), torch.arange(LETTERS).flip(0), "the alphabet backwards")


@pytest.mark.part("encode")
@cases("T")
def test_upper_case_counts_as_lower(student: Student, case: Case) -> None:
    """A text has the same ids in upper and in lower case."""
    ids = case.integers(0, SPACE - 1, case.T)
    text = "".join(ALPHABET[i] for i in ids.tolist())
    equal(student.encode(text.upper()), ids, "a text in upper case")
    equal(student.encode(text), ids, "a text in lower case")


@pytest.mark.part("encode")
def test_unknown_character_is_named(student: Student) -> None:
    """A text with "#" in it raises a ValueError that shows "#"; without it, the text has ids."""
    equal(student.encode("cab"), torch.tensor([2, 0, 1]))
    raises(ValueError, student.encode, "ca#b", naming="#")


@pytest.mark.part("decode")
def test_alphabet_comes_back(student: Student) -> None:
    """The ids 0 to 26 are the characters of ALPHABET in order, from a tensor and from a list."""
    equal(student.decode(torch.arange(LETTERS)), ALPHABET, "the text of a tensor")
    equal(student.decode(list(range(LETTERS))), ALPHABET, "the text of a list")


@pytest.mark.part("decode")
@cases("T")
def test_pieces_join(student: Student, case: Case) -> None:
    """Two lists of ids, decoded one by one and joined, give what they give as one list."""
    ids = [SPACE, *case.integers(0, SPACE, case.T).tolist(), SPACE]
    first, second = student.decode(ids[:2]), student.decode(ids[2:])
    holds(isinstance(first, str) and isinstance(second, str), "what came back is no str")
    equal(len(first), 2, "the length of a text with two ids")
    equal(student.decode(ids), first + second, "both lists together (expected: piece by piece)")


@pytest.mark.part("encode_batch")
@cases("B", "T")
def test_rows_are_texts_and_then_spaces(student: Student, case: Case) -> None:
    """Row i begins with the ids of texts[i]; after its end come spaces."""
    lengths = [int(n) for n in case.integers(1, case.T, case.B)]
    rows = [case.integers(0, SPACE - 1, n).tolist() for n in lengths]
    got = student.encode_batch(["".join(ALPHABET[i] for i in row) for row in rows])
    filled = [row + [SPACE] * (max(lengths) - len(row)) for row in rows]
    equal(got, torch.tensor(filled))


@pytest.mark.part("encode_batch")
def test_list_stays_as_it_is(student: Student) -> None:
    """After the call the list holds the same texts as before, unpadded and in the same order."""
    equal(student.encode_batch(["a", "bed", "be"])[0], torch.tensor([0, SPACE, SPACE]), "a row")
    unchanged(student)


@pytest.mark.part("encode_batch")
def test_nothing_to_read_is_refused(student: Student) -> None:
    """No texts, or only empty ones, raise a ValueError; an empty text among others is fine."""
    rows = [[SPACE, SPACE], [1, 4], [SPACE, SPACE]]
    equal(student.encode_batch(["", "be", ""]), torch.tensor(rows))
    raises(ValueError, student.encode_batch, [])
    raises(ValueError, student.encode_batch, [""])
    raises(ValueError, student.encode_batch, ["", ""])


@pytest.mark.part("CharRNN")
@cases("B", "T", "V", "E", "H", "C")
def test_fc_has_the_last_word(student: Student, case: Case) -> None:
    """With zeros for the weights of fc, the logits of every text are exactly the bias of fc."""
    model = tame_model(student, case)
    bias = case.normal(case.C)
    model.load({"fc.weight": case.zeros(case.C, case.H), "fc.bias": bias})
    logits = model(case.integers(0, case.V - 1, case.B, case.T))
    close(logits, bias.expand(case.B, case.C), "the logits")


@pytest.mark.part("CharRNN")
def test_answers_after_the_last_character(student: Student) -> None:
    """Without memory (a recurrent matrix of zeros), only the last character reaches the logits."""
    case = Case.fixed(seed=9, dtype=torch.float32, V=LETTERS, E=5, H=8, C=3)
    model = tame_model(student, case)
    model.load({"rnn.weight_hh_l0": case.zeros(case.H, case.H)})
    logits = model(torch.tensor([[0, 1, 2], [9, 8, 2], [0, 1, 9]]))
    tensor(logits, (3, case.C), case.dtype, "the logits")
    differ(logits[2], logits[0], "the logits with another last character and without")
    same = "the logits of another text with the same last character (expected: the same)"
    close(logits[1], logits[0], same)


@pytest.mark.part("CharRNN")
def test_every_character_counts(student: Student) -> None:
    """Another first, middle or last character, or another order of them, gives different logits."""
    case = Case.fixed(seed=7, dtype=torch.float32, V=LETTERS, E=5, H=8, C=3)
    model = tame_model(student, case)
    texts = torch.tensor([[0, 1, 2], [9, 1, 2], [0, 9, 2], [0, 1, 26], [2, 1, 0]])
    logits = tensor(model(texts), (5, case.C), case.dtype, "the logits")
    for row, change in enumerate(("first", "middle", "last"), start=1):
        differ(logits[row], logits[0], f"the logits with another {change} character and without")
    differ(logits[4], logits[0], "the logits of a text and of the same text backwards")


@pytest.mark.part("CharRNN")
@cases("B", "T", "V", "E", "H", "C")
def test_rows_do_not_meet(student: Student, case: Case) -> None:
    """Each text of a batch gets the logits that it gets alone."""
    model = tame_model(student, case)
    x = case.integers(0, case.V - 1, case.B, case.T)
    together = tensor(model(x), (case.B, case.C), case.dtype, "the logits")
    varied(together, "the logits")
    for i in range(case.B):
        alone = model(x[i : i + 1])
        close(alone, together[i : i + 1], "the logits of a text alone (expected: as in the batch)")


@pytest.mark.part("CharRNN")
@cases("B", "T", "V", "E", "H", "C", ones=False)
def test_sign_of_the_state_reaches_fc(student: Student, case: Case) -> None:
    """With rnn's biases at zero, a negated embedding negates what fc adds to its bias."""
    model = tame_model(student, case)
    model.load({f"rnn.{name}": case.zeros(case.H) for name in ("bias_ih_l0", "bias_hh_l0")})
    weights = model.state()
    x = case.integers(0, case.V - 1, case.B, case.T)
    logits = tensor(model(x), (case.B, case.C), case.dtype, "the logits")
    differ(logits, weights["fc.bias"].expand(case.B, case.C), "the logits and fc's bias")
    model.load({"embedding.weight": -weights["embedding.weight"]})
    mirrored = "the logits with -embedding.weight (expected: as before, mirrored at fc's bias)"
    close(model(x), 2 * weights["fc.bias"] - logits, mirrored)


@pytest.mark.part("CharRNN")
def test_every_letter_can_learn(student: Student) -> None:
    """Each of the 27 rows of the embedding gets a gradient from texts that hold all characters."""
    case = Case.fixed(seed=8, dtype=torch.float32, V=LETTERS, E=5, H=6, C=4)
    model = tame_model(student, case)
    logits = tensor(model(torch.arange(LETTERS).reshape(9, 3)), (9, case.C), case.dtype)
    holds(logits.requires_grad, "the logits carry no gradient")
    (logits * case.normal(9, case.C)).sum().backward()
    gradient = tensor(model.gradients().get("embedding.weight"), what="the embedding's gradient")
    learns = gradient.abs().sum(dim=1) > 0
    equal(learns, torch.ones(LETTERS, dtype=torch.bool), "which rows of the embedding can learn")


def tame_model(student: Student, case: Case) -> Any:
    """The student's model; embedding, rnn and fc have drawn weights of usual size."""
    sizes = {"vocab_size": case.V, "embed_size": case.E, "hidden_size": case.H}
    model = student.CharRNN(**sizes, num_classes=case.C)
    holds(isinstance(model, RemoteObject), "CharRNN gives no module")
    own, weights = model.state(), {}
    twins = {
        "embedding": torch.nn.Embedding(case.V, case.E),
        "rnn": torch.nn.RNN(case.E, case.H),
        "fc": torch.nn.Linear(case.H, case.C),
    }
    for part, twin in twins.items():
        for name, value in case.load_random(twin).state_dict(prefix=f"{part}.").items():
            holds(name in own, f"the model has no {name}: look at the submodules and their names")
            size = tuple(tensor(own[name], what=name).shape)
            seen = f"it is {size}, expected {tuple(value.shape)}"
            holds(size == tuple(value.shape), f"the shape of {name} is wrong", seen)
            weights[name] = value
    model.load(weights)
    return model
