"""What crosses between the grader and the worker: calls, replies, and the values they carry.

Nothing is pickled in either direction. Tensors and arrays travel as dtype, shape and bytes; objects
that must stay in the worker travel as a number (`Ref`). How Python's objects become such values and
back is told in values.py: this file needs no torch, so that workers can be started before the
grader has imported it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

MAX_NAME, MAX_TEXT, MAX_LIST = 200, 4000, 1000
"""Characters and items that a worker uses to tell what happened; values have none but a frame's."""

Name = Annotated[str, msgspec.Meta(max_length=MAX_NAME)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=MAX_LIST)]


class ViolationError(Exception):
    """What no honest worker sends. The text says what was wrong with it."""


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What everything that crosses is: fixed once made, and of known fields only."""


# --- values ---------------------------------------------------------------------------------


class TensorValue(_Message, frozen=True, tag="tensor"):
    """A tensor: its numbers, whether it carries gradient, and its `.grad`."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    requires_grad: bool = False
    contiguous: bool = True
    grad: TensorValue | None = None


class ArrayValue(_Message, frozen=True, tag="array"):
    """A NumPy array of numbers or booleans."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Items(_Message, frozen=True, tag="items"):
    """A list, a tuple, or what an iterator will give."""

    kind: str
    items: tuple[Value, ...]


class Mapping(_Message, frozen=True, tag="mapping"):
    """A dict with text keys."""

    items: tuple[tuple[str, Value], ...]


class Packed(_Message, frozen=True, tag="packed"):
    """A PackedSequence."""

    data: TensorValue
    batch_sizes: TensorValue
    sorted_indices: TensorValue | None
    unsorted_indices: TensorValue | None


class Ref(_Message, frozen=True, tag="ref"):
    """An object that lives in the worker; of one that came back, whether it is a torch module."""

    number: int
    kind: Name
    is_module: bool = False


class OpaqueValue(_Message, frozen=True, tag="opaque"):
    """Something that can't cross; in words."""

    what: Text


Plain = None | bool | int | float | str
Value = Plain | TensorValue | ArrayValue | Items | Mapping | Packed | Ref | OpaqueValue
Named = tuple[str, Value]


# --- requests -------------------------------------------------------------------------------


class Service(_Message, frozen=True):
    """What the worker itself can do (make an object, read its state …), and with what.

    Those that give nothing back (`first` of a request) come with the request that needs them:
    many small round trips cost more time than what is done in them.
    """

    name: str
    args: tuple[Value, ...] = ()
    kwargs: tuple[Named, ...] = ()


class Load(_Message, frozen=True, tag="load"):
    """Run a submission's source. `watched` are the torch names to keep an eye on."""

    number: int
    source: str
    filename: str
    watched: tuple[str, ...]


class Call(_Message, frozen=True, tag="call"):
    """Call a function or class of the submission by name, or an object by its number."""

    number: int
    seed: int
    target: str | int
    args: tuple[Value, ...]
    kwargs: tuple[Named, ...] = ()
    watched: tuple[str, ...] = ()
    first: tuple[Service, ...] = ()


class Do(_Message, frozen=True, tag="do"):
    """One of the worker's own services that gives something back: state, gradients …"""

    number: int
    service: Service
    first: tuple[Service, ...] = ()


Request = Load | Call | Do


# --- replies --------------------------------------------------------------------------------


class Returned(_Message, frozen=True, tag="returned"):
    """The call came back with a value; `used` are the watched names that it used."""

    number: int
    value: Value
    used: Names = ()


class Place(_Message, frozen=True):
    """One line of the student's own file on the way to an exception."""

    line: int
    function: Name


class Raised(_Message, frozen=True, tag="raised"):
    """The student's code raised; only places in the student's own file are listed."""

    number: int
    error: Name
    message: Text
    places: Annotated[tuple[Place, ...], msgspec.Meta(max_length=MAX_LIST)]
    bases: Names = ()


class Absent(_Message, frozen=True, tag="absent"):
    """The submission has no such function or class; `names` are those it has."""

    number: int
    name: Name
    names: Names
    found: Text = ""


class Refused(_Message, frozen=True, tag="refused"):
    """One of the worker's services can't do what was asked (a test's fault, or a lying object)."""

    number: int
    why: Text


Reply = Returned | Raised | Absent | Refused
