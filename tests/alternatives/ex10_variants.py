"""Right answers to exercise 10 in other styles."""

import torch
import torch.nn.functional as F

from grading.testing.answers import alternative


def _squash(z):
    """A tanh made of a sigmoid."""
    return 2 * torch.sigmoid(2 * z) - 1


def _odds(z):
    """A sigmoid as the share of exp(z) in 1 + exp(z)."""
    return torch.exp(z) / (1 + torch.exp(z))


def _ratio(z):
    """A tanh as it is defined."""
    return (torch.exp(2 * z) - 1) / (torch.exp(2 * z) + 1)


@alternative("lstm_step")
def with_linear(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    """F.linear, split by size, a list in place of a tuple."""
    gates = F.linear(x_t, W_ih, b_ih) + F.linear(h_prev, W_hh, b_hh)
    i, f, g, o = torch.split(gates, h_prev.shape[-1], dim=-1)
    c = f.sigmoid() * c_prev + i.sigmoid() * g.tanh()
    return [o.sigmoid() * c.tanh(), c]


@alternative("lstm_step")
def with_one_product(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    """Inputs and matrices side by side; one sigmoid for all, tanh made of it."""
    both, W = torch.cat([x_t, h_prev], dim=1), torch.cat([W_ih, W_hh], dim=1)
    gates = torch.addmm(b_ih + b_hh, both, W.t()).view(x_t.shape[0], 4, -1)
    scale = torch.tensor([1.0, 1.0, 2.0, 1.0], dtype=gates.dtype)[:, None]
    i, f, g, o = torch.sigmoid(gates * scale).unbind(1)
    c = f * c_prev + i * (2 * g - 1)
    return o * _squash(c), c


@alternative("lstm_step")
def gate_by_gate_in_einsum(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    """The matrices folded to (4, H, …), each gate by its number."""
    H = h_prev.size(1)
    W, U, b = W_ih.reshape(4, H, -1), W_hh.reshape(4, H, H), (b_ih + b_hh).reshape(4, 1, H)
    sums = torch.einsum("bi,ghi->gbh", x_t, W) + torch.einsum("bk,ghk->gbh", h_prev, U) + b
    c = torch.addcmul(sums[1].sigmoid() * c_prev, sums[0].sigmoid(), sums[2].tanh())
    return sums[3].sigmoid() * c.tanh(), c


@alternative("lstm_step")
def row_after_row(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    """One row of the batch after the other, a sigmoid written out."""
    H, states, cells = W_hh.shape[1], [], []
    for x, h, c in zip(x_t, h_prev, c_prev, strict=True):
        z = W_ih @ x + W_hh @ h + b_ih + b_hh
        s = 1 / (1 + torch.exp(-z))
        cells.append(s[H : 2 * H] * c + s[:H] * torch.tanh(z[2 * H : 3 * H]))
        states.append(s[3 * H :] * torch.tanh(cells[-1]))
    return torch.stack(states), torch.stack(cells)


@alternative("lstm_step")
def gates_made_of_exponentials(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    """Neither torch.sigmoid nor torch.tanh: both written out with exp."""
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    c = _odds(f) * c_prev + _odds(i) * _ratio(g)
    return _odds(o) * _ratio(c), c


@alternative("gru_step")
def with_linear_and_lerp(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    """F.linear, the mix as n + z (h - n)."""
    x_r, x_z, x_n = F.linear(x_t, W_ih, b_ih).chunk(3, -1)
    h_r, h_z, h_n = F.linear(h_prev, W_hh, b_hh).chunk(3, -1)
    n = torch.tanh(torch.addcmul(x_n, (x_r + h_r).sigmoid(), h_n))
    return torch.lerp(n, h_prev, (x_z + h_z).sigmoid())


@alternative("gru_step")
def gate_by_gate(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    """Six slices of the matrices, a line a gate."""
    H = h_prev.shape[1]
    r = torch.sigmoid(x_t @ W_ih[:H].T + b_ih[:H] + h_prev @ W_hh[:H].T + b_hh[:H])
    middle, last = slice(H, 2 * H), slice(2 * H, None)
    keep = x_t @ W_ih[middle].T + b_ih[middle] + h_prev @ W_hh[middle].T + b_hh[middle]
    n = _squash(x_t @ W_ih[last].T + b_ih[last] + r * (h_prev @ W_hh[last].T + b_hh[last]))
    return torch.sigmoid(-keep) * n + torch.sigmoid(keep) * h_prev


@alternative("gru_step")
def gates_of_exponentials(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    """Neither torch.sigmoid nor torch.tanh: both written out with exp."""
    x_r, x_z, x_n = (x_t @ W_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h_prev @ W_hh.T + b_hh).chunk(3, dim=1)
    z, n = _odds(x_z + h_z), _ratio(x_n + _odds(x_r + h_r) * h_n)
    return (1 - z) * n + z * h_prev


@alternative("gru_step")
def reset_inside_the_product(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    """r multiplies the rows of the matrix and the bias, for each sample: the same by algebra."""
    H, states = h_prev.shape[1], []
    for x, h in zip(x_t, h_prev, strict=True):
        gates = torch.sigmoid((W_ih @ x + b_ih + W_hh @ h + b_hh)[: 2 * H])
        r, z = gates[:H], gates[H:]
        W, b = r[:, None] * W_hh[2 * H :], r * b_hh[2 * H :]
        n = torch.tanh(W_ih[2 * H :] @ x + b_ih[2 * H :] + W @ h + b)
        states.append(n - z * n + z * h)
    return torch.stack(states)


@alternative("parameter_count")
def tensor_by_tensor(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    """The shapes of all tensors, multiplied out."""
    if kind == "rnn":
        rows = hidden_size
    elif kind == "gru":
        rows = 3 * hidden_size
    elif kind == "lstm":
        rows = 4 * hidden_size
    else:
        raise ValueError("no such kind: " + repr(kind))
    shapes = []
    for layer in range(num_layers):
        for _ in ("forward", "backward") if bidirectional else ("forward",):
            width = input_size if not layer else hidden_size * (2 if bidirectional else 1)
            shapes += [(rows, width), (rows, hidden_size), (rows,), (rows,)]
    return sum(torch.Size(shape).numel() for shape in shapes)


@alternative("parameter_count")
def in_closed_form(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    """One formula; a KeyError turned into a ValueError."""
    try:
        g = dict(rnn=1, lstm=4, gru=3)[kind]
    except KeyError as error:
        raise ValueError("kind: rnn, lstm, gru") from error
    H, D, L = hidden_size, 2 if bidirectional else 1, num_layers
    return D * g * H * (input_size + (L - 1) * D * H + L * (H + 2))


@alternative("parameter_count")
def by_recursion(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    """The first layer, then the rest, which reads its states."""
    match kind:
        case "rnn" | "lstm" | "gru":
            blocks = {"r": 1, "l": 4, "g": 3}[kind[0]]
        case _:
            raise ValueError(kind)
    both = int(bidirectional) + 1
    one = both * blocks * hidden_size * (input_size + hidden_size + 2)
    if num_layers == 1:
        return one
    below = both * hidden_size
    rest = parameter_count(kind, below, hidden_size, num_layers - 1, bidirectional)  # noqa: F821
    return one + rest
