"""Right answers to exercise 5 in other styles: each must earn full marks."""

import copy
import math

import numpy as np
import torch
from torch import nn

from grading.testing.answers import alternative

# --- input_gradient_norms ----------------------------------------------------------------------


@alternative("input_gradient_norms")
def norms_by_einsum(rnn, x):
    """Index notation, one gradient for a leaf that shares x's memory."""
    leaf = x.detach().requires_grad_()
    gradient = torch.autograd.grad(rnn(leaf)[0][:, -1].sum(), leaf)[0]
    return torch.einsum("bti,bti->t", gradient, gradient).sqrt()


@alternative("input_gradient_norms")
def norms_of_a_copied_module(rnn, x):
    """backward() on a deep copy: whatever it leaves is left in the copy."""
    twin, leaf = copy.deepcopy(rnn), x.clone().detach().requires_grad_(True)
    twin(leaf)[0][:, -1, :].sum().backward()
    return torch.stack([leaf.grad[:, t].flatten().norm() for t in range(x.shape[1])])


@alternative("input_gradient_norms")
def norms_by_backward_into_inputs(rnn, x):
    """backward(inputs=…) touches the copy of x alone."""
    leaf = torch.tensor(x.tolist(), dtype=x.dtype, requires_grad=True)
    output, _ = rnn(leaf)
    output[:, -1].sum().backward(inputs=[leaf])
    return torch.linalg.vector_norm(leaf.grad, dim=(0, 2))


@alternative("input_gradient_norms")
def norms_with_gradients_put_back(rnn, x):
    """backward(), and afterwards every parameter gets back what it had."""
    kept = [p.grad for p in rnn.parameters()]
    for p in rnn.parameters():
        p.grad = None
    leaf = x.detach().clone().requires_grad_(True)
    rnn(leaf)[0][:, -1].sum().backward()
    for p, grad in zip(rnn.parameters(), kept):
        p.grad = grad
    return leaf.grad.pow(2).sum(2).sum(0).pow(0.5)


@alternative("input_gradient_norms")
def norms_from_the_last_state(rnn, x):
    """In one direction, the last layer's final state is the last output."""
    leaf = x.detach().clone().requires_grad_(True)
    _, state = rnn(leaf)
    h_n = state[0] if isinstance(state, tuple) else state
    (gradient,) = torch.autograd.grad(h_n[-1], leaf, torch.ones_like(h_n[-1]))
    return gradient.transpose(0, 1).reshape(x.shape[1], -1).norm(dim=1)


@alternative("input_gradient_norms")
def norms_row_by_row(rnn, x):
    """One sequence at a time; squares add up. The result keeps a graph, which does no harm."""
    total = x.new_zeros(x.shape[1])
    for i in range(len(x)):
        row = x[i : i + 1].detach().clone().requires_grad_(True)
        (gradient,) = torch.autograd.grad(rnn(row)[0][0, -1].sum(), row, create_graph=True)
        total = total + gradient[0].square().sum(dim=-1)
    return total.sqrt()


@alternative("input_gradient_norms")
def norms_step_by_step(rnn, x):
    """A list of leaves, one a step."""
    steps = [x[:, t].detach().clone().requires_grad_(True) for t in range(x.size(1))]
    output, _ = rnn(torch.stack(steps, dim=1))
    gradients = torch.autograd.grad(output[:, -1].sum(), steps)
    return torch.stack([torch.linalg.matrix_norm(g) for g in gradients])


@alternative("input_gradient_norms")
def norms_by_functional_call(rnn, x):
    """The module with detached parameters, differentiated by torch.func."""
    frozen = {name: p.detach() for name, p in rnn.named_parameters()}

    def last(values):
        return torch.func.functional_call(rnn, frozen, (values,))[0][:, -1].sum()

    leaf = x.detach().clone().requires_grad_(True)
    last(leaf).backward()
    return (leaf.grad.double() ** 2).sum((0, 2)).sqrt().to(x.dtype)


@alternative("input_gradient_norms")
def norms_with_parameters_frozen_meanwhile(rnn, x):
    """The parameters ask for no gradient while it runs, and do so again afterwards."""
    asked = [p.requires_grad for p in rnn.parameters()]
    rnn.requires_grad_(False)
    try:
        leaf = x.detach().clone().requires_grad_()
        rnn(leaf)[0][:, -1].sum().backward()
    finally:
        for p, flag in zip(rnn.parameters(), asked):
            p.requires_grad_(flag)
    return leaf.grad.norm(p=2, dim=(0, 2))


@alternative("input_gradient_norms")
def norms_by_unbound_rows(rnn, x):
    """The output's last slice by narrow, under enable_grad; a non-contiguous result."""
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_(True)
        ends = rnn(leaf)[0].narrow(1, x.shape[1] - 1, 1)
        (gradient,) = torch.autograd.grad(ends, leaf, grad_outputs=torch.ones_like(ends))
    norms = gradient.norm(dim=(0, 2))
    return torch.stack([norms, norms], dim=1)[:, 0]


