"""Wrong answers to exercise 7, each with what a teacher would say."""

import re
import unicodedata

import torch
from torch import nn

from grading.testing.answers import misconception


def _refuse_unknown(text):
    """What encode has to refuse, for mistakes that are elsewhere."""
    for c in text:
        if c not in ALPHABET:
            raise ValueError(f"unknown character {c!r}")


def _refuse_nothing(texts):
    """What encode_batch has to refuse, for mistakes that are elsewhere."""
    if not any(texts):
        raise ValueError("nothing to encode")


class _Parts(nn.Module):
    """The three submodules as they should be; the mistakes below are in what is done with them."""

    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)


# --- encode ----------------------------------------------------------------------------------


@misconception(
    "encode",
    "Your function gives -1 for a character that isn't in ALPHABET. What does str.find return "
    "when it finds nothing, and what would an embedding do with that?",
)
def find_gives_minus_one(text):
    return torch.tensor([ALPHABET.find(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your function gives fewer ids than the text has characters: those that aren't in ALPHABET "
    "vanish. How would anybody notice that the text was damaged?",
)
def unknown_dropped(text):
    ids = [ALPHABET.index(c) for c in text.lower() if c in ALPHABET]
    return torch.tensor(ids, dtype=torch.int64)


@misconception(
    "encode",
    "Your function reads an unknown character as a space. How would anybody notice that the text "
    "was changed?",
)
def unknown_becomes_space(text):
    ids = [ALPHABET.index(c) if c in ALPHABET else 26 for c in text.lower()]
    return torch.tensor(ids, dtype=torch.int64)


@misconception(
    "encode",
    "Your ids are all one too high. Which index does the first character of a str have?",
)
def ids_from_one(text):
    _refuse_unknown(text.lower())
    return torch.tensor([ALPHABET.index(c) + 1 for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your space has the id 0, and the letters follow. Where does ALPHABET have its space?",
)
def space_comes_first(text):
    vocabulary = sorted(set(ALPHABET))
    for c in text.lower():
        if c not in vocabulary:
            raise ValueError(f"unknown character {c!r}")
    return torch.tensor([vocabulary.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your ids don't follow the order of ALPHABET. In which order does a set give its members, and "
    "will it be the same tomorrow?",
)
def vocabulary_from_a_set(text):
    vocabulary = sorted(ALPHABET, key=lambda c: ord(c) * 37 % 101)  # like a set: any order
    for c in text.lower():
        if c not in vocabulary:
            raise ValueError(f"unknown character {c!r}")
    return torch.tensor([vocabulary.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    'Your ids depend on which other characters the text has. Will "a" mean the same to the '
    "network in two texts?",
)
def vocabulary_of_each_text(text):
    _refuse_unknown(text.lower())
    vocabulary = sorted(set(text.lower()))
    return torch.tensor([vocabulary.index(c) for c in text.lower()], dtype=torch.int64)


@misconception("encode", 'Your function refuses capital letters. What should happen to "A"?')
def capitals_refused(text):
    _refuse_unknown(text)
    return torch.tensor([ALPHABET.index(c) for c in text], dtype=torch.int64)


@misconception(
    "encode",
    "Your ids of unknown characters come from ord and lie outside 0 to 26. Where do you check "
    "that a character is in ALPHABET?",
)
def ord_without_a_check(text):
    ids = [26 if c == " " else ord(c.lower()) - ord("a") for c in text]
    return torch.tensor(ids, dtype=torch.int64)


@misconception(
    "encode",
    "Your function gives ids above 26 to letters such as é. Which letters does str.isalpha accept?",
)
def every_alpha_accepted(text):
    for c in text:
        if not c.isalpha() and c != " ":
            raise ValueError(f"unknown character {c!r}")
    ids = [26 if c == " " else ord(c.lower()) - ord("a") for c in text]
    return torch.tensor(ids, dtype=torch.int64)


@misconception(
    "encode",
    "Your function lets through two characters that are neighbours of the letters. Which ones "
    'come just before "a" and just after "z" in ASCII?',
)
def bounds_off_by_one(text):
    ids = []
    for c in text.lower():
        if c != " " and not ord("a") - 1 <= ord(c) <= ord("z") + 1:
            raise ValueError(f"unknown character {c!r}")
        ids.append(26 if c == " " else (ord(c) - ord("a")) % 27)
    return torch.tensor(ids, dtype=torch.int64)


@misconception("encode", "Your function turns accented letters into plain ones. Is é in ALPHABET?")
def accents_taken_off(text):
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    _refuse_unknown(plain)
    return torch.tensor([ALPHABET.index(c) for c in plain], dtype=torch.int64)


@misconception(
    "encode",
    'Your function makes "ss" of ß, so it gives more ids than the text has characters. Which '
    "letters should become lower case?",
)
def casefold_for_lower(text):
    _refuse_unknown(text.casefold())
    return torch.tensor([ALPHABET.index(c) for c in text.casefold()], dtype=torch.int64)


@misconception("encode", "Your function reads line ends and tabs as spaces. Are they in ALPHABET?")
def any_blank_is_a_space(text):
    ids = []
    for c in text.lower():
        c = " " if c.isspace() else c
        if c not in ALPHABET:
            raise ValueError(f"unknown character {c!r}")
        ids.append(ALPHABET.index(c))
    return torch.tensor(ids, dtype=torch.int64)


@misconception("encode", "Your ids are floating-point numbers. Can an embedding look up row 2.0?")
def ids_as_float(text):
    _refuse_unknown(text.lower())
    return torch.tensor([float(ALPHABET.index(c)) for c in text.lower()])


@misconception(
    "encode",
    "Your ids are right, but not int64. Which dtype does the table in the docstring ask for?",
)
def ids_as_int32(text):
    _refuse_unknown(text.lower())
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int32)


@misconception(
    "encode",
    "For the empty text your tensor is a floating-point one. How could torch.tensor know the "
    "dtype of an empty list?",
)
def empty_text_as_float(text):
    _refuse_unknown(text.lower())
    return torch.tensor([ALPHABET.index(c) for c in text.lower()])


@misconception(
    "encode",
    "Your function refuses the empty text. How many ids do no characters have?",
)
def empty_text_refused(text):
    if not text:
        raise ValueError("the text is empty")
    _refuse_unknown(text.lower())
    return torch.tensor([ALPHABET.index(c) for c in text.lower()])


@misconception(
    "encode",
    "Your function gives no ids to spaces at the ends of the text. Is a space a character like "
    "the others?",
)
def ends_stripped(text):
    text = text.lower().strip(" ")
    _refuse_unknown(text)
    return torch.tensor([ALPHABET.index(c) for c in text], dtype=torch.int64)


@misconception(
    "encode",
    "Your function makes one space of several in a row. How many ids should a text of T "
    "characters have?",
)
def spaces_collapsed(text):
    while "  " in text:
        text = text.replace("  ", " ")
    _refuse_unknown(text.lower())
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your function only knows letters and refuses the space. How many characters does ALPHABET "
    "have?",
)
def letters_only(text):
    for c in text.lower():
        if c not in ALPHABET[:26]:
            raise ValueError(f"unknown character {c!r}")
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your function raises a KeyError for an unknown character. Which error does the docstring "
    "promise?",
)
def key_error_for_unknown(text):
    table = {c: i for i, c in enumerate(ALPHABET)}
    return torch.tensor([table[c] for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your ValueError doesn't show which character was unknown (the one that str.index raises "
    "never does). How could it?",
)
def error_of_index_itself(text):
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your ValueError says where the unknown character is, but not which one it is. Could you mend "
    "a text from that?",
    like="error_of_index_itself",
)
def error_names_the_place_only(text):
    for place, c in enumerate(text.lower()):
        if c not in ALPHABET:
            raise ValueError(f"unknown character in place {place}")
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your ValueError shows the first character of the text, whichever was unknown. Which one is "
    "the loop looking at?",
)
def error_names_the_first_character(text):
    for c in text.lower():
        if c not in ALPHABET:
            raise ValueError(f"unknown character {text[0]!r}")
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your function checks the text's first character only. Where else may an unknown one be?",
)
def only_the_first_checked(text):
    if text and text[0].lower() not in ALPHABET:
        raise ValueError(f"unknown character {text[0]!r}")
    return torch.tensor([ALPHABET.find(c) for c in text.lower()], dtype=torch.int64)


