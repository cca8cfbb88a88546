"""Right answers to exercise 8 in other styles: each of them earns full marks."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import (
    PackedSequence,
    pack_padded_sequence,
    pack_sequence,
    pad_packed_sequence,
    pad_sequence,
)

from grading.testing.answers import alternative


def _sorted_rows(lengths):
    """The order of the rows, longest first, and the order back."""
    order = lengths.argsort(descending=True)
    back = torch.empty_like(order)
    back[order] = torch.arange(len(order))
    return order, back


# --- pad_batch -------------------------------------------------------------------------------


@alternative("pad_batch")
def into_a_full_tensor(sequences, padding_value=0.0):
    """Written over a rectangle of padding, row by row."""
    lengths = torch.LongTensor([s.size(0) for s in sequences])
    first = sequences[0]
    padded = first.new_full((len(sequences), int(max(lengths)), first.size(1)), padding_value)
    for i, sequence in enumerate(sequences):
        padded[i, : lengths[i], :] = sequence
    return padded, lengths


@alternative("pad_batch")
def one_pad_each(sequences, padding_value=0.0):
    """F.pad and stack; a list for the pair."""
    longest = max(s.shape[0] for s in sequences)
    rows = [F.pad(s, (0, 0, 0, longest - s.shape[0]), "constant", padding_value) for s in sequences]
    return [torch.stack(rows), torch.as_tensor(np.array([s.shape[0] for s in sequences]))]


@alternative("pad_batch")
def filling_appended(sequences, padding_value=0.0):
    """Each sequence, and a piece of filling behind it."""
    longest = max(map(len, sequences))
    rows = []
    for sequence in sequences:
        missing = longest - len(sequence)
        filling = torch.ones(missing, sequence.shape[1], dtype=sequence.dtype) * padding_value
        rows.append(torch.cat((sequence, filling)).unsqueeze(0))
    lengths = torch.stack([torch.tensor(len(sequence)) for sequence in sequences])
    return torch.cat(rows, dim=0), lengths


@alternative("pad_batch")
def time_major_inside(sequences, padding_value=0.0):
    """pad_sequence as it is, turned afterwards: a view."""
    padded = pad_sequence(tuple(sequences), padding_value=padding_value)
    return padded.transpose(0, 1), torch.tensor(list(map(len, sequences)), dtype=torch.int64)


@alternative("pad_batch")
def by_way_of_packing(sequences, padding_value=0.0):
    """Packed and unpacked."""
    packed = pack_sequence(sequences, enforce_sorted=False)
    return pad_packed_sequence(packed, batch_first=True, padding_value=padding_value)


@alternative("pad_batch")
def all_steps_scattered(sequences, padding_value=0.0):
    """All steps in one list, put to where the mask of real steps is True."""
    lengths = torch.tensor([s.shape[0] for s in sequences])
    longest, width = int(lengths.max()), sequences[0].shape[1]
    real = torch.arange(longest) < lengths[:, None]
    padded = torch.full((len(lengths), longest, width), padding_value, dtype=sequences[0].dtype)
    padded[real] = torch.cat(sequences)
    return padded, lengths


# --- pack ------------------------------------------------------------------------------------


@alternative("pack")
def packed_row_by_row(padded, lengths):
    """Each row cut to its length; packed as a list."""
    rows = [row[:n] for row, n in zip(padded, lengths)]
    return pack_sequence(rows, enforce_sorted=False)


@alternative("pack")
def packed_time_major(padded, lengths):
    """The batch turned, and a list of lengths."""
    return pack_padded_sequence(padded.transpose(0, 1), lengths.tolist(), enforce_sorted=False)


@alternative("pack")
def sorted_by_hand(padded, lengths):
    """Sorted first; the order is written into the PackedSequence."""
    order, back = _sorted_rows(lengths)
    packed = pack_padded_sequence(padded[order], lengths[order], batch_first=True)
    return PackedSequence(packed.data, packed.batch_sizes, order, back)


@alternative("pack")
def steps_gathered_by_hand(padded, lengths):
    """Without any help: at each step the rows that are still at work."""
    order = sorted(range(len(lengths)), key=lambda i: -int(lengths[i]))
    steps, sizes = [], []
    for t in range(int(lengths.max())):
        at_work = [i for i in order if lengths[i] > t]
        steps.extend(padded[i, t] for i in at_work)
        sizes.append(len(at_work))
    return PackedSequence(torch.stack(steps), torch.tensor(sizes), torch.tensor(order))


@alternative("pack")
def empty_steps_at_the_end(padded, lengths):
    """All T steps are gone through, also where no row is left any more."""
    order = torch.argsort(lengths, descending=True)
    mask = torch.arange(padded.shape[1])[:, None] < lengths[order]
    data = padded[order].transpose(0, 1)[mask]
    return PackedSequence(data, mask.sum(1), order, torch.argsort(order))


@alternative("pack")
def ties_the_other_way(padded, lengths):
    """Sorted so that of equal lengths the last row comes first; unsorted_indices left to torch."""
    order = len(lengths) - 1 - torch.argsort(lengths.flip(0), descending=True, stable=True)
    packed = pack_padded_sequence(padded[order], lengths[order], batch_first=True)
    return PackedSequence(packed.data, packed.batch_sizes, order)


@alternative("pack")
def sorted_only_where_needed(padded, lengths):
    """Without an order where the rows are sorted already."""
    in_order = bool((lengths[:-1] >= lengths[1:]).all())
    return pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=in_order)


# --- run_packed ------------------------------------------------------------------------------


@alternative("run_packed")
def row_by_row(rnn, padded, lengths):
    """Each row alone, slowly; a list for the pair."""
    output, finals = [], []
    for i in range(len(padded)):
        real, h_n = rnn(padded[i : i + 1, : int(lengths[i])])
        missing = padded.shape[1] - real.shape[1]
        output.append(torch.cat([real, real.new_zeros(1, missing, real.shape[2])], dim=1))
        finals.append(h_n)
    return [torch.cat(output), torch.cat(finals, dim=1)]


@alternative("run_packed")
def rows_without_a_batch_axis(rnn, padded, lengths):
    """nn.RNN takes a single sequence as well."""
    count = rnn.num_layers * (1 + rnn.bidirectional)
    width = rnn.hidden_size * (1 + rnn.bidirectional)
    output = torch.zeros(*padded.shape[:2], width, dtype=padded.dtype)
    h_n = padded.new_zeros(count, padded.shape[0], rnn.hidden_size)
    for i, n in enumerate(lengths.tolist()):
        output[i, :n], h_n[:, i] = rnn(padded[i, :n])
    return output, h_n


@alternative("run_packed")
def sorted_and_restored(rnn, padded, lengths):
    """Sorted by hand, with an explicit zero state, and put back."""
    order, back = _sorted_rows(lengths)
    packed = pack_padded_sequence(padded.index_select(0, order), lengths[order], batch_first=True)
    h_0 = padded.new_zeros(
        rnn.num_layers * (2 if rnn.bidirectional else 1), len(padded), rnn.hidden_size
    )
    output, h_n = rnn(packed, h_0)
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=padded.size(1))
    return output[back], h_n[:, back, :]


@alternative("run_packed")
def padded_back_to_full(rnn, padded, lengths):
    """Unpacked time-major to the longest length, then turned, then padded to T."""
    packed = pack_padded_sequence(padded, lengths.cpu(), batch_first=True, enforce_sorted=False)
    output, h_n = rnn(packed)
    output, got = pad_packed_sequence(output)
    output = output.permute(1, 0, 2)
    return F.pad(output, (0, 0, 0, padded.shape[1] - int(got.max()))), h_n


@alternative("run_packed")
def equal_lengths_together(rnn, padded, lengths):
    """All rows of a length at once, without packing."""
    width = rnn.hidden_size * (2 if rnn.bidirectional else 1)
    count = rnn.num_layers * (2 if rnn.bidirectional else 1)
    output = padded.new_zeros(len(padded), padded.shape[1], width)
    h_n = padded.new_zeros(count, len(padded), rnn.hidden_size)
    for n in lengths.unique():
        rows = (lengths == n).nonzero().flatten()
        part, last = rnn(padded[rows, :n])
        output[rows, :n] = part
        h_n[:, rows] = last
    return output, h_n


@alternative("run_packed")
def layer_by_layer(rnn, padded, lengths):
    """The recurrence itself, with the weights of rnn; states stop where rows end."""
    names = [""] if not rnn.bidirectional else ["", "_reverse"]
    real = (torch.arange(padded.shape[1]) < lengths[:, None]).unsqueeze(2)
    layer, finals = padded, []
    for k in range(rnn.num_layers):
        outputs = []
        for name in names:
            weights = [getattr(rnn, f"{kind}_l{k}{name}") for kind in ("weight_ih", "weight_hh")]
            bias = getattr(rnn, f"bias_ih_l{k}{name}") + getattr(rnn, f"bias_hh_l{k}{name}")
            h = padded.new_zeros(len(padded), rnn.hidden_size)
            steps = range(padded.shape[1]) if not name else reversed(range(padded.shape[1]))
            states = {}
            for t in steps:
                new = torch.tanh(layer[:, t] @ weights[0].T + h @ weights[1].T + bias)
                h = torch.where(real[:, t], new, h)
                states[t] = torch.where(real[:, t], h, torch.zeros_like(h))
            outputs.append(torch.stack([states[t] for t in sorted(states)], dim=1))
            finals.append(h)
        layer = torch.cat(outputs, dim=2)
    return layer, torch.stack(finals)


@alternative("run_packed")
def unpacked_as_rows(rnn, padded, lengths):
    """Packed and unpacked as a list of rows."""
    rows = [row[:n] for row, n in zip(padded, lengths)]
    output, h_n = rnn(pack_sequence(rows, enforce_sorted=False))
    rows = nn.utils.rnn.unpack_sequence(output)
    return torch.stack([F.pad(r, (0, 0, 0, padded.size(1) - r.size(0))) for r in rows]), h_n


@alternative("run_packed")
def filled_and_masked(rnn, padded, lengths):
    """Unpacked with another filling, which is masked afterwards."""
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    packed, h_n = rnn(packed)
    total = padded.shape[1]
    output, _ = pad_packed_sequence(packed, batch_first=True, padding_value=5.0, total_length=total)
    padding = torch.arange(total) >= lengths[:, None]
    return output.masked_fill(padding[:, :, None], 0.0), h_n


# --- last_valid ------------------------------------------------------------------------------


@alternative("last_valid")
def with_gather(output, lengths):
    """torch.gather along time."""
    index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, output.size(2))
    return output.gather(dim=1, index=index).squeeze(1)


@alternative("last_valid")
def with_a_loop(output, lengths):
    """One row after the other."""
    return torch.stack([output[i, length - 1] for i, length in enumerate(lengths)])


@alternative("last_valid")
def with_one_hot(output, lengths):
    """A product with one-hot rows."""
    hot = F.one_hot(lengths - 1, output.shape[1]).to(output.dtype)
    return torch.einsum("bt,bth->bh", hot, output)


@alternative("last_valid")
def from_the_flat_batch(output, lengths):
    """Row after row in one long list of steps."""
    start = torch.arange(len(lengths)) * output.shape[1]
    return output.reshape(-1, output.shape[2]).index_select(0, start + lengths - 1)


@alternative("last_valid")
def with_a_mask(output, lengths):
    """A mask that is True once a row."""
    return output[torch.arange(output.shape[1]) == (lengths - 1).unsqueeze(1)]


@alternative("last_valid")
def just_before_the_first_padding(output, lengths):
    """argmin finds the first False of the mask; where there is none, 0 - 1 is the last step."""
    real = torch.arange(output.shape[1]) < lengths[:, None]
    return output[torch.arange(len(lengths)), real.int().argmin(dim=1) - 1]


@alternative("last_valid")
def taken_along_time(output, lengths):
    """take_along_dim broadcasts its index."""
    return torch.take_along_dim(output, (lengths - 1)[:, None, None], dim=1)[:, 0]


# --- length_mask -----------------------------------------------------------------------------


@alternative("length_mask")
def written_row_by_row(lengths, max_len=None):
    """True into a rectangle of False."""
    if max_len is None:
        max_len = max(lengths.tolist())
    mask = torch.zeros((len(lengths), max_len), dtype=torch.bool)
    for i in range(len(lengths)):
        mask[i, : lengths[i]] = True
    return mask


@alternative("length_mask")
def rows_of_ones_padded(lengths, max_len=None):
    """pad_sequence of rows of True, widened."""
    mask = pad_sequence([torch.ones(int(n), dtype=torch.bool) for n in lengths], batch_first=True)
    return mask if max_len is None else F.pad(mask, (0, max_len - mask.shape[1]), value=False)


@alternative("length_mask")
def counted_by_cumsum(lengths, max_len=None):
    """Step numbers by adding up ones; an expanded comparison."""
    width = lengths.max().item() if max_len is None else max_len
    numbers = torch.ones(len(lengths), width, dtype=torch.int64).cumsum(dim=1)
    return numbers.le(lengths.unsqueeze(-1).expand_as(numbers))


@alternative("length_mask")
def with_numpy(lengths, max_len=None):
    """NumPy compares."""
    width = int(lengths.max()) if max_len is None else int(max_len)
    return torch.from_numpy(np.arange(width)[None, :] < lengths.numpy()[:, None])


@alternative("length_mask")
def turned_at_the_end(lengths, max_len=None):
    """Time-major inside: a view."""
    width = max_len or int(lengths.max())
    return (torch.arange(width).unsqueeze(1) < lengths).t()


# --- masked_mean -----------------------------------------------------------------------------


@alternative("masked_mean")
def means_row_by_row(output, lengths):
    """Each row cut to its length."""
    return torch.stack([row[:n].mean(0) for row, n in zip(output, lengths)])


@alternative("masked_mean")
def masked_fill_first(output, lengths):
    """masked_fill in place of where; a small number against division by zero."""
    padding = ~length_mask(lengths, output.size(1)).unsqueeze(-1)
    total = output.masked_fill(padding, 0).sum(1)
    return total / (lengths.unsqueeze(1).to(output.dtype) + 1e-12)


@alternative("masked_mean")
def own_copy_overwritten(output, lengths):
    """A copy, whose padding is set to zero; weights of 1/length."""
    clean = output.clone()
    for i, n in enumerate(lengths.tolist()):
        clean[i, n:] = 0
    weights = (1.0 / lengths.to(output.dtype))[:, None].expand(clean.shape[:2])
    return torch.einsum("bt,bth->bh", weights, clean)


@alternative("masked_mean")
def sums_so_far(output, lengths):
    """The running sum has not met the padding where a row ends."""
    return last_valid(output.cumsum(dim=1), lengths) / lengths.reshape(-1, 1)


@alternative("masked_mean")
def nan_and_infinity_taken_out(output, lengths):
    """nan_to_num first, then a product with the mask."""
    mask = length_mask(lengths, output.shape[1])[..., None]
    return (torch.nan_to_num(output) * mask).sum(1) / mask.sum(1)


@alternative("masked_mean")
def by_groups(output, lengths):
    """The real steps in one list, added up by the row that they came from."""
    mask = length_mask(lengths, output.shape[1])
    rows = mask.nonzero()[:, 0]
    total = output.new_zeros(len(output), output.shape[2]).index_add(0, rows, output[mask])
    return total.div(torch.bincount(rows, minlength=len(output)).unsqueeze(1))


@alternative("masked_mean")
def nan_for_padding(output, lengths):
    """nanmean leaves the padding out."""
    real = length_mask(lengths, output.shape[1])[:, :, None]
    return torch.where(real, output, float("nan")).nanmean(dim=1)


@alternative("masked_mean")
def in_double_and_back(output, lengths):
    """More digits on the way."""
    padding = ~length_mask(lengths, output.shape[1])[:, :, None]
    total = output.double().masked_fill(padding, 0.0).sum(dim=1)
    return (total / lengths[:, None]).to(output.dtype)


# --- classify_packed -------------------------------------------------------------------------


@alternative("classify_packed")
def text_by_text(model, ids, lengths):
    """The model itself, once a text."""
    return torch.cat([model(row[:n].unsqueeze(0)) for row, n in zip(ids, lengths)])


@alternative("classify_packed")
def last_real_output(model, ids, lengths):
    """Packed, unpacked, and the output at each end."""
    output, _ = run_packed(model.rnn, model.embedding(ids), lengths)
    return model.fc(last_valid(output, lengths))


@alternative("classify_packed")
def unpacked_but_picked_in_time(model, ids, lengths):
    """A forward network may read on, as long as nobody looks: no packing at all."""
    output, _ = model.rnn(model.embedding(ids))
    return model.fc(output)[torch.arange(len(ids)), lengths - 1]


@alternative("classify_packed")
def ids_packed_before_embedding(model, ids, lengths):
    """The ids are packed, then embedded."""
    packed = pack_padded_sequence(ids, lengths, batch_first=True, enforce_sorted=False)
    vectors = packed._replace(data=model.embedding(packed.data))
    _, h_n = model.rnn(vectors)
    return model.fc(h_n.squeeze(0))


@alternative("classify_packed")
def equal_lengths_at_once(model, ids, lengths):
    """All texts of a length together."""
    logits = {}
    for n in set(lengths.tolist()):
        rows = torch.nonzero(lengths == n)[:, 0].tolist()
        logits.update(zip(rows, model(ids[rows][:, :n])))
    return torch.stack([logits[i] for i in range(len(ids))])


@alternative("classify_packed")
def state_held_at_the_end(model, ids, lengths):
    """One step at a time; a row that has ended keeps its state."""
    vectors, h = model.embedding(ids), None
    for t in range(ids.shape[1]):
        _, new = model.rnn(vectors[:, t : t + 1], h)
        h = new if h is None else torch.where((t < lengths)[None, :, None], new, h)
    return model.fc(h.squeeze(0))
