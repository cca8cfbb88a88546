"""Wrong answers to exercise 8, each with what a teacher would say."""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence
from torch.nn.utils.rnn import pad_sequence as _side_by_side

from grading.testing.answers import misconception


def _counts(sequences):
    """The right lengths, for mistakes that are elsewhere."""
    return torch.tensor([len(sequence) for sequence in sequences])


def _rows(sequences, padding_value=0.0):
    """The right rectangle, for mistakes that are elsewhere."""
    return _side_by_side(sequences, batch_first=True, padding_value=padding_value)


def _by_length(lengths):
    """The order of the rows, longest first, and the order back."""
    order = torch.argsort(lengths, descending=True)
    return order, torch.argsort(order)


def _unpack(packed, total_length):
    return pad_packed_sequence(packed, batch_first=True, total_length=total_length)[0]


def _run_sorted(rnn, padded, lengths):
    """Output and h_n of the rows sorted by length, and the two orders."""
    order, back = _by_length(lengths)
    packed = pack_padded_sequence(padded[order], lengths[order], batch_first=True)
    output, h_n = rnn(packed)
    return _unpack(output, padded.shape[1]), h_n, order, back


def _real(output, lengths):
    """The right mask (B, T, 1), for mistakes that are elsewhere."""
    return (torch.arange(output.shape[1]) < lengths[:, None])[:, :, None]


# --- pad_batch -------------------------------------------------------------------------------


@misconception(
    "pad_batch",
    "Your padding comes before the sequences. At which end does the docstring want it?",
)
def padding_in_front(sequences, padding_value=0.0):
    longest = max(map(len, sequences))
    rows = [F.pad(s, (0, 0, longest - len(s), 0), value=padding_value) for s in sequences]
    return torch.stack(rows), _counts(sequences)


@misconception(
    "pad_batch",
    "Your padding is zero, whatever padding_value says. Where should the argument go?",
)
def padding_value_ignored(sequences, padding_value=0.0):
    return _rows(sequences), _counts(sequences)


@misconception("pad_batch", "By default your padding is one. What does the signature say?")
def padding_of_one_by_default(sequences, padding_value=1.0):
    return _rows(sequences, padding_value), _counts(sequences)


@misconception(
    "pad_batch",
    "Your padding repeats the last step of each sequence. What does padding_value say?",
)
def last_step_repeated(sequences, padding_value=0.0):
    longest = max(map(len, sequences))
    rows = [torch.cat([s, s[-1:].expand(longest - len(s), -1)]) for s in sequences]
    return torch.stack(rows), _counts(sequences)


@misconception(
    "pad_batch",
    "Your lengths are all the length of the padded batch. How long were the sequences before?",
)
def lengths_after_padding(sequences, padding_value=0.0):
    padded = _rows(sequences, padding_value)
    return padded, torch.full((len(padded),), padded.shape[1])


@misconception("pad_batch", "Your rows are sorted by length. To which sequence does row 0 belong?")
def rows_and_lengths_sorted(sequences, padding_value=0.0):
    sequences = sorted(sequences, key=len, reverse=True)
    return _rows(sequences, padding_value), _counts(sequences)


@misconception(
    "pad_batch",
    "Your lengths are sorted, your rows aren't. Which length belongs to row 0?",
)
def lengths_sorted_alone(sequences, padding_value=0.0):
    return _rows(sequences, padding_value), _counts(sequences).sort(descending=True).values


@misconception(
    "pad_batch",
    "Your rows are sorted, your lengths aren't. Which length belongs to row 0?",
)
def rows_sorted_alone(sequences, padding_value=0.0):
    return _rows(sorted(sequences, key=len, reverse=True), padding_value), _counts(sequences)


@misconception(
    "pad_batch",
    "After your call the caller's list is in another order. What does list.sort do to a list that "
    "isn't yours?",
)
def callers_list_sorted(sequences, padding_value=0.0):
    given = list(sequences)
    sequences.sort(key=len, reverse=True)
    return _rows(given, padding_value), _counts(given)


@misconception("pad_batch", "Time comes first in your batch. What does pad_sequence do by default?")
def time_comes_first(sequences, padding_value=0.0):
    return _side_by_side(sequences, padding_value=padding_value), _counts(sequences)


@misconception(
    "pad_batch",
    "Your batch ends with the shortest sequence. What happens to the others' steps?",
)
def cut_to_the_shortest(sequences, padding_value=0.0):
    shortest = min(map(len, sequences))
    return torch.stack([s[:shortest] for s in sequences]), _counts(sequences)


@misconception(
    "pad_batch",
    "Your batch is as long as the first sequence. Is that always the longest?",
)
def as_long_as_the_first(sequences, padding_value=0.0):
    padded = sequences[0].new_full((len(sequences), *sequences[0].shape), padding_value)
    for i, s in enumerate(sequences):
        n = min(len(s), padded.shape[1])
        padded[i, :n] = s[:n]
    return padded, _counts(sequences)


@misconception(
    "pad_batch",
    "Even the longest sequence has padding in your batch. How long must the rectangle be?",
)
def one_step_more(sequences, padding_value=0.0):
    padded = F.pad(_rows(sequences, padding_value), (0, 0, 0, 1), value=padding_value)
    return padded, _counts(sequences)


@misconception(
    "pad_batch",
    "Your lengths are one too small. Are they counts, or the index of the last step?",
)
def lengths_as_last_index(sequences, padding_value=0.0):
    return _rows(sequences, padding_value), _counts(sequences) - 1


@misconception(
    "pad_batch",
    "Steps of zeros don't count in your lengths. Can't a real step be zero?",
)
def lengths_of_steps_that_are_not_zero(sequences, padding_value=0.0):
    lengths = torch.tensor([int(s.ne(0).any(dim=1).sum()) for s in sequences])
    return _rows(sequences, padding_value), lengths


@misconception(
    "pad_batch",
    "Your lengths are read off the padded batch, so a real step that equals padding_value doesn't "
    "count. When did you still know how long each sequence is?",
)
def lengths_read_off_the_batch(sequences, padding_value=0.0):
    padded = _rows(sequences, padding_value)
    return padded, padded.ne(padding_value).any(dim=2).sum(dim=1)


@misconception(
    "pad_batch",
    "Your lengths are the number of all values. How many steps does a sequence of shape (T_i, F) "
    "have?",
)
def lengths_of_all_values(sequences, padding_value=0.0):
    return _rows(sequences, padding_value), torch.tensor([s.numel() for s in sequences])


@misconception("pad_batch", "Your lengths are a list or tuple. What do the functions below expect?")
def lengths_as_list(sequences, padding_value=0.0):
    return _rows(sequences, padding_value), [len(s) for s in sequences]


@misconception(
    "pad_batch",
    "Your lengths aren't int64. Which dtype does the table in the docstring show?",
)
def lengths_as_float(sequences, padding_value=0.0):
    return _rows(sequences, padding_value), _counts(sequences).float()


@misconception(
    "pad_batch",
    "Your lengths come first, the batch second. In which order does the table name them?",
)
def pair_swapped(sequences, padding_value=0.0):
    return _counts(sequences), _rows(sequences, padding_value)


@misconception(
    "pad_batch",
    "Your batch is float32 even where the sequences are float64. Which dtype does torch.full "
    "choose?",
)
def batch_in_float32(sequences, padding_value=0.0):
    longest, width = max(map(len, sequences)), sequences[0].shape[1]
    padded = torch.full((len(sequences), longest, width), padding_value)
    for i, s in enumerate(sequences):
        padded[i, : len(s)] = s
    return padded, _counts(sequences)


@misconception(
    "pad_batch",
    "Your numbers are right, but no gradient reaches the sequences. Where are they cut off from "
    "the graph?",
)
def batch_without_gradient(sequences, padding_value=0.0):
    return _rows([s.data for s in sequences], padding_value), _counts(sequences)