@misconception("encode", "Your function returns a list. What does an embedding take?")
def list_of_ids(text):
    _refuse_unknown(text.lower())
    return [ALPHABET.index(c) for c in text.lower()]


@misconception(
    "encode",
    "Your ids come as a batch of one text. Which shape does the table in the docstring show?",
)
def batch_axis_added(text):
    _refuse_unknown(text.lower())
    return torch.tensor([[ALPHABET.index(c) for c in text.lower()]], dtype=torch.int64)


@misconception(
    "encode",
    "Your function gives a row of zeros with a single one for each character. Which single number "
    "stands for a character when an embedding follows?",
)
def one_hot_rows(text):
    _refuse_unknown(text.lower())
    ids = torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)
    return torch.nn.functional.one_hot(ids, 27)


@misconception(
    "encode",
    'Your function lets through the characters between "Z" and "a" in ASCII. Which characters '
    "does the range A-z hold?",
)
def range_from_upper_to_lower(text):
    if not re.fullmatch("[A-z ]*", text):
        raise ValueError("unknown: " + re.sub("[A-z ]", "", text))
    return torch.tensor([ALPHABET.find(c) for c in text.lower()], dtype=torch.int64)


@misconception("encode", "Your function accepts a line end after the text. What does $ match?")
def dollar_before_a_line_end(text):
    if not re.match("^[A-Za-z ]*$", text):
        raise ValueError("unknown: " + re.sub("[A-Za-z ]", "", text))
    return torch.tensor([ALPHABET.find(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your function gives ids above 26 to commas and the like. Which alphabet is given?",
)
def alphabet_of_another_course(text):
    letters = ALPHABET + ".,;'"
    for c in text.lower():
        if c not in letters:
            raise ValueError(f"unknown character {c!r}")
    return torch.tensor([letters.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your ValueError shows the unknown character's code, not the character itself. Could you find "
    "it in a text?",
    like="error_of_index_itself",
)
def error_shows_the_code(text):
    for c in text.lower():
        if c not in ALPHABET:
            raise ValueError(f"unknown character with code {ord(c)}")
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "Your function raises a different error from the one that the docstring promises (assert, for "
    "one, raises an AssertionError). Which one is promised?",
)
def checked_with_assert(text):
    for c in text.lower():
        assert c in ALPHABET, c
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "encode",
    "For a text of one letter your tensor has no axis. Which axes does squeeze() drop by default?",
)
def one_letter_squeezed(text):
    _refuse_unknown(text.lower())
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64).squeeze()


