"""Wrong answers to exercise 2, each with what a teacher would say on seeing it."""

import copy

import torch

from grading.testing.answers import misconception

# --- predict_shapes: output ------------------------------------------------------------------


@misconception(
    "predict_shapes",
    "Your output has H features even with two directions. Where does nn.RNN put the second "
    "direction's state at each step?",
)
def one_direction_in_output(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your output grows with the number of layers. Which layers' states does nn.RNN hand out at every "
    "step?",
)
def all_layers_in_output(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, num_layers * D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your output is batch first whatever batch_first says. Which two axes does that option swap?",
)
def batch_first_ignored(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    D = 2 if bidirectional else 1
    return (batch_size, seq_len, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your output has time first exactly when batch_first is on. Read the option's name aloud: what "
    "comes first?",
)
def batch_first_the_other_way_round(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (seq_len, batch_size) if batch_first else (batch_size, seq_len)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your output has no time axis: it is the state of a single step. How many of its states does "
    "nn.RNN hand out?",
)
def output_of_the_last_step(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    D = 2 if bidirectional else 1
    return (batch_size, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your output has two directions as 2T steps. Do two directions read more steps, or the same "
    "ones twice?",
)
def directions_along_time(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    D = 2 if bidirectional else 1
    outer = (batch_size, D * seq_len) if batch_first else (D * seq_len, batch_size)
    return (*outer, hidden_size), (num_layers * D, batch_size, hidden_size)


# --- predict_shapes: h_n ---------------------------------------------------------------------


@misconception(
    "predict_shapes",
    "Your h_n has the batch first. Does batch_first say anything about h_n? Look it up under Outputs.",
)
def h_n_batch_first(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    layers = num_layers * D
    h_n = (batch_size, layers, hidden_size) if batch_first else (layers, batch_size, hidden_size)
    return (*outer, D * hidden_size), h_n


@misconception(
    "predict_shapes",
    "Your h_n swaps its first two axes when batch_first is off. Which of nn.RNN's two results "
    "follows that option?",
)
def h_n_turned_when_time_first(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    layers = num_layers * D
    h_n = (layers, batch_size, hidden_size) if batch_first else (batch_size, layers, hidden_size)
    return (*outer, D * hidden_size), h_n


@misconception(
    "predict_shapes",
    "Your h_n has one state per layer even with two directions. How many final states does such a "
    "layer have?",
)
def one_direction_in_h_n(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your h_n puts both directions side by side, as output does: 2H features. Where does h_n put them?",
)
def directions_side_by_side_in_h_n(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers, batch_size, D * hidden_size)


@misconception(
    "predict_shapes",
    "Your h_n counts the directions twice: on its first axis and among its features. How long is one "
    "direction's state?",
)
def directions_twice_in_h_n(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers * D, batch_size, D * hidden_size)


@misconception(
    "predict_shapes",
    "Your h_n has the last layer's state only. Whose final states does nn.RNN hand out?",
)
def layers_ignored_in_h_n(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your h_n has just one more entry for the second direction, however many layers there are. Is "
    "only one of the layers bidirectional?",
)
def one_more_for_the_second_direction(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers + D - 1, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your h_n raises the layers to the power of the directions, which fits two layers by chance. How "
    "many states do three layers of two directions have?",
)
def layers_to_the_power_of_directions(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    layers = num_layers if num_layers == 1 and D == 1 else max(D, num_layers**D)
    return (*outer, D * hidden_size), (layers, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your h_n has an axis of its own for the directions. How many axes does nn.RNN's h_n have?",
)
def h_n_with_four_axes(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers, D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "With one layer and one direction your h_n has no layer axis. Does nn.RNN drop an axis because "
    "its size is 1?",
)
def h_n_of_one_layer_squeezed(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    layers = num_layers * D
    h_n = (batch_size, hidden_size) if layers == 1 else (layers, batch_size, hidden_size)
    return (*outer, D * hidden_size), h_n


@misconception(
    "predict_shapes",
    "Your h_n has a time axis instead of a batch axis when batch_first is on. How many steps does "
    "a final state belong to?",
)
def h_n_with_time_for_batch(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers * D, outer[1], hidden_size)


# --- predict_shapes: both --------------------------------------------------------------------


@misconception(
    "predict_shapes",
    "With a single sequence your shapes lose the batch axis. Is a batch of one still a batch?",
)
def batch_of_one_dropped(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    shapes = [*outer, D * hidden_size], [num_layers * D, batch_size, hidden_size]
    if batch_size == 1:
        for shape in shapes:
            shape.remove(1)
    return shapes


@misconception(
    "predict_shapes",
    "Your two shapes are in the wrong order. Which of the two does nn.RNN return first?",
)
def shapes_swapped(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (num_layers * D, batch_size, hidden_size), (*outer, D * hidden_size)


@misconception(
    "predict_shapes",
    "You give one shape, that of output. How many tensors does nn.RNN return?",
)
def output_shape_only(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    return (*outer, (2 if bidirectional else 1) * hidden_size)


@misconception(
    "predict_shapes",
    "By default your batch_first is False, as in nn.RNN. What does this exercise's table say?",
)
def time_first_by_default(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=False
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your last two options are in a different order from the table's. What does the fifth argument "
    "mean in a call without names?",
)
def options_in_another_order(
    batch_size, seq_len, hidden_size, num_layers=1, batch_first=True, bidirectional=False
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Some of your sizes are floats. When is a product a whole number, and when is it a float?",
)
def sizes_as_floats(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2.0 if bidirectional else 1.0
    return (*outer, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "With a single step your output loses its time axis. Does nn.RNN drop an axis because its size "
    "is 1?",
)
def single_step_dropped(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    outer = outer if seq_len > 1 else (batch_size,)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "By default your num_layers is 2. What does the stub's signature say?",
)
def two_layers_by_default(
    batch_size, seq_len, hidden_size, num_layers=2, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (num_layers * D, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your shapes are right, but you built an nn.RNN to read them off. Can you tell them from the "
    "sizes alone?",
)
def built_and_measured(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    rnn = torch.nn.RNN(
        1, hidden_size, num_layers, bidirectional=bidirectional, batch_first=batch_first
    )
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    output, h_n = rnn(torch.zeros(*outer, 1))
    return output.shape, h_n.shape


# --- load_weights ----------------------------------------------------------------------------


@misconception(
    "load_weights",
    "Your second bias keeps the random numbers it was initialised with, and they add to b. How "
    "many biases does nn.RNN have?",
)
def bias_hh_left_random(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)


@misconception(
    "load_weights",
    "Your first bias keeps the random numbers it was initialised with, and they add to b. How many "
    "biases does nn.RNN have?",
)
def bias_ih_left_random(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_hh_l0.copy_(b)


@misconception(
    "load_weights",
    "Your rnn has b in both places, so b counts twice. What does nn.RNN do with its two biases?",
)
def b_in_both_biases(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.copy_(b)


@misconception(
    "load_weights",
    "Both biases of your rnn are zero. Where has b gone?",
)
def b_left_out(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.zero_()
        rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your matrices are set, but both biases are as they were. Which of rnn's parameters are still "
    "random?",
)
def matrices_only(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)


@misconception(
    "load_weights",
    "Your recurrent matrix is still the one rnn was initialised with. Which parameter acts on the "
    "old state?",
)
def W_hh_left_random(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your W_hh went in transposed; as it is square, it fits both ways. Is weight_hh_l0 stored as "
    "the formula has it, or transposed?",
)
def W_hh_transposed(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh.T)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "You transpose W_xh before it goes in. What is the shape of weight_ih_l0, and what is W_xh's?",
)
def W_xh_transposed(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh.T)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your W_xh has the right shape in rnn, but its numbers are in other places. What does a "
    "reshape after a transpose do to them?",
)
def W_xh_reshaped(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh.T.reshape(W_xh.shape))
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your W_hh went to the input and W_xh to the state. What do ih and hh stand for?",
)
def matrices_swapped(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_hh)
        rnn.weight_hh_l0.copy_(W_xh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your numbers are added to the random ones that were there. Should anything be left of an "
    "initial value once a parameter is set?",
)
def added_to_the_old(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.add_(W_xh)
        rnn.weight_hh_l0.add_(W_hh)
        rnn.bias_ih_l0.add_(b)
        rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your rnn is as it was: nothing of yours has reached its parameters. Did you change a name, a "
    "dict or a copy of your own? What changes a tensor itself?",
)
def local_names_rebound(rnn, W_xh, W_hh, b):
    weight_ih, weight_hh, bias_ih, bias_hh = rnn.parameters()
    weight_ih, weight_hh, bias_ih, bias_hh = W_xh, W_hh, b, torch.zeros_like(b)


@misconception(
    "load_weights",
    "Your rnn has new attributes, but its old parameters are as they were. Which names does "
    "rnn.named_parameters() list?",
)
def attributes_of_other_names(rnn, W_xh, W_hh, b):
    rnn.weight_ih = torch.nn.Parameter(W_xh.clone())
    rnn.weight_hh = torch.nn.Parameter(W_hh.clone())
    rnn.bias_ih = torch.nn.Parameter(b.clone())
    rnn.bias_hh = torch.nn.Parameter(torch.zeros_like(b))


@misconception(
    "load_weights",
    "You changed a dict that state_dict() made for you, and rnn never got it back. Which method "
    "reads such a dict in?",
    like="local_names_rebound",
)
def state_dict_not_loaded(rnn, W_xh, W_hh, b):
    state = rnn.state_dict()
    state["weight_ih_l0"] = W_xh
    state["weight_hh_l0"] = W_hh
    state["bias_ih_l0"] = b
    state["bias_hh_l0"] = torch.zeros_like(b)


@misconception(
    "load_weights",
    "You filled a copy, and the rnn that was passed in is as it was. Which one will the caller "
    "run?",
    like="local_names_rebound",
)
def a_copy_is_filled(rnn, W_xh, W_hh, b):
    rnn = copy.deepcopy(rnn)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.zero_()
    return rnn


@misconception(
    "load_weights",
    "You assign plain tensors where rnn keeps its parameters, and PyTorch refuses. What may take a "
    "parameter's place, and what can be filled instead?",
)
def plain_tensors_assigned(rnn, W_xh, W_hh, b):
    rnn.weight_ih_l0 = W_xh
    rnn.weight_hh_l0 = W_hh
    rnn.bias_ih_l0 = b
    rnn.bias_hh_l0 = torch.zeros_like(b)


@misconception(
    "load_weights",
    "You fill parameters in place while autograd records, and PyTorch refuses. Under which context "
    "may a leaf be changed?",
)
def filled_without_no_grad(rnn, W_xh, W_hh, b):
    rnn.weight_ih_l0.copy_(W_xh)
    rnn.weight_hh_l0.copy_(W_hh)
    rnn.bias_ih_l0.copy_(b)
    rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your rnn gives the right values, but its parameters are frozen. How can it be trained if they "
    "don't require grad?",
)
def parameters_frozen(rnn, W_xh, W_hh, b):
    rnn.requires_grad_(False)
    rnn.weight_ih_l0.copy_(W_xh)
    rnn.weight_hh_l0.copy_(W_hh)
    rnn.bias_ih_l0.copy_(b)
    rnn.bias_hh_l0.zero_()


@misconception(
    "load_weights",
    "Your rnn gives the right values, but its second bias is frozen at zero. Which of the four "
    "parameters should stay trainable?",
)
def zeroed_bias_frozen(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.zero_()
    rnn.bias_hh_l0.requires_grad = False


@misconception(
    "load_weights",
    "Your rnn is right, but the caller's b is zero afterwards. Which of your lines writes into an "
    "argument?",
)
def b_emptied(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
        rnn.bias_hh_l0.copy_(b.zero_())


@misconception(
    "load_weights",
    "Your rnn gives the right values, but it has no parameters left: plain tensors have taken "
    "their places. What does an optimizer find in rnn.parameters()?",
)
def parameters_deleted(rnn, W_xh, W_hh, b):
    values = (W_xh, W_hh, b, torch.zeros_like(b))
    for name, value in zip([name for name, _ in rnn.named_parameters()], values, strict=True):
        delattr(rnn, name)
        setattr(rnn, name, value)


@misconception(
    "load_weights",
    "Both biases of your rnn share one memory with the caller's b, so zeroing one zeroes all "
    "three. Does an assignment to .data copy anything?",
)
def biases_share_one_memory(rnn, W_xh, W_hh, b):
    rnn.weight_ih_l0.data = W_xh
    rnn.weight_hh_l0.data = W_hh
    rnn.bias_ih_l0.data = b
    rnn.bias_hh_l0.data = b
    rnn.bias_hh_l0.data.zero_()


@misconception(
    "load_weights",
    "Your rnn has the right parameters, but it takes batch-first data from now on. Was that asked "
    "for?",
)
def option_switched_on(rnn, W_xh, W_hh, b):
    rnn.load_state_dict(
        {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    )
    rnn.batch_first = True


# --- split_directions ------------------------------------------------------------------------


@misconception(
    "split_directions",
    "Your backward half runs against time. At which step does nn.RNN store the backward state of "
    "input step t?",
)
def backward_flipped_in_time(output):
    forward, backward = output.chunk(2, dim=-1)
    return forward, backward.flip(1)


@misconception(
    "split_directions",
    "Your two halves are in the wrong order. Which direction comes first in a row of output?",
)
def halves_swapped(output):
    forward, backward = output.chunk(2, dim=-1)
    return backward, forward


@misconception(
    "split_directions",
    "Your pieces take every other feature. Are the directions interleaved, or side by side?",
)
def every_other_feature(output):
    return output[..., 0::2], output[..., 1::2]


@misconception(
    "split_directions",
    "You cut time in two: early steps and late steps. Which axis holds the directions?",
)
def cut_along_time(output):
    return output.chunk(2, dim=1)


@misconception(
    "split_directions",
    "You cut the batch in two. Which axis holds the directions?",
)
def cut_along_the_batch(output):
    return output.chunk(2)


@misconception(
    "split_directions",
    "Your pieces have the right shape, but their numbers come from several steps at once. What does "
    "a view to (2, B, T, H) regroup?",
)
def viewed_with_directions_first(output):
    B, T, features = output.shape
    forward, backward = output.reshape(2, B, T, features // 2)
    return forward, backward


@misconception(
    "split_directions",
    "Both of your pieces still have 2H features. What is left of one row of output once the other "
    "direction is gone?",
)
def one_half_zeroed(output):
    H = output.shape[-1] // 2
    keep = torch.arange(2 * H) < H
    return output * keep, output * ~keep


@misconception(
    "split_directions",
    "You ask for pieces of 2 features where you want 2 pieces. What does the number in split count?",
)
def pieces_of_two(output):
    forward, backward = output.split(2, dim=-1)
    return forward, backward


@misconception(
    "split_directions",
    "Your pieces hold a single step. How many steps has each direction read?",
)
def final_states_only(output):
    H = output.shape[-1] // 2
    return output[:, -1, :H], output[:, 0, H:]


@misconception(
    "split_directions",
    "Your backward half has its features in reverse order. What does flip reverse, and is that "
    "wanted here?",
)
def features_mirrored(output):
    H = output.shape[-1] // 2
    return output[..., :H], output.flip(-1)[..., :H]


@misconception(
    "split_directions",
    "Your first half is right, and your second one is a copy of it. Where does the second begin?",
)
def forward_twice(output):
    H = output.shape[-1] // 2
    return output[..., :H], output[..., :H].clone()


@misconception(
    "split_directions",
    "Your values are right, but no gradient goes back to output. Is the result made of output's "
    "numbers, or of output?",
)
def split_without_gradient(output):
    forward, backward = output.detach().chunk(2, dim=-1)
    return forward, backward


@misconception(
    "split_directions",
    "Your pieces have the right shape, but they mix both directions and different steps. What does "
    "a view to (B, 2, T, H) regroup?",
)
def viewed_with_directions_second(output):
    B, T, features = output.shape
    return output.reshape(B, 2, T, features // 2).unbind(1)


@misconception(
    "split_directions",
    "Both of your halves run against time. Which step does output[:, t] belong to?",
)
def both_flipped_in_time(output):
    return output.flip(1).chunk(2, dim=-1)


@misconception(
    "split_directions",
    "Where a size is 1, your halves lose an axis. What does squeeze do to a size of 1?",
)
def squeezed_halves(output):
    return [half.squeeze() for half in output.chunk(2, dim=-1)]


@misconception(
    "split_directions",
    "Your backward half carries no gradient. How will that direction learn?",
)
def backward_detached(output):
    forward, backward = output.chunk(2, dim=-1)
    return forward, backward.detach()


@misconception(
    "split_directions",
    "You cut along time: each half has some of the steps and both directions. Along which axis are "
    "the directions side by side?",
)
def cut_after_h_steps(output):
    H = output.shape[-1] // 2
    return output[:, :H], output[:, H:]


# --- final_state -----------------------------------------------------------------------------


@misconception(
    "final_state",
    "You return the first layer's state. Which layer has the last word in a stack?",
)
def first_layer(h_n, bidirectional=False):
    if bidirectional:
        return torch.cat([h_n[0], h_n[1]], dim=1)
    return h_n[0]


@misconception(
    "final_state",
    "With two directions you return the backward state alone. Whose state comes before it in h_n?",
)
def backward_only(h_n, bidirectional=False):
    return h_n[-1]


@misconception(
    "final_state",
    "With two directions you return the forward state alone. What has the other direction read?",
)
def forward_only(h_n, bidirectional=False):
    return h_n[-2] if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "Your row has backward before forward. Which of the last two entries of h_n is which?",
)
def backward_before_forward(h_n, bidirectional=False):
    if bidirectional:
        return torch.cat([h_n[-1], h_n[-2]], dim=1)
    return h_n[-1]


@misconception(
    "final_state",
    "You index h_n as if it were batch first: your result holds the states of the last sequences. "
    "What does h_n's first axis count?",
)
def h_n_taken_as_batch_first(h_n, bidirectional=False):
    if bidirectional:
        return torch.cat([h_n[:, -2], h_n[:, -1]], dim=1)
    return h_n[:, -1]


@misconception(
    "final_state",
    "Your rows hold states of other sequences: a view joins the directions only if they are "
    "already next to each other. Which axis has to move first?",
)
def directions_viewed_into_rows(h_n, bidirectional=False):
    if bidirectional:
        return h_n[-2:].reshape(h_n.shape[1], -1)
    return h_n[-1]


@misconception(
    "final_state",
    "You put all layers into one row. Which of them does a classifier read?",
)
def all_layers_in_one_row(h_n, bidirectional=False):
    return h_n.transpose(0, 1).flatten(1)


@misconception(
    "final_state",
    "Your forward state comes from another layer than your backward state. In what order does h_n "
    "list layers and directions?",
)
def all_forward_states_first(h_n, bidirectional=False):
    if bidirectional:
        layers = h_n.shape[0] // 2
        return torch.cat([h_n[layers - 1], h_n[-1]], dim=1)
    return h_n[-1]


@misconception(
    "final_state",
    "You join the backward state of the layer below with the last layer's forward state. Which two "
    "entries belong to one layer?",
)
def one_entry_too_early(h_n, bidirectional=False):
    if bidirectional:
        return torch.cat([h_n[-3 % len(h_n)], h_n[-2]], dim=1)
    return h_n[-1]


@misconception(
    "final_state",
    "You take the second layer's states, however many layers there are. Which index is the last in "
    "any stack?",
)
def always_the_second_layer(h_n, bidirectional=False):
    D = 2 if bidirectional else 1
    layers = h_n.reshape(-1, D, *h_n.shape[1:])
    return torch.cat(list(layers[min(1, len(layers) - 1)]), dim=1)


@misconception(
    "final_state",
    "Your two directions are added up. How many features should a row have, so that none is lost?",
)
def directions_added(h_n, bidirectional=False):
    return h_n[-2] + h_n[-1] if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "Your result is the mean over all layers. Which of them is asked for?",
)
def mean_over_layers(h_n, bidirectional=False):
    if bidirectional:
        return torch.cat([h_n[0::2].mean(dim=0), h_n[1::2].mean(dim=0)], dim=1)
    return h_n.mean(dim=0)


@misconception(
    "final_state",
    "Your two directions come one after the other, as more rows of the batch. Along which axis "
    "should they be joined?",
)
def directions_joined_as_rows(h_n, bidirectional=False):
    return torch.cat([h_n[-2], h_n[-1]]) if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "Your two directions have an axis of their own. How many axes does (B, 2H) have?",
)
def directions_stacked(h_n, bidirectional=False):
    return torch.stack([h_n[-2], h_n[-1]], dim=1) if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "Your directions take turns through the features of a row. Should forward end before backward "
    "begins?",
)
def directions_interleaved(h_n, bidirectional=False):
    if bidirectional:
        return torch.stack([h_n[-2], h_n[-1]], dim=2).flatten(1)
    return h_n[-1]


@misconception(
    "final_state",
    "You guess the directions from the size of h_n: two entries may be two layers of one "
    "direction, or one layer of two. Which argument tells you?",
)
def directions_guessed(h_n, bidirectional=False):
    if h_n.shape[0] % 2 == 0:
        return torch.cat([h_n[-2], h_n[-1]], dim=1)
    return h_n[-1]


@misconception(
    "final_state",
    "Your result keeps an axis of size 1 for the layer. What is the difference between h_n[-1] and "
    "h_n[-1:]?",
)
def layer_axis_kept(h_n, bidirectional=False):
    return torch.cat([h_n[-2:-1], h_n[-1:]], dim=2) if bidirectional else h_n[-1:]


@misconception(
    "final_state",
    "With one sequence, or one feature, your result loses an axis. Which sizes does squeeze remove?",
)
def squeezed(h_n, bidirectional=False):
    if bidirectional:
        return torch.cat([h_n[-2], h_n[-1]], dim=1).squeeze()
    return h_n[-1].squeeze()


@misconception(
    "final_state",
    "Your values are right, but no gradient goes back to h_n. How will the network that made it "
    "learn?",
)
def state_without_gradient(h_n, bidirectional=False):
    h_n = h_n.detach()
    return torch.cat([h_n[-2], h_n[-1]], dim=1) if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "By default your function takes h_n to have two directions. What does the stub's signature "
    "say?",
)
def two_directions_by_default(h_n, bidirectional=True):
    return torch.cat([h_n[-2], h_n[-1]], dim=1) if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "You join the first layer's forward state with the last layer's backward state. Which entries "
    "belong to one layer?",
)
def ends_of_the_list(h_n, bidirectional=False):
    return torch.cat([h_n[0], h_n[-1]], dim=1) if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "With two directions, your forward half carries no gradient. How will that direction learn?",
)
def forward_detached(h_n, bidirectional=False):
    return torch.cat([h_n[-2].detach(), h_n[-1]], dim=1) if bidirectional else h_n[-1]


# --- run_time_major --------------------------------------------------------------------------


@misconception(
    "run_time_major",
    "rnn takes your sequences for steps: output has the shape you expect, but h_n hasn't, and the "
    "rows influence each other. What does rnn think axis 0 is?",
)
def handed_over_as_it_is(rnn, x):
    return rnn(x)


@misconception(
    "run_time_major",
    "Your steps hold pieces of several sequences. Does reshape swap two axes, or only regroup the "
    "numbers?",
)
def input_reshaped(rnn, x):
    output, h_n = rnn(x.reshape(x.shape[1], x.shape[0], x.shape[2]))
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your input was transposed, but output was only regrouped: states of different sequences have "
    "changed places. Which operation undoes a transpose?",
)
def output_reshaped(rnn, x):
    output, h_n = rnn(x.transpose(0, 1))
    return output.reshape(x.shape[0], x.shape[1], -1), h_n


@misconception(
    "run_time_major",
    "Your input and your output were both regrouped, so the shapes fit but the sequences are "
    "mixed. What does a step of rnn really see?",
)
def both_reshaped(rnn, x):
    output, h_n = rnn(x.reshape(x.shape[1], x.shape[0], x.shape[2]))
    return output.reshape(x.shape[0], x.shape[1], -1), h_n


@misconception(
    "run_time_major",
    "Your output comes back with time first. In which order does the caller expect its axes?",
)
def output_left_time_first(rnn, x):
    return rnn(x.transpose(0, 1))


@misconception(
    "run_time_major",
    "You transposed h_n as well. Which axis of h_n would be time?",
)
def h_n_turned_too(rnn, x):
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n.transpose(0, 1)


@misconception(
    "run_time_major",
    "Your h_n is the last state alone. What shape does the table ask for?",
)
def last_state_for_h_n(rnn, x):
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n[-1]


@misconception(
    "run_time_major",
    "You return output and nothing else. How many results does the table name?",
)
def output_alone(rnn, x):
    output, _ = rnn(x.transpose(0, 1))
    return output.transpose(0, 1)


@misconception(
    "run_time_major",
    "You swapped the wrong pair of axes: rnn gets features where it wants the batch. Which two "
    "axes change places?",
)
def last_axes_swapped(rnn, x):
    output, h_n = rnn(x.transpose(1, 2))
    return output.transpose(1, 2), h_n


@misconception(
    "run_time_major",
    "Your values are right, but the caller's x is transposed afterwards. Which method transposes a "
    "tensor in place?",
)
def x_turned_in_place(rnn, x):
    with torch.no_grad():
        x.transpose_(0, 1)
    output, h_n = rnn(x)
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your values are right, but rnn takes batch-first data from now on: you changed its option for "
    "good. What will the next caller get?",
)
def option_changed_for_good(rnn, x):
    rnn.batch_first = True
    return rnn(x)


@misconception(
    "run_time_major",
    "Your values are right, but you ran a copy: no gradient reaches the parameters of rnn itself. "
    "Which module is to be trained?",
)
def a_copy_is_run(rnn, x):
    twin = copy.deepcopy(rnn)
    twin.batch_first = True
    return twin(x)


@misconception(
    "run_time_major",
    "Your values are right, but nothing carries a gradient. Is this a call for predictions only?",
)
def run_under_no_grad(rnn, x):
    with torch.no_grad():
        output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your values are right, but no gradient reaches x. What if x comes out of a layer below that "
    "has to learn?",
)
def x_detached(rnn, x):
    output, h_n = rnn(x.detach().transpose(0, 1))
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your h_n carries no gradient. Which of the two results would a classifier read?",
)
def h_n_detached(rnn, x):
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n.detach()


@misconception(
    "run_time_major",
    "Your network starts from random numbers. What state should it have before it has read anything?",
)
def random_start(rnn, x):
    D = 2 if rnn.bidirectional else 1
    h0 = torch.randn(rnn.num_layers * D, x.shape[0], rnn.hidden_size, dtype=x.dtype)
    output, h_n = rnn(x.transpose(0, 1), h0)
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your zero state has one entry per layer, which is too few for two directions. How many final "
    "states does such a layer have?",
)
def start_for_one_direction(rnn, x):
    h0 = torch.zeros(rnn.num_layers, x.shape[0], rnn.hidden_size, dtype=x.dtype)
    output, h_n = rnn(x.transpose(0, 1), h0)
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your zero state is float32 whatever x's dtype. Which dtype do new zeros get by default?",
)
def float32_start(rnn, x):
    D = 2 if rnn.bidirectional else 1
    h0 = torch.zeros(rnn.num_layers * D, x.shape[0], rnn.hidden_size)
    output, h_n = rnn(x.transpose(0, 1), h0)
    return output.transpose(0, 1), h_n


_kept = {}


@misconception(
    "run_time_major",
    "Your second call starts where the first one ended. What does a new batch have to do with the "
    "last one?",
)
def state_kept_between_calls(rnn, x):
    h0 = _kept.get("h")
    D = 2 if rnn.bidirectional else 1
    wanted = (rnn.num_layers * D, x.shape[0], rnn.hidden_size)
    if h0 is None or h0.shape != wanted or h0.dtype != x.dtype:
        h0 = None
    output, h_n = rnn(x.transpose(0, 1), h0)
    _kept["h"] = h_n.detach()
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "You reversed time itself: rnn reads the last step first. Which two axes change places, and "
    "does either change its direction?",
)
def time_flipped(rnn, x):
    output, h_n = rnn(x.transpose(0, 1).flip(0))
    return output.flip(0).transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "You run the sequences one after the other, each from where the one before ended. Does a new "
    "sequence know anything of the last one?",
)
def state_carried_from_row_to_row(rnn, x):
    outputs, states, h = [], [], None
    for row in x:
        output, h = rnn(row[:, None], h)
        outputs.append(output[:, 0])
        states.append(h[:, 0])
    return torch.stack(outputs), torch.stack(states, dim=1)


@misconception(
    "run_time_major",
    "Every one of your steps starts from zeros: rnn reads many sequences of one step. What hands "
    "the state on?",
)
def every_step_for_itself(rnn, x):
    results = [rnn(x[:, t][None]) for t in range(x.shape[1])]
    return torch.cat([output for output, _ in results]).transpose(0, 1), results[-1][1]


@misconception(
    "run_time_major",
    "You give rnn the steps one by one, which works for the forward direction only. In which order "
    "does the backward direction read?",
)
def step_by_step_in_both_directions(rnn, x):
    h_n, outputs = None, []
    for t in range(x.shape[1]):
        output, h_n = rnn(x[:, t][None], h_n)
        outputs.append(output[0])
    return torch.stack(outputs, dim=1), h_n


@misconception(
    "run_time_major",
    "Your output has H features even with two directions. Whose half is missing?",
)
def forward_half_of_output(rnn, x):
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1)[..., : rnn.hidden_size], h_n