@misconception(
    "pad_batch",
    "For one sequence your batch has no batch axis. How many rows does a batch of one have?",
)
def batch_of_one_squeezed(sequences, padding_value=0.0):
    return _rows(sequences, padding_value).squeeze(0), _counts(sequences)


@misconception(
    "pad_batch",
    "Only one of your sequences gets a gradient. What happens to the others on their way into the "
    "batch?",
)
def gradient_of_the_first_only(sequences, padding_value=0.0):
    kept = [sequences[0]] + [s.detach() for s in sequences[1:]]
    return _rows(kept, padding_value), _counts(sequences)


@misconception(
    "pad_batch",
    "Zeros of your sequences have become padding_value. Who says that a zero is padding?",
)
def zeros_replaced(sequences, padding_value=0.0):
    padded = _rows(sequences)
    padded = torch.where(padded == 0, torch.full_like(padded, padding_value), padded)
    return padded, _counts(sequences)


@misconception(
    "pad_batch",
    "Your batch has an even number of steps, whatever the longest sequence has. How long must the "
    "rectangle be?",
)
def even_number_of_steps(sequences, padding_value=0.0):
    padded = _rows(sequences, padding_value)
    return F.pad(padded, (0, 0, 0, padded.shape[1] % 2), value=padding_value), _counts(sequences)


@misconception("pad_batch", "You return the batch alone. Which two results does the table name?")
def lengths_not_returned(sequences, padding_value=0.0):
    return _rows(sequences, padding_value)


@misconception(
    "pad_batch",
    "Your lengths are the number of features. Which axis of (T_i, F) counts the steps?",
)
def features_counted(sequences, padding_value=0.0):
    lengths = torch.tensor([sequence.shape[1] for sequence in sequences])
    return _rows(sequences, padding_value), lengths


@misconception(
    "pad_batch",
    "Your sequences are stacked as they are, which fails unless all are equally long. What pads "
    "the shorter ones?",
)
def stacked_unpadded(sequences, padding_value=0.0):
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    return torch.stack(sequences), lengths


@misconception(
    "pad_batch",
    "Your batch is float32 and its padding zero, whatever the sequences' dtype and padding_value "
    "are. What does torch.zeros know about either?",
)
def rows_written_into_zeros(sequences, padding_value=0.0):
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    padded = torch.zeros(len(sequences), int(lengths.max()), sequences[0].shape[1])
    for i, sequence in enumerate(sequences):
        padded[i, : len(sequence)] = sequence
    return padded, lengths


@misconception(
    "pad_batch",
    "Your rows are sorted by length, and so is the caller's list after your call. To which "
    "sequence does row 0 belong, and whose list do you sort?",
)
def sorted_in_place(sequences, padding_value=0.0):
    sequences.sort(key=len, reverse=True)
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    return _rows(sequences, padding_value), lengths


@misconception(
    "pad_batch",
    "Your padding adds features, not steps. Which axis does the first pair in F.pad refer to?",
)
def features_padded(sequences, padding_value=0.0):
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    longest = int(lengths.max())
    rows = [F.pad(s, (0, longest - len(s)), value=padding_value) for s in sequences]
    return torch.stack(rows), lengths


# --- pack ------------------------------------------------------------------------------------


@misconception(
    "pack",
    "Your function takes the batch axis for time. Which axis comes first for pack_padded_sequence "
    "by default?",
)
def packed_time_first(padded, lengths):
    return pack_padded_sequence(padded, lengths, enforce_sorted=False)


@misconception(
    "pack",
    "Your function fails unless the longest row comes first. Which argument allows any order?",
)
def only_sorted_lengths(padded, lengths):
    return pack_padded_sequence(padded, lengths, batch_first=True)


@misconception("pack", "Your PackedSequence holds the padding too. What are lengths for?")
def padding_packed_too(padded, lengths):
    full = torch.full_like(lengths, padded.shape[1])
    return pack_padded_sequence(padded, full, batch_first=True, enforce_sorted=False)


@misconception(
    "pack",
    "All rows have the longest length in your PackedSequence. Which length belongs to which row?",
)
def longest_length_for_all(padded, lengths):
    longest = torch.full_like(lengths, int(lengths.max()))
    return pack_padded_sequence(padded, longest, batch_first=True, enforce_sorted=False)


@misconception(
    "pack",
    "Your rows are sorted by length, and nothing remembers where they were. How can anyone put "
    "them back?",
)
def sorted_and_forgotten(padded, lengths):
    order, _ = _by_length(lengths)
    return pack_padded_sequence(padded[order], lengths[order], batch_first=True)


@misconception("pack", "You sort the lengths, but not the rows. Which length belongs to row 0?")
def lengths_sorted_rows_not(padded, lengths):
    return pack_padded_sequence(padded, lengths.sort(descending=True).values, batch_first=True)


@misconception("pack", "After your call lengths is in another order. Whose tensor do you sort?")
def lengths_sorted_in_place(padded, lengths):
    packed = pack_padded_sequence(padded, lengths.clone(), batch_first=True, enforce_sorted=False)
    lengths.copy_(lengths.sort(descending=True).values)
    return packed


@misconception("pack", "Each row lacks its last real step. Is a length a count, or an index?")
def last_step_lost(padded, lengths):
    shorter = (lengths - 1).clamp(min=1)
    return pack_padded_sequence(padded, shorter, batch_first=True, enforce_sorted=False)


@misconception("pack", "Each row includes one step of padding. Is a length a count, or an index?")
def one_step_of_padding(padded, lengths):
    longer = (lengths + 1).clamp(max=padded.shape[1])
    return pack_padded_sequence(padded, longer, batch_first=True, enforce_sorted=False)


@misconception(
    "pack",
    "Your PackedSequence has lost the order of its rows. Which two of its fields remember it?",
    like="sorted_and_forgotten",
)
def indices_dropped(padded, lengths):
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    return PackedSequence(packed.data, packed.batch_sizes)


@misconception(
    "pack",
    "Your PackedSequence puts the rows back with the order that sorted them. Which order undoes "
    "it?",
)
def order_and_its_inverse_swapped(padded, lengths):
    order, back = _by_length(lengths)
    packed = pack_padded_sequence(padded[order], lengths[order], batch_first=True)
    return PackedSequence(packed.data, packed.batch_sizes, back, order)


@misconception(
    "pack",
    "Your steps are packed row after row. In which order does nn.RNN need them, if it works on "
    "all rows at once?",
)
def rows_one_after_the_other(padded, lengths):
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    rows = [padded[i, : lengths[i]] for i in packed.sorted_indices]
    return packed._replace(data=torch.cat(rows))


@misconception("pack", "Your rows are packed backwards in time. Which step of a row comes first?")
def time_reversed(padded, lengths):
    flipped = padded.clone()
    for i, n in enumerate(lengths.tolist()):
        flipped[i, :n] = padded[i, :n].flip(0)
    return pack_padded_sequence(flipped, lengths, batch_first=True, enforce_sorted=False)


@misconception(
    "pack",
    "You leave out the front of each row instead of its end. Where is the padding?",
)
def front_left_out(padded, lengths):
    rows = [row[-n:] for row, n in zip(padded, lengths.tolist())]
    return nn.utils.rnn.pack_sequence(rows, enforce_sorted=False)


@misconception(
    "pack",
    "You count the steps that aren't zero instead of using lengths. Who says which steps are real?",
)
def zero_steps_left_out(padded, lengths):
    counted = padded.ne(0).any(dim=2).sum(dim=1).clamp(min=1)
    return pack_padded_sequence(padded, counted, batch_first=True, enforce_sorted=False)


@misconception("pack", "Your function returns a list of rows. What can nn.RNN read?")
def list_of_rows(padded, lengths):
    return [row[:n] for row, n in zip(padded, lengths.tolist())]


@misconception(
    "pack",
    "Your numbers are right, but no gradient reaches padded. What does detach cut?",
)
def packed_without_gradient(padded, lengths):
    return pack_padded_sequence(padded.detach(), lengths, batch_first=True, enforce_sorted=False)