@misconception(
    "encode",
    "Your function gives no ids to blanks at the ends of the text, spaces and line ends alike. "
    "Which characters does strip() remove by default?",
)
def all_blanks_stripped(text):
    ids = []
    for c in text.lower().strip():
        if c not in ALPHABET:
            raise ValueError(f"unknown character {c!r}")
        ids.append(ALPHABET.index(c))
    return torch.tensor(ids, dtype=torch.int64)


@misconception(
    "encode",
    "Your ValueError doesn't show which character was unknown, and for the empty text your tensor "
    "is a floating-point one. How can the message show it, and how could torch.tensor know the "
    "dtype of an empty list?",
)
def index_alone(text):
    return torch.tensor([ALPHABET.index(c) for c in text.lower()])


@misconception(
    "encode",
    "A character that isn't in ALPHABET gets -1, and the empty text gives a floating-point "
    "tensor. What does str.find return when it finds nothing, and how could torch.tensor know the "
    "dtype of an empty list?",
)
def find_alone(text):
    return torch.tensor([ALPHABET.find(c) for c in text.lower()])


@misconception(
    "encode",
    "An unknown character raises a KeyError, and the empty text gives a floating-point tensor. "
    "Which error does the docstring promise, and which dtype?",
)
def table_alone(text):
    table = {c: i for i, c in enumerate(ALPHABET)}
    return torch.tensor([table[c] for c in text.lower()])


@misconception(
    "encode",
    "Your function refuses capital letters, and its ValueError shows no character. What should "
    'happen to "A", and what to "#"?',
)
def index_of_the_text_as_it_is(text):
    return torch.tensor([ALPHABET.index(c) for c in text], dtype=torch.int64)


@misconception(
    "encode",
    "Your function refuses capital letters, its ValueError shows no character, and the empty text "
    'gives a floating-point tensor. To begin with, what should happen to "A"?',
)
def bare_index_of_the_text_as_it_is(text):
    return torch.tensor([ALPHABET.index(c) for c in text])


@misconception(
    "encode",
    "Your function refuses capital letters, and for the empty text your tensor is a "
    'floating-point one. What should happen to "A", and to the empty text?',
)
def capitals_refused_and_floats(text):
    ids = []
    for c in text:
        if c not in ALPHABET:
            raise ValueError(f"unknown character {c!r}")
        ids.append(ALPHABET.index(c))
    return torch.tensor(ids)


@misconception(
    "encode",
    "Your function reads an unknown character as id 0. Which character is that?",
)
def unknown_becomes_a(text):
    table = {c: i for i, c in enumerate(ALPHABET)}
    return torch.tensor([table.get(c, 0) for c in text.lower()], dtype=torch.int64)


# --- decode ----------------------------------------------------------------------------------


@misconception(
    "decode",
    "Each of your characters is one place too early in ALPHABET. Which id does the first "
    "character have?",
)
def decoded_from_one(ids):
    return "".join(ALPHABET[int(i) - 1] for i in ids)


@misconception(
    "decode",
    "Your function drops spaces at the ends of the text. Would encode give the same ids for it?",
)
def decoded_and_stripped(ids):
    return "".join(ALPHABET[int(i)] for i in ids).strip()


@misconception(
    "decode",
    "Your function drops spaces at the right end. How do you know that they were padding?",
)
def filling_taken_off(ids):
    return "".join(ALPHABET[int(i)] for i in ids).rstrip(" ")


@misconception("decode", "Your text ends at the first space. Can't a text have two words?")
def ends_at_first_space(ids):
    return "".join(ALPHABET[int(i)] for i in ids).split(" ")[0]


@misconception(
    "decode",
    "There is something between the characters of your text. What does the str before .join do?",
)
def joined_with_spaces(ids):
    return " ".join(ALPHABET[int(i)] for i in ids)


@misconception("decode", "Your function returns a list of characters. What makes one str of them?")
def list_of_characters(ids):
    return [ALPHABET[int(i)] for i in ids]


@misconception(
    "decode",
    "Your function takes a tensor, but not a list. Which methods does a list have?",
)
def tensors_only(ids):
    return "".join(ALPHABET[i] for i in ids.tolist())


@misconception(
    "decode",
    "Your function takes a list, but not a tensor. What does a tensor give when you loop over it?",
)
def lists_only(ids):
    table = dict(enumerate(ALPHABET))
    return "".join(table[i] for i in ids)


@misconception(
    "decode",
    'Your function gives "{" for id 26. Which character comes after "z" in ALPHABET, and '
    "which in ASCII?",
)
def chr_for_the_space(ids):
    return "".join(chr(ord("a") + int(i)) for i in ids)


@misconception("decode", 'Every "a" is missing from your text. What does `if i` make of id 0?')
def zeros_skipped(ids):
    return "".join(ALPHABET[int(i)] for i in ids if i)


@misconception("decode", "Your text is in upper case. What is the inverse of encode?")
def decoded_to_upper(ids):
    return "".join(ALPHABET[int(i)] for i in ids).upper()


@misconception(
    "decode",
    "Spaces are missing from your text. Which of the 27 characters is left out?",
)
def spaces_left_out(ids):
    return "".join(ALPHABET[int(i)] for i in ids if int(i) < 26)


