"""Wrong answers to exercise 7 as a stranger would write them; none was read by diagnosis before."""

import torch
import torch.nn.functional as F
from torch import nn

from grading.testing.answers import misconception


class Network(nn.Module):
    """The three submodules as the task wants them."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(input_size=embed_size, hidden_size=hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)


@misconception("encode", "", like="unknown_dropped")
def filtered_letters(text):
    places = {letter: place for place, letter in enumerate(ALPHABET)}
    known = filter(places.__contains__, text.lower())
    return torch.tensor([places[letter] for letter in known]).long()


@misconception("encode", "", like="capitals_refused")
def table_of_small_letters(text):
    table = {letter: place for place, letter in enumerate(ALPHABET)}
    ids = torch.empty(len(text), dtype=torch.long)
    for i, letter in enumerate(text):
        if letter not in table:
            raise ValueError("unknown character: " + letter)
        ids[i] = table[letter]
    return ids


@misconception("decode", "", like="decoded_and_stripped")
def ends_trimmed(ids):
    text = ""
    for i in ids:
        text += ALPHABET[i]
    while text.startswith(" "):
        text = text[1:]
    return text.rstrip()


@misconception("encode_batch", "", like="filled_with_a")
def into_a_block_of_zeros(texts):
    rows = [encode(text) for text in texts]
    if not any(row.numel() for row in rows):
        raise ValueError("nothing to encode")
    block = torch.zeros(len(rows), max(row.numel() for row in rows), dtype=torch.long)
    for k, row in enumerate(rows):
        block[k, : row.numel()] = row
    return block


@misconception("encode_batch", "", like="filled_on_the_left")
def padded_before(texts):
    width = max([len(text) for text in texts] or [0])
    if width == 0:
        raise ValueError("nothing to encode")
    rows = [F.pad(encode(text), (width - len(text), 0), value=26) for text in texts]
    return torch.stack(rows, dim=0)


@misconception("CharRNN", "", like="LogitsAtEachStep")
class ScoresEverywhere(Network):
    def forward(self, x):
        states = self.rnn(self.embedding(x))[0].unbind(dim=1)
        return torch.stack([self.fc(state) for state in states], dim=1)


@misconception("CharRNN", "", like="MeanOfStates")
class AveragedReading(Network):
    def forward(self, x):
        states, _ = self.rnn(F.embedding(x, self.embedding.weight))
        return self.fc(states.sum(dim=1) / states.size(1))


@misconception("CharRNN", "", like="LogSoftmaxAtTheEnd")
class TutorialStyle(Network):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, x):
        states, _ = self.rnn(self.embedding(x))
        return self.softmax(self.fc(states[:, -1]))


# --- odd ones --------------------------------------------------------------------------------


@misconception("encode", "")
def counted_from_the_back(text):
    ids = [26 - int(i) for i in map(ALPHABET.index, text.lower())]
    return torch.tensor(ids, dtype=torch.long)


@misconception("encode_batch", "")
def filled_by_beginning_again(texts):
    width = max([len(text) for text in texts] or [0])
    if width == 0:
        raise ValueError("nothing to encode")
    rows = [((text or " ") * width)[:width] for text in texts]
    return torch.stack([encode(row) for row in rows])


@misconception("CharRNN", "")
class ReadTwice(Network):
    def forward(self, x):
        letters = self.embedding(x)
        _, state = self.rnn(letters)
        _, state = self.rnn(letters, state)
        return self.fc(state.squeeze(0))