@misconception(
    "pack",
    "Your PackedSequence is float32 even where padded is float64. Who asked for another dtype?",
)
def packed_in_float32(padded, lengths):
    return pack_padded_sequence(padded.float(), lengths, batch_first=True, enforce_sorted=False)


@misconception(
    "pack",
    "Your real steps are packed row after row. In which order does nn.RNN need them, if it works on "
    "all rows at once?",
)
def picked_with_a_mask(padded, lengths):
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    real = torch.arange(padded.shape[1]) < lengths[:, None]
    return packed._replace(data=padded[real])


@misconception(
    "pack",
    "Your PackedSequence has the lengths where it needs the number of rows at each step. What "
    "does batch_sizes count?",
)
def lengths_for_batch_sizes(padded, lengths):
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    return packed._replace(batch_sizes=lengths.sort(descending=True).values)


@misconception(
    "pack",
    "Your function takes the batch axis for time, and fails unless lengths are sorted. What does "
    "pack_padded_sequence expect of both by default?",
)
def packed_with_no_option(padded, lengths):
    return pack_padded_sequence(padded, lengths)


@misconception(
    "pack",
    "Your function returns a plain tensor of all real steps. How could nn.RNN tell where a row "
    "ends?",
)
def real_steps_in_a_tensor(padded, lengths):
    real = length_mask(lengths, padded.shape[1])
    return padded[real]


# --- run_packed ------------------------------------------------------------------------------


@misconception(
    "run_packed",
    "Your results are those of rnn on the whole rectangle. How does it know where each row ends?",
)
def lengths_ignored(rnn, padded, lengths):
    return rnn(padded)


@misconception(
    "run_packed",
    "Your output is zero at the padding, but h_n has still read it. Which of your two results "
    "does the mask reach?",
)
def output_masked_h_n_not(rnn, padded, lengths):
    output, h_n = rnn(padded)
    real = torch.arange(padded.shape[1]) < lengths[:, None]
    return output * real[:, :, None], h_n


@misconception(
    "run_packed",
    "You set the padding to zero and run over it. Does a state stay as it is when the input is "
    "zero?",
)
def padding_zeroed_before(rnn, padded, lengths):
    real = torch.arange(padded.shape[1]) < lengths[:, None]
    output, h_n = rnn(padded * real[:, :, None])
    return output * real[:, :, None], h_n


@misconception(
    "run_packed",
    "Your output is right, but h_n is not each row's state at its end. What does the rnn's own "
    "second result hold when you pack?",
)
def h_n_of_a_second_run(rnn, padded, lengths):
    output, _ = rnn(pack(padded, lengths))
    _, h_n = rnn(padded)
    return _unpack(output, padded.shape[1]), h_n


@misconception("run_packed", "Your output is only as long as the longest row. How long was padded?")
def output_as_long_as_the_longest(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    return pad_packed_sequence(output, batch_first=True)[0], h_n


@misconception(
    "run_packed",
    "Time comes first in your output. What does pad_packed_sequence do by default?",
)
def output_time_first(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    return pad_packed_sequence(output, total_length=padded.shape[1])[0], h_n


@misconception(
    "run_packed",
    "Your function fails unless the longest row comes first. In which order do lengths come?",
)
def only_sorted_batches(rnn, padded, lengths):
    output, h_n = rnn(pack_padded_sequence(padded, lengths, batch_first=True))
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your rows come back sorted by length. To which row of padded does output[0] belong?",
)
def sorted_never_restored(rnn, padded, lengths):
    output, h_n, _, _ = _run_sorted(rnn, padded, lengths)
    return output, h_n


@misconception(
    "run_packed",
    "You put the rows back with the order that sorted them. Does sorting twice undo sorting? Try "
    "lengths 3, 6, 2, 5.",
)
def restored_with_the_sort_itself(rnn, padded, lengths):
    output, h_n, order, _ = _run_sorted(rnn, padded, lengths)
    return output[order], h_n[:, order]


@misconception(
    "run_packed",
    "The rows of your output are back in their places, those of h_n aren't. Along which axis of "
    "h_n does the batch run?",
)
def h_n_not_restored(rnn, padded, lengths):
    output, h_n, _, back = _run_sorted(rnn, padded, lengths)
    return output[back], h_n


@misconception(
    "run_packed",
    "The rows of h_n are back in their places, those of your output aren't. What else was sorted?",
)
def output_not_restored(rnn, padded, lengths):
    output, h_n, _, back = _run_sorted(rnn, padded, lengths)
    return output, h_n[:, back]


@misconception(
    "run_packed",
    "You sort the lengths, but not the rows. Which length belongs to row 0?",
)
def rows_left_unsorted(rnn, padded, lengths):
    _, back = _by_length(lengths)
    packed = pack_padded_sequence(padded, lengths.sort(descending=True).values, batch_first=True)
    output, h_n = rnn(packed)
    return _unpack(output, padded.shape[1])[back], h_n[:, back]


@misconception("run_packed", "Your h_n is (B, L·D, H). Does batch_first apply to h_n?")
def h_n_batch_first(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    return _unpack(output, padded.shape[1]), h_n.transpose(0, 1)


@misconception(
    "run_packed",
    "Your h_n holds only the last of its states. How many states does nn.RNN have for each row?",
)
def h_n_of_the_last_layer(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    return _unpack(output, padded.shape[1]), h_n[-1:]


@misconception(
    "run_packed",
    "Your h_n is the output at each row's last step. Where does a backward direction end?",
)
def h_n_read_off_the_output(rnn, padded, lengths):
    packed, h_n = rnn(pack(padded, lengths))
    output = _unpack(packed, padded.shape[1])
    ends = output[torch.arange(len(lengths)), lengths - 1]
    ends = ends.view(len(lengths), -1, rnn.hidden_size).transpose(0, 1)
    return output, torch.cat([h_n[: len(h_n) - len(ends)], ends])


@misconception(
    "run_packed",
    "Your forward direction is right, but the backward one reads the padding first. Where must it "
    "begin?",
)
def backward_begins_in_the_padding(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    output = _unpack(output, padded.shape[1])
    if rnn.bidirectional:
        real = torch.arange(padded.shape[1]) < lengths[:, None]
        whole, last = rnn(padded)
        whole = whole * real[:, :, None]
        output = torch.cat([output[:, :, : rnn.hidden_size], whole[:, :, rnn.hidden_size :]], dim=2)
        h_n = torch.stack([h_n[i] if i % 2 == 0 else last[i] for i in range(len(h_n))])
    return output, h_n


@misconception(
    "run_packed",
    "With several layers and both directions, your h_n has its directions first and its layers "
    "second. In which order does nn.RNN put them?",
)
def directions_before_layers(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    count = 2 if rnn.bidirectional else 1
    h_n = h_n.unflatten(0, (rnn.num_layers, count)).transpose(0, 1).flatten(0, 1)
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "After a row's end your output repeats the last real one. What does the table ask for there?",
)
def last_output_repeated(rnn, padded, lengths):
    packed, h_n = rnn(pack(padded, lengths))
    output = _unpack(packed, padded.shape[1])
    steps = torch.minimum(torch.arange(padded.shape[1]), lengths[:, None] - 1)
    return output[torch.arange(len(lengths))[:, None], steps], h_n


@misconception(
    "run_packed",
    "Your output is one after a row's end. What does the table ask for there?",
)
def output_filled_with_ones(rnn, padded, lengths):
    packed, h_n = rnn(pack(padded, lengths))
    total = padded.shape[1]
    output, _ = pad_packed_sequence(packed, batch_first=True, padding_value=1.0, total_length=total)
    return output, h_n


@misconception("run_packed", "Your rows end one step early. Is a length a count, or an index?")
def rows_end_early(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, (lengths - 1).clamp(min=1)))
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your rows run one after the other, and each begins where the one before ended. From which "
    "state should a row start?",
)
def state_goes_from_row_to_row(rnn, padded, lengths):
    outputs, finals, h_n = [], [], None
    for i, n in enumerate(lengths.tolist()):
        output, h_n = rnn(padded[i : i + 1, :n], h_n)
        outputs.append(F.pad(output, (0, 0, 0, padded.shape[1] - n)))
        finals.append(h_n)
    return torch.cat(outputs), torch.cat(finals, dim=1)


@misconception(
    "run_packed",
    "Each of your rows is run alone, but to the rectangle's end. Which of its steps are real?",
    like="output_masked_h_n_not",
)
def rows_alone_with_their_padding(rnn, padded, lengths):
    runs = [rnn(padded[i : i + 1]) for i in range(len(padded))]
    output = torch.cat([output for output, _ in runs])
    for i, n in enumerate(lengths.tolist()):
        output[i, n:] = 0.0
    return output, torch.cat([h_n for _, h_n in runs], dim=1)


@misconception(
    "run_packed",
    "Your function cuts every row to the first row's length. Which length belongs to which row?",
)
def one_length_for_all(rnn, padded, lengths):
    n = int(lengths[0])
    output, h_n = rnn(padded[:, :n])
    return F.pad(output, (0, 0, 0, padded.shape[1] - n)), h_n


@misconception("run_packed", "Your output is still packed. What makes a rectangle of it again?")
def output_still_packed(rnn, padded, lengths):
    return rnn(pack(padded, lengths))


@misconception(
    "run_packed",
    "No gradient reaches padded through your results. How would a layer before rnn learn?",
)
def input_detached(rnn, padded, lengths):
    output, h_n = rnn(pack(padded.detach(), lengths))
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your numbers are right, but they carry no gradient. What is torch.no_grad for?",
)
def run_without_gradient(rnn, padded, lengths):
    with torch.no_grad():
        output, h_n = rnn(pack(padded, lengths))
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your h_n is right, but a loss on it teaches nothing. What does detach cut?",
)
def h_n_detached(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    return _unpack(output, padded.shape[1]), h_n.detach()


@misconception(
    "run_packed",
    "Your h_n is right, but a loss on the output teaches nothing. What does detach cut?",
)
def output_detached(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    return _unpack(output, padded.shape[1]).detach(), h_n


@misconception(
    "run_packed",
    "Your rnn doesn't start from zeros: the same batch gives different results each time. Which "
    "state comes before the first step?",
)
def random_start(rnn, padded, lengths):
    count = rnn.num_layers * (2 if rnn.bidirectional else 1)
    h_0 = torch.randn(count, len(padded), rnn.hidden_size, dtype=padded.dtype)
    output, h_n = rnn(pack(padded, lengths), h_0)
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "After your call padded holds zeros where its padding was. Whose tensor do you write to?",
)
def padded_changed(rnn, padded, lengths):
    for i, n in enumerate(lengths.tolist()):
        padded.data[i, n:] = 0.0
    output, h_n = rnn(pack(padded, lengths))
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your results are right, but the weights of rnn can't learn from them. Which rnn did you run?",
)
def run_on_a_copy(rnn, padded, lengths):
    output, h_n = copy.deepcopy(rnn)(pack(padded, lengths))
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "The halves of your output are swapped when rnn reads both ways. Which direction comes first?",
)
def backward_half_first(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    output = _unpack(output, padded.shape[1])
    if rnn.bidirectional:
        output = output.roll(rnn.hidden_size, dims=2)
    return output, h_n


@misconception(
    "run_packed",
    "The backward half of your output runs backwards in time. In which order does nn.RNN give it?",
)
def backward_half_flipped(rnn, padded, lengths):
    packed, h_n = rnn(pack(padded, lengths))
    output = _unpack(packed, padded.shape[1])
    flipped = output.clone()
    for i, n in enumerate(lengths.tolist()):
        flipped[i, :n, rnn.hidden_size :] = output[i, :n, rnn.hidden_size :].flip(0)
    return flipped, h_n


@misconception("run_packed", "Your h_n is (L, B, D·H). How does nn.RNN keep its directions apart?")
def directions_side_by_side(rnn, padded, lengths):
    output, h_n = rnn(pack(padded, lengths))
    if rnn.bidirectional:
        h_n = torch.cat([h_n[0::2], h_n[1::2]], dim=2)
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your lengths come from counting steps that aren't zero. Is padding always zero?",
    like="lengths_ignored",
)
def zeros_for_padding(rnn, padded, lengths):
    counted = padded.ne(0).any(dim=2).sum(dim=1).clamp(min=1)
    output, h_n = rnn(pack(padded, counted))
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your second result is the lengths, and your output ends with the longest row. What gives you "
    "h_n, and how long was padded?",
)
def lengths_for_h_n(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    return pad_packed_sequence(out, batch_first=True)


@misconception("run_packed", "Your second result is the lengths. What gives you h_n?")
def lengths_for_h_n_at_full_length(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    return pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])