@misconception(
    "decode",
    "Letters that repeat appear only once in your text. What does a dict or a set do to equal ids?",
)
def repeats_dropped(ids):
    return "".join(ALPHABET[i] for i in dict.fromkeys(int(i) for i in ids))


@misconception("decode", "Your function fails when there are no ids. Which text do they stand for?")
def nothing_refused(ids):
    text = ALPHABET[int(ids[0])]
    for i in ids[1:]:
        text += ALPHABET[int(i)]
    return text


@misconception(
    "decode",
    "After your call the caller's list is empty. What does pop do to a list that isn't yours?",
)
def callers_list_emptied(ids):
    text = ""
    while len(ids):
        text += ALPHABET[int(ids[0])]
        ids = (ids.pop(0), ids)[1] if isinstance(ids, list) else ids[1:]
    return text


@misconception(
    "decode",
    "Your function takes a tensor, but a list only if it is empty. Which methods does an int have?",
)
def items_asked_of_ints(ids):
    return "".join(ALPHABET[i.item()] for i in ids)


# --- encode_batch ----------------------------------------------------------------------------


@misconception(
    "encode_batch",
    "Your function pads shorter texts with id 0. Which character is that?",
)
def filled_with_a(texts):
    _refuse_nothing(texts)
    ids = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.int64)
    for i, text in enumerate(texts):
        ids[i, : len(text)] = encode(text)
    return ids


@misconception(
    "encode_batch",
    "Your function pads shorter texts with -1. Which row of an embedding is that?",
)
def filled_with_minus_one(texts):
    _refuse_nothing(texts)
    rows = [encode(text) for text in texts]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=-1)


@misconception(
    "encode_batch",
    "Your function pads shorter texts with 27. What is the last index of ALPHABET?",
)
def filled_with_27(texts):
    _refuse_nothing(texts)
    rows = [encode(text) for text in texts]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=27)


