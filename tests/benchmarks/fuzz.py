"""A million frames that no honest worker sends, read as the grader reads them.

python -m tests.benchmarks.fuzz [frames] [seed]      mutants of valid replies, and random bytes
python -m tests.benchmarks.fuzz --atheris [runs]     bytes that atheris finds, guided by coverage

Each frame is read as a header, a reply and a value. Anything that comes of it but a reply or a
ViolationError is a fault: it is printed with the frame, and the exit code is 1. So is a frame that
takes more memory than MEMORY_A_BYTE for each of its bytes (looked at for one in a thousand).
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import msgspec
import numpy as np
import torch
from torch.nn.utils.rnn import pack_sequence

from grading import frames, wire
from grading.line import tensors, values
from tests.benchmarks.figures import Figure

FRAMES, SEED = 1_000_000, 20260
ROUNDS, QUICK = 100, 1
"""Of ten thousand frames each."""

MEMORY_A_BYTE, MEMORY_A_FRAME = 200, 4 * 1024 * 1024
FAULTS_SHOWN = 10
Random = random.Random


def main() -> int:
    """Read the frames and print what came of them; 1 where one was a fault."""
    if sys.argv[1:2] == ["--atheris"]:
        return guided(sys.argv[2:])
    count, seed = (int(a) for a in (sys.argv[1:] + [str(FRAMES), str(SEED)][len(sys.argv) - 1 :]))
    rng, began = Random(seed), time.monotonic()
    outcomes = tried(count, rng)
    report(outcomes, count, time.monotonic() - began)
    return int(faults(outcomes) > 0)


def measure(rounds: int) -> Iterator[Figure]:
    """Faults among so many times ten thousand frames."""
    outcomes = tried(rounds * 10_000, Random(SEED))
    yield Figure("frames read", sum(outcomes.values()))
    yield Figure("faults", faults(outcomes), most=0)


def tried(count: int, rng: Random) -> Counter[str]:
    """Read so many frames; a fault is printed with its frame."""
    outcomes: Counter[str] = Counter()
    for number in range(count):
        frame = mutant(rng)
        outcome = measured(frame) if number % 1000 == 0 else read(frame)
        outcomes[outcome] += 1
        if outcome.startswith("FAULT") and outcomes[outcome] <= FAULTS_SHOWN:
            print(outcome, frame.hex()[:2000], flush=True)
    return outcomes


def faults(outcomes: Counter[str]) -> int:
    """How many of the outcomes are faults of ours."""
    return sum(times for outcome, times in outcomes.items() if outcome.startswith("FAULT"))


def report(outcomes: Counter[str], count: int, seconds: float) -> None:
    """Print the figures."""
    for outcome, times in outcomes.most_common():
        print(f"{times:>9,}  {outcome}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count:,} frames in {seconds:.0f} s, {peak} MiB at most")


def read(frame: bytes) -> str:
    """What comes of a frame, in few words."""
    try:
        length = frames.body_length(frame[:4])
        if length != len(frame) - 4:
            return "waits for more, or leaves something behind"
        reply = frames.read_reply(frame[4:])
        if isinstance(reply, wire.Returned):
            values.unpack(reply.value, lambda ref: ref)
        return f"a reply: {type(reply).__name__}"
    except wire.ViolationError as error:
        return f"a violation: it {' '.join(str(error).split()[:4])}"
    except BaseException as error:
        return f"FAULT {type(error).__name__}: {error!s:.80}"


def measured(frame: bytes) -> str:
    """The same, with an eye on memory."""
    tracemalloc.start()
    try:
        outcome = read(frame)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if peak > MEMORY_A_FRAME + MEMORY_A_BYTE * len(frame):
        return f"FAULT {peak} bytes of memory"
    return outcome


# --- frames -----------------------------------------------------------------------------------


def honest() -> list[bytes]:
    """Bodies of replies of every kind."""
    leaf = torch.ones(2, 3, requires_grad=True)
    leaf.grad = torch.zeros(2, 3)
    things: list[Any] = [
        *(None, True, -1, 2**62, 1.5, "text", [1, (2.0, "a")], {"a": [torch.ones(2)]}),
        *(leaf, torch.ones(2, 2).T, torch.zeros(0, 3), torch.tensor([True, False])),
        *(np.arange(6).reshape(2, 3), np.array([True]), object()),
        pack_sequence([torch.ones(3, 2), torch.ones(1, 2)]),
        pack_sequence([torch.ones(1, 2), torch.ones(3, 2)], enforce_sorted=False),
        [[[[[["deep"]]]]]],
    ]
    replies: list[wire.Reply] = [
        wire.Returned(7, values.pack(thing, lambda _: None)) for thing in things
    ]
    replies += [
        wire.Returned(7, wire.Ref(3, "Linear"), ("torch.nn.RNN",)),
        wire.Raised(7, "ValueError", "why", (wire.Place(3, "step"),), ("ValueError",)),
        wire.Absent(7, "step", ("stop", "start"), "an int"),
        wire.Refused(7, "that object is no longer there"),
    ]
    return [frames.encode(reply)[4:] for reply in replies]


HONEST = honest()
TREES = [msgspec.msgpack.decode(body) for body in HONEST]
ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2**31, 2**63, 2**64 - 1, -(2**63), float("nan"), float("inf"), ""),
    *("\x00", "x" * 5000, b"", b"\xff" * 8, [], {}, [[]], [None] * 40, [2**40, 2**40], [-1], [0]),
    *("float32", "bool", "complex128", "int64", "<f8", "|b1", "|O", "list", "iterator"),
    *("tensor", "array", "items", "mapping", "packed", "ref", "opaque", "returned", "load"),
)
HEADS = (b"\xdd", b"\xdf", b"\xc6", b"\xdb", b"\xdc", b"\xc9", b"\xd9", b"\xc4")


def mutant(rng: Random) -> bytes:
    """A frame: an honest one changed in its bytes or in its structure, or no honest one at all."""
    body = rng.choice((changed_bytes, changed_tree, changed_tree, forged_head, noise))(rng)
    length = len(body) if rng.random() < 0.99 else rng.getrandbits(32)
    return length.to_bytes(4, "big") + body


def changed_bytes(rng: Random) -> bytes:
    """A few bytes changed, cut out, doubled, or put in."""
    body = bytearray(rng.choice(HONEST))
    for _ in range(rng.randint(1, 4)):
        place, more = rng.randrange(len(body) + 1), rng.randint(0, 8)
        body[place : place + rng.randint(0, 8)] = rng.randbytes(more)
    return bytes(body)


def changed_tree(rng: Random) -> bytes:
    """Fields, tags, shapes, dtypes and items exchanged, dropped, nested."""
    tree = rng.choice(TREES)
    for _ in range(rng.randint(1, 3)):
        tree = grafted(rng, tree)
    return msgspec.msgpack.encode(tree)


def grafted(rng: Random, tree: Any) -> Any:
    """The tree with something else at one of its places."""
    if isinstance(tree, dict) and tree and rng.random() < 0.85:
        key = rng.choice(list(tree))
        return tree | {key: grafted(rng, tree[key])}
    if isinstance(tree, list) and tree and rng.random() < 0.85:
        place = rng.randrange(len(tree))
        return [*tree[:place], grafted(rng, tree[place]), *tree[place + 1 :]]
    return replaced(rng, tree)


def replaced(rng: Random, old: Any) -> Any:
    """Something to stand in a place: odd, from another reply, or the old a little changed."""
    kind = rng.randrange(5)
    if kind == 0 and isinstance(old, int) and -(2**62) < old < 2**62:
        return old + rng.choice((-1, 1))
    if kind == 1 and isinstance(old, bytes | list):
        return old + old[:1] if rng.random() < 0.5 else old[:-1]
    if kind == 2:
        return rng.choice(TREES).get("value")
    if kind == 3:
        deep = old
        for _ in range(rng.choice((1, 30, 60))):
            deep = {"type": "items", "kind": "list", "items": [deep]}
        return deep
    return rng.choice(ODD)


def forged_head(rng: Random) -> bytes:
    """A head that announces many items or bytes, somewhere in an honest reply."""
    body = rng.choice(HONEST)
    place = rng.randrange(len(body))
    return body[:place] + rng.choice(HEADS) + rng.randbytes(4) + body[place:]


def noise(rng: Random) -> bytes:
    """Bytes that nobody chose; now and then a great many of the same."""
    if rng.random() < 0.0005:
        return HONEST[0][:-1] + b"\xdd\x00\x10\x00\x00" + rng.randbytes(1) * 2**20
    return rng.randbytes(rng.randint(0, 200))


# --- guided by coverage -----------------------------------------------------------------------


def guided(arguments: list[str]) -> int:
    """Let atheris look for a frame that is a fault; it ends the process where it finds one."""
    import atheris

    def one(data: bytes) -> None:
        outcome = read(len(data).to_bytes(4, "big") + data)
        if outcome.startswith("FAULT"):
            raise RuntimeError(outcome)

    reading = [f for module in (frames, values, tensors) for f in functions_of(module)]
    for function in (one, read, *reading):
        atheris.instrument_func(function)
    corpus = Path(tempfile.mkdtemp(prefix="frames-"))
    for number, body in enumerate(HONEST):
        (corpus / f"honest-{number}").write_bytes(body)
    runs = arguments[0] if arguments else "1000000"
    atheris.Setup([sys.argv[0], f"-runs={runs}", "-max_len=4096", str(corpus)], one)
    atheris.Fuzz()
    return 0


def functions_of(module: ModuleType) -> list[FunctionType]:
    """The functions that a module defines."""
    found = (thing for thing in vars(module).values() if isinstance(thing, FunctionType))
    return [function for function in found if function.__module__ == module.__name__]


if __name__ == "__main__":
    sys.exit(main())
