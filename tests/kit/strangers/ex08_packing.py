"""Wrong answers to exercise 8 as a stranger would write them; none was read by diagnosis before."""

import torch
from torch.nn.utils import rnn as tools

from grading.testing.answers import misconception


@misconception("pad_batch", "", like="padding_value_ignored")
def block_of_zeros(sequences, padding_value=0.0):
    lengths = torch.LongTensor([s.size(0) for s in sequences])
    longest = int(lengths.max())
    rows = []
    for s in sequences:
        rows.append(torch.cat([s, s.new_zeros(longest - s.size(0), s.size(1))]))
    return torch.stack(rows), lengths


@misconception("pack", "", like="only_sorted_lengths")
def order_expected(padded, lengths):
    return tools.pack_padded_sequence(padded.transpose(0, 1), lengths.tolist())


@misconception("run_packed", "", like="output_masked_h_n_not")
def blanked_afterwards(rnn, padded, lengths):
    states, final = rnn(padded)
    steps = torch.arange(padded.size(1)).expand(padded.size(0), -1)
    return states.masked_fill((steps >= lengths.unsqueeze(1)).unsqueeze(2), 0.0), final


@misconception("run_packed", "", like="output_as_long_as_the_longest")
def total_length_left_out(rnn, padded, lengths):
    longest = int(lengths.max())
    packed = tools.pack_padded_sequence(
        padded[:, :longest], lengths, batch_first=True, enforce_sorted=False
    )
    states, final = rnn(packed)
    return tools.pad_packed_sequence(states, batch_first=True)[0], final


@misconception("last_valid", "", like="last_of_all_steps")
def end_of_the_rectangle(output, lengths):
    return output.select(dim=1, index=output.size(1) - 1)


@misconception("length_mask", "", like="inclusive")
def up_to_and_with_the_length(lengths, max_len=None):
    width = max_len if max_len is not None else max(lengths.tolist())
    rows = [[step <= length for step in range(width)] for length in lengths.tolist()]
    return torch.tensor(rows, dtype=torch.bool)


@misconception("masked_mean", "", like="padding_in_the_mean")
def plain_average(output, lengths):
    total = output.new_zeros(output.size(0), output.size(2))
    for step in output.unbind(1):
        total = total + step
    return total / output.size(1)


@misconception("classify_packed", "", like="filling_read_too")
def last_state_of_the_rectangle(model, ids, lengths):
    _, final = model.rnn(model.embedding(ids))
    return model.fc(final.squeeze(0))


# --- odd ones --------------------------------------------------------------------------------


@misconception("pad_batch", "")
def padding_value_added_everywhere(sequences, padding_value=0.0):
    lengths = torch.tensor([len(s) for s in sequences])
    padded = tools.pad_sequence(sequences, batch_first=True)
    return padded + padding_value, lengths


@misconception("last_valid", "")
def difference_of_both_ends(output, lengths):
    rows = zip(output, lengths.tolist(), strict=True)
    return torch.stack([row[n - 1] - row[0] for row, n in rows])


@misconception("classify_packed", "")
def first_and_last_state_averaged(model, ids, lengths):
    states, final = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc((states[:, 0] + final[0]) / 2)
