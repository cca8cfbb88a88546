"""Right answers to exercise 1 in other styles: each of them earns full marks."""

import functools
import itertools
from typing import NamedTuple

import torch
import torch.nn.functional as F

from grading.testing.answers import alternative

# --- rnn_step --------------------------------------------------------------------------------


@alternative("rnn_step")
def with_einsum(x_t, h_prev, W_xh, W_hh, b):
    """Index notation."""
    from_x = torch.einsum("bi,hi->bh", x_t, W_xh)
    from_h = torch.einsum("bj,hj->bh", h_prev, W_hh)
    return torch.tanh(from_x + from_h + b)


@alternative("rnn_step")
def with_linear(x_t, h_prev, W_xh, W_hh, b):
    """Two affine maps, the bias in the second."""
    return F.tanh(F.linear(x_t, W_xh) + F.linear(h_prev, W_hh, b))


@alternative("rnn_step")
def with_one_joined_matrix(x_t, h_prev, W_xh, W_hh, b):
    """Input and state side by side, and one product."""
    both = torch.cat([x_t, h_prev], dim=1)
    return torch.addmm(b, both, torch.cat([W_xh, W_hh], dim=1).t()).tanh()


@alternative("rnn_step")
def row_by_row(x_t, h_prev, W_xh, W_hh, b):
    """One vector at a time."""
    rows = [torch.tanh(W_xh @ x + W_hh @ h + b) for x, h in zip(x_t, h_prev, strict=True)]
    return torch.stack(rows)


@alternative("rnn_step")
def number_by_number(x_t, h_prev, W_xh, W_hh, b):
    """Sums of products of single numbers."""
    rows = []
    for x, h in zip(x_t, h_prev, strict=True):
        row = []
        for k in range(len(b)):
            total = b[k]
            for i in range(len(x)):
                total = total + W_xh[k, i] * x[i]
            for j in range(len(h)):
                total = total + W_hh[k, j] * h[j]
            row.append(total.tanh())
        rows.append(torch.stack(row))
    return torch.stack(rows)


@alternative("rnn_step")
def with_columns(x_t, h_prev, W_xh, W_hh, b):
    """Matrices to the left, as the formula has them; the result is a turned view."""
    return torch.tanh(W_xh @ x_t.T + W_hh @ h_prev.T + b[:, None]).T


@alternative("rnn_step")
def with_broadcast_sums(x_t, h_prev, W_xh, W_hh, b):
    """No matrix product at all."""
    return ((x_t[:, None] * W_xh).sum(-1) + (h_prev[:, None] * W_hh).sum(-1) + b).tanh()


@alternative("rnn_step")
def with_sigmoid(x_t, h_prev, W_xh, W_hh, b):
    """tanh(z) = 2 sigmoid(2z) - 1."""
    return 2 * torch.sigmoid(2 * (x_t @ W_xh.T + h_prev @ W_hh.T + b)) - 1


@alternative("rnn_step")
def with_exponentials(x_t, h_prev, W_xh, W_hh, b):
    """tanh from its definition."""
    z = x_t @ W_xh.T + h_prev @ W_hh.T + b
    up, down = torch.exp(z), torch.exp(-z)
    return (up - down) / (up + down)


@alternative("rnn_step")
def in_double_and_back(x_t, h_prev, W_xh, W_hh, b):
    """More digits inside than outside."""
    x, h, W_x, W_h, bias = (value.double() for value in (x_t, h_prev, W_xh, W_hh, b))
    return torch.tanh(x @ W_x.T + h @ W_h.T + bias).to(x_t.dtype)


@alternative("rnn_step")
def in_its_own_buffer(x_t, h_prev, W_xh, W_hh, b):
    """In place, on a tensor that the function made."""
    z = x_t @ W_xh.T
    z += h_prev @ W_hh.T
    z += b
    return z.tanh_()


@alternative("rnn_step")
def into_a_ready_buffer(x_t, h_prev, W_xh, W_hh, b):
    """A preallocated result, filled one hidden unit after the other."""
    h_t = x_t.new_empty(len(x_t), len(b))
    for k in range(len(b)):
        h_t[:, k] = torch.tanh(x_t @ W_xh[k] + h_prev @ W_hh[k] + b[k])
    return h_t