@misconception(
    "encode_batch",
    "Your padding comes before the text. Which side does the docstring name?",
)
def filled_on_the_left(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return torch.stack([encode(text.rjust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your padding is on both sides of the text. Which side does the docstring name?",
)
def filled_on_both_sides(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return torch.stack([encode(text.center(longest)) for text in texts])


@misconception("encode_batch", "Your rows are sorted by length. To which text does row 0 belong?")
def rows_sorted(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    ordered = sorted(texts, key=len, reverse=True)
    return torch.stack([encode(text.ljust(longest)) for text in ordered])


@misconception(
    "encode_batch",
    "Your batch is as wide as the shortest text. What happens to the rest of the others?",
)
def cut_to_the_shortest(texts):
    _refuse_nothing(texts)
    shortest = min(map(len, texts))
    return torch.stack([encode(text[:shortest]) for text in texts])


@misconception(
    "encode_batch",
    "Your batch is as wide as its first text. Is that always the longest?",
)
def as_wide_as_the_first(texts):
    _refuse_nothing(texts)
    width = len(texts[0])
    return torch.stack([encode(text[:width].ljust(width)) for text in texts])


@misconception(
    "encode_batch",
    "Your batch has one column more than its longest text has characters. Is a space needed after "
    "every text?",
)
def one_column_more(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts)) + 1
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your batch has the same width whatever the texts are. Where does T come from?",
)
def width_is_fixed(texts):
    _refuse_nothing(texts)
    return torch.stack([encode(text[:16].ljust(16)) for text in texts])


@misconception(
    "encode_batch",
    "For texts that are all empty your function returns a tensor without columns. What could a "
    "caller do with it?",
)
def empty_texts_accepted(texts):
    if not texts:
        raise ValueError("no texts")
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "For an empty list your function returns an empty tensor. Which error does the docstring "
    "promise?",
)
def empty_list_accepted(texts):
    if not texts:
        return torch.empty(0, 0, dtype=torch.int64)
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your function makes one space of each text when all of them are empty. Which error does the "
    "docstring promise?",
)
def at_least_one_column(texts):
    longest = max(1, max(map(len, texts)))
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your function refuses an empty text among others. What can its row be padded with?",
)
def any_empty_text_refused(texts):
    if not texts or not all(texts):
        raise ValueError("there is an empty text")
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your function leaves empty texts out, so it gives fewer rows than there are texts. To which "
    "text does row i belong?",
)
def empty_texts_left_out(texts):
    texts = [text for text in texts if text]
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your function refuses a batch of spaces only. Is a space a character?",
)
def blank_texts_refused(texts):
    if not any(text.strip() for text in texts):
        raise ValueError("nothing to encode")
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your function strips the spaces that a text has at its own ends. What does that do to the "
    "longest length?",
)
def texts_stripped(texts):
    _refuse_nothing(texts)
    texts = [text.strip() for text in texts]
    longest = max(1, *map(len, texts), 0)
    return torch.stack([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "After your call the caller's list has changed. Whose list do you write to?",
)
def callers_list_filled(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    for i, text in enumerate(texts):
        texts[i] = text.ljust(longest)
    return torch.stack([encode(text) for text in texts])


@misconception(
    "encode_batch",
    "Your function refuses capital letters, which encode accepts. How could the rule be written "
    "only once?",
)
def capitals_refused_in_batches(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return torch.tensor([[ALPHABET.index(c) for c in text.ljust(longest)] for text in texts])


@misconception(
    "encode_batch",
    "Your texts are in columns: each row holds one character of every text. Which axis comes "
    "first?",
)
def texts_in_columns(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts], dim=1)


@misconception(
    "encode_batch",
    "Your function returns a list of tensors. What can a model read at once?",
)
def list_of_rows(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return [encode(text.ljust(longest)) for text in texts]


@misconception(
    "encode_batch",
    "Your ids are floating-point numbers. Which dtype does the tensor have that they are written "
    "to?",
)
def batch_as_float(texts):
    _refuse_nothing(texts)
    ids = torch.full((len(texts), max(map(len, texts))), 26.0)
    for i, text in enumerate(texts):
        ids[i, : len(text)] = encode(text)
    return ids


@misconception(
    "encode_batch",
    "Equal texts share one row in your batch. To which text does row i belong?",
)
def equal_texts_once(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in dict.fromkeys(texts)])


@misconception(
    "encode_batch",
    "Your batch is as wide as the text that comes last in the dictionary. How does max compare "
    "texts by default?",
)
def last_in_the_dictionary(texts):
    _refuse_nothing(texts)
    width = len(max(texts))
    return torch.stack([encode(text[:width].ljust(width)) for text in texts])


@misconception(
    "encode_batch",
    "For one text your tensor has no batch axis. How many rows does a batch of one have?",
)
def one_text_without_batch_axis(texts):
    _refuse_nothing(texts)
    longest = max(map(len, texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts]).squeeze(0)


@misconception(
    "encode_batch",
    "Your rows are sorted by length, and so is the caller's list after your call. To which text "
    "does row 0 belong, and whose list do you sort?",
)
def sorted_in_place(texts):
    if not any(texts):
        raise ValueError("nothing to encode")
    texts.sort(key=len, reverse=True)
    T = len(texts[0])
    return torch.stack([encode(text.ljust(T)) for text in texts])


@misconception(
    "encode_batch",
    "Your rows are sorted by length, the caller's list too, and no ValueError comes when there is "
    "nothing to read. To which text does row 0 belong, and whose list do you sort?",
)
def sorted_in_place_unchecked(texts):
    texts.sort(key=len, reverse=True)
    T = len(texts[0])
    return torch.stack([encode(text.ljust(T)) for text in texts])


@misconception(
    "encode_batch",
    "Your rows are sorted by length, and no ValueError comes when there is nothing to read. To "
    "which text does row 0 belong?",
)
def rows_sorted_unchecked(texts):
    texts = sorted(texts, key=len, reverse=True)
    T = len(texts[0])
    return torch.stack([encode(text.ljust(T)) for text in texts])


@misconception(
    "encode_batch",
    "Your function pads shorter texts with id 0, and raises no ValueError when there is nothing "
    "to read. Which character has the id 0?",
)
def filled_with_a_unchecked(texts):
    return nn.utils.rnn.pad_sequence([encode(text) for text in texts], batch_first=True)


@misconception(
    "encode_batch",
    "Your function raises no ValueError when there is nothing to read. What does the docstring "
    "promise for no texts, and for empty ones?",
)
def nothing_to_read_unchecked(texts):
    rows = [encode(text) for text in texts]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=26)


@misconception(
    "encode_batch",
    "Your function fails unless all texts are equally long. What pads the shorter ones?",
)
def stacked_unfilled(texts):
    if not any(texts):
        raise ValueError("nothing to encode")
    return torch.stack([encode(text) for text in texts])


@misconception(
    "encode_batch",
    "Your texts follow one another in a single row. What puts rows below each other?",
)
def texts_in_a_single_row(texts):
    if not any(texts):
        raise ValueError("nothing to encode")
    longest = max(len(text) for text in texts)
    return torch.cat([encode(text.ljust(longest)) for text in texts])


@misconception(
    "encode_batch",
    "Your function fails if the text that comes last in the dictionary isn't the longest. How "
    "does max compare texts by default?",
)
def width_of_the_greatest_text(texts):
    if not any(texts):
        raise ValueError("nothing to encode")
    longest = len(max(texts))
    return torch.stack([encode(text.ljust(longest)) for text in texts])


# --- CharRNN ---------------------------------------------------------------------------------


@misconception(
    "CharRNN",
    "Your model takes the batch axis for time, so the texts of a batch change each other's "
    "logits. Which axis does nn.RNN take for time by default?",
)
class NoBatchFirst(nn.Module):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output[:, -1])


@misconception(
    "CharRNN",
    "Your logits belong to the last text of the batch, one row for each character. Which axis "
    "of the rnn's output counts the texts?",
)
class LastRowForLastStep(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output[-1])


@misconception(
    "CharRNN",
    "Your logits have one axis too many. What does the first axis of h_n count?",
)
class LayerAxisKept(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n)


@misconception(
    "CharRNN",
    "Your model gives logits after every character. After which of them has it read the whole "
    "text?",
)
class LogitsAtEachStep(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output)


@misconception(
    "CharRNN",
    "Your model applies softmax after fc, so each row adds up to 1. What will the cross-entropy "
    "do once more?",
)
class SoftmaxAtTheEnd(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1]).softmax(dim=-1)


@misconception(
    "CharRNN",
    "Your model applies log_softmax after fc. What does fc give, and what will the cross-entropy "
    "do once more?",
)
class LogSoftmaxAtTheEnd(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1]).log_softmax(dim=-1)