@misconception(
    "run_packed",
    "Time comes first in your output, and it ends with the longest row. What does "
    "pad_packed_sequence do about both by default?",
)
def unpacked_with_no_option(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    out, _ = pad_packed_sequence(out)
    return out, h_n


@misconception(
    "run_packed",
    "Your first result is itself a pair. Which two results does pad_packed_sequence return?",
)
def pair_for_output(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    out = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return out, h_n


@misconception(
    "run_packed",
    "Your first result is itself a pair, and the output in it ends with the longest row. Which "
    "two results does pad_packed_sequence return, and how long was padded?",
)
def short_pair_for_output(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    out = pad_packed_sequence(out, batch_first=True)
    return out, h_n


@misconception(
    "run_packed",
    "Your h_n is (B, H), the last one of its states. Which axes does the table give it?",
)
def h_n_without_its_first_axis(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    out, _ = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return out, h_n[-1]


@misconception(
    "run_packed",
    "With one layer and one direction your h_n lacks its first axis. Which axes does the table "
    "give it?",
)
def h_n_squeezed(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    out, _ = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return out, h_n.squeeze(0)


@misconception("run_packed", "You return the output alone. Which two results does the table name?")
def h_n_not_returned(rnn, padded, lengths):
    out, _ = rnn(pack(padded, lengths))
    out, _ = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return out


@misconception(
    "run_packed",
    "Your two results are in the wrong order. Which of them does the table name first?",
)
def h_n_before_output(rnn, padded, lengths):
    out, h_n = rnn(pack(padded, lengths))
    out, _ = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return h_n, out


@misconception(
    "run_packed",
    "Your run fails in float64: the zero state that you make has another dtype than the weights. "
    "From which state does nn.RNN start if it is given none?",
)
def zeros_in_float32(rnn, padded, lengths):
    h_0 = torch.zeros(1, padded.shape[0], rnn.hidden_size)
    out, h_n = rnn(pack(padded, lengths), h_0)
    out, _ = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return out, h_n


@misconception(
    "run_packed",
    "The zero state that you make is that of one layer and one direction. From which state does "
    "nn.RNN start if it is given none?",
)
def zeros_for_one_layer(rnn, padded, lengths):
    h_0 = torch.zeros(1, padded.shape[0], rnn.hidden_size, dtype=padded.dtype)
    out, h_n = rnn(pack(padded, lengths), h_0)
    out, _ = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return out, h_n


@misconception(
    "run_packed",
    "Your packing takes the batch axis for time. Which axis comes first for pack_padded_sequence "
    "by default?",
)
def run_time_first(rnn, padded, lengths):
    packed = pack_padded_sequence(padded, lengths, enforce_sorted=False)
    out, h_n = rnn(packed)
    out, _ = pad_packed_sequence(out, batch_first=True, total_length=padded.shape[1])
    return out, h_n


# --- last_valid ------------------------------------------------------------------------------


@misconception(
    "last_valid",
    "Your function takes the step after each row's end. What is the index of the third of three "
    "steps?",
)
def index_is_the_length(output, lengths):
    return output[torch.arange(len(lengths)), lengths.clamp(max=output.shape[1] - 1)]


@misconception(
    "last_valid",
    "Your function takes the second-to-last step of each row. Is a length a count, or an index?",
)
def one_step_early(output, lengths):
    return output[torch.arange(len(lengths)), (lengths - 2).clamp(min=0)]


@misconception(
    "last_valid",
    "Your function returns output[:, -1]. What is there for a row that ended earlier?",
)
def last_of_all_steps(output, lengths):
    return output[:, -1]


@misconception(
    "last_valid",
    "Your function takes the same step of all rows, the longest one's last. What is there for the "
    "others?",
)
def end_of_the_longest(output, lengths):
    return output[:, lengths.max() - 1]


@misconception(
    "last_valid",
    "Your function takes the first step of each row. Where does a row end?",
)
def first_step(output, lengths):
    return output[:, 0]


@misconception(
    "last_valid",
    "Your result has a row for every pair of rows. What does a `:` before an index tensor choose?",
)
def every_row_at_every_end(output, lengths):
    return output[:, lengths - 1]


@misconception(
    "last_valid",
    "Your result still has a time axis of size one. Which axis did gather keep?",
)
def time_axis_kept(output, lengths):
    index = (lengths - 1)[:, None, None].expand(-1, 1, output.shape[2])
    return output.gather(1, index)


@misconception(
    "last_valid",
    "In your result all values of a row are its first one. How wide must the index of gather be?",
)
def first_value_for_all(output, lengths):
    ends = output.gather(1, (lengths - 1)[:, None, None]).squeeze(1)
    return ends.expand(-1, output.shape[2])


@misconception(
    "last_valid",
    "Rows and steps are the wrong way round in your index. Which axis of output comes first?",
)
def rows_and_steps_swapped(output, lengths):
    return output[lengths - 1, torch.arange(len(lengths))]


@misconception(
    "last_valid",
    "You count the steps of all rows together, but never skip the rows before. Where does row 1 "
    "begin?",
)
def rows_not_skipped(output, lengths):
    return output.flatten(0, 1)[lengths - 1]


@misconception("last_valid", "Your rows come sorted by length. To which row does the first belong?")
def ends_sorted_by_length(output, lengths):
    order, _ = _by_length(lengths)
    return output[order, lengths[order] - 1]


@misconception(
    "last_valid",
    "Your function takes the last step that isn't zero. Who says which steps are real?",
)
def last_step_that_is_not_zero(output, lengths):
    steps = torch.arange(output.shape[1]) * output.ne(0).any(dim=2)
    return output[torch.arange(len(output)), steps.amax(dim=1)]


@misconception(
    "last_valid",
    "Your function returns the mean of the real steps. Which of them is asked for?",
)
def mean_of_real_steps(output, lengths):
    return torch.stack([row[:n].mean(dim=0) for row, n in zip(output, lengths.tolist())])


@misconception(
    "last_valid",
    "Your function returns the largest value of the real steps. Which of them is asked for?",
)
def largest_of_real_steps(output, lengths):
    return torch.stack([row[:n].amax(dim=0) for row, n in zip(output, lengths.tolist())])


@misconception(
    "last_valid",
    "After your call lengths is one smaller. What does `-=` do to a tensor that isn't yours?",
)
def lengths_made_smaller(output, lengths):
    lengths -= 1
    return output[torch.arange(len(lengths)), lengths]


@misconception(
    "last_valid",
    "Your numbers are right, but no gradient reaches output. What does detach cut?",
)
def ends_without_gradient(output, lengths):
    return output.detach()[torch.arange(len(lengths)), lengths - 1]


@misconception(
    "last_valid",
    "For a batch of one your result has no batch axis. Which axes does squeeze() drop by default?",
)
def squeezed_bare(output, lengths):
    index = (lengths - 1)[:, None, None].expand(-1, 1, output.shape[2])
    return output.gather(1, index).squeeze()


@misconception(
    "last_valid",
    "You count the length from the end of the rectangle. At which end do the real steps begin?",
)
def counted_from_the_end(output, lengths):
    return output[torch.arange(len(lengths)), -lengths]


@misconception(
    "last_valid",
    "Your function takes the first step: where a mask has several True, argmax gives the first. "
    "Where is the last?",
    like="first_step",
)
def argmax_of_the_mask(output, lengths):
    real = torch.arange(output.shape[1]) < lengths[:, None]
    return output[torch.arange(len(lengths)), real.int().argmax(dim=1)]


@misconception(
    "last_valid",
    "Rows of the same length get the same result. Which row does index() find?",
)
def first_row_of_that_length(output, lengths):
    given = lengths.tolist()
    return torch.stack([output[given.index(n), n - 1] for n in given])


@misconception(
    "last_valid",
    "Your index asks for the step after each row's end, which a row that fills the rectangle "
    "doesn't have. What is the index of the third of three steps?",
)
def index_is_the_bare_length(output, lengths):
    return output[torch.arange(len(lengths)), lengths]


@misconception(
    "last_valid",
    "Your gather asks for the step after each row's end, which a row that fills the rectangle "
    "doesn't have. What is the index of the third of three steps?",
)
def gathered_at_the_length(output, lengths):
    index = lengths.view(-1, 1, 1).expand(-1, 1, output.shape[2])
    return output.gather(1, index).squeeze(1)


@misconception(
    "last_valid",
    "Your loop asks for the step after each row's end, which a row that fills the rectangle "
    "doesn't have. What is the index of the third of three steps?",
)
def row_by_row_at_the_length(output, lengths):
    rows = []
    for row, n in zip(output, lengths):
        rows.append(row[n])
    return torch.stack(rows)


@misconception(
    "last_valid",
    "Your index asks for the step after each row's end, which a row that fills the rectangle "
    "doesn't have. What is the index of the third of three steps?",
    like="index_is_the_bare_length",
)
def looped_to_the_length(output, lengths):
    rows = []
    for i in range(len(lengths)):
        rows.append(output[i, lengths[i]])
    return torch.stack(rows)


@misconception("last_valid", "Your rows hold one value each. How wide must the index of gather be?")
def gathered_without_expand(output, lengths):
    return output.gather(1, (lengths - 1).view(-1, 1, 1)).squeeze(1)


@misconception(
    "last_valid",
    "Your index and output have different numbers of axes. Which axes must the index of gather "
    "have?",
)
def gathered_with_a_flat_index(output, lengths):
    return output.gather(1, (lengths - 1).unsqueeze(1))


@misconception("last_valid", "Your result is one long row. What joins rows along a new axis?")
def ends_joined_in_a_row(output, lengths):
    return torch.cat([output[i, n - 1] for i, n in enumerate(lengths)])


@misconception("last_valid", "Your result is a list of rows. What makes one tensor of them?")
def ends_in_a_list(output, lengths):
    return [output[i, n - 1] for i, n in enumerate(lengths)]


@misconception(
    "last_valid",
    "Your result is float32 even when output is float64. Which dtype does torch.zeros choose?",
)
def ends_in_float32(output, lengths):
    ends = torch.zeros(output.shape[0], output.shape[2])
    for i, n in enumerate(lengths):
        ends[i] = output[i, n - 1]
    return ends


# --- length_mask -----------------------------------------------------------------------------


@misconception(
    "length_mask",
    "Each of your rows has one True too many. Is step 3 of a row of length 3 real?",
)
def inclusive(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width) <= lengths[:, None]


@misconception(
    "length_mask",
    "Each of your rows has one True too few. What number does the first step have?",
)
def counted_from_one(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(1, width + 1) < lengths[:, None]


@misconception(
    "length_mask",
    "Your mask is True at the padding. Which steps does the docstring call True?",
)
def inverted(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width) >= lengths[:, None]


@misconception(
    "length_mask",
    "Your mask is made of floating-point numbers. Which dtype does a comparison give?",
)
def mask_as_float(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return (torch.arange(width) < lengths[:, None]).float()


@misconception(
    "length_mask",
    "Your mask is made of whole numbers. What do 0 and 1 choose when they are used as an index?",
)
def mask_as_int(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return (torch.arange(width) < lengths[:, None]).long()


@misconception("length_mask", "Time comes first in your mask. Which of the two got the new axis?")
def mask_time_first(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width)[:, None] < lengths


@misconception(
    "length_mask",
    "Your mask is as wide as the longest length, whatever max_len says. Where should the argument "
    "go?",
)
def max_len_ignored(lengths, max_len=None):
    return torch.arange(int(lengths.max())) < lengths[:, None]


@misconception("length_mask", "Your function needs max_len. What should T be when it is None?")
def max_len_needed(lengths, max_len=None):
    return torch.arange(max_len) < lengths[:, None]


@misconception(
    "length_mask",
    "Your mask is as wide as there are rows. What has the number of steps to do with B?",
)
def as_wide_as_rows(lengths, max_len=None):
    width = len(lengths) if max_len is None else max_len
    return torch.arange(width) < lengths[:, None]


@misconception(
    "length_mask",
    "Your mask is as wide as the first length. Is that always the longest?",
)
def as_wide_as_the_first(lengths, max_len=None):
    width = int(lengths[0]) if max_len is None else max_len
    return torch.arange(width) < lengths[:, None]


@misconception(
    "length_mask",
    "Your mask is one column too wide. How many step numbers are there below the longest length?",
)
def one_column_more(lengths, max_len=None):
    width = int(lengths.max()) + 1 if max_len is None else max_len
    return torch.arange(width) < lengths[:, None]


@misconception(
    "length_mask",
    "Your mask is one column wider than max_len. What does arange do with its end?",
)
def one_column_more_than_max_len(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len + 1
    return torch.arange(width) < lengths[:, None]


@misconception(
    "length_mask",
    "Your True values are at the right end of each row. Where is the padding?",
)
def real_steps_on_the_right(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width) >= width - lengths[:, None]


@misconception(
    "length_mask",
    "Your mask is True at each row's last step only. Which steps are real?",
)
def last_step_only(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width) == lengths[:, None] - 1


@misconception(
    "length_mask",
    "Your rows come sorted by length. To which row does the first belong?",
)
def mask_sorted_by_length(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width) < lengths.sort(descending=True).values[:, None]


@misconception("length_mask", "Your mask is a list of lists. What can torch.where use?")
def mask_as_lists(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return [[t < n for t in range(width)] for n in lengths.tolist()]


@misconception(
    "length_mask",
    "Rows of equal length share one row in your mask. What does a dict or a set do to equal "
    "lengths?",
)
def equal_lengths_once(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.stack([torch.arange(width) < n for n in dict.fromkeys(lengths.tolist())])


@misconception(
    "length_mask",
    "Your mask is as wide as the shortest length. How many steps has the longest row?",
)
def as_wide_as_the_shortest(lengths, max_len=None):
    width = int(lengths.min()) if max_len is None else max_len
    return torch.arange(width) < lengths[:, None]


@misconception(
    "length_mask",
    "Your mask adds max_len to the longest length. What is T when max_len is given?",
)
def max_len_on_top(lengths, max_len=None):
    return torch.arange(int(lengths.max()) + (max_len or 0)) < lengths[:, None]


@misconception("length_mask", "After your call lengths has changed. Whose tensor do you write to?")
def lengths_used_up(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    columns = []
    for _ in range(width):
        columns.append(lengths > 0)
        lengths -= 1
    return torch.stack(columns, dim=1)


@misconception(
    "length_mask",
    "Your T step numbers and your B lengths are compared element by element. Which shape lets "
    "each length meet every step?",
)
def no_new_axis(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width) < lengths


@misconception(
    "length_mask",
    "Your T step numbers are in a row, and so are your B lengths. Which shape lets each length "
    "meet every step?",
)
def both_in_a_row(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width)[None, :] < lengths


@misconception(
    "length_mask",
    "Your mask is True at the padding, except for its first step. Which steps does the docstring "
    "call True?",
)
def greater_for_less(lengths, max_len=None):
    width = int(lengths.max()) if max_len is None else max_len
    return torch.arange(width) > lengths[:, None]


# --- masked_mean -----------------------------------------------------------------------------


@misconception(
    "masked_mean",
    "Your mean is over all T steps, including the padding. What are lengths for?",
)
def padding_in_the_mean(output, lengths):
    return output.mean(dim=1)


@misconception(
    "masked_mean",
    "Your sum leaves the padding out, but you divide by T. How many steps went into each sum?",
)
def divided_by_all_steps(output, lengths):
    return output.masked_fill(~_real(output, lengths), 0.0).mean(dim=1)


@misconception(
    "masked_mean",
    "Your function returns the sum of the real steps. What makes a mean of it?",
)
def sum_for_mean(output, lengths):
    return output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1)


@misconception(
    "masked_mean",
    "You divide every row by the same number, the mean length. How many steps went into each sum?",
)
def divided_by_the_mean_length(output, lengths):
    total = output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1)
    return total / lengths.to(output.dtype).mean()


@misconception(
    "masked_mean",
    "You divide every row by the longest length. How many steps went into each sum?",
)
def divided_by_the_longest(output, lengths):
    return output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1) / lengths.max()


@misconception(
    "masked_mean",
    "You divide every row by the number of all real steps of the batch. How many steps went into "
    "each sum?",
)
def divided_by_all_real_steps(output, lengths):
    return output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1) / lengths.sum()


@misconception(
    "masked_mean",
    "Your lengths meet the wrong axis: values of one row are divided by other rows' lengths. "
    "Which shape must lengths have next to (B, H)?",
)
def lengths_along_the_wrong_axis(output, lengths):
    total = output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1)
    return total / lengths.repeat(total.numel())[: total.numel()].view(total.shape)


@misconception(
    "masked_mean",
    "If the padding is NaN or infinite, so is your mean. How much is NaN times zero?",
)
def padding_times_zero(output, lengths):
    return (output * _real(output, lengths)).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your function survives NaN in the padding, but not infinity. How much is infinity times zero?",
)
def only_nan_taken_out(output, lengths):
    output = torch.where(output.isnan(), 0.0, output)
    return (output * _real(output, lengths)).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your mean leaves out what isn't finite instead of what isn't real. What if the padding holds "
    "ordinary numbers?",
)
def finite_steps_for_real_ones(output, lengths):
    finite = output.isfinite()
    return torch.where(finite, output, 0.0).sum(dim=1) / finite.sum(dim=1)


@misconception(
    "masked_mean",
    "Your mean leaves out what is zero instead of what isn't real. What if the padding holds "
    "other numbers?",
)
def steps_that_are_not_zero(output, lengths):
    counted = output.ne(0).any(dim=2, keepdim=True)
    return torch.where(counted, output, 0.0).sum(dim=1) / counted.sum(dim=1)


@misconception(
    "masked_mean",
    "Each mean includes one step of padding. Is a length a count, or an index?",
)
def mean_one_step_late(output, lengths):
    rows = [row[: n + 1].mean(dim=0) for row, n in zip(output, lengths.tolist())]
    return torch.stack(rows)


@misconception(
    "masked_mean",
    "Each mean lacks its row's last step. Is a length a count, or an index?",
)
def mean_one_step_early(output, lengths):
    rows = [row[: max(n - 1, 1)].mean(dim=0) for row, n in zip(output, lengths.tolist())]
    return torch.stack(rows)


@misconception(
    "masked_mean",
    "All rows give the mean of the whole batch. Over which axes do you average?",
)
def mean_of_the_batch(output, lengths):
    real = output[_real(output, lengths).squeeze(2)]
    return real.mean(dim=0).expand(len(output), -1)


@misconception(
    "masked_mean",
    "Your function returns each row's last real step. What is a mean of several steps?",
)
def last_for_mean(output, lengths):
    return output[torch.arange(len(lengths)), lengths - 1]


@misconception(
    "masked_mean",
    "Your result still has a time axis of size one. What does keepdim keep?",
)
def mean_keeps_time(output, lengths):
    total = output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1, keepdim=True)
    return total / lengths[:, None, None]


@misconception(
    "masked_mean",
    "After your call output holds zeros where its padding was. Whose tensor do you write to?",
)
def padding_overwritten(output, lengths):
    output.data.masked_fill_(~_real(output, lengths), 0.0)
    return output.sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your means are right, but no gradient reaches output. Where is it cut?",
)
def mean_without_gradient(output, lengths):
    output = output.detach().masked_fill(~_real(output, lengths), 0.0)
    return output.sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your means are right, but the padding gets NaN for a gradient. What does the backward pass "
    "multiply, even where torch.where chose the other side?",
)
def gradient_of_what_was_not_chosen(output, lengths):
    root = output.sign() * output.abs().sqrt()  # signed root and its square: the numbers again
    return torch.where(_real(output, lengths), root * root.abs(), 0.0).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your mean is float32 even where output is float64. Who asked for another dtype?",
)
def mean_in_float32(output, lengths):
    total = output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1)
    return (total / lengths[:, None]).float()