@alternative("rnn_step")
def with_vmap(x_t, h_prev, W_xh, W_hh, b):
    """One row's formula, mapped over the batch."""

    def row(x, h):
        return torch.tanh(W_xh.mv(x) + W_hh.mv(h) + b)

    return torch.vmap(row)(x_t, h_prev)


class _Mix(torch.nn.Module):
    """Two linear layers whose weights are lent to them."""

    def __init__(self, inputs, hidden):
        super().__init__()
        self.x = torch.nn.Linear(inputs, hidden)
        self.h = torch.nn.Linear(hidden, hidden, bias=False)

    def forward(self, x, h):
        return (self.x(x) + self.h(h)).tanh()


@alternative("rnn_step")
def with_linear_layers(x_t, h_prev, W_xh, W_hh, b):
    """Modules that are no recurrent ones, run on the given parameters."""
    lent = {"x.weight": W_xh, "x.bias": b, "h.weight": W_hh}
    return torch.func.functional_call(_Mix(*W_xh.T.shape), lent, (x_t, h_prev))


class _Step(torch.autograd.Function):
    """A step with a backward pass of its own."""

    @staticmethod
    def forward(ctx, x_t, h_prev, W_xh, W_hh, b):
        h_t = torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
        ctx.save_for_backward(x_t, h_prev, W_xh, W_hh, h_t)
        return h_t

    @staticmethod
    def backward(ctx, upstream):
        x_t, h_prev, W_xh, W_hh, h_t = ctx.saved_tensors
        inner = upstream * (1 - h_t**2)
        return inner @ W_xh, inner @ W_hh, inner.T @ x_t, inner.T @ h_prev, inner.sum(0)


@alternative("rnn_step")
def with_its_own_backward(x_t, h_prev, W_xh, W_hh, b):
    """The gradient written out."""
    return _Step.apply(x_t, h_prev, W_xh, W_hh, b)


# --- rnn_forward -----------------------------------------------------------------------------


@alternative("rnn_forward")
def preallocated(x, h0, W_xh, W_hh, b):
    """Written step by step into one output tensor; a list in place of a tuple."""
    B, T, _ = x.shape
    output = torch.empty(B, T, len(b), dtype=x.dtype, device=x.device)
    h = torch.zeros(B, len(b), dtype=x.dtype) if h0 is None else h0.clone()
    for t in range(T):
        h = rnn_step(x[:, t, :], h, W_xh, W_hh, b)  # noqa: F821
        output[:, t, :] = h
    return [output, output[:, -1]]


@alternative("rnn_forward")
def projected_beforehand(x, h0, W_xh, W_hh, b):
    """The input's terms of all steps in one product, without rnn_step."""
    projected = F.linear(x, W_xh, b).unbind(dim=1)
    h = torch.zeros_like(projected[0]) if h0 is None else h0
    output = []
    for from_x in projected:
        h = torch.tanh(from_x + F.linear(h, W_hh))
        output.append(h)
    return torch.stack(output, 1), output[-1]


@alternative("rnn_forward")
def by_recursion(x, h0, W_xh, W_hh, b):
    """The last step after all those before it."""
    if h0 is None:
        h0 = torch.zeros((x.size(0), W_hh.size(0))).to(x)

    def read(steps):
        if steps == 0:
            return [], h0
        before, h = read(steps - 1)
        h = rnn_step(x[:, steps - 1], h, W_xh, W_hh, b)  # noqa: F821
        return [*before, h[:, None]], h

    states, h_n = read(x.size(1))
    return torch.cat(states, dim=1), h_n


@alternative("rnn_forward")
def with_accumulate(x, h0, W_xh, W_hh, b):
    """A running fold over the steps."""
    start = x.new_zeros(len(x), len(b)) if h0 is None else h0
    step = functools.partial(rnn_step, W_xh=W_xh, W_hh=W_hh, b=b)  # noqa: F821
    fold = itertools.accumulate(x.unbind(1), lambda h, x_t: step(x_t, h), initial=start)
    states = torch.stack(list(fold), dim=1)
    return states[:, 1:], states[:, -1]


@alternative("rnn_forward")
def time_major_inside(x, h0, W_xh, W_hh, b):
    """Turned to walk along the first axis, turned back at the end; a view comes back."""
    h = b.new_zeros(x.size(0), b.size(0)) if h0 is None else h0
    states = []
    for x_t in x.transpose(0, 1):
        h = (x_t @ W_xh.T + h @ W_hh.T + b).tanh()
        states.append(h)
    return torch.stack(states).transpose(0, 1), h


