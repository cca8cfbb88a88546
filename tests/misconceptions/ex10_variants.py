"""Wrong answers to exercise 10, each with what a teacher would say."""

import torch

from grading.testing.answers import misconception


def _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, blocks):
    """The sums inside the gates, cut into that many blocks."""
    return (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(blocks, dim=1)


def _lstm(i, f, g, o, c_prev):
    """State and cell from the four sums."""
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    """What comes from the input and what comes from the state, three blocks each."""
    return (x_t @ W_ih.T + b_ih).chunk(3, dim=1), (h_prev @ W_hh.T + b_hh).chunk(3, dim=1)


def _counted(blocks, layers, directions, reads, hidden_size, biases=2):
    """The count, with a say in what each later layer reads and in the number of biases."""
    per_layer = [directions * blocks * hidden_size * (r + hidden_size + biases) for r in reads]
    return sum(per_layer[:layers])


def _blocks(kind):
    if kind not in ("rnn", "lstm", "gru"):
        raise ValueError(kind)
    return {"rnn": 1, "lstm": 4, "gru": 3}[kind]


# --- lstm_step ------------------------------------------------------------------------------------


@misconception(
    "lstm_step",
    "Your results are those you get if the blocks are read as i, f, o, g. In which order does the "
    "table stack them?",
)
def candidate_last(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, o, g = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    return _lstm(i, f, g, o, c_prev)


@misconception(
    "lstm_step",
    "Your results are those you get if i and f are swapped. Which block is on top, and which gate "
    "weighs the old cell?",
)
def forget_gate_first(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    f, i, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    return _lstm(i, f, g, o, c_prev)


@misconception(
    "lstm_step",
    "Your results are those you get if every fourth row belongs to the same gate. Are the rows of "
    "a gate side by side, or are the gates interleaved?",
)
def gates_interleaved(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    gates = x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh
    i, f, g, o = gates.reshape(len(x_t), -1, 4).unbind(2)
    return _lstm(i, f, g, o, c_prev)


@misconception(
    "lstm_step",
    "Your results are those you get if the candidate g goes through a sigmoid. Could g ever push "
    "the cell down?",
)
def candidate_through_sigmoid(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.sigmoid(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your results are those you get if the gates go through tanh. Between which two numbers "
    "should a gate lie?",
)
def gates_through_tanh(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (v.tanh() for v in _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4))
    c = f * c_prev + i * g
    return o * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your state is the output gate times the bare cell, and can leave the range from -1 to 1. "
    "What squashes the cell before it is shown?",
)
def cell_shown_bare(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    _, c = _lstm(i, f, g, o, c_prev)
    return torch.sigmoid(o) * c, c


@misconception(
    "lstm_step",
    "Your cell is right, but your state shows the cell as it was before the step. Which cell does "
    "the formula show?",
)
def old_cell_shown(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    _, c = _lstm(i, f, g, o, c_prev)
    return torch.sigmoid(o) * torch.tanh(c_prev), c


@misconception(
    "lstm_step",
    "Your cell is right, but your state is tanh of it, without the output gate. Which block of "
    "your sums is never used?",
)
def output_gate_left_out(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    _, c = _lstm(i, f, g, o, c_prev)
    return torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your cell is the one you get if the forget gate is one minus the input gate. Does each of "
    "them have a block of its own?",
)
def gates_coupled(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, _, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    return _lstm(i, -i, g, o, c_prev)


@misconception(
    "lstm_step",
    "Your cell is the one you get if 1 is added inside the forget gate. Does the formula add "
    "anything but the two biases?",
)
def forget_bias_of_one(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    return _lstm(i, f + 1, g, o, c_prev)


@misconception(
    "lstm_step",
    "Your gates are those you get if they read c_prev instead of h_prev. Which of the two does "
    "W_hh multiply?",
)
def gates_read_the_cell(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, c_prev, W_ih, W_hh, b_ih, b_hh, 4)
    return _lstm(i, f, g, o, c_prev)


@misconception(
    "lstm_step",
    "Your two results are swapped. Which of them does the table return first?",
)
def cell_before_state(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    h, c = _lstm(*_sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4), c_prev)
    return c, h


@misconception(
    "lstm_step",
    "Your state is right, but the cell that you return is the old one. From which cell should the "
    "next step go on?",
)
def cell_not_updated(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    h, _ = _lstm(*_sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4), c_prev)
    return h, c_prev.clone()


@misconception(
    "lstm_step",
    "Your results are those you get without b_hh. How many biases does torch keep for each gate?",
)
def second_bias_forgotten(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    gates = x_t @ W_ih.T + b_ih + h_prev @ W_hh.T
    i, f, g, o = gates.chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your results are those you get without b_ih. How many biases does torch keep for each gate?",
)
def first_bias_forgotten(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    gates = x_t @ W_ih.T + h_prev @ W_hh.T + b_hh
    i, f, g, o = gates.chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your results are those you get without any bias. Which two arguments have no effect on them?",
)
def both_biases_forgotten(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    gates = x_t @ W_ih.T + h_prev @ W_hh.T
    i, f, g, o = gates.chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your results are those you get if b_ih is added twice and b_hh never. Which bias goes with "
    "W_hh?",
)
def first_bias_twice(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    gates = x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_ih
    i, f, g, o = gates.chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your gates don't read h_prev. How does a step learn what the steps before it have shown?",
)
def state_left_out(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    gates = x_t @ W_ih.T + b_ih + b_hh
    i, f, g, o = gates.chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your new cell keeps part of the old state. Is it the state or the cell that f weighs?",
)
def state_kept_for_the_cell(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
    c = f * h_prev + i * g
    return o * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your old cell is always kept whole. Which block of your sums has no effect?",
)
def forget_gate_left_out(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
    c = c_prev + i * g
    return o * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your candidate g is always written whole. Which block of your sums has no effect?",
)
def input_gate_left_out(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
    c = f * c_prev + g
    return o * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your results are those you get if i, f, g and o are the bare sums. What does each line of "
    "the formula do with its sum?",
)
def bare_sums_for_gates(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    c = f * c_prev + i * g
    return o * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your results are those you get if the candidate g is the bare sum. Between which two numbers "
    "should it lie?",
)
def candidate_bare(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * g
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your cell is right, but your state is the output gate times a sigmoid of it. Could your "
    "state ever be below zero?",
)
def cell_through_sigmoid(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.sigmoid(c), c


@misconception(
    "lstm_step",
    "Your cell is right, but your state is tanh of the output gate times the cell. What does the "
    "formula squash, and what does it multiply after that?",
)
def squashed_after_the_gate(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.tanh(torch.sigmoid(o) * c), c


@misconception(
    "lstm_step",
    "You return the state alone. Which two results does the table name?",
)
def cell_not_returned(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c)


@misconception(
    "lstm_step",
    "Your product x_t @ W_ih needs as many rows in W_ih as there are features. Which axis of "
    "W_ih, (4H, I), counts the features?",
)
def matrices_not_transposed(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih + b_ih + h_prev @ W_hh + b_hh).chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your product W_ih @ x_t is the formula for a single sample. In a batch the samples are rows: "
    "on which side does x_t, (B, I), belong then?",
)
def matrix_before_the_batch(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (W_ih @ x_t + b_ih + W_hh @ h_prev + b_hh).chunk(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "You cut the batch into pieces, not the sums of a sample. Which axis of (B, 4H) holds the four "
    "blocks?",
)
def batch_cut_into_gates(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your pieces are four columns wide, whatever H is. How many columns does a gate have?",
)
def split_into_fours(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).split(4, dim=1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your results are those you get if each gate's block of W_hh is transposed. W_hh is (4H, H): "
    "which axis meets h_prev?",
)
def blocks_transposed(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    turned = torch.cat([block.T for block in W_hh.chunk(4)])
    return _lstm(*_sums(x_t, h_prev, W_ih, turned, b_ih, b_hh, 4), c_prev)


@misconception(
    "lstm_step",
    "Your values are right, but the gradient stops at the old cell. By which path should a loss "
    "far ahead reach the past?",
)
def cell_detached(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    return _lstm(*_sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4), c_prev.detach())


@misconception(
    "lstm_step",
    "Your values are right, but no gradient goes from the state through the new cell. How does "
    "the state depend on g?",
)
def shown_cell_detached(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    _, c = _lstm(i, f, g, o, c_prev)
    return torch.sigmoid(o) * torch.tanh(c.detach()), c


@misconception(
    "lstm_step",
    "Your results are right, but c_prev has changed after the call. Whose tensor does your line "
    "write to?",
)
def writes_into_c_prev(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    h, c = _lstm(*_sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4), c_prev)
    c_prev.data.copy_(c)
    return h, c


@misconception(
    "lstm_step",
    "Your cell never leaves the range from -1 to 1. Can't a cell grow over many steps?",
)
def cell_squashed(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    h, c = _lstm(*_sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4), c_prev)
    return h, torch.tanh(c)


@misconception(
    "lstm_step",
    "Your results are float32, whatever the arguments' dtype. Which dtype should they have?",
)
def lstm_in_single_precision(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    h, c = _lstm(*_sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4), c_prev)
    return h.float(), c.float()


# --- gru_step -------------------------------------------------------------------------------------


@misconception(
    "gru_step",
    "Your state is the one you get if z and 1 - z are swapped. If z is 1, does the unit keep the "
    "old state, or take the new?",
)
def update_gate_upside_down(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return z * torch.tanh(xn + r * hn) + (1 - z) * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if r acts on h_prev before the matrix. Can a unit whose r is 0 "
    "still see the old state through its neighbours?",
)
def reset_before_the_matrix(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, _) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    H = h_prev.shape[1]
    n = torch.tanh(xn + (r * h_prev) @ W_hh[2 * H :].T + b_hh[2 * H :])
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if r acts on the product alone, and n's part of b_hh is added "
    "outside. What is in the brackets after r?",
)
def bias_outside_the_reset(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    b_hn = b_hh[2 * h_prev.shape[1] :]
    n = torch.tanh(xn + r * (hn - b_hn) + b_hn)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if both of n's biases are inside the brackets after r. Which "
    "of them belongs to the input?",
)
def both_biases_inside_the_reset(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    b_in = b_ih[2 * h_prev.shape[1] :]
    n = torch.tanh(xn - b_in + r * (hn + b_in))
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if r acts on all of n's sum. Should a unit that forgets the "
    "old state ignore the input as well?",
)
def reset_of_the_whole_sum(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return (1 - z) * torch.tanh(r * (xn + hn)) + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if r isn't used. Which block of your sums has no effect?",
)
def reset_forgotten(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (_, xz, xn), (_, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    z = torch.sigmoid(xz + hz)
    return (1 - z) * torch.tanh(xn + hn) + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if the first two blocks are read as z, r. In which order does "
    "the table stack them?",
)
def update_gate_first(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xz, xr, xn), (hz, hr, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return (1 - z) * torch.tanh(xn + r * hn) + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if n goes through a sigmoid. Could n ever push the state below "
    "zero?",
)
def news_through_sigmoid(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return (1 - z) * torch.sigmoid(xn + r * hn) + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if the gates go through tanh. Between which two numbers should "
    "a gate lie?",
)
def both_gates_through_tanh(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.tanh(xr + hr), torch.tanh(xz + hz)
    return (1 - z) * torch.tanh(xn + r * hn) + z * h_prev


@misconception("gru_step", "Your state is n alone. What happens to the old state when z says keep?")
def update_gate_left_out(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, _, xn), (hr, _, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    return torch.tanh(xn + torch.sigmoid(xr + hr) * hn)


@misconception(
    "gru_step",
    "Your state is n plus z times the old state. If a unit keeps all of the old, how much of the "
    "new may it take?",
)
def new_not_weighed(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return torch.tanh(xn + r * hn) + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if r also weighs the old state in the mix. Is r in the last "
    "line of the formula?",
)
def old_state_reset_in_the_mix(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return (1 - z) * torch.tanh(xn + r * hn) + z * r * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get without b_hh. How many biases does torch keep for each line of "
    "the formula?",
)
def recurrent_bias_forgotten(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get without b_ih. How many biases does torch keep for each line of "
    "the formula?",
)
def input_bias_forgotten(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T
    gates_h = h_prev @ W_hh.T + b_hh
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get without any bias. Which two arguments have no effect on it?",
)
def gru_without_biases(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T
    gates_h = h_prev @ W_hh.T
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if b_ih is added twice and b_hh never. Which bias goes with "
    "W_hh?",
)
def input_bias_twice(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T + b_ih
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if r weighs h_prev itself inside tanh. Where is W_hn?",
)
def reset_of_the_bare_state(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T + b_hh
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_prev)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your n reads only the input. What may the new see of the old, and what decides that?",
)
def news_of_the_input_alone(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T + b_hh
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if n is the bare sum. Between which two numbers should n lie?",
)
def news_bare(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T + b_hh
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = x_n + r * h_n
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if r and z are the bare sums. Between which two numbers should "
    "a gate lie?",
)
def gates_of_a_gru_bare(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T + b_hh
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = x_r + h_r
    z = x_z + h_z
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state keeps all of the old one, whatever z says. Which share of it does the mix take?",
)
def old_state_not_weighed(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T + b_hh
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + h_prev


@misconception(
    "gru_step",
    "Your product x_t @ W_ih needs as many rows in W_ih as there are features. Which axis of "
    "W_ih, (3H, I), counts the features?",
)
def gru_matrices_not_transposed(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih + b_ih
    gates_h = h_prev @ W_hh + b_hh
    x_r, x_z, x_n = gates_x.chunk(3, dim=1)
    h_r, h_z, h_n = gates_h.chunk(3, dim=1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "You cut the batch into pieces, not the sums of a sample. Which axis of (B, 3H) holds the "
    "three blocks?",
)
def batch_cut_into_blocks(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gates_x = x_t @ W_ih.T + b_ih
    gates_h = h_prev @ W_hh.T + b_hh
    x_r, x_z, x_n = gates_x.chunk(3)
    h_r, h_z, h_n = gates_h.chunk(3)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h_prev


@misconception(
    "gru_step",
    "Your state is the one you get if each block of W_hh is transposed. W_hh is (3H, H): which "
    "axis meets h_prev?",
)
def gru_blocks_transposed(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    turned = torch.cat([block.T for block in W_hh.chunk(3)])
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, turned, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return (1 - z) * torch.tanh(xn + r * hn) + z * h_prev


@misconception(
    "gru_step",
    "Your values are right, but the gradient stops at r. How would the reset gate learn when to "
    "open?",
)
def reset_gate_detached(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr).detach(), torch.sigmoid(xz + hz)
    return (1 - z) * torch.tanh(xn + r * hn) + z * h_prev


@misconception(
    "gru_step",
    "Your values are right, but the gradient can't pass through the old state in the mix. By "
    "which path should a loss far ahead reach the past?",
)
def kept_state_detached(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return (1 - z) * torch.tanh(xn + r * hn) + z * h_prev.detach()


@misconception(
    "gru_step",
    "Your state is right, but h_prev has changed after the call. Whose tensor does your line "
    "write to?",
)
def writes_into_h_prev(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    h = (1 - z) * torch.tanh(xn + r * hn) + z * h_prev
    h_prev.data.copy_(h)
    return h


@misconception(
    "gru_step",
    "Your result is a pair, as an LSTM's would be. What does a GRU carry besides its state?",
)
def pair_as_from_an_lstm(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    n = torch.tanh(xn + r * hn)
    return (1 - z) * n + z * h_prev, n


@misconception(
    "gru_step",
    "Your state is float32, whatever the arguments' dtype. Which dtype should it have?",
)
def gru_in_single_precision(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (xr, xz, xn), (hr, hz, hn) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    return ((1 - z) * torch.tanh(xn + r * hn) + z * h_prev).float()


@misconception(
    "gru_step",
    "Your reset gate weighs what comes from the input. Which of n's two sums should it be able to "
    "silence?",
)
def reset_on_the_input(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    return (1 - z) * torch.tanh(r * n_x + n_h) + z * h_prev


@misconception(
    "gru_step",
    "Your update gate reads the old state only through the reset gate. In which of the four lines "
    "is r?",
)
def update_gate_hears_the_reset_state(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _halves(x_t, h_prev, W_ih, W_hh, b_ih, b_hh)
    r = torch.sigmoid(r_x + r_h)
    z = torch.sigmoid(z_x + r * z_h)
    return (1 - z) * torch.tanh(n_x + r * n_h) + z * h_prev


# --- parameter_count ------------------------------------------------------------------------------


@misconception(
    "parameter_count",
    "Your counts are those you get with one bias instead of two. Which two does torch's module "
    "keep for each layer?",
)
def one_bias(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(_blocks(kind), num_layers, D, reads, hidden_size, biases=1)


@misconception(
    "parameter_count",
    "With two directions and more than one layer, your counts are too small. What does a second "
    "layer read from the two directions below it?",
)
def later_layers_read_one_direction(
    kind, input_size, hidden_size, num_layers=1, bidirectional=False
):
    D = 1 + bool(bidirectional)
    reads = [input_size] + [hidden_size] * (num_layers - 1)
    return _counted(_blocks(kind), num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "With more than one layer, your counts are those you get if every layer reads the input. What "
    "does the second layer read?",
)
def every_layer_reads_the_input(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    return _counted(_blocks(kind), num_layers, D, [input_size] * num_layers, hidden_size)


@misconception(
    "parameter_count",
    "Your counts don't grow with num_layers. Do stacked layers share their parameters?",
)
def layers_ignored(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    return _counted(_blocks(kind), 1, D, [input_size], hidden_size)


@misconception(
    "parameter_count",
    "Your counts are the same for one direction and two. Do the two directions share their "
    "parameters?",
)
def directions_ignored(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    reads = [input_size] + [hidden_size] * (num_layers - 1)
    return _counted(_blocks(kind), num_layers, 1, reads, hidden_size)


@misconception(
    "parameter_count",
    "With two directions, your recurrent matrices read both. Does one direction see the other's "
    "state within its own layer?",
)
def directions_see_each_other(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    total = _counted(_blocks(kind), num_layers, D, reads, hidden_size)
    return total + (D - 1) * num_layers * D * _blocks(kind) * hidden_size**2


@misconception(
    "parameter_count",
    "Your count for the lstm is that of three blocks. Is the candidate g a block of rows as well?",
)
def lstm_without_its_candidate(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = 3 if kind == "lstm" else _blocks(kind)
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "Your count for the gru is that of two blocks. Doesn't n have rows of its own?",
)
def gru_without_its_candidate(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = 2 if kind == "gru" else _blocks(kind)
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "Your counts for lstm and gru are swapped. Which of the two has more gates?",
)
def lstm_and_gru_swapped(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = _blocks({"lstm": "gru", "gru": "lstm"}.get(kind, kind))
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "Your counts include the biases of one layer only. How many biases does each further layer "
    "have?",
)
def biases_of_the_first_layer(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks, D = _blocks(kind), 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    matrices = _counted(blocks, num_layers, D, reads, hidden_size, biases=0)
    return matrices + 2 * D * blocks * hidden_size


@misconception(
    "parameter_count",
    "An unknown kind raises the KeyError of a lookup. Which exception is the caller promised?",
)
def key_error_for_a_kind(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "An unknown kind is counted as an rnn. What does the docstring promise for it?",
)
def unknown_kind_counted(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = {"lstm": 4, "gru": 3}.get(kind, 1)
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "An unknown kind gives None. Would a caller who adds up counts notice where it went wrong?",
)
def none_for_an_unknown_kind(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    if kind not in ("rnn", "lstm", "gru"):
        return None
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(_blocks(kind), num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "A piece of a known name is accepted as a kind. Does `in` compare whole words when the right "
    "side is a string?",
)
def piece_of_a_name(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    if kind not in "rnn lstm gru":
        raise ValueError(kind)
    blocks = 4 if "l" in kind else 3 if "g" in kind else 1
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "A longer name that begins like a known one is accepted as that kind. Is every such name the "
    "same kind?",
)
def beginning_of_a_name(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    known = [name for name in ("rnn", "lstm", "gru") if kind.startswith(name)]
    if not known:
        raise ValueError(kind)
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(_blocks(known[0]), num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "A kind in upper case is accepted as the one in lower case. Does the docstring promise that, "
    "or an error?",
)
def capitals_accepted(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return _counted(_blocks(kind.lower()), num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "Your counts are floats. What kind of number counts things?",
)
def counted_in_floats(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D * hidden_size] * (num_layers - 1)
    return float(_counted(_blocks(kind), num_layers, D, reads, hidden_size))


@misconception(
    "parameter_count",
    "With one direction, your later layers read twice as much as they should. When do they read "
    "two directions?",
)
def later_layers_always_read_two(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    reads = [input_size] + [2 * hidden_size] * (num_layers - 1)
    return _counted(_blocks(kind), num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "In a deep bidirectional stack, what your layers read doubles from one to the next. How many "
    "directions does each layer hand up?",
)
def width_doubles_each_layer(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    D = 1 + bool(bidirectional)
    reads = [input_size] + [D**layer * hidden_size for layer in range(1, num_layers)]
    return _counted(_blocks(kind), num_layers, D, reads, hidden_size)


@misconception(
    "parameter_count",
    "Your counts are those you get without any bias. Which parameters does torch's module keep "
    "besides the matrices?",
)
def no_biases(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}
    if kind not in blocks:
        raise ValueError(f"unknown kind {kind}")
    gates, directions = blocks[kind], 2 if bidirectional else 1
    total = 0
    for layer in range(num_layers):
        reads = input_size if layer == 0 else directions * hidden_size
        weights = gates * hidden_size * (reads + hidden_size)
        total += directions * weights
    return total


@misconception(
    "parameter_count",
    "Your biases don't grow with the number of blocks: the counts for lstm and gru are too "
    "small. How long is b_ih of an LSTM?",
)
def biases_of_one_block(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}
    if kind not in blocks:
        raise ValueError(f"unknown kind {kind}")
    gates, directions = blocks[kind], 2 if bidirectional else 1
    total = 0
    for layer in range(num_layers):
        reads = input_size if layer == 0 else directions * hidden_size
        weights = gates * hidden_size * (reads + hidden_size)
        total += directions * (weights + 2 * hidden_size)
    return total


@misconception(
    "parameter_count",
    "With two directions, your later layers read both, but each layer counts one direction only. "
    "Do the two directions share their parameters?",
)
def one_direction_of_each_layer(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}
    if kind not in blocks:
        raise ValueError(f"unknown kind {kind}")
    gates, directions = blocks[kind], 2 if bidirectional else 1
    total = 0
    for layer in range(num_layers):
        reads = input_size if layer == 0 else directions * hidden_size
        weights = gates * hidden_size * (reads + hidden_size)
        total += weights + 2 * gates * hidden_size
    return total


@misconception(
    "parameter_count",
    "With two directions, your counts have all matrices, but the biases of one direction. Do the "
    "two directions share their biases?",
)
def biases_of_one_direction(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}
    if kind not in blocks:
        raise ValueError(f"unknown kind {kind}")
    gates, directions = blocks[kind], 2 if bidirectional else 1
    total = 0
    for layer in range(num_layers):
        reads = input_size if layer == 0 else directions * hidden_size
        weights = gates * hidden_size * (reads + hidden_size)
        total += directions * weights + 2 * gates * hidden_size
    return total


@misconception(
    "parameter_count",
    "For an unknown kind you raise something other than a ValueError. Which exception is the "
    "caller promised?",
)
def kind_without_an_else(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    if kind == "rnn":
        gates = 1
    elif kind == "lstm":
        gates = 4
    elif kind == "gru":
        gates = 3
    total = 0
    for layer in range(num_layers):
        directions = 2 if bidirectional else 1
        reads = input_size if layer == 0 else directions * hidden_size
        total += directions * gates * hidden_size * (reads + hidden_size + 2)
    return total


@misconception(
    "parameter_count",
    "For an unknown kind you raise something other than a ValueError. Which exception is the "
    "caller promised?",
    like="kind_without_an_else",
)
def kind_asserted(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    assert kind in ("rnn", "lstm", "gru")
    directions = 2 if bidirectional else 1
    reads = [input_size] + [directions * hidden_size] * (num_layers - 1)
    return _counted(_blocks(kind), num_layers, directions, reads, hidden_size)


@misconception(
    "lstm_step",
    "Your cell never leaves the range from -3 to 3. Which line of the formula limits it?",
)
def cell_clamped(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    c = (torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)).clamp(-3.0, 3.0)
    return torch.sigmoid(o) * torch.tanh(c), c


@misconception(
    "lstm_step",
    "Your g goes through a sigmoid before tanh, so it is never negative. Which of the four blocks "
    "is not a gate?",
)
def candidate_through_a_sigmoid(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = torch.sigmoid(torch.cat(_sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4), 1)).chunk(
        4, 1
    )
    c = f * c_prev + i * torch.tanh(g)
    return o * torch.tanh(c), c


@misconception(
    "parameter_count",
    'Your function counts a kind with blanks around it. Is "gru " one of the three?',
)
def blanks_stripped(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks, directions = _blocks(kind.strip()), 2 if bidirectional else 1
    reads = [input_size] + [directions * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, directions, reads, hidden_size)


@misconception(
    "lstm_step",
    "If c_prev is all zeros, no gradient comes back to it. What would change if the cell were not "
    "quite zero?",
)
def cell_of_zeros_left_out(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (x_t @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh).chunk(4, dim=1)
    c = i.sigmoid() * g.tanh()
    if c_prev.any():
        c = c + f.sigmoid() * c_prev
    return o.sigmoid() * c.tanh(), c


@misconception(
    "lstm_step",
    "If x_t is all zeros, no gradient comes back to it. What would change if the input were not "
    "quite zero?",
)
def input_of_zeros_left_out(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    sums = h_prev @ W_hh.T + b_ih + b_hh
    if x_t.any():
        sums = sums + x_t @ W_ih.T
    i, f, g, o = sums.chunk(4, dim=1)
    c = f.sigmoid() * c_prev + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


@misconception(
    "parameter_count",
    'Your function counts a kind with "cell" after its name. Is "lstmcell" one of the three?',
)
def cells_counted_too(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks, directions = _blocks(kind.removesuffix("cell")), 2 if bidirectional else 1
    reads = [input_size] + [directions * hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, directions, reads, hidden_size)


@misconception(
    "parameter_count",
    "Your large counts are off by a little. Up to which whole number can float32 tell each from "
    "the next?",
)
def counted_in_float32(kind, input_size, hidden_size, num_layers=1, bidirectional=False):
    blocks, directions = _blocks(kind), 2 if bidirectional else 1
    reads = torch.tensor([input_size] + [directions * hidden_size] * (num_layers - 1)).float()
    return int((directions * blocks * hidden_size * (reads + hidden_size + 2)).sum())


@misconception(
    "lstm_step",
    "Your three gates are bare sums, so they can be negative or above 1. Between which numbers does "
    "a gate lie, and what keeps it there?",
)
def gates_without_sigmoid(x_t, h_prev, c_prev, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _sums(x_t, h_prev, W_ih, W_hh, b_ih, b_hh, 4)
    c = f * c_prev + i * torch.tanh(g)
    return o * torch.tanh(c), c


@misconception(
    "parameter_count",
    "You count one bias where torch's modules have two, and your later layers read one direction of "
    "the layer below. Which line tells about biases, and how wide is what two directions give?",
)
def one_bias_and_one_direction_below(
    kind, input_size, hidden_size, num_layers=1, bidirectional=False
):
    blocks, directions = _blocks(kind), 2 if bidirectional else 1
    reads = [input_size] + [hidden_size] * (num_layers - 1)
    return _counted(blocks, num_layers, directions, reads, hidden_size, biases=1)
