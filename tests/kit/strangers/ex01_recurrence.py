"""Wrong answers to exercise 1 as a stranger would write them; none was read by diagnosis before."""

import torch
import torch.nn.functional as F

from grading.testing.answers import misconception


@misconception("rnn_step", "", like="bias_forgotten")
def no_b(x_t, h_prev, W_xh, W_hh, b):
    from_input = torch.einsum("bi,hi->bh", x_t, W_xh)
    from_state = torch.einsum("bj,hj->bh", h_prev, W_hh)
    return (from_input + from_state).tanh()


@misconception("rnn_step", "", like="bias_counted_twice")
def two_linears_with_bias(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(F.linear(x_t, W_xh, b) + F.linear(h_prev, W_hh, b))


@misconception("rnn_step", "", like="W_hh_not_transposed")
def state_times_matrix(x_t, h_prev, W_xh, W_hh, b):
    z = F.linear(x_t, W_xh, b)
    z = z + torch.matmul(h_prev, W_hh)
    return torch.tanh(z)


@misconception("rnn_step", "", like="sigmoid_for_tanh")
def logistic(x_t, h_prev, W_xh, W_hh, b):
    joined = torch.cat([x_t, h_prev], dim=1)
    weights = torch.cat([W_xh, W_hh], dim=1)
    return 1 / (1 + torch.exp(-F.linear(joined, weights, b)))


@misconception("rnn_forward", "", like="always_from_h0")
def state_never_renamed(x, h0, W_xh, W_hh, b):
    start = torch.zeros(len(x), len(W_hh), dtype=x.dtype) if h0 is None else h0
    every = [rnn_step(step, start, W_xh, W_hh, b) for step in x.unbind(1)]
    return torch.stack(every, 1), every[-1]


@misconception("rnn_forward", "", like="stored_before_the_update")
def appended_first(x, h0, W_xh, W_hh, b):
    state = torch.zeros(len(x), len(W_hh), dtype=x.dtype) if h0 is None else h0
    seen = []
    for step in x.transpose(0, 1):
        seen += [state]
        state = (F.linear(step, W_xh) + F.linear(state, W_hh) + b).tanh()
    return torch.stack(seen).transpose(0, 1), state


@misconception("rnn_forward", "", like="h0_ignored")
def zeros_anyway(x, h0, W_xh, W_hh, b):
    n, steps, _ = x.shape
    h = torch.zeros((n, b.numel()), dtype=x.dtype)
    columns = []
    for k in range(steps):
        h = torch.tanh(torch.addmm(b, h, W_hh.t()) + x[:, k].mm(W_xh.t()))
        columns.append(h.unsqueeze(1))
    return torch.cat(columns, dim=1), h


@misconception("rnn_forward", "", like="detached_at_each_step")
def state_through_data(x, h0, W_xh, W_hh, b):
    projected = F.linear(x, W_xh, b)
    state = x.new_zeros(x.size(0), b.numel()) if h0 is None else h0
    rows = []
    for k in range(x.size(1)):
        state = torch.tanh(projected[:, k] + F.linear(state.data, W_hh))
        rows.append(state)
    return torch.stack(rows, dim=1), state


# --- odd ones --------------------------------------------------------------------------------


@misconception("rnn_step", "")
def bias_weighs_the_state(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(F.linear(x_t, W_xh) + b * F.linear(h_prev, W_hh))


@misconception("rnn_step", "")
def cosine_for_tanh(x_t, h_prev, W_xh, W_hh, b):
    return torch.cos(F.linear(x_t, W_xh, b) + F.linear(h_prev, W_hh))


@misconception("rnn_forward", "")
def two_passes(x, h0, W_xh, W_hh, b):
    h = x.new_zeros(x.size(0), b.numel()) if h0 is None else h0
    for _ in range(2):
        outputs = []
        for k in range(x.size(1)):
            h = rnn_step(x[:, k], h, W_xh, W_hh, b)
            outputs.append(h)
    return torch.stack(outputs, dim=1), h