@misconception(
    "run_time_major",
    "Your h_n has the last layer's states only. How many layers does the table count?",
)
def h_n_of_the_last_layer(rnn, x):
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n[-2:] if rnn.bidirectional else h_n[-1:]


@misconception(
    "run_time_major",
    "Axes of size 1 are missing from your output. What does squeeze do with a single sequence?",
)
def output_squeezed(rnn, x):
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1).squeeze(), h_n


@misconception(
    "run_time_major",
    "Your values are right, but rnn is left in evaluation mode. Who will switch it back before the "
    "next training step?",
)
def left_in_evaluation_mode(rnn, x):
    rnn.eval()
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your values are right, but the parameters of rnn are frozen afterwards. How long does "
    "requires_grad_(False) last?",
)
def parameters_frozen_for_the_run(rnn, x):
    rnn.requires_grad_(False)
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n


@misconception(
    "load_weights",
    "Your values are right, but rnn is left in evaluation mode. Did anybody ask for that?",
)
def evaluation_mode_left_on(rnn, W_xh, W_hh, b):
    rnn.eval()
    rnn.load_state_dict(
        dict(weight_ih_l0=W_xh, weight_hh_l0=W_hh, bias_ih_l0=b, bias_hh_l0=torch.zeros_like(b))
    )


