"""Wrong answers to exercise 5, each with what a teacher would say on seeing it."""

import copy

import numpy as np
import torch
from torch import nn

from grading.testing.answers import misconception


def _input_gradient(rnn, x, value):
    """The gradient of value(output) with respect to x, as the right answer takes it."""
    x = x.detach().clone().requires_grad_(True)
    output, _ = rnn(x)
    return torch.autograd.grad(value(output), x)[0]


def _last(output):
    return output[:, -1].sum()


def _total(parameters):
    """The right total norm of a list of parameters."""
    return sum(p.grad.square().sum().item() for p in parameters if p.grad is not None) ** 0.5


def _clip(parameters, max_norm):
    """Right clipping, whose result is the total norm before it."""
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


# --- input_gradient_norms: what is differentiated ----------------------------------------------


@misconception(
    "input_gradient_norms",
    "You differentiate the sum of all outputs, so every step also counts through its own output. "
    "Which outputs does the quantity to differentiate read?",
)
def all_outputs_summed(rnn, x):
    return _input_gradient(rnn, x, torch.sum).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are too small by one factor: you differentiate the mean of the last outputs. Is it "
    "their mean that is asked for?",
)
def mean_of_the_last_outputs(rnn, x):
    return _input_gradient(rnn, x, lambda output: output[:, -1].mean()).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You differentiate the sum of the squares of the last outputs. What is the quantity in the "
    "docstring?",
)
def squares_of_the_last_outputs(rnn, x):
    return _input_gradient(rnn, x, lambda output: output[:, -1].square().sum()).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You differentiate the length of the last outputs instead of their sum. Where does the norm "
    "belong: before the gradient is taken, or after?",
)
def norm_of_the_last_outputs(rnn, x):
    return _input_gradient(rnn, x, lambda output: output[:, -1].norm()).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You differentiate one feature of the last outputs. How many numbers does output[:, -1] hold "
    "for each row?",
)
def first_feature_only(rnn, x):
    return _input_gradient(rnn, x, lambda output: output[:, -1, 0].sum()).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms belong to the last row of the batch, and all of its steps. Which axis of output "
    "does a bare [-1] count along?",
)
def last_row_in_place_of_last_step(rnn, x):
    return _input_gradient(rnn, x, lambda output: output[-1].sum()).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Only your first step has a norm above zero: you differentiate the first output. Which end of "
    "the sequence has seen everything?",
)
def first_output_differentiated(rnn, x):
    return _input_gradient(rnn, x, lambda output: output[:, 0].sum()).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms differ where layers are stacked, or where there is a cell: you sum everything the "
    "module returns as its state. Which layer's output is output[:, -1]?",
)
def whole_state_differentiated(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    _, state = rnn(x)
    states = state if isinstance(state, tuple) else (state,)
    value = sum(part.sum() for part in states)
    return torch.autograd.grad(value, x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "With stacked layers your norms are those of the first layer's state. Which entry of h_n "
    "belongs to the layer that makes the output?",
)
def first_layer_differentiated(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    _, state = rnn(x)
    h_n = state[0] if isinstance(state, tuple) else state
    return torch.autograd.grad(h_n[0].sum(), x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "For an LSTM your norms are those of its cell instead of its output. Which of its two states "
    "is what the next layer reads?",
)
def cell_in_place_of_output(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    _, state = rnn(x)
    last = state[1] if isinstance(state, tuple) else state
    return torch.autograd.grad(last[-1].sum(), x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are those of the numbers in x. Where does the network come in?",
)
def norms_of_the_input_itself(rnn, x):
    return x.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your numbers are the norms of the outputs at each step. What is asked for is how something "
    "changes: with respect to what?",
)
def norms_of_the_outputs(rnn, x):
    return rnn(x)[0].detach().norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are those of the gradient times x. Is the input itself part of the gradient's "
    "norm?",
)
def gradient_times_input(rnn, x):
    return (_input_gradient(rnn, x, _last) * x).norm(dim=(0, 2))


# --- input_gradient_norms: which norm ----------------------------------------------------------


@misconception(
    "input_gradient_norms",
    "Your numbers are the squares of the norms. Which last operation turns a sum of squares into a "
    "norm?",
)
def root_forgotten(rnn, x):
    return _input_gradient(rnn, x, _last).square().sum(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You give one norm for each row and step. Over which axes should the norm run, so that (T,) is "
    "left?",
)
def one_norm_per_row(rnn, x):
    return _input_gradient(rnn, x, _last).norm(dim=2)


@misconception(
    "input_gradient_norms",
    "Your numbers are the mean of the rows' norms, which is right for a single row only. How do "
    "the lengths of the parts of one long vector combine: as a mean, as a sum, or as Pythagoras "
    "has it?",
)
def row_norms_averaged(rnn, x):
    return _input_gradient(rnn, x, _last).norm(dim=2).mean(dim=0)


@misconception(
    "input_gradient_norms",
    "Your numbers are the sum of the rows' norms, which is right for a single row only. How do the "
    "lengths of the parts of one long vector combine?",
)
def row_norms_summed(rnn, x):
    return _input_gradient(rnn, x, _last).norm(dim=2).sum(dim=0)


@misconception(
    "input_gradient_norms",
    "Your numbers are the norm of the rows' summed gradients, where opposite directions cancel. "
    "Which should come first, squaring or summing?",
)
def gradients_summed_over_rows(rnn, x):
    return _input_gradient(rnn, x, _last).sum(dim=0).norm(dim=-1)


@misconception(
    "input_gradient_norms",
    "Your numbers are sums of absolute values. What does Euclid do with the numbers before he "
    "adds them?",
)
def absolute_values_summed(rnn, x):
    return _input_gradient(rnn, x, _last).abs().sum(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your numbers are the largest single entries. Which norm lets all entries count?",
)
def largest_entry(rnn, x):
    return _input_gradient(rnn, x, _last).abs().amax(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your numbers are the largest singular value of each step's gradient: a norm of a matrix as an "
    "operator. Which norm sees batch and features as one long vector?",
)
def operator_norm(rnn, x):
    gradient = _input_gradient(rnn, x, _last)
    return torch.stack([torch.linalg.matrix_norm(gradient[:, t], 2) for t in range(x.shape[1])])


@misconception(
    "input_gradient_norms",
    "Your numbers are root mean squares, so they are off by the root of the number of entries. "
    "Does a norm divide by anything?",
)
def root_mean_square(rnn, x):
    return _input_gradient(rnn, x, _last).square().mean(dim=(0, 2)).sqrt()


@misconception(
    "input_gradient_norms",
    "You give one norm for each row of the batch. Over which axes should the norm run, and which "
    "one stays?",
)
def one_norm_per_sequence(rnn, x):
    return _input_gradient(rnn, x, _last).norm(dim=(1, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are divided by one of them. Does the docstring ask for ratios?",
)
def divided_by_the_last(rnn, x):
    norms = _input_gradient(rnn, x, _last).norm(dim=(0, 2))
    return norms / norms[-1]


@misconception(
    "input_gradient_norms",
    "Your norms are right, but the latest step comes first. Which step should entry 0 belong to?",
)
def latest_step_first(rnn, x):
    return _input_gradient(rnn, x, _last).norm(dim=(0, 2)).flip(0)


@misconception(
    "input_gradient_norms",
    "You give the logarithms of the norms, which suits a plot. What does the table say comes back?",
)
def logarithms_of_norms(rnn, x):
    return _input_gradient(rnn, x, _last).norm(dim=(0, 2)).log10()


# --- input_gradient_norms: what is left behind -------------------------------------------------


@misconception(
    "input_gradient_norms",
    "Your norms are right, but the module's parameters hold gradients afterwards. Which of torch's "
    "ways to differentiate hands you the gradient and stores it nowhere?",
)
def gradients_left_in_parameters(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    rnn(x)[0][:, -1].sum().backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are right, but gradients that the parameters held before are gone. Who may still "
    "need them?",
)
def gradients_wiped_afterwards(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    rnn(x)[0][:, -1].sum().backward()
    rnn.zero_grad()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are right, but parameters without a gradient hold zeros afterwards. Is a gradient "
    "of zeros the same as none?",
)
def gradients_become_zeros(rnn, x):
    kept = [None if p.grad is None else p.grad.clone() for p in rnn.parameters()]
    x = x.detach().clone().requires_grad_(True)
    rnn(x)[0][:, -1].sum().backward()
    for p, grad in zip(rnn.parameters(), kept, strict=True):
        p.grad = torch.zeros_like(p) if grad is None else grad
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are right, but afterwards the parameters no longer require grad, so the module "
    "can't be trained any more. What switches them on again?",
)
def parameters_left_frozen(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    for p in rnn.parameters():
        p.requires_grad_(False)
    rnn(x)[0][:, -1].sum().backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are right, but a parameter that was frozen requires grad afterwards. How was each "
    "one set before you switched them all off?",
)
def everything_thawed(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    for p in rnn.parameters():
        p.requires_grad_(False)
    rnn(x)[0][:, -1].sum().backward()
    for p in rnn.parameters():
        p.requires_grad_(True)
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your gradient is added to the one that x held before, and it stays there. Should it go into "
    "the caller's tensor, or into a copy?",
)
def gradient_left_in_x(rnn, x):
    x.requires_grad_(True)
    rnn(x)[0][:, -1].sum().backward(inputs=[x])
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are right, but afterwards the caller's x holds your gradient in place of its own. "
    "Would a copy of x have been safer?",
)
def gradient_of_x_wiped_and_left(rnn, x):
    x.requires_grad_(True)
    x.grad = None
    rnn(x)[0][:, -1].sum().backward(inputs=[x])
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are float32 whatever x's dtype, so float64 loses digits. Which dtype should they "
    "have?",
)
def norms_in_float32(rnn, x):
    return _input_gradient(rnn, x, _last).float().norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your result is a list of Python floats. What does the table say comes back?",
)
def list_of_floats(rnn, x):
    return _input_gradient(rnn, x, _last).norm(dim=(0, 2)).tolist()


