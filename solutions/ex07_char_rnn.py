"""Exercise 7: classifying text by character.

A network reads numbers. So every character becomes its index in an alphabet, and every index
becomes a row of a learned table (nn.Embedding). The rows go through nn.RNN one by one, and the
state after the last of them says which class the text belongs to:

    text -> ids (T,) -> embedding (T, E) -> states (T, H) -> the last state (H,) -> logits (C,)

Texts of one batch must be equally long; here the shorter ones are padded with spaces.
Source: https://docs.pytorch.org/tutorials/intermediate/char_rnn_classification_tutorial.html
(its letters are one-hot; ours have an embedding, which learns which letters are alike).

Letters: B batch, T characters, V vocabulary, E embedding size, H hidden size, C classes.
"""

import torch
from torch import Tensor, nn

ALPHABET = "abcdefghijklmnopqrstuvwxyz "


def encode(text: str) -> Tensor:
    """Turn a text into the index in ALPHABET of each of its characters.

    ========  =====  =======================
    text      str    any number of letters A-Z, a-z and spaces
    returns   (T,)   int64, T = len(text)
    ========  =====  =======================

    Upper case A-Z counts as lower case. Every space counts, at the ends too. The empty text
    gives an empty int64 tensor. Any other character (a digit, a hyphen, a line end, é, ß …)
    raises a ValueError whose message shows that very character: for "a#b" it contains "#".
    """
    # TODO: look every character up in ALPHABET, in lower case; refuse unknown ones, by name.
    ### BEGIN SOLUTION
    ids = []
    for character in text:
        folded = character.lower() if character.isascii() else character
        if folded not in ALPHABET:
            raise ValueError(f"no place in the alphabet for {character!r}")
        ids.append(ALPHABET.index(folded))
    return torch.tensor(ids, dtype=torch.int64)
    ### END SOLUTION


def decode(ids: Tensor | list[int]) -> str:
    """Turn ids back into text: the inverse of encode.

    ========  =====  =======================
    ids       (T,)   int64 tensor, or a list of T ints; T may be 0
    returns   str    T characters of ALPHABET, spaces at the ends included
    ========  =====  =======================
    """
    # TODO: look every id up in ALPHABET and join the characters.
    ### BEGIN SOLUTION
    return "".join(ALPHABET[int(i)] for i in ids)
    ### END SOLUTION


def encode_batch(texts: list[str]) -> Tensor:
    """Encode several texts as one tensor; shorter ones are padded with spaces on the right.

    ========  ======  =======================
    texts     list    B texts in any order, of different lengths
    returns   (B, T)  int64, row i belongs to texts[i]; T is the length of the longest text
    ========  ======  =======================

    Each row begins with the ids that encode gives for its text. Some of the texts may be empty.
    If there is nothing to read at all (no texts, or only empty ones), it raises a ValueError. The
    list stays as it is.
    """
    # TODO: find the longest text, pad the others, encode, stack.
    ### BEGIN SOLUTION
    longest = max((len(text) for text in texts), default=0)
    if longest == 0:
        raise ValueError("there is no text to encode")
    return torch.stack([encode(text.ljust(longest)) for text in texts])
    ### END SOLUTION


class CharRNN(nn.Module):
    """Reads a text character by character; one logit per class from the state after the last.

    ===========  ======================================  ==================
    submodule    what it is                              maps
    ===========  ======================================  ==================
    embedding    nn.Embedding: V rows of E numbers       (B, T) to (B, T, E)
    rnn          nn.RNN with tanh: one layer, forward    (B, T, E) to states of size H
    fc           nn.Linear                               (B, H) to (B, C)
    ===========  ======================================  ==================

    The arguments are V = vocab_size, E = embed_size, H = hidden_size and C = num_classes. The
    submodules have these names, and keep their biases, so that weights can be set. Every row of
    the embedding can learn, the space's too, and every character counts, wherever it stands.
    Nothing else is learned: the state before the first character is zero.
    """

    def __init__(
        self, vocab_size: int, embed_size: int, hidden_size: int, num_classes: int
    ) -> None:
        super().__init__()
        # TODO: build self.embedding, self.rnn and self.fc.
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """Read all characters, starting from a zero state; score the classes at the end.

        ========  ======  =======================
        x         (B, T)  int64, ids below vocab_size
        returns   (B, C)  logits: what fc makes of the last state, and nothing after that
        ========  ======  =======================

        A call knows nothing of the calls before it. A model in float64 gives float64.
        """
        # TODO: embed the ids, run the rnn, hand the state after the last character to fc.
        ### BEGIN SOLUTION
        _, h_n = self.rnn(self.embedding(x))  # h_n is (1, B, H)
        return self.fc(h_n[-1])
        ### END SOLUTION
