"""Wrong answers to exercise 1, each with what a teacher would say on seeing it."""

import torch

from grading.testing.answers import misconception


def _sum(x_t, h_prev, W_xh, W_hh, b):
    """The three terms of a step, before the squashing."""
    return x_t @ W_xh.T + h_prev @ W_hh.T + b


def _start(x, h0, W_hh):
    """The state before the first step."""
    return x.new_zeros(x.shape[0], W_hh.shape[0]) if h0 is None else h0


# --- rnn_step: the terms ---------------------------------------------------------------------


@misconception(
    "rnn_step",
    "Your code leaves b out. What should remain when x_t and h_prev are zero?",
)
def bias_forgotten(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T)


@misconception(
    "rnn_step",
    "Your state equals tanh of two terms with b added afterwards, so it can leave -1..1. "
    "Which terms does the formula put inside the brackets?",
)
def bias_outside_tanh(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T) + b


@misconception(
    "rnn_step",
    "Your code adds b twice. nn.RNN has two biases that add up to our b: how many does this "
    "exercise have?",
)
def bias_counted_twice(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh((x_t @ W_xh.T + b) + (h_prev @ W_hh.T + b))


@misconception(
    "rnn_step",
    "Your code takes b with the opposite sign. Is the bias added or taken away?",
)
def bias_subtracted(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T - b)


@misconception(
    "rnn_step",
    "Your new state does not depend on h_prev. How does the network remember what it has read?",
)
def state_ignored(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + b)


@misconception(
    "rnn_step",
    "Your new state does not depend on x_t. Where does the input of this step come in?",
)
def input_ignored(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(h_prev @ W_hh.T + b)


@misconception(
    "rnn_step",
    "Your code adds h_prev as it is, without W_hh. Which matrix stands before h_{t-1} in the "
    "formula?",
)
def state_carried_without_matrix(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev + b)


@misconception(
    "rnn_step",
    "Your code adds the old state once more, outside tanh. Does the formula have anything outside "
    "tanh?",
)
def old_state_added(x_t, h_prev, W_xh, W_hh, b):
    return h_prev + torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b))


@misconception(
    "rnn_step",
    "Your state lies halfway between the old state and the new one. Does a plain recurrent "
    "network blend the two, or does the new one take over?",
)
def old_and_new_state_blended(x_t, h_prev, W_xh, W_hh, b):
    return 0.5 * h_prev + 0.5 * torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b))


@misconception(
    "rnn_step",
    "Your code multiplies the input's term by the state's term instead of adding them. What should "
    "be left of the input when h_prev is zero?",
)
def terms_multiplied(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh((x_t @ W_xh.T) * (h_prev @ W_hh.T) + b)


# --- rnn_step: the squashing -----------------------------------------------------------------


@misconception(
    "rnn_step",
    "Your state is the bare sum, so it can grow step by step. What keeps it between -1 and 1?",
)
def tanh_forgotten(x_t, h_prev, W_xh, W_hh, b):
    return _sum(x_t, h_prev, W_xh, W_hh, b)


@misconception(
    "rnn_step",
    "Your code squashes each term separately, which shows only when there is more than one. How "
    "often does tanh occur in the formula, and around what?",
)
def tanh_of_each_term(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T) + torch.tanh(h_prev @ W_hh.T) + torch.tanh(b)


@misconception(
    "rnn_step",
    "Your code squashes the input's term and b only, and adds the state's term afterwards. Where "
    "does the bracket of tanh close?",
)
def state_outside_tanh(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + b) + h_prev @ W_hh.T


@misconception(
    "rnn_step",
    "Your code takes tanh of x's term alone and adds the old state's term and b afterwards. Where "
    "does the bracket of tanh close?",
)
def only_x_inside_tanh(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T) + h_prev @ W_hh.T + b


@misconception(
    "rnn_step",
    "Your state is tanh of tanh. How often does the formula squash, and at which moment?",
)
def squashed_twice(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b)))


@misconception(
    "rnn_step",
    "Your state comes from a sigmoid: it never goes below 0. Which function does the formula name?",
)
def sigmoid_for_tanh(x_t, h_prev, W_xh, W_hh, b):
    return torch.sigmoid(_sum(x_t, h_prev, W_xh, W_hh, b))