@misconception(
    "masked_mean",
    "Your means are right, but the padding gets a gradient. Through which term does it still "
    "reach the result?",
)
def gradient_leaks_into_the_padding(output, lengths):
    finite = torch.nan_to_num(output)
    total = (finite * _real(output, lengths)).sum(dim=1)
    return (total + (finite - finite.detach()).sum(dim=1)) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your means are a little too small, because something is added to the divisor. Can a length "
    "be zero?",
)
def divisor_made_safe(output, lengths):
    return output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1) / (lengths[:, None] + 1e-3)


@misconception("masked_mean", "Your mean is over the features as well. Which axis is time?")
def features_averaged_too(output, lengths):
    rows = [row[:n].mean().expand(row.shape[1]) for row, n in zip(output, lengths.tolist())]
    return torch.stack(rows)


@misconception("masked_mean", "Your function returns the median of the real steps. What is a mean?")
def median_for_mean(output, lengths):
    return torch.stack([row[:n].median(dim=0).values for row, n in zip(output, lengths.tolist())])


@misconception(
    "masked_mean",
    "You blank the real steps and keep the padding. Where does masked_fill write?",
)
def real_steps_filled(output, lengths):
    mask = length_mask(lengths, output.shape[1])[:, :, None]
    return output.masked_fill(mask, 0).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your result is one mean of all rows' real steps. What does output[mask] do to the batch axis?",
)
def one_mean_for_all(output, lengths):
    mask = length_mask(lengths, output.shape[1])
    return output[mask].mean(0)