@misconception(
    "CharRNN",
    "In evaluation mode your model returns probabilities, in training mode logits. Who should "
    "turn logits into probabilities?",
)
class SoftmaxInEvaluation(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        logits = self.fc(h_n[-1])
        return logits if self.training else logits.softmax(dim=-1)


@misconception("CharRNN", "Your logits never exceed 1. What follows fc in your forward?")
class TanhAtTheEnd(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return torch.tanh(self.fc(h_n[-1]))


@misconception(
    "CharRNN",
    "Your model drops the negative numbers of the state before fc. Does the table show anything "
    "between rnn and fc?",
)
class ReluBeforeFc(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(torch.relu(h_n[-1]))


@misconception("CharRNN", "Your model returns class numbers. What can a loss learn from those?")
class ClassesForLogits(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1]).argmax(dim=-1)


@misconception(
    "CharRNN",
    "Your logits come from the mean of all states. Which single state has read everything?",
)
class MeanOfStates(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output.mean(dim=1))


@misconception(
    "CharRNN",
    "Your logits come from the largest value of each unit over time. Which single state has read "
    "everything?",
)
class MaxOfStates(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output.amax(dim=1))


@misconception(
    "CharRNN",
    "Your logits don't change with anything after the first character. Which step is at index 0?",
)
class FirstState(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output[:, 0])


@misconception(
    "CharRNN",
    "Your logits don't change with the last character. Which index does the last of T steps have?",
)
class LastButOneState(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output[:, max(x.shape[1] - 2, 0)])


@misconception(
    "CharRNN",
    "Your model gives the same logits to a text and to its letters in another order. What do you "
    "do with the time axis before rnn?",
)
class EmbeddingsAveraged(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x).mean(dim=1, keepdim=True))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model reads the text from its end to its beginning. Which character should it read last?",
)
class ReadBackwards(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x.flip(1)))
        return self.fc(h_n[-1])


@misconception("CharRNN", "No gradient reaches your embedding. What does detach cut?")
class EmbeddingDetached(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x).detach())
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Only fc can learn in your model. Where does the path from the logits back to the embedding "
    "end?",
)
class StateDetached(_Parts):
    def forward(self, x):
        with torch.no_grad():
            _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception("CharRNN", "Your logits carry no gradient at all. What is torch.no_grad for?")
class NothingLearns(_Parts):
    def forward(self, x):
        with torch.no_grad():
            _, h_n = self.rnn(self.embedding(x))
            return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Only the last character of a text sends a gradient to the embedding. What cuts the path "
    "through the earlier states?",
)
class GradientOfTheLastStepOnly(_Parts):
    def forward(self, x):
        vectors = self.embedding(x)
        state = None
        if x.shape[1] > 1:
            _, state = self.rnn(vectors[:, :-1])
            state = state.detach()
        _, h_n = self.rnn(vectors[:, -1:], state)
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your embedding is right, but its parameter is frozen. How could its values be learned, then?",
)
class EmbeddingFrozen(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.embedding.weight.requires_grad_(False)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "The first row of your embedding never gets a gradient. Which letter has the id that you call "
    "padding?",
)
class PaddingFreezesA(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.embedding = nn.Embedding(vocab_size, embed_size, padding_idx=0)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "The last row of your embedding never gets a gradient. Is the last character of the alphabet "
    "only padding, or does it also separate words?",
)
class PaddingFreezesTheLastRow(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.embedding = nn.Embedding(vocab_size, embed_size, padding_idx=vocab_size - 1)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "The space's row of your embedding never gets a gradient. Is a space only padding, or does it "
    "also separate words?",
)
class PaddingFreezesTheSpace(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        space = 26 if vocab_size > 26 else None
        self.embedding = nn.Embedding(vocab_size, embed_size, padding_idx=space)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model stops reading before the spaces at the end. How does it know that they are only "
    "padding?",
)
class SpacesAtTheEndSkipped(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        steps = torch.arange(x.shape[1]) * (x != 26)
        return self.fc(output[torch.arange(len(x)), steps.amax(dim=1)])


@misconception(
    "CharRNN",
    'Your model multiplies the vectors of id 0 by zero. Isn\'t "a" a letter?',
)
class ZerosMasked(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x) * (x != 0).unsqueeze(-1))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your logits depend on what the model read in the previous call. From which state should each "
    "text start?",
)
class StateKept(_Parts):
    def forward(self, x):
        kept = getattr(self, "kept", None)
        if kept is not None and kept.shape[1] != len(x):
            kept = None
        output, h_n = self.rnn(self.embedding(x), kept)
        self.kept = h_n.detach()
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model gives different logits each time. From which state should each text start?",
)
class RandomStart(_Parts):
    def forward(self, x):
        vectors = self.embedding(x)
        h_0 = torch.randn(1, len(x), self.rnn.hidden_size, dtype=vectors.dtype)
        _, h_n = self.rnn(vectors, h_0)
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "With a batch of one your logits lose an axis. Which axes does squeeze() drop by default?",
)
class SqueezedBare(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n.squeeze())