@misconception(
    "input_gradient_norms",
    "Each of your norms is that of one step alone, without the steps after it: you cut the "
    "sequence after step t. Through which steps does the gradient of the last output travel?",
)
def each_step_on_its_own_output(rnn, x):
    norms = []
    for t in range(x.shape[1]):
        part = x[:, : t + 1].detach().clone().requires_grad_(True)
        (gradient,) = torch.autograd.grad(rnn(part)[0][:, -1].sum(), part)
        norms.append(gradient[:, t].norm())
    return torch.stack(norms)


# --- spectral_radius ---------------------------------------------------------------------------


@misconception(
    "spectral_radius",
    "Your number is the largest singular value: how far W can stretch a vector in one step. Which "
    "numbers tell what happens to a vector after many steps?",
)
def largest_singular_value(W):
    return torch.linalg.matrix_norm(W, 2).item()


@misconception(
    "spectral_radius",
    "Your number is the largest real part. How long is the eigenvalue -2, and how long is 2i?",
)
def largest_real_part(W):
    return torch.linalg.eigvals(W).real.max().item()


@misconception(
    "spectral_radius",
    "You drop the imaginary parts before you measure. What is left of a quarter turn, whose "
    "eigenvalues are i and -i?",
)
def imaginary_parts_dropped(W):
    return torch.linalg.eigvals(W).real.abs().max().item()


@misconception(
    "spectral_radius",
    "Your number is the largest entry of W. Does a triangular matrix with a large entry in its "
    "corner have a large eigenvalue?",
)
def largest_entry_of_W(W):
    return W.abs().max().item()


@misconception(
    "spectral_radius",
    "Your number is the length of W's entries as one vector. Which numbers does the docstring "
    "name?",
)
def frobenius_norm(W):
    return W.norm().item()


@misconception(
    "spectral_radius",
    "Your number is right for symmetric matrices only: the function you call reads one half of W. "
    "Which related function takes any square matrix?",
)
def taken_for_symmetric(W):
    return torch.linalg.eigvalsh(W).abs().max().item()


@misconception(
    "spectral_radius",
    "Your number is the smallest absolute eigenvalue. Which one wins in the long run?",
)
def smallest_eigenvalue(W):
    return torch.linalg.eigvals(W).abs().min().item()


@misconception(
    "spectral_radius",
    "Your number is the absolute value of the eigenvalue that comes first. Are they sorted?",
)
def first_eigenvalue(W):
    return torch.linalg.eigvals(W).abs()[0].item()


@misconception(
    "spectral_radius",
    "Your number is the absolute value of the eigenvalue that comes last. Are they sorted?",
)
def last_eigenvalue(W):
    return torch.linalg.eigvals(W).abs()[-1].item()