@misconception(
    "masked_mean",
    "Your mask is as wide as the longest length, but output may be longer. How does length_mask "
    "learn T?",
)
def mask_of_the_longest(output, lengths):
    mask = length_mask(lengths)[:, :, None]
    return output.masked_fill(~mask, 0).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your mask is (B, T), and output (B, T, H). Which axis of output does the mask's last one "
    "line up with?",
)
def mask_without_a_feature_axis(output, lengths):
    mask = length_mask(lengths, output.shape[1])
    return output.masked_fill(~mask, 0).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "You multiply (B, T, H) by a mask of (B, T). Which axis of output does the mask's last one "
    "line up with?",
)
def product_without_a_feature_axis(output, lengths):
    mask = length_mask(lengths, output.shape[1])
    return (output * mask).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your sums are (B, H) and your lengths (B,). Which axis of the sums do the lengths line up "
    "with?",
)
def lengths_without_an_axis(output, lengths):
    mask = length_mask(lengths, output.shape[1])[:, :, None]
    return output.masked_fill(~mask, 0).sum(dim=1) / lengths


@misconception(
    "masked_mean",
    "You write zeros into output itself. Whose tensor is it, and which function makes a new one?",
)
def zeros_written_into_output(output, lengths):
    mask = length_mask(lengths, output.shape[1])
    output[~mask] = 0
    return output.sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "Your result has one number per row. Over which axes does mean() go by default?",
)
def one_number_a_row(output, lengths):
    return torch.stack([output[i, :n].mean() for i, n in enumerate(lengths)])