@misconception(
    "rnn_step",
    "Your state comes from a ReLU: no entry is negative, and large ones pass unsquashed. "
    "Which function does the formula name?",
)
def relu_for_tanh(x_t, h_prev, W_xh, W_hh, b):
    return torch.relu(_sum(x_t, h_prev, W_xh, W_hh, b))


@misconception(
    "rnn_step",
    "Your state is cut off at -1 and 1 and is a straight line in between. How does tanh bend on "
    "the way there?",
)
def clamped_for_tanh(x_t, h_prev, W_xh, W_hh, b):
    return _sum(x_t, h_prev, W_xh, W_hh, b).clamp(-1, 1)


@misconception(
    "rnn_step",
    "The entries of your state add up to 1 in every row, as after a softmax. Should one hidden "
    "unit's value depend on the others of the same step?",
)
def softmax_for_tanh(x_t, h_prev, W_xh, W_hh, b):
    return torch.softmax(_sum(x_t, h_prev, W_xh, W_hh, b), dim=-1)


# --- rnn_step: the matrices ------------------------------------------------------------------


@misconception(
    "rnn_step",
    "Your code reads W_hh along the wrong axis; as it is square, there is no error. Which index of "
    "W_hh counts the old state's entries?",
)
def W_hh_not_transposed(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh + b)


@misconception(
    "rnn_step",
    "You multiply x_t by W_xh with the axes as they are. x_t is (B, I) and W_xh is (H, I): which "
    "two axes should meet?",
)
def W_xh_not_transposed(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh + h_prev @ W_hh.T + b)


@misconception(
    "rnn_step",
    "Your W_xh got the right shape, but its entries moved to other rows and columns. Does a "
    "reshape swap two axes, or only regroup the numbers?",
)
def W_xh_reshaped(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.reshape(x_t.shape[1], -1) + h_prev @ W_hh.T + b)


@misconception(
    "rnn_step",
    "Only the diagonal of W_hh reaches your state. Should a hidden unit hear from the other units?",
)
def diagonal_of_W_hh(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev * W_hh.diagonal() + b)


@misconception(
    "rnn_step",
    "Your input goes through the absolute values of W_xh. What can a negative weight do to the "
    "state?",
)
def weights_without_sign(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.abs().T + h_prev @ W_hh.T + b)


@misconception(
    "rnn_step",
    "Your result is computed as (H, B), and you reshaped it to (B, H). Which operation swaps the "
    "two axes without mixing the rows?",
)
def columns_reshaped_into_rows(x_t, h_prev, W_xh, W_hh, b):
    z = W_xh @ x_t.T + W_hh @ h_prev.T + b[:, None]
    return torch.tanh(z).reshape(h_prev.shape)


@misconception(
    "rnn_step",
    "You squash x_t and h_prev before the matrices get them. Is tanh taken of the inputs, or of "
    "the sum?",
)
def tanh_before_the_matrices(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t) @ W_xh.T + torch.tanh(h_prev) @ W_hh.T + b


# --- rnn_step: the batch ---------------------------------------------------------------------


@misconception(
    "rnn_step",
    "Every row of your result starts from the first row's state. Which row of h_prev belongs to "
    "which row of x_t?",
)
def first_row_for_all(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + W_hh @ h_prev[0] + b)


@misconception(
    "rnn_step",
    "Your state mixes the old states of all rows into one. Do the rows of a batch belong together?",
)
def rows_averaged(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev.mean(dim=0) @ W_hh.T + b)


@misconception(
    "rnn_step",
    "With one row in the batch, your state has lost the batch axis. What does squeeze do to a "
    "size of 1?",
)
def batch_of_one_squeezed(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b)).squeeze()


# --- rnn_step: gradients, dtype, arguments ---------------------------------------------------


@misconception(
    "rnn_step",
    "Your values are right, but no gradient goes back through them. What cuts the result off "
    "from its inputs?",
)
def gradient_cut(x_t, h_prev, W_xh, W_hh, b):
    with torch.no_grad():
        return torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b))


@misconception(
    "rnn_step",
    "Your result requires grad, yet no gradient reaches its inputs. What does requires_grad_() do "
    "to a tensor that was cut off from them?",
)
def gradient_switched_on_afterwards(x_t, h_prev, W_xh, W_hh, b):
    with torch.no_grad():
        h_t = torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b))
    return h_t.requires_grad_()