@misconception(
    "spectral_radius",
    "Your number is the absolute value of the eigenvalue with the largest real part, so -2 loses "
    "to 1. Which should come first, the absolute value or the maximum?",
)
def largest_before_absolute_value(W):
    values = torch.linalg.eigvals(W)
    return values[values.real.argmax()].abs().item()


@misconception(
    "spectral_radius",
    "Your number adds the sizes of the real and the imaginary part. What is the absolute value of "
    "a + bi?",
)
def parts_added(W):
    values = torch.linalg.eigvals(W)
    return (values.real.abs() + values.imag.abs()).max().item()


@misconception(
    "spectral_radius",
    "Your number is the square of the radius. Which operation is missing after a² + b²?",
)
def square_of_the_radius(W):
    return torch.linalg.eigvals(W).abs().square().max().item()


@misconception(
    "spectral_radius",
    "Your number is the mean of the absolute eigenvalues. Which one of them sets the pace?",
)
def mean_of_eigenvalues(W):
    return torch.linalg.eigvals(W).abs().mean().item()


@misconception(
    "spectral_radius",
    "Your number is the largest sum of absolute values in a row, which the radius never exceeds "
    "but seldom reaches. Which numbers does the docstring name?",
)
def largest_row_sum(W):
    return W.abs().sum(dim=1).max().item()


@misconception(
    "spectral_radius",
    "You read the radius off the diagonal, which holds the eigenvalues of triangular matrices "
    "only. What about other matrices?",
)
def largest_on_the_diagonal(W):
    return W.diagonal().abs().max().item()


@misconception(
    "spectral_radius",
    "Your iteration follows one real direction; a pair of complex eigenvalues keeps turning it, "
    "and it never settles. Does torch.linalg have the eigenvalues themselves?",
)
def power_iteration(W):
    vector = torch.ones(len(W), dtype=W.dtype)
    for _ in range(100):
        vector = W @ vector
        vector = vector / (vector.norm() + 1e-30)
    return (W @ vector).norm().item()


@misconception(
    "spectral_radius",
    "Your number is right, but it is a tensor. How does a tensor of one number become a Python "
    "float?",
)
def radius_as_tensor(W):
    return torch.linalg.eigvals(W).abs().max()


@misconception(
    "spectral_radius",
    "Your number is complex. What is the absolute value of a + bi?",
)
def complex_number_returned(W):
    values = torch.linalg.eigvals(W)
    return values[values.abs().argmax()].item()


# --- rescale_recurrent -------------------------------------------------------------------------


@misconception(
    "rescale_recurrent",
    "Your result is W_hh times the new radius, which is right only where the old radius is 1. By "
    "which number would you first bring it to 1?",
)
def old_radius_forgotten(W_hh, radius):
    return W_hh * radius


@misconception(
    "rescale_recurrent",
    "Your result always has radius 1. Where does the radius that was asked for come in?",
)
def new_radius_forgotten(W_hh, radius):
    return W_hh / spectral_radius(W_hh)  # noqa: F821


@misconception(
    "rescale_recurrent",
    "Your factor is upside down: a matrix that should grow shrinks. By what must the old radius be "
    "multiplied to give the new one?",
)
def factor_upside_down(W_hh, radius):
    return W_hh * (spectral_radius(W_hh) / radius)  # noqa: F821


@misconception(
    "rescale_recurrent",
    "Your result has its largest singular value at `radius`, not its largest eigenvalue. Which of"
    " the two is the spectral radius?",
)
def scaled_by_singular_value(W_hh, radius):
    return W_hh * (radius / torch.linalg.matrix_norm(W_hh, 2))


@misconception(
    "rescale_recurrent",
    "Your result has `radius` as its length, taken as one vector. Which number of W_hh should "
    "become `radius`?",
)
def scaled_by_frobenius_norm(W_hh, radius):
    return W_hh * (radius / W_hh.norm())


@misconception(
    "rescale_recurrent",
    "Your result is right, but the caller's W_hh has changed with it. Which operations write into"
    " the tensor they are called on?",
)
def rescaled_in_place(W_hh, radius):
    return W_hh.mul_(radius / spectral_radius(W_hh))  # noqa: F821


@misconception(
    "rescale_recurrent",
    "Your code adds a multiple of the identity to W_hh instead of multiplying it. Is the result "
    "still a multiple of W_hh?",
)
def difference_added(W_hh, radius):
    gap = radius - spectral_radius(W_hh)  # noqa: F821
    return W_hh + gap * torch.eye(len(W_hh), dtype=W_hh.dtype)


@misconception(
    "rescale_recurrent",
    "Your result has the radius asked for, but every sign has changed: the factor is negative. "
    "Which sign does the docstring ask for?",
)
def negative_factor(W_hh, radius):
    return W_hh * (-radius / spectral_radius(W_hh))  # noqa: F821


@misconception(
    "rescale_recurrent",
    "Your result is a new matrix with that radius, but not a multiple of W_hh. What should be left "
    "of W_hh?",
)
def fresh_matrix(W_hh, radius):
    return radius * torch.eye(len(W_hh), dtype=W_hh.dtype)


@misconception(
    "rescale_recurrent",
    "You make matrices smaller, never larger: one whose radius is below the target stays as it is. "
    "Does the docstring treat the two differently?",
)
def never_made_larger(W_hh, radius):
    return W_hh * min(1.0, radius / spectral_radius(W_hh))  # noqa: F821


@misconception(
    "rescale_recurrent",
    "You make matrices larger, never smaller: one whose radius is above the target stays as it is. "
    "Does the docstring treat the two differently?",
)
def never_made_smaller(W_hh, radius):
    return W_hh * max(1.0, radius / spectral_radius(W_hh))  # noqa: F821


@misconception(
    "rescale_recurrent",
    "You give all eigenvalues the same size. One factor for the whole matrix would keep their "
    "proportions: what happens to the smaller ones?",
)
def all_eigenvalues_alike(W_hh, radius):
    values, vectors = torch.linalg.eig(W_hh)
    alike = torch.diag(radius * values / values.abs())
    return (vectors @ alike @ torch.linalg.inv(vectors)).real.to(W_hh.dtype)


@misconception(
    "rescale_recurrent",
    "Your factor is the root of the one that is needed. How does the radius grow when a matrix is"
    " multiplied by 2?",
)
def root_of_the_factor(W_hh, radius):
    return W_hh * (radius / spectral_radius(W_hh)) ** 0.5  # noqa: F821