# --- classify_packed -------------------------------------------------------------------------


@misconception(
    "classify_packed",
    "Your logits are those of model(ids). After which character does it look at the state of a "
    "short text?",
)
def filling_read_too(model, ids, lengths):
    return model(ids)


@misconception(
    "classify_packed",
    "Your model reads up to the end of the longest text. What does it read after the end of the "
    "others?",
)
def read_to_the_longest(model, ids, lengths):
    return model(ids[:, : int(lengths.max())])


@misconception(
    "classify_packed",
    "Your model reads only as far as the shortest text goes. What happens to the rest of the "
    "others?",
)
def read_to_the_shortest(model, ids, lengths):
    return model(ids[:, : int(lengths.min())])


@misconception(
    "classify_packed",
    "You run packed, and then take the output at the last of all T steps. What is there for a "
    "short text?",
)
def last_output_of_the_rectangle(model, ids, lengths):
    output, _ = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(output[:, -1])


@misconception(
    "classify_packed",
    "You take the output at the longest text's end for all. What is there for a short text?",
)
def output_at_the_longest_end(model, ids, lengths):
    output, _ = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(output[:, int(lengths.max()) - 1])


@misconception(
    "classify_packed",
    "Your lengths come from counting ids that aren't 0. Is id 0 always padding?",
)
def zeros_for_filling(model, ids, lengths):
    counted = ids.ne(0).sum(dim=1).clamp(min=1)
    _, h_n = run_packed(model.rnn, model.embedding(ids), counted)
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "You set the vectors of the padding to zero and read on. Does a state stay as it is when the "
    "input is zero?",
)
def filling_as_zero_vectors(model, ids, lengths):
    real = torch.arange(ids.shape[1]) < lengths[:, None]
    _, h_n = model.rnn(model.embedding(ids) * real[:, :, None])
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "You replace the padding by one id and read on. Does the model know that this id means "
    "nothing?",
)
def filling_as_one_id(model, ids, lengths):
    real = torch.arange(ids.shape[1]) < lengths[:, None]
    return model(torch.where(real, ids, 0))


@misconception(
    "classify_packed",
    "Your rows come sorted by length. To which text does the first belong?",
)
def logits_sorted_by_length(model, ids, lengths):
    order, _ = _by_length(lengths)
    _, h_n = run_packed(model.rnn, model.embedding(ids[order]), lengths[order])
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "You put the rows back with the order that sorted them. Does sorting twice undo sorting? Try "
    "lengths 3, 6, 2, 5.",
)
def logits_restored_with_the_sort(model, ids, lengths):
    order, _ = _by_length(lengths)
    _, h_n = run_packed(model.rnn, model.embedding(ids[order]), lengths[order])
    return model.fc(h_n[-1])[order]


