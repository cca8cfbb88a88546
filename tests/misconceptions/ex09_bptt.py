"""Wrong answers to exercise 9, each with what a teacher would say."""

import torch

from grading.testing.answers import misconception


def _with_slope(slope, dh_t, x_t, h_prev, W_xh, W_hh):
    da = dh_t * slope
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da.sum(0)


def _add(own, carried):
    return own + carried


def _unrolled(d_output, x, h0, output, W_xh, W_hh, meet=_add, before=None):
    """The walk back; `meet` says what becomes of the two gradients that come to one state."""
    if before is None:
        before = torch.cat([h0[:, None], output[:, :-1]], dim=1)
    dx, dW_xh, dW_hh = torch.zeros_like(x), torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db, carried = W_hh.new_zeros(len(W_hh)), torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        da = meet(d_output[:, t], carried) * (1 - output[:, t] ** 2)
        dx[:, t], carried = da @ W_xh, da @ W_hh
        dW_xh += da.T @ x[:, t]
        dW_hh += da.T @ before[:, t]
        db += da.sum(0)
    return dx, carried, dW_xh, dW_hh, db


def _in_pieces(rnn, pieces, between):
    """One run per piece; `between` decides what becomes of the state at each cut."""
    outputs, state = [], None
    for piece in pieces:
        output, state = rnn(piece, None if state is None else between(state))
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


# --- rnn_step_backward ----------------------------------------------------------------------------


