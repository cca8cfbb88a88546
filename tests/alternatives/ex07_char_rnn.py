"""Right answers to exercise 7 in other styles: each of them earns full marks."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from grading.testing.answers import alternative

_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_TABLE = {character: place for place, character in enumerate(ALPHABET)}


class _UnknownCharacterError(ValueError):
    """A kind of ValueError of its own."""


# --- encode ---------------------------------------------------------------------------------


@alternative("encode")
def with_a_table(text):
    """A dict, and its KeyError turned into a ValueError."""
    try:
        ids = [_TABLE[character] for character in text.translate(_FOLD)]
    except KeyError as error:
        raise ValueError(f"not in the alphabet: {error.args[0]}") from error
    return torch.LongTensor(ids)


@alternative("encode")
def checked_first(text):
    """All characters are checked before the first is looked up; all unknown ones are named."""
    folded = text.translate(_FOLD)
    unknown = sorted(set(folded) - set(ALPHABET))
    if unknown:
        raise ValueError("unknown characters: " + " ".join(unknown))
    ids = torch.empty(len(text), dtype=torch.long)
    for place, character in enumerate(folded):
        ids[place] = ALPHABET.index(character)
    return ids


@alternative("encode")
def with_find_and_a_check(text):
    """str.find, and an error where it gives -1."""
    places = []
    for position, character in enumerate(text):
        place = ALPHABET.find(character.translate(_FOLD))
        if place < 0:
            raise _UnknownCharacterError(f"{text!r}[{position}] is {character}, not in a-z")
        places.append(place)
    return torch.as_tensor(np.array(places, dtype=np.int64))


@alternative("encode")
def with_code_points(text):
    """The characters' numbers, in bulk."""
    codes = torch.tensor([ord(character) for character in text], dtype=torch.float64).long()
    upper = (codes >= ord("A")) & (codes <= ord("Z"))
    codes = torch.where(upper, codes + 32, codes)
    space = codes == ord(" ")
    known = space | ((codes >= ord("a")) & (codes <= ord("z")))
    for place in (~known).nonzero().flatten().tolist():
        raise ValueError("cannot encode " + text[place])
    return torch.where(space, 26, codes - ord("a"))


@alternative("encode")
def one_by_one_recursively(text):
    """The first character, then the rest."""
    if text == "":
        return torch.zeros(0, dtype=torch.int64)
    head = ALPHABET.find(text[0].translate(_FOLD))
    if head == -1:
        raise ValueError(f"no id for {text[0]!r}")
    return torch.cat([torch.full((1,), head), encode(text[1:])])


@alternative("encode")
def in_lower_case_first(text):
    """The whole text in lower case, then character by character."""
    ids = []
    for character in text.lower():
        if character not in ALPHABET:
            raise ValueError(f"unknown character: {character}")
        ids.append(ALPHABET.index(character))
    return torch.tensor(ids, dtype=torch.long)


# --- decode ---------------------------------------------------------------------------------


@alternative("decode")
def with_tolist(ids):
    """Plain numbers first, whatever came."""
    ids = ids.tolist() if torch.is_tensor(ids) else ids
    return "".join(map(ALPHABET.__getitem__, ids))


@alternative("decode")
def with_as_tensor(ids):
    """A tensor first, whatever came."""
    text = ""
    for i in torch.as_tensor(ids, dtype=torch.long).numpy():
        text = text + ALPHABET[i]
    return text


@alternative("decode")
def with_characters_in_an_array(ids):
    """NumPy picks the characters."""
    letters = np.array(list(ALPHABET))
    return str("".join(letters[np.asarray(ids, dtype=np.int64)]))


@alternative("decode")
def with_chr(ids):
    """By code points."""
    return "".join(" " if i == 26 else chr(97 + int(i)) for i in ids)


# --- encode_batch ---------------------------------------------------------------------------


@alternative("encode_batch")
def with_pad_sequence(texts):
    """Encoded first, filled afterwards."""
    if not texts or max(len(text) for text in texts) == 0:
        raise ValueError("nothing to encode")
    rows = [encode(text) for text in texts]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=ALPHABET.index(" "))


@alternative("encode_batch")
def into_a_tensor_of_spaces(texts):
    """All spaces, then each text over the front of its row; max refuses the empty list itself."""
    width = max(map(len, texts))
    if not width:
        raise ValueError("only empty texts")
    batch = torch.full((len(texts), width), 26, dtype=torch.long)
    for row, text in zip(batch, texts):
        row[: len(text)] = encode(text)
    return batch


