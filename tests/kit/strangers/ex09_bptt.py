"""Wrong answers to exercise 9 as a stranger would write them; none was read by diagnosis before."""

import torch

from grading.testing.answers import misconception


@misconception("rnn_step_backward", "", like="slope_forgotten")
def straight_through(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    to_input = torch.einsum("bh,hi->bi", dh_t, W_xh)
    to_state = torch.einsum("bh,hj->bj", dh_t, W_hh)
    to_W_xh = torch.einsum("bh,bi->hi", dh_t, x_t)
    to_W_hh = torch.einsum("bh,bj->hj", dh_t, h_prev)
    return to_input, to_state, to_W_xh, to_W_hh, torch.einsum("bh->h", dh_t)


@misconception("rnn_step_backward", "", like="state_by_the_transpose")
def turned_for_the_state(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    delta = dh_t - dh_t * h_t.square()
    rows = [W_hh.mv(row) for row in delta]
    outer_x = sum(torch.outer(d, x) for d, x in zip(delta, x_t, strict=True))
    outer_h = sum(torch.outer(d, h) for d, h in zip(delta, h_prev, strict=True))
    return delta.mm(W_xh), torch.stack(rows), outer_x, outer_h, delta.sum(dim=0)


@misconception("rnn_step_backward", "", like="mean_over_batch")
def averaged_parameters(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    delta = (1 + h_t) * (1 - h_t) * dh_t
    per_row_x = delta.unsqueeze(2) * x_t.unsqueeze(1)
    per_row_h = delta.unsqueeze(2) * h_prev.unsqueeze(1)
    parameters = per_row_x.mean(dim=0), per_row_h.mean(dim=0), delta.mean(dim=0)
    return delta.matmul(W_xh), delta.matmul(W_hh), *parameters


@misconception("rnn_backward", "", like="nothing_carried")
def every_step_alone(d_output, x, h0, output, W_xh, W_hh):
    before = torch.cat([h0.unsqueeze(1), output[:, :-1]], dim=1)
    delta = d_output * (1 - output.pow(2))
    dx, d_before = delta @ W_xh, delta @ W_hh
    dW_xh = torch.einsum("bth,bti->hi", delta, x)
    dW_hh = torch.einsum("bth,btj->hj", delta, before)
    return dx, d_before[:, 0], dW_xh, dW_hh, delta.sum(dim=(0, 1))


@misconception("rnn_backward", "", like="wraps_around_at_the_start")
def index_below_zero(d_output, x, h0, output, W_xh, W_hh):
    steps = x.size(1)
    back, parts = torch.zeros_like(h0), []
    for k in range(steps - 1, -1, -1):
        delta = (d_output[:, k] + back) * (1 - output[:, k] * output[:, k])
        back = delta @ W_hh
        previous = output[:, k - 1]
        parts.append((delta @ W_xh, delta.t() @ x[:, k], delta.t() @ previous, delta.sum(0)))
    dx, dW_xh, dW_hh, db = zip(*parts, strict=True)
    return torch.stack(dx[::-1], 1), back, sum(dW_xh), sum(dW_hh), sum(db)


@misconception("rnn_backward", "", like="last_output_only")
def loss_at_the_end(d_output, x, h0, output, W_xh, W_hh):
    before = torch.cat([h0.unsqueeze(1), output], dim=1)
    state = d_output[:, -1]
    dx, totals = [], [0, 0, 0]
    for k in reversed(range(x.size(1))):
        found = rnn_step_backward(state, x[:, k], before[:, k], output[:, k], W_xh, W_hh)
        dx.insert(0, found[0])
        state = found[1]
        totals = [total + new for total, new in zip(totals, found[2:], strict=True)]
    return torch.stack(dx, dim=1), state, *totals


@misconception("truncated_forward", "", like="never_detached")
def handed_on_whole(rnn, x, chunk):
    begin, pieces = 0, []
    state = x.new_zeros(rnn.num_layers, x.size(0), rnn.hidden_size)
    while begin < x.size(1):
        piece, state = rnn(x[:, begin : begin + chunk], state)
        pieces.append(piece)
        begin += chunk
    return torch.cat(pieces, dim=1), state


@misconception("truncated_forward", "", like="state_not_carried")
def fresh_start_each_time(rnn, x, chunk):
    results = [rnn(x[:, k : k + chunk]) for k in range(0, x.size(1), chunk)]
    outputs, states = zip(*results, strict=True)
    return torch.cat(outputs, dim=1), states[-1].detach()


# --- odd ones --------------------------------------------------------------------------------


@misconception("rnn_step_backward", "")
def root_of_the_slope(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    delta = dh_t * (1 - h_t * h_t).sqrt()
    return delta @ W_xh, delta @ W_hh, delta.T @ x_t, delta.T @ h_prev, delta.sum(0)


@misconception("rnn_backward", "")
def carried_gradient_halved(d_output, x, h0, output, W_xh, W_hh):
    before = torch.cat([h0.unsqueeze(1), output], dim=1)
    back, dx, totals = torch.zeros_like(h0), [], [0, 0, 0]
    for k in reversed(range(x.size(1))):
        state = d_output[:, k] + back / 2
        found = rnn_step_backward(state, x[:, k], before[:, k], output[:, k], W_xh, W_hh)
        dx.insert(0, found[0])
        back = found[1]
        totals = [total + new for total, new in zip(totals, found[2:], strict=True)]
    return torch.stack(dx, dim=1), back, *totals


@misconception("truncated_forward", "")
def state_halved_at_every_cut(rnn, x, chunk):
    state, pieces = None, []
    for part in torch.split(x, chunk, dim=1):
        piece, last = rnn(part, state)
        pieces.append(piece)
        state = 0.5 * last.detach()
    return torch.cat(pieces, dim=1), last