@misconception(
    "CharRNN",
    "With a single class your logits lose an axis. Which shape does the table give?",
)
class LogitsSqueezed(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        logits = self.fc(h_n[-1])
        return logits.squeeze(-1)


@misconception(
    "CharRNN",
    "Your model's states don't come from tanh. Which nonlinearity does the table in the docstring "
    "name?",
)
class ReluRecurrence(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True, nonlinearity="relu")

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception("CharRNN", "Your rnn is a GRU. Which module does the table in the docstring name?")
class GruForRnn(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.rnn = nn.GRU(embed_size, hidden_size, batch_first=True)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception("CharRNN", "Your rnn is an LSTM. Which module does the table in the docstring name?")
class LstmForRnn(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.rnn = nn.LSTM(embed_size, hidden_size, batch_first=True)

    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output[:, -1])


@misconception("CharRNN", "Your rnn has two layers. How many does the table in the docstring name?")
class TwoLayers(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.rnn = nn.RNN(embed_size, hidden_size, num_layers=2, batch_first=True)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your rnn reads in both directions, and fc is twice as wide. What does the table in the "
    "docstring show?",
)
class BothDirections(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(torch.cat([h_n[0], h_n[1]], dim=-1))


@misconception(
    "CharRNN",
    "In training mode your logits change from call to call. What does the table show between rnn "
    "and fc?",
)
class DropoutBeforeFc(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(nn.functional.dropout(h_n[-1], 0.5, self.training))


@misconception(
    "CharRNN",
    "Your embedding has 27 rows, whatever vocab_size says. Where does that number come from?",
)
class AlphabetBuiltIn(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(27, embed_size, hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model uses embed_size and hidden_size the wrong way round. In which order does __init__ "
    "take them?",
)
class SizesSwapped(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, hidden_size, embed_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model draws a new embedding at every call. What can training keep, then?",
)
class FreshEmbeddingEachCall(_Parts):
    def forward(self, x):
        self.embedding = nn.Embedding(*self.embedding.weight.shape).to(self.fc.weight.dtype)
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your embedding shrinks its long rows while it reads. Which argument of nn.Embedding does "
    "that?",
)
class RowsRenormalized(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.embedding = nn.Embedding(vocab_size, embed_size, max_norm=0.5)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "The gradient of your embedding is divided by how often a letter occurs. Which argument of "
    "nn.Embedding does that?",
)
class GradientByFrequency(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.embedding = nn.Embedding(vocab_size, embed_size, scale_grad_by_freq=True)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your vectors go through tanh before the rnn reads them. Does the table show anything between "
    "embedding and rnn?",
)
class EmbeddingSquashed(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(torch.tanh(self.embedding(x)))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "In float64 your logits come as float32. Which dtype do the weights have that made them?",
)
class LogitsAsFloat32(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1]).float()


@misconception(
    "CharRNN",
    "Every text gets the sum of the whole batch's logits. Over which axis do you add up?",
)
class BatchAdded(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        logits = self.fc(h_n[-1])
        return logits.sum(dim=0, keepdim=True).expand_as(logits)


@misconception(
    "CharRNN",
    "Your model has no submodule called embedding. Which names does the docstring give the three "
    "submodules?",
)
class OtherNames(nn.Module):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True)
        self.linear = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(self.embed(x))
        return self.linear(h_n[-1])


@misconception("CharRNN", "Your rnn has no biases. What does the docstring say about them?")
class BiasesLeftOut(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.rnn = nn.RNN(embed_size, hidden_size, batch_first=True, bias=False)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model learns the state before the first character. From which state should each text "
    "start?",
)
class LearnedStart(_Parts):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__(vocab_size, embed_size, hidden_size, num_classes)
        self.start = nn.Parameter(torch.zeros(1, 1, hidden_size))

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x), self.start.expand(1, len(x), -1).contiguous())
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "In evaluation mode your logits depend on what the model read in the previous call. From "
    "which state should each text start?",
)
class StateKeptInEvaluation(_Parts):
    def forward(self, x):
        kept = None if self.training else getattr(self, "kept", None)
        if kept is not None and kept.shape[1] != len(x):
            kept = None
        _, h_n = self.rnn(self.embedding(x), kept)
        self.kept = h_n.detach()
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "After your call the caller's ids have changed. Whose tensor do you write to?",
)
class IdsChanged(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        x.fill_(0)
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model fails in float64: the zero state that you make has another dtype than the "
    "weights. Where can a new tensor get its dtype from?",
)
class StateInFloat32(_Parts):
    def forward(self, x):
        h_0 = torch.zeros(1, len(x), self.rnn.hidden_size)
        _, h_n = self.rnn(self.embedding(x), h_0)
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your model returns its state as well. What does the table in the docstring show?",
)
class StateReturnedToo(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1]), h_n