@misconception(
    "rescale_recurrent",
    "Your result is float32 whatever W_hh's dtype. Which dtype should it have?",
)
def rescaled_in_float32(W_hh, radius):
    return W_hh.float() * (radius / spectral_radius(W_hh))  # noqa: F821


# --- clip_gradients: the total -----------------------------------------------------------------


@misconception(
    "clip_gradients",
    "You clip each parameter's gradient on its own, so the gradients change their proportions. How "
    "many norms does one long vector have?",
)
def one_norm_per_parameter(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    for p in there:
        norm = p.grad.norm().item()
        if norm > max_norm:
            p.grad.mul_(max_norm / norm)
    return total


@misconception(
    "clip_gradients",
    "You cut off single numbers at max_norm, which bends the gradient. Which operation shortens a"
    " vector and keeps its direction?",
)
def values_clamped(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    for p in there:
        p.grad.clamp_(-max_norm, max_norm)
    return total


@misconception(
    "clip_gradients",
    "You bring every gradient to max_norm, so small ones grow. When is there something to clip?",
)
def small_gradients_grow(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    for p in there:
        p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the sum of the norms: 6 and 8 make 14. What would the norm of both in one "
    "vector be?",
)
def norms_summed(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = sum(p.grad.norm().item() for p in there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the norm of the largest gradient alone. What do the others add?",
)
def largest_norm(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = max((p.grad.norm().item() for p in there), default=0.0)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the mean of the norms. How do the lengths of the parts of one long vector "
    "combine?",
)
def norms_averaged(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = sum(p.grad.norm().item() for p in there) / max(len(there), 1)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the sum of squares, without its root. Which of the two is compared with "
    "max_norm?",
)
def root_of_the_total_forgotten(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there) ** 2
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is a sum of absolute values. What does a Euclidean norm do with the numbers before "
    "it adds them?",
)
def absolute_values_added(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = sum(p.grad.abs().sum().item() for p in there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the largest single number. Which norm lets all numbers count?",
)
def largest_number(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = max((p.grad.abs().max().item() for p in there), default=0.0)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the length of the parameters' values. What does the optimizer read, the values"
    " or their gradients?",
)
def norm_of_the_values(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = sum(p.detach().square().sum().item() for p in there) ** 0.5
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the last gradient's norm. Which variable should collect something over the "
    "loop?",
)
def total_overwritten_in_the_loop(parameters, max_norm):
    there, total = [p for p in parameters if p.grad is not None], 0.0
    for p in there:
        total = p.grad.norm().item()
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


# --- clip_gradients: the scaling ---------------------------------------------------------------


@misconception(
    "clip_gradients",
    "Your total is right, but each .grad is as it was. If you shorten something, it isn't what the "
    "optimizer reads: what changes p.grad itself, and what merely makes a copy or a new name?",
    like="measured_only",
)
def local_name_rebound(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            gradient = p.grad
            gradient = gradient * (max_norm / total)  # noqa: F841
    return total


@misconception(
    "clip_gradients",
    "Your total is right, but the gradients stay as they are. A generator can be iterated only "
    "once: what does the second loop find?",
)
def generator_used_up(parameters, max_norm):
    total = _total(parameters)
    if total > max_norm:
        for p in parameters:
            if p.grad is not None:
                p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your function uses a list's length or its entries, which a generator does not have. What can "
    "you do with any iterable?",
)
def a_list_expected(parameters, max_norm):
    total = 0.0
    for i in range(len(parameters)):
        if parameters[i].grad is not None:
            total += parameters[i].grad.square().sum().item()
    total = total**0.5
    if total > max_norm:
        for p in parameters:
            if p.grad is not None:
                p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your function fails at a parameter without a gradient. What is its `.grad`, and what should "
    "happen to it?",
)
def missing_gradient_not_expected(parameters, max_norm):
    there = list(parameters)
    total = sum(p.grad.square().sum().item() for p in there) ** 0.5
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "You stop at the first parameter without a gradient; those after it are not counted. Which "
    "word skips one turn of a loop, and which one ends it?",
)
def stops_at_a_missing_gradient(parameters, max_norm):
    there = []
    for p in parameters:
        if p.grad is None:
            break
        there.append(p)
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Parameters that had no gradient hold zeros afterwards. An optimizer with momentum treats the "
    "two differently: what does the docstring say about them?",
)
def missing_gradient_filled_with_zeros(parameters, max_norm):
    there = list(parameters)
    for p in there:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Without any gradient your function fails: it stacks an empty list. What should the total be "
    "then?",
)
def nothing_to_stack(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = torch.stack([p.grad.norm() for p in there]).norm()
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Without any gradient you return None. What should the total be then?",
)
def none_where_there_is_nothing(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    return _clip(there, max_norm) if there else None


@misconception(
    "clip_gradients",
    "The gradients are clipped correctly, but the norm that comes back is the one after clipping. "
    "Which of the two tells whether they had exploded?",
    like="smaller_of_both_returned",
)
def norm_after_clipping(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    _clip(there, max_norm)
    return _total(there)


@misconception(
    "clip_gradients",
    "The gradients are clipped correctly, but nothing comes back. What does the table promise?",
)
def nothing_returned(parameters, max_norm):
    _clip(parameters, max_norm)


@misconception(
    "clip_gradients",
    "You scale the parameters' values and leave their gradients alone. Which of them should be "
    "clipped?",
)
def weights_clipped(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.data.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "You clip to 1, whatever max_norm says. Which name stands for the limit?",
)
def max_norm_ignored(parameters, max_norm):
    return _clip([p for p in parameters if p.grad is not None], 1.0)


@misconception(
    "clip_gradients",
    "You shorten the short gradients and leave the long ones. Which way round is the comparison?",
)
def comparison_turned_round(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total < max_norm:
        for p in there:
            p.grad.mul_(total / max_norm)
    return total


@misconception(
    "clip_gradients",
    "Your factor is upside down: long gradients become longer. By what must the total be "
    "multiplied to give max_norm?",
)
def clip_factor_upside_down(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(total / max_norm)
    return total


@misconception(
    "clip_gradients",
    "Your clipped gradients come out with total norm 1: they are divided by the total, and that is "
    "all. Where does max_norm come in?",
)
def divided_by_the_total_only(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.div_(total)
    return total


@misconception(
    "clip_gradients",
    "You measure again after each gradient that you shorten, so the later ones are shortened less. "
    "When is the factor known, and should it change?",
)
def measured_anew_in_the_loop(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    for p in there:
        now = _total(there)
        if now > max_norm:
            p.grad.mul_(max_norm / now)
    return total


@misconception(
    "clip_gradients",
    "You shorten only those gradients that are longer than max_norm by themselves. Which norm "
    "decides, and for which gradients?",
)
def only_the_long_ones(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    for p in there:
        if p.grad.norm() > max_norm:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "You leave out gradients with fewer than two axes, such as those of biases. Does the docstring "
    "make such a distinction?",
)
def biases_left_out(parameters, max_norm):
    return _clip([p for p in parameters if p.grad is not None and p.dim() > 1], max_norm)


@misconception(
    "clip_gradients",
    "Your total is right, but the last gradient is not shortened. How far does your second loop "
    "go?",
)
def last_gradient_left(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there[:-1]:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Gradients that are too long come out as zero. Should such a step be skipped, or made shorter?",
)
def long_gradients_dropped(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.zero_()
    return total


@misconception(
    "clip_gradients",
    "Your factor is the root of the one that is needed, so the gradients stay too long. Is "
    "max_norm compared with a norm or with its square?",
)
def clip_factor_rooted(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_((max_norm / total) ** 0.5)
    return total


@misconception(
    "clip_gradients",
    "Your total is right, but each .grad is as it was. If you shorten something, it isn't what the "
    "optimizer reads: what changes p.grad itself, and what merely makes a copy or a new name?",
    like="measured_only",
)
def copies_clipped(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    copies = copy.deepcopy(there)
    for one, p in zip(copies, there, strict=True):
        one.grad = p.grad.clone()
    return _clip(copies, max_norm)


@misconception(
    "clip_gradients",
    "Your factor is max_norm over (total + 1), so gradients come out too short. How much slack "
    "does the docstring leave?",
)
def one_added_to_the_total(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / (total + 1))
    return total


# --- train_step_clipped ------------------------------------------------------------------------


@misconception(
    "train_step_clipped",
    "The optimizer gets this batch's gradients at full length, and your norm is zero: nothing was "
    "measured or clipped while they were there. When are they there?",
)
def clipped_before_backward(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    total = _clip(model.parameters(), max_norm)
    loss.backward()
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You clip after the optimizer's step. What has the optimizer read by then?",
)
def clipped_after_the_step(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item(), _clip(model.parameters(), max_norm)


@misconception(
    "train_step_clipped",
    "Old gradients are added to the new ones. What clears them, and when?",
)
def old_gradients_kept(model, optimizer, loss_fn, x, y, max_norm):
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "The weights do not move: you clear the gradients after backward has made them. Which "
    "gradients should be cleared?",
)
def cleared_after_backward(model, optimizer, loss_fn, x, y, max_norm):
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.zero_grad()
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "Both numbers are right, but the weights have not moved. Which of the five moves is missing?",
)
def no_step_taken(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    return loss.item(), _clip(model.parameters(), max_norm)


@misconception(
    "train_step_clipped",
    "Your step is a full one: the gradients that the optimizer reads were not shortened. Where "
    "does max_norm come in, and when?",
)
def measured_but_not_clipped(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), float("inf"))
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You clip to 1, whatever max_norm says. Which name stands for the limit?",
)
def step_clipped_to_one(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), 1.0)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "Your second number is the norm after clipping. Which of the two would show that a gradient "
    "has exploded?",
)
def clipped_norm_reported(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = min(_clip(model.parameters(), max_norm), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "Your loss is measured after the step. Which loss did this step's gradients come from?",
)
def loss_measured_after_the_step(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss_fn(model(x), y).backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss_fn(model(x), y).item(), total


@misconception(
    "train_step_clipped",
    "Both numbers are right, but in the wrong order. Which one does the table name first?",
)
def numbers_swapped(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return total, loss.item()


@misconception(
    "train_step_clipped",
    "The step is right, but only the loss comes back. What else does the table name?",
)
def loss_alone(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


@misconception(
    "train_step_clipped",
    "You hand the target to loss_fn as if it were the prediction; losses such as cross-entropy "
    "tell them apart. Which one comes first?",
)
def prediction_and_target_swapped(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(y, model(x))
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You always use the mean squared error, whatever loss_fn is. Who decides what is minimised?",
)
def own_loss_in_place_of_loss_fn(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You move the weights yourself by lr times the gradient, so the optimizer's own rule, with its "
    "momentum, is lost. What should make the step?",
    like="own_optimizer",
)
def step_made_without_the_optimizer(model, optimizer, loss_fn, x, y, max_norm):
    model.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    with torch.no_grad():
        for p in model.parameters():
            p -= optimizer.param_groups[0]["lr"] * p.grad
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You clip each parameter's gradient on its own. What does one factor for all of them preserve?",
)
def each_parameter_clipped_alone(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _total(list(model.parameters()))
    for p in model.parameters():
        _clip([p], max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You cut off single numbers of the gradients at max_norm. Which of torch's two clippings "
    "works on the norm?",
)
def values_clipped_in_the_step(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _total(list(model.parameters()))
    nn.utils.clip_grad_value_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You shorten the weights after the step instead of their gradients before it. Which of the two "
    "had exploded?",
)
def weights_clipped_after_the_step(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _total(list(model.parameters()))
    optimizer.step()
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(min(1.0, max_norm / (p.norm().item() + 1e-6)))
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You clip the loss instead of the gradients. What becomes of a gradient when its loss is cut "
    "off at a bound?",
)
def loss_clipped(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.clamp(max=max_norm).backward()
    total = _total(list(model.parameters()))
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You take two steps instead of one. How often does the docstring let the optimizer step?",
)
def two_steps_taken(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You scale every gradient to max_norm, so short ones grow. When is there something to clip?",
)
def every_step_as_long_as_allowed(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _total(list(model.parameters()))
    for p in model.parameters():
        p.grad.mul_(max_norm / total)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You skip the step where the gradient is too long. What should clipping do with such a step?",
)
def long_steps_skipped(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _total(list(model.parameters()))
    if total <= max_norm:
        optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You remove the last axis of prediction and target where its size is 1. Who decides what "
    "loss_fn gets to see?",
)
def last_axis_squeezed(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x).squeeze(-1), y.squeeze(-1))
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You clip the model's first parameter only. Which parameters make up the total?",
)
def first_parameter_only(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip([next(model.parameters())], max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You round both numbers to two decimals. Who should decide how many digits are shown?",
)
def numbers_rounded(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return float(np.round(loss.item(), 2)), float(np.round(total, 2))


# --- input_gradient_norms: some settings only --------------------------------------------------


@misconception(
    "input_gradient_norms",
    "With several layers your norms are too large: the states of all layers are summed. Which of "
    "them does output hold?",
)
def all_layers_summed(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    _, state = rnn(x)
    h_n = state[0] if isinstance(state, tuple) else state
    return torch.autograd.grad(h_n.sum(), x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are right, but an x that required grad no longer does. Whose tensor do you switch "
    "off?",
)
def x_asks_no_longer(rnn, x):
    norms = _input_gradient(rnn, x, _last).norm(dim=(0, 2))
    x.requires_grad_(False)
    return norms


@misconception(
    "input_gradient_norms",
    "Your norms are right, but the module is in double precision afterwards. Whose module is it?",
)
def module_left_in_double(rnn, x):
    norms = _input_gradient(rnn.double(), x.double(), _last).norm(dim=(0, 2))
    return norms.to(x.dtype)


@misconception(
    "input_gradient_norms",
    "Your norms reach back two steps at most: the state is detached on the way. Through how many "
    "steps does the gradient travel?",
)
def truncated_on_the_way(rnn, x):
    leaf = x.detach().clone().requires_grad_(True)
    state, T = None, x.shape[1]
    for t in range(T):
        output, state = rnn(leaf[:, t : t + 1], state)
        if t == T - 4:
            parts = state if isinstance(state, tuple) else (state,)
            parts = tuple(part.detach() for part in parts)
            state = parts if isinstance(state, tuple) else parts[0]
    return torch.autograd.grad(output[:, -1].sum(), leaf)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your norms are a little too large, and not zero where the gradient is: you add something "
    "under the root. What is the norm of zeros?",
)
def something_under_the_root(rnn, x):
    return (_input_gradient(rnn, x, _last).square().sum(dim=(0, 2)) + 1e-6).sqrt()


@misconception(
    "spectral_radius",
    "Your number belongs to the symmetric part of W. How much of a rotation of the plane is left "
    "in its symmetric part?",
)
def symmetrised(W):
    return torch.linalg.eigvalsh((W + W.T) / 2).abs().max().item()


@misconception(
    "spectral_radius",
    "Your number is the absolute value of the eigenvalues' sum. Which single one sets the pace?",
)
def trace_measured(W):
    return abs(W.trace().item())


@misconception(
    "spectral_radius",
    "Your number is the geometric mean of the absolute eigenvalues, as the determinant gives it. "
    "Which single one sets the pace?",
)
def from_the_determinant(W):
    return abs(torch.linalg.det(W).item()) ** (1 / len(W))


@misconception(
    "spectral_radius",
    "Your number comes from the norm of a power of W, which gets near the radius but isn't there "
    "yet. Does torch.linalg have the eigenvalues themselves?",
)
def from_a_power(W):
    return torch.linalg.matrix_norm(torch.linalg.matrix_power(W.double(), 20), 2).item() ** (1 / 20)


@misconception(
    "spectral_radius",
    "Your number is right, but W holds other numbers afterwards. Whose matrix is it?",
)
def W_normalised_in_place(W):
    radius = torch.linalg.eigvals(W).abs().max().item()
    W.div_(radius)
    return radius


@misconception(
    "spectral_radius",
    "Your number is rounded. How many digits does a Python float have?",
)
def radius_rounded(W):
    return round(torch.linalg.eigvals(W).abs().max().item(), 2)


@misconception(
    "rescale_recurrent",
    "Each of your rows has its own factor. By how many numbers may W_hh be multiplied?",
)
def each_row_scaled(W_hh, radius):
    return radius * W_hh / W_hh.norm(dim=1, keepdim=True)


@misconception(
    "rescale_recurrent",
    "Your result never has a radius above 1. Does the docstring forbid one?",
)
def radius_capped_at_one(W_hh, radius):
    return W_hh * (min(radius, 1.0) / spectral_radius(W_hh))  # noqa: F821


@misconception(
    "rescale_recurrent",
    "Your result is transposed. Its radius is right, but is it a multiple of W_hh?",
)
def transposed_on_the_way(W_hh, radius):
    return W_hh.T * (radius / spectral_radius(W_hh))  # noqa: F821


@misconception(
    "rescale_recurrent",
    "You return the factor. What does the table promise?",
)
def factor_returned(W_hh, radius):
    return torch.tensor(radius / spectral_radius(W_hh))  # noqa: F821


@misconception(
    "clip_gradients",
    "You clip only where a single gradient is longer than max_norm. Which norm is compared with "
    "it?",
)
def only_if_one_is_longer(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if any(p.grad.norm() > max_norm for p in there):
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "You compare the sum of squares with max_norm, so some gradients that are short enough are "
    "scaled as well. Which of the two is the norm?",
)
def square_compared(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total**2 > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your function reads the first parameter's gradient before it checks whether there is one. "
    "What if the list is empty, or begins with a gap?",
)
def first_gradient_taken_for_granted(parameters, max_norm):
    parameters = list(parameters)
    total = torch.zeros((), dtype=parameters[0].grad.dtype)
    for p in parameters:
        if p.grad is not None:
            total = total + p.grad.square().sum()
    total = total.sqrt().item()
    if total > max_norm:
        for p in parameters:
            if p.grad is not None:
                p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "You multiply each gradient by the factor twice. How often does one vector need to be "
    "shortened?",
)
def factor_applied_twice(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Each parameter adds the mean of its squares instead of their sum, so the total is too small. "
    "What is the norm of one long vector?",
)
def mean_of_squares(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = (sum(p.grad.square().mean().item() for p in there)) ** 0.5
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "You scale gradients and values alike, so the weights shrink as well. Which of them should "
    "stay?",
)
def values_scaled_too(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
            p.data.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Wherever you clip, you return max_norm. Which of the two norms tells whether the gradients "
    "had exploded?",
)
def smaller_of_both_returned(parameters, max_norm):
    return min(_clip(parameters, max_norm), max_norm)


@misconception(
    "clip_gradients",
    "You return the factor. What does the table promise?",
)
def clip_factor_returned(parameters, max_norm):
    total = _clip(parameters, max_norm)
    return min(1.0, max_norm / total) if total else 0.0


@misconception(
    "train_step_clipped",
    "You clear the gradients only after the step, so whatever was left over from before counts in "
    "the first one. When should they be cleared?",
)
def cleared_after_the_step(model, optimizer, loss_fn, x, y, max_norm):
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "The weights move away from the minimum: the sign of your gradients is reversed. Which way "
    "does an optimizer go by itself?",
)
def uphill(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    (-loss).backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You divide the loss by the number of rows plus one, and its gradients shrink with it. Who "
    "decides between mean and sum?",
)
def divided_by_the_rows(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y) / (len(x) + 1)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You make an optimizer of your own, so the caller's, with its settings, never steps. Which "
    "argument holds it?",
)
def own_optimizer(model, optimizer, loss_fn, x, y, max_norm):
    own = torch.optim.SGD(model.parameters(), lr=optimizer.param_groups[0]["lr"])
    own.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    own.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You convert the targets to x's dtype, which a loss over classes can't read. Which dtype "
    "should y keep?",
)
def targets_turned_to_floats(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y.to(x.dtype))
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "The last parameter's gradient is not clipped: your loop ends too early. Which parameters make "
    "up the total?",
)
def last_parameter_unclipped(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _total(list(model.parameters()))
    for p in list(model.parameters())[:-1]:
        p.grad.mul_(min(1.0, max_norm / total))
    optimizer.step()
    return loss.item(), total


# --- right only in part ------------------------------------------------------------------------


@misconception(
    "input_gradient_norms",
    "Your norms are right, but the module is left in evaluation mode. Who will switch it back before "
    "the next training step?",
)
def module_left_in_evaluation_mode(rnn, x):
    rnn.eval()
    return _input_gradient(rnn, x, _last).norm(dim=(0, 2))


@misconception(
    "spectral_radius",
    "Your function divides by the norm of W first. What if W is zero?",
)
def divided_by_the_norm_first(W):
    size = W.norm()
    return (torch.linalg.eigvals(W / size).abs().max() * size).item()


@misconception(
    "spectral_radius",
    "Where there are complex eigenvalues you look at no others. Could a real one be larger?",
)
def complex_ones_first(W):
    eigenvalues = torch.linalg.eigvals(W)
    turning = eigenvalues[eigenvalues.imag.abs() > 1e-6]
    return (turning if len(turning) else eigenvalues).abs().max().item()


@misconception(
    "train_step_clipped",
    "The model came in training mode, and your step runs it in evaluation mode. Which mode is for "
    "training?",
)
def trained_in_evaluation_mode(model, optimizer, loss_fn, x, y, max_norm):
    model.eval()
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "Your step is right, but x holds other numbers afterwards. Whose batch is it?",
)
def x_centred_in_place(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    x -= x.mean() + 1
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "You erase the optimizer's state after each step, and its momentum with it. Whose state is it?",
)
def momentum_forgotten(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    optimizer.state.clear()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "Your norm is zero, and the optimizer follows zeros: you clear the gradients after backward "
    "has made them. Which gradients should be cleared, and when?",
)
def cleared_behind_backward(model, optimizer, loss_fn, x, y, max_norm):
    model.train()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.zero_grad(set_to_none=False)
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), float(norm)


# --- natural first attempts -------------------------------------------------------------------


@misconception(
    "input_gradient_norms",
    "Your gradient is added to what x held before, and x and the module's parameters keep it. "
    "Which of torch's ways to differentiate hands you the gradient and stores it nowhere?",
)
def gradients_left_everywhere(rnn, x):
    x.requires_grad_()
    rnn(x)[0][:, -1].sum().backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Gradients that the parameters held before are gone, and those of your own run have taken "
    "their places. Which of torch's ways to differentiate touches no .grad?",
)
def gradients_replaced(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    rnn.zero_grad()
    rnn(x)[0][:, -1].sum().backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your run leaves gradients in the parameters, and where x already requires grad, your copy of "
    "it is no leaf and holds none. What cuts a copy off from the original?",
)
def copy_not_cut_off(rnn, x):
    x = x.clone().requires_grad_(True)
    rnn(x)[0][:, -1].sum().backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You differentiate with respect to an x that doesn't require grad. What makes a tensor require "
    "it, and may it be the caller's own?",
)
def x_never_asked(rnn, x):
    output, _ = rnn(x)
    return torch.autograd.grad(output[:, -1].sum(), x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You differentiate with respect to an x that doesn't require grad. What makes a tensor require "
    "it, and may it be the caller's own?",
    like="x_never_asked",
)
def copy_never_asked(rnn, x):
    x = x.detach().clone()
    output, _ = rnn(x)
    return torch.autograd.grad(output[:, -1].sum(), x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "Your x has no gradient to measure: it doesn't require grad. What makes a tensor require it, "
    "and may it be the caller's own?",
)
def backward_without_asking(rnn, x):
    output, _ = rnn(x)
    output[:, -1].sum().backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You differentiate many numbers at once. Which single number does the docstring make of them?",
)
def many_numbers_differentiated(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    output, _ = rnn(x)
    output[:, -1].backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "rnn returns a pair, and you use the pair as if it were output. Which two things are in it?",
)
def pair_taken_for_output(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    output = rnn(x)
    return torch.autograd.grad(output[:, -1].sum(), x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You give one norm for all steps together. Which axis should the norm leave alone, so that "
    "(T,) is left?",
)
def one_norm_for_all(rnn, x):
    return _input_gradient(rnn, x, _last).norm()


@misconception(
    "input_gradient_norms",
    "You return the gradient itself. How do you get one number per step from it?",
)
def gradient_returned(rnn, x):
    return _input_gradient(rnn, x, _last)


@misconception(
    "spectral_radius",
    "Complex numbers have no order, so max fails. What about each eigenvalue can be compared?",
)
def complex_numbers_compared(W):
    return torch.linalg.eigvals(W).max().item()


@misconception(
    "spectral_radius",
    "The function you call returns a pair, and you use the pair as if it were the eigenvalues. "
    "What else is in it?",
)
def pair_of_eig(W):
    return torch.linalg.eig(W).abs().max().item()


@misconception(
    "spectral_radius",
    "You convert eigenvalues to floats, which a complex number can't become. What is the absolute "
    "value of a + bi?",
)
def complex_to_float(W):
    return max(abs(float(value)) for value in torch.linalg.eigvals(W))


@misconception(
    "spectral_radius",
    "Your number is right, but it is one of NumPy's. How does it become a Python float?",
)
def numpy_scalar(W):
    return np.abs(np.linalg.eigvals(W.detach().numpy())).max()


@misconception(
    "rescale_recurrent",
    "Your result is right, but the caller's W_hh has changed with it: you wrote the product into "
    "its memory. Which operations make a new tensor?",
)
def rescaled_through_data(W_hh, radius):
    W_hh.data *= radius / spectral_radius(W_hh)  # noqa: F821
    return W_hh


@misconception(
    "rescale_recurrent",
    "Your factor is the difference of the two radii, not their ratio. By what must the old radius "
    "be multiplied to give the new one?",
)
def difference_for_ratio(W_hh, radius):
    return W_hh * (radius - spectral_radius(W_hh))  # noqa: F821


@misconception(
    "clip_gradients",
    "Your total is right, but each .grad is as it was. If you shorten something, it isn't what the "
    "optimizer reads: what changes p.grad itself, and what merely makes a copy or a new name?",
    like="measured_only",
)
def mul_without_underscore(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    if total > max_norm:
        for p in there:
            p.grad.mul(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is right, but each .grad is as it was. If you shorten something, it isn't what the "
    "optimizer reads: what changes p.grad itself, and what merely makes a copy or a new name?",
)
def measured_only(parameters, max_norm):
    return _total([p for p in parameters if p.grad is not None])


@misconception(
    "clip_gradients",
    "You bring every gradient to max_norm: short ones grow, and zeros become NaN. When is there "
    "something to clip?",
)
def always_scaled(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = torch.tensor(_total(there))
    for p in there:
        p.grad.mul_(max_norm / total)
    return total.item()


@misconception(
    "train_step_clipped",
    "When you clip there is no gradient, so your norm is zero and the step moves nothing. What makes "
    "gradients, what takes them away, and in which order do you call the two?",
)
def cleared_before_clipping(model, optimizer, loss_fn, x, y, max_norm):
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.zero_grad()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "When you clip there is no gradient, so your norm is zero and the step moves nothing. What makes "
    "gradients, what takes them away, and in which order do you call the two?",
    like="cleared_before_clipping",
)
def backward_forgotten(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item(), total


@misconception(
    "train_step_clipped",
    "The step is right, but only the norm comes back. What else does the table name?",
)
def one_number(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = _clip(model.parameters(), max_norm)
    optimizer.step()
    return total


@misconception(
    "train_step_clipped",
    "The step is right, but nothing comes back. Which two numbers does the table name?",
)
def nothing_comes_back(model, optimizer, loss_fn, x, y, max_norm):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    _clip(model.parameters(), max_norm)
    optimizer.step()


@misconception(
    "input_gradient_norms",
    "You use what torch.autograd.grad returns as if it were the gradient. What does it return when "
    "it is asked about one input?",
)
def tuple_of_gradients(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    output, _ = rnn(x)
    return torch.autograd.grad(output[:, -1].sum(), x).norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "You differentiate the state instead of output: with several layers it holds all of them, and "
    "for an LSTM it is a pair. Which of rnn's two results has the last layer alone?",
)
def state_differentiated(rnn, x):
    x = x.detach().clone().requires_grad_(True)
    _, h_n = rnn(x)
    return torch.autograd.grad(h_n.sum(), x)[0].norm(dim=(0, 2))


@misconception(
    "input_gradient_norms",
    "x and the module's parameters keep a gradient of yours, and what the parameters held before "
    "is gone. Which of torch's ways to differentiate touches no .grad?",
)
def gradients_replaced_and_left_in_x(rnn, x):
    x.requires_grad_()
    rnn.zero_grad()
    rnn(x)[0][:, -1].sum().backward()
    return x.grad.norm(dim=(0, 2))


@misconception(
    "clip_gradients",
    "Without any gradient your function fails: a sum of nothing is no tensor. What should the "
    "total be then?",
)
def root_of_an_empty_sum(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = torch.sqrt(sum((p.grad**2).sum() for p in there))
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Without any gradient your function fails: there is nothing to join. What should the total be "
    "then?",
)
def nothing_to_join(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = torch.cat([p.grad.flatten() for p in there]).norm()
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your function fails at a parameter without a gradient. What is its `.grad`, and what should "
    "happen to it?",
)
def norm_of_a_missing_gradient(parameters, max_norm):
    there = list(parameters)
    total = sum(p.grad.norm() ** 2 for p in there) ** 0.5
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your function fails at a parameter without a gradient. What is its `.grad`, and what should "
    "happen to it?",
)
def square_of_a_missing_gradient(parameters, max_norm):
    there = list(parameters)
    total = sum((p.grad**2).sum() for p in there) ** 0.5
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your function fails at a parameter without a gradient, and it clips nothing when it gets a "
    "generator. What is `.grad` where there is none, and how often can a generator be iterated?",
)
def gaps_and_generators_norm(parameters, max_norm):
    total = 0.0
    for p in parameters:
        total += p.grad.norm() ** 2
    total = total**0.5
    if total > max_norm:
        for p in parameters:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your function fails at a parameter without a gradient, and it clips nothing when it gets a "
    "generator. What is `.grad` where there is none, and how often can a generator be iterated?",
)
def gaps_and_generators_square(parameters, max_norm):
    total = 0.0
    for p in parameters:
        total += (p.grad**2).sum()
    total = total**0.5
    if total > max_norm:
        for p in parameters:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "Your total is the root of the sum of the norms: 6 and 8 make the root of 14. What must be "
    "squared before it is added?",
)
def norms_not_squared(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = sum(p.grad.norm().item() for p in there) ** 0.5
    if total > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total)
    return total


@misconception(
    "clip_gradients",
    "You clip as you should, but the number that you return is the norm's square. Which of the two "
    "would you compare with max_norm?",
)
def square_returned(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = sum(p.grad.square().sum().item() for p in there)
    if total**0.5 > max_norm:
        for p in there:
            p.grad.mul_(max_norm / total**0.5)
    return total


@misconception(
    "clip_gradients",
    "Your factor divides by the total, which is zero where all gradients are, and where there is no "
    "gradient at all. When is there something to clip?",
)
def factor_of_nothing(parameters, max_norm):
    there = [p for p in parameters if p.grad is not None]
    total = _total(there)
    factor = min(1.0, max_norm / total)
    for p in there:
        p.grad.mul_(factor)
    return total