@misconception(
    "final_state",
    "With one direction, no gradient goes back to h_n. How will the network that made it learn?",
)
def one_direction_detached(h_n, bidirectional=False):
    return torch.cat([h_n[-2], h_n[-1]], dim=1) if bidirectional else h_n[-1].detach()


@misconception(
    "run_time_major",
    "Your values are right, but rnn is in training mode afterwards, whatever it was before. Whose "
    "choice is the mode?",
)
def switched_to_training(rnn, x):
    rnn.train()
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "You squash with tanh although this rnn was made with relu. What knows how rnn squashes, if "
    "not rnn itself?",
)
def always_tanh(rnn, x):
    twin = nn.RNN(
        rnn.input_size,
        rnn.hidden_size,
        rnn.num_layers,
        bias=rnn.bias,
        batch_first=True,
        bidirectional=rnn.bidirectional,
    )
    return torch.func.functional_call(twin, dict(rnn.named_parameters()), (x,))


@misconception(
    "run_time_major",
    "Your function reads a bias, and this rnn was made without any. Do you need its parameters at "
    "all?",
)
def biases_taken_for_granted(rnn, x):
    h0 = rnn.bias_hh_l0.new_zeros(
        rnn.num_layers * (1 + rnn.bidirectional), x.shape[0], rnn.hidden_size
    )
    output, h_n = rnn(x.transpose(0, 1), h0)
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "Your values are right, but the gradients that rnn held are gone. Who may still need them?",
)
def gradients_wiped(rnn, x):
    rnn.zero_grad()
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "In evaluation mode your results carry no gradient. Evaluation mode is about dropout and the "
    "like: who decides whether a graph is built?",
)
def no_graph_in_evaluation_mode(rnn, x):
    with torch.set_grad_enabled(rnn.training):
        output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n


