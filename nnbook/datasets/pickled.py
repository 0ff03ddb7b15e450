"""Reads a pickle that holds data and nothing else.

A pickle is a program, and that program may call any function it names. Here the only names that lead anywhere are those
that stand for "a NumPy array"; any other is refused before it is looked up.
"""

import io
import pickle
from typing import Any

import numpy as np

from nnbook.datasets.errors import FormatError

# Where NumPy keeps the function that begins an array: in its versions 1 and 2.
_ARRAY_MAKERS = {("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct")}
_NAMES = {("numpy", "ndarray"): np.ndarray, ("numpy", "dtype"): np.dtype}


class _Refused(Exception):
    """The pickle asks for more than data."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> Any:
        name = (module_name, global_name)
        if name in _ARRAY_MAKERS:
            return np._core.multiarray._reconstruct  # type: ignore[attr-defined]
        if name not in _NAMES:
            raise _Refused(f"the name '{module_name}.{global_name}'")
        return _NAMES[name]


def read(content: bytes, file: str) -> Any:
    """The object in the pickle `content`: dictionaries, lists, tuples, text, numbers and arrays.

    Byte strings of Python 2 become text, a character a byte. Raises FormatError, which names `file`, if the pickle
    is damaged or asks for anything else; nothing else that it asks for is imported or called.
    """
    try:
        return _Unpickler(io.BytesIO(content), encoding="latin-1").load()
    except _Refused as refusal:
        raise FormatError(
            f"A pickle of data may hold plain values and arrays only; {file} asks for {refusal}. It is not "
            "an original file and may do harm: delete it and download it again."
        ) from None
    except Exception as error:  # a damaged pickle may fail with any kind
        raise FormatError(f"{file} must be a whole pickle; reading it failed: {error}. Download it again.") from error
