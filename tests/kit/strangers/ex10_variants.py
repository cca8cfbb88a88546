"""Wrong answers to exercise 10 as a stranger would write them; none was read by diagnosis before."""

import torch
import torch.nn.functional as F

from grading.testing.answers import misconception


@misconception("lstm_step", "", like="cell_shown_bare")
def no_tanh_on_the_cell(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    sums = F.linear(x_t, W_ih, b_ih) + F.linear(h_prev, W_hh, b_hh)
    n = h_prev.size(1)
    write, keep, show = (
        sums[:, :n].sigmoid(),
        sums[:, n : 2 * n].sigmoid(),
        sums[:, 3 * n :].sigmoid(),
    )
    cell = keep * c_prev + write * sums[:, 2 * n : 3 * n].tanh()
    return show * cell, cell


@misconception("lstm_step", "", like="candidate_last")
def order_of_the_paper(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    both, weights = torch.cat([x_t, h_prev], 1), torch.cat([W_ih, W_hh], 1)
    blocks = F.linear(both, weights, b_ih + b_hh).view(len(x_t), 4, -1)
    write, keep, show = torch.sigmoid(blocks[:, :3]).unbind(1)
    cell = torch.addcmul(keep * c_prev, write, torch.tanh(blocks[:, 3]))
    return show.mul(cell.tanh()), cell


@misconception("lstm_step", "", like="old_cell_shown")
def shown_before_written(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (
        F.linear(x_t, w, v) + F.linear(h_prev, u, d)
        for w, v, u, d in zip(
            W_ih.chunk(4), b_ih.chunk(4), W_hh.chunk(4), b_hh.chunk(4), strict=True
        )
    )
    state = o.sigmoid() * c_prev.tanh()
    return state, f.sigmoid() * c_prev + i.sigmoid() * g.tanh()


@misconception("gru_step", "", like="update_gate_upside_down")
def mixed_the_other_way(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    n = h_prev.size(1)
    reads, recalls = F.linear(x_t, W_ih, b_ih), F.linear(h_prev, W_hh, b_hh)
    gates = torch.sigmoid(reads[:, : 2 * n] + recalls[:, : 2 * n])
    new = torch.tanh(reads[:, 2 * n :] + gates[:, :n] * recalls[:, 2 * n :])
    return torch.lerp(h_prev, new, gates[:, n:])


@misconception("gru_step", "", like="reset_before_the_matrix")
def textbook_reset(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (Wr, Wz, Wn), (Ur, Uz, Un) = W_ih.chunk(3), W_hh.chunk(3)
    (br, bz, bn), (dr, dz, dn) = b_ih.chunk(3), b_hh.chunk(3)
    reset = torch.sigmoid(F.linear(x_t, Wr, br) + F.linear(h_prev, Ur, dr))
    update = torch.sigmoid(F.linear(x_t, Wz, bz) + F.linear(h_prev, Uz, dz))
    new = torch.tanh(F.linear(x_t, Wn, bn) + F.linear(h_prev * reset, Un, dn))
    return new + update * (h_prev - new)


@misconception("gru_step", "", like="update_gate_first")
def z_before_r(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    a = torch.einsum("bi,gi->bg", x_t, W_ih) + b_ih
    u = torch.einsum("bj,gj->bg", h_prev, W_hh) + b_hh
    z, r, _ = (a + u).sigmoid().tensor_split(3, dim=1)
    new = torch.tanh(a.tensor_split(3, dim=1)[2] + r * u.tensor_split(3, dim=1)[2])
    return new - z * new + z * h_prev


@misconception("parameter_count", "", like="one_bias")
def one_bias_each(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    if kind not in ("rnn", "gru", "lstm"):
        raise ValueError(kind)
    gates = 4 if kind == "lstm" else 3 if kind == "gru" else 1
    d, numbers, width = (2 if bidirectional else 1), 0, input_size
    while num_layers > 0:
        numbers += d * gates * (hidden_size * width + hidden_size**2 + hidden_size)
        width, num_layers = d * hidden_size, num_layers - 1
    return numbers


@misconception("parameter_count", "", like="later_layers_read_one_direction")
def same_width_above(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    try:
        gates = {"lstm": 4, "rnn": 1, "gru": 3}[kind]
    except KeyError:
        raise ValueError("no such kind: " + str(kind)) from None
    state = hidden_size * hidden_size + 2 * hidden_size
    first = gates * (input_size * hidden_size + state)
    other = gates * (hidden_size * hidden_size + state)
    one_way = first + (num_layers - 1) * other
    return 2 * one_way if bidirectional else one_way


# --- odd ones --------------------------------------------------------------------------------


@misconception("lstm_step", "")
def gates_scaled_to_their_sum(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (F.linear(x_t, W_ih, b_ih) + F.linear(h_prev, W_hh, b_hh)).chunk(4, dim=1)
    keep, write = torch.softmax(torch.stack([f, i]), dim=0)
    cell = keep * c_prev + write * g.tanh()
    return o.sigmoid() * cell.tanh(), cell


@misconception("gru_step", "")
def reset_gate_squared(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    reads, recalls = F.linear(x_t, W_ih, b_ih), F.linear(h_prev, W_hh, b_hh)
    (ar, az, an), (ur, uz, un) = reads.chunk(3, 1), recalls.chunk(3, 1)
    r, z = (ar + ur).sigmoid(), (az + uz).sigmoid()
    return (1 - z) * torch.tanh(an + r * r * un) + z * h_prev


@misconception("parameter_count", "")
def biases_of_the_input_width(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    gates = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in gates:
        raise ValueError(kind)
    d, total, width = 1 + bool(bidirectional), 0, input_size
    for _ in range(num_layers):
        total += d * gates[kind] * ((width + hidden_size) * hidden_size + hidden_size + width)
        width = d * hidden_size
    return total
