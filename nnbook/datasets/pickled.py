"""Reads the plain data out of a pickle without running anything.

A pickle is a program for a small stack machine, and that program may call any function it names. Here the program is
only listed (`pickletools.genops`) and its data instructions are followed. The few names that stand for "a NumPy array"
are recognised and never looked up; any other name, and any other instruction, is refused.
"""

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.datasets.errors import FormatError

RECONSTRUCT = frozenset({"numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct"})
NDARRAY = "numpy ndarray"
DTYPE = "numpy dtype"
BYTE_TYPES = frozenset({"u1", "|u1"})
NOTHING = frozenset({"PROTO", "FRAME"})
LITERALS = frozenset(
    {"INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE"}
    | {"BINUNICODE", "SHORT_BINUNICODE", "BINBYTES", "SHORT_BINBYTES"}
)
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}


@dataclass(frozen=True)
class _Name:
    """A global name that the pickle mentions; it is never imported."""

    text: str


@dataclass
class _Object:
    """An array or a dtype as the pickle describes it: what would be called, and with what."""

    maker: str
    arguments: tuple[Any, ...]


class _Refused(Exception):
    """The pickle asks for more than data."""


def read(content: bytes, file: str) -> Any:
    """The object in the pickle `content`: dictionaries, lists, tuples, text, numbers and uint8 arrays.

    Byte strings of Python 2 become text, a character a byte. Raises FormatError, which names `file`, if the pickle
    is damaged or asks for anything else; nothing it asks for is imported or called.
    """
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(content):
            if opcode.name == "STOP":
                (result,) = machine.stack
                return result
            machine.step(opcode.name, argument)
    except _Refused as refusal:
        raise FormatError(
            f"A pickle of data may hold plain values and arrays of bytes only; {file} asks for {refusal}. It is not "
            "an original file and may do harm: delete it and download it again."
        ) from None
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(f"{file} must be a whole pickle; reading it failed: {error}. Download it again.") from error
    raise FormatError(f"A pickle ends with a stop; {file} does not. Download it again.")


@dataclass
class _Machine:
    """The pickle machine: its stack, the marks on it, and its memo."""

    stack: list[Any] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def step(self, name: str, argument: Any) -> None:
        if name in LITERALS:
            self.stack.append(argument)
        elif name in CONSTANTS:
            self.stack.append(CONSTANTS[name])
        elif name not in NOTHING:
            command = COMMANDS.get(name)
            if command is None:
                raise _Refused(f"the instruction {name}")
            command(self, argument)

    def take(self, count: int) -> list[Any]:
        """Remove and return the topmost `count` values."""
        return [self.stack.pop() for _ in range(count)][::-1]

    def since_mark(self) -> list[Any]:
        """Remove and return all values above the topmost mark."""
        return self.take(len(self.stack) - self.marks.pop())

    def mark(self, _: Any) -> None:
        self.marks.append(len(self.stack))

    def put(self, key: int | None) -> None:
        self.memo[len(self.memo) if key is None else key] = self.stack[-1]

    def get(self, key: int) -> None:
        self.stack.append(self.memo[key])

    def extend(self, items: list[Any]) -> None:
        _of_type(self.stack[-1], list).extend(items)

    def update(self, items: list[Any]) -> None:
        _of_type(self.stack[-1], dict).update(_pairs(items))

    def name(self, text: str) -> None:
        if text not in RECONSTRUCT | {NDARRAY, DTYPE}:
            raise _Refused(f"the name {text.replace(' ', '.')!r}")
        self.stack.append(_Name(text))

    def describe_call(self, _: Any) -> None:
        """REDUCE would call a name with arguments; here the pair is only noted."""
        name, arguments = self.take(2)
        if _of_type(name, _Name).text == NDARRAY:
            raise _Refused("an array made in another way than NumPy pickles one")
        self.stack.append(_Object(name.text, _of_type(arguments, tuple)))

    def describe_state(self, _: Any) -> None:
        """BUILD would set an object's state; the state of an array holds its numbers."""
        described, state = self.take(2)
        maker = _of_type(described, _Object).maker
        self.stack.append(_array(*state) if maker in RECONSTRUCT else described)


COMMANDS: dict[str, Callable[[_Machine, Any], None]] = {
    "EMPTY_DICT": lambda machine, _: machine.stack.append({}),
    "EMPTY_LIST": lambda machine, _: machine.stack.append([]),
    "MARK": _Machine.mark,
    "DICT": lambda machine, _: machine.stack.append(_pairs(machine.since_mark())),
    "LIST": lambda machine, _: machine.stack.append(machine.since_mark()),
    "TUPLE": lambda machine, _: machine.stack.append(tuple(machine.since_mark())),
    "TUPLE1": lambda machine, _: machine.stack.append(tuple(machine.take(1))),
    "TUPLE2": lambda machine, _: machine.stack.append(tuple(machine.take(2))),
    "TUPLE3": lambda machine, _: machine.stack.append(tuple(machine.take(3))),
    "PUT": _Machine.put,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.put,
    "GET": _Machine.get,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "APPEND": lambda machine, _: machine.extend(machine.take(1)),
    "APPENDS": lambda machine, _: machine.extend(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.update(machine.take(2)),
    "SETITEMS": lambda machine, _: machine.update(machine.since_mark()),
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": lambda machine, _: machine.name(" ".join(machine.take(2))),
    "REDUCE": _Machine.describe_call,
    "BUILD": _Machine.describe_state,
}


def _of_type(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"a {kind.__name__.strip('_').lower()} should come here, not a {type(value).__name__}")
    return value


def _pairs(items: list[Any]) -> dict[Any, Any]:
    return dict(zip(items[::2], items[1::2], strict=True))


def _array(version: int, shape: tuple[int, ...], dtype: _Object, by_columns: bool, numbers: Any) -> NDArray[np.uint8]:
    """The array that NumPy's own `__setstate__` would make of this state, for bytes in C order only."""
    if dtype.maker != DTYPE or dtype.arguments[0] not in BYTE_TYPES or by_columns:
        raise _Refused("an array that is not made of bytes in C order")
    content = numbers.encode("latin-1") if isinstance(numbers, str) else numbers
    return np.frombuffer(content, np.uint8).reshape(shape)