@misconception(
    "CharRNN",
    "Your model sorts the letters of each text before it reads them. Does their order carry no "
    "information?",
)
class LettersSorted(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x.sort(dim=1).values))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "You have a row of logits for each character: your rnn reads the batch's texts as the steps "
    "of one sequence. Which axis does it take for time, and which one is time in what it gets?",
)
class NoBatchFirstFinal(nn.Module):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "Your logits belong to the last text of the batch, one row for each character. Which axis of "
    "the rnn's output counts the texts?",
    like="LastRowForLastStep",
)
class AxesSwappedOnce(nn.Module):
    def __init__(self, vocab_size, embed_size, hidden_size, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.RNN(embed_size, hidden_size)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        vectors = self.embedding(x).permute(1, 0, 2)
        output, _ = self.rnn(vectors)
        return self.fc(output[:, -1])


@misconception(
    "CharRNN",
    "Your logits are those of the batch's last text alone. Which axis of h_n counts the texts?",
)
class LastTextAlone(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[:, -1])


@misconception("CharRNN", "Your fc gets two things at once. Which two results does nn.RNN return?")
class PairToFc(_Parts):
    def forward(self, x):
        output = self.rnn(self.embedding(x))
        return self.fc(output)


@misconception(
    "CharRNN",
    "You index a pair as if it were a tensor. Which two results does nn.RNN return?",
)
class PairIndexed(_Parts):
    def forward(self, x):
        output = self.rnn(self.embedding(x))
        return self.fc(output[:, -1])


@misconception("CharRNN", "Your rnn gets the ids themselves. What turns an id into a vector?")
class EmbeddingLeftOut(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(x)
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "With a batch of one your logits lose an axis, with a single class another one. Which axes "
    "does squeeze() drop by default?",
)
class EverythingSqueezed(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n).squeeze()


@misconception(
    "CharRNN",
    "Your logits come from the sum of all states. Which single state has read everything?",
)
class SumOfStates(_Parts):
    def forward(self, x):
        output, _ = self.rnn(self.embedding(x))
        return self.fc(output.sum(dim=1))


@misconception(
    "CharRNN",
    "Your columns add up to 1: softmax follows fc, along the batch. What does fc give, and what "
    "should come after it?",
)
class SoftmaxOverTheBatch(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1]).softmax(dim=0)


@misconception(
    "decode",
    "Your function fails on a tensor of a single id. What does squeeze() make of the shape (1,)?",
)
def single_id_squeezed(ids):
    ids = ids.squeeze().tolist() if torch.is_tensor(ids) else ids
    return "".join(ALPHABET[i] for i in ids)


@misconception(
    "decode",
    "A tensor of one id 0 gives you no text. When is `not ids` true for a tensor?",
)
def zero_taken_for_nothing(ids):
    if len(ids) < 2 and not ids:
        return ""
    return "".join(ALPHABET[int(i)] for i in ids)


@misconception(
    "CharRNN",
    "In evaluation mode your logits carry no gradient. Evaluation mode is about dropout and the "
    "like: who should decide whether a graph is built?",
)
class NoGradientInEvaluation(_Parts):
    def forward(self, x):
        with torch.set_grad_enabled(self.training):
            return self.fc(self.rnn(self.embedding(x))[1][-1])


@misconception(
    "CharRNN",
    "If all texts of a batch end in spaces, your model leaves those unread. Do the spaces at the "
    "end of a text belong to it?",
)
class CommonSpacesCutOff(_Parts):
    def forward(self, x):
        filled = (x != 26).any(dim=0).nonzero()
        x = x[:, : int(filled.max()) + 1] if len(filled) else x
        return self.fc(self.rnn(self.embedding(x))[1][-1])


@misconception(
    "encode_batch",
    "After your call the caller's list is in another order. What does sort() do that sorted() "
    "doesn't?",
)
def callers_list_sorted(texts):
    _refuse_nothing(texts)
    rows = [encode(text.ljust(max(map(len, texts)))) for text in texts]
    texts.sort(key=len)
    return torch.stack(rows)


@misconception(
    "encode_batch",
    "Your function reads characters that encode refuses as spaces. How could the rule be written "
    "only once?",
)
def unknown_taken_for_spaces(texts):
    longest = max(map(len, texts), default=0)
    if longest == 0:
        raise ValueError("nothing to read")
    ids = {letter: place for place, letter in enumerate(ALPHABET)}
    rows = [text.lower().ljust(longest) for text in texts]
    return torch.tensor([[ids.get(letter, ids[" "]) for letter in row] for row in rows])


@misconception(
    "encode",
    "Your function gives no id to a character that has no width on the screen. Is it in ALPHABET, "
    "and what should happen to a text with any other character?",
)
def no_width_no_id(text):
    text = text.replace("\u200b", "").replace("\ufeff", "").replace("\0", "")
    _refuse_unknown(text.lower() if text.isascii() else text)
    return torch.tensor([ALPHABET.index(c) for c in text.lower()], dtype=torch.int64)


@misconception(
    "CharRNN",
    "In evaluation mode the logits of a single text depend on the text read in the previous call. "
    "From which state should each text start?",
)
class StateKeptForOneText(_Parts):
    def forward(self, x):
        alone = len(x) == 1 and not self.training
        _, h_n = self.rnn(self.embedding(x), getattr(self, "kept", None) if alone else None)
        self.kept = h_n.detach() if alone else None
        return self.fc(h_n[-1])


@misconception(
    "CharRNN",
    "For a text of spaces alone your logits are just the bias of fc. Isn't a space a character?",
)
class SpacesAloneNotRead(_Parts):
    def forward(self, x):
        _, h_n = self.rnn(self.embedding(x))
        return self.fc(h_n[-1] * (x != 26).any(dim=1, keepdim=True))


@misconception(
    "encode_batch",
    'Your batch is float32, and its padding has the id of "a". Which dtype does a new tensor get by '
    "default, and which id has a space?",
)
def filled_with_a_as_float(texts):
    _refuse_nothing(texts)
    batch = torch.zeros(len(texts), max(map(len, texts)))
    for row, text in enumerate(texts):
        batch[row, : len(text)] = encode(text)  # noqa: F821
    return batch


@misconception(
    "encode_batch",
    'Your texts stand in columns, and the padding has the id of "a". Which axis should count the '
    "texts, and which id has a space?",
)
def columns_filled_with_a(texts):
    _refuse_nothing(texts)
    return nn.utils.rnn.pad_sequence([encode(text) for text in texts])  # noqa: F821