# --- natural first attempts -------------------------------------------------------------------


@misconception(
    "predict_shapes",
    "Your shapes are the same with one direction and with two. Where does nn.RNN put a second "
    "direction: in output, in h_n, or in both?",
)
def directions_ignored(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    return (*outer, hidden_size), (num_layers, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your shapes depend on neither of the two options. What does a second direction change, and what "
    "does batch_first?",
)
def both_options_ignored(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    return (batch_size, seq_len, hidden_size), (num_layers, batch_size, hidden_size)


@misconception(
    "predict_shapes",
    "Your h_n has no axis that counts layers and directions: (B, H). Whose final states does nn.RNN "
    "hand out?",
)
def h_n_without_layer_axis(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (batch_size, hidden_size)


@misconception(
    "load_weights",
    "You took one of rnn's biases away, and rnn can't run without it. What should its numbers be, "
    "so that only b is left of the sum?",
)
def second_bias_removed(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(W_xh)
        rnn.weight_hh_l0.copy_(W_hh)
        rnn.bias_ih_l0.copy_(b)
    rnn.bias_hh_l0 = None


@misconception(
    "split_directions",
    "Your first piece is the whole output and your second one is empty. How wide is one direction, if "
    "the last axis of output holds both?",
)
def cut_at_the_end(output):
    H = output.shape[-1]
    return output[..., :H], output[..., H:]


@misconception(
    "split_directions",
    "Your pieces are single features: the first and the second. How many features does each "
    "direction have?",
)
def single_features(output):
    return output[:, :, 0], output[:, :, 1]


@misconception(
    "split_directions",
    "Your pieces are the first two sequences of the batch. Which axis holds the directions?",
)
def first_two_rows(output):
    return output[0], output[1]


@misconception(
    "final_state",
    "With one direction and one layer your result is right; with more layers all of them come "
    "back. What does squeeze(0) do with an axis that is longer than 1?",
)
def layer_axis_squeezed(h_n, bidirectional=False):
    if bidirectional:
        return torch.cat([h_n[-2], h_n[-1]], dim=1)
    return h_n.squeeze(0)


@misconception(
    "run_time_major",
    "You reversed the order of all three axes: rnn gets (I, T, B). Which two axes change places, "
    "and which one stays?",
)
def all_axes_turned(rnn, x):
    output, h_n = rnn(x.permute(2, 1, 0))
    return output.permute(2, 1, 0), h_n


@misconception(
    "predict_shapes",
    "Your h_n has one entry however many layers and directions there are. Whose final states does "
    "nn.RNN hand out?",
)
def single_entry_in_h_n(
    batch_size, seq_len, hidden_size, num_layers=1, bidirectional=False, batch_first=True
):
    outer = (batch_size, seq_len) if batch_first else (seq_len, batch_size)
    D = 2 if bidirectional else 1
    return (*outer, D * hidden_size), (1, batch_size, hidden_size)


@misconception(
    "load_weights",
    "rnn has no parameters of those names: yours don't say which layer is meant. Which names does "
    "rnn.named_parameters() list?",
)
def names_without_layer(rnn, W_xh, W_hh, b):
    with torch.no_grad():
        rnn.weight_ih.copy_(W_xh)
        rnn.weight_hh.copy_(W_hh)
        rnn.bias_ih.copy_(b)
        rnn.bias_hh.zero_()


@misconception(
    "load_weights",
    "load_state_dict refuses your dict: its names or shapes aren't those of rnn. Which ones does "
    "rnn.state_dict() have?",
)
def state_dict_incomplete(rnn, W_xh, W_hh, b):
    rnn.load_state_dict({"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": b})


@misconception(
    "load_weights",
    "load_state_dict refuses your dict: its names or shapes aren't those of rnn. Which ones does "
    "rnn.state_dict() have?",
    like="state_dict_incomplete",
)
def state_dict_of_other_names(rnn, W_xh, W_hh, b):
    rnn.load_state_dict({"W_xh": W_xh, "W_hh": W_hh, "b": b})


@misconception(
    "final_state",
    "With two directions your result is the first layer's state. Which layer has the last word in "
    "a stack?",
)
def first_layer_of_two_directions(h_n, bidirectional=False):
    return torch.cat([h_n[0], h_n[1]], dim=1) if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "With two directions your result is (2, B, H): one state after the other. How do they get side "
    "by side in each row?",
)
def last_two_entries(h_n, bidirectional=False):
    return h_n[-2:] if bidirectional else h_n[-1]


@misconception(
    "final_state",
    "With two directions you return two tensors. Which single one does the table ask for?",
)
def pair_of_directions(h_n, bidirectional=False):
    return (h_n[-2], h_n[-1]) if bidirectional else h_n[-1]


@misconception(
    "run_time_major",
    "You transpose what comes out, but not what goes in: rnn takes your sequences for steps. What "
    "does rnn think axis 0 is?",
)
def output_turned_alone(rnn, x):
    output, h_n = rnn(x)
    return output.transpose(0, 1), h_n


@misconception(
    "run_time_major",
    "You remove the batch axis of a single sequence, and h_n comes back without it. What does "
    "nn.RNN take a tensor of two axes for?",
)
def one_row_without_a_batch(rnn, x):
    if len(x) == 1 and x.shape[1] > 1 and x.shape[2] > 1:
        output, h_n = rnn(x.squeeze(0))
        return output.unsqueeze(0), h_n
    output, h_n = rnn(x.transpose(0, 1))
    return output.transpose(0, 1), h_n


@misconception(
    "final_state",
    "Your result is always the first entry of h_n, with two directions too. Of which layer and "
    "direction is that entry, and what has it seen?",
)
def first_entry_always(h_n, bidirectional=False):
    return h_n[0]


@misconception(
    "final_state",
    "Your result keeps an axis of size 1 in front, and with two directions it is the backward one "
    "alone. What does a slice do with the axis that it cuts, and how many entries has the last layer?",
)
def last_entry_as_a_slice(h_n, bidirectional=False):
    return h_n[-1:]


@misconception(
    "final_state",
    "Your result has a row for each layer and direction, and all of them belong to the last "
    "sequence. Which axis of h_n counts the sequences, and does batch_first change that?",
)
def last_sequence_of_all_entries(h_n, bidirectional=False):
    return h_n[:, -1]
