"""Right answers to exercise 9 in other styles."""

import numpy
import torch

from grading.testing.answers import alternative


@alternative("rnn_step_backward")
def with_einsum(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    """Index notation, a list in place of a tuple."""
    da = dh_t - dh_t * h_t * h_t
    return [
        torch.einsum("bh,hi->bi", da, W_xh),
        torch.einsum("bh,hk->bk", da, W_hh),
        torch.einsum("bh,bi->hi", da, x_t),
        torch.einsum("bh,bk->hk", da, h_prev),
        torch.einsum("bh->h", da),
    ]


@alternative("rnn_step_backward")
def row_by_row(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    """Outer products of single rows, added up."""
    dx_t, dh_prev = torch.zeros_like(x_t), torch.zeros_like(h_prev)
    dW_xh, dW_hh, db = W_xh * 0, W_hh * 0, W_hh[0] * 0
    for i in range(dh_t.shape[0]):
        da = dh_t[i] * (1 + h_t[i]) * (1 - h_t[i])
        dx_t[i], dh_prev[i] = W_xh.T @ da, W_hh.T @ da
        dW_xh += torch.outer(da, x_t[i])
        dW_hh += torch.outer(da, h_prev[i])
        db += da
    return dx_t, dh_prev, dW_xh, dW_hh, db


@alternative("rnn_step_backward")
def with_one_matrix(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    """Both matrices and the bias side by side, cut apart at the end: results are views."""
    sizes = [W_xh.shape[1], W_hh.shape[1]]
    both = torch.cat([x_t, h_prev, torch.ones_like(h_prev[:, :1])], dim=1)
    da = dh_t * (1 - h_t.square())
    dx_t, dh_prev = (da @ torch.cat([W_xh, W_hh], dim=1)).split(sizes, dim=1)
    dW_xh, dW_hh, db = (both.T @ da).T.split([*sizes, 1], dim=1)
    return dx_t, dh_prev, dW_xh, dW_hh, db.squeeze(1)


@alternative("rnn_step_backward")
def in_numpy(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    """NumPy inside, tensors outside."""
    d, x, hp, h, wx, wh = (v.detach().numpy() for v in (dh_t, x_t, h_prev, h_t, W_xh, W_hh))
    da = d * (1 - numpy.square(h))
    results = da @ wx, da @ wh, da.T @ x, da.T @ hp, da.sum(axis=0)
    return tuple(torch.from_numpy(numpy.ascontiguousarray(result)) for result in results)


@alternative("rnn_step_backward")
def in_double_precision(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    """float64 inside, the dtype of the arguments outside; the slope as 1 / cosh²."""
    with torch.no_grad():
        dtype = dh_t.dtype
        d, x, hp, h, wx, wh = (v.double() for v in (dh_t, x_t, h_prev, h_t, W_xh, W_hh))
        da = torch.addcmul(d, d, h * h, value=-1)
        db = da.t().mv(torch.ones(len(d), dtype=torch.float64))
        results = da.mm(wx), da.mm(wh), da.t().mm(x), da.t().mm(hp), db
        return tuple(result.to(dtype) for result in results)


@alternative("rnn_backward")
def all_at_once(d_output, x, h0, output, W_xh, W_hh):
    """The gradients inside tanh in a loop; everything else in one product over batch and steps."""
    before = torch.cat([h0.unsqueeze(1), output[:, :-1]], dim=1)
    das, carried = [], 0
    for dh, h in zip(d_output.unbind(1)[::-1], output.unbind(1)[::-1], strict=True):
        das.insert(0, (dh + carried) * (1 - h * h))
        carried = das[0] @ W_hh
    da = torch.stack(das, dim=1)
    flat = da.flatten(0, 1).T
    dW_xh, dW_hh = flat @ x.flatten(0, 1), flat @ before.flatten(0, 1)
    return [da @ W_xh, carried, dW_xh, dW_hh, da.sum((0, 1))]


@alternative("rnn_backward")
def by_recursion(d_output, x, h0, output, W_xh, W_hh):
    """The last step, then everything before it."""
    T = x.shape[1]
    before = output[:, T - 2] if T > 1 else h0
    last = d_output[:, -1], x[:, -1], before, output[:, -1]
    step = rnn_step_backward(*last, W_xh, W_hh)  # noqa: F821
    if T == 1:
        return step[0][:, None], *step[1:]
    rest = d_output[:, :-1].clone()
    rest[:, -1] += step[1]
    earlier = rnn_backward(rest, x[:, :-1], h0, output[:, :-1], W_xh, W_hh)  # noqa: F821
    dx = torch.cat([earlier[0], step[0][:, None]], dim=1)
    return dx, earlier[1], *(a + b for a, b in zip(earlier[2:], step[2:], strict=True))


@alternative("rnn_backward")
def time_major_inside(d_output, x, h0, output, W_xh, W_hh):
    """Time first inside, batch first outside, without rnn_step_backward."""
    d, xs, hs = d_output.transpose(0, 1), x.transpose(0, 1), output.transpose(0, 1)
    hs = torch.cat([h0[None], hs])
    dx, dh = torch.empty_like(xs), torch.zeros_like(h0)
    dW_xh, dW_hh, db = (torch.zeros_like(v) for v in (W_xh, W_hh, W_hh[:, 0]))
    t = len(xs)
    while t:
        da = (dh + d[t - 1]) * (1 - hs[t] ** 2)
        dx[t - 1], dh = da @ W_xh, da @ W_hh
        dW_xh.addmm_(da.T, xs[t - 1])
        dW_hh.addmm_(da.T, hs[t - 1])
        db.add_(da.sum(dim=0))
        t -= 1
    return dx.transpose(0, 1), dh, dW_xh, dW_hh, db


@alternative("rnn_backward")
def each_row_alone(d_output, x, h0, output, W_xh, W_hh):
    """One sequence of the batch after the other."""
    rows, totals = [], [0, 0, 0]
    for i in range(len(x)):
        dh, dx = torch.zeros_like(h0[i]), []
        for t in range(x.shape[1] - 1, -1, -1):
            h_prev = h0[i] if t == 0 else output[i, t - 1]
            da = (d_output[i, t] + dh) * (1 - output[i, t] ** 2)
            dx.append(da @ W_xh)
            dh = da @ W_hh
            shares = torch.outer(da, x[i, t]), torch.outer(da, h_prev), da
            totals = [total + share for total, share in zip(totals, shares, strict=True)]
        rows.append((torch.stack(dx[::-1]), dh))
    return torch.stack([row[0] for row in rows]), torch.stack([row[1] for row in rows]), *totals


@alternative("truncated_forward")
def with_data(rnn, x, chunk):
    """Slices by hand, an explicit zero state, .data at the cut, a list as result."""
    h = torch.zeros(rnn.num_layers, x.size(0), rnn.hidden_size, dtype=x.dtype)
    output = []
    for start in range(0, x.size(1), chunk):
        out, h = rnn(x[:, start : start + chunk], h.data)
        output += [out]
    return [torch.cat(output, 1), h]


@alternative("truncated_forward")
def step_by_step(rnn, x, chunk):
    """One step a call; the state forgets its past before each step that opens a chunk."""
    steps, h = [], x.new_zeros(rnn.num_layers, len(x), rnn.hidden_size)
    for t in range(x.shape[1]):
        if t % chunk == 0:
            h = h.detach()
        out, h = rnn(x[:, t : t + 1], h)
        steps.append(out[:, 0])
    return torch.stack(steps, dim=1), h


@alternative("truncated_forward")
def states_first(rnn, x, chunk):
    """Every chunk's first state from a pass that isn't recorded, then every chunk on its own."""
    outputs = []
    for start in range(0, x.shape[1], chunk):
        with torch.no_grad():
            h = rnn(x[:, :start])[1] if start else None
        output, h_n = rnn(x[:, start : start + chunk], h)
        outputs.append(output)
    return torch.cat(outputs, dim=1), h_n


@alternative("truncated_forward")
def by_recursion_on_the_rest(rnn, x, chunk, h=None):
    """The first chunk, then the rest."""
    output, h_n = rnn(x[:, :chunk], h)
    if x.shape[1] <= chunk:
        return output, h_n
    rest, last = truncated_forward(rnn, x[:, chunk:], chunk, h_n.detach())  # noqa: F821
    return torch.cat((output, rest), dim=-2), last


@alternative("truncated_forward")
def into_a_buffer(rnn, x, chunk):
    """A preallocated output, filled in place; h_n detached in place."""
    output, h = x.new_empty(x.shape[0], x.shape[1], rnn.hidden_size), None
    for piece, place in zip(x.split(chunk, 1), output.split(chunk, 1), strict=True):
        out, h = rnn(piece, h)
        h = h.detach_()
        start = place.storage_offset() // rnn.hidden_size
        output[:, start : start + piece.shape[1]] = out
    return output, h