@alternative("input_gradient_norms")
def of_x_itself(rnn, x):
    """x itself is made to ask for its gradient: its values and its .grad stay as they are."""
    x.requires_grad_()
    output, _ = rnn(x)
    (gradient,) = torch.autograd.grad(output[:, -1].sum(), x)
    return gradient.norm(dim=(0, 2))


# --- spectral_radius ---------------------------------------------------------------------------


@alternative("spectral_radius")
def radius_by_numpy(W):
    """NumPy's eigenvalues."""
    return float(np.max(np.abs(np.linalg.eigvals(W.detach().numpy()))))


@alternative("spectral_radius")
def radius_from_both_parts(W):
    """The root of a² + b², by hand."""
    values, _ = torch.linalg.eig(W)
    return float(torch.sqrt(values.real**2 + values.imag**2).max())


@alternative("spectral_radius")
def radius_in_plain_python(W):
    """Python's own complex numbers."""
    return max(abs(value) for value in torch.linalg.eigvals(W.double()).tolist())


@alternative("spectral_radius")
def radius_of_a_sorted_list(W):
    """Sorted by size; a NumPy double is a Python float too."""
    return np.sort(np.abs(np.linalg.eigvals(W.detach().double().numpy())))[-1]


@alternative("spectral_radius")
def radius_of_the_transposed(W):
    """A matrix and its transpose have the same eigenvalues."""
    values = torch.view_as_real(torch.linalg.eigvals(W.T))
    return values.norm(dim=-1).amax().tolist()


@alternative("spectral_radius")
def radius_of_the_complex_matrix(W):
    """Complex from the start."""
    return torch.linalg.eigvals(W.to(torch.complex128)).abs().max().cpu().item()


# --- rescale_recurrent -------------------------------------------------------------------------


@alternative("rescale_recurrent")
def rescaled_in_two_moves(W_hh, radius):
    """First to radius 1, then to the one that was asked for."""
    return (W_hh / spectral_radius(W_hh)) * radius  # noqa: F821


@alternative("rescale_recurrent")
def rescaled_copy(W_hh, radius):
    """In place, but on a copy."""
    copied = W_hh.clone()
    copied *= radius / torch.linalg.eigvals(W_hh).abs().max()
    return copied


@alternative("rescale_recurrent")
def rescaled_by_numpy(W_hh, radius):
    """By way of NumPy and double precision."""
    own = np.abs(np.linalg.eigvals(W_hh.detach().numpy())).max()
    return torch.tensor(W_hh.detach().numpy() * (radius / float(own)), dtype=W_hh.dtype)


@alternative("rescale_recurrent")
def rescaled_eigenvalues(W_hh, radius):
    """The eigenvalues shrink, the eigenvectors stay."""
    values, vectors = torch.linalg.eig(W_hh.double())
    values = values * (radius / values.abs().max())
    return (vectors @ torch.diag(values) @ torch.linalg.inv(vectors)).real.to(W_hh.dtype)


@alternative("rescale_recurrent")
def rescaled_row_by_row(W_hh, radius):
    """All rows by one factor; a parameter comes back."""
    factor = radius / spectral_radius(W_hh)  # noqa: F821
    return nn.Parameter(torch.stack([factor * row for row in W_hh.detach()]))


# --- clip_gradients ----------------------------------------------------------------------------


@alternative("clip_gradients")
def clipped_with_slack(parameters, max_norm):
    """As torch does it: a little something in the denominator, the factor clamped at 1."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return torch.tensor(0.0)
    total = torch.stack([g.norm(2) for g in gradients]).norm(2)
    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)
    for g in gradients:
        g.mul_(factor)
    return total


@alternative("clip_gradients")
def clipped_by_the_smaller_factor(parameters, max_norm):
    """The factor is worked out first: a total of exactly zero is nobody's case."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return 0.0
    total = math.sqrt(sum(g.pow(2).sum().item() for g in gradients))
    factor = min(1.0, max_norm / total)
    for g in gradients:
        g *= factor
    return total


@alternative("clip_gradients")
def clipped_by_new_tensors(parameters, max_norm):
    """New .grad tensors in place of the old."""
    parameters = list(parameters)
    total = 0.0
    for p in parameters:
        if p.grad is not None:
            total += float((p.grad**2).sum())
    total = math.sqrt(total)
    factor = min(1.0, max_norm / (total + 1e-6))
    for p in parameters:
        if p.grad is not None:
            p.grad = p.grad * factor
    return total


@alternative("clip_gradients")
def clipped_as_one_vector(parameters, max_norm):
    """One long vector, measured as such."""
    there = [p for p in parameters if p.grad is not None]
    vector = torch.cat([torch.zeros(1), *(p.grad.flatten() for p in there)])
    total = torch.linalg.vector_norm(vector)
    if total.item() > max_norm:
        for p in there:
            p.grad.data = p.grad.data / total * max_norm
    return total