@misconception(
    "rnn_step",
    "Your values are right, but the gradient passes as if there were no tanh. What is the slope of "
    "tanh where it is nearly flat?",
)
def slope_of_tanh_lost(x_t, h_prev, W_xh, W_hh, b):
    z = _sum(x_t, h_prev, W_xh, W_hh, b)
    return z + (torch.tanh(z) - z).detach()


@misconception(
    "rnn_step",
    "Your values are right, but the gradient with respect to b is missing. Should the bias stay as "
    "it is for ever?",
)
def bias_detached(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, torch.tensor(b.tolist(), dtype=b.dtype)))


@misconception(
    "rnn_step",
    "Your values are right, but no gradient reaches b while it holds nothing but zeros. How would a "
    "bias that starts at zero ever learn?",
)
def bias_of_zeros_left_out(x_t, h_prev, W_xh, W_hh, b):
    z = x_t @ W_xh.T + h_prev @ W_hh.T
    if b.any():
        z = z + b
    return torch.tanh(z)


@misconception(
    "rnn_step",
    "Your values are right, but the gradient with respect to x_t is missing. What if x_t comes out "
    "of a layer below that has to learn?",
)
def input_detached(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t.detach(), h_prev, W_xh, W_hh, b))


@misconception(
    "rnn_step",
    "Your values are right, but the gradient with respect to h_prev is missing. How will a loss at "
    "a late step reach an early one?",
)
def old_state_detached(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t, h_prev.detach(), W_xh, W_hh, b))


@misconception(
    "rnn_step",
    "Your values are right, but the gradients with respect to the parameters are missing. How will "
    "the network learn without them?",
)
def weights_detached(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t, h_prev, W_xh.data, W_hh.data, b.data))


@misconception(
    "rnn_step",
    "Your result is float32 whatever the inputs' dtype. Which dtype does a new tensor get by "
    "default, and which one do the inputs have?",
)
def rows_into_float32_buffer(x_t, h_prev, W_xh, W_hh, b):
    h_t = torch.zeros(h_prev.shape)
    for i in range(len(x_t)):
        h_t[i] = torch.tanh(W_xh @ x_t[i] + W_hh @ h_prev[i] + b)
    return h_t


@misconception(
    "rnn_step",
    "Your result has the right dtype but only float32's precision: float64 inputs lose digits on "
    "the way. Is there a conversion inside that nobody asked for?",
)
def computed_in_float32(x_t, h_prev, W_xh, W_hh, b):
    parts = [value.float() for value in (x_t, h_prev, W_xh, W_hh, b)]
    return torch.tanh(_sum(*parts)).to(x_t.dtype)


@misconception(
    "rnn_step",
    "Your value is right, but h_prev now holds the new state: the caller's old state is gone. "
    "Which operations write into the tensor that they are called on?",
)
def h_prev_overwritten(x_t, h_prev, W_xh, W_hh, b):
    h_t = torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b))
    h_prev.data.copy_(h_t)
    return h_t


@misconception(
    "rnn_step",
    "Your value is right, but the caller's W_xh is transposed afterwards. What does a trailing "
    "underscore mean in PyTorch?",
)
def W_xh_turned_for_good(x_t, h_prev, W_xh, W_hh, b):
    with torch.no_grad():
        W_xh.t_()
    return torch.tanh(x_t @ W_xh + h_prev @ W_hh.T + b)


@misconception(
    "rnn_step",
    "Your value is right, but every call adds to the caller's b. Which of your lines writes into an "
    "argument?",
)
def b_collects_the_step(x_t, h_prev, W_xh, W_hh, b):
    h_t = torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b))
    b.data += x_t.detach()[0] @ W_xh.detach().T
    return h_t


@misconception(
    "rnn_step",
    "Your step is right, but PyTorch's own cell takes it. How would you write it with matrix "
    "products and tanh alone?",
)
def torch_kernel_called(x_t, h_prev, W_xh, W_hh, b):
    return torch.rnn_tanh_cell(x_t, h_prev, W_xh, W_hh, b, torch.zeros_like(b))