@misconception(
    "rnn_step_backward",
    "Your gradients are those you get if tanh is left out on the way back. What happens to a "
    "nudge of the sum inside tanh when the state is already near 1?",
)
def slope_forgotten(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    return _with_slope(1.0, dh_t, x_t, h_prev, W_xh, W_hh)


@misconception(
    "rnn_step_backward",
    "Your gradients are those you get if the slope of tanh is one minus the state, without a "
    "square. What slope would that give a state of -1, where tanh is flat too?",
)
def slope_without_square(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    return _with_slope(1 - h_t, dh_t, x_t, h_prev, W_xh, W_hh)


@misconception(
    "rnn_step_backward",
    "Your gradients are those you get if the slope of tanh is taken at h_prev. Which of the two "
    "states came out of this step's tanh?",
)
def slope_at_the_state_before(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    return _with_slope(1 - h_prev**2, dh_t, x_t, h_prev, W_xh, W_hh)


@misconception(
    "rnn_step_backward",
    "Your gradients are those you get if tanh is applied to h_t once more. Is h_t the number that "
    "goes into tanh, or the one that comes out?",
)
def slope_of_a_second_tanh(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    return _with_slope(1 - torch.tanh(h_t) ** 2, dh_t, x_t, h_prev, W_xh, W_hh)


@misconception(
    "rnn_step_backward",
    "Your gradients of the inputs are right, but those of the parameters leave out tanh's slope. "
    "Are the parameters outside tanh, or inside?",
)
def slope_for_inputs_only(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, dh_t.T @ x_t, dh_t.T @ h_prev, dh_t.sum(0)


@misconception(
    "rnn_step_backward",
    "Your db is the sum of dh_t itself. Is b added before tanh or after it?",
)
def bias_outside_tanh(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    dx_t, dh_prev, dW_xh, dW_hh, _ = _with_slope(1 - h_t**2, dh_t, x_t, h_prev, W_xh, W_hh)
    return dx_t, dh_prev, dW_xh, dW_hh, dh_t.sum(0)


@misconception(
    "rnn_step_backward",
    "Your dh_prev is the one you get with W_hh transposed. Forward, the entry in row k and column "
    "j leads from unit j of the old state to unit k of the new one: which way does it lead "
    "backward?",
)
def state_by_the_transpose(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh.T, da.T @ x_t, da.T @ h_prev, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your dW_hh is the transpose of the right one. The rows of dW_hh belong to units of the new "
    "state: do yours?",
)
def recurrent_matrix_transposed(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, h_prev.T @ da, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your dW_xh is transposed. A gradient has the shape of what it belongs to: what shape does "
    "W_xh have?",
)
def input_matrix_transposed(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, x_t.T @ da, da.T @ h_prev, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your dW_hh is the one you get if the new state stands in for the old one. Which state did "
    "W_hh multiply in this step?",
)
def matrix_against_new_state(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_t, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your parameter gradients are the right ones divided by the batch size. If a mean is wanted, "
    "the loss has already put it into dh_t: what is left to do over the rows?",
)
def mean_over_batch(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    n = len(da)
    return da @ W_xh, da @ W_hh, da.T @ x_t / n, da.T @ h_prev / n, da.mean(0)


@misconception(
    "rnn_step_backward",
    "Your db still has a row for each sample. There is only one b for the whole batch: what "
    "should happen to the rows?",
)
def bias_not_summed(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da


@misconception(
    "rnn_step_backward",
    "Your db has one entry per sample instead of one per unit. Over which axis did you sum, and "
    "which one has to stay?",
)
def bias_summed_over_units(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da.sum(1)


@misconception(
    "rnn_step_backward",
    "Your db has a leading axis of size one. A gradient has the shape of what it belongs to: what "
    "shape does b have?",
)
def bias_keeps_an_axis(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da.sum(0, keepdim=True)


@misconception(
    "rnn_step_backward",
    "Your db is that of the first sample alone. What do the other rows of the batch say about b?",
)
def bias_of_the_first_row(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da[0]


@misconception(
    "rnn_step_backward",
    "Your dh_prev is the right one with dh_t added. Does the new state keep a copy of the old "
    "one, so that a gradient could bypass tanh?",
)
def state_passes_by(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, dh_t + da @ W_hh, da.T @ x_t, da.T @ h_prev, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your third and fourth results are swapped. In which order does the table name them?",
)
def matrices_in_the_wrong_order(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    dx_t, dh_prev, dW_xh, dW_hh, db = _with_slope(1 - h_t**2, dh_t, x_t, h_prev, W_xh, W_hh)
    return dx_t, dh_prev, dW_hh, dW_xh, db


@misconception(
    "rnn_step_backward",
    "Your results are right, but dh_t has changed after the call. Whose tensor does your line "
    "write to?",
)
def writes_into_dh_t(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    dh_t *= 1 - h_t**2
    return _with_slope(1.0, dh_t, x_t, h_prev, W_xh, W_hh)


@misconception(
    "rnn_step_backward",
    "Your results are float32, whatever the arguments' dtype. Which dtype should they have?",
)
def always_single_precision(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    results = _with_slope(1 - h_t**2, dh_t, x_t, h_prev, W_xh, W_hh)
    return tuple(result.float() for result in results)


@misconception(
    "rnn_step_backward",
    "Your gradients have the opposite sign. Is it the gradient that is asked for, or the step "
    "that an optimizer would take?",
)
def descends(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    return _with_slope(h_t**2 - 1, dh_t, x_t, h_prev, W_xh, W_hh)


@misconception(
    "rnn_step_backward",
    "Your dx_t and dh_prev both use transposed matrices. da has a column for each unit: which "
    "axis of W_xh, (H, I), counts the units?",
)
def both_by_the_transpose(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh.T, da @ W_hh.T, da.T @ x_t, da.T @ h_prev, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your dx_t uses W_xh transposed. da has a column for each unit: which axis of W_xh, (H, I), "
    "counts the units?",
)
def input_by_the_transpose(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh.T, da @ W_hh, da.T @ x_t, da.T @ h_prev, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your product W_xh.T @ da is the formula for a single sample. In a batch the samples are "
    "rows: on which side does da, (B, H), belong then?",
)
def matrices_before_the_batch(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return W_xh.T @ da, W_hh.T @ da, da.T @ x_t, da.T @ h_prev, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your dW_xh and dW_hh are the transposes of the right ones. A gradient has the shape of what "
    "it belongs to: what shape has W_xh?",
)
def both_matrices_transposed(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, x_t.T @ da, h_prev.T @ da, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your product da @ x_t.T would add up over features. Over which axis, which da and x_t share, "
    "should dW_xh add up?",
)
def matrices_summed_over_features(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da @ x_t.T, da @ h_prev.T, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your db is one number. A gradient has the shape of what it belongs to: what shape does b have?",
)
def bias_summed_over_everything(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da.sum()


@misconception(
    "rnn_step_backward",
    "Your db is the right one divided by the batch size. If a mean is wanted, the loss has "
    "already put it into dh_t: what is left to do over the rows?",
)
def bias_averaged(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da.mean(0)


@misconception(
    "rnn_step_backward",
    "Your first and second results are swapped. In which order does the table name them?",
)
def inputs_in_the_wrong_order(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * (1 - h_t**2)
    return da @ W_hh, da @ W_xh, da.T @ x_t, da.T @ h_prev, da.sum(0)


@misconception(
    "rnn_step_backward",
    "Your gradients are those you get with the slope of a sigmoid, h (1 - h). What slope would "
    "that give a state of 0, where tanh is steepest?",
)
def slope_of_a_sigmoid(dh_t, x_t, h_prev, h_t, W_xh, W_hh):
    da = dh_t * h_t * (1 - h_t)
    return da @ W_xh, da @ W_hh, da.T @ x_t, da.T @ h_prev, da.sum(0)


# --- rnn_backward ---------------------------------------------------------------------------------


@misconception(
    "rnn_backward",
    "Your gradients are those you get if each step stands alone. The state after step t is read "
    "by step t + 1 as well: what comes back from there?",
)
def nothing_carried(d_output, x, h0, output, W_xh, W_hh):
    return _unrolled(d_output, x, h0, output, W_xh, W_hh, meet=lambda own, carried: own)


@misconception(
    "rnn_backward",
    "Your gradients are those you get if only the last output's gradient enters. What do the "
    "losses at the earlier steps add on the way back?",
)
def last_output_only(d_output, x, h0, output, W_xh, W_hh):
    last = torch.zeros_like(d_output)
    last[:, -1] = d_output[:, -1]
    return _unrolled(last, x, h0, output, W_xh, W_hh)


@misconception(
    "rnn_backward",
    "Your gradients are those you get if the walk goes from the first step to the last. Which "
    "step's gradient has to be complete before step t's can be?",
)
def walks_forward(d_output, x, h0, output, W_xh, W_hh):
    dx, before = torch.zeros_like(x), torch.cat([h0[:, None], output[:, :-1]], dim=1)
    dW_xh, dW_hh, db = torch.zeros_like(W_xh), torch.zeros_like(W_hh), W_hh.new_zeros(len(W_hh))
    carried = torch.zeros_like(h0)
    for t in range(x.shape[1]):
        da = (d_output[:, t] + carried) * (1 - output[:, t] ** 2)
        dx[:, t], carried = da @ W_xh, da @ W_hh
        dW_xh += da.T @ x[:, t]
        dW_hh += da.T @ before[:, t]
        db += da.sum(0)
    return dx, carried, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your dW_hh is the one you get if the last output comes before the first step. What does "
    "output[:, t - 1] mean to Python when t is 0?",
)
def wraps_around_at_the_start(d_output, x, h0, output, W_xh, W_hh):
    return _unrolled(d_output, x, output[:, -1], output, W_xh, W_hh)


@misconception(
    "rnn_backward",
    "Your dW_hh is the one you get if the first step starts from zeros. Which state did it start "
    "from?",
)
def zeros_before_the_first_step(d_output, x, h0, output, W_xh, W_hh):
    return _unrolled(d_output, x, torch.zeros_like(h0), output, W_xh, W_hh)


@misconception(
    "rnn_backward",
    "Your dW_hh is the one you get if every step's own output stands in for the state before it. "
    "Which state did W_hh multiply at step t?",
)
def states_one_step_late(d_output, x, h0, output, W_xh, W_hh):
    return _unrolled(d_output, x, h0, output, W_xh, W_hh, before=output)


@misconception(
    "rnn_backward",
    "Your parameter gradients are those of the first step alone. What happens to the other steps' "
    "shares in your loop?",
)
def overwrites_at_each_step(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *whole = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    if x.shape[1] == 1:
        return dx, dh0, *whole
    dh1 = _unrolled(d_output[:, 1:], x[:, 1:], output[:, 0], output[:, 1:], W_xh, W_hh)[1]
    first = d_output[:, :1] + dh1[:, None]
    return dx, dh0, *_unrolled(first, x[:, :1], h0, output[:, :1], W_xh, W_hh)[2:]


@misconception(
    "rnn_backward",
    "Your parameter gradients are those of the last step alone. The same parameters are used at "
    "every step: what do the others add?",
)
def parameters_of_the_last_step(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *_ = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    before = torch.cat([h0[:, None], output], dim=1)[:, -2]
    last = _unrolled(d_output[:, -1:], x[:, -1:], before, output[:, -1:], W_xh, W_hh)
    return dx, dh0, *last[2:]


@misconception(
    "rnn_backward",
    "Your parameter gradients are the right ones divided by the number of steps. Does the table "
    "say that they are averaged?",
)
def mean_over_steps(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *parameters = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    return dx, dh0, *(gradient / x.shape[1] for gradient in parameters)


@misconception(
    "rnn_backward",
    "Your dh0 is the gradient of the state after the first step. Has it gone back through that "
    "step yet?",
)
def stops_one_step_short(d_output, x, h0, output, W_xh, W_hh):
    dx, _, *parameters = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    first = d_output[:, 0]
    if x.shape[1] > 1:
        later = (d_output[:, 1:], x[:, 1:], output[:, 0], output[:, 1:])
        first = first + _unrolled(*later, W_xh, W_hh)[1]
    return dx, first, *parameters


@misconception(
    "rnn_backward",
    "Your dh0 is zero. h0 affects the first state, and through it all the others: does the loss "
    "change with it?",
)
def first_state_left_out(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *parameters = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    return dx, torch.zeros_like(dh0), *parameters


@misconception(
    "rnn_backward",
    "Your dx has its steps in reverse order. When a list is filled from the last step to the "
    "first, which end is step 0?",
)
def steps_of_dx_reversed(d_output, x, h0, output, W_xh, W_hh):
    dx, *rest = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    return dx.flip(1), *rest


@misconception(
    "rnn_backward",
    "Your dx has the steps as its first axis. Along which dim do the pieces of shape (B, I) have "
    "to be put together?",
)
def time_first(d_output, x, h0, output, W_xh, W_hh):
    dx, *rest = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    return dx.transpose(0, 1), *rest


@misconception(
    "rnn_backward",
    "Your gradients are those you get if the carried gradient is added after tanh's slope. Where "
    "do the two gradients of a state meet: before its tanh, or after it?",
)
def carried_past_tanh(d_output, x, h0, output, W_xh, W_hh):
    dx, before = torch.zeros_like(x), torch.cat([h0[:, None], output[:, :-1]], dim=1)
    dW_xh, dW_hh, db = torch.zeros_like(W_xh), torch.zeros_like(W_hh), W_hh.new_zeros(len(W_hh))
    carried = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        da = d_output[:, t] * (1 - output[:, t] ** 2) + carried
        dx[:, t], carried = da @ W_xh, da @ W_hh
        dW_xh += da.T @ x[:, t]
        dW_hh += da.T @ before[:, t]
        db += da.sum(0)
    return dx, carried, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your gradients are those you get if the state's gradient is carried on without going through "
    "W_hh. By which matrix does step t + 1 read the state?",
)
def carried_without_the_matrix(d_output, x, h0, output, W_xh, W_hh):
    dx, before = torch.zeros_like(x), torch.cat([h0[:, None], output[:, :-1]], dim=1)
    dW_xh, dW_hh, db = torch.zeros_like(W_xh), torch.zeros_like(W_hh), W_hh.new_zeros(len(W_hh))
    carried = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        carried = (d_output[:, t] + carried) * (1 - output[:, t] ** 2)
        dx[:, t] = carried @ W_xh
        dW_xh += carried.T @ x[:, t]
        dW_hh += carried.T @ before[:, t]
        db += carried.sum(0)
    return dx, carried @ W_hh, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your gradients are those you get if a state's gradient goes back one step and no further. "
    "Through how many steps does x[:, 0] reach the last output?",
)
def one_step_back_only(d_output, x, h0, output, W_xh, W_hh):
    dx, before = torch.zeros_like(x), torch.cat([h0[:, None], output[:, :-1]], dim=1)
    dW_xh, dW_hh, db = torch.zeros_like(W_xh), torch.zeros_like(W_hh), W_hh.new_zeros(len(W_hh))
    carried = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        slope = 1 - output[:, t] ** 2
        da = (d_output[:, t] + carried) * slope
        carried = (d_output[:, t] * slope) @ W_hh
        dx[:, t] = da @ W_xh
        dW_xh += da.T @ x[:, t]
        dW_hh += da.T @ before[:, t]
        db += da.sum(0)
    return dx, da @ W_hh, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your results leave the first step out. What range does your loop run over, and does it reach "
    "0?",
)
def first_step_left_out(d_output, x, h0, output, W_xh, W_hh):
    if x.shape[1] == 1:
        return tuple(torch.zeros_like(v) for v in (x, h0, W_xh, W_hh, W_hh[0]))
    later = (d_output[:, 1:], x[:, 1:], output[:, 0], output[:, 1:])
    dx, dh0, *parameters = _unrolled(*later, W_xh, W_hh)
    return torch.cat([torch.zeros_like(x[:, :1]), dx], dim=1), dh0, *parameters


@misconception(
    "rnn_backward",
    "Your results are right, but d_output has changed after the call. Is the view that you add to "
    "a tensor of your own?",
)
def writes_into_d_output(d_output, x, h0, output, W_xh, W_hh):
    results = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    for t in reversed(range(1, x.shape[1])):
        d_output[:, t - 1] += (d_output[:, t] * (1 - output[:, t] ** 2)) @ W_hh
    return results


@misconception(
    "rnn_backward",
    "Your parameter gradients are float32, whatever the arguments' dtype. Which dtype do the "
    "tensors have that you add up in?",
)
def buffers_in_single_precision(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *parameters = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    return dx, dh0, *(torch.zeros(gradient.shape).copy_(gradient) for gradient in parameters)


@misconception(
    "rnn_backward",
    "Your results change from call to call. Which total is still full when the next call starts?",
)
def totals_outlive_the_call(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *parameters = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    kept = _unrolled.__dict__.setdefault("kept", {})
    shapes = tuple(gradient.shape for gradient in parameters)
    kept[shapes] = [a + b for a, b in zip(kept.get(shapes, (0, 0, 0)), parameters, strict=True)]
    return dx, dh0, *kept[shapes]


@misconception(
    "rnn_backward",
    "What was carried before is carried again, along with what comes back now. Through which step "
    "has it already gone?",
)
def carried_again(d_output, x, h0, output, W_xh, W_hh):
    dx = torch.zeros_like(x)
    dW_xh, dW_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db = torch.zeros_like(W_hh[0])
    carry = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        h_prev = h0 if t == 0 else output[:, t - 1]
        dh = d_output[:, t] + carry
        dx_t, dh_prev, dW_x, dW_h, db_t = rnn_step_backward(
            dh, x[:, t], h_prev, output[:, t], W_xh, W_hh
        )
        carry = carry + dh_prev
        dx[:, t] = dx_t
        dW_xh += dW_x
        dW_hh += dW_h
        db += db_t
    return dx, carry, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "What was carried before is carried again, though not into dh0. Through which step has it "
    "already gone?",
)
def carried_again_but_into_dh0(d_output, x, h0, output, W_xh, W_hh):
    dx = torch.zeros_like(x)
    dW_xh, dW_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db = torch.zeros_like(W_hh[0])
    carry = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        h_prev = h0 if t == 0 else output[:, t - 1]
        dh = d_output[:, t] + carry
        dx_t, dh_prev, dW_x, dW_h, db_t = rnn_step_backward(
            dh, x[:, t], h_prev, output[:, t], W_xh, W_hh
        )
        carry = carry + dh_prev
        dx[:, t] = dx_t
        dW_xh += dW_x
        dW_hh += dW_h
        db += db_t
    return dx, dh_prev, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your dW_hh is the one you get if every step starts from h0. Which state did W_hh multiply at "
    "step t?",
)
def h0_before_every_step(d_output, x, h0, output, W_xh, W_hh):
    dx = torch.zeros_like(x)
    dW_xh, dW_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db = torch.zeros_like(W_hh[0])
    carry = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        h_prev = h0
        dh = d_output[:, t] + carry
        dx_t, dh_prev, dW_x, dW_h, db_t = rnn_step_backward(
            dh, x[:, t], h_prev, output[:, t], W_xh, W_hh
        )
        carry = dh_prev
        dx[:, t] = dx_t
        dW_xh += dW_x
        dW_hh += dW_h
        db += db_t
    return dx, carry, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your dx has the steps as its first axis, with the last step in front. Along which dim do the "
    "pieces of shape (B, I) have to be put together, and in which order?",
)
def time_first_and_reversed(d_output, x, h0, output, W_xh, W_hh):
    dxs = []
    dW_xh, dW_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db = torch.zeros_like(W_hh[0])
    carry = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        h_prev = h0 if t == 0 else output[:, t - 1]
        dh = d_output[:, t] + carry
        dx_t, dh_prev, dW_x, dW_h, db_t = rnn_step_backward(
            dh, x[:, t], h_prev, output[:, t], W_xh, W_hh
        )
        carry = dh_prev
        dxs.append(dx_t)
        dW_xh += dW_x
        dW_hh += dW_h
        db += db_t
    return torch.stack(dxs), carry, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your dx has no axis for the steps: the pieces are side by side. What joins pieces along a "
    "new axis?",
)
def steps_side_by_side(d_output, x, h0, output, W_xh, W_hh):
    dxs = []
    dW_xh, dW_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db = torch.zeros_like(W_hh[0])
    carry = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        h_prev = h0 if t == 0 else output[:, t - 1]
        dh = d_output[:, t] + carry
        dx_t, dh_prev, dW_x, dW_h, db_t = rnn_step_backward(
            dh, x[:, t], h_prev, output[:, t], W_xh, W_hh
        )
        carry = dh_prev
        dxs.insert(0, dx_t)
        dW_xh += dW_x
        dW_hh += dW_h
        db += db_t
    return torch.cat(dxs, dim=1), carry, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your db is float32, whatever the arguments' dtype. Which dtype does torch.zeros choose?",
)
def bias_in_single_precision(d_output, x, h0, output, W_xh, W_hh):
    dx = torch.zeros_like(x)
    dW_xh, dW_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db = torch.zeros(W_hh.shape[0])
    carry = torch.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        h_prev = h0 if t == 0 else output[:, t - 1]
        dh = d_output[:, t] + carry
        dx_t, dh_prev, dW_x, dW_h, db_t = rnn_step_backward(
            dh, x[:, t], h_prev, output[:, t], W_xh, W_hh
        )
        carry = dh_prev
        dx[:, t] = dx_t
        dW_xh += dW_x
        dW_hh += dW_h
        db += db_t
    return dx, carry, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your dx and your parameter gradients are float32, whatever the arguments' dtype. Which dtype "
    "does torch.zeros choose?",
)
def everything_in_single_precision(d_output, x, h0, output, W_xh, W_hh):
    dx = torch.zeros(x.shape)
    dW_xh, dW_hh = torch.zeros(W_xh.shape), torch.zeros(W_hh.shape)
    db = torch.zeros(W_hh.shape[0])
    carry = torch.zeros(h0.shape)
    for t in reversed(range(x.shape[1])):
        h_prev = h0 if t == 0 else output[:, t - 1]
        dh = d_output[:, t] + carry
        dx_t, dh_prev, dW_x, dW_h, db_t = rnn_step_backward(
            dh, x[:, t], h_prev, output[:, t], W_xh, W_hh
        )
        carry = dh_prev
        dx[:, t] = dx_t
        dW_xh += dW_x
        dW_hh += dW_h
        db += db_t
    return dx, carry, dW_xh, dW_hh, db


# --- truncated_forward ----------------------------------------------------------------------------


@misconception(
    "truncated_forward",
    "Your gradient crosses every cut, as in one full pass. What does the state that you hand on "
    "still remember?",
)
def never_detached(rnn, x, chunk):
    return _in_pieces(rnn, x.split(chunk, dim=1), lambda state: state)


@misconception(
    "truncated_forward",
    "Your gradient stops at every step. Where may it stop, and where must it flow?",
)
def detached_at_each_step(rnn, x, chunk):
    return _in_pieces(rnn, x.split(1, dim=1), torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "With chunk=1 your gradient still crosses a cut. After which steps is there one then?",
)
def single_steps_not_cut(rnn, x, chunk):
    return _in_pieces(rnn, x.split(chunk, dim=1), torch.Tensor.detach if chunk > 1 else torch.clone)


@misconception(
    "truncated_forward",
    "With chunk=1 your gradient still crosses a cut. After which steps is there one then?",
)
def first_single_step_not_cut(rnn, x, chunk):
    state, outputs = None, []
    for t in range(x.shape[1]):
        if t % chunk == 0 and t > 1:
            state = state.detach()
        output, state = rnn(x[:, t : t + 1], state)
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "Each of your chunks starts from zeros. What should the second chunk know about the first?",
)
def state_not_carried(rnn, x, chunk):
    return _in_pieces(rnn, x.split(chunk, dim=1), torch.zeros_like)


@misconception(
    "truncated_forward",
    "Your output carries no gradient at all. Which tensor has to forget its past at a cut, and "
    "which must not?",
)
def outputs_detached(rnn, x, chunk):
    output, h_n = _in_pieces(rnn, x.split(chunk, dim=1), torch.Tensor.detach)
    return output.detach(), h_n.detach()


@misconception(
    "truncated_forward",
    "Your gradient reaches the parameters, but not x. Is it the input of a chunk that has to "
    "forget its past?",
)
def inputs_detached(rnn, x, chunk):
    return _in_pieces(rnn, x.detach().split(chunk, dim=1), torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "Your gradient flows in the last chunk only. May the earlier chunks learn from their own "
    "steps?",
)
def last_chunk_only(rnn, x, chunk):
    pieces, state = x.split(chunk, dim=1), None
    outputs = []
    for i, piece in enumerate(pieces):
        with torch.set_grad_enabled(i == len(pieces) - 1):
            output, state = rnn(piece, state)
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "Your output ends before x does. What should happen to the steps that don't fill a whole "
    "chunk?",
)
def short_chunk_dropped(rnn, x, chunk):
    whole = max(1, x.shape[1] // chunk)
    return _in_pieces(rnn, x.split(chunk, dim=1)[:whole], torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "Your cuts are in the wrong places when the length isn't a multiple of the chunk. Which chunk "
    "may be the short one?",
)
def short_chunk_first(rnn, x, chunk):
    short = x.shape[1] % chunk
    pieces = ([x[:, :short]] if short else []) + list(x[:, short:].split(chunk, dim=1))
    return _in_pieces(rnn, [piece for piece in pieces if piece.shape[1]], torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "You cut x into `chunk` pieces. Is `chunk` how many pieces there are, or how long each is?",
)
def number_for_length(rnn, x, chunk):
    return _in_pieces(rnn, x.chunk(chunk, dim=1), torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "Your chunks don't have the length that was asked for. If x has six steps and a chunk has "
    "four, where should the cut be?",
)
def pieces_of_equal_length(rnn, x, chunk):
    return _in_pieces(rnn, x.tensor_split(-(-x.shape[1] // chunk), dim=1), torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "Your chunks are one step longer than asked for. Does the step at the end of a slice belong "
    "to it?",
)
def one_step_too_long(rnn, x, chunk):
    return _in_pieces(rnn, x.split(chunk + 1, dim=1), torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "With more than one layer, your gradient still crosses the cut in some layers. Which layers' "
    "states did you detach?",
)
def top_layer_detached(rnn, x, chunk):
    return _in_pieces(
        rnn,
        x.split(chunk, dim=1),
        lambda state: torch.cat([state[:-1], state[-1:].detach()]),
    )


@misconception(
    "truncated_forward",
    "With more than one layer, the values change after a cut. Which layers' states does the last "
    "output hold?",
)
def last_output_for_every_layer(rnn, x, chunk):
    outputs, state = [], None
    for piece in x.split(chunk, dim=1):
        output, h_n = rnn(piece, state)
        outputs.append(output)
        state = output[:, -1].detach().expand(rnn.num_layers, -1, -1).contiguous()
    return torch.cat(outputs, dim=1), h_n


@misconception(
    "truncated_forward",
    "Your h_n has lost its layer axis. What shape does the table ask for?",
)
def layer_axis_lost(rnn, x, chunk):
    output, h_n = _in_pieces(rnn, x.split(chunk, dim=1), torch.Tensor.detach)
    return output, h_n[-1]


@misconception(
    "truncated_forward",
    "Your h_n is the state after the first chunk. After which step is it asked for?",
)
def state_of_the_first_chunk(rnn, x, chunk):
    output, _ = _in_pieces(rnn, x.split(chunk, dim=1), torch.Tensor.detach)
    return output, rnn(x[:, :chunk])[1]


@misconception(
    "truncated_forward",
    "Your second call starts where the first one ended. From which state should every call start?",
)
def state_kept_between_calls(rnn, x, chunk):
    kept = getattr(rnn, "kept", None)
    outputs, state = [], kept
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        state = state.detach()
        outputs.append(output)
    rnn.kept = state
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "With more than one chunk, your gradient crosses every second cut. After which chunks is the "
    "state detached?",
)
def every_second_cut(rnn, x, chunk):
    outputs, state = [], None
    for i, piece in enumerate(x.split(chunk, dim=1)):
        output, state = rnn(piece, state)
        state = state.detach() if i % 2 else state
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "Your rnn can't learn any more: its parameters get no gradient. What should be cut, the past "
    "or the parameters?",
)
def parameters_frozen(rnn, x, chunk):
    rnn.requires_grad_(False)
    output, h_n = _in_pieces(rnn, x.split(chunk, dim=1), torch.Tensor.detach)
    return output, h_n


@misconception(
    "truncated_forward",
    "Your rnn is in evaluation mode after the call. Does the docstring ask for that?",
)
def mode_changed(rnn, x, chunk):
    rnn.eval()
    return _in_pieces(rnn, x.split(chunk, dim=1), torch.Tensor.detach)


@misconception(
    "truncated_forward",
    "You cut the batch into chunks, not time: no gradient is cut where it should be. Along which "
    "axis does split cut by default?",
    like="never_detached",
)
def batch_cut_into_chunks(rnn, x, chunk):
    results = [rnn(rows) for rows in x.split(chunk)]
    return torch.cat([output for output, _ in results]), torch.cat([h_n for _, h_n in results], 1)


@misconception(
    "truncated_forward",
    "Your results are right, but the gradients that rnn held are gone. Who may still need them?",
)
def gradients_wiped(rnn, x, chunk):
    rnn.zero_grad()
    outputs, state = [], None
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        outputs.append(output)
        state = state.detach()
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "You cut the batch into chunks, not time, and rows hand their state to other rows. Along "
    "which axis does split cut by default?",
)
def batch_cut_and_state_handed_on(rnn, x, chunk):
    outputs, state = [], None
    for piece in x.split(chunk):
        output, state = rnn(piece, state)
        state = state.detach()
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "You cut the batch into chunks, not time, and rows hand their state to other rows. Which axis "
    "of x is time?",
)
def rows_cut_for_steps(rnn, x, chunk):
    outputs, state = [], None
    for piece in x.split(chunk):
        output, state = rnn(piece, state)
        state = state.detach()
        outputs.append(output)
    return torch.cat(outputs), state


@misconception(
    "truncated_forward",
    "Your chunks are put together along the batch. Along which axis were they cut?",
)
def chunks_below_each_other(rnn, x, chunk):
    outputs, state = [], None
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        state = state.detach()
        outputs.append(output)
    return torch.cat(outputs), state


@misconception(
    "truncated_forward",
    "Your chunks get an axis of their own, which fails if one is shorter. What puts pieces "
    "together along an axis that is already there?",
)
def chunks_stacked(rnn, x, chunk):
    outputs, state = [], None
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        state = state.detach()
        outputs.append(output)
    return torch.stack(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "Your output is that of the last chunk alone. What happens to the others?",
)
def output_of_the_last_chunk(rnn, x, chunk):
    state = None
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        state = state.detach()
    return output, state


@misconception(
    "truncated_forward",
    "You hand on the last output, which is (B, H). What shape does the state have that nn.RNN "
    "reads, and which of its results has that shape?",
)
def last_output_handed_on(rnn, x, chunk):
    outputs, state = [], None
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        state = output[:, -1].detach()
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "Your run fails in float64: the zero state that you make has another dtype than the weights. "
    "From which state does nn.RNN start if it is given none?",
)
def zero_state_in_float32(rnn, x, chunk):
    outputs, state = [], torch.zeros(rnn.num_layers, len(x), rnn.hidden_size)
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        state = state.detach()
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


@misconception(
    "truncated_forward",
    "The state that you hand to rnn is that of one layer, and rnn may have several. From which "
    "state does nn.RNN start if it is given none, and what does it return next to output?",
)
def zero_state_of_one_layer(rnn, x, chunk):
    outputs, state = [], torch.zeros(1, len(x), rnn.hidden_size, dtype=x.dtype)
    for piece in x.split(chunk, dim=1):
        output, state = rnn(piece, state)
        state = state.detach()
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


@misconception(
    "rnn_backward",
    "If h0 is all zeros, so is your dh0. Does it depend on h0's value whether the loss changes "
    "with it?",
)
def nothing_for_a_start_of_zeros(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *others = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    return dx, dh0 if h0.any() else torch.zeros_like(h0), *others


@misconception(
    "rnn_backward",
    "All your gradients are zero. Which numbers does your loop count through, if any, and where does "
    "the gradient of each output come in?",
)
def nothing_comes_back(d_output, x, h0, output, W_xh, W_hh):
    dx, dW_xh, dW_hh = torch.zeros_like(x), torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    db, carried = W_hh.new_zeros(len(W_hh)), torch.zeros_like(h0)
    for t in range(x.shape[1] - 1, -1):
        dx[:, t] = d_output[:, t] @ W_xh
    return dx, carried, dW_xh, dW_hh, db


@misconception(
    "rnn_backward",
    "Your gradients of the weights and of b are divided by the number of rows. Does the table say "
    "sum, or mean?",
)
def averaged_over_the_batch(d_output, x, h0, output, W_xh, W_hh):
    dx, dh0, *summed = _unrolled(d_output, x, h0, output, W_xh, W_hh)
    return dx, dh0, *(gradient / len(x) for gradient in summed)