@alternative("encode_batch")
def as_one_long_text(texts):
    """All texts, filled up, are one text that is cut into rows."""
    width = max([len(text) for text in texts], default=0)
    if width < 1:
        raise ValueError(f"nothing to read in {texts}")
    return encode("".join(f"{text:<{width}}" for text in texts)).view(len(texts), width)


@alternative("encode_batch")
def padded_one_by_one(texts):
    """F.pad for each row; the columns are stacked and turned."""
    if not any(texts):
        raise ValueError("nothing to encode")
    rows = list(map(encode, texts))
    width = max(row.numel() for row in rows)
    columns = [F.pad(row, (0, width - len(row)), value=26) for row in rows]
    return torch.stack(columns, dim=1).T


# --- CharRNN --------------------------------------------------------------------------------


@alternative("CharRNN")
class TimeMajorInside(nn.Module):
    """The rnn reads (T, B, E)."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.fc = nn.Linear(hidden_size, num_classes)
        self.rnn = nn.RNN(embed_size, hidden_size)
        self.embedding = nn.Embedding(vocab_size, embed_size)

    def forward(self, x):
        output, _ = self.rnn(self.embedding(x.t()))
        return self.fc(output[-1])


@alternative("CharRNN")
class LastOutput(nn.Module):
    """output[:, -1] in place of h_n, and an explicit zero state."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.hidden_size = hidden_size
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size, num_layers=1, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        vectors = self.embedding(x)
        h_0 = vectors.new_zeros(1, x.size(0), self.hidden_size)
        output, _ = self.rnn(vectors, h_0)
        return self.fc(output[:, -1, :])


@alternative("CharRNN")
class StepByStep(nn.Module):
    """The rnn is called once a character, the state carried by hand."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        state = None
        for t in range(x.shape[1]):
            _, state = self.rnn(self.embedding(x[:, t : t + 1]), state)
        return self.fc(state.squeeze(0))


@alternative("CharRNN")
class WithTheWeightsThemselves(nn.Module):
    """The submodules hold the weights; the arithmetic is written out."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        rnn, table = self.rnn, self.embedding.weight
        hot = F.one_hot(x, table.shape[0]).to(table.dtype)
        read = F.linear(hot @ table, rnn.weight_ih_l0, rnn.bias_ih_l0 + rnn.bias_hh_l0)
        h = torch.zeros(len(x), rnn.hidden_size, dtype=table.dtype)
        for step in read.unbind(dim=1):
            h = (step + h @ rnn.weight_hh_l0.T).tanh()
        return torch.addmm(self.fc.bias, h, self.fc.weight.T)


@alternative("CharRNN")
class RowByRow(nn.Module):
    """Each text alone and without a batch axis; a buffer and a module that change nothing."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))
        self.dropout = nn.Dropout(p=0.0)
        self.embedding = nn.Embedding.from_pretrained(
            torch.randn(vocab_size, embed_size), freeze=False
        )
        self.rnn = nn.RNN(embed_size, hidden_size, nonlinearity="tanh", batch_first=True)
        self.fc = nn.Linear(in_features=hidden_size, out_features=num_classes, bias=True)

    def forward(self, x):
        self.calls += 1
        return torch.stack([self._logits(text) for text in x])

    def _logits(self, text):
        output, _ = self.rnn(self.dropout(self.embedding(text)))
        return self.fc(output[-1])


@alternative("CharRNN")
class AllLogitsThenTheLast(nn.Module):
    """fc after every step, of which the last counts."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)
        for weight in self.parameters():
            nn.init.normal_(weight, std=0.1)

    def forward(self, x):
        return self.fc(self.rnn(F.embedding(x, self.embedding.weight))[0])[:, -1]


@alternative("CharRNN")
class ByTwoNames(nn.Module):
    """The same modules also in a list, which names them first: no parameter more is learned."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Embedding(vocab_size, embed_size), nn.RNN(embed_size, hidden_size, batch_first=True)]
        )
        self.embedding, self.rnn = self.layers
        self.fc = nn.Linear(hidden_size, num_classes)
        self.encoder = nn.Sequential(self.embedding, self.rnn)

    def forward(self, x):
        return self.fc(self.encoder(x)[0][:, -1])