# --- rnn_forward: the start ------------------------------------------------------------------


@misconception(
    "rnn_forward",
    "Your states start from zeros even when an h0 is given. Where does h0 come in?",
)
def h0_ignored(x, h0, W_xh, W_hh, b):
    h, states = _start(x, None, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Without an h0 your code stops, or carries None into the first step. What state should a "
    "network start from when it has read nothing?",
)
def none_not_handled(x, h0, W_xh, W_hh, b):
    h, states = h0, []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your code asks whether h0 is true, and a tensor of several numbers has no answer to that. "
    "Which question tells None from a tensor?",
)
def truth_of_h0(x, h0, W_xh, W_hh, b):
    h, states = h0 or _start(x, None, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Without an h0 you start from a different state each time. What should a network's state be "
    "before it has read anything?",
)
def random_start(x, h0, W_xh, W_hh, b):
    h = torch.randn_like(_start(x, None, W_hh)) if h0 is None else h0
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Without an h0 your states start from ones. Which start adds nothing to the sum?",
)
def start_from_ones(x, h0, W_xh, W_hh, b):
    h = torch.ones_like(_start(x, None, W_hh)) if h0 is None else h0
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Without an h0 your start is float32 whatever x's dtype. Which dtype should the zeros have?",
)
def float32_zeros(x, h0, W_xh, W_hh, b):
    h = torch.zeros(x.shape[0], W_hh.shape[0]) if h0 is None else h0
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


_memory = {}


@misconception(
    "rnn_forward",
    "Your second call starts where the first one ended. If no h0 is given, what does a new "
    "sequence have to do with the last one?",
)
def state_kept_between_calls(x, h0, W_xh, W_hh, b):
    kept = _memory.get("h")
    fits = kept is not None and kept.shape == (len(x), len(b)) and kept.dtype == x.dtype
    h = h0 if h0 is not None else kept if fits else _start(x, None, W_hh)
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    _memory["h"] = h.detach()
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "When no h0 is given, you start again from the last one that was. From which state should a "
    "new sequence start then?",
)
def last_h0_remembered(x, h0, W_xh, W_hh, b):
    kept = _memory.get("h0")
    if h0 is None and kept is not None and kept.shape == (len(x), len(b)) and kept.dtype == x.dtype:
        h0 = kept
    elif h0 is not None:
        _memory["h0"] = h0.detach()
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Every row of your batch starts from the first row of h0. Which row of h0 belongs to which "
    "sequence?",
)
def first_h0_for_all(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh)[:1].expand(len(x), -1), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


# --- rnn_forward: the steps ------------------------------------------------------------------


@misconception(
    "rnn_forward",
    "Each of your states has seen only its own step: all of them start from h0 again. Which "
    "variable hands one step's state to the next?",
)
def always_from_h0(x, h0, W_xh, W_hh, b):
    h = _start(x, h0, W_hh)
    states = [rnn_step(x[:, t], h, W_xh, W_hh, b) for t in range(x.shape[1])]  # noqa: F821
    return torch.stack(states, dim=1), states[-1]


@misconception(
    "rnn_forward",
    "Your output holds the state from before each step, so output[:, 0] is h0. Is the state stored "
    "before or after it is updated?",
)
def stored_before_the_update(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        states.append(h)
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output has one state too many: it begins with h0. How many steps are there, and how many "
    "states come after a step?",
)
def start_kept_in_output(x, h0, W_xh, W_hh, b):
    states = [_start(x, h0, W_hh)]
    for t in range(x.shape[1]):
        states.append(rnn_step(x[:, t], states[-1], W_xh, W_hh, b))  # noqa: F821
    return torch.stack(states, dim=1), states[-1]


@misconception(
    "rnn_forward",
    "Your last state has not seen the last step: it repeats the one before. Which number does your "
    "loop end with?",
)
def last_step_left_out(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1] - 1):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack([*states, h], dim=1), h