@misconception(
    "classify_packed",
    "You sort the lengths, but not the texts. Which length belongs to row 0?",
)
def texts_left_unsorted(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths.sort(descending=True).values)
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your logits have one axis too many. What does the first axis of h_n count?",
)
def layer_axis_kept(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(h_n)


@misconception(
    "classify_packed",
    "Your logits come from the mean of the real states. Which of them does CharRNN use?",
)
def mean_of_the_states(model, ids, lengths):
    output, _ = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(masked_mean(output, lengths))


@misconception(
    "classify_packed",
    "Your texts end one character early. Is a length a count, or an index?",
)
def last_character_lost(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), (lengths - 1).clamp(min=1))
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your texts go on one character too long. Is a length a count, or an index?",
)
def one_character_of_filling(model, ids, lengths):
    longer = (lengths + 1).clamp(max=ids.shape[1])
    _, h_n = run_packed(model.rnn, model.embedding(ids), longer)
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your rows add up to 1. What do you apply after model.fc, and what does CharRNN return?",
)
def probabilities(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(h_n[-1]).softmax(dim=-1)


@misconception(
    "classify_packed",
    "Your function returns the most likely class of each text. What does CharRNN return?",
)
def classes(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(h_n[-1]).argmax(dim=-1)


@misconception(
    "classify_packed",
    "Your logits are right, but the model can't learn from them. What is torch.no_grad for?",
)
def logits_without_gradient(model, ids, lengths):
    with torch.no_grad():
        _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
        return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your logits are right, but the embedding can't learn from them. What does detach cut?",
)
def letters_detached(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids).detach(), lengths)
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "After your call the padding in ids has changed. Whose tensor do you write to?",
)
def ids_changed(model, ids, lengths):
    for i, n in enumerate(lengths.tolist()):
        ids[i, n:] = 0
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "For a batch of one your logits lose an axis. Which axes does squeeze() drop by default?",
)
def logits_squeezed(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(h_n.squeeze())


@misconception(
    "classify_packed",
    "Your texts are read one after the other, and each begins where the one before ended. From "
    "which state should a text start?",
)
def state_goes_from_text_to_text(model, ids, lengths):
    logits, h_n = [], None
    for row, n in zip(ids, lengths.tolist()):
        _, h_n = model.rnn(model.embedding(row[None, :n]), h_n)
        logits.append(model.fc(h_n[-1]))
    return torch.cat(logits)


@misconception(
    "classify_packed",
    "Your logits are right, but the model can't learn from them. Is it the model itself that made "
    "them, and does a path lead back to each of its weights?",
)
def classified_by_a_copy(model, ids, lengths):
    twin = copy.deepcopy(model)
    _, h_n = run_packed(twin.rnn, twin.embedding(ids), lengths)
    return twin.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your logits come from the largest value of each unit over time. Which state does CharRNN use?",
)
def largest_of_the_states(model, ids, lengths):
    output, _ = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(output.amax(dim=1))


@misconception(
    "classify_packed",
    "Your model reads each text from its end to its beginning. Which character should it read "
    "last?",
)
def texts_backwards(model, ids, lengths):
    flipped = ids.clone()
    for i, n in enumerate(lengths.tolist()):
        flipped[i, :n] = ids[i, :n].flip(0)
    _, h_n = run_packed(model.rnn, model.embedding(flipped), lengths)
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your rnn gets the ids themselves. What turns an id into a vector?",
)
def embedding_left_out(model, ids, lengths):
    _, h_n = run_packed(model.rnn, ids, lengths)
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your embedding gets a PackedSequence. What should be packed, ids or vectors, and which of the "
    "model's submodules should read it?",
)
def ids_packed(model, ids, lengths):
    packed = pack(ids, lengths)
    _, h_n = model.rnn(model.embedding(packed))
    return model.fc(h_n[-1])


@misconception(
    "classify_packed",
    "Your fc gets a PackedSequence. Which result of the rnn holds one state per row?",
)
def fc_of_packed_output(model, ids, lengths):
    output, h_n = model.rnn(pack(model.embedding(ids), lengths))
    return model.fc(output)


@misconception(
    "classify_packed",
    "Your logits are those of the batch's last text alone. Which axis of h_n counts the texts?",
)
def last_text_alone(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(h_n[:, -1])


@misconception(
    "classify_packed",
    "You have logits after every step. After which one has a text been read?",
)
def logits_at_every_step(model, ids, lengths):
    output, _ = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(output)


@misconception(
    "classify_packed",
    "Your logits belong to the batch's last text, one row for each step. Which axis of output "
    "counts the texts?",
)
def steps_of_the_last_text(model, ids, lengths):
    output, _ = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(output[-1])


@misconception("classify_packed", "You apply log_softmax to your logits. What does CharRNN return?")
def log_probabilities(model, ids, lengths):
    _, h_n = run_packed(model.rnn, model.embedding(ids), lengths)
    return torch.log_softmax(model.fc(h_n[-1]), dim=-1)


@misconception(
    "pad_batch",
    "With a padding_value of infinity, your sequences hold NaN. How much is 0 times infinity, and "
    "what chooses without multiplying?",
)
def padding_added_by_a_product(sequences, padding_value=0.0):
    padded, lengths = _rows(sequences), _counts(sequences)
    real = _real(padded, lengths).to(padded.dtype)
    return padded * real + padding_value * (1 - real), lengths


@misconception(
    "run_packed",
    "Your rnn is in evaluation mode after the call. Does the docstring ask for that?",
)
def rnn_left_in_evaluation(rnn, padded, lengths):
    packed_output, h_n = rnn.eval()(pack(padded, lengths))
    return _unpack(packed_output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "In evaluation mode your results carry no gradient. Evaluation mode is about dropout and the "
    "like: who should decide whether a graph is built?",
)
def no_graph_in_evaluation_mode(rnn, padded, lengths):
    with torch.set_grad_enabled(rnn.training):
        packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
        output, h_n = rnn(packed)
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "run_packed",
    "Your results are right, but the gradients that rnn held are gone. Who may still need them?",
)
def gradients_wiped(rnn, padded, lengths):
    rnn.zero_grad()
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    output, h_n = rnn(packed)
    return _unpack(output, padded.shape[1]), h_n


@misconception(
    "classify_packed",
    "Your model is in evaluation mode after the call. Does the docstring ask for that?",
)
def model_left_in_evaluation(model, ids, lengths):
    model.eval()
    return model.fc(run_packed(model.rnn, model.embedding(ids), lengths)[1][-1])


@misconception(
    "pack",
    "From a batch of one row you pack a single step. Which axis of padded is time, whatever the "
    "size of the batch?",
)
def one_row_read_as_steps(padded, lengths):
    if len(lengths) > 1:
        return pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    return pack_padded_sequence(padded, lengths.clamp(max=1), enforce_sorted=False)


@misconception(
    "run_packed",
    "In your h_n every layer ends as the top layer does. Whose states does output hold, and where "
    "does an nn.RNN of two layers say how the first one ended?",
)
def top_layers_end_for_every_layer(rnn, padded, lengths):
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    states, h_n = rnn(packed)
    output, _ = pad_packed_sequence(states, batch_first=True, total_length=padded.shape[1])
    if not rnn.bidirectional:
        h_n = output[torch.arange(len(output)), lengths - 1].expand(rnn.num_layers, -1, -1)
    return output, h_n


@misconception(
    "masked_mean",
    "When all rows are equally long, your mean is over all T steps. Can T be above the longest "
    "length?",
)
def rows_of_one_length_averaged_whole(output, lengths):
    if lengths.eq(lengths[0]).all():
        return output.mean(dim=1)
    return output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1) / lengths[:, None]


@misconception(
    "masked_mean",
    "For a batch of one row your mean is over all T steps. Can't it hold padding?",
)
def one_row_averaged_whole(output, lengths):
    if len(output) == 1:
        return output.mean(dim=1)
    return output.masked_fill(~_real(output, lengths), 0.0).sum(dim=1) / lengths[:, None]


@misconception(
    "classify_packed",
    "Rows that hold the same ids get the same logits from you. What else can differ between two "
    "texts?",
)
def rows_alike_read_once(model, ids, lengths):
    known = {}
    for row, n in zip(ids, lengths.tolist()):
        key = tuple(row.tolist())
        if key not in known:
            known[key] = model(row[None, :n])
    return torch.cat([known[tuple(row.tolist())] for row in ids])


@misconception(
    "pad_batch",
    "Time comes first in your batch, and the padding is 0 whatever padding_value says. Which two "
    "things have you left to pad_sequence's defaults?",
)
def padded_with_no_option(sequences, padding_value=0.0):
    return _side_by_side(sequences), _counts(sequences)


@misconception(
    "run_packed",
    "You set the padding to zero and let rnn read all T steps. Does the state stay as it is while "
    "rnn reads zeros?",
)
def zeros_read_to_the_end(rnn, padded, lengths):
    return rnn(padded * _real(padded, lengths))
