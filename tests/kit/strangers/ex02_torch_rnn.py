"""Wrong answers to exercise 2 as a stranger would write them; none was read by diagnosis before."""

import torch

from grading.testing.answers import misconception


@misconception("predict_shapes", "", like="h_n_batch_first")
def state_led_by_batch(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    d = int(bidirectional) + 1
    output = [seq_len, batch_size, d * hidden_size]
    state = [d * num_layers, batch_size, hidden_size]
    if batch_first:
        for shape in (output, state):
            shape[0], shape[1] = shape[1], shape[0]
    return tuple(output), tuple(state)


@misconception("predict_shapes", "", like="one_direction_in_output")
def width_of_one_direction(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    states = num_layers
    if bidirectional:
        states *= 2
    first, second = batch_size, seq_len
    if not batch_first:
        first, second = second, first
    return (first, second, hidden_size), (states, batch_size, hidden_size)


@misconception("load_weights", "", like="bias_hh_left_random")
def three_of_four(rnn, W_xh, W_hh, b):
    known = {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": b}
    for name, parameter in rnn.named_parameters():
        if name in known:
            parameter.data = known[name].clone()


@misconception("load_weights", "", like="b_in_both_biases")
def every_bias_is_b(rnn, W_xh, W_hh, b):
    values = {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": b, "bias_hh_l0": b}
    rnn.load_state_dict(values)


@misconception("split_directions", "", like="every_other_feature")
def even_and_odd(output):
    pairs = output.unflatten(-1, (-1, 2))
    return pairs.select(-1, 0), pairs.select(-1, 1)


@misconception("split_directions", "", like="backward_flipped_in_time")
def later_half_turned(output):
    half = output.size(2) // 2
    first = output.narrow(2, 0, half)
    second = output.narrow(2, half, half)
    backwards = list(reversed(second.unbind(1)))
    return first, torch.stack(backwards, dim=1)


@misconception("final_state", "", like="backward_only")
def just_the_last_entry(h_n, bidirectional=False):
    *_, last = h_n.unbind(0)
    return last


@misconception("run_time_major", "", like="input_reshaped")
def regrouped_input(rnn, x):
    b, t, features = x.shape
    out, state = rnn(x.contiguous().view(t, b, features))
    return out.permute(1, 0, 2), state


# --- odd ones --------------------------------------------------------------------------------


@misconception("final_state", "")
def top_minus_bottom(h_n, bidirectional=False):
    n = 2 if bidirectional else 1
    top, bottom = h_n[-n:], h_n[:n]
    difference = top - 0.5 * bottom
    return torch.cat(list(difference), dim=1)


@misconception("run_time_major", "")
def last_step_twice(rnn, x):
    out, state = rnn(torch.cat([x, x[:, -1:]], dim=1).transpose(0, 1))
    return out[:-1].transpose(0, 1), state


@misconception("load_weights", "")
def mean_of_b_on_top(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.fill_(b.mean().item())