@misconception(
    "rnn_forward",
    "Your states have never seen the first step of x. At which index does a sequence begin?",
)
def first_step_left_out(x, h0, W_xh, W_hh, b):
    h = _start(x, h0, W_hh)
    states = [h]
    for t in range(1, x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Every one of your steps reads the first step of x. Which index should move with the loop?",
)
def first_input_at_every_step(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for _ in range(x.shape[1]):
        h = rnn_step(x[:, 0], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "You read the sequence from its end to its beginning. Which step has output[:, 0] seen?",
)
def time_reversed(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in reversed(range(x.shape[1])):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.insert(0, h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your states are right, but the latest comes first. At which end of output should step 0 be?",
)
def latest_state_first(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.insert(0, h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your b takes part in the first step only. At which steps should each parameter be used?",
)
def bias_at_first_step_only(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b if t == 0 else torch.zeros_like(b))  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your steps do not share their weights: each one gets new ones. What makes a network "
    "recurrent?",
)
def fresh_weights_each_step(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
        W_xh, W_hh = torch.randn_like(W_xh), torch.randn_like(W_hh) / 4
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your state is a running total: every step adds to the old state. Should a new state be added "
    "to the old one, or replace it?",
)
def states_summed_up(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = h + rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "All steps of your output hold the last state: one and the same tensor was stored again and "
    "again. Does your step make a new tensor, or refill the old one?",
)
def same_tensor_each_time(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh).detach().clone(), []
    for t in range(x.shape[1]):
        h.copy_(rnn_step(x[:, t], h, W_xh, W_hh, b).detach())  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Each of your steps reads the input of the step before, and the first one reads the last. "
    "Which input belongs to output[:, t]?",
)
def inputs_one_step_late(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t - 1], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your h_n has read the last input twice. How many steps does a sequence of T inputs take?",
)
def one_step_too_many(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), rnn_step(x[:, -1], h, W_xh, W_hh, b)  # noqa: F821


@misconception(
    "rnn_forward",
    "Your code adds h0 to the state again at every step. At which step should h0 come in?",
)
def h0_added_at_every_step(x, h0, W_xh, W_hh, b):
    start = _start(x, h0, W_hh)
    h, states = torch.zeros_like(start), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h + start, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


_collected = []


@misconception(
    "rnn_forward",
    "From the second call on, your output holds the first call's states too. Where is the list "
    "made that collects them?",
)
def list_kept_between_calls(x, h0, W_xh, W_hh, b):
    h = _start(x, h0, W_hh)
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        _collected.append(h)
    return torch.stack(_collected, dim=1), h


# --- rnn_forward: the axes -------------------------------------------------------------------


@misconception(
    "rnn_forward",
    "You walk along the batch and hand the state from one sequence to the next. Which axis of x is "
    "time?",
)
def loop_over_the_batch(x, h0, W_xh, W_hh, b):
    h = _start(x.transpose(0, 1), None, W_hh)
    states = []
    for i in range(x.shape[0]):
        h = rnn_step(x[i], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states), torch.stack(states)[:, -1]


@misconception(
    "rnn_forward",
    "Your output has time before batch. Where does torch.stack put its new axis, and where should "
    "time be?",
)
def output_time_major(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states), h


@misconception(
    "rnn_forward",
    "Your output has time on its last axis, after the features. Where does the table put T?",
)
def stacked_behind_the_features(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=-1), h


@misconception(
    "rnn_forward",
    "Your output has the right shape, but states of different sequences have changed places. Does "
    "a view swap two axes, or only regroup the numbers?",
)
def output_viewed_into_shape(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states).view(x.shape[0], x.shape[1], -1), h


