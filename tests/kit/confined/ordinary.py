"""What an honest submission may do, one function a thing: each works in every worker."""

import numpy as np
import torch


def threads():
    import threading

    seen = []
    started = [threading.Thread(target=seen.append, args=(i,)) for i in range(8)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    assert sorted(seen) == list(range(8))


def pool_of_threads():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(abs, [-1, -2])) == [1, 2]


def two_torch_threads():
    torch.set_num_threads(2)
    assert (torch.randn(300, 300) @ torch.randn(300, 300)).shape == (300, 300)


def transforms_of_functions():
    x = torch.ones(3)
    assert torch.equal(torch.func.grad(lambda v: (v * v).sum())(x), 2 * x)
    assert torch.func.vmap(lambda v: v * 2)(x).shape == (3,)
    assert torch.func.jacrev(torch.sin)(x).shape == (3, 3)


def every_optimizer():
    for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop):
        weight = torch.nn.Parameter(torch.ones(2))
        weight.sum().backward()
        optimizer = kind([weight], lr=0.1)
        optimizer.step()
        torch.optim.lr_scheduler.StepLR(optimizer, 1).step()
        assert (weight < 1).all()


def linear_algebra():
    torch.linalg.svd(torch.eye(3))
    torch.linalg.eigvals(torch.eye(3))
    torch.linalg.solve(torch.eye(3), torch.ones(3))
    torch.linalg.qr(torch.eye(3))


def einsum():
    x = torch.ones(2, 3)
    assert torch.einsum("ij,kj,lj->ikl", x, x, x).shape == (2, 2, 2)


def packed_sequences():
    packed = torch.nn.utils.rnn.pack_sequence([torch.ones(3, 2), torch.ones(2, 2)])
    output, _ = torch.nn.GRU(2, 4)(packed)
    output.data.sum().backward()
    torch.nn.utils.rnn.pad_packed_sequence(output)


def lstm_trains():
    lstm = torch.nn.LSTM(2, 4, num_layers=2, bidirectional=True)
    lstm(torch.ones(3, 2, 2))[0].sum().backward()
    torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0)


def autograd_functional():
    assert torch.autograd.functional.jacobian(torch.sin, torch.ones(3)).shape == (3, 3)
    x = torch.ones(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(torch.tanh, x)


def parametrizations():
    torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 3))(torch.ones(3))
    torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(3, 3))(torch.ones(3))


def distributions():
    assert torch.distributions.Categorical(logits=torch.zeros(3)).sample() < 3


def loads_data():
    data = torch.utils.data.TensorDataset(torch.ones(4, 2), torch.zeros(4))
    assert len(list(torch.utils.data.DataLoader(data, batch_size=2, shuffle=True))) == 2


def saves_to_memory():
    import io

    buffer = io.BytesIO()
    torch.save({"w": torch.ones(2)}, buffer)
    buffer.seek(0)
    assert torch.equal(torch.load(buffer)["w"], torch.ones(2))


def scripts_and_traces():
    linear = torch.nn.Linear(2, 2)
    torch.jit.trace(linear, torch.ones(2))(torch.ones(2))
    torch.fx.symbolic_trace(linear)(torch.ones(2))


def checkpointing():
    from torch.utils.checkpoint import checkpoint

    x = torch.ones(2, requires_grad=True)
    checkpoint(torch.sin, x, use_reentrant=False).sum().backward()


def symbolic_shapes():
    import sympy

    assert sympy.simplify("x + x") == sympy.Symbol("x") * 2


def new_seeds():
    assert torch.seed() != torch.seed()
    torch.manual_seed(1)
    assert torch.Generator().seed() > 0


def numpy_of_all_kinds():
    assert np.random.default_rng(1).normal(size=3).shape == (3,)
    np.fft.fft(np.ones(4))
    np.linalg.svd(np.eye(3))
    np.ma.masked_array([1, 2], mask=[0, 1]).sum()
    np.polynomial.Polynomial([1, 2])(3)
    np.testing.assert_allclose(torch.from_numpy(np.ones(2)).numpy(), 1)


def asserts_with_torch():
    torch.testing.assert_close(torch.ones(2), torch.ones(2))


def reads_its_own_source():
    import inspect

    assert "its own source" in inspect.getsource(reads_its_own_source).replace("_", " ")


def reads_torchs_source():
    import inspect

    assert "class Linear" in inspect.getsource(torch.nn.Linear)


def warns():
    import warnings

    warnings.warn("something to know", stacklevel=1)
    print("something to see")


def uses_devices():
    with open("/dev/null", "w") as nowhere:
        nowhere.write("x")
    import os

    assert len(os.urandom(4)) == 4
    with open("/dev/urandom", "rb") as random:
        assert random.read(1)
    os.cpu_count()
    os.getcwd()


def signals_itself():
    import signal

    seen = []
    signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
    signal.raise_signal(signal.SIGALRM)
    assert seen == [1]


def standard_library():
    names = """abc array ast asyncio base64 bisect bz2 calendar collections concurrent.futures
        contextlib copy csv ctypes dataclasses datetime decimal difflib doctest enum fractions
        functools gc hashlib heapq html inspect io itertools json locale logging lzma math
        multiprocessing numbers operator os pathlib pickle platform pprint queue random re
        secrets shutil signal sqlite3 ssl statistics string struct subprocess tempfile textwrap
        threading time timeit traceback types typing unicodedata unittest uuid warnings weakref
        xml.etree.ElementTree zipfile zlib zoneinfo"""
    for name in names.split():
        __import__(name)


def typing_and_dataclasses():
    from dataclasses import dataclass

    from typing_extensions import override

    @dataclass
    class Point:
        x: float = 1.0

    assert override(Point)().x == 1.0
