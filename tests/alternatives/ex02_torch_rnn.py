"""Right answers to exercise 2 in other styles: each of them earns full marks."""

import copy
from collections import deque, namedtuple
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from grading.testing.answers import alternative

# --- predict_shapes --------------------------------------------------------------------------


@alternative("predict_shapes")
def as_lists(batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True):
    """Lists in a list, the axes swapped at the end, True counted as 1."""
    output = [batch_size, seq_len, hidden_size * (1 + bidirectional)]
    h_n = [num_layers << bidirectional, batch_size, hidden_size]
    if not batch_first:
        output[0], output[1] = output[1], output[0]
    return [output, h_n]


@alternative("predict_shapes")
def as_torch_sizes(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    """torch.Size from empty tensors, turned and joined."""
    D = [1, 2][bool(bidirectional)]
    output = torch.empty(batch_size, seq_len, hidden_size).repeat(1, 1, D)
    states = [torch.empty(batch_size, hidden_size) for _ in range(num_layers * D)]
    if not batch_first:
        output = output.transpose(0, 1)
    return output.shape, torch.stack(states).shape


@alternative("predict_shapes")
def case_by_case(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    """Four cases, one after the other."""
    B, T, H, L = batch_size, seq_len, hidden_size, num_layers
    if batch_first and bidirectional:
        return (B, T, 2 * H), (2 * L, B, H)
    if batch_first:
        return (B, T, H), (L, B, H)
    if bidirectional:
        return (T, B, 2 * H), (2 * L, B, H)
    return (T, B, H), (L, B, H)


@alternative("predict_shapes")
def with_arithmetic(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    """NumPy's whole numbers, filled in and turned in place."""
    D = int(bidirectional) + 1
    output = np.array([batch_size, seq_len, hidden_size]) * [1, 1, D]
    h_n = np.multiply([num_layers, batch_size, hidden_size], [D, 1, 1])
    order = [0, 1, 2] if batch_first else [1, 0, 2]
    return tuple(output[order]), h_n.tolist()


# --- load_weights ----------------------------------------------------------------------------


@alternative("load_weights")
def by_load_state_dict(rnn, W_xh, W_hh, b):
    """All four at once, b in the second bias."""
    state = {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_hh_l0": b}
    rnn.load_state_dict(state | {"bias_ih_l0": torch.zeros_like(b)})


@alternative("load_weights")
def by_data(rnn, W_xh, W_hh, b):
    """Through .data, half of b in each bias."""
    rnn.weight_ih_l0.data = W_xh.clone()
    rnn.weight_hh_l0.data = W_hh.clone()
    rnn.bias_ih_l0.data[:] = b / 2
    rnn.bias_hh_l0.data[:] = b / 2


@alternative("load_weights")
def by_new_parameters(rnn, W_xh, W_hh, b):
    """New parameters in the places of the old ones."""
    rnn.weight_ih_l0 = nn.Parameter(W_xh.detach().clone())
    rnn.weight_hh_l0 = nn.Parameter(W_hh.detach().clone())
    rnn.bias_ih_l0 = nn.Parameter(b.detach().clone())
    rnn.bias_hh_l0 = nn.Parameter(torch.zeros_like(b))


@alternative("load_weights")
def by_the_dict_itself(rnn, W_xh, W_hh, b):
    """state_dict() shares its memory with the parameters."""
    for name, value in rnn.state_dict().items():
        value.copy_({"weight_ih": W_xh, "weight_hh": W_hh}.get(name[:9], b * (name[5] == "i")))


@alternative("load_weights")
def around_the_very_tensors(rnn, W_xh, W_hh, b):
    """Parameters that share their memory with the arguments: rnn computes the same."""
    rnn.weight_ih_l0, rnn.weight_hh_l0 = nn.Parameter(W_xh), nn.Parameter(W_hh)
    rnn.bias_ih_l0, rnn.bias_hh_l0 = nn.Parameter(b), nn.Parameter(torch.zeros_like(b))


@alternative("load_weights")
def around_the_old_bias(rnn, W_xh, W_hh, b):
    """The second bias keeps its numbers; the first makes up for them. The rnn comes back."""
    with torch.no_grad():
        weight_ih, weight_hh, bias_ih, bias_hh = rnn.parameters()
        weight_ih.zero_().add_(W_xh)
        weight_hh[...] = W_hh
        bias_ih.copy_(b - bias_hh)
    return rnn


@alternative("load_weights")
def through_all_weights(rnn, W_xh, W_hh, b):
    """The list of lists that nn.RNN keeps, one layer after the other."""
    for parameters in rnn.all_weights:
        for parameter, value in zip(parameters, (W_xh, W_hh, b, 0 * b), strict=True):
            parameter.data.copy_(value)


@alternative("load_weights")
def as_one_long_vector(rnn, W_xh, W_hh, b):
    """All four parameters one after the other."""
    values = (W_xh.detach(), W_hh.detach(), b.detach() * 0.25, b.detach() * 0.75)
    flat = torch.cat([value.reshape(-1) for value in values])
    nn.utils.vector_to_parameters(flat, rnn.parameters())


@alternative("load_weights")
def by_taking_off_and_adding(rnn, W_xh, W_hh, b):
    """Grad mode switched off by hand; subtracted from itself, then added to."""
    was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    for parameter, value in zip(rnn.parameters(), (W_xh, W_hh, b, None), strict=True):
        parameter -= parameter.clone()
        if value is not None:
            parameter += value
    torch.set_grad_enabled(was_on)


# --- split_directions ------------------------------------------------------------------------


@alternative("split_directions")
def with_slices(output):
    """Two slices in a list."""
    H = output.size(2) // 2
    return [output[:, :, :H], output[:, :, H:]]


@alternative("split_directions")
def with_a_view(output):
    """The last axis seen as (2, H): here a view is right."""
    return output.view(*output.shape[:-1], 2, -1).unbind(dim=-2)


@alternative("split_directions")
def with_copies(output):
    """Feature by feature, into tensors of its own."""
    H = output.shape[-1] // 2
    forward = torch.stack([output[..., k] for k in range(H)], dim=-1)
    backward = torch.stack([output[..., H + k] for k in range(H)], dim=-1)
    return forward, backward


@alternative("split_directions")
def with_tensor_split(output):
    """Pieces by their number."""
    return torch.tensor_split(output, 2, dim=2)


@alternative("split_directions")
def with_matrices(output):
    """Two matrices, each of which picks one half."""
    H = output.shape[-1] // 2
    eye = torch.eye(2 * H, dtype=output.dtype, device=output.device)
    return output @ eye[:, :H], output @ eye[:, H:]


@alternative("split_directions")
def with_dsplit(output):
    """Split in depth, and a generator's results in a tuple."""
    return tuple(half.contiguous() for half in torch.dsplit(output, 2))


# --- final_state -----------------------------------------------------------------------------


@alternative("final_state")
def with_a_view_of_layers(h_n, bidirectional=False):
    """(L, D, B, H), the last layer, directions moved next to their features."""
    D = 2 if bidirectional else 1
    last = h_n.view(-1, D, *h_n.shape[1:])[-1]  # (D, B, H)
    return last.permute(1, 0, 2).reshape(h_n.shape[1], -1)


@alternative("final_state")
def with_a_join_of_slices(h_n, bidirectional=False):
    """The last one or two entries, joined along the features in either case."""
    return torch.cat(tuple(h_n[-2:] if bidirectional else h_n[-1:]), -1)


@alternative("final_state")
def row_by_row(h_n, bidirectional=False):
    """One sequence after the other."""
    count = h_n.size(0)
    wanted = [count - 2, count - 1] if bidirectional else [count - 1]
    rows = [torch.hstack([h_n[k, i] for k in wanted]) for i in range(h_n.size(1))]
    return torch.vstack(rows)


@alternative("final_state")
def into_a_buffer(h_n, bidirectional=False):
    """A preallocated result."""
    count, B, H = h_n.shape
    D = 1 + int(bidirectional)
    state = torch.empty(B, D * H, dtype=h_n.dtype)
    for d in range(D):
        state[:, d * H : (d + 1) * H] = h_n[count - D + d]
    return state


@alternative("final_state")
def with_unflatten(h_n, bidirectional=False):
    """Layers and directions as axes of their own."""
    states = h_n.unflatten(0, (-1, 2 if bidirectional else 1))  # (L, D, B, H)
    return torch.einsum("dbh->bdh", states[-1]).flatten(1)


# --- run_time_major --------------------------------------------------------------------------


@alternative("run_time_major")
def with_permute(rnn, x):
    """permute both ways, an explicit state of zeros, a list."""
    D = 2 if rnn.bidirectional else 1
    zeros = x.new_zeros(D * rnn.num_layers, len(x), rnn.hidden_size)
    output, h_n = rnn(x.permute(1, 0, 2).contiguous(), zeros)
    return [output.permute(1, 0, 2).contiguous(), h_n]


@alternative("run_time_major")
def each_sequence_alone(rnn, x):
    """No batch at all: every sequence for itself."""
    outputs, states = zip(*(rnn(sequence) for sequence in x), strict=True)
    return torch.stack(outputs), torch.stack(states, dim=1)


@alternative("run_time_major")
def with_the_option_borrowed(rnn, x):
    """The option switched on and off again."""
    rnn.batch_first = True
    try:
        return rnn(x)
    finally:
        rnn.batch_first = False


@alternative("run_time_major")
def with_a_twin_of_shared_parameters(rnn, x):
    """A shallow copy with another option: the parameters are the very same."""
    twin = copy.copy(rnn)
    twin.batch_first = True
    return twin(x)


@alternative("run_time_major")
def with_stacks(rnn, x):
    """Taken apart and put together, step by step."""
    steps = torch.stack([x[:, t] for t in range(x.shape[1])])
    output, h_n = rnn(steps)
    return torch.stack(list(output), dim=1), h_n


@alternative("run_time_major")
def with_functional_call(rnn, x):
    """A new module of the other order, run on the old one's parameters."""
    twin = nn.RNN(
        rnn.input_size,
        rnn.hidden_size,
        rnn.num_layers,
        nonlinearity=rnn.nonlinearity,
        bias=rnn.bias,
        bidirectional=rnn.bidirectional,
        batch_first=True,
        dtype=x.dtype,
    )
    return torch.func.functional_call(twin, dict(rnn.named_parameters()), (x,))


@alternative("run_time_major")
def with_packing(rnn, x):
    """Packed with every length the same; torch unpacks batch first."""
    lengths = torch.full((len(x),), x.shape[1])
    packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
    output, h_n = rnn(packed)
    return nn.utils.rnn.pad_packed_sequence(output, batch_first=True)[0], h_n


@alternative("run_time_major")
def with_swapaxes_into_buffers(rnn, x):
    """NumPy's name for transpose, and buffers of its own."""
    result, states = rnn.forward(torch.swapaxes(x, 0, 1), None)
    output = torch.empty(*x.shape[:2], result.shape[-1], dtype=x.dtype)
    for t in range(x.shape[1]):
        output[:, t] = result[t]
    return output, states.clone()


_Shapes = namedtuple("_Shapes", "output h_n")
_Sizes = namedtuple("_Sizes", "outer inner features")


@alternative("predict_shapes")
def as_named_tuples(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    output = _Sizes(*outer, hidden_size << bidirectional)
    return _Shapes(output, _Sizes(num_layers << bidirectional, batch_size, hidden_size))


class _Dims(Sequence):
    def __init__(self, *dims):
        self.dims = dims

    def __len__(self):
        return len(self.dims)

    def __getitem__(self, index):
        return self.dims[index]


@alternative("predict_shapes")
def as_sequences_of_its_own(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    """Neither a list nor a tuple, and a sequence of whole numbers all the same."""
    directions = 1 + bool(bidirectional)
    output = deque([seq_len, batch_size], maxlen=3)
    if batch_first:
        output.reverse()
    output.append(directions * hidden_size)
    return output, _Dims(directions * num_layers, batch_size, hidden_size)