@alternative("clip_gradients")
def clipped_in_one_pass_through_hypot(parameters, max_norm):
    """math.hypot joins lengths as Pythagoras does."""
    seen, total = [], 0.0
    for p in parameters:
        if p.grad is None:
            continue
        total = math.hypot(total, torch.linalg.vector_norm(p.grad).item())
        seen.append(p)
    while seen and total > max_norm:
        seen.pop().grad.div_(total / max_norm)
    return total


@alternative("clip_gradients")
def clipped_number_by_number(parameters, max_norm):
    """Plain Python numbers, and copy_ at the end."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    total = math.fsum(value * value for g in gradients for value in g.reshape(-1).tolist()) ** 0.5
    if total > max_norm:
        with torch.no_grad():
            for g in gradients:
                g.copy_(g * (max_norm / total))
    return np.float64(total)


@alternative("clip_gradients")
def clipped_by_foreach(parameters, max_norm):
    """torch's fused operations on lists."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if len(gradients) == 0:
        return 0.0
    total = torch.sqrt(sum(n * n for n in torch._foreach_norm(gradients)))
    if total > max_norm:
        torch._foreach_mul_(gradients, float(max_norm / total))
    return total


@alternative("clip_gradients")
def clipped_with_a_zero_dimensional_zero(parameters, max_norm):
    """A 0-d tensor, also where there is nothing."""
    there = tuple(p for p in parameters if p.grad is not None)
    total = torch.zeros((), dtype=torch.float64)
    for p in there:
        total += p.grad.double().pow(2).sum()
    total.sqrt_()
    factor = (max_norm / total).clamp(max=1)
    for p in there:
        p.grad = (p.grad.double() * factor).to(p.dtype)
    return total


@alternative("clip_gradients")
def clipped_in_all_its_entries(parameters, max_norm):
    """`grad[:] *= factor`, as a textbook writes it."""
    params = [p for p in parameters if p.grad is not None]
    norm = torch.sqrt(sum(torch.sum(p.grad**2) for p in params)) if params else 0.0
    if norm > max_norm:
        for param in params:
            param.grad[:] *= max_norm / norm
    return norm


# --- train_step_clipped ------------------------------------------------------------------------


@alternative("train_step_clipped")
def step_with_torch_clipping(model, optimizer, loss_fn, x, y, max_norm):
    """torch's own clipping; tensors come back in a list, the loss with its graph."""
    prediction = model(x)
    loss = loss_fn(prediction, y)
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return [loss, norm]


@alternative("train_step_clipped")
def step_with_a_closure(model, optimizer, loss_fn, x, y, max_norm):
    """optimizer.step(closure)."""
    seen = {}

    def closure():
        model.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        seen["norm"] = clip_gradients(model.parameters(), max_norm)  # noqa: F821
        return loss

    loss = optimizer.step(closure)
    return float(loss.detach()), seen["norm"]


@alternative("train_step_clipped")
def step_with_gradients_set_by_hand(model, optimizer, loss_fn, x, y, max_norm):
    """autograd.grad, and .grad filled by hand."""
    model.train()
    parameters = list(model.parameters())
    loss = loss_fn(model(x), y)
    gradients = torch.autograd.grad(loss, parameters)
    total = torch.cat([g.flatten() for g in gradients]).norm()
    for p, g in zip(parameters, gradients):
        p.grad = g * min(1.0, max_norm / float(total))
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach(), total


@alternative("train_step_clipped")
def step_in_torchs_two_halves(model, optimizer, loss_fn, x, y, max_norm):
    """get_total_norm, then clip_grads_with_norm_, over the optimizer's own groups."""
    optimizer.zero_grad(set_to_none=True)
    loss = loss_fn(model.forward(x), y)
    loss.backward(retain_graph=True)
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    total = torch.nn.utils.get_total_norm([p.grad for p in parameters])
    torch.nn.utils.clip_grads_with_norm_(parameters, max_norm, total)
    optimizer.step()
    return {"loss": loss.item(), "norm": total.item()}["loss"], total.item()


@alternative("train_step_clipped")
def step_that_clears_by_hand(model, optimizer, loss_fn, x, y, max_norm):
    """Every .grad is None before; clipping a list."""
    for p in model.parameters():
        p.grad = None
    with torch.enable_grad():
        loss = loss_fn(model(x), y)
    loss.backward()
    total = clip_gradients(list(model.parameters()), max_norm)  # noqa: F821
    optimizer.step()
    return np.float64(loss.item()), total


@alternative("train_step_clipped")
def step_that_ends_in_evaluation_mode(model, optimizer, loss_fn, x, y, max_norm):
    """Training mode for the step, evaluation mode between the steps."""
    model.train()
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    total = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    model.eval()
    return loss.item(), total.item()


@alternative("spectral_radius")
def radius_from_squared_powers(W):
    power, logarithm, exponent = W.detach().double(), 0.0, 1
    for _ in range(45):  # the norm of a high power, whose root tends to the radius (Gelfand)
        size = power.norm().item()
        if size == 0:
            return 0.0
        logarithm += math.log(size) / exponent
        power, exponent = (power / size) @ (power / size), 2 * exponent
    return math.exp(logarithm)