@misconception(
    "rnn_forward",
    "Your steps read numbers of several sequences at once: x was regrouped instead of transposed. "
    "What should x[:, t] hold?",
)
def input_viewed_time_major(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for x_t in x.reshape(x.shape[1], x.shape[0], x.shape[2]):
        h = rnn_step(x_t, h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output holds all steps side by side along one long axis. Which new axis should count "
    "them?",
)
def steps_joined_in_one_axis(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.cat(states, dim=1), h


@misconception(
    "rnn_forward",
    "Axes of size 1 are missing from your result. What does squeeze do with a single sequence, or "
    "with a single step?",
)
def sizes_of_one_squeezed(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1).squeeze(), h


# --- rnn_forward: what comes back ------------------------------------------------------------


@misconception(
    "rnn_forward",
    "Your h_n carries a layer axis, as nn.RNN's does. How many layers are there here, and which "
    "shape does the table give?",
)
def h_n_with_layer_axis(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h.unsqueeze(0)


@misconception(
    "rnn_forward",
    "Your h_n holds all states of the last sequence instead of the last state of all sequences. "
    "Which axis does a bare [-1] count along?",
)
def h_n_of_the_last_row(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    output = torch.stack(states, dim=1)
    return output, output[-1]


@misconception(
    "rnn_forward",
    "Your h_n is the state after the first step. What is left to read by then?",
)
def h_n_after_first_step(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), states[0]


@misconception(
    "rnn_forward",
    "Your h_n is the mean of all states. Which single state has read the whole sequence?",
)
def h_n_averaged(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    output = torch.stack(states, dim=1)
    return output, output.mean(dim=1)


@misconception(
    "rnn_forward",
    "Where a sequence ends in zeros, your h_n is an earlier state. Is a step of zeros not a step "
    "like any other?",
)
def zeros_taken_for_filling(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    output = torch.stack(states, dim=1)
    steps = torch.arange(1, x.shape[1] + 1)
    lengths = ((x != 0).any(dim=2) * steps).amax(dim=1).clamp(min=1)
    return output, output[torch.arange(len(x)), lengths - 1]


@misconception(
    "rnn_forward",
    "Your h_n is the state that you started from. Which variable holds the newest state after the "
    "loop?",
)
def h_n_is_the_start(x, h0, W_xh, W_hh, b):
    start = _start(x, h0, W_hh)
    h, states = start, []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), start


@misconception(
    "rnn_forward",
    "Your two results are in the wrong order. Which one does the table name first?",
)
def results_swapped(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return h, torch.stack(states, dim=1)


@misconception(
    "rnn_forward",
    "You return the states of all steps, but no h_n with them. How many results does the table "
    "name?",
)
def output_only(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1)


# --- rnn_forward: gradients, dtype, arguments ------------------------------------------------


@misconception(
    "rnn_forward",
    "Your values are right, but no gradient passes from one step to the step before. How will a "
    "loss at the last step reach what was read at the first?",
)
def detached_at_each_step(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h.detach(), W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your values are right, but the gradient is cut every few steps. Does this exercise ask for a "
    "truncated backward pass?",
)
def detached_every_eight_steps(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = h.detach() if t and t % 8 == 0 else h
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your values are right, but no gradient reaches h0. Is the start a mere number, or an argument "
    "that a loss may depend on?",
)
def h0_detached(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh).detach(), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output carries a gradient, but h_n carries none. Which of the two would a classifier "
    "learn from?",
)
def h_n_detached(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h.detach()


@misconception(
    "rnn_forward",
    "Your h_n carries a gradient, but output carries none: its states were copied without their "
    "history. What does a later layer need from every step?",
)
def output_detached(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h.detach())
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your values are right, but there is no gradient at all. What does torch.no_grad switch off, and "
    "when is that wanted?",
)
def under_no_grad(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    with torch.no_grad():
        for t in range(x.shape[1]):
            h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
            states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output is float32 whatever the inputs' dtype. Which dtype does a new buffer get by "
    "default?",
)
def float32_buffer(x, h0, W_xh, W_hh, b):
    h = _start(x, h0, W_hh)
    output = torch.zeros(*x.shape[:2], len(b))
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        output[:, t] = h
    return output, h


@misconception(
    "rnn_forward",
    "Your states are right, but the caller's h0 holds the last one afterwards. Which of your lines "
    "writes into the tensor that was handed in?",
)
def h0_written_over(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    if h0 is not None:
        h0.data.copy_(h.detach())
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your states are right, but the caller's x is transposed afterwards. Which method transposes a "
    "tensor in place, and which returns a transposed view?",
)
def x_turned_for_good(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    with torch.no_grad():
        x.transpose_(0, 1)
    for x_t in x:
        h = rnn_step(x_t, h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your states are right, but PyTorch's own layer made them. How would you take the steps one by "
    "one yourself?",
)
def torch_layer_run(x, h0, W_xh, W_hh, b):
    rnn = torch.nn.RNN(x.shape[2], len(b), batch_first=True)
    weights = {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    output, h_n = torch.func.functional_call(rnn, weights, (x, _start(x, h0, W_hh)[None]))
    return output, h_n[0]


# --- right only in part ------------------------------------------------------------------------


@misconception(
    "rnn_step",
    "Your values are right, but the gradient with respect to W_xh is missing. Which weights should "
    "learn?",
)
def W_xh_detached(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t, h_prev, W_xh.detach(), W_hh, b))


@misconception(
    "rnn_step",
    "Your values are right, but the gradient with respect to W_hh is missing. Which weights should "
    "learn?",
)
def W_hh_detached(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t, h_prev, W_xh, W_hh.detach(), b))


@misconception(
    "rnn_step",
    "With one row in the batch, your state has lost the batch axis. What does squeeze(0) do to a "
    "size of 1?",
)
def first_axis_squeezed(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(x_t, h_prev, W_xh, W_hh, b)).squeeze(0)


@misconception(
    "rnn_step",
    "Your result is float64 whatever the inputs' dtype. Which dtype do the inputs have?",
)
def always_in_float64(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(_sum(*(value.double() for value in (x_t, h_prev, W_xh, W_hh, b))))


@misconception(
    "rnn_step",
    "Your code transposes W_xh only where it doesn't fit as it is, so not where there are as many "
    "inputs as units. Which axis of W_xh meets x_t's features, whatever the sizes?",
)
def turned_only_if_it_must(x_t, h_prev, W_xh, W_hh, b):
    try:
        driven = x_t @ W_xh
    except RuntimeError:
        driven = x_t @ W_xh.T
    return torch.tanh(driven + h_prev @ W_hh.T + b)


@misconception(
    "rnn_forward",
    "Without an h0, h_n carries no gradient. Does it matter to a loss on h_n where the states began?",
)
def h_n_detached_without_h0(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h.detach() if h0 is None else h


@misconception(
    "rnn_forward",
    "Your code squashes the start before the first step. Where does the formula put h0?",
)
def h0_squashed(x, h0, W_xh, W_hh, b):
    h, states = torch.tanh(_start(x, h0, W_hh)), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output begins with the state before the first step, and the last step isn't read. How "
    "many steps should output[:, 0] have seen?",
)
def starting_state_in_front(x, h0, W_xh, W_hh, b):
    outputs = [_start(x, h0, W_hh)]
    for t in range(x.shape[1] - 1):
        outputs.append(torch.tanh(_sum(x[:, t], outputs[-1], W_xh, W_hh, b)))
    return torch.stack(outputs, dim=1), outputs[-1]


# --- natural first attempts -------------------------------------------------------------------


@misconception(
    "rnn_step",
    "Your code squashes the input's term and the state's term separately, and adds b afterwards. "
    "How often does tanh occur in the formula, and around what?",
)
def tanh_of_both_products(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T) + torch.tanh(h_prev @ W_hh.T) + b


@misconception(
    "rnn_step",
    "You multiply by both matrices with their axes as they are. x_t is (B, I) and W_xh is (H, I): "
    "which two axes should meet? And for W_hh, which is square?",
)
def neither_matrix_transposed(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh + h_prev @ W_hh + b)


@misconception(
    "rnn_step",
    "You write the formula as it stands, with W_xh to the left of x_t; there, x_t is one column. "
    "Here it has a row for each sequence, (B, I): on which side does the matrix go then?",
)
def formula_as_it_stands(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(W_xh @ x_t + W_hh @ h_prev + b)


@misconception(
    "rnn_step",
    "Your products have the shape (H, B), and b, (H,), is added along their last axis. What does "
    "that axis count?",
)
def b_added_to_columns(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(W_xh @ x_t.T + W_hh @ h_prev.T + b)


@misconception(
    "rnn_step",
    "Your numbers are right, but your result has the shape (H, B). In which order does the table "
    "put batch and features?",
)
def columns_returned(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(W_xh @ x_t.T + W_hh @ h_prev.T + b[:, None])


@misconception(
    "rnn_step",
    "Your state depends on x_t alone: neither h_prev nor b takes part. How many terms does the "
    "formula add up?",
)
def input_alone(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T)


@misconception(
    "rnn_step",
    "You multiply entry by entry where a matrix product is needed. Which operator is that in "
    "Python?",
)
def entry_by_entry(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(W_xh * x_t + W_hh * h_prev + b)


@misconception(
    "rnn_forward",
    "You return after the first step. Which line belongs after the loop?",
)
def returned_in_the_loop(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
        return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your loop runs along the first axis of x and hands rnn_step a whole sequence as if it were a "
    "batch. Which axis of x is time, and which is the batch?",
)
def rows_taken_for_steps(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for x_t in x:
        h = rnn_step(x_t, h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your t counts the steps, but x[t] counts along the first axis of x: it is a whole sequence. "
    "Which axis of x is time?",
)
def row_t_for_step_t(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your loop takes as many steps as the batch has rows. Which axis of x counts the steps?",
)
def as_many_steps_as_rows(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(len(x)):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Each of your states has seen only its own step, and h_n is the state you started from. Which "
    "variable should hold the newest state, and where is it set?",
)
def state_never_updated(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        states.append(rnn_step(x[:, t], h, W_xh, W_hh, b))  # noqa: F821
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output has one axis for batch and time together: the steps are joined as more rows. "
    "Which new axis should count them?",
)
def steps_joined_as_rows(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.cat(states), h


@misconception(
    "rnn_forward",
    "Your states are right, but they come as a list. What makes one tensor out of T tensors, and "
    "along which axis?",
)
def list_of_states(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return states, h


@misconception(
    "rnn_forward",
    "Without an h0 your start is as wide as the input, not as wide as the state. Which of the "
    "arguments tells you how wide a state is?",
)
def start_as_wide_as_the_input(x, h0, W_xh, W_hh, b):
    h, states = x.new_zeros(x.shape[0], x.shape[2]) if h0 is None else h0, []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your states are squashed once more after each step. What has rnn_step already done?",
)
def squashed_again(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = torch.tanh(rnn_step(x[:, t], h, W_xh, W_hh, b))  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_step",
    "Your state is the sum of two tanh terms, one of them with b inside. How often does tanh occur "
    "in the formula, and around what?",
)
def two_tanh_b_with_the_state(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T) + torch.tanh(h_prev @ W_hh.T + b)


@misconception(
    "rnn_step",
    "Your state is the sum of two tanh terms, one of them with b inside. How often does tanh occur "
    "in the formula, and around what?",
)
def two_tanh_b_with_the_input(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + b) + torch.tanh(h_prev @ W_hh.T)


@misconception(
    "rnn_forward",
    "Without an h0 you start from the number 0, which has no rows for a matrix to act on. What "
    "shape does a state have?",
)
def start_from_the_number_zero(x, h0, W_xh, W_hh, b):
    h, states = 0 if h0 is None else h0, []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output is h_n again. Where do the states after the earlier steps go?",
)
def no_states_collected(x, h0, W_xh, W_hh, b):
    h = _start(x, h0, W_hh)
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
    return h, h


@misconception(
    "rnn_forward",
    "torch.tensor wants numbers, and you give it tensors (nor would it keep the graph). Which "
    "function puts tensors together along a new axis?",
)
def tensor_of_tensors(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.tensor(states), h


@misconception(
    "rnn_forward",
    "With an h0 your state has no value when the loop begins. What should it start from then?",
)
def start_only_without_h0(x, h0, W_xh, W_hh, b):
    if h0 is None:
        h = _start(x, None, W_hh)
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output has one state too few: the last step isn't read, and of a single step nothing is "
    "left. At which number does your loop end?",
)
def one_step_too_few(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1] - 1):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your output has one state too few: the first step isn't read, and of a single step nothing is "
    "left. At which number does your loop begin?",
)
def steps_counted_from_one(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(1, x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Without an h0 your start has three axes, as nn.RNN's has, and your states keep the extra one. "
    "Which shape does the table give h0?",
)
def start_with_layer_axis(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    if h0 is None:
        h = h.unsqueeze(0)
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h


@misconception(
    "rnn_forward",
    "Your steps get an input with three axes, (B, 1, I), so every row of x meets every row of the "
    "state. What does a slice of one step do with the time axis, and what would an index do?",
)
def time_axis_kept_in_each_step(x, h0, W_xh, W_hh, b):
    h, states = _start(x, h0, W_hh), []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t : t + 1], h, W_xh, W_hh, b)  # noqa: F821
        states.append(h)
    return torch.stack(states, dim=1), h
