"""Wrong answers to exercise 5 as a stranger would write them; none was read by diagnosis before."""

import math

import torch

from grading.testing.answers import misconception


@misconception("input_gradient_norms", "", like="all_outputs_summed")
def whole_output(rnn, x):
    leaf = x.detach().requires_grad_()
    states = rnn(leaf)[0]
    gradient = torch.autograd.grad(states, leaf, torch.ones_like(states))[0]
    return torch.sqrt(torch.einsum("bti,bti->t", gradient, gradient))


@misconception("input_gradient_norms", "", like="root_forgotten")
def sums_of_squares(rnn, x):
    leaf = x.detach().requires_grad_()
    last = rnn(leaf)[0].select(1, -1)
    (gradient,) = torch.autograd.grad(last, leaf, torch.ones_like(last))
    return torch.stack([(step * step).sum() for step in gradient.unbind(1)])


@misconception("spectral_radius", "", like="largest_singular_value")
def two_norm(W):
    return float(torch.linalg.matrix_norm(W, ord=2))


@misconception("spectral_radius", "", like="largest_real_part")
def maximum_of_the_reals(W):
    values = torch.linalg.eig(W).eigenvalues.tolist()
    return max(value.real for value in values)


@misconception("rescale_recurrent", "", like="old_radius_forgotten")
def just_multiplied(W_hh, radius):
    return torch.mul(W_hh, radius)


@misconception("clip_gradients", "", like="one_norm_per_parameter")
def tensor_after_tensor(parameters, max_norm):
    squares = 0.0
    for weight in parameters:
        if weight.grad is None:
            continue
        length = float(torch.linalg.vector_norm(weight.grad))
        squares += length**2
        weight.grad = weight.grad * min(1.0, max_norm / max(length, 1e-12))
    return math.sqrt(squares)


@misconception("clip_gradients", "", like="small_gradients_grow")
def always_to_the_limit(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return 0.0
    length = torch.cat([g.flatten() for g in gradients]).norm().item()
    for g in gradients:
        g /= max(length, 1e-12) / max_norm
    return length


@misconception("train_step_clipped", "", like="clipped_after_the_step")
def late_clipping(model, optimizer, loss_fn, x, y, max_norm):
    model.zero_grad()
    value = loss_fn(model(x), y)
    value.backward()
    optimizer.step()
    norm = torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm)
    return float(value), float(norm)


# --- odd ones --------------------------------------------------------------------------------


@misconception("input_gradient_norms", "")
def share_of_each_step(rnn, x):
    leaf = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(rnn(leaf)[0][:, -1].sum(), leaf)
    norms = gradient.norm(dim=(0, 2))
    return norms / norms.sum()


@misconception("spectral_radius", "")
def geometric_middle(W):
    sizes = torch.linalg.eigvals(W).abs()
    return (sizes.max() * sizes.min()).sqrt().item()


@misconception("clip_gradients", "")
def clipped_to_half(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    length = math.sqrt(sum(float((g * g).sum()) for g in gradients))
    if length > max_norm:
        for g in gradients:
            g.mul_(0.5 * max_norm / length)
    return length