@alternative("rnn_forward")
def sequence_by_sequence(x, h0, W_xh, W_hh, b):
    """Each sequence of the batch for itself."""
    output = []
    for i in range(x.shape[0]):
        h = torch.zeros_like(b) if h0 is None else h0[i]
        states = []
        for t in range(x.shape[1]):
            h = torch.tanh(torch.mv(W_xh, x[i, t]) + torch.mv(W_hh, h) + b)
            states.append(h)
        output.append(torch.stack(states))
    output = torch.stack(output)
    return output, output[:, -1, :].clone()


@alternative("rnn_forward")
def joined_and_viewed(x, h0, W_xh, W_hh, b):
    """All steps side by side, then split into (T, H): here a view is right."""
    h = torch.zeros(x.shape[0], b.numel(), dtype=b.dtype) if h0 is None else h0
    states = []
    t = 0
    while t < x.shape[1]:
        states.append(h := rnn_step(x.select(1, t), h, W_xh, W_hh, b))  # noqa: F821
        t += 1
    return torch.cat(states, dim=-1).view(x.shape[0], x.shape[1], -1), h


@alternative("rnn_forward")
def with_a_class_inside(x, h0, W_xh, W_hh, b):
    """A small cell object, the bias as one more column, float64 and exponentials inside."""

    class Cell:
        def __init__(self):
            self.W = torch.hstack([W_xh, W_hh, b[:, None]]).double()

        def __call__(self, x_t, h):
            ones = torch.ones(len(h), 1, dtype=torch.float64)
            z = torch.hstack([x_t.double(), h, ones]) @ self.W.mT
            return -torch.expm1(-2 * z) / (1 + torch.exp(-2 * z))

    cell = Cell()
    h = torch.zeros(len(x), len(b), dtype=torch.float64) if h0 is None else h0.double()
    states = []
    for t in range(x.shape[1]):
        h = cell(x[:, t], h)
        states.append(h)
    return torch.stack(states, dim=1).to(x.dtype), h.to(x.dtype)


def _states(x, h, W_xh, W_hh, b):
    """The states one after the other, whenever they are asked for."""
    for x_t in x.split(1, dim=1):
        h = torch.tanh(x_t.squeeze(1) @ W_xh.T + h @ W_hh.T + b)
        yield h


@alternative("rnn_forward")
def with_a_generator(x, h0, W_xh, W_hh, b):
    """A generator of states, emptied into a stack."""
    if h0 is None:
        h0 = (x[:, 0] @ W_xh.T) * 0
    output = torch.stack(tuple(_states(x, h0, W_xh, W_hh, b))).movedim(0, 1)
    return output, output.select(1, -1)


@alternative("rnn_forward")
def with_a_module(x, h0, W_xh, W_hh, b):
    """A module of one's own that holds a state while it reads."""

    class Reader(torch.nn.Module):
        def forward(self, x):
            self.h = rnn_step(x, self.h, W_xh, W_hh, b)  # noqa: F821
            return self.h

    reader = Reader()
    reader.h = torch.zeros(*x.shape[:1], *b.shape, dtype=x.dtype) if h0 is None else 1 * h0
    return torch.cat([reader(x_t)[:, None] for x_t in x.permute(1, 0, 2)], 1), reader.h


class _Unrolled(NamedTuple):
    output: torch.Tensor
    h_n: torch.Tensor


@alternative("rnn_forward")
def as_a_named_tuple(x, h0, W_xh, W_hh, b):
    h = torch.zeros_like(b).expand(x.shape[0], -1) if h0 is None else h0
    states = [h := rnn_step(x_t, h, W_xh, W_hh, b) for x_t in x.unbind(1)]  # noqa: F821
    return _Unrolled(torch.stack(states, dim=1), h)


@alternative("rnn_forward")
def no_recurrent_term_at_the_start(x, h0, W_xh, W_hh, b):
    """Of one step from None, nothing depends on W_hh: it needs no gradient then."""
    h, states = h0, []
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W_xh.T + b if h is None else x_t @ W_xh.T + h @ W_hh.T + b)
        states.append(h)
    return torch.stack(states, 1), h
